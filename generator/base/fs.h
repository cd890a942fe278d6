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
	uint64_t size;
	int64_t mtime_ns, ctime_ns;
	uint64_t inode, device;
	uint64_t links;
};

struct fs_entry {
	struct str path; /* below the listed folder, '/' between; NUL-terminated */
	struct fs_stat stat;
};

struct fs_listing {
	struct fs_entry *entries; /* sorted by bytes of path; folders before what is in them */
	size_t len, cap;
};

struct fs {
	const struct fs_ops *ops;
};

struct fs_ops {
	int (*stat)(struct fs *fs, const char *path, struct fs_stat *out);
	/* The whole file into the arena, a NUL after it. EFBIG beyond `max` bytes. */
	int (*read)(struct fs *fs, const char *path, struct arena *a, size_t max, struct str *out);
	/* Everything below a folder. ENAMETOOLONG beyond FS_MAX_DEPTH folders. */
	int (*list)(struct fs *fs, const char *folder, struct arena *a, struct fs_listing *out);
	/* A new file, whole or not at all (never seen half-written under its name). EEXIST when there is one. */
	int (*create)(struct fs *fs, const char *path, struct str bytes, unsigned mode);
	int (*link)(struct fs *fs, const char *from, const char *to);
	int (*mkdir)(struct fs *fs, const char *path, unsigned mode);
	int (*rename)(struct fs *fs, const char *from, const char *to);	  /* replaces a file */
	int (*exchange)(struct fs *fs, const char *a, const char *b);	  /* both exist; EINVAL where the system cannot */
	int (*remove)(struct fs *fs, const char *path);			  /* a file, a link, or an empty folder */
	int (*sync)(struct fs *fs, const char *path);			  /* what was written in its file system is on disk */
};

#define FS_MAX_DEPTH 32

struct fs *fs_real(void);

static inline int fs_stat(struct fs *fs, const char *path, struct fs_stat *out)
{
	return fs->ops->stat(fs, path, out);
}
static inline int fs_read(struct fs *fs, const char *path, struct arena *a, size_t max, struct str *out)
{
	return fs->ops->read(fs, path, a, max, out);
}
static inline int fs_list(struct fs *fs, const char *folder, struct arena *a, struct fs_listing *out)
{
	return fs->ops->list(fs, folder, a, out);
}
static inline int fs_create(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	return fs->ops->create(fs, path, bytes, mode);
}
static inline int fs_link(struct fs *fs, const char *from, const char *to)
{
	return fs->ops->link(fs, from, to);
}
static inline int fs_mkdir(struct fs *fs, const char *path, unsigned mode)
{
	return fs->ops->mkdir(fs, path, mode);
}
static inline int fs_rename(struct fs *fs, const char *from, const char *to)
{
	return fs->ops->rename(fs, from, to);
}
static inline int fs_exchange(struct fs *fs, const char *a, const char *b)
{
	return fs->ops->exchange(fs, a, b);
}
static inline int fs_remove(struct fs *fs, const char *path)
{
	return fs->ops->remove(fs, path);
}
static inline int fs_sync(struct fs *fs, const char *path)
{
	return fs->ops->sync(fs, path);
}

/* Made of the above. */
int fs_mkdirs(struct fs *fs, const char *path);	    /* parents too; existing folders are fine */
int fs_remove_tree(struct fs *fs, const char *path); /* absent is fine; links are removed, not followed */
int fs_replace(struct fs *fs, const char *path, struct str bytes, unsigned mode); /* create beside it, then rename */
bool fs_exists(struct fs *fs, const char *path);

/* A name that works in addresses, ZIPs and on Windows: [a-z0-9._-], no leading dot, no device name, '/' between. */
bool fs_portable_path(struct str path);

#endif
