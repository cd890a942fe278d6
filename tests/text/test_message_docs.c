/* The tables of docs/messages.md: what they say a message shows is what it shows. */
#include "text/message_support.h"

#define DOCUMENT SOURCE_DIR "/docs/messages.md"

static struct str read_document(struct arena *a)
{
	FILE *f = fopen(DOCUMENT, "rb");
	char *text = arena_alloc(a, (size_t)1 << 20);
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, (size_t)1 << 20, f);
	fclose(f);
	return str_make(text, n);
}

/* People see no difference between spaces, and the document has plain ones. */
static const char *with_plain_spaces(struct arena *a, const char *text)
{
	char *out = arena_alloc(a, strlen(text) + 1), *to = out;

	for (const char *p = text; *p; p++) {
		if (strncmp(p, "\u00a0", 2) == 0 || strncmp(p, "\u202f", 3) == 0) {
			p += *p == '\xc2' ? 1 : 2;
			*to++ = ' ';
		} else
			*to++ = *p;
	}
	return out;
}

static void check_cell(struct bench *b, const char *tag, struct str pattern, struct str want)
{
	struct locale *l = open_tag(tag);
	struct message *m = message_compile(&b->arena, pattern, NULL, l, &b->diag);
	bool ok;

	assert_non_null(m);
	assert_string_equal(
		with_plain_spaces(&b->arena, format(b, l, m, &ok)), str_z(&b->arena, str_trim(want)));
	assert_true(ok);
	locale_free(l);
}

/* "| `pattern` | Swedish | English |" or "| `pattern` | English |"; false for any other line. */
static bool check_row(struct bench *b, struct str line)
{
	struct str cells[4] = {0}, cell, pattern;
	size_t n = 0;

	if (!str_starts(line, STR("| `")))
		return false;
	line = str_slice(line, 2, line.n - 1);
	while (n < COUNT_OF(cells) && str_cut(&line, '|', &cell))
		cells[n++] = cell;
	pattern = str_slice(cells[0], 1, cells[0].n);
	pattern = str_slice(pattern, 0, str_find_byte(pattern, '`'));
	if (n == 3)
		check_cell(b, "sv", pattern, cells[1]);
	check_cell(b, "en", pattern, cells[n - 1]);
	return true;
}

static void tables_are_true(void **state)
{
	struct bench *b = *state;
	struct str text = read_document(&b->arena), line;
	size_t rows = 0;

	set(b, "n", value_decimal(STR("4580.5")));
	set(b, "share", value_decimal(STR("0.9")));
	set(b, "d", value_date((struct date){2026, 11, 23}));
	set(b, "t", value_time(1795430645000));
	set(b, "name", value_str(STR("Anna")));
	while (str_cut(&text, '\n', &line))
		rows += check_row(b, line);
	assert_true(rows >= 19);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tables_are_true, bench_setup, bench_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
