#include "text/message_support.h"

#include "text/locale.h"

#include <pthread.h>
#include <unicode/ucal.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static const char *const launch[] = {"sv", "en", "ar", "so", "ti", "fa", "ckb", "uk", "pl", "fi"};

static struct locale *open_spec(const char *tag, const char *digits, const char *calendar)
{
	struct locale_spec spec = {str_from(tag), str_from(digits), str_from(calendar)};

	return locale_new(&spec);
}

/* The bench's buffer as a C string, emptied for the next piece. */
static const char *take(struct bench *b)
{
	static char text[1024];

	assert_true(b->out.n < sizeof(text));
	memcpy(text, b->out.p ? b->out.p : "", b->out.n);
	text[b->out.n] = '\0';
	buf_clear(&b->out);
	return text;
}

static const char *number(struct bench *b, struct locale *l, struct value v, const char *style)
{
	assert_true(locale_number(l, v, 0, str_from(style), &b->out));
	return take(b);
}

static const char *date(struct bench *b, struct locale *l, const char *iso, const char *style)
{
	struct date d;

	assert_true(date_parse(str_from(iso), &d));
	assert_true(locale_date(l, value_date(d), false, str_from(style), &b->out));
	return take(b);
}

static void tags_are_told_apart(void **state)
{
	static const struct {
		const char *tag;
		bool well_formed, data, rtl;
	} cases[] = {
		{"sv", true, true, false},
		{"en", true, true, false},
		{"ar", true, true, true},
		{"fa-AF", true, true, true},
		{"ckb", true, true, true},
		{"ti", true, true, false},
		{"sv-SE", true, true, false},
		{"sr-Latn", true, true, false},
		{"ku", true, true, false},
		{"ku-Arab", true, false, true},
		{"kmr", true, false, false},
		{"prs", true, false, false},
		{"he", true, true, true},
		{"smj", true, false, false},
		{"xx", false, false, false},
		{"english", false, false, false},
		{"sv_SE", false, false, false},
		{"sv-", false, false, false},
		{"", false, false, false},
		{"und", false, false, false},
		{"root", false, false, false},
		{"x-own", false, false, false},
		{"sv SE", false, false, false},
		{"../sv", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str tag = str_from(cases[i].tag);

		if (locale_well_formed(tag) != cases[i].well_formed ||
			locale_has_data(tag) != cases[i].data || locale_rtl(tag) != cases[i].rtl)
			fail_msg("%s: %d %d %d", cases[i].tag, locale_well_formed(tag), locale_has_data(tag),
				locale_rtl(tag));
	}
	for (size_t i = 0; i < COUNT_OF(launch); i++)
		assert_true(locale_well_formed(str_from(launch[i])) && locale_has_data(str_from(launch[i])));
}

static void languages_have_names(void **state)
{
	static const struct {
		const char *tag, *own, *swedish;
	} cases[] = {
		{"sv", "svenska", "svenska"},
		{"en", "English", "engelska"},
		{"ar", "العربية", "arabiska"},
		{"so", "Soomaali", "somaliska"},
		{"ti", "ትግርኛ", "tigrinja"},
		{"fa", "فارسی", "persiska"},
		{"fa-AF", "دری", "dari"},
		{"ckb", "کوردیی ناوەندی", "soranisk kurdiska"},
		{"uk", "українська", "ukrainska"},
		{"pl", "polski", "polska"},
		{"fi", "suomi", "finska"},
		{"kmr", "kmr", "kurdiska"},
		{"xx", "xx", "xx"},
		{"no tag", "no tag", "no tag"},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		locale_native_name(&b->out, str_from(cases[i].tag));
		assert_string_equal(take(b), cases[i].own);
		locale_name_in(&b->out, str_from(cases[i].tag), STR("sv"));
		assert_string_equal(take(b), cases[i].swedish);
	}
	locale_name_in(&b->out, STR("sv"), STR("xx"));
	assert_string_equal(take(b), "sv");
}

static void numbers_follow_language_and_digits(void **state)
{
	struct bench *b = *state;
	struct locale *sv = open_tag("sv"), *ar = open_tag("ar"), *fa = open_spec("fa", "latn", ""),
		      *tagged = open_tag("fa-u-nu-latn"), *bad = open_spec("sv", "nonsense", "nonsense");

	assert_string_equal(number(b, sv, value_int(-1234567), ""), "−1\u00a0234\u00a0567");
	assert_string_equal(number(b, sv, value_decimal(STR("0.50")), ""), "0,50");
	assert_string_equal(number(b, sv, value_decimal(STR("0.125")), "percent"), "12\u00a0%");
	assert_string_equal(number(b, sv, value_int(1500), "::currency/SEK"), "1\u00a0500,00\u00a0kr");
	assert_string_equal(number(b, sv, value_int(4580), "::compact-short"), "4,6\u00a0tn");
	assert_string_equal(number(b, ar, value_int(112), ""), "١١٢");
	assert_string_equal(number(b, fa, value_int(1234), ""), "1,234");
	assert_string_equal(number(b, tagged, value_int(1234), ""), "1,234");
	assert_string_equal(number(b, bad, value_int(1234), ""), "1\u00a0234");
	assert_true(locale_number(sv, value_int(3), 5, (struct str){0}, &b->out));
	assert_string_equal(take(b), "−2");
	assert_false(locale_number(sv, value_int(3), 0, STR("nonsense"), &b->out));
	assert_false(locale_number(sv, value_int(3), 0, STR("::nonsense"), &b->out));
	assert_false(locale_number(sv, value_str(STR("3")), 0, (struct str){0}, &b->out));
	assert_int_equal(b->out.n, 0);
	locale_free(sv);
	locale_free(ar);
	locale_free(fa);
	locale_free(tagged);
	locale_free(bad);
}

static void digits_and_calendars_are_known_or_not(void **state)
{
	(void)state;
	assert_true(locale_digits_known(STR("latn")) && locale_digits_known(STR("arabext")));
	assert_false(locale_digits_known(STR("roman")) || locale_digits_known(STR("foo")) ||
		     locale_digits_known(STR("")));
	assert_true(locale_calendar_known(STR("gregory")) && locale_calendar_known(STR("persian")));
	assert_false(locale_calendar_known(STR("foo")) || locale_calendar_known(STR("")));
}

static void dates_are_gregorian_unless_configured(void **state)
{
	struct bench *b = *state;
	struct locale *sv = open_tag("sv"), *fa = open_spec("fa", "latn", ""),
		      *solar = open_spec("fa", "latn", "persian"),
		      *tagged = open_tag("fa-u-ca-persian-nu-latn");

	assert_string_equal(date(b, sv, "2026-11-23", ""), "23 nov. 2026");
	assert_string_equal(date(b, sv, "2026-11-23", "full"), "måndag 23 november 2026");
	assert_string_equal(date(b, sv, "2026-11-23", "short"), "2026-11-23");
	assert_string_equal(date(b, sv, "2026-11-23", "::MMMd"), "23 nov.");
	assert_string_equal(date(b, sv, "2026-11-23", "yyyy'-w'ww"), "2026-w48");
	assert_string_equal(date(b, sv, "1523-06-06", "long"), "6 juni 1523");
	assert_string_equal(date(b, sv, "0001-01-01", "long"), "1 januari 1");
	assert_string_equal(date(b, fa, "2026-11-23", "long"), "23 نوامبر 2026");
	assert_string_equal(date(b, solar, "2026-11-23", "long"), "2 آذر 1405");
	assert_string_equal(date(b, tagged, "2026-11-23", "long"), "2 آذر 1405");
	assert_false(locale_date(sv, value_date((struct date){2026, 1, 1}), false, STR("nonsense"), &b->out));
	assert_false(locale_date(sv, value_date((struct date){0}), false, (struct str){0}, &b->out));
	assert_false(locale_date(sv, value_int(7), false, (struct str){0}, &b->out));
	locale_free(sv);
	locale_free(fa);
	locale_free(solar);
	locale_free(tagged);
}

static void times_are_utc(void **state)
{
	struct bench *b = *state;
	struct locale *sv = open_tag("sv");
	struct value when = value_time(1795430645123);

	assert_true(locale_date(sv, when, true, STR("short"), &b->out));
	assert_string_equal(take(b), "10:44");
	assert_true(locale_date(sv, when, true, STR("::Hms"), &b->out));
	assert_string_equal(take(b), "10:44:05");
	assert_true(locale_date(sv, when, true, STR("HH:mm:ss.SSS"), &b->out));
	assert_string_equal(take(b), "10:44:05.123");
	assert_true(locale_date(sv, value_time(-1), false, STR("short"), &b->out));
	assert_string_equal(take(b), "1969-12-31");
	locale_free(sv);
}

/* Whatever the process's defaults are, output is the same; unknown languages get ICU's root. */
static void nothing_depends_on_the_process(void **state)
{
	static const UChar zone[] = {'P', 'a', 'c', 'i', 'f', 'i', 'c', '/', 'A', 'p', 'i', 'a', 0};
	static const char *const tags[] = {"sv", "xx", "kmr", "not a tag", "", "ti"};
	struct bench *b = *state;
	const char *defaults[] = {"root", "fa_IR@numbers=arab", "th_TH@calendar=buddhist"};
	struct str first = {0};
	UErrorCode status = U_ZERO_ERROR;

	ucal_setDefaultTimeZone(zone, &status);
	for (size_t d = 0; d < COUNT_OF(defaults); d++) {
		uloc_setDefault(defaults[d], &status);
		for (size_t t = 0; t < COUNT_OF(tags); t++) {
			struct locale *l = open_tag(tags[t]);
			struct str items[] = {STR("a"), STR("b"), STR("c")};

			assert_string_equal(locale_tag(l).p, tags[t]);
			assert_true(
				locale_number(l, value_decimal(STR("1234.5")), 0, (struct str){0}, &b->out));
			assert_true(locale_date(l, value_time(1795430645123), false, STR("full"), &b->out));
			assert_true(locale_date(l, value_time(1795430645123), true, STR("long"), &b->out));
			assert_true(
				locale_date(l, value_time(1795430645123), true, STR("::yMMMMd"), &b->out));
			assert_true(locale_list(l, items, 3, STR("or"), &b->out));
			locale_native_name(&b->out, str_from(tags[t]));
			buf_add(&b->out, locale_sort_key(l, &b->arena, STR("Örebro")));
			locale_free(l);
		}
		if (d == 0)
			first = str_dup(&b->arena, buf_str(&b->out));
		assert_true(str_eq(first, buf_str(&b->out)));
		buf_clear(&b->out);
	}
	uloc_setDefault("root", &status);
	assert_true(U_SUCCESS(status));
}

static void lists_have_three_types(void **state)
{
	struct bench *b = *state;
	struct locale *pl = open_tag("pl"), *ckb = open_tag("ckb"), *fa = open_tag("fa");
	struct str items[] = {STR("a"), STR("b"), STR("c")};

	assert_true(locale_list(pl, items, 3, (struct str){0}, &b->out));
	assert_string_equal(take(b), "a, b i c");
	assert_true(locale_list(pl, items, 2, STR("or"), &b->out));
	assert_string_equal(take(b), "a lub b");
	assert_true(locale_list(fa, items, 3, (struct str){0}, &b->out));
	assert_string_equal(take(b), "a،\u200f b، و c");
	assert_true(locale_list(ckb, items, 3, STR("unit"), &b->out));
	assert_string_equal(take(b), "a، b، c");
	assert_true(locale_list(pl, items, 0, STR("or"), &b->out));
	assert_true(locale_list(pl, items, 1, STR("or"), &b->out));
	assert_string_equal(take(b), "a");
	assert_false(locale_list(pl, items, 3, STR("xor"), &b->out));
	locale_free(pl);
	locale_free(ckb);
	locale_free(fa);
}

static bool sorted(struct bench *b, const char *tag, const char *less, const char *more)
{
	struct locale *l = open_tag(tag);
	struct str x = locale_sort_key(l, &b->arena, str_from(less)),
		   y = locale_sort_key(l, &b->arena, str_from(more));

	locale_free(l);
	return str_cmp(x, y) < 0;
}

static void texts_sort_as_the_language_does(void **state)
{
	struct bench *b = *state;

	assert_true(sorted(b, "sv", "Zebra", "Ängel"));
	assert_true(sorted(b, "en", "Ängel", "Zebra"));
	assert_true(sorted(b, "sv", "å", "ä") && sorted(b, "sv", "ä", "ö"));
	assert_true(sorted(b, "pl", "lód", "łata") && sorted(b, "xx", "a", "B"));
	assert_true(sorted(b, "sv", "", "a") && !sorted(b, "sv", "", ""));
}

static void every_category_has_its_example(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(launch); i++) {
		struct locale *l = open_tag(launch[i]);

		for (int ordinal = 0; ordinal < 2; ordinal++) {
			int64_t example[PLURAL_COUNT];
			unsigned whole = locale_plurals_whole(l, ordinal, example),
				 all = locale_plurals(l, ordinal);

			assert_int_equal(whole & ~all, 0);
			assert_int_equal(whole, locale_plurals_whole(l, ordinal, NULL));
			for (enum plural p = 0; p < PLURAL_COUNT; p++) {
				struct value v;

				if (whole & 1u << p)
					assert_int_equal(
						locale_plural(l, value_int(example[p]), 0, ordinal), p);
				assert_int_equal(locale_plural_example(l, ordinal, p, &v), (all >> p) & 1);
				if (all & 1u << p)
					assert_int_equal(locale_plural(l, v, 0, ordinal), p);
			}
		}
		locale_free(l);
	}
}

