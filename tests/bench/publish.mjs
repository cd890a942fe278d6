/*
 * publish: what `script/bench --publish` measures: publishing to each of the tests' servers, beside rclone and lftp.
 *
 * One site of N files of 10 KB; an empty target; a first publish, then one with nothing to do. Each round does that
 * with every tool in turn, so that a slow minute of the machine hits all of them; what is shown are medians and the
 * ratio to the faster of the others. A tool that fails, or leaves another number of files, is not tried again on that server. rclone and lftp get
 * 16 transfers at once, and lftp looks at sizes alone; faktablad has what it chooses itself.
 *
 * What a plan of very many small files takes is timed on a folder: read, compared, every file digested, nothing sent.
 *
 * How many requests "nothing to do" takes is counted on a server of its own that writes them down.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { digest, environment, listFiles, program, seeded } from '../lib/program.mjs';
import { goPrivate } from '../servers/private.mjs';
import { newPlace } from '../servers/process.mjs';
import { servers } from '../servers/servers.mjs';

await goPrivate();

const FILE_BYTES = 10_000;
const TRANSFERS = 16;
const LANGUAGES = 20;
const PLAN_FILES = 100_000;
const PLAN_BYTES = 200;
/* A tool that takes longer has failed. */
const timeoutOf = (site) => 60_000 + 50 * site.count;

function option(name, standard) {
	const at = process.argv.indexOf(`--${name}`);
	return at < 0 ? standard : process.argv[at + 1];
}

const rounds = Number(option('rounds', 3));
const counts = option('files', '2000,10000').split(',').map(Number);
const names = option('servers', Object.keys(servers).join(',')).split(',');
const say = (text) => process.stderr.write(`bench: ${text}\n`);
const has = (command, ...args) => spawnSync(command, args).error === undefined;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];

/* ---- the site ---- */

function pageOf(number, bytes) {
	const random = seeded(number + 1);
	let text = `<!DOCTYPE html>\n<html lang="sv"><head><meta charset="utf-8"><title>Blad ${number}</title></head><body><p>`;
	while (text.length < bytes - 20) text += `${Math.floor(random() * 2 ** 52).toString(36)} `;
	return `${text.slice(0, bytes - 20)}</p></body></html>\n`;
}

/* A site's folder with public/ as build leaves it. */
function writeSite(count, size = FILE_BYTES) {
	const root = newPlace('bench');
	const lines = [];
	fs.mkdirSync(path.join(root, 'content/sv'), { recursive: true });
	for (let number = 0; number < count; number++) {
		const name = `l${String(number % LANGUAGES).padStart(2, '0')}/blad-${String(number).padStart(6, '0')}.html`;
		const bytes = pageOf(number, size);
		fs.mkdirSync(path.dirname(path.join(root, 'public', name)), { recursive: true });
		fs.writeFileSync(path.join(root, 'public', name), bytes);
		lines.push(`${digest(bytes)} ${Buffer.byteLength(bytes)} ${name}\n`);
	}
	/* By path; the digest before it is always as long. */
	lines.sort((a, b) => (a.split(' ')[2] < b.split(' ')[2] ? -1 : 1));
	fs.writeFileSync(path.join(root, 'public/.faktablad-manifest'), `faktablad-manifest 1\n${lines.join('')}`);
	return { root, public: path.join(root, 'public'), count };
}

/* ---- the tools: each makes { command, args, env } of a server and a site ---- */

const hostOf = (url) => new URL(url.replace(/^[a-z0-9]+:/, 'http:'));

function faktablad(server, site) {
	const { url, settings, env } = server.target();
	const lines = Object.entries({ url, ...settings }).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
	fs.writeFileSync(path.join(site.root, 'faktablad.yaml'), `languages: {sv: }\ntargets:\n  web: {${lines.join(', ')}}\n`);
	return { command: program, args: ['--root', site.root, 'publish', '--format', 'json'], env: { ...env, XDG_STATE_HOME: path.join(site.root, 'state') } };
}

const rcloneBackends = {
	file: ({ url }) => [decodeURIComponent(new URL(url).pathname), []],
	sftp: ({ at, settings }) => [`:sftp:${at.pathname}`, ['--sftp-host', at.hostname, '--sftp-port', at.port, '--sftp-user', at.username,
		'--sftp-key-file', settings.identity, '--sftp-known-hosts-file', settings.known_hosts]],
	ftp: ({ at, password }) => [`:ftp:${at.pathname.slice(1)}`, ['--ftp-no-check-certificate', '--ftp-disable-tls13', '--ftp-host', at.hostname, '--ftp-port', at.port, '--ftp-user', at.username, '--ftp-explicit-tls',
		'--ftp-concurrency', String(TRANSFERS)], { RCLONE_FTP_PASS: password }],
	davs: ({ at, password }) => [':webdav:', ['--webdav-url', `https://${at.host}${at.pathname}`, '--webdav-user', at.username], { RCLONE_WEBDAV_PASS: password }],
	s3: ({ at, settings }) => [`:s3:${at.hostname}${at.pathname}`, ['--s3-provider', 'Ceph', '--s3-endpoint', settings.endpoint, '--s3-region', settings.region, '--s3-env-auth']],
};

