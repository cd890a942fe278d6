/*
 * publisher: a machine that publishes: a site's folder with faktablad.yaml, its own state folder, and runs of the
 * program in it.
 *
 * Every run is looked over: what it printed, and what stood in any process's arguments meanwhile, is searched for the
 * server's secrets. seen() searches what it left behind.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { environment, listFiles, program } from '../lib/program.mjs';
import { asUser, newPlace, own, sleep } from './process.mjs';
import { writeSite } from './site.mjs';

const LOOK_EVERY_MS = 15;
const TIMEOUT_MS = 90_000;
/* Short, so that a stalled connection does not hold up the tests. */
const STALL_SECONDS = 2;

/* An ordinary user's copy, wherever the working tree lies. */
let copied;
function programOfUser() {
	if (!copied) {
		copied = path.join(newPlace('program'), 'faktablad');
		fs.copyFileSync(program, copied);
		fs.chmodSync(copied, 0o755);
	}
	return copied;
}

/* Arguments of every process but this one. */
function allArguments() {
	const found = [];
	for (const id of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
		try {
			found.push(fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' '));
		} catch {
			/* It ended. */
		}
	}
	return found;
}

/* The most memory that a process had so far, in MB. */
function peakOf(id) {
	try {
		return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${id}/status`, 'utf8'))[1]) / 1024;
	} catch {
		return 0;
	}
}

export class Publisher {
	constructor(server, settings = {}) {
		this.server = server;
		this.settings = settings;
		this.root = path.join(newPlace('publisher'), 'data');
		this.state = path.join(this.root, 'state');
		this.public = path.join(this.root, 'public');
		for (const folder of ['content', 'content/sv', 'state']) own(fs.mkdirSync(path.join(this.root, folder)) ?? path.join(this.root, folder));
		this.runs = 0;
		this.peak = 0;
	}

	/* public/ is this from now on. */
	write(files) {
		writeSite(this.public, files);
		for (const name of ['', ...listFiles(this.public)]) own(path.join(this.public, name));
		return this;
	}

	/* As if it were another machine: what was kept here is gone. */
	forget() {
		fs.rmSync(this.state, { recursive: true, force: true });
		own(fs.mkdirSync(this.state) ?? this.state);
	}

	#configure(how) {
		const { url, settings, env } = this.server.target(how);
		const all = { url, ...settings, public_address: this.server.httpAddress, stall: STALL_SECONDS, delete_cap: 1000, ...this.settings, ...how.settings };
		const lines = Object.entries(all).filter(([, value]) => value !== null).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
		fs.writeFileSync(path.join(this.root, 'faktablad.yaml'), `languages: {sv: {name: Svenska}}\ntargets:\n  web: {${lines.join(', ')}}\n`);
		return env;
	}

	/*
	 * Resolves to { status, signal, out, seconds, peak (MB) }. `how`: what server.target() takes; args; env; settings (more
	 * for faktablad.yaml); started(child).
	 */
	async run(how = {}) {
		const env = environment({ HOME: this.state, XDG_STATE_HOME: this.state, ...this.#configure(how), ...how.env });
		const [command, ...args] = [...(how.prefix ?? []), ...asUser(), programOfUser(), '--root', this.root, 'publish', 'web', ...(how.args ?? [])];
		const child = spawn(command, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
		const printed = [];
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => printed.push(bytes));
		const begun = Date.now();
		this.peak = 0;
		const closed = new Promise((resolve, reject) => child.once('error', reject).once('close', (status, signal) => resolve({ status, signal })));
		how.started?.(child);
		const ended = await this.#watch(child, closed);
		this.runs++;
		const out = Buffer.concat(printed).toString();
		this.#clean(out, 'what it printed');
		return { ...ended, out, seconds: (Date.now() - begun) / 1000, peak: this.peak };
	}

	async #watch(child, closed) {
		let ended = null;
		closed.then((how) => { ended = how; }, () => {});
		for (let waited = 0; !ended; waited += LOOK_EVERY_MS) {
			if (this.runs % 4 === 0) this.#clean(allArguments().join('\n'), "a process's arguments");
			this.peak = Math.max(this.peak, peakOf(child.pid));
			if (waited > TIMEOUT_MS) child.kill('SIGKILL');
			await Promise.race([closed, sleep(LOOK_EVERY_MS)]);
		}
		return closed;
	}

	#clean(text, where) {
		for (const secret of this.server.secrets) assert.ok(!text.includes(secret), `a secret stands in ${where}`);
	}

	/* publish, which must end well. */
	async publish(files, how = {}) {
		if (files) this.write(files);
		const ran = await this.run(how);
		assert.equal(ran.status, 0, `publish left with ${ran.status ?? ran.signal}: ${ran.out}`);
		return ran;
	}

	/* publish, which must fail so, with one sentence that says `pattern`. */
	async fails(status, pattern, how = {}) {
		const ran = await this.run(how);
		const statuses = [status].flat();
		assert.ok(statuses.includes(ran.status), `publish left with ${ran.status ?? ran.signal}, not ${statuses.join(' or ')}: ${ran.out}`);
		assert.match(ran.out, pattern);
		return ran;
	}

	/* Searches what was left on this machine and on the target. */
	async seen() {
		for (const name of listFiles(this.state)) this.#clean(fs.readFileSync(path.join(this.state, name), 'latin1') + fs.readFileSync(path.join(this.state, name)), `state/${name}`);
		for (const [name, bytes] of await this.server.store.files()) this.#clean(bytes.toString('latin1') + bytes, `${name} on the target`);
	}
}

/* The protocols of this build, as the program lists them. */
export async function knownSchemes(server) {
	const publisher = new Publisher({ ...server, target: () => ({ url: 'gopher://127.0.0.1/x', settings: {}, env: {} }) });
	const { out } = await publisher.write(new Map([['index.html', Buffer.from('x')]])).run({ settings: { public_address: null } });
	return [...out.matchAll(/\b([a-z][a-z0-9]*):/g)].map(([, scheme]) => scheme);
}

