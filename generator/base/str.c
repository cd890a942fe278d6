#include "base/str.h"

#include "base/arena.h"

struct str str_from(const char *cstr)
{
	return (struct str){cstr, cstr ? strlen(cstr) : 0};
}

struct str str_make(const char *p, size_t n)
{
	return (struct str){p, n};
}

struct str str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from >= to)
		return (struct str){s.p ? s.p + to : NULL, 0};
	return (struct str){s.p + from, to - from};
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str a, const char *cstr)
{
	return str_eq(a, str_from(cstr));
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

int str_cmp_qsort(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_slice(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_slice(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str s, struct str needle)
{
	const char *hit;

	if (needle.n == 0)
		return 0;
	hit = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
	return hit ? (size_t)(hit - s.p) : s.n;
}

size_t str_find_byte(struct str s, char c)
{
	const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) : s.n;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.p[0]))
		s.p++, s.n--;
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

size_t str_after_last(struct str s, char c)
{
	const char *hit = s.n ? memrchr(s.p, c, s.n) : NULL;

	return hit ? (size_t)(hit - s.p) + 1 : 0;
}

struct str str_file_name(struct str path)
{
	return str_slice(path, str_after_last(path, '/'), path.n);
}

struct str str_lower(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 'a' - 'A' : s.p[i]);
	return str_make(p, s.n);
}

bool str_cut(struct str *rest, char c, struct str *out)
{
	size_t at;

	if (!rest->p)
		return false;
	at = str_find_byte(*rest, c);
	*out = str_slice(*rest, 0, at);
	*rest = at < rest->n ? (struct str){rest->p + at + 1, rest->n - at - 1} : (struct str){NULL, 0};
	return true;
}

struct str str_dup(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){p, s.n};
}

const char *str_z(struct arena *a, struct str s)
{
	return str_dup(a, s).p;
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("format “%s”", fmt);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){p, (size_t)n};
}

struct str str_concat(struct arena *a, const struct str *parts, size_t count)
{
	size_t n = 0;
	char *p, *at;

	for (size_t i = 0; i < count; i++)
		n += parts[i].n;
	p = at = arena_alloc(a, n + 1);
	for (size_t i = 0; i < count; i++) {
		if (parts[i].n)
			memcpy(at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	return (struct str){p, n};
}

struct str str_join(struct arena *a, struct str x, struct str y)
{
	char *p = arena_alloc(a, x.n + y.n + 1);

	if (x.n)
		memcpy(p, x.p, x.n);
	if (y.n)
		memcpy(p + x.n, y.p, y.n);
	return (struct str){p, x.n + y.n};
}

bool str_to_int(struct str s, int64_t *out)
{
	bool negative = s.n && s.p[0] == '-';
	int64_t value = 0;
	size_t i = negative;

	if (i >= s.n)
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		/* Counted downwards: the smallest number has no positive twin. */
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_sub_overflow(value, s.p[i] - '0', &value))
			return false;
	}
	if (!negative && value == INT64_MIN)
		return false;
	*out = negative ? value : -value;
	return true;
}

#define DISTANCE_MAX 64

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Optimal string alignment. Only cells that can be within `cap` are filled in, and it ends as soon as two
 * rows in turn (a swap reaches back over one) have none: what is far away costs little.
 */
size_t str_distance(struct str a, struct str b, size_t cap)
{
	size_t rows[3][DISTANCE_MAX + 2], best_before = 0;

	if (a.n > DISTANCE_MAX || b.n > DISTANCE_MAX || (a.n > b.n ? a.n - b.n : b.n - a.n) > cap)
		return cap + 1;
	for (size_t j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *row = rows[i % 3], *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];
		size_t from = i > cap ? i - cap : 1, to = least(b.n, i + cap), best;

		best = row[from - 1] = from == 1 ? i : cap + 1;
		row[to + 1] = cap + 1; /* what the next row finds above its last cell */
		for (size_t j = from; j <= to; j++) {
			row[j] = least(least(up[j], row[j - 1]) + 1, up[j - 1] + (a.p[i - 1] != b.p[j - 1]));
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				row[j] = least(row[j], up2[j - 2] + 1);
			best = least(best, row[j]);
		}
		if (best > cap && best_before > cap)
			return cap + 1;
		best_before = best;
	}
	return least(rows[a.n % 3][b.n], cap + 1);
}

size_t str_nearest_cap(struct str s)
{
	return s.n < 4 ? 1 : s.n < 8 ? 2 : 3;
}

struct str str_nearest(struct str s, const struct str *names, size_t count)
{
	struct str best = {0};
	size_t cap = str_nearest_cap(s), best_at = cap + 1;

	for (size_t i = 0; i < count; i++) {
		size_t at = str_distance(s, names[i], cap);

		if (at < best_at) {
			best_at = at;
			best = names[i];
		}
	}
	return best;
}
