/*
 * mustache: templates after the Mustache specification (v1.4: interpolation, sections, inverted,
 * partials, delimiters, comments, inheritance, lambdas, dynamic names not included), compiled once into
 * an arena and rendered many times by many threads.
 *
 * Everything is HTML-escaped but {{{name}}} and {{&name}}. False are: what is missing, null, false, zero,
 * the empty text and the empty list. Depth of partials and recursion, and size of the result, are capped
 * by name. Faults are reported at file:line:col. docs/templates.md is the guide for authors.
 *
 *	struct mustache_set set = {0};
 *	mustache_add(&set, &arena, STR("page"), &source, d);
 *	mustache_check(&set, d);			(partials and parents exist)
 *	mustache_render(&set, STR("page"), data, &out, d);
 */
#ifndef TEXT_MUSTACHE_H
#define TEXT_MUSTACHE_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/map.h"
#include "text/value.h"

#define MUSTACHE_MAX_DEPTH 64 /* of sections, partials, parents and blocks, one inside the other */
#define MUSTACHE_MAX_BYTES ((size_t)64 << 20) /* of one template, and of one result */
/* Tags and texts in one result: partials can double without making it any larger. */
#define MUSTACHE_MAX_STEPS 50000000

struct mustache;       /* one compiled template */
struct mustache_scope; /* the context stack while a lambda runs */

struct mustache_set {
	struct map templates; /* name to struct mustache */
};

/*
 * A section whose value is a lambda calls it with the section's raw text. What it appends to `out` goes
 * into the result as it is; with `again` it is rendered as a template first (the specification's
 * behaviour; then it is also escaped when interpolated).
 */
struct value_lambda {
	void (*call)(void *ctx, struct mustache_scope *scope, struct str raw, struct buf *out);
	void *ctx;
	bool again;
};
struct value value_lambda(const struct value_lambda *l);

/* A name ("a", dotted "a.b", or ".") looked up as a tag would; NULL when absent. */
const struct value *mustache_lookup(const struct mustache_scope *scope, struct str name);

/* Compiles and adds; false when something was reported as an error. Source and name are borrowed. */
bool mustache_add(
	struct mustache_set *set, struct arena *a, struct str name, struct source *src, struct diag *d);

/* Reports partials and parents that are not in the set and finds the others; before the first render. */
void mustache_check(const struct mustache_set *set, struct diag *d);

/* False when something was reported (limits, unknown template); `out` then holds what came before. */
bool mustache_render(const struct mustache_set *set, struct str name, struct value data, struct buf *out,
	struct diag *d) MUST_USE;

/* Calls `visit` for every partial and parent that the template names, in the order of their tags. */
void mustache_each_partial(const struct mustache_set *set, struct str name,
	void (*visit)(void *ctx, struct str partial, struct span at), void *ctx);

/* Calls `visit` for every section called `tag`, in every template, with its raw text and place. */
void mustache_each_section(const struct mustache_set *set, struct str tag,
	void (*visit)(void *ctx, struct str raw, struct span at), void *ctx);

#endif
