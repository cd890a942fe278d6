/* Ranges and money against ICU itself: the form that a plural takes for a range, and how both are written. */
#include "text/message_support.h"

#include <unicode/unumberrangeformatter.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

static const char *const launch[] = {"sv", "en", "ar", "so", "ti", "fa", "ckb", "uk", "pl", "fi"};
static const char *const ranges[][2] = {
	{"0", "1"}, {"0", "2"}, {"0", "5"}, {"1", "2"}, {"1", "11"}, {"2", "21"}, {"3", "100"}, {"1", "1.5"}};

static const char *icu_category(const char *tag, const char *from, const char *to)
{
	static char name[16];
	UErrorCode status = U_ZERO_ERROR;
	UChar keyword[16], skeleton[8];
	UNumberRangeFormatter *f;
	UFormattedNumberRange *range = unumrf_openResult(&status);
	UPluralRules *rules = uplrules_open(tag, &status);

	u_uastrcpy(skeleton, strchr(to, '.') ? ".0" : ".");
	f = unumrf_openForSkeletonWithCollapseAndIdentityFallback(skeleton, u_strlen(skeleton),
		UNUM_RANGE_COLLAPSE_AUTO, UNUM_IDENTITY_FALLBACK_SINGLE_VALUE, tag, NULL, &status);
	unumrf_formatDecimalRange(f, from, (int32_t)strlen(from), to, (int32_t)strlen(to), range, &status);
	uplrules_selectForRange(rules, range, keyword, COUNT_OF(keyword), &status);
	assert_true(U_SUCCESS(status));
	u_UCharsToChars(keyword, name, u_strlen(keyword) + 1);
	uplrules_close(rules);
	unumrf_closeResult(range);
	unumrf_close(f);
	return name;
}

static void a_range_takes_the_form_that_icu_chooses(void **state)
{
	struct bench *b = *state;
	struct message *m = compile(
		b, "{n, plural, zero {zero} one {one} two {two} few {few} many {many} other {other}}", NULL);

	for (size_t i = 0; i < COUNT_OF(launch); i++) {
		struct locale *l = open_tag(launch[i]);

		for (size_t k = 0; k < COUNT_OF(ranges); k++) {
			bool ok;

			b->map.map->len = 0;
			set(b, "n", value_range(&b->arena, str_from(ranges[k][0]), str_from(ranges[k][1])));
			assert_string_equal(
				format(b, l, m, &ok), icu_category(launch[i], ranges[k][0], ranges[k][1]));
			assert_true(ok);
		}
		locale_free(l);
	}
}

static void assert_shown(
	struct bench *b, const char *tag, const char *pattern, struct value v, const char *want)
{
	b->map.map->len = 0;
	set(b, "n", v);
	expect(b, tag, pattern, want);
}

static void both_are_written_as_the_language_does(void **state)
{
	struct bench *b = *state;
	struct value sek = value_money(&b->arena, STR("1500"), STR("SEK"));
	struct value cents = value_money(&b->arena, STR("12.5"), STR("EUR"));
	struct value range = value_range(&b->arena, STR("1000"), STR("2500.5"));

	assert_shown(b, "en", "{n}", sek,
		"SEK\xC2\xA0"
		"1,500");
	assert_shown(b, "en", "{n, number, ::compact-short currency/EUR}", sek,
		"SEK\xC2\xA0"
		"1.5K");
	assert_shown(b, "en", "{n}", cents, "€12.50");
	assert_shown(b, "en", "{n, plural, one {# euro} other {# euros}}", cents, "12.5 euros");
	assert_shown(b, "en", "{n, number, #,##0}", sek,
		"SEK\xC2\xA0"
		"1,500");
	assert_shown(b, "en", "{n}", range, "1,000.0–2,500.5");
	assert_shown(b, "en", "{n, number, integer}", range, "1,000–2,500");
	assert_shown(b, "en", "{n, number, #,##0}", range, "1,000.0–2,500.5");
	assert_shown(b, "en", "{n, plural, offset:1 other {#}}", value_range(&b->arena, STR("1"), STR("3")),
		"0–2");
}

static void currencies_are_those_of_iso_4217(void **state)
{
	(void)state;
	assert_true(locale_currency_known(STR("SEK")));
	assert_false(locale_currency_known(STR("sek")));
	assert_false(locale_currency_known(STR("kr")));
	assert_false(locale_currency_known(STR("QQQ")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_range_takes_the_form_that_icu_chooses),
		TEST(both_are_written_as_the_language_does),
		TEST(currencies_are_those_of_iso_4217),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
