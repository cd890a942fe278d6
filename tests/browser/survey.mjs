/*
 * survey: every page of an edition, visited three times: at a desk, on a phone, and without scripts.
 *
 * What takes long (axe, printing, the keyboard) is looked at on every page only where the edition's `whole` says so
 * for the language; elsewhere on one page of each shape in each language: pages whose elements carry the same
 * classes. Links, the console, numbers and what is too wide are looked at on every page.
 *
 * Whatever is wrong becomes a complaint under an aspect ("axe dark"); run.mjs makes tests of the aspects. What pages
 * point at is kept in `described` (page name to what page.mjs describes).
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PATIENCE_MS } from './chromium.mjs';
import * as inPage from './page.mjs';

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 320, height: 640 };
const DESK = { width: 1280, height: 800 };
const PRINT_MAX_SHEETS = 12;
/* A reader whose language no page is in: the choice of languages stays what it is. */
const STRANGER = 'tlh';

/* How many sheets of paper a PDF has, by its page objects. */
const sheetsOfPdf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

/* The classes that a page's elements carry. */
function shapeOf(html) {
	const classes = new Set([...html.matchAll(/\sclass="([^"]*)"/g)].flatMap(([, value]) => value.split(/\s+/)));
	return [...classes].sort().join(' ');
}

/* The pages to look at closely. */
function closePages(ed) {
	const seen = new Set();
	return new Set(ed.pages.filter((name) => {
		const language = name.includes('/') ? name.split('/')[0] : '';
		if (ed.whole.includes(language)) return true;
		const kind = `${language} ${shapeOf(fs.readFileSync(path.join(ed.folder, name), 'utf8'))}`;
		return !seen.has(kind) && seen.add(kind);
	}));
}

export class Survey {
	constructor(browser, ed) {
		this.browser = browser;
		this.ed = ed;
		this.close = closePages(ed);
		this.found = new Map();
		this.described = new Map();
		this.describedWithoutScripts = new Map();
		this.isolated = new Set();
	}

	complaints(aspect) {
		return this.found.get(aspect) ?? [];
	}

	complain(aspect, complaints) {
		this.found.set(aspect, [...this.complaints(aspect), ...complaints]);
	}

	async run() {
		await this.visit('console', { viewport: DESK, reducedMotion: 'reduce' }, (page, name) => this.atDesk(page, name));
		await this.visit('console', { viewport: PHONE }, (page, name) => this.onPhone(page, name));
		await this.visit('console without scripts', { viewport: DESK, javaScriptEnabled: false }, async (page, name) => {
			this.describedWithoutScripts.set(name, await page.evaluate(inPage.describe));
		});
		await this.switchLanguages();
	}

	/* Every page in one fresh context. What the console and the network have to say goes under `aspect`. */
	async visit(aspect, options, body) {
		await this.open(aspect, options, async (page) => {
			for (const name of this.ed.pages) {
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
		this.described.set(name, await page.evaluate(inPage.describe));
		if (!this.close.has(name)) return;
		complain('keyboard', await this.firstTab(page));
		await page.evaluate(axeSource);
		for (const colorScheme of ['light', 'dark']) {
			await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
			complain(`axe ${colorScheme}`, await page.evaluate(inPage.accessibility));
		}
		await page.emulateMedia({ colorScheme: 'light' });
		const sheets = sheetsOfPdf(await page.pdf({ format: 'A4' }));
		complain('print', sheets < 1 || sheets > PRINT_MAX_SHEETS ? [`${sheets} sheets of paper`] : []);
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
		const { wrong } = await page.evaluate(inPage.misordered);
		this.complain('order', wrong.map((text) => `${name}: “${text}” is shown out of order`));
		for (const text of await page.locator('bdi[dir="ltr"]').allTextContents()) this.isolated.add(text.trim());
		for (const size of ['100%', '200%']) {
			await page.evaluate((value) => { document.documentElement.style.fontSize = value; }, size);
			const { wide, culprits } = await page.evaluate(inPage.overflow);
			if (wide > 0) this.complain(`overflow ${size}`, [`${name}: ${wide} px too wide: ${culprits.join(' ')}`]);
		}
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
