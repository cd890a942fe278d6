#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the four that cmocka wants */
#include <cmocka.h>

#include <pthread.h>

#include "text/mustache.h"

#define MAX_SOURCES 80

struct fixture {
	struct arena a;
	struct diag d;
	struct mustache_set set;
	struct source sources[MAX_SOURCES];
	size_t source_count;
	struct buf out, report;
	struct value data;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	arena_init(&f->a, (size_t)1 << 30);
	diag_init(&f->d);
	buf_init(&f->out, BUF_MAX_DEFAULT);
	buf_init(&f->report, BUF_MAX_DEFAULT);
	f->data = value_map(&f->a);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < f->source_count; i++)
		source_release(&f->sources[i]);
	buf_release(&f->report);
	buf_release(&f->out);
	diag_release(&f->d);
	arena_release(&f->a);
	free(f);
	return 0;
}

static bool add_str(struct fixture *f, const char *name, struct str text)
{
	struct source *src = &f->sources[f->source_count++];

	assert_true(f->source_count <= MAX_SOURCES);
	source_init(src, str_from(name), text);
	return mustache_add(&f->set, &f->a, str_from(name), src, &f->d);
}

static bool add(struct fixture *f, const char *name, const char *text)
{
	return add_str(f, name, str_from(text));
}

static void set(struct fixture *f, const char *name, struct value v)
{
	value_set(f->data, &f->a, str_from(name), v);
}

static const char *render(struct fixture *f, const char *name)
{
	buf_clear(&f->out);
	if (!mustache_render(&f->set, str_from(name), f->data, &f->out, &f->d))
		return "failed";
	return f->out.n ? f->out.p : "";
}

/* "path:line:column rule message | hint > other place" of each item. */
static const char *said(struct fixture *f)
{
	buf_clear(&f->report);
	for (size_t i = 0; i < f->d.len; i++) {
		struct diag_item *item = &f->d.items[i];
		struct source_pos pos = source_pos(item->at.src, item->at.at);

		buf_addf(&f->report, "%s%.*s:%zu:%zu %s %.*s", i ? "\n" : "", STR_ARG(item->path), pos.line,
			pos.column, rule_info(item->rule)->id, STR_ARG(item->message));
		if (item->hint.n)
			buf_addf(&f->report, " | %.*s", STR_ARG(item->hint));
		if (item->other.src) {
			pos = source_pos(item->other.src, item->other.at);
			buf_addf(&f->report, " > %zu:%zu", pos.line, pos.column);
		}
	}
	f->d.len = 0;
	return f->report.n ? f->report.p : "";
}

static void one_set_is_rendered_many_times(void **state)
{
	struct fixture *f = *state;

	add(f, "page", "{{#list}}{{.}}{{>p}}{{/list}}");
	add(f, "p", ";");
	mustache_check(&f->set, &f->d);
	set(f, "list", value_list(&f->a));
	value_push(*(struct value *)value_get(&f->data, STR("list")), &f->a, value_int(1));
	assert_string_equal(render(f, "page"), "1;");
	value_push(*(struct value *)value_get(&f->data, STR("list")), &f->a, value_int(2));
	assert_string_equal(render(f, "page"), "1;2;");
	assert_string_equal(said(f), "");
}

static void the_result_is_appended(void **state)
{
	struct fixture *f = *state;

	add(f, "page", "b{{$x}}\n{{/x}}\n");
	buf_add(&f->out, STR("a"));
	assert_true(mustache_render(&f->set, STR("page"), f->data, &f->out, &f->d));
	assert_string_equal(f->out.p, "ab\n");
}

