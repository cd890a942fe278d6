/*
 * fact: a typed value with a source, written once in content/data/facts.yaml and used in every language.
 *
 * And reference: a source that facts and sheets cite, from content/data/sources.yaml. (The word "source"
 * alone is a file's bytes in this program: base/source.h.)
 */
#ifndef MODEL_FACT_H
#define MODEL_FACT_H

#include "base/map.h"
#include "text/yml.h"

#define FACTS_PATH "data/facts.yaml"
#define REFERENCES_PATH "data/sources.yaml"

enum fact_type {
	FACT_INTEGER,
	FACT_DECIMAL,
	FACT_PERCENTAGE,
	FACT_MONEY,
	FACT_RANGE,
	FACT_DATE,
	FACT_PHONE,
	FACT_TEXT,
	FACT_TYPES
};

struct fact {
	struct str id;
	enum fact_type type;
	struct value value; /* a percentage is its fraction: 64 % is the decimal 0.64 */
	struct str unit, period, note;
	struct str source, place; /* reference id and the place in it */
	struct span at;		  /* of the id */
	size_t index;
};

struct reference {
	struct str id, title, publisher, number, url;
	struct str language; /* of the title; the site's source language when empty */
	struct date date;
	struct span at;
	size_t index;
};

/* Both are maps in order of the file, from id to struct fact or struct reference. False after reporting that
 * the file as a whole cannot be read. */
bool facts_read(struct map *facts, struct arena *a, struct source *src, struct diag *d);
bool references_read(struct map *references, struct arena *a, struct source *src, struct diag *d);

bool fact_id_valid(struct str id); /* [a-z][a-z0-9_]* */

const char *fact_type_name(enum fact_type type); /* "an integer": for sentences */
/* An integer, a decimal number or a percentage: what can be drawn and counted. */
bool fact_is_number(const struct fact *f);

#endif
