#include "support/program.h"
#include "support/site.h"

#define SOURCE "---\ntitle: A\n---\nText.\n\n## Ett {#ett}\n\nMer.\n"
#define ENGLISH "---\ntitle: A\n---\nText.\n\n## One {#ett}\n\nMore.\n"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	setenv("SOURCE_DATE_EPOCH", "1795132800", 1); /* 2026-11-20 */
	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: , en: , ar: }\n");
	site_put(s, "content/sv/a.md", SOURCE);
	site_put(s, "content/en/a.md", ENGLISH);
	site_put(s, "content/ar/a.md", ENGLISH);
	site_put(s, "content/ar/alone.md", "---\ntitle: B\n---\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static struct ran run(struct site *s, const char *args)
{
	return program_run(&s->arena, FAKTABLAD_PROGRAM, s->root, args, NULL);
}

static bool has(struct str text, const char *part)
{
	return str_find(text, str_from(part)) < text.n;
}

static void one_text(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "stamp content/en/a.md --status reviewed --by Kim\x1f"
			      "Ek");

	assert_text(r.err, "");
	assert_int_equal(r.status, 0);
	assert_text(r.out, "content/en/a.md: up to date with content/sv/a.md\n");
	assert_true(has(site_get(s, "content/en/a.md"),
		"\ntranslation:\n  status: reviewed\n  by: Kim Ek\n  date: 2026-11-20\n  of:\n    _title: "));
	assert_text(site_get(s, "content/en/.source/a.md"), SOURCE);
	assert_text(site_get(s, "content/ar/a.md"), ENGLISH);
}

static void a_text_is_named_in_several_ways(void **state)
{
	struct site *s = *state;
	const char *whole = temp_path(&s->arena, s->root, "content/en/a.md");

	assert_int_equal(run(s, "stamp en/a.md -q").status, 0);
	assert_int_equal(run(s, "stamp ./content/en/a.md -q").status, 0);
	assert_int_equal(run(s, str_fmt(&s->arena, "stamp %s -q", whole).p).status, 0);
	/* twice is once, all of it wins */
	assert_text(run(s, "stamp content/en/a.md#ett en/a.md").out,
		"content/en/a.md: up to date with content/sv/a.md\n");
	assert_text(run(s, "stamp content/en/a.md#ett en/a.md#_intro").out,
		"content/en/a.md: up to date with content/sv/a.md in ett, _intro\n");
	assert_text(run(s, "stamp content/en/a.md --section ett").out,
		"content/en/a.md: up to date with content/sv/a.md in ett\n");
}

static void all_of_them(void **state)
{
	struct site *s = *state;

	assert_text(
		run(s, "stamp --all --lang ar").out, "content/ar/a.md: up to date with content/sv/a.md\n");
	assert_text(run(s, "stamp --all").out, "content/en/a.md: up to date with content/sv/a.md\n");
	assert_text(run(s, "stamp --all").out, "nothing to do: every translation has a stamp\n");
	assert_true(has(run(s, "stamp --all --force --dry-run").out, "content/ar/a.md"));
	assert_text(site_get(s, "content/ar/.source/alone.md"), "absent");
}

static void what_cannot_be_stamped_gives_status_1(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "stamp content/en/a.md content/sv/a.md content/ar/alone.md");

	assert_int_equal(r.status, 1);
	assert_text(r.out, "");
	assert_text(r.err,
		"content/sv/a.md: this is the source text: stamp its translations, or with --minor say that "
		"what "
		"changed in it is minor\n"
		"content/ar/alone.md: there is no text in the source language to be up to date with\n"
		"faktablad: nothing was stamped\n");
	assert_text(site_get(s, "content/en/a.md"), ENGLISH);
	assert_text(site_get(s, "content/en/.source/a.md"), "absent");
}

static void wrong_use_gives_status_2(void **state)
{
	static const char *const wrong[] = {"stamp", "stamp --all en/a.md", "stamp no.md",
		"stamp --lang en en/a.md", "stamp --all --lang sv", "stamp --all --lang xx",
		"stamp en/a.md --status good", "stamp en/a.md --date 2026-13-01", "stamp en/a.md --by \t",
		"stamp --minor sv/a.md --by A", "stamp --minor --all", "stamp --all --section ett",
		"status a b", "status en/a.md --lang en", "status --lang sv", "status --format sarif",
		"status no.md"};
	struct site *s = *state;

	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct ran r = run(s, wrong[i]);

		if (r.status != 2 || r.out.n || !str_starts(r.err, STR("faktablad: ")))
			fail_msg("%s: status %d, %.*s%.*s", wrong[i], r.status, STR_ARG(r.out),
				STR_ARG(r.err));
	}
	assert_text(site_get(s, "content/en/a.md"), ENGLISH);
}

static void status_is_shown(void **state)
{
	struct site *s = *state;

	assert_int_equal(run(s, "stamp en/a.md -q").status, 0);
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\nText.\n\n## Ett {#ett}\n\nMindre.\n");
	assert_true(has(run(s, "status").out, "T 1/3"));
	assert_true(has(run(s, "status --lang en").out, " translated, 1 of 3 sections behind\n"));
	assert_true(has(run(s, "status en/a.md").out, "-[Mer] +{Mindre}."));
	assert_true(has(run(s, "status sv/a.md").out, "\nen: translated, behind: changed ett\n"));
	assert_true(str_starts(run(s, "status --format json").out, STR("{\"version\":1,")));
	assert_true(has(run(s, "status en/a.md --format json").out, "\"change\":\"changed\""));
	assert_true(has(run(s, "check").err, "[translation/stale]"));
	assert_false(has(run(s, "build").err, "translation/stale"));
	assert_true(has(site_get(s, "public/.faktablad-manifest"), "en/a.html\ten translated stale\n"));
	assert_true(has(run(s, "stamp --minor sv/a.md --dry-run").err, "a dry run: nothing was written\n"));
	assert_int_equal(run(s, "stamp --minor sv/a.md#ett -q").status, 0);
	assert_true(has(run(s, "status en/a.md").out, "up to date"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_text),
		TEST(a_text_is_named_in_several_ways),
		TEST(all_of_them),
		TEST(what_cannot_be_stamped_gives_status_1),
		TEST(wrong_use_gives_status_2),
		TEST(status_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
