#include "output/page.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml",
		"base_url: https://example.org/f/\n"
		"languages: {sv: , en: , ar: {fallback: [en, sv]}}\n"
		"editions: {web: {face: web}, p: {face: folder, each: language}, all: {face: folder}}\n");
	site_put(s, "content/data/sources.yaml",
		"law: {title: Lag, publisher: Riksdagen, number: '2025:400', date: 2025-06-01, url: "
		"'https://x.org/', "
		"language: sv}\nplain: {title: Enkel}\nextra: {title: Extra}\n");
	site_put(s, "content/sv/a.md",
		"---\ntitle: A & co\ndescription: Om a\nweight: 1\naliases: [gamla-a]\nreviewed: 2026-03-01\n"
		"review_by: 2027-03-01\naudience: guardian\nsources: [extra, law]\n---\n"
		"x [@plain, 2 §] y [@law] z [@plain]\n\n## Ett\n\n## Två\n\n## Tre\n");
	site_put(s, "content/en/a.md",
		"---\ntitle: A in English\nslug: a-en\ntranslation: {status: machine}\n---\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\nweight: 2\naudience: staff\n---\n");
	site_put(s, "content/sv/c.md", "---\ntitle: C\nweight: 3\n---\n");
	site_put(s, "content/ar/c.md", "---\ntitle: C\ntranslation: {status: translated}\n---\n");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static size_t language(struct site *s, const char *tag)
{
	return config_language(&s->project.catalog.config, str_from(tag))->index;
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

static void open_view(struct site *s, struct view *v, struct view *web, const char *name)
{
	const struct edition *e = edition(s, name);
	const struct catalog *c = &s->project.catalog;
	struct worker *w = &s->project.workers.of[0];

	view_init(web, &s->arena, c, config_web(&c->config), &s->project.assets, NULL, true, w);
	view_init(v, &s->arena, c, e, &s->project.assets, e->face == FACE_WEB ? NULL : &web->graph,
		e->face == FACE_WEB, w);
}

static const struct pack_info packs[2] = {
	{.name = STR_INIT("p-sv.zip"), .size = 181500, .sheet_count = 3, .digest = {{0xAB}}},
	{.name = STR_INIT("all.zip"), .size = 2345678, .sheet_count = 3},
};

static struct str render(struct site *s, const char *name, struct page p)
{
	struct worker *w = &s->project.workers.of[0];
	struct pack_info infos[2] = {packs[0], packs[1]};
	struct edition first = *edition(s, "p-sv");
	struct issue issue = {
		.date = {2026, 11, 20}, .pack_id = STR("p-sv-12345678"), .packs = infos, .pack_count = 2};
	struct page_cache cache = {0};
	struct view v, web;
	struct str text;
	struct buf out;

	first.audience = AUDIENCE_STAFF;
	infos[0].edition = &first;
	infos[1].edition = edition(s, "all");
	open_view(s, &v, &web, name);
	buf_init(&out, BUF_MAX_DEFAULT);
	assert_true(page_render(&out, &v, w, &cache, &p, &issue));
	text = str_dup(&s->arena, buf_str(&out));
	buf_release(&out);
	arena_release(&cache.arena);
	return text;
}

/* Loads the site with one template of its own and renders a page with it. */
static struct str show(struct site *s, const char *template, const char *name, enum page_kind kind,
	const char *tag, const char *path)
{
	struct page p = {.kind = kind};

	site_put(s, str_fmt(&s->arena, "templates/%s.mustache", page_template(kind)).p, template);
	site_put_templates(s, "x");
	assert_true(site_load(s));
	assert_int_equal(project_errors(&s->project), 0);
	p.language = language(s, tag);
	p.sheet = path ? site_text(s, path)->sheet : NULL;
	if (kind == PAGE_ALIAS)
		p.alias = site_text(s, path)->aliases[0];
	return render(s, name, p);
}

#define SWITCHER                                                                                             \
	"{{#languages}}{{tag}} {{dir}} {{name}} {{href}}{{#current}} current{{/current}}"                    \
	"{{#missing}} missing{{/missing}}{{#source}} source{{/source}}\n{{/languages}}"
#define ALTERNATES "canonical {{canonical}}\n{{#alternates}}{{hreflang}} {{href}}\n{{/alternates}}"

static void the_switcher_offers_every_language(void **state)
{
	struct site *s = *state;

	assert_text(show(s, SWITCHER, "web", PAGE_SHEET, "en", "sv/a.md"),
		"sv ltr svenska ../sv/a.html source\n"
		"en ltr English ../en/a-en.html current\n"
		"ar rtl العربية ../ar/a-en.html missing\n");
	assert_text(show(s, SWITCHER, "web", PAGE_INDEX, "sv", NULL),
		"sv ltr svenska ../sv/index.html current source\n"
		"en ltr English ../en/index.html\n"
		"ar rtl العربية ../ar/index.html\n");
	assert_text(show(s, SWITCHER, "web", PAGE_PACKS, "sv", NULL),
		"sv ltr svenska ../sv/packs.html current source\n"
		"en ltr English ../en/packs.html\n"
		"ar rtl العربية ../ar/packs.html\n");
	assert_text(show(s, SWITCHER, "all", PAGE_START, "sv", NULL),
		"sv ltr svenska sv/index.html current source\n"
		"en ltr English en/index.html\n"
		"ar rtl العربية ar/index.html\n");
	assert_text(show(s, SWITCHER, "p-en", PAGE_SHEET, "en", "sv/b.md"),
		"en ltr English ../en/b.html current missing\n");
	assert_text(show(s, SWITCHER, "web", PAGE_404, "sv", NULL),
		"sv ltr svenska /f/sv/index.html current source\n"
		"en ltr English /f/en/index.html\n"
		"ar rtl العربية /f/ar/index.html\n");
}

static void alternates_are_texts_of_the_languages_own(void **state)
{
	struct site *s = *state;

	assert_text(show(s, ALTERNATES, "web", PAGE_SHEET, "en", "sv/a.md"),
		"canonical https://example.org/f/en/a-en.html\n"
		"sv https://example.org/f/sv/a.html\n"
		"en https://example.org/f/en/a-en.html\n"
		"x-default https://example.org/f/sv/a.html\n");
	/* a fallback is the page that it comes from */
	assert_text(show(s, ALTERNATES, "web", PAGE_SHEET, "ar", "sv/a.md"),
		"canonical https://example.org/f/en/a-en.html\n");
	assert_text(show(s, ALTERNATES, "web", PAGE_ALIAS, "sv", "sv/a.md"),
		"canonical https://example.org/f/sv/a.html\n");
	assert_text(show(s, ALTERNATES, "web", PAGE_INDEX, "en", NULL),
		"canonical https://example.org/f/en/index.html\n"
		"sv https://example.org/f/sv/index.html\n"
		"en https://example.org/f/en/index.html\n"
		"ar https://example.org/f/ar/index.html\n"
		"x-default https://example.org/f/index.html\n");
	assert_text(show(s, ALTERNATES, "web", PAGE_CHOOSE, "sv", NULL),
		"canonical https://example.org/f/index.html\n"
		"sv https://example.org/f/sv/index.html\n"
		"en https://example.org/f/en/index.html\n"
		"ar https://example.org/f/ar/index.html\n"
		"x-default https://example.org/f/index.html\n");
	assert_text(show(s, ALTERNATES, "web", PAGE_404, "sv", NULL), "canonical \n");
	assert_text(show(s, ALTERNATES, "p-sv", PAGE_SHEET, "sv", "sv/a.md"), "canonical \n");
}

/* The languages that a fallback comes from need not be on the web. */
static void a_fallback_from_a_language_that_is_not_on_the_web_stands_for_itself(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml",
		"base_url: https://example.org/f/\nlanguages: {sv: , en: , ar: {fallback: [en, sv]}}\n"
		"editions: {web: {face: web, languages: [en, ar]}, p: {face: folder, each: language}, all: "
		"{face: folder}}\n");
	assert_text(show(s, ALTERNATES, "web", PAGE_SHEET, "en", "sv/b.md"),
		"canonical https://example.org/f/en/b.html\n");
	assert_text(show(s, "{{web_href}}", "p-sv", PAGE_SHEET, "sv", "sv/b.md"), "");
	assert_text(show(s, "{{web_href}}", "p-sv", PAGE_START, "sv", NULL), "");
}

