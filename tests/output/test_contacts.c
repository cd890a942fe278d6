#include "output/page.h"
#include "support/site.h"

/* What the whole looks like, in two languages, stands in tests/sites/districts. Here: what an edition
 * changes. */

#define ALWAYS                                                                                               \
	"districts:\n"                                                                                       \
	"  a: {name: Aby, contacts: [{phone: 08-465 004 01}, {email: a@example.org}], hours: {mon: "         \
	"8:00-9:00}}\n"                                                                                      \
	"  b: {name: By, names: {ar: ب}, contacts: [{web: 'https://example.org/'}]}\n"                      \
	"  c: {name: Cby}\n"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml",
		"base_url: https://example.org/f/\nlanguages: {sv: , ar: }\n"
		"editions: {web: {face: web}, all: {face: folder}, "
		"p: {face: folder, each: [district, language]}}\n");
	site_put(s, "content/data/sources.yaml", "s: {title: S}\n");
	site_put(s, "content/data/facts.yaml", "sos: {type: phone, value: 112, source: s, note: Nöd}\n");
	site_put(s, "content/data/districts.yaml", "emergency: [sos]\n" ALWAYS);
	site_put(s, "content/sv/x.md", "---\ntitle: X\n---\n```contacts\n```\n");
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

static struct str render(struct site *s, const char *name, struct page p)
{
	const struct edition *e = edition(s, name);
	const struct catalog *c = &s->project.catalog;
	struct worker *w = &s->project.workers.of[0];
	struct pack_info infos[] = {{.name = STR("all.zip"), .edition = edition(s, "all")},
		{.name = STR("p-b-sv.zip"), .edition = edition(s, "p-b-sv")},
		{.name = STR("p-a-sv.zip"), .edition = edition(s, "p-a-sv")},
		{.name = STR("p-a-ar.zip"), .edition = edition(s, "p-a-ar")}};
	struct issue issue = {.packs = infos, .pack_count = COUNT_OF(infos)};
	struct page_cache cache = {0};
	struct view v, web;
	struct str text;
	struct buf out;

	view_init(&web, &s->arena, c, config_web(&c->config), &s->project.assets, NULL, true, w);
	view_init(&v, &s->arena, c, e, &s->project.assets, e->face == FACE_WEB ? NULL : &web.graph,
		e->face == FACE_WEB, w);
	buf_init(&out, BUF_MAX_DEFAULT);
	assert_true(page_render(&out, &v, w, &cache, &p, &issue));
	text = str_dup(&s->arena, buf_str(&out));
	buf_release(&out);
	arena_release(&cache.arena);
	return text;
}

/* A page of the site with a template of its own. */
static struct str show(
	struct site *s, const char *template, const char *name, enum page_kind kind, const char *tag)
{
	struct page p = {.kind = kind};

	site_put(s, str_fmt(&s->arena, "templates/%s.mustache", page_template(kind)).p, template);
	site_put(s, "templates/contacts_block.mustache",
		"{{#districts}}<{{name}} {{href}}>{{/districts}}{{#all}}[{{name}} {{href}}]{{/all}}");
	site_put_templates(s, "x");
	if (kind != PAGE_CONTACTS)
		site_put(s, "templates/contacts.mustache", "x");
	assert_true(site_load(s));
	p.language = config_language(&s->project.catalog.config, str_from(tag))->index;
	p.sheet = kind == PAGE_SHEET ? site_text(s, "sv/x.md")->sheet : NULL;
	return render(s, name, p);
}

#define CALL                                                                                                 \
	"{{#call}}{{name}}:{{#contacts}} {{value}}{{/contacts}}{{#hours}} {{days}}{{/hours}}"                \
	"{{^has_contacts}} nothing{{/has_contacts}}{{#emergency}} {{number}}{{/emergency}}{{/call}}"

static void a_sheet_has_its_edition_s_contacts(void **state)
{
	struct site *s = *state;

	assert_text(show(s, CALL, "p-a-sv", PAGE_SHEET, "sv"), "Aby: 08-465 004 01 måndag 112");
	/* nobody to ring: whatever there is */
	assert_text(show(s, CALL, "p-b-ar", PAGE_SHEET, "ar"), "ب: https://example.org/ 112");
	assert_text(show(s, CALL, "p-c-sv", PAGE_SHEET, "sv"), "Cby: nothing 112");
	assert_text(show(s, CALL, "web", PAGE_SHEET, "sv"), "");
	assert_text(show(s, CALL, "all", PAGE_SHEET, "sv"), "");
}

