#include "action/publish_impl.h"
#include "action/publish_retire.h"
#include "action/publish_switch.h"

#include <time.h>

static int64_t real_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

enum publish_status publish_refuse(struct publish *p, const char *fmt, ...)
{
	va_list ap;

	buf_clear(p->why);
	va_start(ap, fmt);
	buf_vaddf(p->why, fmt, ap);
	va_end(ap);
	return PUBLISH_REFUSED;
}

/* ---- small files ---- */

struct small {
	const char *path;
	struct str text;
	struct buf *out;
};

static enum publish_answer call_read(struct publish_link *l, void *ctx)
{
	struct small *s = ctx;

	buf_clear(s->out);
	return l->b->ops->read(l, s->path, PUBLISH_RECORD_MAX_BYTES, s->out);
}

static enum publish_answer call_write(struct publish_link *l, void *ctx)
{
	struct small *s = ctx;

	return l->b->ops->write(l, s->path, s->text);
}

enum publish_answer publish_read(struct publish *p, const char *path, struct buf *out)
{
	return publish_pool_call(p->pool, call_read, &(struct small){.path = path, .out = out});
}

enum publish_answer publish_write(struct publish *p, const char *path, struct str text)
{
	return publish_pool_call(p->pool, call_write, &(struct small){.path = path, .text = text});
}

enum publish_answer publish_remove(struct publish *p, struct str path)
{
	struct publish_job job = {.path = path};
	struct publish_batch batch = {.jobs = &job, .len = 1};

	return publish_pool_run(p->pool, &batch, p->b->ops->remove, true);
}

enum publish_status publish_answered(enum publish_answer answer)
{
	return answer == ANSWER_OK ? PUBLISH_OK : PUBLISH_FAILED;
}

/* ---- what may be done at all ---- */

static enum publish_status check_deletes(struct publish *p)
{
	size_t deletes = p->plan.deleted - p->plan.loose - p->plan.expired;
	size_t cap = p->o->delete_cap ? p->o->delete_cap : publish_plan_delete_cap(&p->survey.there);

	if (deletes <= cap)
		return PUBLISH_OK;
	return publish_refuse(p,
		"%zu of %zu published files would be deleted, more than %zu: when the site is built whole and "
		"they shall go, publish with --delete-cap %zu",
		deletes, p->survey.there.len, cap, deletes);
}

static bool is_done(const struct publish *p)
{
	bool whole = digest_eq(&p->survey.there.site, &p->local.site);

	return p->plan.len == 0 && p->plan.adopted_len == 0 && !p->survey.first && !p->survey.unfinished &&
	       (whole || p->part);
}

static void fill_plan(struct publish *p)
{
	struct publish_result *out = p->out;

	out->plan = p->plan;
	out->unchanged = p->plan.unchanged;
	out->adopted = p->plan.adopted_len;
	out->retired = p->plan.stay_len;
	out->unfinished |= p->survey.unfinished;
	out->generation = p->survey.there.generation;
	out->nothing_to_do = is_done(p);
	if (!p->o->dry_run)
		return;
	out->added = p->plan.added;
	out->changed = p->plan.changed;
	out->deleted = p->plan.deleted;
	out->bytes = p->plan.bytes;
}

static uint64_t hash_headers(void *ctx, struct str path)
{
	return publish_headers_for(ctx, path)->hash;
}

const struct publish_headers_of *publish_headers(const struct publish *p, struct str path)
{
	return p->headers.hash ? publish_headers_for(p->o->rules, path) : NULL;
}

static void make_plan(struct publish *p)
{
	int64_t grace = p->o->grace_seconds < 0 ? PUBLISH_GRACE_SECONDS : p->o->grace_seconds;

	publish_plan_make(
		&p->plan, p->arena, &p->survey.there, &p->local.files, p->headers.hash ? &p->headers : NULL);
	/* Its bytes are there. */
	if (p->o->rollback)
		p->plan.bytes = 0;
	if (p->part)
		publish_part_plan(p);
	else
		publish_retire(&p->plan, p->arena, &p->survey.there, p->clock(), grace);
}

/* Is what is to be sent what it should be? */
static enum publish_status check_source(struct publish *p)
{
	if (p->o->rollback)
		return p->o->whole_switch ? publish_switch_verify(p) : publish_rollback_check(p);
	return publish_local_check(&p->local, p->arena, &p->plan, p->why) ? PUBLISH_OK : PUBLISH_REFUSED;
}

/* Reads both sides and refuses what must be refused; changes nothing. */
static enum publish_status prepare(struct publish *p)
{
	enum publish_status status = publish_survey_read(p);

	if (status == PUBLISH_OK)
		status = publish_switch_check(p);
	if (status == PUBLISH_OK && p->o->rollback)
		status = p->o->whole_switch ? publish_switch_choose(p) : publish_rollback_choose(p);
	else if (status == PUBLISH_OK && p->o->only_count)
		status = publish_part_choose(p);
	if (status != PUBLISH_OK)
		return status;
	make_plan(p);
	fill_plan(p);
	buf_clear(p->why);
	status = check_source(p);
	if (status == PUBLISH_OK)
		status = check_deletes(p);
	/* In a release that is made anew nothing of anybody's can be in the way. */
	if (status != PUBLISH_OK || p->plan.added == 0 || p->o->whole_switch)
		return status;
	status = publish_clash(p);
	fill_plan(p);
	return status;
}

