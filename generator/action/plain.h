/*
 * plain: how readable a text of the site is, with its facts as readers see them.
 */
#ifndef ACTION_PLAIN_H
#define ACTION_PLAIN_H

#include "model/catalog.h"
#include "site/worker.h"
#include "text/readability.h"

/* Shorter texts are not judged: LIX needs a few sentences to mean something. */
#define PLAIN_MIN_WORDS 50

/* Whether the site judges texts in this one's language. */
bool plain_judges(const struct catalog *c, const struct translation *t);

/* `sentence` and `word` may be NULL; they get `ctx`. */
struct readability plain_measure(const struct catalog *c, struct worker *w, const struct translation *t,
	void (*sentence)(void *ctx, struct span at, size_t words),
	void (*word)(void *ctx, struct span at, struct str word, size_t letters), void *ctx);

#endif
