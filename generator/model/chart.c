#include "model/chart.h"

static const struct str kind_names[CHART_KINDS] = {STR_INIT("bars"), STR_INIT("line"), STR_INIT("shares")};

/* A chart on its way in. */
struct chart_reader {
	struct chart *c;
	struct figure_reader *r;
	struct diag *d;
	struct yml *root;
	struct map labels;  /* written label to its index plus one */
	struct yml **lists; /* the points of each series */
};

int chart_year(struct str label)
{
	int64_t year;

	return label.n == 4 && label.p[0] != '-' && str_to_int(label, &year) && year >= 1000 ? (int)year : 0;
}

static bool read_kind(struct chart_reader *q)
{
	struct yml *y = yml_get(q->root, "kind");
	struct str name, near;

	if (!y) {
		diag_add(q->d, RULE_YAML_MISSING, q->root->at, "the chart has no kind");
		diag_hint(q->d, "kinds: bars, line, shares");
		return false;
	}
	name = yml_str(y, (struct str){0}, q->d);
	for (size_t i = 0; i < CHART_KINDS; i++)
		if (str_eq(name, kind_names[i])) {
			q->c->kind = (enum chart_kind)i;
			return true;
		}
	if (y->kind != YML_SCALAR)
		return false;
	near = str_nearest(name, kind_names, CHART_KINDS);
	diag_add(q->d, RULE_YAML_VALUE, y->at, "“%.*s” is not a kind of chart", STR_ARG(name));
	diag_hint(q->d, "%s%.*s%skinds: bars, line, shares", near.n ? "did you mean “" : "", STR_ARG(near),
		near.n ? "”? " : "");
	return false;
}

static void read_texts(struct chart_reader *q)
{
	q->c->title = figure_text_read(q->r, yml_get(q->root, "title"));
	q->c->summary = figure_text_read(q->r, yml_get(q->root, "summary"));
	q->c->unit = figure_text_read(q->r, yml_get(q->root, "unit"));
	if (q->c->title.written.n)
		return;
	diag_add(q->d, RULE_YAML_MISSING, q->root->at, "the chart has no title");
	diag_hint(q->d, "write what it shows under “title”: it is what those hear who cannot see it");
}

static void read_currency(struct chart_reader *q)
{
	struct yml *y = yml_get(q->root, "currency");

	q->c->currency = yml_str(y, (struct str){0}, q->d);
	if (str_is(q->c->unit.written, "%"))
		q->c->measure = MEASURE_PERCENT;
	else if (q->c->currency.n)
		q->c->measure = MEASURE_MONEY;
	if (!q->c->currency.n || locale_currency_known(q->c->currency))
		return;
	diag_add(q->d, RULE_YAML_VALUE, y->at, "“%.*s” is not a currency", STR_ARG(q->c->currency));
	diag_hint(q->d, "write its code in ISO 4217, as in SEK");
}

/* The index of a label, which is added when it is new. */
static size_t label_index(struct chart_reader *q, struct figure_text text)
{
	struct chart *c = q->c;
	uintptr_t index = (uintptr_t)map_get(&q->labels, text.written);

	if (index)
		return index - 1;
	c->labels = arena_grow(q->r->a, c->labels, c->label_count, &c->label_cap, sizeof(*c->labels));
	c->labels[c->label_count++] = text;
	map_put(&q->labels, q->r->a, text.written, (void *)(uintptr_t)c->label_count);
	return c->label_count - 1;
}

/* A label that the point does not have is the period of its fact. */
static bool read_label(struct chart_reader *q, struct yml *point, const struct figure *f, size_t *out)
{
	struct figure_text text = figure_text_read(q->r, yml_get(point, "label"));

	if (!text.written.n && f->fact && f->fact->period.n) {
		text.written = f->fact->period;
		text.at = point->at;
	}
	if (text.written.n) {
		*out = label_index(q, text);
		return true;
	}
	diag_add(q->d, RULE_YAML_MISSING, point->at, "the point has no label");
	diag_hint(q->d, "write, for example, {label: 2025, value: 12}");
	return false;
}

/* The points' places among the labels are known only when all series are read: labels grow. */
struct point {
	size_t label;
	struct figure figure;
};

