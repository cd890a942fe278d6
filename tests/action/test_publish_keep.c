/* Earlier generations on a target, and the way back to them. */
#include "action/publish_memory.h"

#include "action/publish_keep.h"

static struct memory_server before;

/* ---- what must hold at every moment ---- */

static bool lies_at(const char *path, const struct digest *digest)
{
	const char *text = memory_server_text(&server, path);
	struct digest there = digest_of(str_from(text));

	return text && digest_eq(&there, digest);
}

/* Each file of each kept generation lies at its path or in kept/. */
static size_t check_kept(void)
{
	size_t generations = 0;

	for (size_t i = 0; i < server.len; i++) {
		const struct memory_file *f = &server.files[i];
		struct publish_record r;
		size_t line;

		if (f->kind != PUBLISH_FILE || !str_starts(str_from(f->path), STR(PUBLISH_GENERATIONS "/")))
			continue;
		generations++;
		assert_true(publish_record_read(
			&r, &place.arena, PUBLISH_RECORD_MANIFEST, str_from(f->bytes), &line));
		for (size_t j = 0; j < r.len; j++) {
			const struct publish_entry *e = &r.entries[j];

			if (e->mark == PUBLISH_THERE && !lies_at(str_z(&place.arena, e->path), &e->digest) &&
				!lies_at(str_z(&place.arena, publish_kept_path(&place.arena, &e->digest)),
					&e->digest))
				fail_msg("generation %s has lost %.*s", f->path, STR_ARG(e->path));
		}
	}
	return generations;
}

static size_t count_kept(void)
{
	size_t n = 0;

	for (size_t i = 0; i < server.len; i++)
		n += str_starts(str_from(server.files[i].path), STR(PUBLISH_KEPT "/"));
	return n;
}

static void rollback_ok(int version)
{
	place.options.rollback = true;
	place_publish_ok(&place);
	place.options.rollback = false;
	check_is(version);
	check_kept();
	check_tidy();
}

static void rollback_refused(const char *part)
{
	place.options.rollback = true;
	assert_int_equal(place_publish(&place), PUBLISH_REFUSED);
	place.options.rollback = false;
	place_why(&place, part);
}

/* ---- there and back ---- */

static void there_and_back(void)
{
	publish_version(0);
	assert_int_equal(check_kept(), 0);
	publish_version(1);
	assert_int_equal(place.result.generations, 1);
	publish_version(2);
	assert_int_equal(place.result.generations, 2);
	assert_int_equal(check_kept(), 2);
	rollback_ok(1);
	assert_int_equal(place.result.generation, 4);
	assert_int_equal(place.result.rolled_back, 2);
	assert_int_equal(place.result.generations, 1);
	rollback_ok(0);
	assert_int_equal(place.result.generation, 5);
	assert_int_equal(count_kept(), 0);
	rollback_refused("keeps no earlier generation");
	/* What build has is published as ever. */
	publish_version(2);
	rollback_ok(0);
}

static void test_there_and_back(void **state)
{
	(void)state;
	there_and_back();
}

static void test_there_and_back_staged(void **state)
{
	(void)state;
	place.options.backend = &memory_staged_ops;
	there_and_back();
}

static void test_with_retired(void **state)
{
	(void)state;
	place.options.grace_seconds = -1;
	there_and_back();
	now += 8 * 24 * 60 * 60;
	publish_version(1);
	rollback_ok(0);
}

/* Not more than asked for, and no bytes that none of them needs. */
static void test_as_many_as_asked_for(void **state)
{
	(void)state;
	for (int i = 0; i < 7; i++)
		publish_version(i % SITES);
	assert_int_equal(check_kept(), 2);
	place.options.generations = 1;
	publish_version(1);
	assert_int_equal(check_kept(), 1);
	/* Of version 0: what 1 has not. */
	assert_int_equal(count_kept(), 5);
	place.options.generations = 0;
	publish_version(2);
	assert_int_equal(check_kept(), 0);
	for (size_t i = 0; i < server.len; i++)
		assert_false(str_starts(str_from(server.files[i].path), STR(PUBLISH_KEPT)));
}

/* A way back to where we are is none. */
static void test_same_site_again(void **state)
{
	(void)state;
	publish_version(0);
	publish_version(1);
	publish_version(0);
	rollback_ok(1);
	rollback_ok(0);
	rollback_refused("keeps no earlier generation");
}

static void test_dry_run(void **state)
{
	(void)state;
	publish_version(0);
	publish_version(1);
	place.options.rollback = place.options.dry_run = true;
	place_publish_ok(&place);
	assert_int_equal(place.result.rolled_back, 1);
	assert_int_equal(place.result.changed, 3);
	place.options.rollback = place.options.dry_run = false;
	check_is(1);
}

/* ---- servers that cannot, and bytes that are gone ---- */

static void test_server_cannot_copy(void **state)
{
	(void)state;
	server.cannot_copy = true;
	publish_version(0);
	assert_null(place.result.not_kept);
	publish_version(1);
	assert_non_null(place.result.not_kept);
	assert_int_equal(check_kept(), 0);
	rollback_refused("keeps no earlier generation");
}

