/*
 * keep_scenarios: what stays on a target, and what goes up alone: earlier sites and the way back, fingerprinted files that
 * old pages ask for, a corrected page, and a site that changes as a whole.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { seeded } from '../lib/program.mjs';
import { FOREIGN, isSite, isWhole, plantForeign } from './checks.mjs';
import { sleep } from './process.mjs';
import { Publisher } from './publisher.mjs';
import { changed, isFingerprinted, siteOf } from './site.mjs';

const SEED = Number(process.env.SERVERS_SEED ?? 20261122);
const VERSIONS = [0, 1, 2].map((version) => siteOf(version));
const [OLD, NEW, NEWEST] = VERSIONS;
const BACK = { args: ['--rollback'] };

async function begin({ server }, settings) {
	await server.store.clear();
	await plantForeign(server.store);
	return new Publisher(server, settings);
}

const isOf = (server, site) => isSite(server.store, site, { versions: VERSIONS });

/* Kills it after that many milliseconds; true when it came to that. */
async function killed(publisher, after, how = {}) {
	const started = (child) => setTimeout(() => child.kill('SIGKILL'), after);
	return (await publisher.run({ ...how, started })).signal === 'SIGKILL';
}

/* ---- page by page ---- */

const staying = {
	async 'a fingerprinted file stays for readers of old pages, and goes when its time is over'(context) {
		const { server } = context;
		const publisher = await begin(context);
		const style = [...OLD.keys()].find(isFingerprinted);
		await publisher.publish(OLD);
		await publisher.publish(NEW);
		assert.ok((await server.store.files()).has(style), `${style} went at once`);
		await isOf(server, NEW);
		await publisher.publish(null, { settings: { grace: '0' } });
		assert.ok(!(await server.store.files()).has(style), `${style} is still there`);
		await isSite(server.store, NEW);
	},

	async '--only puts a page with what it needs, and the rest later'(context) {
		const { server } = context;
		const publisher = await begin(context);
		await publisher.publish(OLD);
		await publisher.publish(NEW, { args: ['--only', 'sv/blad-3.html'] });
		const style = [...NEW.keys()].find((name) => name.startsWith('assets/'));
		const expected = changed(OLD, { [style]: NEW.get(style), 'sv/blad-3.html': NEW.get('sv/blad-3.html') });
		await isSite(server.store, expected);
		await publisher.fails(2, /sv\/blad-3\.html/, { args: ['--only', 'sv/blad-3.htm'] });
		await publisher.publish();
		await isOf(server, NEW);
		assert.match((await publisher.publish()).out, /^nothing to do/m);
	},
};

