/*
 * publish_s3_impl: what the files of the S3 backend share. See publish_s3.c.
 */
#ifndef ACTION_PUBLISH_S3_IMPL_H
#define ACTION_PUBLISH_S3_IMPL_H

#include "action/publish_curl.h"
#include "action/publish_s3_xml.h"

#include <pthread.h>

/* Does the server do a write only when its condition holds? */
enum publish_s3_conditions {
	S3_UNKNOWN,
	S3_HONOURED,
	S3_HONOURED_BARE, /* and wants ETags without their quotes (Ceph 16) */
	S3_IGNORED,
};

#define S3_ETAG_MAX 128

/* What a small file of ours was when it was last read or written: the next write replaces only that. */
struct publish_s3_version {
	const char *path;
	bool known;
	char etag[S3_ETAG_MAX]; /* empty: there was none */
};

struct publish_s3 {
	struct publish_backend base;
	struct publish_settings plain; /* for libcurl: without a user and a password */
	const char *protocol;	       /* "https" */
	struct str host;	       /* as the Host header has it */
	struct str folder;	       /* in front of keys, encoded: "", "/bucket" */
	struct str bucket;
	struct str prefix; /* "", "site/" */
	struct str region;
	int64_t (*now)(void);	     /* seconds since 1970 */
	unsigned pause_ms;	     /* before a lock is read back where conditions are ignored */
	atomic_int conditions;	     /* enum publish_s3_conditions */
	struct digest locked;	     /* of the lock's text as we wrote it last; the control link's */
	char lock_etag[S3_ETAG_MAX]; /* empty: it is not known */
	atomic_bool changed;	     /* something was written */
	pthread_mutex_t mutex;	     /* for: */
	struct publish_s3_version versions[2];
};

struct publish_s3_link {
	struct publish_link base;
	struct publish_s3 *target;
	struct publish_curl *curl;
	struct buf answer;	       /* the last body */
	struct arena work;	       /* of one request; callers have scratch of their own */
	struct publish_s3_error error; /* the last one's; in `work` */
	char code[64];
	long status;
};

#define S3_MAX_HEADERS 32
#define S3_MAX_QUERY 8

/* One request. */
struct publish_s3_call {
	const char *doing;  /* for sentences: "write" */
	const char *method; /* "PUT" */
	struct str path;    /* below the target; NULL: the bucket */
	struct publish_header query[S3_MAX_QUERY], headers[S3_MAX_HEADERS];
	size_t query_count, header_count;
	struct str text;	       /* what is sent, or: */
	struct publish_source *source; /* with this digest: */
	const struct digest *payload;
	struct digest_run *run; /* what comes is digested; NULL: it goes to l->answer */
	size_t max;		/* of l->answer; 0: enough for an error */
	bool late;		/* an answer that begins well may hold an error */
	bool quiet;		/* failures leave no sentence */
};

static inline struct publish_s3_link *publish_s3_self(struct publish_link *l)
{
	return (struct publish_s3_link *)l;
}

/* ---- publish_s3_call.c ---- */

void publish_s3_query(struct publish_s3_call *call, const char *name, struct str value);
void publish_s3_header(struct publish_s3_call *call, struct str name, struct str value);
/*
 * OK; ABSENT: no such key or upload; TAKEN: a condition did not hold; AGAIN, FAILED, STOPPED. All but OK,
 * ABSENT and TAKEN leave a sentence.
 */
enum publish_answer publish_s3_do(struct publish_s3_link *l, const struct publish_s3_call *call) MUST_USE;
/* The last answer's header, or the empty str. */
struct str publish_s3_answered(const struct publish_s3_link *l, const char *name);

/* ---- publish_s3_lock.c: small files and the lock, with conditions ---- */

enum publish_answer publish_s3_read(struct publish_link *l, const char *path, size_t max, struct buf *out);
enum publish_answer publish_s3_write(struct publish_link *l, const char *path, struct str text);
enum publish_answer publish_s3_lock_read(struct publish_link *l, struct buf *out);
enum publish_answer publish_s3_lock_swap(struct publish_link *l, struct str old, struct str new);
/* Something of ours at this path is gone. */
void publish_s3_forget(struct publish_s3 *s3, struct str path);
bool publish_s3_honours(const struct publish_s3 *s3);
/* There is no intent: what was begun before is complete, or was undone. */
bool publish_s3_settled(struct publish_s3 *s3);

/* ---- publish_s3.c ---- */

/* Of an object of ours, described anew, or as it is (`job` NULL). ABSENT: there is none. */
enum publish_answer publish_s3_copy(
	struct publish_s3_link *l, struct str from, struct str to, const struct publish_job *job);

/* ---- publish_s3_put.c ---- */

enum publish_answer publish_s3_put_small(struct publish_s3_link *l, const struct publish_job *job);
enum publish_answer publish_s3_put_kept(struct publish_s3_link *l, const struct publish_job *job);

/* What a file is stored with, for a PUT, a copy, or the start of an upload in parts. */
void publish_s3_describe(struct publish_s3_call *call, struct arena *a, const struct publish_job *job);
/* Sets *size; OK, ABSENT, … Is it what the job would put there? Then *same. */
enum publish_answer publish_s3_head(
	struct publish_s3_link *l, const struct publish_job *job, uint64_t *size, bool *same);
/* Is a new path free? OK: it is; TAKEN. `*done`: an earlier try of ours has put it there. */
enum publish_answer publish_s3_free(struct publish_s3_link *l, const struct publish_job *job, bool *done);

/* ---- publish_s3_part.c: uploads in parts ---- */

enum publish_answer publish_s3_put_large(struct publish_s3_link *l, struct publish_job *job);
/* Gives up uploads that nobody went on with. */
void publish_s3_tidy(struct publish_s3_link *l);

#endif
