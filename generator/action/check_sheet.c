/* Sheets as a whole: addresses, translations, review dates; editions; stray files. */
#include "action/check_impl.h"

#include "base/fs.h"

static void check_address(struct checker *k, struct map *taken, const struct translation *t, struct str slug)
{
	const struct translation *before = map_put(taken, k->a, slug, (void *)t);
	const char *fault = slug_reserved(slug)	      ? "is the address of a generated page"
			    : !fs_portable_path(slug) ? "cannot be a file on every machine"
						      : NULL;

	if (fault) {
		diag_add(k->d, RULE_FILE_NAME,
			t->title_at.src ? t->title_at : span_make((struct source *)&t->src, 0, 0),
			"“%.*s” %s", STR_ARG(slug), fault);
		diag_hint(k->d, "rename the file, or give it another “slug”");
	}
	if (!before)
		return;
	diag_add(k->d, RULE_SHEET_DUPLICATE_SLUG,
		t->title_at.src ? t->title_at : span_make((struct source *)&t->src, 0, 0),
		"the address “%.*s” is taken by “%.*s”", STR_ARG(slug), STR_ARG(before->src.path));
	if (before->title_at.src)
		diag_other(k->d, before->title_at);
	diag_hint(k->d, "give one of them another “slug” or “aliases”");
}

static void check_alias(struct checker *k, struct map *taken, const struct translation *t, struct str alias)
{
	if (fs_portable_path(alias) && str_find_byte(alias, '/') == alias.n) {
		check_address(k, taken, t, alias);
		return;
	}
	diag_add(k->d, RULE_FILE_NAME,
		t->title_at.src ? t->title_at : span_make((struct source *)&t->src, 0, 0),
		"“%.*s” cannot be an address", STR_ARG(alias));
	diag_hint(k->d, "aliases are old slugs: a-z, 0-9 and -");
}

static void check_addresses(struct checker *k, size_t language)
{
	struct map taken = {0};

	for (size_t i = 0; i < k->c->sheet_count; i++) {
		const struct translation *t = k->c->sheets[i]->in[language];

		if (!t)
			continue;
		check_address(k, &taken, t, t->slug);
		for (size_t n = 0; n < t->alias_count; n++)
			check_alias(k, &taken, t, t->aliases[n]);
	}
}

static void check_languages(struct checker *k, const struct sheet *s)
{
	const struct config *config = &k->c->config;
	const struct translation *source = s->in[config->source];

	for (size_t i = 0; i < config->language_count; i++) {
		const struct translation *t = s->in[i];

		if (t && !source) {
			diag_add(k->d, RULE_SHEET_NO_SOURCE_TEXT, span_make((struct source *)&t->src, 0, 0),
				"the sheet does not exist in the source language, “%.*s”",
				STR_ARG(config->languages[config->source].spec.tag));
		} else if (!t && source) {
			diag_add_path(k->d, RULE_SHEET_TRANSLATION_MISSING,
				str_fmt(k->a, "content/%.*s/%.*s.md", STR_ARG(config->languages[i].spec.tag),
					STR_ARG(s->key)),
				"the sheet is not translated; readers see a fallback");
		}
	}
}

static void check_freshness(struct checker *k, const struct sheet *s)
{
	const struct translation *t = s->in[k->c->config.source];

	if (!t || !k->options->today.year || !t->review_by.year ||
		date_cmp(t->review_by, k->options->today) >= 0)
		return;
	diag_add(k->d, RULE_FRESHNESS_OVERDUE,
		t->title_at.src ? t->title_at : span_make((struct source *)&t->src, 0, 0),
		"the sheet should have been reviewed by %.*s", STR_ARG(date_iso(k->a, t->review_by)));
	diag_hint(k->d, "read it against its sources, then set “reviewed” and “review_by”");
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
	for (size_t i = 0; i < k->c->sheet_count; i++) {
		check_languages(k, k->c->sheets[i]);
		check_freshness(k, k->c->sheets[i]);
	}
	check_editions(k);
	for (size_t i = 0; i < k->c->media.len; i++)
		if (!k->media_used[i]) {
			const struct media *m = k->c->media.entries[i].value;

			diag_add_path(k->d, RULE_FILE_STRAY, str_join(k->a, STR("content/"), m->path),
				"no sheet uses this file");
		}
}
