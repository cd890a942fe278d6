/*
 * cases: sites made to hurt. Each writes its files into a fresh root through `site` (below).
 *
 * `says` is a rule that must be reported; then the exit status must be 1. Without it 0 and 1 are both fine: what
 * counts is that the program ends by itself, in time, in little memory, and with a diagnostic when it refuses.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repository } from '../lib/program.mjs';

const MIB = 1 << 20;
const FRONT = '---\ntitle: Prov\n---\n';

/* A root to write hostile files into. */
export class Site {
	constructor(root) {
		this.root = root;
		fs.mkdirSync(path.join(root, 'content/sv'), { recursive: true });
	}
	at(name) { return path.join(this.root, name); }
	write(name, bytes) {
		fs.mkdirSync(path.dirname(this.at(name)), { recursive: true });
		fs.writeFileSync(this.at(name), bytes);
	}
	sheet(body, name = 'a') { this.write(`content/sv/${name}.md`, Buffer.isBuffer(body) ? Buffer.concat([Buffer.from(FRONT), body]) : FRONT + body); }
	front(yaml) { this.write('content/sv/a.md', `---\n${yaml}\n---\nText.\n`); }
	config(yaml) { this.write('faktablad.yaml', yaml); }
	message(text) { this.write('locales/sv.yaml', `prov: '${text}'\n`); }
	/* The program's own templates, one of them replaced. */
	template(text) {
		fs.cpSync(path.join(repository, 'templates'), this.at('templates'), { recursive: true });
		this.write('templates/sheet.mustache', text);
	}
}

const fill = (piece, bytes = 0.9 * MIB) => piece.repeat(Math.floor(bytes / Buffer.byteLength(piece)));
const nested = (open, middle, close, depth) => open.repeat(depth) + middle + close.repeat(depth);
const lines = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join('\n');

/* Markdown: one sheet whose text is this. */
const texts = {
	'quotes nested 100,000 deep': () => `${'>'.repeat(100_000)} x\n`,
	'quotes reopened on every line': () => lines(1000, (i) => `${'> '.repeat(i % 400)}x`),
	'lists nested 900 deep': () => lines(900, (i) => `${'  '.repeat(i)}- x`),
	'list markers nested on one line': () => `${'- '.repeat(100_000)}x\n`,
	'opening brackets': () => '['.repeat(200_000),
	'brackets nested': () => nested('[', 'a', '](b)', 50_000),
	'images nested': () => nested('![', 'a', '](b)', 50_000),
	'link openings': () => '[a]('.repeat(50_000),
	'link ends without a beginning': () => ']('.repeat(450_000),
	'links that are almost one': () => fill('[a] (b.md) '),
	'columns of tabs': () => fill('a\tb\n'),
	'link openings with angle brackets': () => '[a](<b'.repeat(50_000),
	'emphasis that never closes': () => '*a **a '.repeat(60_000),
	'emphasis nested': () => nested('*', 'a', '*', 100_000),
	'emphasis of alternating marks': () => '*_'.repeat(200_000),
	'code spans of every length': () => lines(1200, (i) => 'e'.concat('`'.repeat(i + 1))),
	'entities': () => fill('&amp;&#x41;&nosuch;'),
	'unclosed comments and tags': () => '<!-- '.repeat(30_000) + '<a '.repeat(30_000),
	'raw HTML of 900 kB': () => `<div>\n${fill('<b class="x">y</b>\n')}</div>\n`,
	'reference definitions': () => lines(30_000, (i) => `[r${i}]: a.md\n[r${i}]`),
	'hard breaks': () => fill('a\\\n'),
	'thematic breaks': () => fill('***\n'),
	'backslashes': () => '\\'.repeat(900_000),
	'carriage returns': () => '\r'.repeat(500_000),
	'tabs': () => fill('\t- a\n'),
	'pipe tables': () => fill('| a | b |\n|---|---|\n'),
	'opening braces': () => '{'.repeat(200_000),
	'closing braces': () => '}'.repeat(200_000),
	'heading attributes': () => fill('## a {#b .c d=e}\n'),
	'plurals nested': () => nested('{a, plural, other {', 'x', '}}', 20_000),
	'citations': () => fill('[@nosuch, 1 §] '),
	'citation openings': () => '[@'.repeat(200_000),
	'callouts nested': () => lines(500, (i) => `${'> '.repeat(i)}[!MYTH]`),
	'callouts': () => fill('> [!MYTH]\n> x\n\n'),
	'one id of 100 kB': () => `## a {#${'b'.repeat(100_000)}}\n`,
	'a heading of 900 kB': () => `## ${'ab '.repeat(300_000)}\n`,
	'private-use characters': () => fill('\u{e000}\u{f8ff}\u{f0000}\u{10fffd}{fact}'),
	'combining marks': () => `a${'\u0301'.repeat(400_000)}\n`,
	'directional controls': () => fill('\u202e\u2066\u200f112 \u2069'),
	'phone numbers': () => fill('116 111 08-508 00 000 +46 8 508 '),
	'addresses': () => fill('https://example.org/a(b)c '),
	'facts that are dates in the year 10^9': () => '{x, date, ::yMMMM} '.repeat(20_000),
};

