/*
 * radosgw: Ceph's S3 gateway over a store in memory: one monitor, one store, one gateway. It takes about ten
 * seconds to come up, and truly checks signatures.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { HOST, answers, asUser, freePorts, missingOf, newPlace, own, start as startProgram, stop, tool, waitUntil, writeOwned } from './process.mjs';
import { Bucket } from './s3.mjs';
import { s3Scenarios } from './s3_scenarios.mjs';
import { S3_KEY, S3_SECRET, WRONG, forms } from './secrets.mjs';

export const name = 'radosgw';
export const missing = () => missingOf('radosgw ceph-mon ceph-osd ceph-common', 'radosgw', 'radosgw-admin', 'ceph', 'ceph-mon', 'ceph-osd', 'monmaptool');

const BUCKET = 'kommun-blad';
const PREFIX = 'webb/blad/';
const STORE_BYTES = 512 << 20;
const ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent' };

function configure(place, id, [gateway, monitor, monitorOld]) {
	const at = (file) => path.join(place, file);
	return writeOwned(at('ceph.conf'), `[global]
fsid = ${id}
mon host = [v2:${HOST}:${monitor},v1:${HOST}:${monitorOld}]
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
public addr = ${HOST}
cluster addr = ${HOST}
run dir = ${at('state')}
admin socket = ${at('state/$name.asok')}
log file = ${at('state/$name.log')}
pid file = ${at('state/$name.pid')}
crash dir = ${at('state')}
mon data = ${at('data/mon')}
osd data = ${at('data/osd')}
osd objectstore = memstore
memstore device bytes = ${STORE_BYTES}
osd memory target = 939524096
rgw data = ${at('state')}
rgw frontends = beast endpoint=${HOST}:${gateway}
rgw thread pool size = 32
rgw user quota bucket sync interval = 0
rgw bucket quota ttl = 0
rgw relaxed s3 bucket names = false
`);
}

/* Runs one of Ceph's own tools to its end. */
function once(command, args) {
	const [program, ...rest] = [...asUser(), command, ...args];
	return tool(program, rest, { env: ENV });
}

async function startDaemons(place, config, id, ports) {
	const children = [];
	const begin = (command, args) => {
		const log = path.join(place, `${command}.out`);
		const child = startProgram(command, [...config, ...args, '-f'], { log, env: ENV });
		children.push(child);
		return { child, log, what: command, seconds: 60 };
	};
	const map = path.join(place, 'state/monmap');
	once('monmaptool', ['--create', '--addv', 'a', `[v2:${HOST}:${ports[1]},v1:${HOST}:${ports[2]}]`, '--fsid', id, map]);
	once('ceph-mon', [...config, '-i', 'a', '--mkfs', '--monmap', map]);
	begin('ceph-mon', ['-i', 'a']);
	once('ceph', [...config, 'osd', 'create']);
	own(fs.mkdirSync(path.join(place, 'data/osd'), { recursive: true }));
	once('ceph-osd', [...config, '-i', '0', '--mkfs']);
	begin('ceph-osd', ['-i', '0']);
	const gateway = begin('radosgw', ['-n', 'client.rgw']);
	await waitUntil(() => answers(ports[0]), gateway);
	return children;
}

function newUser(config) {
	const admin = (...args) => once('radosgw-admin', [...config, '-n', 'client.rgw', ...args]);
	admin('user', 'create', '--uid=publisher', '--display-name=publisher', `--access-key=${S3_KEY}`, `--secret-key=${S3_SECRET}`);
	return admin;
}

export async function start() {
	const place = newPlace(name);
	const first = await freePorts(3);
	const ports = [first, first + 1, first + 2];
	const id = randomUUID();
	const config = ['-c', configure(place, id, ports)];
	const children = await startDaemons(place, config, id, ports);
	const admin = newUser(config);
	const endpoint = (host) => `http://${host}:${ports[0]}`;
	const store = new Bucket({ endpoint: endpoint(HOST), bucket: BUCKET, prefix: PREFIX, key: S3_KEY, secret: S3_SECRET });
	await store.want(200, 'PUT', '');
	await store.policy();
	return {
		name, place, store, ports: [ports[0]],
		httpAddress: `${endpoint(HOST)}/${BUCKET}/${PREFIX}`,
		secrets: forms(S3_SECRET),
		guarantee: 'whole',
		resumes: true,
		scenarios: s3Scenarios,
		storesHeaders: true,
		logins: { key: {}, wrong: {} },
		target({ host = HOST, login = 'key' } = {}) {
			const env = { AWS_ACCESS_KEY_ID: S3_KEY, AWS_SECRET_ACCESS_KEY: login === 'wrong' ? WRONG : S3_SECRET };
			return { url: `s3://${BUCKET}/${PREFIX.slice(0, -1)}`, settings: { endpoint: endpoint(host), region: 'us-east-1' }, env };
		},
		/* Somebody else, who may nothing at first. */
		addUser: (user, key, secret) => admin('user', 'create', `--uid=${user}`, `--display-name=${user}`, `--access-key=${key}`, `--secret-key=${secret}`),
		/* No more than this in the bucket; resolves to the function that lifts it. */
		limit(bytes) {
			admin('quota', 'set', '--quota-scope=bucket', '--uid=publisher', `--max-size=${bytes}`);
			admin('quota', 'enable', '--quota-scope=bucket', '--uid=publisher');
			return () => admin('quota', 'disable', '--quota-scope=bucket', '--uid=publisher');
		},
		log: () => fs.readFileSync(path.join(place, 'state/client.rgw.log'), 'utf8'),
		async stop() {
			store.agent.destroy();
			for (const child of children.reverse()) await stop(child, 'SIGKILL');
		},
	};
}
