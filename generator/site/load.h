/*
 * load: from listed files to a catalog.
 *
 * Reads configuration, data, locales, templates and every sheet (sheets on all workers), reports what
 * is wrong with each file, and puts the sheets in order. What one file says about another (links, facts,
 * sources) is not looked at here: action/check.h does that.
 */
#ifndef SITE_LOAD_H
#define SITE_LOAD_H

#include "model/catalog.h"
#include "site/input.h"
#include "site/worker.h"

/* Reads faktablad.yaml only; what load() begins with. */
bool load_config(struct catalog *c, struct arena *a, const struct input *in, struct diag *d) MUST_USE;

/* False when there is nothing to go on with (no configuration that can be used, no content). */
bool load(struct catalog *c, struct arena *a, const struct input *in, struct workers *w,
	struct diag *d) MUST_USE;
#endif
