#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after the four that cmocka wants */
#include <cmocka.h>

#include "base/buf.h"
#include "text/yml.h"

/* What one test reads: an arena, a collector, and the source that was parsed last. */
struct fixture {
	struct arena a;
	struct diag d;
	struct source src;
	struct buf report;
};

static int setup(void **state)
{
	static struct fixture f;

	arena_init(&f.a, (size_t)1 << 30);
	diag_init(&f.d);
	buf_init(&f.report, BUF_MAX_DEFAULT);
	source_init(&f.src, STR("a.yaml"), STR(""));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	source_release(&f->src);
	buf_release(&f->report);
	diag_release(&f->d);
	arena_release(&f->a);
	return 0;
}

static struct yml *parse_str(struct fixture *f, struct str text)
{
	source_release(&f->src);
	source_init(&f->src, STR("a.yaml"), text);
	return yml_parse(&f->a, &f->src, 0, text.n, &f->d);
}

static struct yml *parse(struct fixture *f, const char *text)
{
	return parse_str(f, str_from(text));
}

/* "line:column rule message | hint" of each item. */
static const char *said(struct fixture *f)
{
	buf_clear(&f->report);
	for (size_t i = 0; i < f->d.len; i++) {
		struct diag_item *item = &f->d.items[i];
		struct source_pos pos = source_pos(&f->src, item->at.at);

		buf_addf(&f->report, "%s%zu:%zu %s %.*s", i ? "\n" : "", pos.line, pos.column,
			rule_info(item->rule)->id, STR_ARG(item->message));
		if (item->hint.n)
			buf_addf(&f->report, " | %.*s", STR_ARG(item->hint));
	}
	buf_add(&f->report, STR(""));
	f->d.len = 0;
	return f->report.p ? f->report.p : "";
}

static struct str written(const struct yml *y)
{
	return str_slice(y->at.src->text, y->at.at, y->at.at + y->at.n);
}

#define assert_str(s, expected)                                                                              \
	do {                                                                                                 \
		struct str str_ = (s);                                                                       \
		assert_int_equal(str_.n, strlen(expected));                                                  \
		assert_memory_equal(str_.n ? str_.p : "", expected, str_.n);                                 \
	} while (0)

static void nothing_is_an_empty_map(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "\xEF\xBB\xBF"};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct yml *y = parse(*state, texts[i]);

		assert_non_null(y);
		assert_int_equal(y->kind, YML_MAP);
		assert_int_equal(y->len, 0);
	}
	assert_string_equal(said(*state), "");
}

static void a_tree_keeps_its_places(void **state)
{
	struct yml
		*y = parse(*state,
			"title: Hej\naudience: [guardian, staff]\nof:\n  a: 1\n  b: 2\n\nlist:\n- x\n-   y\n"
			"\n# end\n"),
		*audience, *of;

	assert_non_null(y);
	assert_int_equal(y->len, 4);
	assert_str(yml_get(y, "title")->text, "Hej");
	assert_str(written(yml_get(y, "title")), "Hej");
	assert_int_equal(yml_get(y, "title")->key_at.at, 0);
	assert_int_equal(yml_get(y, "title")->key_at.n, 5);
	audience = yml_get(y, "audience");
	assert_str(written(audience), "[guardian, staff]");
	assert_str(written(audience->first->next), "staff");
	of = yml_get(y, "of");
	assert_str(written(of), "a: 1\n  b: 2");
	assert_str(written(yml_get(y, "list")), "- x\n-   y");
	assert_null(yml_get(y, "missing"));
	assert_null(yml_get(NULL, "missing"));
}

static void places_are_bytes_though_libyaml_counts_characters(void **state)
{
	struct yml *y = parse(*state, "å: äö\nсобака: \"пёс\"\n\U0001F600: [é, ü]\nz: end\n"), *list;

	assert_str(written(yml_get(y, "å")), "äö");
	assert_str(written(yml_get(y, "собака")), "\"пёс\"");
	assert_int_equal(yml_get(y, "собака")->origin.at, yml_get(y, "собака")->at.at + 1);
	list = yml_get(y, "\U0001F600");
	assert_str(written(list), "[é, ü]");
	assert_str(written(list->first->next), "ü");
	assert_str(written(yml_get(y, "z")), "end");
}

