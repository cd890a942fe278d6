/*
 * nginx: WebDAV over http and TLS with a password; visitors read the same folder through a port of its own.
 */
import fs from 'node:fs';
import path from 'node:path';
import { HOST, answers, freePorts, linesOf, missingOf, newPlace, own, start as startProgram, stop, waitUntil, writeOwned } from './process.mjs';
import { mountSmallDisk } from './disk.mjs';
import { davTarget, writePasswords } from './dav.mjs';
import { DirectoryStore } from './store.mjs';
import { tls } from './tls.mjs';

export const name = 'nginx';

const MODULE = '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so';
export const missing = () => missingOf('nginx-light libnginx-mod-http-dav-ext', 'nginx', 'openssl', MODULE);

function configure(place, [http, secure, visitors], certificate, counted) {
	const at = (file) => path.join(place, file);
	const temporary = ['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${at(`state/${kind}`)};`).join(' ');
	return writeOwned(at('nginx.conf'), `load_module ${MODULE};
worker_processes 2; daemon off; pid ${at('state/pid')}; error_log ${at('state/log')} warn;
events { worker_connections 512; }
http {
  types { text/html html; text/css css; application/xml xml; image/png png; application/zip zip; }
  charset utf-8; access_log ${counted ? at('state/requests') : 'off'}; client_body_temp_path ${at('data/tmp')}; ${temporary}
  client_max_body_size 0; dav_ext_lock_zone zone=locks:1m;
  server {
    listen ${HOST}:${http}; listen ${HOST}:${secure} ssl;
    ssl_certificate ${certificate.certificate}; ssl_certificate_key ${certificate.key};
    root ${at('data')};
    location / {
      auth_basic x; auth_basic_user_file ${at('passwords')};
      dav_methods PUT DELETE MKCOL COPY MOVE; dav_ext_methods PROPFIND OPTIONS; create_full_put_path on; dav_access user:rw group:r all:r;
    }
  }
  server { listen ${HOST}:${visitors}; root ${at('data/site')}; location ^~ /.faktablad/ { return 404; } }
}
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
	fs.mkdirSync(path.join(place, 'data/tmp'));
	own(path.join(place, 'data/tmp'));
	const root = path.join(place, 'data/site');
	const store = new DirectoryStore(root);
	await store.clear();
	const child = startProgram('nginx', ['-p', place, '-e', log, '-c', configure(place, ports, made, counted)], { log });
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
