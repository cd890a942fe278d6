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

/* Its translations leave out most of what the source texts say, and not every sheet has a date:
 * tests/sites/parity and tests/sites/freshness look at that. */
#define NO_PARITY                                                                                            \
	"severity: {parity/section: off, parity/callout: off, parity/list: off, parity/block: off, "         \
	"parity/link: off, "                                                                                 \
	"parity/citation: off, parity/fact: off, parity/number: off, parity/term: off, "                     \
	"freshness/no-date: off}\n"

/* A site with nothing to say about it. */
static void put_good_site(struct site *s)
{
	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\neditions: {p: {face: folder}}\n" NO_PARITY);
	site_put(s, "content/data/facts.yaml",
		"days: {type: integer, value: 14, source: law}\n"
		"name: {type: text, value: x, source: law}\n"
		"when: {type: date, value: 2026-01-01, source: law}\n"
		"bris: {type: phone, value: 116 111, source: law}\n");
	site_put(s, "content/data/sources.yaml", "law: {title: Lag}\nother: {title: Annan}\n");
	site_put(s, "content/sv/a.md",
		"---\ntitle: A\nslug: sidan\naliases: [gammal]\nsources: [other]\nreview_by: "
		"2027-01-01\n---\n"
		"{days, plural, one {# dag} other {# dagar}} {name} {when, date, long} {bris} [@law, 2 §]\n"
		"[b](b.md#del) ![Bild](p.png)\n\n"
		"> [!FACT]\n> f\n\n> [!MYTH]\n> m\n\n> [!WHY]\n> w\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\n---\n## Del\n");
	site_put(s, "content/en/a.md", "---\ntitle: A\n---\n[b](b.md#del)\n");
	site_put(s, "content/en/b.md", "---\ntitle: B\n---\n## Del\n");
	site_put_picture(s, "content/sv/p.png", "x");
}

static void a_good_site_has_nothing_said(void **state)
{
	struct site *s = *state;

	put_good_site(s);
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag, "");
}

