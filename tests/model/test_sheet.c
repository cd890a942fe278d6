#include "model/sheet.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena, scratch;
	struct diag diag;
	struct translation t;
	struct locale *locale;
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){0};
	arena_init(&s->arena, ARENA_DEFAULT);
	arena_init(&s->scratch, ARENA_DEFAULT);
	diag_init(&s->diag);
	s->locale = locale_new(&(struct locale_spec){.tag = STR("sv")});
	*state = s;
	return 0;
}

static void forget(struct state *s)
{
	source_release(&s->t.src);

	diag_release(&s->diag);
	diag_init(&s->diag);
	s->t = (struct translation){0};
}

static int teardown(void **state)
{
	struct state *s = *state;

	forget(s);
	diag_release(&s->diag);
	locale_free(s->locale);
	arena_release(&s->arena);
	arena_release(&s->scratch);
	free(s);
	return 0;
}

static void read_as(struct state *s, const char *key, struct str text)
{
	struct arena again = s->scratch;

	forget(s);
	source_init(&s->t.src, STR("content/sv/a.md"), text);
	translation_read(&s->t, str_from(key), s->locale, &s->arena, &s->arena, s->scratch, &s->diag);
	/* What is kept must not lie in scratch memory. */
	memset(arena_alloc(&again, 65536), 'X', 65536);
}

static void read(struct state *s, const char *text)
{
	read_as(s, "a", str_from(text));
}

#define assert_sheet_said(s, expected) assert_said(&(s)->arena, &(s)->diag, expected)

static void every_key_is_read(void **state)
{
	struct state *s = *state;

	read(s, "---\n"
		"title: ' Titel '\n"
		"description: Beskrivning\n"
		"weight: -3\n"
		"slug: adress\n"
		"aliases: [gammal, aldre]\n"
		"date: 2026-01-02\n"
		"draft: true\n"
		"audience: [guardian, staff]\n"
		"reviewed: 2026-02-03\n"
		"review_by: 2027-02-03\n"
		"sources: [one, two]\n"
		"translation: {status: machine, by: N. N., date: 2026-03-04, of: {a: 0123456789ab}}\n"
		"needs_legal_review: true\n"
		"withdrawn: 2026-04-05\n"
		"withdrawn_reason: ' Lagen ändrades. '\n"
		"replaced_by: annat.md\n"
		"---\n"
		"Text.\n\n## Rubrik {#id}\n");
	assert_sheet_said(s, "");
	assert_text(s->t.title, "Titel");
	assert_text(s->t.description, "Beskrivning");
	assert_true(s->t.has_weight);
	assert_int_equal(s->t.weight, -3);
	assert_text(s->t.slug, "adress");
	assert_int_equal(s->t.alias_count, 2);
	assert_text(s->t.aliases[0], "gammal");
	assert_text(s->t.aliases[1], "aldre");
	assert_int_equal(s->t.date.day, 2);
	assert_true(s->t.draft);
	assert_int_equal(s->t.audience, AUDIENCE_GUARDIAN | AUDIENCE_STAFF);
	assert_int_equal(s->t.reviewed.month, 2);
	assert_int_equal(s->t.review_by.year, 2027);
	assert_int_equal(s->t.source_count, 2);
	assert_text(s->t.sources[1], "two");
	assert_int_equal(s->t.status, STATUS_MACHINE);
	assert_text(s->t.translated_by, "N. N.");
	assert_int_equal(s->t.translated.day, 4);
	assert_true(s->t.needs_legal_review);
	assert_true(s->t.withdrawal->given);
	assert_int_equal(s->t.withdrawal->date.month, 4);
	assert_text(s->t.withdrawal->reason, "Lagen ändrades.");
	assert_text(s->t.withdrawal->replaced_by, "annat.md");
	assert_int_equal(s->t.id_count, 1);
	assert_true(translation_has_id(&s->t, STR("id")));
	assert_false(translation_has_id(&s->t, STR("rubrik")));
	assert_int_equal(s->t.title_at.at, 11);
}

static void what_is_not_said_has_defaults(void **state)
{
	struct state *s = *state;

	read(s, "---\ntitle: T\nweight:\nslug:\naliases:\naudience:\nsources:\ntranslation:\ndraft: "
		"~\n---\n");
	assert_sheet_said(s, "");
	assert_false(s->t.has_weight);
	assert_text(s->t.slug, "a");
	assert_int_equal(s->t.alias_count, 0);
	assert_int_equal(s->t.audience, 0);
	assert_null(s->t.sources);
	assert_int_equal(s->t.status, STATUS_MISSING);
	assert_false(s->t.draft);
	assert_null(s->t.withdrawal);
	assert_int_equal(s->t.reviewed.year, 0);
	assert_null(s->t.doc->root->first);
}

