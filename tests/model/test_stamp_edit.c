#include "model/stamp_edit.h"

#include "support/check.h"

static const struct stamp stamps[] = {
	{STR_INIT("_title"), "aaaaaaaaaaaa", {0}},
	{STR_INIT("forst"), "123456789012", {0}},
	{STR_INIT("sen"), "1e2345678901", {0}},
};

#define OF "of:\n    _title: aaaaaaaaaaaa\n    forst: '123456789012'\n    sen: '1e2345678901'\n"
#define FLOW "{_title: aaaaaaaaaaaa, forst: '123456789012', sen: '1e2345678901'}"

/* NULL: refused. */
static const struct {
	const char *status, *by, *date;
	const char *before, *after;
} cases[] = {
	/* no front matter, or none that says anything */
	{"", "", "", "Text\n", "---\ntranslation:\n  " OF "---\nText\n"},
	{"", "", "", "\xEF\xBB\xBFText\n", "\xEF\xBB\xBF---\ntranslation:\n  " OF "---\nText\n"},
	{"", "", "", "---\n---\nText\n", "---\ntranslation:\n  " OF "---\nText\n"},
	{"", "", "", "---\n# c\n---\nText\n", "---\n# c\ntranslation:\n  " OF "---\nText\n"},
	{"machine", "A: b", "2026-11-22", "Text\n",
		"---\ntranslation:\n  status: machine\n  by: 'A: b'\n  date: 2026-11-22\n  " OF
		"---\nText\n"},
	/* added at the end */
	{"", "", "", "---\ntitle: \"A\"   # c\n\n# d\n---\n\nText\n",
		"---\ntitle: \"A\"   # c\n\n# d\ntranslation:\n  " OF "---\n\nText\n"},
	{"", "", "", "---\ndescription: |\n  a\n  b\n---\n",
		"---\ndescription: |\n  a\n  b\ntranslation:\n  " OF "---\n"},
	{"", "", "", "---\n  title: A\n---\n",
		"---\n  title: A\n  translation:\n    of:\n      _title: aaaaaaaaaaaa\n"
		"      forst: '123456789012'\n      sen: '1e2345678901'\n---\n"},
	{"", "", "", "---\ntranslation:\ntitle: A\n---\n", "---\ntranslation:\n  " OF "title: A\n---\n"},
	{"", "", "", "---\ntranslation: ~ # c\ntitle: A\n---\n",
		"---\ntranslation:  # c\n  " OF "title: A\n---\n"},
	/* changed in place */
	{"reviewed", "", "2026-11-22",
		"---\ntranslation:\n    status: 'machine' # by us\n    by: B\ntitle: A\n---\n",
		"---\ntranslation:\n    status: reviewed # by us\n    by: B\n    date: 2026-11-22\n    of:\n"
		"      _title: aaaaaaaaaaaa\n      forst: '123456789012'\n      sen: '1e2345678901'\ntitle: "
		"A\n---\n"},
	{"machine", "", "2026-11-22", "---\ntranslation:\n  status: machine\n  date:\n  " OF "---\nText\n",
		"---\ntranslation:\n  status: machine\n  date: 2026-11-22\n  " OF "---\nText\n"},
	{"", "Ä. O'Neill", "", "---\ntranslation:\n  " OF "---\n",
		"---\ntranslation:\n  by: 'Ä. O''Neill'\n  " OF "---\n"},
	{"", "", "",
		"---\ntranslation:\n  of:\n    # the title\n    _title: \"000000000000\" # x\n\n    gone: "
		"bbbbbbbbbbbb # y\n    sen: '1e2345678901'\n  by: C\n---\n",
		"---\ntranslation:\n  of:\n    # the title\n    _title: aaaaaaaaaaaa # x\n    forst: "
		"'123456789012'\n\n    sen: '1e2345678901'\n  by: C\n---\n"},
	{"", "", "", "---\ntranslation:\n  of:\n  - a\n---\n", NULL},
	{"", "", "", "---\ntranslation:\n  of:\n    other: bbbbbbbbbbbb\n---\n",
		"---\ntranslation:\n  " OF "---\n"},
	{"", "", "", "---\ntranslation:\n  of:\n  by: C\n---\n", "---\ntranslation:\n  " OF "  by: C\n---\n"},
	{"", "", "", "---\ntranslation:\n  of: {}\n---\n", "---\ntranslation:\n  of: " FLOW "\n---\n"},
	{"", "", "", "---\ntranslation:\n  of: {forst: bbbbbbbbbbbb} # c\n---\n",
		"---\ntranslation:\n  of: " FLOW " # c\n---\n"},
	/* in braces */
	{"reviewed", "", "2026-11-22", "---\ntranslation: {status: machine, by: \"B\" }\n---\n",
		"---\ntranslation:\n  status: reviewed\n  by: \"B\"\n  date: 2026-11-22\n  " OF "---\n"},
	{"", "", "", "---\ntranslation: {}\n---\n", "---\ntranslation:\n  " OF "---\n"},
	{"", "B", "", "---\ntranslation: {status: machine,}\n---\n",
		"---\ntranslation:\n  status: machine\n  by: B\n  " OF "---\n"},
	{"", "", "", "---\ntranslation: {status: machine, of: {a: bbbbbbbbbbbb},}\n---\n",
		"---\ntranslation: {status: machine, of: " FLOW ",}\n---\n"},
	{"", "B", "", "---\ntranslation: {\n  status: machine\n}\n---\n",
		"---\ntranslation: {\n  status: machine, by: B, of: " FLOW "\n}\n---\n"},
	{"", "", "", "---\ntranslation: {by: [a, b]} # c\ntitle: A\n---\n",
		"---\ntranslation: # c\n  by: [a, b]\n  " OF "title: A\n---\n"},
	{"", "", "", "---\ntranslation: {\n  status: machine, # c\n  of: {a: bbbbbbbbbbbb}\n}\n---\n",
		"---\ntranslation: {\n  status: machine, # c\n  of: " FLOW "\n}\n---\n"},
	/* refused */
	{"", "", "", "---\n{title: A}\n---\n", NULL},
	{"", "", "", "---\ntitle: A\ntitle: B\n---\n", NULL},
	{"", "", "", "---\ntitle: [\n---\n", NULL},
	{"", "", "", "---\ntitle: A\n", NULL},
	{"", "", "", "---\n- a\n---\n", NULL},
	{"", "", "", "---\ntranslation: machine\n---\n", NULL},
	{"", "", "", "---\ntitle: A\n...\n---\n", NULL},
};

