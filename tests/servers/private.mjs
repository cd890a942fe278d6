/*
 * private: runs a test program in namespaces of its own, where that is allowed.
 *
 * In its process namespace nothing that it started outlives it; in its mount namespace it may mount a small disk and
 * a user list of its own without anybody seeing. As root that needs unshare(1), as an ordinary user also user
 * namespaces. Where neither is allowed it runs as it is: FAKTABLAD_PRIVATE is then not set, and what needs it skips.
 */
import { spawn, spawnSync } from 'node:child_process';
import net from 'node:net';
import { isRoot } from './process.mjs';

const ways = isRoot
	? [['root', ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc']]]
	: [['user', ['--user', '--map-current-user', '--keep-caps', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']]];

/* An inherited pipe that ends when the program outside is gone, however it went. */
const LIFELINE = 3;

function endWithOutside() {
	const lifeline = new net.Socket({ fd: LIFELINE });
	lifeline.on('error', () => {}).on('close', () => process.exit(129)).resume();
	lifeline.unref();
}

async function runInside(name, flags) {
	const inside = spawn('unshare', [...flags, process.execPath, ...process.argv.slice(1)], {
		stdio: ['inherit', 'inherit', 'inherit', 'pipe'], env: { ...process.env, FAKTABLAD_PRIVATE: name },
	});
	process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => inside.stdio[LIFELINE].destroy());
	process.exit(await new Promise((resolve) => inside.once('exit', (status) => resolve(status ?? 1))));
}

/* Does not come back when it started itself again inside. */
export async function goPrivate() {
	if (process.env.FAKTABLAD_PRIVATE || process.env.FAKTABLAD_LIFELINE) endWithOutside();
	if (process.env.FAKTABLAD_PRIVATE) return;
	for (const [name, flags] of process.env.FAKTABLAD_PRIVATE === undefined ? ways : []) {
		const trial = spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
		if (trial.status === 0) await runInside(name, flags);
	}
}
