#include "model/config.h"

#include "base/address.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/map.h"

struct reader {
	struct config *c;
	struct arena *a;
	struct diag *d;
	size_t edition_cap;
	struct map edition_names;
};

static void bad_value(struct reader *r, const struct yml *y, const char *allowed)
{
	diag_add(r->d, RULE_YAML_VALUE, y->at, "“%.*s” is not allowed here", STR_ARG(y->text));
	diag_hint(r->d, "allowed: %s", allowed);
}

const struct language *config_language(const struct config *c, struct str tag)
{
	for (size_t i = 0; i < c->language_count; i++)
		if (str_eq(c->languages[i].spec.tag, tag))
			return &c->languages[i];
	return NULL;
}

const struct edition *config_web(const struct config *c)
{
	for (size_t i = 0; i < c->edition_count; i++)
		if (c->editions[i].face == FACE_WEB)
			return &c->editions[i];
	return NULL;
}

bool config_has_packs(const struct config *c)
{
	for (size_t i = 0; i < c->edition_count; i++)
		if (c->editions[i].face != FACE_WEB)
			return true;
	return false;
}

const struct target *config_target(const struct config *c, struct str name)
{
	for (size_t i = 0; i < c->target_count; i++)
		if (name.n ? str_eq(c->targets[i].name, name) : c->targets[i].is_default)
			return &c->targets[i];
	return !name.n && c->target_count == 1 ? &c->targets[0] : NULL;
}

/* Languages */

static int by_weight(const void *x, const void *y)
{
	const struct language *a = x, *b = y;

	if (a->weight != b->weight)
		return a->weight < b->weight ? -1 : 1;
	return str_cmp(a->spec.tag, b->spec.tag);
}

static void complete_language(struct reader *r, struct language *l)
{
	struct buf name;

	buf_init(&name, 1024);
	locale_native_name(&name, l->spec.tag);
	l->name = str_dup(r->a, buf_str(&name));
	buf_release(&name);
	l->rtl = locale_rtl(l->spec.tag);
	l->folder = str_lower(r->a, l->spec.tag);
}

/* Folders and addresses are made of tags. */
static bool usable_tag(struct reader *r, const struct yml *y)
{
	if (!locale_well_formed(y->key) || !fs_portable_path(str_lower(r->a, y->key))) {
		diag_add(r->d, RULE_LANGUAGE_UNKNOWN, y->key_at,
			"“%.*s” is not a language tag; it was left out", STR_ARG(y->key));
		diag_hint(r->d, "BCP 47 tags look like “sv”, “ckb” or “fa-AF”");
		return false;
	}
	for (size_t i = 0; i < r->c->language_count; i++) {
		if (!str_eq(r->c->languages[i].folder, str_lower(r->a, y->key)))
			continue;
		diag_add(r->d, RULE_YAML_DUPLICATE, y->key_at,
			"“%.*s” is the same language as “%.*s”; it was left out", STR_ARG(y->key),
			STR_ARG(r->c->languages[i].spec.tag));
		return false;
	}
	if (r->c->language_count < LANGUAGE_MAX)
		return true;
	diag_add(r->d, RULE_YAML_LIMIT, y->key_at,
		"more than %d languages; this and the following were left out", LANGUAGE_MAX);
	return false;
}

/* A name that ICU must know; else the default stands. */
static struct str read_known(
	struct reader *r, struct yml *y, bool (*known)(struct str name), const char *allowed)
{
	struct str name = yml_str(y, (struct str){0}, r->d);

	if (!name.n || known(name))
		return name;
	bad_value(r, y, allowed);
	return (struct str){0};
}

