/*
 * s3: a bucket as the tests see it, signed here in node (AWS Signature Version 4), independent of the program's own signing.
 */
import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();
const escape = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
const unescapeXml = (text) => text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[name]);

export class Bucket {
	constructor({ endpoint, bucket, prefix = '', key, secret, region = 'us-east-1' }) {
		Object.assign(this, { endpoint: new URL(endpoint), bucket, prefix, key, secret, region });
		this.agent = new http.Agent({ keepAlive: true });
	}

	/* Resolves to { status, headers, body }. */
	request(method, name, { query = {}, body = Buffer.alloc(0), headers = {} } = {}) {
		const path = `/${this.bucket}${name ? `/${name.split('/').map(escape).join('/')}` : ''}`;
		const search = Object.entries(query).sort().map(([key, value]) => `${escape(key)}=${escape(value)}`).join('&');
		const signed = this.#sign(method, path, search, Buffer.from(body), headers);
		return new Promise((resolve, reject) => {
			const request = http.request({ agent: this.agent, host: this.endpoint.hostname, port: this.endpoint.port, method, path: search ? `${path}?${search}` : path, headers: signed }, (response) => {
				const parts = [];
				response.on('data', (part) => parts.push(part));
				response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
			});
			request.on('error', reject);
			request.end(body);
		});
	}

	#sign(method, path, search, body, headers) {
		const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
		const scope = `${date.slice(0, 8)}/${this.region}/s3/aws4_request`;
		const all = { host: this.endpoint.host, 'x-amz-date': date, 'x-amz-content-sha256': sha256(body), ...headers };
		const names = Object.keys(all).sort();
		const canonical = [method, path, search, ...names.map((name) => `${name}:${all[name]}`), '', names.join(';'), sha256(body)].join('\n');
		const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
		const key = [date.slice(0, 8), this.region, 's3', 'aws4_request'].reduce(hmac, `AWS4${this.secret}`);
		const signature = createHmac('sha256', key).update(text).digest('hex');
		return { ...all, 'content-length': body.length, authorization: `AWS4-HMAC-SHA256 Credential=${this.key}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}` };
	}

	async want(status, ...request) {
		const answer = await this.request(...request);
		if (![status].flat().includes(answer.status)) throw new Error(`${request[0]} ${request[1]}: ${answer.status} ${answer.body}`);
		return answer;
	}

	/* Keys below the prefix, without it. */
	async list() {
		const found = [];
		for (let token; ;) {
			const query = { 'list-type': '2', prefix: this.prefix, ...(token ? { 'continuation-token': token } : {}) };
			const text = (await this.want(200, 'GET', '', { query })).body.toString();
			found.push(...[...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescapeXml(key).slice(this.prefix.length)));
			token = /<NextContinuationToken>([^<]*)</.exec(text)?.[1];
			if (!token) return found.sort();
		}
	}

	/* Uploads that were begun and neither finished nor given up. */
	async unfinishedUploads() {
		const text = (await this.want(200, 'GET', '', { query: { uploads: '' } })).body.toString();
		return [...text.matchAll(/<Upload>.*?<Key>([^<]*)<\/Key>/gs)].map(([, key]) => unescapeXml(key));
	}

	/* The same as DirectoryStore. What a publisher asked for before it was killed may be done in between. */
	async files() {
		const found = new Map();
		const names = await this.list();
		for (let next = 0; next < names.length; next += 16) {
			const some = names.slice(next, next + 16);
			const answers = await Promise.all(some.map((name) => this.want([200, 404], 'GET', this.prefix + name)));
			some.forEach((name, index) => answers[index].status === 200 && found.set(name, answers[index].body));
		}
		return found;
	}

	headers(name) {
		return this.want(200, 'HEAD', this.prefix + name).then((answer) => answer.headers);
	}

	put(name, body) {
		return this.want(200, 'PUT', this.prefix + name, { body: Buffer.from(body) });
	}

	remove(name) {
		return this.want(204, 'DELETE', this.prefix + name);
	}

	async clear() {
		const names = await this.list();
		/* Some at a time: a thousand at once are refused with SlowDown. */
		for (let next = 0; next < names.length; next += 16) await Promise.all(names.slice(next, next + 16).map((name) => this.remove(name)));
	}

	/* Everybody may read; `denied` names what nobody may write. */
	policy(denied = []) {
		const all = `arn:aws:s3:::${this.bucket}/`;
		const statements = [
			{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${all}*` },
			/* Without it what is absent is forbidden: 403 instead of 404. */
			{ Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: all.slice(0, -1) },
			...denied.map((name) => ({ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: all + this.prefix + name })),
		];
		return this.want([200, 204], 'PUT', '', { query: { policy: '' }, body: JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
	}

	async deny(name) {
		await this.policy([name]);
		return () => this.policy();
	}
}
