#include "base/buf.h"

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
	if (b->p)
		b->p[0] = 0;
}

void buf_cut(struct buf *b, size_t n)
{
	if (n >= b->n)
		return;
	b->n = n;
	b->p[n] = 0;
}

char *buf_room(struct buf *b, size_t n)
{
	size_t want;

	if (b->failed || n > b->max - b->n || n >= SIZE_MAX - b->n) {
		b->failed = true;
		return NULL;
	}
	want = b->n + n + 1;
	if (want > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 256;

		if (cap < want)
			cap = want;
		b->p = xrealloc(b->p, cap);
		b->cap = cap;
	}
	return b->p + b->n;
}

void buf_added(struct buf *b, size_t n)
{
	b->n += n;
	b->p[b->n] = 0;
}

void buf_add(struct buf *b, struct str s)
{
	char *room = buf_room(b, s.n);

	if (!room)
		return;
	if (s.n)
		memcpy(room, s.p, s.n);
	buf_added(b, s.n);
}

void buf_addz(struct buf *b, const char *cstr)
{
	buf_add(b, str_from(cstr));
}

void buf_addc(struct buf *b, char c)
{
	char *room = buf_room(b, 1);

	if (!room)
		return;
	*room = c;
	buf_added(b, 1);
}

void buf_add_utf8(struct buf *b, uint32_t code_point)
{
	char bytes[4];

	buf_add(b, str_make(bytes, utf8_encode(code_point, bytes)));
}

void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	char *room;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		BUG("format “%s”", fmt);
	room = buf_room(b, (size_t)n);
	if (!room)
		return;
	vsnprintf(room, (size_t)n + 1, fmt, ap);
	buf_added(b, (size_t)n);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void buf_fail(struct buf *b)
{
	b->failed = true;
}

bool buf_failed(const struct buf *b)
{
	return b->failed;
}

struct str buf_str(const struct buf *b)
{
	return str_make(b->p, b->n);
}

static const char *const html_entities[] = {"", "&amp;", "&lt;", "&gt;", "&quot;"};
static const unsigned char html_entity[256] = {['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4};

/* Index of the first byte at or after i that needs an entity, or s.n; most text has none. */
static size_t find_html(struct str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p;

	while (i + 4 <= s.n &&
		!(html_entity[p[i]] | html_entity[p[i + 1]] | html_entity[p[i + 2]] | html_entity[p[i + 3]]))
		i += 4;
	while (i < s.n && !html_entity[p[i]])
		i++;
	return i;
}

void buf_add_html(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = find_html(s, 0); i < s.n; i = find_html(s, from)) {
		buf_add(b, str_slice(s, from, i));
		buf_addz(b, html_entities[html_entity[(unsigned char)s.p[i]]]);
		from = i + 1;
	}
	buf_add(b, str_slice(s, from, s.n));
}

static void add_json_byte(struct buf *b, unsigned char c)
{
	static const char *const named[256] = {
		['"'] = "\\\"", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"};

	if (named[c])
		buf_addz(b, named[c]);
	else
		buf_addf(b, "\\u%04x", c);
}

static void add_json_run(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
			continue;
		buf_add(b, str_slice(s, from, i));
		add_json_byte(b, c);
		from = i + 1;
	}
	buf_add(b, str_slice(s, from, s.n));
}

void buf_add_json(struct buf *b, struct str s)
{
	buf_addc(b, '"');
	for (;;) {
		size_t good = utf8_check(s);

		add_json_run(b, str_slice(s, 0, good));
		if (good == s.n)
			break;
		buf_add_utf8(b, 0xFFFD);
		s = str_slice(s, good + 1, s.n);
	}
	buf_addc(b, '"');
}
