/*
 * The block half of place (markdown_impl.h): lines, containers, and a block's content.
 *
 * cmark says truly where a block starts and on which line it ends, but not where the further lines of a
 * paragraph go on after their containers' marks. So each line's start is walked here as cmark walks it:
 * by columns, a tab reaching to the next multiple of four.
 */
#include "text/markdown_impl.h"

#define TAB_STOP 4
#define CODE_INDENT 4

/* A position on a line: a tab may be partly used up, so bytes alone do not say enough. */
struct spot {
	size_t at, column;
	bool partial;
};

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char peek(const struct place *p, size_t i)
{
	return i < p->text.n ? p->text.p[i] : '\n';
}

static void add_line(struct place *p, size_t *cap, size_t start)
{
	if (p->line_count + 1 >= *cap) { /* always room for the end of the text */
		*cap = *cap ? *cap * 2 : 64;
		p->lines = heap_resize(p->heap, p->lines, *cap * sizeof(*p->lines));
	}
	p->lines[p->line_count++] = (uint32_t)start;
}

static size_t find_line_end(struct str s, size_t i, bool cr)
{
	const char *p;

	if (!cr) {
		p = memchr(s.p + i, '\n', s.n - i);
		return p ? (size_t)(p - s.p) : s.n;
	}
	while (i < s.n && !is_line_end(s.p[i]))
		i++;
	return i;
}

static void map_lines(struct place *p)
{
	struct str s = p->text;
	bool cr = s.n && memchr(s.p, '\r', s.n);
	size_t cap = 0, i = 0;

	do {
		add_line(p, &cap, i);
		i = i < s.n ? find_line_end(s, i, cr) : s.n;
		i += i < s.n && s.p[i] == '\r' && peek(p, i + 1) == '\n' && i + 1 < s.n ? 2 : 1;
	} while (i < s.n);
	p->lines[p->line_count] = (uint32_t)s.n;
}

void place_init(struct place *p, struct heap *h, struct str text)
{
	*p = (struct place){.heap = h, .text = text};
	map_lines(p);
}

size_t place_line_start(const struct place *p, size_t line)
{
	if (line < 1)
		return 0;
	return p->lines[line <= p->line_count ? line - 1 : p->line_count];
}

size_t place_line_end(const struct place *p, size_t line)
{
	size_t start = place_line_start(p, line), end = place_line_start(p, line + 1);

	while (end > start && is_space(p->text.p[end - 1]))
		end--;
	return end;
}

size_t place_offset(const struct place *p, int line, int column)
{
	size_t at = place_line_start(p, line < 1 ? 1 : (size_t)line) + (column < 1 ? 0 : (size_t)column - 1);

	return at < p->text.n ? at : p->text.n;
}

/* ---- columns ---- */

/* Past white space; the columns it is wide. */
static size_t indent_at(const struct place *p, struct spot s, size_t *first)
{
	size_t column = s.column;

	for (*first = s.at; *first < p->text.n; ++*first) {
		if (p->text.p[*first] == ' ')
			column++;
		else if (p->text.p[*first] == '\t')
			column += TAB_STOP - column % TAB_STOP;
		else
			break;
	}
	return column - s.column;
}

static void advance_columns(const struct place *p, struct spot *s, size_t n)
{
	while (n > 0 && !is_line_end(peek(p, s->at))) {
		size_t width = p->text.p[s->at] == '\t' ? TAB_STOP - s->column % TAB_STOP : 1;
		size_t used = width < n ? width : n;

		s->column += used;
		s->at += used == width;
		s->partial = used < width;
		n -= used;
	}
}

static void advance_bytes(const struct place *p, struct spot *s, size_t n)
{
	s->partial = false;
	for (; n > 0; n--, s->at++)
		s->column += peek(p, s->at) == '\t' ? TAB_STOP - s->column % TAB_STOP : 1;
}

static bool is_space_at(const struct place *p, size_t i)
{
	return peek(p, i) == ' ' || peek(p, i) == '\t';
}

static void optional_space(const struct place *p, struct spot *s)
{
	if (is_space_at(p, s->at))
		advance_columns(p, s, 1);
}

/* ---- containers ---- */

/* One container's mark on a line after its first; false when the line is not inside it. */
static bool continue_box(const struct place *p, const struct box *b, struct spot *s)
{
	size_t first, indent = indent_at(p, *s, &first);

	if (b->item) {
		if (indent < b->indent)
			return false;
		advance_columns(p, s, b->indent);
		return true;
	}
	if (indent >= CODE_INDENT || peek(p, first) != '>')
		return false;
	advance_columns(p, s, indent + 1);
	optional_space(p, s);
	return true;
}

