#include "site/withdrawal.h"

#include "site/graph.h"
#include "support/site.h"

/* `gammal` is withdrawn; its Arabic is below what the web wants. `ny` stays, and `x` is a draft that is withdrawn. */
static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml",
		"languages: {sv: , en: , ar: {fallback: [en, sv]}}\n"
		"editions: {web: {face: web, languages: [sv, ar], lowest_status: translated}, p: {face: folder}}\n");
	site_put(s, "content/sv/gammal.md",
		"---\ntitle: Gammal\nslug: gamla\nwithdrawn: 2026-11-20\nwithdrawn_reason: ' Ändrad lag. '\n"
		"replaced_by: ny.md#del\n---\n[x](nowhere.md) {nosuch}\n");
	site_put(s, "content/en/gammal.md", "---\ntitle: Old\nslug: old\n---\n[x](nowhere.md)\n");
	site_put(s, "content/ar/gammal.md",
		"---\ntitle: A\ntranslation: {status: machine}\nwithdrawn_reason: R\n---\n");
	site_put(s, "content/sv/ny.md", "---\ntitle: Ny\n---\n## Del {#del}\n\n[gammal](gammal.md#del)\n");
	site_put(s, "content/sv/x.md", "---\ntitle: X\ndraft: true\nwithdrawn: 2026-11-21\n---\n");
	site_put_templates(s, "x");
	site_put(s, "templates/withdrawn.mustache", "x");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static const struct sheet *withdrawn(struct site *s, const char *path)
{
	const struct translation *t = map_get(&s->project.catalog.by_old_path, str_from(path));

	assert_non_null(t);
	return t->sheet;
}

static const struct edition *edition(struct site *s, const char *name)
{
	const struct config *c = &s->project.catalog.config;

	for (size_t i = 0; i < c->edition_count; i++)
		if (str_is(c->editions[i].name, name))
			return &c->editions[i];
	fail_msg("there is no edition %s", name);
	return NULL;
}

static void what_is_withdrawn_is_no_sheet_any_more(void **state)
{
	struct site *s = *state;
	const struct catalog *c = &s->project.catalog;

	assert_true(site_load(s));
	assert_int_equal(c->sheet_count, 1);
	assert_text(c->sheets[0]->key, "ny");
	assert_int_equal(c->withdrawn_count, 2);
	assert_int_equal(c->by_path.len, 1);
	assert_int_equal(c->by_old_path.len, 4);
	assert_int_equal(c->drafts.len, 0);
	assert_int_equal(withdrawn(s, "en/gammal.md")->withdrawn->date.day, 20);
}

/* Nothing of its texts is judged; only who links to it is told, in each language that shows the link. */
static void only_links_to_it_are_told(void **state)
{
	struct site *s = *state;

	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_LINK_WITHDRAWN),
		"content/sv/ny.md:6:1 link/withdrawn\n");
	assert_int_equal(project_errors(&s->project), 0);
}

static void its_page_is_where_it_was(void **state)
{
	static const struct {
		const char *edition, *path[3]; /* of the text that names the page in sv, en, ar */
	} cases[] = {
		{"web", {"sv/gammal.md", NULL, "en/gammal.md"}},
		{"p", {NULL, NULL, NULL}},
	};
	struct site *s = *state;

	assert_true(site_load(s));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct graph g;
		const struct sheet *sheet = withdrawn(s, "sv/gammal.md");

		graph_init(&g, &s->arena, &s->project.catalog, edition(s, cases[i].edition),
			&s->project.workers.of[0]);
		for (size_t l = 0; l < 3; l++) {
			const struct translation *t = graph_page(&g, l, sheet);

			assert_null(graph_shown(&g, l, sheet));
			assert_false(graph_own(&g, l, sheet));
			if (cases[i].path[l])
				assert_text(translation_path(t), cases[i].path[l]);
			else
				assert_null(t);
		}
		assert_ptr_equal(
			graph_page(&g, 0, site_text(s, "sv/ny.md")->sheet), site_text(s, "sv/ny.md"));
	}
}

