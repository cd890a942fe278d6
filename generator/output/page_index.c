#include "output/page_impl.h"

void page_fill_index(struct page_writer *r)
{
	const struct graph *g = &r->v->graph;
	struct value all = value_list(r->a), guardian = value_list(r->a), staff = value_list(r->a);

	for (size_t i = 0; i < g->count[r->p->language]; i++) {
		const struct sheet *s = r->v->catalog->sheets[g->order[r->p->language][i]];
		struct value one = page_sheet(r, s);

		value_push(all, r->a, one);
		if (!s->audience || s->audience & AUDIENCE_GUARDIAN)
			value_push(guardian, r->a, one);
		if (s->audience & AUDIENCE_STAFF)
			value_push(staff, r->a, one);
	}
	page_set_titles(r, page_phrase(r, "site.title"), page_phrase(r, "site.lead"));
	page_set(r, r->data, "is_index", value_bool(true));
	page_set(r, r->data, "sheets", all);
	page_set(r, r->data, "sheet_count", value_int((int64_t)all.list->len));
	page_set(r, r->data, "guardian_sheets", guardian);
	page_set(r, r->data, "has_guardian", value_bool(guardian.list->len > 0));
	page_set(r, r->data, "staff_sheets", staff);
	page_set(r, r->data, "has_staff", value_bool(staff.list->len > 0));
}
