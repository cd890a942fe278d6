/* A chart: its caption, the drawing, and its figures as a table. */
#include "output/chart_impl.h"
#include "output/fact_text.h"

/* Points that a description reads out; the table has all. */
#define MOST_DESCRIBED 12

static const struct {
	const char *name;
	void (*draw)(struct drawing *d);
} kinds[CHART_KINDS] = {
	[CHART_BARS] = {"bars", chart_bars},
	[CHART_LINE] = {"line", chart_line},
	[CHART_SHARES] = {"shares", chart_shares},
};

static bool is_cited(const struct figure_reader *r, const struct map *facts, size_t i)
{
	const struct fact *f = map_get(facts, r->uses[i].name), *before;

	for (size_t k = 0; k < i; k++) {
		before = map_get(facts, r->uses[k].name);
		if (before == f ||
			(before && f && str_eq(before->source, f->source) && str_eq(before->place, f->place)))
			return true;
	}
	return false;
}

void chart_cite(const struct block *b, const struct figure_reader *r, struct buf *out)
{
	const struct catalog *c = b->view->catalog;

	for (size_t i = 0; i < r->use_count; i++) {
		const struct fact *f = map_get(&c->facts, r->uses[i].name);
		const struct reference *source = f ? map_get(&c->references, f->source) : NULL;

		if (source && f->type != FACT_PHONE && !is_cited(r, &c->facts, i))
			b->cite(b->ctx, source, f->place, out);
	}
}

static struct value one_argument(const struct drawing *d, const char *name, struct str text)
{
	struct value args = value_map(d->a);

	value_set(args, d->a, str_from(name), value_str(text));
	return args;
}

static void paragraph(struct drawing *d, const char *class, struct str text)
{
	if (!text.n)
		return;
	buf_addf(d->out, "<p class=\"%s\">", class);
	buf_add_html(d->out, text);
	buf_addz(d->out, "</p>\n");
}

static struct str unit_of(const struct drawing *d)
{
	return d->c->measure == MEASURE_PERCENT ? STR("") : chart_text(d, d->c->unit);
}

static void caption(struct drawing *d)
{
	const struct chart *c = d->c;

	buf_addf(d->out, "<figcaption>\n<p class=\"chart-title\"><span id=\"chart_%u\">", d->b->number);
	buf_add_html(d->out, chart_text(d, c->title));
	buf_addz(d->out, "</span>");
	chart_cite(d->b, d->reader, d->out);
	buf_addz(d->out, "</p>\n");
	paragraph(d, "chart-summary", chart_text(d, c->summary));
	paragraph(d, "chart-unit", unit_of(d));
	if (c->from)
		paragraph(d, "chart-note",
			chart_phrase(d, "chart.from", one_argument(d, "from", chart_amount(d, c->from))));
	if (c->rounded)
		paragraph(d, "chart-note", chart_phrase(d, "chart.rounded", value_null()));
	buf_addz(d->out, "</figcaption>\n");
}

/* What those hear who cannot see the drawing: its kind, and the first figures. */
static void describe(struct drawing *d)
{
	const struct chart *c = d->c;
	size_t said = 0;

	buf_add_html(d->out,
		chart_phrase(d, "chart.kind", one_argument(d, "kind", str_from(kinds[c->kind].name))));
	for (size_t s = 0; s < c->series_count; s++)
		for (size_t i = 0; i < c->label_count && said < MOST_DESCRIBED; i++, said++) {
			buf_addz(d->out, said ? "; " : " ");
			if (c->series[s].name.written.n) {
				buf_add_html(d->out, chart_text(d, c->series[s].name));
				buf_addz(d->out, ", ");
			}
			buf_add_html(d->out, chart_label(d, i));
			buf_addz(d->out, ": ");
			buf_add_html(d->out, chart_figure(d, &c->series[s].figures[i]));
		}
	if (said < c->series_count * c->label_count)
		buf_addz(d->out, "; …");
}

static void drawing(struct drawing *d)
{
	struct buf drawn, *out = d->out;

	buf_init(&drawn, CHART_MAX_BYTES);
	d->out = &drawn;
	kinds[d->c->kind].draw(d);
	d->out = out;
	buf_addz(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" width=\"100%\"");
	chart_em(d, "height", d->y + CHART_BELOW);
	buf_addf(out,
		" fill=\"currentColor\" role=\"img\" aria-labelledby=\"chart_%u_name chart_%u_desc\"%s>\n",
		d->b->number, d->b->number, d->rtl ? " direction=\"rtl\"" : "");
	buf_addf(out, "<title id=\"chart_%u_name\">", d->b->number);
	buf_add_html(out, chart_text(d, d->c->title));
	buf_addf(out, "</title>\n<desc id=\"chart_%u_desc\">", d->b->number);
	describe(d);
	buf_addz(out, "</desc>\n");
	if (d->rtl)
		buf_addz(out, "<svg x=\"100%\" overflow=\"visible\">\n");
	if (buf_failed(&drawn))
		buf_fail(out);
	buf_add(out, buf_str(&drawn));
	buf_addz(out, d->rtl ? "</svg>\n</svg>\n" : "</svg>\n");
	buf_release(&drawn);
}

