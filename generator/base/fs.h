/*
 * fs: the file system, behind a table, so that tests can make any call fail.
 *
 * Every function returns 0 or an errno value and leaves no half-made result behind. Paths are ordinary C
 * strings. Symbolic links are never followed at the last step of a path (reading one gives ELOOP). Modes
 * are set explicitly, whatever the umask.
 *
 *	struct fs *fs = fs_real();
 *	int error = fs_read(fs, path, &arena, LIMIT, &text);
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include "base/arena.h"
#include "base/str.h"

enum fs_kind { FS_FILE, FS_DIR, FS_LINK, FS_OTHER };

struct fs_stat {
	enum fs_kind kind;
	bool mount;    /* another file system, or another part of one, is mounted there */
	unsigned mode; /* permission bits, 07777 */
	uint64_t size;
	int64_t mtime_ns, ctime_ns;
	uint64_t inode, device;
	uint64_t links;
};

struct fs_entry {
	struct str path; /* below the listed folder, '/' between; NUL-terminated */
	struct fs_stat stat;
};

enum fs_reach {
	FS_FLAT, /* what stands in the folder itself */
	FS_DEEP, /* everything below it */
	FS_BARE, /* the same in a third of the time: of what is no folder only `kind`, and as `inode` what the
		    folder says, which is the same from one listing to the next */
};

struct fs_listing {
	struct fs_entry *entries; /* sorted by bytes of path; folders before what is in them */
	size_t len, cap;
	struct str
		failed; /* after an error: the folder where it happened, in the arena ("" the listed one) */
};

/* A regular file that is being read. */
struct fs_file {
	int fd; /* -1 when closed */
	struct fs_stat stat;
};

struct fs {
	const struct fs_ops *ops;
};

struct fs_ops {
	int (*stat)(struct fs *fs, const char *path, struct fs_stat *out);
	int (*read)(struct fs *fs, const char *path, struct arena *a, size_t max, struct str *out);
	int (*list)(struct fs *fs, const char *folder, enum fs_reach reach, struct arena *a,
		struct fs_listing *out);
	int (*open)(struct fs *fs, const char *path, struct fs_file *out);
	int (*read_some)(struct fs *fs, const struct fs_file *file, void *bytes, size_t max, size_t *n);
	void (*close)(struct fs *fs, struct fs_file *file);
	int (*create)(struct fs *fs, const char *path, struct str bytes, unsigned mode);
	int (*create_directly)(struct fs *fs, const char *path, struct str bytes, unsigned mode);
	int (*copy)(struct fs *fs, const char *from, const char *to);
	int (*link)(struct fs *fs, const char *from, const char *to);
	int (*mkdir)(struct fs *fs, const char *path, unsigned mode);
	int (*chmod)(struct fs *fs, const char *path, unsigned mode);
	int (*rename)(struct fs *fs, const char *from, const char *to);
	int (*exchange)(struct fs *fs, const char *a, const char *b);
	int (*remove)(struct fs *fs, const char *path);
	int (*sync)(struct fs *fs, const char *path);
	int (*lock)(struct fs *fs, const char *path, int *out);
	void (*unlock)(struct fs *fs, int lock);
};

#define FS_MAX_DEPTH 32

/* Linux, with what it offers beyond POSIX (unnamed files, exchange) where the file system can. */
struct fs *fs_real(void);
/* The same without any of that: what a network share gives. For tests. */
struct fs *fs_plain(void);

static inline int fs_stat(struct fs *fs, const char *path, struct fs_stat *out)
{
	return fs->ops->stat(fs, path, out);
}
/* The whole file into the arena, a NUL after it. EFBIG beyond `max` bytes, EOPNOTSUPP when it is not a file.
 */
