/* The tree that a text becomes: kinds, fields and exact spans. What reads as an example stands in
 * tests/spec/. */
#include "text/markdown_check.h"

#include <setjmp.h>
#include <time.h>

#include <cmocka.h>

struct fixture {
	struct arena arena;
	struct diag diag;
	struct source src;
	struct doc *doc;
};

static struct fixture f;

static int set_up(void **state)
{
	(void)state;
	arena_init(&f.arena, ARENA_DEFAULT);
	diag_init(&f.diag);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	source_release(&f.src);
	diag_release(&f.diag);
	arena_release(&f.arena);
	return 0;
}

static void parse_from(struct str text, size_t from)
{
	const struct markdown_options options = {0};

	source_release(&f.src);
	source_init(&f.src, STR("test.md"), text);
	f.doc = markdown_parse(&f.arena, &f.src, from, &options, &f.diag);
	markdown_check_spans(f.doc, from < text.n ? from : text.n);
}

static void parse(const char *text)
{
	parse_from(str_from(text), 0);
}

/* The `nth` node of a kind, from 0. */
static const struct node *find(enum node_kind kind, size_t nth)
{
	for (const struct node *n = f.doc->root; n; n = node_next(n, f.doc->root))
		if (n->kind == kind && nth-- == 0)
			return n;
	return NULL;
}

static void assert_str(struct str got, const char *want)
{
	if (!str_is(got, want))
		fail_msg("got “%.*s”, want “%s”", STR_ARG(got), want);
}

static struct str written(const struct node *n)
{
	return str_slice(f.src.text, n->at, n->at + n->n);
}

/* The nth node of a kind stands exactly here. */
static void assert_written(enum node_kind kind, size_t nth, const char *want)
{
	const struct node *n = find(kind, nth);

	assert_non_null(n);
	assert_str(written(n), want);
}

static void assert_diag(size_t i, enum rule rule, const char *underlined)
{
	assert_true(i < f.diag.len);
	assert_int_equal(f.diag.items[i].rule, rule);
	assert_str(str_slice(f.src.text, f.diag.items[i].at.at, f.diag.items[i].at.at + f.diag.items[i].at.n),
		underlined);
}

/* ---- spans ---- */

static void test_spans_of_blocks(void **state)
{
	(void)state;
	parse("Text här.\n\n## Rubrik ##\n\n> citat\n> mer\n\n- ett\n- två\n\n  "
	      "tre\n\n```sh\nkod\n```\n\n***\n\nTitel\n===\n");
	assert_written(NODE_PARAGRAPH, 0, "Text här.");
	assert_written(NODE_HEADING, 0, "## Rubrik ##");
	assert_written(NODE_QUOTE, 0, "> citat\n> mer");
	assert_written(NODE_LIST, 0, "- ett\n- två\n\n  tre");
	assert_written(NODE_ITEM, 1, "- två\n\n  tre");
	assert_written(NODE_CODE_BLOCK, 0, "```sh\nkod\n```");
	assert_written(NODE_RULE, 0, "***");
	assert_written(NODE_HEADING, 1, "Titel\n===");
}

static void test_spans_of_inlines(void **state)
{
	(void)state;
	parse("a *b **c** d* `e` ![f](g \"h\") [i](<j k>) <https://l.se> [m][n]\\\no &amp; \\* p\n\n[n]: /u");
	assert_written(NODE_EMPH, 0, "*b **c** d*");
	assert_written(NODE_STRONG, 0, "**c**");
	assert_written(NODE_CODE, 0, "`e`");
	assert_written(NODE_IMAGE, 0, "![f](g \"h\")");
	assert_written(NODE_LINK, 0, "[i](<j k>)");
	assert_written(NODE_LINK, 1, "<https://l.se>");
	assert_written(NODE_LINK, 2, "[m][n]");
	assert_written(NODE_LINE_BREAK, 0, "\n");
	assert_str(find(NODE_LINE_BREAK, 0)->next->text, "o & * p");
	assert_str(written(find(NODE_LINE_BREAK, 0)->next), "o &amp; \\* p");
}

