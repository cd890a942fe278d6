#include "output/page.h"

#include "output/body.h"

/* Two lists of addresses; LANGUAGE_MAX of each fit many times over. */
#define PAGE_CACHE_RESERVE ((size_t)16 << 20)

struct writer {
	const struct view *v;
	struct worker *w;
	struct arena *a; /* the worker's scratch */
	const struct page *p;
	const struct issue *issue;
	enum place place;
	struct value data;
};

static void set(struct writer *r, struct value map, const char *name, struct value value)
{
	value_set(map, r->a, str_from(name), value);
}

static void set_str(struct writer *r, struct value map, const char *name, struct str s)
{
	if (s.n)
		set(r, map, name, value_str(s));
}

static void set_date(
	struct writer *r, struct value map, const char *name, const char *iso_name, struct date date)
{
	if (!date.year)
		return;
	set(r, map, name, value_date(date));
	set(r, map, iso_name, value_str(date_iso(r->a, date)));
}

static const struct language *language_of(const struct writer *r, size_t language)
{
	return &r->v->catalog->config.languages[language];
}

static struct str own_phrase(struct writer *r, const char *key)
{
	return view_phrase(r->v, r->w, r->p->language, key, value_null());
}

/* Addresses */

static struct str href_of(struct writer *r, size_t language, const char *file)
{
	return STR_CONCAT(r->a, r->v->root[r->place], view_folder(r->v, language), STR("/"), str_from(file),
		STR(".html"));
}

/* The same page in another language; its start page where it has none. */
static struct str counterpart(struct writer *r, size_t language, bool *missing)
{
	struct str href = {0};

	*missing = false;
	switch (r->p->kind) {
	case PAGE_SHEET:
	case PAGE_ALIAS:
		href = view_href(r->v, r->a, r->place, language, r->p->sheet);
		*missing = !graph_own(&r->v->graph, language, r->p->sheet);
		break;
	case PAGE_PACKS:
		href = href_of(r, language, "packs");
		break;
	default:
		break;
	}
	return href.n ? href : href_of(r, language, "index");
}

static struct str web_address(struct writer *r, struct str path)
{
	return str_join(r->a, r->v->catalog->config.base_url, path);
}

static struct value language_value(struct writer *r, size_t language, bool current)
{
	const struct language *l = language_of(r, language);
	struct value one = value_map(r->a);
	bool missing;

	set(r, one, "href", value_str(counterpart(r, language, &missing)));
	set(r, one, "tag", value_str(l->spec.tag));
	set(r, one, "dir", value_str(language_dir(l)));
	set(r, one, "name", value_str(l->name));
	set(r, one, "current", value_bool(current));
	set(r, one, "source", value_bool(language == r->v->catalog->config.source));
	set(r, one, "missing", value_bool(missing));
	return one;
}

static struct value make_languages(struct writer *r)
{
	const struct edition *e = r->v->edition;
	struct value list = value_list(r->a);

	for (size_t i = 0; i < e->language_count; i++)
		value_push(list, r->a, language_value(r, e->languages[i], false));
	return list;
}

static void push_alternate(struct writer *r, struct value list, struct str hreflang, struct str path)
{
	struct value one = value_map(r->a);

	set(r, one, "hreflang", value_str(hreflang));
	set(r, one, "href", value_str(web_address(r, path)));
	value_push(list, r->a, one);
}

/* The page as it is in another language, if it has a text of its own there. */
static void push_counterpart(struct writer *r, struct value list, struct str hreflang, size_t language)
{
	struct page other = *r->p;

	other.language = language;
	if (r->p->kind == PAGE_CHOOSE)
		other.kind = PAGE_INDEX;
	if (other.kind != PAGE_SHEET || graph_own(&r->v->graph, language, r->p->sheet))
		push_alternate(r, list, hreflang, page_path(r->v, r->a, &other));
}

