#include "base/commit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/check.h"
#include "support/faulty.h"
#include "support/temp.h"

#define MARKER ".marker"

struct state {
	struct arena arena;
	char *root;
	const char *out;
	struct fs *fs; /* what the test is about: real or plain */
	struct map old;
};

static int setup_with(void **state, struct fs *fs)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){.root = temp_new(), .fs = fs};
	arena_init(&s->arena, ARENA_DEFAULT);
	s->out = temp_path(&s->arena, s->root, "public");
	*state = s;
	return 0;
}

static int setup(void **state)
{
	return setup_with(state, fs_real());
}

static int setup_plain(void **state)
{
	return setup_with(state, fs_plain());
}

static int teardown(void **state)
{
	struct state *s = *state;

	temp_free(s->root);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static const char *below_out(struct state *s, const char *name)
{
	return temp_path(&s->arena, s->out, name);
}

static void write_file(struct state *s, const char *name, const char *text)
{
	assert_int_equal(fs_create(fs_real(), below_out(s, name), str_from(text), 0644), 0);
}

/* ---- a site of so many files, each with its path and the version as content ---- */

struct site {
	const char *version;
	const char *const *paths;
	size_t len;
};

static const char *const paths_one[] = {
	"index.html", "sv/index.html", "sv/a.html", "sv/gone.html", "old/deep/er/x.css"};
static const char *const paths_two[] = {
	"index.html", "sv/index.html", "sv/a.html", "ar/index.html", "a/b/c.html"};
static const struct site one = {"one", paths_one, COUNT_OF(paths_one)};
static const struct site two = {"two", paths_two, COUNT_OF(paths_two)};

static const char *make_file(struct state *s, struct commit *c, const char *text)
{
	const char *path = str_fmt(&s->arena, "%s/made-%zu", c->work, c->len).p;
	int error = fs_replace(fs_real(), path, str_from(text), 0644);

	if (error)
		fail_msg("%s: %s", path, strerror(error));
	return path;
}

static void add_site(struct state *s, struct commit *c, const struct site *site)
{
	commit_add(c, STR(MARKER), make_file(s, c, site->version));
	for (size_t i = 0; i < site->len; i++)
		commit_add(c, str_from(site->paths[i]),
			make_file(s, c, str_fmt(&s->arena, "%s %s", site->paths[i], site->version).p));
}

/* After commit_open(), which may have brought an earlier run to its end: the marker says what stands there.
 */
static void remember(struct state *s)
{
	struct str marker = STR("");
	const struct site *site;

	s->old = (struct map){0};
	(void)fs_read(fs_real(), below_out(s, MARKER), &s->arena, 10, &marker);
	site = str_is(marker, "one") ? &one : str_is(marker, "two") ? &two : NULL;
	for (size_t i = 0; site && i < site->len; i++)
		map_put(&s->old, &s->arena, str_from(site->paths[i]), NULL);
}

/* The whole of a run, as build does it. */
static enum commit_error run(struct state *s, struct fs *fs, const struct site *site, struct commit *c)
{
	enum commit_error result = commit_open(c, fs, &s->arena, s->out, MARKER);

	if (!result) {
		remember(s);
		add_site(s, c, site);
		result = commit_finish(c, &s->old, 2);
	}
	commit_close(c);
	return result;
}

static void must_run(struct state *s, const struct site *site)
{
	struct commit c;

	if (run(s, s->fs, site, &c) != COMMIT_OK)
		fail_msg("%s: %s", c.failed_path, strerror(c.failed_errno));
}

static struct str tree(struct state *s)
{
	return temp_tree(&s->arena, s->out);
}

/* The trees that they make, with something of somebody else's in the middle. */
#define TREE_ONE_WITH(theirs)                                                                                \
	"file 644 .marker one\n"                                                                             \
	"file 644 index.html index.html one\n"                                                               \
	"folder 755 old \n"                                                                                  \
	"folder 755 old/deep \n"                                                                             \
	"folder 755 old/deep/er \n"                                                                          \
	"file 644 old/deep/er/x.css old/deep/er/x.css one\n" theirs "folder 755 sv \n"                       \
	"file 644 sv/a.html sv/a.html one\n"                                                                 \
	"file 644 sv/gone.html sv/gone.html one\n"                                                           \
	"file 644 sv/index.html sv/index.html one\n"

#define TREE_TWO_WITH(theirs)                                                                                \
	"file 644 .marker two\n"                                                                             \
	"folder 755 a \n"                                                                                    \
	"folder 755 a/b \n"                                                                                  \
	"file 644 a/b/c.html a/b/c.html two\n"                                                               \
	"folder 755 ar \n"                                                                                   \
	"file 644 ar/index.html ar/index.html two\n"                                                         \
	"file 644 index.html index.html two\n" theirs "folder 755 sv \n"                                     \
	"file 644 sv/a.html sv/a.html two\n"                                                                 \
	"file 644 sv/index.html sv/index.html two\n"

#define TREE_ONE TREE_ONE_WITH("")
#define TREE_TWO TREE_TWO_WITH("")
#define LINK_OF_THEIRS "link 777 s x\n"
#define THEIRS "file 644 robots.txt theirs\n"

/* What lies in the work folder of a finished run. */
static void assert_no_rubbish(struct state *s)
{
	static const char *const names[] = {"stage", "old", "journal"};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (fs_exists(fs_real(), str_fmt(&s->arena, "%s/.faktablad-public/%s", s->root, names[i]).p))
			fail_msg("%s is left", names[i]);
}

/* ---- the plain course of things ---- */

static void makes_and_changes_a_tree(void **state)
{
	struct state *s = *state;
	mode_t before = umask(0077);

	must_run(s, &one);
	assert_text(tree(s), TREE_ONE);
	must_run(s, &two);
	assert_text(tree(s), TREE_TWO);
	must_run(s, &one);
	assert_text(tree(s), TREE_ONE);
	assert_no_rubbish(s);
	umask(before);
}

static void makes_the_folders_above(void **state)
{
	struct state *s = *state;

	s->out = temp_path(&s->arena, s->root, "a/b/public///");
	must_run(s, &one);
	assert_text(temp_tree(&s->arena, temp_path(&s->arena, s->root, "a/b/public")), TREE_ONE);
}

static void takes_an_empty_folder(void **state)
{
	struct state *s = *state;
	struct fs_stat st;

	assert_int_equal(fs_mkdir(fs_real(), s->out, 0775), 0);
	must_run(s, &one);
	assert_text(tree(s), TREE_ONE);
	assert_int_equal(fs_stat(fs_real(), s->out, &st), 0);
	assert_int_equal(st.mode, 0775);
}

static int only_linked(struct state *s, struct commit *c, const char *const *from)
{
	commit_add(c, STR(MARKER), from[0]);
	commit_add(c, STR("sv/a.html"), from[1]);
	return (int)commit_finish(c, &s->old, 1);
}

static void leaves_an_equal_tree_alone(void **state)
{
	struct state *s = *state;
	struct fs_stat before, after;
	const char *from[2];
	struct faulty f;
	struct commit c;

	faulty_init(&f, s->fs);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(commit_open(&c, &f.fs, &s->arena, s->out, MARKER), COMMIT_OK);
		if (i == 0) {
			from[0] = make_file(s, &c, "marker");
			from[1] = str_fmt(&s->arena, "%s/a", c.work).p;
			assert_int_equal(fs_create(fs_real(), from[1], STR("a"), 0644), 0);
		}
		assert_int_equal(only_linked(s, &c, from), COMMIT_OK);
		commit_close(&c);
		assert_int_equal(fs_stat(fs_real(), s->out, i ? &after : &before), 0);
		if (i == 0) {
			s->old = (struct map){0};
			map_put(&s->old, &s->arena, STR("sv/a.html"), NULL);
			write_file(s, "theirs.txt", "foreign");
			f.of[FAULTY_LINK] = 0;
		}
	}
	assert_int_equal(before.inode, after.inode);
	assert_int_equal(f.of[FAULTY_LINK], 0);
	/* One file fewer is a change. */
	assert_int_equal(commit_open(&c, &f.fs, &s->arena, s->out, MARKER), COMMIT_OK);
	commit_add(&c, STR(MARKER), from[0]);
	assert_int_equal(commit_finish(&c, &s->old, 1), COMMIT_OK);
	commit_close(&c);
	assert_text(tree(s), "file 644 .marker marker\nfile 644 theirs.txt foreign\n");
}

