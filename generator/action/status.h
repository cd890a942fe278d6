/*
 * status: how far the translations are: every sheet in every language, or one text and what changed in its
 * source.
 *
 * Two axes: how good a translation is (missing, machine, translated, reviewed) and whether it is up to date
 * (up to date, behind in some sections, never stamped). What is printed as JSON is stable: keys are added,
 * never changed.
 *
 *	status_init(&s, &project, languages, count);	(project_read() it was)
 *	status_table(&s, &out);
 */
#ifndef ACTION_STATUS_H
#define ACTION_STATUS_H

#include "action/project.h"

/* One language's sums, over the sheets that there are in the source language. */
struct status_sums {
	size_t sheets;	      /* of the source language */
	size_t of[4];	      /* by enum status */
	size_t unstamped;     /* of unknown freshness; counted as up to date */
	size_t stale;	      /* behind in some section */
	size_t current;	      /* there, and not behind */
	size_t legal;	      /* need a legal review */
	size_t sections;      /* of the source language */
	size_t sections_good; /* translated, and not behind */
};

struct status_report {
	struct project *p;
	struct arena *a;
	const size_t *languages; /* numbers, without the source language */
	size_t language_count;
	size_t *sections;	  /* by sheet: how many its source has; 0 without one */
	struct status_sums *sums; /* as `languages` */
};

/* Figures about each sheet's source text, beside the languages: a row here is a column there. */
struct status_column {
	const char *name;  /* in JSON */
	const char *title; /* of the column */
	/* A number; nothing when there is none. */
	void (*write)(struct buf *out, const struct status_report *s, const struct sheet *sheet);
};

void status_init(struct status_report *s, struct project *p, const size_t *languages, size_t language_count);

/* Sheets and languages, with letters; then the sums. */
void status_table(const struct status_report *s, struct buf *out);
/* A line for each sheet in words; for one language. */
void status_list(const struct status_report *s, struct buf *out);
void status_json(const struct status_report *s, struct buf *out);

/* One text: what changed in its source since it was stamped; of a source: who is behind, and where. */
void status_file(struct project *p, const struct translation *t, struct buf *out, bool colour);
void status_file_json(struct project *p, const struct translation *t, struct buf *out);

/* "current", "stale" or "unstamped" */
const char *status_freshness(const struct translation *t);

#endif
