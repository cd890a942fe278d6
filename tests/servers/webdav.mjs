/*
 * webdav: what is special about WebDAV: a publisher that lost its lock while it slept, servers that nobody knows by
 * name, that are busy, that send us elsewhere, and what operators are told.
 *
 *	FAKTABLAD=… node tests/servers/webdav.mjs [FILTER]
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { listFiles } from '../lib/program.mjs';
import { Skip, Suite } from '../lib/suite.mjs';
import * as apache from './apache.mjs';
import { FOREIGN, isSite, plantForeign } from './checks.mjs';
import { LittleDav } from './littledav.mjs';
import * as nginx from './nginx.mjs';
import { goPrivate } from './private.mjs';
import { HOST, PROXY_HOST, newPlace, own, sleep } from './process.mjs';
import { Proxy } from './proxy.mjs';
import { Publisher } from './publisher.mjs';
import { PASSWORD, basicForms, forms } from './secrets.mjs';
import { changed, siteOf } from './site.mjs';
import { DirectoryStore } from './store.mjs';

await goPrivate();

const suite = new Suite('webdav');
const USER = 'publisher';
const VERSIONS = [0, 1, 2].map((version) => siteOf(version));
const [OLD, NEW, OTHER] = VERSIONS;

/* ---- real servers ---- */

async function onServer(module, body) {
	const missing = await module.missing();
	if (missing) throw new Skip(missing);
	const server = await module.start();
	try {
		await server.store.clear();
		await plantForeign(server.store);
		await body(server);
	} finally {
		await server.stop();
	}
}

/* A PUT that Apache has begun to take ends as it would have, whoever has the lock by then: docs/publishing.md says so. */
const isMidway = (server) => listFiles(server.root).some((name) => /(^|\/)\.davfs\.tmp/.test(name) && !name.startsWith('.faktablad/'));

async function betweenFiles(server, child) {
	for (let tries = 0; tries < 100; tries++) {
		child.kill('SIGSTOP');
		await sleep(60);
		if (!isMidway(server)) return;
		child.kill('SIGCONT');
		await sleep(3);
	}
	throw new Error('it never was between two files');
}

/* Lets a publish run until it has sent so much, and stops it there as a machine that goes to sleep would. */
async function asleep(server, publisher, proxy, point) {
	let child;
	proxy.reset();
	const slept = new Promise((resolve) => {
		proxy.onSent = (sent) => {
			if (sent < point) return;
			proxy.onSent = () => {};
			resolve(betweenFiles(server, child));
		};
	});
	const ended = publisher.run({ host: PROXY_HOST, started: (started) => { child = started; } });
	await Promise.race([slept, ended]);
	return { wake: () => child.kill('SIGCONT'), ended };
}

/* But for the file that keeps the place of a work folder closed: its owner is alive. */
async function isOther(server) {
	const files = [...await server.store.files()].filter(([name]) => !/^\.faktablad\/work-[0-9a-f]+$/.test(name));
	await isSite({ files: async () => new Map(files) }, OTHER, { versions: VERSIONS });
}

async function fencing(server) {
	const proxy = await Proxy.before(server);
	const sleeper = new Publisher(server), other = new Publisher(server);
	try {
		await sleeper.publish(OLD);
		proxy.reset();
		await sleeper.publish(NEW, { host: PROXY_HOST });
		const whole = proxy.sent;
		for (const part of [0.1, 0.25, 0.4, 0.55, 0.7, 0.85]) {
			await other.publish(OLD);
			const { wake, ended } = await asleep(server, sleeper.write(NEW), proxy, part * whole);
			await other.publish(OTHER, { args: ['--break-lock'] });
			await isOther(server);
			wake();
			const ran = await ended;
			assert.notEqual(ran.status, 0, `at ${part} it published all the same: ${ran.out}`);
			await isOther(server);
		}
	} finally {
		await proxy.close();
	}
}

for (const module of [nginx, apache]) {
	await suite.test(`${module.name}: whoever lost the lock while it slept changes nothing more`, () => onServer(module, fencing));

	await suite.test(`${module.name}: names that need care`, () => onServer(module, async (server) => {
		const publisher = new Publisher(server);
		const names = ['sv/så här 100%.html', 'sv/a+b&c=d;e.html', "ar/صفحة 'x'.html", 'sv/%41.html', 'sv/a#b?.html', 'sv/~x,y@z!$()*[].html'];
		for (const name of names) await server.store.put(`foreign/${name}`, Buffer.from(name));
		const foreign = new Map(names.map((name) => [`foreign/${name}`, Buffer.from(name)]));
		const site = changed(OLD, Object.fromEntries(names.map((name) => [name, `<p>${name}`])));
		await publisher.publish(site);
		const all = { foreign: new Map([...FOREIGN, ...foreign]), versions: VERSIONS };
		await isSite(server.store, site, all);
		const next = changed(site, { ...Object.fromEntries(names.map((name) => [name, 'en gång till'])), [names[0]]: null });
		await publisher.publish(next);
		await isSite(server.store, next, all);
		assert.match((await publisher.publish(next)).out, /^nothing to do/m);
	}));

	await suite.test(`${module.name}: a folder of somebody else's where a file of ours stood`, () => onServer(module, async (server) => {
		const publisher = new Publisher(server);
		await publisher.publish(OLD);
		await server.store.remove('sv/index.html');
		await server.store.put('sv/index.html/precious.txt', Buffer.from('theirs'));
		const ran = await publisher.write(NEW).run();
		assert.notEqual(ran.status, 0, ran.out);
		assert.ok((await server.store.files()).has('sv/index.html/precious.txt'), 'a folder of somebody else was taken away');
	}));
}

