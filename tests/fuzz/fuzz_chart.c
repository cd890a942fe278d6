/*
 * Charts and tables: whatever stands in the block, every report points into it, and what is accepted has the
 * parts that drawing relies on. The first byte picks the kind of block.
 */
#include "model/chart.h"
#include "model/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_reports(const struct diag *d, const struct source *src)
{
	for (size_t i = 0; i < d->len; i++) {
		struct span at = d->items[i].at;

		if (at.src && (at.src != src || at.at > src->text.n || at.n > src->text.n - at.at))
			BUG("a report outside of the block");
		if (!d->items[i].message.n)
			BUG("a report that says nothing");
	}
}

static void check_chart(const struct chart *c)
{
	if (!c->title.written.n || !c->label_count || !c->series_count || c->measure == MEASURE_NONE)
		BUG("a chart with a part missing");
	if (c->rest < 0 || (c->kind == CHART_SHARES && c->whole <= 0))
		BUG("shares of nothing");
	for (size_t s = 0; s < c->series_count; s++)
		for (size_t i = 0; i < c->label_count; i++) {
			const struct figure *f = &c->series[s].figures[i];

			if (f->value.kind != VALUE_NULL && f->amount < c->from)
				BUG("a figure below the axis");
		}
}

static void check_table(const struct table *t)
{
	if (!t->title.written.n || !t->row_count || !t->column_count)
		BUG("a table with a part missing");
	for (size_t i = 0; i < t->column_count; i++)
		if (t->columns[i].type == COLUMN_AUTO || !t->columns[i].name.written.n)
			BUG("a column without its type or name");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct locale *locale;
	struct str text = str_make((const char *)bytes, n);
	struct source facts_src, src;
	struct map facts = {0};
	struct figure_reader r;
	struct chart chart;
	struct table table;
	struct arena a;
	struct diag d;

	if (!n || utf8_check(text) != n || str_find_byte(text, '\0') < n)
		return -1;
	if (!locale)
		locale = locale_new(&(struct locale_spec){.tag = STR("sv")});
	arena_init(&a, (size_t)1 << 30);
	diag_init(&d);
	source_init(&facts_src, STR("f"),
		STR("n: {type: integer, value: 12, source: x, period: '2025'}\n"
		    "p: {type: percentage, value: 64.5, source: x}\n"
		    "m: {type: money, value: 15 SEK, source: x}\n"
		    "r: {type: range, value: 0–5, source: x}\n"));
	facts_read(&facts, &a, &facts_src, &d);
	source_init(&src, STR("c"), text);
	r = (struct figure_reader){.a = &a, .facts = &facts, .locale = locale, .d = &d};
	if (bytes[0] == '#') {
		if (table_read(&table, &r, span_make(&src, 1, n - 1)))
			check_table(&table);
	} else if (chart_read(&chart, &r, span_make(&src, 0, n)))
		check_chart(&chart);
	check_reports(&d, &src);
	source_release(&src);
	source_release(&facts_src);
	diag_release(&d);
	arena_release(&a);
	return 0;
}