/* "12,5" in a mapping is 12, and a key 5. */
static void find_comma(struct chart_reader *q, struct yml *y)
{
	int64_t decimals;

	yml_each (child, y) {
		if (child->seen || !yml_is_null(child) || !str_to_int(child->key, &decimals))
			continue;
		child->seen = true;
		diag_add(q->d, RULE_YAML_VALUE, child->key_at, "a comma ends the number");
		diag_hint(q->d, "write a point before decimals: 12.5");
	}
}

/* A point or a series; "- " with nothing behind it is none. */
static bool want_mapping(struct chart_reader *q, struct yml *y)
{
	if (!yml_is_null(y))
		return yml_want_map(y, q->d);
	diag_add(q->d, RULE_YAML_MISSING, y->at, "there is nothing here");
	return false;
}

static bool read_point(struct chart_reader *q, struct yml *y, struct point *out)
{
	static const struct str known[] = {STR_INIT("label"), STR_INIT("value"), STR_INIT("fact")};
	struct yml *value, *fact;
	bool ok;

	if (!want_mapping(q, y))
		return false;
	value = figure_key(y, "value");
	fact = figure_key(y, "fact");
	if (!value && !fact) {
		diag_add(q->d, RULE_YAML_MISSING, y->at, "the point has neither a value nor a fact");
		diag_hint(q->d, "write value: and a number, or fact: and a name of " FACTS_PATH);
	}
	ok = figure_read(&out->figure, q->r, value, fact);
	ok = read_label(q, y, &out->figure, &out->label) && ok;
	find_comma(q, y);
	yml_unknown(y, known, COUNT_OF(known), q->d);
	return ok;
}

static void set_measure(struct chart_reader *q, const struct figure *f)
{
	static const char *const names[] = {
		[MEASURE_NUMBER] = "numbers", [MEASURE_PERCENT] = "percentages", [MEASURE_MONEY] = "money"};
	enum measure m = figure_measure(f);

	if (m == MEASURE_NONE)
		return;
	if (q->c->measure == MEASURE_NONE) {
		q->c->measure = m;
		if (m == MEASURE_MONEY)
			q->c->currency = f->fact->value.money->currency;
		return;
	}
	if (q->c->measure == m &&
		(m != MEASURE_MONEY || str_eq(f->fact->value.money->currency, q->c->currency)))
		return;
	diag_add(q->d, RULE_FACT_TYPE, f->at, "the fact “%.*s” is %s, and the chart shows %s%s%.*s",
		STR_ARG(f->fact->id), fact_type_name(f->fact->type), names[q->c->measure],
		q->c->currency.n ? " in " : "", STR_ARG(q->c->currency));
	diag_other(q->d, f->fact->at);
}

static void place_point(struct chart_reader *q, struct chart_series *s, const struct point *p)
{
	struct figure *to = &s->figures[p->label];

	if (to->value.kind != VALUE_NULL) {
		diag_add(q->d, RULE_YAML_DUPLICATE, p->figure.at, "there are two figures for “%.*s”",
			STR_ARG(q->c->labels[p->label].written));
		diag_other(q->d, to->at);
		return;
	}
	*to = p->figure;
	set_measure(q, to);
}

static bool too_many(struct chart_reader *q, struct yml *list, const char *what, size_t most)
{
	if (list->len <= most)
		return false;
	diag_add(q->d, RULE_BLOCK_LIMIT, list->key_at, "%zu %s; a chart of this kind has at most %zu",
		list->len, what, most);
	diag_hint(q->d, "show fewer, or write a table");
	return true;
}

static size_t most_points(const struct chart *c)
{
	if (c->kind == CHART_LINE)
		return CHART_MAX_POINTS;
	return c->kind == CHART_BARS ? CHART_MAX_BARS / c->series_count : CHART_MAX_SHARES;
}

static bool want_points(struct chart_reader *q, struct yml *owner, struct yml *list)
{
	if (!list) {
		diag_add(q->d, RULE_YAML_MISSING, owner->at, "there are no points");
		diag_hint(q->d, "write points: and below it, for example, - {label: 2025, value: 12}");
		return false;
	}
	if (!yml_want_list(list, q->d) || too_many(q, list, "points", most_points(q->c)))
		return false;
	if (list->len)
		return true;
	diag_add(q->d, RULE_YAML_MISSING, list->key_at, "there are no points");
	return false;
}

/* Reads the points of series i into `out`, which has room for all of its list. */
static size_t read_points(struct chart_reader *q, struct yml *list, struct point *out)
{
	size_t n = 0;

	yml_each (y, list)
		n += read_point(q, y, &out[n]);
	return n;
}