/* ---- a server of our own ---- */

async function little(body) {
	const root = path.join(newPlace('littledav'), 'data');
	own(fs.mkdirSync(path.join(root, 'site'), { recursive: true }) ?? path.join(root, 'site'));
	const dav = await LittleDav.start(root, { user: USER, password: PASSWORD });
	const server = {
		name: 'little', httpAddress: null,
		store: new DirectoryStore(path.join(root, 'site')),
		secrets: [...forms(PASSWORD), ...basicForms(USER, PASSWORD)],
		target: () => ({ url: `dav://${USER}@${HOST}:${dav.port}/site`, settings: {}, env: { FAKTABLAD_PASSWORD: PASSWORD } }),
	};
	try {
		await body(dav, new Publisher(server), server);
	} finally {
		dav.close();
	}
}

await suite.test('an unknown server: every file is moved to its name', () => little(async (dav, publisher, server) => {
	await publisher.publish(OLD);
	await isSite(server.store, OLD, { foreign: new Map() });
	await publisher.publish(NEW);
	await isSite(server.store, NEW, { foreign: new Map(), versions: VERSIONS });
	const puts = dav.seen.filter(({ method }) => method === 'PUT').map(({ path: name }) => name);
	assert.deepEqual(puts.filter((name) => !name.startsWith('/site/.faktablad/')), [], 'sent to a final name');
	const moved = new Set(dav.seen.filter(({ method }) => method === 'MOVE').map(({ destination }) => destination));
	for (const name of NEW.keys()) if (!OLD.get(name)?.equals(NEW.get(name))) assert.ok(moved.has(`/site/${name}`), `${name} was not moved`);
	assert.match((await publisher.publish()).out, /^nothing to do/m);
}));

await suite.test('a server that does not know OPTIONS; a folder that has to be made', () => little(async (dav, publisher, server) => {
	dav.options = false;
	fs.rmdirSync(server.store.root);
	await publisher.publish(OLD);
	await isSite(server.store, OLD, { foreign: new Map() });
}));

await suite.test('a server that is busy is waited for, as long as it asks', () => little(async (dav, publisher, server) => {
	let refusals = 0, first = 0, next = 0;
	dav.before = ({ method, path: name }) => {
		if (method !== 'PUT' || name.includes('/lock/')) return null;
		if (first && !next) next = Date.now();
		if (++refusals > 1) return null;
		first = Date.now();
		return { status: 503, headers: { 'retry-after': '2' } };
	};
	await publisher.publish(OLD, { settings: { connections: 1 } });
	await isSite(server.store, OLD, { foreign: new Map() });
	assert.ok(next - first >= 1900, `it came back after ${next - first} ms`);
}));

await suite.test('a redirect is not followed', () => little(async (dav, publisher) => {
	const asked = [];
	const elsewhere = http.createServer((request, response) => {
		asked.push(request.headers);
		response.writeHead(207).end();
	});
	await new Promise((resolve) => elsewhere.listen(0, HOST, resolve));
	const location = `http://${HOST}:${elsewhere.address().port}/site/`;
	dav.before = () => ({ status: 301, headers: { location } });
	const ran = await publisher.write(OLD).fails(2, /redirect/);
	assert.ok(ran.out.includes(location), ran.out);
	assert.deepEqual(asked, [], 'somebody else was asked');
	elsewhere.close();
}));

const told = [
	[401, /FAKTABLAD_PASSWORD/],
	[403, /right/],
	[405, /not a WebDAV folder/],
	[207, /not understood/],
	[200, /not a WebDAV folder/],
];
for (const [status, pattern] of told) {
	await suite.test(`a server that answers ${status} to everything`, () => little(async (dav, publisher) => {
		dav.before = () => ({ status });
		const ran = await publisher.write(OLD).fails(2, pattern);
		assert.ok(ran.seconds < 5, 'it was tried again');
	}));
}

for (const [status, pattern] of [[413, /client_max_body_size/], [507, /room|quota/], [404, /no such folder/]]) {
	await suite.test(`a server that answers ${status} to a file`, () => little(async (dav, publisher, server) => {
		await publisher.publish(OLD);
		dav.before = ({ method, path: name }) => (method === 'PUT' && /work-.*\/\d+-(?!0$)\d+$/.test(name) && dav.seen.length > 120 ? { status } : null);
		const ran = await publisher.write(NEW).run();
		assert.notEqual(ran.status, 0);
		assert.match(ran.out, pattern);
		dav.before = () => null;
		await publisher.publish(NEW);
		await isSite(server.store, NEW, { foreign: new Map(), versions: VERSIONS });
	}));
}

await suite.test('an answer that was lost is looked after', () => little(async (dav, publisher, server) => {
	await publisher.publish(OLD);
	let lost = 0;
	/* It is done, and then the server says that it was not. */
	dav.before = ({ method, path: name }) => {
		if (method !== 'MOVE' || name.includes('/lock/') || lost >= 3) return null;
		const { destination } = dav.seen.at(-1);
		if (!destination || destination.includes('.faktablad')) return null;
		lost++;
		fs.renameSync(dav.at(name), dav.at(destination));
		return { status: 502 };
	};
	await publisher.publish(NEW);
	assert.equal(lost, 3);
	await isSite(server.store, NEW, { foreign: new Map(), versions: VERSIONS });
}));

suite.finish();
process.exit();
