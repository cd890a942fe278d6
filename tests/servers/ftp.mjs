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