const bytes = {
	'invalid UTF-8': { body: Buffer.from([0x61, 0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5, 0x0a]), says: 'file/not-utf8' },
	'UTF-16': { body: Buffer.from('\ufeffhej', 'utf16le'), says: 'file/not-utf8' },
	'NUL bytes': { body: Buffer.from('a\0b\0\0\n\0') },
	'every byte': { body: Buffer.from(Array.from({ length: 256 }, (_, i) => i)), says: 'file/not-utf8' },
	'a megabyte of 0x80': { body: Buffer.alloc(MIB - 100, 0x80), says: 'file/not-utf8' },
};

const laughs = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghi'.split('').map((name, i) => {
	const before = String.fromCharCode('a'.charCodeAt(0) + i);
	return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
})].join('\n');

/* YAML: the same texts as front matter, configuration, facts, and messages. */
const yamls = {
	'aliases that multiply': { text: laughs, says: 'yaml/limit' },
	'an alias to itself': { text: 'a: &a [*a]', says: 'yaml/limit' },
	'lists nested 100,000 deep': { text: `a: ${'['.repeat(100_000)}` },
	'maps nested 100,000 deep': { text: `a: ${'{b: '.repeat(100_000)}` },
	'indented 700 deep': { text: lines(700, (i) => `${' '.repeat(i)}a:`) },
	'an unclosed quote': { text: `a: "${'x'.repeat(100_000)}`, says: 'yaml/syntax' },
	'100,000 keys': { text: lines(60_000, (i) => `k${i}: ${i}`) },
	'one key 50,000 times': { text: lines(50_000, () => 'title: x') },
	'tags': { text: 'title: !!binary "gibberish"\nweight: !!python/object:os.system {}' },
	'complex keys': { text: '? [a, b]\n: c\n? {d: e}\n: f' },
	'many documents': { text: 'title: a\n--- \ntitle: b\n...\n--- c' },
	'numbers without end': { text: `weight: ${'9'.repeat(100_000)}` },
	'dates that are none': { text: 'reviewed: 0000-00-00\nreview_by: 9999-99-99\ndate: -1-1-1' },
	'block scalars': { text: `title: |\n${fill('  x\n', 500_000)}` },
	'percent directives': { text: '%YAML 99.9\n%TAG ! x\ntitle: a' },
	'control characters': { text: 'title: "a\u0007\u001b[31m\u0000b"' },
};

/* Templates: sheet.mustache is this. */
const templates = {
	'a partial that includes itself': { text: '{{>sheet}}' },
	'a parent that is itself': { text: '{{<sheet}}{{/sheet}}' },
	'partials in a circle': { text: '{{>one}}', more: { 'one.mustache': '{{>two}}{{>two}}', 'two.mustache': '{{>one}}{{>one}}' } },
	'sections nested 100,000 deep': { text: nested('{{#a}}', 'x', '{{/a}}', 100_000) },
	'sections that never end': { text: '{{#a}}'.repeat(100_000), says: 'template/limit' },
	'tags that never end': { text: '{{'.repeat(100_000), says: 'template/syntax' },
	'delimiters changed for ever': { text: '{{=<% %>=}}<%={{ }}=%>'.repeat(20_000) },
	'a name of a megabyte': { text: `{{${'a'.repeat(MIB)}}}` },
	'a dotted name of 100,000 parts': { text: `{{${'a.'.repeat(100_000)}a}}` },
	'languages in languages in languages': { text: `{{#languages}}${'{{#languages}}'.repeat(12)}x{{name}}${'{{/languages}}'.repeat(12)}{{/languages}}` },
	'a body a hundred thousand times': { text: '{{{body}}}'.repeat(100_000) },
	'invalid UTF-8': { text: Buffer.from([0x7b, 0x7b, 0xff, 0x7d, 0x7d]), says: 'file/not-utf8' },
	'a partial outside': { text: '{{>../../../../etc/passwd}}', says: 'template/missing-partial' },
	'a message that is a template': { text: '{{#t}}{{#t}}{{#t}}a{{/t}}{{/t}}{{/t}}' },
};

