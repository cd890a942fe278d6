/* The file system itself: fs_real() and fs_plain(). */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct real {
	struct fs fs;
	bool plain; /* does without what only some file systems have */
};

static bool is_plain(const struct fs *fs)
{
	return ((const struct real *)fs)->plain;
}

/* close() that keeps the error of what went before. EINTR: Linux has closed it all the same. */
static int close_fd(int fd, int error)
{
	if (close(fd) == 0 || error || errno == EINTR)
		return error;
	return errno;
}

/* ---- stat ---- */

#define STATX_WANTED                                                                                         \
	(STATX_TYPE | STATX_MODE | STATX_NLINK | STATX_INO | STATX_SIZE | STATX_MTIME | STATX_CTIME)

static int64_t to_ns(struct statx_timestamp t)
{
	return t.tv_sec * 1000000000 + t.tv_nsec;
}

static enum fs_kind kind_of(unsigned mode)
{
	if (S_ISREG(mode))
		return FS_FILE;
	if (S_ISDIR(mode))
		return FS_DIR;
	return S_ISLNK(mode) ? FS_LINK : FS_OTHER;
}

static int stat_at(int dir, const char *path, int flags, struct fs_stat *out)
{
	struct statx x;

	if (statx(dir, path, flags | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_WANTED, &x) != 0)
		return errno;
	*out = (struct fs_stat){
		.kind = kind_of(x.stx_mode),
		.mount = (x.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0,
		.mode = x.stx_mode & 07777,
		.size = x.stx_size,
		.mtime_ns = to_ns(x.stx_mtime),
		.ctime_ns = to_ns(x.stx_ctime),
		.inode = x.stx_ino,
		.device = (uint64_t)x.stx_dev_major << 32 | x.stx_dev_minor,
		.links = x.stx_nlink,
	};
	return 0;
}

static int real_stat(struct fs *fs, const char *path, struct fs_stat *out)
{
	(void)fs;
	return stat_at(AT_FDCWD, path, 0, out);
}

/* ---- reading ---- */

static int read_fd(int fd, void *bytes, size_t max, size_t *n)
{
	ssize_t got;

	do
		got = read(fd, bytes, max);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno;
	*n = (size_t)got;
	return 0;
}

static int real_read_some(struct fs *fs, const struct fs_file *file, void *bytes, size_t max, size_t *n)
{
	(void)fs;
	return read_fd(file->fd, bytes, max, n);
}

static void real_close(struct fs *fs, struct fs_file *file)
{
	(void)fs;
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

/* O_NONBLOCK: a named pipe must not hold us up before we know what it is. */
static int real_open(struct fs *fs, const char *path, struct fs_file *out)
{
	struct fs_file file = {0};
	int error, fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	(void)fs;
	if (fd < 0)
		return errno == ENXIO ? EOPNOTSUPP : errno;
	error = stat_at(fd, "", AT_EMPTY_PATH, &file.stat);
	if (!error && file.stat.kind != FS_FILE)
		error = file.stat.kind == FS_DIR ? EISDIR : EOPNOTSUPP;
	if (error)
		return close_fd(fd, error);
	file.fd = fd;
	*out = file;
	return 0;
}

/* One byte more than the size is asked for, so that a file that grows meanwhile is noticed. */
static int read_all(struct fs *fs, const struct fs_file *file, struct arena *a, size_t max, struct str *out)
{
	size_t cap = (size_t)file->stat.size, len = 0, n = 0;
	char *p = arena_alloc(a, cap + 1);

	for (;;) {
		int error = real_read_some(fs, file, p + len, cap + 1 - len, &n);

		if (error)
			return error;
		len += n;
		if (n == 0)
			break;
		if (len > max)
			return EFBIG;
		if (len > cap) {
			char *wider = arena_alloc(a, 2 * cap + 4096);

			memcpy(wider, p, len);
			p = wider;
			cap = 2 * cap + 4095;
		}
	}
	p[len] = 0;
	*out = str_make(p, len);
	return 0;
}

static int real_read(struct fs *fs, const char *path, struct arena *a, size_t max, struct str *out)
{
	struct fs_file file;
	int error = real_open(fs, path, &file);

	if (error)
		return error;
	error = file.stat.size > max ? EFBIG : read_all(fs, &file, a, max, out);
	real_close(fs, &file);
	return error;
}

/* ---- listing ---- */

static bool is_dots(const char *name)
{
	return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

static void add_entry(
	struct arena *a, struct fs_listing *l, struct str folder, const char *name, const struct fs_stat *st)
{
	struct str path = folder.n ? str_fmt(a, "%s/%s", folder.p, name) : str_dup(a, str_from(name));

	l->entries = arena_grow(a, l->entries, l->len, &l->cap, sizeof(*l->entries));
	l->entries[l->len++] = (struct fs_entry){path, *st};
}

static int stat_entry(int folder, const struct dirent *e, bool bare, struct fs_stat *out)
{
	if (!bare || e->d_type == DT_UNKNOWN || e->d_type == DT_DIR)
		return stat_at(folder, e->d_name, 0, out);
	*out = (struct fs_stat){.kind = e->d_type == DT_REG   ? FS_FILE
					: e->d_type == DT_LNK ? FS_LINK
							      : FS_OTHER,
		.inode = e->d_ino};
	return 0;
}

/* `folder` is NUL-terminated, relative to `root`; empty for the root itself. */
static int list_one(int root, struct str folder, bool bare, struct arena *a, struct fs_listing *l)
{
	int fd = openat(root, folder.n ? folder.p : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *e;
	struct fs_stat st;
	int error = 0;
	DIR *dir;

	if (fd < 0)
		return errno;
	dir = fdopendir(fd);
	if (!dir)
		return close_fd(fd, errno);
	while (!error && (errno = 0, e = readdir(dir))) {
		if (is_dots(e->d_name))
			continue;
		error = stat_entry(fd, e, bare, &st);
		if (!error)
			add_entry(a, l, folder, e->d_name, &st);
		else if (error == ENOENT)
			error = 0; /* removed since: as if it had never been there */
	}
	if (!error)
		error = errno;
	closedir(dir);
	return error;
}

static size_t depth_of(struct str path)
{
	size_t depth = 1;

	for (size_t i = 0; i < path.n; i++)
		depth += path.p[i] == '/';
	return depth;
}

static int compare_entries(const void *x, const void *y)
{
	return str_cmp(((const struct fs_entry *)x)->path, ((const struct fs_entry *)y)->path);
}

/* The entries found so far are also the queue of folders still to be read. */
static int list_below(int root, bool bare, struct arena *a, struct fs_listing *l)
{
	int error = list_one(root, STR(""), bare, a, l);

	for (size_t i = 0; i < l->len && !error; i++) {
		struct str path = l->entries[i].path;

		if (l->entries[i].stat.kind != FS_DIR)
			continue;
		error = depth_of(path) > FS_MAX_DEPTH ? ENAMETOOLONG : list_one(root, path, bare, a, l);
		if (error)
			l->failed = path;
	}
	return error;
}

static int real_list(
	struct fs *fs, const char *folder, enum fs_reach reach, struct arena *a, struct fs_listing *out)
{
	int root = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct fs_listing l = {.failed = STR("")};
	int error;

	(void)fs;
	if (root < 0)
		return errno;
	error = reach == FS_FLAT ? list_one(root, STR(""), false, a, &l)
				 : list_below(root, reach == FS_BARE, a, &l);
	close(root);
	if (error) {
		out->failed = l.failed;
		return error;
	}
	if (l.len > 1)
		qsort(l.entries, l.len, sizeof(*l.entries), compare_entries);
	*out = l;
	return 0;
}

/* ---- new files ---- */

static int write_all(int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		bytes = str_slice(bytes, (size_t)n, bytes.n);
	}
	return 0;
}

/*
 * A file that is being written: without a name where the file system can (a killed process leaves nothing),
 * else under a name of its own beside the one that it will have.
 */
struct fresh {
	int fd;
	bool unnamed;
	char beside[PATH_MAX];
};

/* The folder of a path, "." when there is none. */
static int folder_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;

	if (slash == path)
		n = 1;
	if (n >= PATH_MAX)
		return ENAMETOOLONG;
	memcpy(out, slash ? path : ".", slash ? n : 1);
	out[slash ? n : 1] = 0;
	return 0;
}

static int open_beside(struct fresh *f, const char *path)
{
	static atomic_uint serial;
	int n;

	do {
		n = snprintf(f->beside, sizeof(f->beside), "%s.%ld.%u", path, (long)getpid(),
			atomic_fetch_add(&serial, 1));
		if (n < 0 || (size_t)n >= sizeof(f->beside))
			return ENAMETOOLONG;
		f->fd = open(f->beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	} while (f->fd < 0 && errno == EEXIST);
	f->unnamed = false;
	return f->fd < 0 ? errno : 0;
}

static bool lacks_unnamed(int error)
{
	return error == EOPNOTSUPP || error == EISDIR || error == EINVAL || error == ENOSYS;
}

static int fresh_open(struct fs *fs, struct fresh *f, const char *path)
{
	int error;

	if (is_plain(fs))
		return open_beside(f, path);
	/* Borrowed for the folder's name: an unnamed file needs no other. */
	error = folder_of(path, f->beside);
	if (error)
		return error;
	f->fd = open(f->beside, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	f->unnamed = true;
	if (f->fd >= 0)
		return 0;
	return lacks_unnamed(errno) ? open_beside(f, path) : errno;
}

/* The short way is open to root, and to whoever opened the file since Linux 6.10; the long way needs /proc.
 */
static int name_unnamed(int fd, const char *path)
{
	static atomic_bool long_way;
	char proc[32];

	if (!atomic_load_explicit(&long_way, memory_order_relaxed)) {
		if (linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH) == 0)
			return 0;
		if (errno != ENOENT)
			return errno;
	}
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, proc, AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0)
		return errno;
	atomic_store_explicit(&long_way, true, memory_order_relaxed);
	return 0;
}

/* Gives a file its name, unless that is taken. */
static int name_beside(const char *beside, const char *path)
{
	int error;

	if (link(beside, path) == 0) {
		unlink(beside);
		return 0;
	}
	error = errno;
	if (error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK)
		error = renameat2(AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE) == 0 ? 0 : errno;
	return error;
}

/* Names and closes it, or throws it away; `error` is what happened so far. */
static int fresh_finish(struct fresh *f, const char *path, unsigned mode, int error)
{
	if (!error && fchmod(f->fd, mode) != 0)
		error = errno;
	if (f->unnamed) {
		if (!error)
			error = name_unnamed(f->fd, path);
		return close_fd(f->fd, error);
	}
	error = close_fd(f->fd, error);
	if (!error)
		error = name_beside(f->beside, path);
	if (error)
		unlink(f->beside);
	return error;
}

static int real_create(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	struct fresh f;
	int error = fresh_open(fs, &f, path);

	if (error)
		return error;
	return fresh_finish(&f, path, mode, write_all(f.fd, bytes));
}

/* Mode bits that open() leaves out. Read before there are threads: there is no way to ask without setting it.
 */
static mode_t process_umask;

__attribute__((constructor)) static void read_umask(void)
{
	process_umask = umask(0);
	umask(process_umask);
}

static int real_create_directly(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode), error;

	(void)fs;
	if (fd < 0)
		return errno;
	error = write_all(fd, bytes);
	if (!error && (mode & process_umask) && fchmod(fd, mode) != 0)
		error = errno;
	error = close_fd(fd, error);
	if (error)
		unlink(path);
	return error;
}

static int copy_link(const char *from, const char *to)
{
	char target[PATH_MAX];
	ssize_t n = readlink(from, target, sizeof(target));

	if (n < 0)
		return errno;
	if ((size_t)n >= sizeof(target))
		return ENAMETOOLONG;
	target[n] = 0;
	return symlink(target, to) == 0 ? 0 : errno;
}

#define COPY_STEP ((size_t)64 << 10)

static int copy_bytes(int from, int to)
{
	char *step = xmalloc(COPY_STEP);
	size_t n = 0;
	int error;

	do {
		error = read_fd(from, step, COPY_STEP, &n);
		if (!error)
			error = write_all(to, str_make(step, n));
	} while (!error && n);
	free(step);
	return error;
}

static struct timespec to_timespec(int64_t ns)
{
	struct timespec t = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};

	if (t.tv_nsec < 0) {
		t.tv_sec--;
		t.tv_nsec += 1000000000;
	}
	return t;
}

