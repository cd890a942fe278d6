/*
 * publish_impl: what the files of the engine share: one publish from survey to commit. See publish.h.
 */
#ifndef ACTION_PUBLISH_IMPL_H
#define ACTION_PUBLISH_IMPL_H

#include "action/publish.h"
#include "action/publish_headers.h"
#include "action/publish_journal.h"
#include "action/publish_local.h"

/* What is known of a target before anything is done to it. */
struct publish_survey {
	struct digest manifest, intent;	 /* of the texts as they were read: the same texts, the same state */
	bool first;			 /* it has no manifest */
	bool unfinished;		 /* it has an intent */
	struct publish_record published; /* its manifest as it was read */
	struct publish_record there;	 /* what lies there of ours, put right by looking */
	struct publish_record intended;	 /* the intent */
};

struct publish {
	const struct publish_options *o;
	struct publish_result *out;
	struct arena *arena;
	struct buf *why;
	publish_clock *clock;
	struct publish_backend *b;
	struct publish_pool *pool;
	struct publish_local local;
	struct publish_survey survey;
	bool *part; /* --only: of local.files, those that are wanted; NULL: all */
	struct publish_plan plan;
	struct publish_record next;	/* the manifest that was written in the end */
	struct publish_headers headers; /* hash is NULL where headers are not kept with files */
	bool clash;			/* it was refused for files that are not ours */
	const char *manifest;		/* where the target's manifest is read */
	struct publish_lock lock;
	struct {
		uint64_t generation; /* whose site is wanted */
	} rollback;
	struct publish_journal journal;
	struct publish_progress progress;
	size_t *done; /* the count of the result that the running batch adds to, by change */
};

/* publish_survey.c: reads, changes nothing. FAILED and REFUSED leave a sentence. */
enum publish_status publish_survey_read(struct publish *p) MUST_USE;
/* Have the texts changed since? Then *changed. */
enum publish_status publish_survey_again(struct publish *p, bool *changed) MUST_USE;

/* publish_phase.c: for the batches of one phase. step() is of struct publish_batch; its ctx is the publish. */
bool publish_step(void *ctx, const struct publish_job *job);
/* Before there is anything to count, and maybe no lock yet to keep: reading many files takes time. */
bool publish_look_step(void *ctx, const struct publish_job *job);
void publish_phase(struct publish *p, const char *phase, size_t total, uint64_t bytes);
/* Makes the best sentence of a batch that did not end well. */
enum publish_status publish_ended(struct publish *p, enum publish_answer answer) MUST_USE;
void publish_say_how_far(struct publish *p);

/* publish_clash.c: refuses, or adopts, what stands where new files shall be. */
enum publish_status publish_clash(struct publish *p) MUST_USE;

/* publish_next.c: the manifest that tells how it will be. */
void publish_next(struct publish *p, struct publish_record *out);

/* publish_part.c: --only. Chooses; takes from the plan what was not chosen; the manifest afterwards. */
enum publish_status publish_part_choose(struct publish *p) MUST_USE;
void publish_part_plan(struct publish *p);
void publish_part_next(struct publish *p, struct publish_record *out);

/* publish_folders.c */
enum publish_status publish_make_folder(struct publish *p, struct str path) MUST_USE;
void publish_drop_folder(struct publish *p, struct str path);
/* Of the folders on the way to files: makes those that are missing; drops those that are empty. */
enum publish_status publish_make_folders_for(struct publish *p, const struct str *paths, size_t len) MUST_USE;
void publish_drop_folders_for(struct publish *p, const struct str *paths, size_t len);
enum publish_status publish_make_folders(struct publish *p) MUST_USE;
void publish_drop_folders(struct publish *p);

/* publish_verify.c: on the target, before the manifest is written; and at the public address, after. */
enum publish_status publish_verify(struct publish *p) MUST_USE;
enum publish_status publish_read_back(struct publish *p) MUST_USE;

/* publish_send.c: from the intent to its removal, under the lock. */
enum publish_status publish_settle(struct publish *p) MUST_USE;
enum publish_status publish_send(struct publish *p) MUST_USE;
enum publish_status publish_remove_intent(struct publish *p) MUST_USE;
/* Still ours? Asked just before what cannot be taken back. */
enum publish_status publish_keep_lock(struct publish *p) MUST_USE;
/* `digest`, of the text that was written, may be NULL. */
enum publish_status publish_write_record(
	struct publish *p, const char *path, const struct publish_record *r, struct digest *digest) MUST_USE;
enum publish_status publish_flush(struct publish *p) MUST_USE;

/* A small file of ours, or its change; with retries. */
enum publish_answer publish_read(struct publish *p, const char *path, struct buf *out) MUST_USE;
enum publish_answer publish_write(struct publish *p, const char *path, struct str text) MUST_USE;
enum publish_answer publish_remove(struct publish *p, struct str path) MUST_USE;

/* What a file is served with; NULL where the target does not keep that. */
const struct publish_headers_of *publish_headers(const struct publish *p, struct str path);

/* Begins the sentence anew. */
enum publish_status publish_refuse(struct publish *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The backend's answer as a status; it has left a sentence. */
enum publish_status publish_answered(enum publish_answer answer);

#endif
