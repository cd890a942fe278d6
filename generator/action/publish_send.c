/* Changes a target: from the intent to its removal. */
#include "action/publish_impl.h"
#include "action/publish_keep.h"

enum publish_status publish_keep_lock(struct publish *p)
{
	return publish_answered(publish_lock_keep(&p->lock, true));
}

static enum publish_answer call_flush(struct publish_link *l, void *ctx)
{
	(void)ctx;
	return l->b->ops->flush(l);
}

enum publish_status publish_flush(struct publish *p)
{
	return p->b->ops->flush ? publish_answered(publish_pool_call(p->pool, call_flush, NULL)) : PUBLISH_OK;
}

enum publish_status publish_write_record(
	struct publish *p, const char *path, const struct publish_record *r, struct digest *digest)
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
	if (digest)
		*digest = digest_of(buf_str(&text));
	buf_release(&text);
	return publish_answered(answer);
}

enum publish_status publish_remove_intent(struct publish *p)
{
	enum publish_status status = publish_answered(publish_remove(p, STR(PUBLISH_INTENT)));

	if (status == PUBLISH_OK)
		publish_journal_remove(&p->journal);
	return status;
}

/* ---- the intent ---- */

static enum publish_status write_intent(struct publish *p)
{
	struct publish_record intent = {
		.kind = PUBLISH_RECORD_INTENT,
		.generation = p->out->generation,
		.token = str_from(p->b->token),
		.site = p->local.site,
	};
	enum publish_status status;
	struct digest digest;

	for (size_t i = 0; i < p->plan.len; i++)
		publish_record_add(&intent, p->arena, &p->plan.steps[i].entry);
	publish_entries_sort(intent.entries, intent.len);
	status = publish_write_record(p, PUBLISH_INTENT, &intent, &digest);
	if (status == PUBLISH_OK)
		publish_journal_begin(&p->journal, &digest);
	/* Whoever took the lock meanwhile has not seen it: nothing may follow. */
	return status == PUBLISH_OK ? publish_keep_lock(p) : status;
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
	status = publish_write_record(p, PUBLISH_MANIFEST, &truth, NULL);
	if (status == PUBLISH_OK)
		status = publish_keep_lock(p);
	if (status == PUBLISH_OK)
		status = publish_flush(p);
	if (status == PUBLISH_OK)
		status = publish_remove_intent(p);
	s->there.generation = truth.generation;
	return status;
}

/* ---- files ---- */

static struct publish_job to_job(struct publish *p, const struct publish_step *s)
{
	const struct publish_entry *e = &s->entry;
	struct publish_job job = {
		.path = e->path,
		.digest = e->digest,
		.size = e->size,
		.fresh = s->change == PUBLISH_ADD,
	};

	if (s->change == PUBLISH_DELETE)
		return job;
	job.headers = publish_headers(p, e->path);
	if (p->o->rollback)
		job.kept = publish_rollback_source(p, s);
	else
		job.local = str_fmt(p->arena, "%s/%.*s", p->local.folder, STR_ARG(e->path)).p;
	return job;
}

static struct publish_batch batch_of(struct publish *p, size_t from, size_t to)
{
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, to - from),
		.len = to - from,
		.step = publish_step,
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
		/* Those that did not wait for finish() stand in the journal already, which does no harm. */
		if (job->local && p->b->ops->finish)
			publish_journal_add(&p->journal, job->path, &job->digest);
		*(job->fresh ? &p->out->added : &p->out->changed) += 1;
		p->out->bytes += job->local ? job->size : 0;
	}
}

static enum publish_status put_all(struct publish *p)
{
	const struct publish_plan *plan = &p->plan;
	enum publish_status status = PUBLISH_OK;
	size_t from = 0;

	publish_phase(p, "send", plan->added + plan->changed, plan->bytes);
	while (status == PUBLISH_OK && from < plan->len && plan->steps[from].group < PUBLISH_DELETES) {
		size_t to = run_end(plan, from);
		struct publish_batch batch = batch_of(p, from, to);

		/* Whoever lost the target puts nothing more, also where the server itself cannot hold him off. */
		status = publish_keep_lock(p);
		if (status == PUBLISH_OK) {
			status = publish_ended(p, publish_pool_put(p->pool, &batch));
			count_puts(p, &batch);
		}
		from = to;
	}
	if (status != PUBLISH_OK)
		publish_say_how_far(p);
	return status;
}

/*
 * On servers that cannot hold off who lost the lock, the paths of the plan, and the intent, may be another's by now:
 * right before anything is taken away, it is asked for.
 */
static enum publish_status delete_all(struct publish *p)
{
	size_t from = p->plan.len - p->plan.deleted;
	struct publish_batch batch = batch_of(p, from, p->plan.len);
	enum publish_status status = PUBLISH_OK;

	publish_phase(p, "delete", batch.len, 0);
	p->done = &p->out->deleted;
	if (batch.len)
		status = publish_ended(p, publish_pool_run(p->pool, &batch, p->b->ops->remove, true));
	p->done = NULL;
	if (status == PUBLISH_OK)
		publish_drop_folders(p);
	else if (!p->lock.lost)
		buf_addz(p->why, "; everything was sent, but not all that is no longer wanted was deleted: "
				 "publish again");
	return status;
}

/* ---- the whole ---- */

static enum publish_status write_manifest(struct publish *p)
{
	if (p->part)
		publish_part_next(p, &p->next);
	else
		publish_next(p, &p->next);
	return publish_write_record(p, PUBLISH_MANIFEST, &p->next, NULL);
}

static enum publish_status commit(struct publish *p)
{
	enum publish_status status = publish_flush(p);

	if (status == PUBLISH_OK)
		status = publish_keep_lock(p);
	if (status == PUBLISH_OK)
		status = write_manifest(p);
	if (status == PUBLISH_OK)
		status = publish_flush(p);
	return status == PUBLISH_OK ? publish_keep_lock(p) : status;
}

enum publish_status publish_send(struct publish *p)
{
	static enum publish_status (*const phases[])(struct publish *) = {
		write_intent,
		publish_keep,
		publish_make_folders,
		put_all,
		publish_verify,
		commit,
		publish_read_back,
		publish_keep_lock,
		delete_all,
		publish_forget,
		publish_keep_lock,
		publish_remove_intent,
	};
	enum publish_status status = PUBLISH_OK;

	p->out->generation = p->survey.there.generation + 1;
	for (size_t i = 0; i < COUNT_OF(phases) && status == PUBLISH_OK; i++)
		status = phases[i](p);
	return status;
}
