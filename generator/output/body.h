/*
 * body: a sheet's text as HTML for one page: links resolved for the page's language and edition, facts
 * formatted in the text's language, citations numbered.
 */
#ifndef OUTPUT_BODY_H
#define OUTPUT_BODY_H

#include "output/view.h"

/* A reference that the text cites; its marks are chained, counted from 1. */
struct body_cited {
	const struct reference *reference;
	uint32_t first, last;
};

/* A place in the page where a reference is cited: mark k (from 1) has the id "ref-<k>". */
struct body_mark {
	uint32_t next;	  /* mark of the same reference; 0 at the end */
	struct str place; /* "20 kap. 2 §", may be empty */
};

struct body {
	struct str html;	  /* in the worker's scratch */
	struct body_cited *cited; /* in order of first use: number n stands at n - 1 */
	size_t cited_count, cited_cap;
	struct body_mark *marks;
	size_t mark_count, mark_cap;
	struct map numbers; /* reference id to its number */
	struct value toc;   /* list of {id, title} for headings of level 2 */
};

/* `t` as shown on `language`'s page of its sheet. */
void body_render(
	struct body *b, const struct view *v, struct worker *w, const struct translation *t, size_t language);

#endif
