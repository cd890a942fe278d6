/*
 * receiving: the settings of docs/hosting.md that receive what is published, in real servers, published to by the
 * program.
 *
 *	FAKTABLAD=… node tests/servers/receiving.mjs [NAME]
 *
 * WebDAV needs nothing. SSH and FTP know only users of the machine and lock them into folders of root's, so these
 * need root and a mount namespace, in which the user and /srv/www are made as the guide has it.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { listFiles } from '../lib/program.mjs';
import { Skip, Suite } from '../lib/suite.mjs';
import { writePasswords } from './dav.mjs';
import { ftpPorts } from './ftp.mjs';
import { APACHE_MODULES, NGINX_DAV, Trial, apache, ask, needs, nginx, settings, text } from './guide.mjs';
import { HOST, freePorts, isRoot, newPlace, own, tool } from './process.mjs';
import { goPrivate } from './private.mjs';
import { Publisher, knownSchemes } from './publisher.mjs';
import * as radosgw from './radosgw.mjs';
import { Bucket } from './s3.mjs';
import { PASSWORD, S3_SECRET, WRONG, forms } from './secrets.mjs';
import { changed, siteOf } from './site.mjs';
import { tls } from './tls.mjs';
import { findServer, provide } from './unpack.mjs';

await goPrivate();

const WEB = '/srv/www';
const USER = { name: 'faktablad', id: 3999 };
const DAV_LOGIN = `Basic ${Buffer.from(`publisher:${PASSWORD}`).toString('base64')}`;

const suite = new Suite('receiving');
const trial = new Trial(suite);

/* ---- what all have in common ---- */

/* As a machine that publishes sees it. */
function serverAt(url, given = {}, env = { FAKTABLAD_PASSWORD: PASSWORD }) {
	return { target: () => ({ url, settings: given, env }), httpAddress: null, secrets: forms(PASSWORD) };
}

/* The published site, as visitors' server must be able to read it; nothing else of `www` has changed. */
function sawSite(www, files, beside) {
	const site = path.join(www, 'faktablad');
	assert.deepEqual(listFiles(site).filter((name) => !name.startsWith('.faktablad/')), [...files.keys()].sort());
	for (const [name, bytes] of files) {
		const file = path.join(site, name);
		assert.ok(bytes.equals(fs.readFileSync(file)), name);
		assert.equal(fs.statSync(file).mode & 0o444, 0o444, `visitors can read ${name}`);
		assert.equal(fs.statSync(path.dirname(file)).mode & 0o555, 0o555, `and the folder of ${name}`);
	}
	assert.deepEqual(fs.readdirSync(www).sort(), ['faktablad', ...beside].sort(), 'nothing beside the site');
}

/* Two publishes, of which the second changes, adds and deletes; then one that finds nothing to do. */
async function publishes(server, www, beside = []) {
	const scheme = server.target().url.split(':')[0];
	if (!(await knownSchemes({ ...server, secrets: [] })).includes(scheme)) throw new Skip(`${scheme}: is not in this build`);
	const publisher = new Publisher(server, { generations: 1 });
	for (const version of [0, 1]) {
		const files = siteOf(version);
		await publisher.publish(files);
		sawSite(www, new Map([...files, ...kept(www, files)]), beside);
	}
	assert.match((await publisher.publish()).out, /nothing to do/);
}

/* Fingerprinted files of the site before stay for readers of old pages. */
function kept(www, files) {
	const site = path.join(www, 'faktablad');
	const old = listFiles(site).filter((name) => /\.[0-9a-f]{8}\.css$/.test(name) && !files.has(name));
	return old.map((name) => [name, fs.readFileSync(path.join(site, name))]);
}

/* Whether a program refuses, and what it says. */
function refused(command, args, options) {
	try {
		tool(command, args, options);
	} catch (error) {
		return error.message;
	}
	return assert.fail(`${command} ${args.join(' ')} was not refused`);
}

/* ---- WebDAV ---- */

