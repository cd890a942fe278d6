/*
 * ci: the examples in docs/ci/ do what docs/ci.md says.
 *
 *	FAKTABLAD=… node tests/docs/ci.mjs [NAME]
 *
 * Their commands are taken out of the YAML and run in a shell as the CI does, in a copy of what a clone would have,
 * publishing to a folder. Played is only what is the CI's own: its actions, its conditions, its variables, and installing
 * packages into its container. script/build has been run by who runs the tests: its result is put where it belongs.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import { digest, environment, listFiles, program, repository, run, temporary } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';

const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nnot a real one: 5d1f7c\n-----END OPENSSH PRIVATE KEY-----';
const KNOWN_HOSTS = 'www.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample';

const suite = new Suite('ci');
const guide = fs.readFileSync(path.join(repository, 'docs/ci.md'), 'utf8');
const example = (name) => YAML.parse(fs.readFileSync(path.join(repository, 'docs/ci', name), 'utf8'));

/* ---- a clone, and what the CI's machine has ---- */

const cloned = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: repository, encoding: 'utf8' })
	.split('\0').filter((name) => name && fs.existsSync(path.join(repository, name)));

const script = (file, text) => fs.writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });

class Machine {
	constructor() {
		this.place = temporary('ci');
		this.root = path.join(this.place, 'clone');
		this.home = path.join(this.place, 'home');
		this.bin = path.join(this.place, 'bin');
		this.target = path.join(this.place, 'web');
		for (const folder of [this.root, this.home, this.bin]) fs.mkdirSync(folder);
		for (const name of cloned) fs.cpSync(path.join(repository, name), path.join(this.root, name), { verbatimSymlinks: true });
		script(path.join(this.bin, 'apt-get'), `echo "$@" >> ${this.place}/apt-get`);
		script(path.join(this.root, 'script/build'), `[ "$*" = "release faktablad" ] && mkdir -p build/release/generator && ln -sf ${program} build/release/generator/faktablad`);
		this.edit('faktablad.yaml', (text) => `${text}  city: {url: "file://${this.target}"}\n`);
		this.output = '';
	}

	edit(name, change) {
		const file = path.join(this.root, name);
		fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
	}

	/* As the CI's shell runs it; whether it ended well. */
	shell(text, { env = {}, paths = [] } = {}) {
		const file = path.join(this.place, 'step.sh');
		fs.writeFileSync(file, text);
		const ran = run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
			cwd: this.root, env: environment({ HOME: this.home, PATH: [...paths, this.bin, process.env.PATH].join(':'), CI: 'true', ...env }),
		});
		this.output += ran.stdout + ran.stderr;
		return ran.status === 0;
	}

	isPublished() {
		if (!fs.existsSync(this.target)) return false;
		const own = (folder) => listFiles(folder).filter((name) => !name.startsWith('.faktablad')).map((name) => `${name} ${digest(fs.readFileSync(path.join(folder, name)))}`);
		assert.deepEqual(own(this.target), own(path.join(this.root, 'public')));
		return true;
	}

	/* Nothing of the key is left, and nobody saw it. */
	kept(key) {
		assert.ok(!this.output.includes('5d1f7c'), 'the key is in the log');
		assert.ok(!fs.existsSync(path.join(this.home, '.ssh/faktablad_key')), 'the key is still there');
		assert.equal(fs.existsSync(path.join(this.home, '.ssh')), key);
	}
}

/* ---- GitHub ---- */

class GitHub extends Machine {
	constructor() {
		super();
		this.workflow = example('github.yml');
		this.artifacts = {};
		this.paths = [];
		this.temp = (name) => path.join(this.place, name);
		this.uses = {
			'actions/checkout@v4': () => {},
			'github/codeql-action/upload-sarif@v3': ({ sarif_file: file }) => { this.sarif = JSON.parse(fs.readFileSync(path.join(this.root, file), 'utf8')); },
			'actions/upload-artifact@v4': ({ name, path: below }) => { this.artifacts[name] = listFiles(path.join(this.root, below)); },
		};
	}

	/* An expression of GitHub's, which is one of JavaScript's as far as these go. */
	#isTrue(expression, github, ok) {
		const functions = { success: () => ok, failure: () => !ok, always: () => true, hashFiles: (name) => (fs.existsSync(path.join(this.root, name)) ? 'x' : '') };
		const said = /\b(success|failure|always|cancelled)\(\)/.test(expression) ? expression : `success() && (${expression})`;
		return new Function('github', ...Object.keys(functions), `return ${said};`)(github, ...Object.values(functions));
	}

	#filled(text, github) {
		const values = { secrets: github.isFork ? {} : { PUBLISH_KEY: KEY }, vars: { PUBLISH_KNOWN_HOSTS: KNOWN_HOSTS } };
		return String(text).replace(/\$\{\{ *(\w+)\.(\w+) *\}\}/g, (_, kind, name) => {
			assert.ok(values[kind][name] ?? github.isFork, `${kind}.${name} is a name that docs/ci.md explains`);
			return values[kind][name] ?? '';
		});
	}

	#step(step, github) {
		if (step.uses) return this.uses[step.uses](step.with ?? {}) ?? true;
		const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, this.#filled(value, github)]));
		const ended = this.shell(step.run, { paths: this.paths, env: { ...env, GITHUB_PATH: this.temp('paths'), GITHUB_STEP_SUMMARY: this.temp('summary') } });
		this.paths = fs.existsSync(this.temp('paths')) ? fs.readFileSync(this.temp('paths'), 'utf8').split('\n').filter(Boolean) : [];
		return ended;
	}

	/* The job on an event; whether it ended well. */
	run(event, { isFork = false } = {}) {
		const pull_request = event === 'pull_request' ? { head: { repo: { fork: isFork } } } : { head: { repo: {} } };
		const github = { event_name: event, event: { pull_request }, isFork };
		let ok = true;
		this.steps = [];
		for (const step of this.workflow.jobs.site.steps) {
			if (!this.#isTrue(step.if ?? 'true', github, ok)) continue;
			this.steps.push(step.name ?? step.uses);
			ok = this.#step(step, github) && ok;
		}
		return ok;
	}

	get summary() {
		return fs.existsSync(this.temp('summary')) ? fs.readFileSync(this.temp('summary'), 'utf8') : '';
	}
}

