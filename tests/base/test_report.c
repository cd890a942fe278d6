#include "base/digest.h"
#include "base/report.h"

#include <unistd.h>

#include "support/check.h"

struct state {
	struct diag diag;
	struct severities severities;
	struct source one, two;
	struct buf out;
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	diag_init(&s->diag);
	severities_init(&s->severities);
	buf_init(&s->out, BUF_MAX_DEFAULT);
	source_init(&s->one, STR("content/sv/a.md"), STR("# Rubrik\n\n\tSe [å länk](nowhere.md) här.\n"));
	source_init(&s->two, STR("data/facts.yaml"), STR("days: 14\n"));
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	diag_release(&s->diag);
	buf_release(&s->out);
	source_release(&s->one);
	source_release(&s->two);
	free(s);
	return 0;
}

static struct str reported(struct state *s, enum report_format format, bool colour)
{
	diag_sort(&s->diag);
	buf_clear(&s->out);
	report(&s->out, &s->diag, &s->severities, format, colour);
	assert_false(buf_failed(&s->out));
	return buf_str(&s->out);
}

/* The span of the first `text` in a source. */
static struct span at(struct source *src, const char *text)
{
	return span_make(src, str_find(src->text, str_from(text)), strlen(text));
}

static void add_samples(struct state *s)
{
	diag_add(&s->diag, RULE_LINK_BROKEN, at(&s->one, "å länk"), "no sheet “nowhere”");
	diag_hint(&s->diag, "the nearest is “now”");
	diag_other(&s->diag, at(&s->two, "days"));
	diag_add(&s->diag, RULE_MARKDOWN_RAW_HTML, span_make(&s->one, 0, 0), "first, \"quoted\"");
	diag_add_path(&s->diag, RULE_FILE_UNREADABLE, STR("b c.md"), "gone: 100%%");
}

static void shows_lines_with_carets(void **state)
{
	struct state *s = *state;

	add_samples(s);
	assert_text(reported(s, REPORT_TEXT, false),
		"b c.md: error: gone: 100% [file/unreadable]\n"
		"content/sv/a.md:1:1: warning: first, \"quoted\" [markdown/raw-html]\n"
		"     1 | # Rubrik\n"
		"       | ^\n"
		"content/sv/a.md:3:6: error: no sheet “nowhere” [link/broken]\n"
		"     3 |  Se [å länk](nowhere.md) här.\n"
		"       |      ^~~~~~\n"
		"  see: data/facts.yaml:1:1\n"
		"     1 | days: 14\n"
		"       | ^~~~\n"
		"  hint: the nearest is “now”\n");
}

static void colours_only_when_asked(void **state)
{
	struct state *s = *state;

	diag_add(&s->diag, RULE_LINK_BROKEN, (struct span){0}, "x");
	assert_text(reported(s, REPORT_TEXT, true), "faktablad: \033[31merror\033[0m: x [link/broken]\n");
}

static void leaves_out_what_is_off(void **state)
{
	struct state *s = *state;

	add_samples(s);
	s->severities.of[RULE_LINK_BROKEN] = SEVERITY_OFF;
	s->severities.of[RULE_FILE_UNREADABLE] = SEVERITY_INFO;
	s->severities.of[RULE_MARKDOWN_RAW_HTML] = SEVERITY_OFF;
	assert_text(reported(s, REPORT_TEXT, false), "b c.md: info: gone: 100% [file/unreadable]\n");
	assert_text(reported(s, REPORT_GITHUB, false),
		"::notice file=b c.md,title=file/unreadable::gone: 100%25\n");
}

/* What people wrote does not get to speak to the terminal, nor to move the caret. */
static void shows_no_control_characters(void **state)
{
	struct state *s = *state;
	struct source evil;

	source_init(&evil, STR("e\033[2J\n.md"), STR("a\033]0;x\x07\xC2\x9B\xFF\x80\xE2\x80\xA8\x7Fhere\n"));
	diag_add(&s->diag, RULE_LINK_BROKEN, at(&evil, "here"), "m\033[1m\xC2\x85.");
	diag_hint(&s->diag, "h\r\n");
	assert_text(reported(s, REPORT_TEXT, false), "e [2J .md:1:12: error: m [1m . [link/broken]\n"
						     "     1 | a ]0;x  \uFFFD\uFFFD  here\n"
						     "       |             ^~~~\n"
						     "  hint: h  \n");
	source_release(&evil);
}

