#include "model/chart.h"
#include "model/table.h"
#include "support/check.h"
#include "support/said.h"

struct state {
	struct arena arena;
	struct diag diag;
	struct source facts_src, src;
	struct map facts;
	struct figure_reader reader;
	struct chart chart;
	struct table table;
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){0};
	arena_init(&s->arena, ARENA_DEFAULT);
	diag_init(&s->diag);
	source_init(&s->facts_src, STR("f"),
		STR("count: {type: integer, value: 12, source: x, period: '2025'}\n"
		    "share: {type: percentage, value: 64.5, source: x}\n"
		    "fee: {type: money, value: 1500.50 SEK, source: x}\n"
		    "euro: {type: money, value: 3 EUR, source: x}\n"
		    "ages: {type: range, value: 0–5, source: x}\n"
		    "word: {type: text, value: w, source: x}\n"));
	facts_read(&s->facts, &s->arena, &s->facts_src, &s->diag);
	assert_said(&s->arena, &s->diag, "");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	diag_release(&s->diag);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static void prepare(struct state *s, const char *text)
{
	diag_clear(&s->diag);
	s->reader = (struct figure_reader){.a = &s->arena, .facts = &s->facts, .d = &s->diag};
	source_init(&s->src, STR("c"), str_from(text));
}

static bool read_chart(struct state *s, const char *text)
{
	prepare(s, text);
	return chart_read(&s->chart, &s->reader, span_make(&s->src, 0, s->src.text.n));
}

static bool read_table(struct state *s, const char *text)
{
	prepare(s, text);
	return table_read(&s->table, &s->reader, span_make(&s->src, 0, s->src.text.n));
}

#define assert_chart(s, text)                                                                                \
	do {                                                                                                 \
		bool fine = read_chart((s), (text));                                                         \
		assert_said(&(s)->arena, &(s)->diag, "");                                                    \
		assert_true(fine);                                                                           \
	} while (0)

static void figures_and_labels_are_read(void **state)
{
	struct state *s = *state;
	const struct chart *c = &s->chart;

	assert_chart(s, "kind: bars\ntitle: T\nunit: u\n"
			"points: [{label: a, value: 1.50}, {fact: count}, {label: c, value: 0}]\n");
	assert_int_equal(c->kind, CHART_BARS);
	assert_text(c->title.written, "T");
	assert_int_equal(c->series_count, 1);
	assert_int_equal(c->label_count, 3);
	assert_text(c->labels[1].written, "2025"); /* the fact's period */
	assert_int_equal(c->series->figures[0].amount, 1500000);
	assert_text(c->series->figures[0].value.text, "1.50");
	assert_int_equal(c->series->figures[1].amount, 12000000);
	assert_int_equal(c->measure, MEASURE_NUMBER);
	assert_false(c->years);
}

/* The labels of all series, in order of first use; what one of them lacks is a gap. */
static void series_share_their_labels(void **state)
{
	struct state *s = *state;
	const struct chart *c = &s->chart;

	assert_chart(s, "kind: line\ntitle: T\nseries:\n"
			"- {name: A, points: [{label: 2023, value: 1}, {label: 2024, value: 2}]}\n"
			"- {name: B, points: [{label: 2024, value: 3}, {label: 2025, value: 4}]}\n");
	assert_int_equal(c->label_count, 3);
	assert_true(c->years);
	assert_int_equal(c->series[0].figures[2].value.kind, VALUE_NULL);
	assert_int_equal(c->series[1].figures[0].value.kind, VALUE_NULL);
	assert_int_equal(c->series[1].figures[1].amount, 3000000);
}

static void what_is_counted_is_one_thing(void **state)
{
	struct state *s = *state;
	const struct chart *c = &s->chart;

	assert_chart(s, "kind: bars\ntitle: T\npoints: [{label: a, fact: share}, {label: b, value: 5}]\n");
	assert_int_equal(c->measure, MEASURE_PERCENT);
	assert_int_equal(c->series->figures[0].amount, 64500000);
	assert_int_equal(c->series->figures[1].amount, 5000000);
	assert_text(c->series->figures[1].value.text, "0.05");
	assert_chart(s, "kind: bars\ntitle: T\npoints: [{label: a, fact: fee}, {label: b, value: 5}]\n");
	assert_int_equal(c->measure, MEASURE_MONEY);
	assert_text(c->series->figures[1].value.money->currency, "SEK");
	assert_false(read_chart(s, "kind: bars\ntitle: T\n"
				   "points: [{label: a, fact: fee}, {label: b, fact: euro}]\n"));
	assert_said(&s->arena, &s->diag, "c:3:50 fact/wrong-type\n");
	assert_false(read_chart(s, "kind: bars\ntitle: T\nunit: \"%\"\npoints: [{label: a, fact: count}]\n"));
	assert_said(&s->arena, &s->diag, "c:4:27 fact/wrong-type\n");
}

