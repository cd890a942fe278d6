/*
 * The lift half of markdown_impl.h: writes the lifted text, keeps where it differs from the source, and
 * puts back what was written.
 */
#include "text/markdown_lift.h"

#define PLANE_15 0xF3 /* lead byte, with a second byte of at least 0xB0 */
#define PLANE_16 0xF4

static void room(struct lifting *g, size_t n)
{
	if (g->out_n + n <= g->out_cap)
		return;
	g->out_cap = (g->out_n + n) * 2 + 256;
	g->out = heap_resize(g->heap, g->out, g->out_cap);
}

static void put(struct lifting *g, const char *p, size_t n)
{
	room(g, n);
	memcpy(g->out + g->out_n, p, n);
	g->out_n += n;
}

static void copy_to(struct lifting *g, size_t to)
{
	if (to > g->done)
		put(g, g->p + g->done, to - g->done);
	g->done = to;
}

static void *more(struct heap *h, void *items, size_t len, size_t *cap, size_t size)
{
	if (len < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 16;
	return heap_resize(h, items, *cap * size);
}

/* The source bytes [from, to) are replaced by what was put since `lifted`. */
static void add_shift(struct lifting *g, size_t lifted, size_t from, size_t to)
{
	struct lift *l = g->lift;

	l->shifts = more(g->heap, l->shifts, l->shift_count, &l->shift_cap, sizeof(*l->shifts));
	l->shifts[l->shift_count++] = (struct shift){
		.lifted = (uint32_t)lifted,
		.lifted_n = (uint32_t)(g->out_n - lifted),
		.at = (uint32_t)(l->base + from),
		.n = (uint32_t)(to - from),
	};
}

void lifting_replace(struct lifting *g, size_t from, size_t to, const char *with, size_t n)
{
	size_t lifted;

	copy_to(g, from);
	lifted = g->out_n;
	put(g, with, n);
	add_shift(g, lifted, from, to);
	g->done = to;
}

static void add_token(struct lifting *g, struct token token, size_t from, size_t to)
{
	struct lift *l = g->lift;
	size_t index = l->token_count;
	const char placeholder[] = {'|', (char)PLANE_15, (char)(0xB0 | index >> 12),
		(char)(0x80 | (index >> 6 & 0x3F)), (char)(0x80 | (index & 0x3F)), '|'};

	l->tokens = more(g->heap, l->tokens, l->token_count, &l->token_cap, sizeof(*l->tokens));
	token.at = (uint32_t)(l->base + from);
	token.n = (uint32_t)(to - from);
	l->tokens[l->token_count++] = token;
	if (token.punctuation)
		lifting_replace(g, from, to, placeholder, 6);
	else
		lifting_replace(g, from, to, placeholder + 1, 4);
}

bool lifting_has_room(struct lifting *g, size_t count)
{
	if (g->lift->token_count + count <= LIFT_MAX_TOKENS)
		return true;
	g->lift->full = true;
	return false;
}

void lifting_pieces(struct lifting *g, enum token_kind kind, const struct pieces *pieces)
{
	size_t end = pieces->to[pieces->count - 1];

	if (!lifting_has_room(g, pieces->count))
		return;
	for (size_t i = 0; i < pieces->count; i++) {
		struct token token = {
			.kind = (uint8_t)(i ? TOKEN_PART : kind),
			.punctuation = kind != TOKEN_FACT,
			.pieces = (uint16_t)pieces->count,
			.whole = (uint32_t)(end - pieces->from[i]),
		};

		add_token(g, token, pieces->from[i], pieces->to[i]);
	}
	g->at = end;
}

void lifting_one(struct lifting *g, enum token_kind kind, size_t end)
{
	struct pieces pieces = {.count = 1};

	pieces.from[0] = g->at;
	pieces.to[0] = end;
	lifting_pieces(g, kind, &pieces);
}

void lifting_bad(struct lifting *g, enum token_fault fault, size_t end)
{
	struct token token = {
		.kind = TOKEN_BAD,
		.fault = (uint8_t)fault,
		.punctuation = true,
		.pieces = 1,
		.whole = (uint32_t)(end - g->at),
	};

	if (!lifting_has_room(g, 1))
		return;
	add_token(g, token, g->at, g->at + 1);
	g->at++;
}

/* ---- the whole ---- */

static bool is_escaped(const struct lifting *g)
{
	size_t i = g->at;

	while (i > 0 && g->p[i - 1] == '\\')
		i--;
	return (g->at - i) % 2;
}

static void lift_at(struct lifting *g)
{
	char c = g->p[g->at];

	if (c == '\0') {
		lifting_replace(g, g->at, g->at + 1, "\xEF\xBF\xBD", 3);
		g->lift->nuls = true;
		g->at++;
	} else if ((unsigned char)c >= PLANE_15) {
		lifting_replace(g, g->at, g->at + 1, LIFT_ESCAPE "\xF3", LIFT_ESCAPE_BYTES + 1);
		g->out[g->out_n - 1] = c;
		g->lift->escapes = true;
		g->at++;
	} else if (is_escaped(g)) {
		g->at++;
	} else {
		scan_token(g);
	}
}

static bool has_token(struct str s)
{
	const char *end = s.p + s.n;

	if (memchr(s.p, '{', s.n) || memchr(s.p, PLANE_15, s.n) || memchr(s.p, PLANE_16, s.n))
		return true;
	for (const char *p = s.p; (p = memchr(p, '[', (size_t)(end - p))) && ++p < end;)
		if (*p == '@' || *p == '!')
			return true;
	for (const char *p = s.p; (p = memchr(p, '&', (size_t)(end - p))) && ++p < end;)
		if (*p == '#')
			return true;
	return false;
}

static void lift_all(struct lifting *g, bool plain)
{
	static const uint8_t ours[256] = {
		[0] = 1, ['{'] = 1, ['['] = 1, ['&'] = 1, [PLANE_15] = 1, [PLANE_16] = 1};
	static const uint8_t nul[256] = {[0] = 1};
	struct str text = str_make(g->p, g->n);

	for (;;) {
		g->at = scan_to(plain ? nul : ours, text, g->at);
		if (g->at >= g->n)
			break;
		lift_at(g);
	}
	copy_to(g, g->n);
}

void lift_init(struct lift *l, struct heap *h, struct str source, size_t from, bool plain)
{
	struct lifting g = {.lift = l, .heap = h};

	*l = (struct lift){.base = from};
	if (from + 3 <= source.n && memcmp(source.p + from, "\xEF\xBB\xBF", 3) == 0)
		l->base += 3; /* cmark drops a byte order mark, and its columns do not count it */
	l->text = str_slice(source, l->base, source.n);
	if (!l->text.n || (!memchr(l->text.p, 0, l->text.n) && (plain || !has_token(l->text))))
		return;
	g.p = l->text.p;
	g.n = l->text.n;
	lift_all(&g, plain);
	l->text = str_make(g.out, g.out_n);
}

/* The last shift that starts at or before `lifted`, or NULL. */
static const struct shift *shift_at(const struct lift *l, size_t lifted)
{
	size_t low = 0, high = l->shift_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->shifts[middle].lifted <= lifted)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &l->shifts[low - 1] : NULL;
}

