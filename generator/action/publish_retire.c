#include "action/publish_retire.h"

#define FINGERPRINT 8 /* as in site/asset.c */

/* Where build puts what it gives such names: nothing else of a site has them for sure. */
static const char *const folders[] = {"assets/", "media/"};

static bool is_fingerprint(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == FINGERPRINT;
}

/* The last piece of the name, or the one before its suffix. */
static bool has_fingerprint(struct str name)
{
	size_t suffix = str_after_last(name, '.');
	struct str stem;

	if (suffix < 2)
		return false;
	if (is_fingerprint(str_slice(name, suffix, name.n)))
		return true;
	stem = str_slice(name, 0, suffix - 1);
	suffix = str_after_last(stem, '.');
	return suffix > 1 && is_fingerprint(str_slice(stem, suffix, stem.n));
}

bool publish_is_fingerprinted(struct str path)
{
	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (str_starts(path, str_from(folders[i])))
			return has_fingerprint(str_file_name(path));
	return false;
}

/* False: it goes. What a publish that never finished has put there was in no page that was published. */
static bool may_stay(struct publish_entry *e, int64_t now, int64_t seconds)
{
	if (e->mark == PUBLISH_THERE && publish_is_fingerprinted(e->path)) {
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