static void without_an_address_nothing_absolute_is_said(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml",
		"languages: {sv: , en: , ar: }\neditions: {p: {face: folder, each: language}, all: {face: "
		"folder}}\n");
	assert_text(show(s, ALTERNATES, "web", PAGE_SHEET, "sv", "sv/a.md"), "canonical \n");
	assert_text(show(s, "{{web_href}}", "all", PAGE_SHEET, "sv", "sv/a.md"), "");
	assert_text(show(s, "{{home}}", "web", PAGE_404, "sv", NULL), "/sv/index.html");
}

static void a_pack_says_where_the_newest_version_is(void **state)
{
	struct site *s = *state;

	assert_text(
		show(s, "{{web_href}} {{about_href}} {{packs_href}}", "p-en", PAGE_SHEET, "en", "sv/a.md"),
		"https://example.org/f/en/a-en.html ../about.html ");
	assert_text(show(s, "{{web_href}}", "p-en", PAGE_START, "en", NULL),
		"https://example.org/f/en/index.html");
	assert_text(show(s, "{{web_href}} {{packs_href}}", "web", PAGE_SHEET, "en", "sv/a.md"),
		" ../en/packs.html");
	assert_text(show(s, "{{#extract_first}}{{lang}} {{dir}} {{text}}\n{{/extract_first}}", "all",
			    PAGE_SHEET, "en", "sv/a.md"),
		"sv ltr Packa upp först.\nen ltr Extract first.\nar rtl Extract first.\n");
	assert_text(show(s, "{{#extract_first}}x{{/extract_first}}", "web", PAGE_INDEX, "en", NULL), "");
}

