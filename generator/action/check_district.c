/* Districts: can their readers reach anybody, and does everything that is said of them come from somewhere?
 */
#include "action/check_impl.h"
#include "model/contacts.h"

static void check_known(struct checker *k, const char *what, struct str id, struct span at)
{
	const struct reference *r = map_get(&k->c->references, id);

	if (r) {
		mark_used(k->reference_used, r->index);
		return;
	}
	diag_add(k->d, RULE_SOURCE_UNKNOWN, at, "%s names a source “%.*s” that does not exist", what,
		STR_ARG(id));
	hint_nearest(k->d, &k->suggestions, &k->c->references, id,
		"sources are written in content/" REFERENCES_PATH);
}

static void check_programme(struct checker *k, const struct programme *p)
{
	if (p->source.n) {
		check_known(k, "the programme", p->source, p->at);
		return;
	}
	diag_add(k->d, RULE_PROGRAMME_NO_SOURCE, p->at, "the programme “%.*s” has no source",
		STR_ARG(p->name.in[k->c->config.source]));
	diag_hint(k->d, "name one of content/" REFERENCES_PATH " under “source”");
}

static bool has_phone(const struct district *d)
{
	for (size_t i = 0; i < d->contact_count; i++)
		if (d->contacts[i].kind == CONTACT_PHONE)
			return true;
	return false;
}

/* A number may have hours of its own. */
static bool has_hours(const struct district *d)
{
	for (size_t i = 0; i < d->contact_count; i++)
		if (d->contacts[i].week.len)
			return true;
	return d->week.len > 0;
}

static void check_contacts(struct checker *k, const struct district *d)
{
	struct str name = district_name(d, &k->c->config);

	if (!d->contact_count) {
		diag_add(k->d, RULE_DISTRICT_NO_CONTACTS, d->at,
			"the district “%.*s” has no contacts; its readers are told so", STR_ARG(name));
		diag_hint(k->d, "add at least “- phone: …” under “contacts”, and “hours”");
	} else if (!has_phone(d)) {
		diag_add(k->d, RULE_DISTRICT_NO_CONTACTS, d->at, "the district “%.*s” has no phone number%s",
			STR_ARG(name), has_hours(d) ? "" : " and no opening hours");
		diag_hint(k->d, "add “- phone: …” under “contacts”");
	} else if (!has_hours(d)) {
		diag_add(k->d, RULE_DISTRICT_NO_CONTACTS, d->at, "the district “%.*s” has no opening hours",
			STR_ARG(name));
		diag_hint(k->d, "add “hours: {mon-fri: 08:00-16:30}”");
	}
}

static void check_name(struct checker *k, struct map *names, const struct district *d)
{
	struct str name = district_name(d, &k->c->config);
	const struct district *twin = map_put(names, k->a, str_lower(k->a, name), (void *)d);

	if (!twin)
		return;
	diag_add(k->d, RULE_DISTRICT_NAME, d->at, "the district “%.*s” has the same name as “%.*s”: %.*s",
		STR_ARG(d->id), STR_ARG(twin->id), STR_ARG(name));
	diag_other(k->d, twin->at);
}

static void check_emergency(struct checker *k, const struct emergency *e)
{
	const struct fact *f = map_get(&k->c->facts, e->fact);

	if (!f && k->c->facts_unread)
		return;
	if (!f) {
		diag_add(k->d, RULE_FACT_UNKNOWN, e->at, "there is no fact “%.*s”; it was left out",
			STR_ARG(e->fact));
		hint_nearest(k->d, &k->suggestions, &k->c->facts, e->fact,
			"facts are written in content/" FACTS_PATH);
		return;
	}
	mark_used(k->fact_used, f->index);
	if (f->type == FACT_PHONE)
		return;
	diag_add(k->d, RULE_FACT_TYPE, e->at, "the fact “%.*s” is not a phone number; it was left out",
		STR_ARG(f->id));
	diag_other(k->d, f->at);
}

void check_districts(struct checker *k)
{
	const struct districts *ds = &k->c->districts;
	struct map names = {0};

	for (size_t i = 0; i < ds->emergency_count; i++)
		check_emergency(k, &ds->emergency[i]);
	for (size_t i = 0; i < ds->by_id.len; i++) {
		const struct district *d = district_at(ds, i);

		check_contacts(k, d);
		check_name(k, &names, d);
		if (d->source.n)
			check_known(k, "the district", d->source, d->at);
		for (size_t p = 0; p < d->programme_count; p++)
			check_programme(k, &d->programmes[p]);
	}
}

void check_contacts_block(struct text_check *c, const struct node *block)
{
	const struct map *districts = &c->k->c->districts.by_id;
	struct diag *d = &c->w->diag;
	struct contacts wanted;
	struct span at;

	if (!check_block_place(c, block, &at))
		return;
	if (!contacts_read(&wanted, &c->w->scratch, c->t->doc, block, d))
		return;
	if (!districts->len) {
		diag_add(d, RULE_DISTRICT_UNKNOWN, node_span(c->t->doc, block),
			"the site has no districts; the block is shown as code");
		diag_hint(d, "districts are written in content/" DISTRICTS_PATH);
		return;
	}
	if (!wanted.district.n || map_get(districts, wanted.district))
		return;
	diag_add(d, RULE_DISTRICT_UNKNOWN, wanted.district_at, "there is no district “%.*s”",
		STR_ARG(wanted.district));
	hint_nearest(d, &c->suggestions, districts, wanted.district,
		"districts are written in content/" DISTRICTS_PATH);
}
