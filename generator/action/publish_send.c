/* Changes a target: from the intent to its removal. */
#include "action/publish_impl.h"
#include "base/map.h"

/* ---- steps of every batch ---- */

static bool step(void *ctx, const struct publish_job *job)
{
	struct publish *p = ctx;

	if (job) {
		p->progress.done++;
		p->progress.bytes += p->progress.total_bytes ? job->size : 0;
		if (p->done)
			++*p->done;
	}
	if (publish_lock_keep(&p->lock, false) != ANSWER_OK)
		return false;
	return !p->o->progress || p->o->progress(p->o->ctx, &p->progress);
}

static void begin_phase(struct publish *p, const char *phase, size_t total, uint64_t bytes)
{
	p->progress = (struct publish_progress){.phase = phase, .total = total, .total_bytes = bytes};
}

/* Makes the best sentence of a batch that did not end well. */
static enum publish_status ended(struct publish *p, enum publish_answer answer)
{
	if (answer == ANSWER_OK)
		return PUBLISH_OK;
	/* Whoever takes over a target makes our next call fail in some odd way: say the cause. */
	if (publish_lock_keep(&p->lock, true) == ANSWER_OK && answer == ANSWER_STOPPED) {
		buf_clear(p->why);
		buf_addz(p->why, "stopped");
	}
	return PUBLISH_FAILED;
}

static enum publish_status keep(struct publish *p)
{
	return publish_answered(publish_lock_keep(&p->lock, true));
}

static enum publish_answer call_flush(struct publish_link *l, void *ctx)
{
	(void)ctx;
	return l->b->ops->flush(l);
}

static enum publish_status flush(struct publish *p)
{
	return p->b->ops->flush ? publish_answered(publish_pool_call(p->pool, call_flush, NULL)) : PUBLISH_OK;
}

static enum publish_status write_record(struct publish *p, const char *path, const struct publish_record *r)
{
	enum publish_answer answer;
	struct buf text;

	buf_init(&text, PUBLISH_RECORD_MAX_BYTES);
	publish_record_write(&text, r);
	if (buf_failed(&text)) {
		buf_release(&text);
		return publish_refuse(p, "the site has too many files to be published");
	}
	answer = publish_write(p, path, buf_str(&text));
	buf_release(&text);
	return publish_answered(answer);
}

static enum publish_status remove_intent(struct publish *p)
{
	return publish_answered(publish_remove(p, STR(PUBLISH_INTENT)));
}

/* ---- folders ---- */

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

static enum publish_status make_folders(struct publish *p)
{
	struct folders f = {0};
	enum publish_status status = PUBLISH_OK;

	for (size_t i = 0; i < p->plan.len; i++)
		if (p->plan.steps[i].change == PUBLISH_ADD)
			add_folders(&f, p->arena, p->plan.steps[i].entry.path);
	sort_folders(&f);
	for (size_t i = 0; i < f.len && p->b->ops->make_folder && status == PUBLISH_OK; i++)
		status = publish_answered(publish_pool_call(p->pool, call_make_folder, &f.paths[i]));
	return status;
}

/* Folders that held something of ours and may be empty now, deepest first. */
static void drop_folders(struct publish *p)
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
		(void)publish_pool_call(p->pool, call_drop_folder, &f.paths[len]);
}

/* ---- the intent ---- */

static int compare_entries(const void *x, const void *y)
{
	return str_cmp(((const struct publish_entry *)x)->path, ((const struct publish_entry *)y)->path);
}

static enum publish_status write_intent(struct publish *p)
{
	struct publish_record intent = {
		.kind = PUBLISH_RECORD_INTENT,
		.generation = p->out->generation,
		.token = str_from(p->b->token),
		.site = p->local.site,
	};
	enum publish_status status;

	for (size_t i = 0; i < p->plan.len; i++)
		publish_record_add(&intent, p->arena, &p->plan.steps[i].entry);
	if (intent.len > 1)
		qsort(intent.entries, intent.len, sizeof(*intent.entries), compare_entries);
	status = write_record(p, PUBLISH_INTENT, &intent);
	/* Whoever took the lock meanwhile has not seen it: nothing may follow. */
	return status == PUBLISH_OK ? keep(p) : status;
}