static void test_spans_behind_marks(void **state)
{
	(void)state;
	parse("> - ett *två\n>   tre* fyra\n> lat `fem\n>   sex` [sju\n> åtta](nio.md\n> 'tio')\n");
	assert_written(NODE_EMPH, 0, "*två\n>   tre*");
	assert_written(NODE_CODE, 0, "`fem\n>   sex`");
	assert_written(NODE_LINK, 0, "[sju\n> åtta](nio.md\n> 'tio')");
	assert_str(find(NODE_CODE, 0)->text, "fem sex");
}

static void test_spans_with_tabs_and_crlf(void **state)
{
	(void)state;
	parse("-\ta *b*\r\n\t- c\r\n\t  **d**\r\n>\te\r\n\r\n1.\t\tkod\r\n");
	assert_written(NODE_EMPH, 0, "*b*");
	assert_written(NODE_STRONG, 0, "**d**");
	assert_written(NODE_ITEM, 1, "- c\r\n\t  **d**");
	assert_written(NODE_SOFT_BREAK, 0, "\r");
	assert_written(NODE_QUOTE, 0, ">\te");
	assert_str(find(NODE_CODE_BLOCK, 0)->text, " kod\n");
}

static void test_spans_after_tokens(void **state)
{
	(void)state;
	parse("{a} [@b] *c* {d, plural, one {x} other {y}} **e** [@f, 1 §] `g` {h\n");
	assert_written(NODE_EMPH, 0, "*c*");
	assert_written(NODE_STRONG, 0, "**e**");
	assert_written(NODE_CODE, 0, "`g`");
	assert_written(NODE_FACT, 1, "{d, plural, one {x} other {y}}");
	assert_written(NODE_CITE, 1, "[@f, 1 §]");
	assert_str(find(NODE_CODE, 0)->next->text, " {h");
}

static void test_from_an_offset(void **state)
{
	(void)state;
	parse_from(STR("---\ntitle: x\n---\nText *här* {n}.\n"), 17);
	assert_int_equal(f.doc->root->at, 17);
	assert_written(NODE_EMPH, 0, "*här*");
	assert_written(NODE_FACT, 0, "{n}");
	parse_from(STR("\xEF\xBB\xBF# Å"), 0);
	assert_written(NODE_HEADING, 0, "# Å");
	parse_from(STR("kort"), 99);
	assert_null(f.doc->root->first);
}

static void test_definitions_are_no_text(void **state)
{
	(void)state;
	parse("[a]: /u\n[b]: /v\n'titel'\nText [a].\n");
	assert_written(NODE_PARAGRAPH, 0, "Text [a].");
	assert_written(NODE_LINK, 0, "[a]");
	parse("[a]: /u\n===\nrubrik [a]\n===\n");
	assert_written(NODE_HEADING, 0, "===\nrubrik [a]\n===");
}

/* ---- tokens ---- */

static void test_fact(void **state)
{
	const struct message_arg *args;
	const struct node *n;

	(void)state;
	parse("Inom {days, plural, one {# dag} other {# dagar}}.");
	n = find(NODE_FACT, 0);
	assert_non_null(n->message);
	assert_int_equal(message_args(n->message, &args), 1);
	assert_str(args[0].name, "days");
	assert_int_equal(args[0].at.at, 6);
	assert_ptr_equal(n->text.p, f.src.text.p + 5);
}

static void test_wrapped_fact(void **state)
{
	const struct node *n;

	(void)state;
	parse("> inom {days, plural,   \n> one {# dag}\n> other {# dagar}} *sedan*\n> slut\n");
	n = find(NODE_FACT, 0);
	assert_str(n->text, "{days, plural,    one {# dag} other {# dagar}}");
	assert_str(written(n), "{days, plural,   \n> one {# dag}\n> other {# dagar}}");
	assert_non_null(n->message);
	assert_written(NODE_EMPH, 0, "*sedan*");
	assert_null(find(NODE_LINE_BREAK, 0));
	assert_non_null(find(NODE_SOFT_BREAK, 0));
	assert_null(find(NODE_SOFT_BREAK, 1));
}

