#include "site/load.h"

#include "base/task.h"
#include "site/lag.h"
#include "site/read.h"
#include "site/withdrawal.h"

#include <errno.h>

struct loader {
	struct catalog *c;
	struct arena *a;
	const struct input *in;
	struct workers *w;
	struct diag *d;
	struct job *jobs; /* one a sheet file */
	size_t job_count, job_cap;
};

/* A sheet file on its way through a worker. */
struct job {
	struct fs_entry *entry;
	size_t language;
	struct str key;
	struct translation *t; /* NULL when it could not be read */
};

static struct str without_suffix(struct str path)
{
	return str_slice(path, 0, path.n - 3);
}

static bool is_markdown(struct str path)
{
	return path.n > 3 && str_ends(path, STR(".md"));
}

/* Configuration */

static size_t language_folders(struct loader *ld, struct str **out)
{
	const struct fs_listing *l = &ld->in->content;
	size_t cap = 0, count = 0;

	*out = NULL;
	for (size_t i = 0; i < l->len; i++) {
		struct str path = l->entries[i].path;

		if (l->entries[i].stat.kind != FS_DIR || str_find_byte(path, '/') < path.n ||
			!locale_well_formed(path))
			continue;
		*out = arena_grow(ld->a, *out, count, &cap, sizeof(**out));
		(*out)[count++] = path;
	}
	return count;
}

static bool read_config(struct loader *ld)
{
	struct str *found;
	size_t count = language_folders(ld, &found);
	struct source *src = NULL;

	if (ld->in->has_config) {
		src = &ld->c->config_src;
		if (!read_source(src, ld->in, ld->a, STR(CONFIG_NAME), str_from(ld->in->root),
			    STR(CONFIG_NAME), CONFIG_MAX_BYTES, ld->d))
			return false;
	}
	if (!count && !ld->in->has_config) {
		/* Plain Markdown in content/, no configuration: one language. */
		found = arena_new(ld->a, struct str);
		found[count++] = STR("sv");
	}
	return config_read(&ld->c->config, ld->a, src, found, count, ld->d);
}

/* Data, locales, templates */

static struct source *data_source(struct loader *ld, struct str path)
{
	struct source *src = arena_new(ld->a, struct source);

	for (size_t i = 0; i < ld->in->content.len; i++)
		if (str_eq(ld->in->content.entries[i].path, path))
			return read_source(src, ld->in, ld->a, path,
				       STR_CONCAT(ld->a, str_from(ld->in->root), STR("/content")),
				       str_join(ld->a, STR("content/"), path), CONFIG_MAX_BYTES * 16, ld->d)
				       ? src
				       : NULL;
	return NULL;
}

static void read_data(struct loader *ld)
{
	struct source *facts = data_source(ld, STR(FACTS_PATH)),
		      *references = data_source(ld, STR(REFERENCES_PATH)),
		      *terms = data_source(ld, STR(GLOSSARY_PATH)),
		      *districts = data_source(ld, STR(DISTRICTS_PATH));

	ld->c->facts_unread = facts && !facts_read(&ld->c->facts, ld->a, facts, ld->d);
	ld->c->references_unread =
		references && !references_read(&ld->c->references, ld->a, references, ld->d);
	if (terms)
		glossary_read(&ld->c->terms, ld->a, terms, &ld->c->config, ld->d);
	if (districts)
		districts_read(&ld->c->districts, ld->a, districts, &ld->c->config, ld->d);
	districts_split_editions(&ld->c->districts, &ld->c->config, ld->a, ld->d);
}

static void read_locale(struct loader *ld, const struct fs_entry *e)
{
	struct str tag = str_slice(e->path, 0, e->path.n - 5),
		   shown = str_join(ld->a, STR("locales/"), e->path);
	const struct language *l = config_language(&ld->c->config, tag);
	struct source *src = arena_new(ld->a, struct source);

	if (!l) {
		/* The program's own locales may know more languages than a site. */
		if (!ld->in->own_locales)
			return;
		diag_add_path(ld->d, RULE_LANGUAGE_UNKNOWN, shown,
			"“%.*s” is not one of the site's languages", STR_ARG(tag));
		diag_hint(ld->d, "add it to “languages” in " CONFIG_NAME ", or remove the file");
		return;
	}
	if (read_source(src, ld->in, ld->a, e->path, str_from(ld->in->locales_dir), shown,
		    CONFIG_MAX_BYTES * 4, ld->d))
		wording_read(&ld->c->wordings[l->index], ld->a, src, worker_locale(&ld->w->of[0], l->index),
			ld->d);
}

