/*
 * task: the same small job for many indexes, on several threads.
 *
 * The calling thread works too. Jobs share nothing that they write but what they index by `index` or by
 * `worker` (0 .. threads - 1): each worker has its own arena, collector and locale.
 */
#ifndef BASE_TASK_H
#define BASE_TASK_H

#include "base/base.h"

#define TASK_MAX_THREADS 64

typedef void task_fn(void *ctx, unsigned worker, size_t index);

/* Processors that we may run on, at least 1, at most TASK_MAX_THREADS. */
unsigned task_threads(void);

/* Returns when every index in [0, count) was done once. */
void task_run(unsigned threads, size_t count, task_fn *fn, void *ctx);

#endif
