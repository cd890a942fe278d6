/*
 * manifest: what an edition consists of: paths and digests, sorted by path.
 *
 * As a file (the marker of an output folder, and what publish reads):
 *
 *	faktablad-manifest 2
 *	<sha-256 in hex> <size in bytes> <path>
 *	<sha-256 in hex> <size in bytes> <path><tab><language> <status> <freshness>
 *	…
 *
 * Pages that show a sheet say which text it is: its page's language; `source`, `missing` (a fallback is
 * shown), `machine`, `translated` or `reviewed`; `current`, `stale` (the source changed since) or `unstamped`
 *(nobody knows). That is told about an edition and is no part of its content: manifest_digest() leaves it
 * out. Without such pages it is a “faktablad-manifest 1”, as all were once.
 *
 * Paths stay below their folder (fs_contained_path), each once. The file does not list itself. There is one
 * way to write a manifest, so equal editions have equal digests.
 */
#ifndef OUTPUT_MANIFEST_H
#define OUTPUT_MANIFEST_H

#include "base/buf.h"
#include "base/digest.h"

#define MANIFEST_NAME ".faktablad-manifest"
#define MANIFEST_MAX_BYTES ((size_t)256 << 20)

struct manifest_entry {
	struct str path;
	struct digest digest;
	uint64_t size;
	struct str state; /* "ar machine stale"; empty when it shows no sheet */
};

/* The words of a state. */
struct manifest_state {
	struct str language, status, freshness;
};

/* How many pages show which texts. */
struct manifest_states {
	size_t pages, source, missing, machine, translated, reviewed, stale, unstamped;
};

struct manifest {
	struct manifest_entry *entries;
	size_t len, cap;
};

void manifest_add(
	struct manifest *m, struct arena *a, struct str path, const struct digest *digest, uint64_t size);
/* Of the entry that was added last; borrowed. */
void manifest_set_state(struct manifest *m, struct str state);
/* False when it is none. */
bool manifest_state_parse(struct str state, struct manifest_state *out) MUST_USE;
struct manifest_states manifest_states(const struct manifest *m);

/* By path. False when two entries have the same path: then *twice is the path. */
bool manifest_sort(struct manifest *m, struct str *twice) MUST_USE;
const struct manifest_entry *manifest_find(
	const struct manifest *m, struct str path); /* sorted; NULL when absent */

void manifest_write(struct buf *out, const struct manifest *m);
/* False when the text is not a manifest; then *line is where it went wrong. Entries borrow the text. */
bool manifest_read(struct manifest *m, struct arena *a, struct str text, size_t *line) MUST_USE;

/* Digest of the written form: names an edition's content. */
struct digest manifest_digest(const struct manifest *m);

#endif
