#include "model/table.h"

#include "model/fact_impl.h"

static const struct str type_names[COLUMN_TYPES] = {[COLUMN_TEXT] = STR_INIT("text"),
	[COLUMN_NUMBER] = STR_INIT("number"),
	[COLUMN_PERCENT] = STR_INIT("percent")};

struct table_reader {
	struct table *t;
	struct figure_reader *r;
	struct diag *d;
	struct yml *root;
};

static enum column_type read_type(struct table_reader *q, struct yml *y)
{
	struct str name = yml_str(y, (struct str){0}, q->d), near;

	if (!name.n)
		return COLUMN_AUTO;
	for (size_t i = COLUMN_TEXT; i < COLUMN_TYPES; i++)
		if (str_eq(name, type_names[i]))
			return (enum column_type)i;
	near = str_nearest(name, type_names + COLUMN_TEXT, COLUMN_TYPES - COLUMN_TEXT);
	diag_add(q->d, RULE_YAML_VALUE, y->at, "“%.*s” is not a type of column", STR_ARG(name));
	diag_hint(q->d, "%s%.*s%stypes: text, number, percent", near.n ? "did you mean “" : "", STR_ARG(near),
		near.n ? "”? " : "");
	return COLUMN_TEXT;
}

static void read_column(struct table_reader *q, struct yml *y, struct table_column *out)
{
	static const struct str known[] = {STR_INIT("name"), STR_INIT("type")};
	struct yml *name = y;

	if (y->kind == YML_MAP) {
		name = yml_get(y, "name");
		out->type = read_type(q, yml_get(y, "type"));
		yml_unknown(y, known, COUNT_OF(known), q->d);
	}
	out->name = figure_text_read(q->r, name);
	if (!out->name.written.n && (!name || name->kind == YML_SCALAR)) {
		diag_add(q->d, RULE_YAML_MISSING, y->at, "the column has no name");
		diag_hint(q->d, "a heading is what those hear who cannot see the columns");
	}
}

/* A list under a key, that must be there and hold at most so many. */
static struct yml *want(struct table_reader *q, const char *key, size_t most)
{
	struct yml *y = figure_key(q->root, key);

	if (!y) {
		diag_add(q->d, RULE_YAML_MISSING, q->root->at, "the table has no %s", key);
		diag_hint(q->d, "write columns: [Area, Reports] and rows: [[Hyllie, 120], …]");
		return NULL;
	}
	if (!yml_want_list(y, q->d))
		return NULL;
	if (y->len && y->len <= most)
		return y;
	if (y->len)
		diag_add(q->d, RULE_BLOCK_LIMIT, y->key_at, "%zu %s; a table has at most %zu", y->len, key,
			most);
	else
		diag_add(q->d, RULE_YAML_MISSING, y->key_at, "the table has no %s", key);
	return NULL;
}

static bool is_number(const struct figure_reader *r, struct yml *y)
{
	struct yml *id = y->kind == YML_MAP ? yml_get(y, "fact") : NULL;
	const struct fact *f = id ? map_get(r->facts, id->text) : NULL;

	if (id)
		return f && f->type != FACT_TEXT && f->type != FACT_PHONE && f->type != FACT_DATE;
	return y->kind == YML_SCALAR && !y->quoted && fact_is_decimal(y->text);
}

/* What nobody said: a column is one of numbers when nothing else stands in it. */
static enum column_type guess(struct table_reader *q, struct yml *rows, size_t column)
{
	if (!column)
		return COLUMN_TEXT;
	yml_each (row, rows) {
		struct yml *y = row->first;

		for (size_t i = 0; y && i < column; i++)
			y = y->next;
		if (y && !yml_is_null(y) && !is_number(q->r, y))
			return COLUMN_TEXT;
	}
	return COLUMN_NUMBER;
}

static void read_fact_cell(struct table_reader *q, struct yml *y, struct table_cell *out)
{
	static const struct str known[] = {STR_INIT("fact")};
	struct yml *id = figure_key(y, "fact");

	out->fact = figure_fact_read(q->r, id);
	if (!id)
		diag_add(q->d, RULE_YAML_MISSING, y->at, "a cell in braces names a fact: {fact: id}");
	yml_unknown(y, known, COUNT_OF(known), q->d);
}

static void read_cell(struct table_reader *q, struct yml *y, enum column_type type, struct table_cell *out)
{
	if (y->kind == YML_MAP) {
		read_fact_cell(q, y, out);
	} else if (type == COLUMN_TEXT || y->kind == YML_LIST || !y->text.n) {
		out->text = figure_text_read(q->r, y);
	} else if (figure_read(&out->figure, q->r, y, NULL)) {
		figure_settle(&out->figure, q->r, type == COLUMN_PERCENT ? MEASURE_PERCENT : MEASURE_NUMBER,
			(struct str){0});
	}
}

static void read_row(struct table_reader *q, struct yml *row, struct table_cell *cells)
{
	size_t i = 0;

	if (!yml_is_null(row) && !yml_want_list(row, q->d))
		return;
	if (row->len != q->t->column_count) {
		diag_add(q->d, RULE_BLOCK_DATA, row->at, "a row of %zu cells in a table of %zu columns",
			row->len, q->t->column_count);
		diag_hint(q->d,
			"a cell that is empty is written \"\"; one with a comma in it stands in quotes");
		return;
	}
	yml_each (y, row) {
		read_cell(q, y, q->t->columns[i].type, &cells[i]);
		i++;
	}
}

static void read_texts(struct table_reader *q)
{
	q->t->title = figure_text_read(q->r, yml_get(q->root, "title"));
	q->t->summary = figure_text_read(q->r, yml_get(q->root, "summary"));
	if (q->t->title.written.n)
		return;
	diag_add(q->d, RULE_YAML_MISSING, q->root->at, "the table has no title");
	diag_hint(q->d, "write what it shows under “title”: it is what those hear who cannot see it");
}

static void read_rows(struct table_reader *q, struct yml *columns, struct yml *rows)
{
	struct table *t = q->t;
	size_t i = 0;

	t->column_count = columns->len;
	t->row_count = rows->len;
	t->columns = arena_new_n(q->r->a, struct table_column, columns->len);
	t->cells = arena_new_n(q->r->a, struct table_cell, columns->len * rows->len);
	yml_each (y, columns) {
		read_column(q, y, &t->columns[i]);
		if (t->columns[i].type == COLUMN_AUTO)
			t->columns[i].type = guess(q, rows, i);
		i++;
	}
	i = 0;
	yml_each (y, rows)
		read_row(q, y, &t->cells[t->column_count * i++]);
}

bool table_read(struct table *t, struct figure_reader *r, struct span at)
{
	static const struct str known[] = {
		STR_INIT("title"), STR_INIT("summary"), STR_INIT("columns"), STR_INIT("rows")};
	struct table_reader q = {.t = t, .r = r, .d = r->d};
	size_t errors = figure_errors(r);
	struct yml *columns, *rows;

	*t = (struct table){0};
	q.root = figure_block_read(r, at);
	if (!q.root)
		return false;
	read_texts(&q);
	columns = want(&q, "columns", TABLE_MAX_COLUMNS);
	rows = want(&q, "rows", TABLE_MAX_ROWS);
	if (columns && rows)
		read_rows(&q, columns, rows);
	yml_unknown(q.root, known, COUNT_OF(known), r->d);
	return figure_errors(r) == errors;
}