static void read_name(struct chart_reader *q, struct yml *y, struct chart_series *s)
{
	static const struct str known[] = {STR_INIT("name"), STR_INIT("points")};

	s->name = figure_text_read(q->r, yml_get(y, "name"));
	if (!s->name.written.n)
		diag_add(q->d, RULE_YAML_MISSING, y->at, "the series has no name");
	yml_get(y, "points");
	yml_unknown(y, known, COUNT_OF(known), q->d);
}

/* The mappings that have points: the chart itself, or its series. */
static bool find_series(struct chart_reader *q)
{
	struct yml *list = figure_key(q->root, "series"), *single = figure_key(q->root, "points");

	q->c->series_count = list ? list->len : 1;
	if (list && single) {
		diag_add(q->d, RULE_YAML_KEY, single->key_at, "“points” belong to a series here");
		return false;
	}
	if (list && (!yml_want_list(list, q->d) || too_many(q, list, "series", CHART_MAX_SERIES)))
		return false;
	if (list && q->c->kind == CHART_SHARES && list->len > 1) {
		diag_add(q->d, RULE_BLOCK_DATA, list->key_at, "shares are those of one whole");
		diag_hint(q->d, "write one chart for each, or kind: bars");
		return false;
	}
	if (!q->c->series_count)
		diag_add(q->d, RULE_YAML_MISSING, list->key_at, "there are no series");
	return q->c->series_count > 0;
}

static struct yml *series_at(struct chart_reader *q, size_t i)
{
	struct yml *list = figure_key(q->root, "series");
	struct yml *y = list ? list->first : q->root;

	while (i--)
		y = y->next;
	return y;
}

/* Every series' points, then the labels that all have, then the figures at their labels. */
static bool read_series(struct chart_reader *q)
{
	struct point *points[CHART_MAX_SERIES];
	size_t counts[CHART_MAX_SERIES] = {0}, n = q->c->series_count;

	q->c->series = arena_new_n(q->r->a, struct chart_series, n);
	for (size_t i = 0; i < n; i++) {
		struct yml *y = series_at(q, i), *list;

		if (!want_mapping(q, y))
			return false;
		list = figure_key(y, "points");
		if (y != q->root)
			read_name(q, y, &q->c->series[i]);
		if (!want_points(q, y, list))
			return false;
		points[i] = arena_new_n(q->r->a, struct point, list->len);
		counts[i] = read_points(q, list, points[i]);
	}
	for (size_t i = 0; i < n; i++) {
		q->c->series[i].figures = arena_new_n(q->r->a, struct figure, q->c->label_count);
		for (size_t k = 0; k < counts[i]; k++)
			place_point(q, &q->c->series[i], &points[i][k]);
	}
	return true;
}

/* A number of the block itself, such as where the axis begins. */
static int64_t read_amount(struct chart_reader *q, const char *key, struct figure *out)
{
	struct yml *y = figure_key(q->root, key), *fact = NULL;

	*out = (struct figure){.value = value_null()};
	if (!y)
		return 0;
	if (y->kind == YML_MAP) {
		static const struct str known[] = {STR_INIT("fact"), STR_INIT("value")};

		struct yml *map = y;

		fact = figure_key(map, "fact");
		y = figure_key(map, "value");
		yml_unknown(map, known, COUNT_OF(known), q->d);
		if (!y && !fact)
			diag_add(
				q->d, RULE_YAML_MISSING, map->at, "“%s” has neither a value nor a fact", key);
	}
	if (figure_read(out, q->r, y, fact))
		set_measure(q, out);
	return out->amount;
}

static void only_for(struct chart_reader *q, enum chart_kind kind, const char *key)
{
	struct yml *y = yml_get(q->root, key);

	if (!y || q->c->kind == kind)
		return;
	diag_add(q->d, RULE_YAML_KEY, y->key_at, "“%s” means nothing for a chart of kind %.*s", key,
		STR_ARG(kind_names[q->c->kind]));
	diag_hint(q->d, "it is for charts of kind %.*s", STR_ARG(kind_names[kind]));
}

#define each_figure(c, s, f)                                                                                 \
	for (struct chart_series *s = (c)->series; s < (c)->series + (c)->series_count; s++)                 \
		for (struct figure *f = s->figures; f < s->figures + (c)->label_count; f++)

