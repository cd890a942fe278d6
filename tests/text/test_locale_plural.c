/*
 * The samples in ICU's own plural rules, as judge of locale_plural(): for every language that ICU knows,
 * cardinal and ordinal, every sample must get its category.
 */
#include "text/message_support.h"

#include <unicode/uloc.h>
#include <unicode/ures.h>
#include <unicode/ustring.h>

struct tally {
	size_t languages, samples, compact, skipped;
};

struct subject {
	const char *tag;
	struct locale *locale;
	bool ordinal;
	enum plural category;
	struct tally *tally;
};

/* "1.2c6" is 1.2 million in compact notation. */
static bool expand(struct str sample, char plain[64])
{
	size_t c = str_find_byte(sample, 'c'), point;
	struct str digits = str_slice(sample, 0, c);
	int64_t exponent;

	if (c == sample.n)
		c = str_find_byte(sample, 'e');
	digits = str_slice(sample, 0, c);
	if (c == sample.n || !str_to_int(str_slice(sample, c + 1, sample.n), &exponent))
		return false;
	point = str_find_byte(digits, '.');
	snprintf(plain, 64, "%.*s%.*s", (int)point, digits.p, (int)(digits.n - point - (point < digits.n)),
		digits.p + point + (point < digits.n));
	for (int64_t i = (int64_t)(digits.n - point) - (point < digits.n); i < exponent; i++)
		memcpy(plain + strlen(plain), "0", 2);
	return true;
}

/* Samples in compact notation need a language that has it: others show no exponent. */
static void check_compact(const struct subject *s, struct str sample)
{
	struct buf out;
	char plain[64], digits[64];
	struct value v;
	bool compact;

	assert_true(expand(sample, plain));
	v = value_decimal(str_from(plain));
	snprintf(digits, sizeof(digits), "%s", plain);
	buf_init(&out, 4096);
	assert_true(locale_number(s->locale, v, 0, STR("::compact-long integer-width/+0 .######"), &out));
	compact = !strstr(out.p, "000");
	buf_release(&out);
	if (!compact) {
		s->tally->skipped++;
		return;
	}
	s->tally->compact++;
	if (locale_plural_styled(s->locale, v, 0, STR("::compact-long .######"), s->ordinal) != s->category)
		fail_msg("%s: %.*s is not “%s”", s->tag, STR_ARG(sample), plural_name(s->category));
}

static void check_one(const struct subject *s, struct str sample)
{
	int64_t whole;
	struct value v;

	if (memchr(sample.p, 'c', sample.n) || memchr(sample.p, 'e', sample.n)) {
		check_compact(s, sample);
		return;
	}
	v = str_to_int(sample, &whole) ? value_int(whole) : value_decimal(sample);
	s->tally->samples++;
	if (locale_plural(s->locale, v, 0, s->ordinal) != s->category)
		fail_msg("%s, %s: %.*s is “%s”, not “%s”", s->tag, s->ordinal ? "ordinal" : "cardinal",
			STR_ARG(sample), plural_name(locale_plural(s->locale, v, 0, s->ordinal)),
			plural_name(s->category));
	if (v.kind == VALUE_INT && !(locale_plurals_whole(s->locale, s->ordinal, NULL) & 1u << s->category))
		fail_msg("%s: whole numbers such as %.*s are “%s”", s->tag, STR_ARG(sample),
			plural_name(s->category));
}

/* "3~10" or "0.2~1.6": from the first to the second, by the last digit. */
static void check_range(const struct subject *s, struct str from, struct str to)
{
	size_t point = str_find_byte(from, '.');
	int places = point < from.n ? (int)(from.n - point - 1) : 0;
	int64_t a, b, unit = 1;
	char text[64];

	for (int i = 0; i < places; i++)
		unit *= 10;
	snprintf(text, sizeof(text), "%.*s%.*s", (int)point, from.p, places, from.p + from.n - places);
	assert_true(str_to_int(str_from(text), &a));
	snprintf(text, sizeof(text), "%.*s%.*s", (int)str_find_byte(to, '.'), to.p, places,
		to.p + to.n - places);
	assert_true(str_to_int(str_from(text), &b));
	for (; a <= b; a++) {
		if (places)
			snprintf(text, sizeof(text), "%lld.%0*lld", (long long)(a / unit), places,
				(long long)(a % unit));
		else
			snprintf(text, sizeof(text), "%lld", (long long)a);
		check_one(s, str_from(text));
	}
}

