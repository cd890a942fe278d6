/*
 * browser: opens what was built in Chromium as readers do: the site over http, each unzipped pack over file://.
 *
 *	node tests/browser/run.mjs [NAME]
 *
 * The site is built afresh with FAKTABLAD from the shipped content. For each edition: every link leads to a page and
 * an id that exist, every page can be reached, nothing is asked of another host, the console stays silent, axe-core
 * finds nothing in light or dark, nothing scrolls sideways on a phone, numbers stand the right way round,
 * everything works without scripts, pages print, and the Nu checker accepts every page.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { faktablad, copySite, listFiles, run, temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';
import { launch } from './chromium.mjs';
import * as inPage from './page.mjs';
import { serve } from './server.mjs';

const require = createRequire(import.meta.url);
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 800 };
/* A4 in a browser's print layout: no page of ours is empty, none is a book. */
const PRINT_MAX_PAGES = 12;

const suite = new Suite('browser');
const root = copySite(temporary('browser'));
const site = path.join(root, 'public');
const built = faktablad(['--root', root, 'build', '--quiet']);
assert.equal(built.status, 0, `the shipped content does not build:\n${built.stdout}${built.stderr}`);
const baseUrl = /^base_url: *["']?([^"'\s]+)/m.exec(fs.readFileSync(path.join(root, 'faktablad.yaml'), 'utf8'))[1].replace(/\/?$/, '/');

const server = await serve(site);
const browser = await launch();

/* An edition to open: its folder, and the address that the folder has in the browser. */
function unzippedPacks() {
	const folder = temporary('packs');
	return fs.readdirSync(path.join(site, 'packs')).filter((name) => name.endsWith('.zip')).sort().map((name) => {
		const target = path.join(folder, name.replace(/\.zip$/, ''));
		const result = run('unzip', ['-q', path.join(site, 'packs', name), '-d', target]);
		assert.equal(result.status, 0, result.stdout + result.stderr);
		const [top, ...others] = fs.readdirSync(target);
		assert.deepEqual(others, [], `${name} has one top folder`);
		return edition(name, path.join(target, top), `${pathToFileURL(path.join(target, top)).href}/`, true);
	});
}

function edition(name, folder, address, isPack) {
	const files = listFiles(folder);
	return { name, folder, address, isPack, files, pages: files.filter((file) => file.endsWith('.html')) };
}

const editions = [edition('web', site, `${server.origin}/`, false), ...unzippedPacks()];

/* A browser context in which every request, console message and error is written down in `complaints`. */
async function open(ed, options, body) {
	const context = await browser.newContext({ viewport: DESKTOP, ...options });
	const complaints = [];
	try {
		/* The 404 page speaks in absolute addresses, since it is shown at any depth: these are ours too. */
		await context.route(`${baseUrl}**`, (route) => {
			const file = path.join(ed.folder, decodeURIComponent(route.request().url().slice(baseUrl.length).replace(/[?#].*/, '')));
			return !ed.isPack && fs.existsSync(file) ? route.fulfill({ path: file }) : route.abort();
		});
		const page = await context.newPage();
		page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
		page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
		page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
		page.on('response', (response) => { if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`); });
		page.on('request', (request) => { if (!isOurs(ed, page, request.url())) complaints.push(`outside: ${request.url()}`); });
		await body(page, complaints);
	} finally {
		await context.close();
	}
}

function isOurs(ed, page, url) {
	return url.startsWith(ed.address) || url.startsWith('data:') || (page.url().endsWith('/404.html') && url.startsWith(baseUrl));
}

/* Every page in a fresh context; what any of them had to complain about fails the test. */
async function everyPage(ed, options, body) {
	await open(ed, options, async (page, complaints) => {
		for (const name of ed.pages) {
			await page.goto(ed.address + name);
			for (const complaint of (await body(page, name)) ?? []) complaints.push(`${name}: ${complaint}`);
		}
		assert.deepEqual(complaints, []);
	});
}

/* Where a link from a page leads: a file of the edition and an id in it, or somewhere else. */
function target(ed, from, href) {
	const url = new URL(href, ed.address + from);
	url.search = '';
	const id = decodeURIComponent(url.hash.slice(1));
	url.hash = '';
	const absolute = url.href.startsWith(baseUrl) && !ed.isPack ? ed.address + url.href.slice(baseUrl.length) : url.href;
	if (!absolute.startsWith(ed.address)) return { outside: url.href };
	return { file: decodeURIComponent(absolute.slice(ed.address.length)), id };
}

function complaintOfLink(ed, described, from, href) {
	const to = target(ed, from, href);
	if (to.outside) return /^(https:|tel:|mailto:)/.test(to.outside) ? null : `${href} leads to ${to.outside}`;
	if (to.file === '' || to.file.endsWith('/')) return `${href} does not name its file`;
	if (!ed.files.includes(to.file)) return `${href} leads nowhere`;
	if (to.id && described.has(to.file) && !described.get(to.file).ids.includes(to.id)) return `${href} has no such id`;
	return from !== '404.html' && /^https?:/.test(href) && !to.outside ? `${href} is not relative` : null;
}

/* Pages that can be reached from index.html by links alone. */
function reachable(ed, described) {
	const seen = new Set(['index.html']);
	for (const name of seen) {
		for (const href of described.get(name)?.links ?? []) {
			const to = target(ed, name, href);
			if (to.file && ed.files.includes(to.file)) seen.add(to.file);
		}
	}
	return seen;
}

async function walk(ed, options) {
	const described = new Map();
	await everyPage(ed, options, async (page, name) => { described.set(name, await page.evaluate(inPage.describe)); });
	const complaints = [];
	for (const [name, page] of described) {
		for (const href of [...page.links, ...page.resources]) {
			const complaint = complaintOfLink(ed, described, name, href);
			if (complaint) complaints.push(`${name}: ${complaint}`);
		}
		if (new Set(page.ids).size !== page.ids.length) complaints.push(`${name}: the same id twice`);
		if (page.headings !== 1) complaints.push(`${name}: ${page.headings} headings of level one`);
		if (!page.title) complaints.push(`${name}: no title`);
	}
	const reached = reachable(ed, described);
	for (const name of ed.files) {
		if (/\.(html|zip)$/.test(name) && name !== '404.html' && !reached.has(name)) complaints.push(`${name}: no link leads here`);
	}
	assert.deepEqual(complaints, []);
	return described;
}

const rightToLeft = new Set(['ar', 'fa', 'ckb', 'ur', 'he', 'ps', 'ug', 'yi', 'sd', 'dv']);

function complaintsOfLanguage(name, page) {
	const folder = /^([a-z]{2,3}(?:-[a-z0-9]+)*)\//.exec(name)?.[1];
	const complaints = [];
	if (!page.lang) complaints.push(`${name}: no lang`);
	if (folder && page.lang.toLowerCase() !== folder) complaints.push(`${name}: lang is ${page.lang}`);
	if (page.lang && page.dir !== (rightToLeft.has(page.lang.split('-')[0]) ? 'rtl' : 'ltr')) complaints.push(`${name}: dir is ${page.dir}`);
	return complaints;
}

/* hreflang is complete and mutual among the pages of the web edition. */
function complaintsOfAlternates(ed, described) {
	const complaints = [];
	for (const [name, page] of described) {
		if (page.alternates.length === 0) continue;
		if (!page.alternates.some(([lang]) => lang === 'x-default')) complaints.push(`${name}: no x-default`);
		for (const [lang, href] of page.alternates) {
			const other = described.get(target(ed, name, href).file);
			if (!other) complaints.push(`${name}: alternate ${lang} leads nowhere`);
			else if (lang !== 'x-default' && other.lang !== lang) complaints.push(`${name}: alternate ${lang} is in ${other.lang}`);
			else if (lang !== 'x-default' && !other.alternates.some(([, back]) => target(ed, name, back).file === name)) complaints.push(`${name}: alternate ${lang} does not point back`);
		}
	}
	return complaints;
}

async function testLinks(ed) {
	let described;
	await suite.test(`${ed.name}: links, ids, console, requests`, async () => { described = await walk(ed, {}); });
	await suite.test(`${ed.name}: the same without scripts`, async () => { await walk(ed, { javaScriptEnabled: false }); });
	await suite.test(`${ed.name}: language and direction`, () => {
		assert.ok(described, 'the pages could not be walked');
		assert.deepEqual([...described].flatMap(([name, page]) => complaintsOfLanguage(name, page)), []);
		assert.deepEqual(complaintsOfAlternates(ed, described), []);
		if (ed.isPack) assert.ok([...described.values()].every((page) => page.alternates.length === 0), 'a pack has no hreflang');
	});
}

async function testAccessibility(ed) {
	for (const colorScheme of ['light', 'dark']) {
		await suite.test(`${ed.name}: axe, ${colorScheme}`, () => everyPage(ed, { colorScheme, reducedMotion: 'reduce' }, async (page) => {
			await page.evaluate(axeSource);
			return page.evaluate(inPage.accessibility);
		}));
	}
}

async function testLayout(ed) {
	for (const [what, size] of [['', '100%'], [', text at 200 %', '200%']]) {
		await suite.test(`${ed.name}: no sideways scrolling at ${PHONE.width} px${what}`, () => everyPage(ed, { viewport: PHONE }, async (page) => {
			await page.evaluate((value) => { document.documentElement.style.fontSize = value; }, size);
			const { wide, culprits } = await page.evaluate(inPage.overflow);
			return wide > 0 ? [`${wide} px too wide: ${culprits.join(' ')}`] : [];
		}));
	}
	await suite.test(`${ed.name}: isolated numbers read from left to right`, async () => {
		const seen = new Set();
		await everyPage(ed, { viewport: PHONE }, async (page) => {
			const { wrong } = await page.evaluate(inPage.misordered);
			for (const text of await page.locator('bdi[dir="ltr"]').allTextContents()) seen.add(text.trim());
			return wrong.map((text) => `“${text}” is shown out of order`);
		});
		const sheets = ed.pages.some((name) => name.includes('/akut-hjalp'));
		if (sheets) for (const number of ['112', '116 111']) assert.ok(seen.has(number), `${number} is nowhere isolated`);
	});
}

/* How many sheets of paper a PDF has, by its page objects. */
const pagesOfPdf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

async function testPrint(ed) {
	await suite.test(`${ed.name}: prints`, () => everyPage(ed, {}, async (page) => {
		const count = pagesOfPdf(await page.pdf({ format: 'A4' }));
		return count < 1 || count > PRINT_MAX_PAGES ? [`${count} printed pages`] : [];
	}));
}

/* Keyboard: the first stop is the skip link; it is visible and leads into the page. */
async function testKeyboard(ed) {
	await suite.test(`${ed.name}: the first Tab is the skip link`, () => everyPage(ed, {}, async (page) => {
		await page.keyboard.press('Tab');
		const href = await page.evaluate(() => document.activeElement?.getAttribute('href'));
		if (!href?.startsWith('#')) return [`the first stop is ${href}`];
		const box = await page.locator(':focus').boundingBox();
		if (!box || box.width < 10 || box.height < 10 || box.x < 0 || box.y < 0) return ['the skip link cannot be seen'];
		await page.keyboard.press('Enter');
		return (await page.evaluate(() => decodeURIComponent(location.hash))) === href ? [] : ['the skip link leads nowhere'];
	}));
}

/* The language switcher, clicked as a reader would. */
async function testSwitcher(ed) {
	await suite.test(`${ed.name}: the language switcher`, () => open(ed, {}, async (page, complaints) => {
		const start = ed.pages.find((name) => name.startsWith('sv/') && !name.endsWith('index.html')) ?? ed.pages.find((name) => name.includes('/'));
		for (const lang of new Set(ed.pages.filter((name) => name.includes('/')).map((name) => name.split('/')[0]))) {
			await page.goto(ed.address + start);
			const link = page.locator(`a[hreflang="${lang}"], a[lang="${lang}"]`).first();
			if (start.startsWith(`${lang}/`) || (await link.count()) === 0) continue;
			await link.evaluate((element) => { for (let up = element; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true; });
			await link.click();
			await page.waitForLoadState();
			if (!page.url().startsWith(`${ed.address}${lang}/`)) complaints.push(`${lang}: came to ${page.url()}`);
		}
		assert.deepEqual(complaints, []);
	}));
}

/* What the Nu checker says about files and addresses, in one run of Java. */
function checkMarkup(names) {
	const jar = require.resolve('vnu-jar/build/dist/vnu.jar');
	const java = spawn('java', ['-Xss4m', '-Dnu.validator.servlet.allow-forbidden-hosts=true', '-Dnu.validator.servlet.allowed-address-type=all', '-jar', jar, '--also-check-css', '--also-check-svg', '--format', 'json', '--stdout', ...names]);
	let said = '';
	java.stdout.setEncoding('utf8').on('data', (text) => { said += text; });
	return new Promise((resolve, reject) => {
		java.on('error', reject);
		java.on('close', () => { try { resolve(JSON.parse(said).messages); } catch { reject(new Error(`the checker said: ${said}`)); } });
	});
}

/* Pages are checked over http, since the checker does not let 'self' of a content security policy mean files. */
async function testMarkup() {
	await suite.test('the Nu checker accepts every page', async () => {
		const servers = await Promise.all(editions.map((ed) => serve(ed.folder)));
		const names = editions.flatMap((ed, i) => [...ed.pages.map((name) => `${servers[i].origin}/${name}`),
			...ed.files.filter((name) => /\.(css|svg)$/.test(name)).map((name) => path.join(ed.folder, name))]);
		const messages = await checkMarkup(names).finally(() => Promise.all(servers.map((one) => one.close())));
		const serious = messages.filter((message) => message.type !== 'info' || message.subType === 'warning');
		assert.deepEqual(serious.map((message) => `${message.url}:${message.lastLine ?? ''}: ${message.message}`), []);
	});
}

try {
	await testMarkup();
	for (const ed of editions) {
		await suite.test(`${ed.name}: has pages`, () => assert.ok(ed.pages.includes('index.html') && ed.pages.length > 1, ed.pages.join(' ')));
		await testLinks(ed);
		await testAccessibility(ed);
		await testLayout(ed);
		await testPrint(ed);
		await testKeyboard(ed);
		await testSwitcher(ed);
	}
} finally {
	await browser.close();
	await server.close();
}
suite.finish();
