#include "support/check.h"

#include "text/markdown.h"
#include "text/readability.h"

struct fixture {
	struct arena arena;
	struct diag diag;
	struct source src;
	struct locale *locale;
	struct buf said; /* "line:column-line:column words|letters word" */
};

static int setup(void **state)
{
	struct fixture *f = xmalloc(sizeof(*f));

	*f = (struct fixture){0};
	arena_init(&f->arena, ARENA_DEFAULT);
	diag_init(&f->diag);
	f->locale = locale_new(&(struct locale_spec){.tag = STR("sv")});
	buf_init(&f->said, 1 << 20);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	buf_release(&f->said);
	locale_free(f->locale);
	source_release(&f->src);
	diag_release(&f->diag);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static struct readability measure(struct fixture *f, const char *text, const struct readability_hooks *hooks)
{
	struct markdown_options options = {.locale = f->locale};
	struct readability r;

	source_release(&f->src);
	source_init(&f->src, STR("a.md"), str_from(text));
	buf_clear(&f->said);
	readability_measure(&r, f->locale, markdown_parse(&f->arena, &f->src, 0, &options, &f->diag), hooks);
	return r;
}

static void assert_measured(
	struct fixture *f, const char *text, size_t words, size_t long_words, size_t sentences)
{
	struct readability r = measure(f, text, NULL);

	if (r.words != words || r.long_words != long_words || r.sentences != sentences)
		fail_msg("%zu words, %zu long, %zu sentences in “%s”", r.words, r.long_words, r.sentences,
			text);
}

static void words_and_sentences_are_counted(void **state)
{
	struct fixture *f = *state;

	assert_measured(f, "", 0, 0, 0);
	assert_measured(f, "Du får råd. Du får stöd!", 6, 0, 2);
	assert_measured(f, "Utredning är sju. Bokstav har sju, bilden sex.", 8, 2, 2);
	assert_measured(f, "Utan punkt", 2, 0, 1);
	assert_measured(f, "Rad ett\nrad två", 4, 0, 1);
	assert_measured(f, "— … !", 0, 0, 0);
	assert_measured(f, "Ett **tjockt** och *lutat* [länkat ord](b.md) här.", 7, 0, 1);
}

static void a_block_ends_a_sentence(void **state)
{
	struct fixture *f = *state;

	assert_measured(f, "Ett\n\nTvå", 2, 0, 2);
	assert_measured(f, "- Ett möte\n- Ett svar\n  - Tre ord till", 7, 0, 3);
	assert_measured(f, "> [!NOTE]\n> Bra att veta", 3, 0, 1);
}

static void what_is_no_running_text_is_left_out(void **state)
{
	struct fixture *f = *state;

	assert_measured(
		f, "# Rubriken räknas inte\n\n`kod här` ![bild här](b.png) Ord [@law, 19 kap. 1 §]", 1, 0, 1);
	assert_measured(f, "```chart\nett två tre\n```\n\n    kod igen\n", 0, 0, 0);
	assert_measured(f, "Ring 08-508 00 000 om KS 2023/1216.", 4, 0, 1);
	assert_measured(f, "Inom {days, plural, one {# dag} other {# dagar}}.", 2, 0, 1);
}

static void show_fact(void *ctx, const struct node *fact, struct buf *out)
{
	(void)ctx;
	(void)fact;
	buf_addz(out, "14 arbetsdagar");
}

static void facts_count_as_they_are_shown(void **state)
{
	struct fixture *f = *state;
	struct readability r = measure(f, "Inom {days}.", &(struct readability_hooks){.fact = show_fact});

	assert_int_equal(r.words, 3);
	assert_int_equal(r.long_words, 1);
}

static void say(struct fixture *f, struct span at)
{
	struct str s = str_slice(f->src.text, at.at, at.at + at.n);

	for (size_t i = 0; i < s.n; i++)
		buf_addc(&f->said, s.p[i] == '\n' ? '|' : s.p[i]);
	buf_addc(&f->said, '\n');
}

static void on_sentence(void *ctx, struct span at, size_t words)
{
	struct fixture *f = ctx;

	buf_addf(&f->said, "%zu ", words);
	say(f, at);
}

static void on_long_word(void *ctx, struct span at, struct str word, size_t letters)
{
	struct fixture *f = ctx;

	if (letters < READABILITY_LONG_WORD)
		return;
	buf_addf(&f->said, "%.*s=", STR_ARG(word));
	say(f, at);
}

static void sentences_are_pointed_at_in_the_source(void **state)
{
	struct fixture *f = *state;

	measure(f, "Ett  två.\n  Tre *fyra* {days}\nfem. [@law] Sex &amp; s\\*ju.\n",
		&(struct readability_hooks){.ctx = f, .sentence = on_sentence});
	assert_text(buf_str(&f->said), "2 Ett  två.\n4 Tre *fyra* {days}|fem.\n3 Sex &amp; s\\*ju.\n");
}

static void words_are_pointed_at_in_the_source(void **state)
{
	struct fixture *f = *state;

	measure(f, "En **utredning**, åååååååå\noch *för*handsbedömning. {lagstiftning}",
		&(struct readability_hooks){.ctx = f, .word = on_long_word, .fact = show_fact});
	assert_text(buf_str(&f->said), "utredning=utredning\nåååååååå=åååååååå\n"
				       "förhandsbedömning=för*handsbedömning\narbetsdagar={lagstiftning}\n");
}

static void lix_is_rounded(void **state)
{
	(void)state;
	assert_int_equal(readability_lix(&(struct readability){0}), 0);
	assert_int_equal(readability_lix(&(struct readability){10, 3, 2}), 35);
	assert_int_equal(readability_lix(&(struct readability){7, 1, 1}), 21);
	assert_int_equal(readability_lix(&(struct readability){100, 25, 10}), 35);
	assert_int_equal(readability_lix(&(struct readability){5, 0, 2}), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_and_sentences_are_counted),
		TEST(a_block_ends_a_sentence),
		TEST(what_is_no_running_text_is_left_out),
		TEST(facts_count_as_they_are_shown),
		TEST(sentences_are_pointed_at_in_the_source),
		TEST(words_are_pointed_at_in_the_source),
		cmocka_unit_test(lix_is_rounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
