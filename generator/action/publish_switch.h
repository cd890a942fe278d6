/*
 * publish_switch: a site that changes as a whole, in one instant.
 *
 *	current -> releases/7			what the web server has as its root
 *	releases/7/…				a whole site, with .faktablad/manifest in it
 *	releases/6/…				the one before, when generations are kept
 *	.faktablad/lock, intent, work-…		as ever
 *
 * A publish makes the folder of the next release: the server copies into it what has not changed (a second name
 * for the same bytes), and the rest is sent. When all of it is there and verified its manifest is written, and
 * `current` is pointed to it. What `current` points to is the truth: before that instant the old release is
 * published and whole, after it the new one. A release that is pointed to is never written into.
 *
 * The intent names the release that is being made and every file in it, so that whoever finds it can take a
 * half-made one away. Only what a release's own manifest, or the intent, lists is ever removed.
 *
 * A rollback points back, and removes the releases after that one. Protocols without point() are refused.
 */
#ifndef ACTION_PUBLISH_SWITCH_H
#define ACTION_PUBLISH_SWITCH_H

#include "action/publish_keep.h"

#define PUBLISH_CURRENT "current"
#define PUBLISH_RELEASES "releases"

struct str publish_release_path(struct arena *a, uint64_t release, struct str path);

/* Before anything is compared: can this be done here at all? */
enum publish_status publish_switch_check(struct publish *p) MUST_USE;
/* For a rollback: p->local becomes the site of the release before; later: is it all there? */
enum publish_status publish_switch_choose(struct publish *p) MUST_USE;
enum publish_status publish_switch_verify(struct publish *p) MUST_USE;
/* Under the lock, from what was left to what is done last. */
enum publish_status publish_switch(struct publish *p) MUST_USE;

/* publish_release.c */
enum publish_status publish_releases_list(struct publish *p, struct publish_generations *out) MUST_USE;
enum publish_status publish_release_read(
	struct publish *p, uint64_t release, struct publish_record *out, bool *found) MUST_USE;
/* The files of a release that a record lists, its manifest, and the folders that are empty then. */
enum publish_status publish_release_remove(
	struct publish *p, uint64_t release, const struct publish_record *r) MUST_USE;
/* After a switch: what is neither published nor kept. */
enum publish_status publish_releases_forget(struct publish *p) MUST_USE;

#endif
