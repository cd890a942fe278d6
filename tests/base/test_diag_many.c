#include "base/diag.h"
#include "base/report.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena;
	struct source src;
	struct severities severities;
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	arena_init(&s->arena, ARENA_DEFAULT);
	source_init(&s->src, STR("a.md"), STR("one\ntwo\nthree\n"));
	severities_init(&s->severities);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	source_release(&s->src);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static struct span at(struct state *s, size_t offset)
{
	return span_make(&s->src, offset, 1);
}

static void items_are_sorted_and_equal_ones_made_one(void **state)
{
	struct state *s = *state;
	struct diag d;

	diag_init(&d);
	diag_add(&d, RULE_LINK_BROKEN, at(s, 8), "late");
	diag_add_path(&d, RULE_FILE_STRAY, STR("Z.png"), "no place");
	diag_add(&d, RULE_LINK_BROKEN, at(s, 4), "early");
	diag_add(&d, RULE_LINK_BROKEN, at(s, 8), "late");
	diag_add(&d, RULE_LINK_BROKEN, at(s, 8), "another");
	assert_said(&s->arena, &d, "Z.png file/stray\na.md:2:1 link/broken\n"
				   "a.md:3:1 link/broken\na.md:3:1 link/broken\n");
	assert_int_equal(diag_count(&d, &s->severities, SEVERITY_ERROR), 3);
	assert_int_equal(diag_count(&d, &s->severities, SEVERITY_WARNING), 1);
	diag_release(&d);
}

static void a_flood_of_warnings_hides_no_error(void **state)
{
	struct state *s = *state;
	struct buf text;
	struct diag d;

	diag_init(&d);
	for (int i = 0; i < DIAG_MAX_ITEMS + 5; i++)
		diag_add_path(&d, RULE_FILE_STRAY, STR("b"), "warning %d", i);
	diag_add(&d, RULE_LINK_BROKEN, at(s, 0), "the error");
	diag_hint(&d, "its hint");
	diag_sort(&d);
	assert_text(said_message(&d, RULE_LINK_BROKEN), "the error");
	assert_text(said_hint(&d, RULE_LINK_BROKEN), "its hint");
	assert_int_equal(d.len, DIAG_MAX_ITEMS + 1);
	assert_int_equal(diag_count(&d, &s->severities, SEVERITY_WARNING), DIAG_MAX_ITEMS + 5);
	assert_int_equal(diag_dropped(&d, &s->severities), 5);
	buf_init(&text, BUF_MAX_DEFAULT);
	report(&text, &d, &s->severities, REPORT_TEXT, false);
	assert_true(str_find(buf_str(&text), STR("… and 5 more that are not shown\n")) < text.n);
	buf_release(&text);
	s->severities.of[RULE_FILE_STRAY] = SEVERITY_OFF;
	assert_int_equal(diag_dropped(&d, &s->severities), 0);
	diag_release(&d);
}

static void errors_that_are_dropped_still_count(void **state)
{
	struct state *s = *state;
	struct diag d;

	diag_init(&d);
	for (int i = 0; i < DIAG_MAX_ITEMS; i++)
		diag_add_path(&d, RULE_LINK_BROKEN, STR("b"), "%d", i);
	s->severities.of[RULE_LINK_BROKEN] = SEVERITY_WARNING;
	diag_add(&d, RULE_LINK_ANCHOR, at(s, 0), "dropped");
	assert_false(diag_wants_hint(&d));
	diag_hint(&d, "belongs to nothing");
	assert_text(d.items[d.len - 1].hint, "");
	assert_int_equal(diag_count(&d, &s->severities, SEVERITY_ERROR), 1);
	diag_release(&d);
}

/* What a number of workers would have kept, each taking every n-th of the files in order. */
static struct str kept_by(struct state *s, size_t workers)
{
	struct diag of[8], all;
	struct str text;

	diag_init(&all);
	for (size_t i = 0; i < workers; i++)
		diag_init(&of[i]);
	for (size_t file = 0; file < 25000; file++)
		diag_add_path(&of[file % workers], RULE_LINK_BROKEN, str_fmt(&s->arena, "%05zu", file), "x");
	for (size_t i = 0; i < workers; i++) {
		diag_merge(&all, &of[i]);
		assert_int_equal(of[i].len, 0);
		diag_release(&of[i]);
	}
	text = said(&s->arena, &all);
	assert_int_equal(all.len, DIAG_MAX_ITEMS);
	assert_int_equal(diag_count(&all, &s->severities, SEVERITY_ERROR), 25000);
	diag_release(&all);
	return text;
}

static void what_is_kept_does_not_depend_on_threads(void **state)
{
	struct state *s = *state;
	struct str one = kept_by(s, 1);

	assert_true(str_eq(one, kept_by(s, 2)));
	assert_true(str_eq(one, kept_by(s, 8)));
}

static void long_texts_are_cut_between_characters(void **state)
{
	struct state *s = *state;

	for (size_t lead = 0; lead < 4; lead++) {
		struct str long_text = str_fmt(&s->arena, "%.*s", (int)lead, "aaa");
		struct diag d;

		for (int i = 0; i < 600; i++)
			long_text = str_join(&s->arena, long_text, STR("ö"));
		diag_init(&d);
		diag_add_path(&d, RULE_FILE_STRAY, STR("b"), "%.*s", STR_ARG(long_text));
		assert_true(d.items[0].message.n <= DIAG_MAX_TEXT + 3);
		assert_true(d.items[0].message.n > DIAG_MAX_TEXT - 4);
		assert_int_equal(utf8_check(d.items[0].message), d.items[0].message.n);
		assert_true(str_ends(d.items[0].message, STR("…")));
		diag_release(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(items_are_sorted_and_equal_ones_made_one, setup, teardown),
		cmocka_unit_test_setup_teardown(a_flood_of_warnings_hides_no_error, setup, teardown),
		cmocka_unit_test_setup_teardown(errors_that_are_dropped_still_count, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_kept_does_not_depend_on_threads, setup, teardown),
		cmocka_unit_test_setup_teardown(long_texts_are_cut_between_characters, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
