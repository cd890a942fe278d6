/*
 * figure: what charts and tables are made of: figures (a number, or a fact) and texts with facts in them.
 *
 * A block is read by a struct figure_reader, which says what is wrong at its place and notes every fact that
 * is used, so that the check can tell whether it exists; the reader itself only looks it up.
 *
 * Figures keep their digits for showing, and an amount in millionths for drawing: no double comes near them.
 */
#ifndef MODEL_FIGURE_H
#define MODEL_FIGURE_H

#include "model/fact.h"
#include "text/message.h"

/* What one counts in: figures of one chart are all of the same measure. */
enum measure { MEASURE_NONE /* not known yet */, MEASURE_NUMBER, MEASURE_PERCENT, MEASURE_MONEY };

struct figure {
	const struct fact *fact; /* NULL: written in the block */
	struct value value;	 /* VALUE_NULL: there is no figure */
	struct str text;	 /* as written; empty for a fact */
	int64_t amount;		 /* millionths; of a percentage the percent */
	struct span at;
};

/* A text, with {facts} as in prose. */
struct figure_text {
	struct message *message; /* NULL: there is none */
	struct str written;
	struct span at;
};

#define FIGURE_ONE 1000000 /* of an amount */
#define FIGURE_MAX_DIGITS 12
#define FIGURE_MAX_PERCENT 6 /* digits of a percentage */
#define FIGURE_MAX_DECIMALS 6

struct figure_reader {
	struct arena *a;
	const struct map *facts;
	struct locale *locale; /* of the text */
	struct diag *d;
	/* Facts that are used, as message arguments: {name, at, type}. */
	struct message_arg *uses;
	size_t use_count, use_cap;
	bool unknown; /* a fact that does not exist was among them */
};

/* The mapping that a block is; NULL after saying why it is none. */
struct yml *figure_block_read(struct figure_reader *r, struct span at);
/* As yml_get(), but NULL also for a key with nothing behind it. */
struct yml *figure_key(struct yml *map, const char *key);

/* A scalar as a text; what is absent or null gives none. */
struct figure_text figure_text_read(struct figure_reader *r, struct yml *y);

/* The fact that `y` names; NULL when there is none (the caller's check says so) or `y` is no name. */
const struct fact *figure_fact_read(struct figure_reader *r, struct yml *y);

/* A number or a fact that is one. False after saying what is wrong; an unknown fact is not said here. */
bool figure_read(struct figure *f, struct figure_reader *r, struct yml *value, struct yml *fact) MUST_USE;
/* What a figure is in by itself: MEASURE_NONE for a number in the block. */
enum measure figure_measure(const struct figure *f);
/* Gives a number in the block the block's measure, once that is known. */
void figure_settle(struct figure *f, struct figure_reader *r, enum measure m, struct str currency);

/* Errors so far: a block during whose reading they grow is not shown. */
size_t figure_errors(const struct figure_reader *r);

#endif
