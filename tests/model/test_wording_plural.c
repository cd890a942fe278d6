/*
 * Plurals against ICU: every message of locales/ that has one, in its own language, for numbers of every
 * kind, says the same as ICU's MessageFormat (umsg) says. And for the launch languages, whether they have a
 * file or not, the category is the one that ICU's plural rules choose. Locale files that are added later are
 * found.
 *
 * umsg has numbered arguments of one type each, so names are replaced: {0} a number, {1} a text, {2} a date.
 * What only we have, {names, list}, is made a text for both.
 */
#include "text/message_support.h"
#include "text/yml.h"

#include <dirent.h>
#include <stdlib.h>
#include <unicode/umsg.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#define HEADER "{0,number}|{1}|{2,date}|"
#define WHEN 1795430645123.0 /* 2026-11-23 */
#define TEXT "x"

static const struct number {
	double number;
	const char *decimal; /* NULL: a whole number */
} numbers[] = {{0, NULL}, {1, NULL}, {2, NULL}, {3, NULL}, {5, NULL}, {11, NULL}, {21, NULL}, {100, NULL},
	{1.5, "1.5"}};

static struct value value_of(const struct number *n)
{
	return n->decimal ? value_decimal(str_from(n->decimal)) : value_int((int64_t)n->number);
}

/* The result of ICU, good until the next call. */
static const char *oracle(const char *tag, const char *pattern, double number)
{
	static UChar p[8192], result[16384], s[8];
	static char out[3 * COUNT_OF(result)];
	char locale[64];
	UErrorCode status = U_ZERO_ERROR;
	UMessageFormat *f;
	int32_t len;

	snprintf(locale, sizeof(locale), "%s@calendar=gregorian", tag);
	u_strFromUTF8(p, COUNT_OF(p), NULL, pattern, -1, &status);
	u_strFromUTF8(s, COUNT_OF(s), NULL, TEXT, -1, &status);
	f = umsg_open(p, u_strlen(p), locale, NULL, &status);
	len = U_SUCCESS(status) ? umsg_format(f, result, COUNT_OF(result), &status, number, s, WHEN) : 0;
	if (f)
		umsg_close(f);
	if (U_SUCCESS(status))
		u_strToUTF8(out, sizeof(out), NULL, result, len, &status);
	if (U_FAILURE(status))
		fail_msg("%s: ICU refuses “%s”: %s", tag, pattern, u_errorName(status));
	return out;
}

static int number_of(enum message_type type)
{
	if (type == MESSAGE_NUMBER || type == MESSAGE_PLURAL || type == MESSAGE_ORDINAL)
		return 0;
	return type == MESSAGE_DATE || type == MESSAGE_TIME ? 2 : 1;
}

/* What an argument of the pattern is, by its name. */
static int find_argument(const struct message *m, struct str name)
{
	const struct message_arg *args;
	size_t count = message_args(m, &args);

	for (size_t i = 0; i < count; i++)
		if (str_eq(args[i].name, name))
			return number_of(args[i].type);
	return -1;
}

/* The pattern with numbers for names; lists become texts. */
static void renumber(struct buf *out, const struct message *m, struct str pattern)
{
	buf_addz(out, HEADER);
	for (size_t i = 0; i < pattern.n; i++) {
		struct str rest = str_slice(pattern, i + 1, pattern.n);
		size_t brace = str_find_byte(rest, '}'), comma = str_find_byte(rest, ',');
		size_t end = brace < comma ? brace : comma;
		int argument = pattern.p[i] == '{' ? find_argument(m, str_trim(str_slice(rest, 0, end))) : -1;
		struct str after = str_trim(str_slice(rest, end + 1, rest.n));

		buf_addc(out, pattern.p[i]);
		if (argument < 0)
			continue;
		buf_addf(out, "%d", argument);
		i += end; /* the loop passes the brace */
		if (comma < brace && str_starts(after, STR("list")))
			i += brace - end;
	}
}

static bool has_plural(const struct message *m)
{
	const struct message_choice *choices;
	size_t count = message_choices(m, &choices);

	for (size_t i = 0; i < count; i++)
		if (choices[i].type != MESSAGE_SELECT)
			return true;
	return false;
}