static void a_sheets_data(void **state)
{
	struct site *s = *state;

	assert_text(show(s,
			    "{{lang}} {{dir}} {{root}} {{content_lang}} {{content_dir}} {{title}} | "
			    "{{head_title}} | "
			    "{{description}} | {{#fallback}}{{tag}} {{name}} {{native}}{{/fallback}} | "
			    "{{#machine}}m{{/machine}}"
			    "{{#translated}}t{{/translated}} | {{reviewed_iso}} {{review_by_iso}} "
			    "{{#t}}sheet.reviewed{{/t}} | "
			    "{{#for_guardian}}g{{/for_guardian}}{{#for_staff}}s{{/for_staff}} | "
			    "{{site_title}} {{home}} "
			    "{{#is_sheet}}s{{/is_sheet}}{{#is_index}}i{{/is_index}}{{#is_web}}w{{/"
			    "is_web}}{{#is_pack}}p{{/is_pack}} "
			    "{{source_name}} {{source_lang}}",
			    "web", PAGE_SHEET, "en", "sv/a.md"),
		"en ltr ../ en ltr A in English | A in English – Trial site |  |  | m | 2026-03-01 "
		"2027-03-01 "
		"Reviewed March 1, 2026. | g | Trial site ../en/index.html sw engelska sv");
	assert_text(show(s,
			    "{{lang}} {{dir}} {{content_lang}} {{content_dir}} {{#fallback}}{{tag}} {{name}} "
			    "{{native}}{{/fallback}} {{#machine}}m{{/machine}} "
			    "{{#for_guardian}}g{{/for_guardian}}"
			    "{{#for_staff}}s{{/for_staff}} {{#reviewed}}r{{/reviewed}}",
			    "web", PAGE_SHEET, "en", "sv/c.md"),
		"en ltr sv ltr sv Swedish svenska  gs ");
}

static void neighbours_are_in_the_pages_language(void **state)
{
	struct site *s = *state;
	const char *template = "{{#previous}}{{title}} {{href}} {{lang}} {{dir}}{{/previous}}|"
			       "{{#next}}{{title}} {{href}} {{lang}} {{dir}}{{/next}}";

	assert_text(show(s, template, "web", PAGE_SHEET, "en", "sv/a.md"), "|C c.html sv ltr");
	assert_text(show(s, template, "web", PAGE_SHEET, "ar", "sv/c.md"), "A in English a-en.html en ltr|");
	/* the staff's are a line of their own */
	assert_text(show(s, template, "web", PAGE_SHEET, "sv", "sv/b.md"), "|");
	site_put(s, "content/sv/d.md", "---\ntitle: D\nweight: 1\naudience: staff\n---\n");
	site_put(s, "content/sv/e.md", "---\ntitle: E\nweight: 2\naudience: [staff, guardian]\n---\n");
	assert_text(show(s, template, "web", PAGE_SHEET, "sv", "sv/b.md"), "D d.html sv ltr|");
	assert_text(show(s, template, "web", PAGE_SHEET, "sv", "sv/e.md"),
		"A &amp; co a.html sv ltr|C c.html sv ltr");
}