static void read_language_settings(struct reader *r, struct language *l, struct yml *y)
{
	static const struct str known[] = {STR_INIT("weight"), STR_INIT("fallback"), STR_INIT("digits"),
		STR_INIT("calendar"), STR_INIT("name")};

	l->weight = yml_int(yml_get(y, "weight"), l->weight, r->d);
	l->spec.digits = read_known(r, yml_get(y, "digits"), locale_digits_known,
		"numbering systems of CLDR, for example “latn” or “arab”");
	l->spec.calendar = read_known(r, yml_get(y, "calendar"), locale_calendar_known,
		"calendars of CLDR, for example “gregory” or “persian”");
	l->name = yml_str(yml_get(y, "name"), l->name, r->d);
	yml_get(y, "fallback"); /* when all languages are known */
	yml_unknown(y, known, COUNT_OF(known), r->d);
}

static void add_language(struct reader *r, struct yml *y)
{
	struct language *l = &r->c->languages[r->c->language_count];

	if (!usable_tag(r, y))
		return;
	if (!locale_has_data(y->key))
		diag_add(r->d, RULE_LANGUAGE_NO_DATA, y->key_at,
			"ICU has no data for “%.*s”; numbers, dates and plurals follow its root",
			STR_ARG(y->key));
	l->spec.tag = y->key;
	complete_language(r, l);
	l->weight = (int64_t)r->c->language_count++;
	if (yml_want_map(y, r->d))
		read_language_settings(r, l, y);
}

static void read_fallback(struct reader *r, struct language *l, struct yml *y)
{
	l->fallback = arena_new_n(r->a, size_t, y->kind == YML_LIST ? y->len : 1);
	yml_each_item(item, y)
	{
		const struct language *other = config_language(r->c, item->text);

		if (other && other != l) {
			l->fallback[l->fallback_count++] = other->index;
			continue;
		}
		diag_add(r->d, RULE_LANGUAGE_UNKNOWN, item->at, "“%.*s” cannot be fallen back to",
			STR_ARG(item->text));
		diag_hint(r->d, "name another of the languages configured here");
	}
}

/* Without a fallback of its own, a language falls back to the source language. */
static void default_fallback(struct reader *r, struct language *l)
{
	if (l->index == r->c->source)
		return;
	l->fallback = arena_new_n(r->a, size_t, 1);
	l->fallback[0] = r->c->source;
	l->fallback_count = 1;
}

static void add_found(struct reader *r, struct str tag)
{
	struct config *c = r->c;

	if (c->language_count == LANGUAGE_MAX || !fs_portable_path(str_lower(r->a, tag)))
		return;
	c->languages[c->language_count].spec.tag = tag;
	complete_language(r, &c->languages[c->language_count++]);
}

static void read_languages(struct reader *r, struct yml *y, const struct str *found, size_t found_count)
{
	struct config *c = r->c;

	c->languages = arena_new_n(r->a, struct language, LANGUAGE_MAX + 1);
	if (y && yml_want_map(y, r->d)) {
		yml_each (item, y)
			add_language(r, item);
	} else {
		for (size_t i = 0; i < found_count; i++)
			add_found(r, found[i]);
	}
	qsort(c->languages, c->language_count, sizeof(*c->languages), by_weight);
	for (size_t i = 0; i < c->language_count; i++)
		c->languages[i].index = i;
}

static void read_source_language(struct reader *r, struct yml *y)
{
	struct str tag = yml_str(y, (struct str){0}, r->d);
	const struct language *l;

	r->c->source = 0;
	if (!tag.n)
		return;
	l = config_language(r->c, tag);
	if (l) {
		r->c->source = l->index;
		return;
	}
	diag_add(r->d, RULE_LANGUAGE_UNKNOWN, y->at, "the source language “%.*s” is not among the languages",
		STR_ARG(tag));
	diag_hint(r->d, "add it under “languages”");
}

static void read_fallbacks(struct reader *r, struct yml *languages)
{
	for (size_t i = 0; i < r->c->language_count; i++) {
		struct language *l = &r->c->languages[i];
		struct yml *own = NULL, *y;

		if (languages && languages->kind == YML_MAP)
			yml_each (item, languages)
				if (str_eq(item->key, l->spec.tag))
					own = item;
		y = own && own->kind == YML_MAP ? yml_get(own, "fallback") : NULL;
		if (y)
			read_fallback(r, l, y);
		else
			default_fallback(r, l);
	}
}

