/* Claims: the fact comes first, then the myth, then why it misleads, which ends where it began: with the
 * fact. */
#include "action/check_impl.h"

#include "text/fold.h"

static bool is_callout(const struct node *n, enum callout c)
{
	return n && n->kind == NODE_CALLOUT && n->callout == c;
}

/*
 * Words shorter than this are in every text. Of longer ones so many letters are looked for, anywhere in a
 * word: many languages put article, preposition or pronoun in front.
 */
#define TELLING_LETTERS 4
#define TELLING_STEM 4
/* A fact of fewer telling words is not compared. */
#define TELLING_MIN 4
/* So many of the fact's words in the explanation are the fact again. */
#define TELLING_SHARED 2

static struct str folded_text(struct arena *a, const struct node *n)
{
	struct str folded;
	struct buf b;

	buf_init(&b, BUF_MAX_DEFAULT);
	node_text(&b, n);
	folded = text_fold(a, buf_str(&b));
	buf_release(&b);
	return folded;
}

/* Whether the explanation says the fact again, or the fact follows once more. */
static bool comes_back(struct arena scratch, const struct node *fact, const struct node *why)
{
	struct str rest = folded_text(&scratch, fact), again = folded_text(&scratch, why), word;
	struct map telling = {0};
	size_t shared = 0;

	if (is_callout(why->next, CALLOUT_FACT))
		return true;
	while (str_cut(&rest, ' ', &word))
		if (word_length(word) >= TELLING_LETTERS)
			map_put(&telling, &scratch, word_prefix(word, TELLING_STEM), &telling);
	for (size_t i = 0; i < telling.len && shared < TELLING_SHARED; i++)
		shared += str_find(again, telling.entries[i].key) < again.n;
	return telling.len < TELLING_MIN || shared == TELLING_SHARED;
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
