/* Claims: the fact comes first, then the myth, then why it misleads. */
#include "action/check_impl.h"

static bool is_callout(const struct node *n, enum callout c)
{
	return n && n->kind == NODE_CALLOUT && n->callout == c;
}

void check_text_claims(struct text_check *c)
{
	const struct translation *t = c->t;
	struct diag *d = &c->w->diag;

	for (const struct node *n = t->doc->root; n; n = node_next(n, t->doc->root)) {
		if (!is_callout(n, CALLOUT_MYTH))
			continue;
		if (!is_callout(node_prev(n), CALLOUT_FACT)) {
			diag_add(d, RULE_CLAIM_ORDER, node_span(t->doc, n),
				"a myth without its fact right before it");
			diag_hint(d,
				"readers remember what they read first: put “> [!FACT]” before “> [!MYTH]”");
		} else if (!is_callout(n->next, CALLOUT_WHY)) {
			diag_add(d, RULE_CLAIM_ORDER, node_span(t->doc, n),
				"a myth that is not followed by why it misleads");
			diag_hint(d, "put “> [!WHY]” right after “> [!MYTH]”");
		}
	}
}
