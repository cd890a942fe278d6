/*
 * features: what the pages are made of, as readers meet it: claims, charts, contacts, notices, paper, and the order of
 * characters.
 *
 *	FAKTABLAD=… node tests/browser/features.mjs [NAME]
 *
 * Two sites: the shipped one, and the one in example/, which has the shipped messages and templates and made-up data
 * where the shipped content has no case yet (contacts, a translation that is behind).
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { copySite, faktablad, repository, run, temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';
import { PATIENCE_MS, launch } from './chromium.mjs';
import * as order from './order.mjs';
import * as inPage from './page.mjs';
import * as part from './part.mjs';

const PHONE = { width: 320, height: 640 };
const PHONE_TALL = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };
const PRINT_MAX_SHEETS = 3;
const LANGUAGES = ['sv', 'ar'];

const suite = new Suite('features');
const none = (complaints) => assert.deepEqual(complaints, []);

function faktabladIn(root, ...args) {
	const ran = faktablad(['--root', root, ...args]);
	assert.equal(ran.status, 0, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
	return ran.stdout;
}

/* Made-up data; its Arabic is stamped before the Swedish is edited, so that a section of it is behind. */
function exampleSite() {
	const root = temporary('features');
	fs.cpSync(path.join(repository, 'tests/browser/example'), root, { recursive: true });
	fs.cpSync(path.join(repository, 'templates'), path.join(root, 'templates'), { recursive: true });
	fs.mkdirSync(path.join(root, 'locales'));
	for (const tag of Object.keys(order.LANGUAGES)) {
		fs.copyFileSync(path.join(repository, `locales/${tag}.yaml`), path.join(root, `locales/${tag}.yaml`));
		fs.mkdirSync(path.join(root, 'content', tag), { recursive: true });
		fs.writeFileSync(path.join(root, 'content', tag, 'ordning.md'), order.sheetOf(tag));
	}
	return root;
}

function leaveBehind(root) {
	const file = path.join(root, 'content/sv/exempel.md');
	faktabladIn(root, 'stamp', '--all', '--force', '--date', '2026-11-22');
	fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('Här står varför det inte stämmer.', 'Nu står det något annat här.'));
}

function unzipped(root, name) {
	const target = temporary('pack');
	const result = run('unzip', ['-q', path.join(root, 'public/packs', `${name}.zip`), '-d', target]);
	assert.equal(result.status, 0, result.stdout + result.stderr);
	return path.join(target, fs.readdirSync(target)[0]);
}

const addressOf = (folder, name) => pathToFileURL(path.join(folder, name)).href;
const sheetsIn = (folder, tag) => fs.readdirSync(path.join(folder, tag)).filter((name) => fs.readFileSync(path.join(folder, tag, name), 'utf8').includes('<article')).map((name) => `${tag}/${name}`);
const having = (folder, tag, mark) => sheetsIn(folder, tag).filter((name) => fs.readFileSync(path.join(folder, name), 'utf8').includes(mark));

class Reader {
	constructor(browser) {
		this.browser = browser;
	}

	async open(url, body, { clock, ...options } = {}) {
		const context = await this.browser.newContext({ locale: 'tlh', viewport: DESK, ...options });
		context.setDefaultTimeout(PATIENCE_MS);
		try {
			const page = await context.newPage();
			if (clock) await page.clock.setFixedTime(new Date(clock));
			await page.goto(url);
			return await body(page);
		} finally {
			await context.close();
		}
	}
}

/* Opens each page once and looks at everything there; then each aspect is a test of its own. */
async function testAspects(reader, what, urls, aspects) {
	const found = new Map(Object.keys(aspects).map((aspect) => [aspect, []]));
	if (urls.length > 0 && suite.wants(what)) {
		await reader.open(urls[0], async (page) => {
			for (const url of urls) {
				await page.emulateMedia({ media: null, colorScheme: null, forcedColors: null });
				await page.goto(url);
				for (const [aspect, look] of Object.entries(aspects)) {
					found.get(aspect).push(...(await look(page)).map((fault) => `${url.split('/').slice(-2).join('/')}: ${fault}`));
				}
			}
		});
	}
	for (const [aspect, complaints] of found) {
		await suite.test(`${what}: ${aspect}`, () => {
			assert.ok(urls.length > 1, 'there is something to look at');
			none(complaints);
		});
	}
}

