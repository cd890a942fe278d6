/*
 * Our HTML against cmark's own: for the examples of the CommonMark specification (when its npm package is
 * installed, or COMMONMARK_SPEC names a spec.txt), for those of tests/spec/markdown/commonmark.txt, and for
 * random texts. Only the inputs of examples matter; the judge is cmark.
 */
#include "text/markdown_check.h"

#include <setjmp.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct diag diag;
	struct buf html;
};

static struct fixture f;

static int set_up(void **state)
{
	(void)state;
	arena_init(&f.arena, ARENA_DEFAULT);
	diag_init(&f.diag);
	buf_init(&f.html, BUF_MAX_DEFAULT);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_release(&f.html);
	diag_release(&f.diag);
	arena_release(&f.arena);
	return 0;
}

static void forget(void)
{
	diag_release(&f.diag);
	diag_init(&f.diag);
	arena_clear(&f.arena);
	buf_clear(&f.html);
}

/* True when our HTML is cmark's; spans are checked with and without our own syntax. */
static bool agrees(struct str input, bool loud)
{
	const struct html_options options = {0};
	const struct markdown_options plain = {.plain = true}, ours = {0};
	struct source src;
	struct doc *doc;
	char *want;
	bool equal;

	forget();
	source_init(&src, STR("test.md"), input);
	doc = markdown_parse(&f.arena, &src, 0, &plain, &f.diag);
	if (oracle_too_deep(&f.diag)) {
		source_release(&src);
		return true;
	}
	html_render(&f.html, doc, &options);
	want = markdown_oracle(input);
	equal = str_is(buf_str(&f.html), want);
	if (!equal && loud)
		print_message("--- input\n%.*s\n--- cmark\n%s\n--- ours\n%.*s\n", STR_ARG(input), want,
			STR_ARG(buf_str(&f.html)));
	free(want);
	markdown_check_spans(doc, 0);
	markdown_check_spans(markdown_parse(&f.arena, &src, 0, &ours, &f.diag), 0);
	source_release(&src);
	return equal;
}

static struct str read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buf b;
	char *room;
	size_t n = 1;

	if (!file)
		return (struct str){0};
	buf_init(&b, BUF_MAX_DEFAULT);
	while (n && (room = buf_room(&b, 65536))) {
		n = fread(room, 1, 65536, file);
		buf_added(&b, n);
	}
	fclose(file);
	return buf_str(&b);
}

/* Examples stand between fences of 32 backticks, "→" for tabs, input and output parted by a dot. */
static size_t run_examples(struct str spec, size_t *passed)
{
	static const char fence[] = "```````````````````````````````` example";
	struct str line, rest = spec;
	struct buf input;
	size_t count = 0;

	buf_init(&input, BUF_MAX_DEFAULT);
	while (str_cut(&rest, '\n', &line)) {
		if (!str_is(line, fence))
			continue;
		buf_clear(&input);
		while (str_cut(&rest, '\n', &line) && !str_is(line, ".")) {
			struct str piece, tabbed = line;

			for (size_t at; (at = str_find(tabbed, STR("→"))) < tabbed.n;
				tabbed = str_slice(tabbed, at + 3, tabbed.n)) {
				piece = str_slice(tabbed, 0, at);
				buf_add(&input, piece);
				buf_addc(&input, '\t');
			}
			buf_add(&input, tabbed);
			buf_addc(&input, '\n');
		}
		count++;
		*passed += agrees(buf_str(&input), true);
	}
	buf_release(&input);
	return count;
}

static void run_file(const char *path, bool must_exist, size_t least)
{
	struct str spec = read_file(path);
	size_t passed = 0, count;

	if (!spec.p && !must_exist)
		skip();
	assert_non_null(spec.p);
	count = run_examples(spec, &passed);
	print_message("%s: %zu of %zu\n", path, passed, count);
	assert_int_equal(passed, count);
	assert_true(count >= least);
	free((char *)(uintptr_t)spec.p);
}

static void test_specification(void **state)
{
	const char *path = getenv("COMMONMARK_SPEC");

	(void)state;
	run_file(path ? path : SOURCE_DIR "/tests/node_modules/commonmark-spec/spec.txt", false, 600);
}

static void test_own_examples(void **state)
{
	(void)state;
	run_file(SOURCE_DIR "/tests/spec/markdown/commonmark.txt", true, 50);
}

