/*
 * The engine against a server in memory: a kill at every single call, an answer that is lost at every single call,
 * whatever is published afterwards.
 */
#include "action/publish_memory.h"

static struct memory_server before; /* what lay there when the publish began */

/* ---- a kill at every call ---- */

/* Publishes `to` over what lay there before, and is killed at its at'th call; false: it was done before. */
static bool publish_killed(int to, long at)
{
	enum publish_status status;

	memory_server_copy(&server, &before);
	next_publisher();
	server.at = at;
	server.fault = MEMORY_KILL;
	choose(to);
	status = place_publish(&place);
	if (!server.dead)
		assert_int_equal(status, PUBLISH_OK);
	check_visitor();
	return server.dead;
}

/* Then each of `sites`, bit by bit: the same site, another, or the older one. */
#define ALL_SITES 7u
static void kill_at_every_call(int from, int to, unsigned sites)
{
	struct arena keep = place.arena;
	long at = 1;

	next_publisher();
	if (from >= 0)
		publish_version(from);
	memory_server_copy(&before, &server);
	for (bool more = true; more; at++) {
		for (int then = 0; then < SITES; then++) {
			if (!(sites >> then & 1))
				continue;
			more = publish_killed(to, at);
			next_publisher();
			publish_version(then);
			check_tidy();
			next_publisher();
			place_publish_ok(&place);
			assert_true(place.result.nothing_to_do);
			place.arena = keep;
		}
	}
	assert_true(at > 20);
	print_message("%ld calls\n", at - 2);
}

static void test_kill_first(void **state)
{
	(void)state;
	kill_at_every_call(-1, 0, ALL_SITES);
}

static void test_kill(void **state)
{
	(void)state;
	kill_at_every_call(0, 1, ALL_SITES);
}

static void test_kill_staged(void **state)
{
	(void)state;
	place.options.backend = &memory_staged_ops;
	kill_at_every_call(0, 1, ALL_SITES);
}

static void test_kill_retiring(void **state)
{
	(void)state;
	place.options.grace_seconds = -1;
	publish_version(2);
	kill_at_every_call(0, 1, ALL_SITES);
}

/* Twice, by different publishes. */
static void test_killed_twice(void **state)
{
	struct arena keep = place.arena;

	(void)state;
	publish_version(0);
	memory_server_copy(&before, &server);
	for (long at = 1; publish_killed(1, at); at++) {
		struct memory_server half = {0};

		memory_server_copy(&half, &server);
		for (long again = at % 7 + 1;; again += 7) {
			memory_server_copy(&server, &half);
			next_publisher();
			server.at = again;
			server.fault = MEMORY_KILL;
			choose(2);
			(void)place_publish(&place);
			check_visitor();
			if (!server.dead)
				break;
			next_publisher();
			publish_version((int)(at % SITES));
			check_tidy();
			place.arena = keep;
		}
		memory_server_copy(&half, &(struct memory_server){0});
	}
}

static void test_kill_adopting(void **state)
{
	(void)state;
	place.options.adopt = true;
	/* Not the start page: a page of theirs may well lack its style. */
	for (size_t i = 1; i < page_count(0); i += 2)
		memory_server_write(&server, site_pages[0][i].path, site_pages[0][i].text);
	kill_at_every_call(-1, 0, 1);
}

/* ---- what passes by itself ---- */

static void cured_at_every_call(enum memory_fault fault)
{
	struct arena keep = place.arena;
	long calls = 1;

	publish_version(0);
	memory_server_copy(&before, &server);
	for (long at = 1; at <= calls; at++) {
		memory_server_copy(&server, &before);
		next_publisher();
		server.at = at;
		server.fault = fault;
		publish_version(1);
		calls = server.calls;
		next_publisher();
		publish_version(2);
		check_tidy();
		place.arena = keep;
	}
	assert_true(calls > 20);
}

static void test_again(void **state)
{
	(void)state;
	cured_at_every_call(MEMORY_AGAIN);
}

static void test_lost_answers(void **state)
{
	(void)state;
	cured_at_every_call(MEMORY_LOST);
}

static void test_lost_answers_staged(void **state)
{
	(void)state;
	place.options.backend = &memory_staged_ops;
	cured_at_every_call(MEMORY_LOST);
}

/* What does not: it says so, and the next publish mends it. */
static void refused_at_every_call(void)
{
	struct arena keep = place.arena;
	bool refused = true;
	long n = SITES;

	publish_version(0);
	memory_server_copy(&before, &server);
	for (; refused; n++) {
		enum publish_status status;

		memory_server_copy(&server, &before);
		next_publisher();
		server.at = n / SITES;
		server.fault = MEMORY_REFUSE;
		choose(1);
		status = place_publish(&place);
		refused = server.calls >= server.at;
		if (status != PUBLISH_OK)
			place_why(&place, "no, said the server");
		check_visitor();
		next_publisher();
		publish_version((int)(n % SITES));
		/* Only who has something to do looks for what another could not tidy up. */
		if (!place.result.nothing_to_do)
			check_tidy();
		place.arena = keep;
	}
	assert_true(n / SITES > 20);
}

static void test_refused_at_every_call(void **state)
{
	(void)state;
	refused_at_every_call();
}

/* With a journal: what was sent and did not get its name is not taken for done. */
static void test_refused_staged(void **state)
{
	(void)state;
	place.options.backend = &memory_staged_ops;
	place.options.state = str_fmt(&place.arena, "%s/state", place.root).p;
	refused_at_every_call();
}

/* ---- what it costs ---- */

static void test_nothing_to_do(void **state)
{
	(void)state;
	publish_version(0);
	next_publisher();
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
	assert_int_equal(server.of[MEMORY_READ], 2);
	assert_int_equal(server.of[MEMORY_LIST], 1);
	assert_int_equal(memory_server_total(&server) - server.of[MEMORY_CONNECT], 3);
	assert_int_equal(server.of[MEMORY_CONNECT], 1);
}

static int setup(void **state)
{
	before = (struct memory_server){0};
	return memory_open_sites(state);
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
		TEST(test_kill_first),
		TEST(test_kill),
		TEST(test_kill_staged),
		TEST(test_kill_retiring),
		TEST(test_killed_twice),
		TEST(test_kill_adopting),
		TEST(test_again),
		TEST(test_lost_answers),
		TEST(test_lost_answers_staged),
		TEST(test_refused_at_every_call),
		TEST(test_refused_staged),
		TEST(test_nothing_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