const pagesWith = (sites, tag, mark) => sites.flatMap((site) => having(site, tag, mark).map((name) => addressOf(site, name)));
const inMedia = (media, inPage) => async (page) => {
	await page.emulateMedia({ media: null, colorScheme: null, forcedColors: null, ...media });
	return page.evaluate(inPage);
};

/* ---- claims ---- */

const claims = {
	'fact, myth and why, in that order, each begun by its label': (page) => page.evaluate(part.claimOrder),
	'a myth is never larger or heavier than its fact': (page) => page.evaluate(part.claimWeight),
	'a myth is read aloud after its label': async (page) => part.claimAloud(await page.locator('.callout-label').allInnerTexts(), await page.locator('main').ariaSnapshot()),
	'fact, myth and why differ on paper without colours': inMedia({ media: 'print' }, part.claimBorders),
	'without styles the labels stand': async (page) => {
		await page.evaluate(() => { for (const sheet of document.styleSheets) sheet.disabled = true; });
		return page.evaluate(part.claimOrder);
	},
};

async function testClaims(reader, sites) {
	for (const tag of LANGUAGES) await testAspects(reader, `claims in ${tag}`, pagesWith(sites, tag, 'class="claim"'), claims);
}

/* ---- charts ---- */

const inSize = (viewport, inPage) => async (page) => {
	await page.setViewportSize(viewport);
	return page.evaluate(inPage);
};

const charts = {
	'a name, a description and a table': (page) => page.evaluate(part.chartNames),
	'bars start where lines of text do and nothing is cut off, on a phone': inSize(PHONE, part.chartBoxes),
	'bars start where lines of text do and nothing is cut off, at a desk': inSize(DESK, part.chartBoxes),
	'the table opens by keyboard': openTables,
	'contrast in light': inMedia({ colorScheme: 'light' }, part.chartContrast),
	'contrast in the dark': inMedia({ colorScheme: 'dark' }, part.chartContrast),
	'contrast in forced colours': inMedia({ forcedColors: 'active' }, part.chartContrast),
	'contrast on paper': inMedia({ media: 'print' }, part.chartContrast),
};

async function testCharts(reader, sites) {
	for (const tag of LANGUAGES) await testAspects(reader, `charts in ${tag}`, pagesWith(sites, tag, '<figure class="chart'), charts);
}

async function openTables(page) {
	const complaints = [];
	for (const details of await page.locator('.chart-data').all()) {
		/* Where the drawing does not have every figure the table is open from the start. */
		const open = await details.evaluate((one) => one.open);
		await details.locator('summary').focus();
		if (!open) await page.keyboard.press('Enter');
		if (!await details.locator('table').isVisible()) complaints.push('the table stays closed');
	}
	return complaints;
}

/* ---- contacts ---- */

async function testContacts(reader, shipped, example) {
	for (const tag of LANGUAGES) {
		for (const site of [shipped, example]) {
			await suite.test(`${tag}: the ${site === shipped ? 'shipped' : 'example'} contacts without scripts`, () => reader.open(addressOf(site, `${tag}/contacts.html`), jumpThrough, { javaScriptEnabled: false }));
		}
		await suite.test(`${tag}: numbers on the contacts page can be dialled`, () => reader.open(addressOf(example, `${tag}/contacts.html`), async (page) => {
			for (const [number, href] of [['112', 'tel:112'], ['116 111', 'tel:116111'], ['08-465 004 10', 'tel:0846500410']]) {
				const link = page.locator('a.tel', { hasText: number }).first();
				assert.equal(await link.getAttribute('href'), href);
				const box = await link.boundingBox();
				assert.ok(box.height >= 24 && box.width >= 24, `${number}: ${box.width} × ${box.height}`);
			}
		}, { javaScriptEnabled: false, viewport: PHONE }));
		await suite.test(`${tag}: 112 is on the first screen of the first page`, () => reader.open(addressOf(shipped, `${tag}/index.html`), async (page) => {
			const link = page.locator('main a[href="tel:112"]').first();
			assert.ok(await part.inView(link), 'it is further down');
		}, { viewport: PHONE_TALL, javaScriptEnabled: false }));
	}
	for (const tag of LANGUAGES) await suite.test(`${tag}: each sheet of a district's pack has its contacts`, () => packContacts(reader, example, tag));
}

