/*
 * sftp_scenarios: what only SFTP has: kinds of keys, agents, files of known hosts, a program called ssh that may be missing,
 * and what can stand in the way on a disk.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { hasAll, isSite, plantForeign } from './checks.mjs';
import { own, start, stop, tool, user, waitUntil, writeOwned } from './process.mjs';
import { Publisher } from './publisher.mjs';
import { PASSWORD } from './secrets.mjs';
import { changed, siteOf } from './site.mjs';

const VERSIONS = [siteOf(0), siteOf(1)];
const [OLD, NEW] = VERSIONS;
const ODD = ['en mapp/å ä ö.html', '[a]?/x*y.html', '-a/-l.html', "'citat' \"så\"/$HOME;&.html", 'a -> b/c -> d.html', '~/~.html', 'a+b/100%.html', 'tom.html'];

/* Nothing but somebody else's files, and a publisher that never published. */
async function begin(server) {
	await server.store.clear();
	await plantForeign(server.store);
	return new Publisher(server);
}

const isSentence = (out) => assert.match(out, /^[^\n]{20,900}\n$/, 'one sentence');

/* A key of the user's, let in by the server, in a folder of its own. */
function newKey(server, kind, ...more) {
	const file = path.join(server.place, `key-${kind}`);
	for (const old of [file, `${file}.pub`]) fs.rmSync(old, { force: true });
	tool('ssh-keygen', ['-q', '-t', kind, '-N', '', '-C', kind, '-f', file, ...more]);
	own(file);
	fs.appendFileSync(path.join(server.place, 'authorized_keys'), fs.readFileSync(`${file}.pub`));
	return file;
}

async function kindsOfKeys({ server }) {
	const publisher = await begin(server);
	await publisher.publish(OLD, { settings: { identity: newKey(server, 'ecdsa') } });
	await publisher.publish(NEW, { settings: { identity: path.join(server.place, 'key-ecdsa') } });
	await isSite(server.store, NEW, { versions: VERSIONS });
	for (const more of [[], ['-m', 'PEM']]) {
		const { out } = await publisher.write(OLD).fails([1, 2], /is an RSA key.*ssh-keygen -t ed25519/, { settings: { identity: newKey(server, 'rsa', ...more) } });
		isSentence(out);
	}
	const unknown = path.join(server.place, 'stranger');
	fs.rmSync(unknown, { force: true });
	tool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', unknown]);
	own(unknown);
	isSentence((await publisher.fails([1, 2], /authorized_keys/, { settings: { identity: unknown } })).out);
	isSentence((await publisher.fails([1, 2], /cannot read the key file/, { settings: { identity: path.join(server.place, 'no-such-key') } })).out);
	await isSite(server.store, NEW, { versions: VERSIONS });
}

async function fromAgent({ server }) {
	const publisher = await begin(server);
	const socket = path.join(server.place, 'data/agent'), log = path.join(server.place, 'agent-log');
	const agent = start('ssh-agent', ['-D', '-a', socket], { log });
	try {
		await waitUntil(() => fs.existsSync(socket), { child: agent, log, what: 'ssh-agent' });
		const env = { SSH_AUTH_SOCK: socket };
		isSentence((await publisher.write(OLD).fails([1, 2], /agent/, { env, settings: { identity: null } })).out);
		const add = start('ssh-add', ['-q', path.join(server.place, 'user-key')], { log, env });
		assert.equal(await add.ended, 0, fs.readFileSync(log, 'utf8'));
		await publisher.publish(OLD, { env, settings: { identity: null } });
		await publisher.publish(NEW, { env, settings: { identity: null } });
	} finally {
		await stop(agent);
	}
	await isSite(server.store, NEW, { versions: VERSIONS });
}

/* Other kinds of keys before the right one, and names that are hashed. */
async function knownHosts({ server }) {
	const publisher = await begin(server);
	const name = `[127.0.0.1]:${server.port}`, file = path.join(server.place, 'known hosts "åäö" 100%');
	const others = ['rsa', 'ecdsa'].map((kind) => `${name} ${fs.readFileSync(`${newKey(server, kind)}.pub`, 'utf8')}`);
	const right = `${name} ${server.hostKey.line}\n`;
	writeOwned(file, `# theirs\n${others.join('')}${right}`);
	await publisher.publish(OLD, { settings: { known_hosts: file } });
	await publisher.publish(NEW, { settings: { known_hosts: file } });
	const hashed = path.join(server.place, 'hashed');
	writeOwned(hashed, right);
	tool('ssh-keygen', ['-q', '-H', '-f', hashed]);
	own(hashed);
	assert.match(fs.readFileSync(hashed, 'utf8'), /^\|1\|/);
	await publisher.publish(OLD, { settings: { known_hosts: hashed } });
	await isSite(server.store, OLD, { versions: VERSIONS });
	writeOwned(file, others.join(''));
	isSentence((await publisher.write(NEW).fails([1, 2], /host key .* is not known.*keys of other kinds/, { settings: { known_hosts: file } })).out);
	writeOwned(file, `${right}@revoked * ${server.hostKey.line}\n`);
	isSentence((await publisher.fails([1, 2], /REVOKED/, { settings: { known_hosts: file } })).out);
	await isSite(server.store, OLD, { versions: VERSIONS });
}

