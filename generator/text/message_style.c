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

/* A skeleton whose colons were forgotten. */
static bool is_bare_skeleton(struct parser *p, enum message_type type, struct str style)
{
	size_t bad;

	return type == MESSAGE_NUMBER && p->locale && !str_starts(style, STR("::")) &&
	       locale_number_style(p->locale, str_fmt(p->arena, "::%.*s", STR_ARG(style)), &bad);
}

/* The stems of number skeletons that messages have most use for. */
static const struct str stems[] = {
	STR("compact-short"),
	STR("compact-long"),
	STR("percent"),
	STR("currency"),
	STR("scientific"),
	STR("integer-width"),
	STR("precision-integer"),
	STR("group-off"),
	STR("group-min2"),
	STR("sign-always"),
	STR("sign-never"),
	STR("scale"),
	STR("measure-unit"),
	STR("unit"),
	STR("unit-width-narrow"),
	STR("unit-width-short"),
	STR("unit-width-full-name"),
};

static void hint_skeleton(struct parser *p, struct str rest)
{
	struct str stem = str_trim(rest), near;

	stem = str_slice(stem, 0, str_find_byte(stem, ' '));
	stem = str_slice(stem, 0, str_find_byte(stem, '/'));
	near = str_nearest(stem, stems, COUNT_OF(stems));
	if (near.n && !str_eq(near, stem))
		diag_hint(p->diag, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(p->diag,
			"skeletons are, for example, ::.00, ::percent, ::compact-short, ::currency/SEK");
}

/* `rest` is the part of the style that could not be read. */
static void hint_style(struct parser *p, enum message_type type, struct str style, struct str rest)
{
	const struct style_names *known = &style_names[type];
	struct str near = str_nearest(style, known->names, known->count), list = {0};

	if (near.n) {
		diag_hint(p->diag, "did you mean “%.*s”?", STR_ARG(near));
		return;
	}
	if (type == MESSAGE_NUMBER && str_starts(style, STR("::"))) {
		hint_skeleton(p, rest);
		return;
	}
	if (is_bare_skeleton(p, type, style)) {
		diag_hint(p->diag, "a skeleton begins with two colons: ::%.*s", STR_ARG(style));
		return;
	}
	for (size_t i = 0; i < known->count; i++)
		list = str_fmt(
			p->arena, "%.*s%s%.*s", STR_ARG(list), i ? ", " : "", STR_ARG(known->names[i]));
	diag_hint(p->diag, "use %.*s%s%s", STR_ARG(list), known->others ? ", " : "",
		known->others ? known->others : "");
}

/* `style` stands at `at`; `bad` is the offset in it of what could not be read, 0 for all of it. */
static void bad_style(struct parser *p, enum message_type type, struct str style, size_t at, size_t bad)
{
	const struct style_names *known = &style_names[type];
	bool misspelt = str_nearest(style, known->names, known->count).n > 0;
	size_t end = at + style.n;

	if (misspelt || bad == 0 || bad >= style.n)
		fault(p, RULE_MESSAGE_STYLE, at, end, "there is no %s style “%.*s”", message_type_name(type),
			STR_ARG(style));
	else if (type == MESSAGE_NUMBER)
		fault(p, RULE_MESSAGE_STYLE, at + bad, end,
			"the number style “%.*s” cannot be read from here on", STR_ARG(style));
	else
		fault(p, RULE_MESSAGE_STYLE, at + bad, parser_char_end(p, at + bad),
			"“%.*s” means nothing in the %s style “%.*s”",
			STR_ARG(str_slice(p->s, at + bad, parser_char_end(p, at + bad))),
			message_type_name(type), STR_ARG(style));
	hint_style(p, type, style, str_slice(style, bad, style.n));
}

/* Whether the style is good; else *bad is the offset in it where it is not. */
static bool check_style(struct parser *p, const struct part *part, size_t *bad)
{
	*bad = 0;
	if (part->type == MESSAGE_LIST)
		return false;
	if (part->type == MESSAGE_NUMBER)
		return locale_number_style(p->locale, part->text, bad);
	return locale_date_style(part->text, bad);
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

static void space_shows(struct parser *p, size_t from, size_t to)
{
	fault(p, RULE_MESSAGE_SUSPECT, from, to, "white space before a pattern is part of it, and shown");
	diag_hint(p->diag, "begin the pattern right after the comma");
}

bool parser_style(struct parser *p, struct part *part, size_t open)
{
	size_t raw = p->at, from = p->at, to, bad;
	struct str style;

	if (!find_end(p, open))
		return false;
	to = p->at;
	trim(p, &from, &to);
	style = str_slice(p->s, from, to);
	part->text = known_style(part->type, style);
	if (part->text.n || style.n == 0) {
		check_currency(p, part->text, from);
		return true;
	}
	/* Around a pattern ICU takes white space for part of it. */
	if (!str_starts(style, STR("::")))
		from = raw;
	part->text = str_slice(p->s, from, p->at);
	size_t lead = (size_t)(style.p - part->text.p);

	if (!check_style(p, part, &bad))
		bad_style(p, part->type, style, from + lead, bad > lead ? bad - lead : 0);
	else if (lead)
		space_shows(p, from, from + lead);
	return true;
}