static void the_reason_is_given_in_a_language_that_has_one(void **state)
{
	struct site *s = *state;
	const struct catalog *c = &s->project.catalog;
	const struct sheet *sheet;
	size_t found;

	assert_true(site_load(s));
	sheet = withdrawn(s, "sv/gammal.md");
	assert_text(withdrawal_reason(c, edition(s, "web"), sheet, 0, &found), "Ändrad lag.");
	assert_int_equal(found, 0);
	/* The machine's Arabic is not shown on this web, so its reason is not either. */
	assert_text(withdrawal_reason(c, edition(s, "web"), sheet, 2, &found), "Ändrad lag.");
	assert_int_equal(found, 0);
	assert_text(withdrawal_reason(c, edition(s, "p"), sheet, 2, &found), "R");
	assert_int_equal(found, 2);
	assert_text(withdrawal_reason(c, edition(s, "web"), withdrawn(s, "sv/x.md"), 0, &found), "");
}

static void what_to_read_instead_is_a_link(void **state)
{
	struct site *s = *state;
	struct link link;

	assert_true(site_load(s));
	assert_true(
		withdrawal_replacement(&link, &s->project.catalog, withdrawn(s, "en/gammal.md"), &s->arena));
	assert_ptr_equal(link.target, site_text(s, "sv/ny.md"));
	assert_text(link.anchor, "del");
	assert_false(withdrawal_replacement(&link, &s->project.catalog, withdrawn(s, "sv/x.md"), &s->arena));
}

static void a_translation_alone_withdraws_nothing(void **state)
{
	struct site *s = *state;

	site_put(s, "content/en/ny.md", "---\ntitle: New\nwithdrawn: 2026-11-20\n---\n");
	site_put(s, "content/sv/y.md",
		"---\ntitle: Y\nwithdrawn: ~\nwithdrawn_reason: Z\nreplaced_by: x\n---\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_SHEET_WITHDRAWAL),
		"content/en/ny.md:3:12 sheet/withdrawal\n"
		"content/sv/y.md:4:19 sheet/withdrawal\n"
		"content/sv/y.md:5:14 sheet/withdrawal\n");
	assert_non_null(site_text(s, "en/ny.md"));
	assert_non_null(site_text(s, "sv/y.md"));
}

/* Whoever wrote something there meant to withdraw it: the text is not shown, whatever becomes of the report. */
static void a_date_that_cannot_be_read_withdraws_all_the_same(void **state)
{
	struct site *s = *state;

	site_put(s, "content/sv/ny.md", "---\ntitle: Ny\nwithdrawn: i går\n---\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_YAML_DATE),
		"content/sv/ny.md:3:12 yaml/bad-date\n");
	assert_int_equal(s->project.catalog.sheet_count, 0);
	assert_int_equal(withdrawn(s, "sv/ny.md")->withdrawn->date.year, 0);
}

static void without_a_source_text_the_first_text_decides(void **state)
{
	struct site *s = *state;

	site_put(s, "content/en/only.md", "---\ntitle: Only\nwithdrawn: 2026-11-20\n---\n");
	site_put(s, "content/ar/only.md", "---\ntitle: Only\n---\n");
	assert_true(site_load(s));
	assert_ptr_equal(withdrawn(s, "ar/only.md"), withdrawn(s, "en/only.md"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_withdrawn_is_no_sheet_any_more),
		TEST(only_links_to_it_are_told),
		TEST(its_page_is_where_it_was),
		TEST(the_reason_is_given_in_a_language_that_has_one),
		TEST(what_to_read_instead_is_a_link),
		TEST(a_translation_alone_withdraws_nothing),
		TEST(a_date_that_cannot_be_read_withdraws_all_the_same),
		TEST(without_a_source_text_the_first_text_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
