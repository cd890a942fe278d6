#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the four that cmocka wants */
#include <cmocka.h>

#include "text/value.h"

static int setup(void **state)
{
	static struct arena a;

	arena_init(&a, (size_t)1 << 20);
	*state = &a;
	return 0;
}

static int teardown(void **state)
{
	arena_release(*state);
	return 0;
}

static void fields_keep_their_order_and_the_first_wins(void **state)
{
	struct arena *a = *state;
	struct value map = value_map(a);

	for (int64_t i = 0; i < 20; i++)
		value_set(map, a, str_fmt(a, "k%d", (int)i), value_int(i));
	value_set(map, a, STR("k3"), value_int(99));
	assert_int_equal(map.map->len, 21);
	assert_true(str_is(map.map->fields[19].name, "k19"));
	assert_int_equal(value_get(&map, STR("k3"))->integer, 3);
	assert_null(value_get(&map, STR("k33")));
}

static void only_maps_have_fields(void **state)
{
	struct arena *a = *state;
	struct value list = value_list(a), text = value_str(STR("x"));

	value_push(list, a, text);
	assert_int_equal(list.list->len, 1);
	assert_null(value_get(&list, STR("x")));
	assert_null(value_get(&text, STR("x")));
	assert_null(value_get(NULL, STR("x")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_keep_their_order_and_the_first_wins),
		cmocka_unit_test(only_maps_have_fields),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