static const struct wrong {
	const char *front, *said;
} wrongs[] = {
	{"titel: x", ":3:1 yaml/unknown-key\n"},
	{"title: [x]", ":1:1 sheet/no-title\n:3:8 yaml/wrong-type\n"},
	{"description: {a: b}", ":3:14 yaml/wrong-type\n"},
	{"weight: heavy", ":3:9 yaml/wrong-type\n"},
	{"weight: 99999999999999999999", ":3:9 yaml/wrong-type\n"},
	{"slug: Stor", ":3:7 file/name\n"},
	{"slug: a/b", ":3:7 file/name\n"},
	{"slug: ../b", ":3:7 file/name\n"},
	{"slug: con", ":3:7 file/name\n"},
	{"slug: [a]", ":3:7 yaml/wrong-type\n"},
	{"aliases: [ok, ../../x, 'å']", ":3:15 file/name\n:3:24 file/name\n"},
	{"aliases: /old/page/", ":3:10 file/name\n"},
	{"aliases: {a: b}", ":3:10 yaml/wrong-type\n"},
	{"aliases: [a, [b]]", ":3:14 yaml/wrong-type\n"},
	{"date: 2026-02-29", ":3:7 yaml/bad-date\n"},
	{"date: [2026-02-28]", ":3:7 yaml/wrong-type\n"},
	{"reviewed: 20 maj 2026", ":3:11 yaml/bad-date\n"},
	{"review_by: 2026-1-1", ":3:12 yaml/bad-date\n"},
	{"reviewed: 2026-05-02\nreview_by: 2026-05-01", ":4:12 yaml/bad-value\n"},
	{"draft: ja", ":3:8 yaml/wrong-type\n"},
	{"audience: pupils", ":3:11 yaml/bad-value\n"},
	{"audience: [staff, [guardian]]", ":3:19 yaml/bad-value\n"},
	{"audience: {staff: true}", ":3:11 yaml/bad-value\n"},
	{"sources: {a: b}", ":3:10 yaml/wrong-type\n"},
	{"translation: machine", ":3:14 yaml/wrong-type\n"},
	{"translation: {status: perfect}", ":3:23 yaml/bad-value\n"},
	{"translation: {stauts: machine}", ":3:15 yaml/unknown-key\n"},
	{"translation: {date: today}", ":3:21 yaml/bad-date\n"},
	{"needs_legal_review: maybe", ":3:21 yaml/wrong-type\n"},
	{"withdrawn: ja", ":3:12 yaml/bad-date\n"},
	{"withdrawn: [2026-11-20]", ":3:12 yaml/wrong-type\n"},
	{"withdrawn_reason: [a]", ":3:19 yaml/wrong-type\n"},
	{"replaced_by: [a.md]", ":3:14 yaml/wrong-type\n"},
	{"title: twice", ":3:1 yaml/duplicate-key\n"},
	{"a: &x b", ":3:4 yaml/limit\n"},
};

static void what_is_wrong_is_said_once_at_its_place(void **state)
{
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
		bool titled = !str_starts(str_from(wrongs[i].front), STR("title: ["));
		struct str text = str_fmt(&s->arena, "---\n%s\n%s\n---\nText.\n",
			titled ? "title: T" : "weight: 1", wrongs[i].front);
		struct str lines = str_from(wrongs[i].said), line, expected = STR("");

		while (str_cut(&lines, '\n', &line) && line.n)
			expected = str_fmt(
				&s->arena, "%.*scontent/sv/a.md%.*s\n", STR_ARG(expected), STR_ARG(line));
		read_as(s, "a", text);
		assert_said_of(&s->arena, &s->diag, expected.p, wrongs[i].front);
		assert_true(slug_valid(s->t.slug));
		for (size_t k = 0; k < s->t.alias_count; k++)
			assert_true(slug_valid(s->t.aliases[k]));
	}
	read(s, "---\ntitle: T\ntitel: x\n---\n");
	assert_text(said_hint(&s->diag, RULE_YAML_KEY), "did you mean “title”?");
}

static void front_matter_that_is_no_map_is_said(void **state)
{
	struct state *s = *state;

	read(s, "---\n- a\n---\n# Rubrik\n");
	assert_sheet_said(s, "content/sv/a.md:2:1 yaml/wrong-type\n");
	assert_text(s->t.title, "Rubrik");
}

static void a_plain_texts_heading_is_its_title(void **state)
{
	struct state *s = *state;

	read(s, "# Rubrik\n\nText.\n\n# En till\n");
	assert_sheet_said(s, "content/sv/a.md:5:1 markdown/heading-one\n");
	assert_text(s->t.title, "Rubrik");
	assert_int_equal(s->t.doc->root->first->kind, NODE_PARAGRAPH);
	assert_int_equal(s->t.id_count, 1);

	read(s, "---\ntitle: T\n---\n# Rubrik\n");
	assert_sheet_said(s, "content/sv/a.md:4:1 markdown/heading-one\n");
	assert_int_equal(s->t.doc->root->first->kind, NODE_HEADING);

	read(s, "Text.\n\n# Rubrik\n");
	assert_sheet_said(
		s, "content/sv/a.md:1:1 sheet/no-title\ncontent/sv/a.md:3:1 markdown/heading-one\n");
}