static void keeps_unchanged_files_as_they_are(void **state)
{
	struct state *s = *state;
	struct fs_stat before, after;
	const char *from[2];
	struct commit c;

	assert_int_equal(commit_open(&c, s->fs, &s->arena, s->out, MARKER), COMMIT_OK);
	from[0] = make_file(s, &c, "marker");
	from[1] = str_fmt(&s->arena, "%s/a", c.work).p;
	assert_int_equal(fs_create(fs_real(), from[1], STR("a"), 0644), 0);
	assert_int_equal(only_linked(s, &c, from), COMMIT_OK);
	commit_close(&c);
	assert_int_equal(fs_stat(fs_real(), below_out(s, "sv/a.html"), &before), 0);
	assert_int_equal(commit_open(&c, s->fs, &s->arena, s->out, MARKER), COMMIT_OK);
	map_put(&s->old, &s->arena, STR("sv/a.html"), NULL);
	commit_add(&c, STR("new.html"), from[0]);
	assert_int_equal(only_linked(s, &c, from), COMMIT_OK);
	commit_close(&c);
	assert_int_equal(fs_stat(fs_real(), below_out(s, "sv/a.html"), &after), 0);
	assert_int_equal(before.inode, after.inode);
	assert_int_equal(before.mtime_ns, after.mtime_ns);
}