/* Editions */

/* Packs are files of their names; there is one web. */
static bool may_add(struct reader *r, const struct edition *e, const struct yml *y)
{
	if (e->face == FACE_WEB && config_web(r->c)) {
		diag_add(r->d, RULE_YAML_VALUE, y->key_at,
			"the site has a web edition already, “%.*s”; “%.*s” was left out",
			STR_ARG(config_web(r->c)->name), STR_ARG(e->name));
		diag_hint(r->d, "packs have “face: folder”");
		return false;
	}
	if (!map_put(&r->edition_names, r->a, e->name, r))
		return true;
	diag_add(r->d, RULE_EDITION_PATH, y->key_at, "two editions are called “%.*s”; one was left out",
		STR_ARG(e->name));
	return false;
}

static void add_edition(struct reader *r, const struct edition *e, const struct yml *y)
{
	struct config *c = r->c;

	if (y && !may_add(r, e, y))
		return;
	c->editions = arena_grow(r->a, c->editions, c->edition_count, &r->edition_cap, sizeof(*e));
	c->editions[c->edition_count++] = *e;
}

static void all_languages(struct reader *r, struct edition *e)
{
	e->languages = arena_new_n(r->a, size_t, r->c->language_count);
	for (size_t i = 0; i < r->c->language_count; i++)
		e->languages[e->language_count++] = i;
}

static void read_edition_languages(struct reader *r, struct edition *e, struct yml *y)
{
	bool wanted[LANGUAGE_MAX] = {false};

	if (!y || yml_is_null(y) || str_is(y->text, "all")) {
		all_languages(r, e);
		return;
	}
	yml_each_item(item, y)
	{
		const struct language *l = config_language(r->c, item->text);

		if (l) {
			wanted[l->index] = true;
			continue;
		}
		diag_add(r->d, RULE_LANGUAGE_UNKNOWN, item->at, "“%.*s” is not among the site's languages",
			STR_ARG(item->text));
		diag_hint(r->d, "name languages configured here, or “all”");
	}
	e->languages = arena_new_n(r->a, size_t, r->c->language_count);
	for (size_t i = 0; i < r->c->language_count; i++)
		if (wanted[i])
			e->languages[e->language_count++] = i;
}

static void split_by_language(struct reader *r, const struct edition *whole, const struct yml *y)
{
	for (size_t i = 0; i < whole->language_count; i++) {
		struct edition one = *whole;
		struct str folder = r->c->languages[whole->languages[i]].folder;

		one.name = str_fmt(r->a, "%.*s-%.*s", STR_ARG(whole->name), STR_ARG(folder));
		one.languages = arena_new(r->a, size_t);
		one.languages[0] = whole->languages[i];
		one.language_count = 1;
		one.each = true;
		add_edition(r, &one, y);
	}
}

/* What “each” asks for; districts are known later. True for “language” alone. */
static bool read_each(struct reader *r, struct edition *e, struct yml *y)
{
	bool language = false, district = false;

	yml_each_item(item, y)
	{
		language |= str_is(item->text, "language");
		district |= str_is(item->text, "district");
		if (!str_is(item->text, "language") && !str_is(item->text, "district"))
			bad_value(r, item, "language, district");
	}
	if ((language || district) && e->face != FACE_FOLDER) {
		diag_add(r->d, RULE_YAML_VALUE, y->at,
			"the web edition is one for everybody; “each” was left out");
		diag_hint(r->d, "for packs, add “face: folder”");
		return false;
	}
	if (!district)
		return language;
	e->wish = (struct edition_wish){.at = y->at, .each_district = true, .each_language = language};
	return false;
}

