/*
 * unpack: Debian packages that are unpacked and not installed, which needs no rights and starts no service.
 *
 * FTP servers exclude each other in apt. Those that this machine does not have are fetched once and unpacked into
 * build/tools/. Run as a program it does that for both, so that the tests need no network later.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tools } from '../lib/program.mjs';
import { findProgram, missingOf, newPlace, tool } from './process.mjs';

const SERVERS = {
	vsftpd: { needs: [], packages: ['vsftpd', 'libwrap0'] },
	proftpd: {
		needs: ['/usr/lib/proftpd/mod_tls.so'],
		packages: ['proftpd-core', 'proftpd-mod-crypto', 'libhashkit2', 'libhiredis0.14', 'libmemcached11', 'libmemcachedutil2', 'libpcre2-posix3'],
	},
};

const folderOf = (name) => path.join(tools, name);

const isInstalled = (name) => findProgram(name) && SERVERS[name].needs.every((file) => fs.existsSync(file));
const isUnpacked = (name) => fs.existsSync(path.join(folderOf(name), 'usr/sbin', name));

const librariesBelow = (below) => ['usr/lib', 'lib']
	.map((lib) => path.join(below, lib))
	.filter((lib) => fs.existsSync(lib))
	.flatMap((lib) => fs.readdirSync(lib).filter((each) => each.endsWith('-linux-gnu')).map((each) => path.join(lib, each)));

/*
 * What root unpacked in a folder of his own, another user cannot run: where servers run as one, it is copied, once, to
 * a place that all can read.
 */
const copies = new Map();
function readableCopy(name) {
	if (process.getuid() !== 0) return folderOf(name);
	if (!copies.has(name)) {
		const copy = path.join(newPlace(`${name}-program`), 'root');
		fs.cpSync(folderOf(name), copy, { recursive: true, verbatimSymlinks: true });
		copies.set(name, copy);
	}
	return copies.get(name);
}

/* { program, below, env }: installed, or unpacked; null when neither. `below` is put before /usr. */
export function findServer(name) {
	if (isInstalled(name)) return { program: findProgram(name), below: '', env: {} };
	if (!isUnpacked(name)) return null;
	const below = readableCopy(name);
	return { program: path.join(below, 'usr/sbin', name), below, env: { LD_LIBRARY_PATH: librariesBelow(below).join(':') } };
}

/* A whole copy or none: it is unpacked beside and renamed. */
function unpack(name) {
	fs.mkdirSync(tools, { recursive: true });
	const { packages } = SERVERS[name];
	const folder = fs.mkdtempSync(path.join(tools, `${name}-`));
	try {
		const fetched = spawnSync('apt-get', ['-q', '-o', 'APT::Sandbox::User=', 'download', ...packages], { cwd: folder, encoding: 'utf8' });
		if (fetched.status !== 0) return `apt-get download ${packages.join(' ')}: ${fetched.stderr.trim().split('\n').at(-1)}`;
		for (const file of fs.readdirSync(folder)) tool('dpkg', ['-x', path.join(folder, file), path.join(folder, 'root')]);
		fs.chmodSync(path.join(folder, 'root'), 0o755);
		fs.rmSync(folderOf(name), { recursive: true, force: true });
		fs.renameSync(path.join(folder, 'root'), folderOf(name));
		return null;
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

/* Null when the server is there now, or why it cannot be had. */
export function provide(name) {
	if (isInstalled(name) || isUnpacked(name)) return null;
	return missingOf(`apt, dpkg for ${SERVERS[name].packages[0]}`, 'apt-get', 'dpkg') ?? unpack(name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const name of Object.keys(SERVERS)) {
		const reason = provide(name);
		if (reason) console.error(`${name} cannot be had: ${reason}`);
	}
}
