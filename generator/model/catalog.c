#include "model/catalog.h"

const struct translation *catalog_leader(const struct catalog *c, const struct sheet *s)
{
	if (s->in[c->config.source])
		return s->in[c->config.source];
	for (size_t i = 0; i < c->config.language_count; i++)
		if (s->in[i])
			return s->in[i];
	BUG("a sheet without any translation");
}

const struct phrase *catalog_phrase(
	const struct catalog *c, size_t language, struct str key, size_t *found_in)
{
	const struct language *l = &c->config.languages[language];
	const struct phrase *p = map_get(&c->wordings[language].phrases, key);

	*found_in = language;
	for (size_t i = 0; !p && i < l->fallback_count; i++) {
		*found_in = l->fallback[i];
		p = map_get(&c->wordings[l->fallback[i]].phrases, key);
	}
	return p;
}

static const struct translation *good_enough(
	const struct catalog *c, const struct edition *e, const struct sheet *s, size_t language)
{
	const struct translation *t = s->in[language];

	return t && (language == c->config.source || t->status >= e->lowest) ? t : NULL;
}

const struct translation *catalog_translation(
	const struct catalog *c, const struct edition *e, const struct sheet *s, size_t language)
{
	const struct language *l = &c->config.languages[language];
	const struct translation *t;

	if (e->audience && s->audience && !(s->audience & e->audience))
		return NULL;
	t = good_enough(c, e, s, language);
	for (size_t i = 0; !t && i < l->fallback_count; i++)
		t = good_enough(c, e, s, l->fallback[i]);
	return t;
}
