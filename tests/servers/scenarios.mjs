/*
 * scenarios: what must hold on every server. Each gets a context: { server, module, proxy, full } and says by throwing
 * when it does not.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { seeded, tools } from '../lib/program.mjs';
import { Skip } from '../lib/suite.mjs';
import { FOREIGN, hasAll, isSite, isWhole, plantForeign } from './checks.mjs';
import { fillDisk } from './disk.mjs';
import { PROXY_HOST, sleep } from './process.mjs';
import { Publisher } from './publisher.mjs';
import { PICTURE, changed, largePack, siteOf } from './site.mjs';
import { Visitor } from './visitor.mjs';

const SEED = Number(process.env.SERVERS_SEED ?? 20261122);
const VERSIONS = [0, 1, 2, 3].map((version) => siteOf(version));
const [OLD, NEW] = VERSIONS;

/* Nothing but somebody else's files, and a publisher that never published. */
async function empty({ server }) {
	await server.store.clear();
	await plantForeign(server.store);
	return new Publisher(server);
}

async function begin(context, files = OLD) {
	const publisher = await empty(context);
	await publisher.publish(files);
	return publisher;
}

const counts = (out) => {
	const found = /(\d+) new, (\d+) changed, (\d+) deleted, (\d+) unchanged/.exec(out);
	assert.ok(found, `no counts in: ${out}`);
	return found.slice(1).map(Number);
};

/* One sentence and no more, without a stack of causes or a function's name. */
const isSentence = (out) => assert.match(out, /^[^\n]{20,700}\n$/, 'one sentence');

const viaProxy = { host: PROXY_HOST };

/* ---- what a publish does ---- */

const ordinary = {
	async 'first publish, nothing to do, one changed, renamed, deleted'({ server }) {
		const publisher = await empty({ server });
		await publisher.write(OLD).run({ args: ['--dry-run'] });
		assert.equal((await server.store.files()).size, FOREIGN.size, '--dry-run left something');
		assert.deepEqual(counts((await publisher.publish()).out), [OLD.size, 0, 0, 0]);
		await isSite(server.store, OLD);
		assert.match((await publisher.publish()).out, /^nothing to do/m);

		const one = changed(OLD, { 'en/blad-1.html': 'annorlunda' });
		assert.deepEqual(counts((await publisher.publish(one)).out), [0, 1, 0, OLD.size - 1]);
		await isSite(server.store, one);

		const renamed = changed(one, { 'en/blad-1.html': null, 'en/nya/blad-1.html': 'annorlunda' });
		assert.deepEqual(counts((await publisher.publish(renamed)).out), [1, 0, 1, OLD.size - 1]);
		await isSite(server.store, renamed);

		const deleted = changed(renamed, { 'en/nya/blad-1.html': null, [PICTURE]: null });
		assert.deepEqual(counts((await publisher.publish(deleted)).out), [0, 0, 2, OLD.size - 2]);
		await isSite(server.store, deleted);
		assert.match((await publisher.publish()).out, /^nothing to do/m);
		await publisher.seen();
	},

	async 'another machine has nothing to do either'(context) {
		const publisher = await begin(context);
		publisher.forget();
		assert.match((await publisher.publish()).out, /^nothing to do/m);
	},

	async '--adopt takes over what is the same, and nothing else'(context) {
		const { server } = context;
		const publisher = await empty(context);
		for (const [name, bytes] of OLD) await server.store.put(name, bytes);
		publisher.write(OLD);
		await publisher.fails(2, /--adopt/);
		await publisher.publish(null, { args: ['--adopt'] });
		await isSite(server.store, OLD);
		assert.match((await publisher.publish()).out, /^nothing to do/m);

		const again = await empty(context);
		await server.store.put('sv/index.html', Buffer.from('theirs'));
		await again.write(OLD).fails(2, /sv\/index\.html/, { args: ['--adopt'] });
		await server.store.remove('sv/index.html');
		await isSite(server.store, new Map());
	},

	async "somebody else's file is not replaced"(context) {
		const { server } = context;
		const publisher = await empty(context);
		await server.store.put('sv/index.html', Buffer.from('theirs'));
		publisher.write(OLD);
		isSentence((await publisher.fails(2, /sv\/index\.html/)).out);
		const foreign = new Map([...FOREIGN, ['sv/index.html', Buffer.from('theirs')]]);
		await isSite(server.store, new Map(), { foreign });
		await server.store.remove('sv/index.html');
		await publisher.publish();
		await isSite(server.store, OLD);
	},
};

