/*
 * What is reported about messages, and exactly where. In the table each pattern carries its own marks: ‹ and
 * › stand around the bytes that the diagnostic must point at (nothing between them: a point). They are taken
 * out before the pattern is compiled.
 */
#include "text/message_support.h"

#define OPEN "‹"
#define CLOSE "›"

static const struct fault_case {
	const char *tag;
	const char *pattern; /* marked */
	enum rule rule;
	const char *message;
	const char *hint; /* NULL: none */
} cases[] = {
	/* braces */
	{"en", "a ‹{›name", RULE_MESSAGE_SYNTAX, "this “{” is never closed",
		"add the missing “}”; a brace that is meant as text is written '{'"},
	{"en", "a ‹{›", RULE_MESSAGE_SYNTAX, "this “{” is never closed",
		"add the missing “}”; a brace that is meant as text is written '{'"},
	{"en", "‹{›n, number", RULE_MESSAGE_SYNTAX, "this “{” is never closed",
		"add the missing “}”; a brace that is meant as text is written '{'"},
	{"en", "‹{›n, number, {}", RULE_MESSAGE_SYNTAX, "this “{” is never closed",
		"add the missing “}”; a brace that is meant as text is written '{'"},
	{"en", "‹{›n, ", RULE_MESSAGE_SYNTAX, "this “{” is never closed",
		"add the missing “}”; a brace that is meant as text is written '{'"},
	{"en", "‹{›n, plural, one {a} other {b}", RULE_MESSAGE_SYNTAX, "this “{” is never closed",
		"add the missing “}”; a brace that is meant as text is written '{'"},
	{"en", "{n, plural, one {a} other ‹{›b", RULE_MESSAGE_SYNTAX, "this “{” is never closed",
		"add the missing “}”; a brace that is meant as text is written '{'"},
	{"en", "åäö ‹}› b", RULE_MESSAGE_SYNTAX, "this “}” closes nothing",
		"remove it; a brace that is meant as text is written '}'"},
	{"en", "{n, plural, one {a} other {b}}‹}›", RULE_MESSAGE_SYNTAX, "this “}” closes nothing",
		"remove it; a brace that is meant as text is written '}'"},
	/* names */
	{"en", "{‹}›", RULE_MESSAGE_SYNTAX, "expected the name of an argument after “{”, found “}”",
		"a brace that is meant as text is written '{'"},
	{"en", "{ ‹→›n}", RULE_MESSAGE_SYNTAX, "expected the name of an argument after “{”, found “→”",
		"a brace that is meant as text is written '{'"},
	{"en", "{sheet‹.›title}", RULE_MESSAGE_SYNTAX,
		"expected “,” or “}” after the argument “sheet”, found “.”",
		"names have letters, digits and _; a brace that is meant as text is written '{'"},
	{"en", "{two ‹w›ords}", RULE_MESSAGE_SYNTAX,
		"expected “,” or “}” after the argument “two”, found “w”",
		"names have letters, digits and _; a brace that is meant as text is written '{'"},
	{"en", "{‹01›}", RULE_MESSAGE_SYNTAX, "“01” cannot be an argument's name",
		"numbered arguments have no leading zeros"},
	/* types */
	{"en", "{n, ‹plurl›, one {a} other {b}}", RULE_MESSAGE_TYPE, "there is no argument type “plurl”",
		"did you mean “plural”?"},
	{"en", "{n, ‹choice›, 0#none|1#one}", RULE_MESSAGE_TYPE, "there is no argument type “choice”",
		"use plural or select: ICU has given up choice"},
	{"en", "{n, ‹spellout›}", RULE_MESSAGE_TYPE, "there is no argument type “spellout”",
		"use number, plural or selectordinal: too few languages have data for this"},
	{"en", "{n, ‹banana›}", RULE_MESSAGE_TYPE, "there is no argument type “banana”",
		"there are number, date, time, list, plural, selectordinal and select"},
	{"en", "{n,‹}›", RULE_MESSAGE_SYNTAX, "expected a type after “,”, found “}”",
		"there are number, date, time, list, plural, selectordinal and select"},
	{"en", "{n, number ‹i›nteger}", RULE_MESSAGE_SYNTAX, "expected “,” or “}” after the type, found “i”",
		NULL},
	/* other */
	{"en", "‹{n, plural›, one {a}}", RULE_MESSAGE_NO_OTHER, "“other” is missing",
		"add other {…}: it is used whenever nothing else fits"},
	{"en", "x ‹{n, select›, a {b}}", RULE_MESSAGE_NO_OTHER, "“other” is missing",
		"add other {…}: it is used whenever nothing else fits"},
	{"en", "‹{n, select›,}", RULE_MESSAGE_NO_OTHER, "“other” is missing",
		"add other {…}: it is used whenever nothing else fits"},
	{"en", "‹{n, plural›}", RULE_MESSAGE_SYNTAX, "a plural needs its forms",
		"for example {n, plural, one {…} other {…}}"},
	{"en", "‹{who, select›}", RULE_MESSAGE_SYNTAX, "a select needs its forms",
		"for example {who, select, a {…} other {…}}"},
	/* categories */
	{"en", "{n, plural, one {a} ‹two› {b} other {c}}", RULE_MESSAGE_CATEGORY,
		"“en” has no plural category “two”", "it has one, other"},
	{"en", "{n, selectordinal, one {a} two {b} few {c} ‹many› {d} other {e}}", RULE_MESSAGE_CATEGORY,
		"“en” has no ordinal category “many”", "it has one, two, few, other"},
	{"en", "{n, plural, ‹ones› {a} one {} other {c}}", RULE_MESSAGE_CATEGORY,
		"there is no plural category “ones”", "did you mean “one”?"},
	{"en", "{n, plural, ‹1› {a} one {} other {c}}", RULE_MESSAGE_CATEGORY,
		"there is no plural category “1”", "a form for exactly this number begins with =1"},
	{"en", "{n, plural, one {} ‹many›{x} other {c}}", RULE_MESSAGE_CATEGORY,
		"“en” has no plural category “many”", "it has one, other"},
	{"en", "‹{n, plural›, other {#}}", RULE_MESSAGE_CATEGORY_MISSING,
		"the plural category “one” is missing, which “en” uses for 1",
		"add one {…}; until then 1 is shown with “other”"},
	{"pl", "‹{n, plural›, one {#} many {#} other {#}}", RULE_MESSAGE_CATEGORY_MISSING,
		"the plural category “few” is missing, which “pl” uses for 2",
		"add few {…}; until then 2 is shown with “other”"},
	{"pl", "‹{n, plural›, =2 {#} =3 {} one {#} many {#} other {#}}", RULE_MESSAGE_CATEGORY_MISSING,
		"the plural category “few” is missing, which “pl” uses for 4",
		"add few {…}; until then 4 is shown with “other”"},
	{"ar", "‹{n, plural›, zero {} one {} few {} many {} other {}}", RULE_MESSAGE_CATEGORY_MISSING,
		"the plural category “two” is missing, which “ar” uses for 2",
		"add two {…}; until then 2 is shown with “other”"},
	{"en", "‹{n, plural›, offset:2 other {#}}", RULE_MESSAGE_CATEGORY_MISSING,
		"the plural category “one” is missing, which “en” uses for 3",
		"add one {…}; until then 3 is shown with “other”"},
	{"es", "‹{n, plural›, one {#} other {#}}", RULE_MESSAGE_CATEGORY_MISSING,
		"the plural category “many” is missing, which “es” uses for 1000000",
		"add many {…}; until then 1000000 is shown with “other”"},
	{"sv", "‹{n, selectordinal›, other {#:e}}", RULE_MESSAGE_CATEGORY_MISSING,
		"the ordinal category “one” is missing, which “sv” uses for 1",
		"add one {…}; until then 1 is shown with “other”"},
	/* selectors */
	{"en", "{n, select, a {b} ‹a› {c} other {d}}", RULE_MESSAGE_DUPLICATE, "“a” stands twice",
		"only the first is used; remove one of them"},
	{"en", "{n, plural, one {} other {d} ‹other› {e}}", RULE_MESSAGE_DUPLICATE, "“other” stands twice",
		"only the first is used; remove one of them"},
	{"en", "{n, plural, one {} =1 {} ‹=1.0› {} other {}}", RULE_MESSAGE_DUPLICATE, "“=1.0” stands twice",
		"only the first is used; remove one of them"},
	{"en", "{n, plural, ‹one› other {}}", RULE_MESSAGE_SYNTAX, "“one” has no text in braces after it",
		"write one {…}"},
	{"en", "{n, plural, one {} ‹other›}", RULE_MESSAGE_SYNTAX, "“other” has no text in braces after it",
		"if this belongs to the text after the plural, a “}” is missing before it"},
	{"en", "{n, plural, one {} other {} ‹-›}", RULE_MESSAGE_SYNTAX,
		"expected a form such as “other {…}”, found “-”",
		"if this belongs to the text after the plural, a “}” is missing before it"},
	{"en", "{n, select, a {} other {} ‹of› them.", RULE_MESSAGE_SYNTAX,
		"“of” has no text in braces after it",
		"if this belongs to the text after the select, a “}” is missing before it"},
	{"en", "{n, select, ‹=›1 {} other {}}", RULE_MESSAGE_SYNTAX,
		"expected a form such as “other {…}”, found “=”", NULL},
	{"en", "{n, plural, ‹=› {} other {}}", RULE_MESSAGE_SYNTAX, "expected a number after “=”, as in =0",
		NULL},
	{"en", "{n, plural, ‹=1-2› {} other {}}", RULE_MESSAGE_SYNTAX,
		"expected a number after “=”, as in =0", NULL},
	{"en", "{n, plural, offset:‹x› {} other {}}", RULE_MESSAGE_SYNTAX,
		"expected a whole number after “offset:”", NULL},
	{"en", "{n, plural, offset:‹1.5› one {} other {}}", RULE_MESSAGE_SYNTAX,
		"expected a whole number after “offset:”", NULL},
	{"en", "{n, plural, one {} ‹offset:1› other {}}", RULE_MESSAGE_SYNTAX,
		"the offset stands once, before the first form", NULL},
	{"en", "{n, plural, offset:0 ‹offset:1› one {} other {}}", RULE_MESSAGE_SYNTAX,
		"the offset stands once, before the first form", NULL},
	/* styles */
	{"en", "{n, number, ‹intger›}", RULE_MESSAGE_STYLE, "there is no number style “intger”",
		"did you mean “integer”?"},
	{"en", "{n, number, ‹banana›}", RULE_MESSAGE_STYLE, "there is no number style “banana”",
		"use integer, percent, currency, a skeleton after “::” (::compact-short) or a pattern "
		"(#,##0.00)"},
	{"en", "{n, number, ‹compact-short›}", RULE_MESSAGE_STYLE, "there is no number style “compact-short”",
		"a skeleton begins with two colons: ::compact-short"},
	{"en", "{n, number, ::‹compact-shrt›}", RULE_MESSAGE_STYLE,
		"the number style “::compact-shrt” cannot be read from here on",
		"did you mean “compact-short”?"},
	{"en", "{n, number, ::currency/SEK ‹foo›}", RULE_MESSAGE_STYLE,
		"the number style “::currency/SEK foo” cannot be read from here on",
		"skeletons are, for example, ::.00, ::percent, ::compact-short, ::currency/SEK"},
	{"en", "{n, number,‹0.0.0›}", RULE_MESSAGE_STYLE, "there is no number style “0.0.0”",
		"use integer, percent, currency, a skeleton after “::” (::compact-short) or a pattern "
		"(#,##0.00)"},
	{"en", "{d, date, ‹lnog›}", RULE_MESSAGE_STYLE, "there is no date style “lnog”",
		"did you mean “long”?"},
	{"en", "{d, date, yyyy-‹f›}", RULE_MESSAGE_STYLE, "“f” means nothing in the date style “yyyy-f”",
		"use short, medium, long, full, a skeleton after “::” (::yMMMM) or a pattern (yyyy-MM-dd)"},
	{"en", "{d, date, ::y‹-›M}", RULE_MESSAGE_STYLE, "“-” means nothing in the date style “::y-M”",
		"use short, medium, long, full, a skeleton after “::” (::yMMMM) or a pattern (yyyy-MM-dd)"},
	{"en", "{d, time, ‹::›}", RULE_MESSAGE_STYLE, "there is no time style “::”",
		"use short, medium, long, full, a skeleton after “::” (::jm) or a pattern (HH:mm)"},
	{"en", "{d, date, y ‹'›o}", RULE_MESSAGE_SYNTAX, "an apostrophe in a style needs a second one", NULL},
	{"en", "{l, list, ‹xor›}", RULE_MESSAGE_STYLE, "there is no list style “xor”", "did you mean “or”?"},
	{"en", "{n, number, ‹currency›}", RULE_MESSAGE_SUSPECT,
		"the amount gets the currency of the language's region, or none",
		"name the currency: ::currency/SEK"},
	{"en", "{d, date,‹ ›yyyy-MM-dd}", RULE_MESSAGE_SUSPECT,
		"white space before a pattern is part of it, and shown",
		"begin the pattern right after the comma"},
	/* legal, but not what was meant */
	{"fr", "l‹'›{nom} et l'{autre}", RULE_MESSAGE_SUSPECT,
		"this apostrophe makes “{nom} et l” plain text",
		"write ’ or two apostrophes ('') for an apostrophe before a brace"},
	{"fr", "de l‹'›{nom}", RULE_MESSAGE_SUSPECT,
		"this apostrophe makes the rest of the message plain text",
		"write ’ or two apostrophes ('') for an apostrophe before a brace"},
	{"en", "{n, plural, one {{g, select, f {‹#› her} other {}}} other {}}", RULE_MESSAGE_SUSPECT,
		"inside a select, “#” is only a number sign",
		"write the plural's argument in braces instead, or put the plural inside the select"},
};

