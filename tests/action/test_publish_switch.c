/* A site that changes as a whole: releases in folders, and one link. */
#include "action/publish_memory.h"

#include "action/publish_switch.h"

static struct memory_server before;

static const char *text_of(const char *path)
{
	return memory_server_text(&server, str_fmt(&place.arena, "current/%s", path).p);
}

/* Which version a visitor reads: all of one, and never a page of another. -1: there is none yet. */
static int version_read(void)
{
	struct arena keep = place.arena;
	const char *start = text_of("index.html");
	int version = start ? start[strlen("start ")] - '0' : -1;

	for (size_t i = 0; version >= 0 && i < page_count(version); i++) {
		const char *text = text_of(site_pages[version][i].path);

		if (!text || strcmp(text, site_pages[version][i].text) != 0)
			fail_msg("%s is not version %d: %s", site_pages[version][i].path, version,
				text ? text : "(none)");
	}
	assert_string_equal(memory_server_text(&server, FOREIGN_PATH), "theirs");
	place.arena = keep;
	return version;
}

/* Before every call. */
static void visit(void *ctx, enum memory_op op, const char *path)
{
	(void)ctx, (void)op, (void)path;
	(void)version_read();
}

static size_t releases(void)
{
	size_t n = 0;

	for (size_t i = 0; i < server.len; i++) {
		struct str path = str_from(server.files[i].path);

		n += str_starts(path, STR("releases/")) && str_after_last(path, '/') == strlen("releases/");
	}
	return n;
}

/* The published release holds its site and what is retired, and nothing more; nothing is left elsewhere. */
static void check_release(int version, size_t count)
{
	const char *manifest = text_of(PUBLISH_MANIFEST);
	struct publish_record r;
	size_t line;

	assert_int_equal(version_read(), version);
	assert_int_equal(releases(), count);
	assert_true(
		publish_record_read(&r, &place.arena, PUBLISH_RECORD_MANIFEST, str_from(manifest), &line));
	for (size_t i = 0; i < r.len; i++)
		assert_non_null(text_of(str_z(&place.arena, r.entries[i].path)));
	for (size_t i = 0; i < server.len; i++) {
		struct str path = str_from(server.files[i].path);

		if (is_ours(path) && !str_is(path, PUBLISH_FOLDER) &&
			(!str_starts(path, STR(PUBLISH_LOCK)) ||
				str_starts(path, STR(PUBLISH_LOCK "/held-"))))
			fail_msg("%s was left", server.files[i].path);
	}
}

static void publish_to(int version, size_t count)
{
	choose(version);
	place_publish_ok(&place);
	check_release(version, count);
}

static void rollback_to(int version, size_t count)
{
	place.options.rollback = true;
	place_publish_ok(&place);
	place.options.rollback = false;
	check_release(version, count);
}

static void refused(const char *part)
{
	assert_int_equal(place_publish(&place), PUBLISH_REFUSED);
	place_why(&place, part);
}

/* ---- what it does ---- */

static void test_releases(void **state)
{
	(void)state;
	publish_to(0, 1);
	assert_int_equal(place.result.added, 7);
	memory_server_reborn(&server);
	publish_to(1, 2);
	/* Two stay, two are new, three change. */
	assert_int_equal(server.of[MEMORY_COPY], 2);
	assert_int_equal(server.of[MEMORY_PUT], 5);
	assert_int_equal(place.result.changed, 3);
	assert_int_equal(place.result.added, 2);
	assert_int_equal(place.result.deleted, 2);
	assert_int_equal(place.result.generation, 2);
	publish_to(2, 3);
	publish_to(0, 3);
	assert_int_equal(place.result.generations, 2);
	memory_server_reborn(&server);
	publish_to(0, 3);
	assert_true(place.result.nothing_to_do);
	assert_int_equal(memory_server_total(&server) - server.of[MEMORY_CONNECT], 3);
	place.options.generations = 0;
	publish_to(1, 1);
}

static void test_dry_run(void **state)
{
	(void)state;
	place.options.dry_run = true;
	choose(0);
	place_publish_ok(&place);
	assert_int_equal(place.result.added, 7);
	assert_int_equal(releases(), 0);
}

static void test_server_cannot_copy(void **state)
{
	(void)state;
	server.cannot_copy = true;
	publish_to(0, 1);
	memory_server_reborn(&server);
	publish_to(1, 2);
	assert_int_equal(server.of[MEMORY_PUT], 7);
}