const headers = {
	async 'a change of headers alone is sent, and only that'(context) {
		const { server } = context;
		const publisher = await begin(context);
		const headers = { '**.html': { 'Cache-Control': 'max-age=77' } };
		const pages = [...OLD.keys()].filter((name) => name.endsWith('.html')).length;
		assert.deepEqual(counts((await publisher.publish(null, { settings: { headers } })).out), [0, pages, 0, OLD.size - pages]);
		const [html, css] = await Promise.all(['sv/index.html', [...OLD.keys()].find((name) => name.endsWith('.css'))].map((name) => server.store.headers(name)));
		assert.equal(html['cache-control'], 'max-age=77');
		assert.match(html['content-type'], /^text\/html/);
		assert.match(css['content-type'], /^text\/css/);
		assert.match(css['cache-control'], /immutable/);
		assert.match((await publisher.publish(null, { settings: { headers } })).out, /^nothing to do/m);
	},
};

/* ---- cut off ---- */

/* Over a network, a publish is killed when it has sent so many bytes. */
const byBytes = {
	async measure({ proxy }, publisher) {
		const sums = [];
		for (const version of [VERSIONS[1], VERSIONS[2]]) {
			proxy.reset();
			await publisher.publish(version, viaProxy);
			sums.push(proxy.sent);
		}
		return Math.max(...sums);
	},
	async kill({ proxy }, publisher, point) {
		let child;
		proxy.reset();
		proxy.onSent = (sent) => sent >= point && child.kill('SIGKILL');
		const ran = await publisher.run({ ...viaProxy, started: (started) => { child = started; } });
		proxy.reset();
		return ran.signal === 'SIGKILL';
	},
};

async function traced(publisher, number) {
	const result = path.join(publisher.root, 'killed');
	const ran = await publisher.run({ prefix: [path.join(tools, 'killat'), result, String(number), '9'] });
	if (ran.status === 3) throw new Skip('this machine does not allow tracing');
	const [calls, , signal] = fs.readFileSync(result, 'utf8').trim().split(' ').map(Number);
	return { calls, killed: signal === 9 };
}

/* On this machine, at its so-manieth change of the file system. */
const byCalls = {
	async measure(context, publisher) {
		await publisher.publish(VERSIONS[1]);
		return (await traced(publisher.write(VERSIONS[2]), 0)).calls;
	},
	async kill(context, publisher, point) {
		return (await traced(publisher, Math.max(1, Math.round(point)))).killed;
	},
};

const AFTERWARDS = ['the same', 'an older one', 'from another machine'];

/* What may lie there: anything that anybody published since. */
async function kills(context) {
	const { server, full } = context;
	const rounds = full ? 100 : 8;
	const random = seeded(SEED);
	const publisher = await begin(context);
	const way = context.proxy ? byBytes : byCalls;
	const whole = await way.measure(context, publisher);
	let current = 2, landed = 0;
	for (let round = 0; round < rounds; round++) {
		const next = (current + 1 + Math.floor(random() * 3)) % 4;
		/* Every third one near the end, where the manifest is written and files are deleted. */
		const part = round % 3 === 2 ? 0.85 + random() * 0.2 : random();
		landed += await way.kill(context, publisher.write(VERSIONS[next]), whole * part);
		const where = `kill ${round} (seed ${SEED}) at ${part.toFixed(3)}, ${current} → ${next}, then ${AFTERWARDS[round % 3]}`;
		try {
			if (server.guarantee === 'whole') await isWhole(server.store, VERSIONS);
			const after = round % 3 === 1 ? current : next;
			if (round % 3 === 2) publisher.forget();
			await publisher.publish(VERSIONS[after]);
			await isSite(server.store, VERSIONS[after], { versions: VERSIONS });
			current = after;
		} catch (error) {
			error.message = `${where}: ${error.message}`;
			throw error;
		}
	}
	assert.ok(landed >= rounds / 2, `only ${landed} of ${rounds} kills came before the end`);
	await publisher.seen();
}

