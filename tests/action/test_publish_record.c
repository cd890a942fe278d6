#include "action/publish_site.h"

#include "action/publish_record.h"

static struct arena arena;

static struct publish_record sample(enum publish_record_kind kind)
{
	struct publish_record r = {.kind = kind,
		.generation = 7,
		.token = STR("0123456789abcdef"),
		.site = digest_of(STR("site"))};
	bool intent = kind == PUBLISH_RECORD_INTENT;
	struct publish_entry entries[] = {
		{intent ? PUBLISH_PUT : PUBLISH_THERE, STR("index.html"), digest_of(STR("a")), 1, 0},
		{intent ? PUBLISH_REMOVE : PUBLISH_LOOSE, STR("sv/åäö page.html"), digest_of(STR("b")), 4711,
			0xfeed},
		{intent ? PUBLISH_PUT : PUBLISH_THERE, STR("sv/b.html"), digest_of(STR("c")), 0,
			PUBLISH_HEADERS_UNKNOWN},
	};

	/* 'b' < 'å' */
	publish_record_add(&r, &arena, &entries[0]);
	publish_record_add(&r, &arena, &entries[2]);
	publish_record_add(&r, &arena, &entries[1]);
	return r;
}

static struct str written(const struct publish_record *r)
{
	struct buf text;
	struct str out;

	buf_init(&text, PUBLISH_RECORD_MAX_BYTES);
	publish_record_write(&text, r);
	assert_false(buf_failed(&text));
	out = str_dup(&arena, buf_str(&text));
	buf_release(&text);
	return out;
}

static void test_round_trip(void **state)
{
	(void)state;
	for (int kind = PUBLISH_RECORD_MANIFEST; kind <= PUBLISH_RECORD_INTENT; kind++) {
		struct publish_record r = sample((enum publish_record_kind)kind), back = {0}, other = {0};
		struct str text = written(&r);
		size_t line;

		assert_true(publish_record_read(&back, &arena, r.kind, text, &line));
		assert_true(str_eq(written(&back), text));
		assert_int_equal(back.generation, 7);
		assert_int_equal(back.len, 3);
		assert_int_equal(publish_record_find(&back, STR("sv/åäö page.html"))->headers, 0xfeed);
		assert_null(publish_record_find(&back, STR("sv")));
		/* One kind is never taken for the other. */
		assert_false(publish_record_read(
			&other, &arena, (enum publish_record_kind)(1 - kind), text, &line));
		assert_int_equal(line, 1);
	}
}

static void test_cut_anywhere(void **state)
{
	struct publish_record r = sample(PUBLISH_RECORD_MANIFEST), back;
	struct str text = written(&r);
	size_t line;

	(void)state;
	for (size_t n = 0; n < text.n; n++)
		assert_false(publish_record_read(
			&back, &arena, PUBLISH_RECORD_MANIFEST, str_slice(text, 0, n), &line));
	text = str_join(&arena, text, STR("\n"));
	assert_false(publish_record_read(&back, &arena, PUBLISH_RECORD_MANIFEST, text, &line));
}

static void test_any_byte_changed(void **state)
{
	struct publish_record r = sample(PUBLISH_RECORD_INTENT), back;
	struct str text = written(&r);
	size_t line, entries = str_find(text, STR("entries "));
	char *p = (char *)text.p;

	(void)state;
	for (size_t i = entries; i < text.n; i++) {
		p[i] ^= 1;
		assert_false(publish_record_read(&back, &arena, PUBLISH_RECORD_INTENT, text, &line));
		p[i] ^= 1;
	}
	assert_true(publish_record_read(&back, &arena, PUBLISH_RECORD_INTENT, text, &line));
}

/* A record that is sound but for its paths, as an attacker with a right digest would make it. */
static bool accepts(const char *first, const char *second)
{
	struct publish_record r = {.kind = PUBLISH_RECORD_MANIFEST, .token = STR("ab")}, back;
	size_t line;

	publish_record_add(&r, &arena, &(struct publish_entry){PUBLISH_THERE, str_from(first)});
	if (second)
		publish_record_add(&r, &arena, &(struct publish_entry){PUBLISH_THERE, str_from(second)});
	return publish_record_read(&back, &arena, r.kind, written(&r), &line);
}

static void test_hostile_paths(void **state)
{
	static const char *const bad[] = {"../etc/passwd", "/etc/passwd", "a/../../b", "a//b", "a/", "", ".",
		"a/.", ".faktablad/manifest", "a/.hidden", "a\\b", "a\tb", "a\x7f", "\xff\xfe"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (accepts(bad[i], NULL))
			fail_msg("“%s” was taken", bad[i]);
	assert_true(accepts("a/b.html", "a/c.html"));
	assert_false(accepts("a/c.html", "a/b.html"));
	assert_false(accepts("a", "a"));
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_any_byte_changed),
		cmocka_unit_test(test_hostile_paths),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
