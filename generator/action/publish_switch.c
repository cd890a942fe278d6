#include "action/publish_switch.h"

#include "base/map.h"

/* ---- before ---- */

static bool stands(const struct publish_listing *root, const char *name)
{
	for (size_t i = 0; i < root->len; i++)
		if (str_is(root->items[i].name, name))
			return true;
	return false;
}

/* A target without a release of ours must be free for one. */
static enum publish_status check_first(struct publish *p)
{
	struct publish_listing root;
	enum publish_status status = publish_list(p, "", &root);
	struct publish_record plain;
	bool found = false;

	if (status == PUBLISH_OK && stands(&root, PUBLISH_CURRENT))
		return publish_refuse(p,
			"%s has a “" PUBLISH_CURRENT "” that faktablad did not make: move it away, or choose "
			"another folder",
			p->b->name);
	if (status == PUBLISH_OK)
		status = publish_manifest_read(p, STR(PUBLISH_MANIFEST), &plain, &found);
	if (found)
		return publish_refuse(p,
			"%s was published page by page: to switch the whole site at once, choose another folder "
			"and let the web server's root be “" PUBLISH_CURRENT "” in it",
			p->b->name);
	return status;
}

/* Pages put beside a release that somebody else's publish switches would be read by nobody. */
static enum publish_status check_plain(struct publish *p)
{
	struct publish_record r;
	bool found = false;
	enum publish_status status = PUBLISH_OK;

	if (p->survey.first && p->b->ops->point)
		status = publish_manifest_read(p, STR(PUBLISH_CURRENT "/" PUBLISH_MANIFEST), &r, &found);
	if (found)
		return publish_refuse(p,
			"%s is switched as a whole (“" PUBLISH_CURRENT
			"” points to a release): publish to it "
			"in that way, or choose another folder",
			p->b->name);
	return status;
}

enum publish_status publish_switch_check(struct publish *p)
{
	if (!p->o->whole_switch)
		return check_plain(p);
	if (!p->b->ops->point)
		return publish_refuse(p,
			"%.*s: targets cannot switch a whole site at once: publish over SFTP or to a directory, "
			"or page by page",
			STR_ARG(p->b->scheme));
	return p->survey.first ? check_first(p) : PUBLISH_OK;
}

/* ---- what was left ---- */

/* The one that was being made when a publish was cut off; not when it was pointed to in the end. */
static enum publish_status settle(struct publish *p)
{
	const struct publish_survey *s = &p->survey;
	enum publish_status status = PUBLISH_OK;

	if (!s->unfinished)
		return PUBLISH_OK;
	if (s->first || s->published.generation != s->intended.generation)
		status = publish_release_remove(p, s->intended.generation, &s->intended);
	return status == PUBLISH_OK ? publish_remove_intent(p) : status;
}

/* ---- making a release ---- */

/* One file of the release that is being made. */
struct piece {
	struct publish_entry *entry;	 /* of p->next */
	const struct publish_step *step; /* the plan sends it; NULL: it is in the release before */
	struct str path;
	bool there; /* copied, with the right size */
};

struct release {
	struct piece *items;
	size_t len;
};

static enum publish_status choose_number(struct publish *p)
{
	const struct publish_survey *s = &p->survey;
	struct publish_generations there;
	enum publish_status status = publish_releases_list(p, &there);
	uint64_t newest = s->there.generation;

	if (status == PUBLISH_OK && there.len && there.numbers[0] > newest)
		newest = there.numbers[0];
	if (s->unfinished && s->intended.generation > newest)
		newest = s->intended.generation;
	p->out->generation = newest + 1;
	return status;
}

static void list_pieces(struct publish *p, struct release *r)
{
	struct map steps = {0};

	for (size_t i = 0; i < p->plan.len; i++)
		if (p->plan.steps[i].change != PUBLISH_DELETE)
			map_put(&steps, p->arena, p->plan.steps[i].entry.path, &p->plan.steps[i]);
	*r = (struct release){.items = arena_new_n(p->arena, struct piece, p->next.len)};
	for (size_t i = 0; i < p->next.len; i++) {
		struct publish_entry *e = &p->next.entries[i];

		r->items[r->len++] = (struct piece){
			.entry = e,
			.step = map_get(&steps, e->path),
			.path = publish_release_path(p->arena, p->out->generation, e->path),
		};
	}
}

