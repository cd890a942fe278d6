/*
 * check_parity: what check_parity*.c share: a text as sections, a section as what it holds.
 *
 * Each text is walked once: every section keeps a sum for each kind of thing in it, so that what is equal is
 * seen at once. Only sections whose sums differ are walked again, to say what differs.
 */
#ifndef ACTION_CHECK_PARITY_H
#define ACTION_CHECK_PARITY_H

#include "action/check_impl.h"

/* What is compared, section by section. */
enum part {
	PART_CALLOUT, /* kinds, in order */
	PART_LIST,    /* kinds and lengths, in order */
	PART_BLOCK,   /* fenced blocks: the first word of the fence, in order */
	PART_LINK,    /* to sheets, with the section that they lead to: as a set, like all that follow */
	PART_CITE,    /* sources with their places */
	PART_FACT,    /* ids of facts */
	PART_NUMBER,  /* in running text; phones and register numbers too */
	PART_COUNT
};

struct part_section {
	struct str id;		  /* empty before the first heading */
	const struct node *first; /* heading, or first block; NULL when there is nothing */
	bool given;		  /* its id was written by a person, not made from the heading's text */
	uint64_t sums[PART_COUNT];
	struct str folded; /* its words, when there is a glossary */
};

/* One text, and the memory of the worker that looks at it. */
struct outline {
	const struct translation *t;
	struct part_section *sections; /* the opening first, which may be empty */
	size_t count;
	struct str folded; /* title and description, likewise */
};

void outline_make(struct outline *o, struct arena *a, const struct translation *t);

/* check_term.c: the glossary as it is looked for; NULL when there is none. */
struct vocabulary;
struct vocabulary *vocabulary_new(struct checker *k);
void outline_fold(struct outline *o, struct arena *a);

/* A translation beside its source text. */
struct pair {
	struct checker *k;
	struct worker *w;
	const struct vocabulary *vocabulary;
	struct outline source, text;
};

/* Where to point for a section as a whole. */
struct span section_place(const struct translation *t, const struct part_section *s);

/* check_parity_part.c: what differs in two sections that belong together. */
void compare_parts(struct pair *p, const struct part_section *source, const struct part_section *text);
/* The numbers of title and description. */
void compare_titles(struct pair *p);

/* The glossary's words in two sections that belong together (NULL: title and description). */
void compare_terms(struct pair *p, const struct part_section *source, const struct part_section *text);

/* The blocks of a section: `end` is the first that is none of its own. */
const struct node *section_end(const struct part_section *s);

#endif