/* ---- GitLab ---- */

class GitLab extends Machine {
	constructor() {
		super();
		this.job = example('gitlab.yml').site;
	}

	/* A File variable is the name of a file. */
	run(event, { isFork = false } = {}) {
		const files = isFork ? {} : { PUBLISH_KEY: `${KEY}\n`, PUBLISH_KNOWN_HOSTS: `${KNOWN_HOSTS}\n` };
		const env = { CI_DEFAULT_BRANCH: 'main', ...(event === 'push' ? { CI_COMMIT_BRANCH: 'main' } : { CI_PIPELINE_SOURCE: 'merge_request_event' }) };
		for (const [name, text] of Object.entries(files)) {
			env[name] = path.join(this.place, name);
			fs.writeFileSync(env[name], text);
		}
		const ok = this.shell([...this.job.before_script, ...this.job.script].join('\n'), { env });
		this.shell(this.job.after_script.join('\n'), { env });
		this.artifacts = { packs: this.job.artifacts.paths.flatMap((folder) => (fs.existsSync(path.join(this.root, folder)) ? listFiles(path.join(this.root, folder)) : [])) };
		this.quality = JSON.parse(fs.readFileSync(path.join(this.root, this.job.artifacts.reports.codequality), 'utf8'));
		return ok;
	}

	get summary() {
		return this.output;
	}
}

/* ---- what both do ---- */

const brokenLink = (machine) => machine.edit('content/sv/orosanmalan.md', (text) => `${text}\nLäs [mer](finns-inte.md).\n`);

async function behaves(name, CI, found) {
	const test = (what, body) => suite.test(`${name}: ${what}`, body);
	await test('a request is checked and built, and says what would be published', () => {
		const ci = new CI();
		assert.ok(ci.run('pull_request'), ci.output);
		assert.match(ci.summary, /^\d+ to add, 0 to change, 0 to delete/m);
		assert.ok(!ci.isPublished(), 'nothing is published');
		assert.ok(ci.artifacts.packs.some((file) => file.endsWith('.zip')));
		ci.kept(true);
	});
	await test('a merge to main is published; another one without changes has nothing to do', () => {
		const ci = new CI();
		assert.ok(ci.run('push'), ci.output);
		assert.ok(ci.isPublished());
		ci.kept(true);
		assert.match(fs.readFileSync(path.join(ci.place, 'apt-get'), 'utf8'), /install .*ca-certificates.* openssh-client/, 'what a bare machine lacks');
		assert.ok(ci.run('push'), ci.output);
		assert.match(ci.output, /nothing to do/);
	});
	await test('an error ends the job, is shown where it stands, and nothing is published', () => {
		const ci = new CI();
		brokenLink(ci);
		assert.ok(!ci.run('push'));
		assert.ok(!ci.isPublished());
		assert.ok(found(ci).some((one) => one === 'link/broken content/sv/orosanmalan.md'), JSON.stringify(found(ci)));
		ci.kept(false);
	});
	await test('a request from a fork is checked and built, without the key', () => {
		const ci = new CI();
		assert.ok(ci.run('pull_request', { isFork: true }), ci.output);
		assert.ok(!ci.isPublished());
		assert.ok(ci.artifacts.packs.length > 0);
		ci.kept(false);
	});
}

await behaves('github', GitHub, (ci) => ci.sarif.runs[0].results.map((result) => `${result.ruleId} ${result.locations[0].physicalLocation.artifactLocation.uri}`));
await behaves('gitlab', GitLab, (ci) => ci.quality.map((one) => `${one.check_name} ${one.location.path}`));

await suite.test('the guide names what has to be set, and its target is read', () => {
	const text = ['github.yml', 'gitlab.yml'].map((name) => fs.readFileSync(path.join(repository, 'docs/ci', name), 'utf8')).join('');
	const names = new Set([...text.matchAll(/\b(?:secrets|vars)\.(\w+)|"\$(PUBLISH_\w+)/g)].map(([, one, other]) => one ?? other));
	for (const name of names) assert.ok(guide.includes(`| \`${name}\` |`), name);
	const machine = new Machine();
	const [, targets] = guide.match(/^```yaml\n(targets:\n[^]*?)^```$/m);
	machine.edit('faktablad.yaml', (config) => config.replace(/^targets:[^]*$/m, targets));
	const checked = run(program, ['--root', machine.root, 'check', '--quiet'], {});
	assert.equal(checked.status, 0, checked.stderr);
	assert.doesNotMatch(checked.stderr, /faktablad\.yaml/);
});

suite.finish();
