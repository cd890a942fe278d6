/*
 * value: data for templates and arguments for messages.
 *
 * Values are small, passed by copy, and borrow everything they point to (an arena holds it). Maps are
 * short lists of fields in order of insertion, searched from the front.
 */
#ifndef TEXT_VALUE_H
#define TEXT_VALUE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"

enum value_kind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_DECIMAL, /* text holds the digits as written ("1.50"): visible fractions matter to plurals */
	VALUE_STR,
	VALUE_DATE,  /* a day */
	VALUE_TIME,  /* integer: milliseconds since 1970-01-01T00:00Z, always shown in UTC */
	VALUE_MONEY, /* an amount and its currency; where a plain number is wanted, the amount */
	VALUE_RANGE, /* from one number to a larger one */
	VALUE_LIST,
	VALUE_MAP,
	VALUE_LAMBDA, /* mustache.h */
};

struct value;
struct value_lambda;

/* Digits as written, as of a VALUE_DECIMAL. */
struct value_money {
	struct str amount;
	struct str currency; /* ISO 4217: "SEK" */
};

struct value_range {
	struct str from, to;
};

struct value_list {
	struct value *items;
	size_t len, cap;
};

struct value_map {
	struct value_field *fields;
	size_t len, cap;
};

struct value {
	enum value_kind kind;
	union {
		bool boolean;
		int64_t integer;
		struct str text;
		struct date date;
		const struct value_money *money;
		const struct value_range *range;
		struct value_list *list;
		struct value_map *map;
		const struct value_lambda *lambda;
	};
};

struct value_field {
	struct str name;
	struct value value;
};

struct value value_null(void);
struct value value_bool(bool b);
struct value value_int(int64_t i);
struct value value_decimal(struct str digits);
struct value value_str(struct str s);
struct value value_date(struct date d);
struct value value_time(int64_t ms);
struct value value_money(struct arena *a, struct str amount, struct str currency);
struct value value_range(struct arena *a, struct str from, struct str to);
struct value value_list(struct arena *a); /* empty */
struct value value_map(struct arena *a);  /* empty */

/* `name` is borrowed. A name set twice is found with its first value. */
void value_set(struct value map, struct arena *a, struct str name, struct value v);
void value_push(struct value list, struct arena *a, struct value v);
/* NULL when absent, or when `map` is no map. */
const struct value *value_get(const struct value *map, struct str name);

#endif