/* ---- doing it ---- */

/*
 * From begin() on nobody else can change the target. What was seen before may be old by now: somebody may
 * have published since, or, when there was an intent, may have been at it until a moment ago.
 */
static enum publish_status look_again(struct publish *p)
{
	bool changed = false;

	if (publish_lock_keep(&p->lock, true) != ANSWER_OK || publish_survey_again(p, &changed) != PUBLISH_OK)
		return PUBLISH_REFUSED;
	return changed || p->survey.unfinished ? prepare(p) : PUBLISH_OK;
}

static enum publish_answer call_begin(struct publish_link *l, void *ctx)
{
	(void)ctx;
	return l->b->ops->begin(l);
}

static enum publish_answer call_end(struct publish_link *l, void *ctx)
{
	(void)ctx;
	l->b->ops->end(l);
	return ANSWER_OK;
}

/* What went wrong before is what is told. */
static void end_work(struct publish *p)
{
	struct str why = str_dup(p->arena, buf_str(p->why));

	(void)publish_pool_call(p->pool, call_end, NULL);
	buf_clear(p->why);
	buf_add(p->why, why);
}

static enum publish_status under_lock(struct publish *p)
{
	enum publish_status status = PUBLISH_REFUSED;

	if (publish_pool_call(p->pool, call_begin, NULL) == ANSWER_OK)
		status = look_again(p);
	if (status != PUBLISH_OK || p->out->nothing_to_do)
		return status == PUBLISH_OK ? PUBLISH_OK : PUBLISH_REFUSED;
	if (p->o->whole_switch)
		return publish_switch(p);
	status = publish_settle(p);
	if (status == PUBLISH_OK)
		status = publish_send(p);
	return status;
}

static enum publish_status change(struct publish *p)
{
	enum publish_status status;

	buf_clear(p->why);
	if (publish_lock_take(&p->lock, p->o->break_lock) != ANSWER_OK)
		return PUBLISH_REFUSED;
	status = under_lock(p);
	end_work(p);
	return status;
}

/* All is as it should be; but a publish that was cut off as it began or ended may have left its things. */
static void tidy(struct publish *p)
{
	if (!publish_lock_left(&p->lock, p->o->break_lock) ||
		publish_lock_take(&p->lock, p->o->break_lock) != ANSWER_OK)
		return;
	(void)publish_pool_call(p->pool, call_begin, NULL);
	end_work(p);
}

/* Files without a manifest may be those of a first publish that is just running: then that is what is told. */
static enum publish_status look_first(struct publish *p)
{
	enum publish_status status = prepare(p);

	if (status != PUBLISH_OK && p->clash)
		(void)!publish_lock_held(&p->lock);
	return status == PUBLISH_OK ? PUBLISH_OK : PUBLISH_REFUSED;
}

static enum publish_status run(struct publish *p)
{
	enum publish_status status;

	publish_lock_init(&p->lock, p->pool, p->clock, p->o->lock_seconds);
	status = look_first(p);
	if (status == PUBLISH_OK && !p->o->dry_run) {
		if (p->out->nothing_to_do)
			tidy(p);
		else
			status = change(p);
	}
	publish_lock_release(&p->lock);
	return status;
}

static struct publish_backend *open_backend(const struct publish_options *o, struct publish_backend *base)
{
	base->ops = o->backend;
	return o->backend ? o->backend->open(base) : publish_backend_open(base);
}

static const char switch_guarantee[] =
	"a visitor reads one release of the site, whole, until the next takes its place in one instant";

enum publish_status publish_run(
	const struct publish_options *o, struct publish_result *out, struct arena *a, struct buf *why)
{
	struct publish p = {
		.o = o, .out = out, .arena = a, .why = why, .clock = o->clock ? o->clock : real_clock};
	struct publish_backend base = {
		.arena = a, .fs = o->fs ? o->fs : fs_real(), .why = why, .settings = &o->settings};
	enum publish_status status;

	*out = (struct publish_result){0};
	buf_clear(why);
	if (o->rollback && o->only_count) {
		buf_addz(why, "a rollback is of the whole site: it cannot be of some pages only");
		return PUBLISH_REFUSED;
	}
	/* A rollback needs nothing from here. */
	if (!o->rollback && !publish_local_open(&p.local, base.fs, a, o->from, why))
		return PUBLISH_REFUSED;
	out->texts = manifest_states(&p.local.files);
	base.from = p.local.folder;
	p.b = open_backend(o, &base);
	if (!p.b)
		return PUBLISH_REFUSED;
	out->target = p.b->name;
	p.manifest = o->whole_switch ? PUBLISH_CURRENT "/" PUBLISH_MANIFEST : PUBLISH_MANIFEST;
	if (o->rules && p.b->ops->stores_headers)
		p.headers = (struct publish_headers){hash_headers, (void *)o->rules};
	publish_journal_init(&p.journal, a, o->state, o->settings.url);
	p.pool = publish_pool_new(p.b);
	status = p.pool ? run(&p) : PUBLISH_REFUSED;
	out->guarantee = o->whole_switch ? switch_guarantee : p.b->guarantee;
	publish_journal_close(&p.journal);
	publish_pool_free(p.pool);
	p.b->ops->close(p.b);
	if (status == PUBLISH_OK)
		buf_clear(why);
	return status;
}
