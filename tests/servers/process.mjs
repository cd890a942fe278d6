/*
 * process: programs that the tests start, as whom, on which ports, and that none of them stays.
 *
 * As root, everything is started as `nobody`, for permissions mean nothing to root; otherwise as who runs the
 * tests. Every process leads a group of its own, which is ended by its number: by stop(), when the tests end, and
 * when they are interrupted. In a process namespace (private.mjs) even kill -9 of the tests ends them.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import '../lib/program.mjs';

export const isRoot = process.getuid() === 0;
const NOBODY = 65534;
const idOf = (...args) => execFileSync('id', args.map(String), { encoding: 'utf8' }).trim();
export const user = isRoot
	? { uid: NOBODY, gid: NOBODY, name: idOf('-un', NOBODY), group: idOf('-gn', NOBODY) }
	: { uid: process.getuid(), gid: process.getgid(), name: idOf('-un'), group: idOf('-gn') };

/* The server's address, and the one where the proxy stands in front of it with the same ports. */
export const HOST = '127.0.0.1';
export const PROXY_HOST = '127.0.0.2';

/* What is put before a command so that it has no rights but an ordinary user's. */
export function asUser() {
	if (isRoot) return ['setpriv', '--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups', '--inh-caps=-all'];
	return process.env.FAKTABLAD_PRIVATE === 'user' ? ['setpriv', '--inh-caps=-all', '--ambient-caps=-all', '--bounding-set=-all'] : [];
}

const running = new Set();

function endGroup(child, signal) {
	try {
		process.kill(-child.pid, signal);
	} catch (error) {
		if (error.code !== 'ESRCH') throw error;
	}
}

process.on('exit', () => {
	for (const child of running) endGroup(child, 'SIGKILL');
});

/* Starts a program as the user; both outputs go to `log`. */
export function start(command, args, { log, env = {}, cwd = '/', as = asUser() } = {}) {
	const [program, ...rest] = [...as, command, ...args];
	const out = fs.openSync(log, 'a', 0o644);
	own(log);
	const child = spawn(program, rest, {
		cwd, detached: true, stdio: ['ignore', out, out], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent', ...env },
	});
	fs.closeSync(out);
	running.add(child);
	child.ended = new Promise((resolve) => child.once('exit', (status, signal) => resolve(signal ?? status)));
	child.once('error', () => {});
	return child;
}

/* Politely first. */
export async function stop(child, signal = 'SIGTERM') {
	if (!running.has(child)) return;
	endGroup(child, signal);
	const timer = setTimeout(() => endGroup(child, 'SIGKILL'), 3000);
	await child.ended;
	clearTimeout(timer);
	endGroup(child, 'SIGKILL');
	running.delete(child);
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/* Until `ready` answers true; a server that ended, or is not ready in time, is an error with the end of its log. */
export async function waitUntil(ready, { child, log, what, seconds = 20 }) {
	const end = Date.now() + seconds * 1000;
	const tail = () => (log && fs.existsSync(log) ? fs.readFileSync(log, 'utf8').slice(-2000) : '');
	while (!(await ready())) {
		if (child && (child.exitCode !== null || child.signalCode !== null)) throw new Error(`${what} ended at once: ${tail()}`);
		if (Date.now() > end) throw new Error(`${what} is not ready after ${seconds} s: ${tail()}`);
		await sleep(20);
	}
}

export function answers(port, host = HOST) {
	return new Promise((resolve) => {
		const socket = net.connect(port, host);
		socket.once('connect', () => socket.destroy() && resolve(true)).once('error', () => resolve(false));
	});
}

function isFree(port, host) {
	return new Promise((resolve) => {
		const server = net.createServer().once('error', () => resolve(false));
		server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
	});
}

/* The first of `count` neighbouring ports that nobody listens on, below those that the system gives to clients. */
export async function freePorts(count = 1) {
	const [lowest, highest] = [15000, 32000];
	for (let tries = 0; tries < 200; tries++) {
		const first = lowest + Math.floor(Math.random() * (highest - lowest - count));
		let free = true;
		for (let port = first; free && port < first + count; port++) free = (await isFree(port, HOST)) && (await isFree(port, PROXY_HOST));
		if (free) return first;
	}
	throw new Error('no free ports');
}

const places = [];

process.on('exit', () => {
	for (const folder of places.reverse()) {
		spawnSync('umount', ['-l', path.join(folder, 'data')], { stdio: 'ignore' });
		fs.rmSync(folder, { recursive: true, force: true });
	}
});

/* A server's throw-away folder; in memory where that can be had. data/ is the user's. */
export function newPlace(name) {
	const below = process.env.TMPDIR ?? (fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir());
	const folder = fs.mkdtempSync(path.join(below, `faktablad-${name}-`));
	places.push(folder);
	fs.chmodSync(folder, 0o755);
	for (const part of ['data', 'state']) {
		fs.mkdirSync(path.join(folder, part));
		own(path.join(folder, part));
	}
	return folder;
}

export function own(file) {
	if (isRoot) fs.chownSync(file, user.uid, user.gid);
	return file;
}

export function writeOwned(file, text, mode = 0o644) {
	fs.writeFileSync(file, text, { mode });
	return own(file);
}

/* The path of a program of this machine, or null. */
export function findProgram(name) {
	for (const folder of ['/usr/sbin', '/usr/bin', '/sbin', '/bin']) {
		if (fs.existsSync(path.join(folder, name))) return path.join(folder, name);
	}
	return null;
}

/* What is missing of programs and files, as a reason to skip; null when all is there. */
export function missingOf(packages, ...files) {
	const missing = files.filter((file) => (file.startsWith('/') ? !fs.existsSync(file) : !findProgram(file)));
	return missing.length ? `no ${missing.join(', ')} here (Debian: ${packages})` : null;
}

/* Runs a program to its end; what it printed, or an error with the end of its complaint. */
export function tool(command, args, { env, input } = {}) {
	const made = spawnSync(command, args, { encoding: 'utf8', input, env });
	if (made.error) throw made.error;
	if (made.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${made.stderr.slice(-1500)}`);
	return made.stdout;
}

/* How many lines of a log there are, of those that fit; 0 when there is none. */
export function linesOf(file, fits = /./) {
	return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').filter((line) => fits.test(line)).length : 0;
}
