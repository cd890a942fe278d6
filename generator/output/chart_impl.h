/*
 * chart_impl: how charts are drawn. Private to chart*.c and table.c.
 *
 * A chart is an SVG as wide as its column, without a view box: across, places are percent of the width, so
 * that letters never shrink; down, they are em, so that it grows with the text. Its origin is the inline
 * start: in a language that is written from the right the drawing stands in an <svg x="100%">, and x counts
 * backwards. Colours are currentColor and what the style sheet makes of it; patterns and words carry every
 * difference.
 */
#ifndef OUTPUT_CHART_IMPL_H
#define OUTPUT_CHART_IMPL_H

#include "model/chart.h"
#include "model/table.h"
#include "output/block.h"

#define CHART_MAX_BYTES ((size_t)1 << 20)

/* Columns of text that fit beside each other on the narrowest screen (320 px). */
#define CHART_COLUMNS 30

/* What drawings are measured in: hundredths of a percent across and of an em down. */
#define CHART_FULL 10000
#define CHART_EM 100
#define CHART_LINE_HEIGHT 135
#define CHART_BELOW 30 /* the last line's descenders, which are deep in some scripts */

struct drawing {
	const struct block *b;
	const struct chart *c;
	const struct figure_reader *reader;
	struct arena *a;
	struct buf *out;
	bool rtl;
	int y; /* how far down it is drawn */
};

/* How much of `whole` a part is, of CHART_FULL. */
int chart_ratio(int64_t part, int64_t whole);

/* A figure, an amount and a text, as text in the text's language; they live in d->a. */
struct str chart_figure(const struct drawing *d, const struct figure *f);
struct str chart_amount(const struct drawing *d, int64_t amount);
struct str chart_text(const struct drawing *d, struct figure_text t);
struct str chart_label(const struct drawing *d, size_t i); /* a year in the language's digits */
struct str chart_phrase(const struct drawing *d, const char *key, struct value args);

/* About how many columns a text takes. */
int chart_columns(struct str text);

/* ` x="…%"` and the like, with the direction in it; `width` is that of what stands there, 0 for a point. */
void chart_x_percent(struct drawing *d, const char *name, int x, int width);
void chart_x_em(struct drawing *d, const char *name, int x, int width);
void chart_em(struct drawing *d, const char *name, int em);

/*
 * Lines of text from d->y down, with a value at their end (may be empty); moves d->y. `indent` in em,
 * `anchor` "start", "middle" or "end".
 */
void chart_lines(struct drawing *d, int indent, struct str text, struct str value);

/* The patterns, once a drawing; and ` fill="…"` of pattern k, from 0 (solid). */
#define CHART_PATTERNS 6
void chart_patterns(struct drawing *d, size_t count);
void chart_fill(struct drawing *d, size_t k);

void chart_bars(struct drawing *d);
void chart_line(struct drawing *d);
void chart_shares(struct drawing *d);

/* ```chart and ```table, see block.c. */
bool chart_write(const struct block *b, struct buf *out);
bool table_write(const struct block *b, struct buf *out);

/* Marks for the sources of all facts that a block uses, each once. */
void chart_cite(const struct block *b, const struct figure_reader *r, struct buf *out);

#endif
