#include "output/contacts.h"

#include "model/contacts.h"
#include "output/page.h"

#define TEXT_MAX_BYTES ((size_t)64 << 10)
#define FULL_WEEK ((1u << DAYS_OF_WEEK) - 1)
#define MINUTE_MS ((int64_t)60000)

static const struct config *config_of(const struct contacts_maker *m)
{
	return &m->v->catalog->config;
}

static void set(const struct contacts_maker *m, struct value map, const char *name, struct value value)
{
	value_set(map, m->a, str_from(name), value);
}

static void set_str(const struct contacts_maker *m, struct value map, const char *name, struct str s)
{
	set(m, map, name, value_str(s));
}

/* `name`, `name_lang`, `name_dir`: what is in another language than the page says so. */
static void set_in(
	const struct contacts_maker *m, struct value map, const char *name, struct str text, size_t language)
{
	const struct language *l = &config_of(m)->languages[language];
	struct str stem = str_from(name);

	value_set(map, m->a, stem, value_str(text));
	value_set(map, m->a, str_join(m->a, stem, STR("_lang")), value_str(l->spec.tag));
	value_set(map, m->a, str_join(m->a, stem, STR("_dir")), value_str(language_dir(l)));
}

static void set_texts(
	const struct contacts_maker *m, struct value map, const char *name, const struct texts *t)
{
	size_t found;
	struct str text = texts_find(t, config_of(m), m->language, &found);

	set_in(m, map, name, text, found);
}

/* A phrase that stays. */
static struct str phrase(const struct contacts_maker *m, const char *key, struct value args)
{
	return str_dup(m->a, view_phrase(m->v, m->w, m->language, key, args));
}

/* Hours */

static struct str kept(const struct contacts_maker *m, struct buf *text)
{
	struct str s = str_dup(m->a, buf_str(text));

	buf_release(text);
	return s;
}

/* 1 January 2024 was a Monday. */
static struct str day_name(const struct contacts_maker *m, int day)
{
	struct buf text;

	buf_init(&text, TEXT_MAX_BYTES);
	if (!locale_date(worker_locale(m->w, m->language), value_date((struct date){2024, 1, 1 + day}), false,
		    STR("::EEEE"), &text))
		buf_fail(&text);
	return kept(m, &text);
}

static struct str clock_time(const struct contacts_maker *m, uint16_t minutes)
{
	struct buf text;

	buf_init(&text, TEXT_MAX_BYTES);
	if (!locale_date(worker_locale(m->w, m->language), value_time(minutes * MINUTE_MS), true, STR("::Hm"),
		    &text))
		buf_fail(&text);
	return kept(m, &text);
}

static struct str from_to(const struct contacts_maker *m, const char *key, struct str from, struct str to)
{
	struct value args = value_map(m->a);

	set_str(m, args, "from", from);
	set_str(m, args, "to", to);
	return phrase(m, key, args);
}

static struct str listed(const struct contacts_maker *m, const struct str *items, size_t count)
{
	struct buf text;

	if (count == 1)
		return items[0];
	buf_init(&text, TEXT_MAX_BYTES);
	if (!locale_list(worker_locale(m->w, m->language), items, count, STR("and"), &text))
		buf_fail(&text);
	return kept(m, &text);
}

/* Days in a row are a range, from three of them on. */
static struct str days_text(const struct contacts_maker *m, unsigned days)
{
	struct str parts[DAYS_OF_WEEK];
	size_t count = 0;
	int day = 0;

	if (days == FULL_WEEK)
		return phrase(m, "hours.daily", value_null());
	while (day < DAYS_OF_WEEK) {
		int end = day;

		while (end < DAYS_OF_WEEK && days & 1u << end)
			end++;
		if (end - day > 2) {
			parts[count++] = from_to(m, "hours.days", day_name(m, day), day_name(m, end - 1));
			day = end;
		} else if (end > day) {
			parts[count++] = day_name(m, day);
			day++;
		} else {
			day++;
		}
	}
	return listed(m, parts, count);
}