static void read_edition_district(struct reader *r, struct edition *e, struct yml *y)
{
	struct str id = yml_str(y, (struct str){0}, r->d);

	if (!id.n)
		return;
	if (!e->wish.each_district) {
		e->wish = (struct edition_wish){.district = id, .at = y->at};
		return;
	}
	diag_add(r->d, RULE_YAML_VALUE, y->at,
		"an edition for each district is not for one; “district” was left out");
}

static bool usable_name(struct reader *r, const struct yml *y)
{
	if (fs_portable_path(y->key) && str_find_byte(y->key, '/') == y->key.n)
		return true;
	diag_add(r->d, RULE_FILE_NAME, y->key_at, "“%.*s” cannot name an edition; it was left out",
		STR_ARG(y->key));
	diag_hint(r->d, "file names are made of it: use a-z, 0-9 and -");
	return false;
}

static void read_edition(struct reader *r, struct yml *y)
{
	static const struct str known[] = {STR_INIT("face"), STR_INIT("languages"), STR_INIT("each"),
		STR_INIT("lowest_status"), STR_INIT("audience"), STR_INIT("district")};
	struct edition e = {.name = y->key, .lowest = STATUS_MACHINE};
	struct yml *face, *lowest, *audience;
	bool each;

	if (!usable_name(r, y) || (!yml_is_null(y) && !yml_want_map(y, r->d)))
		return;
	face = yml_get(y, "face");
	if (face && !face_parse(face->text, &e.face))
		bad_value(r, face, "web, folder");
	lowest = yml_get(y, "lowest_status");
	if (lowest && !status_parse(lowest->text, &e.lowest))
		bad_value(r, lowest, "machine, translated, reviewed");
	audience = yml_get(y, "audience");
	if (audience && !audience_parse(audience->text, &e.audience))
		bad_value(r, audience, "guardian, staff");
	read_edition_languages(r, &e, yml_get(y, "languages"));
	each = read_each(r, &e, yml_get(y, "each"));
	read_edition_district(r, &e, yml_get(y, "district"));
	yml_unknown(y, known, COUNT_OF(known), r->d);
	if (each)
		split_by_language(r, &e, y);
	else
		add_edition(r, &e, y);
}

static void read_editions(struct reader *r, struct yml *y)
{
	struct edition web = {.name = STR("web"), .face = FACE_WEB, .lowest = STATUS_MACHINE};

	if (y && yml_want_map(y, r->d))
		yml_each (item, y)
			read_edition(r, item);
	if (config_web(r->c))
		return;
	all_languages(r, &web);
	add_edition(r, &web, NULL);
}

/* Targets, severities, limits */

/* One can be meant by “faktablad publish” alone. */
static void check_defaults(struct reader *r, struct yml *y)
{
	const struct target *first = NULL;
	struct yml *item = y->first;

	for (size_t i = 0; i < r->c->target_count; i++, item = item->next) {
		struct target *t = &r->c->targets[i];

		if (t->is_default && first) {
			diag_add(r->d, RULE_YAML_VALUE, item->key_at,
				"“%.*s” is the default target already; “%.*s” is not", STR_ARG(first->name),
				STR_ARG(t->name));
			t->is_default = false;
		} else if (t->is_default) {
			first = t;
		}
	}
}

static void read_targets(struct reader *r, struct yml *y)
{
	if (!y || !yml_want_map(y, r->d))
		return;
	r->c->targets = arena_new_n(r->a, struct target, y->len);
	yml_each (item, y)
		target_read(&r->c->targets[r->c->target_count++], r->a, item, r->d);
	check_defaults(r, y);
}

static struct str nearest_rule(struct str id)
{
	struct str ids[RULE_COUNT];

	for (int i = 0; i < RULE_COUNT; i++)
		ids[i] = str_from(rule_info((enum rule)i)->id);
	return str_nearest(id, ids, RULE_COUNT);
}

