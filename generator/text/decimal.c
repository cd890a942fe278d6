#include "text/decimal.h"

#include <inttypes.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t count_digits(struct str s, size_t from)
{
	size_t n = 0;

	while (from + n < s.n && is_digit(s.p[from + n]))
		n++;
	return n;
}

/* The exponent at s.p[at] up to the end, if any; false when what stands there is something else. */
static bool read_exponent(struct str s, size_t at, int64_t *out)
{
	struct str text = str_slice(s, at + 1, s.n);

	*out = 0;
	if (at == s.n)
		return true;
	if (s.p[at] != 'e' && s.p[at] != 'E')
		return false;
	if (str_starts(text, STR("+")) && text.n > 1 && is_digit(text.p[1]))
		text = str_slice(text, 1, text.n);
	return str_to_int(text, out) && *out >= -DECIMAL_MAX_DIGITS && *out <= DECIMAL_MAX_DIGITS;
}

/* Sets a decimal from digits with the point after `whole` of them (which may lie outside them). */
static bool set_digits(struct decimal *out, bool negative, const char *digits, int64_t n, int64_t whole)
{
	struct decimal d = {.whole = 1};
	int64_t first = 0;
	bool zero = true;

	while (first < whole - 1 && (first >= n || digits[first] == '0'))
		first++;
	int64_t before = whole - first > 0 ? whole - first : 1;
	int64_t after = n - whole > 0 ? n - whole : 0;

	if (before + after > DECIMAL_MAX_DIGITS)
		return false;
	for (int64_t i = 0; i < before + after; i++) {
		int64_t from = whole - before + i;

		d.digits[i] = from >= 0 && from < n ? digits[from] : '0';
		zero = zero && d.digits[i] == '0';
	}
	d.whole = (uint8_t)before;
	d.fraction = (uint8_t)after;
	d.negative = negative && !zero;
	*out = d;
	return true;
}

bool decimal_parse(struct str s, struct decimal *out)
{
	char digits[2 * DECIMAL_MAX_DIGITS];
	size_t at = s.n && (s.p[0] == '-' || s.p[0] == '+');
	size_t whole = count_digits(s, at), fraction = 0, fraction_at = at + whole + 1;
	int64_t exponent;

	if (at + whole < s.n && s.p[at + whole] == '.')
		fraction = count_digits(s, fraction_at);
	else
		fraction_at--;
	if (whole + fraction == 0 || whole > DECIMAL_MAX_DIGITS || fraction > DECIMAL_MAX_DIGITS)
		return false;
	if (!read_exponent(s, fraction_at + fraction, &exponent))
		return false;
	memcpy(digits, s.p + at, whole);
	memcpy(digits + whole, s.p + fraction_at, fraction);
	return set_digits(out, s.p[0] == '-', digits, (int64_t)(whole + fraction), (int64_t)whole + exponent);
}

struct decimal decimal_from_int(int64_t i)
{
	char text[24];
	struct decimal d;
	int n = snprintf(text, sizeof(text), "%" PRId64, i);

	if (n < 0 || !decimal_parse(str_make(text, (size_t)n), &d))
		BUG("an integer that is no number");
	return d;
}

bool decimal_from_value(struct value v, struct decimal *out)
{
	if (v.kind == VALUE_INT) {
		*out = decimal_from_int(v.integer);
		return true;
	}
	if (v.kind == VALUE_MONEY)
		return decimal_parse(v.money->amount, out);
	return v.kind == VALUE_DECIMAL && decimal_parse(v.text, out);
}

/* Two numbers' magnitudes side by side: one spare digit, `whole` digits, `fraction` digits. */
#define WIDE (2 * DECIMAL_MAX_DIGITS + 1)

static void widen(const struct decimal *d, char wide[WIDE], size_t whole, size_t fraction)
{
	memset(wide, '0', 1 + whole + fraction);
	memcpy(wide + 1 + whole - d->whole, d->digits, (size_t)d->whole + d->fraction);
}

/* x becomes x + y, or x - y where x is the larger. */
static void combine(char *x, const char *y, size_t n, int sign)
{
	int carry = 0;

	for (size_t i = n; i-- > 0;) {
		int sum = (x[i] - '0') + sign * (y[i] - '0') + carry;

		carry = sum > 9 ? 1 : sum < 0 ? -1 : 0;
		x[i] = (char)('0' + sum - 10 * carry);
	}
}

bool decimal_subtract(struct decimal *d, int64_t n)
{
	struct decimal other = decimal_from_int(n);
	size_t whole = d->whole > other.whole ? d->whole : other.whole, width = 1 + whole + d->fraction;
	char x[WIDE], y[WIDE];

	widen(d, x, whole, d->fraction);
	widen(&other, y, whole, d->fraction);
	if (d->negative != other.negative) {
		combine(x, y, width, 1);
		return set_digits(d, d->negative, x, (int64_t)width, 1 + (int64_t)whole);
	}
	if (memcmp(x, y, width) >= 0) {
		combine(x, y, width, -1);
		return set_digits(d, d->negative, x, (int64_t)width, 1 + (int64_t)whole);
	}
	combine(y, x, width, -1);
	return set_digits(d, !d->negative, y, (int64_t)width, 1 + (int64_t)whole);
}

bool decimal_eq(const struct decimal *a, const struct decimal *b)
{
	size_t fraction = a->fraction > b->fraction ? a->fraction : b->fraction;
	char x[WIDE], y[WIDE];

	if (a->negative != b->negative || a->whole != b->whole)
		return false;
	widen(a, x, a->whole, fraction);
	widen(b, y, a->whole, fraction);
	return memcmp(x, y, 1 + a->whole + fraction) == 0;
}

/* Without their signs. */
static bool is_smaller(const struct decimal *a, const struct decimal *b)
{
	size_t whole = a->whole > b->whole ? a->whole : b->whole;
	size_t fraction = a->fraction > b->fraction ? a->fraction : b->fraction;
	char x[WIDE], y[WIDE];

	widen(a, x, whole, fraction);
	widen(b, y, whole, fraction);
	return memcmp(x, y, 1 + whole + fraction) < 0;
}

bool decimal_less(const struct decimal *a, const struct decimal *b)
{
	if (a->negative != b->negative)
		return a->negative;
	return a->negative ? is_smaller(b, a) : is_smaller(a, b);
}

size_t decimal_print(const struct decimal *d, char out[DECIMAL_MAX_TEXT])
{
	size_t n = 0;

	if (d->negative)
		out[n++] = '-';
	memcpy(out + n, d->digits, d->whole);
	n += d->whole;
	if (d->fraction) {
		out[n++] = '.';
		memcpy(out + n, d->digits + d->whole, d->fraction);
		n += d->fraction;
	}
	out[n] = '\0';
	return n;
}
