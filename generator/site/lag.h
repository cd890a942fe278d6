/*
 * lag: which sections of each translation lag behind the source.
 *
 * The last step of loading. A sheet none of whose translations has stamps costs nothing: its source is not
 * even cut into sections.
 */
#ifndef SITE_LAG_H
#define SITE_LAG_H

#include "model/catalog.h"
#include "site/worker.h"

/* Fills in the lags of every translation that has stamps, on all workers. */
void lag_find(struct catalog *c, struct workers *w);

#endif