static int copy_file(struct fs *fs, const struct fs_file *file, const char *to)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, to_timespec(file->stat.mtime_ns)};
	struct fresh f;
	int error = fresh_open(fs, &f, to);

	if (error)
		return error;
	error = copy_bytes(file->fd, f.fd);
	if (!error && futimens(f.fd, times) != 0)
		error = errno;
	return fresh_finish(&f, to, file->stat.mode, error);
}

static int real_copy(struct fs *fs, const char *from, const char *to)
{
	struct fs_file file;
	int error = real_open(fs, from, &file);

	if (error == ELOOP)
		return copy_link(from, to);
	if (error)
		return error;
	error = copy_file(fs, &file, to);
	real_close(fs, &file);
	return error;
}

/* ---- names ---- */

static int real_link(struct fs *fs, const char *from, const char *to)
{
	(void)fs;
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0) == 0 ? 0 : errno;
}

static int real_chmod(struct fs *fs, const char *path, unsigned mode)
{
	(void)fs;
	return fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

static int real_mkdir(struct fs *fs, const char *path, unsigned mode)
{
	int error;

	(void)fs;
	if (mkdir(path, mode) != 0)
		return errno;
	if (chmod(path, mode) == 0)
		return 0;
	error = errno;
	rmdir(path);
	return error;
}

static int real_rename(struct fs *fs, const char *from, const char *to)
{
	(void)fs;
	return rename(from, to) == 0 ? 0 : errno;
}

static int real_exchange(struct fs *fs, const char *a, const char *b)
{
	if (is_plain(fs))
		return EINVAL;
	if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0)
		return 0;
	return errno == ENOSYS || errno == EOPNOTSUPP ? EINVAL : errno;
}

