/*
 * publish_plan: what is to be done on a target, as the difference of two manifests.
 *
 * Pure: nothing here touches a file or a network. Steps stand in the order in which they are taken; the
 * order is what keeps a visitor from meeting a page whose style, image or neighbour is not there yet.
 */
#ifndef ACTION_PUBLISH_PLAN_H
#define ACTION_PUBLISH_PLAN_H

#include "action/publish_record.h"
#include "output/manifest.h"

enum publish_change { PUBLISH_ADD, PUBLISH_CHANGE, PUBLISH_DELETE };

/* Each group is finished before the next is begun. */
enum publish_group {
	PUBLISH_ASSETS,	   /* styles, images, packs: everything that pages refer to */
	PUBLISH_NEW_PAGES, /* before the pages that link to them */
	PUBLISH_CHANGED_PAGES,
	PUBLISH_INDEXES, /* start pages, sitemap, feeds: what leads to the pages */
	PUBLISH_DELETES, /* after the manifest */
	PUBLISH_GROUP_COUNT
};

struct publish_step {
	enum publish_change change;
	enum publish_group group;
	struct publish_entry entry; /* mark, digest and size as the target shall have it, or had it */
};

struct publish_stay {
	struct publish_entry entry; /* mark as the next manifest shall have it */
	int64_t until;		    /* retired: seconds since 1970 */
};

struct publish_plan {
	struct publish_step *steps; /* by group, then path */
	size_t len, cap;
	size_t added, changed, deleted, unchanged;
	size_t loose;		    /* of the deleted: left by a publish that never finished */
	size_t expired;		    /* of the deleted: retired long enough */
	uint64_t bytes;		    /* to send */
	struct publish_stay *stays; /* by path: of ours, not of the site, and left there nonetheless */
	size_t stay_len, stay_cap;
	struct publish_entry *adopted; /* by path: somebody else's until now, and the same: not sent */
	size_t adopted_len, adopted_cap;
};

/* The headers that a path is sent with, as one number; NULL: none. */
struct publish_headers {
	uint64_t (*hash)(void *ctx, struct str path);
	void *ctx;
};

/* `there` and `site` are sorted. Steps borrow their paths. */
void publish_plan_make(struct publish_plan *out, struct arena *a, const struct publish_record *there,
	const struct manifest *site, const struct publish_headers *headers);

/* What the plan would delete, but leaves; in order of paths. */
void publish_plan_stay(
	struct publish_plan *plan, struct arena *a, const struct publish_entry *entry, int64_t until);

/* How many may be deleted unasked: PUBLISH_DELETE_CAP, or a third of what is published when that is less. */
#define PUBLISH_DELETE_CAP 256
size_t publish_plan_delete_cap(const struct publish_record *there);

/* For people: a line for each step and a last one with the sums. Or as one JSON object. */
void publish_plan_print(struct buf *out, const struct publish_plan *plan, bool json);

/* "512 bytes", "1.5 MB" */
void publish_plan_print_bytes(struct buf *out, uint64_t bytes);

#endif