/* All of it, so that it can all be taken away. */
static enum publish_status write_intent(struct publish *p)
{
	struct publish_record intent = p->next;
	enum publish_status status;

	intent.kind = PUBLISH_RECORD_INTENT;
	intent.entries = arena_new_n(p->arena, struct publish_entry, intent.len);
	for (size_t i = 0; i < intent.len; i++) {
		intent.entries[i] = p->next.entries[i];
		intent.entries[i].mark = PUBLISH_PUT;
	}
	status = publish_write_record(p, PUBLISH_INTENT, &intent, NULL);
	return status == PUBLISH_OK ? publish_keep_lock(p) : status;
}

static enum publish_status make_folders(struct publish *p, const struct release *r)
{
	struct str *paths = arena_new_n(p->arena, struct str, r->len + 1);

	for (size_t i = 0; i < r->len; i++)
		paths[i] = r->items[i].path;
	paths[r->len] = publish_release_path(p->arena, p->out->generation, STR(PUBLISH_MANIFEST));
	return publish_make_folders_for(p, paths, r->len + 1);
}

/* ---- copying ---- */

static enum publish_answer copy_one(struct publish_link *l, struct publish_job *job)
{
	size_t said = l->why->n;
	enum publish_answer answer = l->b->ops->copy(l, job->kept, job->path);

	if (answer == ANSWER_ABSENT)
		buf_cut(l->why, said);
	return answer;
}

/* What is not of the plan's, from the release before; its answers tell what did not come. */
static struct publish_batch to_copy(struct publish *p, const struct release *r, struct piece ***pieces)
{
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, r->len),
		.step = publish_step,
		.ctx = p,
	};

	*pieces = arena_new_n(p->arena, struct piece *, r->len);
	for (size_t i = 0; i < r->len; i++) {
		struct piece *piece = &r->items[i];

		if (piece->step)
			continue;
		(*pieces)[batch.len] = piece;
		batch.jobs[batch.len++] = (struct publish_job){
			.path = piece->path,
			.kept = publish_release_path(
				p->arena, p->survey.there.generation, piece->entry->path),
		};
	}
	return batch;
}

static enum publish_status copy_all(struct publish *p, struct release *r)
{
	struct piece **pieces;
	struct publish_batch batch = to_copy(p, r, &pieces);
	enum publish_status status = PUBLISH_OK;

	if (batch.len == 0 || !p->b->ops->copy || p->survey.first)
		return PUBLISH_OK;
	publish_phase(p, "copy", 2 * batch.len, 0);
	status = publish_ended(p, publish_pool_run(p->pool, &batch, copy_one, true));
	if (status == PUBLISH_OK)
		status = publish_ended(p, publish_pool_look(p->pool, &batch, false));
	for (size_t i = 0; i < batch.len && status == PUBLISH_OK; i++)
		pieces[i]->there =
			batch.jobs[i].answer == ANSWER_OK &&
			(batch.jobs[i].size == pieces[i]->entry->size || batch.jobs[i].size == UINT64_MAX);
	return status;
}

/* ---- sending ---- */

static bool is_built(const struct publish *p, const struct publish_entry *e)
{
	const struct manifest_entry *local = manifest_find(&p->local.files, e->path);

	return local && local->size == e->size && digest_eq(&local->digest, &e->digest);
}

/* What the server could not copy is sent as well; what nobody has any more can only be missed. */
static enum publish_status drop_lost(struct publish *p, struct release *r)
{
	size_t len = 0;

