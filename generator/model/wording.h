/*
 * wording: the interface messages of one language, from locales/<tag>.yaml.
 *
 * Nested keys become dotted names ("sheet.reviewed"). A wording is const after wording_read() and shared by
 * threads; formatting needs the calling thread's struct locale.
 */
#ifndef MODEL_WORDING_H
#define MODEL_WORDING_H

#include "base/map.h"
#include "text/message.h"
#include "text/yml.h"

struct phrase {
	struct str key;
	struct message *message;
	struct span at; /* of the value */
	struct span key_at;
};

struct wording {
	struct source *src; /* NULL: the language has no file */
	struct map phrases; /* dotted key to struct phrase, in order of the file */
};

/* `l` is the language's locale, for its plural categories. */
void wording_read(struct wording *w, struct arena *a, struct source *src, struct locale *l, struct diag *d);

#endif
