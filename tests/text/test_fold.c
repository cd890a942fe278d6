#include "support/check.h"

#include "text/fold.h"

static void assert_folded(const char *text, const char *expected)
{
	struct arena a;
	struct str got;

	arena_init(&a, ARENA_DEFAULT);
	got = text_fold(&a, str_from(text));
	if (got.n != strlen(expected) || memcmp(got.p, expected, got.n) != 0)
		fail_msg("“%s” became “%.*s”, not “%s”", text, STR_ARG(got), expected);
	arena_release(&a);
}

static void case_accents_and_punctuation_go(void **state)
{
	(void)state;
	assert_folded("Förhandsbedömning: ÅÄÖ!", " forhandsbedomning aao ");
	assert_folded("”Förskolan kan ta mitt barn.”", " forskolan kan ta mitt barn ");
	assert_folded("Straße ﬁn", " strasse fin ");
	assert_folded("19 kap. 1 §", " 19 kap 1 ");
	assert_folded("Ґанок їжа", " ґанок іжа ");
	assert_folded("", "");
	assert_folded(" – … ", "");
}

static void ways_of_writing_arabic_go(void **state)
{
	(void)state;
	assert_folded("أحكام إحكام آحكام", " احكام احكام احكام ");
	assert_folded("خدمـــات", " خدمات ");
	assert_folded("مُحَمَّد", " محمد ");
	assert_folded("الخدمات الاجتماعية", " خدمات اجتماعيه ");
	assert_folded("ال الى", " ال الي "); /* too short to be a word with its article */
	assert_folded("کودک", " كودك ");
	assert_folded("می‌خواهم", " ميخواهم "); /* zero-width non-joiner */
}

static void words_are_cut_by_characters(void **state)
{
	struct arena a;
	struct str *words;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	assert_int_equal(text_words(&a, STR("Läs mer!"), &words), 2);
	assert_true(str_is(words[0], "las") && str_is(words[1], "mer"));
	assert_int_equal(text_words(&a, STR("…"), &words), 0);
	assert_int_equal(word_length(STR("خدمات")), 5);
	assert_true(str_is(word_prefix(STR("خدمات"), 2), "خد"));
	assert_true(str_is(word_prefix(STR("ab"), 5), "ab"));
	assert_int_equal(word_prefix(STR("ab"), 0).n, 0);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_accents_and_punctuation_go),
		cmocka_unit_test(ways_of_writing_arabic_go),
		cmocka_unit_test(words_are_cut_by_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