/*
 * After a publish that was cut off: its manifest is made to tell what is there, and its intent goes. What it
 * put and the manifest before it did not have is marked loose, so that taking it away counts as undoing.
 */
enum publish_status publish_settle(struct publish *p)
{
	struct publish_survey *s = &p->survey;
	struct publish_record truth = s->there;
	enum publish_status status;

	if (!s->unfinished)
		return PUBLISH_OK;
	if (truth.generation < s->intended.generation)
		truth.generation = s->intended.generation;
	truth.token = str_from(p->b->token);
	truth.site = (struct digest){0};
	status = write_record(p, PUBLISH_MANIFEST, &truth);
	if (status == PUBLISH_OK)
		status = keep(p);
	if (status == PUBLISH_OK)
		status = flush(p);
	if (status == PUBLISH_OK)
		status = remove_intent(p);
	s->there.generation = truth.generation;
	return status;
}

/* ---- files ---- */

static struct publish_job to_job(struct publish *p, const struct publish_step *s)
{
	const struct publish_entry *e = &s->entry;

	return (struct publish_job){
		.path = e->path,
		.local = s->change == PUBLISH_DELETE
				 ? NULL
				 : str_fmt(p->arena, "%s/%.*s", p->local.folder, STR_ARG(e->path)).p,
		.digest = e->digest,
		.size = e->size,
		.fresh = s->change == PUBLISH_ADD,
	};
}

static struct publish_batch batch_of(struct publish *p, size_t from, size_t to)
{
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, to - from),
		.len = to - from,
		.step = step,
		.ctx = p,
	};

	for (size_t i = from; i < to; i++)
		batch.jobs[i - from] = to_job(p, &p->plan.steps[i]);
	return batch;
}

/* The end of the run of steps that one batch takes: one group, and one kind of change, so that it is counted.
 */
static size_t run_end(const struct publish_plan *plan, size_t from)
{
	size_t to = from + 1;

	while (to < plan->len && plan->steps[to].group == plan->steps[from].group)
		to++;
	return to;
}

static void count_puts(struct publish *p, const struct publish_batch *batch)
{
	for (size_t i = 0; i < batch->len; i++) {
		const struct publish_job *job = &batch->jobs[i];

		if (job->answer != ANSWER_OK)
			continue;
		*(job->fresh ? &p->out->added : &p->out->changed) += 1;
		p->out->bytes += job->size;
	}
}

static void say_how_far(struct publish *p)
{
	if (!p->lock.lost)
		buf_addf(p->why,
			"; %zu of %zu files were sent and nothing was deleted: publish again when that is "
			"mended",
			p->out->added + p->out->changed, p->plan.added + p->plan.changed);
}

static enum publish_status put_all(struct publish *p)
{
	const struct publish_plan *plan = &p->plan;
	enum publish_status status = PUBLISH_OK;
	size_t from = 0;

	begin_phase(p, "send", plan->added + plan->changed, plan->bytes);
	while (status == PUBLISH_OK && from < plan->len && plan->steps[from].group < PUBLISH_DELETES) {
		size_t to = run_end(plan, from);
		struct publish_batch batch = batch_of(p, from, to);

		status = ended(p, publish_pool_put(p->pool, &batch));
		count_puts(p, &batch);
		from = to;
	}
	if (status != PUBLISH_OK)
		say_how_far(p);
	return status;
}

static enum publish_status delete_all(struct publish *p)
{
	size_t from = p->plan.len - p->plan.deleted;
	struct publish_batch batch = batch_of(p, from, p->plan.len);
	enum publish_status status = PUBLISH_OK;

	begin_phase(p, "delete", batch.len, 0);
	p->done = &p->out->deleted;
	if (batch.len)
		status = ended(p, publish_pool_run(p->pool, &batch, p->b->ops->remove, true));
	p->done = NULL;
	if (status == PUBLISH_OK)
		drop_folders(p);
	else if (!p->lock.lost)
		buf_addz(p->why, "; everything was sent, but not all that is no longer wanted was deleted: "
				 "publish again");
	return status;
}

