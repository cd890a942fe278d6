/*
 * The inline half of place (markdown_impl.h): a cursor through a block's content.
 *
 * The caller visits the inlines that cmark found, in order; since cmark only ever leaves out what these
 * functions step over (marks, escapes, white space at a line's end), the cursor knows each one's place. Where
 * a link ends depends on what cmark recognised after the closing bracket, so that is read again here by
 * cmark's rules (0.30).
 */
#include "text/markdown_impl.h"

#define MAX_LABEL 1000
#define MAX_PARENS 32

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_punctuation(char c)
{
	return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
	       (c >= '{' && c <= '~');
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && !(c & 0x80));
}

static char at(struct str s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

static struct range lose(struct place *p)
{
	p->lost = true;
	return (struct range){p->at, p->at};
}

static struct range take(struct place *p, size_t n)
{
	struct range r = {p->at, p->at + n};

	if (r.to > p->content.n)
		return lose(p);
	p->at = r.to;
	return r;
}

/* ---- text ---- */

static void add_run(struct place *p, size_t lit, size_t from, size_t to, bool verbatim)
{
	struct run *last = p->run_count ? &p->runs[p->run_count - 1] : NULL;

	if (verbatim && last && last->verbatim && last->to == from) {
		last->to = (uint32_t)to;
		return;
	}
	if (p->run_count == p->run_cap) {
		p->run_cap = p->run_cap ? p->run_cap * 2 : 8;
		p->runs = heap_resize(p->heap, p->runs, p->run_cap * sizeof(*p->runs));
	}
	p->runs[p->run_count++] = (struct run){
		.lit = (uint32_t)lit, .from = (uint32_t)from, .to = (uint32_t)to, .verbatim = verbatim};
}

/* An entity or character reference at the cursor: its length, what it stands for in out. */
static size_t reference(struct place *p, char out[static 16], size_t *out_n)
{
	struct str rest = str_slice(p->content, p->at, p->content.n);
	size_t i = 1;
	uint32_t cp;

	if (at(rest, 1) == '#') {
		i = entity_numeric(rest, &cp);
		*out_n = i ? utf8_encode(cp, out) : 0;
		return i;
	}
	while (i < 34 && is_alnum(at(rest, i)))
		i++;
	if (i == 1 || at(rest, i) != ';')
		return 0;
	*out_n = p->entity(p->ctx, str_slice(rest, 0, i + 1), out);
	return *out_n ? i + 1 : 0;
}

/* One byte of the literal, or what one escape or reference stands for; how much of the literal that was. */
static size_t text_step(struct place *p, struct str lit, size_t i)
{
	char c = at(p->content, p->at), out[16];
	size_t out_n, n;

	if (c == '\\' && !p->autolink && is_punctuation(at(p->content, p->at + 1))) {
		if (at(p->content, p->at + 1) != lit.p[i])
			return 0;
		add_run(p, i, p->at, p->at + 2, false);
		p->at += 2;
		return 1;
	}
	n = c == '&' ? reference(p, out, &out_n) : 0;
	if (n) {
		if (out_n > lit.n - i || memcmp(out, lit.p + i, out_n) != 0)
			return 0;
		add_run(p, i, p->at, p->at + n, false);
		p->at += n;
		return out_n;
	}
	if (p->at >= p->content.n || c != lit.p[i])
		return 0;
	add_run(p, i, p->at, p->at + 1, true);
	p->at++;
	return 1;
}

struct range place_text(struct place *p, struct str lit)
{
	size_t from = p->at, step;

	p->run_count = 0;
	if (p->lost)
		return lose(p);
	if (lit.n <= p->content.n - p->at && memcmp(p->content.p + p->at, lit.p, lit.n) == 0 &&
		!memchr(lit.p, '\\', lit.n) && !memchr(lit.p, '&', lit.n)) {
		add_run(p, 0, from, from + lit.n, true);
		return take(p, lit.n);
	}
	for (size_t i = 0; i < lit.n; i += step) {
		step = text_step(p, lit, i);
		if (!step)
			return lose(p);
	}
	return (struct range){from, p->at};
}

struct range place_break(struct place *p, bool hard)
{
	bool escaped = hard && at(p->content, p->at) == '\\';
	struct range r;

	if (p->lost)
		return lose(p);
	if (escaped)
		p->at++;
	while (p->at < p->content.n && is_space(p->content.p[p->at]) && p->content.p[p->at] != '\n')
		p->at++;
	if (at(p->content, p->at) != '\n')
		return lose(p);
	r = take(p, 1);
	if (escaped) /* cmark keeps what a lazy line begins with after such a break */
		return r;
	while (at(p->content, p->at) == ' ' || at(p->content, p->at) == '\t')
		p->at++;
	return r;
}

/* ---- code, HTML, emphasis ---- */

static size_t ticks_at(struct str s, size_t i)
{
	size_t n = 0;

	while (at(s, i + n) == '`')
		n++;
	return n;
}

struct range place_code(struct place *p)
{
	size_t ticks = ticks_at(p->content, p->at), n = 0;

	if (p->lost || !ticks)
		return lose(p);
	for (size_t i = p->at + ticks; i < p->content.n; i += n ? n : 1) {
		n = ticks_at(p->content, i);
		if (n == ticks)
			return take(p, i + n - p->at);
	}
	return lose(p);
}

struct range place_html(struct place *p, struct str lit)
{
	if (p->lost || lit.n > p->content.n - p->at || memcmp(p->content.p + p->at, lit.p, lit.n) != 0)
		return lose(p);
	return take(p, lit.n);
}

size_t place_emphasis(struct place *p, size_t n)
{
	size_t from = p->at;

	for (size_t i = 0; i < n; i++)
		if (at(p->content, from + i) != '*' && at(p->content, from + i) != '_')
			p->lost = true;
	take(p, n);
	return from;
}

/* ---- links ---- */

size_t place_link(struct place *p, bool image, bool *autolink)
{
	size_t from = p->at;
	char c = at(p->content, from);

	*autolink = p->autolink = !image && c == '<';
	if (c != (image ? '!' : *autolink ? '<' : '['))
		p->lost = true;
	take(p, image ? 2 : 1);
	return from;
}

/* "[label]" at i: index after it, or 0. *empty: nothing but white space in it. */
static size_t link_label(struct str s, size_t i, bool *empty)
{
	size_t start = i + 1;

	if (at(s, i) != '[')
		return 0;
	*empty = true;
	for (i = start; i < s.n && s.p[i] != '[' && s.p[i] != ']'; i++) {
		*empty &= is_space(s.p[i]);
		if (s.p[i] == '\\' && is_punctuation(at(s, i + 1)) && i + 1 < s.n)
			i++;
		if (i + 1 - start > MAX_LABEL)
			return 0;
	}
	return at(s, i) == ']' ? i + 1 : 0;
}

static bool bare_url(struct str s, size_t i, size_t *end)
{
	size_t start = i, parens = 0;

	for (; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\' && i + 1 < s.n && is_punctuation(s.p[i + 1])) {
			i++;
		} else if (c == '(') {
			if (++parens > MAX_PARENS)
				return false;
		} else if (c == ')') {
			if (!parens)
				break;
			parens--;
		} else if (is_space(c)) {
			if (i == start)
				return false;
			break;
		}
	}
	*end = i;
	return i < s.n && !parens;
}

