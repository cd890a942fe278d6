/*
 * numeral: the numbers that stand in a running text, whatever script their digits are of.
 *
 * For comparing what two languages say: "4 580", "4,580", "4.580" and "٤٬٥٨٠" are the same numeral, and so
 * are "3,5" and "3.5", because separators between digits are left out. Which character is a digit, and of
 * which value, comes from ICU.
 *
 *	for (size_t at = 0; numeral_next(text, &at, &n);) …
 */
#ifndef TEXT_NUMERAL_H
#define TEXT_NUMERAL_H

#include "base/str.h"

/* Longer ones are cut: nobody compares them by eye. */
#define NUMERAL_MAX 40

struct numeral {
	size_t from, to; /* bytes of the text */
	char digits[NUMERAL_MAX];
	size_t n;    /* of digits, without leading zeros; "0" is one */
	bool broken; /* separators stood between its digits */
};

/* The next one at or after *at, which becomes the place after it; false when there is none. */
bool numeral_next(struct str text, size_t *at, struct numeral *out) MUST_USE;

/* All digits of a text as one numeral, whatever stands between them: a phone, a register number. */
bool numeral_all(struct str text, struct numeral *out) MUST_USE;

#endif