/* A folder that is the server's, a port, a certificate, passwords. */
async function davPlace(name) {
	const place = newPlace(name);
	const www = path.join(place, 'data/www');
	const made = tls(place);
	for (const folder of ['data/www', 'data/www/faktablad', 'data/incoming']) {
		fs.mkdirSync(path.join(place, folder));
		own(path.join(place, folder));
	}
	fs.writeFileSync(path.join(www, 'other.html'), 'of somebody else');
	writePasswords(place);
	const port = await freePorts();
	return {
		place, www, port, log: path.join(place, 'state/errors'), ca: made.ca,
		address: `https://${HOST}:${port}`,
		paths: { '/etc/ssl/certs/dav.example.org.pem': made.certificate, '/etc/ssl/private/dav.example.org.key': made.key },
	};
}

async function davWriters(test, { address, www, ca, port }) {
	const authority = fs.readFileSync(ca);
	const asked = async (method, where, { login = DAV_LOGIN, headers = {}, body } = {}) => (await ask(address + where, { method, ca: authority, body, headers: { ...headers, ...(login && { authorization: login }) } })).status;
	await test('a site is published', () => publishes(serverAt(`davs://publisher@${HOST}:${port}/faktablad`, { ca_file: ca }), www, ['other.html']));
	await test('nobody writes or reads without the password', async () => {
		for (const method of ['PUT', 'GET', 'PROPFIND', 'DELETE', 'MKCOL', 'OPTIONS']) assert.equal(await asked(method, '/faktablad/x', { login: null }), 401, method);
		assert.equal(await asked('PUT', '/faktablad/x', { login: `Basic ${Buffer.from(`publisher:${WRONG}`).toString('base64')}`, body: 'x' }), 401);
	});
	await test('nothing beside the site can be touched', async () => {
		for (const method of ['PUT', 'GET', 'DELETE', 'PROPFIND']) assert.equal(await asked(method, '/other.html', { body: 'x' }), 403, method);
		assert.ok((await asked('MOVE', '/other.html', { headers: { destination: `${address}/faktablad/stolen.html` } })) >= 400);
		assert.ok((await asked('COPY', '/other.html', { headers: { destination: `${address}/faktablad/stolen.html` } })) >= 400);
		assert.equal(fs.readFileSync(path.join(www, 'other.html'), 'utf8'), 'of somebody else');
		assert.ok(!fs.existsSync(path.join(www, 'faktablad/stolen.html')));
	});
}

await trial.of('nginx webdav', async (test) => {
	needs('nginx-light libnginx-mod-http-dav-ext', 'nginx', 'openssl', '/etc/nginx/mime.types', NGINX_DAV);
	const here = await davPlace('receiving-nginx');
	const site = settings('nginx webdav', {
		...here.paths, 'listen 443 ssl;': `listen ${HOST}:${here.port} ssl;`, '/srv/www-incoming': path.join(here.place, 'data/incoming'), '/srv/www;': `${here.www};`,
		'/etc/nginx/faktablad.passwords': path.join(here.place, 'passwords'),
	});
	await trial.start(...nginx(here.place, site), here);
	await davWriters(test, here);
});

await trial.of('apache webdav', async (test) => {
	needs('apache2-bin media-types', 'apache2', 'openssl', '/etc/mime.types', `${APACHE_MODULES}/mod_dav_fs.so`);
	const here = await davPlace('receiving-apache');
	const site = settings('apache webdav', {
		...here.paths, '*:443': `${HOST}:${here.port}`, '/var/lock/apache2/faktablad': path.join(here.place, 'state/locks'), '/srv/www': here.www,
		'/etc/apache2/faktablad.passwords': path.join(here.place, 'passwords'),
	});
	await trial.start(...apache(here.place, { listen: `${HOST}:${here.port}`, modules: ['dav', 'dav_fs', 'dav_lock', 'ssl'], site }), here);
	await davWriters(test, here);
	await test('a lock is given once', async () => {
		const lock = () => ask(`${here.address}/faktablad/lock`, {
			method: 'LOCK', ca: fs.readFileSync(here.ca), headers: { authorization: DAV_LOGIN, timeout: 'Second-60', 'content-type': 'application/xml' },
			body: '<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>',
		});
		assert.ok([200, 201].includes((await lock()).status));
		assert.equal((await lock()).status, 423);
	});
});

/* ---- users of the machine ---- */

const bind = (file, over) => {
	tool('mount', ['--bind', file, over]);
	trial.afterwards(() => tool('umount', ['-l', over]));
};

/*
 * The user (as adduser --system leaves it, or with a password), /srv/www and what daemons want to find: only this mount
 * namespace sees them.
 */
