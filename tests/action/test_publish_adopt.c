/* Files that stand on a target before the first publish. */
#include "action/publish_site.h"

static struct place place;

static const struct page site[] = {
	{"index.html", "start"},
	{"sv/a.html", "A"},
	{"sv/b.html", "B"},
	{"packs/sv.zip", "PK"},
};

static void refused(const char *part)
{
	assert_int_equal(place_publish(&place), PUBLISH_REFUSED);
	place_why(&place, part);
	assert_false(fs_exists(fs_real(), place_path(&place, place.target, PUBLISH_FOLDER)));
}

static uint64_t inode(const char *path)
{
	struct fs_stat st;

	assert_int_equal(fs_stat(fs_real(), place_path(&place, place.target, path), &st), 0);
	return st.inode;
}

static void test_same_files(void **state)
{
	uint64_t before;

	(void)state;
	place_site(&place, site, COUNT_OF(site));
	place_write(&place, place.target, "sv/a.html", "A");
	place_write(&place, place.target, "packs/sv.zip", "PK");
	before = inode("sv/a.html");
	refused("packs/sv.zip and 1 more of the site's paths: move");
	place_why(&place, "--adopt");
	place.options.adopt = true;
	place.options.dry_run = true;
	place_publish_ok(&place);
	assert_int_equal(place.result.plan.adopted_len, 2);
	assert_int_equal(place.result.added, 2);
	assert_int_equal(place.result.bytes, 6);
	place.options.dry_run = false;
	place_publish_ok(&place);
	assert_int_equal(place.result.adopted, 2);
	assert_int_equal(place.result.added, 2);
	assert_int_equal(inode("sv/a.html"), before);
	place_check(&place, NULL);
	/* Ours from now on. */
	place.options.adopt = false;
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
	PLACE_SITE(&place, {"index.html", "start"}, {"sv/b.html", "B"}, {"packs/sv.zip", "new"});
	place_publish_ok(&place);
	assert_int_equal(place.result.deleted, 1);
	place_check(&place, NULL);
}

static void test_other_files(void **state)
{
	(void)state;
	place_site(&place, site, COUNT_OF(site));
	place.options.adopt = true;
	place_write(&place, place.target, "sv/a.html", "A");
	place_write(&place, place.target, "sv/b.html", "X");
	refused("and not the same, at, or in the way of, sv/b.html: move");
	place_write(&place, place.target, "index.html", "longer than ours");
	refused("index.html and 1 more of the site's paths");
	assert_true(str_is(place_read(&place, place.target, "sv/b.html"), "X"));
	/* A folder, and a link to the right bytes, are no files. */
	place_write(&place, place.target, "index.html", "start");
	assert_int_equal(unlink(place_path(&place, place.target, "sv/b.html")), 0);
	assert_int_equal(symlink("/dev/null", place_path(&place, place.target, "sv/b.html")), 0);
	refused("sv/b.html");
}

/* All is there, but nobody knows any more that it is ours. */
static void test_lost_manifest(void **state)
{
	static const char *const foreign[] = {".htaccess", NULL};

	(void)state;
	place_site(&place, site, COUNT_OF(site));
	place_publish_ok(&place);
	place_write(&place, place.target, ".htaccess", "theirs");
	assert_int_equal(unlink(place_path(&place, place.target, PUBLISH_MANIFEST)), 0);
	assert_int_equal(place_publish(&place), PUBLISH_REFUSED);
	place_why(&place, "and 3 more");
	place.options.adopt = true;
	place_publish_ok(&place);
	assert_int_equal(place.result.adopted, 4);
	assert_int_equal(place.result.bytes, 0);
	place_check(&place, foreign);
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
}

static int setup(void **state)
{
	(void)state;
	place_open(&place);
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
		TEST(test_same_files),
		TEST(test_other_files),
		TEST(test_lost_manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
