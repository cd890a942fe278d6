#include "output/store_impl.h"

#include <errno.h>

struct store *store_new(struct fs *fs, const char *folder, int *error)
{
	struct store *s;

	*error = fs_mkdirs(fs, folder);
	if (*error)
		return NULL;
	s = xmalloc(sizeof(*s));
	*s = (struct store){.fs = fs, .deflate = deflate_new(), .folder_len = strlen(folder)};
	s->folder = xmalloc(s->folder_len + 1);
	memcpy(s->folder, folder, s->folder_len + 1);
	for (size_t i = 0; i < SHARDS; i++)
		pthread_mutex_init(&s->shards[i].mutex, NULL);
	return s;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_destroy(&s->shards[i].mutex);
		free(s->shards[i].slots);
	}
	deflate_free(s->deflate);
	free(s->folder);
	free(s);
}

struct fs *store_fs(const struct store *s)
{
	return s->fs;
}

size_t store_path_max(const struct store *s)
{
	return s->folder_len + sizeof("/ab/") + DIGEST_HEX + sizeof(DEFLATED_SUFFIX);
}

void store_path(const struct store *s, const struct digest *d, char *out)
{
	char hex[DIGEST_HEX + 1];

	digest_hex(d, hex);
	snprintf(out, store_path_max(s), "%s/%.2s/%s", s->folder, hex, hex);
}

char *store_path_new(const struct store *s)
{
	return xmalloc(store_path_max(s));
}

static int make_folder(struct store *s, const char *path)
{
	size_t n = s->folder_len + strlen("/ab");
	char *folder = store_path_new(s);
	int error;

	memcpy(folder, path, n);
	folder[n] = 0;
	error = fs_mkdir(s->fs, folder, 0755);
	free(folder);
	return error == EEXIST ? 0 : error;
}

/* What a killed process left half-written is found out by whoever finds it: nothing here is trusted unread.
 */
int store_create(struct store *s, const char *path, struct str bytes)
{
	int error = fs_create_directly(s->fs, path, bytes, STORED_MODE);

	if (error != ENOENT)
		return error;
	error = make_folder(s, path);
	return error ? error : fs_create_directly(s->fs, path, bytes, STORED_MODE);
}

/* ---- artifacts ---- */

/* What cannot be read as the file that we once wrote is as good as damaged: it is written again. */
int store_open(struct store *s, const char *path, struct fs_file *file)
{
	int error = fs_open(s->fs, path, file);

	if (error)
		return error == ELOOP || error == EOPNOTSUPP ? EBADMSG : error;
	if (file->stat.mode == STORED_MODE)
		return 0;
	fs_close(s->fs, file);
	return EBADMSG;
}

/* The sizes are equal. */
static int compare_content(struct store *s, const struct fs_file *file, struct str bytes)
{
	char step[STEP];
	size_t n;

	while (bytes.n) {
		int error = fs_read_some(s->fs, file, step, bytes.n < STEP ? bytes.n : STEP, &n);

		if (error)
			return error;
		if (n == 0 || memcmp(step, bytes.p, n) != 0)
			return EBADMSG;
		bytes = str_slice(bytes, n, bytes.n);
	}
	return 0;
}

/* 0 when the file holds these bytes, EBADMSG when it holds others. */
static int check_bytes(struct store *s, const char *path, struct str bytes)
{
	struct fs_file file;
	int error = store_open(s, path, &file);

	if (error)
		return error;
	error = file.stat.size == bytes.n ? compare_content(s, &file, bytes) : EBADMSG;
	fs_close(s->fs, &file);
	return error;
}

static int put_at(struct store *s, const char *path, struct str bytes, bool *created)
{
	int error = store_create(s, path, bytes);

	*created = error == 0;
	if (error != EEXIST)
		return error;
	/* From an earlier build, or from another thread, which may not be done with it. */
	error = check_bytes(s, path, bytes);
	if (error != EBADMSG)
		return error;
	*created = true;
	return fs_replace(s->fs, path, bytes, STORED_MODE);
}

int store_put(struct store *s, struct str bytes, struct digest *out, bool *created)
{
	struct digest d = digest_of(bytes);
	bool is_new = false;
	int error = 0;

	if (!store_knows(s, &d, KNOWN_WHOLE)) {
		char *path = store_path_new(s);

		store_path(s, &d, path);
		error = put_at(s, path, bytes, &is_new);
		free(path);
	}
	if (error)
		return error;
	store_know(s, &d, KNOWN_WHOLE);
	*out = d;
	if (created)
		*created = is_new;
	return 0;
}

