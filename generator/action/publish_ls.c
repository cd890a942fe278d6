#include "action/publish_ls.h"

#include <strings.h>

#define MODE_LETTERS 10 /* drwxr-xr-x */
#define DIR_SPACES 10	/* between <DIR> and a name, when the columns are as Windows has them */

/* ---- what all forms share ---- */

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static bool read_size(struct str digits, uint64_t *out)
{
	int64_t size;

	if (!is_digits(digits) || !str_to_int(digits, &size))
		return false;
	*out = (uint64_t)size;
	return true;
}

/* A plain name: one component, and nothing that ends a command's line. */
static enum publish_ls take_name(struct publish_listed *item, struct str name, struct publish_listed *out)
{
	if (str_is(name, ".") || str_is(name, ".."))
		return PUBLISH_LS_NOTHING;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == '/' || name.p[i] == 0x7f)
			return PUBLISH_LS_STRANGE;
	if (name.n == 0 || name.n > PUBLISH_PATH_MAX)
		return PUBLISH_LS_STRANGE;
	item->name = name;
	*out = *item;
	return PUBLISH_LS_ITEM;
}

static struct str without_cr(struct str line)
{
	return line.n && line.p[line.n - 1] == '\r' ? str_slice(line, 0, line.n - 1) : line;
}

/* The next run of what is no space; *at is then the place behind it. */
static struct str next_field(struct str line, size_t *at)
{
	size_t from = *at;

	while (from < line.n && line.p[from] == ' ')
		from++;
	*at = from;
	while (*at < line.n && line.p[*at] != ' ')
		++*at;
	return str_slice(line, from, *at);
}

/* ---- ls -l ---- */

static bool has_mode(struct str line)
{
	static const char kinds[] = "-dlbcpsD", rights[] = "-rwxsStTlL";

	if (line.n < MODE_LETTERS || !memchr(kinds, line.p[0], sizeof(kinds) - 1))
		return false;
	for (size_t i = 1; i < MODE_LETTERS; i++)
		if (!memchr(rights, line.p[i], sizeof(rights) - 1))
			return false;
	return true;
}

static bool is_month(struct str s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (size_t i = 0; i + 3 < sizeof(months); i += 3)
		if (s.n == 3 && strncasecmp(s.p, months + i, 3) == 0)
			return true;
	return false;
}

static bool is_day(struct str s)
{
	return s.n <= 2 && is_digits(s);
}

/* "17:57" or "2026" */
static bool is_time_or_year(struct str s)
{
	size_t colon = str_find_byte(s, ':');

	if (colon < s.n)
		return is_day(str_slice(s, 0, colon)) && s.n - colon >= 3;
	return s.n == 4 && is_digits(s);
}

/* "2026-11-22" */
static bool is_date(struct str s)
{
	return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' && is_digits(str_slice(s, 0, 4));
}

/* Does a date begin at *at? Then *at is the place behind it. */
static bool skip_date(struct str line, size_t *at)
{
	size_t here = *at;
	struct str first = next_field(line, &here);

	if (is_month(first)) {
		if (!is_day(next_field(line, &here)))
			return false;
	} else if (!is_date(first)) {
		return false;
	}
	if (!is_time_or_year(next_field(line, &here)))
		return false;
	*at = here;
	return true;
}

/* Owners may be several words or missing: the size is what stands in front of the date. */
static enum publish_ls unix_line(struct str line, struct publish_listed *out)
{
	struct publish_listed item = {.kind = PUBLISH_OTHER};
	size_t at = MODE_LETTERS;
	struct str field = {0}, name;

	(void)next_field(line, &at); /* the mode may end in '+' or '.' */
	while (!skip_date(line, &at)) {
		field = next_field(line, &at);
		if (field.n == 0)
			return PUBLISH_LS_STRANGE;
	}
	name = str_slice(line, at + 1, line.n);
	if (line.p[0] == 'd')
		item.kind = PUBLISH_DIR;
	else if (line.p[0] == 'l')
		name = str_slice(name, 0, str_find(name, STR(" -> ")));
	else if (line.p[0] == '-')
		item.kind = PUBLISH_FILE;
	if (item.kind == PUBLISH_FILE) {
		item.sized = read_size(field, &item.size);
		if (!item.sized)
			return PUBLISH_LS_STRANGE;
	}
	return take_name(&item, name, out);
}

/* ---- dir ---- */

/* "11-22-26" or "11-22-2026", then "05:57PM" or "17:57" */
static bool skip_dos_time(struct str line, size_t *at)
{
	struct str date = next_field(line, at), time = next_field(line, at);

	return (date.n == 8 || date.n == 10) && is_day(str_slice(date, 0, 2)) && date.p[2] == '-' &&
	       date.p[5] == '-' && is_time_or_year(time) && str_find_byte(time, ':') < time.n;
}

static enum publish_ls dos_line(struct str line, struct publish_listed *out)
{
	struct publish_listed item = {.kind = PUBLISH_DIR};
	size_t at = 0, spaces = 0, most = DIR_SPACES;
	struct str size;

	if (!skip_dos_time(line, &at))
		return PUBLISH_LS_STRANGE;
	size = next_field(line, &at);
	if (size.n && size.p[0] == '<') {
		item.kind = str_is(size, "<DIR>") ? PUBLISH_DIR : PUBLISH_OTHER;
	} else {
		item.kind = PUBLISH_FILE;
		item.sized = read_size(size, &item.size);
		if (!item.sized)
			return PUBLISH_LS_STRANGE;
		most = 1;
	}
	while (spaces < most && at < line.n && line.p[at] == ' ')
		at++, spaces++;
	return take_name(&item, str_slice(line, at, line.n), out);
}

static bool is_total(struct str line)
{
	return line.n >= 5 && strncasecmp(line.p, "total", 5) == 0;
}

enum publish_ls publish_ls_line(struct str line, struct publish_listed *out)
{
	line = without_cr(line);
	if (line.n == 0 || is_total(line))
		return PUBLISH_LS_NOTHING;
	return has_mode(line) ? unix_line(line, out) : dos_line(line, out);
}

/* ---- MLSD ---- */

static bool is_named(struct str s, const char *name)
{
	return s.n == strlen(name) && strncasecmp(s.p, name, s.n) == 0;
}

/* False: the line is about the folder itself or the one above. */
static bool take_type(struct str value, struct publish_listed *item)
{
	if (is_named(value, "cdir") || is_named(value, "pdir"))
		return false;
	if (is_named(value, "file"))
		item->kind = PUBLISH_FILE;
	else if (is_named(value, "dir"))
		item->kind = PUBLISH_DIR;
	return true;
}

enum publish_ls publish_ls_facts(struct str line, struct publish_listed *out)
{
	struct publish_listed item = {.kind = PUBLISH_OTHER};
	bool typed = false;
	struct str facts, fact;
	size_t space;

	line = without_cr(line);
	space = str_find_byte(line, ' ');
	if (line.n == 0)
		return PUBLISH_LS_NOTHING;
	facts = str_slice(line, 0, space);
	while (str_cut(&facts, ';', &fact)) {
		size_t equals = str_find_byte(fact, '=');
		struct str name = str_slice(fact, 0, equals), value = str_slice(fact, equals + 1, fact.n);

		if (is_named(name, "type")) {
			typed = true;
			if (!take_type(value, &item))
				return PUBLISH_LS_NOTHING;
		} else if (is_named(name, "size")) {
			item.sized = read_size(value, &item.size);
		}
	}
	return typed ? take_name(&item, str_slice(line, space + 1, line.n), out) : PUBLISH_LS_STRANGE;
}