static struct str edited(struct arena *a, size_t i, struct str before, bool *done)
{
	struct stamp_edit e = {str_from(cases[i].status), str_from(cases[i].by), str_from(cases[i].date),
		stamps, COUNT_OF(stamps)};
	struct source src;
	const char *why;
	struct buf out;
	struct str text;

	source_init(&src, STR("a.md"), before);
	buf_init(&out, BUF_MAX_DEFAULT);
	*done = stamp_edit(&out, a, &src, &e, &why);
	text = str_dup(a, buf_str(&out));
	assert_true(*done || !text.n);
	buf_release(&out);
	source_release(&src);
	return text;
}

static struct str crlf(struct arena *a, struct str s)
{
	struct buf out;
	struct str text;

	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			buf_addc(&out, '\r');
		buf_addc(&out, s.p[i]);
	}
	text = str_dup(a, buf_str(&out));
	buf_release(&out);
	return text;
}

static void test_cases(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		bool done;
		struct str got = edited(&a, i, str_from(cases[i].before), &done), again;

		if (done != (cases[i].after != NULL))
			fail_msg("%s:\n%s", done ? "not refused" : "refused", cases[i].before);
		if (!done)
			continue;
		assert_text(got, cases[i].after);
		/* once is enough */
		again = edited(&a, i, got, &done);
		assert_true(done);
		assert_text(again, cases[i].after);
		/* line ends are kept */
		got = edited(&a, i, crlf(&a, str_from(cases[i].before)), &done);
		assert_true(done);
		assert_text(got, crlf(&a, str_from(cases[i].after)).p);
	}
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
