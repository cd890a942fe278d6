/*
 * check: what one file says about another, and whether it holds.
 *
 * Reads the catalog and only emits diagnostics. What concerns a single file was reported when it was read.
 * One file per family of rules (check_*.c); a new family is one file and one row of a table in check.c.
 */
#ifndef ACTION_CHECK_H
#define ACTION_CHECK_H

#include "site/asset.h"
#include "site/graph.h"

struct check_options {
	struct date today; /* for overdue reviews; the zero date: not judged */
	bool plain;	   /* plain language is judged */
	bool own_locales;  /* locales/ is the site's own: unused and untranslated messages matter */
};

void check(const struct catalog *c, const struct check_options *o, struct workers *w, struct diag *d);

#endif
