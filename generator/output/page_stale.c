/* What a reader is told when the source changed after a text was translated. */
#include "output/page_impl.h"

/* The headings of the translation, by their ids. */
struct headings {
	struct map nodes; /* to struct node */
	struct map toc;	  /* to the struct value of its line */
};

static struct headings headings(struct page_writer *r, const struct translation *t, struct value toc)
{
	struct headings h = {0};

	for (struct node *n = t->doc->root->first; n; n = n->next)
		if (n->kind == NODE_HEADING)
			map_put(&h.nodes, r->a, n->text, n);
	for (size_t i = 0; i < toc.list->len; i++)
		map_put(&h.toc, r->a, value_get(&toc.list->items[i], STR("id"))->text, &toc.list->items[i]);
	return h;
}

/* As the table of contents has it, with facts formatted; it has not every level. */
static struct str own_title(struct page_writer *r, const struct headings *h, const struct node *heading)
{
	const struct value *line = map_get(&h->toc, heading->text);
	struct buf text;
	struct str title;

	if (line)
		return value_get(line, STR("title"))->text;
	buf_init(&text, BUF_MAX_DEFAULT);
	node_text(&text, heading);
	title = str_dup(r->a, buf_str(&text));
	buf_release(&text);
	return title;
}

static struct value section_value(
	struct page_writer *r, struct str id, struct str title, struct str href, size_t language)
{
	const struct language *l = page_language(r, language);
	struct value one = value_map(r->a);

	page_set(r, one, "id", value_str(id));
	page_set(r, one, "title", value_str(title));
	page_set(r, one, "href", value_str(href)); /* even when empty */
	page_set(r, one, "lang", value_str(l->spec.tag));
	page_set(r, one, "dir", value_str(language_dir(l)));
	page_set(r, one, "is_title", value_bool(str_is(id, SECTION_TITLE)));
	page_set(r, one, "is_intro", value_bool(str_is(id, SECTION_INTRO)));
	return one;
}

/* A section that only the source has: there, when the edition has it. */
static struct value source_value(struct page_writer *r, const struct lag *lag)
{
	size_t source = r->v->catalog->config.source;
	struct str href = {0};

	if (edition_has_language(r->v->edition, source) && graph_own(&r->v->graph, source, r->p->sheet))
		href = STR_CONCAT(
			r->a, view_href(r->v, r->a, r->place, source, r->p->sheet), STR("#"), lag->section);
	return section_value(r, lag->section, lag->title, href, source);
}

static bool is_unnamed(struct str section)
{
	return str_is(section, SECTION_TITLE) || str_is(section, SECTION_INTRO);
}

static void push_lag(struct page_writer *r, struct value list, const struct translation *t,
	const struct lag *lag, const struct headings *own)
{
	const struct node *heading = map_get(&own->nodes, lag->section);

	if (heading)
		value_push(list, r->a,
			section_value(r, lag->section, own_title(r, own, heading),
				str_join(r->a, STR("#"), lag->section), t->language));
	else if (is_unnamed(lag->section))
		value_push(list, r->a,
			section_value(r, lag->section, (struct str){0}, (struct str){0}, t->language));
	else if (lag->title.n)
		value_push(list, r->a, source_value(r, lag));
}

void page_set_stale(struct page_writer *r, const struct translation *t, struct value toc)
{
	const struct freshness *f = t->freshness;
	struct headings own;
	struct value list;

	if (!f || !f->lag_count || t->language != r->p->language)
		return;
	own = headings(r, t, toc);
	list = value_list(r->a);
	for (size_t i = 0; i < f->lag_count; i++)
		push_lag(r, list, t, &f->lags[i], &own);
	page_set(r, r->data, "stale", value_bool(true));
	page_set(r, r->data, "stale_sections", list);
	page_set(r, r->data, "has_stale_sections", value_bool(list.list->len > 0));
	page_set(r, r->data, "stale_count", value_int((int64_t)list.list->len));
}
