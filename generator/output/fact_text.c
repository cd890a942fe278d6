#include "output/fact_text.h"

#define FACT_MAX_BYTES 4096

#define LRI "\xE2\x81\xA6"
#define RLI "\xE2\x81\xA7"
#define FSI "\xE2\x81\xA8"
#define PDI "\xE2\x81\xA9"

void fact_percentage(struct buf *out, struct locale *l, struct value fraction)
{
	char style[96] = "percent";
	size_t point = str_find_byte(fraction.text, '.');
	size_t decimals = point + 3 < fraction.text.n ? fraction.text.n - point - 3 : 0;

	if (decimals)
		snprintf(style, sizeof(style), "::percent scale/100 .%0*d", (int)decimals, 0);
	if (!locale_number(l, fraction, 0, str_from(style), out))
		buf_add(out, fraction.text);
}

void fact_phone(struct buf *out, struct str number, bool link)
{
	if (link) {
		buf_addz(out, "<a class=\"tel\" href=\"tel:");
		for (size_t i = 0; i < number.n; i++)
			if (number.p[i] == '+' || (number.p[i] >= '0' && number.p[i] <= '9'))
				buf_addc(out, number.p[i]);
		buf_addz(out, "\">");
	}
	buf_addz(out, "<bdi dir=\"ltr\">");
	buf_add_html(out, number);
	buf_addz(out, link ? "</bdi></a>" : "</bdi>");
}

static bool has_latin_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

/* "0–5" in Latin digits is read from the left, in Arabic text too; money has marks of its own from ICU. */
enum fact_order fact_order(const struct fact *f, const struct locale *l, struct str formatted)
{
	if (!locale_rtl(locale_tag(l)))
		return FACT_ORDER_NONE;
	switch (f->type) {
	case FACT_PHONE:
		return FACT_ORDER_LTR;
	case FACT_RANGE:
		return has_latin_digits(formatted) ? FACT_ORDER_LTR : FACT_ORDER_RTL;
	case FACT_MONEY:
		return FACT_ORDER_RTL;
	case FACT_TEXT:
		return FACT_ORDER_NONE;
	default:
		return FACT_ORDER_OWN;
	}
}

const struct fact *fact_own_form(const struct map *facts, const struct message *m, struct str name)
{
	const struct fact *f = map_get(facts, name);

	if (!f || (f->type != FACT_PHONE && f->type != FACT_PERCENTAGE))
		return NULL;
	return message_arg_type(m, name) == MESSAGE_PLAIN ? f : NULL;
}

static void add_isolated(struct buf *out, enum fact_order order, struct str formatted)
{
	static const char *const openings[] = {[FACT_ORDER_NONE] = "",
		[FACT_ORDER_OWN] = FSI,
		[FACT_ORDER_LTR] = LRI,
		[FACT_ORDER_RTL] = RLI};

	buf_addz(out, openings[order]);
	buf_add(out, formatted);
	buf_addz(out, order == FACT_ORDER_NONE ? "" : PDI);
}

static void add_plain(struct buf *out, struct locale *l, const struct fact *f)
{
	bool ok = true;

	switch (f->value.kind) {
	case VALUE_INT:
	case VALUE_DECIMAL:
		if (f->type == FACT_PERCENTAGE)
			fact_percentage(out, l, f->value);
		else
			ok = locale_number(l, f->value, 0, (struct str){0}, out);
		break;
	case VALUE_MONEY:
		ok = locale_money(l, f->value, (struct str){0}, out);
		break;
	case VALUE_RANGE:
		ok = locale_range(l, f->value, 0, (struct str){0}, out);
		break;
	case VALUE_DATE:
		ok = locale_date(l, f->value, false, (struct str){0}, out);
		break;
	default:
		buf_add(out, f->value.text);
	}
	if (!ok)
		buf_add(out, f->id);
}

/* By itself a number has nothing around it to take a direction from. */
void fact_text(struct buf *out, struct locale *l, const struct fact *f)
{
	enum fact_order order;
	struct buf text;

	buf_init(&text, FACT_MAX_BYTES);
	add_plain(&text, l, f);
	order = fact_order(f, l, buf_str(&text));
	add_isolated(out, order == FACT_ORDER_OWN ? FACT_ORDER_NONE : order, buf_str(&text));
	buf_release(&text);
}

/* A message on its way to plain text. */
struct run {
	struct buf *out;
	const struct map *facts;
	struct locale *locale;
	const struct message *message;
};

static const struct value *value_of(void *ctx, struct str name)
{
	const struct run *r = ctx;
	const struct fact *f = map_get(r->facts, name);

	return f ? &f->value : NULL;
}

static void add_literal(void *ctx, struct str s)
{
	const struct run *r = ctx;

	buf_add(r->out, s);
}

static void add_argument(void *ctx, struct str name, struct str formatted)
{
	const struct run *r = ctx;
	const struct fact *f = map_get(r->facts, name);

	if (f && fact_own_form(r->facts, r->message, name)) {
		struct buf text;

		buf_init(&text, FACT_MAX_BYTES);
		add_plain(&text, r->locale, f);
		add_isolated(r->out, fact_order(f, r->locale, buf_str(&text)), buf_str(&text));
		buf_release(&text);
	} else if (f) {
		add_isolated(r->out, fact_order(f, r->locale, formatted), formatted);
	} else {
		buf_add(r->out, formatted);
	}
}

void fact_text_message(struct buf *out, const struct map *facts, struct locale *l, const struct message *m)
{
	struct run r = {out, facts, l, m};
	struct message_scope scope = {value_of, &r};
	struct message_sink sink = {add_literal, add_argument, &r};

	message_format_to(m, l, &scope, &sink);
}
