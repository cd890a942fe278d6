#include "base/date.h"

#include <time.h>

#include "base/arena.h"
#include "support/check.h"

static void reads_days_that_exist(void **state)
{
	static const char *const good[] = {
		"0001-01-01", "1970-01-01", "2000-02-29", "2024-02-29", "2026-11-22", "9999-12-31"};
	static const char *const bad[] = {"", "2026-11-2", "2026-11-022", "2026/11/22", "2026-13-01",
		"2026-00-01", "2026-01-00", "2026-01-32", "2026-04-31", "2025-02-29", "1900-02-29",
		"0000-01-01", "-001-01-01", "2026--1-01", "2026-1--01", " 2026-1-01", "2026-11-2x",
		"20261-1-01", "2026-11-22T"};
	struct arena a;
	struct date d;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		assert_true(date_parse(str_from(good[i]), &d));
		assert_text(date_iso(&a, d), good[i]);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (date_parse(str_from(bad[i]), &d))
			fail_msg("“%s” was read", bad[i]);
	arena_release(&a);
}

/* The C library as the judge, day by day through four hundred years and more. */
static void counts_as_the_c_library(void **state)
{
	(void)state;
	for (int64_t day = -200000; day < 200000; day++) {
		time_t seconds = (time_t)day * 86400;
		struct date d = date_from_days(day);
		struct tm tm;

		gmtime_r(&seconds, &tm);
		assert_int_equal(d.year, tm.tm_year + 1900);
		assert_int_equal(d.month, tm.tm_mon + 1);
		assert_int_equal(d.day, tm.tm_mday);
		assert_int_equal(date_to_days(d), day);
	}
}

static void assert_unix(int64_t seconds, int year, int month, int day)
{
	struct date d = date_from_unix(seconds);

	assert_int_equal(d.year, year);
	assert_int_equal(d.month, month);
	assert_int_equal(d.day, day);
}

static void takes_any_second(void **state)
{
	(void)state;
	assert_unix(0, 1970, 1, 1);
	assert_unix(86399, 1970, 1, 1);
	assert_unix(86400, 1970, 1, 2);
	assert_unix(-1, 1969, 12, 31);
	assert_unix(-86400, 1969, 12, 31);
	assert_unix(-86401, 1969, 12, 30);
	assert_unix(1795305600, 2026, 11, 22);
	assert_unix(INT64_MAX, 9999, 12, 31);
	assert_unix(INT64_MIN, 1, 1, 1);
	assert_unix(253402300800, 9999, 12, 31);
}

static void orders(void **state)
{
	struct date none = {0}, a = {2026, 11, 22}, b = {2026, 12, 1};

	(void)state;
	assert_true(date_cmp(a, b) < 0 && date_cmp(b, a) > 0);
	assert_int_equal(date_cmp(a, a), 0);
	assert_true(date_cmp(none, a) < 0);
	assert_int_equal(date_cmp(none, none), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_days_that_exist),
		cmocka_unit_test(counts_as_the_c_library),
		cmocka_unit_test(takes_any_second),
		cmocka_unit_test(orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
