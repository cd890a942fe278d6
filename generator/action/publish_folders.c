/* The folders that files need, and those that they leave empty. */
#include "action/publish_impl.h"
#include "base/map.h"

/* The folders on the way to each path, once, parents first. */
struct folders {
	struct map known;
	struct str *paths;
	size_t len, cap;
};

static void add_folders(struct folders *f, struct arena *a, struct str path)
{
	for (size_t i = path.n; i-- > 0;) {
		struct str folder = str_slice(path, 0, i);

		if (path.p[i] != '/')
			continue;
		if (map_put(&f->known, a, folder, f))
			return; /* and its parents */
		f->paths = arena_grow(a, f->paths, f->len, &f->cap, sizeof(*f->paths));
		f->paths[f->len++] = folder;
	}
}

static void sort_folders(struct folders *f)
{
	if (f->len > 1)
		qsort(f->paths, f->len, sizeof(*f->paths), str_cmp_qsort);
}

static enum publish_answer call_make_folder(struct publish_link *l, void *ctx)
{
	return l->b->ops->make_folder(l, *(const struct str *)ctx);
}

static enum publish_answer call_drop_folder(struct publish_link *l, void *ctx)
{
	l->b->ops->drop_folder(l, *(const struct str *)ctx);
	return ANSWER_OK;
}

enum publish_status publish_make_folder(struct publish *p, struct str path)
{
	return p->b->ops->make_folder ? publish_answered(publish_pool_call(p->pool, call_make_folder, &path))
				      : PUBLISH_OK;
}

void publish_drop_folder(struct publish *p, struct str path)
{
	if (p->b->ops->drop_folder)
		(void)publish_pool_call(p->pool, call_drop_folder, &path);
}

enum publish_status publish_make_folders_for(struct publish *p, const struct str *paths, size_t len)
{
	struct folders f = {0};
	enum publish_status status = PUBLISH_OK;

	for (size_t i = 0; i < len; i++)
		add_folders(&f, p->arena, paths[i]);
	sort_folders(&f);
	for (size_t i = 0; i < f.len && status == PUBLISH_OK; i++)
		status = publish_make_folder(p, f.paths[i]);
	return status;
}

void publish_drop_folders_for(struct publish *p, const struct str *paths, size_t len)
{
	struct folders f = {0};

	for (size_t i = 0; i < len; i++)
		add_folders(&f, p->arena, paths[i]);
	sort_folders(&f);
	while (f.len-- > 0)
		publish_drop_folder(p, f.paths[f.len]);
}

enum publish_status publish_make_folders(struct publish *p)
{
	struct str *paths = arena_new_n(p->arena, struct str, p->plan.added);
	size_t len = 0;

	for (size_t i = 0; i < p->plan.len; i++)
		if (p->plan.steps[i].change == PUBLISH_ADD)
			paths[len++] = p->plan.steps[i].entry.path;
	return publish_make_folders_for(p, paths, len);
}

/* Folders that held something of ours and may be empty now, deepest first. */
void publish_drop_folders(struct publish *p)
{
	struct folders wanted = {0}, f = {0};
	size_t len = 0;

	if (!p->b->ops->drop_folder)
		return;
	for (size_t i = 0; i < p->local.files.len; i++)
		add_folders(&wanted, p->arena, p->local.files.entries[i].path);
	for (size_t i = 0; i < p->plan.len; i++)
		if (p->plan.steps[i].change == PUBLISH_DELETE)
			add_folders(&f, p->arena, p->plan.steps[i].entry.path);
	for (size_t i = 0; i < p->survey.intended.len; i++)
		add_folders(&f, p->arena, p->survey.intended.entries[i].path);
	sort_folders(&f);
	for (size_t i = 0; i < f.len; i++)
		if (!map_get(&wanted.known, f.paths[i]))
			f.paths[len++] = f.paths[i];
	while (len-- > 0)
		publish_drop_folder(p, f.paths[len]);
}
