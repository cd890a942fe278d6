/* The lock that is made of renames: two who race, and a kill between any two calls. */
#include "action/publish_fake.h"

#define SEEDS 60
#define MOST_CALLS_ALONE 12 /* of a swap that meets nobody */
#define MOST_CALLS 24	    /* more than any swap makes by itself */

static struct fake_publisher who[3];

static const struct str texts[3] = {
	STR_INIT("token aaaa: anna"), STR_INIT("token bbbb: bo"), STR_INIT("token cccc: cilla")};

static void start(uint32_t seed)
{
	static const char *const tokens[3] = {"aaaa", "bbbb", "cccc"};

	fake_clear(seed);
	for (int i = 0; i < 3; i++)
		fake_publisher_init(&who[i], i + 1, tokens[i]);
}

static void stop(void)
{
	for (int i = 0; i < 3; i++)
		fake_publisher_release(&who[i]);
}

static void ask(int i, struct str old, struct str new)
{
	who[i].old = old;
	who[i].new = new;
}

static enum publish_answer swap(int i, struct str old, struct str new)
{
	return publish_guard_lock_swap(&who[i].link, old, new);
}

static void assert_lock(int i, const char *text)
{
	struct buf out;

	buf_init(&out, 4096);
	if (text) {
		assert_int_equal(publish_guard_lock_read(&who[i].link, &out), ANSWER_OK);
		assert_string_equal(out.p, text);
	} else {
		assert_int_equal(publish_guard_lock_read(&who[i].link, &out), ANSWER_ABSENT);
	}
	buf_release(&out);
}

/* Takes whatever stands there, as --break-lock does; true when it holds then. */
static bool take_by_force(int i)
{
	for (int tries = 0; tries < 3; tries++) {
		struct buf old;
		enum publish_answer answer;

		buf_init(&old, 4096);
		answer = publish_guard_lock_read(&who[i].link, &old);
		assert_true(answer == ANSWER_OK || answer == ANSWER_ABSENT);
		answer = swap(i, buf_str(&old), texts[i]);
		buf_release(&old);
		if (answer == ANSWER_OK)
			return true;
		assert_int_equal(answer, ANSWER_TAKEN);
	}
	return false;
}

static int holders(int n)
{
	int count = 0;

	for (int i = 0; i < n; i++)
		count += who[i].answer == ANSWER_OK;
	return count;
}

static void test_one_after_the_other(void **state)
{
	(void)state;
	start(1);
	assert_lock(0, NULL);
	assert_int_equal(swap(0, STR(""), texts[0]), ANSWER_OK);
	assert_lock(1, "token aaaa: anna");
	assert_int_equal(swap(1, STR(""), texts[1]), ANSWER_TAKEN);
	assert_int_equal(swap(1, STR("another"), texts[1]), ANSWER_TAKEN);
	/* Renewed within a second. */
	assert_int_equal(swap(0, texts[0], texts[0]), ANSWER_OK);
	assert_int_equal(swap(1, texts[1], texts[1]), ANSWER_TAKEN);
	assert_int_equal(swap(0, texts[0], STR("token aaaa: again")), ANSWER_OK);
	assert_lock(1, "token aaaa: again");
	assert_int_equal(swap(1, texts[0], texts[1]), ANSWER_TAKEN);
	assert_int_equal(swap(1, STR("token aaaa: again"), texts[1]), ANSWER_OK);
	assert_int_equal(swap(0, STR("token aaaa: again"), STR("token aaaa: 3")), ANSWER_TAKEN);
	assert_int_equal(swap(0, STR("token aaaa: again"), STR("")), ANSWER_TAKEN);
	assert_lock(0, "token bbbb: bo");
	assert_int_equal(swap(1, texts[1], STR("")), ANSWER_OK);
	assert_lock(0, NULL);
	assert_int_equal(fake_count(), 0);
	assert_int_equal(who[0].why.n + who[1].why.n, 0);
	stop();
}

static void test_two_first_comers(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= SEEDS; seed++) {
		start(seed);
		ask(0, STR(""), texts[0]);
		ask(1, STR(""), texts[1]);
		fake_race(who, 2);
		if (holders(2) != 1)
			fail_msg("seed %u: %d hold the lock", seed, holders(2));
		assert_lock(2, who[0].answer == ANSWER_OK ? texts[0].p : texts[1].p);
		stop();
	}
}

static void test_two_take_over(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= SEEDS; seed++) {
		start(seed);
		assert_int_equal(swap(2, STR(""), texts[2]), ANSWER_OK);
		ask(0, texts[2], texts[0]);
		ask(1, texts[2], texts[1]);
		fake_race(who, 2);
		if (holders(2) != 1)
			fail_msg("seed %u: %d hold the lock", seed, holders(2));
		assert_lock(2, who[0].answer == ANSWER_OK ? texts[0].p : texts[1].p);
		stop();
	}
}

/* The holder renews or gives back while another takes over. */
static void test_against_the_holder(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= SEEDS; seed++) {
		start(seed);
		assert_int_equal(swap(0, STR(""), texts[0]), ANSWER_OK);
		ask(0, texts[0], seed & 1 ? STR("") : STR("token aaaa: again"));
		ask(1, texts[0], texts[1]);
		fake_race(who, 2);
		if (holders(2) != 1)
			fail_msg("seed %u: %d got their way", seed, holders(2));
		stop();
	}
}