async function jumpThrough(page) {
	const links = await page.locator('.jump a').all();
	assert.ok(links.length > 1, 'there are districts to jump to');
	for (const link of links) {
		const id = (await link.getAttribute('href')).slice(1);
		await link.click();
		assert.ok(page.url().endsWith(`#${id}`), page.url());
		assert.ok(await part.inView(page.locator(`[id="${id}"]`)), `${id} is not in view`);
		assert.equal((await page.locator(`[id="${id}"] h2`).textContent()).trim(), (await link.textContent()).trim());
	}
}

async function packContacts(reader, example, tag) {
	const pack = unzipped(path.dirname(example), `exempel-exempelstaden-${tag}`);
	const sheets = sheetsIn(pack, tag);
	assert.ok(sheets.length > 1);
	for (const name of sheets) {
		await reader.open(addressOf(pack, name), async (page) => {
			const call = await page.locator('.call').innerText();
			assert.match(call, /08-465 004 10/, name);
			assert.ok(call.includes(tag === 'ar' ? 'مدينة المثال' : 'Exempelstaden'), call);
			assert.doesNotMatch(call, /08-465 004 20/, 'another district’s number');
		}, { javaScriptEnabled: false });
	}
}

/* ---- notices ---- */

async function testNotices(reader, example) {
	await suite.test('a translation that is behind names and links what changed', () => reader.open(addressOf(example, 'ar/exempel.html'), async (page) => {
		const notice = page.locator('div.notice');
		const links = await notice.locator('ul a').evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.textContent]));
		assert.deepEqual(links, [['#pastaende', await page.locator('#pastaende').textContent()]]);
		await notice.locator('ul a').click();
		assert.ok(await part.inView(page.locator('#pastaende')));
		assert.equal(await notice.locator('a[hreflang="sv"]').getAttribute('href'), '../sv/exempel.html', 'the Swedish original');
		none(await page.evaluate(part.noticeFirst, 'div.notice'));
	}));
	await suite.test('a machine translation says so', () => reader.open(addressOf(example, 'ar/exempel.html'), async (page) => {
		const said = await page.locator('div.notice').textContent();
		const machine = faktabladIn(path.dirname(example), 'message', '--lang', 'ar', '--key', 'notice.machine').trim();
		assert.ok(said.includes(machine), said);
	}));
	await suite.test('a text of another language says so, and is marked as that language', () => reader.open(addressOf(example, 'fa/bara-svenska.html'), async (page) => {
		none(await page.evaluate(part.noticeFirst, '.notice:not([hidden])'));
		for (const place of ['.opening', '.text']) {
			assert.deepEqual(await page.locator(place).evaluate((one) => [one.lang, one.dir, getComputedStyle(one).direction]), ['sv', 'ltr', 'ltr']);
		}
		assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
	}));
	const overdue = (page) => page.locator('#page_overdue').isVisible();
	for (const tag of LANGUAGES) {
		const url = addressOf(example, `${tag}/exempel.html`);
		await suite.test(`${tag}: overdue by the reader's clock, from the day after`, async () => {
			assert.equal(await reader.open(url, overdue, { clock: '2027-11-20T23:30:00Z' }), false, 'on the day itself');
			assert.equal(await reader.open(url, overdue, { clock: '2027-11-21T00:30:00Z' }), true, 'on the day after');
		});
		await suite.test(`${tag}: without scripts the dates stand there`, () => reader.open(url, async (page) => {
			assert.equal(await overdue(page), false);
			assert.match(await page.locator('.dates').innerText(), /20\D+2026[^]*20\D+2027/);
		}, { javaScriptEnabled: false, clock: undefined }));
	}
}

/* ---- paper ---- */

