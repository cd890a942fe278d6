#include "action/publish_reference.h"

#include "base/base.h"

#define ADDRESS_MAX 4096 /* of one in a style */

struct scan {
	struct str rest;
	struct arena *arena;
	publish_reference *found;
	void *ctx;
	size_t left; /* that may still be found */
};

static void skip(struct scan *s, size_t n)
{
	s->rest = str_slice(s->rest, n, s->rest.n);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word(struct str s, const char *word)
{
	for (size_t i = 0; i < s.n; i++)
		if (!word[i] || lower(s.p[i]) != word[i])
			return false;
	return word[s.n] == 0;
}

static void tell(struct scan *s, enum publish_reference_kind kind, struct str url)
{
	url = str_trim(url);
	if (url.n == 0 || s->left == 0)
		return;
	s->left--;
	s->found(s->ctx, kind, url);
}

/* ---- CSS ---- */

/* From behind “url(” or “@import”: in quotes, or up to the bracket. */
static void css_address(struct scan *s, struct str text)
{
	struct str t = str_trim(str_slice(text, 0, ADDRESS_MAX));
	char end = ')';

	if (t.n && (t.p[0] == '"' || t.p[0] == '\'')) {
		end = t.p[0];
		t = str_slice(t, 1, t.n);
	}
	tell(s, PUBLISH_RESOURCE, str_slice(t, 0, str_find_byte(t, end)));
}

static bool starts_word(struct str s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && is_word(str_slice(s, 0, n), word);
}

static void scan_css(struct scan *s, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		struct str rest = str_slice(text, i, text.n);

		if (text.p[i] == '/' && str_starts(rest, STR("/*"))) {
			i += str_find(rest, STR("*/"));
		} else if (text.p[i] == '(' && i >= 3 && starts_word(str_slice(text, i - 3, i), "url")) {
			css_address(s, str_slice(text, i + 1, text.n));
		} else if (text.p[i] == '@' && starts_word(rest, "@import")) {
			struct str after = str_trim(str_slice(rest, strlen("@import"), rest.n));

			if (after.n && (after.p[0] == '"' || after.p[0] == '\''))
				css_address(s, after);
		}
	}
}

/* ---- HTML ---- */

static const struct {
	const char *name, *text;
} entities[] = {{"amp;", "&"}, {"lt;", "<"}, {"gt;", ">"}, {"quot;", "\""}, {"#39;", "'"}, {"apos;", "'"}};

/* Those that can stand in an address; any other stays as it is written. */
static struct str decode(struct arena *a, struct str s)
{
	char *out;
	size_t n = 0;

	if (str_find_byte(s, '&') == s.n)
		return s;
	out = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		out[n] = s.p[i];
		for (size_t e = 0; s.p[i] == '&' && e < COUNT_OF(entities); e++)
			if (str_starts(str_slice(s, i + 1, s.n), str_from(entities[e].name))) {
				out[n] = entities[e].text[0];
				i += strlen(entities[e].name);
				break;
			}
		n++;
	}
	return str_make(out, n);
}

/* “a.png 1x, b.png 2x” */
static void scan_srcset(struct scan *s, struct str value)
{
	struct str piece;

	while (s->left && str_cut(&value, ',', &piece)) {
		size_t n = 0;

		piece = str_trim(piece);
		while (n < piece.n && !is_blank(piece.p[n]))
			n++;
		tell(s, PUBLISH_RESOURCE, str_slice(piece, 0, n));
	}
}

static void attribute(struct scan *s, struct str tag, struct str name, struct str value)
{
	static const char *const resources[] = {"src", "poster", "data", "xlink:href"};

	if (is_word(name, "style")) {
		scan_css(s, decode(s->arena, value));
	} else if (is_word(name, "srcset") || is_word(name, "imagesrcset")) {
		scan_srcset(s, decode(s->arena, value));
	} else if (is_word(name, "href")) {
		bool link = is_word(tag, "a") || is_word(tag, "area");

		tell(s, link ? PUBLISH_LINK : PUBLISH_RESOURCE, decode(s->arena, value));
	}
	for (size_t i = 0; i < COUNT_OF(resources); i++)
		if (is_word(name, resources[i]))
			tell(s, PUBLISH_RESOURCE, decode(s->arena, value));
}

static struct str take_word(struct scan *s, const char *stops)
{
	size_t n = 0;
	struct str word;

	while (n < s->rest.n && !is_blank(s->rest.p[n]) && !memchr(stops, s->rest.p[n], strlen(stops)))
		n++;
	word = str_slice(s->rest, 0, n);
	skip(s, n);
	return word;
}

static void skip_blanks(struct scan *s)
{
	while (s->rest.n && is_blank(s->rest.p[0]))
		skip(s, 1);
}

static struct str take_value(struct scan *s)
{
	struct str value;
	char quote;

	skip_blanks(s);
	if (s->rest.n == 0 || (s->rest.p[0] != '"' && s->rest.p[0] != '\''))
		return take_word(s, ">");
	quote = s->rest.p[0];
	skip(s, 1);
	value = str_slice(s->rest, 0, str_find_byte(s->rest, quote));
	skip(s, value.n + 1);
	return value;
}

