#include "output/page_impl.h"

/* Two lists of addresses; LANGUAGE_MAX of each fit many times over. */
#define PAGE_CACHE_RESERVE ((size_t)16 << 20)

/* The same page in another language; its start page where it has none. */
static struct str counterpart(struct page_writer *r, size_t language, bool *missing)
{
	struct str href = {0};
	const struct translation *t;

	*missing = false;
	switch (r->p->kind) {
	case PAGE_SHEET:
	case PAGE_WITHDRAWN:
	case PAGE_ALIAS:
		href = view_href(r->v, r->a, r->place, language, r->p->sheet);
		t = graph_page(&r->v->graph, language, r->p->sheet);
		*missing = !t || t->language != language;
		break;
	default:
		if (page_file(r->p->kind))
			href = page_href(r, language, page_file(r->p->kind));
		break;
	}
	return href.n ? href : page_href(r, language, "index");
}
/* A tag as Open Graph writes it: "fa_AF". */
static struct str og_locale(struct page_writer *r, size_t language)
{
	struct str tag = page_language(r, language)->spec.tag;
	char *p;

	if (str_find_byte(tag, '-') == tag.n)
		return tag;
	p = arena_alloc(r->a, tag.n);
	for (size_t i = 0; i < tag.n; i++)
		p[i] = tag.p[i] == '-' ? '_' : tag.p[i];
	return str_make(p, tag.n);
}

static struct value language_value(struct page_writer *r, size_t language, bool current)
{
	const struct language *l = page_language(r, language);
	struct value one = page_language_value(r, l);
	bool missing;

	page_set(r, one, "href", value_str(counterpart(r, language, &missing)));
	page_set(r, one, "og_locale", value_str(og_locale(r, language)));
	page_set(r, one, "current", value_bool(current));
	page_set(r, one, "source", value_bool(language == r->v->catalog->config.source));
	page_set(r, one, "missing", value_bool(missing));
	return one;
}

static struct value make_languages(struct page_writer *r)
{
	const struct edition *e = r->v->edition;
	struct value list = value_list(r->a);

	for (size_t i = 0; i < e->language_count; i++)
		value_push(list, r->a, language_value(r, e->languages[i], false));
	return list;
}

static void push_alternate(struct page_writer *r, struct value list, struct str hreflang, struct str path)
{
	struct value one = value_map(r->a);

	page_set(r, one, "hreflang", value_str(hreflang));
	page_set(r, one, "href", value_str(page_address(r, path)));
	value_push(list, r->a, one);
}

/* The page as it is in another language, if it has a text of its own there. */
static void push_counterpart(struct page_writer *r, struct value list, struct str hreflang, size_t language)
{
	struct page other = *r->p;

	other.language = language;
	if (r->p->kind == PAGE_CHOOSE)
		other.kind = PAGE_INDEX;
	if (other.kind != PAGE_SHEET || graph_own(&r->v->graph, language, r->p->sheet))
		push_alternate(r, list, hreflang, page_path(r->v, r->a, &other));
}

/* hreflang and x-default. */
static struct value make_alternates(struct page_writer *r)
{
	const struct edition *e = r->v->edition;
	struct value list = value_list(r->a);
	size_t source = r->v->catalog->config.source;

	for (size_t i = 0; i < e->language_count; i++)
		push_counterpart(r, list, page_language(r, e->languages[i])->spec.tag, e->languages[i]);
	if (r->p->kind == PAGE_INDEX || r->p->kind == PAGE_CHOOSE)
		push_alternate(r, list, STR("x-default"), STR("index.html"));
	else if (edition_has_language(e, source))
		push_counterpart(r, list, STR("x-default"), source);
	return list;
}

/* Whether the page has a public address that is to be found. */
static bool is_public(const struct page_writer *r)
{
	return r->v->edition->face == FACE_WEB && r->v->catalog->config.base_url.n &&
	       r->p->kind != PAGE_404 && !(r->p->sheet && r->p->sheet->withdrawn);
}

static bool has_alternates(const struct page_writer *r)
{
	return is_public(r) && r->p->kind != PAGE_ALIAS;
}

/* The lists of a sheet are the same on each of its pages: made for the first, kept for the others. */
static void fill_cache(struct page_writer *r, struct page_cache *cache)
{
	struct arena *scratch = r->a;

	if (!cache->arena.start)
		arena_init(&cache->arena, PAGE_CACHE_RESERVE);
	arena_clear(&cache->arena);
	cache->view = r->v;
	cache->sheet = r->p->sheet;
	r->a = &cache->arena;
	cache->languages = make_languages(r);
	cache->alternates = has_alternates(r) ? make_alternates(r) : value_null();
	r->a = scratch;
}

static void set_languages(struct page_writer *r, struct value common)
{
	struct value list = value_list(r->a);

	for (size_t i = 0; i < common.list->len; i++) {
		size_t language = r->v->edition->languages[i];

		value_push(list, r->a,
			language == r->p->language ? language_value(r, language, true)
						   : common.list->items[i]);
	}
	page_set(r, r->data, "languages", list);
}

/* A fallback is the same text as the page of the language that it comes from, and says so. */
static void set_canonical(struct page_writer *r, struct value alternates)
{
	struct page own = *r->p;

	if (!is_public(r))
		return;
	if (r->p->kind == PAGE_ALIAS)
		own.kind = PAGE_SHEET;
	if (r->p->sheet)
		own.language = graph_shown(&r->v->graph, r->p->language, r->p->sheet)->language;
	if (!edition_has_language(r->v->edition, own.language))
		own.language = r->p->language;
	page_set(r, r->data, "og_locale", value_str(og_locale(r, own.language)));
	page_set(r, r->data, "canonical", value_str(page_address(r, page_path(r->v, r->a, &own))));
	if (alternates.kind == VALUE_LIST && own.language == r->p->language)
		page_set(r, r->data, "alternates", alternates);
}

void page_set_counterparts(struct page_writer *r, struct page_cache *cache)
{
	if (r->p->kind != PAGE_SHEET) {
		set_languages(r, make_languages(r));
		set_canonical(r, has_alternates(r) ? make_alternates(r) : value_null());
		return;
	}
	if (cache->view != r->v || cache->sheet != r->p->sheet)
		fill_cache(r, cache);
	set_languages(r, cache->languages);
	set_canonical(r, cache->alternates);
}

/* In a pack: where the newest version of the same page is, if it is on the web at all. */
void page_set_web_href(struct page_writer *r)
{
	struct str base = r->v->catalog->config.base_url;
	struct str folder = view_folder(r->v, r->p->language);

	if (!r->v->web || !base.n || !edition_has_language(r->v->web->edition, r->p->language))
		return;
	if (r->p->kind == PAGE_SHEET) {
		if (graph_shown(r->v->web, r->p->language, r->p->sheet))
			page_set(r, r->data, "web_href",
				value_str(STR_CONCAT(r->a, base, folder, STR("/"),
					graph_slug(r->v->web, r->p->language, r->p->sheet), STR(".html"))));
	} else {
		enum page_kind kind = page_wanted(r->v->web, r->p->kind) ? r->p->kind : PAGE_INDEX;

		page_set(r, r->data, "web_href",
			value_str(STR_CONCAT(
				r->a, base, folder, STR("/"), str_from(page_file(kind)), STR(".html"))));
	}
}