/* ---- what is not ours ---- */

static void carries_what_others_put_there(void **state)
{
	struct state *s = *state;
	struct fs_stat before, after;

	must_run(s, &one);
	write_file(s, "robots.txt", "theirs");
	write_file(s, "old/deep/note.txt", "theirs too");
	assert_int_equal(symlink("/no/where", below_out(s, "sv/link")), 0);
	assert_int_equal(fs_mkdir(fs_real(), below_out(s, "empty"), 0711), 0);
	assert_int_equal(fs_mkdir(fs_real(), below_out(s, "locked"), 0755), 0);
	write_file(s, "locked/x", "x");
	assert_int_equal(chmod(below_out(s, "locked"), 0555), 0);
	assert_int_equal(mkfifo(below_out(s, "pipe"), 0600), 0);
	assert_int_equal(chmod(below_out(s, "robots.txt"), 0604), 0);
	assert_int_equal(chmod(below_out(s, "sv"), 0775), 0);
	assert_int_equal(fs_stat(fs_real(), below_out(s, "robots.txt"), &before), 0);
	must_run(s, &two);
	assert_text(tree(s), "file 644 .marker two\n"
			     "folder 755 a \n"
			     "folder 755 a/b \n"
			     "file 644 a/b/c.html a/b/c.html two\n"
			     "folder 755 ar \n"
			     "file 644 ar/index.html ar/index.html two\n"
			     "folder 711 empty \n"
			     "file 644 index.html index.html two\n"
			     "folder 555 locked \n"
			     "file 644 locked/x x\n"
			     "folder 755 old \n"
			     "folder 755 old/deep \n"
			     "file 644 old/deep/note.txt theirs too\n"
			     "other 600 pipe \n"
			     "file 604 robots.txt theirs\n"
			     "folder 775 sv \n"
			     "file 644 sv/a.html sv/a.html two\n"
			     "file 644 sv/index.html sv/index.html two\n"
			     "link 777 sv/link /no/where\n");
	assert_int_equal(fs_stat(fs_real(), below_out(s, "robots.txt"), &after), 0);
	assert_int_equal(before.inode, after.inode);
	assert_no_rubbish(s);
}

