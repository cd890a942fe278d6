/*
 * The scan half of lift (markdown_impl.h): what is a token and how far it reaches.
 *
 * Whether a token stands in code, in a link's destination or in running text is not known here; cmark
 * finds that out, and then a node is made of it or it is put back as it was written. So nothing is
 * reported here, and a wrong token is lifted too (its first byte), to be reported where it is text.
 */
#include "text/markdown_lift.h"

#define LIFT_MAX_DEPTH (2 * MESSAGE_MAX_DEPTH + 2) /* of braces in one token */
#define LIFT_MAX_ID_BYTES 200

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
static void scan_fact(struct lifting *g, size_t end)
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
		lifting_bad(g, is_line_end(peek(g, i)) ? FAULT_END : FAULT_NAME, end);
		return;
	}
	if (!close) {
		lifting_bad(g, fault, end);
		return;
	}
	pieces.to[pieces.count - 1] = close;
	lifting_pieces(g, TOKEN_FACT, &pieces);
}

/* {Word}, { word }, {a-b, …}: surely meant as a fact, but not the form of one. */
static void scan_near_fact(struct lifting *g)
{
	size_t i = skip_spaces(g, g->at + 1), word = i, end;

	while (i < g->n && is_word(g->p[i]) && i - word < LIFT_MAX_ID_BYTES)
		i++;
	end = skip_spaces(g, i);
	if (i > word && g->p[word] != '.' && (peek(g, end) == '}' || peek(g, end) == ','))
		lifting_bad(g, FAULT_NAME, end + 1);
}

/* {#id}: whatever stands there without white space, so that a bad id is reported and not shown. */
static void scan_id(struct lifting *g)
{
	size_t i = g->at + 2;

	while (i < g->n && (unsigned char)g->p[i] > ' ' && !one_of(g->p[i], "{}`") &&
		i - g->at < LIFT_MAX_ID_BYTES)
		i++;
	if (i > g->at + 2 && peek(g, i) == '}')
		lifting_one(g, TOKEN_ID, i + 1);
}

static void scan_brace(struct lifting *g)
{
	size_t start = g->at, i = start + 1;
	char c = peek(g, i);

	if (c == '{') { /* other people's templates: no token, however many braces */
		while (peek(g, g->at) == '{')
			g->at++;
		return;
	}
	if (c == '#') {
		scan_id(g);
	} else if (is_lower(c)) {
		while (i - start < LIFT_MAX_ID_BYTES &&
			(is_lower(peek(g, i)) || is_digit(peek(g, i)) || peek(g, i) == '_'))
			i++;
		if (is_word(peek(g, i)))
			scan_near_fact(g);
		else
			scan_fact(g, i);
	} else {
		scan_near_fact(g);
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

static void scan_cite(struct lifting *g)
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
		lifting_pieces(g, TOKEN_CITE, &pieces);
	} else {
		lifting_bad(g, FAULT_CITE, pieces.count == 1 ? close + 1 : i);
	}
}

static void scan_callout(struct lifting *g)
{
	size_t i = g->at + 2, before = g->at;

	while (before > 0 && is_space(g->p[before - 1]))
		before--;
	if (before == 0 || g->p[before - 1] != '>')
		return;
	while (is_alpha(peek(g, i)) && i - g->at < LIFT_MAX_ID_BYTES)
		i++;
	if (i > g->at + 2 && peek(g, i) == ']' && !is_link_tail(g, i + 1))
		lifting_one(g, TOKEN_CALLOUT, i + 1);
}

static void scan_bracket(struct lifting *g)
{
	size_t start = g->at;

	if (peek(g, start + 1) == '@')
		scan_cite(g);
	else if (peek(g, start + 1) == '!')
		scan_callout(g);
	if (g->at == start)
		g->at++;
}

/* ---- &#xF0000; ---- */

/*
 * A numeric reference to a character that cmark would give us back as a placeholder. In text and in
 * destinations it stands for its character, in code for itself.
 */
static void scan_entity(struct lifting *g)
{
	uint32_t cp;
	size_t n = entity_numeric(str_make(g->p + g->at, g->n - g->at), &cp);

	if (!n || cp < 0xF0000) {
		g->at++;
	} else if (lifting_has_room(g, 1)) {
		lifting_one(g, TOKEN_ENTITY, g->at + n);
	} else { /* reported; but it must not come back as somebody else's placeholder */
		lifting_replace(g, g->at, g->at + n, "\xEF\xBF\xBD", 3);
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

void scan_token(struct lifting *g)
{
	switch (g->p[g->at]) {
	case '{':
		scan_brace(g);
		break;
	case '[':
		scan_bracket(g);
		break;
	default:
		scan_entity(g);
	}
}
