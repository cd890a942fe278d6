#include "output/view.h"

#include "base/buf.h"
#include "output/contacts.h"
#include "output/page.h"

#define PHRASE_MAX_BYTES ((size_t)64 << 10)

struct str view_folder(const struct view *v, size_t language)
{
	return v->catalog->config.languages[language].folder;
}

/* Phrases */

static const struct value *from_map(void *ctx, struct str name)
{
	return value_get(ctx, name);
}

struct str view_phrase(
	const struct view *v, struct worker *w, size_t language, const char *key, struct value args)
{
	size_t found;
	const struct phrase *p = catalog_phrase(v->catalog, language, str_from(key), &found);
	struct message_scope scope = {from_map, &args};
	struct str text;
	struct buf out;

	if (!p)
		return str_from(key);
	if (message_is_plain(p->message, &text))
		return text;
	buf_init(&out, PHRASE_MAX_BYTES);
	message_format(p->message, worker_locale(w, found), &scope, &out);
	text = str_dup(&w->scratch, buf_str(&out));
	buf_release(&out);
	return text;
}

/* What {{#t}} needs while one page is rendered. */
struct translator {
	const struct view *view;
	struct worker *worker;
	size_t language;
};

static const struct value *from_scope(void *ctx, struct str name)
{
	return mustache_lookup(ctx, name);
}

/* {{#t}}key{{/t}}: the message, escaped, and never a template again. */
static void translate(void *ctx, struct mustache_scope *scope, struct str raw, struct buf *out)
{
	const struct translator *t = ctx;
	struct message_scope args = {from_scope, scope};
	struct str key = str_trim(raw), text;
	size_t found;
	const struct phrase *p = catalog_phrase(t->view->catalog, t->language, key, &found);
	struct buf formatted;

	if (!p) {
		buf_add_html(out, key);
		return;
	}
	if (message_is_plain(p->message, &text)) {
		buf_add_html(out, text);
		return;
	}
	buf_init(&formatted, PHRASE_MAX_BYTES);
	message_format(p->message, worker_locale(t->worker, found), &args, &formatted);
	buf_add_html(out, buf_str(&formatted));
	buf_release(&formatted);
}

/* Shared values */

static struct value asset_map(const struct view *v, struct arena *a, enum place place)
{
	struct value map = value_map(a);

	for (size_t i = 0; i < v->assets->file_count; i++) {
		const struct asset *asset = &v->assets->files[i];

		value_set(map, a, asset->key, value_str(str_join(a, v->root[place], asset->out)));
	}
	return map;
}

static struct value script_map(const struct view *v, struct arena *a)
{
	struct value map = value_map(a);

	for (size_t i = 0; i < v->assets->script_count; i++)
		value_set(map, a, v->assets->scripts[i].name, value_str(v->assets->scripts[i].text));
	return map;
}

/* Shown by a browser that opened a page without its companions (a ZIP's preview): in every language. */
static struct value extract_first(const struct view *v, struct arena *a, struct worker *w)
{
	struct value list = value_list(a);

	for (size_t i = 0; i < v->edition->language_count; i++) {
		size_t language = v->edition->languages[i];
		const struct language *l = &v->catalog->config.languages[language];
		struct value one = value_map(a);
		struct str text = view_phrase(v, w, language, "pack.extract_first", value_null());

		value_set(one, a, STR("lang"), value_str(l->spec.tag));
		value_set(one, a, STR("dir"), value_str(language_dir(l)));
		value_set(one, a, STR("text"), value_str(str_dup(a, text)));
		value_push(list, a, one);
	}
	return list;
}

/* What the page's language is called in the source language: on paper, so that staff hand out the right one.
 */
static void set_source_name(const struct view *v, struct arena *a, struct value all, const struct language *l)
{
	const struct config *config = &v->catalog->config;
	struct str source = config->languages[config->source].spec.tag;
	struct buf name;

	if (l->index == config->source)
		return;
	buf_init(&name, 1024);
	locale_name_in(&name, l->spec.tag, source);
	value_set(all, a, STR("source_name"), value_str(str_dup(a, buf_str(&name))));
	value_set(all, a, STR("source_lang"), value_str(source));
	buf_release(&name);
}

/* "sources_href": where a page that is one a language is, when the edition has it. */
static void set_page_links(
	const struct view *v, struct arena *a, struct value all, struct str folder, struct str root)
{
	for (int kind = 0; kind < PAGE_KIND_COUNT; kind++) {
		struct str file;

		if (kind == PAGE_INDEX || !page_wanted(&v->graph, (enum page_kind)kind))
			continue;
		file = str_from(page_file((enum page_kind)kind));
		value_set(all, a, str_join(a, file, STR("_href")),
			value_str(STR_CONCAT(a, root, folder, STR("/"), file, STR(".html"))));
	}
}

/* The texts of `type: page`, for the foot of every page. */
static struct value extra_pages(const struct view *v, struct arena *a, size_t language, enum place place)
{
	const struct graph *g = &v->graph;
	struct value list = value_list(a);

	for (size_t i = 0; i < g->extra_count[language]; i++) {
		const struct sheet *s = v->catalog->sheets[g->extra[language][i]];
		const struct translation *t = graph_shown(g, language, s);
		const struct language *l = &v->catalog->config.languages[t->language];
		struct value one = value_map(a);

		value_set(one, a, STR("title"), value_str(t->title));
		value_set(one, a, STR("href"), value_str(view_href(v, a, place, language, s)));
		value_set(one, a, STR("lang"), value_str(l->spec.tag));
		value_set(one, a, STR("dir"), value_str(language_dir(l)));
		value_push(list, a, one);
	}
	return list;
}

