/*
 * The lift half of markdown_impl.h: finds tokens in the raw text and puts placeholders in their place.
 *
 * Whether a token stands in code, in a link's destination or in running text is not known here; cmark
 * finds that out, and lower.c then makes a node of it or puts it back as it was written. So nothing is
 * reported here, and a wrong token is lifted too (its first byte), to be reported where it is text.
 */
#include "text/markdown_impl.h"

#define LIFT_MAX_DEPTH (2 * MESSAGE_MAX_DEPTH + 2) /* of braces in one token */
#define LIFT_MAX_ID_BYTES 200

#define PLANE_15 0xF3 /* lead byte, with a second byte of at least 0xB0 */
#define PLANE_16 0xF4

struct lifting {
	struct lift *lift;
	struct heap *heap;
	const char *p;
	size_t n;    /* end of the text */
	size_t at;   /* here */
	size_t done; /* copied up to here */
	char *out;
	size_t out_n, out_cap;
};

/* One token's lines while it is being read: piece i is [from[i], to[i]). */
struct pieces {
	size_t from[LIFT_MAX_PIECES], to[LIFT_MAX_PIECES];
	size_t count;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_alpha(char c)
{
	return is_lower((char)(c | 0x20)) && !(c & 0x80);
}

/* Of a word, in any script: what people may have meant as a name. */
static bool is_word(char c)
{
	return is_alpha(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || (c & 0x80);
}

static bool one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static char peek(const struct lifting *g, size_t i)
{
	return i < g->n ? g->p[i] : '\n';
}

static size_t skip_spaces(const struct lifting *g, size_t i)
{
	while (i < g->n && is_space(g->p[i]))
		i++;
	return i;
}

/* ---- output ---- */

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

static void replace(struct lifting *g, size_t from, size_t to, const char *with, size_t n)
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
		replace(g, from, to, placeholder, 6);
	else
		replace(g, from, to, placeholder + 1, 4);
}

static bool has_room(struct lifting *g, size_t count)
{
	if (g->lift->token_count + count <= LIFT_MAX_TOKENS)
		return true;
	g->lift->full = true;
	return false;
}

static void lift_pieces(struct lifting *g, enum token_kind kind, const struct pieces *pieces)
{
	size_t end = pieces->to[pieces->count - 1];

	if (!has_room(g, pieces->count))
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

static void lift_one(struct lifting *g, enum token_kind kind, size_t end)
{
	struct pieces pieces = {.count = 1};

	pieces.from[0] = g->at;
	pieces.to[0] = end;
	lift_pieces(g, kind, &pieces);
}

/* Only the first byte, so that the rest stays Markdown. */
static void lift_bad(struct lifting *g, enum token_fault fault, size_t end)
{
	struct token token = {
		.kind = TOKEN_BAD,
		.fault = (uint8_t)fault,
		.punctuation = true,
		.pieces = 1,
		.whole = (uint32_t)(end - g->at),
	};

	if (!has_room(g, 1))
		return;
	add_token(g, token, g->at, g->at + 1);
	g->at++;
}

/* ---- wrapping ---- */

static size_t line_start(const struct lifting *g, size_t i)
{
	while (i > 0 && g->p[i - 1] != '\n' && g->p[i - 1] != '\r')
		i--;
	return i;
}

/* Quote marks before the token on its own line, among list marks. */
static size_t quote_marks(const struct lifting *g)
{
	size_t count = 0;

	for (size_t i = line_start(g, g->at); i < g->at; i++) {
		char c = g->p[i];

		if (c == '>')
			count++;
		else if (!is_space(c) && !is_digit(c) && !one_of(c, "-*+.)"))
			break;
	}
	return count;
}

static bool is_marker(const struct lifting *g, size_t i)
{
	if (one_of(peek(g, i), "-*+"))
		return is_space(peek(g, i + 1)) || peek(g, i + 1) == '\n';
	while (is_digit(peek(g, i)))
		i++;
	return (peek(g, i) == '.' || peek(g, i) == ')') &&
	       (is_space(peek(g, i + 1)) || peek(g, i + 1) == '\n');
}

/* A line of one character repeated: a heading's underline, or a rule. */
static bool is_ruler(const struct lifting *g, size_t i)
{
	char c = peek(g, i);

	if (!one_of(c, "=-_*"))
		return false;
	while (peek(g, i) == c || is_space(peek(g, i)))
		i++;
	return peek(g, i) == '\n' || peek(g, i) == '\r';
}

/* Would a line that goes on like this start another block? Then a token does not reach over it. */
static bool starts_block(const struct lifting *g, size_t i)
{
	char c = peek(g, i);

	if (c == '\n' || c == '\r' || c == '>' || c == '<' || c == '#')
		return true;
	if ((c == '`' || c == '~') && peek(g, i + 1) == c && peek(g, i + 2) == c)
		return true;
	return is_marker(g, i) || is_ruler(g, i);
}

/*
 * From the line end at `i` to the first byte of the next line that can belong to the token; 0 when
 * the token must end before. Containers' marks are left to cmark.
 */
static size_t next_line(const struct lifting *g, size_t i, size_t quotes)
{
	i += peek(g, i) == '\r' && peek(g, i + 1) == '\n' ? 2 : 1;
	if (i >= g->n)
		return 0;
	for (i = skip_spaces(g, i); quotes && peek(g, i) == '>'; quotes--)
		i = skip_spaces(g, i + 1);
	return starts_block(g, i) ? 0 : i;
}

/*
 * Ends the piece at the line end `i` and begins the next one; false when the token cannot go on. The
 * piece takes the white space at its end along, so that it never makes a hard break.
 */
static bool wrap(struct lifting *g, struct pieces *pieces, size_t *i, size_t *quotes)
{
	size_t next;

	if (pieces->count == 1)
		*quotes = quote_marks(g);
	next = next_line(g, *i, *quotes);
	if (!next || pieces->count == LIFT_MAX_PIECES)
		return false;
	pieces->to[pieces->count - 1] = *i;
	pieces->from[pieces->count++] = next;
	*i = next;
	return true;
}

/* ---- {fact} ---- */

/*
 * An apostrophe quotes as ICU has it: before a brace (or, inside a plural, before #), up to the next
 * single one; two of them are an apostrophe. Returns the next index; *quoted is turned on or off.
 */
static size_t apostrophe(const struct lifting *g, size_t i, size_t depth, bool *quoted)
{
	char next = peek(g, i + 1);

	if (next == '\'')
		return i + 2;
	if (*quoted)
		*quoted = false;
	else
		*quoted = next == '{' || next == '}' || (next == '#' && depth > 1);
	return i + 1;
}

/* From after the name to after the closing brace; 0 with *fault when there is none. */
static size_t close_brace(struct lifting *g, size_t i, struct pieces *pieces, enum token_fault *fault)
{
	size_t depth = 1, quotes = 0;
	bool quoted = false;

	*fault = FAULT_END;
	while (i < g->n && depth <= LIFT_MAX_DEPTH) {
		char c = g->p[i];

		if (i - g->at >= LIFT_MAX_TOKEN_BYTES) {
			*fault = FAULT_LENGTH;
			return 0;
		}
		if (is_line_end(c)) {
			if (!wrap(g, pieces, &i, &quotes))
				return 0;
		} else if (c == '`') {
			return 0; /* never across a code span's border */
		} else if (c == '\'') {
			i = apostrophe(g, i, depth, &quoted);
		} else {
			i++;
			depth += !quoted && c == '{';
			depth -= !quoted && c == '}';
			if (!depth)
				return i;
		}
	}
	return 0;
}

/* `name` has the form of a fact's id and ends at `end`. */
static void lift_fact(struct lifting *g, size_t end)
{
	struct pieces pieces = {.count = 1};
	size_t i = skip_spaces(g, end), close;
	enum token_fault fault = FAULT_NAME;

	pieces.from[0] = g->at;
	if (peek(g, i) == '}') {
		close = i + 1;
	} else if (peek(g, i) == ',') {
		close = close_brace(g, i + 1, &pieces, &fault);
	} else {
		lift_bad(g, is_line_end(peek(g, i)) ? FAULT_END : FAULT_NAME, end);
		return;
	}
	if (!close) {
		lift_bad(g, fault, end);
		return;
	}
	pieces.to[pieces.count - 1] = close;
	lift_pieces(g, TOKEN_FACT, &pieces);
}

/* {Word}, { word }, {a-b, …}: surely meant as a fact, but not the form of one. */
static void lift_near_fact(struct lifting *g)
{
	size_t i = skip_spaces(g, g->at + 1), word = i, end;

	while (i < g->n && is_word(g->p[i]) && i - word < LIFT_MAX_ID_BYTES)
		i++;
	end = skip_spaces(g, i);
	if (i > word && g->p[word] != '.' && (peek(g, end) == '}' || peek(g, end) == ','))
		lift_bad(g, FAULT_NAME, end + 1);
}

/* {#id}: whatever stands there without white space, so that a bad id is reported and not shown. */
static void lift_id(struct lifting *g)
{
	size_t i = g->at + 2;

	while (i < g->n && (unsigned char)g->p[i] > ' ' && !one_of(g->p[i], "{}`") &&
		i - g->at < LIFT_MAX_ID_BYTES)
		i++;
	if (i > g->at + 2 && peek(g, i) == '}')
		lift_one(g, TOKEN_ID, i + 1);
}

static void lift_brace(struct lifting *g)
{
	size_t start = g->at, i = start + 1;
	char c = peek(g, i);

	if (c == '{') { /* other people's templates: no token, however many braces */
		while (peek(g, g->at) == '{')
			g->at++;
		return;
	}
	if (c == '#') {
		lift_id(g);
	} else if (is_lower(c)) {
		while (i - start < LIFT_MAX_ID_BYTES &&
			(is_lower(peek(g, i)) || is_digit(peek(g, i)) || peek(g, i) == '_'))
			i++;
		if (is_word(peek(g, i)))
			lift_near_fact(g);
		else
			lift_fact(g, i);
	} else {
		lift_near_fact(g);
	}
	if (g->at == start)
		g->at++;
}

/* ---- [@source, place] and [!CALLOUT] ---- */

/* From after the comma to the closing bracket; 0 when there is none. */
static size_t close_bracket(struct lifting *g, size_t i, struct pieces *pieces)
{
	size_t quotes = 0;

	while (i < g->n && i - g->at < LIFT_MAX_TOKEN_BYTES) {
		char c = g->p[i];

		if (c == ']')
			return i;
		if (c == '[' || c == '`')
			return 0;
		if (!is_line_end(c))
			i++;
		else if (!wrap(g, pieces, &i, &quotes))
			return 0;
	}
	return 0;
}

/* What makes a link of the brackets before it; two citations side by side are not one. */
static bool is_link_tail(const struct lifting *g, size_t i)
{
	return peek(g, i) == '(' || (peek(g, i) == '[' && peek(g, i + 1) != '@');
}

static void lift_cite(struct lifting *g)
{
	struct pieces pieces = {.count = 1};
	size_t i = g->at + 2, id = i, close;
	bool comma;

	while (i < g->n && is_word(g->p[i]) && !(g->p[i] & 0x80))
		i++;
	if (i == id)
		return;
	comma = peek(g, skip_spaces(g, i)) == ',';
	pieces.from[0] = g->at;
	close = close_bracket(g, i, &pieces);
	if (!close || is_link_tail(g, close + 1))
		return;
	if (comma || skip_spaces(g, i) == close) {
		pieces.to[pieces.count - 1] = close + 1;
		lift_pieces(g, TOKEN_CITE, &pieces);
	} else {
		lift_bad(g, FAULT_CITE, pieces.count == 1 ? close + 1 : i);
	}
}

static void lift_callout(struct lifting *g)
{
	size_t i = g->at + 2, before = g->at;

	while (before > 0 && is_space(g->p[before - 1]))
		before--;
	if (before == 0 || g->p[before - 1] != '>')
		return;
	while (is_alpha(peek(g, i)) && i - g->at < LIFT_MAX_ID_BYTES)
		i++;
	if (i > g->at + 2 && peek(g, i) == ']' && !is_link_tail(g, i + 1))
		lift_one(g, TOKEN_CALLOUT, i + 1);
}

static void lift_bracket(struct lifting *g)
{
	size_t start = g->at;

	if (peek(g, start + 1) == '@')
		lift_cite(g);
	else if (peek(g, start + 1) == '!')
		lift_callout(g);
	if (g->at == start)
		g->at++;
}

/* ---- &#xF0000; ---- */

/*
 * A numeric reference to a character that cmark would give us back as a placeholder. In text and in
 * destinations it stands for its character, in code for itself.
 */
static void lift_entity(struct lifting *g)
{
	uint32_t cp;
	size_t n = entity_numeric(str_make(g->p + g->at, g->n - g->at), &cp);

	if (!n || cp < 0xF0000) {
		g->at++;
	} else if (has_room(g, 1)) {
		lift_one(g, TOKEN_ENTITY, g->at + n);
	} else { /* reported; but it must not come back as somebody else's placeholder */
		replace(g, g->at, g->at + n, "\xEF\xBF\xBD", 3);
		g->lift->nuls = true;
		g->at += n;
	}
}

size_t entity_numeric(struct str s, uint32_t *cp)
{
	bool hex = s.n > 2 && (s.p[2] | 0x20) == 'x';
	size_t first = hex ? 3 : 2, i = first;
	uint32_t value = 0;

	if (s.n < 4 || s.p[0] != '&' || s.p[1] != '#')
		return 0;
	for (; i < s.n && i - first < (hex ? 6 : 7); i++) {
		char c = s.p[i];
		int digit = is_digit(c)				      ? c - '0'
			    : hex && is_alpha(c) && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
								      : -1;

		if (digit < 0)
			break;
		value = value * (hex ? 16 : 10) + (uint32_t)digit;
	}
	if (i == first || i >= s.n || s.p[i] != ';')
		return 0;
	*cp = value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? 0xFFFD : value;
	return i + 1;
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
		replace(g, g->at, g->at + 1, "\xEF\xBF\xBD", 3);
		g->lift->nuls = true;
		g->at++;
	} else if ((unsigned char)c >= PLANE_15) {
		replace(g, g->at, g->at + 1, LIFT_ESCAPE "\xF3", LIFT_ESCAPE_BYTES + 1);
		g->out[g->out_n - 1] = c;
		g->lift->escapes = true;
		g->at++;
	} else if (is_escaped(g)) {
		g->at++;
	} else if (c == '{') {
		lift_brace(g);
	} else if (c == '[') {
		lift_bracket(g);
	} else {
		lift_entity(g);
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
