#include "action/publish_pool.h"

#include <pthread.h>
#include <time.h>

#define LINK_ARENA_BYTES ((size_t)1 << 30) /* a ceiling: listings of very large folders */
#define WHY_BYTES ((size_t)64 << 10)
#define TICK_MS 1000
#define NAP_MS 20

/* One connection and the thread that uses it. */
struct worker {
	struct publish_pool *pool;
	struct publish_link *link; /* NULL: not connected */
	struct arena arena;
	struct buf why;
	pthread_t thread;
	unsigned number;
	bool retired; /* the server lets no more of us in */
};

/* What the threads of one batch share, under the pool's mutex. */
struct work {
	struct publish_batch *batch;
	publish_one *one;
	bool lenient;
	size_t next, running;
	enum publish_answer answer;
};

struct publish_pool {
	struct publish_backend *b;
	struct worker control;
	struct worker workers[PUBLISH_MAX_CONNECTIONS];
	unsigned count;
	atomic_bool stop;
	atomic_uint jitter;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct work work;
};

/* ---- links ---- */

static void init_worker(struct worker *w, struct publish_pool *p, unsigned number)
{
	*w = (struct worker){.pool = p, .number = number};
	arena_init(&w->arena, LINK_ARENA_BYTES);
	buf_init(&w->why, WHY_BYTES);
}

static struct buf *why_of(struct worker *w)
{
	return w->number ? &w->why : w->pool->b->why;
}

static void disconnect(struct worker *w)
{
	if (w->link)
		w->pool->b->ops->disconnect(w->link);
	w->link = NULL;
}

static void release_worker(struct worker *w)
{
	disconnect(w);
	arena_release(&w->arena);
	buf_release(&w->why);
}

static enum publish_answer connect_worker(struct worker *w)
{
	struct publish_link bare = {
		.b = w->pool->b,
		.arena = &w->arena,
		.why = why_of(w),
		.number = w->number,
		.stop = &w->pool->stop,
	};
	enum publish_answer answer = ANSWER_OK;

	if (w->link)
		return ANSWER_OK;
	w->link = w->pool->b->ops->connect(&bare, &answer);
	return w->link ? ANSWER_OK : answer == ANSWER_OK ? ANSWER_FAILED : answer;
}

/* ---- trying again ---- */

static bool nap(struct publish_pool *p, unsigned milliseconds)
{
	struct timespec piece = {.tv_nsec = NAP_MS * 1000000L};

	for (unsigned i = 0; i < milliseconds / NAP_MS && !atomic_load(&p->stop); i++)
		nanosleep(&piece, NULL);
	return !atomic_load(&p->stop);
}

/* Half of the pause is chance, so that many connections do not come back together. */
static unsigned with_jitter(struct publish_pool *p, unsigned milliseconds)
{
	unsigned x = atomic_fetch_add(&p->jitter, 0x9E3779B9u);

	x = (x ^ x >> 16) * 0x85EBCA6Bu;
	return milliseconds / 2 + (x ^ x >> 13) % (milliseconds / 2 + 1);
}

/* False: it makes no sense to wait, or somebody said stop. */
static bool pause_before(struct worker *w, unsigned tried, unsigned asked_seconds)
{
	const struct publish_settings *s = w->pool->b->settings;
	unsigned pause = (s->pause_ms ? s->pause_ms : PUBLISH_PAUSE_MS) << (tried - 1);

	if (asked_seconds > PUBLISH_PAUSE_MAX_SECONDS)
		return false;
	if (asked_seconds * 1000 > pause)
		pause = asked_seconds * 1000;
	return nap(w->pool, with_jitter(w->pool, pause) + (asked_seconds ? pause / 2 : 0));
}

/* One call with all its tries: the worker connects, and connects anew after each failure that may pass. */
static enum publish_answer with_tries(struct worker *w, publish_call *fn, void *ctx)
{
	enum publish_answer answer;
	size_t said = why_of(w)->n;
	unsigned tried;

	for (tried = 1;; tried++) {
		unsigned asked = 0;

		buf_cut(why_of(w), said);
		answer = connect_worker(w);
		if (answer == ANSWER_OK)
			answer = fn(w->link, ctx);
		if (answer != ANSWER_AGAIN)
			return answer;
		asked = w->link ? w->link->retry_after : 0;
		disconnect(w);
		if (tried == PUBLISH_TRIES || !pause_before(w, tried, asked))
			break;
	}
	if (atomic_load(&w->pool->stop))
		return ANSWER_STOPPED;
	if (tried > 1)
		buf_addf(why_of(w), " (tried %u times)", tried);
	return ANSWER_FAILED;
}

