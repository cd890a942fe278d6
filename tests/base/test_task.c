#include "base/task.h"

#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "support/check.h"

struct job {
	size_t count;
	unsigned threads;
	unsigned char *done; /* written by index: nobody else's */
	size_t by[TASK_MAX_THREADS];
	atomic_uint present;
};

static void do_once(void *ctx, unsigned worker, size_t index)
{
	struct job *job = ctx;

	assert_true(index < job->count && worker < job->threads);
	job->done[index]++;
	job->by[worker]++;
}

static void check_run(unsigned threads, size_t count)
{
	struct job job = {.count = count, .threads = threads ? threads : 1};
	size_t total = 0;

	if (job.threads > TASK_MAX_THREADS)
		job.threads = TASK_MAX_THREADS;
	job.done = xmalloc(count);
	memset(job.done, 0, count);
	task_run(threads, count, do_once, &job);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(job.done[i], 1);
	for (size_t i = 0; i < COUNT_OF(job.by); i++)
		total += job.by[i];
	assert_int_equal(total, count);
	free(job.done);
}

static void does_every_index_once(void **state)
{
	static const unsigned threads[] = {0, 1, 2, 3, 7, TASK_MAX_THREADS, 1000};
	static const size_t counts[] = {0, 1, 2, 31, 32, 33, 1000, 54321};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		for (size_t k = 0; k < COUNT_OF(counts); k++)
			check_run(threads[i], counts[k]);
}

/* Comes back only when another index runs at the same time. */
static void meet(void *ctx, unsigned worker, size_t index)
{
	struct job *job = ctx;

	(void)worker;
	(void)index;
	atomic_fetch_add(&job->present, 1);
	while (atomic_load(&job->present) < 4)
		sched_yield();
}

static void works_at_the_same_time(void **state)
{
	struct job job = {.count = 4, .threads = 4};

	(void)state;
	task_run(4, 4, meet, &job);
	assert_int_equal(job.present, 4);
}

static void on_this_thread(void *ctx, unsigned worker, size_t index)
{
	assert_int_equal(worker, 0);
	assert_int_equal(gettid(), *(pid_t *)ctx);
	assert_true(index < 10);
}

static void one_thread_is_the_callers(void **state)
{
	pid_t self = gettid();

	(void)state;
	task_run(1, 10, on_this_thread, &self);
}

static void inner(void *ctx, unsigned worker, size_t index)
{
	(void)worker;
	(void)index;
	atomic_fetch_add((atomic_uint *)ctx, 1);
}

static void outer(void *ctx, unsigned worker, size_t index)
{
	(void)worker;
	(void)index;
	task_run(2, 5, inner, ctx);
}

static void runs_within_runs(void **state)
{
	atomic_uint count = 0;

	(void)state;
	task_run(3, 6, outer, &count);
	assert_int_equal(count, 30);
}

static void counts_processors_that_are_ours(void **state)
{
	cpu_set_t before, one;

	(void)state;
	assert_in_range(task_threads(), 1, TASK_MAX_THREADS);
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	CPU_ZERO(&one);
	for (int i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++)
		if (CPU_ISSET(i, &before))
			CPU_SET(i, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(task_threads(), 1);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_every_index_once),
		cmocka_unit_test(works_at_the_same_time),
		cmocka_unit_test(one_thread_is_the_callers),
		cmocka_unit_test(runs_within_runs),
		cmocka_unit_test(counts_processors_that_are_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
