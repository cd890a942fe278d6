#include "base/buf.h"
#include "text/yml_impl.h"

static const char *const kind_names[] = {
	[YML_SCALAR] = "a single value", [YML_LIST] = "a list", [YML_MAP] = "a mapping"};

static bool is_one_of(struct str s, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(s, names[i]))
			return true;
	return false;
}

bool yml_is_null(const struct yml *y)
{
	static const char *const names[] = {"", "~", "null", "Null", "NULL"};

	return y->kind == YML_SCALAR && !y->quoted && is_one_of(y->text, names, COUNT_OF(names));
}

struct yml *yml_get(struct yml *map, const char *key)
{
	struct str wanted = str_from(key);

	yml_each (child, map) {
		if (!str_eq(child->key, wanted))
			continue;
		child->seen = true;
		return child;
	}
	return NULL;
}

static void hint_allowed(const struct str *known, size_t count, struct diag *d)
{
	struct buf list;

	buf_init(&list, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < count; i++)
		buf_addf(&list, "%s%.*s", i ? ", " : "", STR_ARG(known[i]));
	if (count)
		diag_hint(d, "allowed: %.*s", STR_ARG(buf_str(&list)));
	buf_release(&list);
}

void yml_unknown(struct yml *map, const struct str *known, size_t count, struct diag *d)
{
	yml_each (child, map) {
		struct str near;

		if (child->seen)
			continue;
		diag_add(d, RULE_YAML_KEY, child->key_at,
			"“%.*s” is no key that is known here; it is left out", STR_ARG(child->key));
		near = str_nearest(child->key, known, count);
		if (near.n)
			diag_hint(d, "did you mean “%.*s”?", STR_ARG(near));
		else
			hint_allowed(known, count, d);
	}
}

/* Says what stood there instead of what was wanted. */
static void report_type(const struct yml *y, const char *wanted, struct diag *d)
{
	const char *found = kind_names[y->kind];

	if (y->key.n && y->kind == YML_SCALAR)
		diag_add(d, RULE_YAML_TYPE, y->at, "“%.*s” must be %s; this is left out", STR_ARG(y->key),
			wanted);
	else if (y->key.n)
		diag_add(d, RULE_YAML_TYPE, y->at, "“%.*s” must be %s, and this is %s; it is left out",
			STR_ARG(y->key), wanted, found);
	else
		diag_add(d, RULE_YAML_TYPE, y->at, "%s was expected, and this is %s; it is left out", wanted,
			found);
}

static bool is_absent(const struct yml *y)
{
	return !y || yml_is_null(y);
}

static bool want_scalar(const struct yml *y, const char *wanted, struct diag *d)
{
	if (y->kind == YML_SCALAR)
		return true;
	report_type(y, wanted, d);
	return false;
}

struct str yml_str(struct yml *y, struct str fallback, struct diag *d)
{
	if (is_absent(y) || !want_scalar(y, "a text", d))
		return fallback;
	return y->text;
}

/* YAML 1.2 core schema; stores what it is. */
static bool parse_bool(struct str s, bool *out)
{
	static const char *const yes[] = {"true", "True", "TRUE"}, *const no[] = {"false", "False", "FALSE"};

	*out = is_one_of(s, yes, COUNT_OF(yes));
	return *out || is_one_of(s, no, COUNT_OF(no));
}

static void hint_bool(struct str s, struct diag *d)
{
	static const char *const yes[] = {"yes", "Yes", "YES", "on", "On", "ON", "y", "1"};

	if (is_one_of(s, yes, COUNT_OF(yes)))
		diag_hint(d, "write true");
	else
		diag_hint(d, "write true or false, without quotes");
}

bool yml_bool(struct yml *y, bool fallback, struct diag *d)
{
	bool b;

	if (is_absent(y))
		return fallback;
	if (y->kind == YML_SCALAR && !y->quoted && parse_bool(y->text, &b))
		return b;
	report_type(y, "true or false", d);
	if (y->kind == YML_SCALAR)
		hint_bool(y->text, d);
	return fallback;
}

static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *hit = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return hit ? (int)(hit - digits) : 16;
}

static bool parse_base(struct str s, int base, int64_t *out)
{
	int64_t value = 0;

	for (size_t i = 0; i < s.n; i++) {
		int digit = digit_of(s.p[i]);

		if (digit >= base || value > (INT64_MAX - digit) / base)
			return false;
		value = value * base + digit;
	}
	*out = value;
	return s.n > 0;
}

/* Core schema integers: 12, +12, -12, 0o14, 0xC. */
static bool parse_int(struct str s, int64_t *out)
{
	if (str_starts(s, STR("0o")))
		return parse_base(str_slice(s, 2, s.n), 8, out);
	if (str_starts(s, STR("0x")))
		return parse_base(str_slice(s, 2, s.n), 16, out);
	if (str_starts(s, STR("+")) && s.n > 1 && s.p[1] != '-')
		s = str_slice(s, 1, s.n);
	return str_to_int(s, out);
}