static void sources_stand_in_order_with_their_places(void **state)
{
	struct site *s = *state;

	assert_text(show(s,
			    "{{#sources}}{{number}} {{anchor}} {{title}} {{title_lang}} {{publisher}} "
			    "{{register}} {{date_iso}} "
			    "{{url}}{{#refs}} ({{href}} {{label}}){{/refs}}{{#cited}} "
			    "cited{{/cited}}{{#located}} located{{/located}}\n"
			    "{{/sources}}{{#has_sources}}yes{{/has_sources}} "
			    "{{#has_toc}}{{#toc}}{{id}}={{title}} {{/toc}}{{/has_toc}}",
			    "web", PAGE_SHEET, "sv", "sv/a.md"),
		"1 source-1 Enkel sv     (#ref-1 2 §) (#ref-3 2) cited located\n"
		"2 source-2 Lag sv Riksdagen 2025:400 2025-06-01 https://x.org/ (#ref-2 1) cited\n"
		"3 source-3 Extra sv    \nyes ett=Ett tva=Två tre=Tre ");
	assert_text(show(s, "{{#has_sources}}yes{{/has_sources}}{{#has_toc}}toc{{/has_toc}}", "web",
			    PAGE_SHEET, "sv", "sv/b.md"),
		"");
}

static void an_index_lists_its_sheets(void **state)
{
	struct site *s = *state;

	assert_text(show(s,
			    "{{sheet_count}}\n{{#sheets}}{{title}} ({{description}}) {{href}} {{lang}} "
			    "{{dir}}{{#fallback}} "
			    "{{name}}{{/fallback}} {{reviewed_iso}}\n{{/sheets}}"
			    "{{#has_guardian}}{{#guardian_sheets}}g "
			    "{{title}}\n{{/guardian_sheets}}{{/has_guardian}}"
			    "{{#has_staff}}{{#staff_sheets}}s "
			    "{{title}}\n{{/staff_sheets}}{{/has_staff}}{{head_title}}",
			    "web", PAGE_INDEX, "en", NULL),
		"3\nA in English () a-en.html en ltr 2026-03-01\nB () b.html sv ltr Swedish \nC () c.html sv "
		"ltr Swedish \n"
		"g A in English\ng C\ns B\nTrial site");
}

/* What the staff have of their own, where guardians have something too. */
static void the_staff_have_a_page(void **state)
{
	struct site *s = *state;
	const char *template =
		"{{title}}{{#staff_sheets}} {{title}}{{/staff_sheets}} {{#is_staff}}s{{/is_staff}}"
		" {{staff_href}}{{#languages}} {{href}}{{/languages}}";

	assert_text(show(s, template, "web", PAGE_STAFF, "sv", NULL),
		"För personal B s ../sv/staff.html ../sv/staff.html ../en/staff.html ../ar/staff.html");
	assert_text(show(s, "{{staff_href}}", "web", PAGE_INDEX, "en", NULL), "../en/staff.html");
	assert_text(show(s, "{{#in_staff}}{{staff_href}}{{/in_staff}}", "web", PAGE_SHEET, "en", "sv/b.md"),
		"../en/staff.html");
	assert_text(
		show(s, "{{#in_staff}}{{staff_href}}{{/in_staff}}", "web", PAGE_SHEET, "en", "sv/c.md"), "");
	site_put(s, "faktablad.yaml",
		"base_url: https://example.org/f/\nlanguages: {sv: , en: , ar: }\neditions: {web: {face: "
		"web, "
		"audience: staff}, p: {face: folder, each: language}, all: {face: folder}}\n");
	assert_text(show(s,
			    "{{staff_href}}{{#sheets}}{{title}} {{/sheets}}{{#has_staff}}x{{/has_staff}}"
			    "{{#has_guardian}}x{{/has_guardian}}",
			    "web", PAGE_INDEX, "sv", NULL),
		"B C ");
}

