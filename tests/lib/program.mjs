/*
 * program: the built program from outside, and folders to run it in.
 *
 * FAKTABLAD names the binary (default: the release build). Every run gets a plain environment, so that the
 * caller's locale, colours or SOURCE_DATE_EPOCH cannot leak into a test.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const program = path.resolve(process.env.FAKTABLAD ?? path.join(repository, 'build/release/generator/faktablad'));
export const tools = path.join(repository, 'build/tools');

/* 2026-12-01T00:00:00Z: what output may know of the time. */
export const epoch = '1796083200';

const plain = { PATH: process.env.PATH, HOME: '/nonexistent', LC_ALL: 'C.UTF-8', NO_COLOR: '1', SOURCE_DATE_EPOCH: epoch };
/* What sanitizers need to be told, if anything. */
for (const name of ['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS']) if (process.env[name]) plain[name] = process.env[name];

export const environment = (extra = {}) => ({ ...plain, ...extra });

/* Runs a command to its end; both outputs as text. */
export function run(command, args, { cwd, env, input, timeout = 600_000 } = {}) {
	const result = spawnSync(command, args, {
		cwd, input, timeout, env: environment(env), encoding: 'utf8', maxBuffer: 1 << 28, killSignal: 'SIGKILL',
	});
	if (result.error) throw result.error;
	return { status: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
}

export const faktablad = (args, options) => run(program, args, options);

const folders = [];

export function temporary(name) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), `faktablad-${name}-`));
	folders.push(folder);
	return folder;
}

process.on('exit', () => {
	for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]]) process.on(signal, () => process.exit(128 + number));

/* Every file below a folder, sorted, as paths relative to it. Links are named, not followed. */
export function listFiles(folder, below = '') {
	const found = [];
	for (const entry of fs.readdirSync(path.join(folder, below), { withFileTypes: true })) {
		const name = path.posix.join(below, entry.name);
		if (entry.isDirectory()) found.push(...listFiles(folder, name));
		else found.push(name);
	}
	return found.sort();
}

export const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/* One digest for names and bytes of everything below a folder; 'absent' when there is none. */
export function treeDigest(folder) {
	if (!fs.existsSync(folder)) return 'absent';
	const hash = createHash('sha256');
	for (const name of listFiles(folder)) {
		const bytes = fs.readFileSync(path.join(folder, name));
		hash.update(`${name}\0${bytes.length}\0`).update(bytes);
	}
	return hash.digest('hex');
}

/* The files that make up the shipped site, as they stand in the working tree, into `folder`. */
export const siteParts = ['faktablad.yaml', 'content', 'locales', 'templates'];
export function copySite(folder) {
	for (const part of siteParts) fs.cpSync(path.join(repository, part), path.join(folder, part), { recursive: true });
	return folder;
}

/* The same pseudo-random numbers for the same seed (mulberry32), as a function giving [0, 1). */
export function seeded(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}
