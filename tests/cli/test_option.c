#include "support/program.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: }\ntargets: {a: {url: 'file:out'}}\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
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

/* Every wrong use and the sentence for it. */
static const char *const wrongs[][2] = {
	{"chek", "there is no command “chek”; did you mean “check”?"},
	{"explode", "there is no command “explode”; see “faktablad --help”"},
	{"-q check", "“-q” cannot stand before the command; see “faktablad --help”"},
	{"--nosuch check", "“--nosuch” cannot stand before the command; see “faktablad --help”"},
	{"--root", "--root wants a value; see “faktablad --help”"},
	{"check --formt json",
		"there is no option --formt, did you mean --format; see “faktablad check --help”"},
	{"check --xyzzy", "there is no option --xyzzy; see “faktablad check --help”"},
	{"check --xyzzy=1", "there is no option --xyzzy; see “faktablad check --help”"},
	{"check -x", "there is no option -x; see “faktablad check --help”"},
	{"check -qx", "there is no option -x; see “faktablad check --help”"},
	{"check --format", "--format wants a value; see “faktablad check --help”"},
	{"check -j", "--jobs wants a value; see “faktablad check --help”"},
	{"check --strict=yes", "--strict takes no value; see “faktablad check --help”"},
	{"check --quiet=1", "--quiet takes no value; see “faktablad check --help”"},
	{"check --force", "“check” has no option --force; see “faktablad check --help”"},
	{"check --format xml",
		"--format wants text, json, sarif, github or gitlab, not “xml”; see “faktablad check --help”"},
	{"check --jobs 0",
		"--jobs wants a number of threads, 1 to 64, not “0”; see “faktablad check --help”"},
	{"check --jobs 65",
		"--jobs wants a number of threads, 1 to 64, not “65”; see “faktablad check --help”"},
	{"check -j two",
		"--jobs wants a number of threads, 1 to 64, not “two”; see “faktablad check --help”"},
	{"check --clock 2026-02-30",
		"--clock wants a date, YYYY-MM-DD, not “2026-02-30”; see “faktablad check --help”"},
	{"check extra", "check takes no arguments; see “faktablad check --help”"},
	{"--root nowhere check",
		"there is no folder “content” in nowhere; stand in a site's folder or name it with --root. "
		"Sheets stand in a folder for each language: content/en/NAME.md"},
	{"build extra", "build takes no arguments; see “faktablad build --help”"},
	{"build --clock 2026-01-01", "“build” has no option --clock; see “faktablad build --help”"},
	{"build --edition nosuch", "there is no edition “nosuch” in faktablad.yaml"},
	{"--root nowhere build",
		"there is no folder “content” in nowhere; stand in a site's folder or name it with --root. "
		"Sheets stand in a folder for each language: content/en/NAME.md"},
	{"build --out /proc/nowhere", NULL},
	{"build --out content", NULL},
	{"publish a b", "publish takes one target; see “faktablad publish --help”"},
	{"publish nosuch", "there is no target “nosuch” in faktablad.yaml"},
	{"publish --delete-cap none", "--delete-cap wants a number of files, at least 1, not “none”; see "
				      "“faktablad publish --help”"},
	{"publish --format sarif", "publish knows the formats text and json; see “faktablad publish --help”"},
	{"render", "render wants one template; see “faktablad render --help”"},
	{"render a b", "render wants one template; see “faktablad render --help”"},
	{"message", "message wants --lang and a pattern or --key; see “faktablad message --help”"},
	{"message --lang sv", "message wants --lang and a pattern or --key; see “faktablad message --help”"},
	{"message --lang x_y x", "“x_y” is not a language tag; BCP 47 tags look like “sv”, “ckb” or “fa-AF”"},
	{"message --lang en --key site.title", "the site has no language “en”"},
	{"message --lang sv {n} 7", "arguments are given as name=value, not “7”"},
};

static void every_wrong_use_gets_one_sentence(void **state)
{
	struct site *s = *state;

	for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
		struct ran r = run(s, wrongs[i][0]);

		if (r.status != 2 || r.out.n || str_find_byte(r.err, '\n') != r.err.n - 1 ||
			!str_starts(r.err, STR("faktablad: ")))
			fail_msg("%s: status %d\n%.*s%.*s", wrongs[i][0], r.status, STR_ARG(r.out),
				STR_ARG(r.err));
		if (wrongs[i][1])
			assert_text(r.err, str_fmt(&s->arena, "faktablad: %s\n", wrongs[i][1]).p);
	}
	assert_false(fs_exists(fs_real(), temp_path(&s->arena, s->root, "nowhere")));
	assert_text(site_get(s, "content/sv/a.md"), "---\ntitle: A\n---\n");
}

static void a_wrong_environment_gets_one_sentence(void **state)
{
	struct site *s = *state;
	struct ran r;

	setenv("SOURCE_DATE_EPOCH", "today", 1);
	r = run(s, "build");
	assert_int_equal(r.status, 2);
	assert_text(r.err, "faktablad: SOURCE_DATE_EPOCH must be a number of seconds, not “today”\n");
	setenv("SOURCE_DATE_EPOCH", "-1", 1);
	assert_int_equal(run(s, "check").status, 2);
	unsetenv("SOURCE_DATE_EPOCH");
}

static void without_a_command_there_is_help(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "");

	assert_int_equal(r.status, 2);
	assert_text(r.out, "");
	assert_true(str_starts(r.err, STR("usage: faktablad ")));
	r = run(s, "--help");
	assert_int_equal(r.status, 0);
	assert_text(r.err, "");
	assert_true(str_starts(r.out, STR("usage: faktablad ")));
}

static void every_command_has_help(void **state)
{
	static const char *const commands[] = {"check", "build", "publish", "render", "message"};
	struct site *s = *state;
	struct str all = run(s, "--help").out;

	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		struct ran r = run(s, str_fmt(&s->arena, "%s --help", commands[i]).p);

		assert_int_equal(r.status, 0);
		assert_text(r.err, "");
		assert_true(str_starts(r.out, str_fmt(&s->arena, "usage: faktablad %s ", commands[i])));
		assert_true(str_find(all, str_fmt(&s->arena, "\n  %s ", commands[i])) < all.n);
		assert_text(run(s, str_fmt(&s->arena, "%s -h", commands[i]).p).out, r.out.p);
	}
}

static void the_version_is_told(void **state)
{
	struct site *s = *state;
	struct ran r = run(s, "--version");

	assert_int_equal(r.status, 0);
	assert_true(str_starts(r.out, STR("faktablad ")));
}

static void the_root_may_stand_before_or_behind(void **state)
{
	static const char *const forms[] = {
		"--root %s check", "--root=%s check", "check --root %s", "check --root=%s"};
	struct site *s = *state;

	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		struct str root = str_from(s->root), form = str_from(forms[i]), args;
		size_t at = str_find(form, STR("%s"));
		struct ran r;

		args = STR_CONCAT(&s->arena, str_slice(form, 0, at), root, str_slice(form, at + 2, form.n));
		r = program_run(&s->arena, FAKTABLAD_PROGRAM, "/", args.p, NULL);
		assert_int_equal(r.status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wrong_use_gets_one_sentence),
		cmocka_unit_test(a_wrong_environment_gets_one_sentence),
		cmocka_unit_test(without_a_command_there_is_help),
		cmocka_unit_test(every_command_has_help),
		cmocka_unit_test(the_version_is_told),
		cmocka_unit_test(the_root_may_stand_before_or_behind),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
