/*
 * bench: what script/bench measures, once everything is compiled and a folder on a RAM disk is there.
 *
 * Each round does every measurement once, in the same order, so that a slow minute of the machine hits all of
 * them. Medians over the rounds, ratios of medians.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { copySite, environment, listFiles, program, repository, tools } from '../lib/program.mjs';
import { languages, writeCorpus } from './corpus.mjs';

const MANIFEST = '.faktablad-manifest';
const START_UP_RUNS = 20;

function option(name, standard) {
	const at = process.argv.indexOf(`--${name}`);
	return at < 0 ? standard : process.argv[at + 1];
}

const folder = path.resolve(option('dir', os.tmpdir()));
const rounds = Number(option('rounds', 3));
const sheets = Number(option('sheets', 1000));
const say = (text) => process.stderr.write(`bench: ${text}\n`);
const has = (command) => spawnSync(command, ['version']).error === undefined;
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];

/* Wall seconds and peak kB of a command that must succeed. */
function measure(command, args, cwd = folder) {
	const result = path.join(folder, 'measured');
	const ran = spawnSync(path.join(tools, 'measure'), [result, '0', '0', command, ...args], { cwd, env: environment(), encoding: 'utf8', maxBuffer: 1 << 26 });
	const [status, signal, , seconds, kilobytes] = fs.readFileSync(result, 'utf8').trim().split(' ');
	if (status !== '0') throw new Error(`${command} ${args.join(' ')}: status ${status}, signal ${signal}\n${ran.stdout}${ran.stderr}`);
	return { seconds: Number(seconds), kilobytes: Number(kilobytes) };
}

const remove = (...names) => names.forEach((name) => fs.rmSync(name, { recursive: true, force: true }));

function startUp() {
	const root = copySite(path.join(folder, 'shipped'));
	const fresh = [], again = [];
	for (let i = 0; i < START_UP_RUNS; i++) {
		remove(path.join(root, 'public'), path.join(root, '.faktablad-public'));
		fresh.push(measure(program, ['--root', root, 'build', '--quiet']).seconds);
		again.push(measure(program, ['--root', root, 'build', '--quiet']).seconds);
	}
	const row = (what, numbers) => `| ${what} | ${median(numbers).toFixed(3)} s | ${Math.max(...numbers).toFixed(3)} s |`;
	console.log(`| shipped content, ${START_UP_RUNS} runs | median | slowest |\n|---|---|---|\n${row('first build, with packs', fresh)}\n${row('nothing changed', again)}`);
}

class Bench {
	constructor() {
		this.root = path.join(folder, 'corpus');
		this.out = path.join(this.root, 'public');
		this.work = path.join(this.root, '.faktablad-public');
		this.results = new Map();
	}

	prepare() {
		say(`writing ${sheets} sheets in ${Object.keys(languages).length} languages to ${this.root}`);
		remove(this.root);
		writeCorpus(this.root, sheets);
		this.build('--edition', 'web');
		this.manifest = path.join(folder, 'manifest');
		fs.copyFileSync(path.join(this.out, MANIFEST), this.manifest);
		const sizes = fs.readFileSync(this.manifest, 'utf8').split('\n').slice(1, -1).map((line) => Number(line.split(' ')[1]));
		this.files = sizes.length;
		this.bytes = sizes.reduce((sum, size) => sum + size, 0);
	}

	build(...args) {
		return measure(program, ['--root', this.root, 'build', '--quiet', ...args]);
	}

	note(what, result) {
		say(`  ${what}: ${result.seconds.toFixed(2)} s, ${(result.kilobytes / 1024).toFixed(0)} MB`);
		if (!this.results.has(what)) this.results.set(what, []);
		this.results.get(what).push(result);
	}

	fresh() {
		remove(this.out, this.work);
	}

	probe() {
		const out = path.join(folder, 'probe');
		remove(out);
		const result = measure(path.join(tools, 'probe'), [path.join(this.root, 'content'), this.manifest, out]);
		remove(out);
		return result;
	}

	hugo() {
		const out = path.join(folder, 'hugo-public');
		remove(out, path.join(this.root, 'hugo/resources'));
		const result = measure('hugo', ['--quiet', '--source', path.join(this.root, 'hugo'), '--destination', out]);
		this.hugoFiles = listFiles(out).length;
		remove(out);
		return result;
	}

