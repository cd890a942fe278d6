/*
 * start: one of the tests' servers for trying things by hand.
 *
 *	node tests/servers/start.mjs sshd|nginx|apache|vsftpd|proftpd|radosgw|folder
 *
 * Prints the lines for faktablad.yaml, the environment with the secrets as shell lines, where what is published lies,
 * and the public address; runs until its input ends or Ctrl-C, and leaves nothing behind.
 */
import { servers } from './servers.mjs';
import { goPrivate } from './private.mjs';

await goPrivate();

const { word, options } = (() => {
	const [name, ...rest] = process.argv.slice(2);
	return { word: name, options: Object.fromEntries(rest.map((pair) => pair.split('='))) };
})();
const module = servers[word];
if (!module) {
	console.error(`start: there is no server '${word ?? ''}'; there are: ${Object.keys(servers).join(' ')}`);
	process.exit(2);
}
const missing = await module.missing();
if (missing) {
	console.error(`start: ${missing}`);
	process.exit(2);
}
const server = await module.start(options);
if (server.unavailable) {
	console.error(`start: ${server.unavailable}`);
	process.exit(2);
}

const quote = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;
const logins = server.logins ? Object.keys(server.logins).filter((login) => login !== 'wrong') : [undefined];
for (const login of logins) {
	const { url, settings, env } = server.target({ login });
	const more = Object.entries({ ...settings, public_address: server.httpAddress }).map(([key, value]) => `, ${key}: ${JSON.stringify(value)}`).join('');
	console.log(`# faktablad.yaml${login ? ` (login: ${login})` : ''}\ntargets:\n  web: {url: ${JSON.stringify(url)}${more}}`);
	for (const [key, value] of Object.entries(env)) console.log(`export ${key}=${quote(value)}`);
}
console.log(`# on disk: ${server.root ?? '(not a folder)'}\n# log: ${server.place}\n# ready`);

process.stdin.resume();
await new Promise((resolve) => process.stdin.once('end', resolve));
await server.stop();
process.exit(0);
