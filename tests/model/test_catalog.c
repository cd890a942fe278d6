#include "model/catalog.h"
#include "support/check.h"

static void names_are_parsed(void **state)
{
	enum status status = STATUS_MISSING;
	enum face face = FACE_WEB;
	unsigned bit = 0;

	(void)state;
	assert_true(status_parse(STR("machine"), &status) && status == STATUS_MACHINE);
	assert_true(status_parse(STR("reviewed"), &status) && status == STATUS_REVIEWED);
	assert_false(status_parse(STR("missing"), &status));
	assert_false(status_parse(STR(""), &status));
	assert_int_equal(status, STATUS_REVIEWED);
	assert_string_equal(status_name(STATUS_TRANSLATED), "translated");
	assert_true(face_parse(STR("folder"), &face) && face == FACE_FOLDER);
	assert_false(face_parse(STR("Folder"), &face));
	assert_true(audience_parse(STR("staff"), &bit) && bit == AUDIENCE_STAFF);
	assert_false(audience_parse(STR("all"), &bit));
}

/* Three languages (sv the source, en falls back to sv, ar to en and then sv) and one sheet. */
struct site {
	struct language languages[3];
	size_t en[1], ar[2];
	struct translation texts[3];
	struct translation *in[3];
	struct sheet sheet;
	struct catalog catalog;
	struct edition edition;
};

static void make_site(struct site *s)
{
	*s = (struct site){.en = {0}, .ar = {1, 0}};
	s->languages[1].fallback = s->en;
	s->languages[1].fallback_count = 1;
	s->languages[2].fallback = s->ar;
	s->languages[2].fallback_count = 2;
	for (size_t i = 0; i < 3; i++) {
		s->texts[i] =
			(struct translation){.sheet = &s->sheet, .language = i, .status = STATUS_REVIEWED};
		s->in[i] = &s->texts[i];
	}
	s->sheet.in = s->in;
	s->catalog.config.languages = s->languages;
	s->catalog.config.language_count = 3;
	s->edition.lowest = STATUS_MACHINE;
}

static const struct translation *shown(struct site *s, size_t language)
{
	return catalog_translation(&s->catalog, &s->edition, &s->sheet, language);
}

static void a_reader_gets_the_nearest_text(void **state)
{
	struct site s;

	(void)state;
	make_site(&s);
	assert_ptr_equal(shown(&s, 2), &s.texts[2]);
	s.in[2] = NULL;
	assert_ptr_equal(shown(&s, 2), &s.texts[1]);
	s.in[1] = NULL;
	assert_ptr_equal(shown(&s, 2), &s.texts[0]);
	assert_ptr_equal(shown(&s, 1), &s.texts[0]);
	s.in[0] = NULL;
	assert_null(shown(&s, 2));
	s.in[1] = &s.texts[1];
	assert_null(shown(&s, 0)); /* the source language falls back to nothing */
}

static void what_is_below_the_lowest_status_is_missing(void **state)
{
	struct site s;

	(void)state;
	make_site(&s);
	s.edition.lowest = STATUS_TRANSLATED;
	s.texts[2].status = STATUS_MACHINE;
	s.texts[1].status = STATUS_TRANSLATED;
	assert_ptr_equal(shown(&s, 2), &s.texts[1]);
	s.edition.lowest = STATUS_REVIEWED;
	assert_ptr_equal(shown(&s, 2), &s.texts[0]);
	s.texts[0].status = STATUS_MACHINE;
	assert_ptr_equal(shown(&s, 0), &s.texts[0]); /* the source never counts as missing */
}

static void an_audience_chooses_sheets(void **state)
{
	struct site s;

	(void)state;
	make_site(&s);
	s.edition.audience = AUDIENCE_STAFF;
	assert_non_null(shown(&s, 0)); /* for nobody in particular */
	s.sheet.audience = AUDIENCE_GUARDIAN;
	assert_null(shown(&s, 0));
	s.sheet.audience = AUDIENCE_GUARDIAN | AUDIENCE_STAFF;
	assert_non_null(shown(&s, 0));
}

static void phrases_fall_back_too(void **state)
{
	static struct phrase sv = {.key = STR_INIT("a")}, en = {.key = STR_INIT("a")};
	struct wording wordings[3] = {{0}};
	struct arena a;
	struct site s;
	size_t found;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	make_site(&s);
	s.catalog.wordings = wordings;
	map_put(&wordings[0].phrases, &a, STR("a"), &sv);
	map_put(&wordings[0].phrases, &a, STR("only"), &sv);
	map_put(&wordings[1].phrases, &a, STR("a"), &en);
	assert_ptr_equal(catalog_phrase(&s.catalog, 2, STR("a"), &found), &en);
	assert_int_equal(found, 1);
	assert_ptr_equal(catalog_phrase(&s.catalog, 2, STR("only"), &found), &sv);
	assert_int_equal(found, 0);
	assert_ptr_equal(catalog_phrase(&s.catalog, 1, STR("a"), &found), &en);
	assert_null(catalog_phrase(&s.catalog, 2, STR("none"), &found));
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_parsed),
		cmocka_unit_test(a_reader_gets_the_nearest_text),
		cmocka_unit_test(what_is_below_the_lowest_status_is_missing),
		cmocka_unit_test(an_audience_chooses_sheets),
		cmocka_unit_test(phrases_fall_back_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