/* "n = 1 @integer 1, 3~10, … @decimal 1.0, …" */
static void check_rule(const struct subject *s, struct str rule)
{
	struct str rest = str_slice(rule, str_find_byte(rule, '@'), rule.n), word;

	while (str_cut(&rest, ' ', &word)) {
		struct str from;

		if (str_ends(word, STR(",")))
			word.n--;
		if (word.n == 0 || word.p[0] == '@' || str_eq(word, STR("…")))
			continue;
		if (str_find_byte(word, '~') == word.n) {
			check_one(s, word);
			continue;
		}
		str_cut(&word, '~', &from);
		check_range(s, from, word);
	}
}

static struct str utf8(struct bench *b, const UChar *u, int32_t n)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t len = 0;
	char *p = arena_alloc(&b->arena, 3 * (size_t)n + 1);

	u_strToUTF8(p, 3 * n + 1, &len, u, n, &status);
	assert_true(U_SUCCESS(status));
	return str_make(p, (size_t)len);
}

static void check_rules(struct bench *b, struct subject *s, UResourceBundle *set)
{
	unsigned seen = 1u << PLURAL_OTHER;

	while (ures_hasNext(set)) {
		UErrorCode status = U_ZERO_ERROR;
		const char *key;
		int32_t n;
		const UChar *rule = ures_getNextString(set, &n, &key, &status);

		assert_true(U_SUCCESS(status));
		assert_true(plural_parse(str_from(key), &s->category));
		seen |= 1u << s->category;
		check_rule(s, utf8(b, rule, n));
	}
	if (locale_plurals(s->locale, s->ordinal) != seen)
		fail_msg("%s has other categories", s->tag);
}

static void check_language(struct bench *b, UResourceBundle *rules, const char *id, struct str set_name,
	bool ordinal, struct tally *tally)
{
	UErrorCode status = U_ZERO_ERROR;
	char tag[64];
	UResourceBundle *set;

	uloc_toLanguageTag(id, tag, sizeof(tag), true, &status);
	assert_true(U_SUCCESS(status));
	if (set_name.n == 0)
		return;
	struct subject s = {.tag = tag, .locale = open_tag(tag), .ordinal = ordinal, .tally = tally};

	set = ures_getByKey(rules, str_z(&b->arena, set_name), NULL, &status);
	assert_true(U_SUCCESS(status));
	check_rules(b, &s, set);
	ures_close(set);
	locale_free(s.locale);
	tally->languages++;
}

static void check_table(struct bench *b, const char *table, bool ordinal, struct tally *tally)
{
	UErrorCode status = U_ZERO_ERROR;
	UResourceBundle *bundle = ures_openDirect(NULL, "plurals", &status);
	UResourceBundle *languages = ures_getByKey(bundle, table, NULL, &status);
	UResourceBundle *rules = ures_getByKey(bundle, "rules", NULL, &status);

	assert_true(U_SUCCESS(status));
	while (ures_hasNext(languages)) {
		const char *id;
		int32_t n;
		const UChar *set = ures_getNextString(languages, &n, &id, &status);

		assert_true(U_SUCCESS(status));
		check_language(b, rules, id, utf8(b, set, n), ordinal, tally);
	}
	ures_close(rules);
	ures_close(languages);
	ures_close(bundle);
}

static void every_cardinal_sample_has_its_category(void **state)
{
	struct tally tally = {0};

	check_table(*state, "locales", false, &tally);
	print_message("cardinal: %zu languages, %zu samples, %zu in compact notation (%zu skipped)\n",
		tally.languages, tally.samples, tally.compact, tally.skipped);
	assert_true(tally.languages > 150 && tally.samples > 5000);
}

static void every_ordinal_sample_has_its_category(void **state)
{
	struct tally tally = {0};

	check_table(*state, "locales_ordinals", true, &tally);
	print_message("ordinal: %zu languages, %zu samples\n", tally.languages, tally.samples);
	assert_true(tally.languages > 80 && tally.samples > 2000);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_cardinal_sample_has_its_category),
		TEST(every_ordinal_sample_has_its_category),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
