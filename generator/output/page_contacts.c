/* "Who do I call?": the numbers for emergencies, then every district; an edition's own district first. */
#include "output/page_impl.h"

#include "output/contacts.h"

void page_fill_contacts(struct page_writer *r)
{
	struct contacts_maker m = {r->v, r->w, r->a, r->p->language, r->p->language, r->place};
	const struct districts *ds = &r->v->catalog->districts;
	const struct district *own = r->v->edition->district;
	struct value first = value_list(r->a), others = value_list(r->a), jump = value_list(r->a);
	struct value emergency = contacts_emergency(&m);

	if (own) {
		value_push(first, r->a, contacts_district(&m, own));
		value_push(jump, r->a, contacts_district_brief(&m, own));
	}
	for (size_t i = 0; i < ds->by_id.len; i++) {
		const struct district *d = district_at(ds, i);

		if (d == own)
			continue;
		value_push(own ? others : first, r->a, contacts_district(&m, d));
		value_push(jump, r->a, contacts_district_brief(&m, d));
	}
	page_set_titles(r, page_phrase(r, "contacts.title"), page_phrase(r, "contacts.lead"));
	page_set(r, r->data, "is_contacts", value_bool(true));
	page_set(r, r->data, "emergency", emergency);
	page_set(r, r->data, "has_emergency", value_bool(emergency.list->len > 0));
	page_set(r, r->data, "jump", jump);
	page_set(r, r->data, "districts", first);
	page_set(r, r->data, "other_districts", others);
	page_set(r, r->data, "has_other_districts", value_bool(others.list->len > 0));
}
