#include "output/page_impl.h"

void page_set(struct page_writer *r, struct value map, const char *name, struct value value)
{
	value_set(map, r->a, str_from(name), value);
}

void page_set_str(struct page_writer *r, struct value map, const char *name, struct str s)
{
	if (s.n)
		page_set(r, map, name, value_str(s));
}

void page_set_date(
	struct page_writer *r, struct value map, const char *name, const char *iso_name, struct date date)
{
	if (!date.year)
		return;
	page_set(r, map, name, value_date(date));
	page_set(r, map, iso_name, value_str(date_iso(r->a, date)));
}

const struct language *page_language(const struct page_writer *r, size_t language)
{
	return &r->v->catalog->config.languages[language];
}

struct str page_phrase(struct page_writer *r, const char *key)
{
	return view_phrase(r->v, r->w, r->p->language, key, value_null());
}

struct str page_address(struct page_writer *r, struct str path)
{
	return str_join(r->a, r->v->catalog->config.base_url, path);
}

struct str page_href(struct page_writer *r, size_t language, const char *file)
{
	return STR_CONCAT(r->a, r->v->root[r->place], view_folder(r->v, language), STR("/"), str_from(file),
		STR(".html"));
}

void page_set_titles(struct page_writer *r, struct str title, struct str description)
{
	struct str site = page_phrase(r, "site.title");

	page_set(r, r->data, "title", value_str(title));
	page_set_str(r, r->data, "description", description);
	page_set(r, r->data, "head_title",
		value_str(str_eq(title, site) ? site : STR_CONCAT(r->a, title, STR(" – "), site)));
}

void page_set_audience(struct page_writer *r, struct value map, const struct sheet *s)
{
	page_set(r, map, "for_guardian", value_bool(!s->audience || s->audience & AUDIENCE_GUARDIAN));
	page_set(r, map, "for_staff", value_bool(!s->audience || s->audience & AUDIENCE_STAFF));
}

struct value page_language_value(struct page_writer *r, const struct language *l)
{
	struct value one = value_map(r->a);

	page_set(r, one, "tag", value_str(l->spec.tag));
	page_set(r, one, "dir", value_str(language_dir(l)));
	page_set(r, one, "name", value_str(l->name));
	return one;
}

/* A language's name in the page's language. */
struct value page_name_here(struct page_writer *r, const struct language *l)
{
	struct value name;
	struct buf text;

	buf_init(&text, 1024);
	locale_name_in(&text, l->spec.tag, page_language(r, r->p->language)->spec.tag);
	name = value_str(str_dup(r->a, buf_str(&text)));
	buf_release(&text);
	return name;
}

void page_set_fallback(struct page_writer *r, struct value map, const struct translation *t)
{
	const struct language *l = page_language(r, t->language);
	struct value fallback;

	if (t->language == r->p->language)
		return;
	fallback = value_map(r->a);
	page_set(r, fallback, "tag", value_str(l->spec.tag));
	page_set(r, fallback, "name", page_name_here(r, l));
	page_set(r, fallback, "native", value_str(l->name));
	page_set(r, map, "fallback", fallback);
}

struct value page_source(struct page_writer *r, const struct reference *s)
{
	struct value one = value_map(r->a);
	struct str source = page_language(r, r->v->catalog->config.source)->spec.tag;

	page_set(r, one, "title", value_str(s->title));
	page_set(r, one, "title_lang", value_str(s->language.n ? s->language : source));
	page_set_str(r, one, "publisher", s->publisher);
	page_set_str(r, one, "register", s->number);
	page_set_str(r, one, "url", s->url);
	page_set_date(r, one, "date", "date_iso", s->date);
	return one;
}

struct value page_sheet(struct page_writer *r, const struct sheet *s)
{
	const struct translation *t = graph_shown(&r->v->graph, r->p->language, s);
	struct value one = value_map(r->a);

	page_set(r, one, "title", value_str(t->title));
	page_set(r, one, "description",
		value_str(t->description)); /* even when empty: else the page's own would be found */
	page_set(r, one, "href", value_str(STR_CONCAT(r->a, t->slug, STR(".html"))));
	page_set(r, one, "lang", value_str(page_language(r, t->language)->spec.tag));
	page_set(r, one, "dir", value_str(language_dir(page_language(r, t->language))));
	page_set_fallback(r, one, t);
	page_set_date(r, one, "reviewed", "reviewed_iso", t->reviewed);
	page_set_audience(r, one, s);
	return one;
}
