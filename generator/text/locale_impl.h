/*
 * locale_impl: what the files of locale share. Nobody else includes it.
 *
 * Every formatter is opened by the function that first needs it and closed by locale_free(), through
 * the *_release() function of its file.
 */
#ifndef TEXT_LOCALE_IMPL_H
#define TEXT_LOCALE_IMPL_H

#include "base/map.h"
#include "text/decimal.h"
#include "text/locale.h"

#include <unicode/ubrk.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/ulistformatter.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/unumberformatter.h>
#include <unicode/unumberrangeformatter.h>
#include <unicode/upluralrules.h>

/* An ICU locale id with its keywords. */
#define LOCALE_ID_MAX 256

/* Styles beyond "" that one locale keeps open; past that it forgets them all and begins anew. */
#define LOCALE_MAX_STYLES 256
#define LOCALE_MAX_STYLE_BYTES 512

/* Whole numbers that are tried for an example of a plural category. */
#define PLURAL_SCAN 1000

enum { DATE_FULL, DATE_LONG, DATE_MEDIUM, DATE_SHORT, DATE_LENGTHS }; /* as UDateFormatStyle */
enum { LIST_AND, LIST_OR, LIST_UNIT, LIST_TYPES };		      /* as UListFormatterType */

/* A style other than the default: of numbers (a skeleton, or what only the older API knows) or of dates. */
struct style {
	struct style *next; /* all of a locale's, to close them */
	UNumberFormatter *skeleton;
	UNumberFormat *pattern;
	UNumberFormatter *shape; /* pattern: as many digits, for plural rules; opened when needed */
	size_t fault;		 /* numbers: where ICU stumbled, when there is neither skeleton nor pattern */
	UDateFormat *date;
	UNumberRangeFormatter *range;
};

struct list_style {
	UListFormatter *format;
	bool plain; /* the language has no patterns of its own */
};

struct utf16 {
	UChar *p;
	int32_t n, cap;
};

struct locale {
	char *tag;
	char id[LOCALE_ID_MAX];		       /* for formatters: root where there is no data */
	char language[LOCALE_ID_MAX];	       /* for plural rules and collation, which know more languages */
	struct arena arena;		       /* the maps and their keys */
	struct map number_styles, date_styles; /* by style, to struct style */
	struct map range_styles;	       /* by skeleton */
	struct style *styles;
	UNumberFormatter *plain[DECIMAL_MAX_DIGITS]; /* by the number of fraction digits */
	UFormattedNumber *number;
	UFormattedNumberRange *range;
	UDateFormat *dates[2][DATE_LENGTHS];
	UDateFormat *moment; /* day and time */
	UDateTimePatternGenerator *patterns;
	struct list_style lists[LIST_TYPES];
	UCollator *collator;
	UBreakIterator *words, *sentences;
	struct plural_rules {
		UPluralRules *rules;
		unsigned all, whole;
		int64_t example[PLURAL_COUNT];
		uint8_t small[PLURAL_SCAN]; /* category plus one; 0 not asked for yet */
		bool scanned;
	} plurals[2];
	struct utf16 in, out;
};

/* UTF-16 scratch: u_strFromUTF8() and back; ill-formed bytes become U+FFFD. */
void utf16_reserve(struct utf16 *u, int32_t n);
void utf16_set(struct utf16 *u, struct str s);
void utf16_release(struct utf16 *u);
void utf16_add_to(struct buf *out, const UChar *p, int32_t n);
/* How many bytes of `s` make its first n UTF-16 units. */
size_t utf16_bytes(struct str s, int32_t n);

/* A day and its time in UTC, medium and short: how a VALUE_TIME without a type is shown. */
bool locale_moment(struct locale *l, struct value when, struct buf *out);

/* A new style under a key in one of the maps; forgets all styles first when there are too many. */
struct style *locale_add_style(struct locale *l, struct map *styles, struct str key);

/*
 * MessageFormat groups four digits even in languages that CLDR would leave them together in (1 000 in Polish);
 * so do we.
 */
#define LOCALE_GROUPED " group-on-aligned"

void locale_number_release(struct locale *l);
void locale_range_release(struct locale *l);
void locale_date_release(struct locale *l);
void locale_text_release(struct locale *l);
void locale_plural_release(struct locale *l);
void locale_readability_release(struct locale *l);

enum plural plural_of_keyword(const UChar *keyword, int32_t n);
struct plural_rules *plural_rules_of(struct locale *l, bool ordinal);
/* The category of a number that a UNumberFormatter has just made. */
enum plural plural_of_formatted(struct locale *l, const UFormattedNumber *number, bool ordinal);

#endif