	for (size_t i = 0; i < r->len; i++) {
		struct piece piece = r->items[i];
		bool lost = !piece.step && !piece.there && !is_built(p, piece.entry);

		if (lost && piece.entry->mark == PUBLISH_THERE)
			return publish_refuse(p,
				"%s has lost %.*s, which only a publish of the whole site can bring back",
				p->b->name, STR_ARG(piece.entry->path));
		if (lost)
			continue;
		p->next.entries[len] = *piece.entry;
		piece.entry = &p->next.entries[len];
		r->items[len++] = piece;
	}
	p->next.len = r->len = len;
	return PUBLISH_OK;
}

static struct publish_batch to_send(struct publish *p, const struct release *r)
{
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, r->len),
		.step = publish_step,
		.ctx = p,
	};

	for (size_t i = 0; i < r->len; i++) {
		const struct piece *piece = &r->items[i];

		if (!piece->there)
			batch.jobs[batch.len++] = (struct publish_job){
				.path = piece->path,
				.local = str_fmt(
					p->arena, "%s/%.*s", p->local.folder, STR_ARG(piece->entry->path))
						 .p,
				.digest = piece->entry->digest,
				.size = piece->entry->size,
				.fresh = piece->step != NULL,
			};
	}
	return batch;
}

static enum publish_status send_all(struct publish *p, const struct release *r)
{
	struct publish_batch batch = to_send(p, r);
	enum publish_status status = PUBLISH_OK;
	uint64_t bytes = 0;

	for (size_t i = 0; i < batch.len; i++)
		bytes += batch.jobs[i].size;
	publish_phase(p, "send", batch.len, bytes);
	if (batch.len)
		status = publish_keep_lock(p);
	if (batch.len && status == PUBLISH_OK)
		status = publish_ended(p, publish_pool_put(p->pool, &batch));
	if (status != PUBLISH_OK) {
		if (!p->lock.lost)
			buf_addz(p->why,
				"; visitors read the release before: publish again when that is mended");
		return status;
	}
	p->out->bytes = bytes;
	p->out->added = p->plan.added;
	p->out->changed = p->plan.changed;
	return status;
}

/* Everything in it, not only what was sent: the whole of it is to be pointed to. */
static enum publish_status verify(struct publish *p, const struct release *r)
{
	struct publish_plan plan = p->plan,
			    all = {.len = r->len, .added = plan.added, .changed = plan.changed};
	enum publish_status status;

	all.steps = arena_new_n(p->arena, struct publish_step, r->len);
	for (size_t i = 0; i < r->len; i++) {
		all.steps[i].entry = *r->items[i].entry;
		all.steps[i].entry.path = r->items[i].path;
	}
	p->plan = all;
	status = publish_verify(p);
	p->plan = plan;
	return status;
}

/* ---- the switch ---- */

struct link {
	struct str path, to;
};

static enum publish_answer call_point(struct publish_link *l, void *ctx)
{
	const struct link *link = ctx;

	return l->b->ops->point(l, link->path, link->to);
}

static enum publish_status point(struct publish *p)
{
	struct str to = str_fmt(p->arena, PUBLISH_RELEASES "/%llu", (unsigned long long)p->out->generation);
	struct link link = {STR(PUBLISH_CURRENT), to};
	enum publish_status status = publish_flush(p);

	if (status == PUBLISH_OK)
		status = publish_keep_lock(p);
	if (status == PUBLISH_OK)
		status = publish_answered(publish_pool_call(p->pool, call_point, &link));
	return status == PUBLISH_OK ? publish_flush(p) : status;
}

static enum publish_status commit(struct publish *p)
{
	struct str path = publish_release_path(p->arena, p->out->generation, STR(PUBLISH_MANIFEST));
	enum publish_status status = publish_write_record(p, str_z(p->arena, path), &p->next, NULL);

	if (status == PUBLISH_OK)
		status = point(p);
	if (status == PUBLISH_OK)
		p->out->deleted = p->plan.deleted;
	return status;
}

static enum publish_status finish(struct publish *p)
{
	enum publish_status status = publish_read_back(p);

	if (status == PUBLISH_OK)
		status = publish_releases_forget(p);
	return status == PUBLISH_OK ? publish_remove_intent(p) : status;
}