static void shows_a_window_of_a_long_line(void **state)
{
	struct state *s = *state;
	struct source long_line;
	struct str text, shown, line;
	struct buf b;

	buf_init(&b, BUF_MAX_DEFAULT);
	for (int i = 0; i < 5000; i++)
		buf_addf(&b, "å%04d", i);
	text = buf_str(&b);
	source_init(&long_line, STR("l.md"), text);
	for (size_t from = 0; from < text.n; from += 601) {
		struct diag *d = &s->diag;

		diag_release(d);
		diag_init(d);
		diag_add(d, RULE_LINK_BROKEN, span_make(&long_line, from, from % 3 ? 5 : 99999), "x");
		shown = reported(s, REPORT_TEXT, false);
		assert_true(utf8_check(shown) == shown.n);
		while (str_cut(&shown, '\n', &line))
			assert_true(line.n < 9 + 165 + 5);
		assert_true(reported(s, REPORT_JSON, false).n < 500);
	}
	source_release(&long_line);
	buf_release(&b);
}

static void survives_text_that_is_not_utf8(void **state)
{
	static const enum report_format formats[] = {
		REPORT_TEXT, REPORT_JSON, REPORT_SARIF, REPORT_GITHUB, REPORT_GITLAB};
	struct state *s = *state;
	struct source bad;
	char text[1000];

	memset(text, 0x80, sizeof(text));
	source_init(&bad, STR("b\xFF.md"), str_make(text, sizeof(text)));
	for (size_t i = 0; i < 1000; i += 37)
		diag_add(&s->diag, RULE_FILE_NOT_UTF8, span_make(&bad, i, 1), "byte %zu", i);
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		struct str out = reported(s, formats[i], false);

		if (formats[i] != REPORT_GITHUB)
			assert_int_equal(utf8_check(out), out.n);
	}
	source_release(&bad);
}

static void writes_json(void **state)
{
	struct state *s = *state;

	add_samples(s);
	assert_text(reported(s, REPORT_JSON, false),
		"{\"version\":1,\"diagnostics\":[\n"
		"{\"rule\":\"file/unreadable\",\"severity\":\"error\",\"path\":\"b "
		"c.md\",\"message\":\"gone: 100%\"},\n"
		"{\"rule\":\"markdown/raw-html\",\"severity\":\"warning\",\"path\":\"content/sv/a.md\","
		"\"line\":1,\"column\":1,\"end_line\":1,\"end_column\":1,\"excerpt\":\"# Rubrik\","
		"\"message\":\"first, \\\"quoted\\\"\"},\n"
		"{\"rule\":\"link/broken\",\"severity\":\"error\",\"path\":\"content/sv/a.md\","
		"\"line\":3,\"column\":6,\"end_line\":3,\"end_column\":12,"
		"\"excerpt\":\"\\tSe [å länk](nowhere.md) här.\",\"message\":\"no sheet “nowhere”\","
		"\"see\":{\"path\":\"data/"
		"facts.yaml\",\"line\":1,\"column\":1,\"end_line\":1,\"end_column\":5},"
		"\"hint\":\"the nearest is “now”\"}\n"
		"],\"dropped\":0}\n");
}

static void writes_json_of_nothing(void **state)
{
	struct state *s = *state;

	assert_text(reported(s, REPORT_JSON, false), "{\"version\":1,\"diagnostics\":[\n],\"dropped\":0}\n");
	assert_text(reported(s, REPORT_TEXT, false), "");
	assert_text(reported(s, REPORT_GITHUB, false), "");
}

