#include "base/map.h"

#include "support/check.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void is_empty_at_first(void **state)
{
	struct map m = {0};

	(void)state;
	assert_null(map_get(&m, STR("a")));
	assert_false(map_has(&m, STR("")));
}

static void finds_what_was_put(void **state)
{
	struct map m = {0};
	int values[3];

	(void)state;
	assert_null(map_put(&m, &arena, STR("a"), &values[0]));
	assert_null(map_put(&m, &arena, STR(""), &values[1]));
	assert_null(map_put(&m, &arena, str_make("a\0b", 3), &values[2]));
	assert_ptr_equal(map_get(&m, STR("a")), &values[0]);
	assert_ptr_equal(map_get(&m, (struct str){0}), &values[1]);
	assert_ptr_equal(map_get(&m, str_make("a\0b", 3)), &values[2]);
	assert_null(map_get(&m, STR("b")));
	assert_ptr_equal(map_put(&m, &arena, STR("a"), &values[1]), &values[0]);
	assert_ptr_equal(map_get(&m, STR("a")), &values[1]);
	assert_int_equal(m.len, 3);
}

static void holds_null_as_a_set(void **state)
{
	struct map m = {0};

	(void)state;
	assert_null(map_put(&m, &arena, STR("a"), NULL));
	assert_null(map_get(&m, STR("a")));
	assert_true(map_has(&m, STR("a")));
	assert_null(map_put(&m, &arena, STR("a"), NULL));
	assert_int_equal(m.len, 1);
}

static void keeps_the_order_of_insertion(void **state)
{
	struct map m = {0};

	(void)state;
	for (intptr_t i = 0; i < 100000; i++)
		map_put(&m, &arena, str_fmt(&arena, "key/%ld", (long)(i * 7919 % 100000)), (void *)(i + 1));
	assert_int_equal(m.len, 100000);
	for (intptr_t i = 0; i < 100000; i++) {
		struct str key = str_fmt(&arena, "key/%ld", (long)(i * 7919 % 100000));

		assert_true(str_eq(m.entries[i].key, key));
		assert_int_equal((intptr_t)map_get(&m, key), i + 1);
	}
	assert_null(map_get(&m, STR("key/100000")));
}

/* Keys that differ in few bits, or only in length, do not pile up. */
static void spreads_similar_keys(void **state)
{
	size_t buckets[256] = {0}, worst = 0;

	(void)state;
	for (int i = 0; i < 25600; i++) {
		size_t at = str_hash(str_fmt(&arena, "content/sv/sheet-%05d.md", i)) & 255;

		if (++buckets[at] > worst)
			worst = buckets[at];
	}
	assert_true(worst < 200);
	assert_true(str_hash(str_make("\0\0", 1)) != str_hash(str_make("\0\0", 2)));
	assert_true(str_hash(STR("12345678")) != str_hash(str_make("12345678\0", 9)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_empty_at_first),
		cmocka_unit_test(finds_what_was_put),
		cmocka_unit_test(holds_null_as_a_set),
		cmocka_unit_test(keeps_the_order_of_insertion),
		cmocka_unit_test(spreads_similar_keys),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