static enum publish_status make(struct publish *p, struct release *r)
{
	enum publish_status status = write_intent(p);

	if (status == PUBLISH_OK)
		status = make_folders(p, r);
	if (status == PUBLISH_OK)
		status = copy_all(p, r);
	if (status == PUBLISH_OK)
		status = drop_lost(p, r);
	if (status == PUBLISH_OK)
		status = send_all(p, r);
	return status == PUBLISH_OK ? verify(p, r) : status;
}

static enum publish_status publish_release(struct publish *p)
{
	struct release r;
	enum publish_status status = choose_number(p);

	if (status != PUBLISH_OK)
		return status;
	if (p->part)
		publish_part_next(p, &p->next);
	else
		publish_next(p, &p->next);
	list_pieces(p, &r);
	status = make(p, &r);
	if (status == PUBLISH_OK)
		status = commit(p);
	return status == PUBLISH_OK ? finish(p) : status;
}

/* ---- back ---- */

/* What was being made when a publish was cut off was never read by anybody: that is undone. */
static bool is_half_made(const struct publish_survey *s)
{
	return s->unfinished && !s->first && s->published.generation != s->intended.generation;
}

enum publish_status publish_switch_choose(struct publish *p)
{
	const struct publish_record *published = &p->survey.published;
	struct publish_generations there;
	enum publish_status status;

	if (is_half_made(&p->survey)) {
		publish_go_back_to(p, published);
		return PUBLISH_OK;
	}
	status = publish_releases_list(p, &there);
	for (size_t i = 0; i < there.len && status == PUBLISH_OK; i++) {
		struct publish_record r;
		bool found = false;

		if (there.numbers[i] < published->generation)
			status = publish_release_read(p, there.numbers[i], &r, &found);
		if (!found || r.generation != there.numbers[i] || digest_eq(&r.site, &published->site))
			continue;
		publish_go_back_to(p, &r);
		return PUBLISH_OK;
	}
	return status == PUBLISH_OK ? publish_nothing_kept(p) : status;
}

/* The sizes of all; the digests of what differs from the published release are compared besides. */
enum publish_status publish_switch_verify(struct publish *p)
{
	const struct manifest *files = &p->local.files;
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, files->len), .len = files->len};
	enum publish_answer answer;

	for (size_t i = 0; i < files->len; i++)
		batch.jobs[i].path =
			publish_release_path(p->arena, p->rollback.generation, files->entries[i].path);
	answer = publish_pool_look(p->pool, &batch, false);
	for (size_t i = 0; i < files->len && answer == ANSWER_OK; i++) {
		const struct publish_job *job = &batch.jobs[i];

		if (job->answer != ANSWER_OK ||
			(job->size != files->entries[i].size && job->size != UINT64_MAX))
			return publish_refuse(p,
				"%s cannot go back to release %llu: its %.*s is no longer there", p->b->name,
				(unsigned long long)p->rollback.generation, STR_ARG(files->entries[i].path));
	}
	return answer == ANSWER_OK ? publish_rollback_check(p) : publish_answered(answer);
}

static enum publish_status point_back(struct publish *p)
{
	enum publish_status status;

	p->out->generation = p->rollback.generation;
	status = point(p);
	if (status != PUBLISH_OK)
		return status;
	p->out->added = p->plan.added;
	p->out->changed = p->plan.changed;
	p->out->deleted = p->plan.deleted;
	return finish(p);
}

/* ---- the whole ---- */

/* Once what was left is settled, there may be nothing more to do. */
static bool is_done(const struct publish *p)
{
	return p->plan.len == 0 && !p->survey.first &&
	       (p->part || digest_eq(&p->survey.there.site, &p->local.site));
}

enum publish_status publish_switch(struct publish *p)
{
	enum publish_status status = settle(p);

	if (status != PUBLISH_OK)
		return status;
	if (p->o->rollback)
		return point_back(p);
	return is_done(p) ? publish_releases_forget(p) : publish_release(p);
}
