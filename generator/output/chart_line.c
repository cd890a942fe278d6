/* Lines over years, or over labels in their order. */
#include "output/chart_impl.h"

#define PLOT_HEIGHT 1100
#define AXIS_GAP 500 /* of the width: between the axis's numbers and the first point */
#define PLOT_END 9600
#define MOST_STEPS 4
#define LEGEND_INDENT 300

struct plot {
	int64_t low, high, step;
	int top;   /* in em */
	int start; /* across, of the first point */
};

/* 1, 2 or 5 times a power of ten, so that at most MOST_STEPS of them span the figures. */
static int64_t nice_step(int64_t span)
{
	static const int64_t factors[] = {1, 2, 5};
	int64_t power = 1;

	for (;; power *= 10)
		for (size_t i = 0; i < COUNT_OF(factors); i++)
			if (span / MOST_STEPS <= factors[i] * power || power > INT64_MAX / 100)
				return factors[i] * power;
}

static struct plot plot_of(const struct chart *c)
{
	struct plot p = {.low = c->from, .high = c->from};

	for (size_t s = 0; s < c->series_count; s++)
		for (size_t i = 0; i < c->label_count; i++)
			if (c->series[s].figures[i].value.kind != VALUE_NULL &&
				c->series[s].figures[i].amount > p.high)
				p.high = c->series[s].figures[i].amount;
	if (p.high == p.low)
		p.high = p.low + FIGURE_ONE;
	p.step = nice_step(p.high - p.low);
	p.high = p.low + (p.high - p.low + p.step - 1) / p.step * p.step;
	return p;
}

/* The axis's numbers stand before the first point. */
static void make_room(struct drawing *d, struct plot *p)
{
	int columns = 0;

	for (int64_t at = p->low; at <= p->high; at += p->step) {
		int n = chart_columns(chart_amount(d, at));

		columns = n > columns ? n : columns;
	}
	p->start = columns * CHART_FULL / (CHART_COLUMNS + 4) + AXIS_GAP;
	if (p->start > CHART_FULL / 2)
		p->start = CHART_FULL / 2;
}

static int y_of(const struct plot *p, int64_t amount)
{
	return p->top + PLOT_HEIGHT -
	       (int)((int64_t)chart_ratio(amount - p->low, p->high - p->low) * PLOT_HEIGHT / CHART_FULL);
}

/* Years keep their distance: 2010 to 2020 is ten times as far as 2020 to 2021. */
static int x_of(const struct chart *c, const struct plot *p, size_t label)
{
	int first, span;

	if (c->label_count < 2)
		return (p->start + PLOT_END) / 2;
	if (!c->years)
		return p->start + (int)((PLOT_END - p->start) * label / (c->label_count - 1));
	first = chart_year(c->labels[0].written);
	span = chart_year(c->labels[c->label_count - 1].written) - first;
	return p->start + (PLOT_END - p->start) * (chart_year(c->labels[label].written) - first) / span;
}

static void text_at(struct drawing *d, int x, int y, const char *anchor, struct str text)
{
	buf_addz(d->out, "<text");
	chart_x_percent(d, "x", x, 0);
	chart_em(d, "y", y);
	if (anchor)
		buf_addf(d->out, " text-anchor=\"%s\"", anchor);
	buf_addc(d->out, '>');
	buf_add_html(d->out, text);
	buf_addz(d->out, "</text>\n");
}

static void grid(struct drawing *d, const struct plot *p)
{
	buf_addz(d->out, "<g class=\"grid\" stroke=\"currentColor\" stroke-opacity=\"0.3\">\n");
	for (int64_t at = p->low; at <= p->high; at += p->step) {
		buf_addz(d->out, "<line");
		chart_x_percent(d, "x1", p->start - AXIS_GAP / 2, 0);
		chart_x_percent(d, "x2", CHART_FULL, 0);
		chart_em(d, "y1", y_of(p, at));
		chart_em(d, "y2", y_of(p, at));
		buf_addz(d->out, " />\n");
	}
	buf_addz(d->out, "</g>\n");
	for (int64_t at = p->low; at <= p->high; at += p->step)
		text_at(d, p->start - AXIS_GAP + 100, y_of(p, at) + 35, "end", chart_amount(d, at));
}

/* Names below the axis, from the last one back, as many as have room. */
static void names(struct drawing *d, const struct plot *p)
{
	const struct chart *c = d->c;
	int free_to = CHART_FULL;

	for (size_t i = c->label_count; i-- > 0;) {
		struct str name = chart_label(d, i);
		int width = CHART_FULL / CHART_COLUMNS * chart_columns(name);
		int x = x_of(c, p, i);

		if (x + width / 2 > free_to && free_to < CHART_FULL)
			continue;
		if (x + width / 2 > CHART_FULL)
			text_at(d, CHART_FULL, p->top + PLOT_HEIGHT + 150, "end", name);
		else
			text_at(d, x, p->top + PLOT_HEIGHT + 150, "middle", name);
		free_to = x - width / 2 - CHART_FULL / CHART_COLUMNS;
	}
}

