#include "support/faulty.h"

#include <signal.h>
#include <unistd.h>

static struct fs *under(struct fs *fs)
{
	return ((struct faulty *)fs)->under;
}

/* 0, or the error that the call is to give. */
static int meet(struct fs *fs, enum faulty_op op, const char *path)
{
	struct faulty *f = (struct faulty *)fs;
	long n;

	atomic_fetch_add(&f->of[op], 1);
	if (!f->only || (f->only & 1u << op)) {
		n = atomic_fetch_add(&f->calls, 1) + 1;
		if (f->at && (n == f->at || (f->forever && n > f->at))) {
			if (f->kill)
				kill(getpid(), SIGKILL);
			return f->error;
		}
	}
	if (f->before)
		f->before(f->ctx, op, path);
	return 0;
}

static int faulty_stat(struct fs *fs, const char *path, struct fs_stat *out)
{
	int error = meet(fs, FAULTY_STAT, path);

	return error ? error : fs_stat(under(fs), path, out);
}

static int faulty_read(struct fs *fs, const char *path, struct arena *a, size_t max, struct str *out)
{
	int error = meet(fs, FAULTY_READ, path);

	return error ? error : fs_read(under(fs), path, a, max, out);
}

static int faulty_list(
	struct fs *fs, const char *folder, enum fs_reach reach, struct arena *a, struct fs_listing *out)
{
	int error = meet(fs, FAULTY_LIST, folder);

	return error ? error : under(fs)->ops->list(under(fs), folder, reach, a, out);
}

static int faulty_open(struct fs *fs, const char *path, struct fs_file *out)
{
	int error = meet(fs, FAULTY_OPEN, path);

	return error ? error : fs_open(under(fs), path, out);
}

static int faulty_read_some(struct fs *fs, const struct fs_file *file, void *bytes, size_t max, size_t *n)
{
	int error = meet(fs, FAULTY_READ_SOME, "");

	return error ? error : fs_read_some(under(fs), file, bytes, max, n);
}

static void faulty_close(struct fs *fs, struct fs_file *file)
{
	fs_close(under(fs), file);
}

static int faulty_create_directly(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	int error = meet(fs, FAULTY_CREATE, path);

	return error ? error : fs_create_directly(under(fs), path, bytes, mode);
}

static int faulty_create(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	int error = meet(fs, FAULTY_CREATE, path);

	return error ? error : fs_create(under(fs), path, bytes, mode);
}

static int faulty_copy(struct fs *fs, const char *from, const char *to)
{
	int error = meet(fs, FAULTY_COPY, from);

	return error ? error : fs_copy(under(fs), from, to);
}

static int faulty_link(struct fs *fs, const char *from, const char *to)
{
	int error = meet(fs, FAULTY_LINK, from);

	return error ? error : fs_link(under(fs), from, to);
}

static int faulty_mkdir(struct fs *fs, const char *path, unsigned mode)
{
	int error = meet(fs, FAULTY_MKDIR, path);

	return error ? error : fs_mkdir(under(fs), path, mode);
}

static int faulty_chmod(struct fs *fs, const char *path, unsigned mode)
{
	int error = meet(fs, FAULTY_CHMOD, path);

	return error ? error : fs_chmod(under(fs), path, mode);
}

static int faulty_rename(struct fs *fs, const char *from, const char *to)
{
	int error = meet(fs, FAULTY_RENAME, from);

	return error ? error : fs_rename(under(fs), from, to);
}

static int faulty_exchange(struct fs *fs, const char *a, const char *b)
{
	int error = meet(fs, FAULTY_EXCHANGE, a);

	return error ? error : fs_exchange(under(fs), a, b);
}

static int faulty_remove(struct fs *fs, const char *path)
{
	int error = meet(fs, FAULTY_REMOVE, path);

	return error ? error : fs_remove(under(fs), path);
}

static int faulty_sync(struct fs *fs, const char *path)
{
	int error = meet(fs, FAULTY_SYNC, path);

	return error ? error : fs_sync(under(fs), path);
}

static int faulty_lock(struct fs *fs, const char *path, int *out)
{
	int error = meet(fs, FAULTY_LOCK, path);

	return error ? error : fs_lock(under(fs), path, out);
}

static void faulty_unlock(struct fs *fs, int lock)
{
	fs_unlock(under(fs), lock);
}

static const struct fs_ops faulty_ops = {
	.stat = faulty_stat,
	.read = faulty_read,
	.list = faulty_list,
	.open = faulty_open,
	.read_some = faulty_read_some,
	.close = faulty_close,
	.create = faulty_create,
	.create_directly = faulty_create_directly,
	.copy = faulty_copy,
	.link = faulty_link,
	.mkdir = faulty_mkdir,
	.chmod = faulty_chmod,
	.rename = faulty_rename,
	.exchange = faulty_exchange,
	.remove = faulty_remove,
	.sync = faulty_sync,
	.lock = faulty_lock,
	.unlock = faulty_unlock,
};

void faulty_init(struct faulty *f, struct fs *real)
{
	*f = (struct faulty){.fs = {&faulty_ops}, .under = real};
}