/* hreflang and x-default. */
static struct value make_alternates(struct writer *r)
{
	const struct edition *e = r->v->edition;
	struct value list = value_list(r->a);
	size_t source = r->v->catalog->config.source;

	for (size_t i = 0; i < e->language_count; i++)
		push_counterpart(r, list, language_of(r, e->languages[i])->spec.tag, e->languages[i]);
	if (r->p->kind == PAGE_INDEX || r->p->kind == PAGE_CHOOSE)
		push_alternate(r, list, STR("x-default"), STR("index.html"));
	else if (edition_has_language(e, source))
		push_counterpart(r, list, STR("x-default"), source);
	return list;
}

static bool has_alternates(const struct writer *r)
{
	return r->v->edition->face == FACE_WEB && r->v->catalog->config.base_url.n &&
	       r->p->kind != PAGE_404 && r->p->kind != PAGE_ALIAS;
}

/* The lists of a sheet are the same on each of its pages: made for the first, kept for the others. */
static void fill_cache(struct writer *r, struct page_cache *cache)
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

static void set_languages(struct writer *r, struct value common)
{
	struct value list = value_list(r->a);

	for (size_t i = 0; i < common.list->len; i++) {
		size_t language = r->v->edition->languages[i];

		value_push(list, r->a,
			language == r->p->language ? language_value(r, language, true)
						   : common.list->items[i]);
	}
	set(r, r->data, "languages", list);
}

/* A fallback is the same text as the page of the language that it comes from, and says so. */
static void set_canonical(struct writer *r, struct value alternates)
{
	struct page own = *r->p;

	if (r->v->edition->face != FACE_WEB || !r->v->catalog->config.base_url.n || r->p->kind == PAGE_404)
		return;
	if (r->p->kind == PAGE_ALIAS)
		own.kind = PAGE_SHEET;
	if (r->p->sheet)
		own.language = graph_shown(&r->v->graph, r->p->language, r->p->sheet)->language;
	if (!edition_has_language(r->v->edition, own.language))
		own.language = r->p->language;
	set(r, r->data, "canonical", value_str(web_address(r, page_path(r->v, r->a, &own))));
	if (alternates.kind == VALUE_LIST && own.language == r->p->language)
		set(r, r->data, "alternates", alternates);
}

static void set_counterparts(struct writer *r, struct page_cache *cache)
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
static void set_web_href(struct writer *r)
{
	struct str base = r->v->catalog->config.base_url;
	struct str folder = view_folder(r->v, r->p->language);

	if (!r->v->web || !base.n || !edition_has_language(r->v->web->edition, r->p->language))
		return;
	if (r->p->kind == PAGE_SHEET) {
		if (graph_shown(r->v->web, r->p->language, r->p->sheet))
			set(r, r->data, "web_href",
				value_str(STR_CONCAT(r->a, base, folder, STR("/"),
					graph_slug(r->v->web, r->p->language, r->p->sheet), STR(".html"))));
	} else {
		set(r, r->data, "web_href", value_str(STR_CONCAT(r->a, base, folder, STR("/index.html"))));
	}
}

static void set_titles(struct writer *r, struct str title, struct str description)
{
	struct str site = own_phrase(r, "site.title");

	set(r, r->data, "title", value_str(title));
	set_str(r, r->data, "description", description);
	set(r, r->data, "head_title",
		value_str(str_eq(title, site) ? site : STR_CONCAT(r->a, title, STR(" – "), site)));
}

/* Sheets */

static void set_audience(struct writer *r, struct value map, const struct sheet *s)
{
	set(r, map, "for_guardian", value_bool(!s->audience || s->audience & AUDIENCE_GUARDIAN));
	set(r, map, "for_staff", value_bool(!s->audience || s->audience & AUDIENCE_STAFF));
}

/* A language's name in the page's language. */
static struct value name_here(struct writer *r, const struct language *l)
{
	struct value name;
	struct buf text;

