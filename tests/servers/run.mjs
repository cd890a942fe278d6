/*
 * servers: publishes to real servers on loopback: OpenSSH, nginx, Apache, vsftpd, proftpd, Ceph's radosgw, and a directory.
 *
 *	FAKTABLAD=… node tests/servers/run.mjs [NAME] [--full]
 *
 * What must hold is in scenarios.mjs; how a server is started in its own file. NAME is a server, or a part of `server/scenario`.
 * SERVERS_SEED chooses where kills and cuts fall.
 */
import { Skip, Suite } from '../lib/suite.mjs';
import { goPrivate } from './private.mjs';
import { Proxy } from './proxy.mjs';
import { knownSchemes } from './publisher.mjs';
import { scenariosFor } from './scenarios.mjs';
import { servers } from './servers.mjs';

await goPrivate();

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
	for (const [scenario, body] of Object.entries(scenariosFor(server, full))) {
		const name = `${module.name}/${scenario}`;
		const began = Date.now();
		await suite.test(name, () => body({ server, module, proxy, full, note: (text) => notes.push(`${name}: ${text}`) }));
		if (suite.wants(name)) notes.push(`${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
	}
	await proxy?.close();
	await server.stop();
	return notes.push(`${module.name}: ${Math.round((Date.now() - begun) / 1000)} s`);
}

/* `sshd/kills` starts one server, `kills` all of them. */
const chosen = servers[suite.filter.split('/')[0]];
for (const module of chosen ? [chosen] : Object.values(servers)) await tryAll(module);
for (const note of notes) console.log(`note  ${note}`);
suite.finish();
process.exit();
