/*
 * guide: the settings in docs/hosting.md, for tests that start servers with them.
 *
 *	const lines = settings('nginx public', { '/srv/www': folder });
 *	const trial = new Trial(suite);
 *	await trial.of('nginx', async () => { await trial.start('nginx', [...], { port, log }); ... });
 *
 * A fenced block with two words after the accents (```nginx public) is taken as it stands. Only addresses, ports, paths
 * and names of users are put in the place of the examples', each of which must be there; around it a test puts what
 * Debian's own configuration has.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { repository } from '../lib/program.mjs';
import { Skip } from '../lib/suite.mjs';
import { answers, missingOf, start, stop, waitUntil, writeOwned } from './process.mjs';

export const text = fs.readFileSync(path.join(repository, 'docs/hosting.md'), 'utf8');

/* The block with these words after its accents, other words put in the place of the examples'. */
export function settings(words, replacements = {}) {
	const found = [...text.matchAll(/^```([^\n]+)\n([^]*?)^```$/gm)].filter(([, info]) => info === words);
	assert.equal(found.length, 1, `one block “${words}”`);
	return Object.entries(replacements).reduce((lines, [from, to]) => {
		assert.ok(lines.includes(from), `“${words}” has “${from}”`);
		return lines.replaceAll(from, to);
	}, found[0][2]);
}

/* One server after the other, each with its tests, and nothing of it left for the next. */
export class Trial {
	#suite;
	#undo = [];

	constructor(suite) {
		this.#suite = suite;
	}

	/* A server that cannot be started here is skipped with the reason; one that ought to start and does not is a failure. */
	async of(name, body) {
		const { filter } = this.#suite;
		if (!name.includes(filter) && !filter.startsWith(name)) return;
		try {
			await body((what, test) => this.#suite.test(`${name}: ${what}`, test));
		} catch (error) {
			await this.#suite.test(filter.startsWith(name) ? filter : name, () => { throw error; });
		}
		while (this.#undo.length) await this.#undo.pop()();
	}

	/* `undo` is called when the server's tests are over; what was done last is undone first. */
	afterwards(undo) {
		this.#undo.push(undo);
	}

	async start(command, args, { port, ...options }) {
		const child = start(command, args, options);
		this.afterwards(() => stop(child));
		await waitUntil(() => answers(port), { child, log: options.log, what: command });
		return () => stop(child);
	}
}

/* Skips what needs programs or files that are not here. */
export function needs(...args) {
	const reason = missingOf(...args);
	if (reason) throw new Skip(reason);
}

/* Resolves to { status, headers, body }. */
export function ask(address, { method = 'GET', headers = {}, body, ca } = {}) {
	return new Promise((resolve, reject) => {
		const request = (address.startsWith('https:') ? https : http).request(address, { method, headers, ca, agent: false }, (response) => {
			const pieces = [];
			response.on('data', (piece) => pieces.push(piece));
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }));
		});
		request.on('error', reject).end(body);
	});
}

/* ---- what Debian puts around a site's own settings, with everything in one folder ---- */

export const NGINX_DAV = '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so';
export const APACHE_MODULES = '/usr/lib/apache2/modules';
const APACHE_DEFAULT = [
	'mpm_event', 'access_compat', 'alias', 'auth_basic', 'authn_core', 'authn_file', 'authz_core', 'authz_host', 'authz_user', 'autoindex',
	'deflate', 'dir', 'env', 'filter', 'mime', 'negotiation', 'reqtimeout', 'setenvif', 'status',
];

/* The log of visitors that Debian's configuration keeps of every site. */
export const visitorsLog = (place) => path.join(place, 'state/visitors');

export function nginx(place, site) {
	const at = (file) => path.join(place, 'state', file);
	const temporaries = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].filter((kind) => !site.includes(`${kind}_temp_path`)).map((kind) => `${kind}_temp_path ${at(kind)};`).join(' ');
	const file = writeOwned(path.join(place, 'nginx.conf'), `${site.includes('dav_ext') ? `load_module ${NGINX_DAV};` : ''}
worker_processes 1; daemon off; pid ${at('pid')}; error_log ${at('errors')};
events { worker_connections 768; }
http {
	sendfile on; tcp_nopush on; types_hash_max_size 2048;
	include /etc/nginx/mime.types; default_type application/octet-stream;
	access_log ${visitorsLog(place)}; gzip on; ${temporaries}
	${site}
}
`);
	return ['nginx', ['-p', place, '-e', at('errors'), '-c', file]];
}

export function apache(place, { listen, modules, site }) {
	const at = (file) => path.join(place, 'state', file);
	const file = writeOwned(path.join(place, 'apache.conf'), `${[...APACHE_DEFAULT, ...modules].map((module) => `LoadModule ${module}_module ${APACHE_MODULES}/mod_${module}.so`).join('\n')}
ServerRoot ${place}
ServerName localhost
Listen ${listen}
PidFile ${at('pid')}
ErrorLog ${at('errors')}
LogLevel warn
Mutex file:${path.join(place, 'state')} default
StartServers 1
ServerLimit 2
ThreadsPerChild 25
MaxRequestWorkers 50
TypesConfig /etc/mime.types
LogFormat "%h %l %u %t \\"%r\\" %>s %O" combined
CustomLog ${visitorsLog(place)} combined
AccessFileName .htaccess
<FilesMatch "^\\.ht">
	Require all denied
</FilesMatch>
<Directory />
	Options FollowSymLinks
	AllowOverride None
	Require all denied
</Directory>
${site}
`);
	return ['apache2', ['-D', 'FOREGROUND', '-f', file]];
}
