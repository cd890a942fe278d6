/*
 * Publishing to a directory while the world goes wrong: kills, failing calls, a full disk, missing rights,
 * two publishers, and a visitor who reads all the while.
 */
#include "action/publish_versions.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>

/* ---- kills ---- */

/* Publishes in a child that is killed at its at'th call; true when it came to that. */
static bool publish_killed(long at)
{
	struct faults faults;
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		place.options.fs = faults_init(&faults, at, 0);
		_exit(10 + (int)place_publish(&place));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return true;
	}
	/* It was done before: then it went well. */
	assert_int_equal(WEXITSTATUS(status), 10 + PUBLISH_OK);
	return false;
}

/* The calls that a publish of `version` makes on the target as it is. */
static long count_calls(int version)
{
	struct faults faults;

	choose(version);
	place.options.fs = faults_init(&faults, 0, 0);
	place_publish_ok(&place);
	place.options.fs = NULL;
	return atomic_load(&faults.calls);
}

/* From a version (or nothing), another is cut off, perhaps twice, and then any is published. */
static void kill_once(int round)
{
	struct arena keep = place.arena;
	int from = (int)roll(VERSIONS + 1) - 1, to = (int)roll(VERSIONS), last = (int)roll(VERSIONS);
	uint64_t start = seed;
	long calls;

	start_from(from);
	calls = count_calls(to);
	start_from(from);
	choose(to);
	print_message(
		"round %d (%d to %d, then %d) seed %llu\n", round, from, to, last, (unsigned long long)start);
	(void)publish_killed((long)roll((uint64_t)calls) + 1);
	check_whole();
	if (roll(3) == 0) {
		choose((int)roll(VERSIONS));
		(void)publish_killed((long)roll((uint64_t)calls) + 1);
		check_whole();
	}
	publish_version(last);
	choose(last);
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
	place.arena = keep;
}

static void test_killed_at_random(void **state)
{
	const char *rounds = getenv("PUBLISH_KILLS");
	int n = rounds ? (int)strtol(rounds, NULL, 10) : 30;

	(void)state;
	for (int i = 0; i < n; i++)
		kill_once(i);
}

/* At every single call of one publish, and then the site that was there before. */
static void test_killed_at_every_call(void **state)
{
	long calls;

	(void)state;
	start_from(0);
	calls = count_calls(1);
	for (long at = 1; at <= calls; at++) {
		struct arena keep = place.arena;

		start_from(0);
		choose(1);
		assert_true(publish_killed(at));
		check_whole();
		publish_version(0);
		place.arena = keep;
	}
}

/* By the clock, so that it also hits the middle of a transfer. */
static void test_killed_by_the_clock(void **state)
{
	(void)state;
	start_from(0);
	for (int i = 0; i < 30; i++) {
		int status, to = 1 + i % 2;
		pid_t child;

		choose(to);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			_exit((int)place_publish(&place));
		usleep((useconds_t)roll(8000));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		check_whole();
		publish_version((int)roll(VERSIONS));
	}
}

/* ---- failing calls ---- */

static void fail_at(long at, int error)
{
	struct faults faults;
	enum publish_status status;

	choose(1);
	place.options.fs = faults_init(&faults, at, error);
	status = place_publish(&place);
	place.options.fs = NULL;
	if (status != PUBLISH_OK)
		assert_true(place.why.n > 0);
	check_whole();
	/* Its lock may have been left, and this process still lives. */
	place.options.break_lock = true;
	publish_version(2);
	place.options.break_lock = false;
}

static void test_every_call_fails_once(void **state)
{
	static const int errors[] = {EIO, ENOSPC, EACCES};
	long calls;

	(void)state;
	start_from(0);
	calls = count_calls(1);
	for (long at = 1; at <= calls; at++) {
		struct arena keep = place.arena;

		start_from(0);
		fail_at(at, errors[at % 3]);
		place.arena = keep;
	}
}

/* No hard links: FAT, many network shares. */
static int no_links(struct fs *fs, const char *from, const char *to)
{
	(void)fs;
	(void)from;
	(void)to;
	return EPERM;
}

static void test_without_hard_links(void **state)
{
	struct fs_ops ops = faulty_ops;
	struct faults faults;

	(void)state;
	ops.link = no_links;
	faults_init(&faults, 0, 0)->ops = &ops;
	place.options.fs = &faults.fs;
	empty_target();
	publish_version(0);
	publish_version(1);
	place.options.fs = NULL;
}

/* ---- several at once ---- */