	buf_init(&text, 1024);
	locale_name_in(&text, l->spec.tag, language_of(r, r->p->language)->spec.tag);
	name = value_str(str_dup(r->a, buf_str(&text)));
	buf_release(&text);
	return name;
}

static void set_fallback(struct writer *r, struct value map, const struct translation *t)
{
	const struct language *l = language_of(r, t->language);
	struct value fallback;

	if (t->language == r->p->language)
		return;
	fallback = value_map(r->a);
	set(r, fallback, "tag", value_str(l->spec.tag));
	set(r, fallback, "name", name_here(r, l));
	set(r, fallback, "native", value_str(l->name));
	set(r, map, "fallback", fallback);
}

static void set_neighbour(struct writer *r, const char *name, const struct sheet *s)
{
	const struct translation *t;
	struct value one;

	if (!s)
		return;
	t = graph_shown(&r->v->graph, r->p->language, s);
	one = value_map(r->a);
	set(r, one, "title", value_str(t->title));
	set(r, one, "href", value_str(STR_CONCAT(r->a, t->slug, STR(".html"))));
	set(r, one, "lang", value_str(language_of(r, t->language)->spec.tag));
	set(r, one, "dir", value_str(language_dir(language_of(r, t->language))));
	set(r, r->data, name, one);
}

/*
 * The places in the page where a reference is cited, to lead back to them; and whether any of them names
 * a place in the reference, which is worth reading on paper too.
 */
static void set_back_links(
	struct writer *r, struct value source, const struct body *b, const struct body_cited *cited)
{
	struct value list = value_list(r->a);
	bool located = false;

	for (size_t mark = cited->first; mark; mark = b->marks[mark - 1].next) {
		struct str place = b->marks[mark - 1].place;
		struct value one = value_map(r->a);

		set(r, one, "href", value_str(str_fmt(r->a, "#ref-%zu", mark)));
		set(r, one, "label", place.n ? value_str(place) : value_int((int64_t)list.list->len + 1));
		located |= place.n > 0;
		value_push(list, r->a, one);
	}
	set(r, source, "refs", list);
	set(r, source, "cited", value_bool(list.list->len > 0));
	set(r, source, "located", value_bool(located));
}

static struct value source_value(struct writer *r, const struct reference *s, size_t number)
{
	struct value one = value_map(r->a);
	struct str source = language_of(r, r->v->catalog->config.source)->spec.tag;

	set(r, one, "number", value_int((int64_t)number));
	set(r, one, "anchor", value_str(str_fmt(r->a, "source-%zu", number)));
	set(r, one, "title", value_str(s->title));
	set(r, one, "title_lang", value_str(s->language.n ? s->language : source));
	set_str(r, one, "publisher", s->publisher);
	set_str(r, one, "register", s->number);
	set_str(r, one, "url", s->url);
	set_date(r, one, "date", "date_iso", s->date);
	return one;
}

/* What the text cites, in order, then what the whole sheet rests on. */
static void set_sources(struct writer *r, struct body *b, const struct translation *t)
{
	struct value list = value_list(r->a);

	for (size_t i = 0; i < b->cited_count; i++) {
		struct value one = source_value(r, b->cited[i].reference, i + 1);

		set_back_links(r, one, b, &b->cited[i]);
		value_push(list, r->a, one);
	}
	for (size_t i = 0; i < t->source_count; i++) {
		const struct reference *s = map_get(&r->v->catalog->references, t->sources[i]);

		if (s && !map_put(&b->numbers, r->a, s->id, b))
			value_push(list, r->a, source_value(r, s, list.list->len + 1));
	}
	set(r, r->data, "sources", list);
	set(r, r->data, "has_sources", value_bool(list.list->len > 0));
}

