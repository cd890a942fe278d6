/*
 * chart: a ```chart block, read.
 *
 *	kind: bars				bars, line or shares
 *	title: …				what it shows
 *	points: [{label: …, value: 12}, {label: …, fact: id}]
 *
 * or `series` with a name and points each; `summary`, `unit`, `currency`, and for a line `from`, for shares
 * `whole`. Labels are the union of all series' labels in order of first use; a series without one of them has
 * a gap there. docs/writing.md tells people.
 */
#ifndef MODEL_CHART_H
#define MODEL_CHART_H

#include "model/figure.h"

#define CHART_MAX_BARS 40   /* of all series */
#define CHART_MAX_POINTS 60 /* of one line */
#define CHART_MAX_SERIES 4
#define CHART_MAX_SHARES 6

enum chart_kind { CHART_BARS, CHART_LINE, CHART_SHARES, CHART_KINDS };

struct chart_series {
	struct figure_text name; /* none for a single series */
	struct figure *figures;	 /* by label; VALUE_NULL where there is none */
};

struct chart {
	enum chart_kind kind;
	struct figure_text title, summary, unit;
	enum measure measure;
	struct str currency;
	struct figure_text *labels;
	size_t label_count, label_cap;
	bool years; /* every label is a year, and they go up */
	struct chart_series *series;
	size_t series_count;
	int64_t from;  /* of a line: where the axis begins */
	int64_t whole; /* of shares: what they are parts of */
	int64_t rest;  /* and what is left of it, unless that is rounding */
	bool rounded;  /* the parts do not add up, as far as rounding explains */
};

/* False when an error was said, or a fact does not exist. `at` is the block's text. */
bool chart_read(struct chart *c, struct figure_reader *r, struct span at) MUST_USE;

/* The year that a label is; 0 when it is none. */
int chart_year(struct str label);

#endif
