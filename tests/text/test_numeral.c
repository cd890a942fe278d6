#include "support/check.h"

#include "text/numeral.h"

#include <unicode/uchar.h>

/* All numerals of a text, with a space between. */
static void assert_numerals(const char *text, const char *expected)
{
	struct numeral n;
	char got[400] = "";
	size_t at = 0, len = 0;

	while (numeral_next(str_from(text), &at, &n) && len < sizeof(got) - NUMERAL_MAX - 2) {
		len += (size_t)snprintf(
			got + len, sizeof(got) - len, "%s%.*s", len ? " " : "", (int)n.n, n.digits);
		assert_true(n.from < n.to && n.to <= strlen(text) && at == n.to);
	}
	assert_string_equal(got, expected);
}

static void every_script_writes_the_same_number(void **state)
{
	(void)state;
	assert_numerals("År 2022 kom 936.", "2022 936");
	assert_numerals("في عام ٢٠٢٢ ورد ٩٣٦", "2022 936");
	assert_numerals("۲۰۲۲ سال", "2022");
	assert_numerals("२०२२, ๒๐๒๒, ၂၀၂၂ và ２０２２", "2022 2022 2022 2022");
	assert_numerals("\xF0\x9D\x9F\x8E\xF0\x9D\x9F\x8F", "1"); /* mathematical bold 01 */
}

/* What is left out without asking ICU is no digit. */
static void no_digit_is_passed_over(void **state)
{
	struct numeral n;
	char text[4];

	(void)state;
	for (uint32_t c = 0; c < 0x20000; c++) {
		size_t at = 0;

		if (c >= 0xD800 && c < 0xE000)
			continue;
		if (numeral_next(str_make(text, utf8_encode(c, text)), &at, &n) != u_isdigit((UChar32)c))
			fail_msg("U+%04X", c);
	}
}

static void separators_do_not_count(void **state)
{
	(void)state;
	assert_numerals("4 580; 4\xC2\xA0"
			"580; 4\xE2\x80\xAF"
			"580; 4,580; 4.580; ٤٬٥٨٠; 4’580",
		"4580 4580 4580 4580 4580 4580 4580");
	assert_numerals("3,5 3.5 ٣٫٥ 8.30 8:30", "35 35 35 830 830");
	assert_numerals("12 500 000", "12500000");
	assert_numerals("007 0 00 0,5", "7 0 0 5");
}

static void neighbours_stay_apart(void **state)
{
	(void)state;
	assert_numerals("1. 2, 3: 4–5 6-7 8/9", "1 2 3 4 5 6 7 8 9");
	assert_numerals("2022 105 barn", "2022 105");
	assert_numerals("12 50", "12 50");
	assert_numerals("12 5000", "12 5000");
	assert_numerals("A4, covid-19, 21st", "4 19 21");
}

static void what_is_no_decimal_digit_is_no_numeral(void **state)
{
	(void)state;
	assert_numerals("", "");
	assert_numerals("ett två ፩ ½ ² ① Ⅳ 十 ሀለመ", "");
	assert_numerals("ا ب ت", "");
}

static void all_digits_of_a_register_number_are_one(void **state)
{
	struct numeral n;

	(void)state;
	assert_true(numeral_all(STR("KS 2023/1216-1"), &n));
	assert_int_equal(n.n, 9);
	assert_memory_equal(n.digits, "202312161", 9);
	assert_true(numeral_all(STR("١١٦ ١١١"), &n));
	assert_memory_equal(n.digits, "116111", 6);
	assert_false(numeral_all(STR("KS"), &n));
	assert_false(numeral_all(STR(""), &n));
}

static void a_very_long_one_is_cut(void **state)
{
	char text[200];
	struct numeral n;
	size_t at = 0;

	(void)state;
	memset(text, '7', sizeof(text));
	assert_true(numeral_next(str_make(text, sizeof(text)), &at, &n));
	assert_int_equal(n.n, NUMERAL_MAX);
	assert_int_equal(n.to, sizeof(text));
	assert_false(numeral_next(str_make(text, sizeof(text)), &at, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_script_writes_the_same_number),
		cmocka_unit_test(no_digit_is_passed_over),
		cmocka_unit_test(separators_do_not_count),
		cmocka_unit_test(neighbours_stay_apart),
		cmocka_unit_test(what_is_no_decimal_digit_is_no_numeral),
		cmocka_unit_test(all_digits_of_a_register_number_are_one),
		cmocka_unit_test(a_very_long_one_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