static void categories_are_those_of_the_language(void **state)
{
	static const struct {
		const char *tag;
		unsigned whole, all;
	} cases[] = {
		{"sv", 1 << PLURAL_ONE | 1 << PLURAL_OTHER, 1 << PLURAL_ONE | 1 << PLURAL_OTHER},
		{"ar", 0x3f, 0x3f},
		{"pl", 1 << PLURAL_ONE | 1 << PLURAL_FEW | 1 << PLURAL_MANY,
			1 << PLURAL_ONE | 1 << PLURAL_FEW | 1 << PLURAL_MANY | 1 << PLURAL_OTHER},
		{"es", 1 << PLURAL_ONE | 1 << PLURAL_MANY | 1 << PLURAL_OTHER,
			1 << PLURAL_ONE | 1 << PLURAL_MANY | 1 << PLURAL_OTHER},
		{"ja", 1 << PLURAL_OTHER, 1 << PLURAL_OTHER},
		{"xx", 1 << PLURAL_OTHER, 1 << PLURAL_OTHER},
	};
	enum plural p;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct locale *l = open_tag(cases[i].tag);

		assert_int_equal(locale_plurals_whole(l, false, NULL), cases[i].whole);
		assert_int_equal(locale_plurals(l, false), cases[i].all);
		locale_free(l);
	}
	for (enum plural q = 0; q < PLURAL_COUNT; q++)
		assert_true(plural_parse(str_from(plural_name(q)), &p) && p == q);
	assert_false(plural_parse(STR("One"), &p) || plural_parse((struct str){0}, &p));
}