static struct str times_text(const struct contacts_maker *m, const struct hours *h)
{
	struct str *parts = arena_new_n(m->a, struct str, h->time_count);

	for (size_t i = 0; i < h->time_count; i++) {
		const struct open_time *t = &h->times[i];

		parts[i] = t->from == 0 && t->to == 24 * 60
				   ? phrase(m, "hours.always", value_null())
				   : from_to(m, "hours.times", clock_time(m, t->from), clock_time(m, t->to));
	}
	return listed(m, parts, h->time_count);
}

static struct value week_value(const struct contacts_maker *m, const struct week *week)
{
	struct value list = value_list(m->a);

	for (size_t i = 0; i < week->len; i++) {
		struct value one = value_map(m->a);

		set_str(m, one, "days", days_text(m, week->items[i].days));
		set_str(m, one, "times", times_text(m, &week->items[i]));
		value_push(list, m->a, one);
	}
	return list;
}

/* Contacts */

/* What a phone dials: its digits, and the plus of a country. */
static struct str tel_link(const struct contacts_maker *m, struct str number)
{
	struct buf link;

	buf_init(&link, TEXT_MAX_BYTES);
	buf_addz(&link, "tel:");
	for (size_t i = 0; i < number.n; i++)
		if (number.p[i] == '+' || (number.p[i] >= '0' && number.p[i] <= '9'))
			buf_addc(&link, number.p[i]);
	return kept(m, &link);
}

static struct str contact_link(const struct contacts_maker *m, const struct contact *c)
{
	switch (c->kind) {
	case CONTACT_PHONE:
		return tel_link(m, c->value);
	case CONTACT_EMAIL:
		return str_join(m->a, STR("mailto:"), c->value);
	case CONTACT_WEB:
		return c->value;
	default:
		return (struct str){0};
	}
}

/* The message "contact.<name>", when there is one. */
static bool set_message(const struct contacts_maker *m, struct value map, struct str name)
{
	struct str key = str_join(m->a, STR("contact."), name);
	size_t found;

	if (!catalog_phrase(m->v->catalog, m->language, key, &found))
		return false;
	set_in(m, map, "label", phrase(m, str_z(m->a, key), value_null()), found);
	return true;
}

/* Its own, a message that it names, or what such a thing is called. */
static void set_label(const struct contacts_maker *m, struct value map, const struct contact *c)
{
	size_t found;
	struct str own = texts_find(&c->label, config_of(m), m->language, &found);
	struct str kind = str_from(contact_kind_name(c->kind));

	if (own.n && !(c->label.single && set_message(m, map, own)))
		set_in(m, map, "label", own, found);
	else if (!own.n && !set_message(m, map, kind))
		set_in(m, map, "label", kind, config_of(m)->source);
}

static struct value contact_value(const struct contacts_maker *m, const struct contact *c)
{
	struct value one = value_map(m->a), hours = week_value(m, &c->week);

	set(m, one, "is_phone", value_bool(c->kind == CONTACT_PHONE));
	set(m, one, "is_email", value_bool(c->kind == CONTACT_EMAIL));
	set(m, one, "is_web", value_bool(c->kind == CONTACT_WEB));
	set(m, one, "is_address", value_bool(c->kind == CONTACT_ADDRESS));
	set_label(m, one, c);
	set_in(m, one, "value", c->value, config_of(m)->source);
	set_str(m, one, "link", contact_link(m, c));
	set(m, one, "hours", hours);
	set(m, one, "has_hours", value_bool(hours.list->len > 0));
	return one;
}

struct value contacts_emergency(const struct contacts_maker *m)
{
	const struct districts *ds = &m->v->catalog->districts;
	struct value list = value_list(m->a);

	for (size_t i = 0; i < ds->emergency_count; i++) {
		const struct fact *f = map_get(&m->v->catalog->facts, ds->emergency[i].fact);
		struct value one;

		if (!f || f->type != FACT_PHONE)
			continue;
		one = value_map(m->a);
		if (!set_message(m, one, f->id))
			set_in(m, one, "label", f->note, config_of(m)->source);
		set_str(m, one, "number", f->value.text);
		set_str(m, one, "link", tel_link(m, f->value.text));
		value_push(list, m->a, one);
	}
	return list;
}

