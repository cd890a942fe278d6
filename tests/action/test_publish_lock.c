#include "action/publish_site.h"

#include "action/publish_lock.h"

#include <sys/wait.h>

static struct place place;
static int64_t now = 5000;

static int64_t fake_clock(void)
{
	return now;
}

static struct publish_lock_text sample(void)
{
	return (struct publish_lock_text){
		.token = STR("abcdef"),
		.owner = STR("anna@web1"),
		.machine = STR("0123456789abcdef"),
		.pid = 12,
		.start = 34,
		.taken = 1000,
		.expires = 1600,
	};
}

static struct str written(const struct publish_lock_text *t)
{
	struct buf text;
	struct str out;

	buf_init(&text, 4096);
	publish_lock_write(&text, t);
	out = str_dup(&place.arena, buf_str(&text));
	buf_release(&text);
	return out;
}

static void test_text(void **state)
{
	struct publish_lock_text t = sample(), back;
	struct str text = written(&t);

	(void)state;
	assert_string_equal(text.p,
		"faktablad-lock 1\ntoken abcdef\nowner anna@web1\nprocess 0123456789abcdef 12 34\n"
		"taken 1000\nexpires 1600\n");
	assert_true(publish_lock_read(&back, text));
	assert_string_equal(written(&back).p, text.p);
	t.machine = STR("");
	assert_true(publish_lock_read(&back, written(&t)));
	assert_int_equal(back.machine.n, 0);
	for (size_t n = 0; n + 1 < text.n; n++)
		if (publish_lock_read(&back, str_slice(text, 0, n)))
			assert_true(n > str_find(text, STR("expires ")) + strlen("expires "));
	assert_false(publish_lock_read(&back, str_join(&place.arena, text, STR("more\n"))));
}

/* A lock on the target by a process of this machine. */
static bool breaks(struct publish_lock *l, int64_t pid, int64_t start)
{
	struct publish_lock_text t = sample();

	t.machine = str_from(l->machine);
	t.pid = pid;
	t.start = start;
	t.expires = now + 100;
	place_write(&place, place.target, PUBLISH_LOCK, written(&t).p);
	buf_clear(&place.why);
	return publish_lock_left(l, false);
}

static void test_whose_process_is_gone(void **state)
{
	struct publish_backend base = {.arena = &place.arena,
		.fs = fs_real(),
		.why = &place.why,
		.settings = &place.options.settings,
		.from = "/nowhere"};
	struct publish_backend *b = publish_backend_open(&base);
	struct publish_pool *pool;
	struct publish_lock l;
	pid_t child;

	(void)state;
	assert_non_null(b);
	pool = publish_pool_new(b);
	assert_non_null(pool);
	publish_lock_init(&l, pool, fake_clock, 0);
	assert_int_equal(strlen(l.machine), 16);
	/* We live; one who had our number before us does not. */
	assert_false(breaks(&l, l.mine.pid, l.mine.start));
	assert_true(breaks(&l, l.mine.pid, l.mine.start - 1));
	/* A zombie does nothing any more. */
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)child, &(siginfo_t){0}, WEXITED | WNOWAIT), 0);
	assert_true(breaks(&l, child, l.mine.start));
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_true(breaks(&l, child, l.mine.start));
	/* Numbers that are nobody's process say nothing. */
	assert_false(breaks(&l, 0, 0));
	assert_false(breaks(&l, -1, 0));
	/* Another machine's numbers neither. */
	l.mine.machine = STR("another");
	assert_false(breaks(&l, l.mine.pid, l.mine.start - 1));
	publish_lock_release(&l);
	publish_pool_free(pool);
	b->ops->close(b);
}

/* As it would stand there had another renewal been done whose answer never came; of `token`'s. */
static void renewed_by(const struct publish_lock *l, struct str token)
{
	struct publish_lock_text t = l->mine;

	t.token = token;
	t.expires += 7;
	place_write(&place, place.target, PUBLISH_LOCK, written(&t).p);
}

static bool has_lock(void)
{
	return fs_exists(fs_real(), str_fmt(&place.arena, "%s/" PUBLISH_LOCK, place.target).p);
}

static void test_a_renewal_without_an_answer(void **state)
{
	struct publish_backend base = {.arena = &place.arena,
		.fs = fs_real(),
		.why = &place.why,
		.settings = &place.options.settings,
		.from = "/nowhere"};
	struct publish_backend *b = publish_backend_open(&base);
	struct publish_pool *pool = publish_pool_new(b);
	struct publish_lock l;

	(void)state;
	publish_lock_init(&l, pool, fake_clock, 0);
	assert_int_equal(publish_lock_take(&l, false), ANSWER_OK);
	renewed_by(&l, l.mine.token);
	assert_int_equal(publish_lock_keep(&l, true), ANSWER_OK);
	assert_false(l.lost);
	renewed_by(&l, l.mine.token);
	publish_lock_release(&l);
	assert_false(has_lock());
	/* Somebody else's is not. */
	publish_lock_init(&l, pool, fake_clock, 0);
	assert_int_equal(publish_lock_take(&l, false), ANSWER_OK);
	renewed_by(&l, STR("0123456789abcdef0123456789abcdef"));
	assert_int_equal(publish_lock_keep(&l, true), ANSWER_TAKEN);
	place_why(&place, "another publish took over");
	publish_lock_release(&l);
	place_why(&place, "another publish took over");
	assert_true(has_lock());
	publish_pool_free(pool);
	b->ops->close(b);
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
		TEST(test_text),
		TEST(test_whose_process_is_gone),
		TEST(test_a_renewal_without_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
