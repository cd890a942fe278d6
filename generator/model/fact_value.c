/* Values of facts, by type. */
#include "model/fact_impl.h"

#include "text/decimal.h"
#include "text/locale.h"

bool fact_is_decimal(struct str s)
{
	struct decimal d;

	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '.' && !(i == 0 && s.p[i] == '-'))
			return false;
	return decimal_parse(s, &d) && !str_ends(s, STR("."));
}

struct str fact_hundredth(struct arena *a, struct str s)
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

/* What a value is made of. */
struct raw {
	struct arena *a;
	struct str text;
	struct yml *at;	      /* a range may be a mapping */
	struct yml *currency; /* NULL: none is given */
	struct diag *d;
};

static bool integer_value(struct raw *r, struct value *out)
{
	int64_t i;

	if (!str_to_int(r->text, &i))
		return false;
	*out = value_int(i);
	return true;
}

static bool decimal_value(struct raw *r, struct value *out)
{
	if (!fact_is_decimal(r->text))
		return false;
	*out = value_decimal(r->text);
	return true;
}

static bool percentage_value(struct raw *r, struct value *out)
{
	if (!fact_is_decimal(r->text))
		return false;
	*out = value_decimal(fact_hundredth(r->a, r->text));
	return true;
}

static bool date_value(struct raw *r, struct value *out)
{
	struct date date;

	if (!date_parse(r->text, &date))
		return false;
	*out = value_date(date);
	return true;
}

static bool phone_value(struct raw *r, struct value *out)
{
	size_t digits = 0;

	for (size_t i = 0; i < r->text.n; i++) {
		bool digit = r->text.p[i] >= '0' && r->text.p[i] <= '9';

		digits += digit;
		if (!digit && r->text.p[i] != ' ' && r->text.p[i] != '-' && !(i == 0 && r->text.p[i] == '+'))
			return false;
	}
	*out = value_str(r->text);
	return digits > 1;
}

static bool text_value(struct raw *r, struct value *out)
{
	*out = value_str(r->text);
	return true;
}

/* "0–2", "0-2", "0 - 2": a minus before the first digit is its sign. */
static bool cut_range(struct str text, struct str *from, struct str *to)
{
	struct str dash = STR("–");
	size_t at = str_find(text, dash);

	if (at == text.n) {
		dash = STR("-");
		at = 1 + str_find_byte(str_slice(text, 1, text.n), '-');
	}
	if (at >= text.n)
		return false;
	*from = str_trim(str_slice(text, 0, at));
	*to = str_trim(str_slice(text, at + dash.n, text.n));
	return true;
}

static bool map_range(struct raw *r, struct str *from, struct str *to)
{
	static const struct str known[] = {STR_INIT("from"), STR_INIT("to")};

	*from = yml_str(yml_get(r->at, "from"), (struct str){0}, r->d);
	*to = yml_str(yml_get(r->at, "to"), (struct str){0}, r->d);
	yml_unknown(r->at, known, COUNT_OF(known), r->d);
	return true;
}

static bool is_less(struct str x, struct str y)
{
	struct decimal a, b;

	return decimal_parse(x, &a) && decimal_parse(y, &b) && decimal_less(&a, &b);
}

static bool range_value(struct raw *r, struct value *out)
{
	struct str from, to;
	bool map = r->at->kind == YML_MAP;

	if (!(map ? map_range(r, &from, &to) : cut_range(r->text, &from, &to)))
		return false;
	if (!fact_is_decimal(from) || !fact_is_decimal(to) || !is_less(from, to))
		return false;
	*out = value_range(r->a, from, to);
	return true;
}

/* "1500 SEK", or 1500 with the currency beside it. */
static bool money_value(struct raw *r, struct value *out)
{
	size_t space = str_find_byte(r->text, ' ');
	struct str amount = str_slice(r->text, 0, space);
	struct str currency = str_trim(str_slice(r->text, space, r->text.n));

	if (r->currency && !currency.n)
		currency = yml_str(r->currency, currency, r->d);
	if (!fact_is_decimal(amount) || !locale_currency_known(currency))
		return false;
	*out = value_money(r->a, amount, currency);
	return true;
}