/* libcurl's own means must do; --verbose says what a visitor can meet then. */
async function withoutSsh({ server }) {
	const publisher = await begin(server);
	const programs = path.join(server.place, 'no-ssh');
	fs.mkdirSync(programs, { recursive: true });
	fs.rmSync(path.join(programs, 'setpriv'), { force: true });
	fs.symlinkSync('/usr/bin/setpriv', path.join(programs, 'setpriv'));
	const env = { PATH: programs };
	await publisher.publish(OLD, { env });
	const { out } = await publisher.publish(NEW, { env, args: ['--verbose'] });
	assert.match(out, /may miss one .*the program ssh is not installed/);
	await isSite(server.store, NEW, { versions: VERSIONS });
	await publisher.publish(OLD, { env });
	await isSite(server.store, OLD, { versions: VERSIONS });
	assert.match((await publisher.publish()).out, /^nothing to do/m);
}

async function oddNames({ server }) {
	const publisher = await begin(server);
	const site = changed(OLD, Object.fromEntries(ODD.map((name) => [name, name.startsWith('tom') ? '' : `<p>${name}`])));
	await publisher.publish(site);
	await isSite(server.store, site);
	publisher.forget();
	assert.match((await publisher.publish()).out, /^nothing to do/m);
	const other = changed(site, { [ODD[0]]: 'ny', [ODD[3]]: 'ny', [ODD[1]]: null, [ODD[2]]: null, [ODD[4]]: 'ny' });
	await publisher.publish(other);
	await isSite(server.store, other);
}

/* The site lies in the user's home, which is named “data”. */
async function belowHome({ server }) {
	const publisher = await begin(server);
	const { url } = server.target();
	const settings = { url: `${url.slice(0, url.indexOf('/', 7))}/~/${path.basename(server.root)}` };
	await publisher.publish(OLD, { settings });
	await publisher.publish(NEW, { settings });
	await isSite(server.store, NEW, { versions: VERSIONS });
}

/* A link where a folder of the site was: what it points to is somebody else's. */
async function linksInTheWay({ server }) {
	const publisher = await begin(server);
	await publisher.publish(OLD);
	const folder = path.join(server.root, 'en'), aside = path.join(server.place, 'data/elsewhere');
	fs.rmSync(aside, { recursive: true, force: true });
	fs.renameSync(folder, aside);
	fs.symlinkSync(aside, folder);
	fs.lchownSync(folder, user.uid, user.gid);
	const before = fs.readdirSync(aside).map((name) => [name, fs.readFileSync(path.join(aside, name), 'utf8')]);
	isSentence((await publisher.write(NEW).fails([1, 2], /en\/|en on/)).out);
	assert.deepEqual(fs.readdirSync(aside).map((name) => [name, fs.readFileSync(path.join(aside, name), 'utf8')]), before, 'a link was followed');
	fs.rmSync(folder);
	fs.renameSync(aside, folder);
	await publisher.publish(NEW);
	await isSite(server.store, NEW, { versions: VERSIONS });
}

async function fromNetrc({ server }) {
	const publisher = await begin(server);
	const { url } = server.target({ login: 'password' });
	const [, name, host] = /^\w+:\/\/([^@]+)@([^:]+)/.exec(url);
	const netrc = path.join(publisher.state, '.netrc');
	writeOwned(netrc, `machine ${host} login ${name} password "${PASSWORD}"\n`);
	const how = { login: 'password', settings: { netrc: true, url: url.replace(`${name}@`, '') }, env: { FAKTABLAD_PASSWORD: '' } };
	await publisher.publish(OLD, how);
	await publisher.publish(NEW, how);
	fs.rmSync(netrc);
	await isSite(server.store, NEW, { versions: VERSIONS });
}

async function forbidden({ server }) {
	const publisher = await begin(server);
	await publisher.publish(OLD);
	const manifest = path.join(server.root, '.faktablad/manifest');
	for (const file of [manifest, path.dirname(manifest)]) {
		const { mode } = fs.statSync(file);
		fs.chmodSync(file, 0);
		try {
			isSentence((await publisher.write(NEW).fails([1, 2], /right|permission/i)).out);
		} finally {
			fs.chmodSync(file, mode & 0o777);
		}
		await hasAll(server.store, OLD);
	}
	await publisher.publish(NEW);
	await isSite(server.store, NEW, { versions: VERSIONS });
}

export const sftpScenarios = {
	'ECDSA keys are taken, RSA keys are explained': kindsOfKeys,
	'a key that only the agent has': fromAgent,
	'known hosts: several kinds, hashed names, revoked keys': knownHosts,
	'without the program ssh': withoutSsh,
	'names with spaces, patterns, quotes and arrows': oddNames,
	'a link in the way is not followed': linksInTheWay,
	'what may not be read is not taken for missing': forbidden,
};

/* For a user whose home is the tests' own. */
export const passwordUserScenarios = { 'a user and a password from netrc': fromNetrc, 'a folder below the home': belowHome };
