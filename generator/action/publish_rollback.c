/* The site that a rollback publishes: a kept generation's manifest, and bytes that lie on the target. */
#include "action/publish_switch.h"

/* Its site takes the place of what build wrote. */
void publish_go_back_to(struct publish *p, const struct publish_record *r)
{
	struct manifest *files = &p->local.files;

	*files = (struct manifest){0};
	for (size_t i = 0; i < r->len; i++) {
		const struct publish_entry *e = &r->entries[i];

		if (e->mark == PUBLISH_THERE)
			manifest_add(files, p->arena, e->path, &e->digest, e->size);
	}
	p->local.site = r->site;
	p->next = *r;
	p->rollback.generation = p->out->rolled_back = r->generation;
}

enum publish_status publish_nothing_kept(struct publish *p)
{
	return publish_refuse(p,
		"%s keeps no earlier generation to go back to: build the earlier site and publish that; "
		"for another time, say how many generations the target shall keep",
		p->b->name);
}

/* A publish that was cut off has not become a generation: what it began to replace is the newest. */
static bool is_half_replaced(const struct publish_survey *s)
{
	return s->unfinished && !s->first && publish_digest_known(&s->published.site) &&
	       s->published.generation < s->intended.generation;
}

/* A generation of the very site that is published is no way back. */
enum publish_status publish_rollback_choose(struct publish *p)
{
	const struct publish_record *published = &p->survey.published;
	struct publish_generations there;
	enum publish_status status;

	if (is_half_replaced(&p->survey)) {
		publish_go_back_to(p, published);
		return PUBLISH_OK;
	}
	status = publish_generations_list(p, &there);
	for (size_t i = 0; i < there.len && status == PUBLISH_OK; i++) {
		struct publish_record r;
		bool found;

		status = publish_manifest_read(
			p, publish_generation_path(p->arena, there.numbers[i]), &r, &found);
		if (status != PUBLISH_OK || !found || digest_eq(&r.site, &published->site))
			continue;
		publish_go_back_to(p, &r);
		return PUBLISH_OK;
	}
	return status == PUBLISH_OK ? publish_nothing_kept(p) : status;
}

/* Only what it is served with changes: it stays where it is. */
struct str publish_rollback_source(struct publish *p, const struct publish_step *s)
{
	const struct publish_entry *old = publish_record_find(&p->survey.there, s->entry.path);

	if (p->o->whole_switch)
		return publish_release_path(p->arena, p->rollback.generation, s->entry.path);
	if (old && digest_eq(&old->digest, &s->entry.digest))
		return s->entry.path;
	return publish_kept_path(p->arena, &s->entry.digest);
}

/* All of them, and all of their bytes: nobody built them just now, and they may have lain there for long. */
enum publish_status publish_rollback_check(struct publish *p)
{
	size_t len = p->plan.len - p->plan.deleted;
	struct publish_batch batch = {
		.jobs = arena_new_n(p->arena, struct publish_job, len),
		.len = len,
		.step = publish_look_step,
		.ctx = p,
	};
	enum publish_answer answer = ANSWER_OK;

	for (size_t i = 0; i < len; i++)
		batch.jobs[i].path = publish_rollback_source(p, &p->plan.steps[i]);
	if (len)
		answer = publish_pool_run(p->pool, &batch, p->b->ops->digest, true);
	for (size_t i = 0; i < len && answer == ANSWER_OK; i++) {
		const struct publish_entry *e = &p->plan.steps[i].entry;

		if (batch.jobs[i].answer != ANSWER_OK || batch.jobs[i].size != e->size ||
			!digest_eq(&batch.jobs[i].digest, &e->digest))
			return publish_refuse(p,
				"%s cannot go back to generation %llu: its %.*s is no longer kept there",
				p->b->name, (unsigned long long)p->rollback.generation, STR_ARG(e->path));
	}
	return publish_answered(answer);
}
