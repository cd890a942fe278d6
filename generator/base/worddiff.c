#include "base/worddiff.h"

struct words {
	struct word *of;
	size_t len, cap;
};

/* Cutting into words */

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* A line that begins like this is no continuation of the one before. */
static bool begins_block(char c)
{
	return c == '-' || c == '*' || c == '+' || c == '>' || c == '#' || (c >= '0' && c <= '9');
}

static uint8_t gap_of(struct str text, size_t from, size_t to)
{
	size_t lines = 0;

	for (size_t i = from; i < to; i++)
		lines += text.p[i] == '\n';
	if (lines > 1 || (lines == 1 && to < text.n && begins_block(text.p[to])))
		return WORD_GAP_LINE;
	return to > from ? WORD_GAP_SPACE : WORD_GAP_NONE;
}

static struct words cut(struct arena *a, struct str text)
{
	struct words w = {0};
	size_t at = 0;

	for (;;) {
		size_t from = at, start;

		while (at < text.n && is_blank(text.p[at]))
			at++;
		if (at == text.n)
			return w;
		start = at++;
		while (is_letter(text.p[start]) && at < text.n && is_letter(text.p[at]))
			at++;
		w.of = arena_grow(a, w.of, w.len, &w.cap, sizeof(*w.of));
		w.of[w.len] = (struct word){.text = str_slice(text, start, at),
			.gap = w.len ? gap_of(text, from, start) : WORD_GAP_SPACE};
		w.len++;
	}
}

/* Myers: how far each diagonal reaches with so many changes, kept for the way back. */

struct search {
	const struct word *x, *y;
	size_t nx, ny;
	long most;	 /* changes that are looked for */
	uint32_t *reach; /* row d begins at d * d; diagonal k of it at d + k */
};

static uint32_t *reach_at(const struct search *s, long d, long k)
{
	return &s->reach[d * d + d + k];
}

/* Whether the best way to diagonal k with d changes is by adding (from k + 1) rather than removing. */
static bool by_adding(const struct search *s, long d, long k)
{
	return k == -d || (k != d && *reach_at(s, d - 1, k - 1) < *reach_at(s, d - 1, k + 1));
}

/* Diagonals of row d - 1 have the other parity: those of row d never stood there. */
static long start_of(const struct search *s, long d, long k)
{
	if (d == 0)
		return 0;
	return by_adding(s, d, k) ? (long)*reach_at(s, d - 1, k + 1) : (long)*reach_at(s, d - 1, k - 1) + 1;
}

static long slide(const struct search *s, long x, long y)
{
	while (x < (long)s->nx && y < (long)s->ny && str_eq(s->x[x].text, s->y[y].text))
		x++, y++;
	return x;
}

/* The number of changes, or -1 when there are too many. */
static long search(struct search *s)
{
	for (long d = 0; d <= s->most; d++)
		for (long k = -d; k <= d; k += 2) {
			long x = start_of(s, d, k), y = x - k;

			/* Beyond an edge nothing is found; the value only has to stay in order. */
			if (y >= 0 && x <= (long)s->nx && y <= (long)s->ny)
				x = slide(s, x, y);
			*reach_at(s, d, k) = (uint32_t)x;
			if (x >= (long)s->nx && x - k >= (long)s->ny && k == (long)s->nx - (long)s->ny)
				return d;
		}
	return -1;
}

static void put(struct word_diff *out, size_t *at, struct word w, enum word_op op)
{
	w.op = (uint8_t)op;
	out->words[--*at] = w;
}

/* From the end to the start; words are put from the back of the array. Returns where they begin. */
static size_t trace(const struct search *s, long d, struct word_diff *out, size_t at)
{
	long x = (long)s->nx, y = (long)s->ny;

	for (; d >= 0; d--) {
		long k = x - y, from = start_of(s, d, k);

		while (x > from) {
			x--, y--;
			put(out, &at, s->y[y], WORD_SAME);
		}
		if (d == 0)
			break;
		if (by_adding(s, d, k))
			put(out, &at, s->y[--y], WORD_ADDED);
		else
			put(out, &at, s->x[--x], WORD_REMOVED);
	}
	return at;
}

static size_t replace_all(const struct search *s, struct word_diff *out, size_t at)
{
	for (size_t i = s->ny; i-- > 0;)
		put(out, &at, s->y[i], WORD_ADDED);
	for (size_t i = s->nx; i-- > 0;)
		put(out, &at, s->x[i], WORD_REMOVED);
	return at;
}

/* In each run of changes what was removed comes first: a sentence reads better so. */
static void order_runs(struct word_diff *out, struct arena scratch)
{
	struct word *copy = arena_new_n(&scratch, struct word, out->len);

	for (size_t from = 0, to; from < out->len; from = to) {
		size_t n = 0;

		for (to = from + 1;
			to < out->len && out->words[from].op != WORD_SAME && out->words[to].op != WORD_SAME;)
			to++;
		for (int op = WORD_SAME; op <= WORD_ADDED; op++)
			for (size_t i = from; i < to; i++)
				if (out->words[i].op == op)
					copy[n++] = out->words[i];
		memcpy(&out->words[from], copy, n * sizeof(*copy));
	}
}