function makeUser(place, password = null) {
	if (!isRoot || !process.env.FAKTABLAD_PRIVATE) throw new Skip('a user and a root folder of its own need root and a mount namespace (unshare -m)');
	const { name, id } = USER;
	const added = {
		passwd: `${name}:x:${id}:${id}::${WEB}:/usr/sbin/nologin\n`,
		group: `${name}:x:${id}:\n`,
		shadow: `${name}:${password ? tool('openssl', ['passwd', '-6', '-stdin'], { input: password }).trim() : '!'}:20000:0:99999:7:::\n`,
		shells: '/usr/sbin/nologin\n',
	};
	for (const [list, line] of Object.entries(added)) {
		const file = path.join(place, `etc-${list}`);
		fs.writeFileSync(file, fs.readFileSync(`/etc/${list}`, 'utf8') + line, { mode: list === 'shadow' ? 0o600 : 0o644 });
		bind(file, `/etc/${list}`);
	}
	for (const folder of ['/srv', '/run']) {
		tool('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', folder]);
		trial.afterwards(() => tool('umount', ['-l', folder]));
	}
	for (const folder of [`${WEB}/faktablad`, '/run/sshd', '/run/vsftpd/empty', '/run/proftpd']) fs.mkdirSync(folder, { recursive: true });
	fs.chownSync(`${WEB}/faktablad`, id, id);
}

/* ---- SFTP ---- */

/* As Debian's sshd_config, and the guide's lines in it. */
function sshSettings(place, port) {
	const file = path.join(place, 'sshd_config');
	fs.writeFileSync(file, `Port ${port}
ListenAddress ${HOST}
HostKey ${path.join(place, 'host')}
PidFile none
KbdInteractiveAuthentication no
UsePAM yes
X11Forwarding yes
PrintMotd no
Subsystem sftp /usr/lib/openssh/sftp-server
${settings('sshd_config sftp', { '/etc/ssh/faktablad.keys': '/srv/keys' })}`);
	return file;
}

/* The guide's line, with this address and key. */
function keyLine(publicKey) {
	const [example] = text.match(/^restrict,from="192\.0\.2\.7" ssh-ed25519 \S+ .*$/m);
	return `${example.replace('192.0.2.7', HOST).replace(/ssh-ed25519 \S+/, publicKey.split(' ').slice(0, 2).join(' '))}\n`;
}

await trial.of('sftp', async (test) => {
	needs('openssh-server openssh-client', '/usr/sbin/sshd', 'ssh-keygen', 'sftp');
	const place = newPlace('receiving-sshd');
	const at = (name) => path.join(place, name);
	makeUser(place);
	const port = await freePorts();
	for (const name of ['host', 'user', 'other']) own((tool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]), at(name)));
	fs.chownSync(at('host'), 0, 0);
	fs.writeFileSync('/srv/keys', keyLine(fs.readFileSync(at('user.pub'), 'utf8')));
	fs.writeFileSync(at('known'), `[${HOST}]:${port} ${fs.readFileSync(at('host.pub'), 'utf8')}`);
	await trial.start('/usr/sbin/sshd', ['-D', '-e', '-f', sshSettings(place, port)], { port, log: at('log'), as: [] });
	await test('a site is published', () => publishes(serverAt(`sftp://${USER.name}@${HOST}:${port}/faktablad`, { identity: at('user'), known_hosts: at('known') }, {}), WEB));
	await test('nothing beside it, no command, no tunnel, no other key', () => {
		for (const name of ['user', 'other']) fs.chownSync(at(name), 0, 0);
		const options = (key, mark) => ['-F', 'none', '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', `UserKnownHostsFile=${at('known')}`, '-i', at(key), mark, String(port)];
		const sftp = (key, commands) => ['sftp', ['-b', '-', ...options(key, '-P'), `${USER.name}@${HOST}`], { input: commands }];
		const ssh = (...more) => ['ssh', [...options('user', '-p'), ...more], { input: '' }];
		tool(...sftp('user', 'ls /faktablad\n'));
		refused(...sftp('other', 'ls /faktablad\n'));
		refused(...sftp('user', `put ${at('known')} /x.html\n`));
		refused(...sftp('user', 'ls /etc\n'));
		refused(...ssh(`${USER.name}@${HOST}`, 'echo', 'shell'));
		refused(...ssh('-o', 'ExitOnForwardFailure=yes', '-N', '-R', '0:localhost:1', `${USER.name}@${HOST}`));
	});
});

