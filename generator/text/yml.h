/*
 * yml: YAML read by libyaml into a tree that keeps its places.
 *
 * Anchors, aliases, tags and several documents are refused (YAML_LIMIT), as are depth, node count
 * and size beyond the named ceilings: what people write here needs none of them. Duplicate keys are
 * reported and the first stands. Scalars stay text; the typed getters report a wrong type at its place
 * and return the fallback, so that a caller reads on. A plain null (`key:`, `~`) counts as absent.
 *
 *	struct yml *root = yml_parse(&arena, &source, 0, source.text.n, d);
 *	if (root && yml_want_map(root, d))
 *		title = yml_str(yml_get(root, "title"), STR(""), d);
 *	yml_unknown(root, known, COUNT_OF(known), d);
 */
#ifndef TEXT_YML_H
#define TEXT_YML_H

#include "base/date.h"
#include "base/diag.h"
#include "text/value.h"

#define YML_MAX_DEPTH 32
#define YML_MAX_NODES 2000000
#define YML_MAX_BYTES ((size_t)64 << 20)

enum yml_kind { YML_SCALAR, YML_LIST, YML_MAP };

struct yml {
	enum yml_kind kind;
	struct span at;		  /* the value */
	struct span key_at;	  /* of its key, in a mapping */
	struct str key;		  /* in a mapping */
	bool quoted;		  /* scalar written in quotes or as a block: never null, bool or number */
	struct str text;	  /* scalar; NUL-terminated copy in the arena */
	struct origin origin;	  /* of text's bytes */
	struct yml *first, *next; /* children in order; next sibling */
	size_t len;
	bool seen; /* yml_get() asked for it */
};

/* Parses text[from, to) of a source. NULL after an error was reported; an empty text is an empty map. */
struct yml *yml_parse(struct arena *a, struct source *src, size_t from, size_t to, struct diag *d);

/* Plain `~`, `null` or nothing: counts as absent. */
bool yml_is_null(const struct yml *y);

/* Child by key, or NULL. Marks it as seen for yml_unknown(). */
struct yml *yml_get(struct yml *map, const char *key);

/* Reports every key of a map that no yml_get() asked for, with "did you mean" out of `known`. */
void yml_unknown(struct yml *map, const struct str *known, size_t count, struct diag *d);

#define yml_each(child, parent)                                                                              \
	for (struct yml *child = (parent) ? (parent)->first : NULL; child; child = child->next)

/* The items of a list, or a single value as a list of one; nothing when it is absent. */
static inline struct yml *yml_item_after(struct yml *y, struct yml *item)
{
	if (y && y->kind == YML_LIST)
		return item ? item->next : y->first;
	return item || !y || yml_is_null(y) ? NULL : y;
}
#define yml_each_item(item, y)                                                                                \
	for (struct yml *item = yml_item_after(y, NULL); item; item = yml_item_after(y, item))

/* NULL y gives the fallback in silence; a wrong type gives it with a diagnostic. */
struct str yml_str(struct yml *y, struct str fallback, struct diag *d);
bool yml_bool(struct yml *y, bool fallback, struct diag *d);
int64_t yml_int(struct yml *y, int64_t fallback, struct diag *d);
struct date yml_date(struct yml *y, struct diag *d); /* the zero date is none */
/* A list of scalars, or one scalar as a list of one; returns the count and stores the array. */
size_t yml_strs(struct arena *a, struct yml *y, struct str **out, struct diag *d);
/* True when y is a map; else reports (unless y is NULL). */
bool yml_want_map(struct yml *y, struct diag *d);
bool yml_want_list(struct yml *y, struct diag *d);

/* The whole tree as a value, with YAML 1.2 core types for plain scalars. */
struct value yml_value(struct arena *a, const struct yml *y);

#endif
