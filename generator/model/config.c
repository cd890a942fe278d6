#include "model/config.h"

#include "base/buf.h"
#include "base/fs.h"

struct reader {
	struct config *c;
	struct arena *a;
	struct diag *d;
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

static struct str lower_case(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 'a' - 'A' : s.p[i]);
	return str_make(p, s.n);
}

static void complete_language(struct reader *r, struct language *l)
{
	struct buf name;

	buf_init(&name, 1024);
	locale_native_name(&name, l->spec.tag);
	l->name = str_dup(r->a, buf_str(&name));
	buf_release(&name);
	l->rtl = locale_rtl(l->spec.tag);
	l->folder = lower_case(r->a, l->spec.tag);
}

static void check_style(
	struct reader *r, const struct yml *y, bool (*known)(struct str name), const char *allowed)
{
	if (y && y->kind == YML_SCALAR && y->text.n && !known(y->text))
		bad_value(r, y, allowed);
}

static void add_language(struct reader *r, struct language *l, struct yml *y)
{
	static const struct str known[] = {STR_INIT("weight"), STR_INIT("fallback"), STR_INIT("digits"),
		STR_INIT("calendar"), STR_INIT("name")};

	l->spec.tag = y->key;
	if (!locale_well_formed(y->key)) {
		diag_add(r->d, RULE_LANGUAGE_UNKNOWN, y->key_at, "“%.*s” is not a language tag",
			STR_ARG(y->key));
		diag_hint(r->d, "BCP 47 tags look like “sv”, “ckb” or “fa-AF”");
	} else if (!locale_has_data(y->key)) {
		diag_add(r->d, RULE_LANGUAGE_NO_DATA, y->key_at,
			"ICU has no data for “%.*s”; numbers, dates and plurals follow its root",
			STR_ARG(y->key));
	}
	complete_language(r, l);
	l->weight = (int64_t)r->c->language_count;
	if (y->kind == YML_SCALAR && !y->text.n)
		return;
	if (!yml_want_map(y, r->d))
		return;
	l->weight = yml_int(yml_get(y, "weight"), l->weight, r->d);
	l->spec.digits = yml_str(yml_get(y, "digits"), l->spec.digits, r->d);
	l->spec.calendar = yml_str(yml_get(y, "calendar"), l->spec.calendar, r->d);
	check_style(r, yml_get(y, "digits"), locale_digits_known,
		"a CLDR numbering system, for example latn or arab");
	check_style(r, yml_get(y, "calendar"), locale_calendar_known,
		"a CLDR calendar, for example gregory or persian");
	l->name = yml_str(yml_get(y, "name"), l->name, r->d);
	yml_get(y, "fallback");
	yml_unknown(y, known, COUNT_OF(known), r->d);
}

