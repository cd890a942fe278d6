/*
 * sites: whole little sites, each a folder: what goes in, what the program says, what comes out.
 *
 *	tests/sites/CASE/content, faktablad.yaml, …	the site; templates and messages may come from tests/sites/common
 *	tests/sites/CASE/bare				an empty file: nothing comes from common, the program's own will do
 *	tests/sites/CASE/options			more arguments for both commands, on one line
 *	tests/sites/CASE/expected.diag			what `check` says, and its exit status as the last line
 *	tests/sites/CASE/expected/…			files of the built site, byte by byte; others are not looked at
 *
 * With errors, `build` must refuse with the same exit status and leave nothing. With --bless, what is expected is
 * rewritten from what came out (a new case first needs an empty file for each page that it wants to see).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { faktablad, listFiles, repository, temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';

const bless = process.argv.includes('--bless');
const home = path.join(repository, 'tests/sites');
const suite = new Suite('sites');

/* Messages from common for the languages that the case has. */
function addLocales(root) {
	const config = readIfThere(path.join(root, 'faktablad.yaml'));
	for (const file of fs.readdirSync(path.join(home, 'common/locales'))) {
		const tag = file.replace(/\.yaml$/, '');
		const configured = new RegExp(`^languages: \\{.*\\b${tag}:|^  ${tag}:`, 'm').test(config);
		if (configured || (!config && fs.existsSync(path.join(root, 'content', tag)))) {
			fs.cpSync(path.join(home, 'common/locales', file), path.join(root, 'locales', file));
		}
	}
}

/* A copy of the case, completed from common/, in which nothing of what is expected lies about. */
function copyCase(name) {
	const root = path.join(temporary('site'), name);
	fs.cpSync(path.join(home, name), root, { recursive: true, verbatimSymlinks: true });
	if (!fs.existsSync(path.join(root, 'bare'))) {
		if (!fs.existsSync(path.join(root, 'locales'))) addLocales(root);
		if (!fs.existsSync(path.join(root, 'templates'))) fs.cpSync(path.join(home, 'common/templates'), path.join(root, 'templates'), { recursive: true });
	}
	for (const part of ['expected', 'expected.diag', 'options', 'bare']) fs.rmSync(path.join(root, part), { recursive: true, force: true });
	return root;
}

function readIfThere(file) {
	return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function compare(file, got, what) {
	if (bless) {
		fs.writeFileSync(file, got);
	} else if (got.toString() !== readIfThere(file)) {
		const difference = spawnSync('diff', ['-u', '--label', 'expected', '--label', 'got', file, '-'], { input: got, encoding: 'utf8' });
		assert.fail(`${what}\n${difference.stdout}`);
	}
}

function runCase(name) {
	const folder = path.join(home, name);
	const root = copyCase(name);
	const options = readIfThere(path.join(folder, 'options')).split(/\s+/).filter(Boolean);
	const checked = faktablad(['--root', root, 'check', '--clock', '2026-12-01', ...options]);
	assert.ok(checked.status === 0 || checked.status === 1, checked.stderr);
	assert.equal(checked.stdout, '', 'people are spoken to on stderr');
	compare(path.join(folder, 'expected.diag'), `${checked.stderr}exit ${checked.status}\n`, 'what check says');

	const out = path.join(root, 'public');
	const built = faktablad(['--root', root, 'build', '--quiet', ...options]);
	assert.equal(built.status, checked.status, `build and check disagree; build said: ${built.stderr}`);
	if (built.status !== 0) {
		assert.ok(!fs.existsSync(out), 'a site with errors is not built');
		return;
	}
	const expected = path.join(folder, 'expected');
	for (const file of fs.existsSync(expected) ? listFiles(expected) : []) {
		assert.ok(fs.existsSync(path.join(out, file)), `${file} was not built`);
		compare(path.join(expected, file), fs.readFileSync(path.join(out, file)), file);
	}
}

for (const entry of fs.readdirSync(home, { withFileTypes: true })) {
	if (!entry.isDirectory() || entry.name === 'common') continue;
	await suite.test(entry.name, () => runCase(entry.name));
}
suite.finish();