static void refuses_where_others_stand(void **state)
{
	/* A file where a file goes, a folder goes; a folder where a file goes; below a file. */
	static const char *const clashing[] = {"ar/index.html", "a", "a/b", "ar/index.html/x"};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(clashing); i++) {
		const char *path = below_out(s, clashing[i]);
		struct str before;
		struct commit c;

		must_run(s, &one);
		assert_int_equal(
			fs_mkdirs(fs_real(),
				str_fmt(&s->arena, "%.*s", (int)(strrchr(path, '/') - path), path).p),
			0);
		write_file(s, clashing[i], "theirs");
		before = tree(s);
		assert_int_equal(run(s, s->fs, &two, &c), COMMIT_CLASH);
		assert_true(str_starts(str_from(path), str_from(c.failed_path)));
		assert_text(tree(s), before.p);
		assert_int_equal(fs_remove_tree(fs_real(), s->out), 0);
	}
	/* An empty folder in a file's place. */
	must_run(s, &one);
	assert_int_equal(fs_mkdirs(fs_real(), below_out(s, "ar/index.html")), 0);
	{
		struct commit c;

		assert_int_equal(run(s, s->fs, &two, &c), COMMIT_CLASH);
		assert_string_equal(c.failed_path, below_out(s, "ar/index.html"));
	}
}

static void takes_back_its_own_paths(void **state)
{
	struct state *s = *state;

	must_run(s, &one);
	assert_int_equal(fs_replace(fs_real(), below_out(s, "sv/a.html"), STR("edited"), 0600), 0);
	assert_int_equal(unlink(below_out(s, "index.html")), 0);
	assert_int_equal(symlink("sv/a.html", below_out(s, "index.html")), 0);
	assert_int_equal(unlink(below_out(s, "sv/gone.html")), 0);
	must_run(s, &two);
	assert_text(tree(s), TREE_TWO);
}

static void refuses_a_foreign_folder(void **state)
{
	struct state *s = *state;
	struct commit c;

	assert_int_equal(fs_mkdir(fs_real(), s->out, 0755), 0);
	write_file(s, "b.txt", "theirs");
	write_file(s, "a.txt", "theirs");
	assert_int_equal(commit_open(&c, s->fs, &s->arena, s->out, MARKER), COMMIT_FOREIGN);
	assert_string_equal(c.failed_path, below_out(s, "a.txt"));
	commit_close(&c);
	/* A folder is no marker. */
	assert_int_equal(fs_mkdir(fs_real(), below_out(s, MARKER), 0755), 0);
	assert_int_equal(commit_open(&c, s->fs, &s->arena, s->out, MARKER), COMMIT_FOREIGN);
	/* And nothing is made beside it. */
	assert_text(temp_tree(&s->arena, s->root),
		"folder 755 public \nfolder 755 public/.marker \n"
		"file 644 public/a.txt theirs\nfile 644 public/b.txt theirs\n");
}

static enum commit_error open_fails(struct state *s, int error)
{
	struct commit c;
	enum commit_error result = commit_open(&c, s->fs, &s->arena, s->out, MARKER);

	commit_close(&c);
	assert_int_equal(c.failed_errno, error);
	return result;
}

static void refuses_what_is_no_folder(void **state)
{
	struct state *s = *state;
	static const char *const nameless[] = {"/", ".", "..", "a/..", "./", "///", ""};

	assert_int_equal(fs_mkdir(fs_real(), temp_path(&s->arena, s->root, "d"), 0755), 0);
	assert_int_equal(symlink("d", s->out), 0);
	assert_int_equal(open_fails(s, ELOOP), COMMIT_SYSTEM);
	assert_int_equal(unlink(s->out), 0);
	assert_int_equal(fs_create(fs_real(), s->out, STR(""), 0644), 0);
	assert_int_equal(open_fails(s, ENOTDIR), COMMIT_SYSTEM);
	assert_text(temp_tree(&s->arena, s->root), "folder 755 d \nfile 644 public \n");
	for (size_t i = 0; i < COUNT_OF(nameless); i++) {
		s->out = nameless[i];
		assert_int_equal(open_fails(s, EINVAL), COMMIT_SYSTEM);
	}
	s->out = "/proc";
	assert_int_equal(open_fails(s, EBUSY), COMMIT_SYSTEM);
}

