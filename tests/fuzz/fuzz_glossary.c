/*
 * The glossary: whatever the bytes, every term has a word in the source language, no form is empty, and every
 * report points into the file.
 */
#include "model/glossary.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_reports(const struct diag *d, const struct source *src)
{
	for (size_t i = 0; i < d->len; i++) {
		struct span at = d->items[i].at;

		if (at.src && (at.src != src || at.at > src->text.n || at.n > src->text.n - at.at))
			BUG("a report outside of the file");
		if (!d->items[i].message.n)
			BUG("a report that says nothing");
	}
}

static void check_term(const struct term *t, const struct config *c, size_t index)
{
	if (!t->id.n || t->index != index)
		BUG("a term without its id or number");
	if (!t->word_count[c->source])
		BUG("a term without a word in the source language");
	for (size_t i = 0; i < c->language_count; i++) {
		if (t->status[i] == STATUS_MISSING || !t->words[i] != !t->word_count[i])
			BUG("a language without its state or words");
		for (size_t k = 0; k < t->word_count[i]; k++)
			if (!t->words[i][k].n)
				BUG("an empty word");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct str text = str_make((const char *)bytes, n);
	struct source config_src, src;
	struct config config;
	struct map terms = {0};
	struct arena a;
	struct diag d;

	if (utf8_check(text) != n || str_find_byte(text, '\0') < n)
		return -1;
	arena_init(&a, (size_t)1 << 30);
	diag_init(&d);
	source_init(&config_src, STR("c"), STR("languages: {sv: , en: , ar: }\n"));
	if (!config_read(&config, &a, &config_src, NULL, 0, &d))
		BUG("no configuration");
	source_init(&src, STR("g"), text);
	glossary_read(&terms, &a, &src, &config, &d);
	for (size_t i = 0; i < terms.len; i++)
		check_term(terms.entries[i].value, &config, i);
	check_reports(&d, &src);
	source_release(&src);
	source_release(&config_src);
	diag_release(&d);
	arena_release(&a);
	return 0;
}
