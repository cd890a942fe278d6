#include "cli/only.h"

#include "cli/pick.h"
#include "output/manifest.h"

struct finder {
	struct project *p;
	struct manifest site;
	struct str *paths;
	size_t len, cap;
};

static bool is_text(const char *name)
{
	return str_ends(str_from(name), STR(".md"));
}

bool only_wants_texts(const struct options *o)
{
	for (size_t i = 0; i < o->only_count; i++)
		if (is_text(o->only[i]))
			return true;
	return false;
}

static bool read_manifest(struct finder *f, const char *from)
{
	const char *path = path_below(&f->p->arena, from, STR(MANIFEST_NAME));
	struct str text;
	size_t line;

	if (fs_read(f->p->fs, path, &f->p->arena, MANIFEST_MAX_BYTES, &text) == 0 &&
		manifest_read(&f->site, &f->p->arena, text, &line))
		return true;
	complain("there is no built site in %s: run “faktablad build”", from);
	return false;
}

static void add(struct finder *f, struct str path)
{
	f->paths = arena_grow(&f->p->arena, f->paths, f->len, &f->cap, sizeof(*f->paths));
	f->paths[f->len++] = path;
}

static const struct language *language_at(const struct finder *f, size_t i)
{
	return &f->p->catalog.config.languages[i];
}

static struct str page_of(struct finder *f, size_t language, struct str slug)
{
	return STR_CONCAT(&f->p->arena, language_at(f, language)->folder, STR("/"), slug, STR(".html"));
}

static void add_stand_ins(struct finder *f, const struct translation *t)
{
	const struct catalog *c = &f->p->catalog;
	const struct edition *web = config_web(&c->config);

	for (size_t i = 0; web && i < c->config.language_count; i++) {
		struct str path = page_of(f, i, t->slug);

		if (i != t->language && catalog_translation(c, web, t->sheet, i) == t &&
			manifest_find(&f->site, path))
			add(f, path);
	}
}

static void add_withdrawn(struct finder *f, const struct sheet *s)
{
	for (size_t i = 0; i < f->p->catalog.config.language_count; i++) {
		for (size_t k = 0; k < f->p->catalog.config.language_count; k++) {
			struct str path = s->in[k] ? page_of(f, i, s->in[k]->slug) : STR("");

			if (manifest_find(&f->site, path))
				add(f, path);
		}
	}
}

static bool add_text(struct finder *f, const char *name)
{
	const struct catalog *c = &f->p->catalog;
	struct str path = pick_path(f->p, name);
	const struct translation *t = map_get(&c->by_path, path);
	struct str page;

	if (!t)
		t = map_get(&c->by_old_path, path);
	if (!t) {
		complain(map_has(&c->drafts, path)
				 ? "“%s” is a draft and has no page"
				 : "“%s” is no text of this site; texts are named like content/en/NAME.md",
			name);
		return false;
	}
	page = page_of(f, t->language, t->slug);
	if (!manifest_find(&f->site, page)) {
		complain("“%s” has no page in what was built: run “faktablad build”", name);
		return false;
	}
	add(f, page);
	if (t->sheet->withdrawn)
		add_withdrawn(f, t->sheet);
	else
		add_stand_ins(f, t);
	return true;
}

static struct str nearest_page(struct finder *f, struct str path)
{
	struct map names = {0};

	for (size_t i = 0; i < f->site.len; i++)
		map_put(&names, &f->p->arena, f->site.entries[i].path, NULL);
	return map_nearest(&names, path);
}

static bool add_page(struct finder *f, const char *name)
{
	struct str path = str_from(name), near;

	if (str_starts(path, STR("./")))
		path = str_slice(path, 2, path.n);
	if (str_starts(path, STR("public/")))
		path = str_slice(path, 7, path.n);
	if (manifest_find(&f->site, path)) {
		add(f, path);
		return true;
	}
	near = nearest_page(f, path);
	if (near.n)
		complain("the site has no file “%s”; did you mean “%.*s”?", name, STR_ARG(near));
	else
		complain("the site has no file “%s”; name one like sv/NAME.html or content/sv/NAME.md", name);
	return false;
}

static void keep_each_once(struct finder *f)
{
	size_t kept = 0;

	qsort(f->paths, f->len, sizeof(*f->paths), str_cmp_qsort);
	for (size_t i = 0; i < f->len; i++)
		if (!kept || !str_eq(f->paths[kept - 1], f->paths[i]))
			f->paths[kept++] = f->paths[i];
	f->len = kept;
}

bool only_paths(struct project *p, const struct options *o, const char *from, struct str **out, size_t *count)
{
	struct finder f = {.p = p};

	if (!read_manifest(&f, from))
		return false;
	for (size_t i = 0; i < o->only_count; i++)
		if (!(is_text(o->only[i]) ? add_text : add_page)(&f, o->only[i]))
			return false;
	keep_each_once(&f);
	*out = f.paths;
	*count = f.len;
	return true;
}
