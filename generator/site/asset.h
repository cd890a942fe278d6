/*
 * asset: files that pages use: style sheets, icons, scripts, images.
 *
 * Files of templates/assets/ and the media of content/ get names with a fingerprint of their bytes
 * ("assets/site.3f9a12cd.css"), so that they may be cached for ever. In a style sheet url(NAME) of another
 * asset becomes its fingerprinted name. Scripts (templates/scripts/NAME.js) are never files: templates set
 * them inline, allowed by a hash in the content security policy.
 */
#ifndef SITE_ASSET_H
#define SITE_ASSET_H

#include "base/digest.h"
#include "model/catalog.h"
#include "site/input.h"

#define ASSET_MAX_BYTES ((size_t)64 << 20)

struct asset {
	struct str name;	/* file name below templates/assets/, or path below content/ */
	struct str key;		/* "site_css": how templates call it; empty for media */
	struct str out;		/* path in the output */
	struct str text;	/* the bytes, when they are kept (style sheets are rewritten) */
	struct str file;	/* where to read them otherwise */
	unsigned width, height; /* of an image; 0 unknown */
};

struct script {
	struct str name, text;
	char hash[45]; /* SHA-256 in Base64 */
};

struct assets {
	struct asset *files;
	size_t file_count, file_cap;
	struct script *scripts;
	size_t script_count, script_cap;
	struct map media;  /* path below content/ to struct asset */
	struct str policy; /* Content-Security-Policy for every page */
};

void assets_load(
	struct assets *as, struct arena *a, const struct catalog *c, const struct input *in, struct diag *d);

/* A path of the output whose bytes never change: its name has their fingerprint. */
bool asset_is_fingerprinted(struct str out);

/* Pixels of a PNG, JPEG, GIF, WebP or SVG; false when the bytes are none of these or lie about themselves. */
bool image_size(struct str bytes, unsigned *width, unsigned *height);

#endif
