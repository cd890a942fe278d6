#include "action/publish_listing_ls.h"

#define PERMISSIONS 10 /* “-rw-r--r--”, and '+' or '.' behind it */
#define WORDS 16       /* most columns before a name */

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static bool is_month(struct str s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (s.n != 3)
		return false;
	for (size_t i = 0; i + 3 < sizeof(months); i += 3)
		if (memcmp(months + i, s.p, 3) == 0)
			return true;
	return false;
}

static bool is_day(struct str s)
{
	int64_t day;

	return is_digits(s) && str_to_int(s, &day) && day >= 1 && day <= 31;
}

/* 17:31, 7:31 or 2025. */
static bool is_time_or_year(struct str s)
{
	size_t colon = str_find_byte(s, ':');

	if (colon == s.n)
		return s.n == 4 && is_digits(s);
	return colon <= 2 && is_digits(str_slice(s, 0, colon)) && s.n == colon + 3 &&
	       is_digits(str_slice(s, colon + 1, s.n));
}

static bool is_permissions(struct str s)
{
	if (s.n < PERMISSIONS || s.n > PERMISSIONS + 1 || !strchr("-dlbcpsD", s.p[0]))
		return false;
	for (size_t i = 1; i < PERMISSIONS; i++)
		if (!s.p[i] || !strchr("-rwxsStTlL?", s.p[i]))
			return false;
	return true;
}

static enum publish_kind kind_of(char c)
{
	return c == '-' ? PUBLISH_FILE : c == 'd' ? PUBLISH_DIR : PUBLISH_OTHER;
}

/* The next column, with the place behind it. */
static struct str next_word(struct str line, size_t *at)
{
	size_t from = *at, to;

	while (from < line.n && line.p[from] == ' ')
		from++;
	for (to = from; to < line.n && line.p[to] != ' ';)
		to++;
	*at = to;
	return str_slice(line, from, to);
}

/* A number, a month, a day, a time: the size's column and what comes before the name. */
static bool find_date(struct str line, struct str *size, size_t *name)
{
	struct str last[4] = {{0}};
	size_t at = 0;

	for (int i = 0; i < WORDS && at < line.n; i++) {
		memmove(last, last + 1, sizeof(last) - sizeof(last[0]));
		last[3] = next_word(line, &at);
		if (i < 4 || !is_digits(last[0]) || !is_month(last[1]) || !is_day(last[2]) ||
			!is_time_or_year(last[3]))
			continue;
		*size = last[0];
		*name = at + 1;
		return at + 1 < line.n;
	}
	return false;
}

bool publish_listing_ls_line(struct publish_listed *out, struct str line)
{
	struct publish_listed item = {0};
	struct str size;
	size_t at = 0;
	int64_t bytes;

	if (!is_permissions(next_word(line, &at)) || !find_date(line, &size, &at))
		return false;
	item.kind = kind_of(line.p[0]);
	item.name = str_slice(line, at, line.n);
	if (line.p[0] == 'l')
		item.name = str_slice(item.name, 0, str_find(item.name, STR(" -> ")));
	item.sized = item.kind == PUBLISH_FILE && str_to_int(size, &bytes);
	item.size = item.sized ? (uint64_t)bytes : 0;
	*out = item;
	return item.name.n > 0 && str_find_byte(item.name, '/') == item.name.n;
}

static bool is_no_entry(struct str line)
{
	return line.n == 0 || (str_starts(line, STR("total ")) && is_digits(str_slice(line, 6, line.n)));
}

bool publish_listing_ls(struct publish_listing *out, struct arena *a, struct str text, struct str *bad)
{
	struct publish_listed item;
	struct str line;

	while (str_cut(&text, '\n', &line)) {
		if (line.n && line.p[line.n - 1] == '\r')
			line = str_slice(line, 0, line.n - 1);
		if (is_no_entry(line))
			continue;
		if (!publish_listing_ls_line(&item, line)) {
			*bad = line;
			return false;
		}
		if (str_is(item.name, ".") || str_is(item.name, ".."))
			continue;
		item.name = str_dup(a, item.name);
		publish_listing_add(out, a, &item);
	}
	return true;
}