/* ---- one batch ---- */

struct one_job {
	publish_one *one;
	struct publish_job *job;
};

static enum publish_answer call_one(struct publish_link *l, void *ctx)
{
	struct one_job *o = ctx;

	return o->one(l, o->job);
}

static bool is_fine(const struct work *work, enum publish_answer answer)
{
	return answer == ANSWER_OK || (work->lenient && (answer == ANSWER_ABSENT || answer == ANSWER_TAKEN));
}

static void end_work(struct publish_pool *p, enum publish_answer answer)
{
	if (p->work.answer == ANSWER_OK)
		p->work.answer = answer;
	atomic_store(&p->stop, true);
}

/* The mutex is held. */
static void tell(struct publish_pool *p, const struct publish_job *job)
{
	const struct publish_batch *batch = p->work.batch;

	if (batch->step && p->work.answer == ANSWER_OK && !batch->step(batch->ctx, job))
		end_work(p, ANSWER_STOPPED);
}

/* The mutex is held. The first failure is the one that is told; those that follow are its echo. */
static void finish_job(struct worker *w, const struct publish_job *job)
{
	struct publish_pool *p = w->pool;

	if (is_fine(&p->work, job->answer)) {
		tell(p, job);
		return;
	}
	if (p->work.answer == ANSWER_OK && w->number) {
		buf_clear(p->b->why);
		buf_add(p->b->why, buf_str(&w->why));
	}
	end_work(p, job->answer);
}

static bool work_left(const struct publish_pool *p)
{
	return p->work.answer == ANSWER_OK && p->work.next < p->work.batch->len;
}

static void work_through(struct worker *w)
{
	struct publish_pool *p = w->pool;

	while (work_left(p)) {
		struct publish_job *job = &p->work.batch->jobs[p->work.next++];
		struct one_job o = {p->work.one, job};
		enum publish_answer answer;

		pthread_mutex_unlock(&p->mutex);
		if (w->number)
			buf_clear(&w->why);
		answer = with_tries(w, call_one, &o);
		pthread_mutex_lock(&p->mutex);
		job->answer = answer;
		finish_job(w, job);
	}
}

static enum publish_answer no_call(struct publish_link *l, void *ctx)
{
	(void)l, (void)ctx;
	return ANSWER_OK;
}

/*
 * A server that lets only some of us in is served by those, and by the control link when it lets in no other. The
 * mutex is held before and after.
 */
static bool join(struct worker *w)
{
	struct publish_pool *p = w->pool;
	enum publish_answer answer;

	if (w->link)
		return true;
	pthread_mutex_unlock(&p->mutex);
	buf_clear(&w->why);
	answer = with_tries(w, no_call, NULL);
	pthread_mutex_lock(&p->mutex);
	w->retired = answer != ANSWER_OK;
	return !w->retired;
}

static void *worker_main(void *ctx)
{
	struct worker *w = ctx;
	struct publish_pool *p = w->pool;

	pthread_mutex_lock(&p->mutex);
	if (work_left(p) && join(w))
		work_through(w);
	p->work.running--;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->mutex);
	return NULL;
}

/* The caller's thread: lets step() look after the lock while the others work. */
static void watch(struct publish_pool *p)
{
	struct timespec until;

	while (p->work.running) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += TICK_MS % 1000 * 1000000L;
		until.tv_sec += TICK_MS / 1000;
		if (pthread_cond_timedwait(&p->changed, &p->mutex, &until) != 0)
			tell(p, NULL);
	}
}

static void run_threads(struct publish_pool *p, size_t wanted)
{
	struct worker *started[PUBLISH_MAX_CONNECTIONS];
	size_t n = 0;

	pthread_mutex_lock(&p->mutex);
	for (unsigned i = 0; i < p->count && n < wanted; i++) {
		struct worker *w = &p->workers[i];

		if (w->retired)
			continue;
		p->work.running++;
		if (pthread_create(&w->thread, NULL, worker_main, w) == 0)
			started[n++] = w;
		else
			p->work.running--;
	}
	if (n == 0)
		work_through(&p->control);
	watch(p);
	pthread_mutex_unlock(&p->mutex);
	for (size_t i = 0; i < n; i++)
		pthread_join(started[i]->thread, NULL);
	/* All have retired before they could do everything: what is left is done here. */
	pthread_mutex_lock(&p->mutex);
	work_through(&p->control);
	pthread_mutex_unlock(&p->mutex);
}

