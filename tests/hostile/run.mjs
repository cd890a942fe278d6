/*
 * hostile: builds sites made to hurt, under limits of time and memory.
 *
 *	FAKTABLAD=… ASAN_BINARY=… node tests/hostile/run.mjs [NAME]
 *
 * The program as it is shipped must stay within the limits; then the one with sanitizers must find nothing.
 * Either way it ends by itself with 0 or 1, and with 1 it has said what is wrong and where, and built nothing.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { environment, program, temporary, tools } from '../lib/program.mjs';
import { Suite } from '../lib/suite.mjs';
import { Site, cases } from './cases.mjs';

/* Of processor time. */
const SECONDS = 60;
const MEGABYTES = 600;
const SANITIZED_SECONDS = 600;
const SANITIZED_MEGABYTES = 8000;

const suite = new Suite('hostile');

/* Runs a build under limits; output goes to files, since it may be large. */
function build(binary, root, seconds, megabytes) {
	const result = path.join(root, '.measured');
	const out = fs.openSync(path.join(root, '.out'), 'w'), err = fs.openSync(path.join(root, '.err'), 'w');
	spawnSync(path.join(tools, 'measure'), [result, String(seconds), String(megabytes), binary, '--root', root, 'build', '--quiet'],
		{ stdio: ['ignore', out, err], env: environment() });
	fs.closeSync(out);
	fs.closeSync(err);
	const [status, signal, ended] = fs.readFileSync(result, 'utf8').trim().split(' ');
	const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');
	return { status: Number(status), signal: Number(signal), ended, said: read('.out') + read('.err') };
}

function judge(what, made, says, root) {
	const tail = `\n${made.said.slice(-2000)}`;
	assert.equal(made.ended, '-', `${what} was ended: too much ${made.ended}${tail}`);
	assert.equal(made.signal, 0, `${what} died of signal ${made.signal}${tail}`);
	assert.ok(made.status === 0 || made.status === 1, `${what} left with ${made.status}${tail}`);
	if (says) {
		assert.equal(made.status, 1, `${what} should refuse with ${says}${tail}`);
		assert.ok(made.said.includes(says), `${what} should say ${says}${tail}`);
	}
	if (made.status === 1) {
		assert.match(made.said, /\[?[a-z]+\/[a-z0-9-]+\]?/, `${what} refused without a rule${tail}`);
		assert.ok(!fs.existsSync(path.join(root, 'public')), `${what} refused and yet wrote a site`);
	}
}

function runCase(each) {
	const root = temporary('hostile');
	each.make(new Site(root));
	judge('the program', build(program, root, SECONDS, MEGABYTES), each.says, root);
	if (!process.env.ASAN_BINARY) return;
	fs.rmSync(path.join(root, 'public'), { recursive: true, force: true });
	fs.rmSync(path.join(root, '.faktablad-public'), { recursive: true, force: true });
	judge('with sanitizers it', build(process.env.ASAN_BINARY, root, SANITIZED_SECONDS, SANITIZED_MEGABYTES), each.says, root);
	fs.rmSync(root, { recursive: true, force: true });
}

for (const each of cases) await suite.test(each.name, () => runCase(each));
suite.finish();