static void a_part_of_a_file_is_placed_in_the_file(void **state)
{
	struct fixture *f = *state;
	struct str text = STR("---\ntítle: ü\nx: y\n---\nbody: not yaml: at all\n");
	struct yml *y;

	source_init(&f->src, STR("a.md"), text);
	y = yml_parse(&f->a, &f->src, 4, 20, &f->d);
	assert_int_equal(y->len, 2);
	assert_str(written(yml_get(y, "x")), "y");
	assert_string_equal(said(f), "");
	y = yml_parse(&f->a, &f->src, 24, text.n, &f->d);
	assert_null(y);
	assert_string_equal(said(f),
		"5:15 yaml/syntax a “:” that cannot stand here | put the value in quotes if it "
		"contains “: ”, and begin the keys of one mapping in the same column");
}

/* Letters and digits of the text must stand where the origin says. */
static void check_letters(const struct yml *y)
{
	for (size_t i = 0; i < y->text.n; i++) {
		char c = y->text.p[i];
		struct span at = origin_span(&y->origin, i, i + 1);

		if (c != ' ' && c != '\n' && c != '\t' && c != '\'' && c != '\\')
			assert_int_equal(at.src->text.p[at.at], c);
	}
}

static void origins_of_every_style(void **state)
{
	static const struct {
		const char *yaml, *text;
		bool verbatim;
	} cases[] = {
		{"a: plain text", "plain text", true},
		{"a: 'single'", "single", true},
		{"a: \"double\"", "double", true},
		{"a: plain over\n  three\n\n  lines\n  x", "plain over three\nlines x", false},
		{"a: 'it''s {n}'", "it's {n}", false},
		{"a: 'one  \n\n    two '", "one\ntwo ", false},
		{"a: \"tab\\there\\\\ z\"", "tab\there\\ z", false},
		{"a: \"one \\\n   two\\\n\n  three\"", "one two\nthree", false},
		{"a: \"one\n   two\n\n\n  three\"", "one two\n\nthree", false},
		{"a: |\n  one\n    two\n\n  three\n", "one\n  two\n\nthree\n", false},
		{"a: |-\n    one\n      two\n\n\n", "one\n  two", false},
		{"a: |1\n   one\n  two\n", "  one\n two\n", false},
		{"a: | # why\n\n\n  one\r\n  two\r\n", "\n\none\ntwo\n", false},
		{"a: >\n  one\n  two\n\n  three\n    more\n  four\n", "one two\nthree\n  more\nfour\n",
			false},
		{"a: >+\n  one\n\n\n  two\n\n", "one\n\ntwo\n\n", false},
		{"a: one\r\n  two", "one two", false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct yml *y = yml_get(parse(*state, cases[i].yaml), "a");

		assert_non_null(y);
		assert_string_equal(y->text.p, cases[i].text);
		assert_int_equal(y->origin.map == NULL, cases[i].verbatim);
		check_letters(y);
	}
	assert_string_equal(said(*state), "");
}

static void an_escape_is_one_place(void **state)
{
	struct yml *y = yml_get(parse(*state, "a: \"x\\u00e5{y}\\U0001F600z\\x41\""), "a");

	assert_str(y->text, "xå{y}\U0001F600zA");
	assert_int_equal(y->origin.map[1], 5);
	assert_int_equal(y->origin.map[2], 5);
	assert_int_equal(y->origin.map[3], 11);	 /* { */
	assert_int_equal(y->origin.map[6], 14);	 /* \U */
	assert_int_equal(y->origin.map[10], 24); /* z */
	assert_int_equal(y->origin.map[11], 25);
	assert_int_equal(y->origin.map[12], 29); /* the end */
}

static void quotes_are_known(void **state)
{
	struct yml *y = parse(*state, "a: '1'\nb: 1\nc: |\n  1\n");

	assert_true(yml_get(y, "a")->quoted);
	assert_false(yml_get(y, "b")->quoted);
	assert_true(yml_get(y, "c")->quoted);
}

static void the_first_of_two_keys_counts(void **state)
{
	struct fixture *f = *state;
	struct yml *y = parse(f, "a: 1\nb: 2\na: {x: [1]}\nc: 3\n");

	assert_int_equal(y->len, 3);
	assert_str(yml_get(y, "a")->text, "1");
	assert_str(yml_get(y, "c")->text, "3");
	assert_int_equal(f->d.items[0].other.at, 0);
	assert_string_equal(said(f), "3:1 yaml/duplicate-key “a” stands here twice; the first one counts");
}

static void duplicates_among_many_keys(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	struct yml *y;

	buf_init(&text, BUF_MAX_DEFAULT);
	for (int i = 0; i < 40; i++)
		buf_addf(&text, "key%02d: %d\n", i, i);
	buf_add(&text, STR("key03: x\nkey39: y\n"));
	y = parse_str(f, buf_str(&text));
	assert_int_equal(y->len, 40);
	assert_int_equal(f->d.items[0].other.at, 27);
	assert_string_equal(said(f),
		"41:1 yaml/duplicate-key “key03” stands here twice; the first one counts\n"
		"42:1 yaml/duplicate-key “key39” stands here twice; the first one counts");
	buf_release(&text);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *yaml, *said;
	} cases[] = {
		{"a: &x 1\n", "1:4 yaml/limit anchors (“&name”) are not read here | write the value out "
			      "where it is "
			      "needed, or put it in quotes if it begins with “&”"},
		{"a: &x [1]\n", "1:4 yaml/limit anchors (“&name”) are not read here | write the value out "
				"where it is "
				"needed, or put it in quotes if it begins with “&”"},
		{"a: 1\nb: *x\n", "2:4 yaml/limit aliases (“*name”) are not read here | write the value out "
				  "where it is "
				  "needed, or put it in quotes if it begins with “*”"},
		{"a: !!str 1\n", "1:4 yaml/limit tags (“!name”) are not read here | leave the tag out, or "
				 "put the value "
				 "in quotes if it begins with “!”"},
		{"!x a: 1\n", "1:1 yaml/limit tags (“!name”) are not read here | leave the tag out, or put "
			      "the value in "
			      "quotes if it begins with “!”"},
		{"a: 1\n---\nb: 2\n",
			"2:1 yaml/limit a second document in one file | keep one, and remove the line “---” "
			"between them"},
		{"a: {[x]: 1}\n",
			"1:5 yaml/syntax a key must be a text | put the value in quotes if it begins with a "
			"bracket or brace"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_null(parse(*state, cases[i].yaml));
		assert_string_equal(said(*state), cases[i].said);
	}
}

static void mistakes_that_people_make(void **state)
{
	static const struct {
		const char *yaml, *said;
	} cases[] = {
		{"title: Barn: vad händer?\n", "1:12 yaml/syntax a “:” that cannot stand here"},
		{"title: x\nnot a pair\nb: 1\n", "2:1 yaml/syntax a line that is no “key: value”"},
		{"a: 1\n b: 2\n", "2:3 yaml/syntax a “:” that cannot stand here"},
		{"a:\n  b: 1\n c: 2\n", "3:2 yaml/syntax a key was expected here"},
		{"a: \"open\nb: 1\n", "1:4 yaml/syntax a quoted text that never ends"},
		{"a: [1, 2\nb: 3\n", "1:4 yaml/syntax a list in brackets that never ends"},
		{"ö: {x: 1\n", "1:4 yaml/syntax a mapping in braces that never ends"},
		{"a:\n\tb: 1\n", "2:1 yaml/syntax a value cannot begin with this character"},
		{"a: @x\n", "1:4 yaml/syntax a value cannot begin with this character"},
		{"a: \"\\q\"\n", "1:5 yaml/syntax an escape that does not exist"},
		{"a: *\n", "1:4 yaml/syntax a value cannot begin with “*” or “&”"},
		{"a: \x01\n", "1:4 yaml/syntax a control character"},
		{"a: - x\n", "1:4 yaml/syntax a list cannot begin here"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *all;

		assert_null(parse(*state, cases[i].yaml));
		all = said(*state);
		if (strncmp(all, cases[i].said, strlen(cases[i].said)) != 0)
			assert_string_equal(all, cases[i].said);
	}
}

static void depth_is_capped(void **state)
{
	struct fixture *f = *state;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	for (int i = 0; i < YML_MAX_DEPTH; i++)
		buf_addc(&text, '[');
	for (int i = 0; i < YML_MAX_DEPTH; i++)
		buf_addc(&text, ']');
	assert_non_null(parse_str(f, buf_str(&text)));
	buf_clear(&text);
	for (int i = 0; i < 200000; i++)
		buf_addc(&text, '[');
	assert_null(parse_str(f, buf_str(&text)));
	assert_string_equal(said(f), "1:33 yaml/limit nested more than 32 deep");
	buf_release(&text);
}

static void types_are_asked_for(void **state)
{
	struct fixture *f = *state;
	struct yml *y = parse(f, "t: text\nn: 12\nh: 0x1F\no: 0o17\np: +5\nm: -5\nb: true\nd: 2026-11-20\n"
				 "nothing:\ntilde: ~\nl: [a, 'b', 3]\n");
	struct str *strs;

	assert_str(yml_str(yml_get(y, "t"), STR("?"), &f->d), "text");
	assert_str(yml_str(yml_get(y, "n"), STR("?"), &f->d), "12");
	assert_str(yml_str(yml_get(y, "nothing"), STR("?"), &f->d), "?");
	assert_str(yml_str(NULL, STR("?"), &f->d), "?");
	assert_int_equal(yml_int(yml_get(y, "n"), 0, &f->d), 12);
	assert_int_equal(yml_int(yml_get(y, "h"), 0, &f->d), 31);
	assert_int_equal(yml_int(yml_get(y, "o"), 0, &f->d), 15);
	assert_int_equal(yml_int(yml_get(y, "p"), 0, &f->d), 5);
	assert_int_equal(yml_int(yml_get(y, "m"), 0, &f->d), -5);
	assert_int_equal(yml_int(yml_get(y, "tilde"), 7, &f->d), 7);
	assert_true(yml_bool(yml_get(y, "b"), false, &f->d));
	assert_int_equal(yml_date(yml_get(y, "d"), &f->d).day, 20);
	assert_int_equal(yml_strs(&f->a, yml_get(y, "l"), &strs, &f->d), 3);
	assert_str(strs[2], "3");
	assert_int_equal(yml_strs(&f->a, yml_get(y, "t"), &strs, &f->d), 1);
	assert_str(strs[0], "text");
	assert_int_equal(yml_strs(&f->a, yml_get(y, "nothing"), &strs, &f->d), 0);
	assert_true(yml_want_list(yml_get(y, "l"), &f->d));
	assert_false(yml_want_map(yml_get(y, "nothing"), &f->d));
	assert_string_equal(said(f), "");
}

static void wrong_types_are_reported(void **state)
{
	struct fixture *f = *state;
	struct yml *y =
		parse(f, "t: [x]\nn: twelve\nq: '12'\nb: yes\nd: 2026-02-30\ne: 2026-01-05T10:00:00Z\nm: x\n"
			 "l: {a: 1}\ns: [a, [b], ~]\n");
	struct str *strs;

	assert_str(yml_str(yml_get(y, "t"), STR("?"), &f->d), "?");
	assert_int_equal(yml_int(yml_get(y, "n"), 3, &f->d), 3);
	assert_int_equal(yml_int(yml_get(y, "q"), 3, &f->d), 3);
	assert_false(yml_bool(yml_get(y, "b"), false, &f->d));
	assert_int_equal(yml_date(yml_get(y, "d"), &f->d).year, 0);
	assert_int_equal(yml_date(yml_get(y, "e"), &f->d).year, 0);
	assert_false(yml_want_map(yml_get(y, "m"), &f->d));
	assert_false(yml_want_list(yml_get(y, "l"), &f->d));
	assert_int_equal(yml_strs(&f->a, yml_get(y, "s"), &strs, &f->d), 1);
	assert_string_equal(said(f),
		"1:4 yaml/wrong-type “t” must be a text, and this is a list; it is left out\n"
		"2:4 yaml/wrong-type “n” must be a whole number; this is left out\n"
		"3:4 yaml/wrong-type “q” must be a whole number; this is left out | write it without quotes\n"
		"4:4 yaml/wrong-type “b” must be true or false; this is left out | write true\n"
		"5:4 yaml/bad-date “2026-02-30” is no date; it is left out | write YYYY-MM-DD, a day that "
		"exists\n"
		"6:4 yaml/bad-date “2026-01-05T10:00:00Z” is no date; it is left out | write the day only: "
		"2026-01-05\n"
		"7:4 yaml/wrong-type “m” must be a mapping; this is left out\n"
		"8:4 yaml/wrong-type “l” must be a list, and this is a mapping; it is left out\n"
		"9:8 yaml/wrong-type a text was expected, and this is a list; it is left out\n"
		"9:13 yaml/wrong-type a text was expected, and this is a single value; it is left out");
}

static void unknown_keys_get_a_suggestion(void **state)
{
	struct fixture *f = *state;
	static const struct str known[] = {{"title", 5}, {"weight", 6}};
	struct yml *y = parse(f, "title: a\nwieght: 3\nqqqqqq: 1\n");

	yml_get(y, "title");
	yml_get(y, "weight");
	yml_unknown(y, known, COUNT_OF(known), &f->d);
	assert_string_equal(said(f),
		"2:1 yaml/unknown-key “wieght” is no key that is known here; it is left out | did you mean "
		"“weight”?\n"
		"3:1 yaml/unknown-key “qqqqqq” is no key that is known here; it is left out | allowed: "
		"title, "
		"weight");
}

static void values_follow_the_core_schema(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *yaml;
		enum value_kind kind;
	} cases[] = {
		{"x: ~", VALUE_NULL},
		{"x:", VALUE_NULL},
		{"x: Null", VALUE_NULL},
		{"x: nULL", VALUE_STR},
		{"x: true", VALUE_BOOL},
		{"x: False", VALUE_BOOL},
		{"x: yes", VALUE_STR},
		{"x: 'true'", VALUE_STR},
		{"x: 1", VALUE_INT},
		{"x: -1", VALUE_INT},
		{"x: 0o7", VALUE_INT},
		{"x: 0xfF", VALUE_INT},
		{"x: 0o8", VALUE_STR},
		{"x: 1_000", VALUE_STR},
		{"x: 1.5", VALUE_DECIMAL},
		{"x: 1.", VALUE_DECIMAL},
		{"x: .5", VALUE_DECIMAL},
		{"x: 1e3", VALUE_DECIMAL},
		{"x: 1e", VALUE_STR},
		{"x: .", VALUE_STR},
		{"x: +.e1", VALUE_STR},
		{"x: .inf", VALUE_STR},
		{"x: +1.5", VALUE_DECIMAL},
		{"x: 1.5.2", VALUE_STR},
		{"x: 99999999999999999999", VALUE_DECIMAL},
		{"x: 2026-11-20", VALUE_STR},
		{"x: +-1", VALUE_STR},
		{"x: [1]", VALUE_LIST},
		{"x: {a: 1}", VALUE_MAP},
		{"x: |\n 1", VALUE_STR},
		{"x: 0x", VALUE_STR},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct value v = yml_value(&f->a, parse(f, cases[i].yaml));

		assert_int_equal(value_get(&v, STR("x"))->kind, cases[i].kind);
	}
}

static void a_decimal_keeps_its_digits(void **state)
{
	struct fixture *f = *state;
	struct value v = yml_value(&f->a, parse(f, "x: 1.50\ny: +1.50\nz: 0x10\n"));

	assert_str(value_get(&v, STR("x"))->text, "1.50");
	assert_str(value_get(&v, STR("y"))->text, "1.50");
	assert_int_equal(value_get(&v, STR("z"))->integer, 16);
}

static void hostile_texts_end_soon(void **state)
{
	struct fixture *f = *state;
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_add(&text, STR("a: \"x\n"));
	for (int i = 0; i < 2000000; i++)
		buf_addc(&text, ' ');
	buf_add(&text, STR("y\"\n"));
	assert_non_null(parse_str(f, buf_str(&text)));
	buf_clear(&text);
	for (int i = 0; i < 100000; i++)
		buf_addf(&text, "k%d: 1\n", i);
	for (int i = 0; i < 100000; i++)
		buf_add(&text, STR("k99999: 1\n"));
	assert_int_equal(parse_str(f, buf_str(&text))->len, 100000);
	assert_int_equal(f->d.len, DIAG_MAX_ITEMS);
	buf_release(&text);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(nothing_is_an_empty_map),
		test(a_tree_keeps_its_places),
		test(places_are_bytes_though_libyaml_counts_characters),
		test(a_part_of_a_file_is_placed_in_the_file),
		test(origins_of_every_style),
		test(an_escape_is_one_place),
		test(quotes_are_known),
		test(the_first_of_two_keys_counts),
		test(duplicates_among_many_keys),
		test(what_is_refused),
		test(mistakes_that_people_make),
		test(depth_is_capped),
		test(types_are_asked_for),
		test(wrong_types_are_reported),
		test(unknown_keys_get_a_suggestion),
		test(values_follow_the_core_schema),
		test(a_decimal_keeps_its_digits),
		test(hostile_texts_end_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
