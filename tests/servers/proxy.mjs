/*
 * proxy: a TCP proxy that misbehaves, in front of a server.
 *
 * It listens on another loopback address, on the same ports as the server, so that passive FTP connections find it
 * without any rewriting. What it does to a connection is decided when that connection is made:
 *
 *	plan(number, fromClient)	→ {}				let it through
 *					  { after: N, then: 'reset' }	when N bytes went to the server: RST both ways
 *					  { after: N, then: 'close' }	or an orderly end, as if the data were complete
 *					  { after: N, then: 'stall' }	or silence, for as long as the proxy lives
 *					  { down: N, then: … }		the same, of bytes that came from the server
 *					  { delay: ms }			each piece waits so long
 *					  'refuse'			RST at once
 *
 * `sent` counts all bytes that clients sent; onSent(total) is called as they pass.
 */
import net from 'node:net';
import { HOST, PROXY_HOST } from './process.mjs';

const letThrough = () => ({});

export class Proxy {
	constructor(ports) {
		Object.assign(this, { ports, plan: letThrough, connections: 0, sent: 0, hits: 0, onSent: () => {}, sockets: new Set(), servers: [] });
	}

	static async before(server) {
		const proxy = new Proxy(server.ports);
		await Promise.all(server.ports.map((port) => proxy.#listen(port)));
		return proxy;
	}

	/* Well-behaved again, counting from nothing. */
	reset() {
		Object.assign(this, { plan: letThrough, connections: 0, sent: 0, hits: 0, onSent: () => {} });
	}

	#listen(port) {
		const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client, port));
		this.servers.push(server);
		return new Promise((resolve, reject) => server.once('error', reject).listen(port, PROXY_HOST, resolve));
	}

	#accept(client, port) {
		const fate = this.plan(this.connections++, port === this.ports[0]);
		this.#keep(client);
		if (fate === 'refuse') {
			this.hits++;
			return client.resetAndDestroy();
		}
		const server = this.#keep(net.connect({ port, host: HOST, allowHalfOpen: true, noDelay: true }));
		const pair = { client, server, fate, up: 0, down: 0 };
		this.#pump(pair, client, server, 'up');
		this.#pump(pair, server, client, 'down');
	}

	#keep(socket) {
		this.sockets.add(socket);
		socket.on('close', () => this.sockets.delete(socket)).on('error', () => {});
		return socket;
	}

	#pump(pair, from, to, direction) {
		const limit = direction === 'up' ? pair.fate.after : pair.fate.down;
		from.on('data', (bytes) => {
			if (pair.ended) return;
			const rest = limit === undefined ? Infinity : limit - pair[direction];
			const piece = bytes.length > rest ? bytes.subarray(0, rest) : bytes;
			pair[direction] += piece.length;
			if (direction === 'up') this.onSent(this.sent += piece.length);
			if (pair.fate.delay) setTimeout(() => to.destroyed || to.write(piece), pair.fate.delay);
			else if (piece.length && !to.write(piece)) {
				from.pause();
				to.once('drain', () => from.resume());
			}
			if (bytes.length >= rest) this.#end(pair);
		});
		from.on('end', () => pair.ended || setTimeout(() => to.end(), pair.fate.delay ?? 0));
		from.on('close', (broken) => pair.ended || !broken || to.resetAndDestroy());
	}

	#end(pair) {
		pair.ended = true;
		this.hits++;
		const both = [pair.client, pair.server];
		if (pair.fate.then === 'reset') both.forEach((socket) => socket.resetAndDestroy());
		else if (pair.fate.then === 'close') both.forEach((socket) => socket.end());
		else both.forEach((socket) => socket.pause());
	}

	/* Whatever is connected is cut. */
	cut() {
		for (const socket of this.sockets) socket.resetAndDestroy();
	}

	async close() {
		this.cut();
		await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
	}
}
