#include "action/publish_retire.h"

#include "site/asset.h"

/* False: it goes. What a publish that never finished has put there was in no page that was published. */
static bool may_stay(struct publish_entry *e, int64_t now, int64_t seconds)
{
	if (e->mark == PUBLISH_THERE && asset_is_fingerprinted(e->path)) {
		e->mark = PUBLISH_RETIRED;
		e->since = now;
	}
	if (e->mark != PUBLISH_RETIRED)
		return false;
	/* A clock that was wrong must not keep it for ever. */
	if (e->since > now)
		e->since = now;
	return now - e->since < seconds;
}

static int64_t until(int64_t since, int64_t seconds)
{
	return seconds > INT64_MAX - since ? INT64_MAX : since + seconds;
}

void publish_retire(struct publish_plan *plan, struct arena *a, const struct publish_record *there,
	int64_t now, int64_t seconds)
{
	size_t len = plan->len - plan->deleted;

	for (size_t i = len; i < plan->len; i++) {
		const struct publish_entry *old = publish_record_find(there, plan->steps[i].entry.path);
		struct publish_entry e = *old;

		if (may_stay(&e, now, seconds)) {
			publish_plan_stay(plan, a, &e, until(e.since, seconds));
			continue;
		}
		plan->expired += old->mark == PUBLISH_RETIRED;
		plan->steps[len++] = plan->steps[i];
	}
	plan->deleted -= plan->len - len;
	plan->len = len;
}