static void test_faults_in_a_wrapped_fact_have_their_place(void **state)
{
	(void)state;
	parse("> - {days, plural,\n>   one {# dag}\n>   oter {x} other {# dagar, {n, nummer}}}\n");
	assert_int_equal(f.diag.len, 2);
	assert_diag(0, RULE_MESSAGE_CATEGORY, "oter");
	assert_diag(1, RULE_MESSAGE_TYPE, "nummer");
	assert_null(find(NODE_FACT, 0)->message);
}

static void test_cite(void **state)
{
	(void)state;
	parse("a [@sol-2025] b [@lvu ,  19 kap.\n   1 § ].");
	assert_str(find(NODE_CITE, 0)->url, "sol-2025");
	assert_int_equal(find(NODE_CITE, 0)->title.n, 0);
	assert_str(find(NODE_CITE, 1)->url, "lvu");
	assert_str(find(NODE_CITE, 1)->title, "19 kap. 1 §");
}

static void test_tokens_interrupted(void **state)
{
	(void)state;
	parse("## {a, plural,\nother {x}}\n");
	assert_null(find(NODE_FACT, 0));
	assert_diag(0, RULE_MARKDOWN_TOKEN, "{a, plural,");
	assert_str(find(NODE_PARAGRAPH, 0)->first->text, "other {x}}");
}

static void test_heading_id(void **state)
{
	(void)state;
	parse("## En *rubrik* {#en-rubrik}\n\n## En rubrik {#en-rubrik}\n");
	assert_str(find(NODE_HEADING, 0)->text, "en-rubrik");
	assert_str(find(NODE_HEADING, 1)->text, "en-rubrik-2");
	assert_diag(0, RULE_MARKDOWN_DUPLICATE_ID, "en-rubrik");
	assert_int_equal(f.diag.items[0].other.at, 17);
	assert_int_equal(f.diag.items[0].other.n, 9);
	assert_int_equal(find(NODE_EMPH, 0)->next, NULL);
}

static void test_callout(void **state)
{
	const struct node *n;

	(void)state;
	parse("> [!WHY]\n> Därför.\n");
	n = find(NODE_CALLOUT, 0);
	assert_int_equal(n->callout, CALLOUT_WHY);
	assert_str(written(n), "> [!WHY]\n> Därför.");
	assert_str(n->first->first->text, "Därför.");
	assert_str(written(n->first), "[!WHY]\n> Därför.");
}

static void test_private_use_survives(void **state)
{
	(void)state;
	parse("\xF3\xB0\x80\x80{n}\xF4\x8F\xBF\xBD|\xF3\xB0\x80\x81| &#xF0000; `\xF3\xB0\x80\x80`");
	assert_str(find(NODE_TEXT, 0)->text, "\xF3\xB0\x80\x80");
	assert_str(find(NODE_FACT, 0)->text, "{n}");
	assert_str(find(NODE_TEXT, 1)->text, "\xF4\x8F\xBF\xBD|\xF3\xB0\x80\x81| \xF3\xB0\x80\x80 ");
	assert_str(find(NODE_CODE, 0)->text, "\xF3\xB0\x80\x80");
}

static void test_isolate(void **state)
{
	(void)state;
	parse("Ring 08&#45;508 00&nbsp;000 nu.");
	assert_str(find(NODE_ISOLATE, 0)->text, "08-508 00\xC2\xA0"
						"000");
	assert_written(NODE_ISOLATE, 0, "08&#45;508 00&nbsp;000");
	assert_written(NODE_TEXT, 1, " nu.");
}

/* ---- limits ---- */

