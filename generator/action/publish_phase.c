/* What every phase of a publish does: counts, looks after the lock, says how it ended. */
#include "action/publish_impl.h"

/* What is said when somebody wanted it so. */
#define STOPPED "stopped: publish again to go on"

bool publish_step(void *ctx, const struct publish_job *job)
{
	struct publish *p = ctx;

	if (job) {
		/* A staged file is there only when the batch has ended well: count_puts(). */
		if (job->local && !job->staged)
			publish_journal_add(&p->journal, job->path, &job->digest);
		p->progress.done++;
		p->progress.bytes += p->progress.total_bytes ? job->size : 0;
		if (p->done)
			++*p->done;
	}
	if (publish_lock_keep(&p->lock, false) != ANSWER_OK)
		return false;
	return !p->o->progress || p->o->progress(p->o->ctx, &p->progress);
}

bool publish_look_step(void *ctx, const struct publish_job *job)
{
	struct publish *p = ctx;

	(void)job;
	return !p->lock.held || publish_lock_keep(&p->lock, false) == ANSWER_OK;
}

void publish_phase(struct publish *p, const char *phase, size_t total, uint64_t bytes)
{
	p->progress = (struct publish_progress){.phase = phase, .total = total, .total_bytes = bytes};
}

/* Makes the best sentence of a batch that did not end well. */
enum publish_status publish_ended(struct publish *p, enum publish_answer answer)
{
	struct str why;

	if (answer == ANSWER_OK)
		return PUBLISH_OK;
	/*
	 * Whoever takes over a target makes our next call fail in some odd way: then that is the cause. A lock
	 * that cannot be looked at is no news after a failure.
	 */
	why = p->why->n ? str_dup(p->arena, buf_str(p->why)) : STR(STOPPED);
	(void)!publish_lock_keep(&p->lock, true);
	if (!p->lock.lost) {
		buf_clear(p->why);
		buf_add(p->why, why);
	}
	return PUBLISH_FAILED;
}

void publish_say_how_far(struct publish *p)
{
	bool asked = str_is(buf_str(p->why), STOPPED);

	if (!p->lock.lost)
		buf_addf(p->why, "; %zu of %zu files were sent and nothing was deleted%s",
			p->out->added + p->out->changed, p->plan.added + p->plan.changed,
			asked ? "" : ": publish again when that is mended");
}
