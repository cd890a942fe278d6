#include "output/body.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml",
		"base_url: https://example.org/f/\n"
		"languages: {sv: , en: , ar: {fallback: [en, sv], digits: latn}}\n"
		"editions: {web: {face: web}, p: {face: folder, each: language}, staff: {face: folder, "
		"audience: staff}}\n");
	site_put(s, "content/data/sources.yaml",
		"law: {title: Lag}\nother: {title: Annan}\nthird: {title: Tredje}\n");
	site_put(s, "content/data/facts.yaml",
		"days: {type: integer, value: 14, source: law, place: 2 §}\n"
		"weeks: {type: integer, value: 2, source: law, place: 3 §}\n"
		"share: {type: percentage, value: 7.5, source: other}\n"
		"all: {type: percentage, value: 100, source: other}\n"
		"many: {type: integer, value: 12345, source: third}\n"
		"bris: {type: phone, value: '+46 116 111', source: law}\n"
		"ages: {type: range, value: 0–5, source: law, place: 2 §}\n"
		"few: {type: range, value: 0–1, source: law, place: 2 §}\n"
		"fee: {type: money, value: 1500 SEK, source: law, place: 2 §}\n"
		"day: {type: date, value: 2026-03-01, source: law}\n"
		"odd: {type: text, value: '<b> & \"q\"', source: law}\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
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

/* What a page of an edition in a language shows of a file. */
static struct body render_page(struct site *s, const char *name, const char *tag, const char *path)
{
	const struct edition *e = edition(s, name);
	const struct catalog *c = &s->project.catalog;
	struct worker *w = &s->project.workers.of[0];
	struct view web, v;
	struct body body;

	view_init(&web, &s->arena, c, config_web(&c->config), &s->project.assets, NULL, true, w);
	view_init(&v, &s->arena, c, e, &s->project.assets, e->face == FACE_WEB ? NULL : &web.graph, false, w);
	body_render(&body, &v, w, site_text(s, path), config_language(&c->config, str_from(tag))->index);
	return body;
}

/* The same of one text, on the web in Swedish, after loading it; what is said may be anything. */
static struct body render(struct site *s, const char *text)
{
	site_put(s, "content/sv/a.md", str_fmt(&s->arena, "---\ntitle: A\n---\n%s", text).p);
	assert_true(site_load(s));
	return render_page(s, "web", "sv", "sv/a.md");
}

static void put_linked_sheets(struct site *s)
{
	site_put(s, "content/sv/a.md",
		"---\ntitle: A\n---\n"
		"[b](b.md) [b2](b.md#del) [c](c.md) [own](#x) [self](a.md#x) [all of self](a.md) "
		"[en](../en/b.md#del)\n\n"
		"[web](https://example.com/) [mail](mailto:a@example.org) [draft](d.md) "
		"[none](none.md)\n\n## X\n");
	site_put(s, "content/en/a.md", "---\ntitle: A\n---\n[b](b.md) [c](c.md) [sv](../sv/b.md)\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\nslug: sv-b\n---\n## Del\n");
	site_put(s, "content/en/b.md", "---\ntitle: B\nslug: en-b\n---\n## Part {#del}\n");
	site_put(s, "content/sv/c.md", "---\ntitle: C\naudience: guardian\n---\n");
	site_put(s, "content/sv/d.md", "---\ntitle: D\ndraft: true\n---\n");
	assert_true(site_load(s));
}

static void links_lead_to_the_pages_language(void **state)
{
	struct site *s = *state;

	put_linked_sheets(s);
	assert_text(render_page(s, "web", "sv", "sv/a.md").html,
		"<p><a href=\"sv-b.html\">b</a> <a href=\"sv-b.html#del\">b2</a> <a href=\"c.html\">c</a> "
		"<a href=\"#x\">own</a> <a href=\"#x\">self</a> <a href=\"a.html\">all of self</a> "
		"<a href=\"../en/en-b.html#del\" hreflang=\"en\">en</a></p>\n"
		"<p><a href=\"https://example.com/\" rel=\"external\">web</a> <a "
		"href=\"mailto:a@example.org\">mail</a> "
		"draft none</p>\n<h2 id=\"x\">X</h2>\n");
	assert_text(render_page(s, "web", "en", "en/a.md").html,
		"<p><a href=\"en-b.html\">b</a> <a href=\"c.html\" hreflang=\"sv\">c</a> "
		"<a href=\"../sv/sv-b.html\" hreflang=\"sv\">sv</a></p>\n");
}

/* To the page that says so: on the web from a pack, and without a section, for it has none. */
static void links_to_a_withdrawn_sheet_lead_to_its_page(void **state)
{
	struct site *s = *state;

	put_linked_sheets(s);
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n[b](b.md#del) [en](../en/b.md#del)\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\nslug: sv-b\nwithdrawn: 2026-11-20\n---\n## Del\n");
	assert_true(site_load(s));
	assert_text(render_page(s, "web", "sv", "sv/a.md").html,
		"<p><a href=\"sv-b.html\">b</a> <a href=\"../en/en-b.html\" hreflang=\"en\">en</a></p>\n");
	assert_text(render_page(s, "p-sv", "sv", "sv/a.md").html,
		"<p><a href=\"https://example.org/f/sv/sv-b.html\" rel=\"external\">b</a> (på webben) "
		"<a href=\"https://example.org/f/en/en-b.html\" rel=\"external\">en</a> (på webben)</p>\n");
}

/* On an Arabic page the English text stands in: its links stay on Arabic pages. */
static void links_of_a_fallback_stay_in_the_pages_language(void **state)
{
	struct site *s = *state;

	put_linked_sheets(s);
	assert_text(render_page(s, "web", "ar", "en/a.md").html,
		"<p><a href=\"en-b.html\">b</a> <a href=\"c.html\" hreflang=\"sv\">c</a> "
		"<a href=\"../sv/sv-b.html\" hreflang=\"sv\">sv</a></p>\n");
}

static void links_that_leave_a_pack_lead_to_the_web_and_say_so(void **state)
{
	struct site *s = *state;

	put_linked_sheets(s);
	assert_text(render_page(s, "p-en", "en", "en/a.md").html,
		"<p><a href=\"en-b.html\">b</a> <a href=\"c.html\" hreflang=\"sv\">c</a> "
		"<a href=\"https://example.org/f/sv/sv-b.html\" rel=\"external\">sv</a> (on the web)</p>\n");
	assert_text(render_page(s, "staff", "en", "en/a.md").html,
		"<p><a href=\"en-b.html\">b</a> "
		"<a href=\"https://example.org/f/en/c.html\" rel=\"external\">c</a> (on the web) "
		"<a href=\"../sv/sv-b.html\" hreflang=\"sv\">sv</a></p>\n");
}

static void without_an_address_of_the_web_only_the_text_stands(void **state)
{
	struct site *s = *state;

	put_linked_sheets(s);
	s->project.catalog.config.base_url = (struct str){0};
	assert_text(render_page(s, "staff", "en", "en/a.md").html,
		"<p><a href=\"en-b.html\">b</a> c <a href=\"../sv/sv-b.html\" hreflang=\"sv\">sv</a></p>\n");
}

static void what_is_not_on_the_site_is_no_link_and_no_image(void **state)
{
	struct site *s = *state;

	assert_text(render(s, "[a](none.md) ![b](none.png) ![c](https://example.com/x.png) ![d](a.md) "
			      "[e](none.png)\n")
			    .html,
		"<p>a b c d e</p>\n");
}

static void images_and_files_get_their_address(void **state)
{
	struct site *s = *state;
	struct body b;
	const struct asset *picture, *paper;

	site_put_bytes(s, "content/sv/p.gif", STR("GIF89a\x03\0\x05\0\x80"));
	site_put(s, "content/papper.pdf", "%PDF");
	b = render(s, "![En *bild* av {days} \\& 1](p.gif \"T\") [pdf](../papper.pdf#page=2)\n");
	picture = map_get(&s->project.assets.media, STR("sv/p.gif"));
	paper = map_get(&s->project.assets.media, STR("papper.pdf"));
	assert_text(b.html, str_fmt(&s->arena,
				    "<p><img src=\"../%s\" alt=\"En bild av 14 &amp; 1\" title=\"T\" "
				    "width=\"3\" height=\"5\" /> "
				    "<a href=\"../%s\">pdf</a></p>\n",
				    picture->out.p, paper->out.p)
				    .p);
	assert_int_equal(b.mark_count, 0);
}

/* Citations as "[number:mark]" so that tests can be read. */
static struct str marks(struct site *s, struct str html)
{
	struct str rest = html, all = STR("");

	for (;;) {
		size_t at = str_find(rest, STR("\xE2\x81\xA0<sup class=\"cite\"><a id=\"ref-"));
		size_t end = str_find(rest, STR("</a></sup>"));
		struct str sup = str_slice(rest, at, end), mark, number;

		all = str_join(&s->arena, all, str_slice(rest, 0, at));
		if (at == rest.n)
			return all;
		sup = str_slice(sup, str_find(sup, STR("ref-")) + 4, sup.n);
		mark = str_slice(sup, 0, str_find_byte(sup, '"'));
		number = str_slice(sup, str_find(sup, STR("#source-")) + 8, sup.n);
		number = str_slice(number, 0, str_find_byte(number, '"'));
		all = STR_CONCAT(&s->arena, all, STR("["), number, STR(":"), mark, STR("]"));
		rest = str_slice(rest, end + 10, rest.n);
	}
}

#define assert_marks(s, text, expected) assert_text(marks((s), render((s), (text)).html), (expected))

static void a_mark_is_whole(void **state)
{
	struct site *s = *state;

	assert_text(render(s, "Så är det [@law, 20 kap. <2 §>].\n").html,
		"<p>Så är det\xE2\x81\xA0<sup class=\"cite\"><a id=\"ref-1\" href=\"#source-1\" "
		"aria-label=\"Källa 1, 20 kap. &lt;2 §&gt;\">[1]</a></sup>.</p>\n");
}

static void citations_are_numbered_by_first_use(void **state)
{
	struct site *s = *state;
	struct body b = render(s, "A [@other] b [@law] c [@other, 3 §].\n\nD [@third]\n[@law]\n");

	assert_text(marks(s, b.html), "<p>A[1:1] b[2:2] c[1:3].</p>\n<p>D[3:4][2:5]</p>\n");
	assert_int_equal(b.cited_count, 3);
	assert_text(b.cited[0].reference->id, "other");
	assert_text(b.cited[2].reference->id, "third");
	/* the chain of marks of the first */
	assert_int_equal(b.cited[0].first, 1);
	assert_int_equal(b.marks[0].next, 3);
	assert_int_equal(b.marks[2].next, 0);
	assert_int_equal(b.cited[0].last, 3);
	assert_text(b.marks[2].place, "3 §");
}

static void an_unknown_source_stays_as_it_was_written(void **state)
{
	struct site *s = *state;

	assert_text(render(s, "A [@none, <1>].\n").html, "<p>A [@none, &lt;1&gt;].</p>\n");
}

static void a_fact_cites_its_source_once_a_block(void **state)
{
	struct site *s = *state;

	assert_marks(s, "{days} och {days} och {weeks}.\n\n{days}\n",
		"<p>14[1:1] och 14 och 2[1:2].</p>\n<p>14[1:3]</p>\n");
	assert_marks(s, "- {days}\n- {days}\n", "<ul>\n<li>14[1:1]</li>\n<li>14[1:2]</li>\n</ul>\n");
	assert_marks(s, "{days, plural, one {# dag av {many}} other {# dagar av {many}}}\n",
		"<p>14 dagar av 12\xC2\xA0"
		"345[1:1][2:2]</p>\n");
}

static void a_citation_by_hand_wins(void **state)
{
	struct site *s = *state;

	assert_marks(s, "{days} och {many} [@law, 9 §].\n\n{days}\n",
		"<p>14 och 12\xC2\xA0"
		"345[1:1][2:2].</p>\n<p>14[2:3]</p>\n");
}

static void headings_links_and_phones_take_no_marks(void **state)
{
	struct site *s = *state;

	assert_marks(s, "## {days} dagar\n\n[{days}](b.md) [{days}](https://example.com/) {bris}\n",
		"<h2 id=\"days-dagar\">14 dagar</h2>\n"
		"<p>14 <a href=\"https://example.com/\" rel=\"external\">14</a> "
		"<a class=\"tel\" href=\"tel:+46116111\"><bdi dir=\"ltr\">+46 116 111</bdi></a></p>\n");
}

static void facts_have_their_forms(void **state)
{
	struct site *s = *state;

	assert_marks(s, "{share} {all} {day} {odd} {many, number, ::group-off} [@law] [@other] [@third]\n",
		"<p>7,5\xC2\xA0% 100\xC2\xA0% 1 mars 2026 &lt;b&gt; &amp; &quot;q&quot; "
		"12345[1:1][2:2][3:3]</p>\n");
	assert_marks(s, "[{bris}](https://example.com/)\n",
		"<p><a href=\"https://example.com/\" rel=\"external\"><bdi dir=\"ltr\">+46 116 "
		"111</bdi></a></p>\n");
	assert_marks(s, "{none} {share, number} [@other]\n", "<p>{none} 0,075[1:1]</p>\n");
}

static void money_and_ranges_have_their_forms(void **state)
{
	struct site *s = *state;

	assert_marks(s,
		"{ages} {ages, plural, one {# år} other {# år}} {few, plural, one {# barn (en)} other {# "
		"barn (fl)}} {fee} {fee, number, ::compact-short} {fee, plural, one {# krona} other {# "
		"kronor}} [@law]\n",
		/* CLDR gives Swedish the figure dash */
		"<p>0‒5 0‒5 år 0‒1 barn (fl) 1\xC2\xA0"
		"500\xC2\xA0kr 1,5\xC2\xA0tn\xC2\xA0kr 1\xC2\xA0"
		"500 kronor[1:1]</p>\n");
}

/* In a language that is written from the right they keep an order of their own. */
static void money_and_ranges_are_isolated(void **state)
{
	struct site *s = *state;

	site_put(s, "content/ar/a.md", "---\ntitle: A\n---\n{ages} {fee} [@law]\n");
	render(s, "x\n");
	assert_text(marks(s, render_page(s, "web", "ar", "ar/a.md").html),
		"<p><bdi dir=\"ltr\">0–5</bdi> <bdi dir=\"rtl\">\xE2\x80\x8F"
		"1,500\xC2\xA0SEK</bdi>[1:1]</p>\n");
}

/* After a Latin name a number would go on in the name's direction. */
static void numbers_do_not_follow_a_latin_name(void **state)
{
	struct site *s = *state;
	struct body b;

	site_put(s, "content/ar/a.md",
		"---\ntitle: A\n---\n## Skärholmen {days} {#x}\n\n"
		"Skärholmen {days} {days, plural, zero {# z} one {# o} two {# t} few {# f} many {# m} other "
		"{# x}} "
		"{share} {day} {odd} [@law] [@other]\n");
	render(s, "Skärholmen {days} {share} {day} [@law] [@other]\n");
	b = render_page(s, "web", "ar", "ar/a.md");
	assert_text(marks(s, b.html),
		"<h2 id=\"x\">Skärholmen <bdi>14</bdi></h2>\n"
		"<p>Skärholmen <bdi>14</bdi> <bdi>14</bdi> m <bdi>7.5\xE2\x80\x8E%\xE2\x80\x8E</bdi> "
		"<bdi>01\xE2\x80\x8F/03\xE2\x80\x8F/2026</bdi> &lt;b&gt; &amp; "
		"&quot;q&quot;[1:1][2:2]</p>\n");
	assert_text(value_get(&b.toc.list->items[0], STR("title"))->text, "Skärholmen \xE2\x81\xA8"
									  "14\xE2\x81\xA9");
	assert_text(marks(s, render_page(s, "web", "ar", "sv/a.md").html),
		"<p>Skärholmen 14 7,5\xC2\xA0% 1 mars 2026[1:1][2:2]</p>\n");
}

static void a_fallback_speaks_its_own_language(void **state)
{
	struct site *s = *state;

	render(s, "{day} {many} [@law] [@third]\n\n> [!NOTE]\n> x\n");
	assert_text(marks(s, render_page(s, "web", "ar", "sv/a.md").html),
		"<p>1 mars 2026 12\xC2\xA0"
		"345[1:1][2:2]</p>\n"
		"<div class=\"callout callout-note\" role=\"note\">\n<p class=\"callout-label\"><strong>Bra "
		"att "
		"veta</strong></p>\n"
		"<p>x</p>\n</div>\n");
}

static void the_contents_are_headings_of_level_two(void **state)
{
	struct site *s = *state;
	struct body b = render(s,
		"# Ett\n\n## {share} *av* {days} `x` [@law] [l](https://example.com/) {#a}\n\n### Under\n\n"
		"> ## Citerad\n\nTvå\nrader\n---\n");
	const struct value *items = b.toc.list->items;

	assert_int_equal(b.toc.list->len, 2);
	assert_text(value_get(&items[0], STR("id"))->text, "a");
	assert_text(value_get(&items[0], STR("title"))->text, "7,5\xC2\xA0% av 14 x  l");
	assert_text(value_get(&items[1], STR("title"))->text, "Två rader");
}

/* A hundred thousand citations of ten thousand sources: what is quadratic would take minutes. */
static void many_citations_take_no_time(void **state)
{
	struct site *s = *state;
	struct buf text, sources;
	struct body b;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_init(&sources, BUF_MAX_DEFAULT);
	for (int i = 0; i < 10000; i++)
		buf_addf(&sources, "s%d: {title: T}\n", i);
	for (int i = 0; i < 50000; i++)
		buf_addf(&text, "[@s%d] ", i % 10000);
	site_put(s, "content/data/sources.yaml", sources.p);
	b = render(s, text.p);
	assert_int_equal(b.mark_count, 50000);
	assert_int_equal(b.cited_count, 10000);
	assert_int_equal(b.cited[9999].last, 50000);
	buf_release(&text);
	buf_release(&sources);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(links_lead_to_the_pages_language),
		TEST(links_to_a_withdrawn_sheet_lead_to_its_page),
		TEST(links_of_a_fallback_stay_in_the_pages_language),
		TEST(links_that_leave_a_pack_lead_to_the_web_and_say_so),
		TEST(without_an_address_of_the_web_only_the_text_stands),
		TEST(what_is_not_on_the_site_is_no_link_and_no_image),
		TEST(images_and_files_get_their_address),
		TEST(a_mark_is_whole),
		TEST(citations_are_numbered_by_first_use),
		TEST(an_unknown_source_stays_as_it_was_written),
		TEST(a_fact_cites_its_source_once_a_block),
		TEST(a_citation_by_hand_wins),
		TEST(headings_links_and_phones_take_no_marks),
		TEST(facts_have_their_forms),
		TEST(money_and_ranges_have_their_forms),
		TEST(money_and_ranges_are_isolated),
		TEST(numbers_do_not_follow_a_latin_name),
		TEST(a_fallback_speaks_its_own_language),
		TEST(the_contents_are_headings_of_level_two),
		TEST(many_citations_take_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
