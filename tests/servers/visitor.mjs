/*
 * visitor: reads pages of the public address, one after another, while they are published, and judges each read.
 *
 * A read is sound when its bytes are those of a version that was ever there, and when what it refers to can be
 * read; a page that every version has may not be missing. Anything else is counted: missing, truncated, mixed, or
 * a page whose style is gone.
 */
import http from 'node:http';
import { HOST, sleep } from './process.mjs';

const READERS = 3;

export class Visitor {
	constructor(address, versions) {
		this.address = new URL(address);
		this.versions = versions;
		this.names = [...new Set(versions.flatMap((files) => [...files.keys()]))].filter((name) => name.endsWith('.html'));
		this.agent = new http.Agent({ keepAlive: true, maxSockets: READERS });
		this.reads = 0;
		this.broken = [];
	}

	read(name) {
		const place = this.address.pathname + name.split('/').map(encodeURIComponent).join('/');
		return new Promise((resolve) => {
			const request = http.get({ agent: this.agent, host: HOST, port: this.address.port, path: place }, (response) => {
				const parts = [];
				const done = () => resolve({ status: response.statusCode, bytes: Buffer.concat(parts) });
				response.on('data', (part) => parts.push(part)).on('end', done).on('error', done);
			});
			request.on('error', (error) => resolve({ status: error.code, bytes: Buffer.alloc(0) }));
		});
	}

	#judge(name, { status, bytes }) {
		const known = this.versions.map((files) => files.get(name));
		if (status === 404) return known.includes(undefined) ? null : 'missing';
		if (status !== 200) return `status ${status}`;
		if (known.some((version) => version?.equals(bytes))) return null;
		return known.some((version) => version?.subarray(0, bytes.length).equals(bytes)) ? 'truncated' : 'mixed';
	}

	async #visit(name) {
		const answer = await this.read(name);
		const fault = this.#judge(name, answer);
		this.reads++;
		if (fault) return this.broken.push(`${name}: ${fault} (${answer.bytes.length} bytes)`);
		const style = answer.status === 200 && /href="\/(assets\/[^"]+)"/.exec(answer.bytes.toString())?.[1];
		if (style && (await this.read(style)).status !== 200) this.broken.push(`${name}: its style ${style} is not there`);
		return null;
	}

	/* Several readers, until the promise is settled. */
	async during(promise) {
		let over = false;
		const finished = promise.finally(() => { over = true; });
		const reader = async (first) => {
			for (let turn = first; !over; turn += READERS) {
				await this.#visit(this.names[(turn * 7) % this.names.length]);
				await sleep(1);
			}
		};
		await Promise.all([finished, ...Array.from({ length: READERS }, (_, index) => reader(index))]);
		this.agent.destroy();
	}
}