static void all_sources_stand_with_their_texts(void **state)
{
	struct site *s = *state;
	const char *template =
		"{{title}}\n{{#sources}}{{anchor}} {{title}} {{title_lang}} {{register}}{{#is_used}}:"
		"{{/is_used}}{{#used_by}} {{title}} {{href}} {{lang}}{{/used_by}}\n{{/sources}}";

	site_put(s, "content/data/facts.yaml",
		"many: {type: integer, value: 5, source: fact}\nfew: {type: integer, value: 2, source: "
		"plain}\n");
	site_put(s, "content/data/sources.yaml",
		"law: {title: Lag, number: '2025:400', language: sv}\nplain: {title: Enkel}\nextra: {title: "
		"Extra}\n"
		"fact: {title: Tal, language: en}\n'no id': {title: Ingen}\n");
	site_put(s, "content/sv/b.md",
		"---\ntitle: B\nweight: 2\naudience: staff\n---\n{many} {many}\n\n```table\ntitle: "
		"T\ncolumns: [Vad, Antal]\nrows: [[A, {fact: few}]]\n```\n");
	site_put(s, "content/sv/om.md", "---\ntitle: Om\ntype: page\n---\n[@fact]\n");
	assert_text(show(s, template, "web", PAGE_SOURCES, "sv", NULL),
		"Alla källor\nlaw Lag sv 2025:400: A &amp; co a.html sv\nplain Enkel sv : A &amp; co a.html "
		"sv B b.html sv\n"
		"extra Extra sv : A &amp; co a.html sv\nfact Tal en : B b.html sv Om om.html sv\n"
		"source-5 Ingen sv \n");
	/* what the language's readers are shown: the English text cites nothing, but has its front matter
	 * from the Swedish */
	assert_text(show(s, "{{#sources}}{{#used_by}}{{title}} {{/used_by}}|{{/sources}}", "web",
			    PAGE_SOURCES, "en", NULL),
		"A in English |B |A in English |B Om ||");
	assert_text(show(s, "{{sources_href}} {{glossary_href}}", "p-sv", PAGE_SHEET, "sv", "sv/b.md"),
		"../sv/sources.html ");
}

static void the_glossary_has_the_source_languages_word_beside(void **state)
{
	struct site *s = *state;
	const char *template =
		"{{title}}{{#machine}} machine{{/machine}}{{#translated}} translated{{/translated}}\n"
		"{{#terms}}{{anchor}} {{word.text}} {{word.lang}} {{word.dir}}{{#forms}} also "
		"{{.}}{{/forms}}{{#original}} ({{text}} {{lang}}){{/original}}{{#explanation}} "
		"{{text}} {{lang}}{{/explanation}}\n{{/terms}}";

	site_put(s, "content/data/glossary.yaml",
		"translation: {en: machine}\n"
		"zon: {sv: zon, en: [area, zone], explanation: {sv: En zon., en: An area.}}\n"
		"aho: {sv: åho, explanation: Ett å.}\n");
	assert_text(show(s, template, "web", PAGE_GLOSSARY, "sv", NULL),
		"Ordlista\nzon zon sv ltr En zon. sv\naho åho sv ltr Ett å. sv\n");
	assert_text(show(s, template, "web", PAGE_GLOSSARY, "en", NULL),
		"Glossary machine\naho åho sv ltr Ett å. sv\n"
		"zon area en ltr also zone (zon sv) An area. en\n");
	/* a language without words shows those that it falls back to, in their state */
	assert_text(show(s, template, "web", PAGE_GLOSSARY, "ar", NULL),
		"Glossary machine\naho åho sv ltr Ett å. sv\n"
		"zon area en ltr also zone (zon sv) An area. en\n");
}

static void texts_about_the_site_stand_in_every_foot(void **state)
{
	struct site *s = *state;
	const char *template =
		"{{#has_pages}}{{#pages}}{{title}} {{href}} {{lang}} {{dir}}\n{{/pages}}{{/has_pages}}"
		"{{#is_page}}page{{/is_page}}{{#previous}}x{{/previous}}";

	assert_text(show(s, template, "web", PAGE_SHEET, "en", "sv/c.md"), "x");
	site_put(s, "content/sv/om.md", "---\ntitle: Om oss\ntype: page\nweight: 1\n---\n");
	site_put(s, "content/sv/hjalp.md", "---\ntitle: Hjälp\ntype: page\nweight: 2\n---\n");
	site_put(s, "content/en/om.md", "---\ntitle: About us\n---\n");
	assert_text(show(s, template, "web", PAGE_SHEET, "en", "sv/c.md"),
		"About us ../en/om.html en ltr\nHjälp ../en/hjalp.html sv ltr\nx");
	assert_text(show(s, template, "p-sv", PAGE_SHEET, "sv", "sv/om.md"),
		"Om oss ../sv/om.html sv ltr\nHjälp ../sv/hjalp.html sv ltr\npage");
	assert_text(show(s, "{{#pages}}{{href}} {{/pages}}", "all", PAGE_START, "sv", NULL),
		"sv/om.html sv/hjalp.html ");
	assert_text(show(s, ALTERNATES, "web", PAGE_SHEET, "sv", "sv/om.md"),
		"canonical https://example.org/f/sv/om.html\n"
		"sv https://example.org/f/sv/om.html\nen https://example.org/f/en/om.html\n"
		"x-default https://example.org/f/sv/om.html\n");
	assert_text(show(s, "{{#sheets}}{{title}} {{/sheets}}", "web", PAGE_INDEX, "sv", NULL),
		"A &amp; co B C ");
}

