/* What messages mean where ICU cannot judge: names, lists, exact decimals, missing arguments, sinks. */
#include "text/message_support.h"

#include <pthread.h>

static void plain_text_needs_no_locale(void **state)
{
	struct bench *b = *state;
	struct message *m = compile(b, "It''s '{plain}'.", NULL);
	struct str text;
	bool ok;

	assert_non_null(m);
	assert_true(message_is_plain(m, &text));
	assert_true(str_is(text, "It's {plain}."));
	assert_string_equal(format(b, NULL, m, &ok), "It's {plain}.");
	assert_true(ok);
	m = compile(b, "", NULL);
	assert_true(message_is_plain(m, &text));
	assert_int_equal(text.n, 0);
	assert_false(message_is_plain(compile(b, "{a}", NULL), &text));
}

static void arguments_have_names(void **state)
{
	struct bench *b = *state;

	set(b, "name", value_str(STR("Åsa")));
	set(b, "antal_år", value_int(1234));
	set(b, "x", value_bool(true));
	set(b, "day", value_date((struct date){2026, 11, 23}));
	expect(b, "sv", "{name} har {antal_år} poäng, {x}, { day }",
		"Åsa har 1\u00a0234 poäng, true, 23 nov. 2026");
	expect(b, "sv", "{day, date, long} {day, date, ::yMMMM}", "23 november 2026 november 2026");
}

static void decimals_keep_their_digits(void **state)
{
	struct bench *b = *state;

	set(b, "n", value_decimal(STR("1.50")));
	expect(b, "sv", "{n} {n, number} {n, plural, one {# mil} other {# mil!}}", "1,50 1,50 1,50 mil!");
	expect(b, "sv", "{n, plural, offset:1 =1.5 {exactly} other {#}}", "exactly");
	expect(b, "sv", "{n, plural, offset:1 other {#}}", "0,50");
	expect(b, "sv", "{n, number, integer}", "2");
	b->map.map->len = 0;
	set(b, "n", value_decimal(STR("1.0")));
	expect(b, "en", "{n, plural, one {# mile} other {# miles}}", "1.0 miles");
	expect(b, "pl", "{n, plural, one {#} few {#} many {#} other {# inne}}", "1,0 inne");
}

static void the_category_is_that_of_the_number_as_shown(void **state)
{
	struct bench *b = *state;

	set(b, "n", value_int(1));
	expect(b, "en", "{n, plural, one {{n, number,0.0} mile} other {{n, number,0.0} miles}}", "1.0 miles");
	b->map.map->len = 0;
	set(b, "n", value_decimal(STR("1.2")));
	expect(b, "en", "{n, plural, one {{n, number, integer} mile} other {{n, number, integer} miles}}",
		"1 mile");
}

static void large_numbers_stay_exact(void **state)
{
	struct bench *b = *state;

	set(b, "n", value_int(INT64_MAX));
	set(b, "m", value_int(INT64_MIN));
	expect(b, "en", "{n} {n, plural, offset:7 other {#}}",
		"9,223,372,036,854,775,807 9,223,372,036,854,775,800");
	expect(b, "en", "{m, plural, offset:1 =-9223372036854775808 {least} other {#}}", "least");
	expect(b, "en", "{m, plural, offset:1 other {#}}", "-9,223,372,036,854,775,809");
	expect(b, "en", "{n, plural, =9223372036854775806 {no} =9223372036854775807.0 {yes} other {#}}",
		"yes");
}

static struct value names(struct bench *b, size_t n)
{
	static const char *const all[] = {"Anna", "Bo", "Carin"};
	struct value list = value_list(&b->arena);

	for (size_t i = 0; i < n; i++)
		value_push(list, &b->arena, value_str(str_from(all[i])));
	return list;
}

static void lists_are_joined_as_the_language_does(void **state)
{
	struct bench *b = *state;

	set(b, "l", names(b, 3));
	set(b, "two", names(b, 2));
	set(b, "one", names(b, 1));
	set(b, "none", names(b, 0));
	expect(b, "sv", "{l, list}|{l, list, or}|{l, list, UNIT}|{l}",
		"Anna, Bo och Carin|Anna, Bo eller Carin|Anna, Bo, Carin|Anna, Bo och Carin");
	expect(b, "en", "{l, list,and}|{two, list}|{one, list}|{none, list}|",
		"Anna, Bo, and Carin|Anna and Bo|Anna||");
	expect(b, "ar", "{two, list}", "Anna وBo");
	expect(b, "ckb", "{l, list}", "Anna، Bo، Carin");
	value_push(*value_get(&b->map, STR("l")), &b->arena, value_int(1000));
	expect(b, "sv", "{l, list}", "Anna, Bo, Carin och 1\u00a0000");
}

