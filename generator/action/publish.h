/*
 * publish: brings a target to what the last build wrote, as a transaction of one generation.
 *
 * Lock → read the target's manifest → intent → assets and packs → new pages → changed pages → indexes →
 * verify → manifest → delete → remove the intent → unlock. Whatever differs by digest is sent, nothing else.
 *The engine is this; what one protocol does is behind publish_backend.h.
 *
 * What holds when it is cut off anywhere: the target's manifest tells what was last published whole, and the
 * intent names every path where that may be untrue. Whoever publishes next, the same site or another, from
 * this machine or another, looks at those paths first and writes down what is there. Paths that
 * neither a manifest nor an intent of ours names are somebody else's: never replaced, never removed.
 *
 *	o.url = publish_url_resolve(&arena, root, STR("file:published"));
 *	status = publish_run(&o, &result, &arena, &why);
 */
#ifndef ACTION_PUBLISH_H
#define ACTION_PUBLISH_H

#include "action/publish_lock.h"
#include "action/publish_plan.h"
#include "action/publish_url.h"

enum publish_status {
	PUBLISH_OK = 0,	     /* published, or nothing to do, or a dry run that would go */
	PUBLISH_FAILED = 1,  /* cut off: nothing was deleted before the manifest was written; publish again */
	PUBLISH_REFUSED = 2, /* nothing was changed */
};

struct publish_progress {
	const char *phase; /* "send", "verify", "delete" */
	size_t done, total;
	uint64_t bytes, total_bytes; /* send only */
};

struct publish_options {
	const char *from; /* the folder that build wrote */
	struct publish_settings settings;
	const struct publish_rules *rules; /* what files are served with: publish_headers.h; NULL: nothing */
	bool dry_run;
	bool break_lock;
	bool adopt;		/* files that are there already with the same bytes become ours */
	bool rollback;		/* to the generation before, instead of what build wrote */
	bool whole_switch;	/* publish_switch.h: releases in folders, and one link that points to one */
	const struct str *only; /* pages to be put first and alone, with what they need; paths of the site */
	size_t only_count;
	size_t delete_cap;    /* most files that may be deleted; 0: publish_plan_delete_cap() */
	unsigned generations; /* earlier ones to keep for a rollback; 0: none */
	int64_t grace_seconds; /* how long fingerprinted files of earlier generations stay; <0: PUBLISH_GRACE_SECONDS */
	struct str public_address; /* read back after the publish; may be empty */
	const char *state;	   /* a folder for journals; NULL: none is kept */
	unsigned lock_seconds;	   /* 0: PUBLISH_LOCK_SECONDS */
	uint64_t seed;		   /* chooses the files that are read back; 0: from the generation */
	struct fs *fs;		   /* NULL: fs_real() */
	const struct publish_backend_ops *backend; /* tests: whatever the address says */
	publish_clock *clock;	   /* NULL: the real one */
	/* After each file, on the calling thread or a worker's, never on two at once. False stops soundly, as a
	 * failure would. May be NULL. */
	bool (*progress)(void *ctx, const struct publish_progress *p);
	void *ctx;
};

#define PUBLISH_GRACE_SECONDS ((int64_t)7 * 24 * 60 * 60)

struct publish_result {
	struct publish_plan plan; /* what was (dry run: would be) done; also filled when that was refused */
	size_t added, changed, deleted, unchanged; /* done; in a dry run as planned */
	uint64_t bytes;				   /* sent */
	uint64_t generation;
	struct manifest_states texts; /* of the site, as it was built */
	bool nothing_to_do;
	size_t generations;	   /* earlier ones that the target keeps now */
	uint64_t rolled_back;	   /* the generation whose site is published again; 0: none was */
	const char *not_kept;	   /* why the generation before was not kept although it should; NULL: it was */
	size_t adopted;	       /* files of somebody else's that were the same and are ours now */
	size_t retired;	       /* fingerprinted files that are kept for readers of old pages */
	size_t resumed;	       /* files that an earlier, unfinished publish had sent */
	size_t read_back;      /* pages that were read at the public address */
	bool unfinished;       /* an earlier publish that was cut off was found, and settled */
	const char *target;    /* as an operator names it: an absolute folder */
	const char *guarantee; /* one sentence: what a visitor could meet meanwhile */
};

/* Files read back from the target and digested after sending; pages read at the public address. */
#define PUBLISH_SAMPLE 16
#define PUBLISH_PUBLIC_SAMPLE 8

/* `why` gets one sentence, without a full stop, unless it is PUBLISH_OK. The result borrows from the arena.
 */
enum publish_status publish_run(const struct publish_options *o, struct publish_result *out, struct arena *a,
	struct buf *why) MUST_USE;

#endif