/* ---- random texts ---- */

static uint64_t seed;

static uint32_t roll(uint32_t sides)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % sides;
}

static const char *const shards[] = {
	"\n",
	"\n",
	"\n",
	"\n\n",
	" ",
	" ",
	"  ",
	"    ",
	"\t",
	"  \n",
	"\\\n",
	"\r\n",
	"a",
	"b",
	"ord",
	"Å",
	"å",
	"سلام",
	"1",
	"2023",
	"*",
	"*",
	"**",
	"_",
	"__",
	"***",
	"`",
	"``",
	"```",
	"~~~",
	"```\n",
	"# ",
	"## ",
	"###",
	" #",
	"===",
	"---",
	"\n---\n",
	"\n===\n",
	"- ",
	"* ",
	"+ ",
	"1. ",
	"2) ",
	"10. ",
	"> ",
	">",
	"\n> ",
	"\n- ",
	"\n  ",
	"[",
	"]",
	"[a]",
	"(",
	")",
	"](",
	"](/u)",
	"](/u \"t\")",
	"](<b c>)",
	"![",
	"[a]: /u\n",
	"[a]: /u 't'\n",
	"\n[b]:\n/u\n",
	"[]",
	"[b]",
	"\"",
	"'",
	"<",
	">",
	"<b>",
	"</b>",
	"<!--",
	"-->",
	"<?x?>",
	"<div>\n",
	"\n</div>\n",
	"<a href=\"x\">",
	"<https://x.se/?a=b&c>",
	"<a@b.se>",
	"&amp;",
	"&lt;",
	"&",
	";",
	"&auml;",
	"&#65;",
	"&#x41;",
	"&#0;",
	"&nosuch;",
	"&nbsp;",
	"&ngE;",
	"&#xF0001;",
	"\\",
	"\\*",
	"\\[",
	"\\&",
	"\\\\",
	"!",
	"{",
	"}",
	"{#id}",
	"{fact}",
	"{n, plural, one {# a} other {# b}}",
	"{a,\n b}",
	"{A}",
	"[@src]",
	"[@src, 1 §]",
	"[@a; @b]",
	"\n> [!FACT]\n> ",
	"[!NOTE]",
	"'{",
	"'}",
	"|",
	"|-|-|",
	"\xF3\xB0\x80\x80",
	"\xF4\x8F\xBF\xBD",
	"\xC2\xA0",
	"javascript:x",
	"08-12 34 56",
	"6 §",
	"www.x.se",
	":::",
	"~~",
	"==",
	"$$",
	"\f",
	"\v",
	".",
	",",
	"\xEF\xBF\xBD",
};

static void add_random(struct buf *b)
{
	size_t count = 1 + roll(24);

	buf_clear(b);
	for (size_t i = 0; i < count; i++)
		buf_addz(b, shards[roll(COUNT_OF(shards))]);
}

static void test_random(void **state)
{
	const char *rounds_text = getenv("MARKDOWN_ROUNDS");
	size_t rounds = rounds_text ? strtoul(rounds_text, NULL, 10) : 100000, wrong = 0;
	struct buf b;

	(void)state;
	seed = 20231216;
	buf_init(&b, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < rounds; i++) {
		add_random(&b);
		wrong += !agrees(buf_str(&b), wrong < 5);
	}
	buf_release(&b);
	assert_int_equal(wrong, 0);
}

/* Any byte at all but malformed UTF-8, which is refused before. */
static void test_nul_and_marks(void **state)
{
	(void)state;
	assert_true(agrees(STR("a\0b *c\0* \0\n> \0x\n\0\n"), true));
	assert_true(agrees(STR("\xEF\xBB\xBF\xEF\xBB\xBF*a*"), true));
	assert_true(agrees(STR("\xEF\xBB\xBF# Rubrik\n\n> text\n"), true));
	assert_true(agrees(STR("a\rb\r\rc\r\n\r\nd"), true));
	assert_true(agrees(STR("\f\n-\n-\n\n\f [a]: b\n===\n\n[a]: b\n\f\n=\n"), true));
	assert_true(agrees(STR(""), true));
	assert_true(agrees(STR("\n\n"), true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nul_and_marks),
		cmocka_unit_test(test_own_examples),
		cmocka_unit_test(test_specification),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
