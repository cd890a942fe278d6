/* Sheets as a whole: addresses, translations; editions; stray files. */
#include "action/check_impl.h"

/* The addresses of one language, each with the text that has it. */
struct addresses {
	struct checker *k;
	struct map taken;
};

static void report_taken(struct checker *k, const struct translation *t, struct span at, struct str slug,
	const struct translation *by)
{
	diag_add(k->d, RULE_SHEET_DUPLICATE_SLUG, at, "the address “%.*s” is taken by “%.*s”", STR_ARG(slug),
		STR_ARG(by->src.path));
	if (by != t)
		diag_other(k->d, translation_place(by));
	diag_hint(k->d, "give one of them another “slug” or “aliases”");
}

static void take_address(struct addresses *a, const struct translation *t, struct span at, struct str slug)
{
	const struct translation *by = map_get(&a->taken, slug);

	if (slug_reserved(slug) || (str_is(slug, "contacts") && a->k->c->districts.by_id.len)) {
		diag_add(a->k->d, RULE_FILE_NAME, at, "“%.*s” is the address of a generated page",
			STR_ARG(slug));
		diag_hint(a->k->d, "rename the file, or give it another “slug”");
	}
	if (by)
		report_taken(a->k, t, at, slug, by);
	else
		map_put(&a->taken, a->k->a, slug, (void *)t);
}

/* Addresses of the language's own texts. */
static void take_own(struct addresses *a, size_t language, struct sheet *const *sheets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct translation *t = sheets[i]->in[language];

		if (!t)
			continue;
		take_address(a, t, t->slug_at.src ? t->slug_at : translation_place(t), t->slug);
		for (size_t n = 0; n < t->alias_count; n++)
			take_address(a, t, t->aliases_at, t->aliases[n]);
	}
}

/* What stands in for a missing text keeps its own address, which must be free here too. */
static void check_stand_ins(struct addresses *a, size_t language, struct sheet *const *sheets, size_t count)
{
	const struct catalog *c = a->k->c;
	const struct edition *web = config_web(&c->config);

	for (size_t i = 0; i < count; i++) {
		const struct translation *t = catalog_translation(c, web, sheets[i], language);
		const struct translation *by =
			t && t->language != language ? map_get(&a->taken, t->slug) : NULL;

		if (t && t->language != language && !by)
			map_put(&a->taken, a->k->a, t->slug, (void *)t);
		/* A text below the edition's lowest status makes room for its own sheet's stand-in. */
		if (!by || by->sheet == t->sheet)
			continue;
		diag_add(a->k->d, RULE_SHEET_DUPLICATE_SLUG, translation_place(by),
			"the address “%.*s” is taken by “%.*s”, which stands in for a text that is missing "
			"here",
			STR_ARG(t->slug), STR_ARG(t->src.path));
		diag_other(a->k->d, translation_place(t));
		diag_hint(a->k->d, "give one of them another “slug” or “aliases”");
	}
}

static void check_addresses(struct checker *k, size_t language)
{
	struct addresses a = {.k = k};
	const struct catalog *c = k->c;

	/* Withdrawn sheets keep theirs. */
	take_own(&a, language, c->sheets, c->sheet_count);
	take_own(&a, language, c->withdrawn, c->withdrawn_count);
	if (!edition_has_language(config_web(&c->config), language))
		return;
	check_stand_ins(&a, language, c->sheets, c->sheet_count);
	check_stand_ins(&a, language, c->withdrawn, c->withdrawn_count);
}

/* One a text: pages say it to readers, and “faktablad status” to translators. */
static void check_lags(struct checker *k, const struct translation *t)
{
	const struct freshness *f = t ? t->freshness : NULL;
	struct buf list;

	if (!f || !f->lag_count)
		return;
	buf_init(&list, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < f->lag_count; i++)
		buf_addf(&list, "%s%.*s", i ? ", " : "", STR_ARG(f->lags[i].section));
	diag_add(k->d, RULE_TRANSLATION_STALE, f->at, "%zu of %zu sections %s behind the source text: %.*s",
		f->lag_count, freshness_total(f), f->lag_count == 1 ? "is" : "are", STR_ARG(buf_str(&list)));
	diag_hint(k->d, "“faktablad status %.*s” shows what changed", STR_ARG(t->src.path));
	buf_release(&list);
}

