#include "text/section.h"

#include "support/check.h"
#include "text/markdown.h"

struct parsed {
	struct arena arena;
	struct diag diag;
	struct source src;
	struct section *list;
	size_t count;
};

static void parse(struct parsed *p, const char *title, const char *text)
{
	struct markdown_options options = {0};
	struct doc *doc;

	arena_init(&p->arena, ARENA_DEFAULT);
	diag_init(&p->diag);
	source_init(&p->src, STR("a.md"), str_from(text));
	doc = markdown_parse(&p->arena, &p->src, 0, &options, &p->diag);
	p->count = sections_of(&p->list, &p->arena, str_from(title), (struct str){0}, doc);
}

static void forget(struct parsed *p)
{
	source_release(&p->src);
	diag_release(&p->diag);
	arena_release(&p->arena);
}

/* "id hash from-to", one a line, without the title. */
static struct str listed(struct parsed *p, bool hashes)
{
	struct buf out;
	struct str s;

	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 1; i < p->count; i++) {
		buf_add(&out, p->list[i].id);
		if (hashes)
			buf_addf(&out, " %s", p->list[i].hash);
		else
			buf_addf(&out, " “%.*s”",
				STR_ARG(str_slice(p->src.text, p->list[i].from, p->list[i].to)));
		buf_addc(&out, '\n');
	}
	s = str_dup(&p->arena, buf_str(&out));
	buf_release(&out);
	return s;
}

static bool same(const char *x, const char *y)
{
	struct parsed a, b;
	bool equal;

	parse(&a, "T", x);
	parse(&b, "T", y);
	equal = str_eq(listed(&a, true), listed(&b, true));
	forget(&a);
	forget(&b);
	return equal;
}

static const struct {
	const char *x, *y;
} equal[] = {
	{"One two\nthree.\n", "One\ntwo three.\n"},
	{"One two three.\n", "  One   two\t three.   \n"},
	{"One *two\nthree* four.\n", "One *two three*\nfour.\n"},
	{"One *two* three.\n", "One\n_two_\nthree.\n"},
	{"One two.\n", "One two.\r\n"},
	{"- One\n- Two\n", "* One\n* Two\n"},
	{"- One\n- Two\n", "+ One\r\n\r\n+ Two\r\n"},
	{"- One\n- Two\n", "- One\n\n- Two\n"},
	{"1. One\n2. Two\n", "1) One\n1) Two\n"},
	{"## A b {#x}\n\nText.\n", "A b {#x}\n---\n\nText.\n"},
	{"## A b {#x}\n\nText.\n", "##   A b   {#x}\nText."},
	{"## A b {#x}\n\nText.\n", "## A b {#x}\n\n\n\nText.\n\n\n"},
	{"A & b *c*\n", "A &amp; b *c*\n"},
	{"A & b\n", "A \\& b\n"},
	{"A ö b\n", "A &ouml; b\n"},
	{"A\nb\n", "A  \nb\n"},
	{"A\nb\n", "A\\\nb\n"},
	{"> A b\n> c\n", "> A b c\n"},
	{"> A b\nc\n", "> A b c\n"},
	{"> [!FACT]\n> A b\n", "> [!FACT]\n> A\n> b\n"},
	{"[a b](x.md \"t\")\n", "[a\nb](<x.md> 't')\n"},
	{"[a](x.md)\n", "[a][r]\n\n[r]: x.md\n"},
	{"See {n, plural, one {# dag} other {# dagar}}.\n",
		"See {n, plural,\n  one {# dag}\n  other {# dagar}}.\n"},
	{"A [@sol, 1 kap. 2 §] b\n", "A\n[@sol, 1 kap.  2 §] b\n"},
	{"```sh\na  b\nc\n```\n", "~~~ sh\r\na  b  \r\nc\r\n~~~\r\n"},
	{"`a b`\n", "``a\nb``\n"},
	{"***\n", "- - -\n"},
	{"Call 112 now\n", "Call\n112 now\n"},
	{"Se <https://a.example/>.\n", "Se\n<https://a.example/>.\n"},
};

