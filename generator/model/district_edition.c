/* Editions of districts. */
#include "model/district.h"

struct splitter {
	const struct districts *districts;
	struct config *c;
	struct arena *a;
	struct diag *d;
	struct edition *editions;
	size_t count, cap;
	struct map names;
};

static void add(struct splitter *s, const struct edition *e)
{
	if (map_put(&s->names, s->a, e->name, s)) {
		diag_add_path(s->d, RULE_EDITION_PATH, STR(CONFIG_NAME),
			"two editions are called “%.*s”; one was left out", STR_ARG(e->name));
		return;
	}
	s->editions = arena_grow(s->a, s->editions, s->count, &s->cap, sizeof(*e));
	s->editions[s->count] = *e;
	s->editions[s->count++].wish = (struct edition_wish){0};
}

static void add_languages(struct splitter *s, const struct edition *whole)
{
	for (size_t i = 0; i < whole->language_count; i++) {
		struct edition one = *whole;

		one.name =
			STR_CONCAT(s->a, whole->name, STR("-"), s->c->languages[whole->languages[i]].folder);
		one.languages = &whole->languages[i];
		one.language_count = 1;
		one.each = true;
		add(s, &one);
	}
}

static void add_districts(struct splitter *s, const struct edition *whole)
{
	if (!s->districts->by_id.len) {
		diag_add(s->d, RULE_DISTRICT_UNKNOWN, whole->wish.at,
			"the site has no districts; the edition “%.*s” was left out", STR_ARG(whole->name));
		diag_hint(s->d, "districts are written in content/" DISTRICTS_PATH);
	}
	for (size_t i = 0; i < s->districts->by_id.len; i++) {
		struct edition one = *whole;

		one.district = district_at(s->districts, i);
		one.name = STR_CONCAT(s->a, whole->name, STR("-"), one.district->id);
		if (whole->wish.each_language)
			add_languages(s, &one);
		else
			add(s, &one);
	}
}

/* An edition of a district that there is not is one of no district: there must be a web edition. */
static void add_district(struct splitter *s, const struct edition *whole)
{
	struct edition one = *whole;
	struct str near;

	one.district = map_get(&s->districts->by_id, whole->wish.district);
	if (!one.district) {
		near = map_nearest(&s->districts->by_id, whole->wish.district);
		diag_add(s->d, RULE_DISTRICT_UNKNOWN, whole->wish.at, "there is no district “%.*s”",
			STR_ARG(whole->wish.district));
		if (near.n)
			diag_hint(s->d, "did you mean “%.*s”?", STR_ARG(near));
		else
			diag_hint(s->d, "districts are written in content/" DISTRICTS_PATH);
	}
	add(s, &one);
}

static bool any_waits(const struct config *c)
{
	for (size_t i = 0; i < c->edition_count; i++)
		if (edition_waits(&c->editions[i]))
			return true;
	return false;
}

void districts_split_editions(const struct districts *ds, struct config *c, struct arena *a, struct diag *d)
{
	struct splitter s = {.districts = ds, .c = c, .a = a, .d = d};

	if (!any_waits(c))
		return;
	for (size_t i = 0; i < c->edition_count; i++) {
		const struct edition *e = &c->editions[i];

		if (e->wish.each_district)
			add_districts(&s, e);
		else if (e->wish.district.n)
			add_district(&s, e);
		else
			add(&s, e);
	}
	c->editions = s.editions;
	c->edition_count = s.count;
}
