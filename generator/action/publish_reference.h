/*
 * publish_reference: what a file of the site refers to: links and resources of HTML and SVG, url() and @import
 * of CSS.
 *
 * Made for what build writes, and for media that somebody put beside it: whatever bytes it is given it ends, and
 * at worst finds something that is no reference or misses one that a browser would see. No tree is made.
 */
#ifndef ACTION_PUBLISH_REFERENCE_H
#define ACTION_PUBLISH_REFERENCE_H

#include "base/arena.h"
#include "base/str.h"

#define PUBLISH_REFERENCES_MAX 100000 /* of one file; there are no more after that */

enum publish_reference_kind {
	PUBLISH_LINK,	  /* somebody may follow it */
	PUBLISH_RESOURCE, /* the file is shown with it */
};

/* `url` as it was meant: entities decoded, blanks around it gone. */
typedef void publish_reference(void *ctx, enum publish_reference_kind kind, struct str url);

/* By how the path ends: .html, .svg, .css; of other files none. Decoded addresses live in the arena. */
void publish_references(
	struct str path, struct str text, struct arena *a, publish_reference *found, void *ctx);

/*
 * The path of the site that an address on the page at `from` means; empty: none. `address` is the site's own, and may be
 * empty: then “/x” is below the root of its server. Query and fragment go; a folder is its index.html.
 */
struct str publish_reference_path(struct arena *a, struct str from, struct str url, struct str address);

#endif
