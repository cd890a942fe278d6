/* Charts and tables as pages show them: tests/sites/charts has them whole; here is what must hold of every
 * one. */
#include "output/body.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: , ar: {fallback: [sv], digits: latn}}\n");
	site_put(s, "content/data/sources.yaml", "law: {title: Lag}\n");
	site_put(s, "content/data/facts.yaml",
		"n: {type: integer, value: 1500, source: law}\nages: {type: range, value: 0–5, source: "
		"law}\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static struct str render(struct site *s, const char *tag, const char *text)
{
	const struct catalog *c = &s->project.catalog;
	struct worker *w;
	struct view v;
	struct body body;

	site_put(s, str_fmt(&s->arena, "content/%s/a.md", tag).p,
		str_fmt(&s->arena, "---\ntitle: A\n---\n%s", text).p);
	assert_true(site_load(s));
	w = &s->project.workers.of[0];
	view_init(&v, &s->arena, c, config_web(&c->config), &s->project.assets, NULL, false, w);
	body_render(&body, &v, w, site_text(s, str_fmt(&s->arena, "%s/a.md", tag).p),
		config_language(&c->config, str_from(tag))->index);
	return body.html;
}

static bool has(struct str html, const char *part)
{
	return str_find(html, str_from(part)) < html.n;
}

#define assert_has(html, part)                                                                               \
	do {                                                                                                 \
		if (!has((html), (part)))                                                                    \
			fail_msg("“%s” is not in\n%.*s", (part), STR_ARG(html));                             \
	} while (0)

#define BARS                                                                                                 \
	"```chart\nkind: bars\ntitle: T <1>\npoints:\n- {label: A & B, fact: n}\n- {label: C, value: "       \
	"375}\n```\n"

static void a_drawing_is_named_and_described(void **state)
{
	struct str html = render(*state, "sv", BARS);

	assert_has(html, "role=\"img\" aria-labelledby=\"chart_1_name chart_1_desc\"");
	assert_has(html, "<title id=\"chart_1_name\">T &lt;1&gt;</title>");
	assert_has(html, "A &amp; B: 1\xC2\xA0"
			 "500; C: 375</desc>");
	assert_has(html, "<td class=\"number\"><bdi>1\xC2\xA0"
			 "500</bdi></td>");
	assert_has(html, "href=\"#source-1\""); /* the fact's source */
	assert_false(has(html, "style="));
}

static void bars_begin_at_the_inline_start(void **state)
{
	struct str ltr = render(*state, "sv", BARS), rtl;

	assert_has(ltr, "<rect x=\"0%\"");
	assert_has(ltr, "width=\"100.00%\"");
	assert_has(ltr, "width=\"25.00%\"");
	rtl = render(*state, "ar", BARS);
	assert_has(rtl, "<svg x=\"100%\" overflow=\"visible\">");
	assert_has(rtl, "<rect x=\"-25%\"");
}

static void percentages_are_parts_of_a_hundred(void **state)
{
	struct str html = render(*state, "sv",
		"```chart\nkind: bars\ntitle: T\nunit: \"%\"\npoints: [{label: A, value: 66}, {label: B, "
		"value: 20"
		"}]\n```\n");

	assert_has(html, "width=\"66.00%\"");
	assert_has(html, "width=\"20.00%\"");
	html = render(*state, "sv",
		"```chart\nkind: bars\ntitle: T\nunit: \"%\"\npoints: [{label: A, value: 150}, {label: B, "
		"value: 75"
		"}]\n```\n");
	assert_has(html, "width=\"50.00%\"");
}

static void ids_do_not_meet(void **state)
{
	struct str html = render(*state, "sv", BARS "\n" BARS);

	assert_has(html, "chart_1_name");
	assert_has(html, "chart_2_name");
}

static void a_line_that_does_not_begin_at_zero_says_so(void **state)
{
	struct str html = render(*state, "sv",
		"```chart\nkind: line\ntitle: T\nfrom: 10\npoints: [{label: 2024, value: 12}, {label: 2025, "
		"value: 14}]\n```\n");

	assert_has(html, "class=\"chart-note\"");
	assert_has(html, " open=\"open\"");
	html = render(
		*state, "sv", "```chart\nkind: line\ntitle: T\npoints: [{label: 2024, value: 12}]\n```\n");
	assert_false(has(html, "class=\"chart-note\""));
}

static void a_table_scrolls_by_itself_and_has_headings(void **state)
{
	struct str html = render(*state, "ar",
		"```table\ntitle: T\ncolumns: [A, B, C]\nrows: [[x, 1500, {fact: ages}], [y, 2, "
		"0–2]]\n```\n");

	assert_has(html, "<div class=\"scroll\" role=\"region\" aria-labelledby=\"table_1\" tabindex=\"0\">");
	assert_has(html, "<th scope=\"col\" class=\"number\">B</th>");
	assert_has(html, "<th scope=\"row\">x</th>");
	assert_has(html, "<bdi>1,500</bdi>");
	/* Latin digits are read from the left, also where the text is not */
	assert_has(html, "\xE2\x81\xA6"
			 "0–5\xE2\x81\xA9");
	assert_has(html, "\xE2\x81\xA6"
			 "0–2\xE2\x81\xA9");
}

static void what_cannot_be_read_is_shown_as_it_is(void **state)
{
	assert_text(render(*state, "sv", "```chart\nkind: pie\n```\n"),
		"<pre><code class=\"language-chart\">kind: pie\n</code></pre>\n");
	assert_has(
		render(*state, "sv", "- ```table\n  title: T\n  ```\n"), "<code class=\"language-table\">");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_drawing_is_named_and_described),
		TEST(bars_begin_at_the_inline_start),
		TEST(percentages_are_parts_of_a_hundred),
		TEST(ids_do_not_meet),
		TEST(a_line_that_does_not_begin_at_zero_says_so),
		TEST(a_table_scrolls_by_itself_and_has_headings),
		TEST(what_cannot_be_read_is_shown_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
