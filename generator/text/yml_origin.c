#include "text/yml_impl.h"

/* Both texts are walked side by side; `map` is filled up to `v`. */
struct aligner {
	struct str raw, text;
	size_t i, v;
	size_t at; /* of raw in the source */
	uint32_t *map;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Length of the line break at raw[i], or 0. */
static size_t break_at(struct str raw, size_t i)
{
	static const struct str breaks[] = {
		{"\r\n", 2}, {"\n", 1}, {"\r", 1}, {"\xC2\x85", 2}, {"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3}};
	struct str rest = str_slice(raw, i, raw.n);

	if (!rest.n || !strchr("\r\n\xC2\xE2", rest.p[0]))
		return 0;
	for (size_t b = 0; b < COUNT_OF(breaks); b++)
		if (str_starts(rest, breaks[b]))
			return breaks[b].n;
	return 0;
}

/* A byte that stands in both. */
static void same(struct aligner *al)
{
	al->map[al->v++] = (uint32_t)(al->at + al->i++);
}

/* The next code point of the text comes from raw[i]. */
static void unit(struct aligner *al)
{
	do
		if (al->v < al->text.n)
			al->map[al->v++] = (uint32_t)(al->at + al->i);
	while (al->v < al->text.n && ((unsigned char)al->text.p[al->v] & 0xC0) == 0x80);
}

static void units(struct aligner *al, size_t count)
{
	while (count-- && al->v < al->text.n)
		unit(al);
}

/* Blanks and breaks from raw[i] on: where they end, and how many breaks there are. */
static size_t white_end(struct str raw, size_t i, size_t *breaks)
{
	size_t n;

	for (*breaks = 0; i < raw.n; i += n) {
		n = break_at(raw, i);
		*breaks += n > 0;
		if (!n && is_blank(raw.p[i]))
			n = 1;
		if (!n)
			break;
	}
	return i;
}

/* One break is folded to a space; of more, the first is dropped. Blanks inside a line stay. */
static bool white(struct aligner *al)
{
	size_t breaks, end = white_end(al->raw, al->i, &breaks);

	if (end == al->i)
		return false;
	if (breaks)
		units(al, breaks > 1 ? breaks - 1 : 1);
	while (!breaks && al->i < end && al->v < al->text.n)
		same(al);
	al->i = end;
	return true;
}

static void escape(struct aligner *al)
{
	size_t line = break_at(al->raw, al->i + 1), breaks;
	char c = 0;

	if (line) { /* an escaped line end is nothing, empty lines after it count */
		size_t end = white_end(al->raw, al->i + 1 + line, &breaks);

		units(al, breaks);
		al->i = end;
		return;
	}
	if (al->i + 1 < al->raw.n)
		c = al->raw.p[al->i + 1];
	unit(al);
	al->i += c == 'x' ? 4 : c == 'u' ? 6 : c == 'U' ? 10 : 2;
}

static bool is_escape(const struct aligner *al, enum yml_style style)
{
	return style == YML_DOUBLE && al->raw.p[al->i] == '\\';
}

static bool is_doubled(const struct aligner *al, enum yml_style style)
{
	return style == YML_SINGLE && str_starts(str_slice(al->raw, al->i, al->raw.n), STR("''"));
}

static void align_flow(struct aligner *al, enum yml_style style)
{
	while (al->v < al->text.n && al->i < al->raw.n) {
		if (is_escape(al, style)) {
			escape(al);
		} else if (is_doubled(al, style)) {
			unit(al);
			al->i += 2;
		} else if (!white(al)) {
			same(al);
		}
	}
}

static size_t line_end(struct str raw, size_t i)
{
	while (i < raw.n && !break_at(raw, i))
		i++;
	return i;
}

static size_t spaces_at(struct str s, size_t i)
{
	size_t n = 0;

	while (i + n < s.n && s.p[i + n] == ' ')
		n++;
	return n;
}

/* Columns that libyaml took off each line: what the first written line has more of than the text's. */
static size_t block_indent(struct str raw, size_t i, struct str text)
{
	size_t v = 0, breaks, end = white_end(raw, i, &breaks), start = end, written, kept;

	while (start > i && !break_at(raw, start - 1))
		start--;
	while (v < text.n && text.p[v] == '\n')
		v++;
	written = spaces_at(raw, start);
	kept = spaces_at(text, v);
	return written > kept ? written - kept : 0;
}

static void align_line(struct aligner *al, size_t indent, size_t end)
{
	size_t spaces = spaces_at(al->raw, al->i);

	al->i += spaces < indent ? spaces : indent;
	if (al->i > end)
		al->i = end;
	while (al->i < end && al->v < al->text.n && al->raw.p[al->i] == al->text.p[al->v])
		same(al);
	al->i = end;
}

static void align_block(struct aligner *al, enum yml_style style)
{
	size_t indent;

	al->i = line_end(al->raw, 0);
	al->i += break_at(al->raw, al->i);
	indent = block_indent(al->raw, al->i, al->text);
	while (al->v < al->text.n && al->i < al->raw.n) {
		size_t end = line_end(al->raw, al->i);

		align_line(al, indent, end);
		if (al->v < al->text.n && (al->text.p[al->v] == '\n' || style == YML_FOLDED) &&
			end < al->raw.n)
			if (al->text.p[al->v] == '\n' || al->text.p[al->v] == ' ')
				unit(al);
		al->i = end + break_at(al->raw, end);
	}
}

struct origin yml_origin(
	struct arena *a, struct source *src, struct str raw, size_t at, enum yml_style style, struct str text)
{
	struct aligner al = {.raw = raw, .text = text, .at = at};

	if (style == YML_SINGLE || style == YML_DOUBLE) {
		al.raw = str_slice(raw, 1, raw.n ? raw.n - 1 : 0);
		al.at++;
	}
	if (str_eq(al.raw, text))
		return (struct origin){src, al.at, NULL};
	al.map = arena_new_n(a, uint32_t, text.n + 1);
	if (style == YML_LITERAL || style == YML_FOLDED)
		align_block(&al, style);
	else
		align_flow(&al, style);
	if (al.i > al.raw.n)
		al.i = al.raw.n;
	while (al.v <= text.n)
		al.map[al.v++] = (uint32_t)(al.at + al.i);
	return (struct origin){src, al.at, al.map};
}
