/*
 * program: runs the program that was built, as a user does.
 *
 *	struct ran r = program_run(&arena, root, "check --strict", NULL);
 *	assert_int_equal(r.status, 0);		r.out and r.err are what it printed
 *
 * The arguments are separated by single spaces ("\x1f" stands for a space inside one). The environment is the
 * test's own.
 */
#ifndef SUPPORT_PROGRAM_H
#define SUPPORT_PROGRAM_H

#include "base/arena.h"
#include "base/str.h"

struct ran {
	int status; /* of exit(), or 1000 and the signal */
	struct str out, err;
};

/* In `folder`. `stdout_path` (may be NULL): where stdout goes instead of into `out`. */
struct ran program_run(
	struct arena *a, const char *program, const char *folder, const char *args, const char *stdout_path);

#endif
