#include "site/lag.h"

#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n## Ett {#ett}\n\n## Två *b* {#tva}\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static const struct section *source_section(struct site *s, size_t i)
{
	const struct translation *t = site_text(s, "sv/a.md");
	struct section *list;

	assert_true(sections_of(&list, &s->arena, t->title, t->description, t->doc) > i);
	return &list[i];
}

static void put_english(struct site *s, const char *of)
{
	site_put(s, "content/en/a.md",
		str_fmt(&s->arena,
			"---\ntitle: A\ntranslation:\n  of: %s\n---\n## One {#ett}\n\n## Two {#tva}\n", of)
			.p);
	assert_true(site_load(s));
}

static void finds_what_changed_came_and_went(void **state)
{
	struct site *s = *state;
	const struct freshness *f;

	assert_true(site_load(s));
	put_english(s, str_fmt(&s->arena, "{gone: 000000000000, ett: 000000000000, _title: %s}",
			       source_section(s, 0)->hash)
			       .p);
	f = site_text(s, "en/a.md")->freshness;
	assert_int_equal(f->sections, 3);
	assert_int_equal(f->lag_count, 3);
	assert_int_equal(f->lags[0].kind, LAG_CHANGED);
	assert_text(f->lags[0].section, "ett");
	assert_text(f->lags[0].title, "Ett");
	assert_int_equal(f->lags[1].kind, LAG_ADDED);
	assert_text(f->lags[1].title, "Två b");
	assert_int_equal(f->lags[2].kind, LAG_REMOVED);
	assert_text(f->lags[2].section, "gone");
	assert_int_equal(freshness_behind(f), 2);
	assert_said(&s->arena, &s->project.diag, "content/en/a.md:4:3 translation/stale\n");
	assert_text(said_message(&s->project.diag, RULE_TRANSLATION_STALE),
		"3 of 4 sections are behind the source text: ett, tva, gone");
}

static void never_fails_a_strict_check(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\nseverity: {translation/stale: warning}\n");
	s->options.strict = true;
	put_english(s, "{}");
	assert_int_equal(site_text(s, "en/a.md")->freshness->lag_count, 3);
	assert_int_equal(project_errors(&s->project), 0);
}

static void tells_stamps_that_cannot_be_read(void **state)
{
	struct site *s = *state;
	const struct freshness *f;

	put_english(s,
		"\n    Ett: 000000000000\n    ett: 00000000000\n    tva: [a]\n    _title: ABCDEFABCDEF\n"
		"    -a: 000000000000\n    \"\": 000000000000\n    b: 0123456789ab");
	f = site_text(s, "en/a.md")->freshness;
	assert_int_equal(f->stamp_count, 1);
	assert_text(said_of(&s->arena, &s->project.diag, RULE_TRANSLATION_STAMP),
		"content/en/a.md:5:5 translation/bad-stamp\n"
		"content/en/a.md:6:10 translation/bad-stamp\n"
		"content/en/a.md:7:10 translation/bad-stamp\n"
		"content/en/a.md:8:13 translation/bad-stamp\n"
		"content/en/a.md:9:5 translation/bad-stamp\n"
		"content/en/a.md:10:5 translation/bad-stamp\n");
}

static void nothing_is_said_without_stamps(void **state)
{
	struct site *s = *state;

	put_english(s, "");
	assert_null(site_text(s, "en/a.md")->freshness);
	assert_said(&s->arena, &s->project.diag, "");
	put_english(s, "yes");
	assert_null(site_text(s, "en/a.md")->freshness);
	assert_said(&s->arena, &s->project.diag, "content/en/a.md:4:7 yaml/wrong-type\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(finds_what_changed_came_and_went),
		TEST(never_fails_a_strict_check),
		TEST(tells_stamps_that_cannot_be_read),
		TEST(nothing_is_said_without_stamps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
