/* Is it there, and is it what was sent? As the target tells it, and as a visitor gets it. */
#include "action/publish_impl.h"
#include "action/publish_public.h"

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
		publish_say_how_far(p);
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
		.step = publish_step,
		.ctx = p,
	};
	enum publish_status status;

	for (size_t i = 0; i < len; i++)
		batch.jobs[i].path = wanted[i]->path;
	status = publish_ended(p, publish_pool_look(p->pool, &batch, digests));
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
enum publish_status publish_verify(struct publish *p)
{
	size_t len = p->plan.len - p->plan.deleted, sample = len < PUBLISH_SAMPLE ? len : PUBLISH_SAMPLE;
	const struct publish_entry **wanted = arena_new_n(p->arena, const struct publish_entry *, len);
	uint64_t state = p->o->seed ? p->o->seed : p->out->generation;
	enum publish_status status;

	publish_phase(p, "verify", len + sample, 0);
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

/* ---- the public address ---- */

/* Some of all that are offered, by chance. */
struct sample {
	struct publish_entry *out; /* room for PUBLISH_PUBLIC_SAMPLE */
	size_t len, seen;
	uint64_t state;
};

static void offer(struct sample *s, struct str path, uint64_t size)
{
	size_t at = s->len;

	if (!str_ends(path, STR(".html")))
		return;
	if (s->len == PUBLISH_PUBLIC_SAMPLE)
		at = (size_t)(next_random(&s->state) % (s->seen + 1));
	if (at < PUBLISH_PUBLIC_SAMPLE)
		s->out[at] = (struct publish_entry){.path = path, .size = size};
	s->len += s->len < PUBLISH_PUBLIC_SAMPLE;
	s->seen++;
}

/*
 * Pages that were sent, or any where none was: an earlier publish, which was cut off, sent them and may have found
 * that visitors do not get them. And the start page when the site has one.
 */
static size_t choose_pages(struct publish *p, struct publish_entry *out)
{
	const struct publish_entry *start = publish_record_find(&p->next, STR("index.html"));
	struct sample s = {.out = out, .state = (p->o->seed ? p->o->seed : p->out->generation) + 1};
	bool none_sent;

	for (size_t i = 0; i < p->plan.len; i++)
		if (p->plan.steps[i].entry.mark == PUBLISH_PUT)
			offer(&s, p->plan.steps[i].entry.path, p->plan.steps[i].entry.size);
	none_sent = !s.seen;
	for (size_t i = 0; i < p->local.files.len && none_sent; i++)
		offer(&s, p->local.files.entries[i].path, p->local.files.entries[i].size);
	if (start)
		out[s.len++] = (struct publish_entry){.path = start->path, .size = start->size};
	return s.len;
}

enum publish_status publish_read_back(struct publish *p)
{
	struct publish_public public = {.settings = &p->o->settings,
		.address = p->o->public_address,
		.pause_ms = p->o->settings.pause_ms};
	struct publish_entry pages[PUBLISH_PUBLIC_SAMPLE + 1];
	size_t len = public.address.n ? choose_pages(p, pages) : 0;

	publish_phase(p, "read back", len, 0);
	for (size_t i = 0; i < len; i++) {
		buf_clear(p->why);
		if (!publish_public_check(&public, pages[i].path, pages[i].size, p->why)) {
			buf_addz(p->why,
				": everything was sent to the target, but visitors do not get it; nothing "
				"was deleted. Look at the web server and at public_address, and publish again");
			return PUBLISH_FAILED;
		}
		p->out->read_back++;
		if (!publish_step(p, NULL))
			return publish_ended(p, ANSWER_STOPPED);
	}
	buf_clear(p->why);
	return PUBLISH_OK;
}