static const char *const dashes[CHART_MAX_SERIES] = {"", "7 4", "2 4", "10 4 2 4"};

/* Each series has a line and a mark of its own. */
static const char *const marks[CHART_MAX_SERIES] = {
	"M0-4.5A4.5 4.5 0 0 1 0 4.5A4.5 4.5 0 0 1 0-4.5Z",
	"M-4-4H4V4H-4Z",
	"M0-6L6 0L0 6L-6 0Z",
	"M0-5L5.5 4.5H-5.5Z",
};

static void mark(struct drawing *d, size_t series)
{
	buf_addf(d->out, " overflow=\"visible\"><path d=\"%s\" stroke=\"none\" /></svg>\n", marks[series]);
}

static void segment(struct drawing *d, size_t series, int x1, int y1, int x2, int y2)
{
	buf_addz(d->out, "<line");
	chart_x_percent(d, "x1", x1, 0);
	chart_em(d, "y1", y1);
	chart_x_percent(d, "x2", x2, 0);
	chart_em(d, "y2", y2);
	if (*dashes[series])
		buf_addf(d->out, " stroke-dasharray=\"%s\"", dashes[series]);
	buf_addz(d->out, " />\n");
}

/* A gap stays one. */
static void series_line(struct drawing *d, const struct plot *p, size_t series)
{
	const struct chart *c = d->c;
	const struct figure *f = c->series[series].figures;

	for (size_t i = 0; i + 1 < c->label_count; i++)
		if (f[i].value.kind != VALUE_NULL && f[i + 1].value.kind != VALUE_NULL)
			segment(d, series, x_of(c, p, i), y_of(p, f[i].amount), x_of(c, p, i + 1),
				y_of(p, f[i + 1].amount));
	for (size_t i = 0; i < c->label_count; i++) {
		if (f[i].value.kind == VALUE_NULL)
			continue;
		buf_addz(d->out, "<svg");
		chart_x_percent(d, "x", x_of(c, p, i), 0);
		chart_em(d, "y", y_of(p, f[i].amount));
		mark(d, series);
	}
}

/* The last figure of a single line; the table has all. */
static void last_value(struct drawing *d, const struct plot *p)
{
	const struct chart *c = d->c;

	for (size_t i = c->label_count; i-- > 0;) {
		const struct figure *f = &c->series->figures[i];

		if (f->value.kind == VALUE_NULL)
			continue;
		buf_addz(d->out, "<g font-weight=\"700\">\n");
		text_at(d, x_of(c, p, i) + 200, y_of(p, f->amount) - 70, "end", chart_figure(d, f));
		buf_addz(d->out, "</g>\n");
		return;
	}
}

static void legend(struct drawing *d)
{
	for (size_t s = 0; s < d->c->series_count; s++) {
		int y = d->y + CHART_LINE_HEIGHT - 65;

		buf_addz(d->out, "<g class=\"marks\" stroke=\"currentColor\" stroke-width=\"2.5\">\n<line");
		chart_x_em(d, "x1", 10, 0);
		chart_x_em(d, "x2", LEGEND_INDENT - 70, 0);
		chart_em(d, "y1", y);
		chart_em(d, "y2", y);
		if (*dashes[s])
			buf_addf(d->out, " stroke-dasharray=\"%s\"", dashes[s]);
		buf_addz(d->out, " />\n<svg");
		chart_x_em(d, "x", (LEGEND_INDENT - 60) / 2, 0);
		chart_em(d, "y", y);
		mark(d, s);
		buf_addz(d->out, "</g>\n");
		chart_lines(d, LEGEND_INDENT, chart_text(d, d->c->series[s].name), (struct str){0});
		d->y += 15;
	}
}

void chart_line(struct drawing *d)
{
	struct plot p = plot_of(d->c);

	if (d->c->series_count > 1)
		legend(d);
	p.top = d->y + 160;
	make_room(d, &p);
	grid(d, &p);
	names(d, &p);
	buf_addz(d->out, "<g class=\"marks\" stroke=\"currentColor\" stroke-width=\"2.5\">\n");
	for (size_t s = 0; s < d->c->series_count; s++)
		series_line(d, &p, s);
	buf_addz(d->out, "</g>\n");
	if (d->c->series_count == 1)
		last_value(d, &p);
	d->y = p.top + PLOT_HEIGHT + 220;
}
