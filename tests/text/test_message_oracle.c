/*
 * ICU's own MessageFormat (umsg, which has numbered arguments only) as the judge of ours, for every
 * construct that both can express: a table of patterns, and patterns made at random from a fixed seed.
 *
 * The arguments: {0} a number, {1} a text, {2} a time, {3} a whole number (for the style "integer").
 */
#include "text/message_support.h"

#include <unicode/ucal.h>
#include <unicode/umsg.h>
#include <unicode/ustring.h>

/* umsg learns the arguments' types from the pattern; this names each of them. */
#define HEADER "{0,number}|{1}|{2,date}|{3,number,integer}|"

#define WHEN 1795430645123.0 /* 2026-11-23 */

static const struct language {
	const char *tag, *icu;
} languages[] = {
	{"sv", "sv@calendar=gregorian"},
	{"en", "en@calendar=gregorian"},
	{"ar", "ar@calendar=gregorian"},
	{"pl", "pl@calendar=gregorian"},
	{"uk", "uk@calendar=gregorian"},
	{"fa", "fa@calendar=gregorian"},
	{"ti", "ti@calendar=gregorian"},
	{"ckb", "ckb@calendar=gregorian"},
	{"sv-SE", "sv_SE@calendar=gregorian"},
};

static const struct number {
	double number;
	const char *decimal; /* NULL: a whole number */
} numbers[] = {
	{0, NULL},
	{1, NULL},
	{2, NULL},
	{3, NULL},
	{5, NULL},
	{11, NULL},
	{21, NULL},
	{100, NULL},
	{1.5, "1.5"},
	{-1, NULL},
	{1000000, NULL},
	{1234.5, "1234.5"},
	{0.125, "0.125"},
	{-22, NULL},
};

static const char *const texts[] = {"female", "other", "åäö ’{'", "", "# {0}"};

/* The result of ICU, NULL when it does not take the pattern; good until the next call. */
static const char *oracle(const char *locale, const char *pattern, const struct number *n, const char *text)
{
	static UChar p[8192], s[64], result[16384];
	static char out[3 * COUNT_OF(result)];
	UErrorCode status = U_ZERO_ERROR;
	UMessageFormat *f;
	int32_t len;

	u_strFromUTF8(p, COUNT_OF(p), NULL, pattern, -1, &status);
	u_strFromUTF8(s, COUNT_OF(s), NULL, text, -1, &status);
	assert_true(U_SUCCESS(status));
	f = umsg_open(p, u_strlen(p), locale, NULL, &status);
	len = U_SUCCESS(status) ? umsg_format(f, result, COUNT_OF(result), &status, n->number, s, WHEN,
					  (int32_t)n->number)
				: 0;
	if (f)
		umsg_close(f);
	if (U_FAILURE(status))
		return NULL;
	u_strToUTF8(out, sizeof(out), NULL, result, len, &status);
	assert_true(U_SUCCESS(status));
	return out;
}

static struct value value_of(const struct number *n)
{
	return n->decimal ? value_decimal(str_from(n->decimal)) : value_int((int64_t)n->number);
}

/* Ours of the same, NULL when it does not compile. */
static const char *ours(
	struct bench *b, struct locale *l, const struct message *m, const struct number *n, const char *text)
{
	bool ok;

	b->map.map->len = 0;
	set(b, "0", value_of(n));
	set(b, "1", value_str(str_from(text)));
	set(b, "2", value_time((int64_t)WHEN));
	set(b, "3", value_int((int64_t)n->number));
	return format(b, l, m, &ok);
}

static void compare(struct bench *b, const struct language *g, struct locale *l, const char *pattern,
	size_t number_from, size_t number_step)
{
	struct message *m = compile(b, pattern, NULL);

	if (!m)
		fail_msg("“%s” does not compile: %.*s", pattern,
			STR_ARG(b->diag.items[b->diag.len - 1].message));
	for (size_t i = number_from; i < COUNT_OF(numbers); i += number_step) {
		const char *text = texts[i % COUNT_OF(texts)];
		const char *want = oracle(g->icu, pattern, &numbers[i], text);
		const char *got = ours(b, l, m, &numbers[i], text);

		if (!want)
			fail_msg("ICU refuses “%s” in %s", pattern, g->tag);
		if (strcmp(got, want) != 0)
			fail_msg("%s, %g: “%s”\n  ours %s\n  ICU  %s", g->tag, numbers[i].number, pattern,
				got, want);
	}
}

