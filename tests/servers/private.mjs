/*
 * private: runs a test program in namespaces of its own, where that is allowed.
 *
 * In its process namespace nothing that it started outlives it; in its mount namespace it may mount a small disk and
 * a user list of its own without anybody seeing. As root that needs unshare(1), as an ordinary user also user
 * namespaces. Where neither is allowed it runs as it is: FAKTABLAD_PRIVATE is then not set, and what needs it skips.
 */
import { spawnSync } from 'node:child_process';
import { isRoot } from './process.mjs';

const ways = isRoot
	? [['root', ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc']]]
	: [['user', ['--user', '--map-current-user', '--keep-caps', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']]];

/* Does not come back when it started itself again inside. */
export function goPrivate() {
	if (process.env.FAKTABLAD_PRIVATE !== undefined) return;
	for (const [name, flags] of ways) {
		const trial = spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
		if (trial.status !== 0) continue;
		const inside = spawnSync('unshare', [...flags, process.execPath, ...process.argv.slice(1)], { stdio: 'inherit', env: { ...process.env, FAKTABLAD_PRIVATE: name } });
		process.exit(inside.status ?? 1);
	}
}