/* ---- FTPS ---- */

/* What a server answers to these lines, without TLS. */
function ftpSays(port, lines) {
	return new Promise((resolve, reject) => {
		let said = '';
		const socket = net.connect(port, HOST, () => socket.write([...lines, 'QUIT', ''].join('\r\n')));
		socket.on('data', (bytes) => { said += bytes; }).on('error', reject).on('close', () => resolve(said));
	});
}

async function ftpWriters(test, { port, ca, prefix }) {
	const server = (user, env) => serverAt(`ftp://${user}@${HOST}:${port}${prefix}`, { ca_file: ca }, env);
	await test('a site is published', () => publishes(server(USER.name), WEB));
	await test('nobody comes in without TLS', async () => {
		const said = await ftpSays(port, [`USER ${USER.name}`, `PASS ${PASSWORD}`, 'PWD']);
		assert.doesNotMatch(said, /^(230|257) /m, said);
	});
	await test('no other user, no other password', async () => {
		if (!(await knownSchemes({ ...server(USER.name), secrets: [] })).includes('ftp')) throw new Skip('ftp: is not in this build');
		for (const [user, password] of [['root', PASSWORD], ['anonymous', 'x@example.org'], [USER.name, WRONG]]) {
			/* A refusal takes its time. */
			await new Publisher({ ...server(user, { FAKTABLAD_PASSWORD: password }), secrets: [] }, { stall: 20 }).write(siteOf(2)).fails(2, /password|log in|login|refused|denied/i);
		}
	});
}

await trial.of('vsftpd', async (test) => {
	const missing = provide('vsftpd');
	if (missing) throw new Skip(missing);
	const place = newPlace('receiving-vsftpd');
	const at = (name) => path.join(place, name);
	makeUser(place, PASSWORD);
	const { program, below, env } = findServer('vsftpd');
	const made = tls(place);
	const ports = await ftpPorts();
	fs.cpSync('/etc/pam.d', at('pam.d'), { recursive: true });
	fs.copyFileSync(`${below}/etc/pam.d/vsftpd`, at('pam.d/vsftpd'));
	bind(at('pam.d'), '/etc/pam.d');
	fs.writeFileSync(at('users'), `${USER.name}\n`);
	fs.writeFileSync(at('vsftpd.conf'), `${settings('vsftpd ftps', {
		'/etc/vsftpd.users': at('users'), '/etc/ssl/certs/ftp.example.org.pem': made.certificate, '/etc/ssl/private/ftp.example.org.key': made.key, 40000: String(ports[1]), 40099: String(ports.at(-1)),
	})}listen_port=${ports[0]}\nlisten_address=${HOST}\nbackground=NO\nvsftpd_log_file=${at('log')}\n`);
	await trial.start(program, [at('vsftpd.conf')], { port: ports[0], log: at('said'), as: [], env });
	await ftpWriters(test, { port: ports[0], ca: made.ca, prefix: '/faktablad' });
});

await trial.of('proftpd', async (test) => {
	const missing = provide('proftpd');
	if (missing) throw new Skip(missing);
	const place = newPlace('receiving-proftpd');
	const at = (name) => path.join(place, name);
	makeUser(place);
	const { program, below, env } = findServer('proftpd');
	const made = tls(place);
	const ports = await ftpPorts();
	const hash = tool('openssl', ['passwd', '-6', '-stdin'], { input: PASSWORD }).trim();
	fs.writeFileSync(at('users'), `${USER.name}:${hash}:${USER.id}:${USER.id}::${WEB}/faktablad:/usr/sbin/nologin\n`, { mode: 0o600 });
	fs.writeFileSync(at('groups'), `${USER.name}:x:${USER.id}:\n`, { mode: 0o600 });
	fs.writeFileSync(at('proftpd.conf'), `ModulePath ${below}/usr/lib/proftpd
ServerName Debian
ServerType standalone
DefaultAddress ${HOST}
Port ${ports[0]}
UseIPv6 off
UseReverseDNS off
User nobody
Group nogroup
PidFile ${at('pid')}
ScoreboardFile ${at('scoreboard')}
DelayTable none
ControlsEngine off
ControlsSocket ${at('controls')}
SystemLog ${at('log')}
TransferLog none
WtmpLog off
${settings('proftpd ftps', {
		'/etc/proftpd/faktablad.passwd': at('users'), '/etc/proftpd/faktablad.group': at('groups'), '/etc/ssl/certs/ftp.example.org.pem': made.certificate,
		'/etc/ssl/private/ftp.example.org.key': made.key, '/run/proftpd/faktablad_sessions': at('sessions'), 40000: String(ports[1]), 40099: String(ports.at(-1)),
	})}`);
	await trial.start(program, ['-n', '-q', '-c', at('proftpd.conf')], { port: ports[0], log: at('said'), as: [], env });
	await ftpWriters(test, { port: ports[0], ca: made.ca, prefix: '/' });
});