static void test_killed_anywhere(void **state)
{
	(void)state;
	for (int step = 0; step < 3; step++) {
		for (int calls = 1; calls < MOST_CALLS; calls++) {
			start((uint32_t)calls);
			if (step)
				assert_int_equal(swap(0, STR(""), texts[0]), ANSWER_OK);
			who[0].calls = 0;
			who[0].dies = calls;
			if (step == 0)
				(void)swap(0, STR(""), texts[0]);
			else
				(void)swap(0, texts[0], step == 1 ? STR("token aaaa: again") : STR(""));
			if (!take_by_force(1))
				fail_msg("step %d, killed at call %d: nobody can publish any more", step,
					calls);
			assert_lock(2, texts[1].p);
			assert_int_equal(publish_guard_begin(&who[1].link), ANSWER_OK);
			publish_guard_end(&who[1].link);
			assert_int_equal(swap(1, texts[1], STR("")), ANSWER_OK);
			if (fake_count() != 0)
				fail_msg("step %d, killed at call %d: “%s” is left", step, calls,
					fake.files[0].path);
			stop();
		}
	}
}

/* One of two dies: never two holders, and whoever comes later gets through. */
static void test_killed_in_a_race(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 4 * MOST_CALLS_ALONE; seed++) {
		start(seed);
		if (seed & 1)
			assert_int_equal(swap(2, STR(""), texts[2]), ANSWER_OK);
		ask(0, seed & 1 ? texts[2] : STR(""), texts[0]);
		ask(1, seed & 1 ? texts[2] : STR(""), texts[1]);
		who[0].dies = 1 + (int)(seed / 2) % MOST_CALLS_ALONE;
		fake_race(who, 2);
		if (holders(2) > 1)
			fail_msg("seed %u: %d hold the lock", seed, holders(2));
		if (!take_by_force(2))
			fail_msg("seed %u: nobody can publish any more", seed);
		stop();
	}
}

/* The server did it, the answer was lost: asked again, it is done. */
static void test_lost_answers(void **state)
{
	(void)state;
	for (int step = 0; step < 3; step++) {
		for (int calls = 1; calls < MOST_CALLS; calls++) {
			struct str old = step ? texts[0] : STR("");
			struct str new = step == 0 ? texts[0] : step == 1 ? STR("token aaaa: 2") : STR("");
			enum publish_answer answer;

			start(1);
			if (step)
				assert_int_equal(swap(0, STR(""), texts[0]), ANSWER_OK);
			who[0].calls = 0;
			who[0].forgets = calls;
			answer = swap(0, old, new);
			if (answer == ANSWER_AGAIN)
				answer = swap(0, old, new);
			if (answer != ANSWER_OK)
				fail_msg("step %d, call %d: answer %d", step, calls, answer);
			assert_lock(1, new.n ? new.p : NULL);
			stop();
		}
	}
}

static void test_work_folder(void **state)
{
	struct publish_job large = {.path = STR("packs/a.zip"), .digest = digest_of(STR("large"))},
			   same = large;
	const char *name;

	(void)state;
	start(1);
	assert_int_equal(swap(0, STR(""), texts[0]), ANSWER_OK);
	assert_int_equal(publish_guard_begin(&who[0].link), ANSWER_OK);
	name = publish_guard_name(&who[0].link, 7);
	assert_string_equal(name, ".faktablad/work-aaaa/0-7");
	same.path = STR("packs/b.zip");
	assert_string_not_equal(
		publish_guard_part(&who[0].link, &large), publish_guard_part(&who[0].link, &same));
	assert_int_equal(fake_write(&who[0].link, name, STR("page")), ANSWER_OK);
	assert_int_equal(
		fake_write(&who[0].link, publish_guard_part(&who[0].link, &large), STR("lar")), ANSWER_OK);
	assert_int_equal(fake_write(&who[0].link, PUBLISH_INTENT, STR("intent")), ANSWER_OK);

	assert_int_equal(swap(1, texts[0], texts[1]), ANSWER_OK);
	assert_int_equal(publish_guard_begin(&who[1].link), ANSWER_OK);
	assert_int_equal(fake_rename(&who[0].link, str_from(name), STR("index.html")), ANSWER_ABSENT);
	assert_int_equal(fake_write(&who[0].link, name, STR("page")), ANSWER_FAILED);

	/* Cut off: the part is of use yet. */
	publish_guard_end(&who[1].link);
	assert_non_null(fake_find(publish_guard_part(&who[0].link, &large)));
	/* Done: it is not. */
	assert_int_equal(
		fake_remove(&who[1].link, &(struct publish_job){.path = STR(PUBLISH_INTENT)}), ANSWER_OK);
	publish_guard_end(&who[1].link);
	assert_null(fake_find(publish_guard_part(&who[0].link, &large)));
	assert_int_equal(swap(1, texts[1], STR("")), ANSWER_OK);
	assert_int_equal(fake_count(), 0);
	stop();
}

/* A power cut that leaves the mark and not its text. */
static void test_lost_text(void **state)
{
	(void)state;
	start(1);
	assert_int_equal(swap(0, STR(""), texts[0]), ANSWER_OK);
	for (size_t i = 0; i < FAKE_FILES; i++)
		if (strstr(fake.files[i].path, "/text-"))
			fake.files[i].text[0] = 0;
	assert_lock(1, "");
	assert_int_equal(swap(1, STR(""), texts[1]), ANSWER_OK);
	assert_lock(0, "token bbbb: bo");
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_two_first_comers),
		cmocka_unit_test(test_two_take_over),
		cmocka_unit_test(test_against_the_holder),
		cmocka_unit_test(test_killed_anywhere),
		cmocka_unit_test(test_killed_in_a_race),
		cmocka_unit_test(test_lost_answers),
		cmocka_unit_test(test_work_folder),
		cmocka_unit_test(test_lost_text),
	};

	publish_guard_pause_ms = 3;
	pthread_mutex_init(&fake.mutex, NULL);
	pthread_cond_init(&fake.moved, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
