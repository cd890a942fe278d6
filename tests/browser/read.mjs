/*
 * read: what a page says of itself and where it points, read from its bytes without a browser.
 *
 * For markup that the Nu checker accepts: tags, comments and the contents of script and style are told apart, and
 * attributes stand in double quotes. run.mjs holds the result against what the browser says (page.mjs, describe) on
 * every page that is opened there.
 */
const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': '\'' };
const decode = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name]);

/* Comments, whole script, style and title elements, and start tags; what stands between them is text. */
const pieces = /<!--[^]*?-->|<(script|style|title)\b([^>]*)>([^]*?)<\/\1>|<([a-z][a-z0-9]*)((?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*\/?>/g;

function attributesOf(text) {
	return Object.fromEntries([...text.matchAll(/([^\s=>"]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [name, decode(value ?? '')]));
}

/* Every element, in order: its name, attributes and, for a title, its text. */
function elements(html) {
	return [...html.matchAll(pieces)].filter(([whole]) => !whole.startsWith('<!--')).map(([, raw, rawAttributes, text, name, attributes]) => ({
		name: raw ?? name, text: decode(text ?? ''), attributes: attributesOf(rawAttributes ?? attributes),
	}));
}

export function read(html) {
	const all = elements(html);
	const named = (...names) => all.filter(({ name }) => names.includes(name));
	const values = (list, attribute) => list.map(({ attributes }) => attributes[attribute]).filter((value) => value !== undefined);
	const relation = (rel) => named('link').filter(({ attributes }) => attributes.rel?.split(' ').includes(rel));
	const root = named('html')[0]?.attributes ?? {};
	return {
		lang: root.lang ?? null,
		dir: root.dir ?? null,
		title: named('title')[0]?.text.trim() ?? '',
		headings: named('h1').length,
		ids: values(all, 'id'),
		links: values(named('a'), 'href'),
		resources: [...values(['stylesheet', 'icon', 'manifest'].flatMap(relation), 'href'), ...values(named('img', 'script', 'source'), 'src')],
		canonical: values(relation('canonical'), 'href'),
		alternates: relation('alternate').filter(({ attributes }) => attributes.hreflang).map(({ attributes }) => [attributes.hreflang, attributes.href]),
		robots: values(named('meta').filter(({ attributes }) => attributes.name === 'robots'), 'content'),
	};
}

/* The texts that are isolated from left to right, and the classes that elements carry. */
export const isolatedTexts = (html) => [...html.matchAll(/<bdi dir="ltr">([^<]*)<\/bdi>/g)].map(([, text]) => decode(text).trim());
export const classesOf = (html) => [...new Set(elements(html).flatMap(({ attributes }) => attributes.class?.split(/\s+/) ?? []))].sort();
