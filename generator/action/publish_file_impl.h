/*
 * publish_file_impl: what the two halves of the directory backend share.
 *
 * publish_file.c opens a target and moves files; publish_file_lock.c decides who may.
 */
#ifndef ACTION_PUBLISH_FILE_IMPL_H
#define ACTION_PUBLISH_FILE_IMPL_H

#include "action/publish_backend.h"
#include "action/publish_curl.h"

struct publish_file {
	struct publish_backend base;
	const char *root;   /* absolute, without links */
	const char *folder; /* PUBLISH_FOLDER in it */
	const char *work;   /* from begin() to end() */
	bool made_root;
};

struct publish_file_link {
	struct publish_link base;
	struct publish_file *target;
	struct fs *fs;
	struct publish_curl *curl;
	struct buf path, url; /* of the file at hand */
	struct buf checked;   /* the folder below root that is known to be one, with '/' behind it */
};

static inline struct publish_file_link *publish_file_self(struct publish_link *l)
{
	return (struct publish_file_link *)l;
}

/* The absolute path of a path below the target; until the next call. */
const char *publish_file_at(struct publish_file_link *f, struct str path);

/* ANSWER_FAILED, with its sentence: "cannot <doing> <path>: <error>". */
enum publish_answer publish_file_fail(
	struct publish_file_link *f, const char *doing, const char *path, int error);

/* One that is there already is fine; TAKEN when it is something else. */
enum publish_answer publish_file_make_folder(struct publish_file_link *f, const char *path);

/* Of struct publish_backend_ops. */
enum publish_answer publish_file_read(struct publish_link *l, const char *path, size_t max, struct buf *out);
enum publish_answer publish_file_lock_read(struct publish_link *l, struct buf *out);
enum publish_answer publish_file_lock_swap(struct publish_link *l, struct str old, struct str new);
enum publish_answer publish_file_begin(struct publish_link *l);
void publish_file_end(struct publish_link *l);

#endif