const messages = {
	'opening braces': '{'.repeat(100_000),
	'plurals nested 20,000 deep': nested('{a, plural, other {', 'x', '}}', 20_000),
	'selects side by side': '{a, select, b {x} other {y}}'.repeat(20_000),
	'a million selectors': `{a, plural, ${lines(50_000, (i) => `=${i} {x}`).replaceAll('\n', ' ')} other {y}}`,
	'an offset without end': `{a, plural, offset:${'9'.repeat(1000)} other {#}}`,
	'a skeleton without end': `{a, number, ::${'currency/SEK '.repeat(5000)}}`,
	'a date skeleton without end': `{a, date, ::${'y'.repeat(50_000)}}`,
	'a number with 100,000 zeros': `{a, number, ::.${'0'.repeat(100_000)}}`,
	'an argument name of 100 kB': `{${'a'.repeat(100_000)}}`,
};

/* The PNG signature and a header that claims 4 billion by 4 billion pixels. */
const lyingPng = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(8, 0xff), Buffer.from('0802000000', 'hex')]);

function links(site, href) {
	for (let i = 0; i < 15; i++) site.sheet(`${lines(70_000, () => `[a](${href})`)}\n`, `s${i}`);
}

/* What lies in the file system rather than in a text. */
const files = {
	'a line of 50 MB': { make: (site) => site.sheet('a'.repeat(50 * MIB)), says: 'file/too-large' },
	'a line of 50 MB in a message file': { make: (site) => { site.sheet('x'); site.write('locales/sv.yaml', `a: ${'b'.repeat(50 * MIB)}\n`); } },
	'a line of 50 MB in the facts': { make: (site) => { site.sheet('x'); site.write('content/data/facts.yaml', `a: ${'b'.repeat(50 * MIB)}\n`); } },
	'a line of 50 MB in a template': { make: (site) => { site.sheet('x'); site.template('a'.repeat(50 * MIB)); } },
	'a line of 4 MB that the configuration allows': { make: (site) => { site.config('languages: {sv: }\nlimits: {sheet_bytes: 8388608}\n'); site.sheet('ab '.repeat(4 * MIB / 3)); } },
	'front matter of 900 kB': { make: (site) => site.front(`title: ${'x'.repeat(900_000)}`) },
	'front matter without an end': { make: (site) => site.write('content/sv/a.md', `---\n${fill('a: b\n')}`) },
	'a million broken links': { make: (site) => links(site, 'no.md'), says: 'link/broken' },
	'a million good links': { make: (site) => links(site, 's1.md') },
	'a million links to a missing section': { make: (site) => links(site, 's1.md#x'), says: 'link/anchor' },
	'a million headings with one id': { make: (site) => { for (let i = 0; i < 10; i++) site.sheet(fill('# a {#b}\n\n', 900_000), `s${i}`); }, says: 'markdown/duplicate-id' },
	'a hundred thousand headings with one text': { make: (site) => site.sheet(fill('# a\n\n', 500_000)) },
	'ten thousand sheets with one slug': { make: (site) => { for (let i = 0; i < 10_000; i++) site.write(`content/sv/s${i}.md`, '---\nslug: samma\n---\nx\n'); }, says: 'sheet/duplicate-slug' },
	'an empty file': { make: (site) => site.write('content/sv/a.md', '') },
	'nothing but front matter marks': { make: (site) => site.write('content/sv/a.md', '---\n---') },
	'names that no host can serve': {
		make: (site) => {
			const names = ['a b', 'å', 'a\nb', 'a"b', "a'b", '<script>', '-rf', 'a\\b', 'a:b', 'con', 'aux.x', '%2e%2e', 'A', 'a?b#c', '{a}', 'a|b', '..a', 'b'.repeat(240), '\u202eabc', '\x7f', '*'];
			for (const name of names) site.write(`content/sv/${name}.md`, 'x\n');
			site.write(Buffer.concat([Buffer.from('content/sv/'), Buffer.from('z.md')]).toString(), 'x\n');
		},
		says: 'file/name',
	},
	'a name that is not UTF-8': { make: (site) => { site.sheet('x'); fs.writeFileSync(Buffer.concat([Buffer.from(`${site.root}/content/sv/`), Buffer.from([0xff, 0xfe]), Buffer.from('.md')]), 'x'); } },
	'folders 100 deep': { make: (site) => site.write(`content/sv/${'d/'.repeat(100)}a.md`, 'x') },
	'a pipe': { make: (site) => { site.sheet('x'); spawnSync('mkfifo', [site.at('content/sv/b.md')]); } },
	'a pipe as a picture': { make: (site) => { site.sheet('![b](b.png)'); spawnSync('mkfifo', [site.at('content/sv/b.png')]); } },
	'a pipe as configuration': { make: (site) => { site.sheet('x'); spawnSync('mkfifo', [site.at('faktablad.yaml')]); } },
	'a device': { make: (site) => { site.sheet('x'); spawnSync('mknod', [site.at('content/sv/b.md'), 'c', '1', '5']); } },
	'a link to a device': { make: (site) => { site.sheet('x'); fs.symlinkSync('/dev/zero', site.at('content/sv/b.md')); }, says: 'file/symlink' },
	'a link to itself': { make: (site) => { site.sheet('x'); fs.symlinkSync('b.md', site.at('content/sv/b.md')); }, says: 'file/symlink' },
	'a link to the folder above': { make: (site) => { site.sheet('x'); fs.symlinkSync('..', site.at('content/sv/up')); }, says: 'file/symlink' },
	'a link to a secret': { make: (site) => { site.sheet('x'); fs.symlinkSync('/etc/passwd', site.at('content/sv/b.md')); }, says: 'file/symlink' },
	'a folder named like a sheet': { make: (site) => site.write('content/sv/a.md/b.md', 'x') },
	'a file where the language folder should be': { make: (site) => site.write('content/en', 'x') },
	'a picture that lies about its size': { make: (site) => { site.write('content/sv/b.png', lyingPng); site.sheet('![b](b.png)'); } },
	'a picture that is cut off': { make: (site) => { site.write('content/sv/b.png', lyingPng.subarray(0, 14)); site.sheet('![b](b.png)'); } },
	'a picture of 900 kB of markup': { make: (site) => { site.write('content/sv/b.svg', `<svg width="${'9'.repeat(900_000)}`); site.sheet('![b](b.svg)'); } },
	'pictures outside the site': { make: (site) => site.sheet('![a](../../../../../../etc/passwd) ![a](/etc/passwd) ![a](file:///etc/passwd) ![a](data:image/png;base64,AAAA)') },
	'links that run scripts': { make: (site) => site.sheet('[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,x) [d](vbscript:x) <javascript:alert(1)> [e](&#106;avascript:x)'), says: 'link/unsafe' },
	'a language for every letter pair': { make: (site) => { site.config(`languages:\n${lines(676, (i) => `  ${String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26))}: {fallback: aa}`)}\n`); site.write('content/aa/a.md', 'x'); } },
	'languages that fall back in a circle': { make: (site) => { site.config('languages:\n  sv: {fallback: en}\n  en: {fallback: ar}\n  ar: {fallback: sv}\n'); site.sheet('x'); } },
	'five hundred editions': { make: (site) => { site.config(`languages: {sv: }\neditions:\n${lines(500, (i) => `  e${i}: {face: folder}`)}\n`); site.sheet('x'); } },
	'a thousand districts, listed thousands of times': {
		make: (site) => {
			site.write('content/data/districts.yaml', `districts:\n${lines(1000, (i) => `  d${i}: {name: D${i}, contacts: [${'{phone: 112, hours: {mon-fri: 8:00-9:00}}, '.repeat(50)}]}`)}\n`);
			site.sheet(fill('```contacts\n```\n\n'));
		},
		says: 'markdown/limit',
	},
	'a text that shows one district again and again': {
		make: (site) => {
			site.write('content/data/districts.yaml', `districts:\n  a:\n    name: A\n    contacts: [${Array(50).fill('{phone: 112, hours: {mon: 8:00-9:00, wed: 8:00-9:00, fri: 8:00-9:00}}').join(', ')}]\n    hours: {mon-fri: 8:00-9:00}\n`);
			site.sheet(fill('```contacts\ndistrict: a\n```\n\n'));
		},
		says: 'markdown/limit',
	},
	'a hundred thousand sections, and stamps of others': {
		make: (site) => {
			site.config('source_language: sv\nlanguages: {sv: , en: }\n');
			site.sheet(lines(100_000, (i) => `# a${i}`));
			site.write('content/en/a.md', `---\ntitle: x\ntranslation:\n  of:\n${lines(35_000, (i) => `    b${10_000 + i}: 000000000000`)}\n---\nx\n`);
		},
	},
	'a glossary of three hundred thousand terms': {
		make: (site) => {
			site.config('source_language: sv\nlanguages: {sv: , en: }\n');
			site.write('content/data/glossary.yaml', `${lines(300_000, (i) => `a${i}: {sv: ord${i}, en: word${i}}`)}\n`);
			site.sheet(fill('ord och mera ord '));
			site.write('content/en/a.md', `---\ntitle: x\n---\n${fill('ord och mera ord ')}`);
		},
		says: 'yaml/limit',
	},
	'as many terms and forms as a glossary has room for': {
		make: (site) => {
			site.config('source_language: sv\nlanguages: {sv: , en: }\n');
			site.write('content/data/glossary.yaml', `${lines(2000, (i) => `a${i}: {sv: [${lines(10, (n) => `ord${i}x${n}`).replaceAll('\n', ', ')}], en: w${i}}`)}\n`);
			site.sheet(fill('ord och mera ord '));
			site.write('content/en/a.md', `---\ntitle: x\n---\n${fill('ord och mera ord ')}`);
		},
	},
	'a chart of thirty thousand points': {
		make: (site) => site.sheet(`\`\`\`chart\nkind: line\ntitle: T\npoints:\n${lines(30_000, (i) => `- {label: ${i}, value: ${i}}`)}\n\`\`\`\n`),
		says: 'block/limit',
	},
	'tables by the thousand': { make: (site) => site.sheet(fill('```table\ntitle: T\ncolumns: [A, B]\nrows: [[a, 1]]\n```\n\n')) },
	'charts by the thousand': { make: (site) => site.sheet(fill('```chart\nkind: bars\ntitle: T\npoints: [{label: a, value: 1}]\n```\n\n')) },
	'no language': { make: (site) => fs.rmSync(site.at('content/sv'), { recursive: true }) },
};

