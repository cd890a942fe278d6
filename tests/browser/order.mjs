/*
 * order: where the characters of lines in languages that are written from the right, and from the left, stand.
 *
 * Each line is a word, one piece of text that has an order of its own, and a word again: by itself, and right after a
 * Latin name, whose direction a number would take. `tokens` are what a reader reads one after the other: within a
 * token the characters stand from left to right; token follows token in the direction of the language.
 */
export const LANGUAGES = {
	sv: { before: 'Numret', after: 'står här', dir: 'ltr' },
	ar: { before: 'الرقم', after: 'هنا', dir: 'rtl' },
	fa: { before: 'شماره', after: 'اینجاست', dir: 'rtl' },
	ckb: { before: 'ژمارە', after: 'لێرەیە', dir: 'rtl' },
};

const NAME = 'Exempelstaden';
const plurals = {
	sv: '{families, plural, one {# familj} other {# familjer}}',
	ar: '{families, plural, zero {# أسرة} one {# أسرة} two {# أسرة} few {# أسر} many {# أسرة} other {# أسرة}}',
	fa: '{families, plural, one {# خانواده} other {# خانواده}}',
	ckb: '{families, plural, one {# خێزان} other {# خێزان}}',
};
const familyWords = { sv: 'familjer', ar: 'أسرة', fa: 'خانواده', ckb: 'خێزان' };

/* Text as it is written, and its tokens where they are not simply the text; all the same in every language. */
const written = [
	['116 111'], ['08-465 004 12'], ['+46 8 465 004 12'], ['KS 2023/1216'], ['FÖF 2023/342'], ['SFS 2025:400'],
	['19 kap. 1 §'], ['SoL 19 kap. 1 §'], ['LVU 6 §'], ['20 kap. 2 a §'], ['36–41 §§'], ['4 580'], ['2026-11-20'],
	['https://example.org/a/b?c=1'], ['namn@example.org'],
];

/* Facts as they are used. A plain phone number is made a link. The tokens may differ between languages. */
const facts = [
	['{fiction}', () => ['08-465 004 12']],
	['{emergency}', () => ['112']],
	['{families}', () => ['50']],
	['{ages}', (tag) => [tag === 'sv' ? '0‒5' : '0–5']],
	['{families, plural}', (tag) => ['50', familyWords[tag]]],
];

/* What ICU writes differs between languages; what must stand from left to right are the digits of each group. */
const formatted = ['{many}', '{share}', '{all}', '{fee}', '{day}'];

export function linesOf(tag) {
	const { before, after } = LANGUAGES[tag];
	const lines = [];
	const add = (text, tokens) => {
		lines.push({ text: `${before} ${text} ${after}.`, tokens: tokens && [before, ...tokens, after] });
		lines.push({ text: `${before} ${NAME} ${text} ${after}.`, tokens: tokens && [before, NAME, ...tokens, after], follows: NAME });
	};
	for (const [text, tokens] of written) add(text, tokens ?? [text]);
	for (const [text, tokens] of facts) add(text === '{families, plural}' ? plurals[tag] : text, tokens(tag));
	for (const text of formatted) add(text, null);
	return lines;
}

export function sheetOf(tag) {
	const lines = linesOf(tag).map(({ text }) => `- ${text}\n`).join('');
	return `---\ntitle: ${LANGUAGES[tag].before}\ndescription: ${LANGUAGES[tag].before}.\n---\n## ${LANGUAGES[tag].before} {#rader}\n\n${lines}\n[@beslut]\n`;
}

/* In the page: each item's visible characters and where they are. */
export function places(selector) {
	const invisible = /[\s\u200b-\u200f\u2060\u061c\u2066-\u2069]/;
	return [...document.querySelectorAll(selector)].map((item) => {
		const found = [];
		const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node; node = walker.nextNode()) {
			if (node.parentElement.closest('.cite')) continue;
			for (let i = 0; i < node.length; i++) {
				if (invisible.test(node.data[i])) continue;
				const range = document.createRange();
				range.setStart(node, i);
				range.setEnd(node, i + 1);
				const box = range.getBoundingClientRect();
				found.push({ c: node.data[i], left: box.left, right: box.right, top: box.top, height: box.height });
			}
		}
		return found;
	});
}

const tight = (text) => text.replace(/\s/g, '');
const isLatin = (text) => !/[\u0600-\u06ff]/.test(text);
const span = (chars) => ({ left: Math.min(...chars.map((c) => c.left)), right: Math.max(...chars.map((c) => c.right)) });
const SLACK = 1;

function complaintOfToken(token, chars) {
	const turned = isLatin(token) && chars.some((c, i) => i > 0 && c.left < chars[i - 1].right - SLACK);
	return turned ? `the characters of “${token}” do not stand from left to right` : null;
}

function complaintOfNeighbours(dir, [a, spanA], [b, spanB]) {
	const good = dir === 'rtl' ? spanB.right <= spanA.left + SLACK : spanB.left >= spanA.right - SLACK;
	return good ? null : `“${b}” does not follow “${a}”`;
}

/* The tokens of a line whose text is ICU's: runs of digits and what joins them, and runs of letters. */
function tokensIn(text) {
	return text.match(/[\p{L}\p{M}-]+|\p{Nd}+(?:[.,٫٬]\p{Nd}+)*|[^\p{L}\p{M}\p{Nd}]+/gu) ?? [];
}

/* Of what ICU wrote only the digits' own order is known, and that it comes after the name. */
function complaintsOfFormatted(dir, line, chars) {
	const text = chars.map(({ c }) => c).join('');
	const complaints = [];
	let at = 0;
	let name = null;
	for (const token of tokensIn(text)) {
		const own = chars.slice(at, at + token.length);
		at += token.length;
		if (token === line.follows) name = [token, span(own)];
		if (!/\p{Nd}/u.test(token)) continue;
		complaints.push(complaintOfToken(token, own));
		if (name) complaints.push(complaintOfNeighbours(dir, name, [token, span(own)]));
	}
	if (!/\p{Nd}/u.test(text)) complaints.push('it has no number');
	return complaints;
}

export function complaintsOfLine(dir, line, chars) {
	const text = chars.map(({ c }) => c).join('');
	const complaints = [];
	let at = 0;
	let last = null;
	if (chars.some((c) => Math.abs(c.top - chars[0].top) > c.height)) complaints.push('it wraps');
	if (!line.tokens) complaints.push(...complaintsOfFormatted(dir, line, chars));
	for (const token of line.tokens ?? []) {
		at = text.indexOf(tight(token), at);
		if (at < 0) return [`${text}: “${token}” is not there`];
		const own = chars.slice(at, at += tight(token).length);
		complaints.push(complaintOfToken(token, own));
		if (last) complaints.push(complaintOfNeighbours(dir, last, [token, span(own)]));
		last = [token, span(own)];
	}
	return complaints.filter(Boolean).map((fault) => `${text}: ${fault}`);
}
