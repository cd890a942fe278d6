/*
 * littledav: a WebDAV server of the tests' own over a folder: one that faktablad does not know by name, and that fails
 * when it is told to.
 *
 *	const server = await LittleDav.start(folder, { user, password });
 *	server.before = (request) => null | { status, headers }	an answer instead of the real one
 *	server.options = false					it does not know OPTIONS
 *	server.seen						[{ method, path, destination, authorization }]
 *
 * It makes no folders that are missing, and refuses what stands there already when it is told not to replace it.
 */
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { HOST, own } from './process.mjs';

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const plain = (url) => decodeURIComponent(new URL(url, 'http://x').pathname).replace(/\/$/, '');

function propertiesOf(file, name) {
	const stat = fs.statSync(file);
	const href = name.split('/').map(encodeURIComponent).join('/') + (stat.isDirectory() ? '/' : '');
	const type = stat.isDirectory() ? '<D:resourcetype><D:collection/></D:resourcetype>' : `<D:resourcetype/><D:getcontentlength>${stat.size}</D:getcontentlength>`;
	return `<D:response><D:href>${escaped(href)}</D:href><D:propstat><D:prop>${type}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`;
}

const methods = {
	OPTIONS: (server) => (server.options ? [200, '', { dav: '1' }] : [405]),
	PROPFIND(server, file, name, { headers }) {
		if (!fs.existsSync(file)) return [404];
		const inside = headers.depth === '1' && fs.statSync(file).isDirectory() ? fs.readdirSync(file) : [];
		const all = [propertiesOf(file, name), ...inside.map((one) => propertiesOf(path.join(file, one), `${name}/${one}`))];
		return [207, `<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">${all.join('')}</D:multistatus>`];
	},
	GET: (server, file) => (fs.existsSync(file) && fs.statSync(file).isFile() ? [200, fs.readFileSync(file)] : [404]),
	MKCOL(server, file) {
		if (fs.existsSync(file)) return [405];
		if (!fs.existsSync(path.dirname(file))) return [409];
		fs.mkdirSync(file);
		own(file);
		return [201];
	},
	PUT(server, file, name, { body }) {
		if (!fs.existsSync(path.dirname(file))) return [409];
		const there = fs.existsSync(file);
		fs.writeFileSync(file, body);
		own(file);
		return [there ? 204 : 201];
	},
	MOVE(server, file, name, { headers }, copy) {
		const to = server.at(plain(headers.destination));
		if (!fs.existsSync(file)) return [404];
		if (!fs.existsSync(path.dirname(to))) return [409];
		const there = fs.existsSync(to);
		if (there && headers.overwrite === 'F') return [412];
		if (copy) fs.copyFileSync(file, to);
		else fs.renameSync(file, to);
		return [there ? 204 : 201];
	},
	COPY: (server, file, name, asked) => methods.MOVE(server, file, name, asked, true),
	DELETE(server, file) {
		if (!fs.existsSync(file)) return [404];
		fs.rmSync(file, { recursive: true });
		return [204];
	},
};

export class LittleDav {
	constructor(root, login) {
		Object.assign(this, { root, login, seen: [], options: true, before: () => null });
	}

	static start(root, login) {
		const server = new LittleDav(root, login);
		server.http = http.createServer((request, response) => server.#answer(request, response));
		return new Promise((resolve) => server.http.listen(0, HOST, () => {
			server.port = server.http.address().port;
			resolve(server);
		}));
	}

	at(name) {
		return path.join(this.root, path.posix.normalize(`/${name}`));
	}

	async #answer(request, response) {
		const pieces = [];
		for await (const piece of request) pieces.push(piece);
		const name = plain(request.url);
		const { authorization = null, destination } = request.headers;
		this.seen.push({ method: request.method, path: name, destination: destination && plain(destination), authorization });
		const [status, body = '', headers = {}] = this.#decide(request, name, Buffer.concat(pieces));
		response.writeHead(status, { server: 'Little/1.0', 'content-length': Buffer.byteLength(body), ...headers }).end(body);
	}

	#decide(request, name, body) {
		const instead = this.before({ method: request.method, path: name, number: this.seen.length });
		const wanted = `Basic ${Buffer.from(`${this.login.user}:${this.login.password}`).toString('base64')}`;
		if (instead) return [instead.status, '', instead.headers];
		if (request.headers.authorization !== wanted) return [401, '', { 'www-authenticate': 'Basic realm="x"' }];
		return methods[request.method]?.(this, this.at(name), name, { headers: request.headers, body }) ?? [405];
	}

	close() {
		this.http.closeAllConnections();
		this.http.close();
	}
}