/* Takes the marks out; where they stood goes to *from and *to. */
static const char *unmark(const char *marked, char *pattern, size_t *from, size_t *to)
{
	const char *open = strstr(marked, OPEN), *close = strstr(marked, CLOSE);

	assert_non_null(open);
	assert_non_null(close);
	*from = (size_t)(open - marked);
	*to = (size_t)(close - marked) - strlen(OPEN);
	memcpy(pattern, marked, *from);
	memcpy(pattern + *from, open + strlen(OPEN), *to - *from);
	memcpy(pattern + *to, close + strlen(CLOSE), strlen(close + strlen(CLOSE)) + 1);
	return pattern;
}

static void check_case(struct bench *b, const struct fault_case *c)
{
	/* The pattern stands in the middle of a file. */
	static const char before[] = "first: line\nkey: \"";
	char pattern[512], text[600];
	struct locale *l = open_tag(c->tag);
	size_t from, to;
	struct source src;

	unmark(c->pattern, pattern, &from, &to);
	snprintf(text, sizeof(text), "%s%s\"\n", before, pattern);
	source_init(&src, STR("locales/x.yaml"), str_from(text));
	struct origin origin = {.src = &src, .at = strlen(before)};

	diag_clear(&b->diag);
	struct message *m = message_compile(&b->arena, str_from(pattern), &origin, l, &b->diag);
	const struct diag_item *d = b->diag.items;

	if (b->diag.len != 1)
		fail_msg("“%s” has %zu diagnostics, the second: %.*s", pattern, b->diag.len,
			STR_ARG(b->diag.len > 1 ? d[1].message : (struct str){0}));
	if (d->rule != c->rule || !str_is(d->message, c->message))
		fail_msg("“%s”: %s: %.*s", pattern, rule_info(d->rule)->id, STR_ARG(d->message));
	if (!str_is(d->hint, c->hint ? c->hint : d->hint.n ? "none" : ""))
		fail_msg("“%s”: hint %.*s", pattern, STR_ARG(d->hint));
	if (d->at.at != strlen(before) + from || d->at.n != to - from)
		fail_msg("“%s”: at %zu+%zu", pattern, d->at.at - strlen(before), d->at.n);
	assert_int_equal(m == NULL, rule_info(c->rule)->severity == SEVERITY_ERROR);
	source_release(&src);
	locale_free(l);
}