static void read_locales(struct loader *ld)
{
	ld->c->wordings = arena_new_n(ld->a, struct wording, ld->c->config.language_count);
	for (size_t i = 0; i < ld->in->locales.len; i++)
		if (ld->in->locales.entries[i].stat.kind == FS_FILE &&
			str_ends(ld->in->locales.entries[i].path, STR(".yaml")))
			read_locale(ld, &ld->in->locales.entries[i]);
}

static void read_templates(struct loader *ld)
{
	const struct fs_listing *l = &ld->in->templates;

	for (size_t i = 0; i < l->len; i++) {
		struct str path = l->entries[i].path;
		struct source *src;

		if (l->entries[i].stat.kind != FS_FILE || !str_ends(path, STR(".mustache")))
			continue;
		src = arena_new(ld->a, struct source);
		if (read_source(src, ld->in, ld->a, path, str_from(ld->in->templates_dir),
			    str_join(ld->a, STR("templates/"), path), CONFIG_MAX_BYTES, ld->d))
			mustache_add(&ld->c->templates, ld->a, str_slice(path, 0, path.n - 9), src, ld->d);
	}
	mustache_check(&ld->c->templates, ld->d);
}

/* Content */

static void add_job(struct loader *ld, struct fs_entry *e, size_t language, struct str key)
{
	ld->jobs = arena_grow(ld->a, ld->jobs, ld->job_count, &ld->job_cap, sizeof(*ld->jobs));
	ld->jobs[ld->job_count++] = (struct job){.entry = e, .language = language, .key = key};
}

static void add_media(struct loader *ld, const struct fs_entry *e)
{
	struct media *m = arena_new(ld->a, struct media);

	*m = (struct media){.path = e->path,
		.file = STR_CONCAT(ld->a, str_from(ld->in->root), STR("/content/"), e->path),
		.size = e->stat.size,
		.index = ld->c->media.len};
	map_put(&ld->c->media, ld->a, e->path, m);
}

/* False when the entry is nothing to read: a folder, or something reported. */
static bool ordinary(struct loader *ld, const struct fs_entry *e)
{
	struct str shown;

	if (e->stat.kind == FS_FILE || e->stat.kind == FS_DIR)
		return e->stat.kind == FS_FILE;
	shown = str_join(ld->a, STR("content/"), e->path);
	if (e->stat.kind == FS_LINK)
		diag_add_path(ld->d, RULE_FILE_SYMLINK, shown,
			"symbolic links are not followed; the file was left out");
	else
		diag_add_path(
			ld->d, RULE_FILE_UNREADABLE, shown, "this is not an ordinary file; it was left out");
	return false;
}

