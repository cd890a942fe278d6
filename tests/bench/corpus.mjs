/*
 * corpus: a large site of made-up sheets, the same for the same seed, for faktablad and for Hugo.
 *
 *	node tests/bench/corpus.mjs FOLDER [SHEETS [SEED]]
 *
 * FOLDER/content/<language>/sheet-0001.md … in 20 languages (their scripts, invented words), each with sections, a
 * list, a callout and links to other sheets' sections. Beside it faktablad.yaml, locales/ and templates/, and
 * hugo/ with templates that make the same page: head with alternates, language switcher, neighbours, text.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { seeded } from '../lib/program.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const latin = 'a e i o u ba de fi go ha ka li ma ne or pa ra se ti va lan ker ston fam bar mot var ned'.split(' ');
const arabic = 'ا ب ت ال من في عل كا مد نو سي رب لم هم ير قد حو'.split(' ');
const cyrillic = 'а во го да ел жи за ко ла ми но пе ро си то ук ять сть'.split(' ');
const scripts = {
	latin, arabic, cyrillic, ethiopic: 'ሀ ለ መ ሰ ረ በ ተ ነ አ ከ ወ ዘ የ ደ ገ ጠ'.split(' '),
	thai: 'กา ขอ คน งา จะ ชา ดี ตน ทำ นะ บา ปี มา ยา'.split(' '),
};
export const languages = {
	sv: 'latin', en: 'latin', ar: 'arabic', bs: 'latin', de: 'latin', es: 'latin', fa: 'arabic', fi: 'latin', fr: 'latin', hr: 'latin',
	pl: 'latin', ro: 'latin', ru: 'cyrillic', so: 'latin', sq: 'latin', th: 'thai', ti: 'ethiopic', tr: 'latin', uk: 'cyrillic', ur: 'arabic',
};
const rightToLeft = new Set(['ar', 'fa', 'ur']);
const SECTIONS = 3;

class Writer {
	constructor(random, syllables) {
		this.random = random;
		this.syllables = syllables;
	}
	number(below) { return Math.floor(this.random() * below); }
	word() { return Array.from({ length: 1 + this.number(3) }, () => this.syllables[this.number(this.syllables.length)]).join(''); }
	words(count) { return Array.from({ length: count }, () => this.word()).join(' '); }
	sentence() { return `${this.words(5 + this.number(8))}.`; }
	paragraph() { return Array.from({ length: 2 + this.number(3) }, () => this.sentence()).join(' '); }
}

const slug = (number) => `sheet-${String(number + 1).padStart(4, '0')}`;

/* `target`: where it links to, the same in every language, as in translations of one text. */
function section(writer, number, target) {
	const link = `[${writer.words(3)}](${slug(target.sheet)}.md#part-${target.part})`;
	const items = Array.from({ length: 3 }, () => `- ${writer.sentence()}`).join('\n');
	const callout = number === 2 ? `> [!NOTE]\n> ${writer.sentence()}\n\n` : '';
	return `## ${writer.words(4)} {#part-${number}}\n\n${writer.paragraph()} ${link}\n\n${number === 1 ? `${items}\n\n` : ''}${callout}**${writer.words(2)}** *${writer.word()}* ${writer.sentence()}\n`;
}

function sheet(writer, number, targets) {
	const sections = targets.map((target, i) => section(writer, i + 1, target)).join('\n');
	return `---\ntitle: ${writer.words(4)}\ndescription: ${writer.words(9)}\nweight: ${number + 1}\n---\n${writer.paragraph()}\n\n${sections}`;
}

function writeContent(folder, sheets, seed) {
	const random = seeded(seed);
	const below = (count) => Math.floor(random() * count);
	const targets = Array.from({ length: sheets }, () => Array.from({ length: SECTIONS }, () => ({ sheet: below(sheets), part: 1 + below(SECTIONS) })));
	for (const [index, [language, script]] of Object.entries(languages).entries()) {
		const writer = new Writer(seeded(seed + index), scripts[script]);
		const target = path.join(folder, 'content', language);
		fs.mkdirSync(target, { recursive: true });
		for (let number = 0; number < sheets; number++) fs.writeFileSync(path.join(target, `${slug(number)}.md`), sheet(writer, number, targets[number]));
	}
}

function writeFaktablad(folder) {
	const tags = Object.keys(languages);
	fs.writeFileSync(path.join(folder, 'faktablad.yaml'), `title: Bench
base_url: https://bench.example/
source_language: sv
languages:
${tags.map((tag) => `  ${tag}:`).join('\n')}
editions:
  web: {face: web, languages: all}
  bench: {face: folder, languages: all, each: language}
  bench-all: {face: folder, languages: all}
`);
	fs.cpSync(path.join(here, 'templates'), path.join(folder, 'templates'), { recursive: true });
	fs.mkdirSync(path.join(folder, 'locales'));
	for (const tag of tags) fs.copyFileSync(path.join(here, 'locale.yaml'), path.join(folder, 'locales', `${tag}.yaml`));
}

function writeHugo(folder) {
	const hugo = path.join(folder, 'hugo');
	fs.cpSync(path.join(here, 'hugo'), hugo, { recursive: true });
	const sections = Object.keys(languages).map((tag, index) => `[languages.${tag}]
contentDir = "${path.join(folder, 'content', tag)}"
languageName = "${tag}"
languageDirection = "${rightToLeft.has(tag) ? 'rtl' : 'ltr'}"
weight = ${index + 1}
`);
	fs.appendFileSync(path.join(hugo, 'config.toml'), `\n${sections.join('\n')}`);
}

export function writeCorpus(folder, sheets = 1000, seed = 1) {
	fs.mkdirSync(folder, { recursive: true });
	writeContent(folder, sheets, seed);
	writeFaktablad(folder);
	writeHugo(folder);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [folder, sheets, seed] = process.argv.slice(2);
	if (!folder || folder.startsWith('-')) {
		console.error('usage: node tests/bench/corpus.mjs FOLDER [SHEETS [SEED]]');
		process.exit(2);
	}
	writeCorpus(folder, Number(sheets ?? 1000), Number(seed ?? 1));
}
