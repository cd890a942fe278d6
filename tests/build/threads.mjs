/*
 * threads: the program built with ThreadSanitizer makes a site with many threads; a data race ends it with an error.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';
import { writeCorpus } from '../bench/corpus.mjs';
import { BuildSite } from './site.mjs';

const suite = new Suite('threads');

function buildTwice(site) {
	const sheets = path.join(site.root, 'content/sv');
	for (const what of ['first', 'second']) {
		const made = site.build(['--jobs', '8']);
		assert.equal(made.status, 0, `${what} build: ${made.stdout.slice(-4000)}${made.stderr.slice(-8000)}`);
		fs.appendFileSync(path.join(sheets, fs.readdirSync(sheets).find((name) => name.endsWith('.md'))), '\nMer.\n');
	}
}

await suite.test('the shipped site', () => buildTwice(new BuildSite()));

await suite.test('400 sheets in 20 languages, with packs', () => {
	const root = path.join(temporary('threads'), 'corpus');
	writeCorpus(root, 20);
	buildTwice(new BuildSite(root));
});

suite.finish();
