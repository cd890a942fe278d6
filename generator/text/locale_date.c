#include "text/locale_impl.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define MS_PER_DAY 86400000.0

/* Before every date that can be written: the calendar's Julian past is never shown. */
#define GREGORIAN_FROM (-1e15)

/* Letters that mean something in ICU's date patterns, and those that only skeletons have. */
static const char pattern_letters[] = "GyYuUrQqMLwWdDFgEecabBhHkKmsSAzZOvVXx";
static const char skeleton_letters[] = "GyYuUrQqMLwWdDFgEecabBhHkKmsSAzZOvVXxjJC";

static const struct {
	const char *name;
	UDateFormatStyle style;
} lengths[] = {
	{"", UDAT_MEDIUM},
	{"short", UDAT_SHORT},
	{"medium", UDAT_MEDIUM},
	{"long", UDAT_LONG},
	{"full", UDAT_FULL},
};

static bool length_of(struct str style, UDateFormatStyle *out)
{
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		if (!str_is(style, lengths[i].name))
			continue;
		*out = lengths[i].style;
		return true;
	}
	return false;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool check_skeleton(struct str skeleton, size_t *fault)
{
	for (*fault = 0; *fault < skeleton.n; ++*fault)
		if (!skeleton.p[*fault] || !strchr(skeleton_letters, skeleton.p[*fault]))
			return false;
	return skeleton.n > 0;
}

/* Letters outside quotes must mean something, and one at least must stand there. */
static bool check_pattern(struct str pattern, size_t *fault)
{
	bool quoted = false, any = false;

	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '\'')
			quoted = !quoted;
		if (quoted || !is_letter(pattern.p[i]))
			continue;
		*fault = i;
		any = true;
		if (!strchr(pattern_letters, pattern.p[i]))
			return false;
	}
	*fault = 0;
	return any;
}

bool locale_date_style(struct str style, size_t *fault)
{
	UDateFormatStyle length;
	bool good;

	*fault = 0;
	if (length_of(style, &length))
		return true;
	if (style.n > LOCALE_MAX_STYLE_BYTES)
		return false;
	if (!str_starts(style, STR("::")))
		return check_pattern(style, fault);
	good = check_skeleton(str_slice(style, 2, style.n), fault);
	*fault += 2;
	return good;
}

/* The reader's days are Gregorian all the way back, as ours are (base/date.h). */
static void always_gregorian(UDateFormat *f)
{
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *calendar = ucal_clone(udat_getCalendar(f), &status);

	ucal_setGregorianChange(calendar, GREGORIAN_FROM, &status);
	if (U_SUCCESS(status))
		udat_setCalendar(f, calendar);
	ucal_close(calendar);
}

static UDateFormat *open_date(
	struct locale *l, UDateFormatStyle time, UDateFormatStyle date, const UChar *pattern, int32_t n)
{
	static const UChar utc[] = {'E', 't', 'c', '/', 'U', 'T', 'C'};
	UErrorCode status = U_ZERO_ERROR;
	UDateFormat *f = udat_open(time, date, l->id, utc, COUNT_OF(utc), pattern, n, &status);

	if (U_FAILURE(status)) {
		udat_close(f);
		return NULL;
	}
	always_gregorian(f);
	return f;
}

static UDateFormat *date_of_length(struct locale *l, bool time, UDateFormatStyle length)
{
	UDateFormat **f = &l->dates[time][length];

	if (!*f)
		*f = open_date(l, time ? length : UDAT_NONE, time ? UDAT_NONE : length, NULL, 0);
	return *f;
}

/* Turns the skeleton in l->in into the language's pattern for it, in l->out. */
static bool best_pattern(struct locale *l)
{
	UErrorCode status = U_ZERO_ERROR;

	if (!l->patterns)
		l->patterns = udatpg_open(l->id, &status);
	utf16_reserve(&l->out, 256);
	l->out.n = udatpg_getBestPattern(l->patterns, l->in.p, l->in.n, l->out.p, l->out.cap, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR) {
		status = U_ZERO_ERROR;
		utf16_reserve(&l->out, l->out.n + 1);
		l->out.n =
			udatpg_getBestPattern(l->patterns, l->in.p, l->in.n, l->out.p, l->out.cap, &status);
	}
	return U_SUCCESS(status);
}

static UDateFormat *open_style(struct locale *l, struct str style)
{
	if (!str_starts(style, STR("::"))) {
		utf16_set(&l->in, style);
		return open_date(l, UDAT_PATTERN, UDAT_PATTERN, l->in.p, l->in.n);
	}
	utf16_set(&l->in, str_slice(style, 2, style.n));
	if (!best_pattern(l))
		return NULL;
	return open_date(l, UDAT_PATTERN, UDAT_PATTERN, l->out.p, l->out.n);
}

/* Patterns and skeletons mean the same for dates and times, so they share the formatters. */
static UDateFormat *date_of_style(struct locale *l, struct str style)
{
	struct style *s = map_get(&l->date_styles, style);
	size_t fault;

	if (!s && locale_date_style(style, &fault)) {
		s = locale_add_style(l, &l->date_styles, style);
		s->date = open_style(l, style);
	}
	return s ? s->date : NULL;
}

void locale_date_release(struct locale *l)
{
	for (size_t i = 0; i < DATE_LENGTHS; i++) {
		udat_close(l->dates[0][i]);
		udat_close(l->dates[1][i]);
	}
	udat_close(l->moment);
	udatpg_close(l->patterns);
}

static bool instant_of(struct value when, UDate *out)
{
	if (when.kind == VALUE_DATE && when.date.year) {
		*out = (double)date_to_days(when.date) * MS_PER_DAY;
		return true;
	}
	*out = when.kind == VALUE_TIME ? (double)when.integer : 0;
	return when.kind == VALUE_TIME;
}

static void write_date(struct locale *l, UDateFormat *f, UDate instant, struct buf *out)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t n;

	utf16_reserve(&l->out, 128);
	n = udat_format(f, instant, l->out.p, l->out.cap, NULL, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR) {
		status = U_ZERO_ERROR;
		utf16_reserve(&l->out, n + 1);
		n = udat_format(f, instant, l->out.p, l->out.cap, NULL, &status);
	}
	if (U_SUCCESS(status))
		utf16_add_to(out, l->out.p, n);
	else
		buf_fail(out);
}

bool locale_date(struct locale *l, struct value when, bool time, struct str style, struct buf *out)
{
	UDateFormatStyle length;
	UDateFormat *f;
	UDate instant;

	if (!instant_of(when, &instant))
		return false;
	f = length_of(style, &length) ? date_of_length(l, time, length) : date_of_style(l, style);
	if (!f)
		return false;
	write_date(l, f, instant, out);
	return true;
}

bool locale_moment(struct locale *l, struct value when, struct buf *out)
{
	UDate instant;

	if (!instant_of(when, &instant))
		return false;
	if (!l->moment)
		l->moment = open_date(l, UDAT_SHORT, UDAT_MEDIUM, NULL, 0);
	if (l->moment)
		write_date(l, l->moment, instant, out);
	return l->moment != NULL;
}
