/*
 * table: a ```table block, read.
 *
 *	title: …
 *	columns: [Area, {name: Reports, type: number}]
 *	rows: [[Hyllie, 120], [Kirseberg, {fact: id}]]
 *
 * The first column heads its row and is text. Another column without a type is one of numbers when nothing
 * but numbers and facts that are numbers stand in it.
 */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include "model/figure.h"

#define TABLE_MAX_COLUMNS 8
#define TABLE_MAX_ROWS 100

enum column_type { COLUMN_AUTO, COLUMN_TEXT, COLUMN_NUMBER, COLUMN_PERCENT, COLUMN_TYPES };

struct table_column {
	struct figure_text name;
	enum column_type type;
};

struct table_cell {
	struct figure_text text; /* one of these two, by the column's type, */
	struct figure figure;
	const struct fact *fact; /* or a fact of any type */
};

struct table {
	struct figure_text title, summary;
	struct table_column *columns;
	size_t column_count;
	struct table_cell *cells; /* row by row */
	size_t row_count;
};

/* False when an error was said, or a fact does not exist. */
bool table_read(struct table *t, struct figure_reader *r, struct span at) MUST_USE;

#endif
