/* A corrected page goes up first, with what it needs. */
#include "action/publish_memory.h"

#include "action/publish_only.h"

#define PAGE(css, rest) "<link rel=stylesheet href=\"../assets/site." css ".css\">" rest

static struct memory_server before;
static struct str only[4];

static const struct page old_pages[] = {
	{"assets/site.00000000.css", "p{background:url(map.00000000.png)}"},
	{"assets/map.00000000.png", "M0"},
	{"index.html", "old index"},
	{"packs/sv.zip", "PK old"},
	{"sv/a.html", PAGE("00000000", "old a")},
	{"sv/b.html", PAGE("00000000", "old b")},
	{"sv/gone.html", "gone"},
};

static const struct page new_pages[] = {
	{"assets/site.11111111.css", "p{background:url(map.11111111.png)}"},
	{"assets/map.11111111.png", "M1"},
	{"assets/other.11111111.png", "not needed"},
	{"index.html", "new index"},
	{"packs/en.zip", "PK en"},
	{"packs/sv.zip", "PK new"},
	{"sv/a.html",
		PAGE("11111111", "<a href=b.html>b</a><a href=new.html>n</a><a href=../packs/sv.zip>p</a>"
				 "<a href='../packs/en.zip'>e</a><a href='https://elsewhere.se/'>x</a>")},
	{"sv/b.html", PAGE("11111111", "new b")},
	{"sv/new.html", PAGE("11111111", "<a href=newer.html>")},
	{"sv/newer.html", "newer"},
	{"sv/unasked.html", "unasked"},
};

static const char *const wanted[] = {"assets/map.11111111.png", "assets/site.11111111.css", "packs/en.zip",
	"sv/a.html", "sv/new.html", "sv/newer.html"};

static const char *page(const struct page *pages, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(pages[i].path, path) == 0)
			return pages[i].text;
	return NULL;
}

static void there_is(const char *path, const char *text)
{
	const char *there = memory_server_text(&server, path);

	if (text ? !there || strcmp(there, text) != 0 : there != NULL)
		fail_msg("%s: %s", path, there ? there : "(none)");
}

static bool is_wanted(const char *path)
{
	for (size_t i = 0; i < COUNT_OF(wanted); i++)
		if (strcmp(wanted[i], path) == 0)
			return true;
	return false;
}

static void choose_old(void)
{
	snprintf(place.site, sizeof(place.site), "%s/old", place.root);
	place.options.only_count = 0;
}

static void choose_new(size_t only_count)
{
	snprintf(place.site, sizeof(place.site), "%s/new", place.root);
	place.options.only_count = only_count;
}

/* The pages that were asked for with what they need are new; all the rest is as it was. */
static void check_only(void)
{
	for (size_t i = 0; i < COUNT_OF(new_pages); i++) {
		const char *path = new_pages[i].path;

		there_is(path,
			is_wanted(path) ? new_pages[i].text : page(old_pages, COUNT_OF(old_pages), path));
	}
	for (size_t i = 0; i < COUNT_OF(old_pages); i++)
		if (!is_wanted(old_pages[i].path))
			there_is(old_pages[i].path, old_pages[i].text);
}

static void check_new(void)
{
	for (size_t i = 0; i < COUNT_OF(new_pages); i++)
		there_is(new_pages[i].path, new_pages[i].text);
	there_is("sv/gone.html", NULL);
	assert_int_equal(mark_of("sv/gone.html"), 0);
	check_tidy();
}

static void test_what_it_needs(void **state)
{
	(void)state;
	choose_old();
	place_publish_ok(&place);
	choose_new(1);
	place.options.dry_run = true;
	place_publish_ok(&place);
	assert_int_equal(place.result.added, 5);
	assert_int_equal(place.result.changed, 1);
	assert_int_equal(place.result.deleted, 0);
	place.options.dry_run = false;
	place_publish_ok(&place);
	check_only();
	assert_int_equal(place.result.added, 5);
	assert_int_equal(place.result.changed, 1);
	assert_int_equal(place.result.generation, 2);
	assert_int_equal(mark_of("sv/a.html"), '=');
	assert_int_equal(mark_of("sv/gone.html"), '=');
	assert_int_equal(mark_of("sv/unasked.html"), 0);
	/* Once is enough. */
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
	/* The rest, later. */
	choose_new(0);
	place_publish_ok(&place);
	assert_int_equal(place.result.changed, 3);
	assert_int_equal(place.result.added, 2);
	assert_int_equal(place.result.deleted, 3);
	check_new();
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
}

/* When it happens to be all that there was to do, the whole site is published. */
static void test_all_there_was(void **state)
{
	(void)state;
	choose_old();
	place_publish_ok(&place);
	PLACE_SITE(&place, {"index.html", "old index"}, {"sv/a.html", "corrected"});
	place_publish_ok(&place);
	PLACE_SITE(&place, {"index.html", "old index"}, {"sv/a.html", "corrected again"});
	place.options.only_count = 1;
	place_publish_ok(&place);
	assert_int_equal(place.result.changed, 1);
	place.options.only_count = 0;
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
}