static void read_severities(struct reader *r, struct yml *y)
{
	if (!y || !yml_want_map(y, r->d))
		return;
	yml_each (item, y) {
		enum rule rule;
		struct str near;

		if (!rule_find(item->key, &rule)) {
			near = nearest_rule(item->key);
			diag_add(r->d, RULE_YAML_KEY, item->key_at, "there is no rule “%.*s”",
				STR_ARG(item->key));
			if (near.n)
				diag_hint(r->d, "did you mean “%.*s”?", STR_ARG(near));
		} else if (!severity_parse(item->text, &r->c->severities.of[rule])) {
			bad_value(r, item, "off, info, warning, error");
		}
	}
}

static void read_limits(struct reader *r, struct yml *y)
{
	static const struct str known[] = {STR_INIT("sheet_bytes")};
	int64_t bytes;

	if (!y || !yml_want_map(y, r->d))
		return;
	bytes = yml_int(yml_get(y, "sheet_bytes"), (int64_t)r->c->sheet_max_bytes, r->d);
	if (bytes > 0 && bytes <= (int64_t)1 << 30)
		r->c->sheet_max_bytes = (size_t)bytes;
	else
		bad_value(r, yml_get(y, "sheet_bytes"), "1 to 1073741824");
	yml_unknown(y, known, COUNT_OF(known), r->d);
}

static void read_base_url(struct reader *r, struct yml *y)
{
	struct str url = yml_str(y, (struct str){0}, r->d);

	if (!url.n)
		return;
	if (!address_is_base(url)) {
		diag_add(r->d, RULE_YAML_VALUE, y->at,
			"base_url must be an absolute web address; it was left out");
		diag_hint(r->d, "for example https://example.org/faktablad/");
		return;
	}
	r->c->base_url = str_ends(url, STR("/")) ? url : str_join(r->a, url, STR("/"));
}

bool config_read(struct config *c, struct arena *a, struct source *src, const struct str *found,
	size_t found_count, struct diag *d)
{
	static const struct str known[] = {STR_INIT("title"), STR_INIT("base_url"),
		STR_INIT("source_language"), STR_INIT("languages"), STR_INIT("editions"), STR_INIT("targets"),
		STR_INIT("severity"), STR_INIT("limits"), STR_INIT("publisher"), STR_INIT("feedback"),
		STR_INIT("pages"), STR_INIT("plain_language")};
	struct reader r = {.c = c, .a = a, .d = d};
	struct yml *y = NULL, *languages = NULL;

	*c = (struct config){.title = STR("Faktablad"), .sheet_max_bytes = (size_t)1 << 20};
	severities_init(&c->severities);
	if (src) {
		y = yml_parse(a, src, 0, src->text.n, d);
		if (!y || (!yml_is_null(y) && !yml_want_map(y, d)))
			return false;
		languages = yml_get(y, "languages");
	}
	read_languages(&r, languages, found, found_count);
	if (!c->language_count) {
		diag_add_path(d, RULE_LANGUAGE_UNKNOWN, STR(CONFIG_NAME), "the site has no language");
		diag_hint(d, "name at least one under “languages”");
		return false;
	}
	read_source_language(&r, y ? yml_get(y, "source_language") : NULL);
	read_fallbacks(&r, languages);
	read_editions(&r, y ? yml_get(y, "editions") : NULL);
	plain_read(&c->plain, c->languages, c->language_count, y ? yml_get(y, "plain_language") : NULL, d);
	if (!y)
		return true;
	c->title = yml_str(yml_get(y, "title"), c->title, d);
	read_base_url(&r, yml_get(y, "base_url"));
	read_targets(&r, yml_get(y, "targets"));
	read_severities(&r, yml_get(y, "severity"));
	read_limits(&r, yml_get(y, "limits"));
	sender_read(&c->sender, y, d);
	yml_unknown(y, known, COUNT_OF(known), d);
	return true;
}
