#include "base/buf.h"

#include "support/check.h"

static void appends(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_text(buf_str(&b), "");
	buf_add(&b, STR("ab"));
	buf_addz(&b, "cd");
	buf_addc(&b, 'e');
	buf_addf(&b, "%d", 42);
	buf_add_utf8(&b, 0xE5);
	buf_add(&b, (struct str){0});
	assert_text(buf_str(&b), "abcde42\xC3\xA5");
	assert_int_equal(b.p[b.n], 0);
	assert_false(buf_failed(&b));
	buf_cut(&b, 2);
	assert_string_equal(b.p, "ab");
	buf_cut(&b, 99);
	assert_string_equal(b.p, "ab");
	buf_clear(&b);
	assert_text(buf_str(&b), "");
	buf_release(&b);
	buf_release(&b);
	buf_clear(&b);
	buf_cut(&b, 0);
	buf_addc(&b, 'x');
	assert_text(buf_str(&b), "x");
	buf_release(&b);
}

static void has_a_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_add(&b, STR("1234"));
	assert_false(buf_failed(&b));
	buf_addc(&b, '5');
	assert_true(buf_failed(&b));
	/* Sticky, and what was there stays. */
	buf_cut(&b, 0);
	buf_addc(&b, 'x');
	buf_addf(&b, "%s", "x");
	assert_null(buf_room(&b, 0));
	assert_text(buf_str(&b), "");
	buf_clear(&b);
	assert_false(buf_failed(&b));
	buf_addf(&b, "%s", "12345");
	assert_true(buf_failed(&b));
	assert_text(buf_str(&b), "");
	buf_release(&b);
}

static void takes_the_largest_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	buf_addc(&b, 'a');
	assert_false(buf_failed(&b));
	assert_null(buf_room(&b, SIZE_MAX));
	assert_true(buf_failed(&b));
	buf_clear(&b);
	buf_addc(&b, 'a');
	assert_null(buf_room(&b, SIZE_MAX - 1));
	buf_release(&b);
	buf_init(&b, 0);
	assert_non_null(buf_room(&b, 0));
	buf_addc(&b, 'a');
	assert_true(buf_failed(&b));
	buf_release(&b);
}

static void can_be_failed(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	buf_addc(&b, 'a');
	buf_fail(&b);
	buf_addc(&b, 'b');
	assert_true(buf_failed(&b));
	assert_text(buf_str(&b), "a");
	buf_release(&b);
}

static void lends_room(void **state)
{
	struct buf b;
	char *room;

	(void)state;
	buf_init(&b, 100000);
	for (int i = 0; i < 1000; i++) {
		room = buf_room(&b, 50);
		memset(room, 'x', 50);
		buf_added(&b, 20);
		assert_int_equal(b.p[b.n], 0);
	}
	assert_int_equal(b.n, 20000);
	buf_release(&b);
}

static struct str html(struct buf *b, struct str s)
{
	buf_clear(b);
	buf_add_html(b, s);
	return buf_str(b);
}

static struct str json(struct buf *b, struct str s)
{
	buf_clear(b);
	buf_add_json(b, s);
	return buf_str(b);
}

static void escapes_html(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_text(html(&b, STR("a<b>&\"c\"'å")), "a&lt;b&gt;&amp;&quot;c&quot;'å");
	assert_text(html(&b, STR("")), "");
	assert_text(html(&b, STR("&&")), "&amp;&amp;");
	/* At every place of a longer run, and with bytes that differ from them in the highest bit. */
	for (size_t i = 0; i < 20; i++) {
		char text[21] = "abcdefghijklmnopqrst", expected[40];

		text[i] = '<';
		snprintf(expected, sizeof(expected), "%.*s&lt;%s", (int)i, text, text + i + 1);
		assert_text(html(&b, str_make(text, 20)), expected);
		text[i] = (char)('<' | 0x80);
		assert_text(html(&b, str_make(text, 20)), text);
	}
	buf_release(&b);
}

static void escapes_json(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_text(json(&b, STR("a\"b\\c/d\n\t\r\x01\x1F\x7F å€😀")),
		"\"a\\\"b\\\\c/d\\n\\t\\r\\u0001\\u001f\\u007f å€😀\"");
	assert_text(json(&b, STR("")), "\"\"");
	assert_text(json(&b, str_make("a\0b", 3)), "\"a\\u0000b\"");
	/* Names of files are any bytes; JSON is UTF-8. */
	assert_text(json(&b, STR("\xFFz\xC3")), "\"\xEF\xBF\xBDz\xEF\xBF\xBD\"");
	assert_text(json(&b, STR("\xED\xA0\x80\"")), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\\"\"");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends),
		cmocka_unit_test(has_a_ceiling),
		cmocka_unit_test(takes_the_largest_ceiling),
		cmocka_unit_test(can_be_failed),
		cmocka_unit_test(lends_room),
		cmocka_unit_test(escapes_html),
		cmocka_unit_test(escapes_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
