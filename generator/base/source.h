/*
 * source: the bytes of one file that people wrote, with its name and a line map.
 *
 * Offsets are bytes from the start of `text`. Lines and columns are counted from 1; a column is a
 * code point. The line map is built on the first question and then kept: ask from one thread at a time
 * (each file is parsed by one thread; diagnostics are printed by one).
 */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include "base/arena.h"
#include "base/str.h"

struct source {
	struct str path; /* as people should read it: relative to the root, '/' between */
	struct str text;
	uint32_t *lines; /* offset of each line's first byte */
	size_t line_count;
	size_t seen_at, seen_column; /* the place asked for last: the next is often in the same line */
	bool secret;		     /* it holds a password: none of its lines is shown to anybody */
};

struct source_pos {
	size_t line, column;
};

/* A stretch of a source. `src` NULL: the whole program; length 0: a point. */
struct span {
	struct source *src;
	size_t at, n;
};

/*
 * Where the bytes of a text come from: byte i stands at at + i, or at map[i] when the text is not
 * verbatim in the source (escapes, folded lines). For parsers of texts inside other files.
 */
struct origin {
	struct source *src;
	size_t at;
	const uint32_t *map; /* one entry a byte and one for the end, or NULL */
};
struct span origin_span(const struct origin *o, size_t from, size_t to);

void source_init(struct source *src, struct str path, struct str text); /* borrows both */
void source_release(struct source *src);				/* frees the line map */

struct source_pos source_pos(struct source *src, size_t at);
/* Byte offset of a line's start (line from 1), clamped to the text. */
size_t source_line_start(struct source *src, size_t line);
/* A line without its line end. */
struct str source_line(struct source *src, size_t line);
struct span span_make(struct source *src, size_t at, size_t n);

#endif