#define SITE_SV                                                                                              \
	"\"isPartOf\":{\"@type\":\"WebSite\",\"@id\":\"https://example.org/f/sv/index.html\","               \
	"\"url\":\"https://example.org/f/sv/index.html\",\"name\":\"Provsajt\",\"inLanguage\":\"sv\"}"
#define CRUMB(n, name, file)                                                                                 \
	"{\"@type\":\"ListItem\",\"position\":" #n ",\"name\":\"" name                                       \
	"\",\"item\":\"https://example.org/f/sv/" file "\"}"

static void search_engines_are_told_what_is_true(void **state)
{
	struct site *s = *state;
	const char *template = "{{#structured}}ignored{{/structured}}";

	site_put(s, "templates/staff.mustache", "x");
	site_put(s, "content/sv/d.md",
		"---\ntitle: \"</script><!-- \\\"D\\\"\"\naudience: staff\nreviewed: 2026-03-01\n---\n");
	assert_text(show(s, template, "web", PAGE_SHEET, "sv", "sv/d.md"),
		"<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@graph\":["
		"{\"@type\":\"Article\",\"@id\":\"https://example.org/f/sv/d.html\",\"url\":\"https://"
		"example.org/f/"
		"sv/d.html\",\"headline\":\"\\u003c/script>\\u003c!-- \\\"D\\\"\",\"inLanguage\":\"sv\","
		"\"dateModified\":\"2026-03-01\"," SITE_SV
		"},{\"@type\":\"BreadcrumbList\",\"itemListElement\":[" CRUMB(
			1, "Provsajt", "index.html") "," CRUMB(2, "För personal", "staff.html") "," CRUMB(3,
			"\\u003c/script>\\u003c!-- \\\"D\\\"", "d.html") "]}]}</script>\n");
	/* a fallback is described where it comes from, an old address not at all */
	assert_text(show(s, template, "web", PAGE_SHEET, "en", "sv/d.md"), "");
	assert_text(show(s, template, "web", PAGE_ALIAS, "sv", "sv/a.md"), "");
	assert_text(show(s, template, "web", PAGE_404, "sv", NULL), "");
	assert_text(show(s, template, "p-sv", PAGE_SHEET, "sv", "sv/a.md"), "");
}

static bool contains(struct str s, const char *needle)
{
	return str_find(s, str_from(needle)) < s.n;
}

static void translations_know_their_original(void **state)
{
	struct site *s = *state;
	struct str text = show(s, "{{#structured}}{{/structured}}", "web", PAGE_SHEET, "sv", "sv/c.md");

	assert_true(contains(text,
		"\"workTranslation\":[{\"@type\":\"Article\",\"@id\":\"https://example.org/f/ar/"
		"c.html\",\"inLanguage\":\"ar\"}]"));
	assert_false(contains(text, "publisher"));
	site_put(s, "faktablad.yaml",
		"base_url: https://example.org/f/\npublisher: Ort\nlanguages: {sv: , en: , ar: }\n"
		"editions: {web: {face: web}, p: {face: folder, each: language}, all: {face: folder}}\n");
	text = show(s, "{{#structured}}{{/structured}}", "web", PAGE_SHEET, "ar", "sv/c.md");
	assert_true(contains(text,
		"\"translationOfWork\":{\"@type\":\"Article\",\"@id\":\"https://example.org/f/sv/"
		"c.html\",\"inLanguage\":\"sv\"}"));
	assert_true(contains(text, "\"publisher\":{\"@type\":\"Organization\",\"name\":\"Ort\"}"));
	text = show(s, "{{#structured}}{{/structured}}", "web", PAGE_PACKS, "sv", NULL);
	assert_true(contains(text, "{\"@type\":\"WebPage\""));
	text = show(s, "{{#structured}}{{/structured}}", "web", PAGE_INDEX, "sv", NULL);
	assert_true(contains(text, "[{\"@type\":\"WebSite\""));
}

#define REPORTED(sender)                                                                                     \
	"base_url: https://example.org/f/\n" sender                                                          \
	"languages: {sv: , en: , ar: {fallback: [en, sv]}}\npages: {report: fel}\n"                          \
	"editions: {web: {face: web}, p: {face: folder, each: language}, all: {face: folder}}\n"

