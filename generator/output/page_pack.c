#include "output/page_impl.h"

#include "output/contacts.h"

/* Bytes as people read them: whole kilobytes below a megabyte, else megabytes with one decimal. */
static struct str size_text(struct page_writer *r, uint64_t bytes)
{
	struct value args = value_map(r->a);

	if (bytes < 1000000) {
		page_set(r, args, "size", value_int((int64_t)((bytes + 999) / 1000)));
		return view_phrase(r->v, r->w, r->p->language, "size.kb", args);
	}
	page_set(r, args, "size",
		value_decimal(str_fmt(r->a, "%llu.%llu", (unsigned long long)(bytes / 1000000),
			(unsigned long long)(bytes / 100000 % 10))));
	return view_phrase(r->v, r->w, r->p->language, "size.mb", args);
}

/* The languages of a pack, by their names in the page's language, for a message to list. */
static void set_language_names(struct page_writer *r, struct value map, const struct edition *e)
{
	struct value names = value_list(r->a);

	for (size_t i = 0; i < e->language_count; i++)
		value_push(names, r->a, page_name_here(r, page_language(r, e->languages[i])));
	page_set(r, map, "language_names", names);
	page_set(r, map, "language_count", value_int((int64_t)e->language_count));
}

static void set_pack_languages(struct page_writer *r, struct value pack, const struct edition *e)
{
	struct value languages = value_list(r->a);

	for (size_t i = 0; i < e->language_count; i++) {
		value_push(languages, r->a, page_language_value(r, page_language(r, e->languages[i])));
	}
	page_set(r, pack, "languages", languages);
	set_language_names(r, pack, e);
	page_set(r, pack, "all",
		value_bool(e->language_count > 1 && e->language_count == r->v->edition->language_count));
	page_set(r, pack, "current", value_bool(e->language_count == 1 && e->languages[0] == r->p->language));
}

static void set_issue_date(struct page_writer *r, struct value map)
{
	page_set_date(r, map, "issued", "issued_iso", r->issue->date);
}

static struct value pack_value(struct page_writer *r, const struct pack_info *info)
{
	struct value one = value_map(r->a);
	char hex[DIGEST_HEX + 1];

	digest_hex(&info->digest, hex);
	page_set(r, one, "name", value_str(info->name));
	page_set(
		r, one, "href", value_str(STR_CONCAT(r->a, r->v->root[r->place], STR("packs/"), info->name)));
	page_set(r, one, "size", value_int((int64_t)info->size));
	page_set(r, one, "size_text", value_str(size_text(r, info->size)));
	set_issue_date(r, one);
	set_pack_languages(r, one, info->edition);
	page_set(r, one, "guardian_only", value_bool(info->edition->audience == AUDIENCE_GUARDIAN));
	page_set(r, one, "staff_only", value_bool(info->edition->audience == AUDIENCE_STAFF));
	page_set(r, one, "sheet_count", value_int((int64_t)info->sheet_count));
	page_set(r, one, "sha256", value_str(str_dup(r->a, str_from(hex))));
	return one;
}

/* The packs of a district under its name; a district without any is not there. */
static void push_pack(
	struct page_writer *r, struct value districts, struct value *lists, const struct pack_info *info)
{
	const struct district *d = info->edition->district;
	struct contacts_maker m = {r->v, r->w, r->a, r->p->language, r->p->language, r->place};
	struct value *list = &lists[d->index];

	if (list->kind != VALUE_LIST) {
		struct value one = contacts_district_brief(&m, d);

		*list = value_list(r->a);
		page_set(r, one, "packs", *list);
		value_push(districts, r->a, one);
	}
	value_push(*list, r->a, pack_value(r, info));
}

void page_fill_packs(struct page_writer *r)
{
	struct value list = value_list(r->a), districts = value_list(r->a);
	struct value *of = arena_new_n(r->a, struct value, r->v->catalog->districts.by_id.len);

	for (size_t i = 0; i < r->issue->pack_count; i++) {
		const struct pack_info *info = &r->issue->packs[i];

		if (info->edition->district)
			push_pack(r, districts, of, info);
		else
			value_push(list, r->a, pack_value(r, info));
	}
	page_set_titles(r, page_phrase(r, "packs.title"), page_phrase(r, "packs.lead"));
	page_set(r, r->data, "is_packs", value_bool(true));
	page_set(r, r->data, "packs", list);
	page_set(r, r->data, "pack_districts", districts);
	page_set(r, r->data, "has_pack_districts", value_bool(districts.list->len > 0));
	page_set(r, r->data, "sums_href",
		value_str(STR_CONCAT(r->a, r->v->root[r->place], STR("packs/SHA256SUMS"))));
}

/* Pages that offer every language */

static void set_sites(struct page_writer *r)
{
	const struct edition *e = r->v->edition;
	struct value list = value_list(r->a);

	for (size_t i = 0; i < e->language_count; i++) {
		const struct language *l = page_language(r, e->languages[i]);
		struct value one = page_language_value(r, l);

		page_set(r, one, "href", value_str(page_href(r, l->index, "index")));
		page_set(r, one, "title",
			value_str(view_phrase(r->v, r->w, l->index, "site.title", value_null())));
		page_set(r, one, "lead",
			value_str(view_phrase(r->v, r->w, l->index, "site.lead", value_null())));
		if (r->p->kind == PAGE_404)
			page_set(r, one, "not_found",
				value_str(view_phrase(r->v, r->w, l->index, "error404.title", value_null())));
		value_push(list, r->a, one);
	}
	page_set(r, r->data, "sites", list);
}

void page_fill_choose(struct page_writer *r)
{
	page_set_titles(r, page_phrase(r, "site.title"), page_phrase(r, "site.lead"));
	page_set(r, r->data, "is_choose", value_bool(true));
	set_sites(r);
}

static void set_issue(struct page_writer *r)
{
	const struct graph *g = &r->v->graph;

	set_sites(r);
	page_set(r, r->data, "pack_id", value_str(r->issue->pack_id));
	set_issue_date(r, r->data);
	page_set(r, r->data, "sheet_count", value_int((int64_t)g->count[r->p->language]));
	set_language_names(r, r->data, r->v->edition);
}

void page_fill_start(struct page_writer *r)
{
	page_set_titles(r, page_phrase(r, "site.title"), page_phrase(r, "site.lead"));
	page_set(r, r->data, "is_start", value_bool(true));
	set_issue(r);
}

void page_fill_about(struct page_writer *r)
{
	page_set_titles(r, page_phrase(r, "pack.about_title"), (struct str){0});
	page_set(r, r->data, "is_about", value_bool(true));
	set_issue(r);
}

void page_fill_404(struct page_writer *r)
{
	page_set_titles(r, page_phrase(r, "error404.title"), (struct str){0});
	page_set(r, r->data, "is_404", value_bool(true));
	set_sites(r);
}
