/*
 * site: a working copy of the shipped site whose text can be one of two, and what it should be built into.
 */
import fs from 'node:fs';
import path from 'node:path';
import { copySite, environment, faktablad, run, temporary, tools, treeDigest, program } from '../lib/program.mjs';

export const WORK = '.faktablad-public';

export class BuildSite {
	constructor(root = copySite(temporary('build'))) {
		this.root = root;
		this.out = path.join(root, 'public');
		this.work = path.join(root, WORK);
	}

	build(args = [], env = {}) {
		return faktablad(['--root', this.root, 'build', '--quiet', ...args], { env });
	}

	/* Text that every language's start page, several sheets and every pack depend on, and one sheet more or less. */
	write(text) {
		const extra = path.join(this.root, 'content/sv/extra.md');
		const sheet = (title) => `---\ntitle: ${title}\ndescription: Prov\n---\n${title}.\n`;
		fs.writeFileSync(path.join(this.root, 'content/sv/prov.md'), sheet(`Prov ${text}`));
		if (text === 'B') fs.writeFileSync(extra, sheet('Bara i B'));
		else fs.rmSync(extra, { force: true });
	}

	at(name) {
		return path.join(this.out, name);
	}

	digest() {
		return treeDigest(this.out);
	}

	fresh() {
		fs.rmSync(this.out, { recursive: true, force: true });
		fs.rmSync(this.work, { recursive: true, force: true });
	}
}

/* A build that is sent `signal` at its N-th change of the file system (0: never): {calls, status, signal}. */
export function buildEndedAt(site, number, signal = 9) {
	const result = path.join(site.root, '.killed');
	const ran = run(path.join(tools, 'killat'), [result, String(number), String(signal), program, '--root', site.root, 'build', '--quiet'], { env: environment() });
	if (ran.status === 3) return null;
	const [calls, status, by] = fs.readFileSync(result, 'utf8').trim().split(' ').map(Number);
	fs.rmSync(result);
	return { calls, status, signal: by, stderr: ran.stderr };
}
