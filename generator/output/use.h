/*
 * use: which texts of an edition rest on each reference.
 *
 * A text uses a reference that it cites, that a fact in it (or in a chart) comes from, or that its front
 * matter names. Found once an edition and language, from what the language's readers are shown; then const.
 */
#ifndef OUTPUT_USE_H
#define OUTPUT_USE_H

#include "site/graph.h"

struct use {
	uint32_t *sheets; /* numbers of the catalog's sheets, in the language's order; then texts of `type:
			     page` */
	size_t count, cap;
};

/* By the references' index; all that `language` is shown. */
struct use *use_find(const struct graph *g, struct arena *a, size_t language);

#endif