/* Programmes */

static struct str ages_text(const struct contacts_maker *m, const struct programme *p)
{
	struct value args = value_map(m->a);

	if (p->age_from == AGE_NONE)
		return (struct str){0};
	set(m, args, "from", value_int(p->age_from));
	if (p->age_to == AGE_NONE)
		return phrase(m, "programme.ages_from", args);
	set(m, args, "to", value_int(p->age_to));
	return phrase(m, "programme.ages", args);
}

static struct str status_text(const struct contacts_maker *m, const struct programme *p)
{
	const char *name = programme_status_name(p->status);

	if (!*name)
		return (struct str){0};
	return phrase(m, str_z(m->a, str_join(m->a, STR("programme."), str_from(name))), value_null());
}

static struct value programme_value(const struct contacts_maker *m, const struct programme *p)
{
	struct value one = value_map(m->a);

	set_texts(m, one, "name", &p->name);
	set_texts(m, one, "note", &p->note);
	set_str(m, one, "ages", ages_text(m, p));
	set_str(m, one, "status", status_text(m, p));
	set_str(m, one, "status_name", str_from(programme_status_name(p->status)));
	set_str(m, one, "url", p->url);
	return one;
}

static void push_source(
	const struct contacts_maker *m, struct value list, struct map *seen, struct str id, struct str place)
{
	const struct reference *r = map_get(&m->v->catalog->references, id);
	struct str source = config_of(m)->languages[config_of(m)->source].spec.tag;
	struct value one;

	if (!r || map_put(seen, m->a, STR_CONCAT(m->a, id, STR("\n"), place), seen))
		return;
	one = value_map(m->a);
	set_str(m, one, "title", r->title);
	set_str(m, one, "title_lang", r->language.n ? r->language : source);
	set_str(m, one, "register", r->number);
	set_str(m, one, "source_url", r->url);
	set_str(m, one, "place", place);
	set(m, one, "date", r->date.year ? value_date(r->date) : value_null());
	value_push(list, m->a, one);
}

/* Where it says so, each place once. */
static struct value programme_sources(const struct contacts_maker *m, const struct district *d)
{
	struct value list = value_list(m->a);
	struct map seen = {0};

	for (size_t i = 0; i < d->programme_count; i++)
		push_source(m, list, &seen, d->programmes[i].source, d->programmes[i].place);
	return list;
}

/* Districts */

static bool has_page(const struct view *v)
{
	return page_wanted(&v->graph, PAGE_CONTACTS);
}

static struct str page_of_contacts(const struct contacts_maker *m)
{
	return STR_CONCAT(m->a, m->v->root[m->place], view_folder(m->v, m->page), STR("/"),
		str_from(page_file(PAGE_CONTACTS)), STR(".html"));
}

struct value contacts_district_brief(const struct contacts_maker *m, const struct district *d)
{
	struct value one = value_map(m->a);
	struct str page = has_page(m->v) ? page_of_contacts(m) : (struct str){0};

	set_str(m, one, "id", d->id);
	set_texts(m, one, "name", &d->name);
	set_str(m, one, "anchor", STR_CONCAT(m->a, STR("#"), d->id));
	set_str(m, one, "href", page.n ? STR_CONCAT(m->a, page, STR("#"), d->id) : page);
	return one;
}

/* `show`: which kinds of contacts, and hours; programmes are the template's business. */
static struct value district_value(const struct contacts_maker *m, const struct district *d, unsigned show)
{
	struct value one = contacts_district_brief(m, d), contacts = value_list(m->a),
		     programmes = value_list(m->a);
	struct value hours = week_value(m, show & SHOW_HOURS ? &d->week : &(struct week){0}),
		     sources = value_list(m->a);
	struct map seen = {0};