/* Through the marks of all containers; where the first one that fails would stand. */
static bool walk_line(const struct place *p, size_t line, struct spot *s)
{
	*s = (struct spot){.at = place_line_start(p, line)};
	for (size_t i = 0; i < p->box_count; i++)
		if (!continue_box(p, &p->boxes[i], s))
			return false;
	return true;
}

/* Before the mark of a container that starts here: after its parent's, which may share the line. */
static struct spot spot_before(const struct place *p, uint32_t line)
{
	const struct box *parent = p->box_count ? &p->boxes[p->box_count - 1] : NULL;
	struct spot s;

	if (parent && parent->line == line)
		return (struct spot){.at = parent->at, .column = parent->column};
	(void)walk_line(p, line, &s);
	return s;
}

static void push(struct place *p, struct box b, struct spot after)
{
	if (p->box_count == COUNT_OF(p->boxes))
		BUG("containers deeper than the cap");
	b.at = after.at;
	b.column = after.column;
	p->boxes[p->box_count++] = b;
}

void place_quote(struct place *p, int line, int column)
{
	struct spot s = spot_before(p, (uint32_t)line);
	size_t at = place_offset(p, line, column);

	if (at >= s.at)
		advance_bytes(p, &s, at + 1 - s.at);
	optional_space(p, &s);
	push(p, (struct box){.line = (uint32_t)line}, s);
}

static size_t marker_width(const struct place *p, size_t at)
{
	size_t i = at;

	while (peek(p, i) >= '0' && peek(p, i) <= '9')
		i++;
	return i + 1 - at;
}

/* An item owns its mark and up to four columns after it; with five or more it owns one, the rest is code. */
void place_item(struct place *p, int line, int column)
{
	struct spot s = spot_before(p, (uint32_t)line), after;
	size_t first, indent = indent_at(p, s, &first), at = place_offset(p, line, column), gap;
	size_t width = marker_width(p, at);

	if (at >= s.at)
		advance_bytes(p, &s, at + width - s.at);
	after = s;
	while (after.column - s.column <= 5 && is_space_at(p, after.at))
		advance_columns(p, &after, 1);
	gap = after.column - s.column;
	if (gap >= 5 || gap < 1 || is_line_end(peek(p, after.at))) {
		after = s;
		if (gap > 0)
			advance_columns(p, &after, 1);
		gap = 1;
	}
	push(p,
		(struct box){
			.item = true, .indent = (uint32_t)(indent + width + gap), .line = (uint32_t)line},
		after);
}

void place_leave(struct place *p)
{
	p->box_count--;
}

bool place_inside(const struct place *p, size_t line, size_t *at, size_t *indent)
{
	struct spot s;

	if (line > p->line_count || !walk_line(p, line, &s))
		return false;
	*indent = indent_at(p, s, at);
	return true;
}

bool place_indented(const struct place *p, size_t line)
{
	size_t first;

	return indent_at(p, spot_before(p, (uint32_t)line), &first) >= CODE_INDENT;
}

/* ---- content ---- */

/*
 * Where a further line of a paragraph begins. A line outside its containers (a lazy one) keeps its white
 * space; *columns is then what is left of a tab that the containers used up in part.
 */
static size_t content_start(const struct place *p, size_t line, size_t *columns)
{
	struct spot s;
	size_t first;
	bool inside = walk_line(p, line, &s);

	*columns = !inside && s.partial ? TAB_STOP - s.column % TAB_STOP : 0;
	if (!inside)
		return s.at;
	indent_at(p, s, &first);
	return first;
}

static void start_content(struct place *p, size_t from, size_t to)
{
	p->content = str_slice(p->text, from, to);
	p->segs = heap_resize(p->heap, p->segs, sizeof(*p->segs));
	p->segs[0] = (struct seg){.lifted = (uint32_t)from};
	p->seg_count = 1;
	p->at = 0;
	p->lost = false;
	memset(p->unclosed, 0xFF, sizeof(p->unclosed));
}

static void add_seg(struct place *p, size_t content, size_t lifted)
{
	p->segs[p->seg_count++] = (struct seg){.content = (uint32_t)content, .lifted = (uint32_t)lifted};
}

static size_t without_line_end(const struct place *p, size_t start, size_t end)
{
	while (end > start && is_line_end(p->text.p[end - 1]))
		end--;
	return end;
}

/* Lines that do not lie one after the other in the text are copied, each with a seg of its own. */
static void gather(struct place *p, size_t from, size_t line, size_t last)
{
	size_t count = last - line + 1, n = 0, columns = 0;
	char *out = heap_alloc(p->heap, place_line_start(p, last + 1) - from + count * TAB_STOP);

	p->segs = heap_resize(p->heap, p->segs, 2 * count * sizeof(*p->segs));
	p->seg_count = 0;
	for (size_t l = line; l <= last; l++) {
		size_t start = l > line ? content_start(p, l, &columns) : from;
		size_t end = without_line_end(p, start, place_line_start(p, l + 1));

		if (columns) {
			add_seg(p, n, start);
			memset(out + n, ' ', columns);
			n += columns;
			start++;
		}
		add_seg(p, n, start);
		if (end > start)
			memcpy(out + n, p->text.p + start, end - start);
		n += end > start ? end - start : 0;
		out[n++] = '\n';
	}
	p->untrimmed = str_make(out, n - 1);
	while (n > 0 && is_space(out[n - 1]))
		n--;
	p->content = str_make(out, n);
}

