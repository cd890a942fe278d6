#include "model/wording.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena;
	struct diag diag;
	struct source src;
	struct wording wording;
	struct locale *locale;
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){0};
	arena_init(&s->arena, ARENA_DEFAULT);
	diag_init(&s->diag);
	s->locale = locale_new(&(struct locale_spec){.tag = STR("sv")});
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	locale_free(s->locale);

	diag_release(&s->diag);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static void read(struct state *s, const char *text)
{
	source_init(&s->src, STR("l"), str_from(text));
	wording_read(&s->wording, &s->arena, &s->src, s->locale, &s->diag);
}

static const struct phrase *phrase(struct state *s, const char *key)
{
	return map_get(&s->wording.phrases, str_from(key));
}

static void keys_are_dotted(void **state)
{
	struct state *s = *state;
	struct str text;

	read(s, "a: x\nb:\n  c: y\n  d: {e: z}\n");
	assert_said(&s->arena, &s->diag, "");
	assert_int_equal(s->wording.phrases.len, 3);
	assert_true(message_is_plain(phrase(s, "b.d.e")->message, &text));
	assert_text(text, "z");
	assert_int_equal(phrase(s, "b.c")->key_at.at, 10);
	assert_int_equal(phrase(s, "b.c")->at.at, 13);
	assert_null(phrase(s, "b"));
	assert_ptr_equal(s->wording.src, &s->src);
}

static void a_fault_in_a_message_is_at_its_place(void **state)
{
	struct state *s = *state;

	read(s, "a: x\nb: {c: \"ett {n, plural, one {#}} till\"}\nd: y\n");
	assert_said(&s->arena, &s->diag, "l:2:13 message/no-other\n");
	assert_null(phrase(s, "b.c"));
	assert_non_null(phrase(s, "d"));
}

static void what_is_no_text_is_said_or_missing(void **state)
{
	struct state *s = *state;

	read(s, "a: [x]\nb:\nc: ''\nd: ~\n");
	assert_said(&s->arena, &s->diag, "l:1:4 yaml/wrong-type\n");
	assert_null(phrase(s, "a"));
	assert_null(phrase(s, "b")); /* not written yet */
	assert_non_null(phrase(s, "c"));
	assert_null(phrase(s, "d"));
}

static void the_first_of_two_stands(void **state)
{
	struct state *s = *state;
	struct str text;

	read(s, "a.b: one\na: {b: two}\n");
	assert_said(&s->arena, &s->diag, "l:2:5 yaml/duplicate-key\n");
	assert_true(message_is_plain(phrase(s, "a.b")->message, &text));
	assert_text(text, "one");
}

static void a_file_that_is_no_map_has_no_phrases(void **state)
{
	struct state *s = *state;

	read(s, "just text\n");
	assert_said(&s->arena, &s->diag, "l:1:1 yaml/wrong-type\n");
	assert_int_equal(s->wording.phrases.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keys_are_dotted),
		TEST(a_fault_in_a_message_is_at_its_place),
		TEST(what_is_no_text_is_said_or_missing),
		TEST(the_first_of_two_stands),
		TEST(a_file_that_is_no_map_has_no_phrases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