static void every_kind_of_value_has_a_text(void **state)
{
	struct fixture *f = *state;

	set(f, "min", value_int(INT64_MIN));
	set(f, "max", value_int(INT64_MAX));
	set(f, "decimal", value_decimal(STR("1.50")));
	set(f, "date", value_date((struct date){2026, 1, 5}));
	set(f, "none", value_date((struct date){0}));
	set(f, "time", value_time(INT64_C(1767607384999)));
	set(f, "before", value_time(-1));
	set(f, "null", value_null());
	add(f, "page", "{{min}} {{max}} {{decimal}} {{date}} {{none}}{{time}} {{before}} {{null}}.");
	assert_string_equal(render(f, "page"), "-9223372036854775808 9223372036854775807 1.50 2026-01-05 "
					       "2026-01-05T10:03:04Z 1969-12-31T23:59:59Z .");
}

static void *render_often(void *ctx)
{
	struct fixture *f = ctx;
	struct diag d;
	struct buf out;

	diag_init(&d);
	buf_init(&out, BUF_MAX_DEFAULT);
	for (int i = 0; i < 200; i++)
		if (!mustache_render(&f->set, STR("page"), f->data, &out, &d))
			BUG("a page that was not rendered");
	if (out.n != 200 * (sizeof("<p>\n  a\n</p>\n") - 1))
		BUG("a page that was rendered wrong");
	buf_release(&out);
	diag_release(&d);
	return NULL;
}

static void many_threads_render_one_set(void **state)
{
	struct fixture *f = *state;
	pthread_t threads[4];

	add(f, "page", "{{<p}}{{$m}}{{>x}}{{/m}}{{/p}}");
	add(f, "p", "<p>\n  {{$m}}{{/m}}\n</p>\n");
	add(f, "x", "{{a}}");
	set(f, "a", value_str(STR("a")));
	mustache_check(&f->set, &f->d);
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, render_often, f), 0);
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

/* Lambdas. */

static void shout(void *ctx, struct mustache_scope *scope, struct str raw, struct buf *out)
{
	const struct value *name = mustache_lookup(scope, STR("person.name"));

	++*(int *)ctx;
	buf_addf(out, "<%.*s|%.*s>", STR_ARG(raw), STR_ARG(name ? name->text : STR("nobody")));
}

static void a_lambda_gets_the_raw_text_and_the_stack(void **state)
{
	struct fixture *f = *state;
	int calls = 0;
	struct value_lambda l = {shout, &calls, false};
	struct value person = value_map(&f->a);

	set(f, "t", value_lambda(&l));
	value_set(person, &f->a, STR("name"), value_str(STR("A")));
	set(f, "person", person);
	add(f, "page", "{{#t}} a.{{b}} {{/t}} {{t}} {{{t}}}{{^t}}no{{/t}}\n{{#t}}\n x\n{{/t}}\n");
	assert_string_equal(render(f, "page"), "< a.{{b}} |A> <|A> <|A>\n< x\n|A>");
	assert_int_equal(calls, 4);
}

static void a_section_called_t_is_nothing_special(void **state)
{
	struct fixture *f = *state;

	add(f, "page", "[{{#t}}key{{/t}}]");
	assert_string_equal(render(f, "page"), "[]");
	set(f, "t", value_bool(true));
	assert_string_equal(render(f, "page"), "[key]");
}

static void twice(void *ctx UNUSED, struct mustache_scope *scope UNUSED, struct str raw, struct buf *out)
{
	buf_addf(out, "%.*s{{x}}%.*s", STR_ARG(raw), STR_ARG(raw));
}

static void what_a_lambda_returns_can_be_a_template(void **state)
{
	struct fixture *f = *state;
	struct value_lambda l = {twice, NULL, true};

	set(f, "l", value_lambda(&l));
	set(f, "x", value_str(STR("<")));
	add(f, "page", "{{#l}}-{{/l}} {{l}} {{{l}}} {{&l}} {{#l}}{{>p}}{{/l}}");
	add(f, "p", "({{x}})");
	assert_string_equal(render(f, "page"), "-&lt;- &amp;lt; &lt; &lt; (&lt;)&lt;(&lt;)");
}

static void a_lambda_s_text_has_the_delimiters_of_its_section(void **state)
{
	struct fixture *f = *state;
	struct value_lambda l = {twice, NULL, true};

	set(f, "l", value_lambda(&l));
	set(f, "x", value_str(STR("y")));
	add(f, "page", "{{=| |=}}|#l||x| |/l|;|l|");
	assert_string_equal(render(f, "page"), "y {{x}}y ;y");
}

