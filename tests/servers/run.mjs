/*
 * servers: publishes to real servers on loopback: OpenSSH, nginx, Apache, vsftpd, proftpd, Ceph's radosgw, and a directory.
 *
 *	FAKTABLAD=… node tests/servers/run.mjs [NAME] [--full]
 *
 * What must hold is in scenarios.mjs; how a server is started in its own file. NAME is a server, or a part of `server/scenario`.
 * SERVERS_SEED chooses where kills and cuts fall.
 */
import { spawn } from 'node:child_process';
import { Skip, Suite } from '../lib/suite.mjs';
import { goPrivate } from './private.mjs';
import { Proxy } from './proxy.mjs';
import { knownSchemes } from './publisher.mjs';
import { keepScenarios } from './keep_scenarios.mjs';
import { scenariosFor } from './scenarios.mjs';
import { servers } from './servers.mjs';

const full = process.argv.includes('--full');
const suite = new Suite('servers');
const notes = [];

/* Why nothing can be tried on a server, or null. */
async function hindrance(module, server) {
	if (server.unavailable) return server.unavailable;
	const scheme = server.target().url.split(':')[0];
	return (await knownSchemes(server)).includes(scheme) ? null : `${scheme}: is not in this build`;
}

async function tryAll(module) {
	const begun = Date.now();
	const missing = await module.missing();
	const server = missing ? null : await module.start();
	const reason = missing ?? (await hindrance(module, server));
	if (reason) {
		await suite.test(`${module.name}/${suite.filter.split('/')[1] ?? 'everything'}`, () => { throw new Skip(reason); });
		return server?.stop?.();
	}
	const proxy = server.ports ? await Proxy.before(server) : null;
	for (const [scenario, body] of Object.entries({ ...scenariosFor(server, full), ...keepScenarios(module) })) {
		const name = `${module.name}/${scenario}`;
		const began = Date.now();
		await suite.test(name, () => body({ server, module, proxy, full, note: (text) => notes.push(`${name}: ${text}`) }));
		if (suite.wants(name)) notes.push(`${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
	}
	await proxy?.close();
	await server.stop();
	return notes.push(`${module.name}: ${Math.round((Date.now() - begun) / 1000)} s`);
}

/* In a process of its own, which ends with this one. Resolves to what it printed and how it ended. */
function tryElsewhere(name) {
	const child = spawn(process.execPath, [process.argv[1], `--server=${name}`, ...process.argv.slice(2)], {
		stdio: ['ignore', 'pipe', 'inherit', 'pipe'], env: { ...process.env, FAKTABLAD_LIFELINE: 'yes' },
	});
	const printed = [];
	child.stdout.on('data', (bytes) => printed.push(bytes));
	return new Promise((resolve) => child.once('close', (status) => resolve({ status, text: Buffer.concat(printed).toString() })));
}

/* Three at a time: often enough something waits for a clock. Those that take longest come first. */
const LANES = 3;

async function tryEverything() {
	const waiting = [...Object.keys(servers)].reverse();
	const lane = async () => {
		while (waiting.length) {
			const { status, text } = await tryElsewhere(waiting.shift());
			process.stdout.write(text);
			if (status !== 0) process.exitCode = 1;
		}
	};
	await Promise.all(Array.from({ length: LANES }, lane));
}

/* `sshd/kills` is about one server, `kills` about all of them. */
const chosen = servers[/--server=(\w+)/.exec(process.argv.join(' '))?.[1] ?? suite.filter.split('/')[0]];
if (chosen) {
	await goPrivate();
	await tryAll(chosen);
	for (const note of notes) console.log(`note  ${note}`);
	suite.finish();
} else {
	await tryEverything();
}
process.exit();