static void test_first(void **state)
{
	(void)state;
	choose_new(1);
	place_publish_ok(&place);
	there_is("sv/a.html", page(new_pages, COUNT_OF(new_pages), "sv/a.html"));
	/* Links of a target that has nothing lead to pages that go up too. */
	there_is("sv/b.html", page(new_pages, COUNT_OF(new_pages), "sv/b.html"));
	there_is("packs/sv.zip", "PK new");
	there_is("index.html", NULL);
	there_is("sv/unasked.html", NULL);
	choose_new(0);
	place_publish_ok(&place);
	check_new();
}

static void refused(const char *part)
{
	assert_int_equal(place_publish(&place), PUBLISH_REFUSED);
	place_why(&place, part);
}

static void test_refused(void **state)
{
	(void)state;
	choose_old();
	place_publish_ok(&place);
	choose_new(1);
	only[0] = STR("sv/aa.html");
	refused("the site has no “sv/aa.html”; is “sv/a.html” meant?");
	only[0] = STR("nothing/like/it");
	refused("the site has no “nothing/like/it”");
	place.options.rollback = true;
	refused("rollback");
	place.options.rollback = false;
	/* Somebody else's file at a path that is needed. */
	only[0] = STR("sv/a.html");
	memory_server_write(&server, "sv/new.html", "theirs");
	refused("sv/new.html");
	/* What is not needed is in nobody's way. */
	memory_server_remove(&server, "sv/new.html");
	memory_server_write(&server, "sv/unasked.html", "theirs");
	place_publish_ok(&place);
}

/* A style that waits to be deleted is needed again. */
static void test_retired(void **state)
{
	(void)state;
	place.options.grace_seconds = -1;
	choose_old();
	place_publish_ok(&place);
	choose_new(0);
	place_publish_ok(&place);
	assert_int_equal(mark_of("assets/site.00000000.css"), PUBLISH_RETIRED);
	choose_old();
	place.options.only_count = 1;
	place_publish_ok(&place);
	assert_int_equal(mark_of("assets/site.00000000.css"), PUBLISH_THERE);
	assert_int_equal(mark_of("assets/map.00000000.png"), PUBLISH_THERE);
	assert_int_equal(mark_of("assets/site.11111111.css"), PUBLISH_THERE);
	there_is("sv/a.html", page(old_pages, COUNT_OF(old_pages), "sv/a.html"));
	there_is("sv/b.html", page(new_pages, COUNT_OF(new_pages), "sv/b.html"));
}

static void test_rolled_back(void **state)
{
	(void)state;
	place.options.generations = 2;
	choose_old();
	place_publish_ok(&place);
	choose_new(1);
	place_publish_ok(&place);
	choose_new(0);
	place_publish_ok(&place);
	place.options.rollback = true;
	place_publish_ok(&place);
	check_only();
	place_publish_ok(&place);
	there_is("sv/a.html", page(old_pages, COUNT_OF(old_pages), "sv/a.html"));
	there_is("sv/new.html", NULL);
}

static void test_killed(void **state)
{
	struct arena keep = place.arena;
	long at = 1;

	(void)state;
	choose_old();
	place_publish_ok(&place);
	memory_server_copy(&before, &server);
	for (bool more = true; more; at++)
		for (int then = 0; then < 3; then++) {
			memory_server_copy(&server, &before);
			next_publisher();
			server.at = at;
			choose_new(1);
			(void)place_publish(&place);
			more = server.dead;
			/* No page without its style, none with a link to nowhere. */
			if (strstr(memory_server_text(&server, "sv/a.html"), "11111111")) {
				there_is("assets/site.11111111.css", new_pages[0].text);
				there_is("assets/map.11111111.png", "M1");
				there_is("packs/en.zip", "PK en");
				assert_non_null(memory_server_text(&server, "sv/new.html"));
			}
			next_publisher();
			if (then == 0)
				choose_old();
			else
				choose_new(then == 1);
			place_publish_ok(&place);
			if (then == 1)
				check_only();
			if (then == 2)
				check_new();
			for (size_t i = 0; then == 0 && i < COUNT_OF(new_pages); i++)
				there_is(new_pages[i].path,
					page(old_pages, COUNT_OF(old_pages), new_pages[i].path));
			check_tidy();
			place.arena = keep;
		}
	assert_true(at > 20);
}

static int setup(void **state)
{
	int failed = memory_open_sites(state);

	before = (struct memory_server){0};
	memory_server_remove(&server, FOREIGN_PATH);
	choose_old();
	place_site(&place, old_pages, COUNT_OF(old_pages));
	choose_new(0);
	place_site(&place, new_pages, COUNT_OF(new_pages));
	only[0] = STR("sv/a.html");
	place.options.only = only;
	return failed;
}

static int teardown(void **state)
{
	memory_server_copy(&before, &(struct memory_server){0});
	return memory_close_sites(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_it_needs),
		TEST(test_all_there_was),
		TEST(test_first),
		TEST(test_refused),
		TEST(test_retired),
		TEST(test_rolled_back),
		TEST(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