/* A destination at i: true with its end. As cmark, none reaches the end of the text. */
static bool link_url(struct str s, size_t i, size_t *end)
{
	if (at(s, i) != '<')
		return bare_url(s, i, end);
	for (i++; i < s.n; i++) {
		if (s.p[i] == '>') {
			*end = i + 1;
			return *end < s.n;
		}
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '\n' || s.p[i] == '<')
			return false;
	}
	return false;
}

/*
 * A title at i: its length, or 0. A quote after a backslash may end it or not; the longest reading
 * holds, as in cmark's scanner.
 */
static size_t link_title(struct place *p, struct str s, size_t i)
{
	static const char opening[] = "\"'(", closing[] = "\"')";
	const char *kind = i < s.n && s.p[i] ? strchr(opening, s.p[i]) : NULL;
	size_t which = kind ? (size_t)(kind - opening) : 0, start = i, found = 0;

	if (!kind || i >= p->unclosed[which])
		return 0;
	for (i++; i < s.n; i++) {
		bool escaped = i > start + 1 && s.p[i - 1] == '\\';

		if (s.p[i] == closing[which])
			found = i + 1 - start;
		else if (!(which == 2 && s.p[i] == '('))
			continue;
		if (!escaped)
			return found;
	}
	if (!found && s.p == p->content.p)
		p->unclosed[which] = start;
	return found;
}