static const char *const patterns[] = {
	"plain",
	"",
	"{1}",
	"{ 1 }{0,number}",
	"{0, number}",
	"{0,number,}",
	"{0,NUMBER}",
	"{0, number, percent}",
	"{0, number,  PerCent }",
	"{0, number, currency}",
	"{3, number, integer}",
	"{3,number, integer }",
	"{0, number, ::compact-short}",
	"{0, number, ::compact-long}",
	"{0, number, ::currency/SEK}",
	"{0, number, ::currency/SEK unit-width-full-name}",
	"{0, number, ::.00}",
	"{0, number,::  percent scale/100 }",
	"{0, number, ::measure-unit/length-kilometer unit-width-full-name}",
	"{0, number, ::sign-always group-off}",
	"{0, number, ::@@@}",
	"{0, number, ::scientific}",
	"{0,number,#,##0.00}",
	"{0,number, #,##0.00 ;(#)}",
	"{0,number,0000}",
	"{0,number,'#'#0.0#}",
	"{0,number,@@##}",
	"{0,number,#0.0%}",
	"{0,number,¤#,##0.00}",
	"{2, date}",
	"{2, date, short}",
	"{2, date, medium}",
	"{2, date, long}",
	"{2, date, FULL}",
	"{2, time}",
	"{2, time, short}",
	"{2, time, medium}",
	"{2, time, long}",
	"{2, time, full}",
	"{2, date, ::yMMMM}",
	"{2, date, ::yMMMMEEEEd}",
	"{2, time, ::jm}",
	"{2, time, ::Hms}",
	"{2, date, ::yQQQ}",
	"{2,date,yyyy-MM-dd}",
	"{2,date, yyyy 'år' ''yy'' }",
	"{2,time,HH:mm 'o''clock'}",
	"{2,time,hh 'o''clock' a, zzzz}",
	"{2,date,EEEE d MMMM{y}}",
	"{0, plural, one {one} other {many}}",
	"{0, plural, zero {z} one {o} two {t} few {f} many {m} other {x #}}",
	"{0, plural, =0 {none} =1 {just one} one {one #} other {# of them}}",
	"{0, plural, offset:1 =0 {none} =1 {you} one {you and one} other {you and # others}}",
	"{0, plural, offset: 2 one {#} few {# few} other {{0,number} less #}}",
	"{0, plural, offset:-1 zero {0} one {#!} two {2} few {f#} many {m#} other {# more}}",
	"{0,PLURAL,other{#}one{1 {1}}}",
	"{0, plural, =1.5 {one and a half} =-1 {minus} other {#}}",
	"{0, plural, other {early} =1 {late exact} one {late one}}",
	"{0, selectordinal, zero {#z} one {#st} two {#nd} few {#rd} many {#m} other {#th}}",
	"{0, selectordinal, offset:1 one {#st} two {#nd} few {#rd} other {#th}}",
	"{0, plural, one {{0, number, ::.0} mile} other {{0, number, ::.0} miles}}",
	"{0, plural, one {{0, number, 0.00} mile} few {f {0, number, 0.00}} many {m} other {{0, number, "
	"0.00} miles}}",
	"{0, plural, one {one} few {few} many {many} other {{0, number, percent} is other}}",
	"{0, plural, offset:1 one {one} few {few} many {many} other {{0, number, ::.0} is other, #}}",
	"{0, plural, one {one} few {few} many {many} other {{0, number, ::@@} is other}}",
	"{0, plural, one {one} few {few} many {many} other {{0, number, @@} is other}}",
	"{1, select, female {she} male {he} other {they}}",
	"{1, SELECT, other {they} female {she} åäö {x}}",
	"{1, select, female {{0, plural, one {she has #} other {she has # of {0,number}}}} other {{0, "
	"plural, one {has #} other {have #}}}}",
	"{0, plural, one {{1, select, female {# her} other {# its}}} other {{1, select, female {## hers} "
	"other {'#' # theirs}}}}",
	"{0, plural, one {a{0, plural, offset:1 one {b#} other {c#}}d#} other {e{0, plural, offset:2 one "
	"{f#} other {g#}}h#}}",
	"I don't know",
	"I don''t know",
	"it''s {1}''s",
	"'{1}' is {1}",
	"'{'{1}'}'",
	"'{it''s}' and '}'",
	"unclosed '{1} to the end",
	"unclosed '{1} with ''two",
	"an '' empty '' pair",
	"'quoted' words, '#' and #",
	"# at the top '#' too",
	"{0, plural, one {'#' is '{'#'}'} other {it''s #, '''#''' and '# not #' but #}}",
	"{0, plural, one {don't} other {don't '#'}}",
	"{1, select, other {# '#' don't '{#}'}}",
	"trailing '",
	"trailing ''",
	"'''{1}'''",
	"''{1}''",
	"'''{'{1}'}'''",
	"\xE2\x80\x8E{\xE2\x80\x8F"
	"0\xE2\x80\xA8,\xC2\x85number\xE2\x80\x8E}",
	"{0,plural,\n\tone\n{line\nbreak #}\n\tother\n{#}\n}",
};

