/*
 * readability: how hard a text is to read, as LIX has it: words to a sentence, and how many words are long.
 *
 * What is measured is the running text as readers see it: paragraphs, list items and callouts, with ICU's
 * words and sentences. The end of a paragraph or list item ends a sentence. Headings, citations, code, fenced
 * blocks and text alternatives are left out; a phone or register number is one word, a fact whatever it is
 * shown as.
 *
 *	readability_measure(&r, locale, doc, NULL);
 *	lix = readability_lix(&r);
 */
#ifndef TEXT_READABILITY_H
#define TEXT_READABILITY_H

#include "text/doc.h"
#include "text/locale.h"

#define READABILITY_LONG_WORD 7 /* letters, from which on a word is long */

struct readability {
	size_t words, long_words, sentences;
};

/* Each may be NULL. */
struct readability_hooks {
	void *ctx;
	void (*fact)(void *ctx, const struct node *fact, struct buf *out); /* as shown; NULL: one word */
	void (*sentence)(void *ctx, struct span at, size_t words);
	void (*word)(void *ctx, struct span at, struct str word, size_t letters);
};

void readability_measure(struct readability *out, struct locale *l, const struct doc *doc,
	const struct readability_hooks *hooks);

/* Rounded; 0 without words. */
int readability_lix(const struct readability *r);

#endif
