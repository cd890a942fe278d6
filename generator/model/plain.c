#include "model/plain.h"

static const struct language *language_of(const struct language *languages, size_t count, struct str tag)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(languages[i].spec.tag, tag))
			return &languages[i];
	return NULL;
}

static void read_languages(
	struct plain *p, const struct language *languages, size_t count, struct yml *y, struct diag *d)
{
	const struct language *l;

	yml_each_item(item, y)
	{
		l = language_of(languages, count, item->text);
		if (l) {
			p->judged[l->index] = true;
			continue;
		}
		diag_add(d, RULE_LANGUAGE_UNKNOWN, item->at, "“%.*s” is not among the site's languages",
			STR_ARG(item->text));
		diag_hint(d, "name languages configured here");
	}
}

static void read_limit(int64_t *out, struct yml *map, const char *key, struct diag *d)
{
	struct yml *y = yml_get(map, key);
	int64_t n = yml_int(y, *out, d);

	if (n > 0 && n <= 1000) {
		*out = n;
		return;
	}
	diag_add(d, RULE_YAML_VALUE, y->at, "“%.*s” is not allowed here", STR_ARG(y->text));
	diag_hint(d, "allowed: 1 to 1000");
}

void plain_read(
	struct plain *p, const struct language *languages, size_t count, struct yml *y, struct diag *d)
{
	static const struct str known[] = {
		STR_INIT("languages"), STR_INIT("lix"), STR_INIT("sentence_words"), STR_INIT("word_letters")};
	static const struct str audiences[] = {STR_INIT("guardian"), STR_INIT("staff")};
	const struct language *swedish = language_of(languages, count, STR("sv"));
	struct yml *lix, *list;

	*p = (struct plain){.lix_guardian = 35, .lix_staff = 45, .sentence_words = 25, .word_letters = 20};
	list = y && yml_want_map(y, d) ? yml_get(y, "languages") : NULL;
	if (list)
		read_languages(p, languages, count, list, d);
	else if (swedish)
		p->judged[swedish->index] = true;
	if (!y || y->kind != YML_MAP)
		return;
	lix = yml_get(y, "lix");
	if (lix && yml_want_map(lix, d)) {
		read_limit(&p->lix_guardian, lix, "guardian", d);
		read_limit(&p->lix_staff, lix, "staff", d);
		yml_unknown(lix, audiences, COUNT_OF(audiences), d);
	}
	read_limit(&p->sentence_words, y, "sentence_words", d);
	read_limit(&p->word_letters, y, "word_letters", d);
	yml_unknown(y, known, COUNT_OF(known), d);
}

int64_t plain_lix(const struct plain *p, unsigned audience)
{
	return audience == AUDIENCE_STAFF ? p->lix_staff : p->lix_guardian;
}
