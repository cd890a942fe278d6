#include "action/build_state.h"

#include <time.h>

#include "support/site.h"

/* Where the state of root/public lies. */
#define STATE ".faktablad-public/state"

static int setup(void **state)
{
	struct timespec tick = {.tv_nsec = 50000000};
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
	site_put_picture(s, "content/sv/p.png", "stray");
	nanosleep(&tick, NULL);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

/* Builds; true when there was nothing to do. */
static bool build(struct site *s, struct build_options options, struct str *report)
{
	struct project p;
	struct build b;
	bool unchanged;

	options.out = temp_path(&s->arena, s->root, "public");
	project_open(&p, &s->options);
	build_open(&b, &p, &options);
	assert_int_equal(build_run(&b), BUILD_OK);
	unchanged = b.unchanged;
	if (report)
		*report = str_dup(&s->arena, b.old_report);
	build_close(&b);
	project_close(&p);
	return unchanged;
}

static bool again(struct site *s)
{
	return build(s, (struct build_options){.issued = {2026, 11, 20}}, NULL);
}

static void the_report_is_kept_with_the_state(void **state)
{
	struct site *s = *state;
	struct str report;

	assert_false(again(s));
	assert_true(build(s, (struct build_options){.issued = {2026, 11, 20}}, &report));
	assert_text(report, "content/sv/p.png: warning: no sheet uses this file [file/stray]\n");
}

static void a_state_that_cannot_be_read_is_none(void **state)
{
	static const char *const bad[] = {"", "x", "faktablad-state 2\n", "faktablad-state 1\n",
		"faktablad-state 1\ninputs zz\noutputs zz\ncounts 1 1 1 1 1\n",
		"faktablad-state 1\ninputs\noutputs\ncounts\n", "\xFF\n"};
	struct site *s = *state;
	struct str good;

	again(s);
	assert_true(again(s));
	good = site_get(s, STATE);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		site_put(s, STATE, bad[i]);
		assert_false(again(s));
		assert_true(str_eq(site_get(s, STATE), good));
	}
	/* every piece of it matters, but for the report */
	for (size_t n = 0; n < str_find(good, STR("content/")) - 1; n += 9) {
		site_put_bytes(s, STATE, str_slice(good, 0, n));
		assert_false(again(s));
	}
	site_remove(s, STATE);
	assert_false(again(s));
	assert_true(again(s));
}

static void options_are_part_of_it(void **state)
{
	struct site *s = *state;
	struct build_options other_day = {.issued = {2026, 11, 21}};

	again(s);
	assert_true(again(s));
	assert_false(build(s, other_day, NULL));
	assert_true(build(s, other_day, NULL));
	s->options.share = SOURCE_DIR "/tests/sites/common";
	assert_false(build(s, other_day, NULL));
}

static void files_that_come_and_go_are_seen(void **state)
{
	struct site *s = *state;

	again(s);
	assert_true(again(s));
	site_put(s, "public/new.txt", "somebody else's");
	assert_false(again(s));
	assert_true(again(s));
	site_remove(s, "public/new.txt");
	assert_false(again(s));
	assert_true(again(s));
	site_remove(s, "public/index.html");
	assert_false(again(s));
	assert_false(str_is(site_get(s, "public/index.html"), "absent"));
	site_remove(s, "content/sv/p.png");
	assert_false(again(s));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_report_is_kept_with_the_state),
		TEST(a_state_that_cannot_be_read_is_none),
		TEST(options_are_part_of_it),
		TEST(files_that_come_and_go_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