/* The figures as a table */

static void cell(struct drawing *d, const char *tag, struct str text)
{
	bool heading = tag[0] == 't' && tag[1] == 'h';

	buf_addf(d->out, "<%s>", tag);
	if (!heading)
		buf_addz(d->out, "<bdi>");
	buf_add_html(d->out, text);
	buf_addz(d->out, heading ? "</th>" : "</bdi></td>");
}

static void table_head(struct drawing *d)
{
	const struct chart *c = d->c;
	static const char *const measures[] = {
		[MEASURE_NUMBER] = "number", [MEASURE_PERCENT] = "percent", [MEASURE_MONEY] = "money"};
	struct str unit = unit_of(d);

	buf_addz(d->out, "<thead>\n<tr>");
	if (c->years)
		cell(d, "th scope=\"col\"", chart_phrase(d, "chart.year", value_null()));
	else
		buf_addz(d->out, "<td></td>");
	if (c->series_count == 1 && !c->series->name.written.n && !unit.n)
		unit = chart_phrase(
			d, "chart.value", one_argument(d, "measure", str_from(measures[c->measure])));
	for (size_t s = 0; s < c->series_count; s++)
		cell(d, "th scope=\"col\" class=\"number\"",
			c->series[s].name.written.n ? chart_text(d, c->series[s].name) : unit);
	buf_addz(d->out, "</tr>\n</thead>\n");
}

static void table_row(struct drawing *d, struct str name, const struct str *values)
{
	buf_addz(d->out, "<tr>");
	cell(d, "th scope=\"row\"", name);
	for (size_t s = 0; s < d->c->series_count; s++)
		cell(d, "td class=\"number\"", values[s]);
	buf_addz(d->out, "</tr>\n");
}

static void table_body(struct drawing *d)
{
	const struct chart *c = d->c;
	struct str values[CHART_MAX_SERIES];

	buf_addz(d->out, "<tbody>\n");
	for (size_t i = 0; i < c->label_count; i++) {
		for (size_t s = 0; s < c->series_count; s++)
			values[s] = chart_figure(d, &c->series[s].figures[i]);
		table_row(d, chart_label(d, i), values);
	}
	if (c->rest > 0) {
		values[0] = chart_amount(d, c->rest);
		table_row(d, chart_phrase(d, "chart.rest", value_null()), values);
	}
	buf_addz(d->out, "</tbody>\n");
}

/* Open where the drawing does not name every figure. It opens without a script, and is read aloud closed. */
static void data(struct drawing *d)
{
	buf_addf(d->out, "<details class=\"chart-data\"%s>\n<summary>",
		d->c->kind == CHART_LINE ? " open=\"open\"" : "");
	buf_add_html(d->out, chart_phrase(d, "chart.as_table", value_null()));
	buf_addf(d->out,
		"</summary>\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"chart_%u\" "
		"tabindex=\"0\">\n<table aria-labelledby=\"chart_%u\">\n",
		d->b->number, d->b->number);
	table_head(d);
	table_body(d);
	buf_addz(d->out, "</table>\n</div>\n</details>\n");
}

bool chart_write(const struct block *b, struct buf *out)
{
	struct diag said;
	struct figure_reader r = {
		.a = &b->worker->scratch, .facts = &b->view->catalog->facts, .locale = b->locale, .d = &said};
	struct chart c;
	struct drawing d = {.b = b, .c = &c, .reader = &r, .a = r.a, .out = out};
	struct span at;
	bool fine;

	d.rtl = locale_rtl(locale_tag(b->locale));
	diag_init(&said);
	fine = node_verbatim(b->t->doc, b->node, &at) && chart_read(&c, &r, at);
	if (fine) {
		buf_addf(out, "<figure class=\"chart chart-%s\">\n", kinds[c.kind].name);
		caption(&d);
		drawing(&d);
		data(&d);
		buf_addz(out, "</figure>\n");
	}
	diag_release(&said);
	return fine;
}
