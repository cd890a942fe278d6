/*
 * edition: what must hold among the pages of one edition, judged from what they say of themselves.
 *
 * An edition is {name, folder, address, isPack, whole, files, pages}; `described` maps page names to what page.mjs describes.
 */

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
