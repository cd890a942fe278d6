/*
 * publish_journal: what this machine knows it has sent, so that a publish that was cut off goes on with what
 * is left instead of reading back what is there.
 *
 * One file for each target in the state folder, named by the target's address:
 *
 *	faktablad-journal 1
 *	intent <SHA-256 of the intent's text>
 *	<SHA-256> <path>
 *	…
 *
 * A line is added when the server has confirmed a file. The journal is believed only while that very intent
 * stands on the target: an intent names its publisher's token, so once anybody else has been at it the
 * journal says nothing. It is never needed: what it does not say is looked up. Failing to write it is
 * therefore no failure.
 */
#ifndef ACTION_PUBLISH_JOURNAL_H
#define ACTION_PUBLISH_JOURNAL_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/map.h"

#define PUBLISH_JOURNAL_MAX_BYTES ((size_t)256 << 20)

struct publish_journal {
	const char *path; /* NULL: none is kept */
	int fd;		  /* -1: not being written */
};

/* `state` may be NULL, and missing: it is made when something is to be written. */
void publish_journal_init(struct publish_journal *j, struct arena *a, const char *state, struct str url);

/* Path to struct digest of what was confirmed under the intent of that digest; empty when that is not known. */
void publish_journal_read(
	const struct publish_journal *j, struct arena *a, const struct digest *intent, struct map *out);

void publish_journal_begin(struct publish_journal *j, const struct digest *intent);
void publish_journal_add(struct publish_journal *j, struct str path, const struct digest *digest);
/* The intent is gone: so is the journal. */
void publish_journal_remove(struct publish_journal *j);
void publish_journal_close(struct publish_journal *j); /* keeps the file */

/* The text alone. */
void publish_journal_parse(struct str text, struct arena *a, const struct digest *intent, struct map *out);

#endif
