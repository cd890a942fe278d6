#include "action/publish_keep.h"

#include "base/map.h"

struct str publish_kept_path(struct arena *a, const struct digest *digest)
{
	char hex[DIGEST_HEX + 1];

	digest_hex(digest, hex);
	return STR_CONCAT(a, STR(PUBLISH_KEPT "/"), str_from(hex));
}

struct str publish_generation_path(struct arena *a, uint64_t generation)
{
	return str_fmt(a, PUBLISH_GENERATIONS "/%llu", (unsigned long long)generation);
}

/* ---- keeping ---- */

/* Does the target hold, file for file, what its manifest says? Then that is a generation worth keeping. */
static bool is_whole(const struct publish_survey *s)
{
	if (s->first || !publish_digest_known(&s->published.site))
		return false;
	for (size_t i = 0; i < s->published.len; i++) {
		const struct publish_entry *e = &s->published.entries[i];
		const struct publish_entry *there = publish_record_find(&s->there, e->path);

		if (e->mark == PUBLISH_THERE &&
			(!publish_digest_known(&e->digest) || !there || there->size != e->size ||
				!digest_eq(&there->digest, &e->digest)))
			return false;
	}
	return true;
}

/* The bytes that this step takes away; NULL: none that are known. */
static const struct publish_entry *taken_away(const struct publish *p, const struct publish_step *s)
{
	const struct publish_entry *old = publish_record_find(&p->survey.there, s->entry.path);

	if (!old || !publish_digest_known(&old->digest))
		return NULL;
	return s->change == PUBLISH_CHANGE && digest_eq(&old->digest, &s->entry.digest) ? NULL : old;
}

static enum publish_answer copy_one(struct publish_link *l, struct publish_job *job)
{
	size_t said = l->why->n;
	enum publish_answer answer = l->b->ops->copy(l, job->path, job->kept);

	if (answer == ANSWER_ABSENT)
		buf_cut(l->why, said);
	return answer;
}

/* Each digest once: two connections must not make the same file. */
static struct publish_batch to_keep(struct publish *p)
{
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, p->plan.len),
		.step = publish_step,
		.ctx = p,
	};
	struct map seen = {0};

	for (size_t i = 0; i < p->plan.len; i++) {
		const struct publish_entry *old = taken_away(p, &p->plan.steps[i]);
		struct str kept = old ? publish_kept_path(p->arena, &old->digest) : STR("");

		if (old && !map_has(&seen, kept)) {
			map_put(&seen, p->arena, kept, NULL);
			batch.jobs[batch.len++] = (struct publish_job){.path = old->path, .kept = kept};
		}
	}
	return batch;
}

static enum publish_status copy_all(struct publish *p, bool *all)
{
	struct publish_batch batch = to_keep(p);
	enum publish_status status = PUBLISH_OK;

	publish_phase(p, "keep", batch.len, 0);
	if (batch.len)
		status = publish_ended(p, publish_pool_run(p->pool, &batch, copy_one, true));
	*all = true;
	for (size_t i = 0; i < batch.len; i++)
		*all &= batch.jobs[i].answer == ANSWER_OK;
	return status;
}

static enum publish_status write_generation(struct publish *p)
{
	const struct publish_record *published = &p->survey.published;
	const char *path = str_z(p->arena, publish_generation_path(p->arena, published->generation));
	enum publish_status status = publish_write_record(p, path, published, NULL);

	/* Before the first of its bytes is replaced. */
	return status == PUBLISH_OK ? publish_flush(p) : status;
}

static enum publish_status make_places(struct publish *p)
{
	enum publish_status status = publish_make_folder(p, STR(PUBLISH_KEPT));

	return status == PUBLISH_OK ? publish_make_folder(p, STR(PUBLISH_GENERATIONS)) : status;
}

/* What a rollback leaves is not to come back to, but what it takes away may be an older generation's. */
enum publish_status publish_keep(struct publish *p)
{
	enum publish_status status;
	bool all;

	if ((!p->o->generations && !p->o->rollback) || p->survey.first)
		return PUBLISH_OK;
	if (!p->b->ops->copy) {
		p->out->not_kept = "this protocol cannot copy files on the server";
		return PUBLISH_OK;
	}
	status = make_places(p);
	if (status == PUBLISH_OK)
		status = copy_all(p, &all);
	if (status != PUBLISH_OK || p->o->rollback)
		return status;
	if (!all)
		p->out->not_kept = "the server could not copy all of its files";
	else if (!is_whole(&p->survey))
		p->out->not_kept = "it was not whole";
	else
		return write_generation(p);
	return PUBLISH_OK;
}

/* ---- what is kept ---- */

static int newest_first(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return a > b ? -1 : a < b;
}

struct listing {
	const char *folder;
	struct arena *arena;
	struct publish_listing items;
};

static enum publish_answer call_list(struct publish_link *l, void *ctx)
{
	struct listing *listing = ctx;
	enum publish_answer answer;

	listing->items = (struct publish_listing){0};
	answer = l->b->ops->list(l, str_from(listing->folder), listing->arena, &listing->items);
	return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
}

/* Nothing, when there is no such folder. */
enum publish_status publish_list(struct publish *p, const char *folder, struct publish_listing *out)
{
	struct listing listing = {folder, p->arena, {0}};
	enum publish_status status = publish_answered(publish_pool_call(p->pool, call_list, &listing));

