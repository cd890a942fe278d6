/*
 * publish_headers: what the files of a site are served with, where the target keeps that beside them (S3).
 *
 * Built in: a Content-Type for every kind of file; a Content-Language below a language's folder; and how long a copy may
 * be used unasked: for ever when the name has a fingerprint, never for the page of what is missing, PUBLISH_SHORT_SECONDS
 * otherwise, so that a correction reaches everybody soon. Then come the target's own patterns, in their order: later ones win, an empty value
 * takes a header away.
 *
 * There are few different sets, and each is made once; a path costs a look at its name and one at every pattern.
 * One thread at a time. Everything lives in the arena, which must outlive the rules and what they gave.
 *
 *	struct publish_rules *rules = publish_rules_new(&arena, target, languages, count);
 *	const struct publish_headers_of *h = publish_headers_for(rules, STR("sv/index.html"));
 */
#ifndef ACTION_PUBLISH_HEADERS_H
#define ACTION_PUBLISH_HEADERS_H

#include "action/publish_settings.h"
#include "model/language.h"
#include "model/target.h"

#define PUBLISH_SHORT_SECONDS 300

struct publish_rules;

/* `target` may be NULL: no patterns. */
struct publish_rules *publish_rules_new(
	struct arena *a, const struct target *target, const struct language *languages, size_t count);

/* Never NULL. */
const struct publish_headers_of *publish_headers_for(const struct publish_rules *rules, struct str path);

/* The first pattern from *at (begin with 0) that no path asked for so far was one of; empty: there is none. */
struct str publish_rules_unused(const struct publish_rules *rules, size_t *at);

#endif
