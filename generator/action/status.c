#include "action/status.h"

#include "action/plain.h"
#include "action/stamp.h"

static void write_sections(struct buf *out, const struct status_report *s, const struct sheet *sheet)
{
	if (s->sections[sheet->index])
		buf_addf(out, "%zu", s->sections[sheet->index]);
}

/* How hard the source text is to read, where the site judges its language. */
static void write_lix(struct buf *out, const struct status_report *s, const struct sheet *sheet)
{
	const struct catalog *c = &s->p->catalog;
	const struct translation *t = sheet->in[c->config.source];
	struct readability r;

	if (!t || !plain_judges(c, t))
		return;
	r = plain_measure(c, &s->p->workers.of[0], t, NULL, NULL, NULL);
	if (r.words >= PLAIN_MIN_WORDS)
		buf_addf(out, "%d", readability_lix(&r));
}

static const struct status_column columns[] = {
	{"sections", "sections", write_sections},
	{"lix", "LIX", write_lix},
};

const char *status_freshness(const struct translation *t)
{
	if (!t->freshness)
		return "unstamped";
	return t->freshness->lag_count ? "stale" : "current";
}

/* Counting */

static size_t count_sections(const struct status_report *s, const struct sheet *sheet)
{
	const struct translation *t = sheet->in[s->p->catalog.config.source];
	struct arena scratch = *s->a;
	struct section *list;

	return t ? sections_of(&list, &scratch, t->title, t->description, t->doc) : 0;
}

static void add_sheet(struct status_sums *sums, const struct translation *t, size_t sections)
{
	sums->sheets++;
	sums->sections += sections;
	sums->of[t ? t->status : STATUS_MISSING]++;
	if (!t)
		return;
	sums->unstamped += !t->freshness;
	sums->stale += t->freshness && t->freshness->lag_count;
	sums->current += !t->freshness || !t->freshness->lag_count;
	sums->legal += t->needs_legal_review;
	sums->sections_good += sections - (t->freshness ? freshness_behind(t->freshness) : 0);
}

void status_init(struct status_report *s, struct project *p, const size_t *languages, size_t language_count)
{
	const struct catalog *c = &p->catalog;

	*s = (struct status_report){
		.p = p, .a = &p->arena, .languages = languages, .language_count = language_count};
	s->sections = arena_new_n(s->a, size_t, c->sheet_count);
	s->sums = arena_new_n(s->a, struct status_sums, language_count);
	for (size_t i = 0; i < c->sheet_count; i++) {
		s->sections[i] = count_sections(s, c->sheets[i]);
		for (size_t n = 0; s->sections[i] && n < language_count; n++)
			add_sheet(&s->sums[n], c->sheets[i]->in[languages[n]], s->sections[i]);
	}
}

static const struct language *language_of(const struct status_report *s, size_t n)
{
	return &s->p->catalog.config.languages[s->languages[n]];
}

/* The table: cells of text, then their widths, then lines. */

struct table {
	struct arena *a;
	struct str *cells;
	size_t columns, len, cap;
};

static void add_cell(struct table *t, struct str s)
{
	t->cells = arena_grow(t->a, t->cells, t->len, &t->cap, sizeof(*t->cells));
	t->cells[t->len++] = s;
}