int64_t yml_int(struct yml *y, int64_t fallback, struct diag *d)
{
	int64_t value;

	if (is_absent(y))
		return fallback;
	if (y->kind == YML_SCALAR && !y->quoted && parse_int(y->text, &value))
		return value;
	report_type(y, "a whole number", d);
	if (y->kind == YML_SCALAR && y->quoted && parse_int(y->text, &value))
		diag_hint(d, "write it without quotes");
	return fallback;
}

struct date yml_date(struct yml *y, struct diag *d)
{
	struct date date, none = {0};

	if (is_absent(y))
		return none;
	if (y->kind == YML_SCALAR && date_parse(y->text, &date))
		return date;
	if (!want_scalar(y, "a date", d))
		return none;
	diag_add(d, RULE_YAML_DATE, y->at, "“%.*s” is no date; it is left out", STR_ARG(y->text));
	if (y->text.n > 10 && date_parse(str_slice(y->text, 0, 10), &date))
		diag_hint(d, "write the day only: %.10s", y->text.p);
	else
		diag_hint(d, "write YYYY-MM-DD, a day that exists");
	return none;
}

size_t yml_strs(struct arena *a, struct yml *y, struct str **out, struct diag *d)
{
	size_t count = 0;

	*out = NULL;
	if (is_absent(y))
		return 0;
	if (y->kind == YML_MAP) {
		report_type(y, "a list of texts", d);
		return 0;
	}
	*out = arena_new_n(a, struct str, y->kind == YML_LIST ? y->len : 1);
	if (y->kind == YML_SCALAR) {
		(*out)[0] = y->text;
		return 1;
	}
	yml_each (item, y) {
		if (!want_scalar(item, "a text", d))
			continue;
		if (yml_is_null(item))
			report_type(item, "a text", d);
		else
			(*out)[count++] = item->text;
	}
	return count;
}

static bool want_kind(struct yml *y, enum yml_kind kind, struct diag *d)
{
	if (y && y->kind == kind)
		return true;
	if (!is_absent(y))
		report_type(y, kind_names[kind], d);
	return false;
}

bool yml_want_map(struct yml *y, struct diag *d)
{
	return want_kind(y, YML_MAP, d);
}

bool yml_want_list(struct yml *y, struct diag *d)
{
	return want_kind(y, YML_LIST, d);
}

static size_t digits_at(struct str s, size_t i)
{
	size_t n = 0;

	while (i + n < s.n && s.p[i + n] >= '0' && s.p[i + n] <= '9')
		n++;
	return n;
}

static bool has_sign(struct str s, size_t i)
{
	return i < s.n && (s.p[i] == '-' || s.p[i] == '+');
}

/* Core schema: [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_decimal(struct str s)
{
	size_t i = has_sign(s, 0), whole = digits_at(s, i), fraction = 0, exponent;

	i += whole;
	if (i < s.n && s.p[i] == '.') {
		fraction = digits_at(s, i + 1);
		i += 1 + fraction;
	}
	if (!whole && !fraction)
		return false;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i += 1 + has_sign(s, i + 1);
		exponent = digits_at(s, i);
		if (!exponent)
			return false;
		i += exponent;
	}
	return i == s.n;
}

static struct value plain_value(struct str s)
{
	int64_t i;
	bool b;

	if (parse_bool(s, &b))
		return value_bool(b);
	if (parse_int(s, &i))
		return value_int(i);
	if (is_decimal(s))
		return value_decimal(s.p[0] == '+' ? str_slice(s, 1, s.n) : s);
	return value_str(s);
}

static struct value list_value(struct arena *a, const struct yml *y)
{
	struct value list = value_list(a);

	list.list->items = arena_new_n(a, struct value, y->len);
	list.list->cap = y->len;
	for (const struct yml *child = y->first; child; child = child->next)
		value_push(list, a, yml_value(a, child));
	return list;
}

static struct value map_value(struct arena *a, const struct yml *y)
{
	struct value map = value_map(a);

	map.map->fields = arena_new_n(a, struct value_field, y->len);
	map.map->cap = y->len;
	for (const struct yml *child = y->first; child; child = child->next)
		value_set(map, a, child->key, yml_value(a, child));
	return map;
}

/* As deep as the tree, which is YML_MAX_DEPTH at most. */
struct value yml_value(struct arena *a, const struct yml *y)
{
	if (y->kind == YML_LIST)
		return list_value(a, y);
	if (y->kind == YML_MAP)
		return map_value(a, y);
	if (y->quoted)
		return value_str(y->text);
	return yml_is_null(y) ? value_null() : plain_value(y->text);
}
