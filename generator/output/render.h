/*
 * render: all pages and files of an edition into the store, its manifest out of it.
 *
 * Pages are rendered by all workers; nothing but the catalog and the views is shared. Only digests and paths
 * stay in memory.
 */
#ifndef OUTPUT_RENDER_H
#define OUTPUT_RENDER_H

#include "output/manifest.h"
#include "output/page.h"
#include "output/store.h"

struct renderer {
	struct arena *arena; /* manifests and paths */
	struct workers *workers;
	struct store *store;
	struct fs *fs;
	struct diag *diag;
	int error;	       /* errno of the first file that could not be written; sticky */
	bool failed;	       /* a page could not be made, which was reported; sticky */
	size_t pages, written; /* rendered; that the store did not have yet */
};

struct pages {
	struct page *items;
	size_t len, cap;
};

/* Every sheet, alias and start page of the edition's languages; not the pages that depend on packs. */
void pages_of(struct pages *out, struct arena *a, const struct view *v);
void pages_add(struct pages *out, struct arena *a, struct page p);

/* Renders, stores, adds to the manifest. `deflate`: also makes the form that packs copy. */
void render_pages(struct renderer *r, struct manifest *m, const struct view *v, const struct pages *pages,
	const struct issue *issue, bool deflate);
/* Style sheets, icons; and the media that the edition's sheets use. */
void render_assets(struct renderer *r, struct manifest *m, const struct view *v, bool deflate);
/* One finished text. */
void render_bytes(struct renderer *r, struct manifest *m, struct str path, struct str bytes, bool deflate);

#endif
