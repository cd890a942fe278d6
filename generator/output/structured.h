/*
 * structured: what a page is, as JSON-LD (schema.org), for search engines.
 *
 * Only what is true of every site: the site, the text with its language and dates of review, the same text in
 * other languages, the way to it from the start page, and who publishes it when the configuration says so.
 * A block of data, which is not executed and needs no place in the content security policy. On the web only,
 * and only for pages that stand for themselves: what is shown as a fallback is described where it comes from.
 */
#ifndef OUTPUT_STRUCTURED_H
#define OUTPUT_STRUCTURED_H

#include "output/page_impl.h"

/* Sets `structured`: {{#structured}}{{/structured}} becomes the script element; costs nothing when unused. */
void structured_set(struct page_writer *r);

#endif
