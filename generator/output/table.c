/* A table with facts and localized figures. */
#include "output/chart_impl.h"
#include "output/fact_text.h"

static bool is_numeric(const struct table *t, size_t column)
{
	return t->columns[column].type != COLUMN_TEXT;
}

static void fact_cell(struct drawing *d, const struct fact *f)
{
	struct buf text;

	if (f->type == FACT_PHONE) {
		fact_phone(d->out, f->value.text, true);
		return;
	}
	buf_init(&text, CHART_MAX_BYTES);
	fact_text(&text, d->b->locale, f);
	buf_add_html(d->out, buf_str(&text));
	buf_release(&text);
}

static void cell_content(
	struct drawing *d, const struct table *t, const struct table_cell *cell, size_t column)
{
	struct chart as = {
		.measure = t->columns[column].type == COLUMN_PERCENT ? MEASURE_PERCENT : MEASURE_NUMBER};

	d->c = &as;
	if (cell->fact)
		fact_cell(d, cell->fact);
	else if (cell->figure.value.kind == VALUE_DECIMAL)
		buf_add_html(d->out, chart_figure(d, &cell->figure));
	else
		buf_add_html(d->out, chart_text(d, cell->text));
	d->c = NULL;
}

static void row(struct drawing *d, const struct table *t, const struct table_cell *cells)
{
	buf_addz(d->out, "<tr>");
	for (size_t i = 0; i < t->column_count; i++) {
		const char *class = is_numeric(t, i) ? " class=\"number\"" : "";

		if (i)
			buf_addf(d->out, "<td%s>%s", class, *class ? "<bdi>" : "");
		else
			buf_addf(d->out, "<th scope=\"row\"%s>", class);
		cell_content(d, t, &cells[i], i);
		buf_addz(d->out, i && *class ? "</bdi></td>" : i ? "</td>" : "</th>");
	}
	buf_addz(d->out, "</tr>\n");
}

static void head(struct drawing *d, const struct table *t)
{
	buf_addz(d->out, "<thead>\n<tr>");
	for (size_t i = 0; i < t->column_count; i++) {
		buf_addf(d->out, "<th scope=\"col\"%s>", is_numeric(t, i) ? " class=\"number\"" : "");
		buf_add_html(d->out, chart_text(d, t->columns[i].name));
		buf_addz(d->out, "</th>");
	}
	buf_addz(d->out, "</tr>\n</thead>\n");
}

static void whole(struct drawing *d, const struct table *t)
{
	struct str summary = chart_text(d, t->summary);

	buf_addf(d->out,
		"<div class=\"scroll\" role=\"region\" aria-labelledby=\"table_%u\" tabindex=\"0\">\n"
		"<table>\n<caption><span id=\"table_%u\">",
		d->b->number, d->b->number);
	buf_add_html(d->out, chart_text(d, t->title));
	buf_addz(d->out, "</span>");
	chart_cite(d->b, d->reader, d->out);
	if (summary.n) {
		buf_addz(d->out, "<br /><span class=\"chart-summary\">");
		buf_add_html(d->out, summary);
		buf_addz(d->out, "</span>");
	}
	buf_addz(d->out, "</caption>\n");
	head(d, t);
	buf_addz(d->out, "<tbody>\n");
	for (size_t i = 0; i < t->row_count; i++)
		row(d, t, &t->cells[i * t->column_count]);
	buf_addz(d->out, "</tbody>\n</table>\n</div>\n");
}

bool table_write(const struct block *b, struct buf *out)
{
	struct diag said;
	struct figure_reader r = {
		.a = &b->worker->scratch, .facts = &b->view->catalog->facts, .locale = b->locale, .d = &said};
	struct drawing d = {.b = b, .reader = &r, .a = r.a, .out = out};
	struct table t;
	struct span at;
	bool fine;

	d.rtl = locale_rtl(locale_tag(b->locale));
	diag_init(&said);
	fine = node_verbatim(b->t->doc, b->node, &at) && table_read(&t, &r, at);
	if (fine)
		whole(&d, &t);
	diag_release(&said);
	return fine;
}
