/* Many files over several connections, to a server that may be slow, narrow or moody. */
#include "action/publish_memory.h"

#include "action/publish_pool.h"

#define JOBS 40

static struct publish_backend *backend;
static struct publish_pool *pool;
static struct publish_job jobs[JOBS];
static int steps, stop_after;

static bool count_step(void *ctx, const struct publish_job *job)
{
	(void)ctx;
	steps += job != NULL;
	return !stop_after || steps < stop_after;
}

/* Removing is what a job is here: it needs nothing but a path. */
static enum publish_answer run_jobs(size_t n)
{
	struct publish_batch batch = {.jobs = jobs, .len = n, .step = count_step};

	steps = 0;
	for (size_t i = 0; i < n; i++) {
		const char *path = str_fmt(&place.arena, "f%02zu", i).p;

		jobs[i] = (struct publish_job){.path = str_from(path)};
		memory_server_write(&server, path, "x");
	}
	return publish_pool_run(pool, &batch, backend->ops->remove, true);
}

static size_t left(size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += memory_server_text(&server, str_fmt(&place.arena, "f%02zu", i).p) != NULL;
	return count;
}

static void open_pool(unsigned connections)
{
	struct publish_backend base = {
		.ops = &memory_ops,
		.arena = &place.arena,
		.fs = fs_real(),
		.why = &place.why,
		.settings = &place.options.settings,
	};

	place.options.settings.connections = connections;
	backend = memory_ops.open(&base);
	pool = publish_pool_new(backend);
}

static void test_several(void **state)
{
	(void)state;
	open_pool(4);
	assert_non_null(pool);
	server.latency_us = 2000;
	assert_int_equal(run_jobs(JOBS), ANSWER_OK);
	assert_int_equal(steps, JOBS);
	assert_int_equal(left(JOBS), 0);
	assert_int_equal(server.most_links, 5);
	assert_int_equal(server.of[MEMORY_REMOVE], JOBS);
	/* They stay for the next batch. */
	assert_int_equal(run_jobs(JOBS), ANSWER_OK);
	assert_int_equal(server.of[MEMORY_CONNECT], 5);
}

static void test_no_more_links_than_jobs(void **state)
{
	(void)state;
	open_pool(8);
	assert_int_equal(run_jobs(2), ANSWER_OK);
	assert_true(server.most_links <= 3);
	assert_int_equal(run_jobs(1), ANSWER_OK);
	assert_true(server.most_links <= 3);
}

static void test_narrow_server(void **state)
{
	(void)state;
	server.max_links = 3;
	open_pool(8);
	server.latency_us = 500;
	assert_int_equal(run_jobs(JOBS), ANSWER_OK);
	assert_int_equal(left(JOBS), 0);
	assert_int_equal(server.most_links, 3);
	assert_int_equal(place.why.n, 0);
}

/* Nobody but the control link. */
static void test_one_link_only(void **state)
{
	(void)state;
	server.max_links = 1;
	open_pool(4);
	assert_int_equal(run_jobs(JOBS), ANSWER_OK);
	assert_int_equal(left(JOBS), 0);
	assert_int_equal(server.most_links, 1);
}

static void test_tries(void **state)
{
	(void)state;
	open_pool(1);
	memory_server_reborn(&server);
	server.only = 1u << MEMORY_REMOVE;
	server.fault = MEMORY_AGAIN;
	server.at = 3;
	server.until = 3 + PUBLISH_TRIES - 2;
	assert_int_equal(run_jobs(10), ANSWER_OK);
	assert_int_equal(server.of[MEMORY_REMOVE], 10 + PUBLISH_TRIES - 1);
	/* A fresh connection for each. */
	assert_int_equal(server.of[MEMORY_CONNECT], 1 + PUBLISH_TRIES - 1);
	assert_int_equal(place.why.n, 0);
	memory_server_reborn(&server);
	server.only = 1u << MEMORY_REMOVE;
	server.at = 3;
	server.until = 1000;
	assert_int_equal(run_jobs(10), ANSWER_FAILED);
	assert_string_equal(place.why.p, "the connection was reset (tried 5 times)");
	assert_int_equal(server.of[MEMORY_REMOVE], 2 + PUBLISH_TRIES);
	assert_int_equal(jobs[9].answer, ANSWER_STOPPED);
}