static void a_block_without_a_district_is_the_edition_s(void **state)
{
	struct site *s = *state;

	assert_text(show(s, "{{{body}}}", "web", PAGE_SHEET, "sv"),
		"[Aby ../sv/contacts.html#a][By ../sv/contacts.html#b][Cby ../sv/contacts.html#c]");
	/* a text that stands in for another keeps its words, not its links */
	assert_text(show(s, "{{{body}}}", "web", PAGE_SHEET, "ar"),
		"[Aby ../ar/contacts.html#a][By ../ar/contacts.html#b][Cby ../ar/contacts.html#c]");
	assert_text(show(s, "{{{body}}}", "p-b-ar", PAGE_SHEET, "ar"), "<By ../ar/contacts.html#b>");
}

static void a_pack_s_own_district_stands_first(void **state)
{
	struct site *s = *state;
	const char *template = "{{#jump}}{{name}} {{/jump}}| {{#districts}}{{name}} {{/districts}}| "
			       "{{#other_districts}}{{name}} {{/other_districts}}| {{#emergency}}{{label}} "
			       "{{link}}{{/emergency}} {{web_href}}";

	assert_text(
		show(s, template, "web", PAGE_CONTACTS, "sv"), "Aby By Cby | Aby By Cby | | Nöd tel:112 ");
	assert_text(show(s, template, "p-b-sv", PAGE_CONTACTS, "sv"),
		"By Aby Cby | By | Aby Cby | Nöd tel:112 https://example.org/f/sv/contacts.html");
}

static void pages_lead_to_the_contacts(void **state)
{
	struct site *s = *state;

	assert_text(show(s, "{{contacts_href}}", "web", PAGE_INDEX, "ar"), "../ar/contacts.html");
	assert_text(show(s, "{{contacts_href}}", "web", PAGE_404, "sv"), "/f/sv/contacts.html");
	assert_text(
		show(s, "{{contacts_href}} {{#district}}{{name}}{{/district}}", "p-a-sv", PAGE_START, "sv"),
		"sv/contacts.html Aby");
	assert_text(show(s, "{{#languages}}{{href}} {{/languages}}", "web", PAGE_CONTACTS, "sv"),
		"../sv/contacts.html ../ar/contacts.html ");
	site_remove(s, "content/data/districts.yaml");
	site_put(s, "faktablad.yaml",
		"languages: {sv: , ar: }\neditions: {all: {face: folder}, p-b-sv: {face: folder}, "
		"p-a-sv: {face: folder}, p-a-ar: {face: folder}}\n");
	assert_text(show(s, "{{contacts_href}}", "web", PAGE_INDEX, "sv"), "");
}

static void packs_stand_under_their_district(void **state)
{
	struct site *s = *state;

	assert_text(show(s,
			    "{{#packs}}{{name}} {{/packs}}{{#pack_districts}}{{id}}:{{#packs}} "
			    "{{name}}{{/packs}} {{/pack_districts}}",
			    "web", PAGE_PACKS, "sv"),
		"all.zip b: p-b-sv.zip a: p-a-sv.zip p-a-ar.zip ");
}

static void districts_in_data_are_escaped(void **state)
{
	struct site *s = *state;

	site_put(s, "content/data/districts.yaml",
		"emergency: [sos]\ndistricts:\n  a: {name: '<b>\"', contacts: [{address: '</a><script>'}]}\n"
		"  b: {name: '{{t}}'}\n");
	assert_text(show(s, "{{#districts}}{{name}}{{#contacts}} {{value}}{{/contacts}} {{/districts}}",
			    "web", PAGE_CONTACTS, "sv"),
		"&lt;b&gt;&quot; &lt;/a&gt;&lt;script&gt; {{t}} ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_sheet_has_its_edition_s_contacts, setup, teardown),
		cmocka_unit_test_setup_teardown(a_block_without_a_district_is_the_edition_s, setup, teardown),
		cmocka_unit_test_setup_teardown(a_pack_s_own_district_stands_first, setup, teardown),
		cmocka_unit_test_setup_teardown(pages_lead_to_the_contacts, setup, teardown),
		cmocka_unit_test_setup_teardown(packs_stand_under_their_district, setup, teardown),
		cmocka_unit_test_setup_teardown(districts_in_data_are_escaped, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