static void fill_sheet(struct writer *r)
{
	const struct translation *t = graph_shown(&r->v->graph, r->p->language, r->p->sheet);
	const struct language *l = language_of(r, t->language);
	struct body body;

	body_render(&body, r->v, r->w, t, r->p->language);
	set_titles(r, t->title, t->description);
	set(r, r->data, "is_sheet", value_bool(true));
	set(r, r->data, "body", value_str(body.html));
	set(r, r->data, "content_lang", value_str(l->spec.tag));
	set(r, r->data, "content_dir", value_str(language_dir(l)));
	set_fallback(r, r->data, t);
	set(r, r->data, "machine", value_bool(t->status == STATUS_MACHINE));
	set(r, r->data, "translated", value_bool(t->status == STATUS_TRANSLATED));
	set_date(r, r->data, "reviewed", "reviewed_iso", t->reviewed);
	set_date(r, r->data, "review_by", "review_by_iso", t->review_by);
	set_audience(r, r->data, r->p->sheet);
	set(r, r->data, "toc", body.toc);
	set(r, r->data, "has_toc", value_bool(body.toc.list->len > 2));
	set_sources(r, &body, t);
	set_neighbour(r, "previous", graph_previous(&r->v->graph, r->p->language, r->p->sheet));
	set_neighbour(r, "next", graph_next(&r->v->graph, r->p->language, r->p->sheet));
}

static void fill_alias(struct writer *r)
{
	const struct translation *t = graph_shown(&r->v->graph, r->p->language, r->p->sheet);

	set_titles(r, t->title, t->description);
	set(r, r->data, "is_alias", value_bool(true));
	set(r, r->data, "href", value_str(STR_CONCAT(r->a, t->slug, STR(".html"))));
}

/* Lists of sheets */

static struct value sheet_value(struct writer *r, const struct sheet *s)
{
	const struct translation *t = graph_shown(&r->v->graph, r->p->language, s);
	struct value one = value_map(r->a);

	set(r, one, "title", value_str(t->title));
	set(r, one, "description",
		value_str(t->description)); /* even when empty: else the page's own would be found */
	set(r, one, "href", value_str(STR_CONCAT(r->a, t->slug, STR(".html"))));
	set(r, one, "lang", value_str(language_of(r, t->language)->spec.tag));
	set(r, one, "dir", value_str(language_dir(language_of(r, t->language))));
	set_fallback(r, one, t);
	set_date(r, one, "reviewed", "reviewed_iso", t->reviewed);
	set_audience(r, one, s);
	return one;
}

static void fill_index(struct writer *r)
{
	const struct graph *g = &r->v->graph;
	struct value all = value_list(r->a), guardian = value_list(r->a), staff = value_list(r->a);

	for (size_t i = 0; i < g->count[r->p->language]; i++) {
		const struct sheet *s = r->v->catalog->sheets[g->order[r->p->language][i]];
		struct value one = sheet_value(r, s);

		value_push(all, r->a, one);
		if (!s->audience || s->audience & AUDIENCE_GUARDIAN)
			value_push(guardian, r->a, one);
		if (s->audience & AUDIENCE_STAFF)
			value_push(staff, r->a, one);
	}
	set_titles(r, own_phrase(r, "site.title"), own_phrase(r, "site.lead"));
	set(r, r->data, "is_index", value_bool(true));
	set(r, r->data, "sheets", all);
	set(r, r->data, "sheet_count", value_int((int64_t)all.list->len));
	set(r, r->data, "guardian_sheets", guardian);
	set(r, r->data, "has_guardian", value_bool(guardian.list->len > 0));
	set(r, r->data, "staff_sheets", staff);
	set(r, r->data, "has_staff", value_bool(staff.list->len > 0));
}

/* Packs */

/* Bytes as people read them: whole kilobytes below a megabyte, else megabytes with one decimal. */
static struct str size_text(struct writer *r, uint64_t bytes)
{
	struct value args = value_map(r->a);

