/*
 * dav: what nginx and Apache have in common: a password file, and addresses with and without TLS.
 */
import path from 'node:path';
import { HOST, tool, writeOwned } from './process.mjs';
import { PASSWORD, WRONG, basicForms, forms } from './secrets.mjs';

const USER = 'publisher';

export function writePasswords(place) {
	const hash = tool('openssl', ['passwd', '-apr1', '-stdin'], { input: PASSWORD }).trim();
	return writeOwned(path.join(place, 'passwords'), `${USER}:${hash}\n`, 0o600);
}

/* `ports`: plain, TLS, … */
export function davTarget({ ports, path: folder, ca }) {
	return {
		secrets: [...forms(PASSWORD), ...basicForms(USER, PASSWORD)],
		logins: { tls: {}, plain: {}, wrong: {} },
		target({ host = HOST, login = 'tls' } = {}) {
			const env = { FAKTABLAD_PASSWORD: login === 'wrong' ? WRONG : PASSWORD };
			if (login === 'plain') return { url: `dav://${USER}@${host}:${ports[0]}${folder}`, settings: {}, env };
			return { url: `davs://${USER}@${host}:${ports[1]}${folder}`, settings: { ca_file: ca }, env };
		},
	};
}
