/* What the new tree will hold: our files, and what others put into the output. */
#include "base/commit_impl.h"

#include <errno.h>

#include "base/task.h"

/* Values of the sets. */
static const char is_file, is_folder;
#define FILE_MARK ((void *)(uintptr_t)&is_file)
#define FOLDER_MARK ((void *)(uintptr_t)&is_folder)

/* Puts the folders above a path into a set, the nearest first, up to one that is there. False at a file. */
static bool put_folders(struct map *m, struct arena *a, struct str path)
{
	for (size_t i = path.n; i-- > 1;) {
		struct str folder = str_slice(path, 0, i);
		void *mark;

		if (path.p[i] != '/')
			continue;
		mark = map_get(m, folder);
		if (mark)
			return mark == FOLDER_MARK;
		map_put(m, a, folder, FOLDER_MARK);
	}
	return true;
}

static void add_file(struct plan *p, struct str path, const char *from)
{
	p->files = arena_grow(p->c->arena, p->files, p->len, &p->cap, sizeof(*p->files));
	p->files[p->len++] = (struct plan_file){.path = path, .from = from};
}

static void plan_ours(struct plan *p)
{
	struct arena *a = p->c->arena;

	for (size_t i = 0; i < p->c->len; i++) {
		const struct commit_file *f = &p->c->files[i];

		if (!fs_contained_path(f->path) || map_put(&p->wanted, a, f->path, FILE_MARK) ||
			!put_folders(&p->wanted, a, f->path))
			BUG("commit of “%.*s”", STR_ARG(f->path));
		put_folders(&p->keep, a, f->path);
		add_file(p, f->path, f->from);
	}
	p->ours = p->len;
	if (map_get(&p->wanted, str_from(p->c->marker)) != FILE_MARK)
		BUG("commit without its marker “%s”", p->c->marker);
	for (size_t i = 0; p->old && i < p->old->len; i++)
		put_folders(&p->emptied, a, p->old->entries[i].key);
}

bool plan_is_foreign(const struct plan *p, const struct fs_entry *e)
{
	if (e->stat.kind == FS_DIR)
		return !map_has(&p->emptied, e->path);
	return !str_is(e->path, p->c->marker) && !(p->old && map_has(p->old, e->path));
}

/* A file of ours takes the place of something that is not ours, or of a folder above it; or the reverse. */
static bool clashes(const struct plan *p, const struct fs_entry *e)
{
	void *mark = map_get(&p->wanted, e->path);

	if (mark && (mark == FILE_MARK || e->stat.kind != FS_DIR))
		return true;
	for (size_t i = e->path.n; i-- > 1;)
		if (e->path.p[i] == '/' && map_get(&p->wanted, str_slice(e->path, 0, i)) == FILE_MARK)
			return true;
	return false;
}

static enum commit_error plan_foreign(struct plan *p)
{
	struct commit *c = p->c;

	for (size_t i = 0; i < p->now.len; i++) {
		const struct fs_entry *e = &p->now.entries[i];

		map_put(&p->now_by_path, c->arena, e->path, &p->now.entries[i]);
		if (e->stat.kind == FS_DIR && e->stat.mount)
			return commit_fail(
				c, COMMIT_SYSTEM, str_from(commit_path(c, c->out, e->path.p)), EBUSY);
		if (!plan_is_foreign(p, e))
			continue;
		if (clashes(p, e))
			return commit_fail(
				c, COMMIT_CLASH, str_from(commit_path(c, c->out, e->path.p)), EEXIST);
		put_folders(&p->keep, c->arena, e->path);
		if (e->stat.kind == FS_DIR)
			map_put(&p->keep, c->arena, e->path, FOLDER_MARK);
		else
			add_file(p, e->path, commit_path(c, c->out, e->path.p));
	}
	return COMMIT_OK;
}

#define FOLDER_MODE 0755

static int compare_folders(const void *x, const void *y)
{
	return str_cmp(((const struct plan_folder *)x)->path, ((const struct plan_folder *)y)->path);
}

static void plan_folders(struct plan *p)
{
	p->folder_count = p->keep.len;
	p->folders = arena_new_n(p->c->arena, struct plan_folder, p->folder_count);
	for (size_t i = 0; i < p->folder_count; i++) {
		struct str path = p->keep.entries[i].key;
		const struct fs_entry *now = map_get(&p->now_by_path, path);

		p->folders[i].path = path;
		p->folders[i].mode = now && now->stat.kind == FS_DIR ? now->stat.mode : FOLDER_MODE;
	}
	if (p->folder_count > 1)
		qsort(p->folders, p->folder_count, sizeof(*p->folders), compare_folders);
}

static enum commit_error list_now(struct plan *p)
{
	struct commit *c = p->c;
	struct fs_stat st;
	int error = fs_stat(c->fs, c->out, &st);

	p->mode = FOLDER_MODE;
	if (error == ENOENT)
		return COMMIT_OK;
	p->there = true;
	p->mode = st.mode;
	if (!error)
		error = fs_list_bare(c->fs, c->out, c->arena, &p->now);
	if (!error)
		return COMMIT_OK;
	return commit_fail(c, COMMIT_SYSTEM,
		p->now.failed.n ? str_from(commit_path(c, c->out, p->now.failed.p)) : str_from(c->out),
		error);
}

enum commit_error plan_make(struct plan *p)
{
	enum commit_error result = list_now(p);

	if (result)
		return result;
	plan_ours(p);
	result = plan_foreign(p);
	if (!result)
		plan_folders(p);
	return result;
}

/* ---- is it that already? ---- */

static void compare_file(void *ctx, unsigned worker, size_t index)
{
	struct plan *p = ctx;
	struct plan_file *f = &p->files[index];
	struct fs_stat from, now;
	char path[PATH_MAX];

	(void)worker;
	f->fresh = true;
	if (!map_has(&p->now_by_path, f->path))
		return;
	f->error = fs_stat(p->c->fs, f->from, &from);
	if (f->error || commit_path_below(path, p->c->out, f->path) || fs_stat(p->c->fs, path, &now))
		return;
	f->fresh = from.inode != now.inode || from.device != now.device;
}

static bool keeps_all(const struct plan *p)
{
	for (size_t i = 0; i < p->now.len; i++) {
		const struct fs_entry *e = &p->now.entries[i];

		if (e->stat.kind == FS_DIR ? !map_has(&p->keep, e->path)
					   : !plan_is_foreign(p, e) && !map_has(&p->wanted, e->path))
			return false;
	}
	return true;
}

enum commit_error plan_compare(struct plan *p, bool *same)
{
	bool equal = p->there;

	if (p->there)
		task_run(p->threads, p->ours, compare_file, p);
	for (size_t i = 0; i < p->ours; i++) {
		struct plan_file *f = &p->files[i];

		if (f->error)
			return commit_fail(p->c, COMMIT_SYSTEM, str_from(f->from), f->error);
		f->fresh |= !p->there;
		equal = equal && !f->fresh;
	}
	*same = equal && keeps_all(p);
	return COMMIT_OK;
}
