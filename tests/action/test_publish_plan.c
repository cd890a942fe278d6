#include "action/publish_site.h"

#include "action/publish_plan.h"

static struct arena arena;
static struct publish_record there;
static struct manifest site;

static void is_there(const char *path, const char *text)
{
	struct publish_entry e = {
		PUBLISH_THERE, str_from(path), digest_of(str_from(text)), text ? strlen(text) : 0, 0};

	publish_record_add(&there, &arena, &e);
}

static void is_wanted(const char *path, const char *text)
{
	struct digest digest = digest_of(str_from(text));

	manifest_add(&site, &arena, str_from(path), &digest, strlen(text));
}

static struct publish_plan made(void)
{
	struct publish_plan plan;
	struct str twice;

	assert_true(manifest_sort(&site, &twice));
	publish_plan_make(&plan, &arena, &there, &site, NULL);
	return plan;
}

static void printed(const struct publish_plan *plan, bool json, const char *wanted)
{
	struct buf text;

	buf_init(&text, 1 << 20);
	publish_plan_print(&text, plan, json);
	assert_string_equal(text.p, wanted);
	buf_release(&text);
}

static void test_nothing(void **state)
{
	struct publish_plan plan = made();

	(void)state;
	assert_int_equal(plan.len, 0);
	printed(&plan, false, "0 to add, 0 to change, 0 to delete, 0 unchanged; 0 bytes to send\n");
	printed(&plan, true,
		"{\"version\":1,\"added\":0,\"changed\":0,\"deleted\":0,\"unchanged\":0,\"adopted\":[],\"retired\":[],\"bytes\":0,"
		"\"steps\":[]}\n");
}

static void test_order(void **state)
{
	struct publish_plan plan;

	(void)state;
	is_there("index.html", "old");
	is_there("same.css", "same");
	is_there("sv/changed.html", "old");
	is_there("sv/gone.html", "gone");
	is_wanted("site.0123.css", "p{}");
	is_wanted("same.css", "same");
	is_wanted("packs/sv.zip", "PK");
	is_wanted("packs/sha256sums", "sums");
	is_wanted("index.html", "new");
	is_wanted("sitemap.xml", "new");
	is_wanted("sv/changed.html", "new page");
	is_wanted("sv/fresh.html", "x");
	is_wanted("sv/index.html", "x");
	plan = made();
	printed(&plan, false,
		"add     packs/sv.zip  (2 bytes)\n"
		"add     site.0123.css  (3 bytes)\n"
		"add     sv/fresh.html  (1 byte)\n"
		"change  sv/changed.html  (8 bytes)\n"
		"change  index.html  (3 bytes)\n"
		"add     packs/sha256sums  (4 bytes)\n"
		"add     sitemap.xml  (3 bytes)\n"
		"add     sv/index.html  (1 byte)\n"
		"delete  sv/gone.html\n"
		"6 to add, 2 to change, 1 to delete, 1 unchanged; 25 bytes to send\n");
}

static void test_json(void **state)
{
	struct publish_plan plan;

	(void)state;
	is_there("b\"å.html", "x");
	is_wanted("a.html", "a");
	plan = made();
	printed(&plan, true,
		"{\"version\":1,\"added\":1,\"changed\":0,\"deleted\":1,\"unchanged\":0,\"adopted\":[],\"retired\":[],\"bytes\":1,"
		"\"steps\":[\n"
		"{\"change\":\"add\",\"path\":\"a.html\",\"size\":1,\"sha256\":"
		"\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"},\n"
		"{\"change\":\"delete\",\"path\":\"b\\\"å.html\"}\n]}\n");
}

static uint64_t seven(void *ctx, struct str path)
{
	(void)ctx;
	return str_ends(path, STR(".css")) ? 7 : 0;
}

static void test_headers_count(void **state)
{
	struct publish_headers headers = {seven, NULL};
	struct publish_plan plan;

	(void)state;
	is_there("a.css", "a");
	is_there("b.html", "b");
	is_wanted("a.css", "a");
	is_wanted("b.html", "b");
	publish_plan_make(&plan, &arena, &there, &site, &headers);
	assert_int_equal(plan.changed, 1);
	assert_int_equal(plan.steps[0].entry.headers, 7);
	there.entries[0].headers = 7;
	publish_plan_make(&plan, &arena, &there, &site, &headers);
	assert_int_equal(plan.len, 0);
}

static void test_delete_cap(void **state)
{
	(void)state;
	assert_int_equal(publish_plan_delete_cap(&there), 0);
	is_there("0", "");
	assert_int_equal(publish_plan_delete_cap(&there), 1);
	for (int i = 0; i < 29; i++)
		is_there(str_fmt(&arena, "1%02d", i).p, "");
	assert_int_equal(publish_plan_delete_cap(&there), 10);
	/* What no finished publish put there is no part of the site. */
	for (int i = 0; i < 15; i++)
		there.entries[i].mark = PUBLISH_LOOSE;
	assert_int_equal(publish_plan_delete_cap(&there), 5);
	for (int i = 0; i < 2000; i++)
		is_there(str_fmt(&arena, "2%04d", i).p, "");
	assert_int_equal(publish_plan_delete_cap(&there), PUBLISH_DELETE_CAP);
}

static void test_bytes(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {{0, "0 bytes"}, {1, "1 byte"}, {999, "999 bytes"}, {1000, "1.0 kB"}, {1049, "1.0 kB"},
		{1050, "1.1 kB"}, {999949, "999.9 kB"}, {999950, "1.0 MB"}, {1500000000, "1.5 GB"},
		{UINT64_MAX, "18446744.1 TB"}};
	struct buf text;

	(void)state;
	buf_init(&text, 100);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_clear(&text);
		publish_plan_print_bytes(&text, cases[i].bytes);
		assert_string_equal(text.p, cases[i].text);
	}
	buf_release(&text);
}

/* 100,000 files, half of them changed. */
static void test_large(void **state)
{
	struct publish_plan plan;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		const char *path = str_fmt(&arena, "sv/page-%06d.html", i).p;

		is_there(path, "old");
		is_wanted(path, i % 2 ? "old" : "new");
	}
	plan = made();
	assert_int_equal(plan.changed, 50000);
	assert_int_equal(plan.unchanged, 50000);
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	there = (struct publish_record){.kind = PUBLISH_RECORD_MANIFEST};
	site = (struct manifest){0};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_order),
		TEST(test_json),
		TEST(test_headers_count),
		TEST(test_delete_cap),
		TEST(test_bytes),
		TEST(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