	if (bytes < 1000000) {
		set(r, args, "size", value_int((int64_t)((bytes + 999) / 1000)));
		return view_phrase(r->v, r->w, r->p->language, "size.kb", args);
	}
	set(r, args, "size",
		value_decimal(str_fmt(r->a, "%llu.%llu", (unsigned long long)(bytes / 1000000),
			(unsigned long long)(bytes / 100000 % 10))));
	return view_phrase(r->v, r->w, r->p->language, "size.mb", args);
}

/* The languages of a pack, by their names in the page's language, for a message to list. */
static void set_language_names(struct writer *r, struct value map, const struct edition *e)
{
	struct value names = value_list(r->a);

	for (size_t i = 0; i < e->language_count; i++)
		value_push(names, r->a, name_here(r, language_of(r, e->languages[i])));
	set(r, map, "language_names", names);
	set(r, map, "language_count", value_int((int64_t)e->language_count));
}

static void set_pack_languages(struct writer *r, struct value pack, const struct edition *e)
{
	struct value languages = value_list(r->a);

	for (size_t i = 0; i < e->language_count; i++) {
		const struct language *l = language_of(r, e->languages[i]);
		struct value one = value_map(r->a);

		set(r, one, "tag", value_str(l->spec.tag));
		set(r, one, "dir", value_str(language_dir(l)));
		set(r, one, "name", value_str(l->name));
		value_push(languages, r->a, one);
	}
	set(r, pack, "languages", languages);
	set_language_names(r, pack, e);
	set(r, pack, "all",
		value_bool(e->language_count > 1 && e->language_count == r->v->edition->language_count));
	set(r, pack, "current", value_bool(e->language_count == 1 && e->languages[0] == r->p->language));
}

static void set_issue_date(struct writer *r, struct value map)
{
	set_date(r, map, "issued", "issued_iso", r->issue->date);
}

static void fill_packs(struct writer *r)
{
	struct value list = value_list(r->a);

	for (size_t i = 0; i < r->issue->pack_count; i++) {
		const struct pack_info *info = &r->issue->packs[i];
		struct value one = value_map(r->a);
		char hex[DIGEST_HEX + 1];

		digest_hex(&info->digest, hex);
		set(r, one, "name", value_str(info->name));
		set(r, one, "href",
			value_str(STR_CONCAT(r->a, r->v->root[r->place], STR("packs/"), info->name)));
		set(r, one, "size", value_int((int64_t)info->size));
		set(r, one, "size_text", value_str(size_text(r, info->size)));
		set_issue_date(r, one);
		set_pack_languages(r, one, info->edition);
		set(r, one, "sheet_count", value_int((int64_t)info->sheet_count));
		set(r, one, "sha256", value_str(str_dup(r->a, str_from(hex))));
		value_push(list, r->a, one);
	}
	set_titles(r, own_phrase(r, "packs.title"), own_phrase(r, "packs.lead"));
	set(r, r->data, "is_packs", value_bool(true));
	set(r, r->data, "packs", list);
	set(r, r->data, "sums_href",
		value_str(STR_CONCAT(r->a, r->v->root[r->place], STR("packs/SHA256SUMS"))));
}

/* Pages that offer every language */

static void set_sites(struct writer *r)
{
	const struct edition *e = r->v->edition;
	struct value list = value_list(r->a);

	for (size_t i = 0; i < e->language_count; i++) {
		const struct language *l = language_of(r, e->languages[i]);
		struct value one = value_map(r->a);

		set(r, one, "tag", value_str(l->spec.tag));
		set(r, one, "dir", value_str(language_dir(l)));
		set(r, one, "name", value_str(l->name));
		set(r, one, "href", value_str(href_of(r, l->index, "index")));
		set(r, one, "title",
			value_str(view_phrase(r->v, r->w, l->index, "site.title", value_null())));
		set(r, one, "lead", value_str(view_phrase(r->v, r->w, l->index, "site.lead", value_null())));
		if (r->p->kind == PAGE_404)
			set(r, one, "not_found",
				value_str(view_phrase(r->v, r->w, l->index, "error404.title", value_null())));
		value_push(list, r->a, one);
	}
	set(r, r->data, "sites", list);
}

