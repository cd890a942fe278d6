/*
 * stamp: says of translations that they are up to date with their source as it is now.
 *
 * A translation gets the fingerprints of the source's sections into its front matter, and the source's text
 * beside it (content/<language>/.source/<key>.md, a hidden file that no build reads), so that later a
 * translator can be shown what changed. The source keeps such a text of its own: its baseline, as it was when
 * one of its translations was last stamped. What changed since then can be said to be minor (a typing error):
 * every translation that was up to date with the baseline stays so.
 *
 * First everything is planned and checked, then written, each file whole or not at all. One text refused:
 * nothing is written.
 *
 *	stamping_init(&s, &project, &options);		(project_read() it was)
 *	stamping_add(&s, t, section) … or stamping_minor(&s, t, section)
 *	status = stamping_write(&s);			s.said tells what was done, s.why what was wrong
 *	stamping_release(&s);
 */
#ifndef ACTION_STAMP_H
#define ACTION_STAMP_H

#include "action/project.h"
#include "model/stamp_edit.h"

struct stamp_options {
	struct str status, by; /* empty: as they are */
	struct date today;     /* the date of a stamp */
	bool dry_run;
	bool colour;
};

enum stamp_status {
	STAMP_OK,
	STAMP_REFUSED,	   /* why says it; nothing was written */
	STAMP_ENVIRONMENT, /* a file could not be written; why says which */
};

/* A file as it shall be. */
struct stamp_write {
	const char *path;
	struct str shown, bytes;
	bool known; /* it is there, and this is what was read from it: */
	struct str old;
};

struct stamping {
	struct project *p;
	const struct stamp_options *o;
	struct arena *a;
	struct stamp_write *writes;
	size_t len, cap;
	size_t texts; /* that were stamped */
	enum stamp_status status;
	struct buf said, why;
};

void stamping_init(struct stamping *s, struct project *p, const struct stamp_options *o);
void stamping_release(struct stamping *s);

/* Sections of one translation; none: all of it. A refusal is sticky. */
void stamping_add(
	struct stamping *s, const struct translation *t, const struct str *sections, size_t section_count);
/* What changed in a source since its baseline is minor; in these sections, or anywhere. */
void stamping_minor(struct stamping *s, const struct translation *source, const struct str *sections,
	size_t section_count);
enum stamp_status stamping_write(struct stamping *s) MUST_USE;

/* The text that a translation is made from, drafts included; NULL when there is none. */
const struct translation *stamp_source(const struct catalog *c, const struct translation *t);

#endif
