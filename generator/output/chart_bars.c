/* Bars and shares. */
#include "output/chart_impl.h"

#define BAR_HEIGHT 90
#define BAR_GAP 25   /* below a bar of several */
#define GROUP_GAP 60 /* below a label's last bar */
#define WHOLE_HEIGHT 220
#define SWATCH 100

/* Percentages are parts of a whole: two thirds must not look like all of it. */
static bool has_whole(const struct chart *c, int64_t most)
{
	return c->measure == MEASURE_PERCENT && most <= 100 * (int64_t)FIGURE_ONE;
}

static int64_t largest(const struct chart *c)
{
	int64_t most = 0;

	for (size_t s = 0; s < c->series_count; s++)
		for (size_t i = 0; i < c->label_count; i++)
			if (c->series[s].figures[i].amount > most)
				most = c->series[s].figures[i].amount;
	return most;
}

static void bar(struct drawing *d, size_t pattern, int x, int width, int height)
{
	buf_addz(d->out, "<rect");
	chart_x_percent(d, "x", x, width);
	chart_em(d, "y", d->y);
	buf_addf(d->out, " width=\"%d.%02d%%\"", width / 100, width % 100);
	chart_em(d, "height", height);
	chart_fill(d, pattern);
	buf_addz(d->out, " />\n");
}

/* What a full bar would be. */
static void track(struct drawing *d)
{
	buf_addz(d->out, "<rect fill=\"none\" stroke-opacity=\"0.5\" stroke-dasharray=\"4 3\"");
	chart_x_percent(d, "x", 0, CHART_FULL);
	chart_em(d, "y", d->y);
	buf_addz(d->out, " width=\"100%\"");
	chart_em(d, "height", BAR_HEIGHT);
	buf_addz(d->out, " />\n");
}

static void bar_of(struct drawing *d, size_t series, size_t label, int64_t most)
{
	const struct figure *f = &d->c->series[series].figures[label];

	d->y += 10;
	if (f->value.kind != VALUE_NULL && has_whole(d->c, most))
		track(d);
	if (f->value.kind != VALUE_NULL)
		bar(d, series, 0, chart_ratio(f->amount, most), BAR_HEIGHT);
	d->y += f->value.kind != VALUE_NULL ? BAR_HEIGHT : 0;
}

static void group(struct drawing *d, size_t label, int64_t most)
{
	const struct chart *c = d->c;
	bool several = c->series_count > 1;

	if (several)
		chart_lines(d, 0, (struct str){0}, chart_label(d, label));
	for (size_t s = 0; s < c->series_count; s++) {
		chart_lines(d, 0, several ? chart_text(d, c->series[s].name) : chart_label(d, label),
			chart_figure(d, &c->series[s].figures[label]));
		bar_of(d, s, label, most);
		d->y += several ? BAR_GAP : 0;
	}
	d->y += GROUP_GAP;
}

void chart_bars(struct drawing *d)
{
	int64_t most = largest(d->c);

	if (has_whole(d->c, most))
		most = 100 * (int64_t)FIGURE_ONE;
	chart_patterns(d, d->c->series_count);
	for (size_t i = 0; i < d->c->label_count; i++)
		group(d, i, most);
}

/* A square in a part's pattern, beside its name. */
static void swatch(struct drawing *d, size_t pattern, bool rest)
{
	buf_addz(d->out, "<rect");
	chart_x_em(d, "x", 10, SWATCH);
	chart_em(d, "y", d->y + 25);
	chart_em(d, "width", SWATCH);
	chart_em(d, "height", SWATCH);
	if (rest)
		buf_addz(d->out, " fill=\"none\" stroke-dasharray=\"4 3\"");
	else
		chart_fill(d, pattern);
	buf_addz(d->out, " />\n");
}

static void named_part(struct drawing *d, size_t pattern, bool rest, struct str name, struct str value)
{
	swatch(d, pattern, rest);
	chart_lines(d, SWATCH + 60, name, value);
	d->y += 20;
}

/* The whole as one bar; what is left of it stays empty, with a broken edge. */
static void whole_bar(struct drawing *d)
{
	const struct chart *c = d->c;
	int x = 0;

	d->y = 15;
	for (size_t i = 0; i < c->label_count; i++) {
		int width = chart_ratio(c->series->figures[i].amount, c->whole);

		bar(d, i, x, width, WHOLE_HEIGHT);
		x += width;
	}
	if (c->rest > 0) {
		buf_addz(d->out, "<rect fill=\"none\" stroke-dasharray=\"4 3\"");
		chart_x_percent(d, "x", x, CHART_FULL - x);
		chart_em(d, "y", d->y);
		buf_addf(d->out, " width=\"%d.%02d%%\"", (CHART_FULL - x) / 100, (CHART_FULL - x) % 100);
		chart_em(d, "height", WHOLE_HEIGHT);
		buf_addz(d->out, " />\n");
	}
	d->y += WHOLE_HEIGHT + 40;
}

void chart_shares(struct drawing *d)
{
	const struct chart *c = d->c;

	chart_patterns(d, c->label_count);
	whole_bar(d);
	for (size_t i = 0; i < c->label_count; i++)
		named_part(d, i, false, chart_label(d, i), chart_figure(d, &c->series->figures[i]));
	if (c->rest > 0)
		named_part(d, 0, true, chart_phrase(d, "chart.rest", value_null()), chart_amount(d, c->rest));
}
