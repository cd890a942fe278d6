/*
 * apache: WebDAV with locks, over http and TLS with a password; visitors read the same folder through a port of
 * its own.
 */
import fs from 'node:fs';
import path from 'node:path';
import { HOST, answers, freePorts, linesOf, missingOf, newPlace, start as startProgram, stop, waitUntil, writeOwned } from './process.mjs';
import { mountSmallDisk } from './disk.mjs';
import { davTarget, writePasswords } from './dav.mjs';
import { DirectoryStore } from './store.mjs';
import { tls } from './tls.mjs';

export const name = 'apache';

const MODULES = '/usr/lib/apache2/modules';
const LOADED = ['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user', 'auth_basic', 'alias', 'dir', 'mime', 'ssl', 'dav', 'dav_fs', 'dav_lock'];
export const missing = () => missingOf('apache2-bin', 'apache2', 'openssl', `${MODULES}/mod_dav_fs.so`);

function configure(place, [http, secure, visitors], certificate, counted) {
	const at = (file) => path.join(place, file);
	const writable = (more) => `DocumentRoot ${at('data')}
${more}
<Location />
 Dav On
 DirectoryIndex disabled
 AuthType Basic
 AuthName x
 AuthUserFile ${at('passwords')}
 Require valid-user
</Location>`;
	return writeOwned(at('apache.conf'), `${LOADED.map((module) => `LoadModule ${module}_module ${MODULES}/mod_${module}.so`).join('\n')}
ServerRoot ${place}
ServerName localhost
${[http, secure, visitors].map((port) => `Listen ${HOST}:${port}`).join('\n')}
PidFile ${at('state/pid')}
ErrorLog ${at('state/log')}
${counted ? `CustomLog ${at('state/requests')} "%r"` : ''}
Mutex file:${at('state')} default
DAVLockDB ${at('state/dav-lock')}
StartServers 1
ServerLimit 2
ThreadsPerChild 32
MaxRequestWorkers 64
TypesConfig ${writeOwned(at('mime.types'), 'text/html html\ntext/css css\napplication/xml xml\nimage/png png\napplication/zip zip\n')}
AddDefaultCharset utf-8
<Directory />
 AllowOverride None
</Directory>
<VirtualHost ${HOST}:${http}>
${writable('')}
</VirtualHost>
<VirtualHost ${HOST}:${secure}>
${writable(`SSLEngine on\nSSLCertificateFile ${certificate.certificate}\nSSLCertificateKeyFile ${certificate.key}`)}
</VirtualHost>
<VirtualHost ${HOST}:${visitors}>
DocumentRoot ${at('data/site')}
DirectoryIndex index.html
RedirectMatch 404 "/\\.faktablad(/|$)"
</VirtualHost>
`);
}

export async function start({ certificate = 'good', diskBytes = 0, counted = false } = {}) {
	const place = newPlace(name);
	const unmounted = diskBytes ? mountSmallDisk(place, diskBytes) : null;
	if (unmounted) return { unavailable: unmounted };
	const first = await freePorts(3);
	const ports = [first, first + 1, first + 2];
	const made = tls(place, certificate);
	const log = path.join(place, 'state/log');
	writePasswords(place);
	const root = path.join(place, 'data/site');
	const store = new DirectoryStore(root, /(^|\/)\.davfs\.tmp\w+$/);
	await store.clear();
	const child = startProgram('apache2', ['-D', 'FOREGROUND', '-f', configure(place, ports, made, counted)], { log });
	await waitUntil(() => answers(ports[0]), { child, log, what: name });
	return {
		name, place, store, root, ports,
		httpAddress: `http://${HOST}:${ports[2]}/`,
		guarantee: 'whole',
		tls: true,
		...davTarget({ ports, path: '/site', ca: made.ca }),
		log: () => fs.readFileSync(log, 'utf8'),
		/* OPTIONS is about the server, as a greeting is. */
		operations: () => linesOf(path.join(place, 'state/requests'), /^(?!.*\bOPTIONS ).+/),
		stop: () => stop(child),
	};
}
