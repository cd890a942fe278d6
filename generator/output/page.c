#include "output/page_impl.h"

#include "output/structured.h"

static bool always(const struct graph *g)
{
	(void)g;
	return true;
}

static bool has_audiences(const struct graph *g)
{
	return g->apart;
}

static bool has_sources(const struct graph *g)
{
	return g->catalog->references.len > 0;
}

static bool has_terms(const struct graph *g)
{
	return g->catalog->terms.len > 0;
}

static bool has_districts(const struct graph *g)
{
	return g->catalog->districts.by_id.len > 0;
}

static const struct {
	const char *template;
	enum place place;
	void (*fill)(struct page_writer *r);
	/* One page a language, "<lang>/<file>.html", in the editions that want it; no `wanted`: added by the
	 * build itself. */
	const char *file;
	bool (*wanted)(const struct graph *g);
} kinds[PAGE_KIND_COUNT] = {
	[PAGE_SHEET] = {"sheet", PLACE_LANGUAGE, page_fill_sheet, NULL, NULL},
	[PAGE_WITHDRAWN] = {"withdrawn", PLACE_LANGUAGE, page_fill_withdrawn, NULL, NULL},
	[PAGE_ALIAS] = {"alias", PLACE_LANGUAGE, page_fill_alias, NULL, NULL},
	[PAGE_INDEX] = {"index", PLACE_LANGUAGE, page_fill_index, "index", always},
	[PAGE_STAFF] = {"staff", PLACE_LANGUAGE, page_fill_staff, "staff", has_audiences},
	[PAGE_SOURCES] = {"sources", PLACE_LANGUAGE, page_fill_sources, "sources", has_sources},
	[PAGE_GLOSSARY] = {"glossary", PLACE_LANGUAGE, page_fill_glossary, "glossary", has_terms},
	[PAGE_PACKS] = {"packs", PLACE_LANGUAGE, page_fill_packs, "packs", NULL},
	[PAGE_CONTACTS] = {"contacts", PLACE_LANGUAGE, page_fill_contacts, "contacts", has_districts},
	[PAGE_CHOOSE] = {"choose", PLACE_TOP, page_fill_choose, NULL, NULL},
	[PAGE_START] = {"start", PLACE_TOP, page_fill_start, NULL, NULL},
	[PAGE_ABOUT] = {"about", PLACE_TOP, page_fill_about, NULL, NULL},
	[PAGE_404] = {"404", PLACE_ANYWHERE, page_fill_404, NULL, NULL},
};

const char *page_template(enum page_kind kind)
{
	return kinds[kind].template;
}

const char *page_file(enum page_kind kind)
{
	return kinds[kind].file;
}

bool page_wanted(const struct graph *g, enum page_kind kind)
{
	return kinds[kind].wanted && kinds[kind].wanted(g) &&
	       (kinds[kind].wanted == always ||
		       map_has(&g->catalog->templates.templates, str_from(kinds[kind].template)));
}

struct str page_path(const struct view *v, struct arena *a, const struct page *p)
{
	struct str folder = view_folder(v, p->language);

	switch (p->kind) {
	case PAGE_SHEET:
	case PAGE_WITHDRAWN:
		return STR_CONCAT(
			a, folder, STR("/"), graph_slug(&v->graph, p->language, p->sheet), STR(".html"));
	case PAGE_ALIAS:
		return STR_CONCAT(a, folder, STR("/"), p->alias, STR(".html"));
	case PAGE_CHOOSE:
	case PAGE_START:
		return STR("index.html");
	case PAGE_ABOUT:
		return STR("about.html");
	case PAGE_404:
		return STR("404.html");
	default:
		return STR_CONCAT(a, folder, STR("/"), str_from(kinds[p->kind].file), STR(".html"));
	}
}

bool page_render(struct buf *out, const struct view *v, struct worker *w, struct page_cache *cache,
	const struct page *p, const struct issue *issue)
{
	struct page_writer r = {
		.v = v, .w = w, .a = &w->scratch, .p = p, .issue = issue, .place = kinds[p->kind].place};

	arena_clear(&w->scratch);
	r.data = view_page(v, w, p->language, r.place);
	kinds[p->kind].fill(&r);
	page_set_counterparts(&r, cache);
	page_set_web_href(&r);
	structured_set(&r);
	return mustache_render(
		&v->catalog->templates, str_from(kinds[p->kind].template), r.data, out, &w->diag);
}
