#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the four that cmocka wants */
#include <cmocka.h>

#include <unistd.h>

#include "action/render.h"

struct fixture {
	char folder[32];
	struct render r;
	struct diag d;
	struct buf out;
	struct arena a;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	memcpy(f->folder, "/tmp/render-XXXXXX", sizeof("/tmp/render-XXXXXX"));
	assert_non_null(mkdtemp(f->folder));
	render_init(&f->r, fs_real());
	diag_init(&f->d);
	buf_init(&f->out, BUF_MAX_DEFAULT);
	arena_init(&f->a, (size_t)1 << 20);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fs_remove_tree(fs_real(), f->folder), 0);
	render_release(&f->r);
	diag_release(&f->d);
	buf_release(&f->out);
	arena_release(&f->a);
	free(f);
	return 0;
}

static struct str path_of(struct fixture *f, const char *name)
{
	return str_fmt(&f->a, "%s/%s", f->folder, name);
}

static void put(struct fixture *f, const char *name, struct str text)
{
	assert_int_equal(fs_create(fs_real(), path_of(f, name).p, text, 0644), 0);
}

static bool render(struct fixture *f)
{
	return render_file(&f->r, path_of(f, "page.mustache"), path_of(f, "data.yaml"), &f->out, &f->d);
}

static void partials_are_found_beside_the_template(void **state)
{
	struct fixture *f = *state;

	put(f, "page.mustache", STR("{{<layout}}{{$main}}{{#list}}{{>item}}{{/list}}{{/main}}{{/layout}}"));
	put(f, "layout.mustache", STR("<{{$main}}{{/main}}{{>parts/end}}>"));
	put(f, "item.mustache", STR("[{{.}}]"));
	assert_int_equal(fs_mkdir(fs_real(), path_of(f, "parts").p, 0755), 0);
	put(f, "parts/end.mustache", STR("."));
	put(f, "data.yaml", STR("list: [a, 1, 1.210, 2.0, 1.0e3]\n"));
	assert_true(render(f));
	assert_string_equal(f->out.p, "<[a][1][1.21][2][1.0e3].>");
	assert_int_equal(f->d.len, 0);
}

static void data_may_be_json_or_one_value(void **state)
{
	struct fixture *f = *state;

	put(f, "page.mustache", STR("{{.}}"));
	put(f, "data.yaml", STR("\"a\\u00e5 & \\\"b\\\"\""));
	assert_true(render(f));
	assert_string_equal(f->out.p, "aå &amp; &quot;b&quot;");
}

static void no_data_is_an_empty_map(void **state)
{
	struct fixture *f = *state;

	put(f, "page.mustache", STR("\xEF\xBB\xBF[{{a}}]"));
	assert_true(render_file(&f->r, path_of(f, "page.mustache"), STR(""), &f->out, &f->d));
	assert_string_equal(f->out.p, "[]");
}

static void t_is_not_defined(void **state)
{
	struct fixture *f = *state;

	put(f, "page.mustache", STR("[{{#t}}key{{/t}}]"));
	put(f, "data.yaml", STR(""));
	assert_true(render(f));
	assert_string_equal(f->out.p, "[]");
}

static void a_missing_partial_is_reported_and_shown_as_nothing(void **state)
{
	struct fixture *f = *state;

	put(f, "page.mustache", STR("[{{>no}}{{>../page}}{{>/etc/x}}]"));
	put(f, "data.yaml", STR(""));
	assert_true(render(f));
	assert_string_equal(f->out.p, "[]");
	assert_int_equal(f->d.len, 3);
	assert_int_equal(f->d.items[0].rule, RULE_TEMPLATE_PARTIAL);
}

static void what_cannot_be_read_is_reported(void **state)
{
	struct fixture *f = *state;

	assert_false(render(f));
	assert_int_equal(f->d.len, 2);
	assert_int_equal(f->d.items[0].rule, RULE_FILE_UNREADABLE);
	assert_true(str_ends(f->d.items[0].path, STR("page.mustache")));
	assert_true(str_ends(f->d.items[1].path, STR("data.yaml")));
}

static void faults_in_each_file_are_reported(void **state)
{
	struct fixture *f = *state;

	put(f, "page.mustache", STR("{{>p}}"));
	put(f, "p.mustache", STR("{{#a}}"));
	put(f, "data.yaml", STR("a: \xFF\n"));
	assert_false(render(f));
	assert_int_equal(f->out.n, 0);
	assert_int_equal(f->d.len, 2);
	assert_int_equal(f->d.items[0].rule, RULE_TEMPLATE_SYNTAX);
	assert_int_equal(f->d.items[1].rule, RULE_FILE_NOT_UTF8);
	/* The reports' lines are still there. */
	assert_int_equal(source_pos(f->d.items[1].at.src, f->d.items[1].at.at).column, 4);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(partials_are_found_beside_the_template),
		test(data_may_be_json_or_one_value),
		test(no_data_is_an_empty_map),
		test(t_is_not_defined),
		test(a_missing_partial_is_reported_and_shown_as_nothing),
		test(what_cannot_be_read_is_reported),
		test(faults_in_each_file_are_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
