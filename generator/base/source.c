#include "base/source.h"

void source_init(struct source *src, struct str path, struct str text)
{
	*src = (struct source){.path = path, .text = text};
}

void source_release(struct source *src)
{
	free(src->lines);
	src->lines = NULL;
	src->line_count = 0;
	src->seen_at = src->seen_column = 0;
}

static void map_lines(struct source *src)
{
	size_t count = 1;

	if (src->lines)
		return;
	for (size_t i = 0; i < src->text.n; i++)
		count += src->text.p[i] == '\n';
	src->lines = xmalloc(count * sizeof(*src->lines));
	src->lines[0] = 0;
	src->line_count = 1;
	for (size_t i = 0; i < src->text.n; i++)
		if (src->text.p[i] == '\n')
			src->lines[src->line_count++] = (uint32_t)i + 1;
}

/* The last line that starts at or before `at`, from 0. */
static size_t line_of(const struct source *src, size_t at)
{
	size_t low = 0, high = src->line_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (src->lines[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Goes on from the place asked for last where it can, so that a long line full of faults is walked once. */
static size_t column_of(struct source *src, size_t line, size_t at)
{
	size_t i = src->lines[line], column = 1;

	if (src->seen_column && src->seen_at >= i && src->seen_at <= at) {
		i = src->seen_at;
		column = src->seen_column;
	}
	for (; i < at; i++)
		column += ((unsigned char)src->text.p[i] & 0xC0) != 0x80;
	src->seen_at = at;
	src->seen_column = column;
	return column;
}

struct source_pos source_pos(struct source *src, size_t at)
{
	struct source_pos pos;
	size_t line;

	map_lines(src);
	if (at > src->text.n)
		at = src->text.n;
	line = line_of(src, at);
	pos = (struct source_pos){line + 1, column_of(src, line, at)};
	/* A byte order mark is not a column that anybody sees. */
	if (line == 0 && pos.column > 1 && str_starts(src->text, STR("\xEF\xBB\xBF")))
		pos.column--;
	return pos;
}

size_t source_line_start(struct source *src, size_t line)
{
	map_lines(src);
	if (line < 1)
		return 0;
	return line > src->line_count ? src->text.n : src->lines[line - 1];
}

struct str source_line(struct source *src, size_t line)
{
	size_t from = source_line_start(src, line), to = source_line_start(src, line + 1);
	struct str text = str_slice(src->text, from, to);

	if (str_ends(text, STR("\n")))
		text.n--;
	if (str_ends(text, STR("\r")))
		text.n--;
	return text;
}

struct span span_make(struct source *src, size_t at, size_t n)
{
	return (struct span){src, at, n};
}

struct span origin_span(const struct origin *o, size_t from, size_t to)
{
	if (!o->map)
		return span_make(o->src, o->at + from, to - from);
	return span_make(o->src, o->map[from], o->map[to] > o->map[from] ? o->map[to] - o->map[from] : 0);
}
