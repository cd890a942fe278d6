/*
 * part: what is asked of the parts of a page. The functions for the page run in the browser and see nothing of this
 * module; each returns complaints.
 */

/* How many sheets of paper a PDF has, by its page objects. */
export const sheetsOfPdf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

export async function inView(locator) {
	const box = await locator.boundingBox();
	const { height, width } = locator.page().viewportSize();
	return Boolean(box) && box.y < height && box.y + box.height > 0 && box.x < width && box.x + box.width > 0;
}

/* ---- claims ---- */

export function claimOrder() {
	const complaints = [];
	for (const myth of document.querySelectorAll('.callout-myth')) {
		const kinds = [...myth.parentElement.children].map((one) => /callout-(\w+)/.exec(one.className)?.[1]);
		if (!myth.parentElement.matches('.claim') || !/^fact myth why( fact)?$/.test(kinds.join(' '))) complaints.push(`a claim of ${kinds.join(' ')}`);
	}
	for (const callout of document.querySelectorAll('.claim > .callout')) {
		const label = callout.querySelector('.callout-label');
		if (callout.firstElementChild !== label || !label.innerText.trim()) complaints.push(`${callout.className} does not begin with its label`);
		const box = label.getBoundingClientRect();
		if (box.height < 8 || box.top > callout.lastElementChild.getBoundingClientRect().top) complaints.push(`the label of ${callout.className} cannot be seen first`);
		if (callout.getAttribute('role') !== 'note') complaints.push(`${callout.className} is a ${callout.getAttribute('role')}`);
	}
	return complaints;
}

export function claimWeight() {
	const complaints = [];
	const said = (callout) => {
		const style = getComputedStyle(callout.querySelector('p:not(.callout-label)'));
		return { size: parseFloat(style.fontSize), weight: parseInt(style.fontWeight, 10) };
	};
	for (const claim of document.querySelectorAll('.claim')) {
		const [fact, myth] = ['fact', 'myth'].map((kind) => said(claim.querySelector(`.callout-${kind}`)));
		if (myth.size >= fact.size || myth.weight > fact.weight) complaints.push(`myth ${myth.size} px, ${myth.weight}; fact ${fact.size} px, ${fact.weight}`);
		const areas = ['fact', 'myth'].map((kind) => claim.querySelector(`.callout-${kind}`).getBoundingClientRect().width);
		if (areas[1] > areas[0]) complaints.push('the myth is wider than the fact');
	}
	return complaints;
}

/* Without any colour: by their borders and by their labels. */
export function claimBorders() {
	const complaints = [];
	const sides = ['block-start', 'inline-end', 'block-end', 'inline-start'];
	const borders = (callout) => {
		const style = getComputedStyle(callout);
		return sides.map((side) => `${style.getPropertyValue(`border-${side}-style`)} ${Math.round(parseFloat(style.getPropertyValue(`border-${side}-width`)))}`).join(', ');
	};
	for (const claim of document.querySelectorAll('.claim')) {
		const callouts = ['fact', 'myth', 'why'].map((kind) => claim.querySelector(`.callout-${kind}`));
		for (const aspect of [callouts.map(borders), callouts.map((one) => one.querySelector('.callout-label').innerText)]) {
			if (new Set(aspect).size < 3) complaints.push(`the same: ${aspect.join(' | ')}`);
		}
	}
	return complaints;
}

/* In what a screen reader is given, the label stands right before what it is about. */
export function claimAloud(labels, snapshot) {
	const notes = snapshot.split(/^\s*- note:?/m).slice(1);
	return labels.filter((label) => !notes.some((note) => note.trim().replace(/^- (paragraph:\s*- )?(strong:\s*)?/, '').startsWith(label.trim())))
		.map((label) => `no note begins with “${label}”`);
}

/* ---- charts ---- */

export function chartNames() {
	const complaints = [];
	for (const chart of document.querySelectorAll('.chart')) {
		const drawing = chart.querySelector('svg.drawing');
		const named = (drawing?.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id));
		if (drawing?.getAttribute('role') !== 'img' || named.length !== 2) complaints.push('the drawing is no image with a name and a description');
		if (named[0]?.localName !== 'title' || named[1]?.localName !== 'desc' || named.some((one) => !one?.textContent.trim())) complaints.push('an empty name or description');
		const table = chart.querySelector('table');
		if (!table || !table.querySelector('tbody th[scope="row"]') || !table.querySelector('tbody td')) complaints.push('no table with headed rows');
		/* The description gives the first figures, the table all of them. */
		const first = chart.querySelector('tbody td')?.textContent.trim();
		if (!named[1]?.textContent.includes(first)) complaints.push(`the description does not say ${first}`);
	}
	return complaints;
}