static void broken(
	void *ctx UNUSED, struct mustache_scope *scope UNUSED, struct str raw UNUSED, struct buf *out)
{
	buf_add(out, STR("{{#a}}"));
}

static void faults_in_a_lambda_s_text_are_shown_at_its_tag(void **state)
{
	struct fixture *f = *state;
	struct value_lambda l = {broken, NULL, true};

	set(f, "l", value_lambda(&l));
	add(f, "page", "a\n {{l}}");
	assert_string_equal(render(f, "page"), "failed");
	assert_string_equal(said(f),
		"page:2:2 template/syntax in what this shows: “{{#a}}” is never closed | write "
		"“{{/a}}” where it ends");
}

static void itself(
	void *ctx UNUSED, struct mustache_scope *scope UNUSED, struct str raw UNUSED, struct buf *out)
{
	buf_add(out, STR("{{#l}}{{/l}}"));
}

static void a_lambda_that_calls_itself_ends(void **state)
{
	struct fixture *f = *state;
	struct value_lambda l = {itself, NULL, true};

	set(f, "l", value_lambda(&l));
	add(f, "page", "{{#l}}{{/l}}");
	assert_string_equal(render(f, "page"), "failed");
	assert_string_equal(said(f),
		"page:1:1 template/limit nested more than 64 deep here; the rest is left out | a "
		"template that shows itself must do so in a section that ends");
}

static void names_are_looked_up_as_tags_do(void **state)
{
	struct fixture *f = *state;
	int calls = 0;
	struct value_lambda l = {shout, &calls, false};
	struct value list = value_list(&f->a);

	set(f, "t", value_lambda(&l));
	value_push(list, &f->a, value_int(1));
	set(f, "list", list);
	add(f, "page", "{{#list}}{{#t}}x{{/t}}{{/list}}");
	assert_string_equal(render(f, "page"), "<x|nobody>");
}

/* Faults. */

