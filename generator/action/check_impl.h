/*
 * check_impl: what the families of rules share. Private to check*.c.
 */
#ifndef ACTION_CHECK_IMPL_H
#define ACTION_CHECK_IMPL_H

#include "action/check.h"
#include "site/link.h"

struct checker {
	const struct catalog *c;
	const struct check_options *options;
	struct workers *workers;
	struct diag *d;
	struct arena *a;
	/* By index of fact, reference and media; set by many threads. */
	bool *fact_used, *reference_used, *media_used;
	bool myths;	      /* there are any; set by many threads */
	bool charts;	      /* there is one; set by many threads */
	unsigned suggestions; /* still to be looked for in what concerns the whole */
};

/* Looking for a near name takes time: so many of one text's are looked for, and so many of the whole's. */
#define SUGGESTIONS_OF_TEXT 20
#define SUGGESTIONS_OF_WHOLE 1000

/* One text on its way through the families that look at one. */
struct text_check {
	struct checker *k;
	struct worker *w;
	const struct translation *t;
	unsigned suggestions;
};

static inline void mark_used(bool *flags, size_t index)
{
	__atomic_store_n(&flags[index], true, __ATOMIC_RELAXED);
}

/* True when a suggestion for what was just reported is worth looking for: takes one. */
bool take_suggestion(const struct diag *d, unsigned *suggestions);
/* Adds "did you mean" to what was just reported, or another hint when nothing is near. */
void hint_nearest(struct diag *d, unsigned *suggestions, const struct map *names, struct str name,
	const char *otherwise);

/* Families that look at one text, on any worker. */
void check_text_links(struct text_check *c);
void check_text_facts(struct text_check *c);
void check_text_claims(struct text_check *c);
void check_text_plain(struct text_check *c);
void check_text_blocks(struct text_check *c);

/* A fact that a text or a block uses: does it exist, and can it be used like that? */
void check_fact_use(struct text_check *c, const struct message_arg *use);

/*
 * Where the YAML of a block of our own stands in the source. False after saying that it does not stand at the
 * margin, where its places would be known; it is then shown as code.
 */
bool check_block_place(struct text_check *c, const struct node *block, struct span *out) MUST_USE;

/* Blocks: check_block.c picks one by its name. */
void check_contacts_block(struct text_check *c, const struct node *block);

/* Families that look at the whole, on one thread, after the texts. */
void check_districts(struct checker *k); /* before check_facts(): it uses some */
void check_facts(struct checker *k);
void check_messages(struct checker *k);
void check_sheets(struct checker *k);
void check_freshness(struct checker *k);
void check_withdrawn(struct checker *k);
void check_templates(struct checker *k);
void check_site(struct checker *k);

/* The same, on every worker. */
void check_parity(struct checker *k);
void check_claim_wording(struct checker *k);

#endif
