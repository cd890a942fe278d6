#include "base/commit_impl.h"

#include <errno.h>

#define WORK_PREFIX ".faktablad-"

enum commit_error commit_fail(struct commit *c, enum commit_error kind, struct str path, int error)
{
	c->failed_path = str_z(c->arena, path);
	c->failed_errno = error;
	return kind;
}

static enum commit_error fail_at(struct commit *c, const char *path, int error)
{
	return commit_fail(c, COMMIT_SYSTEM, str_from(path), error);
}

const char *commit_path(struct commit *c, const char *folder, const char *name)
{
	return str_fmt(c->arena, "%s/%s", folder, name).p;
}

int commit_path_below(char out[PATH_MAX], const char *folder, struct str path)
{
	int n = snprintf(out, PATH_MAX, "%s/%.*s", folder, STR_ARG(path));

	return n < 0 || n >= PATH_MAX ? ENAMETOOLONG : 0;
}

/* ---- names ---- */

/* False when the output's name is none that could be renamed: "/", ".", "..". */
static bool set_paths(struct commit *c, struct str out)
{
	struct str name, parent;
	size_t slash;

	while (out.n > 1 && out.p[out.n - 1] == '/')
		out.n--;
	slash = str_after_last(out, '/');
	parent = str_slice(out, 0, slash);
	name = str_slice(out, slash, out.n);
	c->out = str_z(c->arena, out);
	if (!name.n || str_is(name, ".") || str_is(name, ".."))
		return false;
	c->work = str_fmt(c->arena, "%.*s" WORK_PREFIX "%.*s", STR_ARG(parent), STR_ARG(name)).p;
	c->scratch = commit_path(c, c->work, COMMIT_SCRATCH);
	return true;
}

/* ---- whose folder it is ---- */

static enum commit_error check_owner(struct commit *c)
{
	struct fs_listing l = {0};
	struct fs_stat st;
	int error = fs_stat(c->fs, commit_path(c, c->out, c->marker), &st);

	if (!error && st.kind == FS_FILE)
		return COMMIT_OK;
	if (error && error != ENOENT)
		return fail_at(c, c->out, error);
	error = fs_list_flat(c->fs, c->out, c->arena, &l);
	if (error)
		return fail_at(c, c->out, error);
	if (l.len)
		return commit_fail(
			c, COMMIT_FOREIGN, str_from(commit_path(c, c->out, l.entries[0].path.p)), EEXIST);
	return COMMIT_OK;
}

static enum commit_error check_out(struct commit *c, const struct fs_stat *work)
{
	struct fs_stat st;
	int error = fs_stat(c->fs, c->out, &st);

	if (error == ENOENT)
		return COMMIT_OK;
	if (!error && st.kind != FS_DIR)
		error = st.kind == FS_LINK ? ELOOP : ENOTDIR;
	if (!error && st.mount)
		error = EBUSY;
	if (!error && work && st.device != work->device)
		error = EXDEV;
	return error ? fail_at(c, c->out, error) : check_owner(c);
}

/* ---- the work folder ---- */

/* Only for us: it holds what is no longer, or not yet, public. */
static int make_work(struct commit *c, struct fs_stat *st)
{
	struct str work = str_from(c->work);
	size_t slash = str_after_last(work, '/');
	int error = fs_mkdir(c->fs, c->work, 0700);

	if (error == ENOENT) {
		error = slash ? fs_mkdirs(c->fs, str_z(c->arena, str_slice(work, 0, slash - 1))) : ENOENT;
		if (!error)
			error = fs_mkdir(c->fs, c->work, 0700);
	}
	if (error && error != EEXIST)
		return error;
	error = fs_stat(c->fs, c->work, st);
	if (!error && st->kind != FS_DIR)
		error = st->kind == FS_LINK ? ELOOP : ENOTDIR;
	return error;
}

static enum commit_error take_lock(struct commit *c)
{
	const char *path = commit_path(c, c->work, COMMIT_LOCK);
	int error = fs_lock(c->fs, path, &c->lock);

	if (!error)
		return COMMIT_OK;
	return commit_fail(c, error == EWOULDBLOCK ? COMMIT_BUSY : COMMIT_SYSTEM, str_from(path), error);
}

/* ---- what an earlier run left ---- */

/* fs_exists() would take "cannot tell" for "no", and what is needed for rubbish. */
static enum commit_error look(struct commit *c, const char *path, bool *there)
{
	struct fs_stat st;
	int error = fs_stat(c->fs, path, &st);

	*there = !error;
	return error && error != ENOENT ? fail_at(c, path, error) : COMMIT_OK;
}

static enum commit_error rename_to_out(struct commit *c, const char *from)
{
	int error = fs_rename(c->fs, from, c->out);

	return error ? fail_at(c, c->out, error) : COMMIT_OK;
}

/*
 * The journal is there from before the output is renamed away until after the new tree has its name. If the
 * output is missing in between, the new tree takes its place; should that be gone as well, the old one.
 */
static enum commit_error recover(struct commit *c, const char *stage, const char *old)
{
	const char *trees[] = {c->out, stage, old};
	enum commit_error result = COMMIT_OK;
	bool there = false;

	for (size_t i = 0; i < COUNT_OF(trees) && !result && !there; i++) {
		result = look(c, trees[i], &there);
		if (!result && there && i > 0)
			result = rename_to_out(c, trees[i]);
	}
	return result;
}

static enum commit_error clean_up(struct commit *c)
{
	const char *rubbish[] = {commit_path(c, c->work, COMMIT_STAGE), commit_path(c, c->work, COMMIT_OLD),
		commit_path(c, c->work, COMMIT_JOURNAL), c->scratch};
	bool journal;
	enum commit_error result = look(c, rubbish[2], &journal);
	int error;

	if (!result && journal)
		result = recover(c, rubbish[0], rubbish[1]);
	for (size_t i = 0; i < COUNT_OF(rubbish) && !result; i++) {
		error = fs_remove_tree(c->fs, rubbish[i]);
		if (error)
			result = fail_at(c, rubbish[i], error);
	}
	if (result)
		return result;
	error = fs_mkdir(c->fs, c->scratch, 0700);
	return error ? fail_at(c, c->scratch, error) : COMMIT_OK;
}

/* ---- the interface ---- */

enum commit_error commit_open(
	struct commit *c, struct fs *fs, struct arena *a, const char *out, const char *marker)
{
	enum commit_error result;
	struct fs_stat work;
	int error;

	*c = (struct commit){.fs = fs, .arena = a, .marker = marker, .lock = -1};
	if (!set_paths(c, str_from(out)))
		return fail_at(c, c->out, EINVAL);
	/* Before anything is made beside a folder that we shall not touch. */
	result = check_out(c, NULL);
	if (result)
		return result;
	error = make_work(c, &work);
	if (error)
		return fail_at(c, c->work, error);
	result = take_lock(c);
	if (!result)
		result = clean_up(c);
	/* Again: recovery, or the one who held the lock, may have changed it. */
	if (!result)
		result = check_out(c, &work);
	if (result)
		commit_close(c);
	return result;
}

void commit_add(struct commit *c, struct str path, const char *from)
{
	c->files = arena_grow(c->arena, c->files, c->len, &c->cap, sizeof(*c->files));
	c->files[c->len++] = (struct commit_file){str_dup(c->arena, path), str_z(c->arena, str_from(from))};
}

void commit_close(struct commit *c)
{
	if (c->lock >= 0)
		fs_unlock(c->fs, c->lock);
	c->lock = -1;
}
