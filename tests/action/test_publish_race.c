/*
 * Publishers who take the target from each other, interleaved call by call.
 *
 * Each publisher is a process that stops before every call to the file system until it is told to go on; a
 * seeded roll says who goes next. All of them break locks, so that each may lose the target at any point.
 */
#include "action/publish_versions.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* ---- the lock alone ---- */

#define SWAPPERS 4
#define ROUNDS 400

static struct publish_link *open_link(void)
{
	struct publish_backend base = {
		.arena = &place.arena,
		.fs = fs_real(),
		.why = &place.why,
		.settings = &place.options.settings,
		.from = "/nowhere",
	};
	struct publish_backend *b = publish_backend_open(&base);

	struct publish_link bare = {.b = b, .arena = &place.arena, .why = &place.why};
	enum publish_answer answer;
	struct publish_link *l;

	assert_non_null(b);
	l = b->ops->connect(&bare, &answer);
	assert_non_null(l);
	return l;
}

/* Waits until all are here; `gate` counts arrivals. */
static void meet(atomic_int *gate, int round)
{
	atomic_fetch_add(gate, 1);
	while (atomic_load(gate) < SWAPPERS * (round + 1))
		sched_yield();
}

static void swap_often(atomic_int *gate, atomic_int *won, int me)
{
	struct publish_link *l = open_link();
	const struct publish_backend_ops *ops = l->b->ops;

	for (int i = 0; i < ROUNDS; i++) {
		struct arena keep = place.arena;
		struct buf old;

		buf_init(&old, 4096);
		(void)ops->lock_read(l, &old);
		meet(&gate[0], i);
		if (ops->lock_swap(l, buf_str(&old), str_fmt(&place.arena, "%d of %d", i, me)) ==
			ANSWER_OK)
			atomic_fetch_add(&won[i], 1);
		meet(&gate[1], i);
		buf_release(&old);
		place.arena = keep;
	}
	ops->disconnect(l);
}

static void test_one_wins_the_lock(void **state)
{
	size_t size = (2 + ROUNDS) * sizeof(atomic_int);
	atomic_int *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t children[SWAPPERS];

	(void)state;
	assert_true(shared != MAP_FAILED);
	for (int i = 0; i < SWAPPERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			swap_often(shared, shared + 2, i);
			_exit(0);
		}
	}
	for (int i = 0; i < SWAPPERS; i++)
		assert_int_equal(waitpid(children[i], NULL, 0), children[i]);
	for (int i = 0; i < ROUNDS; i++)
		assert_int_equal(atomic_load(&shared[2 + i]), 1);
	munmap(shared, size);
}

/* ---- publishers who are told when to go on ---- */

enum runner_state { RUNNING, STOPPED, ENDED };

struct runner {
	enum runner_state state;
	pid_t pid;
	int up, down; /* “I stopped”, “go on” */
	int exit;
};

static int stop_up, stop_down;
static pthread_t stop_thread;

static void stop(void)
{
	char c = 's';

	if (!pthread_equal(pthread_self(), stop_thread))
		return;
	if (write(stop_up, &c, 1) != 1 || read(stop_down, &c, 1) != 1)
		_exit(100);
}

static void runner_main(int version, int up, int down)
{
	struct faults faults;

	stop_up = up;
	stop_down = down;
	stop_thread = pthread_self();
	choose(version);
	place.options.fs = faults_init(&faults, 0, 0);
	faults.before = stop;
	_exit((int)place_publish(&place));
}

static void runner_start(struct runner *r, int version)
{
	int up[2], down[2];

	assert_int_equal(pipe(up), 0);
	assert_int_equal(pipe(down), 0);
	*r = (struct runner){.pid = fork(), .up = up[0], .down = down[1]};
	assert_true(r->pid >= 0);
	if (r->pid == 0)
		runner_main(version, up[1], down[0]);
	close(up[1]);
	close(down[0]);
}

static void runner_heard(struct runner *r)
{
	char c;
	int status;

	if (read(r->up, &c, 1) == 1) {
		r->state = STOPPED;
		return;
	}
	assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
	assert_true(WIFEXITED(status));
	r->exit = WEXITSTATUS(status);
	r->state = ENDED;
	close(r->up);
	close(r->down);
}

/* One that was told to go on may wait for another's guard of the lock: it is not waited for long. */
static void listen_to(struct runner *runners, int n, int timeout)
{
	struct pollfd fds[8];

	for (int i = 0; i < n; i++)
		fds[i] = (struct pollfd){
			.fd = runners[i].state == RUNNING ? runners[i].up : -1, .events = POLLIN};
	if (poll(fds, (nfds_t)n, timeout) <= 0)
		return;
	for (int i = 0; i < n; i++)
		if (fds[i].revents)
			runner_heard(&runners[i]);
}

/* Whoever ran last mostly goes on, so that the others meet all of its states and not only the first. */
static int choose_next(const struct runner *runners, int n, int last)
{
	int stopped[8], count = 0;

	if (last >= 0 && runners[last].state == STOPPED && roll(24))
		return last;
	for (int i = 0; i < n; i++)
		if (runners[i].state == STOPPED)
			stopped[count++] = i;
	return count ? stopped[roll((uint64_t)count)] : -1;
}

static bool all_ended(const struct runner *runners, int n)
{
	for (int i = 0; i < n; i++)
		if (runners[i].state != ENDED)
			return false;
	return true;
}

static void interleave(struct runner *runners, int n)
{
	int next = -1;

	while (!all_ended(runners, n)) {
		if (next < 0 || runners[next].state == RUNNING)
			listen_to(runners, n, 20);
		next = choose_next(runners, n, next);
		if (next < 0)
			continue;
		runners[next].state = RUNNING;
		assert_int_equal(write(runners[next].down, "g", 1), 1);
	}
}

/* What the target's manifest says, when no intent takes it back. */
static void check_promise(void)
{
	struct publish_record r;
	struct str text = place_read(&place, place.target, PUBLISH_MANIFEST);
	size_t line;

	if (fs_exists(fs_real(), place_path(&place, place.target, PUBLISH_INTENT)))
		return;
	assert_true(publish_record_read(&r, &place.arena, PUBLISH_RECORD_MANIFEST, text, &line));
	for (size_t i = 0; i < r.len; i++) {
		struct digest digest =
			digest_of(place_read(&place, place.target, str_z(&place.arena, r.entries[i].path)));

		if (!digest_eq(&digest, &r.entries[i].digest))
			fail_msg("%.*s is not what the manifest says", STR_ARG(r.entries[i].path));
	}
}

static void race_once(int n)
{
	struct runner runners[8];
	struct arena keep = place.arena;
	int first = (int)roll(VERSIONS);

	print_message("seed %llu\n", (unsigned long long)seed);
	start_from(first);
	for (int i = 0; i < n; i++)
		runner_start(&runners[i], (first + 1 + i) % VERSIONS);
	interleave(runners, n);
	for (int i = 0; i < n; i++)
		assert_in_range(runners[i].exit, PUBLISH_OK, PUBLISH_REFUSED);
	check_whole();
	check_promise();
	publish_version((int)roll(VERSIONS));
	place.arena = keep;
}

static void test_interleaved(void **state)
{
	const char *rounds = getenv("PUBLISH_RACES");
	int n = rounds ? (int)strtol(rounds, NULL, 10) : 40;

	(void)state;
	place.options.break_lock = true;
	for (int i = 0; i < n; i++)
		race_once(2 + i % 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, versions_open, versions_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_wins_the_lock),
		TEST(test_interleaved),
	};

	return cmocka_run_group_tests(tests, NULL, versions_free);
}
