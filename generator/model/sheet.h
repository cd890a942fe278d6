/*
 * sheet: one subject in all its languages; translation: a sheet in one language.
 *
 * A translation is one file, content/<language>/<key>.md: front matter and a doc. What is not language
 * (weight, audience, review dates, sources) a translation inherits from the source language's file.
 *
 * A withdrawn sheet keeps its addresses and loses its text: each of its pages says that it is withdrawn and
 * shows nothing of the body. It is not among the catalog's sheets (see model/catalog.h), so that nothing lists
 * it, counts it or judges it by mistake.
 */
#ifndef MODEL_SHEET_H
#define MODEL_SHEET_H

#include "base/map.h"
#include "model/edition.h"
#include "model/stamp.h"
#include "text/doc.h"
#include "text/markdown.h"
#include "text/yml.h"

/* What a text's front matter says about taking the sheet back: site/withdrawal.h has the rules. */
struct withdrawal {
	bool given;	  /* `withdrawn` is there, readable or not: what is taken back is never shown */
	struct date date; /* zero when it could not be read, which was reported */
	struct str reason, replaced_by;
	struct span at, reason_at, replaced_by_at; /* src NULL when they are not given */
};

struct translation {
	struct sheet *sheet;
	size_t language;
	struct source src;
	struct doc *doc;
	struct str title, description, slug;
	struct span title_at, description_at, slug_at, aliases_at; /* src NULL when they are not given */
	struct str *aliases;
	size_t alias_count;
	struct str *sources; /* reference ids that the whole sheet rests on */
	size_t source_count;
	struct span sources_at;
	struct date date, reviewed, review_by;
	enum status status;
	struct str translated_by;
	struct date translated;
	struct freshness *freshness;   /* NULL: never stamped */
	struct withdrawal *withdrawal; /* NULL: nothing is said of one */
	int64_t weight;
	unsigned audience; /* bits; 0: none given */
	bool has_weight, draft, needs_legal_review;
	bool unread; /* there is front matter, but it could not be read: reported */
	bool page;   /* `type: page`: about the site itself, linked from the foot of every page, in no list */
	struct str *ids; /* of the headings, in order */
	size_t id_count;
	struct map id_set; /* the same as a set, when there are many */
};

struct sheet {
	struct str key;		 /* the file's path below the language folder, without ".md" */
	struct translation **in; /* by language; NULL where missing */
	/* inherited, or the first translation's where the source language has none */
	int64_t weight;
	unsigned audience;
	struct date reviewed, review_by;
	bool page;
	const struct withdrawal *withdrawn; /* NULL: it is not */
	size_t index;			    /* in the catalog's order; of no withdrawn sheet */
};

/*
 * Where the body starts: after the front matter of a text that begins with "---" (*yaml is what stands
 * between the fences), else at the start (after a byte order mark). SIZE_MAX when the front matter has no
 * end.
 */
size_t front_matter_end(struct str text, struct str *yaml);

/*
 * Reads front matter and body of t->src into t. `keep` holds what lives as long as the catalog, `trees` the
 * body's, `scratch` is free for use. Faults are reported; what cannot be read keeps its default.
 */
void translation_read(struct translation *t, struct str key, struct locale *l, struct arena *keep,
	struct arena *trees, struct arena scratch, struct diag *d);

bool translation_has_id(const struct translation *t, struct str id);

/* Where to point for what concerns the whole: the title, or the file's start. */
struct span translation_place(const struct translation *t);

/* Whether a slug or an alias can be a file name of its own. */
bool slug_valid(struct str slug);

/* Slugs that the generated pages of a language use. */
bool slug_reserved(struct str slug);

#endif