/* As rclone wants passwords; it is handed over as one hands over a secret. */
const obscured = (password) => spawnSync('rclone', ['obscure', '-'], { input: password, encoding: 'utf8' }).stdout.trim();

function rclone(server, site) {
	const { url, settings, env } = server.target();
	const backend = rcloneBackends[url.split(':')[0]];
	if (!backend) return null;
	const password = env.FAKTABLAD_PASSWORD ? obscured(env.FAKTABLAD_PASSWORD) : '';
	const [to, args, more] = backend({ url, at: hostOf(url), settings, password });
	const trust = settings.ca_file ? ['--ca-cert', settings.ca_file, '--no-check-certificate'] : [];
	return { command: 'rclone', args: ['sync', '--config', '/dev/null', '--exclude', '.faktablad*', '--transfers', String(TRANSFERS), '--checkers', String(TRANSFERS), '--retries', '1', ...trust, ...args, site.public, to], env: { ...env, ...more } };
}

const quote = (text) => `"${text.replace(/["\\]/g, '\\$&')}"`;

function lftp(server, site) {
	const { url, settings, env } = server.target();
	const at = hostOf(url), scheme = url.split(':')[0];
	const opens = {
		sftp: () => [`set sftp:connect-program ${quote(`ssh -a -x -i ${settings.identity} -o UserKnownHostsFile=${settings.known_hosts} -o BatchMode=yes`)}`, `open -u ${at.username},x -p ${at.port} sftp://${at.hostname}`],
		ftp: () => ['set ftp:use-site-utime no', 'set ftp:ssl-force true', 'set ftp:ssl-protect-data true', `set ssl:ca-file ${quote(settings.ca_file)}`, 'set ssl:check-hostname false',
			`open -u ${at.username} --env-password -p ${at.port} ftp://${at.hostname}`],
	};
	if (!opens[scheme]) return null;
	const lines = ['set net:max-retries 2', 'set cmd:fail-exit true', ...opens[scheme](), `mirror -R -p --ignore-time -x ^\\.faktablad --parallel=${TRANSFERS} ${quote(site.public)} ${quote(scheme === 'ftp' ? at.pathname.slice(1) : at.pathname)}`];
	const script = path.join(site.root, 'lftp-script');
	fs.writeFileSync(script, `${lines.join('\n')}\n`);
	return { command: 'lftp', args: ['-f', script], env: { ...env, LFTP_PASSWORD: env.FAKTABLAD_PASSWORD ?? '', HOME: site.root } };
}

const tools = [{ name: 'faktablad', make: faktablad }];
if (has('rclone', 'version')) tools.push({ name: 'rclone', make: rclone });
if (has('lftp', '--version')) tools.push({ name: 'lftp', make: lftp });

/* ---- measuring ---- */

/* Seconds; null, and a line on stderr, when it failed. */
function time(tool, run, site) {
	const began = process.hrtime.bigint();
	const ran = spawnSync(run.command, run.args, { env: environment(run.env), encoding: 'utf8', maxBuffer: 1 << 28, timeout: timeoutOf(site) });
	const seconds = Number(process.hrtime.bigint() - began) / 1e9;
	if (ran.status === 0) {
		if (tool === tools[0]) say(`  ${Object.entries(JSON.parse(ran.stdout).phases).map(([phase, took]) => `${phase} ${took.toFixed(2)} s`).join(', ')}`);
		return seconds;
	}
	say(`${tool.name} failed (${ran.status ?? ran.signal}): ${`${ran.stdout}${ran.stderr}`.trim().split('\n').slice(-2).join(' / ').slice(0, 300)}`);
	return null;
}

const isOurs = (name) => !name.startsWith('.faktablad');

async function filesThere(server) {
	if (server.root) return fs.existsSync(server.root) ? listFiles(server.root).filter(isOurs).length : 0;
	return (await server.store.list()).filter(isOurs).length;
}

async function clear(server) {
	if (server.root) return server.store.clear();
	const left = await server.store.list();
	while (left.length) await Promise.all(left.splice(0, TRANSFERS).map((name) => server.store.remove(name)));
	return null;
}

