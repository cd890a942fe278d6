/*
 * store: finished bytes on disk, once under their digest, and their deflated form, made once.
 *
 * Lies in the work folder beside the output: store/ab/<hex> and store/ab/<hex>.z. Any number of threads may
 * put. A file that is there already is read and compared before it is trusted, since public/ shares its
 * inode and people edit what they find. After a commit, store_sweep() removes what was not asked for.
 */
#ifndef OUTPUT_STORE_H
#define OUTPUT_STORE_H

#include "base/digest.h"
#include "base/fs.h"
#include "base/map.h"

struct store;

/* `folder` is made when it is missing. NULL and *error set when that fails. */
struct store *store_new(struct fs *fs, const char *folder, int *error);
void store_free(struct store *s);

/* Puts bytes; 0 or an errno. `*created` (may be NULL): they were not there before. Thread-safe. */
int store_put(struct store *s, struct str bytes, struct digest *out, bool *created) MUST_USE;

/* Takes a finished file (a pack) out of `path` by renaming; computes its digest in steps. */
int store_adopt(
	struct store *s, const char *path, struct digest *out, uint64_t *size, bool *created) MUST_USE;

/* Asks for an artifact of an earlier run: 0 when it lies here whole, ENOENT or EBADMSG when it must be put
 * again. */
int store_keep(struct store *s, const struct digest *d) MUST_USE;

/* Where the bytes lie. `out` has room for store_path_max() bytes. */
size_t store_path_max(const struct store *s);
void store_path(const struct store *s, const struct digest *d, char *out);

/*
 * The raw deflate stream (RFC 1951) of an artifact with its CRC-32 and size; made when it is missing or
 * damaged, from `bytes` (the artifact's own). Thread-safe.
 */
int store_deflate(struct store *s, const struct digest *d, struct str bytes) MUST_USE;

struct store_deflated {
	uint32_t crc;		      /* of the artifact */
	uint64_t size, deflated_size; /* the stream starts `offset` bytes into the file */
	uint64_t offset;
};
/* ENOENT or EBADMSG when store_deflate() must be called first. `path` as store_path(). Thread-safe. */
int store_deflated(struct store *s, const struct digest *d, struct store_deflated *out, char *path) MUST_USE;

/* Where the store lies, for those that read what it names. */
struct fs *store_fs(const struct store *s);

/*
 * Removes everything that belongs to no artifact that was put, adopted, kept or deflated since store_new():
 * after a commit, when no thread uses the store.
 */
int store_sweep(struct store *s) MUST_USE;

#endif
