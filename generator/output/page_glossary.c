/* The glossary: every term in the page's language, with the source language's word beside it. */
#include "output/page_impl.h"

struct entry {
	const struct term *term;
	size_t language; /* of the word that is shown */
	struct str key;	 /* to sort by */
};

static int by_word(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int order = str_cmp(a->key, b->key);

	return order ? order : (a->term->index > b->term->index) - (a->term->index < b->term->index);
}

static bool has_word(const struct term *t, size_t language)
{
	return t->word_count[language] > 0;
}

static bool has_explanation(const struct term *t, size_t language)
{
	return t->explanation[language].n > 0;
}

/* The page's language, or the first to fall back to that has it; else the source language. */
static size_t language_with(
	struct page_writer *r, const struct term *t, bool (*has)(const struct term *t, size_t language))
{
	const struct language *l = page_language(r, r->p->language);

	if (has(t, l->index))
		return l->index;
	for (size_t i = 0; i < l->fallback_count; i++)
		if (has(t, l->fallback[i]))
			return l->fallback[i];
	return r->v->catalog->config.source;
}

/* `name`, and what it is written in. */
static void set_text(
	struct page_writer *r, struct value map, const char *name, struct str text, size_t language)
{
	struct value one = value_map(r->a);

	page_set(r, one, "text", value_str(text));
	page_set(r, one, "lang", value_str(page_language(r, language)->spec.tag));
	page_set(r, one, "dir", value_str(language_dir(page_language(r, language))));
	page_set(r, map, name, one);
}

/* The first form is shown; the others stand after it. */
static void set_forms(struct page_writer *r, struct value map, const struct term *t, size_t language)
{
	struct value list = value_list(r->a);

	for (size_t i = 1; i < t->word_count[language]; i++)
		value_push(list, r->a, value_str(t->words[language][i]));
	page_set(r, map, "forms", list);
	page_set(r, map, "has_forms", value_bool(list.list->len > 0));
}

static struct value term_value(struct page_writer *r, const struct entry *e)
{
	const struct term *t = e->term;
	size_t source = r->v->catalog->config.source, explained = language_with(r, t, has_explanation);
	struct value one = value_map(r->a);

	page_set(r, one, "anchor", value_str(t->id));
	set_text(r, one, "word", t->words[e->language][0], e->language);
	set_forms(r, one, t, e->language);
	if (e->language != source)
		set_text(r, one, "original", t->words[source][0], source);
	if (t->explanation[explained].n)
		set_text(r, one, "explanation", t->explanation[explained], explained);
	return one;
}

static struct entry *sorted(struct page_writer *r)
{
	const struct map *terms = &r->v->catalog->terms;
	struct entry *entries = arena_new_n(r->a, struct entry, terms->len);
	struct locale *l = worker_locale(r->w, r->p->language);

	for (size_t i = 0; i < terms->len; i++) {
		const struct term *t = terms->entries[i].value;
		size_t language = language_with(r, t, has_word);

		entries[i] = (struct entry){t, language, locale_sort_key(l, r->a, t->words[language][0])};
	}
	qsort(entries, terms->len, sizeof(*entries), by_word);
	return entries;
}

/* The least state of what is shown: readers are told of it once. */
static enum status least_status(struct page_writer *r, const struct entry *entries, size_t count)
{
	size_t source = r->v->catalog->config.source;
	enum status least = STATUS_REVIEWED;

	for (size_t i = 0; i < count; i++) {
		const struct term *t = entries[i].term;
		size_t explained = language_with(r, t, has_explanation);

		if (entries[i].language != source && t->status[entries[i].language] < least)
			least = t->status[entries[i].language];
		if (explained != source && t->status[explained] < least)
			least = t->status[explained];
	}
	return least;
}

void page_fill_glossary(struct page_writer *r)
{
	const struct map *terms = &r->v->catalog->terms;
	const struct entry *entries = sorted(r);
	enum status status = least_status(r, entries, terms->len);
	struct value list = value_list(r->a);

	for (size_t i = 0; i < terms->len; i++)
		value_push(list, r->a, term_value(r, &entries[i]));
	page_set_titles(r, page_phrase(r, "glossary.title"), page_phrase(r, "glossary.lead"));
	page_set(r, r->data, "is_glossary", value_bool(true));
	page_set(r, r->data, "machine", value_bool(status == STATUS_MACHINE));
	page_set(r, r->data, "translated", value_bool(status == STATUS_TRANSLATED));
	page_set(r, r->data, "terms", list);
}
