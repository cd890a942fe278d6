#include "action/plain.h"

struct reading {
	const struct catalog *c;
	struct locale *l;
	void (*sentence)(void *ctx, struct span at, size_t words);
	void (*word)(void *ctx, struct span at, struct str word, size_t letters);
	void *ctx;
};

bool plain_judges(const struct catalog *c, const struct translation *t)
{
	return c->config.plain.judged[t->language];
}

static const struct value *fact_value(void *ctx, struct str name)
{
	const struct reading *r = ctx;
	const struct fact *f = map_get(&r->c->facts, name);

	return f ? &f->value : NULL;
}

static void show_fact(void *ctx, const struct node *n, struct buf *out)
{
	struct message_scope scope = {fact_value, ctx};
	const struct reading *r = ctx;

	if (n->message)
		message_format(n->message, r->l, &scope, out);
}

static void sentence(void *ctx, struct span at, size_t words)
{
	const struct reading *r = ctx;

	if (r->sentence)
		r->sentence(r->ctx, at, words);
}

static void word(void *ctx, struct span at, struct str text, size_t letters)
{
	const struct reading *r = ctx;

	if (r->word)
		r->word(r->ctx, at, text, letters);
}

struct readability plain_measure(const struct catalog *c, struct worker *w, const struct translation *t,
	void (*on_sentence)(void *ctx, struct span at, size_t words),
	void (*on_word)(void *ctx, struct span at, struct str word, size_t letters), void *ctx)
{
	struct reading r = {c, worker_locale(w, t->language), on_sentence, on_word, ctx};
	struct readability_hooks hooks = {&r, show_fact, sentence, word};
	struct readability result;

	readability_measure(&result, r.l, t->doc, &hooks);
	return result;
}
