/*
 * server: a folder over http on a free port of this machine, as a plain web host would serve it below a prefix.
 *
 *	const server = await serve(folder, '/some/where/');	server.address is "http://127.0.0.1:PORT/some/where/"
 *	await server.close();
 */
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const types = {
	'.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.ico': 'image/x-icon', '.jpg': 'image/jpeg',
	'.json': 'application/json', '.png': 'image/png', '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8',
	'.webp': 'image/webp', '.woff2': 'font/woff2', '.xml': 'application/xml', '.zip': 'application/zip',
};

function fileFor(folder, prefix, url) {
	let name = decodeURIComponent(new URL(url, 'http://localhost').pathname);
	if (!name.startsWith(prefix)) return null;
	if (name.endsWith('/')) name += 'index.html';
	const file = path.join(folder, path.normalize(name.slice(prefix.length - 1)));
	return fs.existsSync(file) && fs.statSync(file).isFile() ? file : null;
}

export function serve(folder, prefix = '/') {
	const server = http.createServer((request, response) => {
		const file = fileFor(folder, prefix, request.url);
		const type = types[path.extname(file ?? '404.html')] ?? 'application/octet-stream';
		response.writeHead(file ? 200 : 404, { 'content-type': type, connection: 'close' });
		const body = file ?? path.join(folder, '404.html');
		response.end(fs.existsSync(body) ? fs.readFileSync(body) : 'not found');
	});
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => resolve({
			address: `http://127.0.0.1:${server.address().port}${prefix}`,
			close: () => new Promise((done) => { server.close(done); server.closeAllConnections?.(); }),
		}));
	});
}
