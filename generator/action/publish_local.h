/*
 * publish_local: the site as the last build left it.
 *
 * Only what its manifest lists exists for publish. Files that are to be sent are digested before anything is
 * written anywhere; the others are when they are newer than the manifest or of another size, so that an
 * edit by hand is never passed over in silence.
 */
#ifndef ACTION_PUBLISH_LOCAL_H
#define ACTION_PUBLISH_LOCAL_H

#include "action/publish_plan.h"
#include "base/fs.h"

struct publish_local {
	struct fs *fs;
	const char *folder; /* absolute, without links */
	const char *shown;  /* as it was given, for sentences */
	struct manifest files;
	struct digest site; /* names the content */
	int64_t built_ns;   /* when the manifest was written */
};

/* Both say in `why` what is wrong. */
bool publish_local_open(struct publish_local *out, struct fs *fs, struct arena *a, const char *folder,
	struct buf *why) MUST_USE;
bool publish_local_check(const struct publish_local *l, struct arena *a, const struct publish_plan *plan,
	struct buf *why) MUST_USE;

#endif