static void shares_say_what_is_left(void **state)
{
	static const struct {
		const char *points;
		int64_t rest;
		bool rounded;
	} cases[] = {
		{"unit: \"%\"\npoints: [{label: a, value: 60}, {label: b, value: 30}]", 10, false},
		{"unit: \"%\"\npoints: [{label: a, value: 60}, {label: b, value: 40}]", 0, false},
		{"unit: \"%\"\npoints: [{label: a, value: 33}, {label: b, value: 33}, {label: c, value: 33}]",
			0, true},
		{"unit: \"%\"\npoints: [{label: a, value: 50.4}, {label: b, value: 49.7}]", 0, true},
		{"points: [{label: a, value: 5}, {label: b, value: 3}]", 0, false},
		{"whole: 10\npoints: [{label: a, value: 5}, {label: b, value: 3}]", 2, false},
		{"whole: {fact: count}\npoints: [{label: a, value: 5}]", 7, false},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_chart(s, str_fmt(&s->arena, "kind: shares\ntitle: T\n%s\n", cases[i].points).p);
		assert_int_equal(s->chart.rest, cases[i].rest * FIGURE_ONE);
		assert_int_equal(s->chart.rounded, cases[i].rounded);
	}
}

static void what_is_wrong_is_said_at_its_place(void **state)
{
	static const char *const cases[][2] = {
		{"title: T\npoints: []\n", "c:1:1 yaml/missing-key\n"},
		{"kind: pie\ntitle: T\n", "c:1:7 yaml/bad-value\n"},
		{"kind: bars\ntitle: T\n", "c:1:1 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\npoints: []\n", "c:3:1 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\npoints: 3\n", "c:3:9 yaml/wrong-type\n"},
		{"kind: bars\ntitle: T\npoints: [3]\n", "c:3:10 yaml/wrong-type\n"},
		{"kind: bars\ntitle: T\nseries: []\n", "c:3:1 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\nseries: [{points: [{label: a, value: 1}]}]\n",
			"c:3:10 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\nseries: []\npoints: []\n", "c:4:1 yaml/unknown-key\n"},
		{"kind: shares\ntitle: T\nseries: [{name: a}, {name: b}]\n", "c:3:1 block/data\n"},
		{"kind: shares\ntitle: T\npoints: [{label: a, value: 0}]\n", "c:1:1 block/data\n"},
		{"kind: bars\ntitle: T\npoints: [{label: a, value: 0.1234567}]\n", "c:3:28 block/limit\n"},
		{"kind: bars\ntitle: T\npoints: [{label: a, value: 12,5}]\n", "c:3:31 yaml/bad-value\n"},
		{"kind: bars\ntitle: T\npoints: [{label: a, fact: word}]\n", "c:3:27 fact/wrong-type\n"},
		{"kind: bars\ntitle: T\ncurrency: kr\npoints: [{label: a, value: 1}]\n",
			"c:3:11 yaml/bad-value\n"},
		{"kind: line\ntitle: T\npoints: [{label: a, value: -1}]\n", "c:3:28 block/data\n"},
		{"kind: line\ntitle: T\npoints: [{label: 2025, value: 1}, {label: 2024, value: 1}]\n",
			"c:3:43 block/data\n"},
		{"kind: line\ntitle: '{count, plural, one}'\npoints: [{label: 2025, value: 1}]\n",
			"c:2:25 message/syntax\n"},
		{"- kind\n", "c:1:1 yaml/wrong-type\n"},
		/* A key with nothing behind it is as if it were not there: no chart comes of it in silence. */
		{"", "c:1:1 yaml/missing-key\nc:1:1 yaml/missing-key\n"},
		{"~\n", "c:1:1 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\npoints:\n", "c:1:1 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\nseries:\n", "c:1:1 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\npoints: [~]\n", "c:3:10 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\nseries: [~]\n", "c:3:10 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\nseries: [{name: A, points: }]\n", "c:3:10 yaml/missing-key\n"},
		{"kind: bars\ntitle: T\npoints: [{label: a, fact: }]\n", "c:3:10 yaml/missing-key\n"},
		{"kind: line\ntitle: T\nfrom: {fact: }\npoints: [{label: a, value: 1}]\n",
			"c:3:7 yaml/missing-key\n"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_false(read_chart(s, cases[i][0]));
		assert_said_of(&s->arena, &s->diag, cases[i][1], cases[i][0]);
	}
}

/* The check says that a fact does not exist, with the facts of the prose; the chart is not shown. */
static void facts_are_noted(void **state)
{
	struct state *s = *state;

	assert_chart(s, "kind: bars\ntitle: 'T {count}'\npoints: [{label: 'a {ages}', fact: count}]\n");
	assert_int_equal(s->reader.use_count, 3);
	assert_text(s->reader.uses[0].name, "count");
	assert_text(s->reader.uses[2].name, "ages");
	assert_false(read_chart(s, "kind: bars\ntitle: T\npoints: [{label: a, fact: none}]\n"));
	assert_said(&s->arena, &s->diag, "");
}

static void tables_are_read(void **state)
{
	struct state *s = *state;
	const struct table *t = &s->table;

	assert_true(
		read_table(s, "title: T\ncolumns: [A, B, C, {name: D, type: percent}, E]\n"
			      "rows:\n- [1, 2, '3', 4.5, {fact: word}]\n- [x, {fact: ages}, y, '', '']\n"));
	assert_said(&s->arena, &s->diag, "");
	assert_int_equal(t->columns[0].type, COLUMN_TEXT);
	assert_int_equal(t->columns[1].type, COLUMN_NUMBER);
	assert_int_equal(t->columns[2].type, COLUMN_TEXT);
	assert_int_equal(t->columns[4].type, COLUMN_TEXT);
	assert_text(t->cells[3].figure.value.text, "0.045");
	assert_text(t->cells[4].fact->id, "word");
	assert_text(t->cells[6].fact->id, "ages");
	assert_int_equal(t->cells[8].figure.value.kind, VALUE_NULL);
}

static void tables_that_are_wrong_are_said(void **state)
{
	static const char *const cases[][2] = {
		{"columns: [A]\nrows: [[a]]\n", "c:1:1 yaml/missing-key\n"},
		{"title: T\nrows: [[a]]\n", "c:1:1 yaml/missing-key\n"},
		{"title: T\ncolumns: [A]\nrows: []\n", "c:3:1 yaml/missing-key\n"},
		{"title: T\ncolumns: [A]\nrows: [[a, b]]\n", "c:3:8 block/data\n"},
		{"title: T\ncolumns: [A]\nrows: [a]\n", "c:3:8 yaml/wrong-type\n"},
		{"title: T\ncolumns: [A, '']\nrows: [[a, b]]\n", "c:2:14 yaml/missing-key\n"},
		{"title: T\ncolumns: [A, {name: B, type: x}]\nrows: [[a, b]]\n", "c:2:30 yaml/bad-value\n"},
		{"title: T\ncolumns: [A, {name: B, type: number}]\nrows: [[a, b]]\n",
			"c:3:12 yaml/bad-value\n"},
		{"title: T\ncolumns: [A, B]\nrows: [[a, {value: 1}]]\n",
			"c:3:12 yaml/missing-key\nc:3:13 yaml/unknown-key\n"},
		{"", "c:1:1 yaml/missing-key\nc:1:1 yaml/missing-key\nc:1:1 yaml/missing-key\n"},
		{"title: T\ncolumns:\nrows: [[a]]\n", "c:1:1 yaml/missing-key\n"},
		{"title: T\ncolumns: [A]\nrows:\n", "c:1:1 yaml/missing-key\n"},
		{"title: T\ncolumns: [A]\nrows: [~]\n", "c:3:8 block/data\n"},
		{"title: T\ncolumns: [A]\nrows: [[{fact: }]]\n", "c:3:9 yaml/missing-key\n"},
		{"title: T\ncolumns: [A, B, C, D, E, F, G, H, I]\nrows: [[a]]\n", "c:2:1 block/limit\n"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_false(read_table(s, cases[i][0]));
		assert_said_of(&s->arena, &s->diag, cases[i][1], cases[i][0]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(figures_and_labels_are_read),
		TEST(series_share_their_labels),
		TEST(what_is_counted_is_one_thing),
		TEST(shares_say_what_is_left),
		TEST(what_is_wrong_is_said_at_its_place),
		TEST(facts_are_noted),
		TEST(tables_are_read),
		TEST(tables_that_are_wrong_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
