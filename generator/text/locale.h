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

/* Room for a category's or a style's name. */
enum plural { PLURAL_ZERO, PLURAL_ONE, PLURAL_TWO, PLURAL_FEW, PLURAL_MANY, PLURAL_OTHER, PLURAL_COUNT };

struct locale_spec {
	struct str tag;	     /* BCP 47, as configured */
	struct str digits;   /* CLDR numbering system ("latn", "arab"), or empty for the language's own */
	struct str calendar; /* CLDR calendar; empty means "gregory", not the language's own */
};

/* Never NULL: a language without data gets ICU's root. Borrows nothing. */
struct locale *locale_new(const struct locale_spec *spec);
void locale_free(struct locale *l);

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
/* Category of a VALUE_INT or VALUE_DECIMAL less `offset`. */
enum plural locale_plural(struct locale *l, struct value number, int64_t offset, bool ordinal);

/*
 * Numbers. `style` as in MessageFormat: "" (default), "integer", "percent", "currency", or a
 * number skeleton after "::" ("::compact-short"). False when the style is unknown (nothing written).
 */
bool locale_number(struct locale *l, struct value number, int64_t offset, struct str style, struct buf *out) MUST_USE;

/*
 * Dates and times: VALUE_DATE, VALUE_TIME. `style`: "" (medium), "short", "medium", "long", "full", or
 * a date skeleton after "::" ("::yMMMM"); an ICU date pattern otherwise. `time` selects time styles.
 */
bool locale_date(struct locale *l, struct value when, bool time, struct str style, struct buf *out) MUST_USE;

/* A list of texts: type "and" (default when empty), "or", "unit". Without patterns: joined by ", ". */
bool locale_list(struct locale *l, const struct str *items, size_t n, struct str type, struct buf *out) MUST_USE;

/* Bytes that order (memcmp) as the language's collation orders the texts; with their own arena. */
struct str locale_sort_key(struct locale *l, struct arena *a, struct str text);

/* Unicode normalization: offset of the first byte that differs from NFC, or s.n. */
size_t text_nfc_check(struct str s);

/* A heading or title as an ASCII id: transliterated, lower case, [a-z0-9-], at most 60 bytes; may be empty. */
struct str text_slug(struct arena *a, struct str s);

#endif
