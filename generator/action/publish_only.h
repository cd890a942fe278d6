/*
 * publish_only: a corrected page goes up first, with what it needs and nothing else.
 *
 * What the pages that were asked for need:
 *   - what they are shown with (styles, images, what those refer to), in exactly the version of this build;
 *   - what they link to, where the target has nothing at all there: a new page, which then needs the same, a
 *     pack. A linked file that is there in an older version stays for the publish of the whole site.
 *
 * So no page that is put lacks its style, and none has a link that leads nowhere.
 *
 *	struct publish_only o = {…};
 *	if (publish_only_choose(&o, pages, count)) … o.chosen[i] says it of site->entries[i] …
 */
#ifndef ACTION_PUBLISH_ONLY_H
#define ACTION_PUBLISH_ONLY_H

#include "action/publish_record.h"
#include "output/manifest.h"

#define PUBLISH_ONLY_MAX_BYTES ((size_t)16 << 20) /* of a page or a style that is read for its references */

struct publish_only {
	struct arena *arena;
	const struct manifest *site;
	const struct publish_record *there;
	struct str address; /* the site's own; may be empty */
	/* The text of a file of the site, into the arena. False: a sentence in `why`. */
	bool (*read)(void *ctx, struct arena *a, struct str path, struct str *out);
	void *ctx;
	struct buf *why;
	bool *chosen; /* made by publish_only_choose() */
};

/* False: a page is none of the site's, or a file cannot be read: a sentence in `why`. */
bool publish_only_choose(struct publish_only *o, const struct str *pages, size_t count) MUST_USE;

#endif
