#include "text/locale_impl.h"

#include <unicode/ustring.h>

/* Whole numbers beyond this have digits that a double does not: they are asked about digit by digit. */
#define PLURAL_EXACT ((int64_t)1 << 53)

static const char *const plural_names[PLURAL_COUNT] = {"zero", "one", "two", "few", "many", "other"};

const char *plural_name(enum plural p)
{
	return plural_names[p];
}

bool plural_parse(struct str name, enum plural *out)
{
	for (size_t i = 0; i < PLURAL_COUNT; i++) {
		if (!str_is(name, plural_names[i]))
			continue;
		*out = (enum plural)i;
		return true;
	}
	return false;
}

enum plural plural_of_keyword(const UChar *keyword, int32_t n)
{
	char text[16];
	enum plural p;

	if (n >= (int32_t)sizeof(text))
		return PLURAL_OTHER;
	u_UCharsToChars(keyword, text, n);
	return plural_parse(str_make(text, (size_t)n), &p) ? p : PLURAL_OTHER;
}

struct plural_rules *plural_rules_of(struct locale *l, bool ordinal)
{
	struct plural_rules *r = &l->plurals[ordinal];
	UErrorCode status = U_ZERO_ERROR;

	if (r->rules)
		return r;
	r->rules = uplrules_openForType(
		l->language, ordinal ? UPLURAL_TYPE_ORDINAL : UPLURAL_TYPE_CARDINAL, &status);
	if (U_FAILURE(status))
		die("ICU's plural rules cannot be read: %s", u_errorName(status));
	return r;
}

void locale_plural_release(struct locale *l)
{
	for (size_t i = 0; i < COUNT_OF(l->plurals); i++)
		uplrules_close(l->plurals[i].rules);
}

unsigned locale_plurals(struct locale *l, bool ordinal)
{
	struct plural_rules *r = plural_rules_of(l, ordinal);
	UErrorCode status = U_ZERO_ERROR;
	UEnumeration *keywords;
	enum plural p;

	if (r->all)
		return r->all;
	keywords = uplrules_getKeywords(r->rules, &status);
	for (const char *name; (name = uenum_next(keywords, NULL, &status)) != NULL;)
		if (plural_parse(str_from(name), &p))
			r->all |= 1u << p;
	uenum_close(keywords);
	r->all |= 1u << PLURAL_OTHER;
	return r->all;
}

static enum plural select_whole(struct plural_rules *r, int64_t n)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar keyword[16];
	int32_t len = uplrules_select(r->rules, (double)n, keyword, COUNT_OF(keyword), &status);

	return U_SUCCESS(status) ? plural_of_keyword(keyword, len) : PLURAL_OTHER;
}

/* Whole numbers, with a table for the small ones. */
static enum plural plural_of_whole(struct plural_rules *r, int64_t n)
{
	if (n < 0)
		n = -n; /* the rules speak of absolute values */
	if (n >= PLURAL_SCAN)
		return select_whole(r, n);
	if (!r->small[n])
		r->small[n] = (uint8_t)(select_whole(r, n) + 1);
	return (enum plural)(r->small[n] - 1);
}

/* Notes the category of n; true when every category has its example. */
static bool note_example(struct plural_rules *r, int64_t n)
{
	enum plural p = plural_of_whole(r, n);

	if (!(r->whole & 1u << p)) {
		r->whole |= 1u << p;
		r->example[p] = n;
	}
	return r->whole == r->all;
}

static void scan(struct locale *l, struct plural_rules *r, bool ordinal)
{
	bool done = false;

	locale_plurals(l, ordinal);
	for (int64_t n = 1; n < PLURAL_SCAN && !done; n++)
		done = note_example(r, n);
	done = done || note_example(r, 0); /* the oddest example, so only if it must be */
	/* Some languages have a category for millions, or for round numbers. */
	for (int64_t n = PLURAL_SCAN; n <= 1000000000 && !done; n *= 10)
		done = note_example(r, n);
	r->scanned = true;
}

unsigned locale_plurals_whole(struct locale *l, bool ordinal, int64_t *example)
{
	struct plural_rules *r = plural_rules_of(l, ordinal);

	if (!r->scanned)
		scan(l, r, ordinal);
	if (example)
		memcpy(example, r->example, sizeof(r->example));
	return r->whole;
}

bool locale_plural_example(struct locale *l, bool ordinal, enum plural p, struct value *out)
{
	/* Categories that no whole number has are those of fractions. */
	static const char *const decimals[] = {
		"1.5", "0.5", "0.1", "0.2", "1.0", "0.0", "2.0", "10.0", "1.31"};
	int64_t example[PLURAL_COUNT];

	if (locale_plurals_whole(l, ordinal, example) & 1u << p) {
		*out = value_int(example[p]);
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(decimals); i++) {
		struct value v = value_decimal(str_from(decimals[i]));

		if (locale_plural(l, v, 0, ordinal) != p)
			continue;
		*out = v;
		return true;
	}
	return false;
}

enum plural plural_of_formatted(struct locale *l, const UFormattedNumber *number, bool ordinal)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar keyword[16];
	int32_t n = uplrules_selectFormatted(
		plural_rules_of(l, ordinal)->rules, number, keyword, COUNT_OF(keyword), &status);

	return U_SUCCESS(status) ? plural_of_keyword(keyword, n) : PLURAL_OTHER;
}

enum plural locale_plural(struct locale *l, struct value number, int64_t offset, bool ordinal)
{
	int64_t n;

	if (number.kind == VALUE_INT && !__builtin_sub_overflow(number.integer, offset, &n) &&
		n > -PLURAL_EXACT && n < PLURAL_EXACT)
		return plural_of_whole(plural_rules_of(l, ordinal), n);
	return locale_plural_styled(l, number, offset, (struct str){0}, ordinal);
}