/* Who is behind the site, and how to reach them. */
static void set_sender(
	const struct view *v, struct arena *a, struct value all, size_t language, enum place place)
{
	const struct sender *s = &v->catalog->config.sender;
	struct str report = v->report ? view_href(v, a, place, language, v->report) : (struct str){0};

	if (s->publisher.n)
		value_set(all, a, STR("publisher"), value_str(s->publisher));
	if (s->feedback.n)
		value_set(all, a, STR("feedback_href"), value_str(s->feedback));
	if (report.n)
		value_set(all, a, STR("report_page_href"), value_str(report));
}

static const struct sheet *find_page(const struct catalog *c, struct str key)
{
	for (size_t i = 0; key.n && i < c->sheet_count; i++)
		if (c->sheets[i]->page && str_eq(c->sheets[i]->key, key))
			return c->sheets[i];
	return NULL;
}

/* `extract` is what a pack's pages say in every language. */
static struct value shared_values(const struct view *v, struct arena *a, struct worker *w, size_t language,
	enum place place, struct value extract)
{
	const struct language *l = &v->catalog->config.languages[language];
	struct value all = value_map(a);
	struct str folder = view_folder(v, language), root = v->root[place];
	bool web = v->edition->face == FACE_WEB;

	value_set(all, a, STR("lang"), value_str(l->spec.tag));
	value_set(all, a, STR("dir"), value_str(language_dir(l)));
	value_set(all, a, STR("root"), value_str(root));
	set_source_name(v, a, all, l);
	value_set(all, a, STR("csp"), value_str(v->assets->policy));
	value_set(all, a, STR("asset"), asset_map(v, a, place));
	value_set(all, a, STR("script"), script_map(v, a));
	value_set(all, a, STR("is_web"), value_bool(web));
	value_set(all, a, STR("is_pack"), value_bool(!web));
	value_set(all, a, STR("base_url"), value_str(v->catalog->config.base_url));
	value_set(all, a, STR("site_title"),
		value_str(str_dup(a, view_phrase(v, w, language, "site.title", value_null()))));
	value_set(all, a, STR("home"), value_str(STR_CONCAT(a, root, folder, STR("/index.html"))));
	if (v->has_packs)
		value_set(all, a, STR("packs_href"),
			value_str(STR_CONCAT(a, root, folder, STR("/packs.html"))));
	set_page_links(v, a, all, folder, root);
	set_sender(v, a, all, language, place);
	if (v->graph.extra_count[language]) {
		value_set(all, a, STR("has_pages"), value_bool(true));
		value_set(all, a, STR("pages"), extra_pages(v, a, language, place));
	}
	if (v->edition->district)
		contacts_share(&(struct contacts_maker){v, w, a, language, language, place}, all);
	if (!web) {
		value_set(all, a, STR("about_href"), value_str(STR_CONCAT(a, root, STR("about.html"))));
		value_set(all, a, STR("extract_first"), extract);
	}
	return all;
}

/* "https://example.org/faktablad/" is served from "/faktablad/": the same on every host, so 'self' covers it.
 */
static struct str path_of(struct str url)
{
	size_t scheme = str_find(url, STR("://"));
	struct str rest = scheme < url.n ? str_slice(url, scheme + 3, url.n) : url;
	size_t slash = str_find_byte(rest, '/');

	return slash < rest.n ? str_slice(rest, slash, rest.n) : STR("/");
}

void view_init(struct view *v, struct arena *a, const struct catalog *c, const struct edition *e,
	const struct assets *as, const struct graph *web, bool has_packs, struct worker *w)
{
	struct value extract = value_null();

	*v = (struct view){.catalog = c, .edition = e, .assets = as, .web = web, .has_packs = has_packs};
	v->root[PLACE_TOP] = STR("");
	v->root[PLACE_LANGUAGE] = STR("../");
	v->root[PLACE_ANYWHERE] = path_of(c->config.base_url);
	graph_init(&v->graph, a, c, e, w);
	v->report = find_page(c, c->config.sender.report_page);
	v->shared = arena_new_n(a, struct value_map *, c->config.language_count * PLACE_COUNT);
	arena_clear(&w->scratch);
	if (e->face != FACE_WEB)
		extract = extract_first(v, a, w);
	for (size_t i = 0; i < e->language_count; i++)
		for (int place = 0; place < PLACE_COUNT; place++)
			v->shared[e->languages[i] * PLACE_COUNT + (size_t)place] =
				shared_values(v, a, w, e->languages[i], (enum place)place, extract).map;
}

struct value view_messages(const struct view *v, struct worker *w, size_t language)
{
	struct translator *t = arena_new(&w->scratch, struct translator);
	struct value_lambda *lambda = arena_new(&w->scratch, struct value_lambda);

	*t = (struct translator){v, w, language};
	*lambda = (struct value_lambda){.call = translate, .ctx = t};
	return value_lambda(lambda);
}

struct value view_page(const struct view *v, struct worker *w, size_t language, enum place place)
{
	const struct value_map *shared = v->shared[language * PLACE_COUNT + place];
	struct value page = value_map(&w->scratch);

	for (size_t i = 0; i < shared->len; i++)
		value_set(page, &w->scratch, shared->fields[i].name, shared->fields[i].value);
	value_set(page, &w->scratch, STR("t"), view_messages(v, w, language));
	return page;
}

struct str view_href(
	const struct view *v, struct arena *a, enum place place, size_t language, const struct sheet *s)
{
	if (!graph_page(&v->graph, language, s))
		return (struct str){0};
	return STR_CONCAT(a, v->root[place], view_folder(v, language), STR("/"),
		graph_slug(&v->graph, language, s), STR(".html"));
}
