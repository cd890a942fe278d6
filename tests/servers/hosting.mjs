/*
 * hosting: the settings of docs/hosting.md that serve visitors, in real servers, over the shipped site.
 *
 *	FAKTABLAD=… node tests/servers/hosting.mjs [NAME]
 *
 * receiving.mjs beside this has those that receive what is published.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { copySite, faktablad, listFiles, temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';
import { launch } from '../browser/chromium.mjs';
import { APACHE_MODULES, Trial, apache, ask, needs, nginx, settings, visitorsLog } from './guide.mjs';
import { goPrivate } from './private.mjs';
import { HOST, freePorts, newPlace } from './process.mjs';

await goPrivate();

const IMMUTABLE = 'public, max-age=31536000, immutable';
const SHORT = 'public, max-age=300';
const SECURITY = { 'content-security-policy': "frame-ancestors 'none'", 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
const TYPES = {
	'.html': /^text\/html; charset=utf-8$/i, '.css': /^text\/css; charset=utf-8$/i, '.svg': /^image\/svg\+xml; charset=utf-8$/i,
	'.xml': /^(text|application)\/xml; charset=utf-8$/i, '.png': /^image\/png$/, '.zip': /^application\/zip$/, '': /^text\/plain; charset=utf-8$/i,
};
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const suite = new Suite('hosting');
const trial = new Trial(suite);

/* ---- the site ---- */

let built;

/* The shipped one, and a picture. */
function build() {
	const root = copySite(temporary('hosting'));
	const config = path.join(root, 'faktablad.yaml');
	fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replace(/^base_url:.*$/m, 'base_url: https://www.example.org/faktablad/'));
	fs.writeFileSync(path.join(root, 'content/sv/bild.png'), Buffer.from(PIXEL, 'base64'));
	fs.writeFileSync(path.join(root, 'content/sv/bilden.md'), '---\ntitle: Bild\n---\n![En bild](bild.png)\n');
	const ran = faktablad(['--root', root, 'build', '--quiet']);
	assert.equal(ran.status, 0, ran.stdout + ran.stderr);
	return root;
}

function publish(www) {
	built ??= build();
	const ran = faktablad(['--root', built, 'publish', `file://${www}/faktablad`]);
	assert.equal(ran.status, 0, ran.stdout + ran.stderr);
}

/* A server's folder; what is its /srv/www, with the site published into it. */
async function placeFor(name) {
	const place = newPlace(name);
	const www = path.join(place, 'data/www');
	publish(www);
	const port = await freePorts();
	return { place, www, port, log: path.join(place, 'state/errors'), site: path.join(www, 'faktablad'), address: `http://${HOST}:${port}/faktablad/` };
}

/* ---- what visitors get ---- */

function expectHeaders(answer, wanted, what) {
	for (const [name, value] of Object.entries(wanted)) assert.equal(answer.headers[name], value, `${what}: ${name}`);
}

const cachingOf = (name) => (name === '404.html' ? 'no-cache' : /\.[0-9a-f]{8}\.[a-z0-9]+$/.test(name) ? IMMUTABLE : SHORT);

async function everyFile(address, site) {
	const names = listFiles(site).filter((name) => !name.startsWith('.'));
	for (const suffix of Object.keys(TYPES)) assert.ok(names.some((name) => path.extname(name) === suffix), `the site has a file “${suffix}”`);
	for (const name of names) {
		const answer = await ask(address + name);
		assert.equal(answer.status, 200, name);
		assert.ok(answer.body.equals(fs.readFileSync(path.join(site, name))), `${name} is served byte for byte`);
		assert.match(answer.headers['content-type'], TYPES[path.extname(name)], name);
		expectHeaders(answer, { 'cache-control': cachingOf(name), ...SECURITY }, name);
	}
}

async function whatIsMissing(address, site) {
	const page = fs.readFileSync(path.join(site, '404.html'));
	for (const name of ['sv/finns-inte.html', 'nosuch/', 'assets/site.00000000.css', '.faktablad/manifest', '.faktablad/', '.faktablad', '.faktablad-manifest']) {
		const answer = await ask(address + name);
		assert.equal(answer.status, 404, name);
		assert.ok(answer.body.equals(page), `${name} leads to 404.html`);
		assert.match(answer.headers['content-type'], TYPES['.html'], name);
		expectHeaders(answer, { 'cache-control': 'no-cache', ...SECURITY }, name);
	}
}

async function folders(address) {
	for (const name of ['', 'sv/']) {
		const answer = await ask(address + name);
		assert.equal(answer.status, 200, name);
		expectHeaders(answer, { 'cache-control': SHORT }, name);
	}
	const redirected = await ask(`${address}sv`);
	assert.equal(redirected.status, 301);
	assert.equal(new URL(redirected.headers.location, address).pathname, `${new URL(address).pathname}sv/`);
	const { status } = await ask(`${address}packs/`);
	assert.ok([403, 404].includes(status), `no list of files: ${status}`);
}

async function compression(address, site) {
	const squeezed = { headers: { 'accept-encoding': 'gzip' } };
	const style = listFiles(site).find((name) => name.endsWith('.css'));
	for (const name of ['sv/index.html', style, 'sitemap.xml']) {
		const answer = await ask(address + name, squeezed);
		expectHeaders(answer, { 'content-encoding': 'gzip', vary: 'Accept-Encoding' }, name);
		assert.ok(answer.body.length < fs.statSync(path.join(site, name)).size / 2, name);
	}
	expectHeaders(await ask(`${address}packs/faktablad-sv.zip`, squeezed), { 'content-encoding': undefined }, 'a pack');
}

