/*
 * locale: what ICU knows of one language: numbers, dates, lists, plural categories, order, direction.
 *
 * A struct locale belongs to one thread (ICU's formatters are not shareable) and opens each formatter
 * when it is first needed. Nothing depends on the process's locale, time zone or default. Appends to
 * a buf; ICU failures are sticky there. Text in and out is UTF-8.
 *
 * Units: dates are civil days; times are milliseconds since the epoch, shown in UTC.
 */
#ifndef TEXT_LOCALE_H
#define TEXT_LOCALE_H

#include "base/buf.h"
#include "base/date.h"
#include "text/value.h"

struct locale;

enum plural { PLURAL_ZERO, PLURAL_ONE, PLURAL_TWO, PLURAL_FEW, PLURAL_MANY, PLURAL_OTHER, PLURAL_COUNT };

struct locale_spec {
	struct str tag;	     /* BCP 47, as configured */
	struct str digits;   /* CLDR numbering system ("latn", "arab"), or empty for the language's own */
	struct str calendar; /* CLDR calendar; empty means "gregory", not the language's own */
};

/* Never NULL: a language without data gets ICU's root, unknown digits or calendars the default. Borrows nothing. */
struct locale *locale_new(const struct locale_spec *spec);
void locale_free(struct locale *l);
struct str locale_tag(const struct locale *l); /* as configured */

/* Whether a locale_spec's digits and calendar exist, for configurations. */
bool locale_digits_known(struct str digits);
bool locale_calendar_known(struct str calendar);

/* About tags, without opening anything. */
bool locale_well_formed(struct str tag);  /* BCP 47 syntax, and a language that exists */
bool locale_has_data(struct str tag);	  /* ICU has the language itself, not only root */
bool locale_rtl(struct str tag);	  /* by the likely script */
void locale_native_name(struct buf *out, struct str tag); /* "svenska"; the tag itself when unknown */
void locale_name_in(struct buf *out, struct str tag, struct str in); /* "arabiska" for ar in sv */

/* Plural categories. */
const char *plural_name(enum plural p);
bool plural_parse(struct str name, enum plural *out);
unsigned locale_plurals(struct locale *l, bool ordinal); /* a bit for each category that exists */
/*
 * Categories that whole numbers from 0 use, as bits; `example` (if not NULL) gets such a number for
 * each of them, PLURAL_COUNT entries.
 */
unsigned locale_plurals_whole(struct locale *l, bool ordinal, int64_t *example);
/*
 * A number of a category, for people to look at: whole if there is one, else with a decimal ("1.5");
 * false when the language does not have the category.
 */
bool locale_plural_example(struct locale *l, bool ordinal, enum plural p, struct value *out) MUST_USE;
/* Category of a VALUE_INT or VALUE_DECIMAL less `offset`; PLURAL_OTHER for anything else. */
enum plural locale_plural(struct locale *l, struct value number, int64_t offset, bool ordinal);
/* The same, for the number as it is shown in a number style ("1.0 miles" is another category than "1 mile"). */
enum plural locale_plural_styled(
	struct locale *l, struct value number, int64_t offset, struct str style, bool ordinal);

/*
 * Numbers. `style` as in MessageFormat: "" (default), "integer", "percent", "currency", a number
 * skeleton after "::" ("::compact-short"), or a DecimalFormat pattern ("#,##0.00"). The default shows a
 * VALUE_DECIMAL with the fraction digits that it was written with. False when the style is unknown or
 * `number` is none (nothing written).
 */
bool locale_number(struct locale *l, struct value number, int64_t offset, struct str style, struct buf *out) MUST_USE;
/*
 * Whether locale_number() knows a style; else *fault is the offset in it that ICU stumbled at. Without a
 * locale, only what can be told without ICU.
 */
bool locale_number_style(struct locale *l, struct str style, size_t *fault) MUST_USE;

/*
 * VALUE_MONEY as an amount in its currency, VALUE_RANGE as a range of numbers. Their styles are those of
 * numbers; one that makes no sense here (a pattern, percent of money) counts as the default, in which the
 * digits are those that were written. The currency is the value's own, whatever a skeleton says.
 */
bool locale_money(struct locale *l, struct value money, struct str style, struct buf *out) MUST_USE;
bool locale_range(struct locale *l, struct value range, int64_t offset, struct str style, struct buf *out) MUST_USE;
enum plural locale_plural_range(struct locale *l, struct value range, int64_t offset);
bool locale_currency_known(struct str code); /* ISO 4217, in capitals */

/*
 * Dates and times: VALUE_DATE, VALUE_TIME. `style`: "" (medium), "short", "medium", "long", "full", or
 * a date skeleton after "::" ("::yMMMM"); an ICU date pattern otherwise. `time` selects time styles.
 */
bool locale_date(struct locale *l, struct value when, bool time, struct str style, struct buf *out) MUST_USE;
/* Whether a style can be read, asking nothing of ICU; else *fault is the offset in it of what cannot. */
bool locale_date_style(struct str style, size_t *fault) MUST_USE;

/* A list of texts: type "and" (default when empty), "or", "unit". Without patterns: joined by ", ". */
bool locale_list(struct locale *l, const struct str *items, size_t n, struct str type, struct buf *out) MUST_USE;

/* Bytes that order (memcmp) as the language's collation orders the texts; with their own arena. */
struct str locale_sort_key(struct locale *l, struct arena *a, struct str text);

/* Whether a code point may stand in a name: all but Unicode's pattern syntax and white space. */
bool text_is_name(uint32_t code_point);
/* Pattern_White_Space: what MessageFormat skips between words (direction marks are among it). */
bool text_is_space(uint32_t code_point);

/* Unicode normalization: offset of the first byte that differs from NFC, or s.n. */
size_t text_nfc_check(struct str s);

/*
 * A heading or title as an ASCII id: transliterated, lower case, apostrophes dropped, [a-z0-9-], at most
 * SLUG_MAX_BYTES (cut between words where that is possible); may be empty.
 */
#define SLUG_MAX_BYTES 60
struct str text_slug(struct arena *a, struct str s);
/* Gives back what text_slug() keeps for the calling thread; it also goes when the thread ends. */
void text_slug_release(void);

#endif
