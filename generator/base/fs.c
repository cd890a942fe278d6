/* What is made of the file system's own operations. */
#include "base/fs.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <unistd.h>

static int mkdir_or_there(struct fs *fs, const char *path)
{
	struct fs_stat st;
	int error = fs_mkdir(fs, path, 0755);

	if (error != EEXIST)
		return error;
	error = fs_stat(fs, path, &st);
	if (error)
		return error;
	return st.kind == FS_DIR ? 0 : ENOTDIR;
}

int fs_mkdirs(struct fs *fs, const char *path)
{
	char part[PATH_MAX];
	size_t n = strlen(path);
	int error = mkdir_or_there(fs, path);

	if (error != ENOENT)
		return error;
	if (n >= sizeof(part))
		return ENAMETOOLONG;
	memcpy(part, path, n + 1);
	for (size_t i = 1; i < n; i++) {
		struct fs_stat st;

		if (path[i] != '/' || path[i - 1] == '/')
			continue;
		part[i] = 0;
		/* A parent may be a symbolic link to a folder: only what is missing is made. */
		error = fs_stat(fs, part, &st) == ENOENT ? mkdir_or_there(fs, part) : 0;
		part[i] = '/';
		if (error)
			return error;
	}
	return mkdir_or_there(fs, path);
}

/* A folder that its owner cannot write in would keep what is in it. */
static int open_up(struct fs *fs, const char *path, const struct fs_stat *st)
{
	if ((st->mode & 0700) == 0700)
		return 0;
	return fs_chmod(fs, path, st->mode | 0700);
}

static int remove_listed(struct fs *fs, struct arena *a, const char *path, const struct fs_listing *l)
{
	const char **paths = arena_new_n(a, const char *, l->len);
	int error = 0;

	for (size_t i = 0; i < l->len && !error; i++) {
		paths[i] = str_fmt(a, "%s/%.*s", path, STR_ARG(l->entries[i].path)).p;
		if (l->entries[i].stat.kind == FS_DIR)
			error = open_up(fs, paths[i], &l->entries[i].stat);
	}
	for (size_t i = l->len; i-- > 0 && !error;) {
		error = fs_remove(fs, paths[i]);
		if (error == ENOENT)
			error = 0;
	}
	return error;
}

int fs_remove_tree(struct fs *fs, const char *path)
{
	struct fs_listing l = {0};
	struct fs_stat st;
	struct arena a;
	int error = fs_stat(fs, path, &st);

	if (error)
		return error == ENOENT ? 0 : error;
	if (st.kind != FS_DIR)
		return fs_remove(fs, path);
	error = open_up(fs, path, &st);
	if (error)
		return error;
	arena_init(&a, ARENA_DEFAULT);
	error = fs_list(fs, path, &a, &l);
	if (!error)
		error = remove_listed(fs, &a, path, &l);
	arena_release(&a);
	return error ? error : fs_remove(fs, path);
}

int fs_replace(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	static atomic_uint serial;
	char beside[PATH_MAX];
	int n, error;

	n = snprintf(beside, sizeof(beside), "%s.%ld-%u", path, (long)getpid(), atomic_fetch_add(&serial, 1));
	if (n < 0 || (size_t)n >= sizeof(beside))
		return ENAMETOOLONG;
	error = fs_create(fs, beside, bytes, mode);
	if (error)
		return error;
	error = fs_rename(fs, beside, path);
	if (error)
		(void)fs_remove(fs, beside);
	return error;
}

int fs_save(struct fs *fs, const char *path, struct str bytes, unsigned mode)
{
	size_t name = str_after_last(str_from(path), '/');
	char beside[PATH_MAX], folder[PATH_MAX];
	int n, error;

	n = snprintf(beside, sizeof(beside), "%.*s.%s.new", (int)name, path, path + name);
	if (n < 0 || (size_t)n >= sizeof(beside))
		return ENAMETOOLONG;
	snprintf(folder, sizeof(folder), "%.*s.", (int)name, path);
	error = fs_remove(fs, beside);
	if (error && error != ENOENT)
		return error;
	error = fs_create(fs, beside, bytes, mode);
	if (error)
		return error;
	error = fs_sync(fs, beside);
	if (!error)
		error = fs_rename(fs, beside, path);
	if (error)
		(void)fs_remove(fs, beside);
	return error ? error : fs_sync(fs, folder);
}

bool fs_exists(struct fs *fs, const char *path)
{
	struct fs_stat st;

	return fs_stat(fs, path, &st) == 0;
}

/* Windows opens a device whatever stands after the first dot. */
static bool is_device(struct str name)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	struct str stem = str_slice(name, 0, str_find_byte(name, '.'));

	for (size_t i = 0; i < COUNT_OF(devices); i++)
		if (str_is(stem, devices[i]))
			return true;
	return stem.n == 4 && (str_starts(stem, STR("com")) || str_starts(stem, STR("lpt"))) &&
	       stem.p[3] >= '0' && stem.p[3] <= '9';
}

#define NAME_MAX_BYTES 255

static bool is_portable_name(struct str name)
{
	if (name.n == 0 || name.n > NAME_MAX_BYTES || name.p[0] == '.' || name.p[name.n - 1] == '.')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
			return false;
	}
	return !is_device(name);
}

bool fs_portable_path(struct str path)
{
	struct str rest = path, name;

	if (path.n == 0 || path.n >= PATH_MAX)
		return false;
	while (str_cut(&rest, '/', &name))
		if (!is_portable_name(name))
			return false;
	return true;
}

bool fs_contained_path(struct str path)
{
	struct str piece;

	if (!path.n || path.n >= PATH_MAX)
		return false;
	for (size_t i = 0; i < path.n; i++)
		if ((unsigned char)path.p[i] < 0x20 || path.p[i] == 0x7F || path.p[i] == '\\')
			return false;
	while (str_cut(&path, '/', &piece))
		if (!piece.n || str_is(piece, ".") || str_is(piece, ".."))
			return false;
	return true;
}