static void refuses_a_work_folder_that_is_none(void **state)
{
	struct state *s = *state;
	const char *work = temp_path(&s->arena, s->root, ".faktablad-public");

	assert_int_equal(fs_create(fs_real(), work, STR(""), 0644), 0);
	assert_int_equal(open_fails(s, ENOTDIR), COMMIT_SYSTEM);
	assert_int_equal(unlink(work), 0);
	assert_int_equal(symlink("..", work), 0);
	assert_int_equal(open_fails(s, ELOOP), COMMIT_SYSTEM);
}

/* In a child that is not root; its exit status is the errno, 0 for success, 255 for a wrong path. */
static int open_as_nobody(struct state *s, const char *failed_path)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct commit c;
		enum commit_error result;

		if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
			_exit(254);
		result = run(s, s->fs, &two, &c);
		if (result && strcmp(c.failed_path, failed_path) != 0) {
			print_message("%s\n", c.failed_path);
			_exit(255);
		}
		_exit(result ? c.failed_errno : 0);
	}
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

static void needs_to_be_let_in(void **state)
{
	struct state *s = *state;
	const char *work = temp_path(&s->arena, s->root, ".faktablad-public");

	if (geteuid() != 0) {
		print_message("skipped: needs root to become somebody else\n");
		skip();
	}
	assert_int_equal(chmod(s->root, 0755), 0);
	assert_int_equal(open_as_nobody(s, work), EACCES);
	must_run(s, &one);
	assert_int_equal(open_as_nobody(s, temp_path(&s->arena, work, "lock")), EACCES);
	/* The work folder is theirs, the output is not. */
	assert_int_equal(fs_remove_tree(fs_real(), work), 0);
	assert_int_equal(chmod(s->root, 0777), 0);
	assert_int_equal(open_as_nobody(s, s->out), EACCES);
	assert_text(tree(s), TREE_ONE);
}

/* ---- what goes wrong ---- */

static void fail_everywhere(struct state *s, bool forever)
{
	struct faulty f;
	struct commit c;
	enum commit_error result;

	must_run(s, &one);
	write_file(s, "robots.txt", "theirs");
	for (long n = 1;; n++) {
		faulty_init(&f, s->fs);
		f.at = n;
		f.error = EIO;
		f.forever = forever;
		result = run(s, &f.fs, &two, &c);
		if (f.calls < n)
			break;
		if (result) {
			assert_int_equal(result, COMMIT_SYSTEM);
			assert_int_equal(c.failed_errno, EIO);
			assert_non_null(c.failed_path);
			/* Between the two renames there may be no output; then the next run finishes. */
			if (fs_exists(fs_real(), s->out))
				assert_text(tree(s), TREE_ONE_WITH(THEIRS));
			else
				assert_true(forever && s->fs == fs_plain());
		} else {
			assert_text(tree(s), TREE_TWO_WITH(THEIRS));
		}
		must_run(s, &two);
		assert_text(tree(s), TREE_TWO_WITH(THEIRS));
		assert_no_rubbish(s);
		must_run(s, &one);
		assert_text(tree(s), TREE_ONE_WITH(THEIRS));
	}
	assert_int_equal(result, COMMIT_OK);
}

static void survives_any_one_failure(void **state)
{
	fail_everywhere(*state, false);
}

static void survives_any_failure_that_stays(void **state)
{
	fail_everywhere(*state, true);
}

/* The first commit of all: nothing, or everything. */
static void survives_failures_at_first(void **state)
{
	struct state *s = *state;
	enum commit_error result;
	struct faulty f;
	struct commit c;

	for (long n = 1;; n++) {
		faulty_init(&f, s->fs);
		f.at = n;
		f.error = ENOSPC;
		result = run(s, &f.fs, &one, &c);
		if (f.calls < n)
			break;
		assert_text(tree(s), result ? "absent" : TREE_ONE);
		must_run(s, &one);
		assert_text(tree(s), TREE_ONE);
		assert_int_equal(fs_remove_tree(fs_real(), s->out), 0);
		/* Without the work folder as well as with it. */
		if (n % 2)
			assert_int_equal(fs_remove_tree(fs_real(), c.work), 0);
	}
	assert_int_equal(result, COMMIT_OK);
}