static void patterns_agree(void **state)
{
	for (size_t g = 0; g < COUNT_OF(languages); g++) {
		struct locale *l = open_tag(languages[g].tag);

		for (size_t i = 0; i < COUNT_OF(patterns); i++) {
			char pattern[1024];

			snprintf(pattern, sizeof(pattern), HEADER "%s", patterns[i]);
			compare(*state, &languages[g], l, pattern, 0, 1);
		}
		locale_free(l);
	}
}

/* Random numbers that are the same everywhere (xorshift64*). */
static uint64_t seed;

static size_t below(size_t n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (size_t)((seed * 2685821657736338717u) >> 33) % n;
}

static const char *const leaves[] = {
	"text ",
	"it''s ",
	"don't ",
	"'{'q'}'",
	"'{quoted # ''}' ",
	"# ",
	"å ",
	"العربية ",
	"{1} ",
	" {0,number} ",
	"{0,number,percent} ",
	"{0, number, ::compact-short} ",
	"{0,number,#,##0.0#} ",
	"{3,number,integer} ",
	"{2,date,long} ",
	"{2,time,short} ",
	"{2, date, ::yMMMd} ",
	"{2,date,d/M 'kl' ''y} ",
	"🙂 ",
	"'# ",
	"'} x' ",
	"| ",
};

static const char *const categories[] = {"zero", "one", "two", "few", "many"};

static void make_parts(struct buf *out, int depth);

static void make_plural(struct buf *out, int depth, bool ordinal)
{
	buf_addz(out, ordinal ? "{0, selectordinal," : "{0,plural,");
	if (below(3) == 0)
		buf_addf(out, " offset:%d ", (int)below(4) - 1);
	for (size_t i = 0; i < COUNT_OF(categories); i++) {
		if (below(3) == 0)
			continue;
		buf_addf(out, "%s{", categories[i]);
		make_parts(out, depth - 1);
		buf_addz(out, "} ");
		if (below(4) == 0)
			buf_addf(out, "=%d{exactly %d}", (int)i * 3, (int)i * 3);
	}
	buf_addz(out, "other {");
	make_parts(out, depth - 1);
	buf_addz(out, "}}");
}

static void make_select(struct buf *out, int depth)
{
	buf_addz(out, "{1, select, ");
	if (below(2)) {
		buf_addz(out, "female {");
		make_parts(out, depth - 1);
		buf_addc(out, '}');
	}
	buf_addz(out, "other{");
	make_parts(out, depth - 1);
	buf_addz(out, "}}");
}

/* As deep as `depth`, which the caller keeps small. */
static void make_parts(struct buf *out, int depth)
{
	for (size_t n = below(4); n > 0; n--) {
		size_t kind = depth > 0 ? below(6) : 0;

		if (kind == 4)
			make_plural(out, depth, below(3) == 0);
		else if (kind == 5)
			make_select(out, depth);
		else
			buf_addz(out, leaves[below(COUNT_OF(leaves))]);
	}
}

/* Does any diagnostic say that we are stricter on purpose? */
static bool stricter(const struct diag *d)
{
	for (size_t i = 0; i < d->len; i++) {
		enum rule rule = d->items[i].rule;
		struct str m = d->items[i].message;

		if (rule == RULE_MESSAGE_DUPLICATE || rule == RULE_MESSAGE_CATEGORY ||
			rule == RULE_MESSAGE_STYLE || str_find(m, STR("closes nothing")) < m.n)
			return true;
	}
	return false;
}

