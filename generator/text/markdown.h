/*
 * markdown: CommonMark (by cmark) and our tokens, lowered into a doc.
 *
 * Before cmark sees the text, our tokens are lifted out, each replaced by one private-use placeholder:
 * {fact} and {fact, plural, …}, {#id} at the end of a heading, [@source, place], [!CALLOUT] at the start
 * of a quote. Afterwards they are put back as nodes in text, and as they were written in code, in link
 * destinations and in info strings. Placeholders that stood in the input already survive as they are.
 * Spans are exact bytes of the source whatever was lifted.
 *
 * Reported here: raw HTML, foreign dialects, unknown callouts, bad and duplicate ids, skipped heading
 * levels, unreadable tokens and messages, unsafe link schemes, limits. The claims' order, links, facts
 * and sources need the whole site and are checked elsewhere.
 */
#ifndef TEXT_MARKDOWN_H
#define TEXT_MARKDOWN_H

#include "text/doc.h"

#define MARKDOWN_MAX_BYTES ((size_t)1 << 20)
#define MARKDOWN_MAX_DEPTH 100 /* of nested nodes; deeper ones are cut, with a diagnostic */

struct markdown_options {
	struct locale *locale; /* of the text; for plural categories (NULL: unchecked) */
	bool plain;	       /* CommonMark only: no tokens, no isolation, no dialect reports */
	/* A heading of level 1 that begins the text is its title: taken out of the tree, into doc->title. For
	 * texts without front matter. */
	bool take_title;
};

/*
 * Parses src->text[from, end). Never NULL: what cannot be read is reported and left as text. Headings
 * without {#id} get one made from their text (text_slug), made unique with -2, -3 …; in a plain text
 * they get none. The tree's texts point into the source where they stand there verbatim: the source's
 * bytes must live as long as the tree. MARKDOWN_MAX_BYTES is for the caller to keep.
 */
struct doc *markdown_parse(
	struct arena *a, struct source *src, size_t from, const struct markdown_options *o, struct diag *d);

/*
 * http, https, mailto, tel, relative: allowed. javascript:, data:, file:, vbscript: and unknown: not; nor
 * control characters, nor //host, which on file:// is somebody's network share.
 */
bool markdown_url_safe(struct str url);

#endif