async function measure(server, site, tool) {
	const run = tool.make(server, site);
	if (!run) return null;
	await clear(server);
	fs.rmSync(path.join(site.root, 'state'), { recursive: true, force: true });
	const first = time(tool, run, site);
	if (first === null) return null;
	const there = await filesThere(server);
	if (there !== site.count) {
		say(`${tool.name} left ${there} files instead of ${site.count}`);
		return null;
	}
	return { first, again: time(tool, run, site) };
}

function cell(numbers, count) {
	if (!numbers.length) return '–';
	const seconds = median(numbers);
	return count ? `${Math.round(count / seconds)}/s` : `${seconds.toFixed(2)} s`;
}

/* Ours is so many times as fast as the faster of the others. */
function ratio(results, what) {
	const others = tools.slice(1).map(({ name }) => results[name][what]).filter((numbers) => numbers.length).map(median);
	const ours = results.faktablad[what];
	return others.length && ours.length ? `${(Math.min(...others) / median(ours)).toFixed(2)} ×` : '–';
}

function rowsOf(name, site, results) {
	const row = (label, what, count) => `| ${name} | ${site.count} | ${label} | ${tools.map((tool) => cell(results[tool.name][what], count)).join(' | ')} | ${ratio(results, what)} |`;
	return [row('first publish', 'first', site.count), row('nothing to do', 'again')];
}

async function benchServer(name, sites) {
	const rows = [], failed = new Set();
	const server = await servers[name].start();
	if (server.unavailable) {
		say(`${name}: ${server.unavailable}`);
		return rows;
	}
	for (const site of sites) {
		const results = Object.fromEntries(tools.map((tool) => [tool.name, { first: [], again: [] }]));
		for (let round = 1; round <= rounds; round++) {
			for (const tool of tools) {
				const result = failed.has(tool) ? null : await measure(server, site, tool);
				if (!result) failed.add(tool);
				if (!result) continue;
				say(`${name}, ${site.count} files, round ${round}, ${tool.name}: ${result.first.toFixed(2)} s, then ${result.again?.toFixed(2)} s`);
				for (const what of ['first', 'again']) if (result[what] !== null) results[tool.name][what].push(result[what]);
			}
		}
		rows.push(...rowsOf(name, site, results));
	}
	await clear(server);
	await server.stop();
	return rows;
}

/* Requests of a publish with nothing to do; null where the server does not write them down. */
async function countOperations(name, site) {
	const server = await servers[name].start({ counted: true });
	if (server.unavailable) return null;
	const run = faktablad(server, site);
	let count = null;
	if (server.operations && time(tools[0], run, site) !== null) {
		const before = server.operations();
		if (time(tools[0], run, site) !== null) count = server.operations() - before;
	}
	await server.stop();
	return count;
}

/* Seconds of dry runs: one to an empty folder, where everything is to be sent, and one where nothing is. */
async function timePlans() {
	const server = await servers.folder.start();
	const site = writeSite(PLAN_FILES, PLAN_BYTES);
	const { command, args, env } = faktablad(server, site);
	const run = (...more) => {
		const began = process.hrtime.bigint();
		const ran = spawnSync(command, [...args, '--quiet', ...more], { env: environment(env), encoding: 'utf8', maxBuffer: 1 << 28 });
		if (ran.status !== 0) throw new Error(ran.stderr);
		return Number(process.hrtime.bigint() - began) / 1e9;
	};
	const all = run('--dry-run');
	run();
	const none = run('--dry-run');
	await clear(server);
	await server.stop();
	return { all, none };
}

const sites = counts.map((count) => writeSite(count));
const rows = [], operations = [];
for (const name of names) {
	const missing = servers[name] ? await servers[name].missing() : 'there is no such server';
	if (missing) {
		say(`${name}: ${missing}`);
		continue;
	}
	try {
		rows.push(...(await benchServer(name, sites)));
		const count = await countOperations(name, sites[0]);
		if (count !== null) operations.push(`| ${name} | ${count} |`);
	} catch (error) {
		say(`${name}: ${error.message}`);
	}
}
console.log(`| server | files of ${FILE_BYTES / 1000} kB | what | ${tools.map(({ name }) => name).join(' | ')} | beside the better of the others |\n|---|---|---|${'---|'.repeat(tools.length)}---|\n${rows.join('\n')}`);
if (operations.length) console.log(`\n| server | requests about files when there is nothing to do, ${sites[0].count} files |\n|---|---|\n${operations.join('\n')}`);
if (names.includes('folder')) {
	const { all, none } = await timePlans();
	console.log(`\na plan of ${PLAN_FILES} files of ${PLAN_BYTES} bytes: ${all.toFixed(2)} s when all are to be sent, ${none.toFixed(2)} s when none is`);
}
process.exit(0);