void word_diff(struct word_diff *out, struct arena *a, struct str before, struct str after)
{
	struct words x = cut(a, before), y = cut(a, after);
	struct search s;
	struct arena scratch;
	size_t head = 0, tail = 0, at = x.len + y.len;
	long d;

	while (head < x.len && head < y.len && str_eq(x.of[head].text, y.of[head].text))
		head++;
	while (tail < x.len - head && tail < y.len - head &&
		str_eq(x.of[x.len - 1 - tail].text, y.of[y.len - 1 - tail].text))
		tail++;
	*out = (struct word_diff){.words = arena_new_n(a, struct word, at)};
	for (size_t i = 0; i < tail; i++)
		put(out, &at, y.of[y.len - 1 - i], WORD_SAME);
	s = (struct search){x.of ? &x.of[head] : NULL, y.of ? &y.of[head] : NULL, x.len - head - tail,
		y.len - head - tail, 0, NULL};
	s.most = (long)(s.nx + s.ny);
	if (s.most > WORD_DIFF_MAX_CHANGES)
		s.most = WORD_DIFF_MAX_CHANGES;
	arena_init(&scratch, ARENA_DEFAULT);
	s.reach = arena_array(&scratch, (size_t)((s.most + 1) * (s.most + 1)), sizeof(*s.reach));
	d = search(&s);
	at = d < 0 ? replace_all(&s, out, at) : trace(&s, d, out, at);
	for (size_t i = head; i-- > 0;)
		put(out, &at, y.of[i], WORD_SAME);
	out->words += at;
	out->len = x.len + y.len - at;
	out->changed = s.nx || s.ny;
	order_runs(out, scratch);
	arena_release(&scratch);
}

/* Printing */

struct printer {
	struct buf *out;
	const struct word_diff *diff;
	const char *indent;
	bool colour;
	bool begun; /* something stands in this line */
};

static const struct {
	const char *open, *close, *colour;
} styles[] = {
	[WORD_SAME] = {"", "", ""},
	[WORD_REMOVED] = {"-[", "]", "\033[31m"},
	[WORD_ADDED] = {"+{", "}", "\033[32m"},
};

static void print_gap(struct printer *p, enum word_gap gap)
{
	if (!p->begun)
		buf_addz(p->out, p->indent);
	else if (gap == WORD_GAP_LINE)
		buf_addf(p->out, "\n%s", p->indent);
	else if (gap == WORD_GAP_SPACE)
		buf_addc(p->out, ' ');
	p->begun = true;
}

static size_t run_end(const struct word_diff *diff, size_t from)
{
	size_t to = from;

	while (to < diff->len && diff->words[to].op == diff->words[from].op)
		to++;
	return to;
}

static void print_words(struct printer *p, size_t from, size_t to)
{
	const struct word *w = p->diff->words;

	for (size_t i = from; i < to; i++) {
		print_gap(p, (enum word_gap)w[i].gap);
		buf_add(p->out, w[i].text);
	}
}

/* Escape sequences that a text contains are the text's, never the terminal's. */
static void print_change(struct printer *p, size_t from, size_t to)
{
	enum word_op op = (enum word_op)p->diff->words[from].op;
	enum word_gap gap = (enum word_gap)p->diff->words[from].gap;

	/* What took the place of something stands in the same line. */
	if (op == WORD_ADDED && from && p->diff->words[from - 1].op == WORD_REMOVED && gap == WORD_GAP_LINE)
		gap = WORD_GAP_SPACE;
	print_gap(p, gap);
	buf_addz(p->out, p->colour ? styles[op].colour : "");
	buf_addz(p->out, styles[op].open);
	buf_add(p->out, p->diff->words[from].text);
	print_words(p, from + 1, to);
	buf_addz(p->out, styles[op].close);
	buf_addz(p->out, p->colour ? "\033[m" : "");
}

static void print_same(struct printer *p, size_t from, size_t to)
{
	size_t head = from ? WORD_DIFF_CONTEXT : 0, tail = to < p->diff->len ? WORD_DIFF_CONTEXT : 0;

	if (to - from <= head + tail + 1) {
		print_words(p, from, to);
		return;
	}
	print_words(p, from, from + head);
	print_gap(p, WORD_GAP_SPACE);
	buf_addz(p->out, "…");
	if (!tail)
		return;
	print_gap(p, WORD_GAP_SPACE);
	buf_add(p->out, p->diff->words[to - tail].text);
	print_words(p, to - tail + 1, to);
}

void word_diff_print(struct buf *out, const struct word_diff *diff, const char *indent, bool colour)
{
	struct printer p = {out, diff, indent, colour, false};

	for (size_t from = 0, to; from < diff->len; from = to) {
		to = run_end(diff, from);
		if (diff->words[from].op == WORD_SAME)
			print_same(&p, from, to);
		else
			print_change(&p, from, to);
	}
	if (p.begun)
		buf_addc(out, '\n');
}
