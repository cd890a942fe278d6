/*
 * doc: the tree of one Markdown text, ours (no cmark type shows here).
 *
 * Lives in an arena, is const after markdown_parse(), and is walked without recursion:
 *
 *	for (const struct node *n = doc->root; n; n = node_next(n, doc->root)) …	(preorder)
 *
 * or with struct node_walk when leaving a node matters too. Spans are exact bytes of the source.
 */
#ifndef TEXT_DOC_H
#define TEXT_DOC_H

#include "base/diag.h"
#include "text/message.h"

enum node_kind {
	/* blocks */
	NODE_DOCUMENT,
	NODE_PARAGRAPH,
	NODE_HEADING, /* level, id */
	NODE_QUOTE,
	NODE_CALLOUT, /* callout; the marker is not among the children */
	NODE_LIST,    /* ordered, start, tight */
	NODE_ITEM,
	NODE_CODE_BLOCK, /* info, text */
	NODE_HTML_BLOCK, /* text: shown as text, never passed through */
	NODE_RULE,
	/* inlines */
	NODE_TEXT, /* text */
	NODE_SOFT_BREAK,
	NODE_LINE_BREAK,
	NODE_CODE,	  /* text */
	NODE_HTML_INLINE, /* text: shown as text */
	NODE_EMPH,
	NODE_STRONG,
	NODE_LINK,    /* url, title */
	NODE_IMAGE,   /* url, title; the children are the text alternative */
	NODE_FACT,    /* text (as written, braces included), message (NULL when it could not be read) */
	NODE_CITE,    /* url: source id; title: the place in it, may be empty */
	NODE_ISOLATE, /* text: a phone, register number or address, always shown left to right */
};

enum callout { CALLOUT_FACT, CALLOUT_MYTH, CALLOUT_WHY, CALLOUT_NOTE, CALLOUT_HELP, CALLOUT_COUNT };

/* Most of a site's memory is nodes: their fields stand in the order in which fewest bytes are lost. */
struct node {
	enum node_kind kind : 8;
	uint8_t level;	 /* heading: 1 to 6 */
	uint8_t callout; /* enum callout */
	bool ordered : 1, tight : 1;
	uint32_t start; /* ordered list: first number */
	uint32_t at, n; /* bytes of the source; n 0 where a span has no meaning */
	struct node *parent, *first, *next;
	struct node *around; /* the sibling before; of a first child the last one: node_prev(), node_last() */
	struct str text;     /* literal; code block: its text; heading: the id once it is known */
	/* What follows only links, images, citations, facts and code blocks have; others end here (node_add).
	 */
	struct str url;	  /* link, image: destination, unescaped; cite: source id; code block: info string */
	struct str title; /* link, image: title; cite: place */
	const struct message *message; /* fact */
};

/* The sibling before and the last child; NULL when there is none. */
static inline struct node *node_prev(const struct node *n)
{
	return n->parent && n->parent->first != n ? n->around : NULL;
}
static inline struct node *node_last(const struct node *n)
{
	return n->first ? n->first->around : NULL;
}

/* Makes n, which is nobody's child, the last of parent's. */
void node_append(struct node *parent, struct node *n);

bool node_leaf(enum node_kind kind); /* of a kind that never has children */

struct doc {
	struct node *root;
	struct node *title; /* see markdown_options.take_title; NULL */
	struct source *src;
};

const char *callout_name(enum callout c); /* "fact": for classes and message keys */

const struct node *node_next(const struct node *n, const struct node *root); /* preorder; NULL at the end */
const struct node *node_skip(const struct node *n, const struct node *root); /* the same, past n's children */

struct node_walk {
	const struct node *root, *node; /* node NULL at the end */
	bool entering;
};
struct node_walk node_walk(const struct node *root); /* stands before the root */
bool node_step(struct node_walk *w); /* every container is entered and left; leaves are entered only */

struct span node_span(const struct doc *doc, const struct node *n);
/*
 * Where a fenced block's text stands in the source byte for byte, to be read there with exact places. False in
 * a list or quote, and when the fence is indented.
 */
bool node_verbatim(const struct doc *doc, const struct node *block, struct span *out) MUST_USE;
/* The text of a node and what is below it, marks and citations left out, facts as written. */
void node_text(struct buf *out, const struct node *n);
/* A fact or a citation as it was written. */
void node_written(struct buf *out, const struct node *n);

#endif
