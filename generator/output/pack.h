/*
 * pack: an edition's manifest as a ZIP (APPNOTE 6.3.3, below ZIP64), by libzip.
 *
 * Entries lie below one top folder, sorted, mode 0644, one date (noon of the issue date, DOS time, no extra
 * fields), deflated forms copied from the store as they are. The same manifest and date give the same
 * bytes in any time zone, locale, umask and thread count. Names are validated here (libzip takes "../").
 */
#ifndef OUTPUT_PACK_H
#define OUTPUT_PACK_H

#include "base/date.h"
#include "output/manifest.h"
#include "output/store.h"

#define PACK_MAX_FILES 65000
#define PACK_MAX_BYTES ((uint64_t)3900 << 20)

enum pack_error { PACK_OK, PACK_SYSTEM, PACK_LIMIT, PACK_NAME };

struct pack_result {
	struct digest digest; /* of the ZIP, now in the store */
	uint64_t size;
	struct str failed; /* PACK_NAME: the entry; else what libzip said; in static or arena memory */
	int failed_errno;
};

/* `top` is the folder's name inside. `scratch_path` is a free file name beside the store. */
enum pack_error pack_write(struct store *s, struct arena *a, const struct manifest *m, struct str top, struct date issued,
	const char *scratch_path, struct pack_result *out) MUST_USE;

#endif
