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

/* A site with a district and nothing to say about it. The number is one that is kept free for fiction. */
#define GOOD_DISTRICT                                                                                        \
	"    contacts: [{phone: 08-465 004 10}]\n    hours: {mon-fri: 08:00-16:00}\n    source: law\n"       \
	"    programmes: [{name: Kurs, status: pilot, source: law}]\n"

static void put_site(struct site *s, const char *districts)
{
	site_put(s, "faktablad.yaml", "languages: {sv: }\n");
	site_put(s, "content/data/sources.yaml", "law: {title: Lag}\n");
	site_put(s, "content/data/facts.yaml",
		"emergency: {type: phone, value: 112, source: law}\nyears: {type: integer, value: 3, source: "
		"law}\n");
	site_put(s, "content/data/districts.yaml", districts);
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n{years}\n");
	site_put(s, "templates/contacts.mustache", "x");
	site_put(s, "templates/contacts_block.mustache", "x");
	site_put_templates(s, "x");
}

static struct str said_about(struct site *s, const char *districts)
{
	put_site(s, districts);
	assert_true(site_load(s));
	return said(&s->arena, &s->project.diag);
}

/* What the program's own messages for districts lack in the site of the tests. */
static struct str without_messages(struct site *s, struct str all)
{
	struct str rest = all, line, out = {0};

	while (str_cut(&rest, '\n', &line))
		if (line.n && str_find(line, STR(" message/")) == line.n)
			out = str_fmt(&s->arena, "%.*s%.*s\n", STR_ARG(out), STR_ARG(line));
	return out;
}

static void check_said_about(struct site *s, const char *districts, const char *expected)
{
	assert_text(without_messages(s, said_about(s, districts)), expected);
}

static void what_is_missing_is_told_once_a_district(void **state)
{
	struct site *s = *state;

	check_said_about(s, "emergency: [emergency]\ndistricts:\n  a:\n    name: A\n" GOOD_DISTRICT, "");
	check_said_about(s, "emergency: [emergency]\ndistricts: {a: {name: A}, b: {name: B, contacts: }}\n",
		"content/data/districts.yaml:2:13 district/no-contacts\n"
		"content/data/districts.yaml:2:27 district/no-contacts\n");
	check_said_about(s,
		"emergency: [emergency]\ndistricts: {a: {name: A, contacts: [{email: a@example.org}]}}\n",
		"content/data/districts.yaml:2:13 district/no-contacts\n");
	assert_text(said_message(&s->project.diag, RULE_DISTRICT_NO_CONTACTS),
		"the district “A” has no phone number and no opening hours");
	check_said_about(s, "emergency: [emergency]\ndistricts: {a: {name: A, contacts: [{phone: 112}]}}\n",
		"content/data/districts.yaml:2:13 district/no-contacts\n");
	assert_text(said_message(&s->project.diag, RULE_DISTRICT_NO_CONTACTS),
		"the district “A” has no opening hours");
	/* a number with hours of its own */
	check_said_about(s,
		"emergency: [emergency]\ndistricts: {a: {name: A, contacts: [{phone: 112, hours: {mon: "
		"8:00-9:00}}]}}\n",
		"");
}

static void names_are_told_apart(void **state)
{
	struct site *s = *state;

	check_said_about(s,
		"emergency: [emergency]\ndistricts:\n  a:\n    name: Söder\n" GOOD_DISTRICT
		"  b:\n    name: söder\n" GOOD_DISTRICT,
		"content/data/districts.yaml:9:3 district/duplicate-name\n");
	assert_text(said_message(&s->project.diag, RULE_DISTRICT_NAME),
		"the district “b” has the same name as “a”: söder");
}

