/*
 * publish_retire: what stays on a target for a while although the site no longer has it.
 *
 * A reader, or a cache, holds a page of the site before, which asks for the style and the images of then. Their
 * names carry a fingerprint of their bytes (asset_is_fingerprinted), so that they can stand beside the new ones. They
 * stay for the grace period, marked in the manifest with the time since when, and go when it is over.
 *
 *	publish_plan_make(&plan, …);
 *	publish_retire(&plan, &arena, &there, now, seconds);
 */
#ifndef ACTION_PUBLISH_RETIRE_H
#define ACTION_PUBLISH_RETIRE_H

#include "action/publish_plan.h"

/*
 * Takes from the plan's deletes those that may wait, and puts them among what stays. `now` is in seconds since
 * 1970; with `seconds` 0 nothing waits.
 */
void publish_retire(struct publish_plan *plan, struct arena *a, const struct publish_record *there,
	int64_t now, int64_t seconds);

#endif
