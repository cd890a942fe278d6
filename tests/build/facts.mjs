/*
 * facts: one fact changes, and every sheet that uses it follows, in every language, and nothing else does.
 *
 *	FAKTABLAD=… node tests/build/facts.mjs [NAME]
 *
 * The shipped site is built, one value in facts.yaml is changed, and it is built again. Which pages must differ is
 * found in the texts themselves; what they must say, by formatting each text's own words with the new number.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { copySite, faktablad, listFiles, temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';

const suite = new Suite('facts');
const FACT = 'assessment_days';

const read = (...parts) => fs.readFileSync(path.join(...parts), 'utf8');

function build(root) {
	const made = faktablad(['--root', root, 'build', '--quiet']);
	assert.equal(made.status, 0, made.stdout + made.stderr);
}

/* The texts by language and address: {"sv/orosanmalan": text}. */
function texts(root) {
	const found = new Map();
	for (const file of listFiles(path.join(root, 'content')).filter((name) => /^[^/]+\/[^/]+\.md$/.test(name))) {
		const text = read(root, 'content', file);
		const slug = text.match(/^slug: *"?([^"\n]+)"?$/m)?.[1] ?? path.basename(file, '.md');
		found.set(`${path.dirname(file)}/${slug}`, text);
	}
	return found;
}

/* From `{name` to its closing brace, each time; and whether a chart or table uses it. */
function usesOf(text) {
	const uses = [];
	for (const match of text.matchAll(new RegExp(`\\{${FACT}\\b`, 'g'))) {
		let depth = 0, at = match.index;
		do depth += { '{': 1, '}': -1 }[text[at++]] ?? 0; while (depth);
		uses.push(text.slice(match.index, at));
	}
	return { uses, uses_it: uses.length > 0 || new RegExp(`fact: *${FACT}\\b`).test(text) };
}

/* Pages by path, and the language of the text that each shows (NULL: no text of a sheet). */
function pages(root) {
	const found = new Map();
	for (const name of listFiles(path.join(root, 'public')).filter((file) => /^[a-z-]+\/[^/]+\.html$/.test(file))) {
		const html = read(root, 'public', name);
		found.set(name, { html, shown: html.match(/<div class="text" lang="([^"]+)"/)?.[1] });
	}
	return found;
}

/* As a reader has it: without marks, tags and the program's directional isolates. */
const plain = (html) => html.replace(/\u2060?<sup class="cite">.*?<\/sup>/gs, '').replace(/<[^>]+>/g, '').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/* `message` writes a language's own digits; the site may be set to others. */
function digitsOf(root, lang, text) {
	const latin = new RegExp(`^  ${lang}:.*digits: latn`, 'm').test(read(root, 'faktablad.yaml'));
	return latin ? text.replace(/\p{Nd}/gu, (digit) => digit.codePointAt(0) & 15) : text;
}

function say(root, lang, pattern, value) {
	const said = faktablad(['--root', root, 'message', '--lang', lang, pattern, `${FACT}=${value}`]);
	assert.equal(said.status, 0, said.stderr);
	return digitsOf(root, lang, said.stdout.trim());
}

const root = copySite(temporary('facts'));
const file = path.join(root, 'content/data/facts.yaml');
const facts = fs.readFileSync(file, 'utf8');
const all = texts(root);
const textOf = (name, page) => all.get(`${page.shown}/${path.basename(name, '.html')}`);
build(root);
const before = pages(root);

for (const value of [1, 3, 11]) {
	await suite.test(`${FACT} becomes ${value}`, () => {
		const changed = facts.replace(new RegExp(`^(${FACT}:\\n(?:  .*\\n)*?  value: ).*$`, 'm'), `$1${value}`);
		assert.notEqual(changed, facts);
		fs.writeFileSync(file, changed);
		build(root);
		const after = pages(root);
		assert.deepEqual([...after.keys()], [...before.keys()], 'the same pages');
		let following = 0;
		for (const [name, page] of after) {
			const text = page.shown ? textOf(name, page) : '';
			const { uses, uses_it } = usesOf(text ?? '');
			/* The page of packs says how large they are. */
			if (path.basename(name) !== 'packs.html') assert.equal(page.html !== before.get(name).html, uses_it, `${name} ${uses_it ? 'did not change' : 'changed'}`);
			for (const pattern of uses) {
				const said = say(root, page.shown, pattern, value);
				assert.ok(plain(page.html).includes(said), `${name} does not say “${said}”`);
			}
			following += uses_it;
		}
		const languages = new Set([...all.keys()].map((key) => key.split('/')[0]));
		for (const language of languages) assert.ok([...after].some(([name, page]) => page.shown === language && usesOf(textOf(name, page) ?? '').uses_it), `no sheet in ${language} uses ${FACT}`);
		assert.ok(following > languages.size - 1, `${following} pages follow`);
	});
}

suite.finish();
