/*
 * commit: a folder is changed as a whole or not at all.
 *
 * The new tree is put together in a staging folder beside the output (files as hard links) and
 * exchanged with it in one system call; where the file system cannot, by two renames with a journal
 * that the next run rolls forward. A killed process leaves the old tree or the new one, and rubbish
 * that the next commit_open() removes. One process at a time: commit_open() takes a lock. A tree that would
 * be the same, file by file, is left alone.
 *
 * An output folder is ours when it does not exist, is empty, or holds the marker file that every commit
 * writes into it (its manifest). Files in it that the last manifest does not list are somebody else's: they
 * are carried over; one that stands where we want to write refuses the commit. Folders that were there
 * keep their mode, new ones have 0755.
 *
 *	struct commit c;
 *	error = commit_open(&c, fs, &arena, "public", marker_name);
 *	… make files below c.work, unfinished ones in c.scratch …
 *	commit_add(&c, path, file_in_work);		(any number)
 *	error = commit_finish(&c, &old_paths, threads);
 *	commit_close(&c);				(always)
 */
#ifndef BASE_COMMIT_H
#define BASE_COMMIT_H

#include "base/fs.h"
#include "base/map.h"

enum commit_error {
	COMMIT_OK,
	COMMIT_SYSTEM,	/* c.failed_path and c.failed_errno say what */
	COMMIT_FOREIGN, /* the folder is not ours: c.failed_path is what stands in it */
	COMMIT_BUSY,	/* another process holds the lock */
	COMMIT_CLASH,	/* a foreign file stands at c.failed_path */
};

struct commit_file {
	struct str path;  /* below the output, NUL-terminated */
	const char *from; /* a finished file; linked, not moved (copied where that cannot be) */
};

struct commit {
	struct fs *fs;
	struct arena *arena;
	const char *out;     /* the output folder */
	const char *work;    /* ours, beside it, kept between runs: ".faktablad-" and the output's name */
	const char *scratch; /* in it: an empty folder for files in the making */
	const char *marker;  /* file name that makes a folder ours */
	struct commit_file *files;
	size_t len, cap;
	int lock; /* of fs_lock(), or -1 */
	const char *failed_path;
	int failed_errno;
};

enum commit_error commit_open(
	struct commit *c, struct fs *fs, struct arena *a, const char *out, const char *marker) MUST_USE;
/* Copies both. Every path once; none is a folder of another's. */
void commit_add(struct commit *c, struct str path, const char *from);
/*
 * `old`: the set of paths (keys) that the last commit put there. The marker must be among the files added.
 * Nothing under `out` changes before the last step. What was written is on disk before that step.
 */
enum commit_error commit_finish(struct commit *c, const struct map *old, unsigned threads) MUST_USE;
void commit_close(struct commit *c);

#endif
