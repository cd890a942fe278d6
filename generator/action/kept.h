/*
 * kept: the source's text as it was when a translation was made from it.
 *
 * Beside each translation, in a hidden folder: content/ar/.source/orosanmalan.md. Beside the source itself:
 * its baseline. They are Markdown texts as they were, or put together of sections from several days.
 */
#ifndef ACTION_KEPT_H
#define ACTION_KEPT_H

#include "action/project.h"

/* A text cut into its sections. */
struct cut {
	struct translation *t; /* NULL: there is no text */
	struct section *list;
	size_t count;
	struct map by_id; /* to struct section */
};

/* Below content/: where the text that belongs to a translation is kept. */
struct str kept_path(struct arena *a, const struct translation *t);

/* Path below the language's folder, without ".md": what all translations of a sheet have in common. */
struct str kept_key(const struct translation *t);

/* Of a text that was loaded. */
struct cut cut_text(struct arena *a, const struct translation *t);
/* Of bytes; `shown` names them. Faults are nobody's business. */
struct cut cut_bytes(struct arena *a, struct project *p, struct str shown, struct str bytes);
const struct section *cut_find(const struct cut *c, struct str id);
/* The bytes of a section; of the title everything before the text. */
struct str cut_bytes_of(const struct cut *c, const struct section *s);
/* Title and description as one text to compare, else the section's bytes. */
struct str cut_words_of(struct arena *a, const struct cut *c, const struct section *s);

/* The kept text of a translation; t NULL when there is none. 0 or an errno value. */
int kept_read(struct cut *out, struct arena *a, struct project *p, const struct translation *t) MUST_USE;

/* Whether a section is among those that somebody named. */
bool section_named(struct str id, const struct str *sections, size_t count);

/* The old text with `sections` as they are in the new one (which may no longer have them). */
void kept_merge(struct buf *out, const struct cut *old, const struct cut *new, const struct str *sections,
	size_t section_count);

#endif