static void compare(struct bench *b, const char *tag, struct locale *l, const char *pattern)
{
	struct message *m = compile(b, pattern, l);

	if (!m)
		fail_msg("%s: “%s” does not compile", tag, pattern);
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		const char *want = oracle(tag, pattern, numbers[i].number), *got;
		bool ok;

		b->map.map->len = 0;
		set(b, "0", value_of(&numbers[i]));
		set(b, "1", value_str(STR(TEXT)));
		set(b, "2", value_time((int64_t)WHEN));
		got = format(b, l, m, &ok);
		assert_true(ok);
		if (strcmp(got, want) != 0)
			fail_msg("%s, %g: “%s”\n  ours %s\n  ICU  %s", tag, numbers[i].number, pattern, got,
				want);
	}
}

/* As deep as YAML may be: YML_MAX_DEPTH. Returns how many messages had a plural. */
static size_t compare_group(struct bench *b, const char *tag, struct locale *l, struct yml *group)
{
	size_t compared = 0;

	yml_each (y, group) {
		struct message *m;
		struct buf pattern;

		if (y->kind == YML_MAP)
			compared += compare_group(b, tag, l, y);
		if (y->kind != YML_SCALAR || yml_is_null(y))
			continue;
		m = compile(b, y->text.p, l);
		if (!m || !has_plural(m))
			continue;
		buf_init(&pattern, 1 << 20);
		renumber(&pattern, m, y->text);
		compare(b, tag, l, pattern.p);
		buf_release(&pattern);
		compared++;
	}
	return compared;
}

static struct str read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = arena_alloc(a, 1 << 20);
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, 1 << 20, f);
	fclose(f);
	return str_make(text, n);
}

static size_t compare_file(struct bench *b, const char *name)
{
	struct str tag = str_slice(str_from(name), 0, strlen(name) - strlen(".yaml"));
	const char *z = str_z(&b->arena, tag);
	struct str path = str_fmt(&b->arena, SOURCE_DIR "/locales/%s", name);
	struct locale *l = open_tag(z);
	struct source src;
	size_t compared;

	source_init(&src, path, read_file(&b->arena, path.p));
	compared = compare_group(b, z, l, yml_parse(&b->arena, &src, 0, src.text.n, &b->diag));
	source_release(&src);
	diag_clear(&b->diag);
	locale_free(l);
	return compared;
}

static void every_message_with_a_plural_agrees(void **state)
{
	DIR *folder = opendir(SOURCE_DIR "/locales");
	size_t files = 0;

	assert_non_null(folder);
	for (struct dirent *e; (e = readdir(folder)) != NULL;) {
		if (!str_ends(str_from(e->d_name), STR(".yaml")))
			continue;
		if (compare_file(*state, e->d_name) == 0)
			fail_msg("%s has no message with a plural", e->d_name);
		files++;
	}
	closedir(folder);
	assert_true(files >= 3);
}

static const char *const launch[] = {"sv", "en", "ar", "so", "ti", "fa", "ckb", "uk", "pl", "fi"};

static const char *icu_category(const char *tag, double number)
{
	static char name[16];
	UErrorCode status = U_ZERO_ERROR;
	UPluralRules *rules = uplrules_open(tag, &status);
	UChar keyword[16];

	uplrules_select(rules, number, keyword, COUNT_OF(keyword), &status);
	assert_true(U_SUCCESS(status));
	u_UCharsToChars(keyword, name, u_strlen(keyword) + 1);
	uplrules_close(rules);
	return name;
}

static void every_launch_language_chooses_as_icu(void **state)
{
	struct bench *b = *state;
	struct message *m = compile(
		b, "{n, plural, zero {zero} one {one} two {two} few {few} many {many} other {other}}", NULL);

	assert_non_null(m);
	for (size_t i = 0; i < COUNT_OF(launch); i++) {
		struct locale *l = open_tag(launch[i]);

		for (size_t k = 0; k < COUNT_OF(numbers); k++) {
			bool ok;

			b->map.map->len = 0;
			set(b, "n", value_of(&numbers[k]));
			assert_string_equal(format(b, l, m, &ok), icu_category(launch[i], numbers[k].number));
			assert_true(ok);
		}
		locale_free(l);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_message_with_a_plural_agrees),
		TEST(every_launch_language_chooses_as_icu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
