/*
 * http: a web server of the tests' own over a folder, for the targets that visitors do not read themselves.
 *
 * It reads a file from its beginning to its end as it lies there, so that a reader meets what a real server
 * would give: a file that is written in place is seen half.
 */
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { HOST } from './process.mjs';

const TYPES = {
	'.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.xml': 'application/xml',
	'.svg': 'image/svg+xml', '.png': 'image/png', '.zip': 'application/zip', '.pdf': 'application/pdf', '.txt': 'text/plain; charset=utf-8',
};

export const typeOf = (name) => TYPES[path.extname(name)] ?? 'application/octet-stream';

async function answer(root, request, response) {
	const name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
	const wanted = path.join(root, path.posix.normalize(name), name.endsWith('/') ? 'index.html' : '');
	if (/(^|\/)\.faktablad(\/|$)/.test(name)) throw new Error('not for visitors');
	const bytes = await fs.readFile(wanted);
	response.writeHead(200, { 'content-type': typeOf(wanted), 'content-length': bytes.length, 'cache-control': 'no-cache' });
	response.end(request.method === 'HEAD' ? undefined : bytes);
}

/* Resolves to { address, close() }. */
export function serveFolder(root) {
	const server = http.createServer((request, response) => {
		answer(root, request, response).catch(() => response.writeHead(404, { 'content-length': 0 }).end());
	});
	server.keepAliveTimeout = 1000;
	return new Promise((resolve) => server.listen(0, HOST, () => resolve({
		address: `http://${HOST}:${server.address().port}/`,
		close: () => new Promise((done) => {
			server.close(done);
			server.closeAllConnections();
		}),
	})));
}