	for (size_t i = 0; i < d->contact_count; i++)
		if (show & 1u << d->contacts[i].kind)
			value_push(contacts, m->a, contact_value(m, &d->contacts[i]));
	for (size_t i = 0; show & SHOW_PROGRAMMES && i < d->programme_count; i++)
		value_push(programmes, m->a, programme_value(m, &d->programmes[i]));
	push_source(m, sources, &seen, d->source, d->place);
	set(m, one, "contacts", contacts);
	set(m, one, "has_contacts", value_bool(d->contact_count > 0));
	set(m, one, "hours", hours);
	set(m, one, "has_hours", value_bool(hours.list->len > 0));
	set_texts(m, one, "note", &d->note);
	set(m, one, "programmes", programmes);
	set(m, one, "has_programmes", value_bool(programmes.list->len > 0));
	set(m, one, "programme_sources", programme_sources(m, d));
	set(m, one, "contact_sources", sources);
	set(m, one, "checked", d->checked.year ? value_date(d->checked) : value_null());
	set(m, one, "checked_iso", d->checked.year ? value_str(date_iso(m->a, d->checked)) : value_null());
	return one;
}

struct value contacts_district(const struct contacts_maker *m, const struct district *d)
{
	return district_value(m, d, SHOW_BY_DEFAULT | SHOW_PROGRAMMES);
}

/* After a sheet, whom to ring and when; everything where there is nobody to ring. */
static unsigned shown_with_sheets(const struct district *d)
{
	for (size_t i = 0; i < d->contact_count; i++)
		if (d->contacts[i].kind == CONTACT_PHONE)
			return 1u << CONTACT_PHONE | SHOW_HOURS;
	return SHOW_BY_DEFAULT;
}

void contacts_share(const struct contacts_maker *m, struct value all)
{
	const struct district *d = m->v->edition->district;

	set(m, all, "district", contacts_district_brief(m, d));
	set(m, all, "call", district_value(m, d, shown_with_sheets(d)));
	set(m, all, "emergency", contacts_emergency(m));
}

/* The block */

static struct value block_districts(const struct contacts_maker *m, const struct district *d, unsigned show)
{
	const struct districts *ds = &m->v->catalog->districts;
	struct value list = value_list(m->a);

	if (d)
		value_push(list, m->a, district_value(m, d, show));
	for (size_t i = 0; !d && i < ds->by_id.len; i++)
		value_push(list, m->a, contacts_district_brief(m, district_at(ds, i)));
	return list;
}

/* False when there is nothing to write: the block names a district that there is not. */
static bool write_block(const struct block *b, const struct contacts *wanted, struct buf *out)
{
	struct contacts_maker m = {
		b->view, b->worker, &b->worker->scratch, b->t->language, b->language, PLACE_LANGUAGE};
	const struct catalog *c = b->view->catalog;
	const struct district *d = b->view->edition->district;
	struct value data = value_map(m.a);

	if (wanted->district.n)
		d = map_get(&c->districts.by_id, wanted->district);
	if (wanted->district.n && !d)
		return false;
	set(&m, data, "t", view_messages(b->view, b->worker, b->t->language));
	set(&m, data, d ? "districts" : "all", block_districts(&m, d, wanted->show));
	set(&m, data, "emergency", contacts_emergency(&m));
	return mustache_render(&c->templates, STR("contacts_block"), data, out, &b->worker->diag);
}

bool contacts_write(const struct block *b, struct buf *out)
{
	/* Given back after each block: a text may hold thousands. */
	struct arena before = b->worker->scratch;
	const struct catalog *c = b->view->catalog;
	struct contacts wanted;
	bool written;

	if (!c->districts.by_id.len || buf_failed(out) ||
		!map_has(&c->templates.templates, STR("contacts_block")))
		return false;
	written = contacts_read(&wanted, &b->worker->scratch, b->t->doc, b->node, &b->worker->diag) &&
		  write_block(b, &wanted, out);
	b->worker->scratch = before;
	return written;
}
