/*
 * content: what the shipped sheets must hold.
 *
 * inventory.tsv lists the programmes, bodies, structures and figures of the city's documents, one a line: who looks for
 * it (guardian, staff), and the words by which they find it in Swedish; or `none` and why nobody needs it. Guardians must
 * find theirs in a sheet that is for them, staff in any; the glossary and the districts count for both. The words are
 * sought as they are written, capitals aside; `|` stands between alternatives. A figure is sought by its fact.
 *
 * Also: every sheet exists in all three languages, cites sources, is dated, and ends with where to find help; its claims
 * keep their myths out of titles, descriptions, headings, links and addresses.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { repository } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';

const content = path.join(repository, 'content');
const languages = ['sv', 'en', 'ar'];
const sheets = [
	'akut-hjalp', 'dina-rattigheter', 'familjecentral-oppen-forskola', 'forskolans-anmalningsskyldighet', 'granska-kallan',
	'hot-och-trygghet', 'nar-barn-hotar-med-soc', 'orosanmalan', 'rykten-och-fakta', 'samverkan-i-stadsdelen',
	'stod-till-foraldrar', 'vad-socialtjansten-gor', 'vem-beslutar-lvu',
];
const inventorySize = 143;
const suite = new Suite('content');

const read = (...parts) => {
	const file = path.join(content, ...parts);
	return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
};

/* A sheet's front matter and its text. */
function sheet(language, slug) {
	const [, front = '', text = ''] = read(language, `${slug}.md`).match(/^---\n([^]*?)\n---\n([^]*)$/) ?? [];
	return { front, text };
}

/* The value of a key of the front matter, written on one line. */
const field = (front, key) => front.match(new RegExp(`^${key}: *(.*)$`, 'm'))?.[1] ?? '';

function rows() {
	const lines = fs.readFileSync(path.join(repository, 'tests/content/inventory.tsv'), 'utf8').trimEnd().split('\n').slice(1);
	return lines.map((line) => {
		const [id, sv, who, pattern, note] = line.split('\t');
		return { id, sv, who, pattern, note };
	});
}

const data = read('data', 'glossary.yaml') + read('data', 'districts.yaml');
const swedish = sheets.map((slug) => sheet('sv', slug));

/* Everything Swedish that somebody reads, in small letters and with single spaces. */
function readable(who) {
	const own = swedish.filter(({ front }) => who === 'staff' || field(front, 'audience').includes(who));
	return (own.map(({ front, text }) => `${front}\n${text}`).join('\n') + data).toLowerCase().replace(/\s+/g, ' ');
}

const texts = { guardian: readable('guardian'), staff: readable('staff') };

function checkRow({ id, sv, who, pattern, note }) {
	if (who === 'none') return assert.ok(note, `${id} (${sv}) says none but not why`);
	assert.ok(texts[who], `${id}: “${who}” is neither guardian, staff nor none`);
	assert.ok(pattern, `${id} (${sv}) has no pattern`);
	const found = pattern.toLowerCase().split('|').some((words) => texts[who].includes(words.trim()));
	assert.ok(found, `${id} (${sv}): no sheet for ${who} has “${pattern}”`);
}

const words = (text) => text.toLowerCase().replace(/\[@[^\]]*\]/g, '').match(/[\p{L}\p{N}]+/gu)?.join(' ') ?? '';

/* What a myth must not stand in: titles, descriptions, headings, and the texts of links. */
const prominent = ({ front, text }) => [
	field(front, 'title'), field(front, 'description'),
	...[...text.matchAll(/^#+ (.*?)(?: \{#.*)?$/gm)].map((match) => match[1]),
	...[...text.matchAll(/\[([^\]@!][^\]]*)\]\(/g)].map((match) => match[1]),
].map(words);

const myths = ({ text }) => [...text.matchAll(/^> \[!MYTH\]\n((?:>.*\n?)+)/gm)].map((match) => words(match[1]));

function checkSheet(language, slug) {
	const { front, text } = sheet(language, slug);
	assert.ok(text, `content/${language}/${slug}.md is missing, or has no front matter`);
	for (const key of ['title', 'description']) assert.ok(field(front, key), `no ${key}`);
	assert.match(text, /\[@[a-z0-9-]+, /, 'no citation with a place');
	assert.match(text, /> \[!HELP\]/, 'no help');
	for (const myth of myths({ text })) {
		assert.ok(!prominent({ front, text }).includes(myth), `the myth “${myth}” stands in a title, a heading or a link`);
	}
	if (language !== 'sv') return assert.match(front, /^translation:[ \n]/m, 'no state of translation');
	for (const key of ['weight', 'audience']) assert.ok(field(front, key), `no ${key}`);
	for (const key of ['reviewed', 'review_by']) assert.match(field(front, key), /^\d{4}-\d\d-\d\d$/, `no ${key}`);
}

await suite.test('inventory', () => {
	const expected = Array.from({ length: inventorySize }, (_, index) => `S${String(index + 1).padStart(3, '0')}`);
	assert.deepEqual(rows().map((row) => row.id), expected);
	const missing = rows().flatMap((row) => {
		try {
			checkRow(row);
			return [];
		} catch (error) {
			return [error.message];
		}
	});
	assert.equal(missing.length, 0, missing.join('\n'));
});

for (const language of languages) {
	for (const slug of sheets) await suite.test(`${language}/${slug}`, () => checkSheet(language, slug));
}
suite.finish();