static const struct {
	struct str name;
	const char *in_sentence;
	bool (*read)(struct raw *r, struct value *out);
	const char *example;
} types[FACT_TYPES] = {
	[FACT_INTEGER] = {STR_INIT("integer"), "an integer", integer_value, "4580 (digits only)"},
	[FACT_DECIMAL] = {STR_INIT("decimal"), "a decimal number", decimal_value,
		"1.5 (a point before the decimals)"},
	[FACT_PERCENTAGE] = {STR_INIT("percentage"), "a percentage", percentage_value,
		"64 or 22.5 (the number of percent, without a sign)"},
	[FACT_MONEY] = {STR_INIT("money"), "an amount of money", money_value,
		"1500 SEK (the currency's code in ISO 4217)"},
	[FACT_RANGE] = {STR_INIT("range"), "a range", range_value, "0–2 (the smaller number first)"},
	[FACT_DATE] = {STR_INIT("date"), "a date", date_value, "2026-01-15"},
	[FACT_PHONE] = {STR_INIT("phone"), "a phone number", phone_value, "\"116 111\""},
	[FACT_TEXT] = {STR_INIT("text"), "a text", text_value, "any text"},
};

#define TYPES_HINT "types: integer, decimal, percentage, money, range, date, phone, text"

const char *fact_type_name(enum fact_type type)
{
	return types[type].in_sentence;
}

bool fact_is_number(const struct fact *f)
{
	return f->type == FACT_INTEGER || f->type == FACT_DECIMAL || f->type == FACT_PERCENTAGE;
}

static void unknown_type(struct yml *y, struct diag *d)
{
	struct str names[FACT_TYPES], near;

	for (size_t i = 0; i < FACT_TYPES; i++)
		names[i] = types[i].name;
	near = str_nearest(y->text, names, FACT_TYPES);
	diag_add(d, RULE_YAML_VALUE, y->at, "“%.*s” is not a type of fact", STR_ARG(y->text));
	diag_hint(
		d, "%s%.*s%s" TYPES_HINT, near.n ? "did you mean “" : "", STR_ARG(near), near.n ? "”? " : "");
}

static enum fact_type read_type(const struct fact *f, struct yml *y, struct diag *d)
{
	if (!y) {
		diag_add(d, RULE_YAML_MISSING, f->at, "the fact “%.*s” has no type", STR_ARG(f->id));
		diag_hint(d, TYPES_HINT);
		return FACT_TEXT;
	}
	for (size_t i = 0; i < FACT_TYPES; i++)
		if (str_eq(y->text, types[i].name))
			return (enum fact_type)i;
	unknown_type(y, d);
	return FACT_TEXT;
}

/* 0.64 where 64 was meant is the mistake that a share calculated elsewhere brings along. */
static void check_fraction(struct raw *r)
{
	struct decimal zero = decimal_from_int(0), one = decimal_from_int(1), share;

	if (!decimal_parse(r->text, &share) || !decimal_less(&zero, &share) || !decimal_less(&share, &one))
		return;
	diag_add(r->d, RULE_FACT_FRACTION, r->at->at, "“%.*s” is less than one percent", STR_ARG(r->text));
	diag_hint(r->d, "write 64 for 64 percent; if it is right, nothing needs to be done");
}

static bool is_value(const struct fact *f, const struct yml *y)
{
	return y && !yml_is_null(y) &&
	       (y->kind == YML_SCALAR || (y->kind == YML_MAP && f->type == FACT_RANGE));
}

static void read_value(struct fact *f, struct raw *r)
{
	if (!is_value(f, r->at)) {
		diag_add(r->d, RULE_YAML_MISSING, r->at ? r->at->at : f->at, "the fact “%.*s” has no value",
			STR_ARG(f->id));
		f->value = value_str(STR(""));
		return;
	}
	r->text = r->at->text;
	if (types[f->type].read(r, &f->value)) {
		if (f->type == FACT_PERCENTAGE)
			check_fraction(r);
		return;
	}
	diag_add(r->d, RULE_YAML_VALUE, r->at->at, "“%.*s” is not a value of type %.*s", STR_ARG(r->text),
		STR_ARG(types[f->type].name));
	diag_hint(r->d, "for example: %s", types[f->type].example);
	f->value = value_str(r->text);
}

void fact_value_read(struct fact *f, struct arena *a, struct yml *y, struct diag *d)
{
	struct raw r = {.a = a, .at = yml_get(y, "value"), .d = d};
	struct yml *currency = yml_get(y, "currency");

	f->type = read_type(f, yml_get(y, "type"), d);
	if (currency && f->type != FACT_MONEY) {
		diag_add(d, RULE_YAML_VALUE, currency->key_at, "only a fact of type money has a currency");
		diag_hint(d, "write type: money");
	} else
		r.currency = currency;
	read_value(f, &r);
}
