#include "site/link.h"

#define PATH_MAX_BYTES 1024

struct str translation_path(const struct translation *t)
{
	return str_slice(t->src.path, sizeof("content/") - 1, t->src.path.n);
}

/* RFC 3986: a letter, then letters, digits, + - . up to a colon. */
static bool has_scheme(struct str url)
{
	for (size_t i = 0; i < url.n; i++) {
		char c = url.p[i], lower = (char)(c | 0x20);

		if (c == ':')
			return i > 0;
		if (!(lower >= 'a' && lower <= 'z') &&
			!(i && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
			return false;
	}
	return false;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* As it is when the result would be no text: nothing has such a name. */
static struct str percent_decoded(struct arena *a, struct str s)
{
	char *p;
	size_t n = 0;

	if (str_find_byte(s, '%') == s.n)
		return s;
	p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		int high = i + 2 < s.n && s.p[i] == '%' ? hex_value(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex_value(s.p[i + 2]) : -1;

		if (low < 0) {
			p[n++] = s.p[i];
			continue;
		}
		p[n++] = (char)(high << 4 | low);
		i += 2;
	}
	if (memchr(p, 0, n) || utf8_check(str_make(p, n)) < n)
		return s;
	return str_make(p, n);
}

/* Joins a relative path to the folder of `from`; false when it leads out of content/. */
static bool join(struct arena *a, struct str from, struct str path, struct str *out)
{
	size_t folder = str_after_last(from, '/'), n;
	char *p;
	struct str piece;

	if (path.n && path.p[0] == '/') {
		folder = 0;
		path = str_slice(path, 1, path.n);
	}
	if (folder + path.n > PATH_MAX_BYTES)
		return false;
	p = arena_alloc(a, folder + path.n + 2);
	if (folder)
		memcpy(p, from.p, folder);
	n = folder;
	while (str_cut(&path, '/', &piece)) {
		if (str_is(piece, "..")) {
			if (!n)
				return false;
			for (n--; n && p[n - 1] != '/'; n--)
				;
		} else if (piece.n && !str_is(piece, ".")) {
			memcpy(p + n, piece.p, piece.n);
			n += piece.n;
			p[n++] = '/';
		}
	}
	*out = str_make(p, n ? n - 1 : 0);
	return true;
}

/* By its path, withdrawn or not. */
static const struct translation *text_at(const struct catalog *c, struct str path)
{
	const struct translation *t = map_get(&c->by_path, path);

	return t ? t : map_get(&c->by_old_path, path);
}

/* A sheet that is not translated is shown to readers as a fallback: links to it hold all the same. */
static const struct translation *stand_in(
	const struct catalog *c, struct str path, size_t *language, struct arena *scratch)
{
	size_t slash = str_find_byte(path, '/');
	const struct language *l = config_language(&c->config, str_slice(path, 0, slash));

	if (!l || slash == path.n)
		return NULL;
	*language = l->index;
	for (size_t i = 0; i < l->fallback_count; i++) {
		struct str tag = c->config.languages[l->fallback[i]].spec.tag;
		const struct translation *t =
			text_at(c, str_join(scratch, tag, str_slice(path, slash, path.n)));

		if (t)
			return t;
	}
	return NULL;
}

struct link link_read(const struct catalog *c, struct str from, struct str url, struct arena *scratch)
{
	struct link link = {.kind = LINK_BROKEN, .path = url};
	size_t hash = str_find_byte(url, '#');
	struct str path = str_slice(url, 0, hash);

	if (!markdown_url_safe(url))
		return (struct link){.kind = LINK_UNSAFE, .path = url};
	if (has_scheme(url))
		return (struct link){.kind = LINK_EXTERNAL, .path = url};
	if (hash < url.n)
		link.anchor = percent_decoded(scratch, str_slice(url, hash + 1, url.n));
	if (!path.n) {
		link.kind = LINK_SAME;
		return link;
	}
	path = percent_decoded(scratch, str_slice(path, 0, str_find_byte(path, '?')));
	if (!join(scratch, from, path, &link.path))
		return link;
	link.target = text_at(c, link.path);
	if (link.target)
		link.language = link.target->language;
	else
		link.target = stand_in(c, link.path, &link.language, scratch);
	link.media = link.target ? NULL : map_get(&c->media, link.path);
	if (link.target)
		link.kind = LINK_SHEET;
	else if (link.media)
		link.kind = LINK_MEDIA;
	else if (map_get(&c->drafts, link.path))
		link.kind = LINK_DRAFT;
	return link;
}