static int digest_of_file(struct store *s, const struct fs_file *file, struct digest *out, uint64_t *size)
{
	struct digest_run *run = digest_run_new();
	char step[STEP];
	size_t n;
	int error;

	*size = 0;
	do {
		error = fs_read_some(s->fs, file, step, sizeof(step), &n);
		if (error)
			break;
		digest_run_add(run, str_make(step, n));
		*size += n;
	} while (n);
	*out = digest_run_free(run);
	return error;
}

/* 0 when the file at the digest's place has that digest. */
static int check_digest(struct store *s, const char *path, const struct digest *d)
{
	struct digest found;
	struct fs_file file;
	uint64_t size;
	int error = store_open(s, path, &file);

	if (error)
		return error;
	error = digest_of_file(s, &file, &found, &size);
	fs_close(s->fs, &file);
	if (!error && !digest_eq(&found, d))
		error = EBADMSG;
	return error;
}

static int adopt_at(
	struct store *s, const char *path, const struct digest *d, const char *from, bool *created)
{
	int error = check_digest(s, path, d);

	*created = error != 0;
	if (!error)
		return fs_remove(s->fs, from);
	error = error == ENOENT ? make_folder(s, path) : 0;
	if (!error)
		error = fs_chmod(s->fs, from, STORED_MODE);
	return error ? error : fs_rename(s->fs, from, path);
}

int store_adopt(struct store *s, const char *path, struct digest *out, uint64_t *size, bool *created)
{
	bool is_new = false;
	struct fs_file file;
	struct digest d;
	uint64_t n;
	char *to;
	int error = fs_open(s->fs, path, &file);

	if (error)
		return error;
	error = digest_of_file(s, &file, &d, &n);
	fs_close(s->fs, &file);
	if (error)
		return error;
	to = store_path_new(s);
	store_path(s, &d, to);
	error = adopt_at(s, to, &d, path, &is_new);
	free(to);
	if (error)
		return error;
	store_know(s, &d, KNOWN_WHOLE);
	*out = d;
	*size = n;
	if (created)
		*created = is_new;
	return 0;
}

int store_keep(struct store *s, const struct digest *d)
{
	char *path;
	int error;

	if (store_knows(s, d, KNOWN_WHOLE))
		return 0;
	path = store_path_new(s);
	store_path(s, d, path);
	error = check_digest(s, path, d);
	free(path);
	if (!error)
		store_know(s, d, KNOWN_WHOLE);
	return error;
}

/* ---- sweeping ---- */

/* “<hex>” or “<hex>.z” of an artifact that was asked for, in the folder of its first two digits. */
static bool is_wanted(struct store *s, struct str folder, struct str name)
{
	struct digest d;

	if (str_ends(name, STR(DEFLATED_SUFFIX)))
		name.n -= strlen(DEFLATED_SUFFIX);
	return folder.n == 2 && digest_parse(name, &d) && str_starts(name, folder) &&
	       store_knows(s, &d, KNOWN_WANTED);
}

/* A folder with something in it stays; what is gone is gone. */
static int remove_at(struct store *s, struct arena scratch, struct str path)
{
	int error = fs_remove(s->fs, STR_CONCAT(&scratch, str_from(s->folder), STR("/"), path).p);

	return error == ENOENT || error == ENOTEMPTY || error == EEXIST ? 0 : error;
}

static int sweep_folder(struct store *s, struct arena a, struct str folder)
{
	struct fs_listing l = {0};
	int error = fs_list_bare(s->fs, STR_CONCAT(&a, str_from(s->folder), STR("/"), folder).p, &a, &l);

	/* From the end: what is in a folder before the folder itself. */
	for (size_t i = l.len; i-- > 0 && !error;) {
		const struct fs_entry *e = &l.entries[i];
		struct arena scratch = a;
		struct str path = STR_CONCAT(&scratch, folder, STR("/"), e->path);

		if (e->stat.kind == FS_DIR || !is_wanted(s, folder, e->path))
			error = remove_at(s, scratch, path);
	}
	return error ? error : remove_at(s, a, folder);
}

/* Folder by folder: a listing of everything would be the largest thing in memory. */
int store_sweep(struct store *s)
{
	struct fs_listing l = {0};
	struct arena a;
	int error;

	arena_init(&a, ARENA_DEFAULT);
	error = fs_list_flat(s->fs, s->folder, &a, &l);
	for (size_t i = 0; i < l.len && !error; i++)
		error = l.entries[i].stat.kind == FS_DIR ? sweep_folder(s, a, l.entries[i].path)
							 : remove_at(s, a, l.entries[i].path);
	arena_release(&a);
	return error;
}
