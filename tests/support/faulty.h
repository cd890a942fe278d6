/*
 * faulty: a file system that counts its calls and, at one of them, does not do what it is told.
 *
 *	struct faulty f;
 *	faulty_init(&f, fs_real());
 *	f.at = 3; f.error = ENOSPC;		the third call fails, without doing anything
 *	f.only = 1u << FAULTY_LINK; f.forever = true;	from the third link on, all of them
 *	… use &f.fs …
 *	if (f.calls < 3) …			it was never reached
 *
 * With f.kill the process dies there instead. fs_close() and fs_unlock() are neither counted nor failed.
 */
#ifndef SUPPORT_FAULTY_H
#define SUPPORT_FAULTY_H

#include <stdatomic.h>

#include "base/fs.h"

enum faulty_op {
	FAULTY_STAT,
	FAULTY_READ,
	FAULTY_LIST,
	FAULTY_OPEN,
	FAULTY_READ_SOME,
	FAULTY_CREATE,
	FAULTY_COPY,
	FAULTY_LINK,
	FAULTY_MKDIR,
	FAULTY_CHMOD,
	FAULTY_RENAME,
	FAULTY_EXCHANGE,
	FAULTY_REMOVE,
	FAULTY_SYNC,
	FAULTY_LOCK,
	FAULTY_OP_COUNT
};

struct faulty {
	struct fs fs;
	struct fs *under;
	unsigned only; /* bits of enum faulty_op that count; 0: all */
	long at;       /* from 1; 0: never */
	int error;
	bool forever; /* every counted call from then on */
	bool kill;
	/* Called before each operation that is done. */
	void (*before)(void *ctx, enum faulty_op op, const char *path);
	void *ctx;
	atomic_long calls;		 /* that counted */
	atomic_long of[FAULTY_OP_COUNT]; /* each, counted or not */
};

void faulty_init(struct faulty *f, struct fs *under);

#endif