static void report_stray_language(struct loader *ld, struct str folder)
{
	struct str tags[LANGUAGE_MAX], near = {0};

	for (size_t i = 0; i < ld->c->config.language_count; i++)
		tags[i] = ld->c->config.languages[i].spec.tag;
	if (!locale_well_formed(folder))
		near = str_nearest(folder, tags, ld->c->config.language_count);
	diag_add_path(ld->d, RULE_LANGUAGE_UNKNOWN, str_join(ld->a, STR("content/"), folder),
		"“%.*s” is not one of the site's languages; the folder was left out", STR_ARG(folder));
	if (near.n)
		diag_hint(ld->d, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(ld->d, "add it to “languages” in " CONFIG_NAME ", or move its files");
}

/* Files of content/data/ that are known here or to a later step of the work. */
static void check_data(struct loader *ld, struct str path)
{
	static const struct str known[] = {STR_INIT(FACTS_PATH), STR_INIT(REFERENCES_PATH),
		STR_INIT(GLOSSARY_PATH), STR_INIT(DISTRICTS_PATH)};
	struct str near;

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (str_eq(path, known[i]))
			return;
	near = str_nearest(path, known, COUNT_OF(known));
	diag_add_path(ld->d, RULE_FILE_STRAY, str_join(ld->a, STR("content/"), path),
		"nothing is read from this file");
	if (near.n)
		diag_hint(ld->d, "did you mean “%.*s”?", STR_ARG(near));
}

static void sort_entry(struct loader *ld, struct fs_entry *e)
{
	size_t slash = str_find_byte(e->path, '/');
	struct str folder = str_slice(e->path, 0, slash);
	const struct language *l;

	if (str_is(folder, "data") && slash < e->path.n) {
		check_data(ld, e->path);
		return;
	}
	l = slash < e->path.n ? config_language(&ld->c->config, folder) : NULL;
	if (!is_markdown(e->path))
		add_media(ld, e);
	else if (l)
		add_job(ld, e, l->index, without_suffix(str_slice(e->path, slash + 1, e->path.n)));
	else if (slash == e->path.n)
		add_job(ld, e, ld->c->config.source, without_suffix(e->path));
	else
		report_stray_language(ld, folder);
}

static void sort_content(struct loader *ld)
{
	for (size_t i = 0; i < ld->in->content.len; i++)
		if (ordinary(ld, &ld->in->content.entries[i]))
			sort_entry(ld, &ld->in->content.entries[i]);
}

static void read_sheet(void *ctx, unsigned worker, size_t index)
{
	struct loader *ld = ctx;
	struct worker *w = &ld->w->of[worker];
	struct job *job = &ld->jobs[index];
	struct translation *t = arena_new(&w->keep, struct translation);

	arena_clear(&w->scratch);
	t->language = job->language;
	if (!read_source(&t->src, ld->in, &w->keep, job->entry->path,
		    STR_CONCAT(&w->scratch, str_from(ld->in->root), STR("/content")),
		    str_join(&w->keep, STR("content/"), job->entry->path), ld->c->config.sheet_max_bytes,
		    &w->diag))
		return;
	translation_read(
		t, job->key, worker_locale(w, job->language), &w->keep, &w->trees, w->scratch, &w->diag);
	if (t->status == STATUS_MISSING) /* nothing said */
		t->status = job->language == ld->c->config.source ? STATUS_REVIEWED : STATUS_TRANSLATED;
	job->t = t;
}

/* From translations to sheets in order */

static struct sheet *sheet_of(struct loader *ld, struct map *by_key, struct str key)
{
	struct sheet *s = map_get(by_key, key);

	if (s)
		return s;
	s = arena_new(ld->a, struct sheet);
	s->key = key;
	s->in = arena_new_n(ld->a, struct translation *, ld->c->config.language_count);
	map_put(by_key, ld->a, key, s);
	return s;
}

/* content/a.md is content/sv/a.md by another name. */
static void report_twin(struct loader *ld, struct translation *t, const struct translation *twin)
{
	diag_add(ld->d, RULE_SHEET_DUPLICATE_SLUG, span_make(&t->src, 0, 0),
		"“%.*s” is the same sheet; this file was left out", STR_ARG(twin->src.path));
	diag_hint(ld->d, "files beside the language folders are sheets of the source language");
}

static void gather(struct loader *ld, struct map *by_key)
{
	for (size_t i = 0; i < ld->job_count; i++) {
		struct translation *t = ld->jobs[i].t;
		struct translation **place;

		if (!t)
			continue;
		/* Of a draft, too, readers are to learn that it is withdrawn. */
		if (t->draft && !(t->withdrawal && t->withdrawal->given)) {
			map_put(&ld->c->drafts, ld->a, ld->jobs[i].entry->path, t);
			continue;
		}
		t->sheet = sheet_of(ld, by_key, ld->jobs[i].key);
		place = &t->sheet->in[t->language];
		if (*place)
			report_twin(ld, t, *place);
		else
			*place = t;
	}
}

/* What is not language comes from the source; a translation may say otherwise for itself. */
static void inherit(struct catalog *c, struct sheet *s)
{
	const struct translation *from = catalog_leader(c, s);

	s->weight = from->has_weight ? from->weight : INT64_MAX;
	s->audience = from->audience;
	s->reviewed = from->reviewed;
	s->review_by = from->review_by;
	s->page = from->page;
	for (size_t i = 0; i < c->config.language_count; i++) {
		struct translation *t = s->in[i];

		if (!t || t == from)
			continue;
		if (!t->reviewed.year)
			t->reviewed = from->reviewed;
		if (!t->review_by.year)
			t->review_by = from->review_by;
		if (!t->sources)
			t->sources = from->sources, t->source_count = from->source_count,
			t->sources_at = from->sources_at;
		t->needs_legal_review |= from->needs_legal_review;
	}
}

/* What each sheet is, and which of its texts are found by their paths. */
static void settle(struct loader *ld, const struct map *by_key)
{
	for (size_t i = 0; i < by_key->len; i++) {
		inherit(ld->c, by_key->entries[i].value);
		withdrawal_decide(ld->c, by_key->entries[i].value, ld->d);
	}
	for (size_t i = 0; i < ld->job_count; i++) {
		struct translation *t = ld->jobs[i].t;

		if (t && t->sheet && t->sheet->in[t->language] == t)
			map_put(t->sheet->withdrawn ? &ld->c->by_old_path : &ld->c->by_path, ld->a,
				ld->jobs[i].entry->path, t);
	}
}

struct ordered {
	struct sheet *sheet;
	struct str title_key;
};

static int by_weight_and_title(const void *x, const void *y)
{
	const struct ordered *a = x, *b = y;
	int order;

	if (a->sheet->weight != b->sheet->weight)
		return a->sheet->weight < b->sheet->weight ? -1 : 1;
	order = str_cmp(a->title_key, b->title_key);
	return order ? order : str_cmp(a->sheet->key, b->sheet->key);
}

static void order_sheets(struct loader *ld, const struct map *by_key)
{
	struct catalog *c = ld->c;
	struct worker *w = &ld->w->of[0];
	struct ordered *list;

	arena_clear(&w->scratch);
	list = arena_new_n(&w->scratch, struct ordered, by_key->len);
	c->withdrawn = arena_new_n(ld->a, struct sheet *, by_key->len);
	for (size_t i = 0; i < by_key->len; i++) {
		struct sheet *s = by_key->entries[i].value;

		if (s->withdrawn)
			c->withdrawn[c->withdrawn_count++] = s;
		else
			list[c->sheet_count++] =
				(struct ordered){s, locale_sort_key(worker_locale(w, c->config.source),
							    &w->scratch, catalog_leader(c, s)->title)};
	}
	qsort(list, c->sheet_count, sizeof(*list), by_weight_and_title);
	c->sheets = arena_new_n(ld->a, struct sheet *, c->sheet_count);
	for (size_t i = 0; i < c->sheet_count; i++) {
		c->sheets[i] = list[i].sheet;
		c->sheets[i]->index = i;
	}
}

bool load_config(struct catalog *c, struct arena *a, const struct input *in, struct diag *d)
{
	struct loader ld = {.c = c, .a = a, .in = in, .d = d};

	*c = (struct catalog){0};
	return read_config(&ld);
}

bool load(struct catalog *c, struct arena *a, const struct input *in, struct workers *w, struct diag *d)
{
	struct loader ld = {.c = c, .a = a, .in = in, .w = w, .d = d};
	struct map by_key = {0};

	if (!load_config(c, a, in, d))
		return false;
	workers_configure(w, &c->config);
	read_data(&ld);
	read_locales(&ld);
	read_templates(&ld);
	sort_content(&ld);
	task_run(w->count, ld.job_count, read_sheet, &ld);
	workers_collect(w, d);
	gather(&ld, &by_key);
	settle(&ld, &by_key);
	order_sheets(&ld, &by_key);
	lag_find(c, w);
	return true;
}
