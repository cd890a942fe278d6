#include "cli/progress.h"
#include "support/check.h"

#define SECOND ((int64_t)1000 * 1000 * 1000)

/* The line at a time in milliseconds; "too soon" when there is none. */
static const char *line_at(
	struct progress *p, const char *phase, size_t done, uint64_t bytes, int64_t ms, unsigned width)
{
	static char text[512];
	struct publish_progress at = {phase, done, 1000, bytes, strcmp(phase, "send") == 0 ? 10000000 : 0};
	struct buf line;

	buf_init(&line, sizeof(text));
	if (progress_line(p, &at, ms * 1000000, width, &line))
		snprintf(text, sizeof(text), "%.*s", STR_ARG(buf_str(&line)));
	else
		snprintf(text, sizeof(text), "too soon");
	buf_release(&line);
	return text;
}

static void rates_and_what_is_left_come_when_they_are_known(void **state)
{
	struct progress p = {0};

	(void)state;
	assert_string_equal(line_at(&p, "send", 1, 10000, 5000, 100), "sending 1 of 1000, 0 %");
	assert_string_equal(line_at(&p, "send", 2, 20000, 5050, 100), "too soon");
	assert_string_equal(line_at(&p, "send", 21, 210000, 5200, 100), "sending 21 of 1000, 2 %");
	assert_string_equal(line_at(&p, "send", 101, 1010000, 6000, 100),
		"sending 101 of 1000, 10 %, 100 files/s, 1.0 MB/s, 9 s left");
	assert_string_equal(line_at(&p, "send", 999, 9990000, 15000, 100),
		"sending 999 of 1000, 99 %, 100 files/s, 998.0 kB/s, 1 s left");
	assert_string_equal(line_at(&p, "send", 1000, 10000000, 15200, 100),
		"sending 1000 of 1000, 100 %, 98 files/s, 979.4 kB/s");
}

static void a_phase_begins_anew_and_at_once(void **state)
{
	struct progress p = {0};

	(void)state;
	line_at(&p, "send", 1, 10000, 0, 100);
	line_at(&p, "send", 1000, 10000000, 2000, 100);
	assert_string_equal(line_at(&p, "verify", 1, 0, 2001, 100), "checking 1 of 1000, 0 %");
	assert_string_equal(line_at(&p, "verify", 501, 0, 3001, 100),
		"checking 501 of 1000, 50 %, 500 files/s, 1 s left");
	assert_string_equal(line_at(&p, "something", 1, 0, 3002, 100), "something 1 of 1000, 0 %");
}

/* One large file first: what is left is judged by bytes, and the rate of the small ones after it by them. */
static void large_files_are_weighed_by_bytes_and_forgotten(void **state)
{
	struct progress p = {0};
	size_t done = 1;

	(void)state;
	line_at(&p, "send", 0, 0, 0, 100);
	assert_string_equal(line_at(&p, "send", 500, 1000000, 1000, 100),
		"sending 500 of 1000, 10 %, 500 files/s, 1.0 MB/s, 9 s left");
	p = (struct progress){0};
	line_at(&p, "send", 0, 0, 0, 100);
	line_at(&p, "send", 1, 9000000, 60000, 100);
	for (int64_t ms = 61000; ms <= 70000; ms += 1000, done += 50)
		line_at(&p, "send", done + 50, 9000000 + (done + 50) * 1000, ms, 100);
	assert_string_equal(line_at(&p, "send", done, 9000000 + done * 1000, 70200, 100),
		"sending 501 of 1000, 95 %, 49 files/s, 48.6 kB/s, 11 s left");
}

static void the_line_fits_the_terminal(void **state)
{
	static const char *const lines[] = {"sending 101 of 1000, 10 %, 100 files/s, 1.0 MB/s, 9 s left",
		"sending 101 of 1000, 10 %, 1.0 MB/s, 9 s left", "sending 101 of 1000, 10 %, 9 s left",
		"sending 101 of 1000, 10 %", "sending 101 of 1000", ""};

	(void)state;
	for (unsigned width = 100; width > 0; width--) {
		struct progress p = {0};
		const char *line;
		size_t i = 0;

		line_at(&p, "send", 1, 10000, 5000, width);
		line = line_at(&p, "send", 101, 1010000, 6000, width);
		while (strlen(lines[i]) >= width)
			i++;
		assert_string_equal(line, lines[i]);
	}
}

static void long_waits_are_told_in_minutes_and_hours(void **state)
{
	static const struct {
		size_t done;
		int64_t ms;
		const char *left;
	} cases[] = {
		{100, 10000, ", 2 min left"}, {10, 10000, ", 17 min left"}, {1, 10000, ", 2 h 46 min left"}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct progress p = {0};
		const char *line;

		line_at(&p, "verify", 0, 0, 0, 100);
		line = line_at(&p, "verify", cases[i].done, 0, cases[i].ms, 100);
		if (!str_ends(str_from(line), str_from(cases[i].left)))
			fail_msg("%s", line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_and_what_is_left_come_when_they_are_known),
		cmocka_unit_test(a_phase_begins_anew_and_at_once),
		cmocka_unit_test(large_files_are_weighed_by_bytes_and_forgotten),
		cmocka_unit_test(the_line_fits_the_terminal),
		cmocka_unit_test(long_waits_are_told_in_minutes_and_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