async function testPaper(reader, shipped) {
	for (const tag of LANGUAGES) {
		const counts = [];
		const urls = sheetsIn(shipped, tag).map((name) => addressOf(shipped, name));
		await testAspects(reader, `paper in ${tag}`, urls, {
			'dates, sources and addresses stand there, navigation does not': inMedia({ media: 'print' }, part.paper),
			[`at most ${PRINT_MAX_SHEETS} sheets`]: async (page) => {
				const sheets = part.sheetsOfPdf(await page.pdf({ preferCSSPageSize: true }));
				counts.push(`${path.basename(page.url(), '.html')} ${sheets}`);
				return sheets < 1 || sheets > PRINT_MAX_SHEETS ? [`${sheets} sheets`] : [];
			},
		});
		if (counts.length) console.log(`sheets of paper in ${tag}: ${counts.join(', ')}`);
	}
}

/* ---- the order of characters ---- */

async function testOrder(reader, example) {
	for (const [tag, { dir }] of Object.entries(order.LANGUAGES)) {
		await suite.test(`${tag}: numbers, registers, sections and addresses read as written`, () => reader.open(addressOf(example, `${tag}/ordning.html`), async (page) => {
			const lines = order.linesOf(tag);
			/* Wide enough for every line. */
			await page.addStyleTag({ content: '.text ul { max-inline-size: none !important } .text li { white-space: nowrap }' }).catch(() => {});
			const seen = await page.evaluate(order.places, '.text li');
			assert.equal(seen.length, lines.length);
			none(lines.flatMap((line, i) => order.complaintsOfLine(dir, line, seen[i])));
		}, { viewport: { width: 1600, height: 900 }, bypassCSP: true }));
	}
}

/* ---- what was taken back ---- */

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function testWithdrawn(reader, example) {
	const said = {
		sv: ['Ett tillbakadraget blad', '20 november 2026', 'Det stod fel telefonnummer i bladet.'],
		ar: ['نشرة مسحوبة', '20 نوفمبر 2026', 'Det stod fel telefonnummer i bladet.'],
		fa: ['Ett tillbakadraget blad', 'Det stod fel telefonnummer i bladet.'],
	};
	for (const [tag, wanted] of Object.entries(said)) {
		await suite.test(`${tag}: a withdrawn sheet says so, and nothing of what it said`, () => reader.open(addressOf(example, `${tag}/tillbakadraget.html`), async (page) => {
			const text = await page.locator('main').innerText();
			const head = await page.locator('head').innerHTML();
			for (const words of wanted) assert.ok(text.includes(words), `${words}\n${text}`);
			for (const words of ['Ring', 'avsnitt', 'sammanfattning', 'قديم']) assert.ok(!(text + head).includes(words), words);
			assert.match(head, /<meta name="robots" content="noindex">/);
			assert.ok(!/canonical|alternate|ld\+json/.test(head), head);
			await page.evaluate(axeSource);
			none(await page.evaluate(inPage.accessibility, {}));
			await page.setViewportSize(PHONE);
			assert.deepEqual(await page.evaluate(inPage.overflow), { wide: 0, culprits: [] });
			for (const target of ['exempel.html', 'contacts.html', 'index.html']) assert.ok(await page.locator(`main a[href$="${target}"]`).count(), target);
		}));
	}
	await suite.test('nothing leads to a withdrawn sheet', () => {
		const files = fs.readdirSync(example, { recursive: true }).filter((name) => /\.(html|xml)$/.test(name) && !name.endsWith('tillbakadraget.html'));
		none(files.filter((name) => fs.readFileSync(path.join(example, name), 'utf8').includes('tillbakadraget')));
		assert.ok(!fs.existsSync(path.join(unzipped(path.dirname(example), 'exempel-exempelstaden-sv'), 'sv/tillbakadraget.html')), 'the pack');
	});
}

const browser = await launch();
try {
	const shipped = copySite(temporary('shipped'));
	const example = exampleSite();
	leaveBehind(example);
	for (const root of [shipped, example]) faktabladIn(root, 'build', '--quiet');
	const sites = [shipped, example].map((root) => path.join(root, 'public'));
	const reader = new Reader(browser);
	await testClaims(reader, sites);
	await testCharts(reader, sites);
	await testContacts(reader, ...sites);
	await testNotices(reader, sites[1]);
	await testWithdrawn(reader, sites[1]);
	await testPaper(reader, sites[0]);
	await testOrder(reader, sites[1]);
} finally {
	await browser.close();
}
suite.finish();