/* The good site with one file changed: what is said then, all of it. */
static const struct change {
	const char *path, *text, *said, *hint;
} changes[] = {
	/* links and images */
	{"content/en/a.md", "---\ntitle: A\n---\nx [b](c.md)\n", "content/en/a.md:4:3 link/broken\n",
		"did you mean “a.md”?"},
	{"content/en/a.md", "---\ntitle: A\n---\n[b](elsewhere/else.md)\n",
		"content/en/a.md:4:1 link/broken\n",
		"links between sheets name the file, for example “other-sheet.md#section”"},
	{"content/en/a.md", "---\ntitle: A\n---\n[b](b.md#dell)\n", "content/en/a.md:4:1 link/anchor\n",
		"did you mean “#del”?"},
	{"content/en/a.md", "---\ntitle: A\n---\n[b](#somewhere)\n", "content/en/a.md:4:1 link/anchor\n",
		"give the heading an id: “## Heading {#somewhere}”"},
	{"content/en/a.md", "---\ntitle: A\n---\n[b](javascript:x)\n", "content/en/a.md:4:1 link/unsafe\n",
		NULL},
	{"content/en/b.md", "---\ntitle: B\ndraft: true\n---\n", "content/en/b.md translation/missing\n",
		NULL},
	{"content/sv/b.md", "---\ntitle: B\ndraft: true\n---\n",
		"content/en/b.md:1:1 sheet/no-source-language\ncontent/sv/a.md:9:1 link/broken\n", NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n![x](q.png)\n", "content/en/a.md:4:1 markdown/image\n",
		"put the image beside the sheet and name the file"},
	{"content/en/a.md", "---\ntitle: A\n---\n![x](https://example.org/q.png)\n",
		"content/en/a.md:4:1 markdown/image\n", NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n![x](b.md)\n", "content/en/a.md:4:1 markdown/image\n", NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n![](../sv/p.png)\n",
		"content/en/a.md:4:1 markdown/missing-alt\n", NULL},
	{"content/en/q.pdf", "x", "content/en/q.pdf file/stray\n", NULL},
	{"content/sv/p.png", "x", "content/sv/p.png markdown/image\n",
		"it may be cut off, or of another format than its name says"},
	/* facts and sources */
	{"content/en/a.md", "---\ntitle: A\n---\nx {dais}\n", "content/en/a.md:4:4 fact/unknown\n",
		"did you mean “days”?"},
	{"content/en/a.md", "---\ntitle: A\n---\n{somethingelse}\n", "content/en/a.md:4:2 fact/unknown\n",
		"facts are written in content/data/facts.yaml"},
	{"content/en/a.md", "---\ntitle: A\n---\n{name, number}\n", "content/en/a.md:4:2 fact/wrong-type\n",
		NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n{bris, plural, one {a} other {b}}\n",
		"content/en/a.md:4:2 fact/wrong-type\n", NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n{days, date}\n", "content/en/a.md:4:2 fact/wrong-type\n",
		NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n{when, list}\n", "content/en/a.md:4:2 fact/wrong-type\n",
		NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n{days, select, a {x} other {y}}\n",
		"content/en/a.md:4:2 fact/wrong-type\n", NULL},
	{"content/en/a.md", "---\ntitle: A\n---\nx [@lav]\n", "content/en/a.md:4:3 source/unknown\n",
		"did you mean “law”?"},
	{"content/en/a.md", "---\ntitle: A\nsources: [law, lagen]\n---\n",
		"content/en/a.md:3:10 source/unknown\n", "sources are written in content/data/sources.yaml"},
	{"content/data/facts.yaml",
		"days: {type: integer, value: 14, source: law}\nname: {type: text, value: x, source: law}\n"
		"when: {type: date, value: 2026-01-01, source: law}\nbris: {type: phone, value: 116 111, "
		"source: law}\n"
		"more: {type: text, value: x, source: law}\n",
		"content/data/facts.yaml:5:1 fact/unused\n", "use it as “{more}”, or remove it"},
	{"content/data/facts.yaml",
		"days: {type: integer, value: 14, source: lav}\nname: {type: text, value: x, source: law}\n"
		"when: {type: date, value: 2026-01-01, source: law}\nbris: {type: phone, value: 116 111, "
		"source: law}\n",
		"content/data/facts.yaml:1:1 source/unknown\n", "did you mean “law”?"},
	{"content/data/sources.yaml", "law: {title: Lag}\nother: {title: Annan}\nmore: {title: Till}\n",
		"content/data/sources.yaml:3:1 source/unused\n", NULL},
	/* claims */
	{"content/en/a.md", "---\ntitle: A\n---\n> [!MYTH]\n> m\n", "content/en/a.md:4:1 claim/order\n",
		NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n> [!FACT]\n> f\n\nx\n\n> [!MYTH]\n> m\n\n> [!WHY]\n> w\n",
		"content/en/a.md:9:1 claim/order\n", NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n> [!FACT]\n> f\n\n> [!MYTH]\n> m\n",
		"content/en/a.md:7:1 claim/order\n", NULL},
	{"content/en/a.md", "---\ntitle: A\n---\n> [!FACT]\n> f\n\n> [!WHY]\n> w\n", "", NULL},
	/* sheets */
	{"content/en/a.md", "---\ntitle: A\nslug: b\n---\n", "content/en/b.md:2:8 sheet/duplicate-slug\n",
		"give one of them another “slug” or “aliases”"},
	{"content/en/b.md", "---\ntitle: B\nslug: a\n---\n## Del\n",
		"content/en/b.md:3:7 sheet/duplicate-slug\n", NULL},
	{"content/en/b.md", "---\ntitle: B\naliases: [x, a]\n---\n## Del\n",
		"content/en/b.md:3:10 sheet/duplicate-slug\n", NULL},
	{"content/en/b.md", "---\ntitle: B\naliases: [b]\n---\n## Del\n",
		"content/en/b.md:3:10 sheet/duplicate-slug\n", NULL},
	{"content/en/b.md", "---\ntitle: B\nslug: index\n---\n## Del\n", "content/en/b.md:3:7 file/name\n",
		"rename the file, or give it another “slug”"},
	{"content/en/packs.md", "---\ntitle: P\n---\n",
		"content/en/packs.md:1:1 sheet/no-source-language\ncontent/en/packs.md:2:8 file/name\n",
		NULL},
	{"content/sv/c.md", "---\ntitle: C\n---\n", "content/en/c.md translation/missing\n", NULL},
	{"content/en/c.md", "---\ntitle: C\n---\n", "content/en/c.md:1:1 sheet/no-source-language\n", NULL},
	{"content/sv/c.md", "---\ntitle: C\nslug: a\n---\n",
		"content/en/a.md:2:8 sheet/duplicate-slug\ncontent/en/c.md translation/missing\n", NULL},
	{"content/sv/b.md", "---\ntitle: B\nreview_by: 2026-11-19\n---\n## Del\n",
		"content/sv/b.md:2:8 freshness/overdue\n", NULL},
	{"content/sv/b.md", "---\ntitle: B\nreview_by: 2026-11-20\n---\n## Del\n",
		"content/sv/b.md:2:8 freshness/soon\n", NULL},
	/* editions */
	{"faktablad.yaml",
		"languages: {sv: , en: }\neditions: {p: {face: folder}, none: {face: folder, languages: "
		"[]}}\n" NO_PARITY,
		"faktablad.yaml edition/empty\n", NULL},
};

