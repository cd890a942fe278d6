#include "model/fact.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena;
	struct diag diag;
	struct source src;
	struct map map;
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){0};
	arena_init(&s->arena, ARENA_DEFAULT);
	diag_init(&s->diag);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	diag_release(&s->diag);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static void forget(struct state *s)
{

	diag_release(&s->diag);
	diag_init(&s->diag);
	s->map = (struct map){0};
}

static void read_facts(struct state *s, const char *text)
{
	forget(s);
	source_init(&s->src, STR("f"), str_from(text));
	facts_read(&s->map, &s->arena, &s->src, &s->diag);
}

static void read_references(struct state *s, const char *text)
{
	forget(s);
	source_init(&s->src, STR("s"), str_from(text));
	references_read(&s->map, &s->arena, &s->src, &s->diag);
}

static const struct fact *one_fact(struct state *s, const char *type, const char *value)
{
	read_facts(s, str_fmt(&s->arena, "a: {type: %s, value: %s, source: x}\n", type, value).p);
	return map_get(&s->map, STR("a"));
}

static void every_type_has_its_value(void **state)
{
	struct state *s = *state;
	const struct fact *f = one_fact(s, "integer", "14");

	assert_int_equal(f->value.kind, VALUE_INT);
	assert_int_equal(f->value.integer, 14);
	f = one_fact(s, "decimal", "1.50");
	assert_int_equal(f->value.kind, VALUE_DECIMAL);
	assert_text(f->value.text, "1.50");
	f = one_fact(s, "date", "2026-02-28");
	assert_int_equal(f->value.kind, VALUE_DATE);
	assert_int_equal(f->value.date.day, 28);
	f = one_fact(s, "phone", "'+46 40-34 56 78'");
	assert_int_equal(f->type, FACT_PHONE);
	assert_text(f->value.text, "+46 40-34 56 78");
	f = one_fact(s, "text", "'x {y}'");
	assert_text(f->value.text, "x {y}");
	assert_said(&s->arena, &s->diag, "");
}

static void every_key_is_read(void **state)
{
	struct state *s = *state;
	const struct fact *f;

	read_facts(s,
		"b: {type: integer, value: 1, unit: kr, period: '2026', source: src, place: 3 §, note: n}\n"
		"a: {type: text, value: t, source: x}\n");
	assert_said(&s->arena, &s->diag, "");
	f = map_get(&s->map, STR("b"));
	assert_text(f->unit, "kr");
	assert_text(f->period, "2026");
	assert_text(f->source, "src");
	assert_text(f->place, "3 §");
	assert_text(f->note, "n");
	assert_int_equal(f->index, 0);
	assert_int_equal(((struct fact *)map_get(&s->map, STR("a")))->index, 1);
}

static void money_has_a_currency(void **state)
{
	struct state *s = *state;
	const struct fact *f = one_fact(s, "money", "1500 SEK");

	assert_int_equal(f->value.kind, VALUE_MONEY);
	assert_text(f->value.money->amount, "1500");
	assert_text(f->value.money->currency, "SEK");
	f = one_fact(s, "money", "12.50, currency: EUR");
	assert_text(f->value.money->amount, "12.50");
	assert_text(f->value.money->currency, "EUR");
	assert_said(&s->arena, &s->diag, "");
	one_fact(s, "integer", "12, currency: EUR");
	assert_said(&s->arena, &s->diag, "f:1:31 yaml/bad-value\n");
}

