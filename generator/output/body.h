/*
 * body: a sheet's text as HTML for one page: links resolved for the page's language and edition, facts
 * formatted in the text's language, citations numbered.
 */
#ifndef OUTPUT_BODY_H
#define OUTPUT_BODY_H

#include "output/view.h"

/* A place in the page where a reference is cited. */
struct body_mark {
	uint32_t reference; /* index into body.cited */
	struct str place;   /* "20 kap. 2 §", may be empty */
};

struct body {
	struct str html;		/* in the worker's scratch */
	const struct reference **cited; /* in order of first use: number n stands at n - 1 */
	size_t cited_count, cited_cap;
	struct body_mark *marks; /* in order: mark k has the id "ref-<k+1>" */
	size_t mark_count, mark_cap;
	struct value toc; /* list of {id, title} for headings of level 2 */
};

/* `t` as shown on `language`'s page of its sheet. */
void body_render(
	struct body *b, const struct view *v, struct worker *w, const struct translation *t, size_t language);

#endif