static void where_front_matter_ends(void **state)
{
	static const struct {
		const char *text, *yaml;
		size_t body;
	} cases[] = {
		{"---\na: b\n---\nText", "a: b\n", 13},
		{"---\r\na: b\r\n---\r\nText", "a: b\r\n", 16},
		{"---  \na: b\n--- \t\nText", "a: b\n", 17},
		{"\xEF\xBB\xBF---\na: b\n---\nText", "a: b\n", 16},
		{"\xEF\xBB\xBFText", "", 3},
		{"---\n---\nText", "", 8},
		{"---\n---", "", 7},
		{"---\na: b\n---", "a: b\n", 12},
		{"---\na: ---\n---\n", "a: ---\n", 15},
		{"Text\n---\n", "", 0},
		{"----\na\n----\n", "", 0},
		{" ---\na\n---\n", "", 0},
		{"", "", 0},
		{"---", "", SIZE_MAX},
		{"---\n", "", SIZE_MAX},
		{"---\na: b\n", "a: b\n", SIZE_MAX},
		{"---\na: b\n ---\n", "a: b\n ---\n", SIZE_MAX},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str yaml;

		assert_int_equal(front_matter_end(str_from(cases[i].text), &yaml), cases[i].body);
		assert_text(yaml, cases[i].yaml);
	}
}

static void front_matter_without_an_end_is_said(void **state)
{
	struct state *s = *state;

	read(s, "---\ntitle: T\n\nText.\n");
	assert_sheet_said(s, "content/sv/a.md:1:1 yaml/syntax\n");
	assert_null(s->t.doc->root->first);
}

static void windows_files_are_read_as_others(void **state)
{
	struct state *s = *state;

	read(s, "\xEF\xBB\xBF---\r\ntitle: T\r\nslug: å\r\n---\r\nText.\r\n\r\n## R\r\n");
	assert_sheet_said(s, "content/sv/a.md:3:7 file/name\n");
	assert_text(s->t.title, "T");
	assert_true(translation_has_id(&s->t, STR("r")));
	assert_int_equal(s->t.doc->root->first->kind, NODE_PARAGRAPH);
}

static void a_title_is_found_elsewhere(void **state)
{
	struct state *s = *state;

	read(s, "Text.\n\n## *En* rubrik\n");
	assert_text(s->t.title, "En rubrik");
	assert_sheet_said(s, "content/sv/a.md:1:1 sheet/no-title\n");
	read(s, "---\ntitle: '  '\n---\nText.\n");
	assert_text(s->t.title, "a");
	read_as(s, "folder/namn", STR(""));
	assert_text(s->t.title, "namn");
	assert_sheet_said(s, "content/sv/a.md:1:1 sheet/no-title\n");
}

static void a_slug_is_made_of_the_files_name(void **state)
{
	static const char *const cases[][3] = {
		{"vem-beslutar", "vem-beslutar", ""},
		{"folder/sub/name", "name", ""},
		{"Stor Bokstav", "stor-bokstav", ""},
		{"å ä ö", "a-a-o", ""},
		{"a.b", "a.b", ""},
		{"con", "sheet-con", "content/sv/a.md:1:1 file/name\n"},
		{"…", "sheet", "content/sv/a.md:1:1 file/name\n"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		read_as(s, cases[i][0], STR("---\ntitle: T\n---\n"));
		assert_text(s->t.slug, cases[i][1]);
		assert_said_of(&s->arena, &s->diag, cases[i][2], cases[i][0]);
	}
}

static void generated_pages_reserve_their_slugs(void **state)
{
	(void)state;
	assert_true(slug_reserved(STR("index")));
	assert_true(slug_reserved(STR("packs")));
	assert_false(slug_reserved(STR("indexes")));
	assert_false(slug_valid(STR("")));
	assert_false(slug_valid(STR("a/b")));
	assert_false(slug_valid(STR("..")));
	assert_true(slug_valid(STR("a-1")));
}

static void many_ids_are_found_in_a_set(void **state)
{
	struct state *s = *state;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addz(&text, "---\ntitle: T\n---\n");
	for (int i = 0; i < 40; i++)
		buf_addf(&text, "## R {#r%d}\n\n", i);
	read_as(s, "a", buf_str(&text));
	assert_sheet_said(s, "");
	assert_int_equal(s->t.id_count, 40);
	for (int i = 0; i < 40; i++)
		assert_true(translation_has_id(&s->t, str_fmt(&s->arena, "r%d", i)));
	assert_false(translation_has_id(&s->t, STR("r40")));
	forget(s);
	buf_release(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_key_is_read),
		TEST(what_is_not_said_has_defaults),
		TEST(what_is_wrong_is_said_once_at_its_place),
		TEST(front_matter_that_is_no_map_is_said),
		TEST(a_plain_texts_heading_is_its_title),
		TEST(where_front_matter_ends),
		TEST(front_matter_without_an_end_is_said),
		TEST(windows_files_are_read_as_others),
		TEST(a_title_is_found_elsewhere),
		TEST(a_slug_is_made_of_the_files_name),
		TEST(generated_pages_reserve_their_slugs),
		TEST(many_ids_are_found_in_a_set),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	text_slug_release();
	return failed;
}
