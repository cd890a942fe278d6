/*
 * style: the house rules that a machine can judge. Each test lists every place that breaks its rule.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repository } from './program.mjs';
import { Suite } from './suite.mjs';

const FUNCTION_MAX_LINES = 70;

const suite = new Suite('style');
const files = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: repository, encoding: 'utf8' })
	.split('\0').filter((name) => name && fs.existsSync(path.join(repository, name)));
const read = (name) => fs.readFileSync(path.join(repository, name), 'utf8');
const matching = (pattern) => files.filter((name) => pattern.test(name));
const none = (list) => assert.deepEqual(list, []);

await suite.test('shell scripts pass shellcheck', () => {
	const scripts = matching(/^(script|\.ci)\//).filter((name) => read(name).startsWith('#!/usr/bin/env bash'));
	const result = spawnSync('shellcheck', ['--', ...scripts], { cwd: repository, encoding: 'utf8' });
	assert.equal(result.status, 0, result.stdout + result.stderr);
});

await suite.test('a third-party header appears in one layer', () => {
	const layers = new Map();
	for (const name of matching(/^generator\/[a-z]+\/.*\.[ch]$/)) {
		for (const [, header] of read(name).matchAll(/^#include <((?:unicode\/|yaml|cmark|zip|curl\/|libdeflate|openssl\/)[^>]*)>/gm)) {
			const library = header.split(/[/.]/)[0];
			if (!layers.has(library)) layers.set(library, new Set());
			layers.get(library).add(name.split('/')[1]);
		}
	}
	none([...layers].filter(([, where]) => where.size > 1).map(([library, where]) => `${library}: ${[...where]}`));
});

await suite.test('a header opens with what it is for', () => {
	none(matching(/^generator\/.*\.h$/).filter((name) => !read(name).startsWith('/*')));
});

await suite.test(`functions have at most ${FUNCTION_MAX_LINES} lines`, () => {
	const long = [];
	for (const name of matching(/^(generator|tests)\/.*\.c$/)) {
		let start = 0;
		read(name).split('\n').forEach((line, index) => {
			if (line === '{') start = index + 1;
			else if (line === '}' && start && index + 1 - start > FUNCTION_MAX_LINES) long.push(`${name}:${start}`);
			if (line.startsWith('}')) start = 0;
		});
	}
	none(long);
});

await suite.test('nothing is left to do', () => {
	const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);
	none(matching(/\.(c|h|mjs|md|yaml|mustache|css|txt)$|^script\//).filter((name) => !/^tests\/(spec|fuzz\/corpus)\//.test(name) && marks.test(read(name))));
});

await suite.test('the lock file names no registry', () => {
	assert.doesNotMatch(read('tests/package-lock.json'), /"resolved"/);
});

await suite.test('links between documents lead somewhere', () => {
	const broken = [];
	for (const name of matching(/^(docs\/.*|generator\/README|[A-Z]+)\.md$/)) {
		for (const [, target] of read(name).replace(/^(`{3,})[^]*?^\1/gm, '').replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
			if (!fs.existsSync(path.join(repository, path.dirname(name), target))) broken.push(`${name}: ${target}`);
		}
	}
	none(broken);
});

suite.finish();