	*out = listing.items;
	return status;
}

enum publish_status publish_numbers_list(
	struct publish *p, const char *folder, enum publish_kind kind, struct publish_generations *out)
{
	struct publish_listing listing;
	enum publish_status status = publish_list(p, folder, &listing);

	*out = (struct publish_generations){.numbers = arena_new_n(p->arena, uint64_t, listing.len)};
	for (size_t i = 0; i < listing.len && status == PUBLISH_OK; i++) {
		int64_t n;

		if (listing.items[i].kind == kind && str_to_int(listing.items[i].name, &n) && n > 0)
			out->numbers[out->len++] = (uint64_t)n;
	}
	if (out->len > 1)
		qsort(out->numbers, out->len, sizeof(*out->numbers), newest_first);
	return status;
}

enum publish_status publish_generations_list(struct publish *p, struct publish_generations *out)
{
	return publish_numbers_list(p, PUBLISH_GENERATIONS, PUBLISH_FILE, out);
}

enum publish_status publish_manifest_read(
	struct publish *p, struct str path, struct publish_record *out, bool *found)
{
	enum publish_answer answer;
	struct buf text;
	size_t line;

	buf_init(&text, PUBLISH_RECORD_MAX_BYTES);
	answer = publish_read(p, str_z(p->arena, path), &text);
	*out = (struct publish_record){.kind = PUBLISH_RECORD_MANIFEST};
	*found = answer == ANSWER_OK &&
		 publish_record_read(out, p->arena, out->kind, str_dup(p->arena, buf_str(&text)), &line);
	buf_release(&text);
	return publish_answered(answer == ANSWER_ABSENT ? ANSWER_OK : answer);
}

/* ---- forgetting ---- */

/* The bytes that a kept generation has and the target, at the same path, has not. */
static void need(struct publish *p, struct map *needed, const struct publish_record *r)
{
	for (size_t i = 0; i < r->len; i++) {
		const struct publish_entry *e = &r->entries[i];
		const struct publish_entry *live = publish_record_find(&p->next, e->path);

		if (e->mark == PUBLISH_THERE && !(live && digest_eq(&live->digest, &e->digest)))
			map_put(needed, p->arena, publish_kept_path(p->arena, &e->digest), p);
	}
}

enum publish_status publish_remove_all(
	struct publish *p, const char *phase, const struct str *paths, size_t len)
{
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, len),
		.len = len,
		.step = publish_step,
		.ctx = p,
	};

	for (size_t i = 0; i < len; i++)
		batch.jobs[i].path = paths[i];
	publish_phase(p, phase, len, 0);
	return len ? publish_ended(p, publish_pool_run(p->pool, &batch, p->b->ops->remove, true))
		   : PUBLISH_OK;
}

/* Is the i'th newest still to be kept? After a rollback those that it went back over are not. */
static bool is_wanted(const struct publish *p, uint64_t number, size_t kept)
{
	if (p->o->rollback && number >= p->rollback.generation)
		return false;
	return kept < p->o->generations || (p->o->rollback && !p->o->generations);
}

/* The manifests first: none may name bytes that are gone. */
static enum publish_status forget_generations(struct publish *p, struct map *needed)
{
	struct publish_generations there;
	enum publish_status status = publish_generations_list(p, &there);
	struct str *gone = arena_new_n(p->arena, struct str, there.len);
	size_t len = 0, kept = 0;

	for (size_t i = 0; i < there.len && status == PUBLISH_OK; i++) {
		struct publish_record r;
		bool found = false;

		if (is_wanted(p, there.numbers[i], kept))
			status = publish_manifest_read(
				p, publish_generation_path(p->arena, there.numbers[i]), &r, &found);
		if (found) {
			need(p, needed, &r);
			kept++;
		} else {
			gone[len++] = publish_generation_path(p->arena, there.numbers[i]);
		}
	}
	p->out->generations = kept;
	return status == PUBLISH_OK ? publish_remove_all(p, "forget", gone, len) : status;
}

static enum publish_status forget_bytes(struct publish *p, const struct map *needed)
{
	struct publish_listing there;
	enum publish_status status = publish_list(p, PUBLISH_KEPT, &there);
	struct str *gone = arena_new_n(p->arena, struct str, there.len);
	size_t len = 0;

	for (size_t i = 0; i < there.len && status == PUBLISH_OK; i++) {
		struct str path = STR_CONCAT(p->arena, STR(PUBLISH_KEPT "/"), there.items[i].name);
		struct digest digest;

		/* Nothing that has another name is ours, or even a name. */
		if (there.items[i].kind == PUBLISH_FILE && digest_parse(there.items[i].name, &digest) &&
			!map_has(needed, path))
			gone[len++] = path;
	}
	return status == PUBLISH_OK ? publish_remove_all(p, "forget", gone, len) : status;
}

enum publish_status publish_forget(struct publish *p)
{
	struct map needed = {0};
	enum publish_status status = forget_generations(p, &needed);

	if (status == PUBLISH_OK)
		status = forget_bytes(p, &needed);
	if (status == PUBLISH_OK && p->out->generations == 0) {
		publish_drop_folder(p, STR(PUBLISH_KEPT));
		publish_drop_folder(p, STR(PUBLISH_GENERATIONS));
	}
	return status;
}
