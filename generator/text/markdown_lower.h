/*
 * markdown_lower: what lower.c (cmark's tree) and text.c (running text) share.
 *
 * Neither keeps anything of cmark's in our tree. A struct lowering is one walk through one document.
 */
#ifndef TEXT_MARKDOWN_LOWER_H
#define TEXT_MARKDOWN_LOWER_H

#include "text/markdown_impl.h"

#define ENTITY_SLOTS 16

struct entity { /* what a name stands for, asked once */
	struct str written;
	char out[16];
	uint8_t n;
};

/* A stretch of the flattened text and where it stands in the source. */
struct piece {
	uint32_t flat;
	uint32_t at, end;
	bool verbatim;
};

struct lowering {
	struct parse *parse;
	bool plain;
	struct node *parent; /* of the next node */
	struct node *block;  /* with the inlines that are being walked */
	size_t depth;
	bool cut;	/* MARKDOWN_MAX_DEPTH was reported */
	void *at_cmark; /* the text node that is being lowered */
	bool line_start;
	bool autolink;
	size_t links, images; /* that we are inside */
	size_t wrapped;	      /* parts of a wrapped token still to come */
	struct span id;	      /* {#…} of the heading, if it has one */
	struct dialect dialect;
	struct entity entities[ENTITY_SLOTS];
	/* text that becomes one node, or several when parts of it are isolated */
	struct buf flat;
	struct piece *pieces;
	size_t piece_count, piece_cap;
};

/* Bytes of the source: as a span, as a text, and as a node's. */
static inline struct span source_span(const struct lowering *l, size_t at, size_t n)
{
	return span_make(l->parse->src, at, n);
}

static inline struct str source_text(const struct lowering *l, size_t at, size_t n)
{
	return str_slice(l->parse->src->text, at, at + n);
}

static inline void set_span(struct node *n, size_t at, size_t end)
{
	n->at = (uint32_t)at;
	n->n = end > at ? (uint32_t)(end - at) : 0;
}

/* lower.c for text.c */
bool lower_wrapped(void **at, struct str *out);
bool lower_ends_line(const struct lowering *l);
bool lower_ends_block(const struct lowering *l);

/* text.c for token.c: the flattened text */
void text_add(struct lowering *l, struct str s, size_t at, size_t end, bool verbatim);
void text_trim(struct lowering *l);  /* white space at its end */
void text_flush(struct lowering *l); /* makes nodes of it */

/* token.c for text.c. `last`: nothing but white space comes after it in its text. */
void token_lower(struct lowering *l, const struct token *t, bool last);

/* text.c for lower.c */
void text_lower(struct lowering *l, struct str literal);
void text_place(const struct lowering *l, struct node *n, struct range content);
struct str text_written(struct lowering *l, struct str s); /* tokens as they were written */
struct str text_decoded(struct lowering *l, struct str s); /* the same, where cmark decodes references */
void text_raw_html(struct lowering *l, const struct node *n);
void text_link(struct lowering *l, const struct node *n);
void text_paragraph(struct lowering *l, struct str content);

#endif
