/*
 * publish_backend: one protocol, as the engine of publish sees it.
 *
 * The engine (publish.c) knows what is to be done, in which order, and what must hold when it is cut off; a
 * backend knows how one kind of server is told. A new protocol is one file with a struct publish_backend_ops
 * and a row in publish_backend.c. All paths are below the target, '/' between, safe (publish_path_safe) or
 * of publish_record.h's own.
 *
 * What a backend must guarantee, by whatever means its servers have:
 *   - put, write: under its name a file is the old one or the new one, whole, also after a kill at any point;
 *   - after begin(), nobody whose lock was broken can put, write or remove, as far as the server allows;
 *   - lock_swap: of two who swap the same old text for different new ones, one is told ANSWER_TAKEN;
 *   - nothing but regular files is ever replaced or removed, and no symbolic link inside the target is
 * followed.
 *
 * Calling sequence:
 *	open → read, look, lock_read (all that a dry run does)
 *	     → lock_swap → begin → write → folders → put … → look → flush → write → remove … → end → lock_swap
 *	     → close (always)
 */
#ifndef ACTION_PUBLISH_BACKEND_H
#define ACTION_PUBLISH_BACKEND_H

#include "action/publish_record.h"
#include "base/fs.h"

enum publish_answer {
	ANSWER_OK,
	ANSWER_ABSENT,	/* there is nothing */
	ANSWER_TAKEN,	/* something stands there that we must not touch; another holds the lock */
	ANSWER_CHANGED, /* put: the local file is not what the manifest says */
	ANSWER_STOPPED, /* step() said so */
	ANSWER_FAILED,	/* b->why says what, and what to do */
};

struct publish_job {
	struct str path;
	const char *local; /* put: the file to send */
	struct digest
		digest; /* put: what its bytes must be, checked while they are sent; look: what was found */
	uint64_t size;	/* the same */
	bool fresh;	/* put: ANSWER_TAKEN rather than replace what stands there */
	enum publish_answer answer;
};

/*
 * Jobs that may be done in any order, at once, over any number of connections. step() is called, never by two
 * threads together, after each job that was done; it returns false when no more may be begun (a backend
 * also calls it with NULL during long transfers). A batch ends at its first failure.
 */
struct publish_batch {
	struct publish_job *jobs;
	size_t len;
	bool (*step)(void *ctx, const struct publish_job *job);
	void *ctx;
};

struct publish_backend {
	const struct publish_backend_ops *ops;
	struct arena *arena; /* lives as long as the backend */
	struct fs *fs;	     /* for local files */
	struct buf *why;     /* after ANSWER_FAILED, TAKEN and CHANGED: one sentence without a full stop */
	struct str url;
	const char *name; /* the target as the operator knows it, for sentences */
	const char *from; /* the absolute path of the local folder that is published */
	char token[PUBLISH_TOKEN_MAX + 1];
};

struct publish_backend_ops {
	const char *scheme;
	const char *guarantee; /* one sentence: what a visitor can meet while pages are replaced */
	bool cheap_look;       /* sizes of all files cost next to nothing: look before every publish */

	/* NULL after a sentence in `why`. Checks the address; touches nothing on the target. */
	struct publish_backend *(*open)(const struct publish_backend *base);
	void (*close)(struct publish_backend *b);

	/* A small file. */
	enum publish_answer (*read)(struct publish_backend *b, const char *path, size_t max, struct buf *out);
	enum publish_answer (*write)(struct publish_backend *b, const char *path, struct str text);

	/*
	 * The lock's text; and its change, when it still is `old`, to `new`. An empty text stands for no
	 * lock. The first swap also makes the target when it is missing, the last one unmakes what would be
	 * left of a publish that did nothing.
	 */
	enum publish_answer (*lock_read)(struct publish_backend *b, struct buf *out);
	enum publish_answer (*lock_swap)(struct publish_backend *b, struct str old, struct str new);

	/* The place for names that are not final yet, known by b->token; clears away other publishers'
	 * places. */
	enum publish_answer (*begin)(struct publish_backend *b);
	void (*end)(struct publish_backend *b);

	/* Sorted, parents first; those that are there already are fine. May be NULL where there are no
	 * folders. */
	enum publish_answer (*folders)(struct publish_backend *b, const struct str *paths, size_t n);
	/* Deepest first; those that are not empty, or not there, are left. May be NULL. */
	void (*drop_folders)(struct publish_backend *b, const struct str *paths, size_t n);

	enum publish_answer (*put)(struct publish_backend *b, struct publish_batch *batch);
	/* Absent files are fine; what is no regular file is left. */
	enum publish_answer (*remove)(struct publish_backend *b, struct publish_batch *batch);
	/* Each job is answered OK (size and, if asked for, digest are set), ABSENT, or TAKEN: no regular
	 * file. */
	enum publish_answer (*look)(struct publish_backend *b, struct publish_batch *batch, bool digests);

	/* What was put so far survives a power cut. May be NULL. */
	enum publish_answer (*flush)(struct publish_backend *b);
};

/* By the address's scheme; NULL after a sentence. `base` has everything but ops and name. */
struct publish_backend *publish_backend_open(const struct publish_backend *base);

/* The schemes that are known, "file://, …". */
void publish_backend_list(struct buf *out);

extern const struct publish_backend_ops publish_file_ops;

#endif