static void each_rule_is_said_once_at_its_place(void **state)
{
	struct site *s = *state;

	s->options.today = (struct date){2026, 11, 20};
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		const struct change *c = &changes[i];

		site_remove(s, "content");
		put_good_site(s);
		site_put(s, c->path, c->text);
		site_load(s);
		assert_said_of(&s->arena, &s->project.diag, c->said, c->text);
		if (c->hint) {
			assert_int_equal(s->project.diag.len, 1);
			assert_text(s->project.diag.items[0].hint, c->hint);
		}
	}
}

static void overdue_is_judged_only_when_a_day_is_given(void **state)
{
	struct site *s = *state;

	put_good_site(s);
	site_put(s, "content/en/c.md", "---\ntitle: C\nreview_by: 2020-01-01\n---\n");
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag, "content/en/c.md:1:1 sheet/no-source-language\n");
	s->options.today = (struct date){2026, 11, 20};
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag,
		"content/en/c.md:1:1 sheet/no-source-language\ncontent/en/c.md:2:8 freshness/overdue\n");
}

/* Messages and templates of the site's own. */
static const char good_locale[] = "site: {title: T, lead: L}\n"
				  "callout: {fact: F, myth: M, why: W, note: N, help: H}\n"
				  "cite: {label: 'K {number}'}\n"
				  "error404: {title: N}\n"
				  "own: 'x {a}'\n";
static const char good_template[] = "{{#t}}own{{/t}}";

static void put_own_texts(struct site *s)
{
	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
	site_put(s, "content/en/a.md", "---\ntitle: A\n---\n");
	site_put(s, "locales/sv.yaml", good_locale);
	site_put(s, "locales/en.yaml", good_locale);
	site_put_templates(s, good_template);
}

static struct str locale_with(struct site *s, const char *line)
{
	return str_fmt(&s->arena, "%s%s\n", good_locale, line);
}

static void good_messages_have_nothing_said(void **state)
{
	struct site *s = *state;

	put_own_texts(s);
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag, "");
}

static const struct change message_changes[] = {
	{"templates/sheet.mustache", "x\n {{#t}} onw {{/t}}",
		"templates/sheet.mustache:2:9 message/missing\n", "did you mean “own”?"},
	{"templates/sheet.mustache", "{{#t}}something.else{{/t}}",
		"templates/sheet.mustache:1:7 message/missing\n",
		"add it to the locale file of the source language"},
	{"locales/sv.yaml",
		"site: {title: T}\ncallout: {fact: F, myth: M, why: W, note: N, help: H}\ncite: {label: 'K "
		"{number}'}\n"
		"error404: {title: N}\nown: 'x {a}'\n",
		"locales/en.yaml:1:18 message/unused\nlocales/sv.yaml message/missing\n", NULL},
	{"locales/sv.yaml", "+more: x",
		"locales/en.yaml:1:1 message/untranslated\nlocales/sv.yaml:6:1 message/unused\n", NULL},
	{"locales/en.yaml", "+more: x", "locales/en.yaml:6:1 message/unused\n", NULL},
	{"locales/en.yaml",
		"site: {title: T, lead: L}\ncallout: {fact: F, myth: M, why: W, note: N, help: H}\n"
		"cite: {label: 'K {number}'}\nerror404: {title: N}\n",
		"locales/en.yaml:1:1 message/untranslated\n", NULL},
	{"locales/en.yaml",
		"site: {title: T, lead: L}\ncallout: {fact: F, myth: M, why: W, note: N, help: H}\n"
		"cite: {label: 'K {number}'}\nerror404: {title: N}\nown: 'x {b}'\n",
		"locales/en.yaml:5:10 message/unknown-argument\n",
		"use the arguments of the source language's message"},
	{"templates/extra.mustache", "{{>none}}", "templates/extra.mustache:1:1 template/missing-partial\n",
		NULL},
	{"content/sv/a.md", "---\ntitle: A\naliases: [x]\n---\n", "", NULL},
};

static void each_rule_of_messages_is_said_once_at_its_place(void **state)
{
	struct site *s = *state;

	for (size_t i = 0; i < COUNT_OF(message_changes); i++) {
		const struct change *c = &message_changes[i];

		site_remove(s, "templates");
		put_own_texts(s);
		site_put(s, c->path, c->text[0] == '+' ? locale_with(s, c->text + 1).p : c->text);
		site_load(s);
		assert_said_of(&s->arena, &s->project.diag, c->said, c->text);
		if (c->hint)
			assert_text(s->project.diag.items[0].hint, c->hint);
	}
}