/* Leaves leave some quotes open, so some of these patterns are refused, by both of us. */
static void random_patterns_agree(void **state)
{
	struct bench *b = *state;
	struct locale *opened[COUNT_OF(languages)];
	size_t compared = 0;
	struct buf pattern;

	for (size_t g = 0; g < COUNT_OF(languages); g++)
		opened[g] = open_tag(languages[g].tag);
	buf_init(&pattern, 1 << 20);
	seed = 20261122;
	for (size_t i = 0; i < 3000; i++) {
		size_t g = i % COUNT_OF(languages);

		buf_clear(&pattern);
		buf_addz(&pattern, HEADER);
		make_parts(&pattern, 3);
		if (pattern.n > 2000)
			continue;
		diag_clear(&b->diag);
		if (!compile(b, pattern.p, NULL)) {
			if (oracle(languages[g].icu, pattern.p, &numbers[0], "") && !stricter(&b->diag))
				fail_msg("only ICU takes “%s”", pattern.p);
			continue;
		}
		compare(b, &languages[g], opened[g], pattern.p, i % 5, 5);
		compared++;
	}
	buf_release(&pattern);
	for (size_t g = 0; g < COUNT_OF(languages); g++)
		locale_free(opened[g]);
	assert_true(compared > 2000);
}

static const char *const scraps[] = {
	"'",
	"'",
	"{",
	"}",
	"{",
	"}",
	"#",
	",",
	" ",
	"{0,plural,",
	"other",
	"one",
	"{1,select,",
	"x",
	"''",
	"=1",
	"offset:1",
	"{1}",
	"{0,number,",
	"::.0",
	"percent",
	"{2,date,",
	"yyyy",
	"other{",
	"one{",
	"}}",
};

/* umsg has no names, which the scraps now and then make. */
static bool has_name(const struct message *m)
{
	const struct message_arg *args;
	size_t n = message_args(m, &args);

	for (size_t i = 0; i < n; i++)
		if (args[i].name.p[0] > '9')
			return true;
	return false;
}

/* Broken patterns: what we take, ICU takes and means the same; what ICU takes, only our strictness refuses.
 */
static void broken_patterns_agree(void **state)
{
	struct bench *b = *state;
	struct locale *l = open_tag("en");
	size_t taken = 0, refused = 0;
	struct buf pattern;

	buf_init(&pattern, 1 << 20);
	for (size_t i = 0; i < 4; i++)
		set(b, "", value_null()); /* before the arena is rewound: ours() fills these anew */
	seed = 42;
	for (size_t i = 0; i < 60000; i++) {
		struct arena before = b->arena;
		const char *want, *got;

		buf_clear(&pattern);
		buf_addz(&pattern, HEADER);
		for (size_t n = 1 + below(12); n > 0; n--)
			buf_addz(&pattern, scraps[below(COUNT_OF(scraps))]);
		diag_clear(&b->diag);
		struct message *m = compile(b, pattern.p, l);

		want = oracle("en", pattern.p, &numbers[1], "x");
		if (!m && want && !stricter(&b->diag))
			fail_msg("only ICU takes “%s”: %.*s", pattern.p, STR_ARG(b->diag.items[0].message));
		if (m && has_name(m))
			continue;
		if (m && !want)
			fail_msg("only we take “%s”", pattern.p);
		got = m ? ours(b, l, m, &numbers[1], "x") : NULL;
		if (m && strcmp(got, want) != 0)
			fail_msg("“%s”\n  ours %s\n  ICU  %s", pattern.p, got, want);
		taken += m != NULL;
		refused += !m;
		b->arena = before;
	}
	buf_release(&pattern);
	locale_free(l);
	assert_true(taken > 1000 && refused > 1000);
}

static int utc(void **state)
{
	static const UChar zone[] = {'E', 't', 'c', '/', 'U', 'T', 'C', 0};
	UErrorCode status = U_ZERO_ERROR;

	(void)state;
	ucal_setDefaultTimeZone(zone, &status);
	return U_FAILURE(status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(patterns_agree, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(random_patterns_agree, bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(broken_patterns_agree, bench_setup, bench_teardown),
	};

	return cmocka_run_group_tests(tests, utc, NULL);
}