/* What somebody took from the release before is sent again. */
static void test_lost_file(void **state)
{
	(void)state;
	publish_to(0, 1);
	memory_server_remove(&server, "releases/1/sv/index.html");
	memory_server_write(&server, "releases/1/media/map.00000000.png", "damaged");
	server.before = NULL;
	publish_to(1, 2);
}

static void test_retired(void **state)
{
	(void)state;
	place.options.grace_seconds = -1;
	publish_to(0, 1);
	publish_to(1, 2);
	/* A page that somebody holds asks for it where it was. */
	assert_string_equal(text_of("assets/site.00000000.css"), "p {}");
	now += 8 * 24 * 60 * 60;
	publish_to(1, 3);
	assert_null(text_of("assets/site.00000000.css"));
}

static void test_back(void **state)
{
	(void)state;
	publish_to(0, 1);
	publish_to(1, 2);
	publish_to(2, 3);
	memory_server_reborn(&server);
	rollback_to(1, 2);
	assert_int_equal(place.result.rolled_back, 2);
	assert_int_equal(server.of[MEMORY_POINT], 1);
	assert_int_equal(server.of[MEMORY_PUT] + server.of[MEMORY_COPY], 0);
	/* The one that was left is none to come back to. */
	publish_to(0, 3);
	rollback_to(1, 2);
	rollback_to(0, 1);
	place.options.rollback = true;
	refused("keeps no earlier generation");
}

static void test_back_to_what_is_damaged(void **state)
{
	(void)state;
	publish_to(0, 1);
	publish_to(1, 2);
	memory_server_remove(&server, "releases/1/sv/index.html");
	place.options.rollback = true;
	refused("cannot go back to release 1: its sv/index.html");
	memory_server_write(&server, "releases/1/sv/index.html", "svenska");
	memory_server_write(&server, "releases/1/sv/a.html", "X 0");
	refused("cannot go back to generation 1: its sv/a.html");
	place.options.rollback = false;
	check_release(1, 2);
}

static void test_only(void **state)
{
	static const struct str only[] = {STR_INIT("sv/a.html")};

	(void)state;
	publish_to(0, 1);
	choose(1);
	place.options.only = only;
	place.options.only_count = 1;
	server.before = NULL;
	place_publish_ok(&place);
	assert_string_equal(text_of("sv/a.html"), "A 1");
	assert_string_equal(text_of("index.html"), "start 0");
	assert_string_equal(text_of("sv/b.html"), "B");
	assert_null(text_of("sv/new/c.html"));
	place.options.only_count = 0;
	publish_to(1, 3);
}

/* ---- what it refuses ---- */

static struct publish_backend_ops without_point;

static void test_refused(void **state)
{
	(void)state;
	without_point = memory_ops;
	without_point.point = NULL;
	place.options.backend = &without_point;
	choose(0);
	refused("cannot switch a whole site at once");
	place.options.backend = &memory_ops;
	memory_server_write(&server, "current/index.html", "theirs");
	server.before = NULL;
	refused("has a “current” that faktablad did not make");
	memory_server_remove(&server, "current/index.html");
	memory_server_remove(&server, "current");
	place.options.whole_switch = false;
	place_publish_ok(&place);
	place.options.whole_switch = true;
	refused("was published page by page");
	/* And the other way round. */
	place.options.settings.url = STR("memory:");
	memory_server_copy(&server, &before);
	memory_server_write(&server, FOREIGN_PATH, "theirs");
	publish_to(0, 1);
	place.options.whole_switch = false;
	refused("is switched as a whole");
	place.options.dry_run = true;
	refused("is switched as a whole");
}

/* ---- kills ---- */

static bool killed(int to, long at, bool rollback)
{
	memory_server_copy(&server, &before);
	next_publisher();
	server.at = at;
	choose(to);
	place.options.rollback = rollback;
	(void)place_publish(&place);
	place.options.rollback = false;
	(void)version_read();
	return server.dead;
}

static void kill_at_every_call(int to, bool rollback)
{
	struct arena keep = place.arena;
	long at = 1;

	memory_server_copy(&before, &server);
	for (int then = 0; then <= SITES; then++)
		for (at = 1; killed(to, at, rollback); at++) {
			next_publisher();
			if (then == SITES)
				place.options.rollback = true;
			else
				choose(then);
			place_publish_ok(&place);
			place.options.rollback = false;
			if (then < SITES)
				assert_int_equal(version_read(), then);
			check_release(version_read(), releases());
			assert_in_range(releases(), 1, 3);
			next_publisher();
			place.arena = keep;
		}
	assert_true(at > 10);
	print_message("%ld calls\n", at - 1);
}