static inline int fs_read(struct fs *fs, const char *path, struct arena *a, size_t max, struct str *out)
{
	return fs->ops->read(fs, path, a, max, out);
}
/* Everything below a folder. ENAMETOOLONG beyond FS_MAX_DEPTH folders. */
static inline int fs_list(struct fs *fs, const char *folder, struct arena *a, struct fs_listing *out)
{
	return fs->ops->list(fs, folder, FS_DEEP, a, out);
}
static inline int fs_list_flat(struct fs *fs, const char *folder, struct arena *a, struct fs_listing *out)
{
	return fs->ops->list(fs, folder, FS_FLAT, a, out);
}
static inline int fs_list_bare(struct fs *fs, const char *folder, struct arena *a, struct fs_listing *out)
{
	return fs->ops->list(fs, folder, FS_BARE, a, out);
}
/* Reading in steps: *n is 0 at the end only. A closed file may be closed again. */
static inline int fs_open(struct fs *fs, const char *path, struct fs_file *out)
{
	return fs->ops->open(fs, path, out);
}
static inline int fs_read_some(struct fs *fs, const struct fs_file *file, void *bytes, size_t max, size_t *n)
{
	return fs->ops->read_some(fs, file, bytes, max, n);
}
static inline void fs_close(struct fs *fs, struct fs_file *file)
{
	fs->ops->close(fs, file);
}
/* A new file, whole or not at all (never seen half-written under its name). EEXIST when there is one. */
static inline int fs_create(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	return fs->ops->create(fs, path, bytes, mode);
}
/*
 * The same with half the calls: others may see a part of the file, and a process that dies meanwhile leaves
 * it. For files that nobody trusts unread. The umask is the one that the process started with.
 */
static inline int fs_create_directly(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	return fs->ops->create_directly(fs, path, bytes, mode);
}
/* A file (with its mode and times) or a symbolic link, to a new name; whole or not at all. */
static inline int fs_copy(struct fs *fs, const char *from, const char *to)
{
	return fs->ops->copy(fs, from, to);
}
/* Another name for anything but a folder; a symbolic link itself, not what it points to. */
static inline int fs_link(struct fs *fs, const char *from, const char *to)
{
	return fs->ops->link(fs, from, to);
}
static inline int fs_mkdir(struct fs *fs, const char *path, unsigned mode)
{
	return fs->ops->mkdir(fs, path, mode);
}
/* Of a file or folder. */
static inline int fs_chmod(struct fs *fs, const char *path, unsigned mode)
{
	return fs->ops->chmod(fs, path, mode);
}
/* Replaces a file with a file, an empty folder with a folder. */
static inline int fs_rename(struct fs *fs, const char *from, const char *to)
{
	return fs->ops->rename(fs, from, to);
}
/* Both exist. EINVAL where the system cannot. */
static inline int fs_exchange(struct fs *fs, const char *a, const char *b)
{
	return fs->ops->exchange(fs, a, b);
}
/* A file, a link, or an empty folder. */
static inline int fs_remove(struct fs *fs, const char *path)
{
	return fs->ops->remove(fs, path);
}
/* Returns when a file's bytes are on disk; of a folder: everything that was written in its file system. */
static inline int fs_sync(struct fs *fs, const char *path)
{
	return fs->ops->sync(fs, path);
}
/*
 * An exclusive lock on a file, which is made when it is missing. EWOULDBLOCK when another holds it. The
 * system lets go of it when the process ends, however that happens.
 */
static inline int fs_lock(struct fs *fs, const char *path, int *out)
{
	return fs->ops->lock(fs, path, out);
}
static inline void fs_unlock(struct fs *fs, int lock)
{
	fs->ops->unlock(fs, lock);
}

/* Made of the above. */
int fs_mkdirs(struct fs *fs, const char *path);	     /* parents too; existing folders are fine */
int fs_remove_tree(struct fs *fs, const char *path); /* absent is fine; links are removed, not followed */
int fs_replace(
	struct fs *fs, const char *path, struct str bytes, unsigned mode); /* create beside it, then rename */
/*
 * For files that people wrote: the new bytes are on disk before they take the file's place, so that a killed
 * process or a power cut leaves the old file or the new one. Beside it meanwhile: ".NAME.new", which a
 * process that died may leave and the next one removes.
 */
int fs_save(struct fs *fs, const char *path, struct str bytes, unsigned mode);
bool fs_exists(struct fs *fs, const char *path);

/*
 * A name that works in addresses, ZIPs and on Windows: [a-z0-9._-], no dot first or last, no device name
 * (“con”, “con.html”), '/' between.
 */
bool fs_portable_path(struct str path);

/* A relative path that stays below its folder: no empty, "." or ".." piece, no control character, no
 * backslash. */
bool fs_contained_path(struct str path);

#endif