const keeping = {
	async '--rollback brings back the sites before, one by one'(context) {
		const { server } = context;
		const publisher = await begin(context, { generations: 2 });
		for (const site of VERSIONS) await publisher.publish(site);
		for (const site of [NEW, OLD]) {
			await publisher.publish(null, BACK);
			await isOf(server, site);
		}
		await publisher.fails(2, /keeps no earlier/, BACK);
		await publisher.publish(NEWEST);
		await isOf(server, NEWEST);
		await publisher.publish(null, { settings: { generations: 0, grace: '0' } });
		await publisher.publish(OLD, { settings: { generations: 0, grace: '0' } });
		const left = [...(await server.store.files()).keys()].filter((name) => /^\.faktablad\/(kept|generations)\//.test(name));
		assert.deepEqual(left, []);
		await publisher.seen();
	},

	async 'a publish or a rollback is killed: the site before is still there to go back to'(context) {
		const { server, full } = context;
		const random = seeded(SEED);
		for (let round = 0; round < (full ? 20 : 3); round++) {
			const publisher = await begin(context, { generations: 2 });
			await publisher.publish(OLD);
			const { seconds } = await publisher.publish(NEW);
			publisher.write(NEWEST);
			await killed(publisher, random() * seconds * 1000);
			await isWhole(server.store, VERSIONS);
			await killed(publisher, random() * seconds * 1000, BACK);
			await isWhole(server.store, VERSIONS);
			await publisher.run({ args: ['--break-lock', '--rollback'] });
			publisher.forget();
			await publisher.publish(NEW, { args: ['--break-lock'] });
			await isOf(server, NEW);
		}
	},
};

/* An FTP server copies nothing. */
const notKeeping = {
	async 'no earlier site is kept: that is said, and nothing fails'(context) {
		const publisher = await begin(context, { generations: 2 });
		await publisher.publish(OLD);
		assert.match((await publisher.publish(NEW)).out, /was not kept/);
		await publisher.fails(2, /keeps no earlier/, BACK);
		await isOf(context.server, NEW);
	},
};

/* ---- as a whole ---- */

const WHOLE = { switch: 'whole', generations: 1, public_address: null };
const currentOf = (server) => path.join(server.store.root, 'current');

/* What visitors of `current` read is one version: all of it, and no page of another. */
function readWhole(server) {
	const release = fs.realpathSync(currentOf(server));
	const start = fs.readFileSync(path.join(release, 'index.html'));
	const version = VERSIONS.find((site) => site.get('index.html').equals(start));
	assert.ok(version, 'the start page is no version of it');
	try {
		for (const [name, bytes] of version) assert.ok(fs.readFileSync(path.join(release, name)).equals(bytes), `${name} is of another version`);
	} catch (error) {
		/* A visitor who began before the switch may lose the release, when it is no longer kept. */
		if (error.code !== 'ENOENT' || fs.realpathSync(currentOf(server)) === release) throw error;
	}
	return version;
}

async function readMeanwhile(server, running) {
	let done = false, reads = 0;
	running.finally(() => { done = true; }).catch(() => {});
	for (; !done; reads++) {
		readWhole(server);
		await sleep(5);
	}
	assert.ok(reads > 0);
	return running;
}

function foreignIsThere(server) {
	for (const [name, bytes] of FOREIGN) assert.ok(fs.readFileSync(path.join(server.store.root, name)).equals(bytes));
}

const switching = {
	async 'switch: whole: a visitor reads one release or the next, and a rollback points back'(context) {
		const { server } = context;
		const publisher = await begin(context, WHOLE);
		await publisher.publish(OLD);
		assert.equal(fs.readlinkSync(currentOf(server)), 'releases/1');
		for (const site of [NEW, NEWEST, OLD]) {
			publisher.write(site);
			await readMeanwhile(server, publisher.publish());
			assert.equal(readWhole(server), site);
		}
		assert.deepEqual(fs.readdirSync(path.join(server.store.root, 'releases')).sort(), ['3', '4']);
		assert.match((await publisher.publish()).out, /^nothing to do/m);
		await publisher.publish(null, BACK);
		assert.equal(readWhole(server), NEWEST);
		await publisher.fails(2, /keeps no earlier/, BACK);
		await publisher.fails(2, /switched as a whole/, { settings: { switch: 'files' } });
		foreignIsThere(server);
	},

	async 'switch: whole: killed anywhere, the release before or the new one is whole'(context) {
		const { server, full } = context;
		const random = seeded(SEED);
		const publisher = await begin(context, WHOLE);
		await publisher.publish(OLD);
		const { seconds } = await publisher.publish(NEW);
		for (let round = 0; round < (full ? 60 : 8); round++) {
			publisher.write(VERSIONS[round % 3]);
			await killed(publisher, random() * seconds * 1200);
			readWhole(server);
			const next = VERSIONS[Math.floor(random() * 3)];
			await publisher.publish(next, { args: ['--break-lock'] });
			assert.equal(readWhole(server), next);
			assert.ok(fs.readdirSync(path.join(server.store.root, 'releases')).length <= 2, 'a release was left');
			assert.ok(!fs.existsSync(path.join(server.store.root, '.faktablad/intent')));
		}
		foreignIsThere(server);
	},
};

const cannotCopy = ['vsftpd', 'proftpd'];
const canSwitch = ['folder', 'sshd'];

/* By name, those that mean something for a server. */
export const keepScenarios = (module) => Object.assign({}, staying,
	cannotCopy.includes(module.name) ? notKeeping : keeping, canSwitch.includes(module.name) && switching);
