/*
 * language: one of the site's languages, as configured.
 *
 * Languages are numbered from 0 in order of weight, then tag; every per-language array of the program is
 * indexed by that number.
 */
#ifndef MODEL_LANGUAGE_H
#define MODEL_LANGUAGE_H

#include "text/locale.h"

#define LANGUAGE_MAX 200

struct language {
	struct locale_spec spec; /* tag, digits, calendar */
	struct str name;	 /* in itself: "svenska" */
	struct str folder;	 /* the tag in lower case, as it stands in paths */
	bool rtl;
	int64_t weight;
	size_t index;
	size_t *fallback; /* numbers of the languages to fall back to, in order */
	size_t fallback_count;
};

struct str language_dir(const struct language *l); /* "ltr" or "rtl" */

#endif