static void fractions_and_offsets_matter_to_plurals(void **state)
{
	struct locale *en = open_tag("en"), *ar = open_tag("ar");

	(void)state;
	assert_int_equal(locale_plural(en, value_decimal(STR("1")), 0, false), PLURAL_ONE);
	assert_int_equal(locale_plural(en, value_decimal(STR("1.0")), 0, false), PLURAL_OTHER);
	assert_int_equal(locale_plural(en, value_int(-1), 0, false), PLURAL_ONE);
	assert_int_equal(locale_plural(en, value_int(3), 2, false), PLURAL_ONE);
	assert_int_equal(locale_plural(en, value_int(22), 0, true), PLURAL_TWO);
	assert_int_equal(locale_plural(en, value_str(STR("1")), 0, false), PLURAL_OTHER);
	assert_int_equal(locale_plural(ar, value_int(INT64_MAX), 0, false), PLURAL_FEW); /* …07 */
	assert_int_equal(locale_plural(ar, value_int(INT64_MIN), 0, false), PLURAL_FEW); /* …08 */
	assert_int_equal(locale_plural(ar, value_int(INT64_MIN), 1, false), PLURAL_FEW); /* …09 */
	assert_int_equal(locale_plural_styled(en, value_int(1), 0, STR("0.0"), false), PLURAL_OTHER);
	assert_int_equal(locale_plural_styled(en, value_int(1), 0, STR("::.0"), false), PLURAL_OTHER);
	assert_int_equal(
		locale_plural_styled(en, value_decimal(STR("1.2")), 0, STR("integer"), false), PLURAL_ONE);
	assert_int_equal(
		locale_plural_styled(en, value_decimal(STR("0.01")), 0, STR("percent"), false), PLURAL_ONE);
	locale_free(en);
	locale_free(ar);
}

