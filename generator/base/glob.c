#include "base/glob.h"

const char *glob_fault(struct str pattern)
{
	if (!pattern.n)
		return "it is empty";
	if (pattern.n > GLOB_MAX_BYTES)
		return "it is too long";
	if (pattern.p[0] == '/')
		return "paths begin without a slash";
	if (pattern.p[pattern.n - 1] == '/')
		return "it ends with a slash: “folder/**” is everything below a folder";
	if (str_find(pattern, STR("***")) < pattern.n)
		return "three stars mean nothing";
	for (size_t i = 0; i < pattern.n; i++) {
		unsigned char c = (unsigned char)pattern.p[i];

		if (c < ' ' || c == 0x7F)
			return "it holds a control character";
		if (strchr("[]{}!\\", c))
			return "patterns know only *, ** and ?: write a line for each alternative";
	}
	return NULL;
}

/* Where to go on when what follows a star does not fit: the star takes one character more. */
struct retry {
	size_t pattern, path;
	bool set;
	bool folders; /* takes whole components */
};

struct matcher {
	struct str pattern, path;
	size_t p, at;
	struct retry star, stars;
};

static bool next_is(const struct matcher *m, const char *text)
{
	return str_starts(str_slice(m->pattern, m->p, m->pattern.n), str_from(text));
}

/* A star at m->p: passed, and remembered. */
static bool take_star(struct matcher *m)
{
	bool folders = (m->p == 0 || m->pattern.p[m->p - 1] == '/') && next_is(m, "**/");

	if (!next_is(m, "*"))
		return false;
	if (next_is(m, "**")) {
		m->p += folders ? 3 : 2;
		m->stars = (struct retry){m->p, m->at, true, folders};
		/* What follows first fits earliest: nothing before it need be tried again. */
		m->star.set = false;
		return true;
	}
	m->p++;
	m->star = (struct retry){m->p, m->at, true, false};
	return true;
}

/* One character that is no star. */
static bool take_one(struct matcher *m)
{
	char wanted = m->pattern.p[m->p], c = m->path.p[m->at];

	if (wanted != '?') {
		m->p++;
		m->at++;
		return wanted == c;
	}
	if (c == '/')
		return false;
	m->p++;
	do
		m->at++;
	while (m->at < m->path.n && ((unsigned char)m->path.p[m->at] & 0xC0) == 0x80);
	return true;
}

/* To the next place where the star may end. */
static bool widen(struct matcher *m, struct retry *r)
{
	if (!r->set || r->path >= m->path.n)
		return false;
	if (r->folders) {
		size_t slash = str_find_byte(str_slice(m->path, r->path, m->path.n), '/');

		if (r->path + slash >= m->path.n)
			return false;
		r->path += slash;
	} else if (r == &m->star && m->path.p[r->path] == '/') {
		return false;
	}
	m->p = r->pattern;
	m->at = ++r->path;
	return true;
}

static bool again(struct matcher *m)
{
	if (widen(m, &m->star))
		return true;
	m->star.set = false;
	return widen(m, &m->stars);
}

bool glob_match(struct str pattern, struct str path)
{
	struct matcher m = {.pattern = pattern, .path = path};

	for (;;) {
		if (m.p < pattern.n && take_star(&m))
			continue;
		if (m.p == pattern.n && m.at == path.n)
			return true;
		if (m.p < pattern.n && m.at < path.n && take_one(&m))
			continue;
		if (!again(&m))
			return false;
	}
}