static void writes_sarif(void **state)
{
	struct state *s = *state;
	struct str out, results;

	add_samples(s);
	diag_add_path(&s->diag, RULE_FILE_NAME, STR("å/b:c?.md"), "name");
	out = reported(s, REPORT_SARIF, false);
	assert_true(str_starts(out, STR("{\"$schema\":\"https://json.schemastore.org/"
					"sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{")));
	results = str_slice(out, str_find(out, STR("\"results\":[")), out.n);
	assert_true(str_find(results, STR("{\"uri\":\"b%20c.md\"}")) < results.n);
	assert_true(str_find(results, STR("{\"uri\":\"%C3%A5/b%3Ac%3F.md\"}")) < results.n);
	assert_true(str_find(results,
			    STR("\"message\":{\"text\":\"no sheet “nowhere” (the nearest is “now”)\"},"
				"\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":"
				"\"content/sv/a.md\"},"
				"\"region\":{\"startLine\":3,\"startColumn\":6,\"endLine\":3,\"endColumn\":"
				"12}}}],"
				"\"relatedLocations\":[{\"physicalLocation\":{\"artifactLocation\":"
				"{\"uri\":\"data/facts.yaml\"},\"region\":{\"startLine\":1,\"startColumn\":1,"
				"\"endLine\":1,\"endColumn\":5}}}]}")) < results.n);
}

/* By a parser that is not ours. */
static void writes_json_that_others_read(void **state)
{
	static const enum report_format formats[] = {REPORT_JSON, REPORT_SARIF, REPORT_GITLAB};
	struct state *s = *state;

	if (system("command -v node >/dev/null 2>&1")) {
		print_message("skipped: node is not installed\n");
		skip();
	}
	add_samples(s);
	diag_add_path(&s->diag, RULE_FILE_NAME, STR("\xFF\x01\"\\"), "\x7F\n");
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		struct str out = reported(s, formats[i], false);
		FILE *pipe = popen("node -e 'JSON.parse(new TextDecoder(\"utf-8\",{fatal:true}).decode("
				   "require(\"fs\").readFileSync(0)))'",
			"w");

		assert_int_equal(fwrite(out.p, 1, out.n, pipe), out.n);
		assert_int_equal(pclose(pipe), 0);
	}
}

static void writes_workflow_commands(void **state)
{
	struct state *s = *state;

	add_samples(s);
	diag_add(&s->diag, RULE_LINK_BROKEN, (struct span){0}, "two\nlines");
	diag_add_path(&s->diag, RULE_FILE_NAME, STR("a,b:c%d.md"), "name");
	assert_text(reported(s, REPORT_GITHUB, false),
		"::error title=link/broken::two%0Alines\n"
		"::error file=a%2Cb%3Ac%25d.md,title=file/name::name\n"
		"::error file=b c.md,title=file/unreadable::gone: 100%25\n"
		"::warning "
		"file=content/sv/a.md,line=1,col=1,endLine=1,endColumn=1,title=markdown/raw-html::first, "
		"\"quoted\"\n"
		"::error file=content/sv/a.md,line=3,col=6,endLine=3,endColumn=12,title=link/broken::no "
		"sheet “nowhere”"
		"%0Athe nearest is “now”\n");
}

/* What GitLab wants of each: a name, a text, one of its severities, a path, a line, and a print of its own. */
static void writes_code_quality(void **state)
{
	static const char json[] =
		"[\n{\"check_name\":\"file/unreadable\",\"severity\":\"major\",\"fingerprint\":\"*\","
		"\"description\":\"gone: 100%\",\"location\":{\"path\":\"b c.md\",\"lines\":{\"begin\":1}}},\n"
		"{\"check_name\":\"markdown/raw-html\",\"severity\":\"minor\",\"fingerprint\":\"*\","
		"\"description\":\"first, \\\"quoted\\\"\",\"location\":{\"path\":\"content/sv/"
		"a.md\",\"lines\":{\"begin\":1}}},\n"
		"{\"check_name\":\"link/broken\",\"severity\":\"major\",\"fingerprint\":\"*\","
		"\"description\":\"no sheet “nowhere” (the nearest is “now”)\","
		"\"location\":{\"path\":\"content/sv/a.md\",\"lines\":{\"begin\":3}}}\n]\n";
	struct state *s = *state;
	struct str left, piece, expected = str_from(json);
	size_t at;

	add_samples(s);
	left = reported(s, REPORT_GITLAB, false);
	while (str_cut(&expected, '*', &piece)) {
		assert_true(str_starts(left, piece));
		at = piece.n;
		if (expected.n)
			at += DIGEST_HEX;
		left = str_slice(left, at, left.n);
	}
	assert_int_equal(left.n, 0);
}

