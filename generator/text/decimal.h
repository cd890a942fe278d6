/*
 * decimal: a number digit by digit, as people write it ("1.50" is not "1.5").
 *
 * Plural rules and readers see the digits, so amounts never pass through a double. A decimal has a
 * fixed room; longer numbers are refused, not rounded.
 */
#ifndef TEXT_DECIMAL_H
#define TEXT_DECIMAL_H

#include "text/value.h"

#define DECIMAL_MAX_DIGITS 48

/* Room for a printed decimal: sign, point, NUL. */
#define DECIMAL_MAX_TEXT (DECIMAL_MAX_DIGITS + 3)

struct decimal {
	bool negative;	  /* never for zero */
	uint8_t whole;	  /* digits before the point: at least one, no leading zeros but a lone one */
	uint8_t fraction; /* digits after it, as many as were written */
	char digits[DECIMAL_MAX_DIGITS];
};

/* [+-]digits[.digits][e[+-]digits], with a digit on at least one side of the point. */
bool decimal_parse(struct str s, struct decimal *out) MUST_USE;
struct decimal decimal_from_int(int64_t i);
/* VALUE_INT, VALUE_DECIMAL, and the amount of VALUE_MONEY; false for anything else. */
bool decimal_from_value(struct value v, struct decimal *out) MUST_USE;

/* Subtracts; the number of fraction digits stays. False (unchanged) when the result has no room. */
bool decimal_subtract(struct decimal *d, int64_t n) MUST_USE;
bool decimal_less(const struct decimal *a, const struct decimal *b);
bool decimal_eq(const struct decimal *a, const struct decimal *b); /* as numbers: 1.50 equals 1.5 */

/* "-1.50", with a NUL; returns the length. */
size_t decimal_print(const struct decimal *d, char out[DECIMAL_MAX_TEXT]);

#endif
