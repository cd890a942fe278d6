/*
 * proftpd: FTP with TLS required and the strictest check of session reuse, with a user and a password of its own.
 *
 * Debian's proftpd-core and vsftpd cannot be installed together, so its packages are fetched once and unpacked
 * into build/tools/proftpd, which needs no rights.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { tools } from '../lib/program.mjs';
import { HOST, answers, findProgram, missingOf, newPlace, start as startProgram, stop, tool, user, waitUntil, writeOwned } from './process.mjs';
import { mountSmallDisk } from './disk.mjs';
import { ftpPorts, ftpTarget } from './ftp.mjs';
import { serveFolder } from './http.mjs';
import { PASSWORD } from './secrets.mjs';
import { DirectoryStore } from './store.mjs';
import { tls } from './tls.mjs';

export const name = 'proftpd';

const USER = 'publisher';
const PACKAGES = ['proftpd-core', 'proftpd-mod-crypto', 'libhashkit2', 'libhiredis0.14', 'libmemcached11', 'libmemcachedutil2', 'libpcre2-posix3', 'libpcre2-8-0'];
const unpacked = path.join(tools, 'proftpd');
const UNPACKED = { program: path.join(unpacked, 'usr/sbin/proftpd'), modules: path.join(unpacked, 'usr/lib/proftpd'), libraries: path.join(unpacked, 'usr/lib/x86_64-linux-gnu') };

/* A whole copy or none: it is unpacked beside and renamed. */
function unpack() {
	const folder = fs.mkdtempSync(path.join(fs.mkdirSync(tools, { recursive: true }) ?? tools, 'proftpd-'));
	try {
		const fetched = spawnSync('apt-get', ['-q', '-o', 'APT::Sandbox::User=', 'download', ...PACKAGES], { cwd: folder, encoding: 'utf8' });
		if (fetched.status !== 0) return `apt-get download ${PACKAGES.join(' ')}: ${(fetched.stderr ?? String(fetched.error)).trim().split('\n').at(-1)}`;
		for (const file of fs.readdirSync(folder).filter((each) => each.endsWith('.deb'))) {
			tool('dpkg', ['-x', path.join(folder, file), path.join(folder, 'root')]);
			fs.rmSync(path.join(folder, file));
		}
		fs.chmodSync(path.join(folder, 'root'), 0o755);
		fs.rmSync(unpacked, { recursive: true, force: true });
		fs.renameSync(path.join(folder, 'root'), unpacked);
		return null;
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

/* Installed on this machine, or unpacked. */
const installed = () => (findProgram('proftpd') && fs.existsSync('/usr/lib/proftpd/mod_tls.so') ? { program: findProgram('proftpd'), modules: '/usr/lib/proftpd' } : null);

export function missing() {
	if (installed() || fs.existsSync(UNPACKED.program)) return null;
	return missingOf('apt dpkg openssl', 'apt-get', 'dpkg', 'openssl') ?? unpack();
}

function configure(place, ports, certificate, modules) {
	const at = (file) => path.join(place, file);
	const hash = tool('openssl', ['passwd', '-6', '-stdin'], { input: PASSWORD }).trim();
	writeOwned(at('passwords'), `${USER}:${hash}:${user.uid}:${user.gid}::${at('data')}:/bin/sh\n`, 0o600);
	writeOwned(at('groups'), `publishers:x:${user.gid}:\n`, 0o600);
	return writeOwned(at('proftpd.conf'), `ModulePath ${modules}
LoadModule mod_tls.c
LoadModule mod_tls_shmcache.c
ServerName t
ServerType standalone
DefaultAddress ${HOST}
Port ${ports[0]}
UseReverseDNS off
UseIPv6 off
User ${user.name}
Group ${user.group}
PidFile ${at('state/pid')}
ScoreboardFile ${at('state/scoreboard')}
DelayTable none
ControlsEngine off
ControlsSocket ${at('state/controls')}
SystemLog ${at('state/log')}
TransferLog none
WtmpLog off
MaxInstances 60
AuthPAM off
AuthOrder mod_auth_file.c
AuthUserFile ${at('passwords')}
AuthGroupFile ${at('groups')}
RequireValidShell off
PassivePorts ${ports[1]} ${ports.at(-1)}
AllowOverwrite on
AllowStoreRestart on
Umask 022 022
TLSEngine on
TLSRequired on
TLSProtocol TLSv1.2 TLSv1.3
TLSECCertificateFile ${certificate.certificate}
TLSECCertificateKeyFile ${certificate.key}
TLSSessionCache shm:/file=${at('state/sessions')}
TLSVerifyClient off
`);
}

export async function start({ certificate = 'good', diskBytes = 0 } = {}) {
	const place = newPlace(name);
	const unmounted = diskBytes ? mountSmallDisk(place, diskBytes) : null;
	if (unmounted) return { unavailable: unmounted };
	const { program, modules, libraries } = installed() ?? UNPACKED;
	const ports = await ftpPorts();
	const made = tls(place, certificate);
	const log = path.join(place, 'state/log');
	const root = path.join(place, 'data/site');
	const store = new DirectoryStore(root);
	await store.clear();
	const child = startProgram(program, ['-n', '-q', '-c', configure(place, ports, made, modules)], { log, env: libraries ? { LD_LIBRARY_PATH: libraries } : {} });
	await waitUntil(() => answers(ports[0]), { child, log, what: name });
	const web = await serveFolder(root);
	return {
		name, place, store, root, ports,
		httpAddress: web.address,
		guarantee: 'whole',
		...ftpTarget({ ports, user: USER, ca: made.ca }),
		log: () => fs.readFileSync(log, 'utf8'),
		async stop() {
			await stop(child);
			await web.close();
		},
	};
}