static void each_fault_is_reported_at_its_place(void **state)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_case(*state, &cases[i]);
}

static void lines_and_columns_count_characters(void **state)
{
	struct bench *b = *state;
	struct source src;
	struct origin origin = {.src = &src, .at = 4};
	struct str text = STR("k: |åäö\n  {n, plural,\n    ön {x}\n    other {y}}");
	struct source_pos pos;

	source_init(&src, STR("f"), text);
	assert_null(message_compile(&b->arena, str_slice(text, 4, text.n), &origin, NULL, &b->diag));
	assert_int_equal(b->diag.len, 1);
	assert_int_equal(b->diag.items[0].rule, RULE_MESSAGE_CATEGORY);
	pos = source_pos(&src, b->diag.items[0].at.at);
	assert_int_equal(pos.line, 3);
	assert_int_equal(pos.column, 5);
	assert_int_equal(b->diag.items[0].at.n, strlen("ön"));
	source_release(&src);
}

static void a_mapped_origin_is_followed(void **state)
{
	struct bench *b = *state;
	struct source src;
	/* The pattern "a{" comes from an escaped text: "\x61\x7b". */
	const uint32_t map[] = {1, 5, 9};
	struct origin origin = {.src = &src, .map = map};

	source_init(&src, STR("f"), STR("\"\\x61\\x7b\""));
	assert_null(message_compile(&b->arena, STR("a{"), &origin, NULL, &b->diag));
	assert_int_equal(b->diag.items[0].at.at, 5);
	assert_int_equal(b->diag.items[0].at.n, 4);
	source_release(&src);
}

