#include "text/doc.h"

#include <setjmp.h>

#include <cmocka.h>

/*
 * document
 *	paragraph	"a" emph("b") soft fact("{n}") cite
 *	rule
 *	quote		paragraph("c")
 */
struct tree {
	struct node document, paragraph, a, emph, b, soft, fact, cite, rule, quote, inner, c;
};

static void add(struct node *parent, struct node *n, enum node_kind kind, const char *text)
{
	*n = (struct node){.kind = kind, .text = str_from(text)};
	if (parent)
		node_append(parent, n);
}

static void plant(struct tree *t)
{
	add(NULL, &t->document, NODE_DOCUMENT, NULL);
	add(&t->document, &t->paragraph, NODE_PARAGRAPH, NULL);
	add(&t->paragraph, &t->a, NODE_TEXT, "a");
	add(&t->paragraph, &t->emph, NODE_EMPH, NULL);
	add(&t->emph, &t->b, NODE_TEXT, "b");
	add(&t->paragraph, &t->soft, NODE_SOFT_BREAK, NULL);
	add(&t->paragraph, &t->fact, NODE_FACT, "{n}");
	add(&t->paragraph, &t->cite, NODE_CITE, NULL);
	t->cite.url = STR("sol");
	t->cite.title = STR("1 §");
	add(&t->document, &t->rule, NODE_RULE, NULL);
	add(&t->document, &t->quote, NODE_QUOTE, NULL);
	add(&t->quote, &t->inner, NODE_PARAGRAPH, NULL);
	add(&t->inner, &t->c, NODE_TEXT, "c");
}

static void test_preorder(void **state)
{
	struct tree t;
	const struct node *want[] = {&t.document, &t.paragraph, &t.a, &t.emph, &t.b, &t.soft, &t.fact,
		&t.cite, &t.rule, &t.quote, &t.inner, &t.c};
	size_t i = 0;

	(void)state;
	plant(&t);
	for (const struct node *n = &t.document; n; n = node_next(n, &t.document))
		assert_ptr_equal(n, want[i++]);
	assert_int_equal(i, COUNT_OF(want));
	assert_null(node_next(&t.b, &t.emph));
	assert_ptr_equal(node_skip(&t.paragraph, &t.document), &t.rule);
	assert_null(node_skip(&t.paragraph, &t.paragraph));
}

static void test_walk(void **state)
{
	struct tree t;
	size_t entered = 0, left = 0;
	struct node_walk w;

	(void)state;
	plant(&t);
	for (w = node_walk(&t.document); node_step(&w);) {
		entered += w.entering;
		left += !w.entering;
		if (!w.entering)
			assert_false(node_leaf(w.node->kind));
	}
	assert_null(w.node);
	assert_int_equal(entered, 12);
	assert_int_equal(left, 5); /* document, paragraph, emph, quote, inner */
	w = node_walk(&t.c);
	assert_true(node_step(&w));
	assert_false(node_step(&w));
}

static void test_text(void **state)
{
	struct tree t;
	struct buf b;

	(void)state;
	plant(&t);
	buf_init(&b, BUF_MAX_DEFAULT);
	node_text(&b, &t.document);
	assert_true(str_is(buf_str(&b), "ab {n}\nc"));
	buf_clear(&b);
	node_written(&b, &t.cite);
	assert_true(str_is(buf_str(&b), "[@sol, 1 §]"));
	buf_clear(&b);
	node_written(&b, &t.fact);
	assert_true(str_is(buf_str(&b), "{n}"));
	buf_release(&b);
}

static void test_callout_names(void **state)
{
	(void)state;
	assert_string_equal(callout_name(CALLOUT_FACT), "fact");
	assert_string_equal(callout_name(CALLOUT_HELP), "help");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_preorder),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_callout_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