static const struct {
	const char *x, *y;
} different[] = {
	{"One two.\n", "One too.\n"},
	{"One two.\n", "Onetwo.\n"},
	{"One two.\n", "One two!\n"},
	{"One two.\n", "one two.\n"},
	{"One *two*.\n", "One two.\n"},
	{"One *two*.\n", "One **two**.\n"},
	{"One *two*.\n", "One*two*.\n"},
	{"One *two* three.\n", "One *two three*.\n"},
	{"One\n\ntwo\n", "One two\n"},
	{"- One\n- Two\n", "1. One\n2. Two\n"},
	{"1. One\n2. Two\n", "2. One\n3. Two\n"},
	{"- One\n- Two\n", "- One\n  - Two\n"},
	{"- One\n- Two\n", "- Two\n- One\n"},
	{"## A {#x}\n", "### A {#x}\n"},
	{"## A {#x}\n", "## B {#x}\n"},
	{"[a](x.md)\n", "[a](y.md)\n"},
	{"[a](x.md)\n", "[a](x.md#b)\n"},
	{"[a](x.md)\n", "[a](x.md \"b\")\n"},
	{"[a](x.md)\n", "[b](x.md)\n"},
	{"[a](x.md)\n", "![a](x.md)\n"},
	{"{n} dagar\n", "{m} dagar\n"},
	{"{n, plural, one {a} other {b}}\n", "{n, plural, one {a} other {c}}\n"},
	{"A [@sol]\n", "A [@lvu]\n"},
	{"A [@sol, 1 §]\n", "A [@sol, 2 §]\n"},
	{"A [@sol]\n", "A [@sol, 2 §]\n"},
	{"> [!FACT]\n> A\n", "> [!MYTH]\n> A\n"},
	{"> [!FACT]\n> A\n", "> A\n"},
	{"> A\n", "A\n"},
	{"```\na\n```\n", "```\nb\n```\n"},
	{"```\na\n```\n", "```chart\na\n```\n"},
	{"```\na\n  b\n```\n", "```\na\nb\n```\n"},
	{"`a`\n", "a\n"},
	{"`a`\n", "`b`\n"},
	{"A\n", "A\n\n***\n"},
	{"Call 112 now\n", "Call 113 now\n"},
	{"A 116 111 b\n", "A 116 112 b\n"},
	{"a b\n", "a\u00A0b\n"},
};

static void test_equal(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(equal); i++)
		if (!same(equal[i].x, equal[i].y))
			fail_msg("not the same:\n%s---\n%s", equal[i].x, equal[i].y);
}

static void test_different(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(different); i++)
		if (same(different[i].x, different[i].y))
			fail_msg("the same:\n%s---\n%s", different[i].x, different[i].y);
}

static void test_sections(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "T", "Intro.\n\n## A {#a}\nOne.\n> ## in a quote\n\nB\n===\n\n- two\n### C {#c}\n");
	assert_true(str_is(p.list[0].id, SECTION_TITLE));
	assert_null(p.list[0].first);
	assert_text(listed(&p, false), "_intro “Intro.\n\n”\n"
				       "a “## A {#a}\nOne.\n> ## in a quote\n\n”\n"
				       "b “B\n===\n\n- two\n”\n"
				       "c “### C {#c}\n”\n");
	assert_ptr_equal(p.list[1].end, p.list[2].first);
	assert_null(p.list[4].end);
	forget(&p);
}

static void test_none(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "T", "");
	assert_int_equal(p.count, 1);
	forget(&p);
	parse(&p, "T", "## A\n");
	assert_text(listed(&p, false), "a “## A\n”\n");
	forget(&p);
}

/* A change in one section is a change in that one only, wherever it stands. */
static void test_alone(void **state)
{
	struct parsed p, q;
	static const char *const parts[] = {"Intro.\n\n", "## A {#a}\n\nOne.\n\n", "## B {#b}\n\n- Two.\n\n",
		"### C {#c}\n\n> Three.\n\n"};
	static const char *const changed[] = {"Intro!\n\n", "## A {#a}\n\nEin.\n\n",
		"## B {#b}\n\n- Zwei.\n\n", "### C {#c}\n\n> Drei.\n\n"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		char x[200] = "", y[200] = "";
		size_t nx = 0, ny = 0;

		for (size_t j = 0; j < COUNT_OF(parts); j++) {
			nx += (size_t)snprintf(x + nx, sizeof(x) - nx, "%s", parts[j]);
			ny += (size_t)snprintf(y + ny, sizeof(y) - ny, "%s", j == i ? changed[j] : parts[j]);
		}
		parse(&p, "T", x);
		parse(&q, "T", y);
		assert_int_equal(p.count, 5);
		for (size_t j = 0; j < p.count; j++)
			assert_int_equal(strcmp(p.list[j].hash, q.list[j].hash) == 0, j != i + 1);
		forget(&p);
		forget(&q);
	}
}

static void test_title(void **state)
{
	struct parsed p, q;

	(void)state;
	parse(&p, "A  b", "x");
	parse(&q, " A b ", "x");
	assert_string_equal(p.list[0].hash, q.list[0].hash);
	forget(&q);
	parse(&q, "A c", "x");
	assert_string_not_equal(p.list[0].hash, q.list[0].hash);
	assert_string_equal(p.list[1].hash, q.list[1].hash);
	forget(&q);
	forget(&p);
}

/* The form of a fingerprint is in people's files: this is what it has been from the start. */
static void test_stable(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "T",
		"A *b* [c](d.md \"e\") {n} [@s, 1 §] `f`\n\n1. g\n\n> [!FACT]\n> h\n\n```i\nj\n```\n\n***\n");
	assert_string_equal(p.list[0].hash, "384316e96c62");
	assert_string_equal(p.list[1].hash, "ee0a7f2d5d7b");
	forget(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_different),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_title),
		cmocka_unit_test(test_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
