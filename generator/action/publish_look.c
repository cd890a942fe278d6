/*
 * What stands at the paths of a batch, from listings of their folders: few questions for many files, and what
 * is no plain folder on the way to a file is seen.
 */
#include "action/publish_pool.h"
#include "base/map.h"

/* A folder on the way to a job's path, and what is in it. */
struct folder {
	struct publish_job job; /* its path; OK once it was listed */
	struct publish_listing listing;
	struct map names; /* to struct publish_listed */
	struct folder *parent;
	size_t depth;
};

struct look {
	struct publish_pool *pool;
	struct arena *arena;	 /* the caller's thread's */
	struct map known;	 /* path to struct folder */
	struct folder **folders; /* parents before children */
	size_t len, cap, deepest;
};

static struct str parent_of(struct str path)
{
	for (size_t i = path.n; i-- > 0;)
		if (path.p[i] == '/')
			return str_slice(path, 0, i);
	return STR("");
}

static struct str name_of(struct str path)
{
	struct str parent = parent_of(path);

	return str_slice(path, parent.n + (parent.n > 0), path.n);
}

/* The folder of a path with all those above it; paths are at most PUBLISH_PATH_MAX long, so few. */
static struct folder *add_folder(struct look *look, struct str path)
{
	struct folder *found = map_get(&look->known, path), *f;

	if (found)
		return found;
	f = arena_new(look->arena, struct folder);
	f->job.path = path;
	f->job.answer = ANSWER_ABSENT;
	f->job.result = f;
	if (path.n) {
		f->parent = add_folder(look, parent_of(path));
		f->depth = f->parent->depth + 1;
	}
	if (f->depth > look->deepest)
		look->deepest = f->depth;
	map_put(&look->known, look->arena, path, f);
	look->folders = arena_grow(look->arena, look->folders, look->len, &look->cap, sizeof(*look->folders));
	look->folders[look->len++] = f;
	return f;
}

static enum publish_answer list_one(struct publish_link *l, struct publish_job *job)
{
	struct folder *f = job->result;

	f->listing = (struct publish_listing){0};
	return l->b->ops->list(l, job->path, l->arena, &f->listing);
}

static const struct publish_listed *find(const struct folder *f, struct str name)
{
	return f->job.answer == ANSWER_OK ? map_get(&f->names, name) : NULL;
}

/* May it be asked for? The root always; another when its parent's listing shows a folder of that name. */
static bool is_listable(struct folder *f)
{
	const struct publish_listed *seen;

	if (!f->parent)
		return true;
	seen = find(f->parent, name_of(f->job.path));
	if (seen && seen->kind == PUBLISH_DIR)
		return true;
	f->job.answer = f->parent->job.answer == ANSWER_TAKEN || seen ? ANSWER_TAKEN : ANSWER_ABSENT;
	return false;
}

static void index_names(struct look *look, struct folder *f)
{
	for (size_t i = 0; i < f->listing.len; i++)
		map_put(&f->names, look->arena, f->listing.items[i].name, &f->listing.items[i]);
}

/* All folders of one depth at once. */
static enum publish_answer list_level(struct look *look, size_t depth)
{
	struct publish_batch batch = {.jobs = arena_new_n(look->arena, struct publish_job, look->len)};
	enum publish_answer answer;

	for (size_t i = 0; i < look->len; i++)
		if (look->folders[i]->depth == depth && is_listable(look->folders[i]))
			batch.jobs[batch.len++] = look->folders[i]->job;
	if (batch.len == 0)
		return ANSWER_OK;
	answer = publish_pool_run(look->pool, &batch, list_one, true);
	for (size_t i = 0; i < batch.len && answer == ANSWER_OK; i++) {
		struct folder *f = batch.jobs[i].result;

		f->job.answer = batch.jobs[i].answer;
		index_names(look, f);
	}
	return answer;
}

static enum publish_answer answer_of(const struct folder *f, struct publish_job *job)
{
	const struct publish_listed *seen = find(f, name_of(job->path));

	if (!seen)
		return f->job.answer == ANSWER_TAKEN ? ANSWER_TAKEN : ANSWER_ABSENT;
	job->size = seen->sized ? seen->size : UINT64_MAX;
	return seen->kind == PUBLISH_FILE ? ANSWER_OK : ANSWER_TAKEN;
}

static enum publish_answer look_by_listing(struct publish_pool *p, struct publish_batch *batch)
{
	struct look look = {.pool = p, .arena = publish_pool_backend(p)->arena};
	enum publish_answer answer = ANSWER_OK;

	for (size_t i = 0; i < batch->len; i++)
		batch->jobs[i].result = add_folder(&look, parent_of(batch->jobs[i].path));
	for (size_t depth = 0; depth <= look.deepest && answer == ANSWER_OK; depth++)
		answer = list_level(&look, depth);
	for (size_t i = 0; i < batch->len && answer == ANSWER_OK; i++) {
		batch->jobs[i].answer = answer_of(batch->jobs[i].result, &batch->jobs[i]);
		if (batch->step && !batch->step(batch->ctx, &batch->jobs[i]))
			answer = ANSWER_STOPPED;
	}
	return answer;
}

/* Only of those that are there; what was found without reading stays as it is. */
static enum publish_answer read_all(struct publish_pool *p, struct publish_batch *batch)
{
	struct arena *a = publish_pool_backend(p)->arena;
	struct publish_batch found = {.jobs = arena_new_n(a, struct publish_job, batch->len),
		.step = batch->step,
		.ctx = batch->ctx};
	enum publish_answer answer;

	for (size_t i = 0; i < batch->len; i++)
		if (batch->jobs[i].answer == ANSWER_OK) {
			found.jobs[found.len] = batch->jobs[i];
			found.jobs[found.len++].result = &batch->jobs[i];
		}
	answer = found.len ? publish_pool_run(p, &found, publish_pool_backend(p)->ops->digest, true)
			   : ANSWER_OK;
	for (size_t i = 0; i < found.len; i++)
		*(struct publish_job *)found.jobs[i].result = found.jobs[i];
	return answer;
}

enum publish_answer publish_pool_look(struct publish_pool *p, struct publish_batch *batch, bool digests)
{
	const struct publish_backend_ops *ops = publish_pool_backend(p)->ops;
	struct publish_batch quiet = {.jobs = batch->jobs, .len = batch->len};
	enum publish_answer answer;

	if (batch->len == 0)
		return ANSWER_OK;
	if (ops->look)
		return publish_pool_run(p, batch, digests ? ops->digest : ops->look, true);
	answer = look_by_listing(p, digests ? &quiet : batch);
	return answer == ANSWER_OK && digests ? read_all(p, batch) : answer;
}