static void ranges_have_two_ends(void **state)
{
	static const char *const cases[][3] = {
		{"0–2", "0", "2"},
		{"0-5", "0", "5"},
		{"1.5 – 2", "1.5", "2"},
		{"-3-4", "-3", "4"},
		{"'-5–-2'", "-5", "-2"},
		{"{from: 0, to: 2.25}", "0", "2.25"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct fact *f = one_fact(s, "range", cases[i][0]);

		assert_said_of(&s->arena, &s->diag, "", cases[i][0]);
		assert_int_equal(f->value.kind, VALUE_RANGE);
		assert_text(f->value.range->from, cases[i][1]);
		assert_text(f->value.range->to, cases[i][2]);
	}
	one_fact(s, "range", "{from: 0, too: 2}");
	assert_said(&s->arena, &s->diag, "f:1:25 yaml/bad-value\nf:1:35 yaml/unknown-key\n");
}

/* A percentage is kept as its fraction, digit by digit. */
static void percentages_are_hundredths(void **state)
{
	static const char *const cases[][3] = {
		{"64", "0.64"},
		{"7.5", "0.075"},
		{"-3", "-0.03"},
		{"100", "1.00"},
		{"0", "0.00"},
		{"0.25", "0.0025", "f:1:30 fact/fraction\n"},
		{"12.50", "0.1250"},
		{"1234", "12.34"},
		{".5", "0.005", "f:1:30 fact/fraction\n"},
		{"'007'", "0.07"},
		{"-0.5", "-0.005"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct fact *f = one_fact(s, "percentage", cases[i][0]);

		assert_said(&s->arena, &s->diag, cases[i][2] ? cases[i][2] : "");
		assert_int_equal(f->value.kind, VALUE_DECIMAL);
		assert_text(f->value.text, cases[i][1]);
	}
}

static void what_is_no_value_of_the_type_is_said(void **state)
{
	static const char *const bad[][2] = {
		{"integer", "1.5"},
		{"integer", "fourteen"},
		{"integer", "99999999999999999999"},
		{"decimal", "'1,5'"},
		{"decimal", "1e3"},
		{"decimal", "'-'"},
		{"decimal", "'.'"},
		{"decimal", "'1.'"},
		{"decimal", "'+1'"},
		{"decimal", "1234567890123456789012345678901234567890123456789"},
		{"percentage", "64 %"},
		{"percentage", "'--3'"},
		{"percentage", "'3-'"},
		{"date", "2026-02-30"},
		{"date", "20 maj"},
		{"money", "1500"},
		{"money", "1500 kr"},
		{"money", "1500 XYZ"},
		{"money", "1 500 SEK"},
		{"money", "SEK 1500"},
		{"range", "5"},
		{"range", "5-"},
		{"range", "5-2"},
		{"range", "2–2"},
		{"range", "2–3–4"},
		{"range", "a–b"},
		{"phone", "'112 or so'"},
		{"phone", "'-'"},
		{"phone", "'1'"},
		{"phone", "'11+2'"},
		{"phone", "\"112\\0\""},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct str expected = str_fmt(&s->arena, "f:1:%zu yaml/bad-value\n", 20 + strlen(bad[i][0]));
		const struct fact *f;

		f = one_fact(s, bad[i][0], bad[i][1]);
		assert_said_of(&s->arena, &s->diag, expected.p, bad[i][1]);
		assert_non_null(f);
		assert_int_equal(f->value.kind, VALUE_STR);
	}
}

static void what_is_wrong_is_said_once_at_its_place(void **state)
{
	static const char *const cases[][2] = {
		{"a: {type: intager, value: 1, source: x}\n", "f:1:11 yaml/bad-value\n"},
		{"a: {value: 1, source: x}\n", "f:1:1 yaml/missing-key\n"},
		{"a: {type: text, source: x}\n", "f:1:1 yaml/missing-key\n"},
		{"a: {type: text, value: , source: x}\n", "f:1:24 yaml/missing-key\n"},
		{"a: {type: text, value: [b], source: x}\n", "f:1:24 yaml/missing-key\n"},
		{"a: {type: text, value: b}\n", "f:1:1 fact/no-source\n"},
		{"A: {type: text, value: b, source: x}\n", "f:1:1 yaml/bad-value\n"},
		{"1a: {type: text, value: b, source: x}\n", "f:1:1 yaml/bad-value\n"},
		{"a-b: {type: text, value: b, source: x}\n", "f:1:1 yaml/bad-value\n"},
		{"a: {type: text, value: b, source: x, plase: 1}\n", "f:1:38 yaml/unknown-key\n"},
		{"a: {type: text, value: b, source: {x: y}}\n",
			"f:1:1 fact/no-source\nf:1:35 yaml/wrong-type\n"},
		{"a: text\n", "f:1:4 yaml/wrong-type\n"},
		{"a:\n", "f:1:1 fact/no-source\nf:1:1 yaml/missing-key\nf:1:1 yaml/missing-key\n"},
		{"- a\n", "f:1:1 yaml/wrong-type\n"},
		{"", ""},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		read_facts(s, cases[i][0]);
		assert_said_of(&s->arena, &s->diag, cases[i][1], cases[i][0]);
	}
	read_facts(s, "a: {type: intager, value: 1, source: x}\n");
	assert_true(str_starts(said_hint(&s->diag, RULE_YAML_VALUE), STR("did you mean “integer”?")));
}

static void references_are_read(void **state)
{
	struct state *s = *state;
	const struct reference *r;

	read_references(s, "law: {title: Lag, publisher: Riksdagen, number: '2025:400', date: 2025-06-01,\n"
			   "  url: 'https://example.org/', language: sv}\n"
			   "b: {title: B}\n");
	assert_said(&s->arena, &s->diag, "");
	r = map_get(&s->map, STR("law"));
	assert_text(r->title, "Lag");
	assert_text(r->publisher, "Riksdagen");
	assert_text(r->number, "2025:400");
	assert_text(r->url, "https://example.org/");
	assert_text(r->language, "sv");
	assert_int_equal(r->date.month, 6);
	assert_int_equal(((struct reference *)map_get(&s->map, STR("b")))->index, 1);
}

static void references_that_are_wrong_are_said(void **state)
{
	static const char *const cases[][2] = {
		{"a: {publisher: p}\n", "s:1:1 yaml/missing-key\n"},
		{"a:\n", "s:1:1 yaml/missing-key\n"},
		{"a: {title: t, date: 2025-13-01}\n", "s:1:21 yaml/bad-date\n"},
		{"a: {title: t, url: 'javascript:alert(1)'}\n", "s:1:20 link/unsafe\n"},
		{"a: {title: t, url: 'data:text/html,x'}\n", "s:1:20 link/unsafe\n"},
		{"a: {title: t, url: example.org}\n", "s:1:20 link/unsafe\n"},
		{"a: {title: t, language: swedish1}\n", "s:1:25 language/unknown\n"},
		{"a: {titel: t}\n", "s:1:1 yaml/missing-key\ns:1:5 yaml/unknown-key\n"},
		{"a: t\n", "s:1:4 yaml/wrong-type\n"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct reference *r;

		read_references(s, cases[i][0]);
		assert_said_of(&s->arena, &s->diag, cases[i][1], cases[i][0]);
		r = map_get(&s->map, STR("a"));
		if (r)
			assert_text(r->url, "");
	}
}

static void ids_are_lower_case_words(void **state)
{
	(void)state;
	assert_true(fact_id_valid(STR("a")));
	assert_true(fact_id_valid(STR("a_1")));
	assert_false(fact_id_valid(STR("")));
	assert_false(fact_id_valid(STR("_a")));
	assert_false(fact_id_valid(STR("1a")));
	assert_false(fact_id_valid(STR("å")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_type_has_its_value),
		TEST(every_key_is_read),
		TEST(money_has_a_currency),
		TEST(ranges_have_two_ends),
		TEST(percentages_are_hundredths),
		TEST(what_is_no_value_of_the_type_is_said),
		TEST(what_is_wrong_is_said_once_at_its_place),
		TEST(references_are_read),
		TEST(references_that_are_wrong_are_said),
		TEST(ids_are_lower_case_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
