/*
 * What stands where new files shall be: nothing, or somebody else's. With --adopt a file of somebody else's that
 * has the same bytes becomes ours as it is.
 */
#include "action/publish_impl.h"

struct clash {
	struct publish_step *step;
	struct publish_job seen; /* ABSENT: nothing stands there */
	bool same;
};

struct clashes {
	struct clash *items;
	size_t len;
};

/* One job for each clash that `wanted` chooses; the answers go back into it. */
static enum publish_status ask(struct publish *p, struct clashes *c, bool (*wanted)(const struct clash *),
	enum publish_answer (*fn)(struct publish_pool *, struct publish_batch *))
{
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, c->len),
		.step = publish_look_step,
		.ctx = p,
	};
	struct clash **asked = arena_new_n(p->arena, struct clash *, c->len);
	enum publish_answer answer;

	for (size_t i = 0; i < c->len; i++) {
		if (!wanted(&c->items[i]))
			continue;
		asked[batch.len] = &c->items[i];
		batch.jobs[batch.len++].path = c->items[i].step->entry.path;
	}
	if (batch.len == 0)
		return PUBLISH_OK;
	buf_clear(p->why);
	answer = fn(p->pool, &batch);
	for (size_t i = 0; i < batch.len; i++)
		asked[i]->seen = batch.jobs[i];
	return publish_answered(answer);
}

static bool is_any(const struct clash *c)
{
	(void)c;
	return true;
}

static bool may_be_same(const struct clash *c)
{
	return c->seen.answer == ANSWER_OK &&
	       (c->seen.size == c->step->entry.size || c->seen.size == UINT64_MAX);
}

static enum publish_answer look(struct publish_pool *pool, struct publish_batch *batch)
{
	return publish_pool_look(pool, batch, false);
}

static enum publish_answer read_all(struct publish_pool *pool, struct publish_batch *batch)
{
	return publish_pool_run(pool, batch, publish_pool_backend(pool)->ops->digest, true);
}

static enum publish_status compare(struct publish *p, struct clashes *c)
{
	enum publish_status status = ask(p, c, may_be_same, read_all);

	for (size_t i = 0; i < c->len && status == PUBLISH_OK; i++) {
		struct clash *one = &c->items[i];

		one->same = may_be_same(one) && digest_eq(&one->seen.digest, &one->step->entry.digest);
	}
	return status;
}

/* ---- what follows from it ---- */

static enum publish_status refuse(struct publish *p, const struct clashes *c)
{
	const struct clash *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < c->len; i++) {
		const struct clash *one = &c->items[i];

		if (one->seen.answer == ANSWER_ABSENT || one->same)
			continue;
		count++;
		if (!first || str_cmp(one->step->entry.path, first->step->entry.path) < 0)
			first = one;
	}
	if (!first)
		return PUBLISH_OK;
	p->clash = true;
	publish_refuse(p, "%s has a file of somebody else's%s at, or in the way of, %.*s", p->b->name,
		p->o->adopt ? ", and not the same," : "", STR_ARG(first->step->entry.path));
	if (count > 1)
		buf_addf(p->why, " and %zu more of the site's paths", count - 1);
	buf_addz(p->why, ": move it away, or choose another folder");
	if (!p->o->adopt)
		buf_addz(p->why, "; when it is the same file, --adopt makes it the site's");
	return PUBLISH_REFUSED;
}

/* What it is served with is known of no file that somebody else put there: those are sent all the same. */
static bool is_complete(const struct publish *p, const struct publish_entry *e)
{
	return !p->b->ops->stores_headers || e->headers == 0;
}

static void take(struct publish *p, struct publish_step *s)
{
	struct publish_plan *plan = &p->plan;

	plan->added--;
	if (!is_complete(p, &s->entry)) {
		s->change = PUBLISH_CHANGE;
		plan->changed++;
		return;
	}
	plan->bytes -= s->entry.size;
	plan->adopted = arena_grow(
		p->arena, plan->adopted, plan->adopted_len, &plan->adopted_cap, sizeof(*plan->adopted));
	plan->adopted[plan->adopted_len++] = s->entry;
	s->entry.path = STR("");
}

static void adopt(struct publish *p, const struct clashes *c)
{
	struct publish_plan *plan = &p->plan;
	size_t len = 0;

	for (size_t i = 0; i < c->len; i++)
		if (c->items[i].same)
			take(p, c->items[i].step);
	for (size_t i = 0; i < plan->len; i++)
		if (plan->steps[i].entry.path.n)
			plan->steps[len++] = plan->steps[i];
	plan->len = len;
	publish_entries_sort(plan->adopted, plan->adopted_len);
}

enum publish_status publish_clash(struct publish *p)
{
	struct clashes c = {.items = arena_new_n(p->arena, struct clash, p->plan.added)};
	enum publish_status status;

	for (size_t i = 0; i < p->plan.len; i++)
		if (p->plan.steps[i].change == PUBLISH_ADD)
			c.items[c.len++].step = &p->plan.steps[i];
	status = ask(p, &c, is_any, look);
	if (status == PUBLISH_OK && p->o->adopt)
		status = compare(p, &c);
	if (status == PUBLISH_OK)
		status = refuse(p, &c);
	if (status == PUBLISH_OK)
		adopt(p, &c);
	return status;
}
