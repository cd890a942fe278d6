#include "support/program.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	setenv("SOURCE_DATE_EPOCH", "1795132800", 1); /* 2026-11-20 */
	site_init(s);
	setenv("XDG_STATE_HOME", temp_path(&s->arena, s->root, "state"), 1);
	site_put(s, "faktablad.yaml",
		"languages: {sv: , en: }\ntargets: {a: {url: 'file:out', default: true}, b: {url: 'file:other'}}\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\nslug: alfa\n---\nText.\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\n---\nText.\n");
	site_put(s, "content/sv/c.md", "---\ntitle: C\ndraft: true\n---\nText.\n");
	site_put(s, "content/en/b.md", "---\ntitle: B\n---\nText.\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	unsetenv("XDG_STATE_HOME");
	site_free(*state);
	free(*state);
	return 0;
}

static struct ran run(struct site *s, const char *args)
{
	return program_run(&s->arena, FAKTABLAD_PROGRAM, s->root, args, NULL);
}

static void build(struct site *s)
{
	struct ran r = run(s, "build --quiet");

	if (r.status != 0)
		fail_msg("%.*s", STR_ARG(r.err));
}

static bool has(struct str text, const char *part)
{
	return str_find(text, str_from(part)) < text.n;
}

#define assert_has(text, part)                                                                               \
	do {                                                                                                 \
		if (!has((text), (part)))                                                                    \
			fail_msg("“%s” is not in\n%.*s", (part), STR_ARG(text));                             \
	} while (0)

static void a_fault_of_the_configuration_publishes_nothing(void **state)
{
	struct site *s = *state;
	struct ran r;

	build(s);
	site_put(s, "faktablad.yaml",
		"languages: {sv: , en: }\ntargets: {a: {url: 'file:out', generation: 1}}\n");
	r = run(s, "publish");
	assert_int_equal(r.status, 2);
	assert_text(r.out, "");
	assert_has(r.err, "faktablad.yaml:2:32: error: ");
	assert_has(r.err, "nothing was published: mend faktablad.yaml\n");
	assert_text(site_get(s, "out/index.html"), "absent");
}

static void a_secret_is_never_shown(void **state)
{
	static const char *const targets[] = {
		"url: 'sftp://me:hush@h/p'", "url: 'sftp://h/p', password: hush"};
	static const char *const commands[] = {"publish", "publish --dry-run --format json", "check",
		"check --format json", "check --format sarif", "check --format github", "build"};
	struct site *s = *state;

	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		site_put(s, "faktablad.yaml",
			str_fmt(&s->arena, "languages: {sv: }\ntargets: {a: {%s}}\n", targets[i]).p);
		for (size_t k = 0; k < COUNT_OF(commands); k++) {
			struct ran r = run(s, commands[k]);

			assert_int_not_equal(r.status, 0);
			assert_false(has(r.out, "hush") || has(r.err, "hush"));
			assert_true(has(r.out, "target/secret") || has(r.err, "target/secret"));
		}
	}
	assert_false(has(run(s, "publish sftp://me:hush@h/p").err, "hush"));
}

static void what_was_done_is_told_to_people_and_programs(void **state)
{
	struct site *s = *state;
	struct ran r;

	build(s);
	r = run(s, "publish --format json");
	assert_int_equal(r.status, 0);
	assert_text(r.err, "");
	assert_true(str_starts(r.out, STR("{\"version\":1,\"status\":\"published\",\"target\":")));
	assert_has(r.out, ",\"phases\":{\"compare\":");
	assert_has(run(s, "publish --format json").out, "\"status\":\"up to date\"");
	assert_text(run(s, "publish --quiet b").out, "");
	assert_has(run(s, "publish --verbose b").out, "\nmeanwhile: a visitor reads every page whole");
	site_remove(s, "out/.faktablad/manifest");
	r = run(s, "publish --format json");
	assert_int_equal(r.status, 2);
	assert_true(str_starts(r.out, STR("{\"version\":1,\"status\":\"refused\",\"why\":\"")));
	assert_has(r.err, "has a file of somebody else's");
	r = run(s, "publish --adopt");
	assert_int_equal(r.status, 0);
	assert_has(r.out, "were there already and became the site's\n");
}

static void names_of_no_page_are_answered(void **state)
{
	static const char *const wrong[][2] = {
		{"--only sv/alpha.html",
			"the site has no file “sv/alpha.html”; did you mean “sv/alfa.html”?"},
		{"--only content/sv/x.md", "“content/sv/x.md” is no text of this site"},
		{"--only content/sv/c.md", "“content/sv/c.md” is a draft and has no page"},
		{"--only sv/alfa.html sv/nosuch/at/all", "the site has no file “sv/nosuch/at/all”"},
		{"--only sv/alfa.html --rollback", "--rollback brings back a whole site"},
	};
	struct site *s = *state;

	build(s);
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct ran r = run(s, str_fmt(&s->arena, "publish %s", wrong[i][0]).p);

		assert_int_equal(r.status, 2);
		assert_has(r.err, wrong[i][1]);
	}
	/* what was never built has no page */
	site_put(s, "content/sv/d.md", "---\ntitle: D\n---\nText.\n");
	assert_has(run(s, "publish --only content/sv/d.md").err, "has no page in what was built");
}

static void a_correction_goes_up_alone(void **state)
{
	struct site *s = *state;
	struct ran r;

	build(s);
	assert_int_equal(run(s, "publish").status, 0);
	site_put(s, "content/sv/a.md", "---\ntitle: A\nslug: alfa\n---\nRight.\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\n---\nLater.\n");
	build(s);
	r = run(s, "publish --only content/sv/a.md");
	assert_int_equal(r.status, 0);
	assert_has(r.out, "\nthe rest of what was built waits");
	assert_has(site_get(s, "out/sv/alfa.html"), "Right.");
	assert_has(site_get(s, "out/en/alfa.html"), "Right.");
	assert_false(has(site_get(s, "out/sv/b.html"), "Later."));
	assert_has(run(s, "publish").out, "published to ");
	assert_has(site_get(s, "out/sv/b.html"), "Later.");
	/* and back, in one step */
	r = run(s, "publish --rollback");
	assert_int_equal(r.status, 0);
	assert_has(r.out, "rolled back ");
	assert_false(has(site_get(s, "out/sv/b.html"), "Later."));
	assert_has(site_get(s, "out/sv/alfa.html"), "Right.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_fault_of_the_configuration_publishes_nothing),
		TEST(a_secret_is_never_shown),
		TEST(what_was_done_is_told_to_people_and_programs),
		TEST(names_of_no_page_are_answered),
		TEST(a_correction_goes_up_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