static struct str repeated(const char *piece, size_t times)
{
	struct str s = str_from(piece);
	char *p = arena_alloc(&f.arena, s.n * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(p + i * s.n, s.p, s.n);
	return str_make(p, s.n * times);
}

static void test_depth_is_cut(void **state)
{
	size_t depth = 0, deepest = 0;
	struct node_walk w;

	(void)state;
	parse_from(repeated("> ", 5000), 0);
	for (w = node_walk(f.doc->root); node_step(&w);) {
		depth += w.entering ? 1 : (size_t)-1;
		deepest = depth > deepest ? depth : deepest;
	}
	assert_int_equal(deepest, MARKDOWN_MAX_DEPTH + 1);
	assert_int_equal(f.diag.len, 1);
	assert_int_equal(f.diag.items[0].rule, RULE_MARKDOWN_LIMIT);
	parse_from(repeated("*a **b ", 3000), 0);
	parse_from(repeated("- ", 3000), 0);
}

static void test_tokens_are_counted(void **state)
{
	size_t facts = 0;

	(void)state;
	parse_from(repeated("{n} ", 70000), 0);
	for (const struct node *n = f.doc->root; n; n = node_next(n, f.doc->root))
		facts += n->kind == NODE_FACT;
	assert_int_equal(facts, 65000);
	assert_int_equal(f.diag.items[f.diag.len - 1].rule, RULE_MARKDOWN_LIMIT);
}

static void test_a_long_token_is_none(void **state)
{
	struct str filler = repeated("x", 5000);

	(void)state;
	parse_from(str_fmt(&f.arena, "{n, plural, other {%.*s}}", STR_ARG(filler)), 0);
	assert_null(find(NODE_FACT, 0));
	assert_diag(0, RULE_MARKDOWN_TOKEN, "{n");
}

/* Quadratic traps for what is ours: a quarter of a million bytes take milliseconds, not minutes. */
static void test_hostile_texts_are_linear(void **state)
{
	static const char *const pieces[] = {"{", "{a", "{a,", "{a,'{", "{a,{b}", "{a,\n", "[@a", "[@a ",
		"[!", "> [!FACT]\n", "## A\n", "~~a", "==a", "[[a", "[^a", "{{", "{%", ":a", "1 ", "0", "+4",
		"www.", "http://a/", "a@", "§", "2023/1", "(0", "[a](b (", "[a](b \"", "[a]: b \"\n", "&ngE;",
		"\\", "> a\n", "- a\n  > b\n", "\xF3\xB0\x80\x80", "&#xF0000;", "a\r", "`", "``a"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		clock_t start = clock();
		struct str text;

		arena_clear(&f.arena);
		diag_release(&f.diag);
		diag_init(&f.diag);
		text = repeated(pieces[i], ((size_t)1 << 18) / strlen(pieces[i]));
		parse_from(text, 0);
		if (clock() - start > 5 * CLOCKS_PER_SEC)
			fail_msg("“%s”, over and over, takes too long", pieces[i]);
	}
}

/* ---- addresses ---- */

static void test_url_safe(void **state)
{
	static const char *const safe[] = {"", "a.md", "a.md#b", "#b", "?c", "../x/y.html", "/x", "http://x",
		"HTTPS://x", "mailto:a@b", "tel:112", "a/b:c", "a b:c", "%6Aavascript:x", "./javascript:x",
		"å:b", ".:x"};
	static const char *const unsafe[] = {"javascript:x", "JavaScript:x", "java\nscript:x",
		"java\tscript:x", " javascript:x", "\001javascript:x", "vbscript:x",
		"data:image/png;base64,x", "file:///etc/passwd", "ftp://x", "x:y", "C:\\x", "//x", "\\\\x",
		"/\\x", "https://x\r\ny", "a\177b"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(safe); i++)
		if (!markdown_url_safe(str_from(safe[i])))
			fail_msg("“%s” should be safe", safe[i]);
	for (size_t i = 0; i < COUNT_OF(unsafe); i++)
		if (markdown_url_safe(str_from(unsafe[i])))
			fail_msg("“%s” should not be safe", unsafe[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_spans_of_blocks),
		TEST(test_spans_of_inlines),
		TEST(test_spans_behind_marks),
		TEST(test_spans_with_tabs_and_crlf),
		TEST(test_spans_after_tokens),
		TEST(test_from_an_offset),
		TEST(test_definitions_are_no_text),
		TEST(test_fact),
		TEST(test_wrapped_fact),
		TEST(test_faults_in_a_wrapped_fact_have_their_place),
		TEST(test_cite),
		TEST(test_tokens_interrupted),
		TEST(test_heading_id),
		TEST(test_callout),
		TEST(test_private_use_survives),
		TEST(test_isolate),
		TEST(test_depth_is_cut),
		TEST(test_tokens_are_counted),
		TEST(test_a_long_token_is_none),
		TEST(test_hostile_texts_are_linear),
		TEST(test_url_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