/* ---- reading back ---- */

static enum publish_status compare(struct publish *p, const struct publish_batch *seen,
	const struct publish_entry *const *wanted, bool digests)
{
	for (size_t i = 0; i < seen->len; i++) {
		const struct publish_job *job = &seen->jobs[i];
		bool same = job->answer == ANSWER_OK && job->size == wanted[i]->size &&
			    (!digests || digest_eq(&job->digest, &wanted[i]->digest));

		if (same)
			continue;
		publish_refuse(p, "%.*s was sent, but read back from %s it is %s", STR_ARG(job->path),
			p->b->name, job->answer == ANSWER_ABSENT ? "not there" : "not the same");
		say_how_far(p);
		return PUBLISH_FAILED;
	}
	return PUBLISH_OK;
}

static enum publish_status look_back(
	struct publish *p, const struct publish_entry *const *wanted, size_t len, bool digests)
{
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, len),
		.len = len,
		.step = step,
		.ctx = p,
	};
	enum publish_status status;

	for (size_t i = 0; i < len; i++)
		batch.jobs[i].path = wanted[i]->path;
	status = ended(p, publish_pool_look(p->pool, &batch, digests));
	return status == PUBLISH_OK ? compare(p, &batch, wanted, digests) : status;
}

/* splitmix64: the same seed chooses the same files. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* Sizes of all that was sent, digests of a sample. */
static enum publish_status verify(struct publish *p)
{
	size_t len = p->plan.len - p->plan.deleted, sample = len < PUBLISH_SAMPLE ? len : PUBLISH_SAMPLE;
	const struct publish_entry **wanted = arena_new_n(p->arena, const struct publish_entry *, len);
	uint64_t state = p->o->seed ? p->o->seed : p->out->generation;
	enum publish_status status;

	begin_phase(p, "verify", len + sample, 0);
	for (size_t i = 0; i < len; i++)
		wanted[i] = &p->plan.steps[i].entry;
	status = len ? look_back(p, wanted, len, false) : PUBLISH_OK;
	for (size_t i = 0; i < sample; i++) {
		size_t other = i + (size_t)(next_random(&state) % (len - i));
		const struct publish_entry *chosen = wanted[other];

		wanted[other] = wanted[i];
		wanted[i] = chosen;
	}
	return status == PUBLISH_OK && sample ? look_back(p, wanted, sample, true) : status;
}

/* ---- the whole ---- */

static enum publish_status write_manifest(struct publish *p)
{
	struct publish_record r = {
		.kind = PUBLISH_RECORD_MANIFEST,
		.generation = p->out->generation,
		.token = str_from(p->b->token),
		.site = p->local.site,
	};

	for (size_t i = 0; i < p->local.files.len; i++) {
		const struct manifest_entry *e = &p->local.files.entries[i];

		publish_record_add(
			&r, p->arena, &(struct publish_entry){PUBLISH_THERE, e->path, e->digest, e->size, 0});
	}
	return write_record(p, PUBLISH_MANIFEST, &r);
}

static enum publish_status commit(struct publish *p)
{
	enum publish_status status = flush(p);

	if (status == PUBLISH_OK)
		status = keep(p);
	if (status == PUBLISH_OK)
		status = write_manifest(p);
	if (status == PUBLISH_OK)
		status = flush(p);
	return status == PUBLISH_OK ? keep(p) : status;
}

enum publish_status publish_send(struct publish *p)
{
	static enum publish_status (*const phases[])(struct publish *) = {
		write_intent,
		make_folders,
		put_all,
		verify,
		commit,
		delete_all,
		remove_intent,
	};
	enum publish_status status = PUBLISH_OK;

	p->out->generation = p->survey.there.generation + 1;
	for (size_t i = 0; i < COUNT_OF(phases) && status == PUBLISH_OK; i++)
		status = phases[i](p);
	return status;
}