/* ---- at the same time ---- */

const together = {
	async 'a visitor meets no broken page'(context) {
		const { server, full } = context;
		const publisher = await begin(context);
		const visitor = new Visitor(server.httpAddress, VERSIONS);
		const wanted = full ? 3000 : 200;
		await visitor.during((async () => {
			for (let round = 1; round <= 4 || (visitor.reads < wanted && round < 200); round++) await publisher.publish(VERSIONS[round % 4]);
		})());
		assert.ok(visitor.reads >= wanted, `only ${visitor.reads} reads`);
		context.note(`${visitor.reads} reads, ${visitor.broken.length} broken`);
		if (server.guarantee === 'whole') assert.deepEqual(visitor.broken.slice(0, 5), []);
	},

	async 'Ctrl-C stops soundly and gives back the lock'(context) {
		const { server } = context;
		const publisher = await begin(context);
		const { seconds } = await publisher.publish(VERSIONS[1]);
		let landed = 0;
		for (let round = 2; round < 5; round++) {
			const site = VERSIONS[round % 4];
			const ran = await publisher.write(site).run({ started: (child) => setTimeout(() => child.kill('SIGINT'), 1000 * seconds * (0.3 + 0.2 * (round - 2))) });
			assert.ok([0, 1, null].includes(ran.status), ran.out);
			if (ran.status === 1) {
				landed++;
				assert.match(ran.out, /stopping; once more stops at once/);
				assert.match(ran.out, /publish again/);
			}
			if (server.guarantee === 'whole') await isWhole(server.store, VERSIONS);
			/* Another machine need not wait for the lock. */
			await new Publisher(server).publish(site);
			await isSite(server.store, site, { versions: VERSIONS });
		}
		context.note(`${landed} of 3 were stopped on the way`);
	},

	async 'of two publishers at once one is refused, or both complete'(context) {
		const { server } = context;
		const publisher = await begin(context);
		const other = new Publisher(server);
		const random = seeded(SEED + 1);
		for (let round = 0; round < 4; round++) {
			const sites = [VERSIONS[1 + (round % 2)], VERSIONS[3]];
			const pause = Math.floor(random() * 60);
			const [one, two] = await Promise.all([publisher.write(sites[0]).run(), sleep(pause).then(() => other.write(sites[1]).run())]);
			const both = `${one.status}: ${one.out}\n${two.status}: ${two.out}`;
			for (const ran of [one, two]) {
				assert.ok(ran.status === 0 || ran.status === 2, both);
				if (ran.status === 2) assert.match(ran.out, /publish|changed/i);
			}
			const done = [one, two].map((ran, index) => [ran, sites[index]]).filter(([ran]) => ran.status === 0).map(([, site]) => site);
			assert.ok(done.length > 0, both);
			const fits = await Promise.all(done.map((site) => isSite(server.store, site, { versions: VERSIONS }).then(() => null, (error) => error)));
			assert.ok(fits.includes(null), `the target is neither site: ${fits[0]?.message}\n${both}`);
		}
	},
};

/* ---- refused ---- */

/* Nothing was changed, no retries were made, and it was said in one sentence. */
async function refused(context, pattern, how) {
	const { server } = context;
	const publisher = await begin(context);
	publisher.write(NEW);
	const ran = await publisher.fails(2, pattern, how);
	isSentence(ran.out);
	assert.doesNotMatch(ran.out, /tried \d+ times/);
	await isSite(server.store, OLD);
	await publisher.publish(NEW);
}

async function withCertificate({ module }, certificate, pattern) {
	const server = await module.start({ certificate });
	try {
		const publisher = new Publisher(server);
		await server.store.clear();
		const ran = await publisher.write(OLD).fails(2, pattern);
		isSentence(ran.out);
		assert.equal((await server.store.files()).size, 0, 'something was sent');
		return publisher;
	} finally {
		await server.stop();
	}
}

