/* Claims: the fact comes first, then the myth, then why it misleads, which ends where it began: with the
 * fact. */
#include "action/check_impl.h"

#include "text/fold.h"

static bool is_callout(const struct node *n, enum callout c)
{
	return n && n->kind == NODE_CALLOUT && n->callout == c;
}

/* Words shorter than this are in every text; of longer ones, so many letters are compared. */
#define TELLING_LETTERS 4
#define TELLING_STEM 5
/* A fact of fewer telling words is not compared. */
#define TELLING_MIN 4
/* So many of the fact's words in the explanation are the fact again. */
#define TELLING_SHARED 2

static size_t telling_words(struct arena *a, const struct node *n, struct map *out)
{
	struct str *words;
	size_t count;
	struct buf b;

	buf_init(&b, BUF_MAX_DEFAULT);
	node_text(&b, n);
	count = text_words(a, buf_str(&b), &words);
	buf_release(&b);
	for (size_t i = 0; i < count; i++)
		if (word_length(words[i]) >= TELLING_LETTERS)
			map_put(out, a, word_prefix(words[i], TELLING_STEM), out);
	return out->len;
}

/* Whether the explanation says the fact again, or the fact follows once more. */
static bool comes_back(struct arena scratch, const struct node *fact, const struct node *why)
{
	struct map of_fact = {0}, of_why = {0};
	size_t shared = 0;

	if (is_callout(why->next, CALLOUT_FACT))
		return true;
	if (telling_words(&scratch, fact, &of_fact) < TELLING_MIN)
		return true;
	telling_words(&scratch, why, &of_why);
	for (size_t i = 0; i < of_fact.len; i++)
		shared += map_has(&of_why, of_fact.entries[i].key);
	return shared >= TELLING_SHARED;
}

static void check_myth(struct text_check *c, const struct node *n)
{
	const struct translation *t = c->t;
	struct diag *d = &c->w->diag;

	if (!is_callout(node_prev(n), CALLOUT_FACT)) {
		diag_add(
			d, RULE_CLAIM_ORDER, node_span(t->doc, n), "a myth without its fact right before it");
		diag_hint(d, "readers remember what they read first: put “> [!FACT]” before “> [!MYTH]”");
	} else if (!is_callout(n->next, CALLOUT_WHY)) {
		diag_add(d, RULE_CLAIM_ORDER, node_span(t->doc, n),
			"a myth that is not followed by why it misleads");
		diag_hint(d, "put “> [!WHY]” right after “> [!MYTH]”");
	} else if (!comes_back(c->w->scratch, node_prev(n), n->next)) {
		diag_add(d, RULE_CLAIM_RETURN, node_span(t->doc, n->next),
			"the explanation does not come back to the fact");
		diag_other(d, node_span(t->doc, node_prev(n)));
		diag_hint(d, "readers remember what they read last: end by saying the fact again");
	}
}

void check_text_claims(struct text_check *c)
{
	const struct node *root = c->t->doc->root;

	for (const struct node *n = root; n; n = node_next(n, root))
		if (is_callout(n, CALLOUT_MYTH)) {
			__atomic_store_n(&c->k->myths, true, __ATOMIC_RELAXED);
			check_myth(c, n);
		}
}
