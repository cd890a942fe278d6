/*
 * publish_lock: who may change a target, until when.
 *
 * The lock's text names its owner for people, its process for programs on the same machine, and when it
 * expires. It is renewed while a publish runs. A lock is broken only when it has expired, when its process is
 * known to be gone (same machine, same boot), or when the operator says so.
 *
 *	faktablad-lock 1
 *	token <32 hex digits>
 *	owner anna@web1
 *	process <machine> <pid> <start>
 *	taken <seconds since 1970>
 *	expires <seconds since 1970>
 */
#ifndef ACTION_PUBLISH_LOCK_H
#define ACTION_PUBLISH_LOCK_H

#include "action/publish_pool.h"

#define PUBLISH_LOCK_SECONDS 600
#define PUBLISH_LOCK_MAX_BYTES 4096

typedef int64_t publish_clock(void); /* seconds since 1970 */

struct publish_lock_text {
	struct str token;
	struct str owner;
	struct str machine; /* this boot of this machine, as a hash; may be empty */
	int64_t pid, start;
	int64_t taken, expires;
};

void publish_lock_write(struct buf *out, const struct publish_lock_text *t);
bool publish_lock_read(struct publish_lock_text *out, struct str text) MUST_USE; /* borrows the text */

/* The process that wrote this lock ran on this machine, and runs no more. False: it may run. */
bool publish_lock_is_dead(struct str text) MUST_USE;

/* A lock of ours on a backend. */
struct publish_lock {
	struct publish_pool *pool;
	publish_clock *clock;
	unsigned seconds;
	bool held, lost;
	int64_t renewed;
	struct publish_lock_text mine;
	struct buf text; /* as it stands on the target */
	char owner[256];
	char machine[17];
};

/* A fresh token goes into b->token. Touches nothing. */
void publish_lock_init(
	struct publish_lock *l, struct publish_pool *pool, publish_clock *clock, unsigned seconds);
/* A lock that nobody holds any more lies there; `force`: any lock. */
bool publish_lock_left(struct publish_lock *l, bool force) MUST_USE;
/* Somebody else holds it: the backend's `why` then says who, and nothing but that. */
bool publish_lock_held(struct publish_lock *l) MUST_USE;
/* TAKEN: b->why says by whom. */
enum publish_answer publish_lock_take(struct publish_lock *l, bool force) MUST_USE;
/* Still ours? Renews it when a third of its time has passed, or `now`. TAKEN: it was broken. */
enum publish_answer publish_lock_keep(struct publish_lock *l, bool now) MUST_USE;
void publish_lock_release(struct publish_lock *l); /* always; gives the lock back when it is held */

#endif
