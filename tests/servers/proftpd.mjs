/*
 * proftpd: FTP with TLS required and the strictest check of session reuse, with a user and a password of its own.
 *
 * Debian's proftpd-core and vsftpd cannot be installed together: see unpack.mjs.
 */
import fs from 'node:fs';
import path from 'node:path';
import { HOST, answers, missingOf, newPlace, start as startProgram, stop, tool, user, waitUntil, writeOwned } from './process.mjs';
import { mountSmallDisk } from './disk.mjs';
import { ftpPorts, ftpTarget, withLines } from './ftp.mjs';
import { ftpScenarios, noOverwritingScenario } from './ftp_scenarios.mjs';
import { serveFolder } from './http.mjs';
import { PASSWORD } from './secrets.mjs';
import { DirectoryStore } from './store.mjs';
import { tls } from './tls.mjs';
import { findServer, provide } from './unpack.mjs';

export const name = 'proftpd';

const USER = 'publisher';
export const missing = () => provide(name) ?? missingOf('openssl', 'openssl');

function configure(place, ports, certificate, modules, lines) {
	const at = (file) => path.join(place, file);
	const hash = tool('openssl', ['passwd', '-6', '-stdin'], { input: PASSWORD }).trim();
	writeOwned(at('passwords'), `${USER}:${hash}:${user.uid}:${user.gid}::${at('data')}:/bin/sh\n`, 0o600);
	writeOwned(at('groups'), `publishers:x:${user.gid}:\n`, 0o600);
	return writeOwned(at('proftpd.conf'), withLines(`ModulePath ${modules}
LoadModule mod_tls.c
LoadModule mod_tls_shmcache.c
ServerName t
ServerType standalone
DefaultAddress ${HOST}
Port ${ports[0]}
UseReverseDNS off
UseIPv6 off
SocketBindTight on
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
`, lines));
}

export async function start({ certificate = 'good', diskBytes = 0, lines = {} } = {}) {
	const place = newPlace(name);
	const unmounted = diskBytes ? mountSmallDisk(place, diskBytes) : null;
	if (unmounted) return { unavailable: unmounted };
	const { program, below, env } = findServer(name);
	const ports = await ftpPorts();
	const made = tls(place, certificate);
	const log = path.join(place, 'state/log');
	const root = path.join(place, 'data/site');
	const store = new DirectoryStore(root);
	await store.clear();
	const child = startProgram(program, ['-n', '-q', '-c', configure(place, ports, made, `${below}/usr/lib/proftpd`, lines)], { log, env });
	await waitUntil(() => answers(ports[0]), { child, log, what: name });
	const web = await serveFolder(root);
	return {
		name, place, store, root, ports,
		httpAddress: web.address,
		guarantee: 'whole',
		scenarios: { ...ftpScenarios, ...noOverwritingScenario },
		resumes: true,
		tls: true,
		...ftpTarget({ ports, user: USER, ca: made.ca }),
		log: () => fs.readFileSync(log, 'utf8'),
		async stop() {
			await stop(child);
			await web.close();
		},
	};
}
