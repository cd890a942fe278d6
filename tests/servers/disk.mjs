/*
 * disk: makes a server's data folder a small one, so that it can be filled.
 */
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { user } from './process.mjs';

/* Null when it was done, or why it cannot be. */
export function mountSmallDisk(place, bytes) {
	const folder = path.join(place, 'data');
	if (!process.env.FAKTABLAD_PRIVATE) return 'no right to mount a small disk here (neither root nor user namespaces)';
	const made = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},uid=${user.uid},gid=${user.gid},mode=755`, 'tmpfs', folder], { encoding: 'utf8' });
	return made.status === 0 ? null : `no right to mount a small disk here: ${made.stderr.trim()}`;
}

/* Leaves `bytes` free; returns the function that makes room again. */
export function fillDisk(place, bytes) {
	const folder = path.join(place, 'data');
	const { bavail, bsize } = fs.statfsSync(folder);
	const file = path.join(folder, 'filler');
	fs.writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
	return () => fs.rmSync(file, { force: true });
}