static size_t spaces(struct str s, size_t i)
{
	while (i < s.n && is_space(s.p[i]))
		i++;
	return i;
}

/* "(url 'title')" at i: index after it, or 0. */
static size_t link_tail(struct place *p, size_t i)
{
	struct str s = p->content;
	size_t end, title;

	if (at(s, i) != '(' || !link_url(s, spaces(s, i + 1), &end))
		return 0;
	title = spaces(s, end);
	if (title > end)
		end = spaces(s, title + link_title(p, s, title));
	return at(s, end) == ')' ? end + 1 : 0;
}

size_t place_link_end(struct place *p, bool autolink)
{
	size_t end;
	bool empty;

	p->autolink = false;
	if (p->lost || at(p->content, p->at) != (autolink ? '>' : ']'))
		return lose(p).to;
	take(p, 1);
	if (autolink)
		return p->at;
	end = link_tail(p, p->at);
	if (!end)
		end = link_label(p->content, p->at, &empty);
	if (end)
		p->at = end;
	return p->at;
}

/* ---- link reference definitions ---- */

static size_t inline_spaces(struct str s, size_t i)
{
	while (at(s, i) == ' ' || at(s, i) == '\t')
		i++;
	return i;
}

/* White space with at most one line end. */
static size_t spaces_and_line(struct str s, size_t i)
{
	i = inline_spaces(s, i);
	return at(s, i) == '\n' ? inline_spaces(s, i + 1) : i;
}

/* White space and the line's end; 0 when something else stands there. */
static size_t rest_of_line(struct str s, size_t i)
{
	i = inline_spaces(s, i);
	if (i >= s.n)
		return i;
	return s.p[i] == '\n' ? i + 1 : 0;
}

/* "[label]: url 'title'" at i: index after its line, or 0. */
static size_t definition(struct place *p, struct str s, size_t i)
{
	bool empty;
	size_t url_end, title, title_n, end;

	i = link_label(s, i, &empty);
	if (!i || empty || at(s, i) != ':' || !link_url(s, spaces_and_line(s, i + 1), &url_end))
		return 0;
	title = spaces_and_line(s, url_end);
	title_n = title == url_end ? 0 : link_title(p, s, title);
	end = title_n ? rest_of_line(s, title + title_n) : 0;
	return end ? end : rest_of_line(s, url_end);
}

/* As cmark sees it: only spaces, tabs and line ends are blank. */
static bool is_blank(struct str s, size_t i)
{
	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n'))
		i++;
	return i >= s.n;
}

bool place_skip_definitions(struct place *p)
{
	struct str s = p->untrimmed;
	char *copy;
	bool empty;
	size_t end = link_label(s, 0, &empty), skipped = 0;

	if (!end || at(s, end) != ':')
		return !is_blank(s, 0);
	/* cmark reads them before it trims the paragraph, and with its line end */
	copy = heap_alloc(p->heap, s.n + 1);
	memcpy(copy, s.p, s.n);
	copy[s.n] = '\n';
	s = str_make(copy, s.n + 1);
	for (end = definition(p, s, 0); end; end = at(s, end) == '[' ? definition(p, s, end) : 0)
		skipped = end;
	p->at = skipped < p->content.n ? skipped : p->content.n;
	return !is_blank(s, skipped);
}