static void test_kill(void **state)
{
	(void)state;
	publish_to(0, 1);
	publish_to(2, 2);
	kill_at_every_call(1, false);
}

static void test_kill_first(void **state)
{
	struct arena keep = place.arena;

	(void)state;
	memory_server_copy(&before, &server);
	for (int then = 0; then < SITES; then++)
		for (long at = 1; killed(0, at, false); at++) {
			next_publisher();
			publish_to(then, text_of("index.html") && then != 0 ? 2 : 1);
			place.arena = keep;
		}
}

static void test_kill_rollback(void **state)
{
	(void)state;
	publish_to(0, 1);
	publish_to(2, 2);
	publish_to(1, 3);
	kill_at_every_call(0, true);
}

/* A half-made release is taken away, and what is undone by a rollback is what nobody read. */
static void test_kill_and_back(void **state)
{
	struct arena keep = place.arena;

	(void)state;
	publish_to(0, 1);
	publish_to(1, 2);
	memory_server_copy(&before, &server);
	for (long at = 1; killed(2, at, false); at++) {
		bool begun = memory_server_text(&server, PUBLISH_INTENT) != NULL;
		int was = version_read();

		next_publisher();
		rollback_to(begun || was == 2 ? 1 : 0, begun || was == 2 ? 2 : 1);
		place.arena = keep;
	}
}

static void cured(enum memory_fault fault)
{
	struct arena keep = place.arena;
	long calls = 1;

	publish_to(0, 1);
	memory_server_copy(&before, &server);
	for (long at = 1; at <= calls; at++) {
		memory_server_copy(&server, &before);
		next_publisher();
		server.at = at;
		server.fault = fault;
		choose(1);
		place_publish_ok(&place);
		calls = server.calls;
		assert_int_equal(version_read(), 1);
		next_publisher();
		publish_to(2, 3);
		next_publisher();
		server.at = at;
		place.options.rollback = true;
		place_publish_ok(&place);
		place.options.rollback = false;
		assert_int_equal(version_read(), 1);
		place.arena = keep;
	}
}

static void test_again(void **state)
{
	(void)state;
	cured(MEMORY_AGAIN);
}

static void test_lost_answers(void **state)
{
	(void)state;
	cured(MEMORY_LOST);
}

/* ---- a directory ---- */

static void test_directory(void **state)
{
	struct fs_stat a, b;

	(void)state;
	place.options.backend = NULL;
	place.options.settings.url = publish_url_resolve(&place.arena, place.root, STR("file:target"));
	for (int v = 0; v < SITES; v++) {
		choose(v);
		place_publish_ok(&place);
		assert_true(str_is(
			place_read(&place, place.target, "current/index.html"), page_of(v, "index.html")));
	}
	assert_int_equal(
		fs_stat(fs_real(), place_path(&place, place.target, "releases/1/sv/index.html"), &a), 0);
	assert_int_equal(
		fs_stat(fs_real(), place_path(&place, place.target, "releases/2/sv/index.html"), &b), 0);
	assert_int_equal(a.inode, b.inode);
	place.options.rollback = true;
	place_publish_ok(&place);
	assert_true(str_is(place_read(&place, place.target, "current/index.html"), "start 1"));
	assert_false(fs_exists(fs_real(), place_path(&place, place.target, "releases/3")));
	place.options.rollback = false;
	choose(1);
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
	/* Somebody put a folder there. */
	assert_int_equal(unlink(place_path(&place, place.target, "current")), 0);
	assert_int_equal(mkdir(place_path(&place, place.target, "current"), 0755), 0);
	refused("has a “current” that faktablad did not make");
}

static int setup(void **state)
{
	int failed = memory_open_sites(state);

	before = (struct memory_server){0};
	server.before = visit;
	server.fault = MEMORY_KILL;
	place.options.whole_switch = true;
	place.options.generations = 2;
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
		TEST(test_releases),
		TEST(test_dry_run),
		TEST(test_server_cannot_copy),
		TEST(test_lost_file),
		TEST(test_retired),
		TEST(test_back),
		TEST(test_back_to_what_is_damaged),
		TEST(test_only),
		TEST(test_refused),
		TEST(test_kill),
		TEST(test_kill_first),
		TEST(test_kill_rollback),
		TEST(test_kill_and_back),
		TEST(test_again),
		TEST(test_lost_answers),
		TEST(test_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
