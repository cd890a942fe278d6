#include "model/glossary.h"

#define TRANSLATION_KEY "translation"
#define EXPLANATION_KEY "explanation"

struct reader {
	struct map *terms;
	struct arena *a;
	const struct config *c;
	struct diag *d;
	enum status *status; /* [language], shared by all terms */
	bool too_many;	     /* said already */
};

static bool id_valid(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char ch = id.p[i];

		if (!(ch >= 'a' && ch <= 'z') && !(i && ((ch >= '0' && ch <= '9') || ch == '_' || ch == '-')))
			return false;
	}
	return id.n > 0;
}

/* A key that names a language of the site; one that the site does not have is ignored, anything else
 * reported. */
static const struct language *language_key(struct reader *r, struct yml *y, const char *others)
{
	const struct language *l = config_language(r->c, y->key);
	struct str tags[LANGUAGE_MAX], near;

	y->seen = true;
	if (l || locale_well_formed(y->key))
		return l;
	for (size_t i = 0; i < r->c->language_count; i++)
		tags[i] = r->c->languages[i].spec.tag;
	near = str_nearest(y->key, tags, r->c->language_count);
	diag_add(r->d, RULE_YAML_KEY, y->key_at, "“%.*s” means nothing here", STR_ARG(y->key));
	if (near.n)
		diag_hint(r->d, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(r->d, "allowed: language tags%s", others);
	return NULL;
}

/* Status */

/* What counts when the file says nothing: as for sheets. */
static void default_status(struct reader *r)
{
	r->status = arena_new_n(r->a, enum status, r->c->language_count);
	for (size_t i = 0; i < r->c->language_count; i++)
		r->status[i] = i == r->c->source ? STATUS_REVIEWED : STATUS_TRANSLATED;
}

static void read_status(struct reader *r, struct yml *y, enum status *out)
{
	enum status status;

	if (y->kind == YML_SCALAR && status_parse(y->text, &status) && status != STATUS_MISSING) {
		*out = status;
		return;
	}
	diag_add(r->d, RULE_YAML_VALUE, y->at, "this is not the state of a translation");
	diag_hint(r->d, "allowed: machine, translated, reviewed");
}

/* `translation: machine` says it of every language but the source; a map says it of each. */
static void read_statuses(struct reader *r, struct yml *y)
{
	enum status all = STATUS_TRANSLATED;

	if (yml_is_null(y))
		return;
	if (y->kind == YML_MAP) {
		yml_each (item, y) {
			const struct language *l = language_key(r, item, "");

			if (l)
				read_status(r, item, &r->status[l->index]);
		}
		return;
	}
	read_status(r, y, &all);
	for (size_t i = 0; i < r->c->language_count; i++)
		if (i != r->c->source)
			r->status[i] = all;
}

/* Terms */

static void read_explanation(struct reader *r, struct term *t, struct yml *y)
{
	if (y->kind != YML_MAP) {
		t->explanation[r->c->source] = yml_str(y, (struct str){0}, r->d);
		return;
	}
	yml_each (item, y) {
		const struct language *l = language_key(r, item, "");

		if (l)
			t->explanation[l->index] = str_trim(yml_str(item, (struct str){0}, r->d));
	}
}

static void read_words(struct reader *r, struct term *t, struct yml *y, size_t language)
{
	struct str *words;
	size_t count = yml_strs(r->a, y, &words, r->d), kept = 0;

	for (size_t i = 0; i < count && kept < GLOSSARY_MAX_FORMS; i++)
		if (str_trim(words[i]).n)
			words[kept++] = str_trim(words[i]);
	if (count > GLOSSARY_MAX_FORMS)
		diag_add(r->d, RULE_YAML_LIMIT, y->key_at, "more than %d forms; the others were left out",
			GLOSSARY_MAX_FORMS);
	t->words[language] = kept ? words : NULL;
	t->word_count[language] = kept;
}

static struct term *new_term(struct reader *r, const struct yml *y)
{
	struct term *t = arena_new(r->a, struct term);
	size_t n = r->c->language_count;

	*t = (struct term){.id = y->key, .at = y->key_at, .status = r->status, .index = r->terms->len};
	t->words = arena_new_n(r->a, struct str *, n);
	t->word_count = arena_new_n(r->a, size_t, n);
	t->explanation = arena_new_n(r->a, struct str, n);
	return t;
}

static bool has_room(struct reader *r, const struct yml *y)
{
	if (r->terms->len < GLOSSARY_MAX)
		return true;
	if (!r->too_many)
		diag_add(r->d, RULE_YAML_LIMIT, y->key_at,
			"more than %d terms; this and the following were left out", GLOSSARY_MAX);
	r->too_many = true;
	return false;
}

static void read_term(struct reader *r, struct yml *y)
{
	struct term *t;

	if (!has_room(r, y))
		return;
	t = new_term(r, y);
	if (!id_valid(t->id)) {
		diag_add(r->d, RULE_YAML_VALUE, t->at, "“%.*s” cannot be a term's id; it was left out",
			STR_ARG(t->id));
		diag_hint(r->d, "ids are made of a-z, 0-9, _ and - and begin with a letter");
		return;
	}
	if (!yml_is_null(y) && !yml_want_map(y, r->d))
		return;
	yml_each (item, y) {
		const struct language *l;

		if (str_is(item->key, EXPLANATION_KEY)) {
			read_explanation(r, t, item);
			continue;
		}
		l = language_key(r, item, " and “" EXPLANATION_KEY "”");
		if (l)
			read_words(r, t, item, l->index);
	}
	if (!t->word_count[r->c->source]) {
		diag_add(r->d, RULE_YAML_MISSING, t->at,
			"the term “%.*s” has no word in the source language; it was left out",
			STR_ARG(t->id));
		diag_hint(r->d, "add “%.*s: …”", STR_ARG(r->c->languages[r->c->source].spec.tag));
		return;
	}
	map_put(r->terms, r->a, t->id, t);
}

void glossary_read(
	struct map *terms, struct arena *a, struct source *src, const struct config *c, struct diag *d)
{
	struct reader r = {.terms = terms, .a = a, .c = c, .d = d};
	struct yml *y = yml_parse(a, src, 0, src->text.n, d);

	if (!y || yml_is_null(y) || !yml_want_map(y, d))
		return;
	default_status(&r);
	yml_each (item, y)
		if (str_is(item->key, TRANSLATION_KEY))
			read_statuses(&r, item);
	yml_each (item, y)
		if (!str_is(item->key, TRANSLATION_KEY))
			read_term(&r, item);
}
