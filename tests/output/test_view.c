#include "output/view.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "content/sv/a.md", "---\ntitle: A\nslug: sv-a\n---\n");
	site_put(s, "content/en/b.md", "---\ntitle: B\n---\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static void open_view(struct site *s, struct view *v, const char *config)
{
	const struct catalog *c = &s->project.catalog;

	site_put(s, "faktablad.yaml", config);
	assert_true(site_load(s));
	view_init(v, &s->arena, c, config_web(&c->config), &s->project.assets, NULL, false,
		&s->project.workers.of[0]);
}

static struct str field(struct value page, const char *name)
{
	const struct value *v = value_get(&page, str_from(name));

	return v && v->kind == VALUE_STR ? v->text : STR("absent");
}

static void links_begin_where_a_page_stands(void **state)
{
	static const struct {
		const char *config, *root;
	} cases[] = {
		{"languages: {sv: , en: }\n", "/"},
		{"languages: {sv: , en: }\nbase_url: https://example.org\n", "/"},
		{"languages: {sv: , en: }\nbase_url: https://example.org/f/g\n", "/f/g/"},
	};
	struct site *s = *state;
	struct worker *w;
	struct view v;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		open_view(s, &v, cases[i].config);
		w = &s->project.workers.of[0];
		assert_text(field(view_page(&v, w, 0, PLACE_TOP), "root"), "");
		assert_text(field(view_page(&v, w, 0, PLACE_LANGUAGE), "home"), "../sv/index.html");
		assert_text(field(view_page(&v, w, 1, PLACE_ANYWHERE), "root"), cases[i].root);
	}
}

static void folders_are_tags_in_lower_case(void **state)
{
	struct site *s = *state;
	struct view v;

	open_view(s, &v, "languages: {sv: , en: , zh-Hant: }\n");
	assert_text(view_folder(&v, 2), "zh-hant");
	assert_text(
		field(view_page(&v, &s->project.workers.of[0], 2, PLACE_TOP), "home"), "zh-hant/index.html");
	assert_text(field(view_page(&v, &s->project.workers.of[0], 2, PLACE_TOP), "lang"), "zh-Hant");
}

static void addresses_of_sheets(void **state)
{
	struct site *s = *state;
	struct arena *a = &s->arena;
	const struct sheet *x, *y;
	struct view v;

	open_view(s, &v, "languages: {sv: , en: }\n");
	x = site_text(s, "sv/a.md")->sheet;
	y = site_text(s, "en/b.md")->sheet;
	assert_text(view_href(&v, a, PLACE_LANGUAGE, 1, x), "../en/sv-a.html");
	assert_text(view_href(&v, a, PLACE_TOP, 0, x), "sv/sv-a.html");
	assert_text(view_href(&v, a, PLACE_TOP, 0, y), "");
}

static void phrases_are_formatted_with_their_arguments(void **state)
{
	struct site *s = *state;
	struct worker *w;
	struct value args;
	struct view v;

	open_view(s, &v, "languages: {sv: , en: , ar: {fallback: en}}\n");
	w = &s->project.workers.of[0];
	args = value_map(&s->arena);
	value_set(args, &s->arena, STR("size"), value_int(12345));
	assert_text(view_phrase(&v, w, 0, "size.kb", args), "12\xC2\xA0"
							    "345 kB");
	assert_text(
		view_phrase(&v, w, 2, "size.kb", args), "12,345 kB"); /* English, which it falls back to */
	assert_text(view_phrase(&v, w, 2, "site.lead", value_null()), "A site for trials");
	assert_text(view_phrase(&v, w, 0, "size.kb", value_null()), "{size} kB");
	assert_text(view_phrase(&v, w, 0, "no.such", value_null()), "no.such");
}

static void assets_and_scripts_are_at_hand(void **state)
{
	struct site *s = *state;
	struct value page;
	struct view v;

	site_put(s, "templates/assets/a-b.svg", "<svg/>");
	site_put(s, "templates/scripts/go.js", "go();\n");
	site_put_templates(s, "x");
	open_view(s, &v, "languages: {sv: , en: }\n");
	page = view_page(&v, &s->project.workers.of[0], 0, PLACE_LANGUAGE);
	assert_true(str_starts(field(*value_get(&page, STR("asset")), "a_b_svg"), STR("../assets/a-b.")));
	assert_text(field(*value_get(&page, STR("script")), "go"), "go();");
	assert_true(str_starts(field(page, "csp"), STR("default-src 'none'; ")));
}

/* What one page adds is not there in the next. */
static void pages_do_not_share_what_they_add(void **state)
{
	struct site *s = *state;
	struct worker *w;
	struct value page;
	struct view v;

	open_view(s, &v, "languages: {sv: , en: }\n");
	w = &s->project.workers.of[0];
	page = view_page(&v, w, 0, PLACE_TOP);
	value_set(page, &w->scratch, STR("mine"), value_int(1));
	page = view_page(&v, w, 0, PLACE_TOP);
	assert_null(value_get(&page, STR("mine")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(links_begin_where_a_page_stands),
		TEST(folders_are_tags_in_lower_case),
		TEST(addresses_of_sheets),
		TEST(phrases_are_formatted_with_their_arguments),
		TEST(assets_and_scripts_are_at_hand),
		TEST(pages_do_not_share_what_they_add),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