static void every_fault_is_reported(void **state)
{
	struct bench *b = *state;
	struct locale *l = open_tag("en");

	assert_null(compile(b, "{a b} {n, plural, two {{m, nmber}} other {} other {}} } {x, foo, {}} {", l));
	assert_int_equal(b->diag.len, 8);
	static const enum rule want[] = {RULE_MESSAGE_SYNTAX, RULE_MESSAGE_CATEGORY, RULE_MESSAGE_TYPE,
		RULE_MESSAGE_DUPLICATE, RULE_MESSAGE_CATEGORY_MISSING, RULE_MESSAGE_SYNTAX, RULE_MESSAGE_TYPE,
		RULE_MESSAGE_SYNTAX};

	for (size_t i = 0; i < COUNT_OF(want); i++)
		assert_int_equal(b->diag.items[i].rule, want[i]);
	locale_free(l);
}

static void duplicates_show_the_first(void **state)
{
	struct bench *b = *state;
	struct source src;
	struct origin origin = {.src = &src};
	struct str text = STR("{n, select, a {} a {} other {}}");

	source_init(&src, STR("f"), text);
	assert_null(message_compile(&b->arena, text, &origin, NULL, &b->diag));
	assert_int_equal(b->diag.items[0].at.at, 17);
	assert_int_equal(b->diag.items[0].other.at, 12);
	source_release(&src);
}

