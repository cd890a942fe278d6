#include "model/fact.h"

#include "model/fact_impl.h"
#include "text/locale.h"

bool fact_id_valid(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!(c >= 'a' && c <= 'z') && !(i && ((c >= '0' && c <= '9') || c == '_')))
			return false;
	}
	return id.n > 0;
}

static void read_fact(struct map *facts, struct arena *a, struct yml *y, struct diag *d)
{
	static const struct str known[] = {STR_INIT("type"), STR_INIT("value"), STR_INIT("currency"),
		STR_INIT("unit"), STR_INIT("period"), STR_INIT("source"), STR_INIT("place"),
		STR_INIT("note")};
	struct fact *f = arena_new(a, struct fact);

	f->id = y->key;
	f->at = y->key_at;
	f->index = facts->len;
	if (!fact_id_valid(f->id)) {
		diag_add(d, RULE_YAML_VALUE, y->key_at, "“%.*s” cannot be a fact's id", STR_ARG(f->id));
		diag_hint(d, "ids are made of a-z, 0-9 and _ and begin with a letter");
	}
	if (!yml_is_null(y) && !yml_want_map(y, d))
		return;
	fact_value_read(f, a, y, d);
	f->unit = yml_str(yml_get(y, "unit"), f->unit, d);
	f->period = yml_str(yml_get(y, "period"), f->period, d);
	f->note = yml_str(yml_get(y, "note"), f->note, d);
	f->place = yml_str(yml_get(y, "place"), f->place, d);
	f->source = yml_str(yml_get(y, "source"), f->source, d);
	if (!f->source.n) {
		diag_add(d, RULE_FACT_NO_SOURCE, f->at, "the fact “%.*s” has no source", STR_ARG(f->id));
		diag_hint(d, "name one of content/" REFERENCES_PATH " under “source”");
	}
	yml_unknown(y, known, COUNT_OF(known), d);
	map_put(facts, a, f->id, f);
}

/* Content is not trusted: an address is checked as a link in a sheet is. */
static struct str read_url(struct yml *y, struct diag *d)
{
	struct str url = yml_str(y, (struct str){0}, d);

	if (!url.n || str_starts(url, STR("https://")) || str_starts(url, STR("http://")))
		return url;
	diag_add(d, RULE_LINK_UNSAFE, y->at, "“%.*s” is no web address; it was left out", STR_ARG(url));
	diag_hint(d, "addresses of sources begin with https:// or http://");
	return (struct str){0};
}

static struct str read_language(struct yml *y, struct diag *d)
{
	struct str tag = yml_str(y, (struct str){0}, d);

	if (!tag.n || locale_well_formed(tag))
		return tag;
	diag_add(d, RULE_LANGUAGE_UNKNOWN, y->at, "“%.*s” is not a language tag; it was left out",
		STR_ARG(tag));
	diag_hint(d, "BCP 47 tags look like “sv”, “ckb” or “fa-AF”");
	return (struct str){0};
}

static void read_reference(struct map *references, struct arena *a, struct yml *y, struct diag *d)
{
	static const struct str known[] = {STR_INIT("title"), STR_INIT("publisher"), STR_INIT("number"),
		STR_INIT("date"), STR_INIT("url"), STR_INIT("language")};
	struct reference *s = arena_new(a, struct reference);
	struct yml *title;

	s->id = y->key;
	s->at = y->key_at;
	s->index = references->len;
	if (!yml_is_null(y) && !yml_want_map(y, d))
		return;
	title = yml_get(y, "title");
	s->title = yml_str(title, s->id, d);
	if (!title)
		diag_add(d, RULE_YAML_MISSING, y->key_at, "the source “%.*s” has no title", STR_ARG(s->id));
	s->publisher = yml_str(yml_get(y, "publisher"), s->publisher, d);
	s->number = yml_str(yml_get(y, "number"), s->number, d);
	s->date = yml_date(yml_get(y, "date"), d);
	s->url = read_url(yml_get(y, "url"), d);
	s->language = read_language(yml_get(y, "language"), d);
	yml_unknown(y, known, COUNT_OF(known), d);
	map_put(references, a, s->id, s);
}

bool facts_read(struct map *facts, struct arena *a, struct source *src, struct diag *d)
{
	struct yml *y = yml_parse(a, src, 0, src->text.n, d);

	if (!y || !yml_want_map(y, d))
		return y && yml_is_null(y);
	yml_each (item, y)
		read_fact(facts, a, item, d);
	return true;
}

bool references_read(struct map *references, struct arena *a, struct source *src, struct diag *d)
{
	struct yml *y = yml_parse(a, src, 0, src->text.n, d);

	if (!y || !yml_want_map(y, d))
		return y && yml_is_null(y);
	yml_each (item, y)
		read_reference(references, a, item, d);
	return true;
}
