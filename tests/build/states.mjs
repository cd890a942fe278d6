/*
 * states: the shipped site, all of its translations stamped; one Swedish section is edited, and exactly the
 * translations of that section are behind: in `status`, in the notice on their pages, in the manifest.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { copySite, faktablad, temporary, treeDigest } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';

const suite = new Suite('states');

class StateSite {
	constructor() {
		this.root = copySite(temporary('states'));
		this.fine('stamp', '--all', '--force', '--date', '2026-11-22');
	}

	run(...args) {
		return faktablad(['--root', this.root, ...args]);
	}

	fine(...args) {
		const ran = this.run(...args);
		assert.equal(ran.status, 0, `${args.join(' ')}: ${ran.stderr}`);
		return ran.stdout;
	}

	status(...args) {
		return JSON.parse(this.fine('status', '--format', 'json', ...args));
	}

	/* Every stale section of the site, as "file#id change". */
	stale() {
		return this.status().sheets.flatMap((sheet) => Object.values(sheet.translations).flatMap((t) => (t.stale_sections ?? []).map((s) => `${t.file}#${s.id} ${s.change}`))).sort();
	}

	/* Pages that say so, as paths. */
	notices() {
		this.fine('build', '--quiet', '--edition', 'web');
		const found = [];
		for (const [name] of this.manifest()) {
			const lang = name.split('/')[0];
			const html = name.endsWith('.html') ? this.read(`public/${name}`) : '';
			if (html.includes('<div class="notice">')) found.push({ name, lang, html: html.match(/<div class="notice">[^]*?<\/div>/)[0] });
		}
		return found;
	}

	/* Path and state of every entry. */
	manifest() {
		return this.read('public/.faktablad-manifest').split('\n').slice(1, -1).map((line) => line.replace(/^\S+ \S+ /, '').split('\t'));
	}

	stalePages() {
		return this.manifest().filter(([, state]) => state?.endsWith(' stale')).map(([name]) => name).sort();
	}

	read(name) {
		return fs.readFileSync(path.join(this.root, name), 'utf8');
	}

	edit(name, change) {
		const before = this.read(name);
		const after = change(before);
		assert.notEqual(before, after, `the edit of ${name} changes nothing`);
		fs.writeFileSync(path.join(this.root, name), after);
	}

	/* A sheet with translations into `languages`, and a section with an id that all of them have. */
	sheetWith(languages) {
		for (const sheet of this.status().sheets) {
			const files = languages.map((tag) => sheet.translations[tag]?.file).filter(Boolean);
			const source = `content/sv/${sheet.key}.md`;
			if (files.length < languages.length || !fs.existsSync(path.join(this.root, source))) continue;
			const ids = [...this.read(source).matchAll(/^## .*\{#([a-z0-9-]+)\}/gm)].map((found) => found[1]);
			const id = ids.find((one) => files.every((file) => this.read(file).includes(`{#${one}}`)));
			if (id) return { key: sheet.key, source, id, files: Object.values(sheet.translations).map((t) => t.file).filter(Boolean) };
		}
		throw new Error('no sheet is translated');
	}
}

/* A paragraph more at the start of a section. */
const lengthen = (id, words) => (text) => text.replace(new RegExp(`^(## .*\\{#${id}\\}\\s*?\\n)`, 'm'), `$1\n${words}\n`);

await suite.test('one section edited: exactly its translations are behind, everywhere', () => {
	const site = new StateSite();
	assert.deepEqual(site.stale(), []);
	assert.deepEqual(site.notices(), []);
	assert.deepEqual(site.stalePages(), []);
	const sheet = site.sheetWith(['en', 'ar']);
	site.edit(sheet.source, lengthen(sheet.id, 'Det här är en ny mening.'));

	assert.deepEqual(site.stale(), sheet.files.map((file) => `${file}#${sheet.id} changed`).sort());
	const notices = site.notices();
	const pages = notices.map(({ name }) => name).sort();
	assert.deepEqual(pages.map((name) => name.split('/')[0]).sort(), sheet.files.map((file) => file.split('/')[1].toLowerCase()).sort());
	assert.deepEqual(site.stalePages(), pages);
	for (const { html } of notices) {
		assert.match(html, new RegExp(`<a href="#${sheet.id}"`));
		assert.equal(html.match(/<li>/g).length, 1);
	}

	const told = site.fine('status', `content/ar/${sheet.key}.md`);
	assert.match(told, new RegExp(`changed: ${sheet.id} `));
	assert.match(told, /\+\{Det här är en ny mening\.\}/);
	assert.doesNotMatch(told, /-\[/);

	/* stamp clears one, and only that */
	site.fine('stamp', `content/ar/${sheet.key}.md#${sheet.id}`, '--date', '2026-11-22');
	const others = sheet.files.filter((file) => !file.startsWith('content/ar/'));
	assert.deepEqual(site.stale(), others.map((file) => `${file}#${sheet.id} changed`).sort());
	const left = site.notices();
	assert.deepEqual(left.map(({ lang }) => lang).sort(), others.map((file) => file.split('/')[1].toLowerCase()).sort());
	assert.deepEqual(site.stalePages(), left.map(({ name }) => name).sort());
});

await suite.test('what lags behind never fails a strict check', () => {
	const site = new StateSite();
	const found = () => JSON.parse(site.run('check', '--strict', '--format', 'json').stdout).diagnostics.map((one) => `${one.path} ${one.rule} ${one.message}`).sort();
	const before = found();
	const sheet = site.sheetWith(['en', 'ar']);
	site.edit(sheet.source, lengthen(sheet.id, '> [!NOTE]\n> Mer: 4711 och [länk](akut-hjalp.md).\n'));
	site.edit(sheet.source, (text) => text.replace(/^---\n([^]*?)\n---\n/, (all) => `${all}Ny inledning 17.\n\n`) + '\n## Ett nytt avsnitt {#ett-nytt-avsnitt}\n\nMer.\n');
	const more = found().filter((one) => !before.includes(one));
	assert.ok(more.some((one) => one.includes('translation/stale')));
	assert.deepEqual(more.filter((one) => /content\/(?!sv)/.test(one.split(' ')[0]) && !one.includes('translation/stale')), []);
});

await suite.test('what says the same changes nothing', () => {
	const site = new StateSite();
	const folder = path.join(site.root, 'content/sv');
	for (const name of fs.readdirSync(folder).filter((one) => one.endsWith('.md'))) {
		const text = fs.readFileSync(path.join(folder, name), 'utf8');
		const end = text.indexOf('\n---', 3) + 4;
		let fenced = false;
		const body = text.slice(end).split('\n').map((line) => {
			if (line.startsWith('```')) fenced = !fenced;
			if (fenced) return line;
			/* other bullets, reflowed lines, blanks that trail */
			const bullet = line.replace(/^(\s*)- /, '$1* ').replace(/^(\d+)\. /, '$1) ');
			const plain = /^[A-ZÅÄÖa-zåäö]/.test(bullet) && !/[{[<`]/.test(bullet);
			return plain ? bullet.replace(/ (?=[a-zåäö]+ )/, '\n') : bullet.replace(/^(#+ .*)$/, '$1  ');
		}).join('\r\n');
		fs.writeFileSync(path.join(folder, name), text.slice(0, end).replace(/\n/g, '\r\n') + body);
	}
	assert.deepEqual(site.stale(), []);
});

await suite.test('stamping again changes nothing, and nothing but the stamps ever', () => {
	const site = new StateSite();
	const before = treeDigest(path.join(site.root, 'content'));
	site.fine('stamp', '--all', '--force', '--date', '2026-11-22');
	assert.equal(treeDigest(path.join(site.root, 'content')), before);
	const sheet = site.sheetWith(['en', 'ar']);
	const file = `content/ar/${sheet.key}.md`;
	const text = site.read(file);
	site.edit(sheet.source, lengthen(sheet.id, 'Mer.'));
	site.fine('stamp', file, '--date', '2026-11-22');
	const changed = site.read(file).split('\n').filter((line, i) => line !== text.split('\n')[i]);
	assert.equal(changed.length, 1);
	assert.match(changed[0], new RegExp(`^ +${sheet.id}: `));
});

await suite.test('a minor edit leaves nobody behind who was not', () => {
	const site = new StateSite();
	const sheet = site.sheetWith(['en', 'ar']);
	/* something that matters, translated into one language only */
	site.edit(sheet.source, lengthen(sheet.id, 'Det här är viktigt.'));
	site.fine('stamp', `content/en/${sheet.key}.md`);
	const behind = site.stale();
	assert.ok(behind.length > 0 && behind.every((one) => !one.startsWith('content/en/')));
	/* and a typing error mended */
	site.edit(sheet.source, (text) => text.replace('Det här är viktigt.', 'Detta är viktigt.'));
	assert.equal(site.stale().length, behind.length + 1);
	assert.match(site.fine('stamp', '--minor', sheet.source, '--dry-run'), /-\[Det här\] \+\{Detta\} är viktigt/);
	assert.equal(site.stale().length, behind.length + 1);
	site.fine('stamp', '--minor', sheet.source);
	assert.deepEqual(site.stale(), behind);
	/* whoever is behind is shown all of it */
	assert.match(site.fine('status', behind[0].split('#')[0]), /\+\{Detta är viktigt\.\}/);
});

await suite.test('an edition with a lowest status takes what is below it for missing', () => {
	const site = new StateSite();
	const sheet = site.sheetWith(['en', 'ar']);
	site.fine('stamp', `content/en/${sheet.key}.md`, '--status', 'reviewed', '--by', 'Test');
	site.fine('stamp', `content/ar/${sheet.key}.md`, '--status', 'machine');
	site.edit('faktablad.yaml', (text) => text.replace('{face: web', '{face: web, lowest_status: reviewed'));
	site.fine('build', '--quiet', '--edition', 'web');
	const states = site.manifest().map(([, state]) => state).filter(Boolean);
	assert.ok(states.includes('en reviewed current') && states.includes('ar missing current'));
	assert.ok(!states.some((state) => / (machine|translated) /.test(state)));
});

suite.finish();
