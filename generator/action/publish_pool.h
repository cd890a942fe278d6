/*
 * publish_pool: a batch of jobs over several connections, with retries.
 *
 * Each worker is a thread with a link of its own, made when the first job wants it and kept between batches.
 * What fails for now (ANSWER_AGAIN) is tried again on a fresh connection after a pause that doubles, with
 * jitter, or after what the server asked for; what fails for good ends the batch. A server that lets in fewer
 * connections than asked for is used with those. The caller's thread renews what must be renewed, by way of
 * step(NULL), while the workers work.
 */
#ifndef ACTION_PUBLISH_POOL_H
#define ACTION_PUBLISH_POOL_H

#include "action/publish_backend.h"

#define PUBLISH_TRIES 5		     /* of one job, the first one included */
#define PUBLISH_PAUSE_MAX_SECONDS 60 /* a server that asks for more has failed */
#define PUBLISH_MAX_CONNECTIONS 64   /* beside the control link */

struct publish_pool;

/* One job on one link; as the functions of struct publish_backend_ops. */
typedef enum publish_answer publish_one(struct publish_link *l, struct publish_job *job);

/* Connects the control link, with retries. NULL: a sentence in b->why. */
struct publish_pool *publish_pool_new(struct publish_backend *b) MUST_USE;
void publish_pool_free(struct publish_pool *p);

/* Until the next call of the pool. Its `why` is the one of the backend. */
struct publish_link *publish_pool_control(struct publish_pool *p);
struct publish_backend *publish_pool_backend(struct publish_pool *p);

/*
 * `one` for every job. The batch's answer is OK when every job's is OK, or, if `lenient`, ABSENT or TAKEN;
 * else the first other one, never AGAIN, with its sentence in b->why. Jobs that were not begun are STOPPED.
 */
enum publish_answer publish_pool_run(
	struct publish_pool *p, struct publish_batch *batch, publish_one *one, bool lenient) MUST_USE;

/* put() for every job, then finish() where the protocol has one. */
enum publish_answer publish_pool_put(struct publish_pool *p, struct publish_batch *batch) MUST_USE;

/*
 * What stands at each job's path: OK with its size, ABSENT, or TAKEN (no regular file); from listings of
 * their folders, each folder asked for once. With `digests`, each file that is there is read as well.
 */
enum publish_answer publish_pool_look(
	struct publish_pool *p, struct publish_batch *batch, bool digests) MUST_USE;

/* One call on the control link, with the same retries. `fn` gets ctx. */
typedef enum publish_answer publish_call(struct publish_link *l, void *ctx);
enum publish_answer publish_pool_call(struct publish_pool *p, publish_call *fn, void *ctx);

#endif