/* Columns on a terminal, for what stands in our cells. */
static size_t width_of(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

static bool is_number(struct str s)
{
	return s.n && s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9' && s.p[0] >= '0' && s.p[0] <= '9';
}

static void print_line(struct buf *out, const struct table *t, size_t row, const size_t *widths)
{
	size_t due = 0;

	for (size_t i = 0; i < t->columns; i++) {
		struct str cell = t->cells[row * t->columns + i];
		size_t pad = widths[i] - width_of(cell);

		if (is_number(cell))
			due += pad;
		for (; cell.n && due; due--)
			buf_addc(out, ' ');
		buf_add(out, cell);
		due += (is_number(cell) ? 0 : pad) + 2;
	}
	buf_addc(out, '\n');
}

static void print_table(struct buf *out, const struct table *t)
{
	size_t *widths = arena_new_n(t->a, size_t, t->columns);

	for (size_t i = 0; i < t->len; i++)
		if (width_of(t->cells[i]) > widths[i % t->columns])
			widths[i % t->columns] = width_of(t->cells[i]);
	for (size_t row = 0; row * t->columns < t->len; row++)
		print_line(out, t, row, widths);
}

/* A translation in a few characters; `seen` collects what the legend has to explain. */

enum mark { MARK_BEHIND = 4, MARK_UNSTAMPED, MARK_LEGAL, MARK_COUNT }; /* after enum status */

static const struct {
	const char *mark, *meaning;
} legend[MARK_COUNT] = {
	[STATUS_MISSING] = {"-", "missing"},
	[STATUS_MACHINE] = {"M", "machine"},
	[STATUS_TRANSLATED] = {"T", "translated"},
	[STATUS_REVIEWED] = {"R", "reviewed"},
	[MARK_BEHIND] = {"n/m", "sections behind the source"},
	[MARK_UNSTAMPED] = {"?", "never stamped"},
	[MARK_LEGAL] = {"§", "needs a legal review"},
};

static const char *use_mark(unsigned *seen, unsigned mark)
{
	*seen |= 1u << mark;
	return legend[mark].mark;
}

static struct str cell_of(
	const struct status_report *s, const struct translation *t, size_t sections, unsigned *seen)
{
	struct str cell = str_from(use_mark(seen, t ? t->status : STATUS_MISSING));

	if (!t)
		return cell;
	if (t->needs_legal_review)
		cell = str_join(s->a, cell, str_from(use_mark(seen, MARK_LEGAL)));
	if (!t->freshness && sections)
		return str_join(s->a, cell, str_from(use_mark(seen, MARK_UNSTAMPED)));
	if (t->freshness && t->freshness->lag_count) {
		use_mark(seen, MARK_BEHIND);
		cell = str_fmt(s->a, "%.*s %zu/%zu", STR_ARG(cell), t->freshness->lag_count,
			freshness_total(t->freshness));
	}
	return cell;
}

static struct str column_cell(const struct status_report *s, size_t column, const struct sheet *sheet)
{
	struct buf text;
	struct str cell;

	buf_init(&text, BUF_MAX_DEFAULT);
	columns[column].write(&text, s, sheet);
	cell = str_dup(s->a, buf_str(&text));
	buf_release(&text);
	return cell;
}

static void print_sheets(const struct status_report *s, struct buf *out, unsigned *seen)
{
	const struct catalog *c = &s->p->catalog;
	struct table t = {.a = s->a, .columns = 1 + COUNT_OF(columns) + s->language_count};

	add_cell(&t, STR("sheet"));
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		add_cell(&t, str_from(columns[i].title));
	for (size_t n = 0; n < s->language_count; n++)
		add_cell(&t, language_of(s, n)->spec.tag);
	for (size_t i = 0; i < c->sheet_count; i++) {
		add_cell(&t, c->sheets[i]->key);
		for (size_t k = 0; k < COUNT_OF(columns); k++)
			add_cell(&t, column_cell(s, k, c->sheets[i]));
		for (size_t n = 0; n < s->language_count; n++)
			add_cell(&t, cell_of(s, c->sheets[i]->in[s->languages[n]], s->sections[i], seen));
	}
	print_table(out, &t);
}

static void print_legend(struct buf *out, unsigned seen)
{
	buf_addc(out, '\n');
	for (size_t i = 0, n = 0; i < MARK_COUNT; i++)
		if (seen & 1u << i)
			buf_addf(out, "%s%s %s", n++ ? ", " : "", legend[i].mark, legend[i].meaning);
	buf_addc(out, '\n');
}

/* Rounded down: all of it is all of it. */
static size_t percent(size_t n, size_t of)
{
	return of ? n * 100 / of : 100;
}

static struct str share(const struct status_report *s, size_t n, size_t of)
{
	return str_fmt(s->a, "%zu of %zu (%zu %%)", n, of, percent(n, of));
}

static void print_sums(const struct status_report *s, struct buf *out)
{
	static const char *const titles[] = {"language", "sheets up to date", "sections up to date",
		"reviewed", "translated", "machine", "missing"};
	struct table t = {.a = s->a, .columns = COUNT_OF(titles)};

	buf_addc(out, '\n');
	for (size_t i = 0; i < COUNT_OF(titles); i++)
		add_cell(&t, str_from(titles[i]));
	for (size_t n = 0; n < s->language_count; n++) {
		const struct status_sums *sums = &s->sums[n];

		add_cell(&t, language_of(s, n)->spec.tag);
		add_cell(&t, share(s, sums->current, sums->sheets));
		add_cell(&t, share(s, sums->sections_good, sums->sections));
		for (int status = STATUS_REVIEWED; status >= STATUS_MISSING; status--)
			add_cell(&t, str_fmt(s->a, "%zu", sums->of[status]));
	}
	print_table(out, &t);
}

void status_table(const struct status_report *s, struct buf *out)
{
	unsigned seen = 0;

	print_sheets(s, out, &seen);
	if (!s->language_count)
		return;
	print_legend(out, seen);
	print_sums(s, out);
}

/* In words */

static struct str words_of(const struct status_report *s, const struct translation *t, size_t sections)
{
	struct str words = str_from(status_name(t ? t->status : STATUS_MISSING));

	if (!t)
		return words;
	if (!t->freshness && sections)
		words = str_join(s->a, words, STR(", never stamped"));
	else if (t->freshness && t->freshness->lag_count)
		words = str_fmt(s->a, "%.*s, %zu of %zu sections behind", STR_ARG(words),
			t->freshness->lag_count, freshness_total(t->freshness));
	if (t->needs_legal_review)
		words = str_join(s->a, words, STR(", needs a legal review"));
	return words;
}

void status_list(const struct status_report *s, struct buf *out)
{
	const struct catalog *c = &s->p->catalog;
	struct table t = {.a = s->a, .columns = 2};

	for (size_t i = 0; i < c->sheet_count; i++) {
		const struct translation *text = c->sheets[i]->in[s->languages[0]];
		struct str path = STR_CONCAT(s->a, STR("content/"), language_of(s, 0)->folder, STR("/"),
			c->sheets[i]->key, STR(".md"));

		add_cell(&t, text ? text->src.path : path);
		add_cell(&t, words_of(s, text, s->sections[i]));
	}
	print_table(out, &t);
	print_sums(s, out);
}

/* JSON */

static void json_text(struct buf *out, const char *key, struct str s)
{
	buf_addf(out, "\"%s\":", key);
	buf_add_json(out, s);
}

static void json_number(struct buf *out, const char *key, size_t n)
{
	buf_addf(out, ",\"%s\":%zu", key, n);
}

static void json_lags(struct buf *out, const struct freshness *f)
{
	buf_addz(out, ",\"stale_sections\":[");
	for (size_t i = 0; f && i < f->lag_count; i++) {
		buf_addz(out, i ? ",{" : "{");
		json_text(out, "id", f->lags[i].section);
		buf_addf(out, ",\"change\":\"%s\"}", lag_name(f->lags[i].kind));
	}
	buf_addc(out, ']');
}

static void json_translation(struct buf *out, const struct translation *t)
{
	if (!t) {
		buf_addz(out, "{\"status\":\"missing\"}");
		return;
	}
	buf_addf(
		out, "{\"status\":\"%s\",\"freshness\":\"%s\",", status_name(t->status), status_freshness(t));
	json_text(out, "file", t->src.path);
	json_lags(out, t->freshness);
	buf_addf(out, ",\"needs_legal_review\":%s}", t->needs_legal_review ? "true" : "false");
}

static void json_columns(const struct status_report *s, struct buf *out, const struct sheet *sheet)
{
	for (size_t i = 0; i < COUNT_OF(columns); i++) {
		struct str cell = column_cell(s, i, sheet);

		buf_addf(out, ",\"%s\":", columns[i].name);
		buf_add(out, cell.n ? cell : STR("null"));
	}
}

static void json_sheet(const struct status_report *s, struct buf *out, const struct sheet *sheet)
{
	buf_addc(out, '{');
	json_text(out, "key", sheet->key);
	buf_addc(out, ',');
	json_text(out, "title", catalog_leader(&s->p->catalog, sheet)->title);
	json_columns(s, out, sheet);
	buf_addz(out, ",\"translations\":{");
	for (size_t n = 0; n < s->language_count; n++) {
		if (n)
			buf_addc(out, ',');
		buf_add_json(out, language_of(s, n)->spec.tag);
		buf_addc(out, ':');
		json_translation(out, sheet->in[s->languages[n]]);
	}
	buf_addz(out, "}}");
}

static void json_sums(const struct status_report *s, struct buf *out, size_t n)
{
	const struct status_sums *sums = &s->sums[n];

	buf_addz(out, n ? ",{" : "{");
	json_text(out, "tag", language_of(s, n)->spec.tag);
	json_number(out, "sheets", sums->sheets);
	json_number(out, "sheets_current", sums->current);
	json_number(out, "sheets_percent", percent(sums->current, sums->sheets));
	json_number(out, "sections", sums->sections);
	json_number(out, "sections_current", sums->sections_good);
	json_number(out, "sections_percent", percent(sums->sections_good, sums->sections));
	for (int status = STATUS_REVIEWED; status >= STATUS_MISSING; status--)
		json_number(out, status_name((enum status)status), sums->of[status]);
	json_number(out, "stale", sums->stale);
	json_number(out, "unstamped", sums->unstamped);
	json_number(out, "needs_legal_review", sums->legal);
	buf_addc(out, '}');
}

void status_json(const struct status_report *s, struct buf *out)
{
	const struct catalog *c = &s->p->catalog;

	buf_addz(out, "{\"version\":1,");
	json_text(out, "source_language", c->config.languages[c->config.source].spec.tag);
	buf_addz(out, ",\"languages\":[");
	for (size_t n = 0; n < s->language_count; n++)
		json_sums(s, out, n);
	buf_addz(out, "],\"sheets\":[");
	for (size_t i = 0; i < c->sheet_count; i++) {
		if (i)
			buf_addc(out, ',');
		json_sheet(s, out, c->sheets[i]);
	}
	buf_addz(out, "]}\n");
}
