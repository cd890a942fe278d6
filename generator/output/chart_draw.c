/* What all drawings are made of: places, texts, patterns. */
#include "output/chart_impl.h"
#include "output/fact_text.h"
#include "text/decimal.h"

#include <inttypes.h>

#define FIGURE_MAX_BYTES 4096

int chart_ratio(int64_t part, int64_t whole)
{
	while (whole > INT64_MAX / CHART_FULL) {
		whole >>= 1;
		part >>= 1;
	}
	return whole > 0 ? (int)(part * CHART_FULL / whole) : 0;
}

static void add_figure(struct buf *out, const struct drawing *d, struct value v, enum measure m)
{
	bool ok = true;

	if (m == MEASURE_PERCENT)
		fact_percentage(out, d->b->locale, v);
	else if (m == MEASURE_MONEY)
		ok = locale_money(d->b->locale, v, (struct str){0}, out);
	else
		ok = locale_number(d->b->locale, v, 0, (struct str){0}, out);
	if (!ok)
		buf_fail(out);
}

static struct str keep(const struct drawing *d, struct buf *text)
{
	struct str kept = str_dup(d->a, buf_str(text));

	buf_release(text);
	return kept;
}

struct str chart_figure(const struct drawing *d, const struct figure *f)
{
	struct buf text;

	if (f->value.kind == VALUE_NULL)
		return chart_phrase(d, "chart.none", value_null());
	buf_init(&text, FIGURE_MAX_BYTES);
	add_figure(&text, d, f->value, d->c->measure);
	return keep(d, &text);
}

/* The digits of an amount, without zeros at the end. */
static struct str digits_of(const struct drawing *d, int64_t amount, int decimals)
{
	int64_t one = 1, rest;
	struct str s;

	for (int i = 0; i < decimals; i++)
		one *= 10;
	rest = amount % one < 0 ? -(amount % one) : amount % one;
	s = str_fmt(d->a, "%s%" PRId64 ".%0*" PRId64, amount < 0 && amount / one == 0 ? "-" : "",
		amount / one, decimals, rest);
	while (str_ends(s, STR("0")))
		s.n--;
	return str_ends(s, STR(".")) ? str_slice(s, 0, s.n - 1) : s;
}

#define DECIMALS_OF_ONE 6 /* FIGURE_ONE is 10 to this */

struct str chart_amount(const struct drawing *d, int64_t amount)
{
	bool percent = d->c->measure == MEASURE_PERCENT;
	struct str digits = digits_of(d, amount, percent ? DECIMALS_OF_ONE + 2 : DECIMALS_OF_ONE);
	struct value v = value_decimal(digits);
	struct buf text;

	if (d->c->measure == MEASURE_MONEY)
		v = value_money(d->a, digits, d->c->currency);
	buf_init(&text, FIGURE_MAX_BYTES);
	add_figure(&text, d, v, d->c->measure);
	return keep(d, &text);
}

/* How long what joins two numbers is: "6–12", "116 111", "2023/1216"; 0 when it does not. */
static size_t joint_at(struct str s, size_t at)
{
	static const char *const joints[] = {" ", "-", "/", ":", ".", ",", "\xE2\x80\x93", "\xC2\xA0"};

	for (size_t i = 0; i < COUNT_OF(joints); i++)
		if (str_starts(str_slice(s, at, s.n), str_from(joints[i])))
			return strlen(joints[i]);
	return 0;
}

