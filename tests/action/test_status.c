#include "action/status.h"

#include "action/stamp.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: , en: , ar: }\n");
	site_put(s, "content/sv/a.md",
		"---\ntitle: A\ndescription: Om a.\nweight: 1\n---\nFörst.\n\n## Ett {#ett}\n\nEn text.\n");
	site_put(s, "content/en/a.md",
		"---\ntitle: A\ntranslation: {status: reviewed}\n---\nFirst.\n\n## One {#ett}\n\nA text.\n");
	site_put(s, "content/ar/a.md",
		"---\ntitle: A\nneeds_legal_review: true\ntranslation: {status: machine}\n---\nFirst.\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\nweight: 2\n---\nText.\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static void stamp(struct site *s, const char *path)
{
	struct stamp_options o = {.today = {2026, 11, 22}};
	struct stamping st;

	assert_true(site_load(s));
	stamping_init(&st, &s->project, &o);
	stamping_add(&st, site_text(s, path), NULL, 0);
	assert_int_equal(stamping_write(&st), STAMP_OK);
	stamping_release(&st);
}

static struct str taken(struct site *s, struct buf *out)
{
	struct str text = str_dup(&s->arena, buf_str(out));

	buf_release(out);
	return text;
}

static struct str whole(
	struct site *s, void (*print)(const struct status_report *, struct buf *), size_t first, size_t count)
{
	static const size_t languages[] = {1, 2};
	struct status_report r;
	struct buf out;

	assert_true(site_load(s));
	assert_text(s->project.catalog.config.languages[1].spec.tag, "en");
	status_init(&r, &s->project, languages + first, count);
	buf_init(&out, BUF_MAX_DEFAULT);
	print(&r, &out);
	return taken(s, &out);
}

static struct str of_file(struct site *s, const char *path, bool json)
{
	struct buf out;

	assert_true(site_load(s));
	buf_init(&out, BUF_MAX_DEFAULT);
	if (json)
		status_file_json(&s->project, site_text(s, path), &out);
	else
		status_file(&s->project, site_text(s, path), &out, false);
	return taken(s, &out);
}

/* English is stamped, then the source changes in all ways. */
static void fall_behind(struct site *s)
{
	stamp(s, "en/a.md");
	site_put(s, "content/sv/a.md",
		"---\ntitle: A\ndescription: Om b.\nweight: 1\n---\n## Ett {#ett}\n\nEn ny text.\n\n## Två "
		"{#tva}\n\nMer.\n");
}

static void shows_sheets_and_languages(void **state)
{
	struct site *s = *state;

	stamp(s, "en/a.md");
	assert_text(whole(s, status_table, 0, 2),
		"sheet  sections  LIX  en  ar\n"
		"a             3       R   M§?\n"
		"b             2       -   -\n"
		"\n"
		"- missing, M machine, R reviewed, ? never stamped, § needs a legal review\n"
		"\n"
		"language  sheets up to date  sections up to date  reviewed  translated  machine  missing\n"
		"en        1 of 2 (50 %)      3 of 5 (60 %)               1           0        0        1\n"
		"ar        1 of 2 (50 %)      3 of 5 (60 %)               0           0        1        1\n");
	fall_behind(s);
	assert_text(whole(s, status_list, 0, 1),
		"content/en/a.md  reviewed, 4 of 4 sections behind\n"
		"content/en/b.md  missing\n"
		"\n"
		"language  sheets up to date  sections up to date  reviewed  translated  machine  missing\n"
		"en        0 of 2 (0 %)       0 of 5 (0 %)                1           0        0        1\n");
}

static void shows_what_changed(void **state)
{
	struct site *s = *state;

	fall_behind(s);
	assert_text(of_file(s, "en/a.md", false),
		"content/en/a.md: reviewed; 4 of 4 sections behind content/sv/a.md\n"
		"\n"
		"changed: _title, at content/en/a.md:2\n"
		"    A\n"
		"    Om -[a] +{b}.\n"
		"\n"
		"changed: ett (“Ett”), at content/en/a.md:13\n"
		"    ## Ett {#ett}\n"
		"    En +{ny} text.\n"
		"\n"
		"added: tva (“Två”), not there in the translation\n"
		"    +{## Två {#tva}\n"
		"    Mer.}\n"
		"\n"
		"removed: _intro, at content/en/a.md:11\n"
		"    -[Först.]\n"
		"\n"
		"when it is mended: faktablad stamp content/en/a.md\n");
	assert_text(of_file(s, "ar/a.md", false), "content/ar/a.md: machine, needs a legal review; never "
						  "stamped: nobody knows whether it follows "
						  "content/sv/a.md\n");
	assert_true(str_starts(of_file(s, "sv/a.md", false),
		STR("content/sv/a.md: the source text, 3 sections\n"
		    "en: reviewed, behind: changed _title, changed ett, added tva, removed _intro\n"
		    "ar: machine, never stamped\n"
		    "\n"
		    "changed since a translation was last stamped: _title\n")));
	stamp(s, "en/a.md");
	assert_text(
		of_file(s, "en/a.md", false), "content/en/a.md: reviewed; up to date with content/sv/a.md\n");
}

/* A diff against another text than it was made from would mislead. */
static void shows_no_change_that_it_cannot_know(void **state)
{
	struct site *s = *state;
	struct str told;

	fall_behind(s);
	site_remove(s, "content/en/.source");
	told = of_file(s, "en/a.md", false);
	assert_true(
		str_find(told,
			STR("changed: ett (“Ett”), at content/en/a.md:13\n    what it was made from is not "
			    "kept, so that the change cannot be shown\n")) < told.n);
	site_put(s, "content/en/.source/a.md", "---\ntitle: A\n---\n## Ett {#ett}\n\nNågot annat.\n");
	told = of_file(s, "en/a.md", false);
	assert_true(str_find(told, STR("Något annat")) == told.n);
}

static void is_told_to_programs(void **state)
{
	struct site *s = *state;

	fall_behind(s);
	assert_text(of_file(s, "en/a.md", true),
		"{\"version\":1,\"source\":\"content/sv/"
		"a.md\",\"translations\":[{\"file\":\"content/en/"
		"a.md\",\"status\":\"reviewed\",\"freshness\":\"stale\",\"stale_sections\":["
		"{\"id\":\"_title\",\"change\":\"changed\",\"title\":\"\",\"line\":2,\"before\":\"A\\n\\nOm "
		"a.\",\"after\":\"A\\n\\nOm b.\"},"
		"{\"id\":\"ett\",\"change\":\"changed\",\"title\":\"Ett\",\"line\":13,\"before\":\"## Ett "
		"{#ett}\\n\\nEn text.\\n\",\"after\":\"## Ett {#ett}\\n\\nEn ny text.\\n\\n\"},"
		"{\"id\":\"tva\",\"change\":\"added\",\"title\":\"Två\",\"after\":\"## Två "
		"{#tva}\\n\\nMer.\\n\"},"
		"{\"id\":\"_intro\",\"change\":\"removed\",\"title\":\"\",\"line\":11,\"before\":\"Först."
		"\\n\\n\"}"
		"]}]}\n");
	assert_text(whole(s, status_json, 0, 1),
		"{\"version\":1,\"source_language\":\"sv\",\"languages\":[{\"tag\":\"en\",\"sheets\":2,"
		"\"sheets_"
		"current\":0,\"sheets_percent\":0,\"sections\":5,\"sections_current\":0,\"sections_percent\":"
		"0,"
		"\"reviewed\":1,\"translated\":0,\"machine\":0,\"missing\":1,\"stale\":1,\"unstamped\":0,"
		"\"needs_"
		"legal_review\":0}],\"sheets\":[{\"key\":\"a\",\"title\":\"A\",\"sections\":3,\"lix\":null,"
		"\"translations\":{"
		"\"en\":{\"status\":\"reviewed\",\"freshness\":\"stale\",\"file\":\"content/en/"
		"a.md\",\"stale_sections\":[{\"id\":\"_title\",\"change\":\"changed\"},{\"id\":\"ett\","
		"\"change\":"
		"\"changed\"},{\"id\":\"tva\",\"change\":\"added\"},{\"id\":\"_intro\",\"change\":"
		"\"removed\"}],"
		"\"needs_legal_review\":false}}},{\"key\":\"b\",\"title\":\"B\",\"sections\":2,\"lix\":null,"
		"\"translations\":{"
		"\"en\":{\"status\":\"missing\"}}}]}\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(shows_sheets_and_languages),
		TEST(shows_what_changed),
		TEST(shows_no_change_that_it_cannot_know),
		TEST(is_told_to_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