static void check_languages(struct checker *k, const struct sheet *s)
{
	const struct config *config = &k->c->config;
	const struct translation *source = s->in[config->source];

	for (size_t i = 0; i < config->language_count; i++) {
		const struct translation *t = s->in[i];

		check_lags(k, t);
		if (t && !source) {
			diag_add(k->d, RULE_SHEET_NO_SOURCE_TEXT, span_make((struct source *)&t->src, 0, 0),
				"the sheet does not exist in the source language, “%.*s”",
				STR_ARG(config->languages[config->source].spec.tag));
			diag_hint(k->d,
				"a translation has its source text's file name; here “content/%.*s/%.*s.md” "
				"is missing",
				STR_ARG(config->languages[config->source].spec.tag), STR_ARG(s->key));
		}
	}
}

/* A language that lacks more sheets than these says how many: whoever looks for a mistake is to find it. */
#define MISSING_TOLD 3

static size_t missing_count(const struct catalog *c, size_t language)
{
	size_t n = 0;

	for (size_t i = 0; i < c->sheet_count; i++)
		n += !c->sheets[i]->in[language] && c->sheets[i]->in[c->config.source];
	return n;
}

static void check_missing(struct checker *k, size_t language)
{
	const struct catalog *c = k->c;
	struct str tag = c->config.languages[language].spec.tag;
	size_t missing = missing_count(c, language);

	if (missing > MISSING_TOLD) {
		diag_add_path(k->d, RULE_SHEET_TRANSLATION_MISSING, str_join(k->a, STR("content/"), tag),
			"%zu sheets are not translated; readers see a fallback", missing);
		diag_hint(k->d, "“faktablad status --lang %.*s” shows which", STR_ARG(tag));
		return;
	}
	for (size_t i = 0; missing && i < c->sheet_count; i++) {
		const struct sheet *s = c->sheets[i];

		if (s->in[language] || !s->in[c->config.source])
			continue;
		diag_add_path(k->d, RULE_SHEET_TRANSLATION_MISSING,
			str_fmt(k->a, "content/%.*s/%.*s.md", STR_ARG(tag), STR_ARG(s->key)),
			"the sheet is not translated; readers see a fallback");
	}
}

static void check_editions(struct checker *k)
{
	for (size_t i = 0; i < k->c->config.edition_count; i++) {
		const struct edition *e = &k->c->config.editions[i];
		size_t pages = 0;

		for (size_t n = 0; n < e->language_count && !pages; n++)
			for (size_t s = 0; s < k->c->sheet_count && !pages; s++)
				pages += catalog_translation(k->c, e, k->c->sheets[s], e->languages[n]) !=
					 NULL;
		if (!pages)
			diag_add_path(k->d, RULE_EDITION_EMPTY, STR(CONFIG_NAME),
				"the edition “%.*s” contains no sheet", STR_ARG(e->name));
	}
}

void check_sheets(struct checker *k)
{
	for (size_t i = 0; i < k->c->config.language_count; i++)
		check_addresses(k, i);
	for (size_t i = 0; i < k->c->sheet_count; i++)
		check_languages(k, k->c->sheets[i]);
	for (size_t i = 0; i < k->c->config.language_count; i++)
		check_missing(k, i);
	check_editions(k);
	for (size_t i = 0; i < k->c->media.len; i++)
		if (!k->media_used[i]) {
			const struct media *m = k->c->media.entries[i].value;

			diag_add_path(k->d, RULE_FILE_STRAY, str_join(k->a, STR("content/"), m->path),
				"no sheet uses this file");
		}
}
