/*
 * diag: what the program has to say about people's files.
 *
 * A diagnostic is a rule (with a stable id and a default severity, rule.def), a place, a message that
 * tells what is wrong and what was done instead, and perhaps a hint that tells how to mend it.
 * A collector belongs to one thread; collectors are merged, then sorted by path, place and rule, so
 * that the order never depends on threads. Nothing here prints: report.h turns a collector into text.
 *
 *	diag_add(d, RULE_LINK_BROKEN, span, "no sheet “%.*s”", STR_ARG(name));
 *	diag_hint(d, "the nearest is “%.*s”", STR_ARG(near));
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"
#include "base/source.h"

enum severity { SEVERITY_OFF, SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

enum rule {
#define RULE(name, id, severity, text) RULE_##name,
#include "base/rule.def"
#undef RULE
	RULE_COUNT
};

struct rule_info {
	const char *id;		/* "link/broken": stable, in every output format */
	enum severity severity; /* by default */
	const char *text;	/* one sentence for lists, SARIF and docs */
};

struct diag_item {
	enum rule rule;
	struct span at;	 /* at.src may be NULL: then `path` says where, if anywhere */
	struct str path; /* of at.src, or given */
	struct str message;
	struct str hint;
	struct span other; /* a second place worth showing ("first used here"), src NULL if none */
};

/*
 * More than this are counted and not kept, so that hostile input stays bounded: of those that are errors by
 * default, and of the others, so that a flood of warnings hides no error. What is kept after diag_sort() does
 * not depend on threads: each worker keeps the first of its own, and takes its files in order.
 */
#define DIAG_MAX_ITEMS 10000
/* A longer message or hint is cut: it quotes something that nobody would read to its end. */
#define DIAG_MAX_TEXT 1000

struct diag {
	struct arena arena; /* its own: messages and items live as long as the collector */
	struct diag_item *items;
	size_t len, cap;
	size_t kept[2];		       /* errors by default, others */
	size_t dropped;		       /* beyond DIAG_MAX_ITEMS */
	size_t dropped_of[RULE_COUNT]; /* the same, by rule */
	bool last_dropped;	       /* hints belong to nothing */
};

const struct rule_info *rule_info(enum rule rule);
bool rule_find(struct str id, enum rule *out); /* by id */
const char *severity_name(enum severity s);
bool severity_parse(struct str name, enum severity *out);

void diag_init(struct diag *d);
void diag_release(struct diag *d);
void diag_clear(struct diag *d); /* empties, keeps the memory */
/* Frees the line maps that reports made of the sources that it points into, which are still there. */
void diag_release_lines(const struct diag *d);

void diag_add(struct diag *d, enum rule rule, struct span at, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* About a file that is not a source (unreadable, missing); the path is copied. */
void diag_add_path(struct diag *d, enum rule rule, struct str path, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* False when the item that was added last was not kept: a hint that costs time need not be found. */
bool diag_wants_hint(const struct diag *d);
/* Adds to the item that was added last. */
void diag_hint(struct diag *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
void diag_other(struct diag *d, struct span other);

/* Moves every item of `from` into `into` (copied into its arena); `from` is left empty. */
void diag_merge(struct diag *into, struct diag *from);
/* By path, offset, rule id, message; equal items are made one, and those beyond the ceiling dropped. */
void diag_sort(struct diag *d);

/* What the configuration made of each rule; SEVERITY_OFF drops an item. */
struct severities {
	enum severity of[RULE_COUNT];
};
void severities_init(struct severities *s);   /* the defaults */
void severities_strict(struct severities *s); /* warnings become errors, what is only out of date excepted */
/* Those that were dropped are counted too. */
size_t diag_count(const struct diag *d, const struct severities *s, enum severity severity);
/* How many that are not off were dropped. */
size_t diag_dropped(const struct diag *d, const struct severities *s);

#endif
