/*
 * The dialect half of markdown_impl.h: recognises what other Markdown dialects would give a meaning.
 *
 * It sees running text only (never code, links' destinations or raw HTML), so a mark that reaches it is
 * shown to readers as it stands. To cry wolf is worse than to miss: a mark must stand as its dialect wants
 * it, and times, prices, brackets and colons of ordinary prose must pass.
 */
#include "text/markdown_impl.h"

static char at(struct str s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_blank(char c)
{
	return c == '\0' || is_space(c);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && !(c & 0x80);
}

static bool is_alnum(char c)
{
	return is_alpha(c) || is_digit(c);
}

static bool has(struct str s, size_t i, const char *z)
{
	size_t n = strlen(z);

	return i + n <= s.n && memcmp(s.p + i, z, n) == 0;
}

static size_t run_of(struct str s, size_t i)
{
	size_t n = 1;

	while (i + n < s.n && s.p[i + n] == s.p[i])
		n++;
	return n;
}

/* Offset of `end` within the next `max` bytes, or 0. */
static size_t closing(struct str s, size_t i, const char *end, size_t max)
{
	struct str rest = str_slice(s, i, i + max);

	for (const char *p = rest.p; rest.n && (p = memchr(p, end[0], rest.n)); p++) {
		if (has(s, (size_t)(p - s.p), end))
			return (size_t)(p - s.p);
		rest.n -= (size_t)(p + 1 - rest.p);
		rest.p = p + 1;
	}
	return 0;
}

#define MAX_MARK 200 /* bytes between the two ends of a mark that must stand close together */

static bool found(struct dialect_find *out, size_t from, size_t to, const char *what, const char *hint)
{
	*out = (struct dialect_find){.at = from, .n = to - from, .what = what, .hint = hint};
	return true;
}

/* ---- marks that come in pairs ---- */

static const struct {
	char c;
	const char *what, *hint;
} pairs[PAIR_COUNT] = {
	[PAIR_STRIKE] = {'~', "strikethrough (~~)", "say in words what no longer holds"},
	[PAIR_MARK] = {'=', "highlighting (==)", "use **strong** or a callout"},
	[PAIR_MATH] = {'$', "mathematics ($$)", "write the formula in words or show it as an image"},
};

/* Two marks, no more and no fewer, that could open (nothing before, text after) or close (the other way). */
static bool pair_at(struct dialect *d, struct str s, size_t i, size_t source, enum dialect_pair which,
	struct dialect_find *out)
{
	/* at either end of a text other inlines may go on, so either is possible there */
	char before = i ? s.p[i - 1] : '\0', after = at(s, i + 2);
	bool opens = !is_alnum(before) && !(before & 0x80) && !is_space(after);
	bool closes = !is_space(before) && !is_alnum(after) && !(after & 0x80);

	if (which == PAIR_MATH)
		opens = closes = true;
	if (d->open[which] && closes) {
		*out = (struct dialect_find){.at = d->open[which] - 1,
			.source = true,
			.what = pairs[which].what,
			.hint = pairs[which].hint};
		out->n = source + i + 2 - out->at;
		d->open[which] = 0;
		return true;
	}
	if (opens)
		d->open[which] = source + i + 1;
	return false;
}

static bool find_pair(struct dialect *d, struct str s, size_t *i, size_t source, struct dialect_find *out)
{
	size_t n = run_of(s, *i), start = *i;

	*i += n - 1;
	if (n != 2)
		return false;
	for (int which = 0; which < PAIR_COUNT; which++)
		if (pairs[which].c == s.p[start])
			return pair_at(d, s, start, source, (enum dialect_pair)which, out);
	return false;
}

/* ---- marks in brackets and braces ---- */

static bool find_bracket(struct str s, size_t *i, struct dialect_find *out)
{
	size_t start = *i, end;

	if (at(s, start + 1) == '^' && !is_blank(at(s, start + 2)) && at(s, start + 2) != ']') {
		end = closing(s, start + 2, "]", MAX_MARK);
		if (end && !memchr(s.p + start, ' ', end - start)) {
			*i = end;
			return found(
				out, start, end + 1, "a footnote ([^1])", "cite a source with [@source-id]");
		}
	}
	if (at(s, start + 1) == '[' && !is_blank(at(s, start + 2))) {
		end = closing(s, start + 2, "]]", MAX_MARK);
		if (end) {
			*i = end + 1;
			return found(
				out, start, end + 2, "a wiki link ([[…]])", "write [text](other-sheet.md)");
		}
	}
	return false;
}

static bool find_brace(struct str s, size_t *i, struct dialect_find *out)
{
	static const char template_hint[] = "write the text itself, or {fact} for a value from facts.yaml";
	static const char attribute_hint[] =
		"only {#id} at the end of a heading has a meaning; how things look is up to the templates";
	static const struct {
		const char *open, *close, *what, *hint;
		bool alone; /* says enough without its other end */
	} marks[] = {
		{"{{<", ">}}", "a Hugo shortcode", template_hint, true},
		{"{{%", "%}}", "a Hugo shortcode", template_hint, true},
		{"{%", "%}", "a Liquid tag", template_hint, true},
		{"{{", "}}", "a template tag", template_hint, false},
		{"{:", "}", "attributes ({: …})", attribute_hint, false},
		{"{.", "}", "attributes ({.class})", attribute_hint, false},
		{"{#", "}", "attributes ({#id .class})", attribute_hint, false},
	};
	size_t start = *i;

	for (size_t k = 0; k < COUNT_OF(marks); k++) {
		size_t n = strlen(marks[k].open), end;

		if (!has(s, start, marks[k].open))
			continue;
		end = closing(s, start + n, marks[k].close, MAX_MARK);
		if (!end && !marks[k].alone)
			return false;
		if (s.p[start + 1] == '.' && !is_alpha(at(s, start + 2)))
			return false;
		if (s.p[start + 1] == '#' &&
			(!is_alpha(at(s, start + 2)) || !memchr(s.p + start, ' ', end - start)))
			return false; /* {#id} is ours, and so is {# days} */
		end = end ? end + strlen(marks[k].close) : start + n;
		*i = end - 1;
		return found(out, start, end, marks[k].what, marks[k].hint);
	}
	return false;
}

/* :smile: but not 12:30:45, a:b:c or "Obs: så:" */
static bool find_colon(struct str s, size_t *i, struct dialect_find *out)
{
	size_t start = *i, end = start + 1;
	char before = start ? s.p[start - 1] : ' ';
	bool letter = false;

	if (!is_space(before) && before != '(')
		return false;
	while ((at(s, end) >= 'a' && at(s, end) <= 'z') || is_digit(at(s, end)) || at(s, end) == '_' ||
		at(s, end) == '-' || at(s, end) == '+') {
		letter |= is_alpha(s.p[end]);
		end++;
	}
	if (end - start < 3 || end - start > 40 || !letter || at(s, end) != ':' || is_alnum(at(s, end + 1)))
		return false;
	*i = end;
	return found(
		out, start, end + 1, "an emoji code (:name:)", "write the character itself, or leave it out");
}

/* A [ close before `end`: no farther, or many ends would be looked for from all over the text. */
static bool opens_before(struct str s, size_t end)
{
	struct str near = str_slice(s, end < MAX_MARK ? 0 : end - MAX_MARK, end);

	return str_find_byte(near, '[') < near.n;
}

/* "](address …)" and "] (address)" that stayed text: cmark saw no link. */
static bool find_link(struct str s, size_t *i, struct dialect_find *out)
{
	static const char *const marks[] = {".md", "://", "www.", "mailto:"};
	size_t start = *i, open = start + 1 + (at(s, start + 1) == ' '), end;
	struct str inside;

	if (at(s, open) != '(' || !opens_before(s, start))
		return false;
	end = closing(s, open + 1, ")", MAX_MARK);
	if (!end)
		return false;
	inside = str_slice(s, open + 1, end);
	for (size_t k = 0; k < COUNT_OF(marks); k++)
		if (str_find(inside, str_from(marks[k])) < inside.n) {
			*i = end;
			return found(out, start, end + 1, "what is almost a link ([text] (address))",
				"write [text](address): nothing between ] and (, no blanks in the address");
		}
	return false;
}

/* ---- marks at the start of a line ---- */

static bool find_line_start(struct str s, struct dialect_find *out)
{
	size_t end = run_of(s, 0);

	if (s.p[0] == ':' && end >= 3)
		return found(out, 0, end, "a container (:::)", "use a callout: > [!NOTE]");
	if (s.p[0] == ':' && end == 1 && (at(s, 1) == ' ' || at(s, 1) == '\t'))
		return found(out, 0, 1, "a definition list (: …)", "use a list: - **term**: meaning");
	if ((s.p[0] == '!' || s.p[0] == '?') && end == 3 && at(s, 3) == ' ' && is_alpha(at(s, 4)))
		return found(out, 0, end, "an admonition (!!!)", "use a callout: > [!NOTE]");
	if ((s.p[0] == '<' || s.p[0] == '=' || s.p[0] == '>') && end == 7 && is_blank(at(s, 7)))
		return found(out, 0, end, "a mark of two versions that were not merged (<<<<<<<)",
			"keep the version that is right, and remove the marks");
	if (has(s, 0, "[TOC]") || has(s, 0, "[[_TOC_]]"))
		return found(out, 0, s.p[1] == '[' ? 9 : 5, "a table of contents ([TOC])",
			"leave it out: pages make their own");
	return false;
}

bool dialect_text(
	struct dialect *d, struct str s, size_t *i, bool line_start, size_t source, struct dialect_find *out)
{
	static const uint8_t trigger[256] = {['~'] = true,
		['='] = true,
		['$'] = true,
		['['] = true,
		['{'] = true,
		[':'] = true,
		[']'] = true};

	if (*i == 0 && line_start && s.n && find_line_start(s, out)) {
		*i = out->n;
		return true;
	}
	for (*i = scan_to(trigger, s, *i); *i < s.n; *i = scan_to(trigger, s, *i + 1)) {
		bool hit;

		switch (s.p[*i]) {
		case '[':
			hit = find_bracket(s, i, out);
			break;
		case ']':
			hit = find_link(s, i, out);
			break;
		case '{':
			hit = find_brace(s, i, out);
			break;
		case ':':
			hit = find_colon(s, i, out);
			break;
		default:
			hit = find_pair(d, s, i, source, out);
		}
		if (hit) {
			++*i;
			return true;
		}
	}
	return false;
}

bool dialect_task(struct str s, struct dialect_find *out)
{
	if (at(s, 0) != '[' || !memchr(" xX", at(s, 1), 3) || at(s, 2) != ']' || !is_space(at(s, 3)))
		return false;
	return found(out, 0, 3, "a task list ([ ])", "write a plain list");
}

/* ---- paragraphs ---- */

static struct str line_of(struct str s, size_t at_byte)
{
	s = str_slice(s, at_byte, s.n);
	return str_slice(s, 0, str_find_byte(s, '\n'));
}

/* | --- | :-: | with at least one bar. */
static bool is_delimiter_row(struct str s)
{
	size_t bars = 0, dashes = 0;

	for (size_t i = 0; i < s.n; i++) {
		bars += s.p[i] == '|';
		dashes += s.p[i] == '-';
		if (!is_space(s.p[i]) && !memchr("|-:", s.p[i], 3))
			return false;
	}
	return bars && dashes;
}

bool dialect_table(struct str content, struct dialect_find *out)
{
	struct str first = line_of(content, 0), second = line_of(content, first.n + 1);

	if (first.n == content.n || !is_delimiter_row(second))
		return false;
	return found(out, 0, first.n, "a table of bars (|)", "use a list, or a ```table block over data");
}

/* What word processors write where Markdown has "-": a bullet, a middle dot, a bullet of the Symbol font. */
static size_t bullet_at(struct str line)
{
	static const char *const bullets[] = {"\xE2\x80\xA2", "\xC2\xB7", "\xEF\x82\xB7"};

	for (size_t i = 0; i < COUNT_OF(bullets); i++)
		if (has(line, 0, bullets[i]))
			return strlen(bullets[i]);
	return 0;
}

/* "##Heading", and not "#1" or a word with a "#" */
static bool is_tight_heading(struct str line)
{
	size_t n = at(line, 0) == '#' ? run_of(line, 0) : 0;

	return n >= 2 && n <= 6 && (is_alnum(at(line, n)) || (at(line, n) & 0x80));
}

/* Lines that were meant to be a list, a heading or a table. Each is said once in a paragraph. */
static bool find_line(struct str line, struct str next, size_t from, struct dialect_find *out)
{
	size_t bullet = bullet_at(line);

	if (bullet)
		return found(out, from, from + bullet, "a pasted bullet",
			"begin each line of a list with - and a blank");
	if (is_tight_heading(line))
		return found(out, from, from + line.n, "a heading without a blank",
			"put a blank after the last #");
	if (line.n && next.n && memchr(line.p + 1, '\t', line.n - 1) && memchr(next.p, '\t', next.n))
		return found(out, from, from + line.n, "a pasted table (columns with tabs)",
			"use a list, or a ```table block over data");
	return false;
}

static bool find_pasted(struct str content, struct dialect_find *out)
{
	for (size_t from = 0; from < content.n;) {
		struct str line = line_of(content, from);
		struct str next = line_of(content, from + line.n + 1);

		if (find_line(line, next, from, out))
			return true;
		from += line.n + 1;
	}
	return false;
}

/* import Chart from './chart' and export const x = … */
bool dialect_paragraph(struct str content, struct dialect_find *out)
{
	struct str first = line_of(content, 0);
	struct str from = STR(" from "), constant = STR("export const "), standard = STR("export default ");

	if (!(str_starts(first, STR("import ")) && str_find(first, from) < first.n &&
		    memchr("'\";", first.p[first.n - 1], 3)) &&
		!str_starts(first, constant) && !str_starts(first, standard))
		return find_pasted(content, out);
	return found(out, 0, first.n, "an import or export (MDX)", "leave it out: sheets hold no code");
}
