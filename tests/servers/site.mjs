/*
 * site: little sites as build would have left them: public/ with its manifest, in several versions.
 *
 * A version has about forty files: start pages, sheets in three languages, a style with a fingerprint in its name
 * that every page refers to, a picture whose name needs care in addresses, packs, and what leads to the pages. Of two
 * versions a third of the sheets differ, each lacks sheets that the other has, and each has a style of its own.
 */
import { createCipheriv } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { digest, seeded } from '../lib/program.mjs';

const LANGUAGES = ['sv', 'en', 'ar'];
const SHEETS = 10;
const PACK_BYTES = 150_000;
export const PICTURE = 'media/kök 50% + (1).png';

function bytesOf(seed, count) {
	const random = seeded(seed);
	return Buffer.from(Uint8Array.from({ length: count }, () => Math.floor(random() * 256)));
}

const styleOf = (version) => {
	const text = `/* ${version} */\nbody { margin: 0 }\n`;
	return { name: `assets/site.${digest(text).slice(0, 8)}.css`, text };
};

function page(language, title, style, body) {
	return `<!DOCTYPE html>\n<html lang="${language}"><head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/${style}"></head>\n<body>${body}</body></html>\n`;
}

/* A version's files, as a Map of path → bytes. `version` is a small number; 0 is the oldest. */
export function siteOf(version, { packBytes = PACK_BYTES } = {}) {
	const style = styleOf(version);
	const files = { [style.name]: style.text, [PICTURE]: bytesOf(1, 3000), 'packs/blad-sv.zip': bytesOf(100 + version, packBytes) };
	for (const language of LANGUAGES) {
		for (let sheet = 0; sheet < SHEETS; sheet++) {
			if (sheet % 5 === version % 5) continue;
			const text = sheet % 3 === 0 ? `version ${version} `.repeat(700) : 'som förr '.repeat(200 * sheet);
			files[`${language}/blad-${sheet}.html`] = page(language, `Blad ${sheet}`, style.name, text);
		}
		files[`${language}/index.html`] = page(language, `Start ${version}`, style.name, `<a href="blad-1.html">1</a>`);
	}
	files['packs/SHA256SUMS'] = `${digest(files['packs/blad-sv.zip'])}  blad-sv.zip\n`;
	files['index.html'] = page('sv', `Blad ${version}`, style.name, '<a href="sv/index.html">sv</a>');
	files['404.html'] = page('sv', 'Finns inte', style.name, '');
	files['sitemap.xml'] = `<urlset><!-- ${version} --></urlset>\n`;
	return new Map(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes)]));
}

/* Many bytes that nothing can make fewer, the same ones each time. */
export const largePack = (count) => createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(count));

/* A copy with some files changed, added (bytes) or taken away (null). */
export function changed(files, changes) {
	const made = new Map(files);
	for (const [name, bytes] of Object.entries(changes)) {
		if (bytes === null) made.delete(name);
		else made.set(name, Buffer.from(bytes));
	}
	return made;
}

/* Files that stay on a target for readers of old pages. */
export const isFingerprinted = (name) => /(^|\/)[^/]+\.[0-9a-f]{8}\.[a-z0-9]+$/.test(name);

/* The folder becomes these files, with their manifest. */
export function writeSite(folder, files) {
	fs.rmSync(folder, { recursive: true, force: true });
	const names = [...files.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
	for (const name of names) {
		fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
		fs.writeFileSync(path.join(folder, name), files.get(name));
	}
	const lines = names.map((name) => `${digest(files.get(name))} ${files.get(name).length} ${name}\n`);
	fs.writeFileSync(path.join(folder, '.faktablad-manifest'), `faktablad-manifest 1\n${lines.join('')}`);
	return folder;
}