function needsLogin({ server }, login) {
	if (server.logins[login].unavailable) throw new Skip(server.logins[login].unavailable);
}

const passwords = {
	async 'a wrong password'(context) {
		needsLogin(context, 'wrong');
		await refused(context, /password|log ?in|denied|credential|secret|signature|authori|403|401/i, { login: 'wrong' });
	},
};

const logins = {
	async 'every way to log in'(context) {
		const { server } = context;
		const publisher = await begin(context);
		for (const login of Object.keys(server.logins).filter((each) => each !== 'wrong')) {
			needsLogin(context, login);
			await publisher.publish(OLD, { login });
			await publisher.publish(NEW, { login });
			await isSite(server.store, NEW, { versions: VERSIONS });
		}
	},
};

const hostKeys = {
	async 'a wrong host key'(context) {
		await refused(context, /host key|known.hosts/i, { hostKey: 'wrong' });
	},
	async 'an unknown host key is told with its fingerprint and the line to add'(context) {
		const { hostKey } = context.server;
		await refused(context, /host key|known.hosts/i, { hostKey: 'none' });
		const publisher = new Publisher(context.server);
		const { out } = await publisher.write(OLD).run({ hostKey: 'none' });
		assert.ok(out.includes(hostKey.fingerprint) && out.includes(hostKey.line), out);
	},
};

const certificates = {
	async 'an expired certificate'(context) {
		await withCertificate(context, 'expired', /certificate/i);
	},
	async "another host's certificate"(context) {
		await withCertificate(context, 'wrong-host', /certificate|host/i);
	},
	async 'a certificate that nobody vouches for'(context) {
		await refused(context, /certificate/i, { settings: { ca_file: null } });
	},
};

/* ---- hindered ---- */

const hindrances = {
	async 'permission denied on one file'(context) {
		const { server } = context;
		const publisher = await begin(context);
		const allow = await server.store.deny('en/blad-3.html');
		try {
			publisher.write(NEW);
			const ran = await publisher.fails(1, /en\/blad-\d\.html|en\b/);
			assert.match(ran.out, /permission|denied|allowed|403|forbidden|553|550/i);
			await hasAll(server.store, OLD);
			await isWhole(server.store, VERSIONS);
		} finally {
			await allow();
		}
		await publisher.publish();
		await isSite(server.store, NEW, { versions: VERSIONS });
	},

	async 'a full disk'(context) {
		const { server, unavailable } = await smallServer(context);
		if (unavailable) throw new Skip(unavailable);
		let makeRoom = () => {};
		try {
			const publisher = await begin({ server });
			makeRoom = server.limit ? server.limit(sizeOf(OLD) + ROOM) : fillDisk(server.place, ROOM);
			publisher.write(NEW);
			const ran = await publisher.fails(1, /space|full|quota|insufficient|room/i);
			isSentence(ran.out);
			await hasAll(server.store, OLD);
			await isWhole(server.store, VERSIONS);
			makeRoom();
			await publisher.publish();
			await isSite(server.store, NEW, { versions: VERSIONS });
		} finally {
			makeRoom();
			if (server !== context.server) await server.stop();
		}
	},
};

/* Enough for the lock and the intent, too little for the pack. */
const ROOM = 100_000;
const SMALL_DISK = 4 << 20;
/* As servers count it: in blocks. */
const sizeOf = (files) => [...files.values(), ...FOREIGN.values()].reduce((sum, bytes) => sum + Math.ceil(bytes.length / 4096) * 4096, 0);

function smallServer({ server, module }) {
	return server.limit ? { server } : module.start({ diskBytes: SMALL_DISK }).then((made) => (made.unavailable ? made : { server: made }));
}

/* ---- a bad network ---- */