/* ---- S3 ---- */

await trial.of('s3', async (test) => {
	const missing = radosgw.missing();
	if (missing) throw new Skip(missing);
	const server = await radosgw.start();
	trial.afterwards(() => server.stop());
	const { endpoint, bucket } = server.store;
	const key = { key: 'PUBLISHERKEY', secret: `${S3_SECRET}2` };
	const own = { 'example-faktablad': bucket };
	const site = `${endpoint.origin}/${bucket}/faktablad/`;
	server.addUser(USER.name, key.key, key.secret);
	/* There are no policies of users here: what the key may do stands in the bucket's, under its name. */
	const statements = [
		...JSON.parse(settings('json bucket-policy', own)).Statement,
		...JSON.parse(settings('json publisher-policy', own)).Statement.map((one) => ({ ...one, Principal: { AWS: [`arn:aws:iam:::user/${USER.name}`] } })),
	];
	await server.store.want([200, 204], 'PUT', '', { query: { policy: '' }, body: JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
	const publisher = new Publisher({
		target: () => ({ url: `s3://${bucket}/faktablad`, settings: { endpoint: endpoint.origin, region: 'us-east-1' }, env: { AWS_ACCESS_KEY_ID: key.key, AWS_SECRET_ACCESS_KEY: key.secret } }),
		httpAddress: site, secrets: forms(key.secret), store: server.store,
	}, { generations: 1 });
	await test('a site is published with no more rights than these', async () => {
		for (const version of [0, 1]) {
			/* The second has a pack so large that it is sent in parts. */
			const files = changed(siteOf(version), version ? { 'packs/stor.zip': Buffer.alloc(66 << 20, 'z') } : {});
			await publisher.publish(files);
			for (const [name, bytes] of files) {
				const answer = await ask(site + name.split('/').map(encodeURIComponent).join('/'));
				assert.equal(answer.status, 200, name);
				assert.ok(answer.body.equals(bytes), name);
			}
		}
		assert.match((await publisher.publish()).out, /nothing to do/);
	});
	await test('visitors get the site, with its types and caching, and nothing else', async () => {
		const page = await ask(`${site}sv/index.html`);
		assert.deepEqual([page.headers['content-type'], page.headers['cache-control']], ['text/html; charset=utf-8', 'public, max-age=300']);
		const kept = (await new Bucket({ ...server.store, prefix: 'faktablad/' }).list()).filter((name) => name.startsWith('.faktablad/'));
		assert.ok(kept.some((name) => name.startsWith('.faktablad/kept/')), 'earlier pages are kept');
		for (const name of ['.faktablad/manifest', '.faktablad/', '', ...kept]) assert.equal((await ask(site + name)).status, 403, name);
		assert.equal((await ask(`${endpoint.origin}/${bucket}`)).status, 403);
	});
	await test('the key opens nothing but the site', async () => {
		const stolen = new Bucket({ endpoint: endpoint.origin, bucket, ...key });
		await server.store.want(200, 'PUT', 'other/secret.txt', { body: 'x' });
		for (const [method, name, more] of [['GET', 'other/secret.txt'], ['PUT', 'other/x.html'], ['DELETE', 'other/secret.txt'], ['GET', '', { query: { policy: '' } }], ['GET', '', { query: { acl: '' } }], ['DELETE', '']]) {
			assert.equal((await stolen.request(method, name, more)).status, 403, `${method} ${name}`);
		}
	});
});

suite.finish();
process.exit();
