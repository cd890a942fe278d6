/*
 * s3_scenarios: what is special about buckets: names, listings in pages, uploads in parts, clocks, checksums.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { isSite } from './checks.mjs';
import { HOST, PROXY_HOST, newPlace, own } from './process.mjs';
import { Publisher } from './publisher.mjs';
import { largePack, siteOf } from './site.mjs';

const NOBODYS = new Map();
const SITE = siteOf(0);
const NAMES = ['a b', 'a=b', 'a+b', '(x)', "it's!", 'å', 'ع', '100%', '%41', '~x', 'a&b', 'a;b,c@d:e$f', 'a*b', 'ett~två#3?4'];

async function empty(server) {
	await server.store.clear();
	return new Publisher(server);
}

const holds = (server, site) => isSite(server.store, site, { foreign: NOBODYS });

/* A library that makes a program's clock wrong. */
function wrongClock(seconds) {
	const place = newPlace('clock');
	const at = (name) => path.join(place, name);
	fs.writeFileSync(at('clock.c'), `#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
time_t time(time_t *out)
{
	struct timespec now;

	syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
	now.tv_sec += ${seconds};
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}
`);
	execFileSync('cc', ['-shared', '-fPIC', '-o', at('clock.so'), at('clock.c')]);
	fs.chmodSync(at('clock.so'), 0o755);
	return own(at('clock.so'));
}

/*
 * A proxy before the gateway that lets everything through until a client sends a piece with `word` in it: `then` gets
 * that piece and the two sockets. Once.
 */
async function meddle(server, word, then) {
	const state = { hits: 0, sent: 0 };
	const proxy = net.createServer({ noDelay: true }, (client) => {
		const gateway = net.connect({ host: HOST, port: server.ports[0], noDelay: true });
		client.on('error', () => gateway.destroy()).on('close', () => gateway.destroy());
		gateway.on('error', () => client.destroy()).pipe(client);
		client.on('data', (bytes) => {
			state.sent += bytes.length;
			if (!state.hits && bytes.includes(word)) {
				state.hits++;
				then(bytes, client, gateway);
			}
			gateway.write(bytes);
		});
	});
	await new Promise((resolve) => proxy.listen(0, HOST, resolve));
	return Object.assign(state, { endpoint: `http://${HOST}:${proxy.address().port}`, close: () => proxy.close() });
}

export const s3Scenarios = {
	async 'names with letters that signatures are often wrong about'({ server }) {
		const publisher = await empty(server);
		const site = new Map([...SITE, ...NAMES.map((name) => [`sv/${name}/${name}.html`, Buffer.from(`<p>${name}`)])]);
		await publisher.publish(site);
		await holds(server, site);
		assert.match((await publisher.publish()).out, /nothing to do|up to date/);
		await publisher.publish(SITE);
		await holds(server, SITE);
	},

	async 'each object has its type, how long it may be kept, and its digest'({ server }) {
		const publisher = await empty(server);
		await publisher.publish(SITE);
		const headers = await server.store.headers('sv/index.html');
		assert.equal(headers['content-type'], 'text/html; charset=utf-8');
		assert.match(headers['cache-control'], /max-age=\d+/);
		assert.match(headers['x-amz-meta-sha256'], /^[0-9a-f]{64}$/);
		const style = [...SITE.keys()].find((name) => name.endsWith('.css'));
		assert.match((await server.store.headers(style))['cache-control'], /immutable/);
	},

	async 'a folder with more files than one answer lists'({ server }) {
		const publisher = await empty(server);
		const site = new Map([...SITE, ...Array.from({ length: 1100 }, (_, index) => [`many/${index}.html`, Buffer.from(`<p>${index}`)])]);
		await publisher.publish(site);
		await server.store.remove('.faktablad/manifest');
		await publisher.fails(2, /somebody else's at.* and 11\d\d more/);
		await publisher.publish(null, { args: ['--adopt'] });
		await holds(server, site);
	},

	async 'bytes that are changed on the way are refused, and sent again'({ server }) {
		const publisher = await empty(server);
		const proxy = await meddle(server, 'version 0', (bytes) => { bytes[bytes.indexOf('version 0')] ^= 1; });
		await publisher.publish(SITE, { settings: { endpoint: proxy.endpoint } });
		proxy.close();
		assert.equal(proxy.hits, 1);
		await holds(server, SITE);
	},

	async 'clocks that differ are told with both times'({ server }) {
		const publisher = await empty(server);
		const ran = await publisher.write(SITE).fails(2, /clocks differ/, { env: { LD_PRELOAD: wrongClock(-7200), ASAN_OPTIONS: 'verify_asan_link_order=0' } });
		assert.match(ran.out, /it is \S.* there and \d{8}T\d{6}Z here/);
	},

	async 'a bucket that is not there, and a key that nobody knows'({ server }) {
		const publisher = await empty(server);
		publisher.write(SITE);
		await publisher.fails(2, /no such bucket/, { settings: { url: 's3://nobodys-bucket/x' } });
		await publisher.fails(2, /does not know the key/, { env: { AWS_ACCESS_KEY_ID: 'NOBODY' } });
		await publisher.fails(2, /AWS_ACCESS_KEY_ID/, { env: { AWS_ACCESS_KEY_ID: '' } });
	},

	async 'an upload that nobody goes on with is given up'({ server, proxy }) {
		const publisher = await empty(server);
		let child;
		publisher.write(new Map([...SITE, ['packs/stor.zip', largePack(80 << 20)]]));
		proxy.reset();
		proxy.onSent = (sent) => { if (sent > 40 << 20) child.kill('SIGKILL'); };
		await publisher.run({ host: PROXY_HOST, started: (started) => { child = started; } });
		proxy.reset();
		assert.equal((await server.store.unfinishedUploads()).length, 1);
		await publisher.publish(SITE);
		assert.deepEqual(await server.store.unfinishedUploads(), []);
		await holds(server, SITE);
	},

	async 'the answer to the last request of an upload is lost'({ server }) {
		const publisher = await empty(server);
		const site = new Map([...SITE, ['packs/stor.zip', largePack(80 << 20)]]);
		const proxy = await meddle(server, '<CompleteMultipartUpload>', (bytes, client, gateway) => {
			gateway.unpipe(client).once('data', () => client.destroy());
		});
		await publisher.publish(site, { settings: { endpoint: proxy.endpoint } });
		proxy.close();
		assert.equal(proxy.hits, 1);
		assert.ok(proxy.sent < 90 << 20, `${proxy.sent} bytes were sent`);
		assert.deepEqual(await server.store.unfinishedUploads(), []);
		await holds(server, site);
	},
};
