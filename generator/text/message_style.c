/* The styles of number, date, time and list. */
#include "text/message_impl.h"

static const struct style_names {
	struct str names[4];
	size_t count;
	const char *others;
} style_names[] = {
	[MESSAGE_NUMBER] = {{STR("integer"), STR("percent"), STR("currency")}, 3,
		"a skeleton after “::” (::compact-short) or a pattern (#,##0.00)"},
	[MESSAGE_DATE] = {{STR("short"), STR("medium"), STR("long"), STR("full")}, 4,
		"a skeleton after “::” (::yMMMM) or a pattern (yyyy-MM-dd)"},
	[MESSAGE_TIME] = {{STR("short"), STR("medium"), STR("long"), STR("full")}, 4,
		"a skeleton after “::” (::jm) or a pattern (HH:mm)"},
	[MESSAGE_LIST] = {{STR("and"), STR("or"), STR("unit")}, 3, NULL},
};

/* ICU's rule: braces in pairs, apostrophes in pairs; the closing brace is left standing. */
static bool find_end(struct parser *p, size_t open)
{
	int nested = 0;

	for (; p->at < p->s.n; p->at++) {
		char c = p->s.p[p->at];

		if (c == '}' && nested == 0)
			return true;
		nested += (c == '{') - (c == '}');
		if (c != '\'')
			continue;
		size_t next = p->at + 1 + str_find_byte(str_slice(p->s, p->at + 1, p->s.n), '\'');

		if (next == p->s.n) {
			fault(p, RULE_MESSAGE_SYNTAX, p->at, p->at + 1,
				"an apostrophe in a style needs a second one");
			return false;
		}
		p->at = next;
	}
	parser_unclosed(p, open);
	return false;
}

/* Cuts pattern white space off both ends of p->s[*from, *to). */
static void trim(const struct parser *p, size_t *from, size_t *to)
{
	struct parser ahead = *p;
	size_t len;

	ahead.s.n = *to;
	ahead.at = *from;
	parser_skip_space(&ahead);
	*from = ahead.at;
	for (size_t at = *from; at < ahead.s.n; at += len)
		if (!text_is_space(utf8_decode(ahead.s, at, &len)))
			*to = at + len;
	if (*to < *from || *from == ahead.s.n)
		*to = *from;
}

/* The style as one of the names, which are taken in any case; the empty str when it is none. */
static struct str known_style(enum message_type type, struct str style)
{
	const struct style_names *known = &style_names[type];

	for (size_t i = 0; i < known->count; i++) {
		struct str name = known->names[i];
		size_t n = 0;

		while (n < style.n && n < name.n && (style.p[n] | 0x20) == name.p[n])
			n++;
		if (n == name.n && n == style.n)
			return name;
	}
	return (struct str){0};
}

static void hint_style(struct parser *p, enum message_type type, struct str style)
{
	const struct style_names *known = &style_names[type];
	struct str near = str_nearest(style, known->names, known->count), list = {0};

	if (near.n) {
		diag_hint(p->diag, "did you mean “%.*s”?", STR_ARG(near));
		return;
	}
	for (size_t i = 0; i < known->count; i++)
		list = str_fmt(
			p->arena, "%.*s%s%.*s", STR_ARG(list), i ? ", " : "", STR_ARG(known->names[i]));
	diag_hint(p->diag, "use %.*s%s%s", STR_ARG(list), known->others ? ", " : "",
		known->others ? known->others : "");
}

/* `at` is where part->text stands, `bad` the offset in it of what could not be read. */
static void bad_style(struct parser *p, const struct part *part, size_t at, size_t bad)
{
	struct str style = part->text;
	const char *word = message_type_name(part->type);
	bool inside = bad > 0 && bad < style.n;
	size_t from = inside ? at + bad : at, to = at + style.n;

	if (part->type != MESSAGE_NUMBER && inside) {
		to = parser_char_end(p, from);
		fault(p, RULE_MESSAGE_STYLE, from, to, "“%.*s” means nothing in the %s style “%.*s”",
			STR_ARG(str_slice(p->s, from, to)), word, STR_ARG(style));
	} else if (inside)
		fault(p, RULE_MESSAGE_STYLE, from, to, "the number style “%.*s” cannot be read from here on",
			STR_ARG(style));
	else
		fault(p, RULE_MESSAGE_STYLE, from, to, "there is no %s style “%.*s”", word, STR_ARG(style));
	hint_style(p, part->type, style);
}

static void check_style(struct parser *p, const struct part *part, size_t at)
{
	bool date = part->type == MESSAGE_DATE || part->type == MESSAGE_TIME;
	size_t bad = 0;

	if (part->type == MESSAGE_LIST)
		bad_style(p, part, at, 0);
	else if (date && !locale_date_style(part->text, &bad))
		bad_style(p, part, at, bad);
	else if (!date && !locale_number_style(p->locale, part->text, &bad))
		bad_style(p, part, at, bad);
}

/* A language has no currency; ICU would show ¤, or with a region that country's own. */
static void check_currency(struct parser *p, struct str style, size_t at)
{
	if (!str_is(style, "currency"))
		return;
	fault(p, RULE_MESSAGE_SUSPECT, at, at + style.n,
		"the amount gets the currency of the language's region, or none");
	diag_hint(p->diag, "name the currency: ::currency/SEK");
}

bool parser_style(struct parser *p, struct part *part, size_t open)
{
	size_t raw = p->at, from = p->at, to;

	if (!find_end(p, open))
		return false;
	to = p->at;
	trim(p, &from, &to);
	part->text = str_slice(p->s, from, to);
	struct str known = known_style(part->type, part->text);

	if (part->text.n == 0)
		return true;
	if (known.n) {
		part->text = known;
		check_currency(p, known, from);
		return true;
	}
	/* Around a pattern ICU takes white space for part of it. */
	if (!str_starts(part->text, STR("::")) && part->type != MESSAGE_LIST) {
		part->text = str_slice(p->s, raw, p->at);
		from = raw;
	}
	check_style(p, part, from);
	return true;
}
