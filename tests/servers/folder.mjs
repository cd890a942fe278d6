/*
 * folder: a directory on this machine, with a web server of the tests' own over it.
 */
import path from 'node:path';
import { newPlace } from './process.mjs';
import { mountSmallDisk } from './disk.mjs';
import { serveFolder } from './http.mjs';
import { DirectoryStore } from './store.mjs';

export const name = 'folder';
export const missing = () => null;

export async function start({ diskBytes = 0 } = {}) {
	const place = newPlace(name);
	const unmounted = diskBytes ? mountSmallDisk(place, diskBytes) : null;
	if (unmounted) return { unavailable: unmounted };
	const root = path.join(place, 'data/site');
	const store = new DirectoryStore(root);
	await store.clear();
	const web = await serveFolder(root);
	return {
		name, place, store, root,
		httpAddress: web.address,
		secrets: [],
		guarantee: 'whole',
		target: () => ({ url: `file://${root}`, settings: {}, env: {} }),
		log: () => '',
		stop: () => web.close(),
	};
}
