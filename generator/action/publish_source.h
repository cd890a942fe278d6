/*
 * publish_source: a local file on its way to a target, digested as it is read.
 *
 *	error = publish_source_open(&s, fs, path);
 *	s.wanted = &job->digest;	(optional: of bytes that turn out to be others, the last are held back, so
 *					that no server takes them for the file; the error is ESTALE)
 *	while ((error = publish_source_read(&s, bytes, sizeof(bytes), &n)) == 0 && n) …
 *	publish_source_close(&s, &digest, &size);		(always after a successful open)
 */
#ifndef ACTION_PUBLISH_SOURCE_H
#define ACTION_PUBLISH_SOURCE_H

#include "base/digest.h"
#include "base/fs.h"

struct publish_source {
	struct fs *fs;
	const char *path; /* borrowed */
	struct fs_file file;
	struct digest_run *run;
	uint64_t size; /* when it was opened: what is announced to the server */
	uint64_t read; /* so far */
	int error;     /* of the first read that failed */
	const struct digest *wanted; /* or NULL: see below */
};

/* 0 or an errno value. */
int publish_source_open(struct publish_source *s, struct fs *fs, const char *path) MUST_USE;
int publish_source_read(struct publish_source *s, void *bytes, size_t max, size_t *n) MUST_USE;
/* The next read begins at `offset`; everything before it counts as read, and is digested. */
int publish_source_seek(struct publish_source *s, uint64_t offset) MUST_USE;
/* Both are about the bytes that were read. */
void publish_source_close(struct publish_source *s, struct digest *digest, uint64_t *size);

/* The whole of it. */
int publish_source_digest(struct fs *fs, const char *path, struct digest *digest, uint64_t *size) MUST_USE;

#endif