/* From behind the tag's name to behind its '>'. */
static void scan_tag(struct scan *s, struct str tag)
{
	while (s->rest.n) {
		struct str name;

		skip_blanks(s);
		name = take_word(s, "=>");
		skip_blanks(s);
		if (s->rest.n == 0)
			return;
		if (s->rest.p[0] == '=') {
			skip(s, 1);
			attribute(s, tag, name, take_value(s));
		} else if (s->rest.p[0] == '>') {
			skip(s, 1);
			return;
		}
	}
}

/* Scripts and styles end at their own end tag only. */
static void scan_raw(struct scan *s, struct str tag)
{
	size_t n = 0;

	while (n < s->rest.n &&
		!(s->rest.p[n] == '<' && n + 1 < s->rest.n && s->rest.p[n + 1] == '/' &&
			is_word(str_slice(s->rest, n + 2, n + 2 + tag.n), tag.n == 5 ? "style" : "script")))
		n++;
	if (is_word(tag, "style"))
		scan_css(s, str_slice(s->rest, 0, n));
	skip(s, n);
}

static void scan_markup(struct scan *s)
{
	while (s->rest.n && s->left) {
		struct str tag;

		skip(s, str_find_byte(s->rest, '<'));
		if (str_starts(s->rest, STR("<!--"))) {
			skip(s, str_find(s->rest, STR("-->")));
			continue;
		}
		skip(s, 1);
		tag = take_word(s, "/>");
		if (tag.n == 0)
			continue;
		scan_tag(s, tag);
		if (is_word(tag, "script") || is_word(tag, "style"))
			scan_raw(s, tag);
	}
}

void publish_references(
	struct str path, struct str text, struct arena *a, publish_reference *found, void *ctx)
{
	struct scan s = {text, a, found, ctx, PUBLISH_REFERENCES_MAX};

	if (str_ends(path, STR(".css")))
		scan_css(&s, text);
	else if (str_ends(path, STR(".html")) || str_ends(path, STR(".svg")))
		scan_markup(&s);
}

/* ---- addresses ---- */

/* “mailto:”, “https:” */
static bool has_scheme(struct str url)
{
	size_t n = 0;

	while (n < url.n &&
		((lower(url.p[n]) >= 'a' && lower(url.p[n]) <= 'z') ||
			(n && ((url.p[n] >= '0' && url.p[n] <= '9') || memchr("+-.", url.p[n], 3)))))
		n++;
	return n && n < url.n && url.p[n] == ':';
}

static int hex_of(char c)
{
	c = lower(c);
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str unescape(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? hex_of(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex_of(s.p[i + 2]) : -1;

		out[n++] = low >= 0 ? (char)(high * 16 + low) : s.p[i];
		i += low >= 0 ? 2 : 0;
	}
	return str_make(out, n);
}

/* Without “.” and “..”; empty when it leaves the site. */
static struct str normal(struct arena *a, struct str path)
{
	char *out = arena_alloc(a, path.n + 2);
	size_t n = 0;
	struct str piece;

	while (str_cut(&path, '/', &piece)) {
		if (str_is(piece, "..")) {
			if (n == 0)
				return STR("");
			n = str_after_last(str_make(out, n - 1), '/');
		} else if (piece.n && !str_is(piece, ".")) {
			memcpy(out + n, piece.p, piece.n);
			n += piece.n;
			out[n++] = '/';
		}
	}
	return str_make(out, n ? n - 1 : 0);
}

/* The part of an address behind “https://host”. */
static struct str path_of(struct str address)
{
	size_t host = str_find(address, STR("://"));
	struct str rest = str_slice(address, host + 3, address.n);

	return str_slice(rest, str_find_byte(rest, '/'), rest.n);
}

/* Below the site's own root; false: elsewhere. */
static bool strip(struct str *url, struct str root)
{
	while (root.n && root.p[root.n - 1] == '/')
		root.n--;
	if (!str_starts(*url, root) || (url->n > root.n && url->p[root.n] != '/'))
		return false;
	*url = str_slice(*url, root.n, url->n);
	return true;
}

struct str publish_reference_path(struct arena *a, struct str from, struct str url, struct str address)
{
	bool rooted = false;
	struct str path;

	url = str_slice(url, 0, str_find_byte(url, '#'));
	url = str_slice(url, 0, str_find_byte(url, '?'));
	if (has_scheme(url) || str_starts(url, STR("//"))) {
		rooted = address.n && strip(&url, address);
		if (!rooted)
			return STR("");
	} else if (str_starts(url, STR("/"))) {
		rooted = true;
		/* Elsewhere on the server, it says; whoever rewrites addresses may mean the site's root. */
		(void)strip(&url, path_of(address));
	}
	if (!rooted && url.n == 0)
		return from;
	path = unescape(a, url);
	if (!rooted)
		path = STR_CONCAT(a, str_slice(from, 0, str_after_last(from, '/')), path);
	if (path.n == 0 || path.p[path.n - 1] == '/' || str_ends(path, STR("/.")) ||
		str_ends(path, STR("/..")))
		path = STR_CONCAT(a, path, STR("/index.html"));
	return normal(a, path);
}
