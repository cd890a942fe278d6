#include "base/str.h"

#include "base/arena.h"
#include "support/check.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, (size_t)64 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static const struct str nothing = {0};

static void slices_within_bounds(void **state)
{
	struct str s = STR("abcdef");

	(void)state;
	assert_text(str_slice(s, 1, 3), "bc");
	assert_text(str_slice(s, 0, 99), "abcdef");
	assert_text(str_slice(s, 4, 2), "");
	assert_text(str_slice(s, 99, 100), "");
	assert_text(str_slice(nothing, 0, 5), "");
	assert_text(str_from(NULL), "");
}

static void compares_by_bytes(void **state)
{
	struct str items[] = {STR("b"), STR("a/b"), STR("\xC3\xA5"), STR(""), STR("a"), STR("a-b"), STR("Z")};
	static const char *const expected[] = {"", "Z", "a", "a-b", "a/b", "b", "\xC3\xA5"};

	(void)state;
	qsort(items, COUNT_OF(items), sizeof(items[0]), str_cmp_qsort);
	for (size_t i = 0; i < COUNT_OF(items); i++)
		assert_text(items[i], expected[i]);
	assert_int_equal(str_cmp(nothing, STR("")), 0);
	assert_true(str_eq(nothing, STR("")));
	assert_false(str_eq(STR("a"), STR("ab")));
	assert_true(str_eq(str_make("a\0b", 3), str_make("a\0b", 3)));
	assert_false(str_eq(str_make("a\0b", 3), str_make("a\0c", 3)));
}

static void knows_starts_and_ends(void **state)
{
	(void)state;
	assert_true(str_starts(STR("abc"), STR("")));
	assert_true(str_starts(STR("abc"), STR("abc")));
	assert_false(str_starts(STR("ab"), STR("abc")));
	assert_true(str_ends(STR("abc"), STR("bc")));
	assert_false(str_ends(STR("c"), STR("bc")));
	assert_true(str_ends(nothing, nothing));
}

static void finds(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("abcabc"), STR("ca")), 2);
	assert_int_equal(str_find(STR("abc"), STR("")), 0);
	assert_int_equal(str_find(STR("abc"), STR("x")), 3);
	assert_int_equal(str_find(nothing, STR("x")), 0);
	assert_int_equal(str_find(STR("ab"), STR("abc")), 2);
	assert_int_equal(str_find_byte(STR("abc"), 'c'), 2);
	assert_int_equal(str_find_byte(STR("abc"), 'x'), 3);
	assert_int_equal(str_find_byte(nothing, 'x'), 0);
}

static void trims_ascii_space(void **state)
{
	(void)state;
	assert_text(str_trim(STR(" \t\r\na b\n ")), "a b");
	assert_text(str_trim(STR(" \n ")), "");
	assert_text(str_trim(STR("\xC2\xA0x")), "\xC2\xA0x");
	assert_text(str_trim(nothing), "");
}

static struct str cut_all(struct str s, char c)
{
	struct str piece, all = STR("");

	while (str_cut(&s, c, &piece))
		all = STR_CONCAT(&arena, all, STR("["), piece, STR("]"));
	return all;
}

static void cuts_into_pieces(void **state)
{
	(void)state;
	assert_text(cut_all(STR("a,b,,c"), ','), "[a][b][][c]");
	assert_text(cut_all(STR(","), ','), "[][]");
	assert_text(cut_all(STR(""), ','), "[]");
	assert_text(cut_all(STR("a,"), ','), "[a][]");
	assert_text(cut_all(nothing, ','), "");
}

static void makes_new_ones(void **state)
{
	struct str dup = str_dup(&arena, STR("abc"));

	(void)state;
	assert_int_equal(dup.p[3], 0);
	assert_string_equal(str_z(&arena, str_make("abcdef", 2)), "ab");
	assert_string_equal(str_z(&arena, nothing), "");
	assert_text(str_fmt(&arena, "%d-%s", 7, "x"), "7-x");
	assert_text(str_fmt(&arena, "%.*s", STR_ARG(nothing)), "");
	assert_text(str_join(&arena, STR("a"), nothing), "a");
	assert_text(STR_CONCAT(&arena, STR("a"), nothing, STR("bc"), STR("d")), "abcd");
	assert_int_equal(STR_CONCAT(&arena, STR("a"), STR("b")).p[2], 0);
}