static void fill_choose(struct writer *r)
{
	set_titles(r, own_phrase(r, "site.title"), own_phrase(r, "site.lead"));
	set(r, r->data, "is_choose", value_bool(true));
	set_sites(r);
}

static void set_issue(struct writer *r)
{
	const struct graph *g = &r->v->graph;

	set_sites(r);
	set(r, r->data, "pack_id", value_str(r->issue->pack_id));
	set_issue_date(r, r->data);
	set(r, r->data, "sheet_count", value_int((int64_t)g->count[r->p->language]));
	set_language_names(r, r->data, r->v->edition);
}

static void fill_start(struct writer *r)
{
	set_titles(r, own_phrase(r, "site.title"), own_phrase(r, "site.lead"));
	set(r, r->data, "is_start", value_bool(true));
	set_issue(r);
}

static void fill_about(struct writer *r)
{
	set_titles(r, own_phrase(r, "pack.about_title"), (struct str){0});
	set(r, r->data, "is_about", value_bool(true));
	set_issue(r);
}

static void fill_404(struct writer *r)
{
	set_titles(r, own_phrase(r, "error404.title"), (struct str){0});
	set(r, r->data, "is_404", value_bool(true));
	set_sites(r);
}

static const struct {
	const char *template;
	enum place place;
	void (*fill)(struct writer *r);
} kinds[] = {
	[PAGE_SHEET] = {"sheet", PLACE_LANGUAGE, fill_sheet},
	[PAGE_ALIAS] = {"alias", PLACE_LANGUAGE, fill_alias},
	[PAGE_INDEX] = {"index", PLACE_LANGUAGE, fill_index},
	[PAGE_PACKS] = {"packs", PLACE_LANGUAGE, fill_packs},
	[PAGE_CHOOSE] = {"choose", PLACE_TOP, fill_choose},
	[PAGE_START] = {"start", PLACE_TOP, fill_start},
	[PAGE_ABOUT] = {"about", PLACE_TOP, fill_about},
	[PAGE_404] = {"404", PLACE_ANYWHERE, fill_404},
};

const char *page_template(enum page_kind kind)
{
	return kinds[kind].template;
}

struct str page_path(const struct view *v, struct arena *a, const struct page *p)
{
	struct str folder = view_folder(v, p->language);

	switch (p->kind) {
	case PAGE_SHEET:
		return STR_CONCAT(
			a, folder, STR("/"), graph_slug(&v->graph, p->language, p->sheet), STR(".html"));
	case PAGE_ALIAS:
		return STR_CONCAT(a, folder, STR("/"), p->alias, STR(".html"));
	case PAGE_INDEX:
	case PAGE_PACKS:
		return STR_CONCAT(a, folder, STR("/"), str_from(kinds[p->kind].template), STR(".html"));
	case PAGE_CHOOSE:
	case PAGE_START:
		return STR("index.html");
	case PAGE_ABOUT:
		return STR("about.html");
	case PAGE_404:
		return STR("404.html");
	}
	BUG("page kind %d", (int)p->kind);
}

bool page_render(struct buf *out, const struct view *v, struct worker *w, struct page_cache *cache,
	const struct page *p, const struct issue *issue)
{
	struct writer r = {
		.v = v, .w = w, .a = &w->scratch, .p = p, .issue = issue, .place = kinds[p->kind].place};

	arena_clear(&w->scratch);
	r.data = view_page(v, w, p->language, r.place);
	kinds[p->kind].fill(&r);
	set_counterparts(&r, cache);
	set_web_href(&r);
	return mustache_render(
		&v->catalog->templates, str_from(kinds[p->kind].template), r.data, out, &w->diag);
}
