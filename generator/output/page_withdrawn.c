/* A sheet that was taken back: that it is, when, why, and what to read instead. Nothing of its text. */
#include "output/page_impl.h"

#include "site/withdrawal.h"

static void set_reason(struct page_writer *r, const struct translation *t)
{
	size_t language;
	struct str reason =
		withdrawal_reason(r->v->catalog, r->v->edition, r->p->sheet, t->language, &language);
	const struct language *l = page_language(r, language);

	if (!reason.n)
		return;
	page_set(r, r->data, "reason", value_str(reason));
	page_set(r, r->data, "reason_lang", value_str(l->spec.tag));
	page_set(r, r->data, "reason_dir", value_str(language_dir(l)));
}

/* A sheet that is withdrawn itself helps nobody; check reports it. */
static void set_replacement(struct page_writer *r)
{
	struct link link;
	const struct translation *t;
	struct value one;

	if (!withdrawal_replacement(&link, r->v->catalog, r->p->sheet, r->a) || link.kind != LINK_SHEET)
		return;
	t = graph_shown(&r->v->graph, r->p->language, link.target->sheet);
	if (!t)
		return;
	one = value_map(r->a);
	page_set(r, one, "title", value_str(t->title));
	page_set(r, one, "href",
		value_str(STR_CONCAT(
			r->a, t->slug, STR(".html"), link.anchor.n ? STR("#") : STR(""), link.anchor)));
	page_set(r, one, "lang", value_str(page_language(r, t->language)->spec.tag));
	page_set(r, one, "dir", value_str(language_dir(page_language(r, t->language))));
	page_set(r, r->data, "replacement", one);
}

void page_fill_withdrawn(struct page_writer *r)
{
	const struct translation *t = graph_page(&r->v->graph, r->p->language, r->p->sheet);
	const struct language *l = page_language(r, t->language);

	page_set_titles(r, t->title, (struct str){0});
	page_set(r, r->data, "is_withdrawn", value_bool(true));
	page_set(r, r->data, "content_lang", value_str(l->spec.tag));
	page_set(r, r->data, "content_dir", value_str(language_dir(l)));
	page_set_date(r, r->data, "withdrawn", "withdrawn_iso", r->p->sheet->withdrawn->date);
	set_reason(r, t);
	set_replacement(r);
}