size_t lift_start(const struct lift *l, size_t lifted)
{
	const struct shift *s = l->shift_count ? shift_at(l, lifted) : NULL;

	if (!s)
		return l->base + lifted;
	if (lifted < s->lifted + s->lifted_n)
		return s->at;
	return s->at + s->n + (lifted - s->lifted - s->lifted_n);
}

size_t lift_end(const struct lift *l, size_t lifted)
{
	const struct shift *s = l->shift_count && lifted ? shift_at(l, lifted - 1) : NULL;

	if (!s)
		return l->base + lifted;
	if (lifted <= s->lifted + s->lifted_n)
		return s->at + s->n;
	return s->at + s->n + (lifted - s->lifted - s->lifted_n);
}

/* ---- back again ---- */

static bool is_placeholder(struct str s, size_t i)
{
	return i + 4 <= s.n && (unsigned char)s.p[i] == PLANE_15 && (unsigned char)s.p[i + 1] >= 0xB0;
}

const struct token *lift_token(const struct lift *l, struct str s, size_t i, size_t *n)
{
	size_t bar = i < s.n && s.p[i] == '|', index;

	if (!is_placeholder(s, i + bar))
		return NULL;
	i += bar;
	index = (size_t)(s.p[i + 1] & 0x0F) << 12 | (size_t)(s.p[i + 2] & 0x3F) << 6 |
		(size_t)(s.p[i + 3] & 0x3F);
	if (index >= l->token_count || l->tokens[index].punctuation != (bar == 1))
		return NULL;
	*n = 4 + 2 * bar;
	return &l->tokens[index];
}

bool lift_escape(const struct lift *l, struct str s, size_t i)
{
	return l->escapes && i + LIFT_ESCAPE_BYTES <= s.n &&
	       memcmp(s.p + i, LIFT_ESCAPE, LIFT_ESCAPE_BYTES) == 0;
}

/* The first byte at or after i that a placeholder's character, or LIFT_ESCAPE, may start with. */
static size_t find_lead(const struct lift *l, struct str s, size_t i)
{
	const char *p;

	if (l->escapes) {
		while (i < s.n && (unsigned char)s.p[i] < PLANE_15)
			i++;
		return i;
	}
	p = i < s.n ? memchr(s.p + i, PLANE_15, s.n - i) : NULL;
	return p ? (size_t)(p - s.p) : s.n;
}

size_t lift_find(const struct lift *l, struct str s, size_t i)
{
	size_t n, start = i;

	if (!l->token_count && !l->escapes)
		return s.n;
	for (i = find_lead(l, s, i); i < s.n; i = find_lead(l, s, i + 1)) {
		if (lift_escape(l, s, i))
			return i;
		if (is_placeholder(s, i))
			return i > start && s.p[i - 1] == '|' && lift_token(l, s, i - 1, &n) ? i - 1 : i;
	}
	return s.n;
}

/* As it was written; a character reference as its character where cmark would have decoded it. */
static void put_back(struct buf *b, const struct token *t, struct str source, bool decode)
{
	struct str written = str_slice(source, t->at, t->at + t->n);
	uint32_t cp;

	if (t->kind == TOKEN_ENTITY && decode && entity_numeric(written, &cp))
		buf_add_utf8(b, cp);
	else
		buf_add(b, written);
}

struct str lift_restore(const struct lift *l, struct arena *a, struct str source, struct str s, bool decode)
{
	size_t at = lift_find(l, s, 0), n;
	struct buf b;

	if (at == s.n)
		return str_dup(a, s);
	buf_init(&b, BUF_MAX_DEFAULT);
	for (size_t from = 0; from < s.n; from = at, at = lift_find(l, s, at)) {
		const struct token *t = at < s.n ? lift_token(l, s, at, &n) : NULL;

		buf_add(&b, str_slice(s, from, at));
		if (t) {
			put_back(&b, t, source, decode);
			at += n;
		} else if (at < s.n) { /* escaped: the byte after the escape is itself */
			buf_add(&b, str_slice(s, at + LIFT_ESCAPE_BYTES, at + LIFT_ESCAPE_BYTES + 1));
			at += LIFT_ESCAPE_BYTES + 1;
		}
	}
	s = str_dup(a, buf_str(&b));
	buf_release(&b);
	return s;
}
