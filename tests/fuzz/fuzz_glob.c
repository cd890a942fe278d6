/* Patterns of paths: the same answer as the slow way, which tries everything. The first line is the pattern. */
#include "base/arena.h"
#include "base/glob.h"

struct slow {
	struct str pattern, path;
	signed char *known; /* 0: not asked yet, 1: yes, -1: no */
};

static bool fits(struct slow *s, size_t p, size_t at);

static bool star_fits(struct slow *s, size_t p, size_t at)
{
	struct str rest = str_slice(s->pattern, p, s->pattern.n);
	bool two = str_starts(rest, STR("**"));
	bool folders = str_starts(rest, STR("**/")) && (p == 0 || s->pattern.p[p - 1] == '/');
	size_t next = p + (folders ? 3 : two ? 2 : 1);

	for (size_t end = at; end <= s->path.n; end++) {
		if ((!folders || end == at || s->path.p[end - 1] == '/') && fits(s, next, end))
			return true;
		if (end < s->path.n && !two && s->path.p[end] == '/')
			return false;
	}
	return false;
}

static bool one_fits(struct slow *s, size_t p, size_t at)
{
	size_t end = at + 1;

	if (at == s->path.n || (s->pattern.p[p] == '?' && s->path.p[at] == '/'))
		return false;
	if (s->pattern.p[p] != '?')
		return s->pattern.p[p] == s->path.p[at] && fits(s, p + 1, end);
	while (end < s->path.n && ((unsigned char)s->path.p[end] & 0xC0) == 0x80)
		end++;
	return fits(s, p + 1, end);
}

static bool fits(struct slow *s, size_t p, size_t at)
{
	signed char *known = &s->known[p * (s->path.n + 1) + at];
	bool yes;

	if (*known)
		return *known > 0;
	if (p == s->pattern.n)
		yes = at == s->path.n;
	else if (s->pattern.p[p] == '*')
		yes = star_fits(s, p, at);
	else
		yes = one_fits(s, p, at);
	*known = yes ? 1 : -1;
	return yes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_make((const char *)data, size), pattern;
	struct slow s;
	struct arena a;

	if (size > 200 || utf8_check(text) < text.n || !str_cut(&text, '\n', &pattern) || glob_fault(pattern))
		return 0;
	arena_init(&a, (size_t)1 << 20);
	s = (struct slow){pattern, text, arena_alloc(&a, (pattern.n + 1) * (text.n + 1))};
	if (fits(&s, 0, 0) != glob_match(pattern, text))
		BUG("“%.*s” and “%.*s”", STR_ARG(pattern), STR_ARG(text));
	arena_release(&a);
	return 0;
}