static bool contiguous(const struct place *p, size_t line, size_t last)
{
	size_t columns;

	for (size_t l = line + 1; l <= last; l++) {
		size_t start = place_line_start(p, l);

		if (content_start(p, l, &columns) != start || columns || p->text.p[start - 1] == '\r')
			return false;
		if (start > 1 && p->text.p[start - 2] == '\r')
			return false;
	}
	return true;
}

static struct range take_lines(struct place *p, int line, int column, size_t last)
{
	size_t from = place_offset(p, line, column), to = place_line_end(p, last);

	start_content(p, from, to);
	p->untrimmed = str_slice(p->text, from, without_line_end(p, from, place_line_start(p, last + 1)));
	if (last > (size_t)line && !contiguous(p, (size_t)line, last))
		gather(p, from, (size_t)line, last);
	return (struct range){from, to};
}

struct range place_paragraph(struct place *p, int line, int column, int end_line)
{
	struct range r = take_lines(p, line, column, end_line > line ? (size_t)end_line : (size_t)line);

	(void)place_skip_definitions(p);
	r.from = place_start(p, p->at);
	return r;
}

/* ---- headings ---- */

static size_t atx_width(const struct place *p, size_t at)
{
	size_t i = at;

	while (peek(p, i) == '#')
		i++;
	return i > at && i - at <= 6 && (is_space_at(p, i) || is_line_end(peek(p, i))) ? i - at : 0;
}

/* A line inside all containers that consists of = or - only. */
static bool is_underline(const struct place *p, size_t line)
{
	size_t at, indent;
	char c;

	if (!place_inside(p, line, &at, &indent) || indent >= CODE_INDENT)
		return false;
	c = peek(p, at);
	if (c != '=' && c != '-')
		return false;
	while (peek(p, at) == c)
		at++;
	while (is_space_at(p, at))
		at++;
	return is_line_end(peek(p, at));
}

/*
 * cmark ends a heading with an underline on that line at the end of the text, else on the line after.
 * The underline is the first of the two that looks like one and leaves something to be a heading.
 */
static struct range underlined(struct place *p, int line, int column, int end_line)
{
	struct range r = {0};

	for (int last = end_line - 1; last <= end_line; last++) {
		if (last <= line || !is_underline(p, (size_t)last))
			continue;
		r = take_lines(p, line, column, (size_t)last - 1);
		if (!place_skip_definitions(p))
			continue;
		r.from = place_start(p, p->at);
		r.to = place_line_end(p, (size_t)last);
		return r;
	}
	r = take_lines(p, line, column, (size_t)line);
	p->lost = true;
	return r;
}

/* Before the marks that may close a heading, or `to`. */
static size_t before_closing_marks(const struct place *p, size_t from, size_t to)
{
	size_t end = to;

	while (end > from && p->text.p[end - 1] == '#')
		end--;
	if (end == to || !is_space_at(p, end - 1))
		return to;
	while (end > from && is_space(p->text.p[end - 1]))
		end--;
	return end;
}

struct range place_heading(struct place *p, int line, int column, int end_line)
{
	size_t from = place_offset(p, line, column), marks = atx_width(p, from);
	struct range r = {from, place_line_end(p, (size_t)line)};

	if (!marks)
		return underlined(p, line, column, end_line);
	for (from += marks; from < r.to && is_space_at(p, from);)
		from++;
	start_content(p, from, from < r.to ? before_closing_marks(p, from, r.to) : from);
	return r;
}

/* ---- from content to lifted ---- */

static const struct seg *seg_at(const struct place *p, size_t content)
{
	size_t low = 0, high = p->seg_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (p->segs[middle].content <= content)
			low = middle;
		else
			high = middle;
	}
	return &p->segs[low];
}

size_t place_start(const struct place *p, size_t content)
{
	const struct seg *s = seg_at(p, content);
	size_t lifted = s->lifted + (content - s->content);

	/* a tab that became spaces is shorter than they are */
	if (s + 1 < p->segs + p->seg_count && lifted >= s[1].lifted)
		lifted = s[1].lifted - 1;
	return lifted;
}

size_t place_end(const struct place *p, size_t content)
{
	return content ? place_start(p, content - 1) + 1 : place_start(p, 0);
}
