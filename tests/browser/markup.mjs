/*
 * markup: the Nu checker on everything that it knows of editions, in one run of Java.
 *
 * Pages are checked over http, since the checker does not let 'self' of a content security policy mean files.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { serve } from './server.mjs';

const jar = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');
/* The checker refuses addresses of this machine unless told otherwise. */
const properties = ['-Dnu.validator.servlet.allow-forbidden-hosts=true', '-Dnu.validator.servlet.allowed-address-type=all',
	/* A busy machine is no fault. */
	'-Dnu.validator.servlet.connection-timeout=120000', '-Dnu.validator.servlet.socket-timeout=120000'];

function ask(names) {
	const java = spawn('java', ['-Xss4m', ...properties, '-jar', jar, '--also-check-css', '--also-check-svg', '--format', 'json', '--stdout', ...names]);
	let said = '';
	java.stdout.setEncoding('utf8').on('data', (text) => { said += text; });
	return new Promise((resolve, reject) => {
		java.on('error', reject);
		java.on('close', () => {
			try {
				resolve(JSON.parse(said).messages);
			} catch {
				reject(new Error(`the checker said: ${said}`));
			}
		});
	});
}

/*
 * The checker takes a block of data for a script. Browsers do not: they look at an element's type before they ask the
 * policy (HTML, "prepare the script element"), and the console, which is watched, stays silent.
 */
function isAboutData({ message, extract = '', hiliteStart, hiliteLength }) {
	return message.startsWith('Inline script violates Content Security Policy')
		&& extract.slice(hiliteStart, hiliteStart + hiliteLength) === '<script type="application/ld+json">';
}

/* A property of SVG 2 that every browser has had since before the floor, and the checker does not know. */
const isUnknownToChecker = ({ message }) => message === 'CSS: “paint-order”: Property “paint-order” doesn\'t exist.';

/* Errors and warnings, one line each. An edition that is served already is asked for where it is. */
export async function checkMarkup(editions) {
	const packs = editions.filter((ed) => ed.isPack);
	const servers = await Promise.all(packs.map((ed) => serve(ed.folder)));
	const address = (ed) => (ed.isPack ? servers[packs.indexOf(ed)].address : ed.address);
	const pages = editions.flatMap((ed) => ed.pages.map((name) => address(ed) + name));
	const assets = editions.flatMap((ed) => ed.files.filter((name) => /\.(css|svg)$/.test(name)).map((name) => path.join(ed.folder, name)));
	/* Pages first: once it has read an SVG file, the checker knows no aria-labelledby on the drawings of a page. */
	const messages = await ask([...pages, ...assets]).finally(() => Promise.all(servers.map((server) => server.close())));
	return messages.filter((message) => message.type !== 'info' || message.subType === 'warning')
		.filter((message) => !isAboutData(message) && !isUnknownToChecker(message))
		.map((message) => `${message.url}:${message.lastLine ?? ''}: ${message.message}`);
}
