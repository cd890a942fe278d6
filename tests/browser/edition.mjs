/*
 * edition: what must hold among the pages of one edition, judged from what they say of themselves.
 *
 * An edition is {name, folder, address, isPack, whole, files, pages}; `described` maps page names to what page.mjs describes.
 */
import fs from 'node:fs';
import path from 'node:path';

const rightToLeft = new Set(['ar', 'fa', 'ckb', 'ur', 'he', 'ps', 'ug', 'yi', 'sd', 'dv']);

/* The only page that may speak in absolute addresses of its own site: it is shown at any depth. */
const ANYWHERE = '404.html';

/* Where a link from a page leads: a file of the edition and an id in it, or somewhere else. */
function target(ed, from, href) {
	const url = new URL(href, ed.address + from);
	const id = decodeURIComponent(url.hash.slice(1));
	url.search = url.hash = '';
	if (!url.href.startsWith(ed.address)) return { outside: url.href };
	return { file: decodeURIComponent(url.href.slice(ed.address.length)), id };
}

/* From a pack to the web: the page must be there. */
function complaintOfOutside(ed, web, href, outside) {
	if (ed.isPack && outside.startsWith(web.address)) {
		const file = decodeURIComponent(outside.slice(web.address.length)) || 'index.html';
		return web.files.includes(file) ? null : `${href} is not on the web`;
	}
	return /^(https:|tel:|mailto:)/.test(outside) ? null : `${href} leads to ${outside}`;
}

function complaintOfLink(ed, web, described, from, href) {
	const to = target(ed, from, href);
	if (to.outside) return complaintOfOutside(ed, web, href, to.outside);
	if (from !== ANYWHERE && /^([a-z]+:|\/)/.test(href)) return `${href} is not relative`;
	if (to.file === '' || to.file.endsWith('/')) return `${href} does not name its file`;
	if (!ed.files.includes(to.file)) return `${href} leads nowhere`;
	if (to.id && described.has(to.file) && !described.get(to.file).ids.includes(to.id)) return `${href} has no such id`;
	return null;
}

/* Pages that can be reached from index.html by links alone. */
function reachable(ed, described) {
	const seen = new Set(['index.html']);
	for (const name of seen) {
		for (const href of described.get(name)?.links ?? []) {
			const to = target(ed, name, href);
			if (to.file && ed.files.includes(to.file)) seen.add(to.file);
		}
	}
	return seen;
}

export function complaintsOfLinks(ed, described, web) {
	const complaints = [];
	for (const [name, page] of described) {
		for (const href of [...page.links, ...page.resources]) {
			const complaint = complaintOfLink(ed, web, described, name, href);
			if (complaint) complaints.push(`${name}: ${complaint}`);
		}
		if (new Set(page.ids).size !== page.ids.length) complaints.push(`${name}: the same id twice`);
		if (page.headings !== 1) complaints.push(`${name}: ${page.headings} headings of level one`);
		if (!page.title) complaints.push(`${name}: no title`);
	}
	const reached = reachable(ed, described);
	for (const name of ed.files) {
		if (/\.(html|zip)$/.test(name) && name !== ANYWHERE && !reached.has(name)) complaints.push(`${name}: no link leads here`);
	}
	return complaints;
}

export function complaintsOfLanguages(described) {
	const complaints = [];
	for (const [name, { lang, dir }] of described) {
		const folder = /^([a-z]{2,3}(?:-[a-z0-9]+)*)\//.exec(name)?.[1];
		if (!lang) complaints.push(`${name}: no lang`);
		else if (folder && lang.toLowerCase() !== folder) complaints.push(`${name}: lang is ${lang}`);
		if (dir !== (rightToLeft.has(lang?.split('-')[0]) ? 'rtl' : 'ltr')) complaints.push(`${name}: dir is ${dir}`);
	}
	return complaints;
}

/* hreflang is complete and mutual on the web, and absent in packs. */
export function complaintsOfAlternates(ed, described) {
	const complaints = [];
	for (const [name, page] of described) {
		const languages = page.alternates.map(([lang]) => lang);
		if (ed.isPack && languages.length > 0) complaints.push(`${name}: hreflang in a pack`);
		if (languages.length > 0 && !languages.includes('x-default')) complaints.push(`${name}: no x-default`);
		for (const [lang, href] of page.alternates) {
			const other = described.get(target(ed, name, href).file);
			if (!other) complaints.push(`${name}: alternate ${lang} leads nowhere`);
			else if (lang !== 'x-default' && other.lang !== lang) complaints.push(`${name}: alternate ${lang} is in ${other.lang}`);
			else if (lang !== 'x-default' && !other.alternates.some(([, back]) => target(ed, name, back).file === name)) complaints.push(`${name}: alternate ${lang} does not point back`);
		}
	}
	return complaints;
}

function* objectsIn(value) {
	if (!value || typeof value !== 'object') return;
	if (!Array.isArray(value)) yield value;
	for (const inner of Object.values(value)) yield* objectsIn(inner);
}

/* The page that an address names: with a document of its own, or nothing. */
function complaintOfAddress(ed, address) {
	if (!address.startsWith(ed.address)) return `${address} is not on the site`;
	return ed.files.includes(decodeURIComponent(address.slice(ed.address.length))) ? null : `${address} leads nowhere`;
}

function complaintsOfBlock(ed, canonical, text) {
	let data;
	try {
		data = JSON.parse(text);
	} catch (fault) {
		return [`the structured data is no JSON: ${fault.message}`];
	}
	const complaints = data['@context'] === 'https://schema.org' ? [] : ['no context'];
	const main = data['@graph']?.[0];
	if (main?.['@type'] !== 'WebSite' && main?.['@id'] !== canonical) complaints.push(`it is about ${main?.['@id']}`);
	for (const object of objectsIn(data['@graph'])) {
		if (!object['@type']) complaints.push(`an object without a type: ${JSON.stringify(object)}`);
		for (const key of ['@id', 'url', 'item']) if (object[key]) complaints.push(complaintOfAddress(ed, object[key]));
		for (const [key, day] of Object.entries(object)) {
			if (/^date/.test(key) && !/^\d{4}-\d\d-\d\d$/.test(day)) complaints.push(`${key} is ${day}`);
		}
	}
	return complaints.filter(Boolean);
}

/* On the web every page that stands for itself says what it is, in JSON that can be read; a pack's page nothing. */
export function complaintsOfStructured(ed) {
	const complaints = [];
	for (const name of ed.pages) {
		const text = fs.readFileSync(path.join(ed.folder, name), 'utf8');
		const canonical = /<link rel="canonical" href="([^"]+)">/.exec(text)?.[1];
		const blocks = [...text.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)];
		const own = !ed.isPack && canonical === ed.address + name;
		if (blocks.length !== (own ? 1 : 0)) complaints.push(`${name}: ${blocks.length} blocks of structured data`);
		for (const [, json] of blocks) complaints.push(...complaintsOfBlock(ed, canonical, json).map((fault) => `${name}: ${fault}`));
	}
	return complaints;
}
