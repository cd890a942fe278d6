#include "model/glossary.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena;
	struct diag diag;
	struct source config_src, src;
	struct config config;
	struct map terms;
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){0};
	arena_init(&s->arena, ARENA_DEFAULT);
	diag_init(&s->diag);
	source_init(&s->config_src, STR("c"), STR("languages: {sv: , en: , ar: }\n"));
	assert_true(config_read(&s->config, &s->arena, &s->config_src, NULL, 0, &s->diag));
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	diag_release(&s->diag);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static const struct term *read(struct state *s, const char *text)
{
	diag_release(&s->diag);
	diag_init(&s->diag);
	s->terms = (struct map){0};
	source_init(&s->src, STR("g"), str_from(text));
	glossary_read(&s->terms, &s->arena, &s->src, &s->config, &s->diag);
	return map_get(&s->terms, STR("a"));
}

static size_t language(const struct state *s, const char *tag)
{
	return config_language(&s->config, str_from(tag))->index;
}

static void words_stand_by_language(void **state)
{
	struct state *s = *state;
	const struct term *t = read(s, "a:\n  sv: ord\n  en: [word, ' term ', '']\n  fi: sana\n"
				       "  explanation: {sv: Förklaring., en: Explained.}\nb: {sv: b}\n");

	assert_said(&s->arena, &s->diag, "");
	assert_int_equal(t->word_count[language(s, "sv")], 1);
	assert_text(t->words[language(s, "sv")][0], "ord");
	assert_int_equal(t->word_count[language(s, "en")], 2);
	assert_text(t->words[language(s, "en")][1], "term");
	assert_int_equal(t->word_count[language(s, "ar")], 0);
	assert_null(t->words[language(s, "ar")]);
	assert_text(t->explanation[language(s, "en")], "Explained.");
	assert_text(t->explanation[language(s, "ar")], "");
	assert_int_equal(((struct term *)map_get(&s->terms, STR("b")))->index, 1);
}

static void one_explanation_is_the_source_language_s(void **state)
{
	struct state *s = *state;
	const struct term *t = read(s, "a: {sv: ord, explanation: Text.}\n");

	assert_said(&s->arena, &s->diag, "");
	assert_text(t->explanation[language(s, "sv")], "Text.");
	assert_text(t->explanation[language(s, "en")], "");
}

static void states_are_as_for_sheets(void **state)
{
	struct state *s = *state;
	const struct term *t = read(s, "a: {sv: ord}\n");

	assert_int_equal(t->status[language(s, "sv")], STATUS_REVIEWED);
	assert_int_equal(t->status[language(s, "en")], STATUS_TRANSLATED);
	t = read(s, "a: {sv: ord}\ntranslation: machine\n");
	assert_int_equal(t->status[language(s, "sv")], STATUS_REVIEWED);
	assert_int_equal(t->status[language(s, "ar")], STATUS_MACHINE);
	t = read(s, "translation: {en: reviewed, ar: machine, fi: machine}\na: {sv: ord}\n");
	assert_int_equal(t->status[language(s, "en")], STATUS_REVIEWED);
	assert_int_equal(t->status[language(s, "ar")], STATUS_MACHINE);
	assert_said(&s->arena, &s->diag, "");
}

static void what_is_wrong_is_said_at_its_place(void **state)
{
	static const char *const cases[][2] = {
		{"a: {en: word}\n", "g:1:1 yaml/missing-key\n"},
		{"a:\n", "g:1:1 yaml/missing-key\n"},
		{"a: {sv: ''}\n", "g:1:1 yaml/missing-key\n"},
		{"a: ord\n", "g:1:4 yaml/wrong-type\n"},
		{"a: {sv: {x: y}}\n", "g:1:1 yaml/missing-key\ng:1:9 yaml/wrong-type\n"},
		{"a: {sv: ord, explanations: x}\n", "g:1:14 yaml/unknown-key\n"},
		{"a: {sv: ord, explanation: {svenska1: x}}\n", "g:1:28 yaml/unknown-key\n"},
		{"a: {sv: ord, explanation: [x, [y]]}\n", "g:1:27 yaml/wrong-type\n"},
		{"A b: {sv: ord}\n", "g:1:1 yaml/bad-value\n"},
		{"translation: good\na: {sv: ord}\n", "g:1:14 yaml/bad-value\n"},
		{"translation: missing\na: {sv: ord}\n", "g:1:14 yaml/bad-value\n"},
		{"translation: {en: [machine]}\na: {sv: ord}\n", "g:1:19 yaml/bad-value\n"},
		{"- a\n", "g:1:1 yaml/wrong-type\n"},
		{"", ""},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct term *t = read(s, cases[i][0]);

		assert_said_of(&s->arena, &s->diag, cases[i][1], cases[i][0]);
		if (t)
			assert_true(t->word_count[s->config.source] > 0);
	}
}

static void a_bad_state_changes_nothing(void **state)
{
	struct state *s = *state;
	const struct term *t = read(s, "translation: {en: missing, ar: nonsense}\na: {sv: ord}\n");

	assert_int_equal(t->status[language(s, "en")], STATUS_TRANSLATED);
	assert_int_equal(t->status[language(s, "ar")], STATUS_TRANSLATED);
}

static void a_near_language_is_suggested(void **state)
{
	struct state *s = *state;

	(void)read(s, "a: {sv: ord, e1: word}\n");
	assert_text(said_hint(&s->diag, RULE_YAML_KEY), "did you mean “en”?");
}

static void there_is_an_end_to_terms_and_forms(void **state)
{
	struct state *s = *state;
	const struct term *t;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addz(&text, "a: {sv: [x");
	for (int i = 1; i <= GLOSSARY_MAX_FORMS; i++)
		buf_addz(&text, ", x");
	buf_addz(&text, "]}\n");
	for (int i = 0; i <= GLOSSARY_MAX; i++)
		buf_addf(&text, "b%d: {sv: b}\n", i);
	buf_addc(&text, 0);
	t = read(s, text.p);
	assert_int_equal(t->word_count[language(s, "sv")], GLOSSARY_MAX_FORMS);
	assert_int_equal(s->terms.len, GLOSSARY_MAX);
	assert_said(&s->arena, &s->diag, "g:1:5 yaml/limit\ng:2001:1 yaml/limit\n");
	buf_release(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_stand_by_language),
		TEST(one_explanation_is_the_source_language_s),
		TEST(states_are_as_for_sheets),
		TEST(what_is_wrong_is_said_at_its_place),
		TEST(a_bad_state_changes_nothing),
		TEST(a_near_language_is_suggested),
		TEST(there_is_an_end_to_terms_and_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
