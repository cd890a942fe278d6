/*
 * publish_faults: the real file system, one call of which fails, or kills the process just before it; or that
 * lets a test do something before every call.
 */
#ifndef TESTS_PUBLISH_FAULTS_H
#define TESTS_PUBLISH_FAULTS_H

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/fs.h"

struct faults {
	struct fs fs;
	atomic_long calls; /* so far */
	long at;	   /* the call, from 1; 0: none */
	int error;	   /* that it fails with; 0: the process is killed */
	void (*before)(void);
};

static inline int fault(struct fs *fs)
{
	struct faults *f = (struct faults *)fs;

	if (f->before)
		f->before();
	if (atomic_fetch_add(&f->calls, 1) + 1 != f->at)
		return 0;
	if (!f->error)
		kill(getpid(), SIGKILL);
	return f->error;
}

#define FAULTY(name, parameters, ...)                                                                        \
	static inline int faulty_##name parameters                                                           \
	{                                                                                                    \
		int error = fault(fs);                                                                       \
                                                                                                             \
		return error ? error : fs_real()->ops->name(fs_real(), __VA_ARGS__);                         \
	}

FAULTY(stat, (struct fs * fs, const char *path, struct fs_stat *out), path, out)
FAULTY(read, (struct fs * fs, const char *path, struct arena *a, size_t max, struct str *out), path, a, max,
	out)
FAULTY(list,
	(struct fs * fs, const char *folder, enum fs_reach reach, struct arena *a, struct fs_listing *out),
	folder, reach, a, out)
FAULTY(open, (struct fs * fs, const char *path, struct fs_file *out), path, out)
FAULTY(read_some, (struct fs * fs, const struct fs_file *file, void *bytes, size_t max, size_t *n), file,
	bytes, max, n)
FAULTY(create, (struct fs * fs, const char *path, struct str bytes, unsigned mode), path, bytes, mode)
FAULTY(link, (struct fs * fs, const char *from, const char *to), from, to)
FAULTY(mkdir, (struct fs * fs, const char *path, unsigned mode), path, mode)
FAULTY(chmod, (struct fs * fs, const char *path, unsigned mode), path, mode)
FAULTY(rename, (struct fs * fs, const char *from, const char *to), from, to)
FAULTY(remove, (struct fs * fs, const char *path), path)
FAULTY(sync, (struct fs * fs, const char *path), path)

static inline void faulty_close(struct fs *fs, struct fs_file *file)
{
	(void)fs;
	fs_close(fs_real(), file);
}

static const struct fs_ops faulty_ops = {
	.stat = faulty_stat,
	.read = faulty_read,
	.list = faulty_list,
	.open = faulty_open,
	.read_some = faulty_read_some,
	.close = faulty_close,
	.create = faulty_create,
	.link = faulty_link,
	.mkdir = faulty_mkdir,
	.chmod = faulty_chmod,
	.rename = faulty_rename,
	.remove = faulty_remove,
	.sync = faulty_sync,
};

static inline struct fs *faults_init(struct faults *f, long at, int error)
{
	f->fs.ops = &faulty_ops;
	f->at = at;
	f->error = error;
	f->before = NULL;
	atomic_init(&f->calls, 0);
	return &f->fs;
}

#endif
