/*
 * store: what lies on a target, whatever it is: a directory on this disk, or (s3.mjs) a bucket.
 *
 *	files()			Map of path → bytes
 *	put(path, bytes)	as somebody else would
 *	remove(path)
 *	deny(path)		nobody may replace that file any more; resolves to the function that takes it back
 */
import fs from 'node:fs';
import path from 'node:path';
import { listFiles } from '../lib/program.mjs';
import { own, writeOwned } from './process.mjs';

export class DirectoryStore {
	/* `passing`: names of files that the server has for a moment. */
	constructor(root, passing = /^$/) {
		this.root = root;
		this.passing = passing;
	}

	at(name) {
		return path.join(this.root, name);
	}

	async files() {
		if (!fs.existsSync(this.root)) return new Map();
		/* A server's own temporary file may go between the listing and the reading. */
		const read = (name) => {
			try {
				return [[name, fs.readFileSync(this.at(name))]];
			} catch (error) {
				if (error.code === 'ENOENT') return [];
				throw error;
			}
		};
		return new Map(listFiles(this.root).filter((name) => !this.passing.test(name)).flatMap(read));
	}

	async put(name, bytes) {
		const made = fs.mkdirSync(path.dirname(this.at(name)), { recursive: true });
		for (let folder = path.dirname(this.at(name)); made && folder.length >= made.length; folder = path.dirname(folder)) own(folder);
		writeOwned(this.at(name), bytes);
	}

	async remove(name) {
		fs.rmSync(this.at(name));
	}

	/* The file's folder is what one must be allowed to write in to replace it. */
	async deny(name) {
		const folder = path.dirname(this.at(name));
		const modes = [folder, this.at(name)].map((file) => [file, fs.statSync(file).mode & 0o7777]);
		for (const [file, mode] of modes) fs.chmodSync(file, mode & ~0o222);
		return () => modes.forEach(([file, mode]) => fs.chmodSync(file, mode));
	}

	/* Everything, with what publish left. */
	async clear() {
		fs.rmSync(this.root, { recursive: true, force: true });
		own(fs.mkdirSync(this.root, { recursive: true }) ?? this.root);
	}
}
