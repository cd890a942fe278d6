/*
 * page: what is asked inside a page. Each function runs in the browser and sees nothing of this module.
 */

/* Language, direction, ids, and everything that the page points at. */
export function describe() {
	const attributes = (selector, name) => [...document.querySelectorAll(selector)].map((element) => element.getAttribute(name));
	return {
		lang: document.documentElement.getAttribute('lang'),
		dir: document.documentElement.getAttribute('dir'),
		title: document.title,
		headings: [...document.querySelectorAll('h1')].length,
		ids: attributes('[id]', 'id'),
		links: attributes('a[href]', 'href'),
		resources: [...attributes('link[rel~="stylesheet"], link[rel~="icon"], link[rel~="manifest"]', 'href'), ...attributes('img[src], script[src], source[src]', 'src')],
		canonical: attributes('link[rel="canonical"]', 'href'),
		alternates: [...document.querySelectorAll('link[rel="alternate"][hreflang]')].map((link) => [link.hreflang, link.getAttribute('href')]),
		robots: attributes('meta[name="robots"]', 'content'),
	};
}

/* What reaches past the right or left edge, in CSS pixels, and a few of the elements that do. */
export function overflow() {
	const root = document.scrollingElement;
	const wide = root.scrollWidth - root.clientWidth;
	const culprits = wide <= 0 ? [] : [...document.querySelectorAll('body *')].filter((element) => {
		const box = element.getBoundingClientRect();
		return box.width > 0 && (box.right > root.clientWidth + 1 || box.left < -1);
	}).slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
	return { wide, culprits };
}

/* The isolated pieces of text whose characters do not stand from left to right as they are read. */
export function misordered() {
	const wrong = [];
	let seen = 0;
	for (const isolate of document.querySelectorAll('bdi[dir="ltr"]')) {
		const walker = document.createTreeWalker(isolate, NodeFilter.SHOW_TEXT);
		const places = [];
		for (let node = walker.nextNode(); node; node = walker.nextNode()) {
			for (let i = 0; i < node.length; i++) {
				if (/\s/.test(node.data[i])) continue;
				const range = document.createRange();
				range.setStart(node, i);
				range.setEnd(node, i + 1);
				const box = range.getClientRects()[0];
				if (box && box.width > 0) places.push(box);
			}
		}
		if (places.length < 2) continue;
		seen++;
		const sameLine = (a, b) => Math.abs(a.top - b.top) < a.height / 2;
		if (places.some((box, i) => i > 0 && sameLine(places[i - 1], box) && box.left <= places[i - 1].left)) wrong.push(isolate.textContent);
	}
	return { seen, wrong };
}

/* Violations of the axe rules, one line each. axe itself was put into the page before. */
export async function accessibility(options) {
	const results = await window.axe.run(document, { resultTypes: ['violations'], preload: false, ...options });
	return results.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html.slice(0, 160)} (${node.failureSummary?.split('\n')[1]?.trim()})`));
}