/* Runs in a child; true when it ended by itself. */
static bool run_and_kill(struct state *s, struct fs *fs, useconds_t after)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct commit c;

		_exit((int)run(s, fs, &two, &c));
	}
	if (after) {
		usleep(after);
		kill(child, SIGKILL);
	}
	waitpid(child, &status, 0);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), COMMIT_OK);
	return WIFEXITED(status);
}

static void assert_old_or_new(struct state *s)
{
	if (!fs_exists(fs_real(), s->out))
		assert_true(s->fs == fs_plain());
	else if (!str_is(tree(s), TREE_ONE_WITH(THEIRS)))
		assert_text(tree(s), TREE_TWO_WITH(THEIRS));
}

/* Whichever tree the killed run left, the next one goes on from there. */
static void go_on(struct state *s)
{
	must_run(s, &two);
	assert_text(tree(s), TREE_TWO_WITH(THEIRS));
	assert_no_rubbish(s);
	must_run(s, &one);
}

static void survives_a_kill_at_every_call(void **state)
{
	struct state *s = *state;
	bool ended = false;
	struct faulty f;

	must_run(s, &one);
	write_file(s, "robots.txt", "theirs");
	for (long n = 1; !ended; n++) {
		faulty_init(&f, s->fs);
		f.at = n;
		f.kill = true;
		ended = run_and_kill(s, &f.fs, 0);
		assert_old_or_new(s);
		go_on(s);
	}
}

static void survives_a_kill_at_any_time(void **state)
{
	struct state *s = *state;
	uint64_t seed = 20261122;
	int ended = 0;

	must_run(s, &one);
	write_file(s, "robots.txt", "theirs");
	for (int i = 0; i < 100; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		ended += run_and_kill(s, s->fs, 200 + (useconds_t)(seed >> 33) % 4000);
		assert_old_or_new(s);
		go_on(s);
	}
	print_message("%d of 100 runs ended before they were killed\n", ended);
}