/* Readers who come back, and packs that go on where they were cut off. */
async function partsAndReturns(address) {
	const first = await ask(`${address}sv/index.html`);
	const again = await ask(`${address}sv/index.html`, { headers: { 'if-modified-since': first.headers['last-modified'] } });
	assert.equal(again.status, 304);
	expectHeaders(again, { 'cache-control': SHORT }, '304');
	const part = await ask(`${address}packs/faktablad-sv.zip`, { headers: { range: 'bytes=10-19' } });
	assert.deepEqual([part.status, part.body.length], [206, 10]);
}

async function visitors(test, { address, site }) {
	await test('every file has its type, its caching and the security headers', () => everyFile(address, site));
	await test('what is missing, and what is not for visitors, leads to the 404 page', () => whatIsMissing(address, site));
	await test('folders have their index, and no list', () => folders(address));
	await test('texts are compressed, packs are not', () => compression(address, site));
	await test('what did not change is not sent again, and a pack can be taken in parts', () => partsAndReturns(address));
}

/* A policy of the server's that forbade what the page's own allows would be told on the console. */
async function inBrowser(test, { address }) {
	await test('a browser takes the headers and the pages together', async () => {
		const browser = await launch();
		try {
			const page = await browser.newPage();
			const said = [];
			page.on('console', (message) => said.push(message.text()));
			for (const name of ['', 'sv/orosanmalan.html', 'ar/index.html', 'sv/finns-inte.html']) {
				await page.goto(address + name);
				assert.ok(await page.evaluate(() => document.styleSheets.length === 1 && document.styleSheets[0].cssRules.length > 10), `${name} has its styles`);
			}
			assert.deepEqual(said.filter((text) => !text.includes('status of 404')), []);
		} finally {
			await browser.close();
		}
	});
}

/* The folder becomes a link to a release, and that to another one. */
async function linked(test, { address, site, www }) {
	const releases = path.join(path.dirname(www), 'releases');
	await test('a link to a release is followed, and noticed when it changes', async () => {
		fs.mkdirSync(releases);
		fs.renameSync(site, path.join(releases, '1'));
		fs.symlinkSync('1', path.join(releases, 'current'));
		fs.symlinkSync(path.join(releases, 'current'), site);
		await everyFile(address, site);
		await whatIsMissing(address, site);
		fs.cpSync(path.join(releases, '1'), path.join(releases, '2'), { recursive: true });
		fs.appendFileSync(path.join(releases, '2/sv/index.html'), '<!-- 2 -->');
		fs.symlinkSync('2', path.join(releases, 'next'));
		fs.renameSync(path.join(releases, 'next'), path.join(releases, 'current'));
		assert.match((await ask(`${address}sv/index.html`)).body.toString(), /<!-- 2 -->$/);
	});
}

/* Of what the settings can keep out of logs. */
const nobodyLogged = (test, { place }) => test('no visitor is in a log', () => {
	const kept = fs.existsSync(visitorsLog(place)) ? fs.readFileSync(visitorsLog(place), 'utf8') : '';
	assert.equal(kept, '');
});

/* ---- the servers ---- */

await trial.of('nginx', async (test) => {
	needs('nginx-light', 'nginx', '/etc/nginx/mime.types');
	const here = await placeFor('hosting-nginx');
	const site = settings('nginx public', { 'listen 80;': `listen ${HOST}:${here.port};`, '/srv/www;': `${here.www};` });
	await trial.start(...nginx(here.place, site), here);
	await visitors(test, here);
	await inBrowser(test, here);
	await linked(test, here);
	await nobodyLogged(test, here);
});

const apacheIsHere = () => needs('apache2-bin media-types', 'apache2', '/etc/mime.types', `${APACHE_MODULES}/mod_headers.so`);

await trial.of('apache', async (test) => {
	apacheIsHere();
	const here = await placeFor('hosting-apache');
	const site = settings('apache public', { '*:80': `${HOST}:${here.port}`, '/srv/www': here.www });
	await trial.start(...apache(here.place, { listen: `${HOST}:${here.port}`, modules: ['headers'], site }), here);
	await visitors(test, here);
	await inBrowser(test, here);
	await linked(test, here);
	await nobodyLogged(test, here);
});

/* On a host whose settings are somebody else's. */
await trial.of('.htaccess', async (test) => {
	apacheIsHere();
	const here = await placeFor('hosting-htaccess');
	const file = path.join(here.site, '.htaccess');
	const site = `DocumentRoot ${here.www}\n<Directory ${here.www}>\nRequire all granted\nOptions FollowSymLinks\nAllowOverride FileInfo Indexes\n</Directory>`;
	const start = (modules) => trial.start(...apache(here.place, { listen: `${HOST}:${here.port}`, modules, site }), here);
	fs.writeFileSync(file, settings('apache .htaccess'));
	const stop = await start(['headers']);
	await visitors(test, here);
	await test('publish leaves it where it is', () => {
		publish(here.www);
		assert.equal(fs.readFileSync(file, 'utf8'), settings('apache .htaccess'));
	});
	await stop();
	await start([]);
	await test('a host without mod_headers shows the pages all the same', async () => {
		const answer = await ask(`${here.address}sv/index.html`);
		assert.equal(answer.status, 200);
		expectHeaders(answer, { 'cache-control': undefined }, 'index.html');
	});
});

suite.finish();
process.exit();
