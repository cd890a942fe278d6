/*
 * texts: one text in several languages, as people write it in data files.
 *
 *	label: Mottagningsgruppen			(in the source language)
 *	label: {sv: Mottagningsgruppen, en: Reception}	(by language tag)
 *
 * Indexed by language like everything else. A zeroed struct texts is empty and valid.
 */
#ifndef MODEL_TEXTS_H
#define MODEL_TEXTS_H

#include "model/config.h"

struct texts {
	struct str *in; /* [language], empty where there is none; NULL: there is no text at all */
	bool single;	/* written without languages: the source language's, or a name for a message */
};

/* NULL y gives no text in silence; what cannot be read is reported and left out. */
void texts_read(struct texts *out, struct arena *a, struct yml *y, const struct config *c, struct diag *d);

/* What a reader of `language` gets, along its fallback chain, else the source language's; empty when there is none. */
struct str texts_find(const struct texts *t, const struct config *c, size_t language, size_t *found_in);

#endif
