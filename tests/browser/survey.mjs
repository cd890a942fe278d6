/*
 * survey: the pages of an edition, read from their bytes, and opened in the browser at a desk, on a phone and without
 * scripts.
 *
 * Every page is read: what it says of itself and points at is kept in `described` (page name to what read.mjs and
 * page.mjs describe). Opened are, on the web, every page in the languages that the edition calls `whole`, and in each
 * other language enough pages that every class of an element is seen; in a pack the same for each direction, since its
 * pages are the web's.
 *
 * Whatever is wrong becomes a complaint under an aspect ("axe dark"); run.mjs makes tests of the aspects.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PATIENCE_MS } from './chromium.mjs';
import * as inPage from './page.mjs';
import { sheetsOfPdf } from './part.mjs';
import { classesOf, isolatedTexts, read } from './read.mjs';

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 320, height: 640 };
const DESK = { width: 1280, height: 800 };
/* An A4 sheet less a centimetre on each side. */
const PAPER = { width: 718, height: 1047 };
const PRINT_MAX_SHEETS = 12;
/* A reader whose language no page is in: the choice of languages stays what it is. */
const STRANGER = 'tlh';

/* Enough of the pages that every class of all of them is on one; the richest first. */
function cover(names, texts) {
	const classes = new Map(names.map((name) => [name, classesOf(texts.get(name))]));
	const seen = new Set();
	return [...names].sort((a, b) => classes.get(b).length - classes.get(a).length).filter((name) => {
		const adds = classes.get(name).some((one) => !seen.has(one));
		for (const one of classes.get(name)) seen.add(one);
		return adds;
	});
}

/* The pages to open. */
function chosenPages(ed, texts, described) {
	const groups = new Map();
	for (const name of ed.pages) {
		const language = name.includes('/') ? name.split('/')[0] : 'none';
		const group = ed.isPack ? described.get(name).dir : language;
		groups.set(group, [...groups.get(group) ?? [], name]);
	}
	return [...groups].flatMap(([group, names]) => (ed.whole.includes(group) ? names : cover(names, texts))).sort();
}

export class Survey {
	constructor(browser, ed) {
		this.browser = browser;
		this.ed = ed;
		const texts = new Map(ed.pages.map((name) => [name, fs.readFileSync(path.join(ed.folder, name), 'utf8')]));
		this.described = new Map([...texts].map(([name, text]) => [name, read(text)]));
		this.isolated = new Set([...texts.values()].flatMap(isolatedTexts));
		this.chosen = chosenPages(ed, texts, this.described);
		this.found = new Map();
	}

	/* In words, which pages are opened. */
	choice() {
		const whole = this.ed.whole.join(', ');
		return this.ed.isPack ? 'every part of a page in each direction' : `every page in ${whole}, every part of a page in each other language`;
	}

	complaints(aspect) {
		return this.found.get(aspect) ?? [];
	}

	complain(aspect, complaints) {
		this.found.set(aspect, [...this.complaints(aspect), ...complaints]);
	}

	async run() {
		await this.visit('console', { viewport: DESK, reducedMotion: 'reduce' }, async (page, name) => {
			this.compare(name, await page.evaluate(inPage.describe));
			await this.atDesk(page, name);
			await this.onPhone(page, name);
		});
		await this.visit('console without scripts', { viewport: DESK, javaScriptEnabled: false }, async (page, name) => {
			this.compare(name, await page.evaluate(inPage.describe));
		});
		await this.switchLanguages();
	}

	/* What was read is what the browser sees, with scripts and without. */
	compare(name, seen) {
		const known = this.described.get(name);
		const text = (value) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
		const differing = Object.keys(seen).filter((key) => text(seen[key]) !== text(known[key]));
		this.complain('reading', differing.map((key) => `${name}: ${key}: ${JSON.stringify(known[key])} and in the browser ${JSON.stringify(seen[key])}`));
	}

	/* Every chosen page in one fresh context. What the console and the network have to say goes under `aspect`. */
	async visit(aspect, options, body) {
		await this.open(aspect, options, async (page) => {
			for (const name of this.chosen) {
				await page.goto(this.ed.address + name);
				await body(page, name);
			}
		});
	}