/* Some connections end badly at seeded points, then the network is well again. */
async function survives(context, then, { seed, hits }) {
	const { proxy } = context;
	const { server } = context;
	const publisher = await begin(context);
	const random = seeded(SEED + seed);
	proxy.reset();
	proxy.plan = () => {
		if (proxy.hits >= hits || random() < 0.4) return {};
		const bytes = 100 + Math.floor(random() ** 3 * 60_000);
		return random() < 0.3 ? { down: 1 + Math.floor(bytes / 20), then } : { after: bytes, then };
	};
	const ran = await publisher.publish(NEW, viaProxy);
	const met = proxy.hits;
	proxy.reset();
	await isSite(server.store, NEW, { versions: VERSIONS, tidy: false });
	await publisher.publish(OLD);
	await isSite(server.store, OLD, { versions: VERSIONS });
	context.note(`${met} of ${hits} hit, ${ran.seconds.toFixed(1)} s`);
	assert.ok(met > 0, 'no connection was hit');
}

const network = {
	'connections that are reset': (context) => survives(context, 'reset', { seed: 2, hits: context.full ? 8 : 4 }),
	'connections that end early': (context) => survives(context, 'close', { seed: 3, hits: context.full ? 8 : 4 }),
	'connections that stall': (context) => survives(context, 'stall', { seed: 4, hits: context.full ? 4 : 1 }),

	async 'a slow network'(context) {
		const { proxy } = context;
		const publisher = await begin(context);
		proxy.plan = () => ({ delay: 2 });
		await publisher.publish(NEW, viaProxy);
		proxy.reset();
		await isSite(context.server.store, NEW, { versions: VERSIONS });
	},

	async 'a server that dies and stays dead'(context) {
		const { proxy } = context;
		const publisher = await begin(context);
		const { server } = context;
		let dead = false;
		proxy.plan = () => (dead ? 'refuse' : {});
		proxy.onSent = (sent) => {
			if (dead || sent < 200_000) return;
			dead = true;
			proxy.cut();
		};
		const ran = await publisher.write(NEW).fails(1, /./, viaProxy);
		proxy.reset();
		isSentence(ran.out);
		await hasAll(server.store, OLD);
		await isWhole(server.store, VERSIONS);
		await publisher.publish();
		await isSite(server.store, NEW, { versions: VERSIONS });
	},

	async 'a server that was never there'(context) {
		const { proxy } = context;
		const publisher = await begin(context);
		proxy.plan = () => 'refuse';
		const ran = await publisher.write(NEW).fails([1, 2], /connect|reach|refused|reset|network/i, viaProxy);
		proxy.reset();
		isSentence(ran.out);
		await isSite(context.server.store, OLD);
	},
};

/* ---- large files ---- */

const LARGE = 80 << 20;
const SENT_BEFORE_KILL = 60 << 20;
const MEMORY_MB = 64;

const large = {
	async 'large packs do not fill the memory, and go on where they were cut off'(context) {
		const { proxy, server } = context;
		const publisher = await begin(context);
		const site = changed(OLD, { 'packs/stor.zip': largePack(LARGE) });
		publisher.write(site);
		assert.ok(await byBytes.kill(context, publisher, SENT_BEFORE_KILL), 'it ended before it could be killed');
		await isWhole(server.store, VERSIONS);
		const ran = await publisher.publish(null, viaProxy);
		const { sent } = proxy;
		proxy.reset();
		context.note(`${Math.round(sent / (1 << 20))} of ${LARGE >> 20} MB sent again, at most ${Math.round(ran.peak)} MB of memory`);
		if (server.resumes) assert.ok(sent < LARGE - SENT_BEFORE_KILL / 2, `${sent} bytes were sent after ${SENT_BEFORE_KILL} had been`);
		assert.ok(ran.peak < MEMORY_MB, `${ran.peak} MB of memory`);
		await isSite(server.store, site);
	},
};

/* By name, those that mean something for a server. */
export function scenariosFor(server, full) {
	const cutOff = { [`kills, ${full ? 100 : 8} of them: the next publish completes, whatever it publishes`]: kills };
	return Object.assign({}, ordinary, server.storesHeaders && headers, cutOff, together, server.logins && passwords,
		Object.keys(server.logins ?? {}).length > 2 && logins, server.hostKey && hostKeys, server.tls && certificates, hindrances, server.ports && network, server.ports && large, server.scenarios);
}
