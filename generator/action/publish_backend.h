/*
 * publish_backend: one protocol, as the engine of publish sees it.
 *
 * The engine (publish.c and its siblings) knows what is to be done, in which order, on how many connections, and
 * what must hold when it is cut off; a backend knows how one kind of server is told to do one thing. A new
 * protocol is one file with a struct publish_backend_ops and a row in publish_backend.c. All paths are below
 * the target, '/' between, safe (publish_path_safe) or of publish_record.h's own.
 *
 * What a backend must guarantee, by whatever means its servers have:
 *   - put (with finish), write: under its name a file is the old one or the new one, whole, also after a kill
 *     at any point; where a server cannot do that, `guarantee` says what a visitor can meet;
 *   - after begin(), nobody whose lock was broken can put, write or remove, as far as the server allows;
 *   - lock_swap: of two who swap the same old text for different new ones, one is told ANSWER_TAKEN;
 *   - nothing but regular files is ever replaced or removed, and no symbolic link inside the target is
 *     followed, where the protocol can tell.
 *
 * Threads: everything of a struct publish_backend is constant from open() on, but what a backend guards by
 * itself. A link is one connection and is used by one thread at a time. The control link does everything but
 * put, digest, list, remove and copy, which the pool (publish_pool.h) spreads over more links.
 *
 * Calling sequence:
 *	open → connect (the control link) → read, list, lock_read (all that a dry run does)
 *	     → lock_swap → begin → write → make_folder … → [more connects] put … → finish → list → flush
 *	     → write → remove … → end → lock_swap → disconnect … → close (always)
 */
#ifndef ACTION_PUBLISH_BACKEND_H
#define ACTION_PUBLISH_BACKEND_H

#include "action/publish_record.h"
#include "action/publish_settings.h"
#include "base/fs.h"

#include <stdatomic.h>

enum publish_answer {
	ANSWER_OK,
	ANSWER_ABSENT,	/* there is nothing */
	ANSWER_TAKEN,	/* something stands there that we must not touch; another holds the lock */
	ANSWER_CHANGED, /* put: the local file is not what the manifest says */
	ANSWER_STOPPED, /* step() said so */
	ANSWER_AGAIN, /* the network or the server failed for now: l->why says how; the same may work later */
	ANSWER_FAILED, /* l->why says what, and what to do */
};

/* Like a path; `size` is meant only when `sized`. */
enum publish_kind { PUBLISH_FILE, PUBLISH_DIR, PUBLISH_OTHER };

struct publish_listed {
	struct str name;
	enum publish_kind kind;
	bool sized;
	uint64_t size;
};

struct publish_listing {
	struct publish_listed *items; /* in no order */
	size_t len, cap;
};

void publish_listing_add(struct publish_listing *l, struct arena *a, const struct publish_listed *item);

struct publish_job {
	struct str path;
	const char *local; /* put: the file to send; NULL: `kept` is put back */
	struct str kept;   /* put: a path of the target (publish_keep.h) with the bytes */
	const struct publish_headers_of *headers; /* put: what it is served with; NULL: nothing is known */
	struct digest
		digest; /* put: what its bytes must be, checked while they are sent; look: what was found */
	uint64_t size;	/* the same */
	bool fresh;	/* put: ANSWER_TAKEN rather than replace what stands there */
	void *result;	/* the engine's own */
	const char *
		staged; /* put: where it waits for finish(), which sets it to NULL when the file has its name; the
			       backend's, in the link's arena */
	enum publish_answer answer;
};

/*
 * Jobs that may be done in any order, at once, over any number of connections. step() is called, never by two
 * threads together, after each job that was done; it returns false when no more may be begun (it is also
 * called with NULL about every second). A batch ends at its first failure.
 */
struct publish_batch {
	struct publish_job *jobs;
	size_t len;
	bool (*step)(void *ctx, const struct publish_job *job);
	void *ctx;
};

struct publish_backend {
	const struct publish_backend_ops *ops;
	struct arena *arena; /* lives as long as the backend; the control link's thread only */
	struct fs *fs;	     /* for local files */
	struct buf *why;     /* open(): one sentence without a full stop */
	const struct publish_settings *settings;
	struct str scheme;     /* as the table spells it: "davs" */
	const char *name;      /* the target as the operator knows it, for sentences; no secrets */
	const char *from;      /* the absolute path of the local folder that is published; NULL: a rollback */
	const char *guarantee; /* one sentence: what a visitor can meet while pages are replaced; connect()
				  of the control link may change it to what this server allows */
	char token[PUBLISH_TOKEN_MAX + 1];
};

/* A protocol's own struct begins with it. */
struct publish_link {
	struct publish_backend *b;
	struct arena *arena;	 /* this link's alone; a copy of it is scratch */
	struct buf *why;	 /* this link's alone; after AGAIN, FAILED, TAKEN, CHANGED: one sentence */
	unsigned number;	 /* 0: the control link */
	unsigned retry_after;	 /* after AGAIN: seconds that the server asked for, or 0 */
	const atomic_bool *stop; /* long transfers end soon with ANSWER_STOPPED once this is true */
};