	round(number) {
		say(`round ${number} of ${rounds}`);
		this.note('probe', this.probe());
		this.fresh();
		this.note('web', this.build('--edition', 'web'));
		this.note('again', this.build('--edition', 'web'));
		fs.appendFileSync(path.join(this.root, 'content/sv/sheet-0001.md'), `\nRound ${number}.\n`);
		this.note('edit', this.build('--edition', 'web'));
		this.fresh();
		this.note('packs', this.build());
		this.note('packs again', this.build());
		if (this.withHugo) this.note('hugo', this.hugo());
	}

	report() {
		const seconds = (what) => median(this.results.get(what).map((result) => result.seconds));
		const memory = (what) => Math.max(...this.results.get(what).map((result) => result.kilobytes)) / 1024;
		const row = (name, what) => `| ${name} | ${seconds(what).toFixed(2)} s | ${(seconds(what) / seconds('probe')).toFixed(2)} | ${(seconds(what) / seconds('web')).toFixed(2)} | ${memory(what).toFixed(0)} MB |`;
		const count = Object.keys(languages).length;
		console.log(`${sheets * count} sheets (${sheets} in ${count} languages) to ${this.files} files, ${(this.bytes / 1e6).toFixed(0)} MB; ${os.availableParallelism?.() ?? os.cpus().length} processors; medians of ${rounds} interleaved rounds\n`);
		console.log('| | wall time | × probe | × full web build | peak memory |\n|---|---:|---:|---:|---:|');
		console.log(row('probe: read, parse and render with cmark, write', 'probe'));
		console.log(row('`faktablad build --edition web`', 'web'));
		console.log(row('the same, nothing changed', 'again'));
		console.log(row('the same, one sheet edited', 'edit'));
		console.log(row(`\`faktablad build\`, with ${count + 1} packs`, 'packs'));
		console.log(row('the same, nothing changed', 'packs again'));
		if (this.withHugo) console.log(row(`hugo, equal templates (${this.hugoFiles} files)`, 'hugo'));
	}

	run() {
		this.withHugo = has('hugo');
		if (!this.withHugo) say('hugo is not installed; measuring without it');
		this.prepare();
		for (let number = 1; number <= rounds; number++) this.round(number);
		this.report();
	}
}

/* Two versions of the program in turn, each building the corpus that its own repository makes. */
class Comparison {
	constructor(before) {
		this.sides = [
			{ name: 'before', repository: before, program: path.join(before, 'build/release/generator/faktablad') },
			{ name: 'now', repository, program },
		];
	}

	async prepare() {
		for (const side of this.sides) {
			side.root = path.join(folder, side.name + '-corpus');
			side.web = [];
			say(`writing ${sheets} sheets in ${Object.keys(languages).length} languages to ${side.root}`);
			remove(side.root);
			const corpus = await import(pathToFileURL(path.join(side.repository, 'tests/bench/corpus.mjs')));
			corpus.writeCorpus(side.root, sheets);
		}
	}

	build(side) {
		remove(path.join(side.root, 'public'), path.join(side.root, '.faktablad-public'));
		const result = measure(side.program, ['--root', side.root, 'build', '--quiet', '--edition', 'web']);
		side.pages = listFiles(path.join(side.root, 'public')).filter((name) => name.endsWith('.html')).length;
		side.web.push({ perPage: (result.seconds / side.pages) * 1e6, kilobytes: result.kilobytes });
		say(`  ${side.name}: ${result.seconds.toFixed(2)} s, ${(result.kilobytes / 1024).toFixed(0)} MB`);
	}

	report() {
		const [before, now] = this.sides;
		const ratios = now.web.map((one, i) => one.perPage / before.web[i].perPage);
		console.log(`\`faktablad build --edition web\`, two versions, ${rounds} interleaved rounds\n`);
		console.log('| | pages | median, µs a page | peak memory |\n|---|---:|---:|---:|');
		for (const side of this.sides) {
			console.log(`| ${side.name} | ${side.pages} | ${median(side.web.map((one) => one.perPage)).toFixed(1)} | ${(Math.max(...side.web.map((one) => one.kilobytes)) / 1024).toFixed(0)} MB |`);
		}
		console.log(`\nnow / before, per page: ${median(ratios).toFixed(2)} (median of the rounds' ratios; ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`);
	}

	async run() {
		await this.prepare();
		for (let number = 0; number < rounds; number++) {
			say(`round ${number + 1} of ${rounds}`);
			/* Whoever comes second finds the machine as the first left it: they take turns. */
			const order = number % 2 ? [...this.sides].reverse() : this.sides;
			order.forEach((side) => this.build(side));
		}
		this.report();
	}
}

const against = option('against', null);
if (process.argv.includes('--start-up')) startUp();
else if (against) await new Comparison(path.resolve(against)).run();
else new Bench().run();
