/*
 * publish_record: what publish writes down on a target: its manifest and its intent.
 *
 * The manifest says what lies there of ours; the intent says what a publish is about to put and remove, and
 * stands there from before its first change until after its last. Both are one kind of text:
 *
 *	faktablad-target 1 manifest
 *	generation 7
 *	token <32 hex digits: of the publisher's lock>
 *	site <SHA-256 of the site's own manifest>
 *	entries <count> <SHA-256 of all that follows>
 *	<mark> <SHA-256> <size> <headers> <path>
 *	^ <SHA-256> <size> <headers> <since> <path>
 *	…
 *
 * Sorted by path, each path once. `headers` is a hash of the headers that the file is sent with ("-":
 * none). What is read comes from a network and is believed only when the count, the digest, the order and
 *every path are right; a text that was cut short is therefore never taken for a shorter site.
 */
#ifndef ACTION_PUBLISH_RECORD_H
#define ACTION_PUBLISH_RECORD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

/* Everything of ours that no visitor asks for lies below this folder of the target. */
#define PUBLISH_FOLDER ".faktablad"
#define PUBLISH_MANIFEST PUBLISH_FOLDER "/manifest"
#define PUBLISH_INTENT PUBLISH_FOLDER "/intent"
#define PUBLISH_LOCK PUBLISH_FOLDER "/lock"

#define PUBLISH_RECORD_MAX_BYTES ((size_t)256 << 20)
#define PUBLISH_PATH_MAX 1024
#define PUBLISH_TOKEN_MAX 32

enum publish_mark {
	PUBLISH_THERE = '=',   /* manifest: published */
	PUBLISH_LOOSE = '~',   /* manifest: put there by a publish that never finished */
	PUBLISH_RETIRED = '^', /* manifest: no longer of the site, but kept for a while: publish_retire.h */
	PUBLISH_PUT = '+',     /* intent */
	PUBLISH_REMOVE = '-',  /* intent */
};

enum publish_record_kind { PUBLISH_RECORD_MANIFEST, PUBLISH_RECORD_INTENT };

/* Headers that are not known: equal to no others. */
#define PUBLISH_HEADERS_UNKNOWN UINT64_MAX

struct publish_entry {
	enum publish_mark mark;
	struct str path;
	struct digest digest;
	uint64_t size;
	uint64_t headers; /* 0: none */
	int64_t since;	  /* retired: seconds since 1970 */
};

struct publish_record {
	enum publish_record_kind kind;
	uint64_t generation; /* 0 before the first publish */
	struct str token;
	struct digest site;
	struct publish_entry *entries;
	size_t len, cap;
};

void publish_record_add(struct publish_record *r, struct arena *a, const struct publish_entry *entry);
const struct publish_entry *publish_record_find(
	const struct publish_record *r, struct str path); /* or NULL */

/* By path. */
void publish_entries_sort(struct publish_entry *entries, size_t n);

/* False: the digest of nobody's bytes, which stands for those that were not read. */
bool publish_digest_known(const struct digest *digest);

/* The entries are sorted. */
void publish_record_write(struct buf *out, const struct publish_record *r);

/* False when the text is not such a record; then *line is where. Entries borrow the text. */
bool publish_record_read(struct publish_record *out, struct arena *a, enum publish_record_kind kind,
	struct str text, size_t *line) MUST_USE;

/* A path that may be joined to a folder: relative, plain components, nothing of PUBLISH_FOLDER's. */
bool publish_path_safe(struct str path);

#endif