struct publish_backend_ops {
	bool local;	      /* no network: looks cost next to nothing, connections are not needed */
	bool stores_headers;  /* what a file is served with is kept beside it: a change of it is a change */
	unsigned connections; /* how many at once when the target does not say */

	/* NULL after a sentence in base->why. Checks the address and settings; no network. */
	struct publish_backend *(*open)(const struct publish_backend *base);
	void (*close)(struct publish_backend *b);

	/*
	 * Makes a link (bare: what is filled in goes over into it) and speaks to the server far enough to know that it is the right
	 * one and lets us in. NULL: *answer is AGAIN or FAILED, bare->why says why.
	 */
	struct publish_link *(*connect)(const struct publish_link *bare, enum publish_answer *answer);
	void (*disconnect)(struct publish_link *l);

	/* A small file of ours. `write` replaces. */
	enum publish_answer (*read)(struct publish_link *l, const char *path, size_t max, struct buf *out);
	enum publish_answer (*write)(struct publish_link *l, const char *path, struct str text);

	/* What stands in a folder ("": the target itself), without "." and "..". ABSENT: no such folder. */
	enum publish_answer (*list)(
		struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out);

	/* A file or a folder gets another name, in the same instant; ABSENT: there is no such file (any more).
	 * What stands at the new name is replaced or the rename fails, as the server likes. */
	enum publish_answer (*rename)(struct publish_link *l, struct str from, struct str to);

	/*
	 * The lock's text; and its change, when it still is `old`, to `new`. An empty text stands for no
	 * lock. The first swap also makes the target when it is missing, the last one unmakes what would be
	 * left of a publish that did nothing. Servers with folders have publish_guard.h for these
	 * and the next two.
	 */
	enum publish_answer (*lock_read)(struct publish_link *l, struct buf *out);
	enum publish_answer (*lock_swap)(struct publish_link *l, struct str old, struct str new);

	/* The place for names that are not final yet, known by b->token; clears away other publishers'
	 * places. */
	enum publish_answer (*begin)(struct publish_link *l);
	void (*end)(struct publish_link *l);

	/* One that is there already is fine; its parent is there. NULL where there are no folders. */
	enum publish_answer (*make_folder)(struct publish_link *l, struct str path);
	/* One that is not empty, or not there, is left, quietly. NULL where there are no folders. */
	void (*drop_folder)(struct publish_link *l, struct str path);

	/*
	 * Sends a file (publish_source.h: its bytes are digested on the way), or puts a kept one back. A file
	 * of PUBLISH_LARGE or more goes on where an earlier try or an earlier, killed publish stopped.
	 */
	enum publish_answer (*put)(struct publish_link *l, struct publish_job *job);
	/*
	 * Gives the final names to all files of a batch that put() staged; on the control link, after the
	 * last put. Sets the answer of the one that it could not; jobs whose `staged` stays were not done either. NULL:
	 * put() does it.
	 */
	enum publish_answer (*finish)(struct publish_link *l, struct publish_batch *batch);
	/* An absent file is fine; what is no regular file is left. */
	enum publish_answer (*remove)(struct publish_link *l, struct publish_job *job);
	/* What stands at one path: OK with its size, ABSENT, or TAKEN: no regular file, or a link on the way.
	 * NULL: the engine asks list() for the folders. */
	enum publish_answer (*look)(struct publish_link *l, struct publish_job *job);
	/* Reads all of a file: job->digest and job->size; ABSENT; TAKEN: no regular file. */
	enum publish_answer (*digest)(struct publish_link *l, struct publish_job *job);
	/*
	 * The file at `from`, which stays, also at `to`, made by the server; fine when `to` is there already.
	 * NULL, or ANSWER_ABSENT: this server cannot, or there is no such file; no generation is kept.
	 */
	enum publish_answer (*copy)(struct publish_link *l, struct str from, struct str to);
	/* A symbolic link at `path` to `to`, replacing another link in one instant; NULL: cannot (publish_switch.h). */
	enum publish_answer (*point)(struct publish_link *l, struct str path, struct str to);

	/* What was put so far survives a power cut. May be NULL. */
	enum publish_answer (*flush)(struct publish_link *l);
};

/* From here on put() resumes. */
#define PUBLISH_LARGE ((uint64_t)64 << 20)

/*
 * A local file that cannot be sent, in one sentence: `error` is of reading it; ENOENT: it is gone; ESTALE: it is not what
 * the last build wrote. CHANGED, or FAILED.
 */
enum publish_answer publish_unsent(struct publish_link *l, const char *local, int error);

/* By the address's scheme; NULL after a sentence. `base` has everything but ops, scheme, name and guarantee, which open() fills in. */
struct publish_backend *publish_backend_open(const struct publish_backend *base);

/* The schemes that are known, "file:, sftp:, …". */
void publish_backend_list(struct buf *out);

extern const struct publish_backend_ops publish_file_ops;
extern const struct publish_backend_ops publish_sftp_ops;
extern const struct publish_backend_ops publish_ftp_ops;
extern const struct publish_backend_ops publish_s3_ops;
extern const struct publish_backend_ops publish_dav_ops;

#endif
