#include "site/graph.h"

static size_t cell(const struct graph *g, size_t language, const struct sheet *s)
{
	return language * g->catalog->sheet_count + s->index;
}

struct ordered {
	uint32_t sheet;
	int64_t weight;
	struct str title_key;
};

static int by_weight_and_title(const void *x, const void *y)
{
	const struct ordered *a = x, *b = y;
	int order;

	if (a->weight != b->weight)
		return a->weight < b->weight ? -1 : 1;
	order = str_cmp(a->title_key, b->title_key);
	return order ? order : (a->sheet > b->sheet) - (a->sheet < b->sheet);
}

/* The sheets, or the texts of `type: page`, that have a page: their numbers in order. */
static size_t order_kind(
	struct graph *g, struct arena *a, size_t language, struct worker *w, bool pages, uint32_t **out)
{
	const struct catalog *c = g->catalog;
	struct ordered *list;
	size_t count = 0;

	arena_clear(&w->scratch);
	list = arena_new_n(&w->scratch, struct ordered, c->sheet_count);
	for (size_t i = 0; i < c->sheet_count; i++) {
		const struct translation *t = g->shown[cell(g, language, c->sheets[i])];

		if (t && c->sheets[i]->page == pages)
			list[count++] = (struct ordered){(uint32_t)i, c->sheets[i]->weight,
				locale_sort_key(worker_locale(w, language), &w->scratch, t->title)};
	}
	qsort(list, count, sizeof(*list), by_weight_and_title);
	*out = arena_new_n(a, uint32_t, count);
	for (size_t i = 0; i < count; i++)
		(*out)[i] = list[i].sheet;
	return count;
}

bool graph_staff_only(const struct sheet *s)
{
	return s->audience == AUDIENCE_STAFF;
}

/* In which order one sheet leads to the next. */
static void walk_language(struct graph *g, struct arena *a, size_t language)
{
	const struct catalog *c = g->catalog;
	const uint32_t *order = g->order[language];
	size_t at = 0;

	g->walk[language] = g->order[language];
	if (g->apart) {
		g->walk[language] = arena_new_n(a, uint32_t, g->count[language]);
		for (int staff = 0; staff < 2; staff++)
			for (size_t i = 0; i < g->count[language]; i++)
				if (graph_staff_only(c->sheets[order[i]]) == (staff == 1))
					g->walk[language][at++] = order[i];
	}
	for (size_t i = 0; i < g->count[language]; i++)
		g->place[cell(g, language, c->sheets[g->walk[language][i]])] = (uint32_t)i;
}

static bool is_apart(const struct graph *g)
{
	const struct catalog *c = g->catalog;
	bool found[2] = {false, false};

	for (size_t i = 0; !g->edition->audience && i < c->sheet_count; i++)
		if (!c->sheets[i]->page)
			found[graph_staff_only(c->sheets[i])] = true;
	return found[0] && found[1];
}

static void order_language(struct graph *g, struct arena *a, size_t language, struct worker *w)
{
	const struct catalog *c = g->catalog;

	for (size_t i = 0; i < c->sheet_count; i++)
		g->shown[cell(g, language, c->sheets[i])] =
			catalog_translation(c, g->edition, c->sheets[i], language);
	g->count[language] = order_kind(g, a, language, w, false, &g->order[language]);
	g->extra_count[language] = order_kind(g, a, language, w, true, &g->extra[language]);
	walk_language(g, a, language);
}

void graph_init(
	struct graph *g, struct arena *a, const struct catalog *c, const struct edition *e, struct worker *w)
{
	size_t cells = c->config.language_count * c->sheet_count;

	*g = (struct graph){.catalog = c, .edition = e};
	g->shown = arena_new_n(a, const struct translation *, cells);
	g->place = arena_new_n(a, uint32_t, cells);
	g->order = arena_new_n(a, uint32_t *, c->config.language_count);
	g->count = arena_new_n(a, size_t, c->config.language_count);
	g->extra = arena_new_n(a, uint32_t *, c->config.language_count);
	g->extra_count = arena_new_n(a, size_t, c->config.language_count);
	g->walk = arena_new_n(a, uint32_t *, c->config.language_count);
	g->apart = is_apart(g);
	for (size_t i = 0; i < e->language_count; i++)
		order_language(g, a, e->languages[i], w);
}

const struct translation *graph_shown(const struct graph *g, size_t language, const struct sheet *s)
{
	return s->withdrawn ? NULL : g->shown[cell(g, language, s)];
}

const struct translation *graph_page(const struct graph *g, size_t language, const struct sheet *s)
{
	if (!s->withdrawn)
		return graph_shown(g, language, s);
	if (g->edition->face != FACE_WEB || !edition_has_language(g->edition, language))
		return NULL;
	return catalog_translation(g->catalog, g->edition, s, language);
}

bool graph_own(const struct graph *g, size_t language, const struct sheet *s)
{
	const struct translation *t = graph_shown(g, language, s);

	return t && t->language == language;
}

static const struct sheet *neighbour(const struct graph *g, size_t language, const struct sheet *s, int step)
{
	size_t at = g->place[cell(g, language, s)] + (size_t)step; /* wraps below zero */
	const struct sheet *other;

	if (s->page || at >= g->count[language])
		return NULL;
	other = g->catalog->sheets[g->walk[language][at]];
	return !g->apart || graph_staff_only(other) == graph_staff_only(s) ? other : NULL;
}

const struct sheet *graph_previous(const struct graph *g, size_t language, const struct sheet *s)
{
	return neighbour(g, language, s, -1);
}

const struct sheet *graph_next(const struct graph *g, size_t language, const struct sheet *s)
{
	return neighbour(g, language, s, 1);
}

size_t graph_pages(const struct graph *g)
{
	size_t pages = 0;

	for (size_t i = 0; i < g->edition->language_count; i++)
		pages += g->count[g->edition->languages[i]] + g->extra_count[g->edition->languages[i]];
	return pages;
}

struct str graph_slug(const struct graph *g, size_t language, const struct sheet *s)
{
	return graph_page(g, language, s)->slug;
}