static void the_programs_messages_get_no_other_arguments(void **state)
{
	struct site *s = *state;

	put_own_texts(s);
	site_put(s, "locales/sv.yaml",
		"site: {title: 'T {x}', lead: L}\ncallout: {fact: F, myth: M, why: W, note: N, help: H}\n"
		"cite: {label: 'K {nummer}'}\nerror404: {title: N}\nown: 'x {a}'\n");
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag,
		"locales/en.yaml:3:19 message/unknown-argument\n" /* its source does not take “number” */
		"locales/sv.yaml:1:19 message/unknown-argument\n"
		"locales/sv.yaml:3:19 message/unknown-argument\n");
}

static void a_language_without_messages_is_said(void **state)
{
	struct site *s = *state;

	put_own_texts(s);
	site_remove(s, "locales/en.yaml");
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag, "locales/en.yaml message/untranslated\n");
}

static void templates_that_pages_need_are_missed(void **state)
{
	struct site *s = *state;

	put_own_texts(s);
	site_remove(s, "templates");
	site_put(s, "templates/sheet.mustache", good_template);
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag,
		"templates/404.mustache template/missing-partial\n"
		"templates/choose.mustache template/missing-partial\n"
		"templates/index.mustache template/missing-partial\n");
	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\neditions: {p: {face: folder}}\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\naliases: [x]\n---\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_TEMPLATE_PARTIAL),
		"templates/404.mustache template/missing-partial\n"
		"templates/about.mustache template/missing-partial\n"
		"templates/alias.mustache template/missing-partial\n"
		"templates/choose.mustache template/missing-partial\n"
		"templates/index.mustache template/missing-partial\n"
		"templates/packs.mustache template/missing-partial\n"
		"templates/start.mustache template/missing-partial\n");
}

static void what_a_publisher_fills_in_is_asked_for(void **state)
{
	struct site *s = *state;

	site_put_templates(s, "x");
	site_put(s, "content/sv/fel.md", "---\ntitle: Fel\ntype: page\n---\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\n---\n");
	site_put(s, "faktablad.yaml", "languages: {sv: }\npublisher:\nfeedback: ~\npages: {report: b}\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_SITE_NO_PUBLISHER),
		"faktablad.yaml:2:1 site/no-publisher\n");
	assert_text(said_of(&s->arena, &s->project.diag, RULE_SITE_NO_FEEDBACK),
		"faktablad.yaml:3:1 site/no-feedback\n");
	assert_text(
		said_of(&s->arena, &s->project.diag, RULE_LINK_BROKEN), "faktablad.yaml:4:17 link/broken\n");
	site_put(s, "faktablad.yaml",
		"languages: {sv: }\npublisher: Ort\nfeedback: mailto:a@example.org\npages: {report: fel}\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_SITE_NO_PUBLISHER), "");
	assert_text(said_of(&s->arena, &s->project.diag, RULE_SITE_NO_FEEDBACK), "");
	assert_text(said_of(&s->arena, &s->project.diag, RULE_LINK_BROKEN), "");
}

/* Two hundred thousand broken links on a site of two thousand sheets: hints are only looked for where they
 * are kept. */
static void a_flood_of_broken_links_takes_no_time(void **state)
{
	struct site *s = *state;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addz(&text, "---\ntitle: A\n---\n");
	for (int i = 0; i < 70000; i++)
		buf_addz(&text, "[a](bladx.md) ");
	site_put(s, "faktablad.yaml", "languages: {sv: }\n");
	for (int i = 0; i < 1990; i++)
		site_put(s, str_fmt(&s->arena, "content/sv/blad%d.md", i).p, "---\ntitle: A\n---\n");
	for (int i = 0; i < 3; i++)
		site_put_bytes(s, str_fmt(&s->arena, "content/sv/x%d.md", i).p, buf_str(&text));
	assert_true(site_load(s));
	assert_int_equal(project_errors(&s->project), 210000);
	assert_int_equal(s->project.diag.len, DIAG_MAX_ITEMS);
	buf_release(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_good_site_has_nothing_said),
		TEST(each_rule_is_said_once_at_its_place),
		TEST(overdue_is_judged_only_when_a_day_is_given),
		TEST(good_messages_have_nothing_said),
		TEST(each_rule_of_messages_is_said_once_at_its_place),
		TEST(the_programs_messages_get_no_other_arguments),
		TEST(a_language_without_messages_is_said),
		TEST(templates_that_pages_need_are_missed),
		TEST(what_a_publisher_fills_in_is_asked_for),
		TEST(a_flood_of_broken_links_takes_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