static void faults_stand_at_their_places(void **state)
{
	static const struct {
		const char *template, *said;
	} cases[] = {
		{"a\n {{#b}}x",
			"x:2:2 template/syntax “{{#b}}” is never closed | write “{{/b}}” where it ends"},
		{"{{#a}}\n{{#b}}\n{{/a}}\n{{/b}}",
			"x:2:1 template/syntax “{{#b}}” is not closed before “{{/a}}” > 3:1"},
		{"å {{/b}}", "x:1:3 template/syntax “{{/b}}” closes nothing: no section is open"},
		{"\n{{a", "x:2:1 template/syntax a tag that never ends | end it with “}}”"},
		{"{{{a}}", "x:1:1 template/syntax a tag that never ends | end it with “}}}”"},
		{"{{#a}", "x:1:1 template/syntax a tag that never ends | end it with “}}”"},
		{"{{!a}", "x:1:1 template/syntax a tag that never ends | end it with “}}”"},
		{"{{=< >}}", "x:1:1 template/syntax a tag that never ends | end it with “=}}”"},
		{"{{= < =}}", "x:1:1 template/syntax these are no two delimiters | write two words without "
			      "“=”, with a "
			      "blank between them: {{=<% %>=}}"},
		{"{{==  = =}}", "x:1:1 template/syntax these are no two delimiters | write two words without "
				"“=”, with a "
				"blank between them: {{=<% %>=}}"},
		{"{{=a b c=}}", "x:1:1 template/syntax these are no two delimiters | write two words without "
				"“=”, with a "
				"blank between them: {{=<% %>=}}"},
		{"{{}}", "x:1:1 template/syntax a tag without a name"},
		{"{{# }}{{/ }}", "x:1:1 template/syntax a tag without a name"},
		{"{{>}}", "x:1:1 template/syntax a tag without a name"},
		{"{{a b}}", "x:1:1 template/syntax a tag's name cannot contain blanks | if this is not meant "
			    "as a tag, set "
			    "other delimiters for it: {{=<% %>=}}"},
		{"{{a..b}}", "x:1:1 template/syntax “a..b” has an empty part"},
		{"{{.a}}", "x:1:1 template/syntax “.a” has an empty part"},
		{"{{a.}}", "x:1:1 template/syntax “a.” has an empty part"},
		{"{{<p}}{{a}}{{/p}}",
			"x:1:7 template/syntax only blocks count between “{{<p}}” and its closing tag | put "
			"“{{a}}” inside a block: {{$name}}…{{/name}}"},
		{"{{<p}}{{$a}}{{/p}}", "x:1:7 template/syntax “{{$a}}” is not closed before “{{/p}}” > 1:13"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct fixture *f = *state;

		assert_false(add(f, "x", cases[i].template));
		assert_string_equal(said(f), cases[i].said);
		assert_string_equal(render(f, "x"), "");
	}
}

static void missing_templates_are_reported(void **state)
{
	struct fixture *f = *state;

	add(f, "page", "[{{>hedaer}}]\n[{{<nothing-like-it}}{{/nothing-like-it}}]\n");
	add(f, "header", "");
	mustache_check(&f->set, &f->d);
	assert_string_equal(said(f), "page:1:2 template/missing-partial there is no template “hedaer”; "
				     "nothing is shown for it | did you mean "
				     "“header”?\n"
				     "page:2:2 template/missing-partial there is no template "
				     "“nothing-like-it”; nothing is shown for it");
	assert_string_equal(render(f, "page"), "[]\n[]\n");
	assert_string_equal(render(f, "other"), "failed");
	assert_int_equal(f->d.items[0].rule, RULE_TEMPLATE_PARTIAL);
}

/* Limits. */

static void partials_in_a_circle_end(void **state)
{
	struct fixture *f = *state;

	add(f, "a", "a\n {{>b}}\n");
	add(f, "b", "b\n {{>a}}\n");
	mustache_check(&f->set, &f->d);
	assert_string_equal(render(f, "a"), "failed");
	assert_string_equal(said(f),
		"a:2:2 template/limit nested more than 64 deep here; the rest is left out | a "
		"template that shows itself must do so in a section that ends");
	assert_true(str_starts(buf_str(&f->out), STR("a\n b\n  a\n   b\n")));
}

static void parents_and_blocks_in_a_circle_end(void **state)
{
	struct fixture *f = *state;

	add(f, "a", "{{<a}}{{$x}}{{/x}}{{/a}}");
	add(f, "b", "{{$x}}{{<b}}{{$y}}{{$x}}{{/x}}{{/y}}{{/b}}{{/x}}");
	assert_string_equal(render(f, "a"), "failed");
	assert_string_equal(render(f, "b"), "failed");
	assert_int_equal(f->d.len, 2);
}

static void sections_nest_so_deep_and_no_deeper(void **state)
{
	struct fixture *f = *state;
	struct buf b;

	buf_init(&b, BUF_MAX_DEFAULT);
	set(f, "a", value_bool(true));
	for (int deep = MUSTACHE_MAX_DEPTH; deep <= MUSTACHE_MAX_DEPTH + 1; deep++) {
		buf_clear(&b);
		for (int i = 0; i < deep; i++)
			buf_add(&b, STR("{{#a}}"));
		buf_addc(&b, 'x');
		for (int i = 0; i < deep; i++)
			buf_add(&b, STR("{{/a}}"));
		assert_int_equal(add_str(f, "deep", buf_str(&b)), deep == MUSTACHE_MAX_DEPTH);
		assert_string_equal(render(f, "deep"), deep == MUSTACHE_MAX_DEPTH ? "x" : "");
	}
	assert_string_equal(said(f), "deep:1:385 template/limit nested more than 64 deep");
	buf_release(&b);
}

/* Partials that each show the next one twice: nothing to see, 2^60 times. */
static void doubling_partials_end(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 60; i++)
		add(f, str_fmt(&f->a, "p%d", i).p, str_fmt(&f->a, "{{>p%d}}{{>p%d}}", i + 1, i + 1).p);
	add(f, "p60", "");
	mustache_check(&f->set, &f->d);
	assert_string_equal(render(f, "p0"), "failed");
	assert_int_equal(f->d.len, 1);
	assert_int_equal(f->d.items[0].rule, RULE_TEMPLATE_LIMIT);
}

