/*
 * screenshot: one picture of the built site as readers meet it: a wide page, and two phones in two directions.
 *
 *	node tests/browser/screenshot.mjs OUT.png
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { copySite, faktablad, temporary } from '../lib/program.mjs';
import { launch } from './chromium.mjs';
import { serve } from './server.mjs';

const out = path.resolve(process.argv[2]);
/* `show`: what stands at the top, where that is not the page's beginning. */
const views = [
	{ page: 'sv/rykten-och-fakta.html', show: '#beslut', width: 1240, height: 920, shown: 1024 },
	{ page: 'sv/stod-till-foraldrar.html', show: '#fler-soker', width: 390, height: 844, shown: 351 },
	{ page: 'ar/contacts.html', width: 390, height: 844, shown: 351 },
];
const GAP = 32;

const root = copySite(temporary('screenshot'));
const built = faktablad(['--root', root, 'build', '--quiet']);
assert.equal(built.status, 0, built.stdout + built.stderr);

const server = await serve(path.join(root, 'public'));
const browser = await launch();

async function shoot({ page: name, show, width, height }) {
	const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 2, colorScheme: 'light' });
	const page = await context.newPage();
	await page.goto(`${server.address}${name}`);
	if (show) await page.locator(show).first().evaluate((one) => window.scrollTo(0, one.getBoundingClientRect().top - 24));
	const image = await page.screenshot();
	await context.close();
	return `data:image/png;base64,${image.toString('base64')}`;
}

try {
	const images = [];
	for (const view of views) images.push(await shoot(view));
	const width = views.reduce((sum, view) => sum + view.shown + GAP, GAP);
	const page = await browser.newPage({ viewport: { width, height: 760 + 2 * GAP } });
	const figures = images.map((image, i) => `<img src="${image}" width="${views[i].shown}" height="760">`);
	await page.setContent(`<style>body { margin: 0; padding: ${GAP}px; box-sizing: border-box; display: flex; gap: ${GAP}px; background: #d9dee3 }
		img { border-radius: 8px; box-shadow: 0 2px 12px #0004; object-fit: cover; object-position: top }</style>${figures.join('')}`);
	await page.screenshot({ path: out });
} finally {
	await browser.close();
	await server.close();
}
