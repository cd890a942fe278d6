/* Lists of sheets: a language's start page, and the staff's. */
#include "output/page_impl.h"

#include "output/contacts.h"

static void set_list(struct page_writer *r, const char *name, const char *has, struct value list, bool apart)
{
	page_set(r, r->data, name, list);
	page_set(r, r->data, has, value_bool(apart && list.list->len > 0));
}

/* An edition for one audience has one list: which sheets are also for others does not matter there. */
static void set_sheets(struct page_writer *r)
{
	const struct graph *g = &r->v->graph;
	struct value all = value_list(r->a), guardian = value_list(r->a), staff = value_list(r->a),
		     only = value_list(r->a), both = value_list(r->a);
	bool apart = !r->v->edition->audience;

	for (size_t i = 0; i < g->count[r->p->language]; i++) {
		const struct sheet *s = r->v->catalog->sheets[g->order[r->p->language][i]];
		struct value one = page_sheet(r, s);

		value_push(all, r->a, one);
		if (!graph_staff_only(s))
			value_push(guardian, r->a, one);
		if (s->audience & AUDIENCE_STAFF) {
			value_push(staff, r->a, one);
			value_push(graph_staff_only(s) ? only : both, r->a, one);
		}
	}
	page_set(r, r->data, "sheets", all);
	page_set(r, r->data, "sheet_count", value_int((int64_t)all.list->len));
	set_list(r, "guardian_sheets", "has_guardian", guardian, apart);
	set_list(r, "staff_sheets", "has_staff", staff, apart);
	set_list(r, "staff_only_sheets", "has_staff_only", only, apart);
	set_list(r, "both_sheets", "has_both", both, apart);
}

/* The numbers to ring first, for a reader who looks for nothing else. */
static void set_emergency(struct page_writer *r)
{
	struct contacts_maker m = {r->v, r->w, r->a, r->p->language, r->p->language, r->place};
	struct value emergency = contacts_emergency(&m);

	page_set(r, r->data, "emergency", emergency);
	page_set(r, r->data, "has_emergency", value_bool(emergency.list->len > 0));
}

void page_fill_index(struct page_writer *r)
{
	page_set_titles(r, page_phrase(r, "site.title"), page_phrase(r, "site.lead"));
	page_set(r, r->data, "is_index", value_bool(true));
	set_emergency(r);
	set_sheets(r);
}

void page_fill_staff(struct page_writer *r)
{
	page_set_titles(r, page_phrase(r, "staff.title"), page_phrase(r, "staff.lead"));
	page_set(r, r->data, "is_staff", value_bool(true));
	set_sheets(r);
}
