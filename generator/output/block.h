/*
 * block: fenced blocks that are the program's own: ```chart, ```table, ```contacts.
 *
 * The first word of the info string picks a row of a table in block.c; any other block is code. A new kind
 * of block is a file and a row. What is wrong with a block was reported by action/check_block.c: a block that
 * cannot be read is shown as the code it is.
 */
#ifndef OUTPUT_BLOCK_H
#define OUTPUT_BLOCK_H

#include "output/body.h"

/* What a block gets to be written. */
struct block {
	const struct view *view;
	struct worker *worker;
	const struct translation *t;
	const struct node *node;
	size_t language;       /* of the page; the text's own is t->language */
	struct locale *locale; /* of the text */
	unsigned number;       /* of the block in the page, from 1: for ids */
	/* Sets a citation mark for a reference ("data from …"), as facts in prose do. */
	void (*cite)(void *ctx, const struct reference *r, struct str place, struct buf *out);
	void *ctx;
};

/* True when `b->node` is one of the program's own blocks and was written; nothing was written otherwise. */
bool block_write(const struct block *b, struct buf *out);

/* The facts that a block of our own uses, as message arguments; those of a block that is shown as code, none.
 */
size_t block_facts(const struct message_arg **out, struct arena *a, const struct map *facts,
	const struct doc *doc, const struct node *block);

#endif
