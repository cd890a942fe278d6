/*
 * progress: how far a publish is, as one line that is drawn over and over.
 *
 * Pure: the time, in nanoseconds, and the terminal's width are given. Rates are those of the last seconds, not of the
 * whole: a large file does not make the small ones after it look slow for ever.
 *
 *	struct progress p = {0};
 *	if (progress_line(&p, &at, now, width, &line)) …	line replaces the one before
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "action/publish.h"

#define PROGRESS_INTERVAL_NS ((int64_t)100 * 1000 * 1000) /* no line follows another sooner */
#define PROGRESS_SECONDS 8				  /* rates are of these */

struct progress_mark {
	int64_t ns;
	size_t done;
	uint64_t bytes;
};

struct progress {
	const char *phase;
	int64_t drawn;
	struct progress_mark marks[PROGRESS_SECONDS]; /* a second apart, the oldest first */
	size_t mark_count;
};

/* False: too soon. The line has no line end and takes fewer than `width` columns (ASCII only). */
bool progress_line(
	struct progress *p, const struct publish_progress *at, int64_t ns, unsigned width, struct buf *out);

#endif
