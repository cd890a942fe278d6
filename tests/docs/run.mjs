/*
 * docs: what the documents show is what happens.
 *
 * Every ```console block of README.md, docs/ and generator/README.md whose commands are faktablad and a few that
 * only look (below) is run in a copy of the repository, block after block of one document in the same copy, and
 * what each command prints (both outputs) is compared with what is shown. A shown line that is only `…`
 * stands for any number of lines. Lines that begin with `> ` continue the command above them.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { copySite, program, repository, run, temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';

const runnable = /^(faktablad|cat|ls|echo|printf|sed|mkdir|rm|cp|mv|unzip|sha256sum|head|wc|grep)\b/;
const suite = new Suite('docs');

function documents() {
	const below = (folder) => fs.readdirSync(path.join(repository, folder)).filter((name) => name.endsWith('.md')).sort().map((name) => path.join(folder, name));
	return ['README.md', 'CONTRIBUTING.md', 'generator/README.md', ...below('docs')].filter((name) => fs.existsSync(path.join(repository, name)));
}

/* The console blocks of a document: {line, steps: [{command, shown}]}. */
function blocksOf(text) {
	const blocks = [];
	for (const match of text.matchAll(/^```console\n([^]*?)^```$/gm)) {
		const steps = [];
		for (const line of match[1].split('\n').slice(0, -1)) {
			if (line.startsWith('$ ')) steps.push({ command: line.slice(2), shown: [] });
			else if (line.startsWith('> ') && steps.at(-1)?.shown.length === 0) steps.at(-1).command += `\n${line.slice(2)}`;
			else steps.at(-1)?.shown.push(line);
		}
		blocks.push({ line: text.slice(0, match.index).split('\n').length, steps });
	}
	return blocks;
}

/* Whether lines fit shown lines, in which `…` stands for any number of them. */
function fits(lines, shown) {
	if (shown.length === 0) return lines.length === 0;
	if (shown[0].trim() === '…') return Array.from({ length: lines.length + 1 }, (_, skip) => skip).some((skip) => fits(lines.slice(skip), shown.slice(1)));
	return lines.length > 0 && lines[0] === shown[0] && fits(lines.slice(1), shown.slice(1));
}

function runStep(step, root, status) {
	const bin = path.join(root, '.bin');
	const script = `(exit ${status})\n${step.command}\n`;
	const result = run('bash', ['-c', `${script}status=$?; exit $status`], { cwd: root, env: { PATH: `${bin}:${process.env.PATH}` } });
	return { status: result.status, lines: (result.stdout + result.stderr).split('\n').slice(0, -1) };
}

function runBlock(block, root) {
	let status = 0;
	for (const step of block.steps) {
		const got = runStep(step, root, status);
		status = got.status;
		assert.ok(fits(got.lines, step.shown), `$ ${step.command}\nprints\n${got.lines.join('\n')}\nbut shown is\n${step.shown.join('\n')}`);
	}
}

for (const document of documents()) {
	const blocks = blocksOf(fs.readFileSync(path.join(repository, document), 'utf8'))
		.filter((block) => block.steps.length > 0 && block.steps.every((step) => runnable.test(step.command)));
	let root;
	for (const block of blocks) {
		await suite.test(`${document}:${block.line}`, () => {
			if (!root) {
				root = copySite(temporary('docs'));
				fs.mkdirSync(path.join(root, '.bin'));
				fs.symlinkSync(program, path.join(root, '.bin/faktablad'));
			}
			runBlock(block, root);
		});
	}
}
suite.finish();
