/*
 * sshd: OpenSSH, with SFTP only; a user key, an encrypted user key and, in a private namespace, a password.
 */
import fs from 'node:fs';
import path from 'node:path';
import { HOST, answers, freePorts, isRoot, linesOf, missingOf, newPlace, start as startProgram, stop, tool, user, waitUntil, writeOwned, own } from './process.mjs';
import { mountSmallDisk } from './disk.mjs';
import { serveFolder } from './http.mjs';
import { passwordUserScenarios, sftpScenarios } from './sftp_scenarios.mjs';
import { PASSPHRASE, PASSWORD, WRONG, forms } from './secrets.mjs';
import { DirectoryStore } from './store.mjs';

export const name = 'sshd';
export const missing = () => missingOf('openssh-server openssh-client', PROGRAM, 'ssh-keygen');

/* Absolute: it starts itself again by this name. */
const PROGRAM = '/usr/sbin/sshd';
/* Another program than the one that sshd has in it: it can write down what it is asked for. */
const SFTP_SERVER = '/usr/lib/openssh/sftp-server';
const PASSWORD_USER = 'publisher';

function newKey(file, passphrase = '') {
	tool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', path.basename(file), '-f', file]);
	own(file);
	return fs.readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

/* Gives the user a second name that has a password, in lists that only this mount namespace sees. */
function addPasswordUser(place) {
	if (!process.env.FAKTABLAD_PRIVATE) return 'a user with a password would have to be made on this machine; here it cannot be made for the tests alone';
	const hash = tool('openssl', ['passwd', '-6', '-stdin'], { input: PASSWORD }).trim();
	const lists = {
		passwd: `${fs.readFileSync('/etc/passwd', 'utf8')}${PASSWORD_USER}:x:${user.uid}:${user.gid}::${path.join(place, 'data')}:/bin/sh\n`,
		shadow: `${PASSWORD_USER}:${hash}:20000:0:99999:7:::\n`,
	};
	for (const [list, text] of Object.entries(lists)) {
		const file = writeOwned(path.join(place, list), text);
		tool('mount', ['--bind', file, `/etc/${list}`]);
	}
	return null;
}

function configure(place, port, passwords, counted) {
	const at = (file) => path.join(place, file);
	writeOwned(at('sshd_config'), `Port ${port}
ListenAddress ${HOST}
HostKey ${at('host-key')}
PidFile none
AuthorizedKeysFile ${at('authorized_keys')}
StrictModes no
UsePAM no
PasswordAuthentication ${passwords ? 'yes' : 'no'}
KbdInteractiveAuthentication no
MaxAuthTries 3
Subsystem sftp internal-sftp
ForceCommand ${counted ? `${SFTP_SERVER} -e -l VERBOSE 2>>${at('state/requests')}` : 'internal-sftp'}
MaxStartups 100
LogLevel VERBOSE
`);
	return at('sshd_config');
}

/* Files of known hosts: the right key, another, none; each also for the proxy's address. */
function writeKnownHosts(place, port, keys) {
	const line = (key) => `[127.0.0.1]:${port} ${key}\n[127.0.0.2]:${port} ${key}\n`;
	const files = {};
	for (const [kind, key] of Object.entries({ good: keys.host, wrong: keys.other, none: null })) {
		files[kind] = path.join(place, `known-hosts-${kind}`);
		fs.writeFileSync(files[kind], key ? line(key) : '');
	}
	return files;
}

export async function start({ diskBytes = 0, counted = false } = {}) {
	const place = newPlace(name);
	const unmounted = diskBytes ? mountSmallDisk(place, diskBytes) : null;
	if (unmounted) return { unavailable: unmounted };
	const at = (file) => path.join(place, file);
	const port = await freePorts();
	const keys = { host: newKey(at('host-key')), other: newKey(at('other-host-key')), user: newKey(at('user-key')), locked: newKey(at('locked-user-key'), PASSPHRASE) };
	const noPassword = addPasswordUser(place);
	if (noPassword && isRoot) return { unavailable: 'as root, sshd needs a mount namespace (unshare -m) for a user of its own' };
	writeOwned(at('authorized_keys'), `${keys.user}\n${keys.locked}\n`);
	const log = at('log');
	const child = startProgram(PROGRAM, ['-D', '-e', '-f', configure(place, port, !noPassword, counted)], { log });
	await waitUntil(() => answers(port), { child, log, what: name });
	const root = at('data/site');
	const store = new DirectoryStore(root);
	await store.clear();
	const web = await serveFolder(root);
	const knownHosts = writeKnownHosts(place, port, keys);
	const loginName = noPassword ? user.name : PASSWORD_USER;
	const logins = {
		key: { name: loginName, settings: { identity: at('user-key') }, env: {} },
		locked: { name: loginName, settings: { identity: at('locked-user-key') }, env: { FAKTABLAD_KEY_PASSPHRASE: PASSPHRASE } },
		password: { name: PASSWORD_USER, settings: {}, env: { FAKTABLAD_PASSWORD: PASSWORD }, unavailable: noPassword },
		wrong: { name: PASSWORD_USER, settings: {}, env: { FAKTABLAD_PASSWORD: WRONG }, unavailable: noPassword },
	};
	return {
		name, place, store, root, port, ports: [port],
		httpAddress: web.address,
		secrets: [PASSPHRASE, PASSWORD].flatMap(forms),
		guarantee: 'whole',
		scenarios: noPassword ? sftpScenarios : { ...sftpScenarios, ...passwordUserScenarios },
		resumes: true,
		logins,
		/* What a hint about an unknown host may contain. */
		hostKey: { line: keys.host, fingerprint: tool('ssh-keygen', ['-lf', at('host-key.pub')]).split(' ')[1] },
		target({ host = HOST, login = 'key', hostKey = 'good' } = {}) {
			const { name: as, settings, env } = logins[login];
			return { url: `sftp://${as}@${host}:${port}${root}`, settings: { known_hosts: knownHosts[hostKey], ...settings }, env };
		},
		log: () => fs.readFileSync(log, 'utf8'),
		operations: () => linesOf(path.join(place, 'state/requests'), /^(?!session |received client version)/),
		async stop() {
			await stop(child);
			await web.close();
			for (const list of noPassword ? [] : ['passwd', 'shadow']) tool('umount', [`/etc/${list}`]);
		},
	};
}

