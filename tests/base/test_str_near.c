#include "base/arena.h"
#include "base/map.h"
#include "support/check.h"

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* The textbook's: every cell of every row. */
static size_t distance(struct str a, struct str b)
{
	size_t d[65][65];

	for (size_t i = 0; i <= a.n; i++)
		for (size_t j = 0; j <= b.n; j++) {
			if (!i || !j) {
				d[i][j] = i + j;
				continue;
			}
			d[i][j] = smallest(d[i - 1][j] + 1, d[i][j - 1] + 1,
				d[i - 1][j - 1] + (a.p[i - 1] != b.p[j - 1]));
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
				d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[a.n][b.n];
}

static struct str random_word(char out[64], size_t max, unsigned *seed)
{
	size_t n = (size_t)rand_r(seed) % (max + 1);

	for (size_t i = 0; i < n; i++)
		out[i] = (char)('a' + rand_r(seed) % 3);
	return str_make(out, n);
}

static void distance_agrees_with_the_textbook(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char x[64], y[64];
		struct str a = random_word(x, 12, &seed), b = random_word(y, 12, &seed);
		size_t cap = (size_t)round % 6, full = distance(a, b);

		assert_int_equal(str_distance(a, b, cap), full <= cap ? full : cap + 1);
	}
}

static void distance_has_a_ceiling(void **state)
{
	char x[65];

	(void)state;
	memset(x, 'a', sizeof(x));
	assert_int_equal(str_distance(str_make(x, 64), str_make(x, 64), 3), 0);
	assert_int_equal(str_distance(str_make(x, 65), str_make(x, 65), 3), 4);
	assert_int_equal(str_distance(STR("abcd"), STR(""), 3), 4);
	assert_int_equal(str_distance(STR(""), STR(""), 0), 0);
	assert_int_equal(str_distance(STR("ab"), STR("ba"), 1), 1);
}

static void near_names_are_suggested_and_far_ones_not(void **state)
{
	static const struct str names[] = {STR_INIT("title"), STR_INIT("weight"), STR_INIT("by")};

	(void)state;
	assert_text(str_nearest(STR("titel"), names, 3), "title");
	assert_text(str_nearest(STR("wieght"), names, 3), "weight");
	assert_text(str_nearest(STR("of"), names, 3), "");
	assert_text(str_nearest(STR("colour"), names, 3), "");
	assert_text(str_nearest(STR("title"), names, 0), "");
}

static void near_keys_of_a_map(void **state)
{
	struct map m = {0};
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	assert_text(map_nearest(&m, STR("a")), "");
	map_put(&m, &a, STR("sv/orosanmalan.md"), &m);
	map_put(&m, &a, STR("sv/akut-hjalp.md"), &m);
	assert_text(map_nearest(&m, STR("sv/orosanmälan.md")), "sv/orosanmalan.md");
	assert_text(map_nearest(&m, STR("sv/x.md")), "");
	for (size_t i = 0; i < MAP_NEAREST_MAX; i++)
		map_put(&m, &a, str_fmt(&a, "filler-%zu", i), &m);
	assert_text(map_nearest(&m, STR("sv/orosanmälan.md")), "");
	arena_release(&a);
}

static void pieces_after_the_last(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	assert_int_equal(str_after_last(STR("a/b/c"), '/'), 4);
	assert_int_equal(str_after_last(STR("abc"), '/'), 0);
	assert_int_equal(str_after_last(STR(""), '/'), 0);
	assert_text(str_file_name(STR("a/b.md")), "b.md");
	assert_text(str_file_name(STR("b.md")), "b.md");
	assert_text(str_file_name(STR("a/")), "");
	assert_text(str_lower(&a, STR("fa-AF Ö")), "fa-af Ö");
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_agrees_with_the_textbook),
		cmocka_unit_test(distance_has_a_ceiling),
		cmocka_unit_test(near_names_are_suggested_and_far_ones_not),
		cmocka_unit_test(near_keys_of_a_map),
		cmocka_unit_test(pieces_after_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