static void read_fallback(struct reader *r, struct language *l, struct yml *y)
{
	l->fallback = arena_new_n(r->a, size_t, y->kind == YML_LIST ? y->len : 1);
	if (y->kind == YML_SCALAR && !y->text.n)
		return;
	for (struct yml *item = y->kind == YML_LIST ? y->first : y; item;
		item = y->kind == YML_LIST ? item->next : NULL) {
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

static void read_languages(struct reader *r, struct yml *y, const struct str *found, size_t found_count)
{
	struct config *c = r->c;
	size_t count = y && y->kind == YML_MAP ? y->len : found_count;

	if (y && !yml_want_map(y, r->d))
		count = found_count;
	c->languages = arena_new_n(r->a, struct language, count < LANGUAGE_MAX ? count : LANGUAGE_MAX);
	if (y && y->kind == YML_MAP) {
		yml_each (item, y) {
			if (c->language_count < LANGUAGE_MAX)
				add_language(r, &c->languages[c->language_count++], item);
		}
	} else {
		for (size_t i = 0; i < found_count && c->language_count < LANGUAGE_MAX; i++) {
			struct language *l = &c->languages[c->language_count++];

			l->spec.tag = found[i];
			complete_language(r, l);
		}
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

static size_t add_edition(struct reader *r, const struct edition *e)
{
	struct config *c = r->c;
	struct edition *wider = arena_new_n(r->a, struct edition, c->edition_count + 1);

	if (c->edition_count)
		memcpy(wider, c->editions, c->edition_count * sizeof(*wider));
	wider[c->edition_count] = *e;
	c->editions = wider;
	return c->edition_count++;
}

static void all_languages(struct reader *r, struct edition *e)
{
	e->languages = arena_new_n(r->a, size_t, r->c->language_count);
	for (size_t i = 0; i < r->c->language_count; i++)
		e->languages[e->language_count++] = i;
}

static void read_edition_languages(struct reader *r, struct edition *e, struct yml *y)
{
	struct str *tags;
	size_t count = yml_strs(r->a, y, &tags, r->d);

	if (!y || (count == 1 && str_is(tags[0], "all"))) {
		all_languages(r, e);
		return;
	}
	e->languages = arena_new_n(r->a, size_t, r->c->language_count);
	for (size_t i = 0; i < count; i++)
		if (!config_language(r->c, tags[i])) {
			diag_add(r->d, RULE_LANGUAGE_UNKNOWN, y->at,
				"“%.*s” is not among the site's languages", STR_ARG(tags[i]));
		}
	for (size_t i = 0; i < r->c->language_count; i++)
		for (size_t k = 0; k < count; k++)
			if (str_eq(tags[k], r->c->languages[i].spec.tag) && !edition_has_language(e, i))
				e->languages[e->language_count++] = i;
}

static void split_by_language(struct reader *r, const struct edition *whole)
{
	for (size_t i = 0; i < whole->language_count; i++) {
		struct edition one = *whole;
		struct str folder = r->c->languages[whole->languages[i]].folder;

		one.name = str_fmt(r->a, "%.*s-%.*s", STR_ARG(whole->name), STR_ARG(folder));
		one.languages = arena_new(r->a, size_t);
		one.languages[0] = whole->languages[i];
		one.language_count = 1;
		one.each = true;
		add_edition(r, &one);
	}
}

static void read_edition(struct reader *r, struct yml *y)
{
	static const struct str known[] = {STR_INIT("face"), STR_INIT("languages"), STR_INIT("each"),
		STR_INIT("lowest_status"), STR_INIT("audience")};
	struct edition e = {.name = y->key, .lowest = STATUS_MACHINE};
	struct yml *face, *each, *lowest, *audience;

	if (!fs_portable_path(y->key)) {
		diag_add(r->d, RULE_FILE_NAME, y->key_at, "“%.*s” cannot name an edition", STR_ARG(y->key));
		diag_hint(r->d, "file names are made of it: use a-z, 0-9 and -");
		return;
	}
	if (!yml_want_map(y, r->d))
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
	each = yml_get(y, "each");
	if (each && !str_is(each->text, "language"))
		bad_value(r, each, "language");
	yml_unknown(y, known, COUNT_OF(known), r->d);
	if (each)
		split_by_language(r, &e);
	else
		add_edition(r, &e);
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
	add_edition(r, &web);
}

/* Targets, severities, limits */

static void read_target(struct reader *r, struct target *t, struct yml *y)
{
	static const struct str known[] = {
		STR_INIT("url"), STR_INIT("default"), STR_INIT("public_address"), STR_INIT("delete_cap")};

	*t = (struct target){.name = y->key, .at = y->at, .delete_cap = -1};
	if (!yml_want_map(y, r->d))
		return;
	t->url = yml_str(yml_get(y, "url"), t->url, r->d);
	t->public_address = yml_str(yml_get(y, "public_address"), t->public_address, r->d);
	t->is_default = yml_bool(yml_get(y, "default"), false, r->d);
	t->delete_cap = yml_int(yml_get(y, "delete_cap"), -1, r->d);
	if (!t->url.n) {
		diag_add(r->d, RULE_YAML_MISSING, y->key_at, "the target “%.*s” has no url", STR_ARG(y->key));
		diag_hint(r->d, "for a local directory: “url: file:published”");
	}
	yml_unknown(y, known, COUNT_OF(known), r->d);
}

static void read_targets(struct reader *r, struct yml *y)
{
	if (!y || !yml_want_map(y, r->d))
		return;
	r->c->targets = arena_new_n(r->a, struct target, y->len);
	yml_each (item, y)
		read_target(r, &r->c->targets[r->c->target_count++], item);
}

static struct str nearest_rule(struct str id)
{
	static struct str ids[RULE_COUNT];

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
	if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://"))) {
		diag_add(r->d, RULE_YAML_VALUE, y->at, "base_url must be an absolute web address");
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
		STR_INIT("severity"), STR_INIT("limits")};
	struct reader r = {c, a, d};
	struct yml *y = NULL, *languages = NULL;

	*c = (struct config){.title = STR("Faktablad"), .sheet_max_bytes = (size_t)1 << 20};
	severities_init(&c->severities);
	if (src) {
		y = yml_parse(a, src, 0, src->text.n, d);
		if (!y || !yml_want_map(y, d))
			return false;
		languages = yml_get(y, "languages");
	}
	read_languages(&r, languages, found, found_count);
	if (!c->language_count)
		return false;
	read_source_language(&r, y ? yml_get(y, "source_language") : NULL);
	read_fallbacks(&r, languages);
	read_editions(&r, y ? yml_get(y, "editions") : NULL);
	if (!y)
		return true;
	c->title = yml_str(yml_get(y, "title"), c->title, d);
	read_base_url(&r, yml_get(y, "base_url"));
	read_targets(&r, yml_get(y, "targets"));
	read_severities(&r, yml_get(y, "severity"));
	read_limits(&r, yml_get(y, "limits"));
	yml_unknown(y, known, COUNT_OF(known), d);
	return true;
}
