#include "text/message_support.h"

#include "text/decimal.h"

static const char *parsed(const char *text)
{
	static char out[DECIMAL_MAX_TEXT];
	struct decimal d;

	if (!decimal_parse(str_from(text), &d))
		return "refused";
	size_t n = decimal_print(&d, out);

	assert_int_equal(n, strlen(out));
	return out;
}

static void digits_stay_as_written(void **state)
{
	(void)state;
	assert_string_equal(parsed("1.50"), "1.50");
	assert_string_equal(parsed("-0012.0"), "-12.0");
	assert_string_equal(parsed("+7"), "7");
	assert_string_equal(parsed(".5"), "0.5");
	assert_string_equal(parsed("5."), "5");
	assert_string_equal(parsed("-0.00"), "0.00");
	assert_string_equal(parsed("000"), "0");
	assert_string_equal(parsed("9223372036854775808"), "9223372036854775808");
}

static void exponents_move_the_point(void **state)
{
	(void)state;
	assert_string_equal(parsed("1.5e3"), "1500");
	assert_string_equal(parsed("1.50E+1"), "15.0");
	assert_string_equal(parsed("5e-2"), "0.05");
	assert_string_equal(parsed("12e-1"), "1.2");
	assert_string_equal(parsed("0e9"), "0");
	assert_string_equal(parsed("1e60"), "refused");
	assert_string_equal(parsed("1e"), "refused");
	assert_string_equal(parsed("1e+-1"), "refused");
}

static void what_is_no_number_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "-", ".", "1,5", "1.2.3", " 1", "1 ", "0x10", "nan", ".inf", "--1"};
	char longer[DECIMAL_MAX_DIGITS + 2];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_string_equal(parsed(bad[i]), "refused");
	memset(longer, '1', sizeof(longer));
	longer[DECIMAL_MAX_DIGITS + 1] = '\0';
	assert_string_equal(parsed(longer), "refused");
	longer[DECIMAL_MAX_DIGITS] = '\0';
	assert_string_equal(parsed(longer), longer);
}

static const char *less(const char *text, int64_t n)
{
	static char out[DECIMAL_MAX_TEXT];
	struct decimal d;

	assert_true(decimal_parse(str_from(text), &d));
	if (!decimal_subtract(&d, n))
		return "no room";
	decimal_print(&d, out);
	return out;
}

static void subtraction_keeps_the_fraction(void **state)
{
	(void)state;
	assert_string_equal(less("1.50", 1), "0.50");
	assert_string_equal(less("0.50", 1), "-0.50");
	assert_string_equal(less("-0.50", 1), "-1.50");
	assert_string_equal(less("-0.50", -1), "0.50");
	assert_string_equal(less("1.00", 1), "0.00");
	assert_string_equal(less("1000", 1), "999");
	assert_string_equal(less("999.9", -1), "1000.9");
	assert_string_equal(less("0", INT64_MIN), "9223372036854775808");
	assert_string_equal(less("5.25", INT64_MAX), "-9223372036854775801.75");
	assert_string_equal(less(".12345678901234567890123456789012345678901234567", 1000), "no room");
}

static void numbers_are_equal_whatever_zeros_they_carry(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{"1.50", "1.5", true},
		{"1", "1.000", true},
		{"1", "-1", false},
		{"0.0", "-0", true},
		{"10", "1", false},
		{"1.05", "1.5", false},
	};
	struct decimal a, b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_true(decimal_parse(str_from(cases[i].a), &a));
		assert_true(decimal_parse(str_from(cases[i].b), &b));
		assert_int_equal(decimal_eq(&a, &b), cases[i].equal);
		assert_int_equal(decimal_eq(&b, &a), cases[i].equal);
	}
}

static void only_numbers_are_numbers(void **state)
{
	struct decimal d;

	(void)state;
	assert_true(decimal_from_value(value_int(INT64_MIN), &d));
	assert_true(d.negative);
	assert_true(decimal_from_value(value_decimal(STR("2.5")), &d));
	assert_false(decimal_from_value(value_str(STR("2.5")), &d));
	assert_false(decimal_from_value(value_null(), &d));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_stay_as_written),
		cmocka_unit_test(exponents_move_the_point),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(subtraction_keeps_the_fraction),
		cmocka_unit_test(numbers_are_equal_whatever_zeros_they_carry),
		cmocka_unit_test(only_numbers_are_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
