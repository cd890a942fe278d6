#include "base/report.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: }\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\nreview_by: 2026-01-01\n---\n<b>x</b>\n");
	site_put_picture(s, "content/sv/p.png", "x");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static size_t count(struct site *s, enum severity severity)
{
	return diag_count(&s->project.diag, &s->project.severities, severity);
}

static void a_project_is_read_and_checked(void **state)
{
	struct site *s = *state;

	assert_true(site_load(s));
	assert_true(s->project.loaded);
	assert_int_equal(s->project.catalog.sheet_count, 1);
	assert_int_equal(s->project.assets.media.len, 1);
	assert_said(&s->arena, &s->project.diag,
		"content/sv/a.md:5:1 markdown/raw-html\ncontent/sv/a.md:5:5 markdown/raw-html\n"
		"content/sv/p.png file/stray\n");
	assert_int_equal(project_errors(&s->project), 0);
	assert_int_equal(count(s, SEVERITY_WARNING), 3);
}

static void the_configuration_says_how_bad_it_is(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml",
		"languages: {sv: }\nseverity: {markdown/raw-html: error, file/stray: off}\n");
	assert_true(site_load(s));
	assert_int_equal(project_errors(&s->project), 2);
	assert_int_equal(count(s, SEVERITY_WARNING), 0);
}

static void strict_makes_warnings_errors_but_not_lateness(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml", "languages: {sv: }\nseverity: {file/stray: info}\n");
	s->options.strict = true;
	s->options.today = (struct date){2026, 1, 2};
	assert_true(site_load(s));
	assert_int_equal(project_errors(&s->project), 2);
	assert_int_equal(count(s, SEVERITY_WARNING), 1); /* overdue */
	assert_int_equal(count(s, SEVERITY_INFO), 1);
}

static void without_a_configuration_that_can_be_used_there_is_no_catalog(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml", "languages: {}\n");
	assert_false(site_load(s));
	assert_false(s->project.loaded);
	assert_int_equal(project_errors(&s->project), 1);
}

static void threads_are_as_many_as_there_are_processors(void **state)
{
	struct site *s = *state;

	s->options.threads = 0;
	assert_true(site_load(s));
	assert_true(s->project.workers.count >= 1);
	s->options.threads = 64;
	assert_true(site_load(s));
	assert_int_equal(s->project.workers.count, 64);
	assert_int_equal(s->project.diag.len, 3);
}

/* A report reads lines of every kind of source: configuration, data, locales, templates, sheets. */
static void a_report_shows_lines_of_every_file(void **state)
{
	struct site *s = *state;
	struct buf out;

	site_put(s, "faktablad.yaml", "languages: {sv: }\nx: 1\n");
	site_put(s, "content/data/facts.yaml", "a: {type: text}\n");
	site_put(s, "content/data/sources.yaml", "a: {x: y}\n");
	site_put(s, "content/sv/latin.md", "---\ntitle: \xE4\n---\n");
	site_put(s, "content/sv/draft.md", "---\ntitle: D\ndraft: true\n---\n{\n<b>\n");
	site_put(s, "locales/sv.yaml", "a: '{'\n");
	site_put_templates(s, "{{#a}}");
	site_load(s);
	buf_init(&out, BUF_MAX_DEFAULT);
	for (int format = REPORT_TEXT; format <= REPORT_GITHUB; format++)
		report(&out, &s->project.diag, &s->project.severities, (enum report_format)format, false);
	assert_false(buf_failed(&out));
	assert_int_equal(utf8_check(buf_str(&out)), out.n);
	buf_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_project_is_read_and_checked),
		TEST(the_configuration_says_how_bad_it_is),
		TEST(strict_makes_warnings_errors_but_not_lateness),
		TEST(without_a_configuration_that_can_be_used_there_is_no_catalog),
		TEST(threads_are_as_many_as_there_are_processors),
		TEST(a_report_shows_lines_of_every_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
