/*
 * tls: a certificate authority that lives as long as the tests, and what it signed.
 *
 *	tls(folder, 'good') → { ca, certificate, key, both }: paths; also 'expired' and 'wrong-host'
 */
import fs from 'node:fs';
import path from 'node:path';
import { HOST, PROXY_HOST, tool, writeOwned } from './process.mjs';

export const KINDS = {
	good: { names: `IP:${HOST},IP:${PROXY_HOST},DNS:localhost`, from: '20200101000000Z', until: '20991231000000Z' },
	expired: { names: `IP:${HOST},IP:${PROXY_HOST},DNS:localhost`, from: '20200101000000Z', until: '20210101000000Z' },
	'wrong-host': { names: 'DNS:elsewhere.example', from: '20200101000000Z', until: '20991231000000Z' },
};

const newKey = (file) => tool('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file]);

function newAuthority(folder) {
	const at = (name) => path.join(folder, name);
	fs.mkdirSync(folder);
	newKey(at('ca.key'));
	tool('openssl', ['req', '-x509', '-new', '-key', at('ca.key'), '-subj', '/CN=Tests', '-days', '2', '-out', at('ca.pem')]);
	fs.writeFileSync(at('index.txt'), '');
	fs.writeFileSync(at('ca.conf'), `[ca]
default_ca = own
[own]
database = ${at('index.txt')}
new_certs_dir = ${folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
`);
}

export function tls(place, kind = 'good') {
	const folder = path.join(place, 'ca');
	const at = (name) => path.join(folder, name);
	const { names, from, until } = KINDS[kind];
	if (!fs.existsSync(folder)) newAuthority(folder);
	newKey(at(`${kind}.key`));
	tool('openssl', ['req', '-new', '-key', at(`${kind}.key`), '-subj', `/CN=${kind}`, '-out', at(`${kind}.csr`)]);
	fs.writeFileSync(at(`${kind}.ext`), `subjectAltName=${names}\n`);
	tool('openssl', ['ca', '-batch', '-notext', '-config', at('ca.conf'), '-cert', at('ca.pem'), '-keyfile', at('ca.key'), '-in', at(`${kind}.csr`),
		'-startdate', from, '-enddate', until, '-extfile', at(`${kind}.ext`), '-out', at(`${kind}.pem`)]);
	const read = (name) => fs.readFileSync(at(name), 'utf8');
	return {
		ca: at('ca.pem'),
		certificate: at(`${kind}.pem`),
		key: writeOwned(at(`${kind}.key`), read(`${kind}.key`), 0o600),
		both: writeOwned(at(`${kind}-both.pem`), read(`${kind}.key`) + read(`${kind}.pem`), 0o600),
	};
}
