#include "output/page_impl.h"

#include "output/body.h"

static void set_neighbour(struct page_writer *r, const char *name, const struct sheet *s)
{
	const struct translation *t;
	struct value one;

	if (!s)
		return;
	t = graph_shown(&r->v->graph, r->p->language, s);
	one = value_map(r->a);
	page_set(r, one, "title", value_str(t->title));
	page_set(r, one, "href", value_str(STR_CONCAT(r->a, t->slug, STR(".html"))));
	page_set(r, one, "lang", value_str(page_language(r, t->language)->spec.tag));
	page_set(r, one, "dir", value_str(language_dir(page_language(r, t->language))));
	page_set(r, r->data, name, one);
}

/*
 * The places in the page where a reference is cited, to lead back to them; and whether any of them names
 * a place in the reference, which is worth reading on paper too.
 */
static void set_back_links(
	struct page_writer *r, struct value source, const struct body *b, const struct body_cited *cited)
{
	struct value list = value_list(r->a);
	bool located = false;

	for (size_t mark = cited->first; mark; mark = b->marks[mark - 1].next) {
		struct str place = b->marks[mark - 1].place;
		struct value one = value_map(r->a);

		page_set(r, one, "href", value_str(str_fmt(r->a, "#ref-%zu", mark)));
		page_set(
			r, one, "label", place.n ? value_str(place) : value_int((int64_t)list.list->len + 1));
		located |= place.n > 0;
		value_push(list, r->a, one);
	}
	page_set(r, source, "refs", list);
	page_set(r, source, "cited", value_bool(list.list->len > 0));
	page_set(r, source, "located", value_bool(located));
}
static struct value numbered(struct page_writer *r, const struct reference *s, size_t number)
{
	struct value one = page_source(r, s);

	page_set(r, one, "number", value_int((int64_t)number));
	page_set(r, one, "anchor", value_str(str_fmt(r->a, "source-%zu", number)));
	return one;
}

/* What the text cites, in order, then what the whole sheet rests on. */
static void set_sources(struct page_writer *r, struct body *b, const struct translation *t)
{
	struct value list = value_list(r->a);

	for (size_t i = 0; i < b->cited_count; i++) {
		struct value one = numbered(r, b->cited[i].reference, i + 1);

		set_back_links(r, one, b, &b->cited[i]);
		value_push(list, r->a, one);
	}
	for (size_t i = 0; i < t->source_count; i++) {
		const struct reference *s = map_get(&r->v->catalog->references, t->sources[i]);

		if (s && !map_put(&b->numbers, r->a, s->id, b))
			value_push(list, r->a, numbered(r, s, list.list->len + 1));
	}
	page_set(r, r->data, "sources", list);
	page_set(r, r->data, "has_sources", value_bool(list.list->len > 0));
}

/* Whether the list that this sheet stands in is the staff's page, not the start page. */
static bool is_among_staff(const struct page_writer *r)
{
	return r->v->graph.apart && graph_staff_only(r->p->sheet) && page_wanted(&r->v->graph, PAGE_STAFF);
}

/* How to report an error in this text: straight to whoever takes reports, else the page that says how. */
static void set_report(struct page_writer *r, const struct translation *t)
{
	const struct sender *s = &r->v->catalog->config.sender;
	const struct value *page = value_get(&r->data, STR("report_page_href"));

	page_set(r, r->data, "is_report", value_bool(r->p->sheet == r->v->report));
	if (s->feedback.n)
		page_set(r, r->data, "report_href",
			value_str(sender_report(s, r->a, t->title, t->slug,
				page_language(r, t->language)->spec.tag, t->reviewed)));
	else if (page)
		page_set(r, r->data, "report_href", *page);
}

void page_fill_sheet(struct page_writer *r)
{
	const struct translation *t = graph_shown(&r->v->graph, r->p->language, r->p->sheet);
	const struct language *l = page_language(r, t->language);
	struct body body;

	body_render(&body, r->v, r->w, t, r->p->language);
	page_set_titles(r, t->title, t->description);
	page_set(r, r->data, "is_sheet", value_bool(true));
	set_report(r, t);
	page_set(r, r->data, "is_page", value_bool(r->p->sheet->page));
	page_set(r, r->data, "in_staff", value_bool(is_among_staff(r)));
	page_set(r, r->data, "body", value_str(body.html));
	page_set(r, r->data, "content_lang", value_str(l->spec.tag));
	page_set(r, r->data, "content_dir", value_str(language_dir(l)));
	page_set_fallback(r, r->data, t);
	page_set(r, r->data, "machine", value_bool(t->status == STATUS_MACHINE));
	page_set(r, r->data, "translated", value_bool(t->status == STATUS_TRANSLATED));
	page_set_date(r, r->data, "reviewed", "reviewed_iso", t->reviewed);
	page_set_date(r, r->data, "review_by", "review_by_iso", t->review_by);
	page_set_audience(r, r->data, r->p->sheet);
	page_set(r, r->data, "toc", body.toc);
	page_set(r, r->data, "has_toc", value_bool(body.toc.list->len > 2));
	page_set_stale(r, t, body.toc);
	set_sources(r, &body, t);
	set_neighbour(r, "previous", graph_previous(&r->v->graph, r->p->language, r->p->sheet));
	set_neighbour(r, "next", graph_next(&r->v->graph, r->p->language, r->p->sheet));
}

void page_fill_alias(struct page_writer *r)
{
	const struct translation *t = graph_page(&r->v->graph, r->p->language, r->p->sheet);

	page_set_titles(r, t->title, t->description);
	page_set(r, r->data, "is_alias", value_bool(true));
	page_set(r, r->data, "href", value_str(STR_CONCAT(r->a, t->slug, STR(".html"))));
}