	async open(aspect, options, body) {
		const context = await this.browser.newContext({ locale: STRANGER, ...options });
		context.setDefaultTimeout(PATIENCE_MS);
		const page = await context.newPage();
		const complain = (text) => this.complain(aspect, [`${page.url().slice(this.ed.address.length)}: ${text}`]);
		page.on('console', (message) => complain(`console ${message.type()}: ${message.text()}`));
		page.on('pageerror', (error) => complain(`error: ${error.message}`));
		page.on('response', (response) => { if (response.status() >= 400) complain(`${response.status()} for ${response.url()}`); });
		page.on('request', (request) => {
			if (!request.url().startsWith(this.ed.address) && !request.url().startsWith('data:')) complain(`asks for ${request.url()}`);
		});
		page.on('requestfailed', (request) => {
			/* Leaving a page ends what it was still fetching; anything else that fails is a fault. */
			const why = request.failure()?.errorText;
			if (why !== 'net::ERR_ABORTED') complain(`${request.url()}: ${why}`);
		});
		try {
			await body(page);
		} finally {
			await context.close();
		}
	}

	async atDesk(page, name) {
		const complain = (aspect, complaints) => this.complain(aspect, complaints.map((text) => `${name}: ${text}`));
		complain('keyboard', await this.firstTab(page));
		await page.evaluate(axeSource);
		complain('axe light', await page.evaluate(inPage.accessibility, {}));
		/* Nothing but colours is different in the dark. */
		await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
		complain('axe dark', await page.evaluate(inPage.accessibility, { runOnly: ['color-contrast', 'link-in-text-block'] }));
		await page.emulateMedia({ colorScheme: 'light' });
		const sheets = sheetsOfPdf(await page.pdf({ format: 'A4' }));
		complain('print', sheets < 1 || sheets > PRINT_MAX_SHEETS ? [`${sheets} sheets of paper`] : []);
		complain('print', await this.onPaper(page));
	}

	async onPaper(page) {
		await page.setViewportSize(PAPER);
		await page.emulateMedia({ media: 'print' });
		const { wide, culprits } = await page.evaluate(inPage.overflow);
		await page.emulateMedia({ media: 'screen' });
		await page.setViewportSize(DESK);
		return wide > 0 ? [`${wide} px too wide for paper: ${culprits.join(' ')}`] : [];
	}

	/* The first stop is the skip link; it can be seen, and leads into the page. */
	async firstTab(page) {
		await page.keyboard.press('Tab');
		const href = await page.evaluate(() => document.activeElement?.getAttribute('href'));
		if (!href?.startsWith('#')) return [`the first stop is ${href}`];
		const box = await page.locator(':focus').boundingBox();
		if (!box || box.width < 10 || box.height < 10 || box.x < 0 || box.y < 0) return ['the skip link cannot be seen'];
		await page.keyboard.press('Enter');
		try {
			await page.waitForURL((url) => decodeURIComponent(url.hash) === href, { timeout: PATIENCE_MS });
			return [];
		} catch {
			return [`the skip link leads to ${page.url()}`];
		}
	}

	async onPhone(page, name) {
		await page.setViewportSize(PHONE);
		const { wrong } = await page.evaluate(inPage.misordered);
		this.complain('order', wrong.map((text) => `${name}: “${text}” is shown out of order`));
		for (const size of ['100%', '200%']) {
			await page.evaluate((value) => { document.documentElement.style.fontSize = value; }, size);
			const { wide, culprits } = await page.evaluate(inPage.overflow);
			if (wide > 0) this.complain(`overflow ${size}`, [`${name}: ${wide} px too wide: ${culprits.join(' ')}`]);
		}
		await page.setViewportSize(DESK);
	}

	/* From one sheet to each other language and back, clicked as a reader would. */
	async switchLanguages() {
		const languages = [...new Set(this.ed.pages.filter((name) => name.includes('/')).map((name) => name.split('/')[0]))];
		const start = this.ed.pages.find((name) => name.startsWith(`${languages.includes('sv') ? 'sv' : languages[0]}/`) && !/\/(index|packs)\.html$/.test(name));
		await this.open('switcher', { viewport: DESK }, async (page) => {
			for (const language of languages.filter((tag) => !start.startsWith(`${tag}/`))) {
				await page.goto(this.ed.address + start);
				await page.locator(`header a[hreflang="${language}"]`).first().click();
				const arrived = page.url().slice(this.ed.address.length);
				if (!arrived.startsWith(`${language}/`)) this.complain('switcher', [`${start}: ${language} leads to ${arrived}`]);
			}
		});
	}
}
