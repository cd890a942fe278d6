/*
 * sitemap: the pages that search engines should know, after https://www.sitemaps.org/protocol.html.
 *
 * Texts of the language's own and the pages that are one a language; fallbacks and old addresses are left
 * out. One file, sitemap.xml, as long as the protocol allows; then sitemap-1.xml, sitemap-2.xml … and
 * sitemap.xml lists them. Nothing without a base_url.
 */
#ifndef OUTPUT_SITEMAP_H
#define OUTPUT_SITEMAP_H

#include "output/render.h"

/* The protocol's limits of one file. */
#define SITEMAP_MAX_URLS 50000
#define SITEMAP_MAX_BYTES ((size_t)52428800)

/* `max_urls`: in one file; SITEMAP_MAX_URLS. */
void sitemap_render(struct renderer *r, struct manifest *m, const struct view *v, const struct pages *pages,
	size_t max_urls);

#endif
