/*
 * worker: what one thread needs for itself: memory, a collector, and ICU's view of each language.
 *
 * Made once a command, one for each thread, and used for reading, checking and rendering alike.
 */
#ifndef SITE_WORKER_H
#define SITE_WORKER_H

#include "base/diag.h"
#include "model/config.h"

struct worker {
	struct arena keep;    /* as long as the command */
	struct arena trees;   /* the sheets' bodies: as long as pages are made of them */
	struct arena scratch; /* cleared before each job */
	struct diag diag;
	const struct config *config;
	struct locale **locales; /* by language; opened when first asked for */
};

struct workers {
	struct worker *of;
	unsigned count;
};

void workers_init(struct workers *w, unsigned count);
/* From here on worker_locale() works. */
void workers_configure(struct workers *w, const struct config *c);
void workers_release(struct workers *w);
/* Gives back the sheets' bodies, most of what a site takes in memory: nothing may look at a doc any more. */
void workers_forget_trees(struct workers *w);
/* Moves every worker's diagnostics into `d`. */
void workers_collect(struct workers *w, struct diag *d);

struct locale *worker_locale(struct worker *w, size_t language);

#endif