static void an_error_can_be_reported(void **state)
{
	struct site *s = *state;
	const char *template =
		"{{report_href}}{{#is_report}} here {{feedback_href}}{{/is_report}} {{publisher}}";

	assert_text(show(s, template, "web", PAGE_SHEET, "sv", "sv/a.md"), " ");
	site_put(s, "content/sv/fel.md", "---\ntitle: Fel\ntype: page\n---\n");
	site_put(s, "faktablad.yaml", REPORTED(""));
	assert_text(show(s, template, "web", PAGE_SHEET, "en", "sv/a.md"), "../en/fel.html ");
	assert_text(show(s, template, "web", PAGE_SHEET, "sv", "sv/fel.md"), "../sv/fel.html here  ");
	site_put(s, "faktablad.yaml", REPORTED("publisher: Ort\nfeedback: 'https://example.org/r'\n"));
	assert_text(show(s, template, "web", PAGE_SHEET, "en", "sv/a.md"),
		"https://example.org/r?sheet=a-en&amp;lang=en Ort");
	assert_text(show(s, template, "p-sv", PAGE_SHEET, "sv", "sv/fel.md"),
		"https://example.org/r?sheet=fel&amp;lang=sv here https://example.org/r Ort");
}

static void the_page_of_packs_lists_them(void **state)
{
	struct site *s = *state;

	assert_text(show(s,
			    "{{title}}\n{{#packs}}{{name}} {{href}} {{size}} {{size_text}} {{issued_iso}} "
			    "{{sheet_count}} "
			    "{{#languages}}{{tag}}:{{dir}}:{{name}} {{/languages}}{{language_count}}{{#all}} "
			    "all{{/all}}{{#guardian_only}} families{{/guardian_only}}{{#staff_only}} "
			    "staff{{/staff_only}}"
			    "{{#current}} current{{/current}} {{sha256}}\n{{/packs}}{{sums_href}}",
			    "web", PAGE_PACKS, "sv", NULL),
		"Paket\n"
		"p-sv.zip ../packs/p-sv.zip 181500 182 kB 2026-11-20 3 sv:ltr:svenska 1 staff current "
		"ab00000000000000000000000000000000000000000000000000000000000000\n"
		"all.zip ../packs/all.zip 2345678 2,3 MB 2026-11-20 3 sv:ltr:svenska en:ltr:English "
		"ar:rtl:العربية 3 all "
		"0000000000000000000000000000000000000000000000000000000000000000\n"
		"../packs/SHA256SUMS");
}

static void pages_of_a_pack_tell_its_issue(void **state)
{
	struct site *s = *state;
	const char *template = "{{title}} {{pack_id}} {{issued_iso}} {{sheet_count}} {{language_count}}\n"
			       "{{#sites}}{{tag}} {{dir}} {{name}} {{href}} {{title}} {{lead}}\n{{/sites}}";

	assert_text(show(s, template, "all", PAGE_START, "sv", NULL),
		"Provsajt p-sv-12345678 2026-11-20 3 3\n"
		"sv ltr svenska sv/index.html Provsajt En sajt för prov\n"
		"en ltr English en/index.html Trial site A site for trials\n"
		"ar rtl العربية ar/index.html موقع تجريبي A site for trials\n");
	assert_text(
		show(s, "{{title}} {{pack_id}}", "p-sv", PAGE_ABOUT, "sv", NULL), "Om paketet p-sv-12345678");
}

static void an_alias_leads_to_its_sheet(void **state)
{
	struct site *s = *state;
	struct view v, web;

	assert_text(
		show(s, "{{href}} {{title}} {{#is_alias}}a{{/is_alias}}", "web", PAGE_ALIAS, "sv", "sv/a.md"),
		"a.html A &amp; co a");
	open_view(s, &v, &web, "web");
	assert_text(page_path(&v, &s->arena,
			    &(struct page){.kind = PAGE_ALIAS,
				    .language = 0,
				    .sheet = site_text(s, "sv/a.md")->sheet,
				    .alias = STR("gamla-a")}),
		"sv/gamla-a.html");
}

#define WITHDRAWN                                                                                            \
	"{{title}} {{lang}} {{content_lang}} {{content_dir}}\n{{withdrawn_iso}}\n"                           \
	"{{#reason}}{{reason}} {{reason_lang}} {{reason_dir}}{{/reason}}\n"                                  \
	"{{#replacement}}{{href}} {{title}} {{lang}} {{dir}}{{/replacement}}\n"                              \
	"{{body}}{{toc}}{{description}}{{canonical}}{{alternates}}{{structured}}{{machine}}{{#stale}}s{{/stale}}" SWITCHER

