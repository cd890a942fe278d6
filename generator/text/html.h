/*
 * html: a doc as HTML or XHTML.
 *
 * With no hooks and a plain CommonMark text the result equals cmark's own, byte for byte, but for raw
 * HTML (shown as text), unsafe links and links inside links (their text only), and empty titles (left out).
 * The result is well-formed XML too; for XHTML, characters that XML 1.0 does not have become U+FFFD.
 * One small function per node kind.
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/buf.h"
#include "text/doc.h"

struct html_link {
	struct str href;     /* empty: render the children only */
	struct str hreflang; /* "" or the language that it leads to */
	struct str rel;	     /* "" or "external" … */
	struct str after;    /* "" or plain text set after the link, e.g. that it needs a network */
};

struct html_image {
	struct str src;	      /* empty: render the text alternative only */
	unsigned width, height; /* pixels; 0 unknown */
};

/* Each may be NULL; then the node is shown in the plainest way (facts and citations as written). */
struct html_hooks {
	void *ctx;
	void (*link)(void *ctx, const struct node *link, struct html_link *out);
	void (*image)(void *ctx, const struct node *image, struct html_image *out);
	void (*fact)(void *ctx, const struct node *fact, struct buf *out);
	void (*cite)(void *ctx, const struct node *cite, struct buf *out);
	/* The callout's visible label, in the page's language; the element around it is the renderer's. */
	struct str (*callout_label)(void *ctx, enum callout c);
	/* A fenced block with this info string, if it is one of the program's own: true when it was written. */
	bool (*block)(void *ctx, const struct node *block, struct buf *out);
};

struct html_options {
	const struct html_hooks *hooks; /* NULL: none */
	bool xhtml;			/* EPUB and strict readers; else HTML */
	bool ids;			/* write heading ids */
};

void html_render(struct buf *out, const struct doc *doc, const struct html_options *o);
/* One node's children as inline HTML (a title, a heading). */
void html_render_children(struct buf *out, const struct node *n, const struct html_options *o);

#endif
