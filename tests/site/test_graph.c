#include "site/graph.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static void make_graph(struct site *s, struct graph *g, const char *edition)
{
	const struct config *c = &s->project.catalog.config;

	for (size_t i = 0; i < c->edition_count; i++)
		if (str_is(c->editions[i].name, edition)) {
			graph_init(g, &s->arena, &s->project.catalog, &c->editions[i],
				&s->project.workers.of[0]);
			return;
		}
	fail_msg("there is no edition %s", edition);
}

/* "a b*": keys in a language's order, fallbacks with a star; the neighbours are checked on the way. */
static struct str order(struct site *s, const struct graph *g, size_t language)
{
	const struct sheet *before = NULL;
	struct str all = STR("");

	for (size_t i = 0; i < g->count[language]; i++) {
		const struct sheet *sheet = g->catalog->sheets[g->order[language][i]];

		assert_ptr_equal(graph_previous(g, language, sheet), before);
		if (before)
			assert_ptr_equal(graph_next(g, language, before), sheet);
		before = sheet;
		all = str_fmt(&s->arena, "%.*s%s%.*s%s", STR_ARG(all), i ? " " : "", STR_ARG(sheet->key),
			graph_own(g, language, sheet) ? "" : "*");
	}
	if (before)
		assert_null(graph_next(g, language, before));
	return all;
}

static void each_language_has_its_own_order(void **state)
{
	static const char *const titles[] = {"Ö", "Z", "Ä", "Å", "A"};
	struct site *s = *state;
	struct graph g;

	site_put(s, "faktablad.yaml", "languages: {sv: , de: }\n");
	for (int i = 0; i < 5; i++) {
		const char *text = str_fmt(&s->arena, "---\ntitle: %s\n---\n", titles[i]).p;

		site_put(s, str_fmt(&s->arena, "content/sv/%c.md", 'a' + i).p, text);
		site_put(s, str_fmt(&s->arena, "content/de/%c.md", 'a' + i).p, text);
	}
	assert_true(site_load(s));
	make_graph(s, &g, "web");
	assert_text(order(s, &g, 0), "e b d c a"); /* A Z Å Ä Ö */
	assert_text(order(s, &g, 1), "e d c a b"); /* A Å Ä Ö Z */
	assert_int_equal(graph_pages(&g), 10);
}

static void put_three_languages(struct site *s)
{
	site_put(s, "faktablad.yaml",
		"languages: {sv: , en: , ar: {fallback: [en, sv]}}\n"
		"editions:\n"
		"  web: {face: web}\n"
		"  strict: {face: folder, lowest_status: reviewed}\n"
		"  arabic: {face: folder, languages: ar}\n"
		"  staff: {face: folder, audience: staff}\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\nweight: 1\nslug: a-sv\n---\n");
	site_put(s, "content/en/a.md", "---\ntitle: A\nslug: a-en\n---\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\nweight: 2\naudience: guardian\n---\n");
	site_put(s, "content/ar/b.md", "---\ntitle: B\ntranslation: {status: machine}\n---\n");
	site_put(s, "content/en/c.md", "---\ntitle: C\nweight: 3\n---\n");
}

static void an_edition_shows_fallbacks(void **state)
{
	struct site *s = *state;
	const struct sheet *a, *c;
	struct graph g;

	put_three_languages(s);
	assert_true(site_load(s));
	a = site_text(s, "sv/a.md")->sheet;
	c = site_text(s, "en/c.md")->sheet;
	make_graph(s, &g, "web");
	assert_text(order(s, &g, 0), "a b");
	assert_text(order(s, &g, 1), "a b* c");
	assert_text(order(s, &g, 2), "a* b c*");
	assert_text(graph_slug(&g, 2, a), "a-en");
	assert_null(graph_shown(&g, 0, c));
	make_graph(s, &g, "strict");
	assert_text(order(s, &g, 0), "a b");
	assert_text(order(s, &g, 1), "a* b*");
	assert_text(order(s, &g, 2), "a* b*");
	make_graph(s, &g, "staff");
	assert_text(order(s, &g, 2), "a* c*");
}

static void an_edition_knows_only_its_languages(void **state)
{
	struct site *s = *state;
	struct graph g;

	put_three_languages(s);
	assert_true(site_load(s));
	make_graph(s, &g, "arabic");
	assert_text(order(s, &g, 2), "a* b c*");
	assert_text(order(s, &g, 0), "");
	assert_null(graph_shown(&g, 0, site_text(s, "sv/a.md")->sheet));
	assert_int_equal(graph_pages(&g), 3);
}

static void a_site_without_sheets_has_a_graph(void **state)
{
	struct site *s = *state;
	struct graph g;

	site_put(s, "faktablad.yaml", "languages: {sv: }\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\ndraft: true\n---\n");
	assert_true(site_load(s));
	make_graph(s, &g, "web");
	assert_int_equal(graph_pages(&g), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_language_has_its_own_order),
		TEST(an_edition_shows_fallbacks),
		TEST(an_edition_knows_only_its_languages),
		TEST(a_site_without_sheets_has_a_graph),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