static void nest(struct buf *out, int depth)
{
	buf_clear(out);
	for (int i = 0; i < depth; i++)
		buf_addz(out, "{n,select,other{");
	for (int i = 0; i < depth; i++)
		buf_addz(out, "}}");
}

static void depth_and_length_have_limits(void **state)
{
	struct bench *b = *state;
	struct buf deep;

	buf_init(&deep, BUF_MAX_DEFAULT);
	nest(&deep, MESSAGE_MAX_DEPTH);
	assert_non_null(compile(b, deep.p, NULL));
	assert_int_equal(b->diag.len, 0);
	nest(&deep, MESSAGE_MAX_DEPTH + 1);
	assert_null(compile(b, deep.p, NULL));
	assert_int_equal(b->diag.len, 1);
	assert_int_equal(b->diag.items[0].rule, RULE_MESSAGE_LIMIT);
	nest(&deep, 3000);
	assert_null(compile(b, deep.p, NULL));
	assert_true(b->diag.len < 40);

	buf_clear(&deep);
	for (size_t i = 0; i < MESSAGE_MAX_BYTES; i++)
		buf_addc(&deep, 'x');
	assert_non_null(compile(b, deep.p, NULL));
	buf_addc(&deep, 'x');
	diag_clear(&b->diag);
	assert_null(compile(b, deep.p, NULL));
	assert_int_equal(b->diag.items[0].rule, RULE_MESSAGE_LIMIT);
	buf_release(&deep);
}

static void what_is_not_utf8_is_refused(void **state)
{
	struct bench *b = *state;

	assert_null(message_compile(&b->arena, STR("a\xFF{n}"), NULL, NULL, &b->diag));
	assert_int_equal(b->diag.items[0].rule, RULE_MESSAGE_SYNTAX);
}

static void complete_messages_are_not_remarked_upon(void **state)
{
	static const char *const good[][2] = {
		{"sv", "{n, plural, one {# dag} other {# dagar}}"},
		{"en", "{n, plural, =1 {one} other {#}}"},
		{"en", "{n, plural, offset:1 =2 {one} other {#}}"},
		{"pl", "{n, plural, one {#} few {#} many {#} other {#}}"},
		{"ar", "{n, plural, zero {} one {} two {} few {} many {} other {}}"},
		{"fi", "{n, selectordinal, other {#.}}"},
		{"en", "'{'a'}' isn't #"},
		{"fr", "l''{nom}, l’{nom}"},
		{"sv", "{n, number, ::currency/SEK} {d, date,d MMMM y} {d, time, ::jm}"},
		{"xx", "{n, plural, other {}}"},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct locale *l = open_tag(good[i][0]);

		assert_non_null(compile(b, good[i][1], l));
		if (b->diag.len)
			fail_msg("“%s”: %.*s", good[i][1], STR_ARG(b->diag.items[0].message));
		locale_free(l);
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_fault_is_reported_at_its_place),
		TEST(lines_and_columns_count_characters),
		TEST(a_mapped_origin_is_followed),
		TEST(every_fault_is_reported),
		TEST(duplicates_show_the_first),
		TEST(depth_and_length_have_limits),
		TEST(what_is_not_utf8_is_refused),
		TEST(complete_messages_are_not_remarked_upon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
