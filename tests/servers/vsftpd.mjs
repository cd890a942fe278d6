/*
 * vsftpd: FTP with TLS required and session reuse required, with a password.
 *
 * Run by an ordinary user it knows only the user `anonymous`; a list of the passwords that are taken for it makes
 * that a login like any other.
 */
import fs from 'node:fs';
import path from 'node:path';
import { HOST, answers, linesOf, missingOf, newPlace, start as startProgram, stop, waitUntil, writeOwned } from './process.mjs';
import { mountSmallDisk } from './disk.mjs';
import { ftpPorts, ftpTarget, withLines } from './ftp.mjs';
import { ftpScenarios } from './ftp_scenarios.mjs';
import { serveFolder } from './http.mjs';
import { PASSWORD } from './secrets.mjs';
import { DirectoryStore } from './store.mjs';
import { tls } from './tls.mjs';
import { findServer, provide } from './unpack.mjs';

export const name = 'vsftpd';
export const missing = () => provide(name) ?? missingOf('openssl', 'openssl');

/* What touches files; the others are about the connection. */
const FILE_COMMANDS = /FTP command: .*"(RETR|STOR|APPE|LIST|MLSD|MLST|NLST|STAT|SIZE|MDTM|RNFR|DELE|MKD|RMD|CWD)\b/;

function configure(place, ports, certificate, lines) {
	const at = (file) => path.join(place, file);
	writeOwned(at('passwords'), `${PASSWORD}\n`, 0o600);
	return writeOwned(at('vsftpd.conf'), withLines(`listen=YES
listen_address=${HOST}
listen_port=${ports[0]}
background=NO
run_as_launching_user=YES
anonymous_enable=YES
secure_email_list_enable=YES
email_password_file=${at('passwords')}
anon_root=${at('data')}
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_umask=022
anon_world_readable_only=NO
file_open_mode=0644
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
pasv_min_port=${ports[1]}
pasv_max_port=${ports.at(-1)}
ssl_enable=YES
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file=${certificate.both}
xferlog_enable=YES
vsftpd_log_file=${at('state/log')}
log_ftp_protocol=YES
max_per_ip=100
max_clients=100
`, lines));
}

export async function start({ certificate = 'good', diskBytes = 0, lines = {} } = {}) {
	const place = newPlace(name);
	const unmounted = diskBytes ? mountSmallDisk(place, diskBytes) : null;
	if (unmounted) return { unavailable: unmounted };
	const ports = await ftpPorts();
	const made = tls(place, certificate);
	const log = path.join(place, 'state/log');
	const root = path.join(place, 'data/site');
	const store = new DirectoryStore(root);
	await store.clear();
	const { program, env } = findServer(name);
	const child = startProgram(program, [configure(place, ports, made, lines)], { log, env });
	await waitUntil(() => answers(ports[0]), { child, log, what: name });
	const web = await serveFolder(root);
	return {
		name, place, store, root, ports,
		httpAddress: web.address,
		guarantee: 'whole',
		scenarios: ftpScenarios,
		resumes: true,
		tls: true,
		...ftpTarget({ ports, user: 'anonymous', ca: made.ca }),
		log: () => fs.readFileSync(log, 'utf8'),
		operations: () => linesOf(log, FILE_COMMANDS),
		async stop() {
			await stop(child);
			await web.close();
		},
	};
}
