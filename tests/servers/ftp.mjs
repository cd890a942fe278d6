/*
 * ftp: what both FTP servers have in common: ports for passive connections, and addresses.
 */
import { HOST, freePorts } from './process.mjs';
import { PASSWORD, WRONG, forms } from './secrets.mjs';

const PASSIVE = 48;

/* The first is for control, the rest for data. */
export async function ftpPorts() {
	const first = await freePorts(1 + PASSIVE);
	return Array.from({ length: 1 + PASSIVE }, (_, index) => first + index);
}

/* Lines of a configuration, "key=value" or "key value", with other values. */
export function withLines(text, lines) {
	for (const [key, value] of Object.entries(lines)) {
		const old = new RegExp(`^${key}([= ]).*$`, 'm');
		text = old.test(text) ? text.replace(old, (line, between) => `${key}${between}${value}`) : `${text}${key}${/^\w+=/m.test(text) ? '=' : ' '}${value}\n`;
	}
	return text;
}

/* Of whoever logs in: `site` below the folder that the server shows. */
export function ftpTarget({ ports, user, ca, scheme = 'ftp' }) {
	return {
		secrets: forms(PASSWORD),
		logins: { password: {}, wrong: {} },
		target({ host = HOST, login = 'password' } = {}) {
			const env = { FAKTABLAD_PASSWORD: login === 'wrong' ? WRONG : PASSWORD };
			return { url: `${scheme}://${user}@${host}:${ports[0]}/site`, settings: { ca_file: ca }, env };
		},
	};
}
