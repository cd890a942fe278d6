/*
 * The examples of tests/spec/markdown/: Markdown, the HTML that it gives, and what is reported. They read as
 * documentation; how one is written stands at the head of each file. commonmark.txt is another test's.
 *
 * The Markdown examples of docs/writing.md are read too: nothing may be reported of them.
 *
 * SPEC_UPDATE=1 rewrites the files with what the program gives now, to be read through as a diff.
 */
#include "text/markdown_check.h"

#include <dirent.h>
#include <setjmp.h>

#include <cmocka.h>

static const char folder[] = SOURCE_DIR "/tests/spec/markdown";
static const char fence[] = "````````````````````````````````";

struct run {
	struct arena arena;
	struct buf file, out, input, got;
	size_t examples, wrong;
};

static void add_span(struct buf *b, struct str s)
{
	buf_addz(b, "“");
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			buf_addz(b, "⏎");
		else
			buf_addc(b, s.p[i]);
	}
	buf_addz(b, "”");
}

static void add_diags(struct buf *b, const struct diag *d)
{
	if (d->len)
		buf_addz(b, ".\n");
	for (size_t i = 0; i < d->len; i++) {
		const struct diag_item *item = &d->items[i];
		struct source_pos pos = source_pos(item->at.src, item->at.at);

		buf_addf(b, "%zu:%zu %s ", pos.line, pos.column, rule_info(item->rule)->id);
		add_span(b, str_slice(item->at.src->text, item->at.at, item->at.at + item->at.n));
		buf_addc(b, '\n');
	}
}

/* What the program gives for run->input, as it stands in the files. */
static void give(struct run *run, struct locale *locale)
{
	const struct markdown_options options = {.locale = locale};
	const struct html_options html = {.ids = true};
	struct source src;
	struct diag d;
	struct doc *doc;

	diag_init(&d);
	source_init(&src, STR("example.md"), buf_str(&run->input));
	doc = markdown_parse(&run->arena, &src, 0, &options, &d);
	markdown_check_spans(doc, 0);
	buf_clear(&run->got);
	html_render(&run->got, doc, &html);
	diag_sort(&d);
	add_diags(&run->got, &d);
	source_release(&src);
	diag_release(&d);
}

static void add_line(struct buf *b, struct str line)
{
	buf_add(b, line);
	buf_addc(b, '\n');
}

/* Tabs stand as arrows in the files. */
static void add_with_tabs(struct buf *b, struct str line)
{
	for (size_t at; (at = str_find(line, STR("→"))) < line.n; line = str_slice(line, at + 3, line.n)) {
		buf_add(b, str_slice(line, 0, at));
		buf_addc(b, '\t');
	}
	add_line(b, line);
}

static void run_example(struct run *run, struct str *rest, struct locale *locale)
{
	struct buf want;
	struct str line;

	buf_init(&want, BUF_MAX_DEFAULT);
	buf_clear(&run->input);
	while (str_cut(rest, '\n', &line) && !str_is(line, ".")) {
		add_with_tabs(&run->input, line);
		add_line(&run->out, line);
	}
	while (str_cut(rest, '\n', &line) && !str_is(line, fence))
		add_with_tabs(&want, line);
	give(run, locale);
	buf_addz(&run->out, ".\n");
	buf_add(&run->out, buf_str(&run->got));
	add_line(&run->out, str_from(fence));
	run->examples++;
	if (!str_eq(buf_str(&want), buf_str(&run->got))) {
		run->wrong++;
		print_message("--- input\n%.*s--- wanted\n%.*s--- got\n%.*s\n", STR_ARG(buf_str(&run->input)),
			STR_ARG(buf_str(&want)), STR_ARG(buf_str(&run->got)));
	}
	buf_release(&want);
}

static void read_whole(struct buf *b, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *room;
	size_t n = 1;

	assert_non_null(f);
	buf_clear(b);
	while (n && (room = buf_room(b, 65536))) {
		n = fread(room, 1, 65536, f);
		buf_added(b, n);
	}
	fclose(f);
}

static void update(const char *path, struct str text)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	fclose(f);
}

static void run_file(struct run *run, const char *name, struct locale *locale)
{
	struct str path = str_fmt(&run->arena, "%s/%s", folder, name), rest, line, opening = STR(" example");
	size_t before = run->examples, wrong = run->wrong;

	read_whole(&run->file, path.p);
	buf_clear(&run->out);
	rest = buf_str(&run->file);
	while (str_cut(&rest, '\n', &line)) {
		if (line.n || rest.n)
			add_line(&run->out, line);
		if (str_starts(line, str_from(fence)) && str_ends(line, opening))
			run_example(run, &rest, locale);
	}
	assert_true(run->examples > before);
	if (getenv("SPEC_UPDATE") && run->wrong > wrong)
		update(path.p, buf_str(&run->out));
}

static void test_examples(void **state)
{
	const struct locale_spec spec = {.tag = STR("sv")};
	struct locale *locale = locale_new(&spec);
	struct run run = {0};
	struct dirent **names;
	int count = scandir(folder, &names, NULL, alphasort);

	(void)state;
	arena_init(&run.arena, ARENA_DEFAULT);
	buf_init(&run.file, BUF_MAX_DEFAULT);
	buf_init(&run.out, BUF_MAX_DEFAULT);
	buf_init(&run.input, BUF_MAX_DEFAULT);
	buf_init(&run.got, BUF_MAX_DEFAULT);
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		struct str name = str_from(names[i]->d_name);

		if (str_ends(name, STR(".txt")) && !str_is(name, "commonmark.txt"))
			run_file(&run, names[i]->d_name, locale);
		free(names[i]);
	}
	free(names);
	print_message("%zu of %zu examples\n", run.examples - run.wrong, run.examples);
	assert_int_equal(run.wrong, 0);
	buf_release(&run.file);
	buf_release(&run.out);
	buf_release(&run.input);
	buf_release(&run.got);
	arena_release(&run.arena);
	locale_free(locale);
}

/* Nothing is reported of a Markdown example in the writer's guide. */
static void check_guide_example(struct arena *a, struct str text, struct locale *locale)
{
	const struct markdown_options options = {.locale = locale};
	struct str end = STR("\n---\n");
	size_t from = str_starts(text, STR("---\n")) ? str_find(text, end) + end.n : 0;
	struct source src;
	struct diag d;

	diag_init(&d);
	source_init(&src, STR("example.md"), text);
	markdown_check_spans(markdown_parse(a, &src, from, &options, &d), from);
	if (d.len)
		fail_msg("%.*s\nin\n%.*s", STR_ARG(d.items[0].message), STR_ARG(text));
	source_release(&src);
	diag_release(&d);
}

static void test_guide(void **state)
{
	const struct locale_spec spec = {.tag = STR("sv")};
	struct locale *locale = locale_new(&spec);
	struct str rest, line;
	struct arena arena;
	struct buf guide;
	size_t count = 0;

	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	buf_init(&guide, BUF_MAX_DEFAULT);
	read_whole(&guide, SOURCE_DIR "/docs/writing.md");
	rest = buf_str(&guide);
	while (str_cut(&rest, '\n', &line)) {
		struct str end = STR("\n```\n");

		if (!str_is(line, "```markdown"))
			continue;
		check_guide_example(&arena, str_slice(rest, 0, str_find(rest, end) + 1), locale);
		rest = str_slice(rest, str_find(rest, end) + end.n, rest.n);
		count++;
	}
	assert_true(count > 5);
	buf_release(&guide);
	arena_release(&arena);
	locale_free(locale);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples), cmocka_unit_test(test_guide)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