static void one_at_a_time(void **state)
{
	struct state *s = *state;
	int status, ends[2];
	struct commit c;
	pid_t child;
	char byte;

	must_run(s, &one);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		if (commit_open(&c, s->fs, &s->arena, s->out, MARKER) || write(ends[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(commit_open(&c, s->fs, &s->arena, s->out, MARKER), COMMIT_BUSY);
	commit_close(&c);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	must_run(s, &two);
	close(ends[0]);
	close(ends[1]);
}

static void many_at_once(void **state)
{
	struct state *s = *state;
	pid_t children[8];
	int status, done = 0;

	for (size_t i = 0; i < COUNT_OF(children); i++) {
		children[i] = fork();
		if (children[i] == 0) {
			struct commit c;

			_exit((int)run(s, s->fs, &one, &c));
		}
	}
	for (size_t i = 0; i < COUNT_OF(children); i++) {
		waitpid(children[i], &status, 0);
		assert_true(WIFEXITED(status));
		assert_true(WEXITSTATUS(status) == COMMIT_OK || WEXITSTATUS(status) == COMMIT_BUSY);
		done += WEXITSTATUS(status) == COMMIT_OK;
	}
	assert_true(done >= 1);
	assert_text(tree(s), TREE_ONE);
	assert_no_rubbish(s);
}

/* ---- file systems that can less ---- */

static void copies_where_it_cannot_link(void **state)
{
	static const int errors[] = {EMLINK, EXDEV, EPERM, EOPNOTSUPP, ENOSYS};
	struct state *s = *state;

	must_run(s, &one);
	write_file(s, "robots.txt", "theirs");
	assert_int_equal(symlink("x", below_out(s, "s")), 0);
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		const struct site *to = i % 2 ? &one : &two;
		struct faulty f;
		struct commit c;

		faulty_init(&f, s->fs);
		f.only = 1u << FAULTY_LINK;
		f.at = 1;
		f.forever = true;
		f.error = errors[i];
		if (run(s, &f.fs, to, &c) != COMMIT_OK)
			fail_msg("%s: %s", c.failed_path, strerror(c.failed_errno));
		assert_text(tree(s),
			i % 2 ? TREE_ONE_WITH(THEIRS LINK_OF_THEIRS) : TREE_TWO_WITH(THEIRS LINK_OF_THEIRS));
	}
}

static void does_not_copy_on_other_errors(void **state)
{
	struct state *s = *state;
	struct faulty f;
	struct commit c;

	must_run(s, &one);
	faulty_init(&f, s->fs);
	f.only = 1u << FAULTY_LINK;
	f.at = 3;
	f.error = ENOSPC;
	assert_int_equal(run(s, &f.fs, &two, &c), COMMIT_SYSTEM);
	assert_int_equal(c.failed_errno, ENOSPC);
	assert_true(str_starts(str_from(c.failed_path), str_from(s->out)));
	assert_int_equal(f.of[FAULTY_COPY], 0);
}

static void names_the_file_that_is_missing(void **state)
{
	struct state *s = *state;
	struct commit c;

	assert_int_equal(commit_open(&c, s->fs, &s->arena, s->out, MARKER), COMMIT_OK);
	commit_add(&c, STR(MARKER), "/no/where");
	assert_int_equal(commit_finish(&c, NULL, 1), COMMIT_SYSTEM);
	assert_string_equal(c.failed_path, "/no/where");
	commit_close(&c);
	assert_text(tree(s), "absent");
}

static void syncs_before_it_switches(void **state)
{
	struct state *s = *state;
	struct faulty f;
	struct commit c;

	must_run(s, &one);
	faulty_init(&f, s->fs);
	assert_int_equal(run(s, &f.fs, &two, &c), COMMIT_OK);
	assert_true(f.of[FAULTY_SYNC] >= 1);
	faulty_init(&f, s->fs);
	f.only = 1u << FAULTY_SYNC;
	f.at = 1;
	f.error = EIO;
	assert_int_equal(run(s, &f.fs, &one, &c), COMMIT_SYSTEM);
	assert_text(tree(s), TREE_TWO);
}

/* ---- somebody else writes at the same time ---- */

static void upload(void *ctx, enum faulty_op op, const char *path)
{
	struct state *s = ctx;

	(void)path;
	/* After the output was listed, before it is exchanged. */
	if (op != FAULTY_SYNC || fs_exists(fs_real(), below_out(s, "late.txt")))
		return;
	write_file(s, "late.txt", "late");
	assert_int_equal(fs_mkdirs(fs_real(), below_out(s, "new/deep")), 0);
	write_file(s, "new/deep/late.txt", "late too");
	assert_int_equal(fs_replace(fs_real(), below_out(s, "robots.txt"), STR("changed"), 0644), 0);
}

static void carries_what_came_late(void **state)
{
	struct state *s = *state;
	struct faulty f;
	struct commit c;

	must_run(s, &one);
	write_file(s, "robots.txt", "theirs");
	faulty_init(&f, s->fs);
	f.before = upload;
	f.ctx = s;
	assert_int_equal(run(s, &f.fs, &two, &c), COMMIT_OK);
	assert_text(
		tree(s), TREE_TWO_WITH("file 644 late.txt late\nfolder 755 new \nfolder 755 new/deep \n"
				       "file 644 new/deep/late.txt late too\nfile 644 robots.txt changed\n"));
	assert_no_rubbish(s);
}

/* ---- real limits ---- */

static void on_a_full_disk(struct state *s)
{
	struct str big = str_make(arena_alloc(&s->arena, 300000), 300000);
	struct commit c;
	enum commit_error result;
	int error = 0;

	memset((char *)(uintptr_t)big.p, 'x', big.n);
	must_run(s, &one);
	/* As a build does: the new files are written first, into what room there is. */
	assert_int_equal(commit_open(&c, s->fs, &s->arena, s->out, MARKER), COMMIT_OK);
	for (int i = 0; i < 10 && !error; i++)
		error = fs_create(s->fs, str_fmt(&s->arena, "%s/big-%d", c.work, i).p, big, 0644);
	assert_int_equal(error, ENOSPC);
	commit_close(&c);
	assert_text(tree(s), TREE_ONE);
	/* And when not even names find room. */
	assert_int_equal(commit_open(&c, s->fs, &s->arena, s->out, MARKER), COMMIT_OK);
	commit_add(&c, STR(MARKER), str_fmt(&s->arena, "%s/big-0", c.work).p);
	for (int i = 0; i < 3000; i++)
		commit_add(&c, str_fmt(&s->arena, "%d/%d/%d", i % 7, i, i),
			str_fmt(&s->arena, "%s/big-0", c.work).p);
	remember(s);
	result = commit_finish(&c, &s->old, 2);
	assert_int_equal(result, COMMIT_SYSTEM);
	assert_int_equal(c.failed_errno, ENOSPC);
	commit_close(&c);
	assert_text(tree(s), TREE_ONE);
	assert_int_equal(fs_remove(fs_real(), str_fmt(&s->arena, "%s/big-0", c.work).p), 0);
	must_run(s, &two);
	assert_text(tree(s), TREE_TWO);
}

static void survives_a_full_disk(void **state)
{
	struct state *s = *state;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
			mount("none", s->root, "tmpfs", 0, "size=1m,nr_inodes=400"))
			_exit(77);
		on_a_full_disk(s);
		_exit(0);
	}
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("skipped: needs root, and leave to mount a small file system\n");
		skip();
	}
	assert_int_equal(status, 0);
}

