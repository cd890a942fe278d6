#include "base/diag.h"

#include "support/check.h"

static struct source one, two;

static int setup(void **state)
{
	(void)state;
	source_init(&one, STR("content/sv/a.md"), STR("first\nsecond\nthird\n"));
	source_init(&two, STR("content/sv/b.md"), STR("other\n"));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	source_release(&one);
	source_release(&two);
	return 0;
}

static struct str listed(struct arena *a, const struct diag *d)
{
	struct str all = STR("");

	for (size_t i = 0; i < d->len; i++)
		all = str_fmt(a, "%.*s%.*s:%zu %s %.*s (%.*s)\n", STR_ARG(all), STR_ARG(d->items[i].path),
			d->items[i].at.at, rule_info(d->items[i].rule)->id, STR_ARG(d->items[i].message),
			STR_ARG(d->items[i].hint));
	return all;
}

static void collects_with_hints(void **state)
{
	struct diag d;
	char path[] = "gone.md";

	(void)state;
	diag_init(&d);
	diag_hint(&d, "of nothing");
	diag_other(&d, span_make(&one, 0, 1));
	diag_add(&d, RULE_LINK_BROKEN, span_make(&one, 6, 6), "no sheet “%s”", "x");
	diag_hint(&d, "the nearest is “%s”", "y");
	diag_other(&d, span_make(&two, 0, 5));
	diag_add_path(&d, RULE_FILE_UNREADABLE, str_from(path), "%s", "gone");
	path[0] = 'X';
	assert_text(listed(&d.arena, &d), "content/sv/a.md:6 link/broken no sheet “x” (the nearest is “y”)\n"
					  "gone.md:0 file/unreadable gone ()\n");
	assert_ptr_equal(d.items[0].other.src, &two);
	diag_release(&d);
	diag_release(&d);
}

static void sorts_by_place_and_drops_twins(void **state)
{
	struct diag d;

	(void)state;
	diag_init(&d);
	diag_add(&d, RULE_LINK_BROKEN, span_make(&two, 0, 1), "z");
	diag_add(&d, RULE_LINK_BROKEN, span_make(&one, 6, 1), "b");
	diag_add(&d, RULE_LINK_BROKEN, span_make(&one, 6, 1), "a");
	diag_add(&d, RULE_LINK_ANCHOR, span_make(&one, 6, 1), "z");
	diag_add(&d, RULE_LINK_BROKEN, span_make(&one, 6, 1), "a");
	diag_add(&d, RULE_LINK_BROKEN, span_make(&one, 0, 1), "z");
	diag_add_path(&d, RULE_FILE_UNREADABLE, STR("a"), "z");
	diag_sort(&d);
	assert_text(listed(&d.arena, &d), "a:0 file/unreadable z ()\n"
					  "content/sv/a.md:0 link/broken z ()\n"
					  "content/sv/a.md:6 link/anchor z ()\n"
					  "content/sv/a.md:6 link/broken a ()\n"
					  "content/sv/a.md:6 link/broken b ()\n"
					  "content/sv/b.md:0 link/broken z ()\n");
	diag_release(&d);
}

static void merges_by_copying(void **state)
{
	struct diag a, b;

	(void)state;
	diag_init(&a);
	diag_init(&b);
	diag_add(&a, RULE_LINK_BROKEN, span_make(&one, 0, 1), "a");
	diag_add_path(&b, RULE_FILE_UNREADABLE, STR("p"), "b");
	diag_hint(&b, "h");
	diag_merge(&a, &b);
	assert_int_equal(b.len, 0);
	diag_add(&b, RULE_LINK_BROKEN, span_make(&two, 0, 1), "overwrites what was merged");
	assert_text(listed(&a.arena, &a), "content/sv/a.md:0 link/broken a ()\np:0 file/unreadable b (h)\n");
	diag_merge(&a, &b);
	diag_merge(&a, &b);
	assert_int_equal(a.len, 3);
	diag_release(&a);
	diag_release(&b);
}

/* An error that is not kept is still an error. */
static void counts_what_it_does_not_keep(void **state)
{
	struct severities s;
	struct diag a, b;

	(void)state;
	severities_init(&s);
	assert_int_equal(s.of[RULE_LINK_BROKEN], SEVERITY_ERROR);
	assert_int_equal(s.of[RULE_MARKDOWN_RAW_HTML], SEVERITY_WARNING);
	diag_init(&a);
	diag_init(&b);
	for (size_t i = 0; i < DIAG_MAX_ITEMS; i++)
		diag_add(&a, RULE_FILE_NAME, span_make(&one, i, 1), "e");
	s.of[RULE_FILE_NAME] = SEVERITY_WARNING;
	diag_hint(&a, "kept");
	diag_add(&a, RULE_LINK_BROKEN, span_make(&one, 0, 1), "e");
	diag_hint(&a, "of what was not kept");
	assert_text(a.items[a.len - 1].hint, "kept");
	assert_int_equal(a.dropped, 1);
	assert_int_equal(diag_count(&a, &s, SEVERITY_ERROR), 1);
	assert_int_equal(diag_count(&a, &s, SEVERITY_WARNING), DIAG_MAX_ITEMS);
	/* Through merging, on both sides. */
	diag_add(&b, RULE_LINK_ANCHOR, span_make(&one, 0, 1), "e");
	diag_merge(&a, &b);
	assert_int_equal(diag_count(&a, &s, SEVERITY_ERROR), 2);
	diag_merge(&b, &a);
	assert_int_equal(diag_count(&b, &s, SEVERITY_ERROR), 2);
	assert_int_equal(b.dropped, 1); /* merging drops nothing */
	assert_int_equal(diag_count(&a, &s, SEVERITY_ERROR), 0);
	assert_int_equal(a.dropped, 0);
	diag_release(&a);
	diag_release(&b);
}

static void knows_its_rules(void **state)
{
	enum severity severity;
	enum rule found;

	(void)state;
	for (int r = 0; r < RULE_COUNT; r++) {
		const struct rule_info *info = rule_info((enum rule)r);
		struct str id = str_from(info->id);

		assert_true(rule_find(id, &found));
		/* Twice the same id would be found as the first. */
		assert_int_equal(found, r);
		assert_in_range(str_find_byte(id, '/'), 1, id.n - 2);
		assert_true(str_ends(str_from(info->text), STR(".")));
	}
	assert_false(rule_find(STR("link/brokem"), &found));
	assert_false(rule_find(STR(""), &found));
	assert_true(severity_parse(STR("off"), &severity));
	assert_int_equal(severity, SEVERITY_OFF);
	assert_false(severity_parse(STR("Error"), &severity));
	assert_string_equal(severity_name(SEVERITY_WARNING), "warning");
}

static void strict_spares_freshness(void **state)
{
	struct severities s;

	(void)state;
	severities_init(&s);
	s.of[RULE_MARKDOWN_RAW_HTML] = SEVERITY_OFF;
	severities_strict(&s);
	assert_int_equal(s.of[RULE_MARKDOWN_RAW_HTML], SEVERITY_OFF);
	for (int r = 0; r < RULE_COUNT; r++) {
		bool fresh = str_starts(str_from(rule_info((enum rule)r)->id), STR("freshness/"));

		if (s.of[r] == SEVERITY_WARNING)
			assert_true(fresh);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(collects_with_hints),
		cmocka_unit_test(sorts_by_place_and_drops_twins),
		cmocka_unit_test(merges_by_copying),
		cmocka_unit_test(counts_what_it_does_not_keep),
		cmocka_unit_test(knows_its_rules),
		cmocka_unit_test(strict_spares_freshness),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
