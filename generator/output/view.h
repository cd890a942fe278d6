/*
 * view: one edition on its way out: what every page of it shares.
 *
 * Made once an edition from the frozen catalog, then const for the workers that render its pages: the graph,
 * the wording lookup behind {{#t}}, the values that all pages of a language have in common, and, in a pack,
 * the web edition that links may lead to.
 *
 * Paths in an edition: "index.html" (every language, or a pack's start), "<lang>/index.html",
 * "<lang>/<slug>.html", "assets/…", "media/…".
 */
#ifndef OUTPUT_VIEW_H
#define OUTPUT_VIEW_H

#include "site/asset.h"
#include "site/graph.h"

/* Where a page stands decides what its relative links begin with. */
enum place { PLACE_TOP, PLACE_LANGUAGE, PLACE_ANYWHERE /* 404: from the host's root */, PLACE_COUNT };

struct view {
	const struct catalog *catalog;
	const struct edition *edition;
	const struct assets *assets;
	struct graph graph;
	const struct graph *web;      /* the public web's, in a pack; else NULL */
	struct str root[PLACE_COUNT]; /* "", "../", "/faktablad/" */
	struct value_map **shared;    /* [language * PLACE_COUNT + place] */
	bool has_packs;		      /* a web edition with a page of packs */
	const struct sheet *report;   /* the text that says how to report an error; NULL */
};

/* `web` is the public web's graph for a pack, NULL for the web itself; `has_packs`: the web has a page of
 * packs. */
void view_init(struct view *v, struct arena *a, const struct catalog *c, const struct edition *e,
	const struct assets *as, const struct graph *web, bool has_packs, struct worker *w);

/* The lang folder in paths: the tag in lower case. */
struct str view_folder(const struct view *v, size_t language);

/*
 * A phrase as plain text in a language (fallbacks included), its arguments from `args` (a map, or null). A
 * missing one gives its key. Lives in w->scratch.
 */
struct str view_phrase(
	const struct view *v, struct worker *w, size_t language, const char *key, struct value args);

/* The lambda behind {{#t}}, for what is rendered in another language than its page. */
struct value view_messages(const struct view *v, struct worker *w, size_t language);

/* A page's root value: the shared fields, copied into w->scratch, to be added to. `t` works in it. */
struct value view_page(const struct view *v, struct worker *w, size_t language, enum place place);

/* Relative address of a language's page of a sheet in this edition ("../en/x.html"); empty when it has none.
 */
struct str view_href(
	const struct view *v, struct arena *a, enum place place, size_t language, const struct sheet *s);

#endif