/* 0: all went well; else the line that did not. Whoever breaks locks also has its own broken. */
static int publish_often(int first, int times)
{
	for (int i = 0; i < times; i++) {
		enum publish_status status;

		choose((first + i) % VERSIONS);
		status = place_publish(&place);
		if (place.options.break_lock)
			continue;
		if (status == PUBLISH_FAILED)
			return __LINE__;
		if (status == PUBLISH_REFUSED && str_find(buf_str(&place.why), STR("publish")) == place.why.n)
			return __LINE__;
		usleep(500);
	}
	return 0;
}

static void wait_for(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void publish_at_once(void)
{
	pid_t children[3];

	start_from(0);
	for (int i = 0; i < 3; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			_exit(publish_often(i, 20) ? 1 : 0);
	}
	for (int i = 0; i < 3; i++)
		wait_for(children[i]);
	check_whole();
	publish_version(1);
}

static void test_publishers_at_once(void **state)
{
	(void)state;
	publish_at_once();
}

/* Everybody takes the lock from everybody, at any point; what the last one says is there is there. */
static void test_publishers_who_break_locks(void **state)
{
	(void)state;
	place.options.break_lock = true;
	for (int i = 0; i < 5; i++)
		publish_at_once();
}

/* Every page that is in all versions is there, whole, at every moment. */
static void test_visitor(void **state)
{
	size_t reads = 0;
	int status;
	pid_t child;

	(void)state;
	start_from(0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(publish_often(1, 30) ? 1 : 0);
	while (waitpid(child, &status, WNOHANG) == 0) {
		assert_true(fs_exists(fs_real(), place_path(&place, place.target, "index.html")));
		check_whole();
		reads++;
	}
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(reads > 0);
}

/* ---- rights and room ---- */

#define NOBODY 65534

static void readable_site(void)
{
	struct fs_listing l = {0};

	assert_int_equal(fs_list(fs_real(), place.site, &place.arena, &l), 0);
	for (size_t i = 0; i < l.len; i++)
		if (l.entries[i].stat.kind == FS_FILE)
			assert_int_equal(chmod(place_path(&place, place.site, l.entries[i].path.p), 0644), 0);
}

static enum publish_status publish_as_nobody(void)
{
	enum publish_status status;

	readable_site();
	assert_int_equal(seteuid(NOBODY), 0);
	status = place_publish(&place);
	assert_int_equal(seteuid(0), 0);
	return status;
}

static void test_unwritable_target(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: only root can become somebody without rights\n");
		skip();
	}
	empty_target();
	choose(0);
	assert_int_equal(publish_as_nobody(), PUBLISH_REFUSED);
	place_why(&place, place.target);
	place_why(&place, "Permission denied: give the user who publishes the right");
	assert_false(fs_exists(fs_real(), place_path(&place, place.target, PUBLISH_FOLDER)));
}

/* One folder of it only. */
static void test_unwritable_folder(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: only root can become somebody without rights\n");
		skip();
	}
	empty_target();
	assert_int_equal(chown(place.target, NOBODY, (gid_t)-1), 0);
	choose(0);
	assert_int_equal(publish_as_nobody(), PUBLISH_FAILED);
	place_why(&place, "/sv/");
	place_why(&place, "Permission denied");
	assert_false(fs_exists(fs_real(), place_path(&place, place.target, PUBLISH_MANIFEST)));
	assert_int_equal(chown(place_path(&place, place.target, "sv"), NOBODY, (gid_t)-1), 0);
	assert_int_equal(publish_as_nobody(), PUBLISH_OK);
	check_all();
}

static bool mount_small(void)
{
	return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && mkdir(place.target, 0755) == 0 &&
	       mount("tmpfs", place.target, "tmpfs", 0, "size=128k") == 0;
}

static void test_full_disk(void **state)
{
	(void)state;
	if (!mount_small()) {
		print_message("skipped: no small file system can be mounted here: %s\n", strerror(errno));
		skip();
	}
	PLACE_SITE(&place, {"index.html", "small"}, {"sv/2.html", "small"});
	place.options.from = place.site;
	place_publish_ok(&place);
	write_foreign();
	choose(1);
	place.options.delete_cap = 100;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "/v7/x.html: No space left on device: make room and publish again");
	assert_true(str_is(place_read(&place, place.target, "index.html"), "small"));
	snprintf(place.site, sizeof(place.site), "%s/public", place.root);
	place_publish_ok(&place);
	check_all();
	assert_int_equal(umount(place.target), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, versions_open, versions_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_killed_at_random),
		TEST(test_killed_at_every_call),
		TEST(test_killed_by_the_clock),
		TEST(test_every_call_fails_once),
		TEST(test_without_hard_links),
		TEST(test_publishers_at_once),
		TEST(test_publishers_who_break_locks),
		TEST(test_visitor),
		TEST(test_unwritable_target),
		TEST(test_unwritable_folder),
		TEST(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, versions_free);
}