static int real_remove(struct fs *fs, const char *path)
{
	(void)fs;
	if (unlink(path) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return errno;
	if (rmdir(path) == 0)
		return 0;
	return errno == ENOTDIR ? EPERM : errno;
}

static int real_sync(struct fs *fs, const char *path)
{
	int error = 0, fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	(void)fs;
	if (fd < 0)
		return errno;
	if (fstat(fd, &st) != 0 || (S_ISDIR(st.st_mode) ? syncfs(fd) : fsync(fd)) != 0)
		error = errno;
	return close_fd(fd, error);
}

static int real_lock(struct fs *fs, const char *path, int *out)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	(void)fs;
	if (fd < 0)
		return errno;
	while (flock(fd, LOCK_EX | LOCK_NB) != 0)
		if (errno != EINTR)
			return close_fd(fd, errno);
	*out = fd;
	return 0;
}

static void real_unlock(struct fs *fs, int lock)
{
	(void)fs;
	close(lock);
}

static const struct fs_ops real_ops = {
	.stat = real_stat,
	.read = real_read,
	.list = real_list,
	.open = real_open,
	.read_some = real_read_some,
	.close = real_close,
	.create = real_create,
	.create_directly = real_create_directly,
	.copy = real_copy,
	.link = real_link,
	.mkdir = real_mkdir,
	.chmod = real_chmod,
	.rename = real_rename,
	.exchange = real_exchange,
	.remove = real_remove,
	.sync = real_sync,
	.lock = real_lock,
	.unlock = real_unlock,
};

struct fs *fs_real(void)
{
	static struct real real = {{&real_ops}, false};

	return &real.fs;
}

struct fs *fs_plain(void)
{
	static struct real plain = {{&real_ops}, true};

	return &plain.fs;
}
