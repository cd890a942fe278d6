/*
 * checks: what must hold of a target, whatever happened to those who published there.
 */
import assert from 'node:assert/strict';
import { isFingerprinted } from './site.mjs';

export const FOREIGN = new Map(Object.entries({
	'.htaccess': 'theirs\n', 'sv/foreign.txt': 'theirs too\n', 'their/own.html': '<p>theirs</p>\n',
}).map(([name, text]) => [name, Buffer.from(text)]));

export async function plantForeign(store) {
	for (const [name, bytes] of FOREIGN) await store.put(name, bytes);
}

const ours = (name) => name.startsWith('.faktablad/');

/* Everything on the target that visitors can ask for, without what is somebody else's. */
async function published(store, foreign = FOREIGN) {
	const files = await store.files();
	for (const [name, bytes] of foreign) {
		assert.ok(files.has(name), `${name}, which is somebody else's, is gone`);
		assert.ok(files.get(name).equals(bytes), `${name}, which is somebody else's, was changed`);
		files.delete(name);
	}
	for (const name of [...files.keys()]) if (ours(name)) files.delete(name);
	return files;
}

/*
 * The target is this site: every file of it byte for byte and nothing else, but for fingerprinted files of other
 * versions, which stay for readers of old pages. Unless it is to be `tidy`, the text of a lock that was never taken
 * may be left, when the network went away at that moment.
 */
export async function isSite(store, site, { versions = [], foreign = FOREIGN, tidy = true } = {}) {
	const there = await published(store, foreign);
	for (const [name, bytes] of site) {
		assert.ok(there.has(name), `${name} is missing on the target`);
		assert.ok(there.get(name).equals(bytes), `${name} on the target is not the site's`);
		there.delete(name);
	}
	for (const [name, bytes] of there) {
		const kept = isFingerprinted(name) && versions.some((version) => version.get(name)?.equals(bytes));
		assert.ok(kept, `${name} is on the target and not in the site`);
	}
	/* An empty lock is no lock: in a bucket it stays. */
	const isLeft = (name) => /^\.faktablad\/(intent|lock|work|upload)/.test(name) && (tidy || !/^\.faktablad\/lock\/text-/.test(name));
	const left = [...await store.files()].filter(([name, bytes]) => bytes.length && isLeft(name)).map(([name]) => name);
	assert.deepEqual(left, [], 'left in .faktablad/');
}

/* Each file is one of the versions, whole, or not there. */
export async function isWhole(store, versions, foreign = FOREIGN) {
	for (const [name, bytes] of await published(store, foreign)) {
		assert.ok(versions.some((version) => version.get(name)?.equals(bytes)), `${name} is no version of it (${bytes.length} bytes)`);
	}
}

/* No file of a site was taken away. */
export async function hasAll(store, site) {
	const there = await published(store);
	for (const name of site.keys()) assert.ok(there.has(name), `${name} was deleted`);
}