/* The server says how long; more than PUBLISH_PAUSE_MAX_SECONDS is a failure. */
static void test_retry_after(void **state)
{
	(void)state;
	open_pool(1);
	memory_server_reborn(&server);
	server.only = 1u << MEMORY_REMOVE;
	server.fault = MEMORY_AGAIN;
	server.at = 1;
	server.retry_after = PUBLISH_PAUSE_MAX_SECONDS + 1;
	assert_int_equal(run_jobs(1), ANSWER_FAILED);
	assert_int_equal(server.of[MEMORY_REMOVE], 1);
}

static void test_first_failure(void **state)
{
	(void)state;
	open_pool(4);
	memory_server_reborn(&server);
	server.latency_us = 200;
	server.only = 1u << MEMORY_REMOVE;
	server.fault = MEMORY_REFUSE;
	server.at = 5;
	assert_int_equal(run_jobs(JOBS), ANSWER_FAILED);
	assert_string_equal(place.why.p, "no, said the server");
	/* Those at work end; no others begin. */
	assert_in_range(server.of[MEMORY_REMOVE], 5, 5 + 4);
	assert_in_range(left(JOBS), JOBS - 9, JOBS - 4);
}

static void test_stop(void **state)
{
	(void)state;
	open_pool(3);
	stop_after = 7;
	assert_int_equal(run_jobs(JOBS), ANSWER_STOPPED);
	assert_int_equal(steps, 7);
	assert_in_range(server.of[MEMORY_REMOVE], 7, 7 + 3);
	stop_after = 0;
	assert_int_equal(run_jobs(JOBS), ANSWER_OK);
}

static void test_no_server(void **state)
{
	(void)state;
	server.fault = MEMORY_REFUSE;
	server.at = 1;
	open_pool(3);
	assert_null(pool);
	assert_string_equal(place.why.p, "no, said the server");
	buf_clear(&place.why);
	memory_server_reborn(&server);
	server.fault = MEMORY_AGAIN;
	server.at = 1;
	server.until = PUBLISH_TRIES;
	open_pool(3);
	assert_null(pool);
	assert_int_equal(server.of[MEMORY_CONNECT], PUBLISH_TRIES);
}

/* A whole publish, with everything at once. */
static void test_publish(void **state)
{
	(void)state;
	place.options.settings.connections = 4;
	server.max_links = 3;
	server.latency_us = 100;
	publish_version(0);
	publish_version(1);
	publish_version(2);
	check_tidy();
	assert_true(server.most_links >= 2);
}

static bool stop_at_third(void *ctx, const struct publish_progress *p)
{
	(void)ctx;
	return p->done < 3;
}

static void test_publish_stopped(void **state)
{
	(void)state;
	place.options.progress = stop_at_third;
	choose(0);
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "stopped");
	place.options.progress = NULL;
	check_visitor();
	publish_version(1);
	check_tidy();
}

static int setup(void **state)
{
	pool = NULL;
	stop_after = 0;
	return memory_open_sites(state);
}

static int teardown(void **state)
{
	publish_pool_free(pool);
	assert_int_equal(server.links, 0);
	return memory_close_sites(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_several),
		TEST(test_no_more_links_than_jobs),
		TEST(test_narrow_server),
		TEST(test_one_link_only),
		TEST(test_tries),
		TEST(test_retry_after),
		TEST(test_first_failure),
		TEST(test_stop),
		TEST(test_no_server),
		TEST(test_publish),
		TEST(test_publish_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