static void check_lowest(struct chart_reader *q)
{
	bool line = q->c->kind == CHART_LINE;

	each_figure(q->c, s, f)
	{
		if (f->value.kind == VALUE_NULL || f->amount >= q->c->from)
			continue;
		diag_add(q->d, RULE_BLOCK_DATA, f->at, "the figure lies below where the axis begins");
		diag_hint(q->d, line ? "write under “from” a number that no figure is smaller than"
				     : "bars and shares begin at zero; draw a line, or write a table");
	}
}

static void check_years(struct chart_reader *q)
{
	struct chart *c = q->c;

	c->years = true;
	for (size_t i = 0; i < c->label_count; i++)
		c->years = c->years && chart_year(c->labels[i].written);
	if (!c->years || c->kind != CHART_LINE)
		return;
	for (size_t i = 1; i < c->label_count; i++) {
		if (chart_year(c->labels[i - 1].written) < chart_year(c->labels[i].written))
			continue;
		diag_add(q->d, RULE_BLOCK_DATA, c->labels[i].at,
			"the years of a line go up, and %.*s follows %.*s", STR_ARG(c->labels[i].written),
			STR_ARG(c->labels[i - 1].written));
		diag_hint(q->d, "let the first series be the one that has every year");
		return;
	}
}

/* Half a unit of the last digit of each part: as much as rounding can move the sum. */
static int64_t rounding_of(const struct chart *c)
{
	int64_t unit = FIGURE_ONE;

	if (c->measure != MEASURE_PERCENT)
		return 0;
	for (size_t i = 0; i < c->label_count; i++)
		while (unit > 1 && c->series->figures[i].amount % unit)
			unit /= 10;
	return unit * (int64_t)c->label_count / 2;
}

static void add_up(struct chart_reader *q)
{
	struct chart *c = q->c;
	struct figure whole;
	int64_t sum = 0, slack;

	c->whole = read_amount(q, "whole", &whole);
	for (size_t i = 0; i < c->label_count; i++)
		sum += c->series->figures[i].amount;
	if (whole.value.kind == VALUE_NULL)
		c->whole = c->measure == MEASURE_PERCENT ? 100 * (int64_t)FIGURE_ONE : sum;
	slack = rounding_of(c);
	c->rounded = sum != c->whole && sum - c->whole <= slack && c->whole - sum <= slack;
	if (c->rounded)
		c->whole = sum;
	c->rest = c->whole - sum;
	if (sum <= 0)
		diag_add(q->d, RULE_BLOCK_DATA, q->root->at, "the shares add up to nothing");
	else if (c->rest < 0)
		diag_add(q->d, RULE_BLOCK_DATA, q->root->at, "the shares add up to more than the whole");
}

static void settle(struct chart_reader *q)
{
	struct chart *c = q->c;

	if (c->measure == MEASURE_NONE)
		c->measure = MEASURE_NUMBER;
	each_figure(c, s, f) figure_settle(f, q->r, c->measure, c->currency);
}

static void read_data(struct chart_reader *q)
{
	struct figure from;

	if (!find_series(q) || !read_series(q))
		return;
	only_for(q, CHART_LINE, "from");
	only_for(q, CHART_SHARES, "whole");
	if (q->c->kind == CHART_LINE)
		q->c->from = read_amount(q, "from", &from);
	settle(q);
	check_lowest(q);
	check_years(q);
	if (q->c->kind == CHART_SHARES)
		add_up(q);
}

bool chart_read(struct chart *c, struct figure_reader *r, struct span at)
{
	static const struct str known[] = {STR_INIT("kind"), STR_INIT("title"), STR_INIT("summary"),
		STR_INIT("unit"), STR_INIT("currency"), STR_INIT("from"), STR_INIT("whole"),
		STR_INIT("points"), STR_INIT("series")};
	struct chart_reader q = {.c = c, .r = r, .d = r->d};
	size_t errors = figure_errors(r);

	*c = (struct chart){.kind = CHART_BARS};
	q.root = figure_block_read(r, at);
	if (!q.root)
		return false;
	read_texts(&q);
	read_currency(&q);
	if (read_kind(&q))
		read_data(&q);
	for (size_t i = 0; i < COUNT_OF(known); i++)
		yml_get(q.root,
			known[i].p); /* a key of another kind was spoken of, or nothing could be read */
	yml_unknown(q.root, known, COUNT_OF(known), r->d);
	return figure_errors(r) == errors;
}
