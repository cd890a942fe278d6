#include "action/stamp.h"
#include "output/page.h"
#include "support/site.h"

#define NOTICE                                                                                               \
	"{{^stale}}current{{/stale}}{{#stale}}{{stale_count}}\n{{#stale_sections}}{{id}} “{{title}}” "   \
	"{{href}} "                                                                                          \
	"{{lang}} {{dir}}{{#is_title}} title{{/is_title}}{{#is_intro}} intro{{/is_intro}}\n"                 \
	"{{/stale_sections}}{{/stale}}"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml",
		"languages: {sv: , en: , ar: {fallback: [en]}}\n"
		"editions: {web: {face: web}, p: {face: folder, each: language}}\n");
	site_put(s, "content/data/facts.yaml", "n: {type: integer, value: 4, source: law}\n");
	site_put(s, "content/data/sources.yaml", "law: {title: Lag}\n");
	site_put(s, "content/sv/a.md",
		"---\ntitle: A\n---\nFörst.\n\n## Ett {#ett}\n\nText.\n\n## Gammalt "
		"{#gammalt}\n\nText.\n\n## Bort "
		"{#bort}\n");
	site_put(s, "content/en/a.md",
		"---\ntitle: A in English\n---\nFirst.\n\n## One, {n} {#ett}\n\nText.\n\n## Old "
		"{#gammalt}\n\nText.\n");
	site_put_templates(s, NOTICE);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static void stamp(struct site *s)
{
	struct stamp_options o = {.today = {2026, 11, 22}};
	struct stamping st;

	assert_true(site_load(s));
	stamping_init(&st, &s->project, &o);
	stamping_add(&st, site_text(s, "en/a.md"), NULL, 0);
	assert_int_equal(stamping_write(&st), STAMP_OK);
	stamping_release(&st);
}

static void change_source(struct site *s)
{
	site_put(s, "content/sv/a.md",
		"---\ntitle: B\n---\nFörst!\n\n## Ett {#ett}\n\nText!\n\n## Nytt & kul {#nytt}\n\nText.\n");
}

static struct str show(struct site *s, const char *edition, const char *tag)
{
	struct page page = {.kind = PAGE_SHEET};
	struct page_cache cache = {0};
	struct issue issue = {.date = {2026, 11, 20}};
	struct worker *w;
	struct view v;
	struct str text;
	struct buf out;

	assert_true(site_load(s));
	assert_int_equal(project_errors(&s->project), 0);
	w = &s->project.workers.of[0];
	page.sheet = site_text(s, "sv/a.md")->sheet;
	page.language = config_language(&s->project.catalog.config, str_from(tag))->index;
	for (size_t i = 0; i < s->project.catalog.config.edition_count; i++)
		if (str_is(s->project.catalog.config.editions[i].name, edition))
			view_init(&v, &s->arena, &s->project.catalog, &s->project.catalog.config.editions[i],
				&s->project.assets, NULL, false, w);
	buf_init(&out, BUF_MAX_DEFAULT);
	assert_true(page_render(&out, &v, w, &cache, &page, &issue));
	text = str_dup(&s->arena, buf_str(&out));
	buf_release(&out);
	arena_release(&cache.arena);
	return text;
}

static void names_what_changed(void **state)
{
	struct site *s = *state;

	assert_text(show(s, "web", "en"), "current");
	stamp(s);
	assert_text(show(s, "web", "en"), "current");
	change_source(s);
	/* what went away, and is not in the translation either, has no name to be told by */
	assert_text(show(s, "web", "en"), "5\n"
					  "_title “”  en ltr title\n"
					  "_intro “”  en ltr intro\n"
					  "ett “One, 4” #ett en ltr\n"
					  "nytt “Nytt &amp; kul” ../sv/a.html#nytt sv ltr\n"
					  "gammalt “Old” #gammalt en ltr\n");
}

static void links_lead_only_to_what_is_there(void **state)
{
	struct site *s = *state;

	struct str text;

	stamp(s);
	change_source(s);
	text = show(s, "p-en", "en");
	assert_true(str_find(text, STR("\nnytt “Nytt &amp; kul”  sv ltr\n")) < text.n);
}

static void only_a_languages_own_text_is_behind(void **state)
{
	struct site *s = *state;

	stamp(s);
	change_source(s);
	assert_text(show(s, "web", "sv"), "current");
	assert_text(show(s, "web", "ar"), "current"); /* shows the English, and says that it does */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(names_what_changed),
		TEST(links_lead_only_to_what_is_there),
		TEST(only_a_languages_own_text_is_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