/* A mount point cannot be exchanged; nor can one below the output be moved along. */
static void refuses_mounts(void **state)
{
	struct state *s = *state;
	int status;
	pid_t child;

	must_run(s, &one);
	child = fork();
	if (child == 0) {
		struct commit c;

		if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
			mount("none", below_out(s, "sv"), "tmpfs", 0, "size=1m"))
			_exit(77);
		if (run(s, s->fs, &two, &c) != COMMIT_SYSTEM || c.failed_errno != EBUSY ||
			strcmp(c.failed_path, below_out(s, "sv")) != 0)
			_exit(1);
		if (mount(s->out, s->out, NULL, MS_BIND, NULL))
			_exit(77);
		_exit(run(s, s->fs, &two, &c) == COMMIT_SYSTEM && c.failed_errno == EBUSY ? 0 : 2);
	}
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("skipped: needs root, and leave to mount\n");
		skip();
	}
	assert_int_equal(status, 0);
	assert_text(tree(s), TREE_ONE);
}

#define ON_BOTH(test)                                                                                        \
	cmocka_unit_test_setup_teardown(test, setup, teardown),                                              \
		cmocka_unit_test_setup_teardown(test, setup_plain, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(makes_and_changes_a_tree),
		ON_BOTH(takes_an_empty_folder),
		ON_BOTH(leaves_an_equal_tree_alone),
		ON_BOTH(keeps_unchanged_files_as_they_are),
		ON_BOTH(carries_what_others_put_there),
		ON_BOTH(survives_any_one_failure),
		ON_BOTH(survives_any_failure_that_stays),
		ON_BOTH(survives_failures_at_first),
		ON_BOTH(survives_a_kill_at_every_call),
		ON_BOTH(survives_a_kill_at_any_time),
		ON_BOTH(many_at_once),
		ON_BOTH(carries_what_came_late),
		ON_BOTH(survives_a_full_disk),
		ON_BOTH(refuses_mounts),
		cmocka_unit_test_setup_teardown(makes_the_folders_above, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_where_others_stand, setup, teardown),
		cmocka_unit_test_setup_teardown(takes_back_its_own_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_a_foreign_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_folder, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_a_work_folder_that_is_none, setup, teardown),
		cmocka_unit_test_setup_teardown(needs_to_be_let_in, setup, teardown),
		cmocka_unit_test_setup_teardown(one_at_a_time, setup, teardown),
		cmocka_unit_test_setup_teardown(copies_where_it_cannot_link, setup, teardown),
		cmocka_unit_test_setup_teardown(does_not_copy_on_other_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(names_the_file_that_is_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(syncs_before_it_switches, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
