#include "cli/only.h"
#include "support/program.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	setenv("SOURCE_DATE_EPOCH", "1795132800", 1); /* 2026-11-20 */
	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: , en: , ar: {fallback: [en, sv]}}\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\nslug: alfa\n---\nText.\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\n---\nText.\n");
	site_put(s, "content/en/b.md", "---\ntitle: B\nslug: beta\n---\nText.\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

/* The paths that names (separated by blanks) mean, on one line; "no" after a complaint. */
static struct str paths(struct site *s, const char *names)
{
	struct options o = {.root = s->root};
	struct str rest = str_from(names), name, *found, all = STR("");
	size_t count;

	if (program_run(&s->arena, FAKTABLAD_PROGRAM, s->root, "build --quiet", NULL).status != 0 ||
		!site_load(s))
		fail();
	while (str_cut(&rest, ' ', &name))
		o.only[o.only_count++] = str_z(&s->arena, name);
	if (!only_paths(&s->project, &o, temp_path(&s->arena, s->root, "public"), &found, &count))
		return STR("no");
	for (size_t i = 0; i < count; i++)
		all = str_fmt(&s->arena, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(found[i]));
	return all;
}

static void a_text_means_its_page_and_those_that_show_it(void **state)
{
	struct site *s = *state;

	assert_text(paths(s, "content/sv/a.md"), "ar/alfa.html en/alfa.html sv/alfa.html");
	assert_text(paths(s, "content/sv/b.md"), "sv/b.html");
	assert_text(paths(s, "./content/en/b.md"), "ar/beta.html en/beta.html");
	assert_text(paths(s, "en/b.md sv/b.md"), "ar/beta.html en/beta.html sv/b.html");
}

static void a_page_means_itself_once(void **state)
{
	struct site *s = *state;

	assert_text(paths(s, "sv/alfa.html"), "sv/alfa.html");
	assert_text(paths(s, "./public/sv/alfa.html index.html sv/alfa.html"), "index.html sv/alfa.html");
	assert_text(paths(s, "sv/a.html"), "no");
	assert_text(paths(s, "content/sv/x.md"), "no");
}

static void a_withdrawn_sheet_is_meant_in_every_language(void **state)
{
	struct site *s = *state;

	site_put(s, "content/sv/b.md", "---\ntitle: B\nwithdrawn: 2026-11-20\n---\nText.\n");
	assert_text(paths(s, "content/sv/b.md"), "ar/beta.html en/beta.html sv/b.html");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_text_means_its_page_and_those_that_show_it),
		TEST(a_page_means_itself_once),
		TEST(a_withdrawn_sheet_is_meant_in_every_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