static void styles_are_forgotten_not_hoarded(void **state)
{
	struct bench *b = *state;
	struct locale *l = open_tag("en");
	char style[32];

	for (int i = 0; i < 600; i++) {
		snprintf(style, sizeof(style), "0.0'%d'", i);
		assert_true(locale_number(l, value_int(1), 0, str_from(style), &b->out));
		take(b);
		snprintf(style, sizeof(style), "y'%d'", i);
		assert_true(locale_date(l, value_time(0), false, str_from(style), &b->out));
		take(b);
	}
	assert_string_equal(number(b, l, value_int(1), "0.0'x'"), "1.0x");
	locale_free(l);
}

static void nfc_faults_are_found(void **state)
{
	static const struct {
		const char *text;
		size_t at; /* SIZE_MAX: none */
	} cases[] = {
		{"", SIZE_MAX}, {"plain", SIZE_MAX}, {"åäö ÅÄÖ", SIZE_MAX}, {"a\u030a", 0},
		{"abc \u00e4 a\u0308x", 7}, {"q\u0308", SIZE_MAX}, /* nothing to compose into */
		{"العَرَبِيَّة", SIZE_MAX}, /* shadda after its vowel would be another matter */
		{"\u0627\u0653 x", 0}, /* alef and madda are one letter */
		{"x\u0651\u064e", 1},  /* marks in the wrong order: shadda follows fatha */
		{"ትግርኛ українська", SIZE_MAX}, {"и\u0306", 0}, /* й */
		{"🙂\u212b", 4},			       /* the angstrom sign */
		{"가각\u1100\u1161", 6},		       /* Hangul in pieces */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str s = str_from(cases[i].text);
		size_t want = cases[i].at == SIZE_MAX ? s.n : cases[i].at;

		if (text_nfc_check(s) != want)
			fail_msg("“%s”: %zu, not %zu", cases[i].text, text_nfc_check(s), want);
	}
}