static void everything_comes_from_somewhere(void **state)
{
	struct site *s = *state;

	check_said_about(s,
		"emergency: [emergency]\ndistricts:\n  a:\n    name: A\n    contacts: [{phone: 112}]\n"
		"    hours: {mon: 8:00-9:00}\n    source: lax\n    programmes: [{name: Kurs}, {name: Y, "
		"source: "
		"lag}]\n",
		"content/data/districts.yaml:3:3 source/unknown\n"
		"content/data/districts.yaml:8:18 programme/no-source\n"
		"content/data/districts.yaml:8:32 source/unknown\n");
	assert_text(said_hint(&s->project.diag, RULE_PROGRAMME_NO_SOURCE),
		"name one of content/data/sources.yaml under “source”");
}

static void emergency_numbers_are_facts_of_type_phone(void **state)
{
	struct site *s = *state;

	check_said_about(s, "emergency: [emergancy, years]\ndistricts:\n  a:\n    name: A\n" GOOD_DISTRICT,
		"content/data/districts.yaml:1:13 fact/unknown\ncontent/data/districts.yaml:1:24 "
		"fact/wrong-type\n"
		"content/data/facts.yaml:1:1 fact/unused\n");
	assert_text(said_hint(&s->project.diag, RULE_FACT_UNKNOWN), "did you mean “emergency”?");
}

static void a_block_names_a_district_that_there_is(void **state)
{
	struct site *s = *state;

	put_site(s, "emergency: [emergency]\ndistricts:\n  abc:\n    name: A\n" GOOD_DISTRICT);
	site_put(s, "content/sv/a.md",
		"---\ntitle: A\n---\n{years}\n\n```contacts\ndistrict: abd\n```\n\n```contacts\ndistrict: "
		"abc\n```\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_DISTRICT_UNKNOWN),
		"content/sv/a.md:7:11 district/unknown\n");
	assert_text(said_hint(&s->project.diag, RULE_DISTRICT_UNKNOWN), "did you mean “abc”?");
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n{years}\n\n- ```contacts\n  ```\n");
	assert_true(site_load(s));
	assert_text(
		said_of(&s->arena, &s->project.diag, RULE_BLOCK_PLACE), "content/sv/a.md:6:3 block/place\n");
	site_remove(s, "content/data/districts.yaml");
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n{years}\n\n```contacts\n```\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_DISTRICT_UNKNOWN),
		"content/sv/a.md:6:1 district/unknown\n");
}

static void a_sheet_may_be_called_contacts_where_there_are_no_districts(void **state)
{
	struct site *s = *state;

	put_site(s, "emergency: [emergency]\ndistricts:\n  a:\n    name: A\n" GOOD_DISTRICT);
	site_put(s, "content/sv/contacts.md", "---\ntitle: C\n---\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_FILE_NAME),
		"content/sv/contacts.md:2:8 file/name\n");
	site_remove(s, "content/data/districts.yaml");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_FILE_NAME), "");
}

static void districts_need_templates_and_messages(void **state)
{
	struct site *s = *state;
	const char *district = "emergency: [emergency]\ndistricts:\n  a:\n    name: A\n" GOOD_DISTRICT;

	said_about(s, district);
	site_remove(s, "templates/contacts.mustache");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_TEMPLATE_PARTIAL),
		"templates/contacts.mustache template/missing-partial\n");
	assert_true(str_find(said_of(&s->arena, &s->project.diag, RULE_MESSAGE_MISSING),
			    STR("locales/sv.yaml")) == 0);
	site_remove(s, "content/data/districts.yaml");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_TEMPLATE_PARTIAL), "");
	assert_text(said_of(&s->arena, &s->project.diag, RULE_MESSAGE_MISSING), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_missing_is_told_once_a_district, setup, teardown),
		cmocka_unit_test_setup_teardown(names_are_told_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(everything_comes_from_somewhere, setup, teardown),
		cmocka_unit_test_setup_teardown(emergency_numbers_are_facts_of_type_phone, setup, teardown),
		cmocka_unit_test_setup_teardown(a_block_names_a_district_that_there_is, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_sheet_may_be_called_contacts_where_there_are_no_districts, setup, teardown),
		cmocka_unit_test_setup_teardown(districts_need_templates_and_messages, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
