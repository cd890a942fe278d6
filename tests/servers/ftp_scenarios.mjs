/*
 * ftp_scenarios: what only FTP servers do: offer no TLS, let in few at once, hang up on who says nothing, refuse to rename
 * over a file, and tell little about what is missing and what is forbidden.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { FOREIGN, hasAll, isSite, plantForeign } from './checks.mjs';
import { PROXY_HOST } from './process.mjs';
import { Proxy } from './proxy.mjs';
import { Publisher } from './publisher.mjs';
import { PASSWORD } from './secrets.mjs';
import { changed, siteOf } from './site.mjs';

const VERSIONS = [siteOf(0), siteOf(1)];
const [OLD, NEW] = VERSIONS;

/* Spaces, what means something to servers that list by patterns, and what looks like an option. */
const ODD = ['en mapp/å ä ö.html', '[a]?/x*y.html', '-a/-l.html', "'citat' \"så\"/$HOME;&.html", 'a+b/100%.html', 'tom.html'];

/* Nothing but somebody else's files, and a publisher that never published. */
async function begin(server) {
	await server.store.clear();
	await plantForeign(server.store);
	return new Publisher(server);
}

/* A server of its own, whose configuration has other lines, and an empty target. */
async function withServer({ module }, lines, body) {
	const server = await module.start({ lines });
	try {
		await body(server, await begin(server));
	} finally {
		await server.stop();
	}
}

const isSentence = (out) => assert.match(out, /^[^\n]{20,700}\n$/, 'one sentence');

async function withoutTls(context) {
	const lines = context.module.name === 'vsftpd' ? { ssl_enable: 'NO' } : { TLSEngine: 'off' };
	await withServer(context, lines, async (server, publisher) => {
		isSentence((await publisher.write(OLD).fails(2, /offers no TLS/)).out);
		assert.doesNotMatch(server.log(), /"(USER|PASS)\b|USER publisher/, 'a password was sent');
		assert.equal((await server.store.files()).size, FOREIGN.size, 'something was sent');
	});
}

async function fewConnections(context) {
	const lines = context.module.name === 'vsftpd' ? { max_per_ip: '5' } : { MaxClientsPerUser: '5' };
	await withServer(context, lines, async (server, publisher) => {
		await publisher.publish(OLD, { settings: { connections: 8 } });
		await isSite(server.store, OLD);
	});
}

/* The control connection says nothing while the others send. */
async function shortPatience(context) {
	const lines = context.module.name === 'vsftpd' ? { idle_session_timeout: '1' } : { TimeoutIdle: '1' };
	await withServer(context, lines, async (server, publisher) => {
		const proxy = await Proxy.before(server);
		proxy.plan = () => ({ delay: 6 });
		await publisher.publish(OLD, { host: PROXY_HOST, settings: { connections: 2, stall: 10 } });
		await proxy.close();
		await isSite(server.store, OLD);
	});
}

async function oddNames({ server }) {
	const publisher = await begin(server);
	const site = changed(OLD, Object.fromEntries(ODD.map((name) => [name, name.startsWith('tom') ? '' : `<p>${name}`])));
	await publisher.publish(site);
	await isSite(server.store, site);
	publisher.forget();
	assert.match((await publisher.publish()).out, /^nothing to do/m);
	const other = changed(site, { [ODD[0]]: 'ny', [ODD[1]]: null, [ODD[2]]: null });
	await publisher.publish(other);
	await isSite(server.store, other);
}

/* 550 means both: what may not be read is not taken for a first publish. */
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

async function fromNetrc({ server }) {
	const publisher = await begin(server);
	const { url } = server.target();
	const [, user, host] = /^\w+:\/\/([^@]+)@([^:]+)/.exec(url);
	const netrc = path.join(publisher.state, '.netrc');
	fs.writeFileSync(netrc, `machine ${host} login ${user} password "${PASSWORD}"\n`);
	fs.chownSync(netrc, fs.statSync(publisher.state).uid, fs.statSync(publisher.state).gid);
	await publisher.publish(OLD, { settings: { netrc: true, url: url.replace(`${user}@`, '') }, env: { FAKTABLAD_PASSWORD: '' } });
	fs.rmSync(netrc);
	await isSite(server.store, OLD);
}

async function noOverwriting(context) {
	await withServer(context, { AllowOverwrite: 'off' }, async (server, publisher) => {
		await publisher.publish(OLD);
		await publisher.publish(NEW);
		await isSite(server.store, NEW, { versions: VERSIONS });
		await publisher.publish(OLD);
		await isSite(server.store, OLD, { versions: VERSIONS });
		assert.match((await publisher.publish()).out, /^nothing to do/m);
	});
}

export const ftpScenarios = {
	'a server without TLS never hears the password': withoutTls,
	'five connections allowed of eight': fewConnections,
	'a server that hangs up on who says nothing': shortPatience,
	'names with spaces, patterns and letters of every kind': oddNames,
	'what may not be read is not taken for missing': forbidden,
	'a user and a password from netrc': fromNetrc,
};

export const noOverwritingScenario = { 'a server that does not rename over a file': noOverwriting };