static void compare_nfc(const char *text, size_t n)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	UChar u[64];
	int32_t len;

	u_strFromUTF8(u, COUNT_OF(u), &len, text, (int32_t)n, &status);
	if (unorm2_isNormalized(nfc, u, len, &status) != (text_nfc_check(str_make(text, n)) == n))
		fail_msg("“%.*s” (%04x …)", (int)n, text, u[0]);
	assert_true(U_SUCCESS(status));
}

/* Against ICU, on random marks after random letters. */
static void nfc_agrees_with_icu(void **state)
{
	static const UChar32 pool[] = {'a', ' ', 0xE5, 0x30A, 0x308, 0x323, 0x627, 0x653, 0x651, 0x64E, 0x418,
		0x306, 0x1100, 0x1161, 0x11A8, 0x212B, 0x1F642, 0x1D15E, 0x0958, 0xAC00, 0x3046, 0x3099,
		0x3A9, 0x301};
	uint32_t random = 7;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[64];
		size_t n = 0;

		for (int k = 0; k < 8; k++) {
			random = random * 1664525 + 1013904223;
			n += utf8_encode((uint32_t)pool[(random >> 16) % COUNT_OF(pool)], text + n);
		}
		compare_nfc(text, n);
	}
}

/* Every code point after a letter of several scripts, and before marks. */
static void nfc_agrees_with_icu_on_every_character(void **state)
{
	static const uint32_t around[][2] = {
		{'a', 'b'}, {0x627, 0x654}, {0x418, 0x306}, {0x1100, 0x11A8}, {0x64E, 0x64B}};

	(void)state;
	for (uint32_t c = 1; c < 0x20000; c++) {
		if (c >= 0xD800 && c < 0xE000)
			continue;
		for (size_t i = 0; i < COUNT_OF(around); i++) {
			char text[16];
			size_t n = utf8_encode(around[i][0], text);

			n += utf8_encode(c, text + n);
			n += utf8_encode(around[i][1], text + n);
			compare_nfc(text, n);
		}
	}
}

