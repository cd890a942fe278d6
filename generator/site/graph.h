/*
 * graph: what an edition shows to the readers of each language, and in which order.
 *
 * For every language of the edition: which translation stands for each sheet (its own, or a fallback), and
 * the order of the sheets (weight, then title by the language's collation). Texts of `type: page` have pages
 * but no place among the sheets: they stand in a list of their own. Where an edition has sheets for guardians
 * and sheets for staff only, the two are apart: one leads to the next within its audience (a sheet for both
 * is among the guardians'). Made once an edition, then const.
 */
#ifndef SITE_GRAPH_H
#define SITE_GRAPH_H

#include "model/catalog.h"
#include "site/worker.h"

struct graph {
	const struct catalog *catalog;
	const struct edition *edition;
	const struct translation **shown; /* [language * sheet_count + sheet]; NULL: no page */
	uint32_t **order;		  /* by language: sheets that have a page */
	size_t *count;			  /* by language */
	uint32_t **extra;		  /* by language: texts of `type: page`, in order */
	size_t *extra_count;
	uint32_t **walk; /* by language: as `order`; where audiences are apart, the guardians' sheets first */
	uint32_t *place; /* [language * sheet_count + sheet]: where in the walk */
	bool apart;	 /* there are sheets for guardians and sheets for staff only */
};

void graph_init(
	struct graph *g, struct arena *a, const struct catalog *c, const struct edition *e, struct worker *w);

/* What a reader of `language` is shown for a sheet; NULL when nothing (it is withdrawn, for instance), or the
 * language is not in the edition. */
const struct translation *graph_shown(const struct graph *g, size_t language, const struct sheet *s);
/*
 * The text whose title and address the page of a sheet has: the one that is shown or, of a withdrawn sheet on the
 * web, the one that was. NULL when it has no page.
 */
const struct translation *graph_page(const struct graph *g, size_t language, const struct sheet *s);
/* True when what is shown is the language's own text, not a fallback. */
bool graph_own(const struct graph *g, size_t language, const struct sheet *s);
/* For staff and nobody else. */
bool graph_staff_only(const struct sheet *s);
/* The neighbours in order, of the same audience; NULL at the ends, and for a `type: page`. */
const struct sheet *graph_previous(const struct graph *g, size_t language, const struct sheet *s);
const struct sheet *graph_next(const struct graph *g, size_t language, const struct sheet *s);

size_t graph_pages(const struct graph *g); /* texts × languages that have a page */

/* The slug under which a language has a sheet's page: its own file's, or the fallback's. */
struct str graph_slug(const struct graph *g, size_t language, const struct sheet *s);

#endif