static bool digit_at(struct str s, size_t at)
{
	return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* Where Latin digits, and what joins them, end; *joined when that is more than one number. */
static size_t figures_end(struct str s, size_t at, bool *joined)
{
	*joined = false;
	for (size_t joint = 0;;) {
		while (digit_at(s, at))
			at++;
		joint = joint_at(s, at);
		if (!joint || !digit_at(s, at + joint))
			return at;
		*joined = *joined || (s.p[at] != '.' && s.p[at] != ',');
		at += joint;
	}
}

#define LRI "\xE2\x81\xA6"
#define PDI "\xE2\x81\xA9"

/* Several numbers in Latin digits are read from the left, in every language; one is by itself. */
static struct str isolate_figures(struct arena *a, struct str s)
{
	struct str kept;
	struct buf out;

	buf_init(&out, CHART_MAX_BYTES);
	for (size_t at = 0; at < s.n;) {
		bool joined = false;
		size_t end = digit_at(s, at) ? figures_end(s, at, &joined) : at + 1;

		buf_addz(&out, joined ? LRI : "");
		buf_add(&out, str_slice(s, at, end));
		buf_addz(&out, joined ? PDI : "");
		at = end;
	}
	kept = str_dup(a, buf_str(&out));
	buf_release(&out);
	return kept;
}

struct str chart_text(const struct drawing *d, struct figure_text t)
{
	struct buf text;
	struct str s = t.written;

	if (t.message) {
		buf_init(&text, CHART_MAX_BYTES);
		fact_text_message(&text, &d->b->view->catalog->facts, d->b->locale, t.message);
		s = keep(d, &text);
	}
	return d->rtl ? isolate_figures(d->a, s) : s;
}

struct str chart_label(const struct drawing *d, size_t i)
{
	struct figure_text label = d->c->labels[i];
	struct buf year;

	if (!d->c->years)
		return chart_text(d, label);
	buf_init(&year, FIGURE_MAX_BYTES);
	if (!locale_number(d->b->locale, value_int(chart_year(label.written)), 0, STR("::group-off"), &year))
		buf_add(&year, label.written);
	return keep(d, &year);
}

struct str chart_phrase(const struct drawing *d, const char *key, struct value args)
{
	return view_phrase(d->b->view, d->b->worker, d->b->t->language, key, args);
}

/* Places */

static void add_length(struct drawing *d, const char *name, int hundredths, const char *unit)
{
	int whole = hundredths / 100, rest = hundredths % 100;

	buf_addf(d->out, " %s=\"%s%d", name, hundredths < 0 ? "-" : "", whole < 0 ? -whole : whole);
	if (rest)
		buf_addf(d->out, ".%02d", rest < 0 ? -rest : rest);
	buf_addf(d->out, "%s\"", unit);
}

void chart_x_percent(struct drawing *d, const char *name, int x, int width)
{
	add_length(d, name, d->rtl ? -(x + width) : x, "%");
}

void chart_x_em(struct drawing *d, const char *name, int x, int width)
{
	add_length(d, name, d->rtl ? -(x + width) : x, "em");
}

void chart_em(struct drawing *d, const char *name, int em)
{
	add_length(d, name, em, "em");
}

/* Texts */

/* About how wide a letter is, in halves of a Latin one; marks above and below take no room. */
static int width_of(uint32_t cp)
{
	if ((cp >= 0x300 && cp < 0x370) || (cp >= 0x64B && cp < 0x660) || (cp >= 0x2066 && cp < 0x206A))
		return 0;
	if (cp >= 0x1200 && cp < 0x13A0)
		return 3; /* Ethiopic */
	return cp >= 0x2E80 && cp < 0xFE00 ? 4 : 2;
}

static int text_width(struct str s)
{
	int width = 0;
	size_t len;

	for (size_t at = 0; at < s.n; at += len)
		width += width_of(utf8_decode(s, at, &len));
	return width;
}

int chart_columns(struct str text)
{
	return (text_width(text) + 1) / 2;
}

/* Takes as many words off *rest as fit, at least one. */
static struct str cut_line(struct str *rest, int room)
{
	size_t end = 0;
	struct str line;

	while (end < rest->n) {
		struct str tail = str_slice(*rest, end + 1, rest->n);
		size_t next = end + 1 + str_find_byte(tail, ' ');

		next = next > rest->n ? rest->n : next;
		if (end && text_width(str_slice(*rest, 0, next)) > room)
			break;
		end = next;
	}
	line = str_trim(str_slice(*rest, 0, end));
	*rest = str_trim(str_slice(*rest, end, rest->n));
	return line;
}

/* The value keeps its own direction, and its digits together. */
static void add_value(struct drawing *d, struct str value)
{
	buf_addz(d->out, "<tspan class=\"value\" font-weight=\"700\">\xE2\x81\xA8");
	buf_add_html(d->out, value);
	buf_addz(d->out, "\xE2\x81\xA9</tspan>");
}

void chart_lines(struct drawing *d, int indent, struct str text, struct str value)
{
	int room = 2 * (CHART_COLUMNS - 2 * indent / CHART_EM), used = 0;

	while (text.n || value.n) {
		struct str line = cut_line(&text, room);

		used = text_width(line);
		d->y += CHART_LINE_HEIGHT;
		buf_addz(d->out, "<text");
		chart_x_em(d, "x", indent, 0);
		chart_em(d, "y", d->y - 35);
		buf_addc(d->out, '>');
		buf_add_html(d->out, line);
		if (!text.n && !used) {
			add_value(d, cut_line(&value, room * 9 / 10)); /* bold is wider */
		} else if (!text.n && value.n && used + 2 + text_width(value) <= room) {
			buf_addc(d->out, ' ');
			add_value(d, value);
			value.n = 0;
		}
		buf_addz(d->out, "</text>\n");
	}
}

/* Patterns */

static const char *const patterns[CHART_PATTERNS] = {
	"",
	"width=\"6\" height=\"6\" patternTransform=\"rotate(45)\"><path d=\"M0 3H6\" stroke-width=\"2.5\" />",
	"width=\"6\" height=\"6\"><circle cx=\"3\" cy=\"3\" r=\"1.6\" stroke=\"none\" />",
	"width=\"6\" height=\"5\"><path d=\"M0 2.5H6\" stroke-width=\"1.5\" />",
	("width=\"7\" height=\"7\" patternTransform=\"rotate(45)\"><path d=\"M0 3.5H7M3.5 0V7\" "
	 "stroke-width=\"1.2\" />"),
	"width=\"5\" height=\"6\"><path d=\"M2.5 0V6\" stroke-width=\"1.5\" />",
};

void chart_patterns(struct drawing *d, size_t count)
{
	buf_addz(d->out, "<defs stroke=\"currentColor\">\n");
	for (size_t k = 1; k < count && k < CHART_PATTERNS; k++)
		buf_addf(d->out,
			"<pattern id=\"chart_%u_p%zu\" patternUnits=\"userSpaceOnUse\" %s</pattern>\n",
			d->b->number, k, patterns[k]);
	buf_addz(d->out, "</defs>\n");
}

void chart_fill(struct drawing *d, size_t k)
{
	if (k % CHART_PATTERNS)
		buf_addf(d->out, " fill=\"url(#chart_%u_p%zu)\"", d->b->number, k % CHART_PATTERNS);
}
