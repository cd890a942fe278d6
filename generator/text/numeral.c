#include "text/numeral.h"

#include <unicode/uchar.h>

static bool between(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

/*
 * Whether a digit may begin at s[i], by the bytes of the scripts that have digits; most letters end here,
 * without asking ICU. Ethiopic, Georgian, Han and Hangul have none.
 */
static bool is_possible(struct str s, size_t i)
{
	unsigned char lead = (unsigned char)s.p[i], next, third;

	if (lead < 0xD9)
		return between(lead, '0', '9');
	next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
	third = i + 2 < s.n ? (unsigned char)s.p[i + 2] : 0;
	switch (lead) {
	case 0xD9:
		return between(next, 0xA0, 0xA9);
	case 0xDB:
		return between(next, 0xB0, 0xB9);
	case 0xE0: /* the scripts of India, Thai, Lao, Tibetan: blocks that begin at …0 or …6 */
		return between(third, 0x90, 0x99) || between(third, 0xA0, 0xAF);
	case 0xE1:
		return next == 0x81 || next == 0x82 || between(next, 0x9F, 0xB1);
	default:
		return lead == 0xDF || lead == 0xEA || lead == 0xEF || lead == 0xF0;
	}
}

/* The value of the digit at s[i], its bytes in *len; -1 when there is none. */
static int digit_at(struct str s, size_t i, size_t *len)
{
	if (i >= s.n)
		return -1;
	if (s.p[i] >= '0' && s.p[i] <= '9') {
		*len = 1;
		return s.p[i] - '0';
	}
	if (!is_possible(s, i))
		return -1;
	return u_charDigitValue((UChar32)utf8_decode(s, i, len));
}

static size_t starts_with(struct str s, size_t i, const char *z)
{
	size_t n = strlen(z);

	return i + n <= s.n && memcmp(s.p + i, z, n) == 0 ? n : 0;
}

/* Spaces that group digits by three. */
static size_t space_at(struct str s, size_t i)
{
	static const char *const spaces[] = {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};
	size_t n = 0;

	for (size_t k = 0; k < COUNT_OF(spaces) && !n; k++)
		n = starts_with(s, i, spaces[k]);
	return n;
}

/* Points, commas, the Arabic separators, the colon of a time, the Swiss apostrophe. */
static size_t mark_at(struct str s, size_t i)
{
	static const char *const marks[] = {".", ",", ":", "'", "\xE2\x80\x99", "\xD9\xAB", "\xD9\xAC"};
	size_t n = 0;

	for (size_t k = 0; k < COUNT_OF(marks) && !n; k++)
		n = starts_with(s, i, marks[k]);
	return n;
}

/* How many digits stand at s[i]. */
static size_t run_at(struct str s, size_t i)
{
	size_t n = 0, len;

	for (; digit_at(s, i, &len) >= 0; i += len)
		n++;
	return n;
}

/* Bytes of what stands between two groups of one number, after a group of `before` digits; 0 at its end. */
static size_t joint_at(struct str s, size_t i, size_t before)
{
	size_t n = mark_at(s, i), len;

	if (n)
		return digit_at(s, i + n, &len) >= 0 ? n : 0;
	n = space_at(s, i);
	return n && before <= 3 && run_at(s, i + n) == 3 ? n : 0;
}

static void add_digit(struct numeral *out, int value)
{
	if (out->n == 1 && out->digits[0] == '0')
		out->n = 0;
	if (out->n < NUMERAL_MAX)
		out->digits[out->n++] = (char)('0' + value);
}

static void read_numeral(struct str s, struct numeral *out)
{
	size_t i = out->from, group = 0, len;

	for (;;) {
		int value = digit_at(s, i, &len);

		if (value >= 0) {
			add_digit(out, value);
			group++;
		} else {
			len = joint_at(s, i, group);
			if (!len)
				break;
			out->broken = true;
			group = 0;
		}
		i += len;
	}
	out->to = i;
}

bool numeral_next(struct str s, size_t *at, struct numeral *out)
{
	size_t len;

	for (size_t i = *at; i < s.n; i++) {
		if (!is_possible(s, i) || digit_at(s, i, &len) < 0)
			continue;
		*out = (struct numeral){.from = i};
		read_numeral(s, out);
		*at = out->to;
		return true;
	}
	*at = s.n;
	return false;
}

bool numeral_all(struct str s, struct numeral *out)
{
	size_t len;

	*out = (struct numeral){.to = s.n};
	for (size_t i = 0; i < s.n; i += len) {
		int value = digit_at(s, i, &len);

		if (value >= 0)
			add_digit(out, value);
		else
			utf8_decode(s, i, &len);
	}
	return out->n > 0;
}
