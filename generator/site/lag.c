#include "site/lag.h"

#include "base/task.h"

struct finder {
	const struct catalog *c;
	struct workers *w;
	struct sheet **sheets; /* those that have something to compare */
	size_t count;
};

static struct str heading_text(const struct section *s, struct arena *keep)
{
	struct buf text;
	struct str title = {0};

	if (!s->first || s->first->kind != NODE_HEADING)
		return title;
	buf_init(&text, BUF_MAX_DEFAULT);
	node_text(&text, s->first);
	title = str_dup(keep, buf_str(&text));
	buf_release(&text);
	return title;
}

static void add_lag(
	struct freshness *f, struct arena *keep, enum lag_kind kind, struct str section, struct str title)
{
	f->lags[f->lag_count++] = (struct lag){kind, section, title};
	map_put(&f->lagging, keep, section, f);
}

static void compare(struct freshness *f, const struct section *list, size_t count, const struct map *sections,
	struct arena *keep)
{
	f->sections = count;
	f->lags = arena_new_n(keep, struct lag, count + f->stamp_count);
	for (size_t i = 0; i < count; i++) {
		const struct stamp *stamp = freshness_stamp(f, list[i].id);

		if (!stamp)
			add_lag(f, keep, LAG_ADDED, str_dup(keep, list[i].id), heading_text(&list[i], keep));
		else if (strcmp(stamp->hash, list[i].hash) != 0)
			add_lag(f, keep, LAG_CHANGED, stamp->section, heading_text(&list[i], keep));
	}
	for (size_t i = 0; i < f->stamp_count; i++)
		if (!map_has(sections, f->stamps[i].section))
			add_lag(f, keep, LAG_REMOVED, f->stamps[i].section, (struct str){0});
}

static bool has_stamps(const struct catalog *c, const struct sheet *s)
{
	if (!s->in[c->config.source])
		return false;
	for (size_t i = 0; i < c->config.language_count; i++)
		if (i != c->config.source && s->in[i] && s->in[i]->freshness)
			return true;
	return false;
}

static void find_one(void *ctx, unsigned worker, size_t index)
{
	struct finder *f = ctx;
	struct worker *w = &f->w->of[worker];
	const struct sheet *sheet = f->sheets[index];
	size_t source = f->c->config.source, count;
	struct translation *t = sheet->in[source];
	struct section *list;
	struct map sections = {0};

	arena_clear(&w->scratch);
	count = sections_of(&list, &w->scratch, t->title, t->description, t->doc);
	for (size_t i = 0; i < count; i++)
		map_put(&sections, &w->scratch, list[i].id, &list[i]);
	for (size_t i = 0; i < f->c->config.language_count; i++)
		if (i != source && sheet->in[i] && sheet->in[i]->freshness)
			compare(sheet->in[i]->freshness, list, count, &sections, &w->keep);
}

void lag_find(struct catalog *c, struct workers *w)
{
	struct finder f = {.c = c, .w = w};
	size_t cap = 0;

	for (size_t i = 0; i < c->sheet_count; i++) {
		if (!has_stamps(c, c->sheets[i]))
			continue;
		f.sheets = arena_grow(&w->of[0].keep, f.sheets, f.count, &cap, sizeof(struct sheet *));
		f.sheets[f.count++] = c->sheets[i];
	}
	if (f.count)
		task_run(w->count, f.count, find_one, &f);
}
