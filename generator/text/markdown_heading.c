/* The heading half of markdown_impl.h: levels are checked and every heading gets an id of its own. */
#include "text/markdown_impl.h"

/* Who has an id, and the number to try next when another heading wants the same. */
struct holder {
	struct span at;
	size_t next;
};

void heading_add(struct parse *p, struct node *n, struct span id)
{
	if (p->heading_count == p->heading_cap) {
		p->heading_cap = p->heading_cap ? p->heading_cap * 2 : 16;
		p->headings = heap_resize(&p->heap, p->headings, p->heading_cap * sizeof(*p->headings));
	}
	p->headings[p->heading_count++] = (struct heading){.node = n, .id = id};
}

void heading_forget_first(struct parse *p)
{
	if (!p->heading_count)
		return; /* of a plain text, whose headings get no ids */
	p->heading_count--;
	memmove(p->headings, p->headings + 1, p->heading_count * sizeof(*p->headings));
}

static void check_levels(struct parse *p)
{
	int before = 1;

	for (size_t i = 0; i < p->heading_count; i++) {
		const struct node *n = p->headings[i].node;

		if (n->level == 1) {
			diag_add(p->diag, RULE_MARKDOWN_HEADING_ONE, node_span(p->doc, n),
				"a heading of level 1; the page's title is the only one");
			diag_hint(p->diag, "begin with ##");
		} else if (n->level > before + 1) {
			diag_add(p->diag, RULE_MARKDOWN_HEADING_SKIP, node_span(p->doc, n),
				"a heading of level %d after one of level %d", n->level, before);
			diag_hint(p->diag, "write %.*s", before + 1, "######");
		}
		before = n->level;
	}
}

static bool is_id(struct str s)
{
	if (!s.n || s.p[0] < 'a' || s.p[0] > 'z')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

static void hold(struct parse *p, struct map *ids, struct str id, struct span at)
{
	struct holder *h = arena_new(p->arena, struct holder);

	*h = (struct holder){.at = at, .next = 2};
	map_put(ids, p->arena, id, h);
}

/* Ids that people wrote come first, so that those made from headings keep out of their way. */
static void take_written(struct parse *p, struct map *ids, struct heading *h)
{
	struct str id = str_slice(p->src->text, h->id.at, h->id.at + h->id.n);
	const struct holder *holder = map_get(ids, id);

	if (!is_id(id)) {
		diag_add(p->diag, RULE_MARKDOWN_ID, h->id,
			"this id is not of the right form; one is made from the heading instead");
		diag_hint(p->diag, "a to z, 0 to 9 and -, a letter first: {#what-happens}");
	} else if (holder) {
		diag_add(p->diag, RULE_MARKDOWN_DUPLICATE_ID, h->id,
			"the id “%.*s” is taken; one is made from the heading instead", STR_ARG(id));
		diag_other(p->diag, holder->at);
	} else {
		h->node->text = id;
		hold(p, ids, id, h->id);
	}
}

static struct str numbered(struct parse *p, struct map *ids, struct str base, struct holder *holder)
{
	for (;;) {
		struct str id = str_fmt(p->arena, "%.*s-%zu", STR_ARG(base), holder->next++);

		if (!map_get(ids, id))
			return id;
	}
}

static void make_id(struct parse *p, struct map *ids, struct node *n, struct buf *text)
{
	struct holder *holder;
	struct str id;

	buf_clear(text);
	node_text(text, n);
	id = text_slug(p->arena, buf_str(text));
	if (!id.n)
		id = STR("section");
	holder = map_get(ids, id);
	if (holder)
		id = numbered(p, ids, id, holder);
	n->text = id;
	hold(p, ids, id, node_span(p->doc, n));
}

void heading_finish(struct parse *p)
{
	struct map ids = {0};
	struct buf text;

	check_levels(p);
	buf_init(&text, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < p->heading_count; i++)
		if (p->headings[i].id.src)
			take_written(p, &ids, &p->headings[i]);
	for (size_t i = 0; i < p->heading_count; i++)
		if (!p->headings[i].node->text.n)
			make_id(p, &ids, p->headings[i].node, &text);
	buf_release(&text);
}
