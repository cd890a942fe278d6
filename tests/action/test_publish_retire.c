/* Fingerprinted files that the site no longer has: they stay for a while. */
#include "action/publish_site.h"

#include "action/publish_retire.h"
#include "site/asset.h"

#define DAY ((int64_t)24 * 60 * 60)
#define OLD_CSS "assets/site.3f9a12cd.css"
#define NEW_CSS "assets/site.00000000.css"

static struct place place;
static int64_t now;

static int64_t fake_clock(void)
{
	return now;
}

static void test_names(void **state)
{
	static const char *const yes[] = {
		OLD_CSS, "media/sv/map.0123abcd.png", "assets/licence.3f9a12cd", "assets/a.b.3f9a12cd.min"};
	static const char *const no[] = {"site.3f9a12cd.css", "assets/site.css", "assets/site.3f9a12c.css",
		"assets/site.3F9A12CD.css", "assets/3f9a12cd.css", "assets/.3f9a12cd", "assets/3f9a12cd", "",
		"assets/", "sv/assets/site.3f9a12cd.css", "assets/site.3f9a12cd.css.html"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		if (!asset_is_fingerprinted(str_from(yes[i])))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < COUNT_OF(no); i++)
		if (asset_is_fingerprinted(str_from(no[i])))
			fail_msg("%s", no[i]);
}

static void publish_with(const char *css)
{
	place_site(&place,
		(const struct page[]){
			{css, css}, {"index.html", css}, {"sv/a.html", "A"}, {"sv/b.html", "B"}},
		4);
	place_publish_ok(&place);
}

static bool is_there(const char *path)
{
	return fs_exists(fs_real(), place_path(&place, place.target, path));
}

static void manifest_says(const char *line, bool yes)
{
	struct str text = place_read(&place, place.target, PUBLISH_MANIFEST);

	if ((str_find(text, str_from(line)) < text.n) != yes)
		fail_msg("“%s”: %.*s", line, STR_ARG(text));
}

static void test_stays_and_goes(void **state)
{
	static const char *const kept[] = {OLD_CSS, NULL};

	(void)state;
	publish_with(OLD_CSS);
	now += 100;
	publish_with(NEW_CSS);
	assert_int_equal(place.result.deleted, 0);
	assert_int_equal(place.result.retired, 1);
	place_check(&place, kept);
	manifest_says("\n^ ", true);
	manifest_says(" - 1700000100 " OLD_CSS "\n", true);
	/* Nothing to do, for as long as it may stay. */
	now += 7 * DAY - 1;
	publish_with(NEW_CSS);
	assert_true(place.result.nothing_to_do);
	assert_int_equal(place.result.retired, 1);
	now += 1;
	publish_with(NEW_CSS);
	assert_false(place.result.nothing_to_do);
	assert_int_equal(place.result.deleted, 1);
	assert_int_equal(place.result.retired, 0);
	place_check(&place, NULL);
	manifest_says("\n^ ", false);
}

static void test_lives_again(void **state)
{
	static const char *const kept[] = {NEW_CSS, NULL};

	(void)state;
	publish_with(OLD_CSS);
	publish_with(NEW_CSS);
	publish_with(OLD_CSS);
	/* Only the page was sent. */
	assert_int_equal(place.result.added, 0);
	assert_int_equal(place.result.changed, 1);
	place_check(&place, kept);
	manifest_says("= ", true);
	manifest_says(" - " OLD_CSS "\n", true);
	/* It began anew for the other. */
	now += 7 * DAY - 1;
	publish_with(NEW_CSS);
	assert_true(is_there(OLD_CSS));
	now += 2;
	publish_with(NEW_CSS);
	assert_true(is_there(OLD_CSS));
}

static void test_no_grace(void **state)
{
	(void)state;
	publish_with(OLD_CSS);
	publish_with(NEW_CSS);
	place.options.grace_seconds = 0;
	publish_with(NEW_CSS);
	assert_false(is_there(OLD_CSS));
	publish_with(OLD_CSS);
	assert_false(is_there(NEW_CSS));
}

/* Neither what waits nor what has waited is a loss that somebody must allow. */
static void test_cap(void **state)
{
	(void)state;
	PLACE_SITE(&place, {"index.html", "i"}, {"media/1.00000001.png", "1"}, {"media/2.00000002.png", "2"},
		{"media/3.00000003.png", "3"});
	place_publish_ok(&place);
	PLACE_SITE(&place, {"index.html", "i"});
	place_publish_ok(&place);
	assert_int_equal(place.result.retired, 3);
	now += 8 * DAY;
	place.options.dry_run = true;
	place_publish_ok(&place);
	assert_int_equal(place.result.deleted, 3);
	assert_int_equal(place.result.plan.expired, 3);
	place.options.dry_run = false;
	place_publish_ok(&place);
	assert_int_equal(place.result.deleted, 3);
	place_check(&place, NULL);
}

static void test_shown(void **state)
{
	struct buf text;

	(void)state;
	publish_with(OLD_CSS);
	place.options.dry_run = true;
	publish_with(NEW_CSS);
	buf_init(&text, 1 << 16);
	publish_plan_print(&text, &place.result.plan, false);
	assert_string_equal(text.p,
		"add     " NEW_CSS "  (24 bytes)\n"
		"change  index.html  (24 bytes)\n"
		"retire  " OLD_CSS "  (stays until 2023-11-21)\n"
		"1 to add, 1 to change, 0 to delete, 2 unchanged, 1 retired; 48 bytes to send\n");
	buf_clear(&text);
	publish_plan_print(&text, &place.result.plan, true);
	assert_true(str_find(buf_str(&text), STR("\"retired\":[\n{\"path\":\"" OLD_CSS
						 "\",\"until\":\"2023-11-21\"}\n]")) < text.n);
	buf_release(&text);
}

/* A clock that was far ahead when it was retired. */
static void test_wrong_clock(void **state)
{
	(void)state;
	publish_with(OLD_CSS);
	now += 10000 * DAY;
	publish_with(NEW_CSS);
	now -= 10000 * DAY;
	PLACE_SITE(&place, {NEW_CSS, NEW_CSS}, {"index.html", "x"}, {"sv/a.html", "A"}, {"sv/b.html", "B"});
	place_publish_ok(&place);
	assert_true(is_there(OLD_CSS));
	now += 7 * DAY;
	place_publish_ok(&place);
	assert_false(is_there(OLD_CSS));
}

/* What the target lost meanwhile is not listed for ever. */
static void test_lost(void **state)
{
	(void)state;
	publish_with(OLD_CSS);
	publish_with(NEW_CSS);
	assert_int_equal(unlink(place_path(&place, place.target, OLD_CSS)), 0);
	publish_with(NEW_CSS);
	assert_int_equal(place.result.retired, 0);
}

static int setup(void **state)
{
	(void)state;
	now = 1700000000;
	place_open(&place);
	place.options.clock = fake_clock;
	place.options.grace_seconds = -1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	place_close(&place);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names),
		TEST(test_stays_and_goes),
		TEST(test_lives_again),
		TEST(test_no_grace),
		TEST(test_cap),
		TEST(test_shown),
		TEST(test_wrong_clock),
		TEST(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