static void reads_whole_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {{"0", 0}, {"-0", 0}, {"42", 42}, {"-42", -42}, {"007", 7},
		{"9223372036854775807", INT64_MAX}, {"-9223372036854775808", INT64_MIN}};
	static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1x", "0x10", "1.0", "--1",
		"9223372036854775808", "-9223372036854775809", "99999999999999999999999"};
	int64_t value = 77;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		assert_true(str_to_int(str_from(good[i].text), &value));
		assert_true(value == good[i].value);
	}
	value = 77;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(str_to_int(str_from(bad[i]), &value));
	assert_int_equal(value, 77);
}

static void measures_distance(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"abc", "abc", 0}, {"abc", "abd", 1},
		{"abc", "acb", 1}, {"title", "tilte", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3},
		{"weight", "wieght", 1}, {"description", "desc", 6}};
	char text[65];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str a = str_from(cases[i].a), b = str_from(cases[i].b);
		size_t expected = cases[i].distance < 5 ? cases[i].distance : 5;

		assert_int_equal(str_distance(a, b, 4), expected);
		assert_int_equal(str_distance(b, a, 4), expected);
	}
	memset(text, 'x', sizeof(text));
	assert_int_equal(str_distance(str_make(text, 64), str_make(text, 64), 3), 0);
	assert_int_equal(str_distance(str_make(text, 65), str_make(text, 65), 3), 4);
}

static void suggests_the_nearest(void **state)
{
	static const struct str names[] = {
		{"title", 5}, {"description", 11}, {"weight", 6}, {"slug", 4}, {"date", 4}, {"draft", 5}};

	(void)state;
	assert_text(str_nearest(STR("tilte"), names, COUNT_OF(names)), "title");
	assert_text(str_nearest(STR("descripton"), names, COUNT_OF(names)), "description");
	assert_text(str_nearest(STR("xyzzy"), names, COUNT_OF(names)), "");
	assert_text(str_nearest(STR("slug"), names, COUNT_OF(names)), "slug");
	assert_text(str_nearest(STR("slug"), names, 0), "");
}

/* Unicode 15, table 3-7, at its edges. */
static void checks_utf8(void **state)
{
	static const char *const good[] = {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
		"\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
		"12345678\xC3\xA5\xC3\xA4"};
	static const struct {
		const char *text;
		size_t at;
	} bad[] = {{"\x80", 0}, {"a\xBF", 1}, {"\xC0\x80", 0}, {"\xC1\xBF", 0}, {"\xC2", 0}, {"\xC2\x7F", 0},
		{"\xE0\x9F\xBF", 0}, {"\xED\xA0\x80", 0}, {"\xEF\xBF", 0}, {"\xEF\xBF\x7F", 0},
		{"\xF0\x8F\xBF\xBF", 0}, {"\xF4\x90\x80\x80", 0}, {"\xF5\x80\x80\x80", 0}, {"\xFF", 0},
		{"12345678\xC3", 8}, {"\xC3\xA5\xF0\x90\x80", 2}, {"\xF0\x90\x80\x41", 0}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		assert_int_equal(utf8_check(str_from(good[i])), strlen(good[i]));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (utf8_check(str_from(bad[i].text)) != bad[i].at)
			fail_msg("case %zu: %zu", i, utf8_check(str_from(bad[i].text)));
	assert_int_equal(utf8_check(str_make("a\0b", 3)), 3);
}

static void decodes_what_it_encodes(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp <= 0x10FFFF; cp += cp < 0x1000 ? 1 : 97) {
		char bytes[4];
		size_t len, n = utf8_encode(cp, bytes);

		if (cp >= 0xD800 && cp < 0xE000)
			continue;
		assert_int_equal(utf8_check(str_make(bytes, n)), n);
		assert_int_equal(utf8_decode(str_make(bytes, n), 0, &len), cp);
		assert_int_equal(len, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_within_bounds),
		cmocka_unit_test(compares_by_bytes),
		cmocka_unit_test(knows_starts_and_ends),
		cmocka_unit_test(finds),
		cmocka_unit_test(trims_ascii_space),
		cmocka_unit_test(cuts_into_pieces),
		cmocka_unit_test(makes_new_ones),
		cmocka_unit_test(reads_whole_numbers),
		cmocka_unit_test(measures_distance),
		cmocka_unit_test(suggests_the_nearest),
		cmocka_unit_test(checks_utf8),
		cmocka_unit_test(decodes_what_it_encodes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
