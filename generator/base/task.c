#include "base/task.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

/* Indexes taken at a time: enough that the counter is not fought over, few enough that nobody waits at the
 * end. */
#define CHUNK_MAX 32
#define CHUNKS_PER_THREAD 16

struct run {
	task_fn *fn;
	void *ctx;
	size_t count, chunk;
	atomic_size_t next;
};

struct worker {
	struct run *run;
	unsigned number;
	pthread_t thread;
};

unsigned task_threads(void)
{
	cpu_set_t ours;
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	/* A container or taskset may have left us fewer. */
	if (sched_getaffinity(0, sizeof(ours), &ours) == 0)
		n = CPU_COUNT(&ours);
	if (n < 1)
		return 1;
	return n > TASK_MAX_THREADS ? TASK_MAX_THREADS : (unsigned)n;
}

static void work(struct run *run, unsigned number)
{
	for (;;) {
		size_t from = atomic_fetch_add_explicit(&run->next, run->chunk, memory_order_relaxed);
		size_t to = from + run->chunk < run->count ? from + run->chunk : run->count;

		if (from >= run->count)
			return;
		for (size_t i = from; i < to; i++)
			run->fn(run->ctx, number, i);
	}
}

static void *thread_main(void *arg)
{
	struct worker *w = arg;

	work(w->run, w->number);
	return NULL;
}

static size_t chunk_for(unsigned threads, size_t count)
{
	size_t chunk = count / ((size_t)threads * CHUNKS_PER_THREAD);

	if (chunk < 1)
		return 1;
	return chunk > CHUNK_MAX ? CHUNK_MAX : chunk;
}

void task_run(unsigned threads, size_t count, task_fn *fn, void *ctx)
{
	struct run run = {fn, ctx, count, 1, 0};
	struct worker workers[TASK_MAX_THREADS];
	unsigned started = 0;

	if (threads < 1)
		threads = 1;
	if (threads > TASK_MAX_THREADS)
		threads = TASK_MAX_THREADS;
	if (threads > count)
		threads = count ? (unsigned)count : 1;
	run.chunk = chunk_for(threads, count);
	for (unsigned i = 1; i < threads; i++) {
		struct worker *w = &workers[started];

		*w = (struct worker){.run = &run, .number = i};
		/* The system may give fewer threads than asked for: those that run do all the work. */
		if (pthread_create(&w->thread, NULL, thread_main, w) != 0)
			break;
		started++;
	}
	work(&run, 0);
	for (unsigned i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
}