/* Bars begin at the edge where text begins; every text and bar lies inside the drawing, and the drawing on the page. */
export function chartBoxes() {
	const complaints = [];
	const slack = 1;
	const rtl = document.documentElement.dir === 'rtl';
	if (document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth) complaints.push('the page is too wide');
	for (const drawing of document.querySelectorAll('svg.drawing')) {
		const frame = drawing.getBoundingClientRect();
		for (const shape of drawing.querySelectorAll('rect, text, line, polyline, circle, path:not(defs path)')) {
			if (shape.closest('defs')) continue;
			const box = shape.getBoundingClientRect();
			/* Up and down a font's box is larger than its letters. */
			const over = shape.localName === 'text' ? box.height / 4 : slack;
			const outside = box.left < frame.left - slack || box.right > frame.right + slack || box.top < frame.top - over || box.bottom > frame.bottom + over;
			if (outside) complaints.push(`${shape.localName} “${shape.textContent.trim()}” from ${Math.round(box.left)} to ${Math.round(box.right)} in ${Math.round(frame.left)} to ${Math.round(frame.right)}`);
		}
		if (!drawing.closest('.chart-bars')) continue;
		/* Dashed is what is left up to a hundred per cent. */
		for (const bar of drawing.querySelectorAll('rect:not([stroke-dasharray])')) {
			const box = bar.getBoundingClientRect();
			const away = rtl ? frame.right - box.right : box.left - frame.left;
			if (away > slack + 1) complaints.push(`a bar begins ${Math.round(away)} px from the edge`);
		}
		const texts = [...drawing.querySelectorAll('text')].map((text) => [text, text.getBoundingClientRect()]);
		texts.forEach(([text, a], i) => texts.slice(i + 1).forEach(([other, b]) => {
			const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > (a.bottom - a.top) / 2;
			if (over) complaints.push(`“${text.textContent}” lies over “${other.textContent}”`);
		}));
	}
	return complaints;
}

/* Bars 3:1 and text 4.5:1 against what is behind. */
export function chartContrast() {
	const complaints = [];
	const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
	const luminance = (color) => {
		const [r, g, b] = channels(color).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const contrast = (a, b) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
	const behind = (element) => {
		for (let one = element; one; one = one.parentElement) {
			const color = getComputedStyle(one).backgroundColor;
			if ((channels(color)[3] ?? 1) > 0) return color;
		}
		return matchMedia('print').matches || !matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(255, 255, 255)' : 'rgb(0, 0, 0)';
	};
	for (const drawing of document.querySelectorAll('svg.drawing')) {
		const paper = behind(drawing.parentElement);
		for (const text of drawing.querySelectorAll('text')) {
			const color = getComputedStyle(text).fill;
			if (contrast(color, paper) < 4.5) complaints.push(`text ${color} on ${paper}`);
		}
		for (const bar of drawing.querySelectorAll('rect')) {
			const { stroke, strokeWidth } = getComputedStyle(bar);
			if (parseFloat(strokeWidth) < 1 || contrast(stroke, paper) < 3) complaints.push(`a bar's edge ${stroke}, ${strokeWidth}, on ${paper}`);
		}
	}
	return [...new Set(complaints)];
}

/* ---- notices and paper ---- */

/* A notice comes before the text that it is about. */
export function noticeFirst(selector) {
	const notice = document.querySelector(selector);
	if (!notice || !notice.innerText.trim()) return ['there is no notice'];
	const before = notice.compareDocumentPosition(document.querySelector('article')) & Node.DOCUMENT_POSITION_FOLLOWING;
	return before ? [] : ['it comes after the text'];
}

export function paper() {
	const complaints = [];
	const shown = (element) => element.getClientRects().length > 0;
	for (const wanted of ['h1', '.text', '.dates', '.paper']) {
		if (![...document.querySelectorAll(wanted)].some(shown)) complaints.push(`${wanted} is not on paper`);
	}
	for (const source of document.querySelectorAll('.sources li')) if (!shown(source)) complaints.push('a source is not on paper');
	for (const link of document.querySelectorAll('.text a[rel~="external"], .sources a[rel~="external"]')) {
		if (!getComputedStyle(link, '::after').content.includes(link.getAttribute('href'))) complaints.push(`the address of “${link.textContent}” is not written out`);
	}
	const address = document.querySelector('link[rel="canonical"]')?.href;
	if (address && ![...document.querySelectorAll('.bottom .address')].some((one) => shown(one) && one.textContent.includes(address))) complaints.push('the address of the page is not on paper');
	for (const unwanted of ['.skip', '.toc', '.pager', '.up', '.report', '.languages li:not(.now)', '.bottom li:not(.newest)']) {
		if ([...document.querySelectorAll(unwanted)].some(shown)) complaints.push(`${unwanted} is on paper`);
	}
	return complaints;
}
