#include "text/mustache_impl.h"

struct value value_lambda(const struct value_lambda *l)
{
	return (struct value){.kind = VALUE_LAMBDA, .lambda = l};
}

/* As value_get(), inlined: this is where rendering spends its time. */
static inline const struct value *field(const struct value *map, struct str name)
{
	const struct value_field *f, *end;

	if (map->kind != VALUE_MAP)
		return NULL;
	f = map->map->fields;
	for (end = f + map->map->len; f < end; f++)
		if (f->name.n == name.n && memcmp(f->name.p, name.p, name.n) == 0)
			return &f->value;
	return NULL;
}

static const struct value *find_first(const struct mustache_scope *scope, struct str name)
{
	for (size_t i = scope->n; i-- > 0;) {
		const struct value *v = field(scope->items[i], name);

		if (v)
			return v;
	}
	return NULL;
}

const struct value *mustache_find(const struct mustache_scope *scope, struct name name)
{
	const struct value *v;

	if (!name.count)
		return scope->items[scope->n - 1];
	v = find_first(scope, name.parts[0]);
	for (size_t i = 1; v && i < name.count; i++)
		v = field(v, name.parts[i]);
	return v;
}

const struct value *mustache_lookup(const struct mustache_scope *scope, struct str name)
{
	const struct value *v;
	struct str rest = name, part;

	if (str_eq(name, STR(".")))
		return scope->items[scope->n - 1];
	if (!str_cut(&rest, '.', &part) || !part.n)
		return NULL;
	v = find_first(scope, part);
	while (v && str_cut(&rest, '.', &part))
		v = field(v, part);
	return v;
}

static bool is_zero(struct str digits)
{
	for (size_t i = 0; i < digits.n && digits.p[i] != 'e' && digits.p[i] != 'E'; i++)
		if (digits.p[i] >= '1' && digits.p[i] <= '9')
			return false;
	return true;
}

bool mustache_is_true(const struct value *v)
{
	if (!v)
		return false;
	switch (v->kind) {
	case VALUE_NULL:
		return false;
	case VALUE_BOOL:
		return v->boolean;
	case VALUE_INT:
		return v->integer != 0;
	case VALUE_DECIMAL:
		return !is_zero(v->text);
	case VALUE_STR:
		return v->text.n > 0;
	case VALUE_DATE:
		return v->date.year != 0;
	case VALUE_LIST:
		return v->list->len > 0;
	case VALUE_MONEY:
		return !is_zero(v->money->amount);
	case VALUE_TIME:
	case VALUE_RANGE:
	case VALUE_MAP:
	case VALUE_LAMBDA:
		break;
	}
	return true;
}

static void add_int(struct buf *out, int64_t i)
{
	char digits[20], *at = digits + sizeof(digits);
	uint64_t rest = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;

	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (i < 0)
		*--at = '-';
	buf_add(out, str_make(at, (size_t)(digits + sizeof(digits) - at)));
}

static void add_date(struct buf *out, struct date d)
{
	if (d.year)
		buf_addf(out, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static void add_time(struct buf *out, int64_t ms)
{
	int64_t seconds = ms / 1000 - (ms % 1000 < 0),
		of_day = seconds % 86400 + (seconds % 86400 < 0 ? 86400 : 0);

	add_date(out, date_from_unix(seconds));
	buf_addf(out, "T%02d:%02d:%02dZ", (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60));
}

/* Only texts can need escaping. */
void mustache_add_value(struct buf *out, const struct value *v, bool escape)
{
	switch (v->kind) {
	case VALUE_STR:
	case VALUE_DECIMAL:
		if (escape)
			buf_add_html(out, v->text);
		else
			buf_add(out, v->text);
		break;
	case VALUE_BOOL:
		buf_add(out, v->boolean ? STR("true") : STR("false"));
		break;
	case VALUE_INT:
		add_int(out, v->integer);
		break;
	case VALUE_DATE:
		add_date(out, v->date);
		break;
	case VALUE_TIME:
		add_time(out, v->integer);
		break;
	case VALUE_MONEY: /* messages show them; here there is no language */
	case VALUE_RANGE:
	case VALUE_NULL:
	case VALUE_LIST:
	case VALUE_MAP:
	case VALUE_LAMBDA:
		break;
	}
}
