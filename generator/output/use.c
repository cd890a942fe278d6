#include "output/use.h"

#include "output/block.h"

struct finder {
	const struct catalog *c;
	struct arena *a;
	struct use *uses;
	uint32_t sheet; /* being looked at */
};

/* Sheets are looked at one after the other: what was noted for this one is the last. */
static void note(struct finder *f, struct str id)
{
	const struct reference *r = map_get(&f->c->references, id);
	struct use *u = r ? &f->uses[r->index] : NULL;

	if (!u || (u->count && u->sheets[u->count - 1] == f->sheet))
		return;
	u->sheets = arena_grow(f->a, u->sheets, u->count, &u->cap, sizeof(*u->sheets));
	u->sheets[u->count++] = f->sheet;
}

static void note_fact(struct finder *f, struct str id)
{
	const struct fact *fact = map_get(&f->c->facts, id);

	if (fact)
		note(f, fact->source);
}

static void note_block(struct finder *f, const struct doc *doc, const struct node *n)
{
	const struct message_arg *uses;
	size_t count = block_facts(&uses, f->a, &f->c->facts, doc, n);

	for (size_t i = 0; i < count; i++)
		note_fact(f, uses[i].name);
}

static void note_node(struct finder *f, const struct doc *doc, const struct node *n)
{
	const struct message_arg *args;
	size_t count;

	if (n->kind == NODE_CITE)
		note(f, n->url);
	if (n->kind == NODE_CODE_BLOCK && n->url.n)
		note_block(f, doc, n);
	if (n->kind != NODE_FACT || !n->message)
		return;
	count = message_args(n->message, &args);
	for (size_t i = 0; i < count; i++)
		note_fact(f, args[i].name);
}

static void note_text(struct finder *f, const struct translation *t)
{
	for (const struct node *n = t->doc->root; n; n = node_next(n, t->doc->root))
		note_node(f, t->doc, n);
	for (size_t i = 0; i < t->source_count; i++)
		note(f, t->sources[i]);
}

static void note_list(
	struct finder *f, const struct graph *g, size_t language, const uint32_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		f->sheet = list[i];
		note_text(f, graph_shown(g, language, g->catalog->sheets[list[i]]));
	}
}

struct use *use_find(const struct graph *g, struct arena *a, size_t language)
{
	struct finder f = {.c = g->catalog, .a = a};

	f.uses = arena_new_n(a, struct use, f.c->references.len);
	note_list(&f, g, language, g->order[language], g->count[language]);
	note_list(&f, g, language, g->extra[language], g->extra_count[language]);
	return f.uses;
}
