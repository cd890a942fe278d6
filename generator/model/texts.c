#include "model/texts.h"

static void read_language(struct texts *out, struct yml *y, const struct config *c, struct diag *d)
{
	const struct language *l = config_language(c, y->key);
	struct str tags[LANGUAGE_MAX], near;

	y->seen = true;
	if (l) {
		out->in[l->index] = str_trim(yml_str(y, (struct str){0}, d));
		return;
	}
	if (locale_well_formed(y->key))
		return; /* a language that the site does not have, yet or any more */
	for (size_t i = 0; i < c->language_count; i++)
		tags[i] = c->languages[i].spec.tag;
	near = str_nearest(y->key, tags, c->language_count);
	diag_add(d, RULE_YAML_KEY, y->key_at, "“%.*s” is no language tag; it is left out", STR_ARG(y->key));
	if (near.n)
		diag_hint(d, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(d, "write one text, or a mapping from language tags to texts");
}

void texts_read(struct texts *out, struct arena *a, struct yml *y, const struct config *c, struct diag *d)
{
	*out = (struct texts){0};
	if (!y || yml_is_null(y))
		return;
	out->in = arena_new_n(a, struct str, c->language_count);
	if (y->kind == YML_MAP) {
		yml_each (item, y)
			read_language(out, item, c, d);
		return;
	}
	out->single = true;
	out->in[c->source] = str_trim(yml_str(y, (struct str){0}, d));
}

struct str texts_find(const struct texts *t, const struct config *c, size_t language, size_t *found_in)
{
	const struct language *l = &c->languages[language];

	*found_in = language;
	if (!t->in)
		return (struct str){0};
	for (size_t i = 0; !t->in[*found_in].n && i < l->fallback_count; i++)
		*found_in = l->fallback[i];
	if (!t->in[*found_in].n)
		*found_in = c->source;
	return t->in[*found_in];
}