/* Threads of their own also for a single large file: the lock must be renewed meanwhile. */
static bool is_small(const struct publish_pool *p, const struct publish_batch *batch)
{
	return p->b->ops->local ? p->count == 1 : batch->len == 1 && batch->jobs[0].size < PUBLISH_LARGE;
}

enum publish_answer publish_pool_run(
	struct publish_pool *p, struct publish_batch *batch, publish_one *one, bool lenient)
{
	p->work = (struct work){.batch = batch, .one = one, .lenient = lenient};
	atomic_store(&p->stop, false);
	for (size_t i = 0; i < batch->len; i++)
		batch->jobs[i].answer = ANSWER_STOPPED;
	if (is_small(p, batch)) {
		pthread_mutex_lock(&p->mutex);
		work_through(&p->control);
		pthread_mutex_unlock(&p->mutex);
	} else {
		run_threads(p, batch->len);
	}
	atomic_store(&p->stop, false);
	return p->work.answer;
}

enum publish_answer publish_pool_call(struct publish_pool *p, publish_call *fn, void *ctx)
{
	return with_tries(&p->control, fn, ctx);
}

/* ---- putting ---- */

static enum publish_answer finish(struct publish_link *l, void *ctx)
{
	return l->b->ops->finish(l, ctx);
}

/*
 * A put whose answer was lost may have been done. Tried again, a fresh file then seems to be somebody else's: its
 * bytes tell. (The job's `result` says that it was tried.)
 */
static enum publish_answer put_one(struct publish_link *l, struct publish_job *job)
{
	const struct publish_backend_ops *ops = l->b->ops;
	struct publish_job there = {.path = job->path};
	bool again = job->result != NULL;
	enum publish_answer answer;

	job->result = job;
	answer = ops->put(l, job);
	if (answer != ANSWER_TAKEN || !again || ops->digest(l, &there) != ANSWER_OK ||
		!digest_eq(&there.digest, &job->digest))
		return answer;
	buf_clear(l->why);
	return ANSWER_OK;
}

/* What was sent and has not got its name is not there. */
static void stop_waiting(struct publish_batch *batch)
{
	for (size_t i = 0; i < batch->len; i++)
		if (batch->jobs[i].staged && batch->jobs[i].answer == ANSWER_OK)
			batch->jobs[i].answer = ANSWER_STOPPED;
}

enum publish_answer publish_pool_put(struct publish_pool *p, struct publish_batch *batch)
{
	enum publish_answer answer;

	for (size_t i = 0; i < batch->len; i++)
		batch->jobs[i].result = NULL;
	answer = publish_pool_run(p, batch, put_one, false);
	if (!p->b->ops->finish)
		return answer;
	if (answer == ANSWER_OK)
		answer = publish_pool_call(p, finish, batch);
	stop_waiting(batch);
	return answer;
}

/* ---- the pool ---- */

struct publish_pool *publish_pool_new(struct publish_backend *b)
{
	struct publish_pool *p = xmalloc(sizeof(*p));
	unsigned wanted = b->settings->connections ? b->settings->connections : b->ops->connections;

	memset(p, 0, sizeof(*p));
	p->b = b;
	p->count = wanted < PUBLISH_MAX_CONNECTIONS ? wanted : PUBLISH_MAX_CONNECTIONS;
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->changed, NULL);
	init_worker(&p->control, p, 0);
	for (unsigned i = 0; i < p->count; i++)
		init_worker(&p->workers[i], p, i + 1);
	if (with_tries(&p->control, no_call, NULL) == ANSWER_OK)
		return p;
	publish_pool_free(p);
	return NULL;
}

void publish_pool_free(struct publish_pool *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->count; i++)
		release_worker(&p->workers[i]);
	release_worker(&p->control);
	pthread_mutex_destroy(&p->mutex);
	pthread_cond_destroy(&p->changed);
	free(p);
}

struct publish_link *publish_pool_control(struct publish_pool *p)
{
	return p->control.link;
}

struct publish_backend *publish_pool_backend(struct publish_pool *p)
{
	return p->b;
}
