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
/* Of a name with its top folder: Windows has 260 for everything, and "Extract all" adds folders of its own.
 */
#define PACK_MAX_NAME 100

enum pack_error {
	PACK_OK,
	PACK_SYSTEM, /* failed_errno, and in `failed` the entry or what libzip said */
	PACK_LIMIT,  /* too many files or bytes, or no file at all */
	PACK_NAME,   /* `failed` cannot be a name in a ZIP, or two names are in each other's way */
};

struct pack_result {
	struct digest digest; /* of the ZIP, now in the store */
	uint64_t size;
	struct str failed; /* in static or arena memory */
	int failed_errno;
};

/*
 * `top` is the folder's name inside. `scratch_path` is a free file name beside the store. The manifest is
 * sorted. Deflated forms that the store lacks are made here, one by one: store_deflate() them before, on
 * several threads. DOS dates begin with 1980: an earlier `issued` counts as its first day.
 */
enum pack_error pack_write(struct store *s, struct arena *a, const struct manifest *m, struct str top,
	struct date issued, const char *scratch_path, struct pack_result *out) MUST_USE;

#endif
