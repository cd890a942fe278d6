/*
 * read: a file that people wrote, as a source, with the checks that every such file gets: size, UTF-8, NUL
 * bytes, normalization form C.
 */
#ifndef SITE_READ_H
#define SITE_READ_H

#include "site/input.h"

/*
 * Reads folder/path. `shown` is the path as diagnostics give it (kept). False when the file cannot be
 * used; that was reported.
 */
bool read_source(struct source *out, const struct input *in, struct arena *a, struct str path,
	struct str folder, struct str shown, size_t max, struct diag *d) MUST_USE;

#endif