static void formatted(struct bench *b, const char *tag, const char *pattern, const char *want, bool good)
{
	struct locale *l = open_tag(tag);
	struct message *m = compile(b, pattern, l);
	bool ok;

	assert_non_null(m);
	assert_string_equal(format(b, l, m, &ok), want);
	assert_int_equal(ok, good);
	locale_free(l);
}

static void missing_and_wrong_arguments_are_shown(void **state)
{
	struct bench *b = *state;

	set(b, "text", value_str(STR("word")));
	set(b, "null", value_null());
	set(b, "map", value_map(&b->arena));
	set(b, "bad", value_decimal(STR("1,5")));
	set(b, "zero", value_date((struct date){0}));
	formatted(b, "sv", "a {gone} {null} b", "a {gone} {null} b", false);
	formatted(b, "sv", "{gone, number} {text, number} {bad}", "{gone} word 1,5", false);
	formatted(b, "sv", "{gone, plural, one {a} other {# b}}", "{gone} b", false);
	formatted(b, "sv", "{text, plural, one {a} other {# b}}", "word b", false);
	formatted(b, "sv", "{gone, select, a {x} other {y}}", "y", false);
	formatted(b, "sv", "{text, list} {map} {map, select, other {o}}", "word {map} o", false);
	formatted(b, "sv", "{text, date} {zero, date}", "word {zero}", false);
	formatted(b, "sv", "{text, select, word {yes} other {no}}", "yes", true);
}

static void select_takes_words_numbers_and_truth(void **state)
{
	struct bench *b = *state;

	set(b, "yes", value_bool(true));
	set(b, "n", value_int(-7));
	set(b, "d", value_decimal(STR("2")));
	expect(b, "sv",
		"{yes, select, true {ja} other {nej}} {n, select, 7 {a} other {b}} {d, select, 2 {två} other "
		"{?}}",
		"ja b två");
}

/* Every piece on a line: text as it is, arguments as name=formatted. */
static void piece_text(void *ctx, struct str s)
{
	struct bench *b = ctx;

	buf_addf(&b->out, "“%.*s”", STR_ARG(s));
}

static void piece_argument(void *ctx, struct str name, struct str formatted_text)
{
	struct bench *b = ctx;

	buf_addf(&b->out, "[%.*s=%.*s]", STR_ARG(name), STR_ARG(formatted_text));
}

static void a_sink_gets_text_and_arguments_apart(void **state)
{
	struct bench *b = *state;
	struct locale *l = open_tag("sv");
	struct message *m =
		compile(b, "<b>{n, plural, one {# dag} other {# dagar} =0 {ingen}}</b> {gone}{s}", l);
	struct message_sink sink = {piece_text, piece_argument, b}, quiet = {0};
	struct message_scope scope = scope_of(b);

	set(b, "n", value_int(14));
	set(b, "s", value_str(STR("<i>")));
	assert_false(message_format_to(m, l, &scope, &sink));
	buf_addz(&b->out, "");
	assert_string_equal(b->out.p, "“<b>”[n=14]“ dagar”“</b> ”[gone={gone}][s=<i>]");
	assert_false(message_format_to(m, l, &scope, &quiet));
	assert_false(message_format_to(m, l, &(struct message_scope){0}, &sink));
	locale_free(l);
}

static void the_arguments_are_listed(void **state)
{
	struct bench *b = *state;
	struct message *m = compile(
		b, "{b} {a, plural, one {{c, date}} other {{b, number} {a}}} {s, select, other {}}", NULL);
	static const struct {
		const char *name;
		enum message_type type;
	} want[] = {{"b", MESSAGE_NUMBER}, {"a", MESSAGE_PLURAL}, {"c", MESSAGE_DATE}, {"s", MESSAGE_SELECT}};
	const struct message_arg *args;

	assert_int_equal(message_args(m, &args), COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		assert_true(str_is(args[i].name, want[i].name));
		assert_int_equal(args[i].type, want[i].type);
	}
	assert_int_equal(message_args(compile(b, "none", NULL), &args), 0);
}

static void the_choices_are_listed(void **state)
{
	struct bench *b = *state;
	struct message *m = compile(b,
		"{a, plural, offset:1 =0 {} one {{g, select, x {} other {}}} other {}}{g, selectordinal, "
		"other {}}",
		NULL);
	const struct message_choice *c;

	assert_int_equal(message_choices(m, &c), 3);
	assert_true(str_is(c[0].name, "a"));
	assert_int_equal(c[0].type, MESSAGE_PLURAL);
	assert_int_equal(c[0].offset, 1);
	assert_int_equal(c[0].len, 3);
	assert_true(str_is(c[0].selectors[0], "=0"));
	assert_true(str_is(c[0].selectors[2], "other"));
	assert_int_equal(c[1].type, MESSAGE_SELECT);
	assert_true(str_is(c[1].selectors[0], "x"));
	assert_int_equal(c[2].type, MESSAGE_ORDINAL);
	assert_string_equal(message_type_name(c[2].type), "selectordinal");
}

