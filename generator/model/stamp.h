/*
 * stamp: what a translation was made from, as its front matter keeps it (`translation: {of: …}`).
 *
 * A stamp is the fingerprint that a section of the source had (text/section.h). A translation without stamps
 * is of unknown freshness: it counts as current. site/lag.h compares the stamps with the source as it is now
 * and fills in the lags; const from then on.
 */
#ifndef MODEL_STAMP_H
#define MODEL_STAMP_H

#include "base/map.h"
#include "text/section.h"
#include "text/yml.h"

struct stamp {
	struct str section;
	char hash[SECTION_HASH + 1];
	struct span at; /* of the section's id */
};

enum lag_kind {
	LAG_CHANGED, /* the source says something else now */
	LAG_ADDED,   /* the source has it, the translation was not made from it */
	LAG_REMOVED, /* the source has it no more */
	LAG_KINDS
};

struct lag {
	enum lag_kind kind;
	struct str section;
	struct str title; /* the source's heading; empty where there is none (any more) */
};

struct freshness {
	struct span at; /* of `of` */
	struct stamp *stamps;
	size_t stamp_count;
	struct map by_section; /* to struct stamp */
	struct lag *lags;      /* in order of the source; what was removed last */
	size_t lag_count;
	struct map lagging; /* their sections, as a set */
	size_t sections;    /* of the source that it was compared with; 0: there is none */
};

/* Reads the mapping `of`; NULL when there is none. What cannot be read is reported and left out. */
struct freshness *freshness_read(struct yml *of, struct arena *keep, struct diag *d);

/* NULL when the section has no stamp. */
const struct stamp *freshness_stamp(const struct freshness *f, struct str section);

/* Whether a section changed, appeared or went away since; not without stamps (f NULL). */
bool freshness_lags(const struct freshness *f, struct str section);
/* Sections of the source, as it is now, that the translation lags behind. */
size_t freshness_behind(const struct freshness *f);
/* All sections that can be behind: those of the source, and those that went away. */
size_t freshness_total(const struct freshness *f);

/* What a section can be called. */
bool section_id_valid(struct str id);
bool section_hash_valid(struct str hash);

const char *lag_name(enum lag_kind kind); /* "changed", "added", "removed" */

#endif
