#include "model/fact.h"

#include "text/decimal.h"
#include "text/locale.h"

static const struct str type_names[] = {[FACT_INTEGER] = STR_INIT("integer"),
	[FACT_DECIMAL] = STR_INIT("decimal"),
	[FACT_PERCENTAGE] = STR_INIT("percentage"),
	[FACT_DATE] = STR_INIT("date"),
	[FACT_PHONE] = STR_INIT("phone"),
	[FACT_TEXT] = STR_INIT("text")};

bool fact_id_valid(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!(c >= 'a' && c <= 'z') && !(i && ((c >= '0' && c <= '9') || c == '_')))
			return false;
	}
	return id.n > 0;
}

/* Digits as ICU will show them: no exponent, no sign but a minus, a digit after the point. */
static bool is_decimal(struct str s)
{
	struct decimal d;

	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '.' && !(i == 0 && s.p[i] == '-'))
			return false;
	return decimal_parse(s, &d) && !str_ends(s, STR("."));
}

/* Moves the decimal point two places to the left: "7.5" becomes "0.075". */
static struct str hundredth(struct arena *a, struct str s)
{
	bool negative = str_starts(s, STR("-"));
	struct str digits = str_slice(s, negative, s.n);
	size_t point = str_find_byte(digits, '.');
	struct str whole = str_slice(digits, 0, point), rest = str_slice(digits, point + 1, digits.n);

	while (whole.n < 3)
		whole = str_join(a, STR("0"), whole);
	return str_fmt(a, "%s%.*s.%.*s%.*s", negative ? "-" : "", STR_ARG(str_slice(whole, 0, whole.n - 2)),
		STR_ARG(str_slice(whole, whole.n - 2, whole.n)), STR_ARG(rest));
}

static bool integer_value(struct arena *a, struct str text, struct value *out)
{
	int64_t i;

	(void)a;
	if (!str_to_int(text, &i))
		return false;
	*out = value_int(i);
	return true;
}

static bool decimal_value(struct arena *a, struct str text, struct value *out)
{
	(void)a;
	if (!is_decimal(text))
		return false;
	*out = value_decimal(text);
	return true;
}

static bool percentage_value(struct arena *a, struct str text, struct value *out)
{
	if (!is_decimal(text))
		return false;
	*out = value_decimal(hundredth(a, text));
	return true;
}

static bool date_value(struct arena *a, struct str text, struct value *out)
{
	struct date date;

	(void)a;
	if (!date_parse(text, &date))
		return false;
	*out = value_date(date);
	return true;
}

static bool phone_value(struct arena *a, struct str text, struct value *out)
{
	size_t digits = 0;

	(void)a;
	for (size_t i = 0; i < text.n; i++) {
		bool digit = text.p[i] >= '0' && text.p[i] <= '9';

		digits += digit;
		if (!digit && text.p[i] != ' ' && text.p[i] != '-' && !(i == 0 && text.p[i] == '+'))
			return false;
	}
	*out = value_str(text);
	return digits > 1;
}

static bool text_value(struct arena *a, struct str text, struct value *out)
{
	(void)a;
	*out = value_str(text);
	return true;
}

static const struct {
	bool (*read)(struct arena *a, struct str text, struct value *out);
	const char *example;
} types[] = {
	[FACT_INTEGER] = {integer_value, "14"},
	[FACT_DECIMAL] = {decimal_value, "1.5"},
	[FACT_PERCENTAGE] = {percentage_value, "64 (the number of percent)"},
	[FACT_DATE] = {date_value, "2026-01-15"},
	[FACT_PHONE] = {phone_value, "\"116 111\""},
	[FACT_TEXT] = {text_value, "any text"},
};

static void read_type(struct fact *f, struct yml *y, struct diag *d)
{
	struct str near;

	if (!y) {
		diag_add(d, RULE_YAML_MISSING, f->at, "the fact “%.*s” has no type", STR_ARG(f->id));
		diag_hint(d, "types: integer, decimal, percentage, date, phone, text");
		f->type = FACT_TEXT;
		return;
	}
	for (size_t i = 0; i < COUNT_OF(type_names); i++)
		if (str_eq(y->text, type_names[i])) {
			f->type = (enum fact_type)i;
			return;
		}
	f->type = FACT_TEXT;
	near = str_nearest(y->text, type_names, COUNT_OF(type_names));
	diag_add(d, RULE_YAML_VALUE, y->at, "“%.*s” is not a type of fact", STR_ARG(y->text));
	diag_hint(d, "%s%.*s%stypes: integer, decimal, percentage, date, phone, text",
		near.n ? "did you mean “" : "", STR_ARG(near), near.n ? "”? " : "");
}

static void read_value(struct fact *f, struct arena *a, struct yml *y, struct diag *d)
{
	if (!y || y->kind != YML_SCALAR || yml_is_null(y)) {
		diag_add(d, RULE_YAML_MISSING, y ? y->at : f->at, "the fact “%.*s” has no value",
			STR_ARG(f->id));
		f->value = value_str(STR(""));
		return;
	}
	if (types[f->type].read(a, y->text, &f->value))
		return;
	diag_add(d, RULE_YAML_VALUE, y->at, "“%.*s” is not a value of type %.*s", STR_ARG(y->text),
		STR_ARG(type_names[f->type]));
	diag_hint(d, "for example: %s", types[f->type].example);
	f->value = value_str(y->text);
}

static void read_fact(struct map *facts, struct arena *a, struct yml *y, struct diag *d)
{
	static const struct str known[] = {STR_INIT("type"), STR_INIT("value"), STR_INIT("unit"),
		STR_INIT("period"), STR_INIT("source"), STR_INIT("place"), STR_INIT("note")};
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
	read_type(f, yml_get(y, "type"), d);
	read_value(f, a, yml_get(y, "value"), d);
	f->unit = yml_str(yml_get(y, "unit"), f->unit, d);
	f->period = yml_str(yml_get(y, "period"), f->period, d);
	f->note = yml_str(yml_get(y, "note"), f->note, d);
	f->place = yml_str(yml_get(y, "place"), f->place, d);
	f->source = yml_str(yml_get(y, "source"), f->source, d);
	if (!f->source.n) {
		diag_add(d, RULE_FACT_NO_SOURCE, f->at, "the fact “%.*s” has no source", STR_ARG(f->id));
		diag_hint(d, "name one of " REFERENCES_PATH " under “source”");
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

static struct yml *read_map(struct arena *a, struct source *src, struct diag *d)
{
	struct yml *y = yml_parse(a, src, 0, src->text.n, d);

	return y && yml_want_map(y, d) ? y : NULL;
}

void facts_read(struct map *facts, struct arena *a, struct source *src, struct diag *d)
{
	struct yml *y = read_map(a, src, d);

	yml_each (item, y)
		read_fact(facts, a, item, d);
}

void references_read(struct map *references, struct arena *a, struct source *src, struct diag *d)
{
	struct yml *y = read_map(a, src, d);

	yml_each (item, y)
		read_reference(references, a, item, d);
}
