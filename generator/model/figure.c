#include "model/figure.h"

#include "model/fact_impl.h"
#include "text/decimal.h"

size_t figure_errors(const struct figure_reader *r)
{
	return r->d->kept[0] + r->d->dropped + r->unknown;
}

struct yml *figure_block_read(struct figure_reader *r, struct span at)
{
	size_t errors = figure_errors(r);
	struct yml *y = yml_parse(r->a, at.src, at.at, at.at + at.n, r->d);

	if (y && !yml_is_null(y))
		return yml_want_map(y, r->d) ? y : NULL;
	if (figure_errors(r) == errors)
		diag_add(r->d, RULE_YAML_MISSING, at, "the block is empty");
	return NULL;
}

struct yml *figure_key(struct yml *map, const char *key)
{
	struct yml *y = yml_get(map, key);

	return y && !yml_is_null(y) ? y : NULL;
}

static const struct fact *note_use(struct figure_reader *r, const struct message_arg *use)
{
	const struct fact *f = map_get(r->facts, use->name);

	r->uses = arena_grow(r->a, r->uses, r->use_count, &r->use_cap, sizeof(*r->uses));
	r->uses[r->use_count++] = *use;
	r->unknown = r->unknown || !f;
	return f;
}

struct figure_text figure_text_read(struct figure_reader *r, struct yml *y)
{
	const struct message_arg *args;
	struct figure_text t = {0};
	size_t count;

	if (!y || yml_is_null(y))
		return t;
	t.written = yml_str(y, t.written, r->d);
	t.at = y->at;
	if (y->kind != YML_SCALAR)
		return t;
	t.message = message_compile(r->a, y->text, &y->origin, r->locale, r->d);
	count = t.message ? message_args(t.message, &args) : 0;
	for (size_t i = 0; i < count; i++)
		note_use(r, &args[i]);
	return t;
}

const struct fact *figure_fact_read(struct figure_reader *r, struct yml *y)
{
	struct str id = yml_str(y, (struct str){0}, r->d);

	if (!id.n)
		return NULL;
	return note_use(r, &(struct message_arg){.name = id, .at = y->at});
}

/* Millionths; false when the number has too many digits for that. */
static bool amount_of(struct value v, int64_t scale, int64_t *out)
{
	struct decimal d;
	int64_t amount = 0;

	if (!decimal_from_value(v, &d) || d.whole > (scale > 1 ? FIGURE_MAX_PERCENT : FIGURE_MAX_DIGITS))
		return false;
	for (int i = 0; i < d.whole + FIGURE_MAX_DECIMALS; i++)
		amount = amount * 10 + (i < d.whole + d.fraction ? d.digits[i] - '0' : 0);
	for (int i = FIGURE_MAX_DECIMALS; i < d.fraction; i++)
		if (d.digits[d.whole + i] != '0')
			return false;
	*out = (d.negative ? -amount : amount) * scale;
	return true;
}

static bool too_long(struct figure_reader *r, struct span at)
{
	diag_add(r->d, RULE_BLOCK_LIMIT, at, "a number with more than %d digits, or %d decimals",
		FIGURE_MAX_DIGITS, FIGURE_MAX_DECIMALS);
	return false;
}

static bool read_fact(struct figure *f, struct figure_reader *r, struct yml *y)
{
	f->fact = figure_fact_read(r, y);
	f->at = y->at;
	if (!f->fact)
		return false;
	if (!fact_is_number(f->fact) && f->fact->type != FACT_MONEY) {
		diag_add(r->d, RULE_FACT_TYPE, y->at, "the fact “%.*s” is %s and cannot be a figure",
			STR_ARG(f->fact->id), fact_type_name(f->fact->type));
		diag_other(r->d, f->fact->at);
		return false;
	}
	f->value = f->fact->value;
	if (f->value.kind == VALUE_STR)
		return false; /* said where the fact is written */
	return amount_of(f->value, f->fact->type == FACT_PERCENTAGE ? 100 : 1, &f->amount) ||
	       too_long(r, y->at);
}

static bool read_number(struct figure *f, struct figure_reader *r, struct yml *y)
{
	f->text = yml_str(y, (struct str){0}, r->d);
	f->at = y->at;
	if (y->kind != YML_SCALAR)
		return false;
	if (!fact_is_decimal(f->text)) {
		diag_add(r->d, RULE_YAML_VALUE, y->at, "“%.*s” is not a number", STR_ARG(f->text));
		diag_hint(r->d, "write digits only, and a point before decimals: 4580 or 12.5");
		return false;
	}
	f->value = value_decimal(f->text);
	return amount_of(f->value, 1, &f->amount) || too_long(r, y->at);
}

bool figure_read(struct figure *f, struct figure_reader *r, struct yml *value, struct yml *fact)
{
	*f = (struct figure){.value = value_null()};
	if (value && fact) {
		diag_add(r->d, RULE_YAML_KEY, fact->key_at, "“fact” and “value” cannot both stand here");
		return false;
	}
	if (fact)
		return read_fact(f, r, fact);
	return value && read_number(f, r, value);
}

enum measure figure_measure(const struct figure *f)
{
	if (!f->fact)
		return MEASURE_NONE;
	if (f->fact->type == FACT_PERCENTAGE)
		return MEASURE_PERCENT;
	return f->fact->type == FACT_MONEY ? MEASURE_MONEY : MEASURE_NUMBER;
}

void figure_settle(struct figure *f, struct figure_reader *r, enum measure m, struct str currency)
{
	if (f->fact || f->value.kind == VALUE_NULL)
		return;
	if (m == MEASURE_PERCENT)
		f->value = value_decimal(fact_hundredth(r->a, f->text));
	else if (m == MEASURE_MONEY)
		f->value = value_money(r->a, f->text, currency);
}