function* all() {
	for (const [name, text] of Object.entries(texts)) yield { name: `text: ${name}`, make: (site) => site.sheet(text()) };
	for (const [name, { body, says }] of Object.entries(bytes)) yield { name: `bytes: ${name}`, make: (site) => site.sheet(body), says };
	for (const [name, { text, says }] of Object.entries(yamls)) {
		yield { name: `front matter: ${name}`, make: (site) => site.front(text), says };
		yield { name: `configuration: ${name}`, make: (site) => { site.config(text); site.sheet('x'); }, says };
		yield { name: `facts: ${name}`, make: (site) => { site.write('content/data/facts.yaml', text); site.sheet('x'); }, says };
		yield { name: `districts: ${name}`, make: (site) => { site.write('content/data/districts.yaml', text); site.sheet('x'); }, says };
		yield { name: `messages: ${name}`, make: (site) => { site.write('locales/sv.yaml', text); site.sheet('x'); }, says };
	}
	for (const [name, { text, more, says }] of Object.entries(templates)) {
		const make = (site) => {
			site.sheet('x');
			site.template(text);
			for (const [file, content] of Object.entries(more ?? {})) site.write(`templates/${file}`, content);
		};
		yield { name: `template: ${name}`, make, says };
	}
	for (const [name, text] of Object.entries(messages)) yield { name: `message: ${name}`, make: (site) => { site.message(text); site.sheet('x'); } };
	for (const [name, { make, says }] of Object.entries(files)) yield { name, make, says };
}

export const cases = [...all()];