/* A fault that moved is no new one; another in the same file is. */
static void knows_a_fault_that_moved(void **state)
{
	static const char *const texts[] = {"a [x](y.md)\n", "new\n\na [x](y.md)\n", "b [x](y.md)\n"};
	struct state *s = *state;
	char prints[COUNT_OF(texts)][DIGEST_HEX];

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct source src;
		struct str out;

		source_init(&src, STR("a.md"), str_from(texts[i]));
		diag_release(&s->diag);
		diag_init(&s->diag);
		diag_add(&s->diag, RULE_LINK_BROKEN, at(&src, "[x]"), "none");
		out = reported(s, REPORT_GITLAB, false);
		memcpy(prints[i], out.p + str_find(out, STR("print\":\"")) + 8, DIGEST_HEX);
		source_release(&src);
	}
	assert_memory_equal(prints[0], prints[1], DIGEST_HEX);
	assert_memory_not_equal(prints[0], prints[2], DIGEST_HEX);
}

static void tells_what_is_not_shown(void **state)
{
	struct state *s = *state;
	struct str out;

	for (size_t i = 0; i < DIAG_MAX_ITEMS + 3; i++)
		diag_add(&s->diag, RULE_LINK_BROKEN, span_make(&s->one, 0, 1), "%zu", i);
	out = reported(s, REPORT_TEXT, false);
	assert_true(str_ends(out, STR("… and 3 more that are not shown\n")));
	out = reported(s, REPORT_JSON, false);
	assert_true(str_ends(out, STR("\n],\"dropped\":3}\n")));
}

/* As many faults as are kept, in one line of a megabyte: seconds, and no more output than they are worth. */
static void is_bounded(void **state)
{
	static const enum report_format formats[] = {
		REPORT_TEXT, REPORT_JSON, REPORT_SARIF, REPORT_GITHUB, REPORT_GITLAB};
	struct state *s = *state;
	size_t n = (size_t)1 << 20;
	char *text = xmalloc(n);
	struct source src;

	memset(text, 'x', n);
	source_init(&src, STR("x.md"), str_make(text, n));
	for (size_t i = 0; i < DIAG_MAX_ITEMS; i++)
		diag_add(&s->diag, RULE_LINK_BROKEN, span_make(&src, i * 100, 50), "x");
	for (size_t i = 0; i < COUNT_OF(formats); i++)
		assert_true(reported(s, formats[i], false).n < DIAG_MAX_ITEMS * 800);
	source_release(&src);
	free(text);
}

static void knows_its_formats(void **state)
{
	enum report_format f;

	(void)state;
	assert_true(report_format_parse(STR("sarif"), &f));
	assert_int_equal(f, REPORT_SARIF);
	assert_false(report_format_parse(STR("xml"), &f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shows_lines_with_carets, setup, teardown),
		cmocka_unit_test_setup_teardown(colours_only_when_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(leaves_out_what_is_off, setup, teardown),
		cmocka_unit_test_setup_teardown(shows_no_control_characters, setup, teardown),
		cmocka_unit_test_setup_teardown(shows_a_window_of_a_long_line, setup, teardown),
		cmocka_unit_test_setup_teardown(survives_text_that_is_not_utf8, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_json, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_json_of_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_sarif, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_json_that_others_read, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_workflow_commands, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_code_quality, setup, teardown),
		cmocka_unit_test_setup_teardown(knows_a_fault_that_moved, setup, teardown),
		cmocka_unit_test_setup_teardown(tells_what_is_not_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(knows_its_formats, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
