/*
 * browser: opens what was built in Chromium as readers do: the site over http, each unzipped pack over file://.
 *
 *	FAKTABLAD=… node tests/browser/run.mjs [NAME]
 *
 * The site is built afresh from the shipped content, for the address at which it is served here. For each edition:
 * every link leads to a page and an id that exist, every page can be reached, and the Nu checker accepts every page;
 * and of the pages that are opened (survey.mjs says which, and the run prints how many) nothing is asked of another
 * host, the console stays silent, axe-core finds nothing in light or dark, nothing scrolls sideways on a phone, numbers
 * stand the right way round, everything works without scripts, and pages print. features.mjs beside this looks at what
 * the pages are made of.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { faktablad, copySite, listFiles, run, temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';
import { PATIENCE_MS, launch } from './chromium.mjs';
import { complaintsOfAlternates, complaintsOfLanguages, complaintsOfLinks, complaintsOfStructured } from './edition.mjs';
import { checkMarkup } from './markup.mjs';
import { serve } from './server.mjs';
import { Survey } from './survey.mjs';

const PREFIX = '/some/where/';
const AT_ONCE = 2;

/* The languages whose every page is looked at closely on the web: those with every sheet, in both directions. */
const WHOLE = ['sv', 'en', 'ar'];

const suite = new Suite('browser');
const root = copySite(temporary('browser'));
const site = path.join(root, 'public');
const server = await serve(site, PREFIX);

function build() {
	const config = path.join(root, 'faktablad.yaml');
	fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replace(/^base_url:.*$/m, `base_url: ${server.address}`));
	const built = faktablad(['--root', root, 'build', '--quiet']);
	assert.equal(built.status, 0, `the shipped content does not build:\n${built.stdout}${built.stderr}`);
}

function edition(name, folder, address, isPack) {
	const files = listFiles(folder);
	const pages = files.filter((file) => file.endsWith('.html'));
	const whole = isPack ? [] : WHOLE;
	return { name, folder, address, isPack, whole, files, pages };
}

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

async function inTurn(items, atOnce, body) {
	const left = [...items];
	await Promise.all(Array.from({ length: atOnce }, async () => {
		for (let item = left.shift(); item; item = left.shift()) await body(item);
	}));
}

const none = (complaints) => assert.deepEqual(complaints, []);

async function judge(ed, web, survey) {
	const test = (what, body) => suite.test(`${ed.name}: ${what}`, body);
	const aspect = (what, name) => test(what, () => none(survey.complaints(name)));

	console.log(`${ed.name}: ${ed.pages.length} pages read and checked, ${survey.chosen.length} of them opened: ${survey.choice()}`);
	await test('has pages', () => assert.ok(ed.pages.includes('index.html') && ed.pages.length > 1, ed.pages.join(' ')));
	await test('links and ids', () => none(complaintsOfLinks(ed, survey.described, web)));
	await aspect('pages say in the browser what was read', 'reading');
	await test('language and direction', () => none(complaintsOfLanguages(survey.described)));
	await test('structured data', () => none(complaintsOfStructured(ed)));
	await test('hreflang', () => none(complaintsOfAlternates(ed, survey.described)));
	await aspect('console and requests', 'console');
	await aspect('console and requests without scripts', 'console without scripts');
	await aspect('axe, light', 'axe light');
	await aspect('axe, dark', 'axe dark');
	await aspect('prints', 'print');
	await aspect('the first Tab is the skip link', 'keyboard');
	await aspect('no sideways scrolling on a phone', 'overflow 100%');
	await aspect('no sideways scrolling on a phone, text at 200 %', 'overflow 200%');
	await aspect('isolated numbers read from left to right', 'order');
	await test('phone numbers are isolated', () => {
		for (const number of ['112', '116 111']) assert.ok(survey.isolated.has(number), `${number} is nowhere isolated`);
	});
	await aspect('the language switcher', 'switcher');
}

/* With a script the web's first page leads on to the reader's language; a pack's never does. */
async function testChoice(browser, ed) {
	for (const [locale, expected] of [['sv-SE', 'sv/index.html'], ['ar-EG', 'ar/index.html'], ['eo', 'index.html']]) {
		await suite.test(`${ed.name}: the first page for a reader of ${locale}`, async () => {
			const context = await browser.newContext({ locale });
			const page = await context.newPage();
			await page.goto(`${ed.address}index.html`, { waitUntil: 'load' });
			const wanted = ed.isPack ? 'index.html' : expected;
			await page.waitForURL(ed.address + wanted, { timeout: PATIENCE_MS });
			await context.close();
		});
	}
}

async function testMissingPage(browser) {
	await suite.test('web: an address that does not exist', async () => {
		const page = await browser.newPage();
		const response = await page.goto(`${server.address}sv/some/thing/old.html`);
		assert.equal(response.status(), 404);
		await page.locator('main a').first().click();
		assert.ok(page.url().startsWith(server.address), page.url());
		await page.close();
	});
}

let browser;
try {
	build();
	const web = edition('web', site, server.address, false);
	const editions = [web, ...unzippedPacks()];
	await suite.test('the Nu checker accepts every page', async () => none(await checkMarkup(editions)));
	browser = await launch();
	const surveys = new Map(editions.map((ed) => [ed, new Survey(browser, ed)]));
	await inTurn(surveys.values(), AT_ONCE, (survey) => survey.run());
	for (const [ed, survey] of surveys) await judge(ed, web, survey);
	await testMissingPage(browser);
	await testChoice(browser, web);
	await testChoice(browser, editions.find((ed) => ed.name.includes('all')));
} finally {
	await browser?.close();
	await server.close();
}
suite.finish();
