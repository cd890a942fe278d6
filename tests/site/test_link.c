#include "site/link.h"
#include "support/site.h"

/* One site for all: a sheet in two languages, one in a folder, a draft, a picture. */
static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n## Ett {#ett}\n");
	site_put(s, "content/en/a.md", "---\ntitle: A\n---\n## One {#ett}\n");
	site_put(s, "content/sv/folder/b c.md", "---\ntitle: B\n---\n");
	site_put(s, "content/sv/utkast.md", "---\ntitle: D\ndraft: true\n---\n");
	site_put_picture(s, "content/sv/bild å.png", "not really");
	site_put(s, "content/x.pdf", "not really");
	if (!site_load(s))
		return 1;
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static const char *const kinds[] = {[LINK_EXTERNAL] = "external",
	[LINK_SAME] = "same",
	[LINK_SHEET] = "sheet",
	[LINK_DRAFT] = "draft",
	[LINK_MEDIA] = "media",
	[LINK_BROKEN] = "broken",
	[LINK_UNSAFE] = "unsafe"};

static const struct {
	const char *from, *url, *expected; /* kind, path, anchor */
} cases[] = {
	{"sv/a.md", "#ett", "same #ett"},
	{"sv/a.md", "", "same"},
	{"sv/a.md", "#", "same"},
	{"sv/a.md", "a.md", "sheet sv/a.md"},
	{"sv/a.md", "./a.md#ett", "sheet sv/a.md #ett"},
	{"sv/a.md", "a.md?query#ett", "sheet sv/a.md #ett"},
	{"sv/a.md", "../en/a.md#ett", "sheet en/a.md #ett"},
	{"sv/a.md", "/en/a.md", "sheet en/a.md"},
	{"sv/a.md", "//en/a.md", "unsafe"},
	{"sv/a.md", "folder/b%20c.md", "sheet sv/folder/b c.md"},
	{"sv/a.md", "folder/b c.md", "sheet sv/folder/b c.md"},
	{"sv/a.md", "folder//b%20c.md", "sheet sv/folder/b c.md"},
	{"sv/folder/b c.md", "../a.md", "sheet sv/a.md"},
	{"sv/folder/b c.md", "../../en/a.md", "sheet en/a.md"},
	{"sv/folder/b c.md", "b%20c.md#x%20y", "sheet sv/folder/b c.md #x y"},
	{"sv/a.md", "utkast.md", "draft sv/utkast.md"},
	{"sv/a.md", "bild%20%C3%A5.png", "media sv/bild å.png"},
	{"sv/a.md", "bild å.png", "media sv/bild å.png"},
	{"sv/a.md", "../x.pdf", "media x.pdf"},
	{"sv/a.md", "/x.pdf#page=2", "media x.pdf #page=2"},
	{"x.md", "sv/a.md", "sheet sv/a.md"},
	{"sv/a.md", "b.md", "broken sv/b.md"},
	{"sv/a.md", "A.md", "broken sv/A.md"},
	{"sv/a.md", "a.html", "broken sv/a.html"},
	{"sv/a.md", "folder/", "broken sv/folder"},
	{"sv/a.md", "..", "broken "},
	{"sv/a.md", "?q", "broken sv"},
	{"sv/a.md", "../../etc/passwd", "broken ../../etc/passwd"},
	{"sv/a.md", "../sv/../../sv/a.md", "broken ../sv/../../sv/a.md"},
	{"sv/a.md", "%2e%2e/en/a.md", "sheet en/a.md"},
	{"sv/a.md", "..%2Fen%2Fa.md", "sheet en/a.md"},
	{"sv/a.md", "%zz.md", "broken sv/%zz.md"},
	{"sv/a.md", "%FF.md", "broken sv/%FF.md"},
	{"sv/a.md", "a%00.md", "broken sv/a%00.md"},
	{"sv/a.md", "a.md%", "broken sv/a.md%"},
	{"en/a.md", "folder/b%20c.md#x", "sheet en/folder/b c.md #x"}, /* the Swedish text stands in */
	{"en/a.md", "utkast.md", "broken en/utkast.md"},
	{"sv/a.md", "../nn/a.md", "broken nn/a.md"},
	{"sv/a.md", "https://example.org/a.md", "external https://example.org/a.md"},
	{"sv/a.md", "mailto:a@example.org", "external mailto:a@example.org"},
	{"sv/a.md", "tel:112", "external tel:112"},
	{"sv/a.md", "javascript:alert(1)", "unsafe"},
	{"sv/a.md", "data:text/html,x", "unsafe"},
};

static struct str described(struct site *s, const struct link *link)
{
	struct str text = str_from(kinds[link->kind]);

	if (link->kind != LINK_SAME && link->kind != LINK_UNSAFE)
		text = str_fmt(&s->arena, "%.*s %.*s", STR_ARG(text), STR_ARG(link->path));
	if (link->anchor.n)
		text = str_fmt(&s->arena, "%.*s #%.*s", STR_ARG(text), STR_ARG(link->anchor));
	return text;
}

static void destinations_are_understood(void **state)
{
	struct site *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct link link = link_read(
			&s->project.catalog, str_from(cases[i].from), str_from(cases[i].url), &s->arena);

		if (!str_is(described(s, &link), cases[i].expected))
			fail_msg("%s in %s is %s, not %s", cases[i].url, cases[i].from, described(s, &link).p,
				cases[i].expected);
		assert_int_equal(link.kind == LINK_SHEET, link.target != NULL);
		assert_int_equal(link.kind == LINK_MEDIA, link.media != NULL);
	}
}

static void what_stands_in_is_the_fallback(void **state)
{
	struct site *s = *state;
	struct link link = link_read(&s->project.catalog, STR("en/a.md"), STR("folder/b%20c.md"), &s->arena);

	assert_ptr_equal(link.target, site_text(s, "sv/folder/b c.md"));
	assert_int_equal(link.language, 1);
	link = link_read(&s->project.catalog, STR("en/a.md"), STR("../sv/a.md"), &s->arena);
	assert_int_equal(link.language, 0);
}

static void a_very_long_path_is_broken(void **state)
{
	struct site *s = *state;
	char *url = arena_alloc(&s->arena, 100001);
	struct link link;

	memset(url, 'a', 100000);
	link = link_read(&s->project.catalog, STR("sv/a.md"), str_from(url), &s->arena);
	assert_int_equal(link.kind, LINK_BROKEN);
	for (size_t i = 0; i < 100000; i += 2)
		memcpy(url + i, "./", 2);
	link = link_read(&s->project.catalog, STR("sv/a.md"), str_from(url), &s->arena);
	assert_int_equal(link.kind, LINK_BROKEN);
}

static void the_path_of_a_text(void **state)
{
	struct site *s = *state;

	assert_text(translation_path(site_text(s, "en/a.md")), "en/a.md");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(destinations_are_understood),
		cmocka_unit_test(what_stands_in_is_the_fallback),
		cmocka_unit_test(a_very_long_path_is_broken),
		cmocka_unit_test(the_path_of_a_text),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
