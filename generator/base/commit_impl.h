/*
 * commit_impl: what the files of commit share.
 *
 * commit.c opens, recovers and closes; commit_plan.c says what the new tree holds; commit_finish.c makes it.
 */
#ifndef BASE_COMMIT_IMPL_H
#define BASE_COMMIT_IMPL_H

#include <limits.h>

#include "base/commit.h"

enum commit_error commit_fail(struct commit *c, enum commit_error kind, struct str path, int error);

/* In the work folder. */
#define COMMIT_LOCK "lock"
#define COMMIT_STAGE "stage"	 /* the new tree; after the exchange the old one */
#define COMMIT_OLD "old"	 /* with a journal: the old tree */
#define COMMIT_JOURNAL "journal" /* there while the output's two renames are under way */
#define COMMIT_SCRATCH "scratch"

const char *commit_path(struct commit *c, const char *folder, const char *name); /* in the arena */

/* Without the arena, for threads. ENAMETOOLONG. */
int commit_path_below(char out[PATH_MAX], const char *folder, struct str path);

/* One file of the new tree. */
struct plan_file {
	struct str path;
	const char *from;
	bool fresh; /* not yet in the output */
	int error;
};

struct plan_folder {
	struct str path;
	unsigned mode;
};

struct plan {
	struct commit *c;
	const struct map *old; /* paths of the last commit's files */
	unsigned threads;
	bool there;	       /* the output exists */
	unsigned mode;	       /* of the output itself */
	struct fs_listing now; /* the output as it is; bare */
	struct map now_by_path;
	struct map wanted;  /* our new paths and their folders */
	struct map emptied; /* folders of the last commit's files */
	struct map keep;    /* folders of the new tree */
	struct plan_file *files;
	size_t len, cap;
	size_t ours; /* of these files, the first so many are the commit's, the others somebody else's */
	struct plan_folder *folders; /* parents first */
	size_t folder_count;
};

enum commit_error plan_make(struct plan *p) MUST_USE;
/* An entry of a listing of the output that is not the last commit's doing. */
bool plan_is_foreign(const struct plan *p, const struct fs_entry *e);
/* The output is that already. Asks for every file; also finds out which files are fresh. */
enum commit_error plan_compare(struct plan *p, bool *same) MUST_USE;

#endif