static void typed_text_becomes_values(void **state)
{
	struct bench *b = *state;
	struct value v;

	assert_int_equal(message_arg_value(&b->arena, MESSAGE_PLURAL, STR("12")).integer, 12);
	assert_int_equal(message_arg_value(&b->arena, MESSAGE_PLAIN, STR("1.50")).kind, VALUE_DECIMAL);
	assert_int_equal(message_arg_value(&b->arena, MESSAGE_SELECT, STR("12")).kind, VALUE_STR);
	assert_int_equal(message_arg_value(&b->arena, MESSAGE_NUMBER, STR("twelve")).kind, VALUE_STR);
	v = message_arg_value(&b->arena, MESSAGE_DATE, STR("2026-11-23"));
	assert_int_equal(v.kind, VALUE_DATE);
	assert_int_equal(v.date.day, 23);
	v = message_arg_value(&b->arena, MESSAGE_TIME, STR("1970-01-02T01:02:03Z"));
	assert_int_equal(v.kind, VALUE_TIME);
	assert_int_equal(v.integer, (((24 + 1) * 60 + 2) * 60 + 3) * 1000);
	assert_int_equal(message_arg_value(&b->arena, MESSAGE_TIME, STR("1970-01-02T01:02Z")).integer,
		25 * 3600000 + 120000);
	assert_int_equal(
		message_arg_value(&b->arena, MESSAGE_TIME, STR("1970-01-02T25:02Z")).kind, VALUE_STR);
	assert_int_equal(
		message_arg_value(&b->arena, MESSAGE_TIME, STR("1970-01-02T01:02")).kind, VALUE_TIME);
	v = message_arg_value(&b->arena, MESSAGE_LIST, STR("a, b,c"));
	assert_int_equal(v.kind, VALUE_LIST);
	assert_int_equal(v.list->len, 3);
	assert_true(str_is(v.list->items[1].text, "b"));
}

static void a_message_outlives_its_pattern(void **state)
{
	struct bench *b = *state;
	char pattern[] = "{n, number, integer} is '{'{word}'}'";
	struct locale *l = open_tag("en");
	struct message *m = compile(b, pattern, l);
	bool ok;

	memset(pattern, 'x', sizeof(pattern) - 1);
	set(b, "n", value_int(5));
	set(b, "word", value_str(STR("w")));
	assert_string_equal(format(b, l, m, &ok), "5 is {w}");
	locale_free(l);
}

struct shared {
	const struct message *message;
	const struct value *map;
	bool good;
};

static const struct value *get_shared(void *ctx, struct str name)
{
	return value_get(ctx, name);
}

static void *format_often(void *arg)
{
	struct shared *s = arg;
	struct message_scope scope = {get_shared, (void *)(uintptr_t)s->map};
	struct locale *l = open_tag("pl");
	struct buf out;

	s->good = true;
	buf_init(&out, BUF_MAX_DEFAULT);
	for (int i = 0; i < 200; i++) {
		buf_clear(&out);
		s->good = s->good && message_format(s->message, l, &scope, &out) &&
			  str_eq(buf_str(&out), STR("5 dni, 23 listopada 2026"));
	}
	buf_release(&out);
	locale_free(l);
	return NULL;
}

static void threads_share_a_message(void **state)
{
	struct bench *b = *state;
	struct locale *l = open_tag("pl");
	struct message *m = compile(
		b, "{n, plural, one {# dzień} few {# dni} many {# dni} other {# dnia}}, {d, date, long}", l);
	struct shared shared[4];
	pthread_t threads[COUNT_OF(shared)];

	set(b, "n", value_int(5));
	set(b, "d", value_date((struct date){2026, 11, 23}));
	for (size_t i = 0; i < COUNT_OF(shared); i++) {
		shared[i] = (struct shared){m, &b->map, false};
		assert_int_equal(pthread_create(&threads[i], NULL, format_often, &shared[i]), 0);
	}
	for (size_t i = 0; i < COUNT_OF(shared); i++) {
		pthread_join(threads[i], NULL);
		assert_true(shared[i].good);
	}
	locale_free(l);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)
	const struct CMUnitTest tests[] = {
		TEST(plain_text_needs_no_locale),
		TEST(arguments_have_names),
		TEST(decimals_keep_their_digits),
		TEST(the_category_is_that_of_the_number_as_shown),
		TEST(large_numbers_stay_exact),
		TEST(lists_are_joined_as_the_language_does),
		TEST(missing_and_wrong_arguments_are_shown),
		TEST(select_takes_words_numbers_and_truth),
		TEST(a_sink_gets_text_and_arguments_apart),
		TEST(the_arguments_are_listed),
		TEST(the_choices_are_listed),
		TEST(typed_text_becomes_values),
		TEST(a_message_outlives_its_pattern),
		TEST(threads_share_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