/* A withdrawn sheet's page says so and nothing else. */
static void a_withdrawn_sheet_keeps_its_page(void **state)
{
	struct site *s = *state;
	struct page p = {.kind = PAGE_WITHDRAWN};
	const struct translation *t;

	site_put(s, "content/sv/old.md",
		"---\ntitle: Old & gone\ndescription: D\nwithdrawn: 2026-11-20\nwithdrawn_reason: <b>\n"
		"replaced_by: c.md#x\n---\nBody.\n\n## X\n");
	site_put(s, "content/en/old.md",
		"---\ntitle: O\nslug: o\ntranslation: {status: machine, of: {x: 0123456789ab}}\n---\nBody.\n");
	site_put(s, "templates/withdrawn.mustache", WITHDRAWN);
	site_put_templates(s, "x");
	assert_true(site_load(s));
	t = map_get(&s->project.catalog.by_old_path, STR("sv/old.md"));
	p.sheet = t->sheet;
	p.language = language(s, "ar");
	assert_text(render(s, "web", p), "O ar en ltr\n2026-11-20\n&lt;b&gt; sv ltr\nc.html#x C ar rtl\n"
					 "sv ltr svenska ../sv/old.html source\n"
					 "en ltr English ../en/o.html\n"
					 "ar rtl العربية ../ar/o.html current missing\n");
	p.language = language(s, "sv");
	assert_text(str_slice(render(s, "web", p), 0, 45), "Old &amp; gone sv sv ltr\n2026-11-20\n&lt;b&gt;");
}

static void a_message_that_is_missing_shows_its_key(void **state)
{
	struct site *s = *state;
	struct page p = {.kind = PAGE_INDEX};

	site_put(s, "templates/index.mustache", "{{#t}} no.<such> {{/t}} {{#t}}site.title{{/t}}");
	site_put_templates(s, "x");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_MESSAGE_MISSING),
		"templates/index.mustache:1:8 message/missing\n");
	assert_text(render(s, "web", p), "no.&lt;such&gt; Provsajt");
}

/* The lists that a worker keeps from page to page are never those of another sheet or edition. */
static void what_is_kept_between_pages_is_right(void **state)
{
	struct site *s = *state;
	struct worker *w;
	struct page_cache cache = {0};
	struct issue issue = {0};
	struct view v[2], web;
	struct buf out;

	show(s, ALTERNATES SWITCHER, "web", PAGE_SHEET, "sv", "sv/a.md");
	w = &s->project.workers.of[0];
	open_view(s, &v[0], &web, "web");
	open_view(s, &v[1], &web, "all");
	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t round = 0; round < 36; round++) {
		const struct view *view = &v[round / 3 % 2];
		struct page p = {.kind = PAGE_SHEET,
			.language = round % 3,
			.sheet = s->project.catalog.sheets[round / 6 % 3]};

		buf_clear(&out);
		assert_true(page_render(&out, view, w, &cache, &p, &issue));
		assert_text(buf_str(&out), render(s, view == &v[0] ? "web" : "all", p).p);
	}
	buf_release(&out);
	arena_release(&cache.arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_switcher_offers_every_language),
		TEST(alternates_are_texts_of_the_languages_own),
		TEST(a_fallback_from_a_language_that_is_not_on_the_web_stands_for_itself),
		TEST(without_an_address_nothing_absolute_is_said),
		TEST(a_pack_says_where_the_newest_version_is),
		TEST(a_sheets_data),
		TEST(neighbours_are_in_the_pages_language),
		TEST(sources_stand_in_order_with_their_places),
		TEST(an_index_lists_its_sheets),
		TEST(the_staff_have_a_page),
		TEST(all_sources_stand_with_their_texts),
		TEST(the_glossary_has_the_source_languages_word_beside),
		TEST(texts_about_the_site_stand_in_every_foot),
		TEST(search_engines_are_told_what_is_true),
		TEST(translations_know_their_original),
		TEST(an_error_can_be_reported),
		TEST(the_page_of_packs_lists_them),
		TEST(pages_of_a_pack_tell_its_issue),
		TEST(an_alias_leads_to_its_sheet),
		TEST(a_withdrawn_sheet_keeps_its_page),
		TEST(a_message_that_is_missing_shows_its_key),
		TEST(what_is_kept_between_pages_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
