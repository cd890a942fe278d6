#include "support/program.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	setenv("SOURCE_DATE_EPOCH", "1795132800", 1); /* 2026-11-20 */
	site_init(s);
	site_put(s, "faktablad.yaml",
		"languages: {sv: }\neditions: {p: {face: folder}}\ntargets: {a: {url: 'file:out'}}\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\nreview_by: 2026-11-10\n---\nText.\n");
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

static struct ran run(struct site *s, const char *args)
{
	return program_run(&s->arena, FAKTABLAD_PROGRAM, s->root, args, NULL);
}

static bool has(struct str text, const char *part)
{
	return str_find(text, str_from(part)) < text.n;
}

static void check_says_what_is_wrong(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "check");

	assert_int_equal(r.status, 0);
	assert_text(r.out, "");
	assert_true(
		has(r.err, "content/sv/a.md:2:8: warning: the sheet should have been reviewed by 2026-11-10 "
			   "[freshness/overdue]\n"));
	assert_true(has(r.err, "content/sv/p.png: warning: no sheet uses this file [file/stray]\n"));
	assert_true(has(r.err, "1 sheet in 1 language: 0 errors, 2 warnings\n"));
	assert_text(run(s, "check --quiet").err, "");
	assert_false(has(run(s, "check --clock 2026-11-10").err, "freshness/overdue"));
	/* an overdue sheet never blocks */
	r = run(s, "check --strict");
	assert_int_equal(r.status, 1);
	assert_true(has(r.err, "1 error, 1 warning\n"));
	assert_true(has(run(s, "check --strict --quiet").err, "file/stray"));
}

static void check_has_formats(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "check --format json");

	assert_int_equal(r.status, 0);
	assert_text(r.err, "");
	assert_true(str_starts(r.out, STR("{\"version\":1,\"diagnostics\":[")));
	assert_true(has(r.out, "\"freshness/overdue\""));
	assert_true(has(run(s, "check --format sarif").out, "\"version\":\"2.1.0\""));
	assert_true(str_starts(run(s, "check --format github").out, STR("::warning file=content/sv/a.md,")));
}

static void errors_give_status_1(void **state)
{
	struct site *s = *state;
	struct ran r;

	site_put(s, "content/sv/b.md", "---\ntitle: B\n---\n[x](none.md)\n");
	r = run(s, "check");
	assert_int_equal(r.status, 1);
	r = run(s, "build");
	assert_int_equal(r.status, 1);
	assert_text(r.out, "");
	assert_true(has(r.err, "content/sv/b.md:4:1: error: "));
	assert_true(has(r.err, "nothing was built: mend the errors above"));
	assert_text(site_get(s, "public/index.html"), "absent");
	site_remove(s, "content/sv/b.md");
}

static void build_says_what_it_did(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "build");

	assert_int_equal(r.status, 0);
	assert_true(str_starts(r.out, STR("1 sheet, 1 language, ")));
	assert_true(has(r.out, "1 pack\n"));
	assert_true(has(r.out, " files written to ./public\n"));
	assert_true(has(r.err, "file/stray"));
	assert_false(has(r.err, "freshness")); /* judged in check only */
	r = run(s, "build --out elsewhere --quiet");
	assert_int_equal(r.status, 0);
	assert_text(r.out, "");
	assert_text(r.err, "");
	assert_true(str_eq(site_get(s, "elsewhere/index.html"), site_get(s, "public/index.html")));
	assert_false(str_is(site_get(s, "elsewhere/index.html"), "absent"));
}

static void what_was_built_is_published(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "publish --dry-run");

	assert_int_equal(r.status, 0);
	assert_text(site_get(s, "out/index.html"), "absent");
	r = run(s, "publish");
	assert_int_equal(r.status, 0);
	assert_true(str_starts(r.out, STR("published to ")));
	assert_true(str_eq(site_get(s, "out/index.html"), site_get(s, "public/index.html")));
	assert_true(str_starts(run(s, "publish a").out, STR("nothing to do: ")));
}

static void templates_are_rendered(void **state)
{
	struct site *s = *state;
	struct ran r;

	site_put(s, "t.mustache", "{{a}} {{>u}}");
	site_put(s, "u.mustache", "{{b}}");
	site_put(s, "d.yaml", "a: <x>\nb: 1.50\n");
	r = run(s, "render t.mustache --data d.yaml");
	assert_int_equal(r.status, 0);
	assert_text(r.out, "&lt;x&gt; 1.5");
	site_put(s, "t.mustache", "x\n{{#a}}");
	r = run(s, "render t.mustache");
	assert_int_equal(r.status, 1);
	assert_text(r.out, "");
	assert_true(has(r.err, "t.mustache:2:"));
	assert_int_equal(run(s, "render nosuch.mustache").status, 1);
}

static void messages_are_shown(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "message --lang sv {n,plural,one{#\x1f"
			      "dag}other{#\x1f"
			      "dagar}} n=14");

	assert_int_equal(r.status, 0);
	assert_text(r.out, "14 dagar\n");
	r = run(s, "message --lang sv {n,plural,one{#\x1f"
		   "dag}}");
	assert_int_equal(r.status, 1);
	assert_true(has(r.err, "[message/no-other]"));
	r = run(s, "message --lang sv {n,number}");
	assert_int_equal(r.status, 1);
	assert_int_equal(run(s, "message --lang sv --key site.title").status, 0);
	assert_int_equal(run(s, "message --lang sv --key no.such").status, 1);
}

/* What cannot be shown is not said to have been shown. */
static void a_full_disk_is_told(void **state)
{
	static const char *const commands[] = {"--help", "--version", "check --help", "check --format json",
		"build --force", "message --lang sv x", "publish --dry-run"};
	struct site *s = *state;

	setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* it stops where it is */
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		struct ran r = program_run(&s->arena, FAKTABLAD_PROGRAM, s->root, commands[i], "/dev/full");

		if (r.status != 2 ||
			!has(r.err, "faktablad: cannot write the result: No space left on device\n"))
			fail_msg("%s: status %d, %.*s", commands[i], r.status, STR_ARG(r.err));
	}
	unsetenv("ASAN_OPTIONS");
}

/* Files that say nothing at all. */
static void empty_files_are_no_accident(void **state)
{
	static const char *const configs[] = {"", "~\n", "# nothing\n", "---\n"};
	struct site *s = *state;

	for (size_t i = 0; i < COUNT_OF(configs); i++) {
		struct ran r;

		site_put(s, "faktablad.yaml", configs[i]);
		r = run(s, "check");
		if (r.status != 0)
			fail_msg("“%s”: status %d, %.*s", configs[i], r.status, STR_ARG(r.err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_says_what_is_wrong),
		cmocka_unit_test(check_has_formats),
		cmocka_unit_test(errors_give_status_1),
		cmocka_unit_test(build_says_what_it_did),
		cmocka_unit_test(what_was_built_is_published),
		cmocka_unit_test(templates_are_rendered),
		cmocka_unit_test(messages_are_shown),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(empty_files_are_no_accident),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