static void slugs_are_ascii_words(void **state)
{
	static const char *const cases[][2] = {
		{"Vad händer först?", "vad-hander-forst"},
		{"Vad ha\u0308nder fo\u0308rst?", "vad-hander-forst"},
		{"  What is  LVU -- really? ", "what-is-lvu-really"},
		{"Don't (ever) panic!", "dont-ever-panic"},
		{"Don’t panic", "dont-panic"},
		{"20 kap. 1 §", "20-kap-1"},
		{"Łódź & Straße", "lodz-strasse"},
		{"ÆSIR ĐÀ ØLEŊ þorn œuvre", "aesir-da-olen-thorn-oeuvre"},
		{"Fråga – «svar»…", "fraga-svar"},
		{"Ɓa ƙi", "ba-ki"},
		{"Що відбувається?", "so-vidbuvaetsa"},
		{"العربية", "alrbyt"},
		{"ትግርኛ", "tgrna"},
		{"", ""},
		{"§§§", ""},
		{"—", ""},
		{"a", "a"},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(text_slug(&b->arena, str_from(cases[i][0])).p, cases[i][1]);
	text_slug_release();
	text_slug_release();
	assert_string_equal(text_slug(&b->arena, STR("Å")).p, "a");
	text_slug_release();
}

static void slugs_are_cut_between_words(void **state)
{
	struct bench *b = *state;
	struct str long_word = {0}, s;

	s = text_slug(
		&b->arena, STR("one two three four five six seven eight nine ten eleven twelve thirteen"));
	assert_string_equal(s.p, "one-two-three-four-five-six-seven-eight-nine-ten-eleven");
	s = text_slug(&b->arena, STR("aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee ffffffffff ggg"));
	assert_string_equal(s.p, "aaaaaaaaa-bbbbbbbbb-ccccccccc-ddddddddd-eeeeeeeee-ffffffffff");
	s = text_slug(&b->arena, STR("aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee ffffffffffg"));
	assert_string_equal(s.p, "aaaaaaaaa-bbbbbbbbb-ccccccccc-ddddddddd-eeeeeeeee");
	for (int i = 0; i < 300; i++)
		long_word = str_join(&b->arena, long_word, STR("å"));
	assert_int_equal(text_slug(&b->arena, long_word).n, SLUG_MAX_BYTES);
	text_slug_release();
}

/* Each thread has its own locales; what ICU shares is ICU's business. */
static void *work(void *arg)
{
	struct arena a;
	struct buf out;
	bool *good = arg;

	*good = true;
	arena_init(&a, (size_t)16 << 20);
	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < 3 * COUNT_OF(launch); i++) {
		struct locale *l = open_tag(launch[i % COUNT_OF(launch)]);

		*good = *good && locale_number(l, value_int((int64_t)i * 1000), 0, (struct str){0}, &out) &&
			locale_date(l, value_time((int64_t)i), false, STR("::yMMMM"), &out) &&
			locale_plurals_whole(l, false, NULL) && text_slug(&a, STR("Åå Щ")).n == 4;
		locale_free(l);
	}
	buf_release(&out);
	arena_release(&a);
	return NULL;
}

static void threads_do_not_meet(void **state)
{
	pthread_t threads[4];
	bool good[COUNT_OF(threads)];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &good[i]), 0);
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		pthread_join(threads[i], NULL);
		assert_true(good[i]);
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)
	const struct CMUnitTest tests[] = {
		TEST(threads_do_not_meet),
		TEST(tags_are_told_apart),
		TEST(languages_have_names),
		TEST(numbers_follow_language_and_digits),
		TEST(digits_and_calendars_are_known_or_not),
		TEST(dates_are_gregorian_unless_configured),
		TEST(times_are_utc),
		TEST(nothing_depends_on_the_process),
		TEST(lists_have_three_types),
		TEST(texts_sort_as_the_language_does),
		TEST(every_category_has_its_example),
		TEST(categories_are_those_of_the_language),
		TEST(fractions_and_offsets_matter_to_plurals),
		TEST(styles_are_forgotten_not_hoarded),
		TEST(nfc_faults_are_found),
		TEST(nfc_agrees_with_icu),
		TEST(nfc_agrees_with_icu_on_every_character),
		TEST(slugs_are_ascii_words),
		TEST(slugs_are_cut_between_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
