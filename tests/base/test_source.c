#include "base/source.h"

#include "support/check.h"

static void assert_pos(struct source *src, size_t at, size_t line, size_t column)
{
	struct source_pos pos = source_pos(src, at);

	if (pos.line != line || pos.column != column)
		fail_msg("byte %zu is at %zu:%zu, not %zu:%zu", at, pos.line, pos.column, line, column);
}

static void counts_lines_and_code_points(void **state)
{
	struct source s;

	(void)state;
	source_init(&s, STR("p"), STR("ab\r\n\xC3\xA5\xF0\x9F\x98\x80x\n\nlast"));
	assert_pos(&s, 0, 1, 1);
	assert_pos(&s, 2, 1, 3);
	assert_pos(&s, 4, 2, 1);
	assert_pos(&s, 6, 2, 2);
	assert_pos(&s, 10, 2, 3);
	assert_pos(&s, 11, 2, 4);
	assert_pos(&s, 12, 3, 1);
	assert_pos(&s, 13, 4, 1);
	assert_pos(&s, 17, 4, 5);
	assert_pos(&s, 999, 4, 5);
	/* Backwards as well: what was asked last does not matter. */
	assert_pos(&s, 11, 2, 4);
	assert_pos(&s, 6, 2, 2);
	assert_pos(&s, 6, 2, 2);
	assert_pos(&s, 0, 1, 1);
	source_release(&s);
	source_release(&s);
	assert_pos(&s, 13, 4, 1);
	source_release(&s);
}

static void agrees_with_counting_by_hand(void **state)
{
	static const char text[] = "\xEF\xBB\xBF# å\n\n\xE2\x82\xAC\xE2\x82\xAC a\nb\r\n";
	struct source s;
	uint64_t seed = 7;

	(void)state;
	source_init(&s, STR("p"), STR("\xEF\xBB\xBF# å\n\n\xE2\x82\xAC\xE2\x82\xAC a\nb\r\n"));
	for (int i = 0; i < 5000; i++) {
		size_t at, line = 1, column = 1;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		at = (seed >> 33) % sizeof(text);
		for (size_t k = 3; k < at; k++) {
			column += ((unsigned char)text[k] & 0xC0) != 0x80;
			if (text[k] == '\n')
				line++, column = 1;
		}
		assert_pos(&s, at, line, column);
	}
	source_release(&s);
}

static void gives_lines(void **state)
{
	struct source s;

	(void)state;
	source_init(&s, STR("p"), STR("ab\r\n\nc\rd\nlast"));
	assert_text(source_line(&s, 1), "ab");
	assert_text(source_line(&s, 2), "");
	assert_text(source_line(&s, 3), "c\rd");
	assert_text(source_line(&s, 4), "last");
	assert_text(source_line(&s, 5), "");
	assert_text(source_line(&s, 0), "");
	assert_int_equal(source_line_start(&s, 1), 0);
	assert_int_equal(source_line_start(&s, 3), 5);
	assert_int_equal(source_line_start(&s, 99), 13);
	source_release(&s);
	source_init(&s, STR("p"), (struct str){0});
	assert_pos(&s, 0, 1, 1);
	assert_text(source_line(&s, 1), "");
	source_release(&s);
}

static void does_not_count_a_byte_order_mark(void **state)
{
	struct source s;

	(void)state;
	source_init(&s, STR("p"),
		STR("\xEF\xBB\xBF"
		    "a\n\xEF\xBB\xBF"
		    "b"));
	assert_pos(&s, 0, 1, 1);
	assert_pos(&s, 3, 1, 1);
	assert_pos(&s, 4, 1, 2);
	assert_pos(&s, 8, 2, 2);
	source_release(&s);
}

static void follows_origins(void **state)
{
	static const uint32_t map[] = {10, 12, 13, 20};
	struct source s;
	struct origin verbatim = {&s, 5, NULL}, mapped = {&s, 0, map};
	struct span span;

	(void)state;
	source_init(&s, STR("p"), STR("0123456789012345678901234"));
	span = origin_span(&verbatim, 1, 4);
	assert_int_equal(span.at, 6);
	assert_int_equal(span.n, 3);
	span = origin_span(&mapped, 1, 3);
	assert_int_equal(span.at, 12);
	assert_int_equal(span.n, 8);
	span = origin_span(&mapped, 2, 2);
	assert_int_equal(span.n, 0);
	source_release(&s);
}

/* A long line full of faults is walked once: else this would take minutes. */
static void is_quick_in_long_lines(void **state)
{
	size_t n = (size_t)4 << 20;
	char *text = xmalloc(n);
	struct source s;

	(void)state;
	memset(text, 'x', n);
	source_init(&s, STR("p"), str_make(text, n));
	for (size_t at = 0; at < n; at += 8)
		assert_int_equal(source_pos(&s, at).column, at + 1);
	source_release(&s);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_lines_and_code_points),
		cmocka_unit_test(agrees_with_counting_by_hand),
		cmocka_unit_test(gives_lines),
		cmocka_unit_test(does_not_count_a_byte_order_mark),
		cmocka_unit_test(follows_origins),
		cmocka_unit_test(is_quick_in_long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