static void test_damaged(void **state)
{
	(void)state;
	publish_version(0);
	publish_version(1);
	for (size_t i = 0; i < server.len; i++)
		if (str_starts(str_from(server.files[i].path), STR(PUBLISH_KEPT "/")) &&
			strcmp(server.files[i].bytes, "A 0") == 0)
			server.files[i].bytes[0] = 'X';
	rollback_refused("cannot go back to generation 1: its sv/a.html is no longer kept there");
	check_is(1);
	check_tidy();
}

/* A file that somebody took from the target is in no generation. */
static void test_lost_on_the_target(void **state)
{
	(void)state;
	publish_version(0);
	memory_server_remove(&server, "sv/a.html");
	publish_version(1);
	assert_string_equal(place.result.not_kept, "the server could not copy all of its files");
	assert_int_equal(check_kept(), 0);
}

/* ---- kills ---- */

static bool killed(int to, long at, bool rollback)
{
	memory_server_copy(&server, &before);
	next_publisher();
	server.at = at;
	server.fault = MEMORY_KILL;
	choose(to);
	place.options.rollback = rollback;
	(void)place_publish(&place);
	place.options.rollback = false;
	check_visitor();
	check_kept();
	return server.dead;
}

static void back_from(int version)
{
	next_publisher();
	place.options.rollback = true;
	place_publish_ok(&place);
	place.options.rollback = false;
	check_is(version);
	check_kept();
	check_tidy();
}

/* 0, then 1, then 2 is cut off: it goes back to 1 while 2 was not published, as it was, or is. */
static void test_killed_and_back(void **state)
{
	struct arena keep = place.arena;

	(void)state;
	publish_version(0);
	publish_version(1);
	memory_server_copy(&before, &server);
	for (long at = 1; killed(2, at, false); at++) {
		bool begun = memory_server_text(&server, PUBLISH_INTENT) != NULL;
		bool done = mark_of("sv/d.html") != 0;

		back_from(begun || done ? 1 : 0);
		place.arena = keep;
	}
}

static void test_killed_and_on(void **state)
{
	struct arena keep = place.arena;

	(void)state;
	publish_version(0);
	publish_version(1);
	memory_server_copy(&before, &server);
	for (int then = 0; then < SITES; then++)
		for (long at = 1; killed(2, at, false); at++) {
			next_publisher();
			publish_version(then);
			check_kept();
			check_tidy();
			place.arena = keep;
		}
}

static void test_rollback_killed(void **state)
{
	struct arena keep = place.arena;

	(void)state;
	publish_version(0);
	publish_version(1);
	publish_version(2);
	memory_server_copy(&before, &server);
	for (int then = 0; then < SITES; then++)
		for (long at = 1; killed(2, at, true); at++) {
			next_publisher();
			publish_version(then);
			check_kept();
			check_tidy();
			place.arena = keep;
		}
}

static void cured(enum memory_fault fault)
{
	struct arena keep = place.arena;
	long calls = 1;

	publish_version(0);
	publish_version(1);
	memory_server_copy(&before, &server);
	for (long at = 1; at <= calls; at++) {
		memory_server_copy(&server, &before);
		next_publisher();
		server.at = at;
		server.fault = fault;
		publish_version(2);
		calls = server.calls;
		check_kept();
		next_publisher();
		server.at = at;
		back_from(1);
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
	(void)state;
	place.options.backend = NULL;
	place.options.settings.url = publish_url_resolve(&place.arena, place.root, STR("file:target"));
	for (int v = 0; v < SITES; v++) {
		choose(v);
		place_publish_ok(&place);
	}
	place.options.rollback = true;
	place.options.from = "/nowhere";
	for (int v = SITES - 2; v >= 0; v--) {
		place_publish_ok(&place);
		for (size_t i = 0; i < page_count(v); i++)
			assert_true(str_is(place_read(&place, place.target, site_pages[v][i].path),
				site_pages[v][i].text));
	}
	assert_int_equal(place_publish(&place), PUBLISH_REFUSED);
	place_why(&place, "keeps no earlier generation");
	place.options.rollback = false;
	place.options.from = place.site;
	choose(0);
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
	place_check(&place, NULL);
}

static int setup(void **state)
{
	int failed = memory_open_sites(state);

	before = (struct memory_server){0};
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
		TEST(test_there_and_back),
		TEST(test_there_and_back_staged),
		TEST(test_with_retired),
		TEST(test_as_many_as_asked_for),
		TEST(test_same_site_again),
		TEST(test_dry_run),
		TEST(test_server_cannot_copy),
		TEST(test_damaged),
		TEST(test_lost_on_the_target),
		TEST(test_killed_and_back),
		TEST(test_killed_and_on),
		TEST(test_rollback_killed),
		TEST(test_again),
		TEST(test_lost_answers),
		TEST(test_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