static void large_pages_end(void **state)
{
	struct fixture *f = *state;
	struct value list = value_list(&f->a);

	for (int i = 0; i < 100; i++)
		value_push(list, &f->a, value_int(1));
	set(f, "l", list);
	add(f, "page", "{{#l}}{{#l}}{{#l}}{{#l}}0123456789{{/l}}{{/l}}{{/l}}{{/l}}");
	assert_string_equal(render(f, "page"), "failed");
	assert_true(f->out.n <= MUSTACHE_MAX_BYTES);
	assert_string_equal(
		said(f), "page:1:25 template/limit the page grows too large here; the rest is left out");
	assert_int_equal(f->out.max, BUF_MAX_DEFAULT);
}

static void a_full_buffer_is_a_limit(void **state)
{
	struct fixture *f = *state;

	f->out.max = 10;
	add(f, "page", "01234\n{{x}}\n6789012345");
	assert_string_equal(render(f, "page"), "failed");
	assert_int_equal(f->d.items[0].rule, RULE_TEMPLATE_LIMIT);
}

/* What other modules ask a set. */

static void note(void *ctx, struct str text, struct span at)
{
	struct source_pos pos = source_pos(at.src, at.at);

	buf_addf(ctx, "%.*s@%.*s:%zu:%zu ", STR_ARG(text), STR_ARG(at.src->path), pos.line, pos.column);
}

static void sections_can_be_visited(void **state)
{
	struct fixture *f = *state;

	add(f, "a", "{{#t}}one{{/t}}\n{{#x}}{{#t}} two {{n}}{{/t}}{{/x}}{{#t.t}}no{{/t.t}}{{^t}}no{{/t}}");
	add(f, "b", "{{<p}}{{$m}}{{#t}}three{{/t}}{{/m}}{{/p}}");
	mustache_each_section(&f->set, STR("t"), note, &f->report);
	assert_string_equal(f->report.p, "one@a:1:7  two {{n}}@a:2:13 three@b:1:19 ");
}

static void partials_can_be_visited(void **state)
{
	struct fixture *f = *state;

	add(f, "a", "{{>x}}{{#s}}\n  {{>y}}\n{{/s}}{{<z}}{{$b}}{{>x}}{{/b}}{{/z}}");
	mustache_each_partial(&f->set, STR("a"), note, &f->report);
	mustache_each_partial(&f->set, STR("none"), note, &f->report);
	assert_string_equal(f->report.p, "x@a:1:1 y@a:2:3 z@a:3:7 x@a:3:19 ");
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(one_set_is_rendered_many_times),
		test(the_result_is_appended),
		test(many_threads_render_one_set),
		test(every_kind_of_value_has_a_text),
		test(a_lambda_gets_the_raw_text_and_the_stack),
		test(a_section_called_t_is_nothing_special),
		test(what_a_lambda_returns_can_be_a_template),
		test(a_lambda_s_text_has_the_delimiters_of_its_section),
		test(faults_in_a_lambda_s_text_are_shown_at_its_tag),
		test(a_lambda_that_calls_itself_ends),
		test(names_are_looked_up_as_tags_do),
		test(faults_stand_at_their_places),
		test(missing_templates_are_reported),
		test(partials_in_a_circle_end),
		test(parents_and_blocks_in_a_circle_end),
		test(sections_nest_so_deep_and_no_deeper),
		test(doubling_partials_end),
		test(large_pages_end),
		test(a_full_buffer_is_a_limit),
		test(sections_can_be_visited),
		test(partials_can_be_visited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
