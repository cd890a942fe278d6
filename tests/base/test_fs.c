#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"
#include "support/faulty.h"
#include "support/temp.h"

struct state {
	struct arena arena;
	char *root;
	struct fs *fs;
};

static int setup_with(void **state, struct fs *fs)
{
	struct state *s = xmalloc(sizeof(*s));

	arena_init(&s->arena, ARENA_DEFAULT);
	s->root = temp_new();
	s->fs = fs;
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

static const char *at(struct state *s, const char *name)
{
	return temp_path(&s->arena, s->root, name);
}

static void assert_tree(struct state *s, const char *folder, const char *expected)
{
	assert_text(temp_tree(&s->arena, folder), expected);
}

static void creates_whole_files(void **state)
{
	struct state *s = *state;
	mode_t before = umask(0077);

	assert_int_equal(fs_create(s->fs, at(s, "a"), STR("one"), 0644), 0);
	assert_int_equal(fs_create(s->fs, at(s, "a"), STR("two"), 0644), EEXIST);
	assert_int_equal(fs_create(s->fs, at(s, "empty"), STR(""), 0600), 0);
	umask(0);
	assert_int_equal(fs_mkdir(s->fs, at(s, "d"), 0750), 0);
	assert_int_equal(fs_create(s->fs, at(s, "d/b"), STR("three"), 0640), 0);
	umask(before);
	assert_int_equal(fs_create(s->fs, at(s, "no/b"), STR("x"), 0644), ENOENT);
	assert_int_equal(fs_create(s->fs, at(s, "a/b"), STR("x"), 0644), ENOTDIR);
	assert_int_equal(fs_create(s->fs, at(s, "d"), STR("x"), 0644), EEXIST);
	assert_int_equal(symlink("nowhere", at(s, "l")), 0);
	assert_int_equal(fs_create(s->fs, at(s, "l"), STR("x"), 0644), EEXIST);
	/* And nothing else lies about. */
	assert_tree(s, s->root,
		"file 644 a one\nfolder 750 d \nfile 640 d/b three\nfile 600 empty \nlink 777 l nowhere\n");
}

static void creates_directly(void **state)
{
	struct state *s = *state;

	assert_int_equal(fs_create_directly(s->fs, at(s, "a"), STR("one"), 0644), 0);
	assert_int_equal(fs_create_directly(s->fs, at(s, "a"), STR("two"), 0644), EEXIST);
	assert_int_equal(fs_create_directly(s->fs, at(s, "d/a"), STR("two"), 0644), ENOENT);
	assert_int_equal(symlink("nowhere", at(s, "l")), 0);
	assert_int_equal(fs_create_directly(s->fs, at(s, "l"), STR("two"), 0644), EEXIST);
	assert_tree(s, s->root, "file 644 a one\nlink 777 l nowhere\n");
}

/* Files of at most 50,000 bytes: what could not be written whole is not there. */
static void leaves_nothing_half_written(void **state)
{
	struct rlimit before, small;
	struct state *s = *state;
	static char big[100000];
	int error, directly;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 50000;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	error = fs_create(s->fs, at(s, "a"), str_make(big, sizeof(big)), 0644);
	directly = fs_create_directly(s->fs, at(s, "b"), str_make(big, sizeof(big)), 0644);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(error, EFBIG);
	assert_int_equal(directly, EFBIG);
	assert_tree(s, s->root, "");
}

static void creates_relative_to_the_working_folder(void **state)
{
	struct state *s = *state;
	int here = open(".", O_RDONLY | O_DIRECTORY);

	assert_int_equal(chdir(s->root), 0);
	assert_int_equal(fs_create(s->fs, "a", STR("one"), 0644), 0);
	assert_int_equal(fs_replace(s->fs, "a", STR("two"), 0644), 0);
	assert_int_equal(fs_mkdirs(s->fs, "b/c"), 0);
	assert_int_equal(fchdir(here), 0);
	close(here);
	assert_tree(s, s->root, "file 644 a two\nfolder 755 b \nfolder 755 b/c \n");
}

static void reads_files_only(void **state)
{
	struct state *s = *state;
	struct str text = STR("before");

	assert_int_equal(fs_create(s->fs, at(s, "a"), STR("12345"), 0644), 0);
	assert_int_equal(fs_read(s->fs, at(s, "a"), &s->arena, 5, &text), 0);
	assert_text(text, "12345");
	assert_int_equal(text.p[5], 0);
	text = STR("before");
	assert_int_equal(fs_read(s->fs, at(s, "a"), &s->arena, 4, &text), EFBIG);
	assert_int_equal(fs_read(s->fs, at(s, "b"), &s->arena, 4, &text), ENOENT);
	assert_int_equal(fs_read(s->fs, s->root, &s->arena, 4, &text), EISDIR);
	assert_int_equal(symlink("a", at(s, "l")), 0);
	assert_int_equal(fs_read(s->fs, at(s, "l"), &s->arena, 9, &text), ELOOP);
	/* A pipe that nobody writes to would hold us for ever. */
	assert_int_equal(mkfifo(at(s, "p"), 0600), 0);
	assert_int_equal(fs_read(s->fs, at(s, "p"), &s->arena, 9, &text), EOPNOTSUPP);
	assert_text(text, "before");
	/* The size of such files is not known before. */
	assert_int_equal(fs_read(s->fs, "/proc/self/maps", &s->arena, (size_t)1 << 20, &text), 0);
	assert_true(text.n > 100);
	assert_int_equal(fs_read(s->fs, "/proc/self/maps", &s->arena, 100, &text), EFBIG);
}

static void reads_in_steps(void **state)
{
	struct state *s = *state;
	struct fs_file file;
	char bytes[4];
	size_t n;

	assert_int_equal(fs_create(s->fs, at(s, "a"), STR("123456"), 0644), 0);
	assert_int_equal(fs_open(s->fs, at(s, "a"), &file), 0);
	assert_int_equal(file.stat.size, 6);
	assert_int_equal(fs_read_some(s->fs, &file, bytes, 4, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(fs_read_some(s->fs, &file, bytes, 4, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(fs_read_some(s->fs, &file, bytes, 4, &n), 0);
	assert_int_equal(n, 0);
	fs_close(s->fs, &file);
	fs_close(s->fs, &file);
	assert_int_equal(fs_open(s->fs, s->root, &file), EISDIR);
}

static void tells_what_stands_there(void **state)
{
	struct state *s = *state;
	struct fs_stat a, b;

	assert_int_equal(fs_create(s->fs, at(s, "a"), STR("12345"), 0640), 0);
	assert_int_equal(fs_link(s->fs, at(s, "a"), at(s, "b")), 0);
	assert_int_equal(fs_stat(s->fs, at(s, "a"), &a), 0);
	assert_int_equal(fs_stat(s->fs, at(s, "b"), &b), 0);
	assert_int_equal(a.kind, FS_FILE);
	assert_int_equal(a.size, 5);
	assert_int_equal(a.mode, 0640);
	assert_int_equal(a.links, 2);
	assert_int_equal(a.inode, b.inode);
	assert_false(a.mount);
	assert_true(a.mtime_ns > (int64_t)1600000000 * 1000000000);
	assert_int_equal(symlink("a", at(s, "l")), 0);
	assert_int_equal(fs_stat(s->fs, at(s, "l"), &a), 0);
	assert_int_equal(a.kind, FS_LINK);
	assert_int_equal(fs_stat(s->fs, "/proc", &a), 0);
	assert_int_equal(a.kind, FS_DIR);
	assert_true(a.mount);
	assert_int_equal(fs_stat(s->fs, "/dev/null", &a), 0);
	assert_int_equal(a.kind, FS_OTHER);
	assert_int_equal(fs_stat(s->fs, at(s, "no"), &a), ENOENT);
	assert_true(fs_exists(s->fs, at(s, "l")));
	assert_false(fs_exists(s->fs, at(s, "no")));
}

static void lists_in_order_of_bytes(void **state)
{
	struct state *s = *state;
	struct fs_listing l = {0};
	const char *names[] = {"b", "a/b", "a-b", "a", "Z", "a/\xC3\xA5", "a/b/c"};
	const char *expected[] = {"Z", "a", "a-b", "a/b", "a/b/c", "a/\xC3\xA5", "b"};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_int_equal(fs_mkdirs(s->fs, at(s, names[i])), 0);
	assert_int_equal(fs_list(s->fs, s->root, &s->arena, &l), 0);
	assert_int_equal(l.len, COUNT_OF(expected));
	for (size_t i = 0; i < l.len; i++) {
		assert_string_equal(l.entries[i].path.p, expected[i]);
		assert_int_equal(l.entries[i].stat.kind, FS_DIR);
	}
	assert_int_equal(fs_list_flat(s->fs, s->root, &s->arena, &l), 0);
	assert_int_equal(l.len, 4);
	assert_string_equal(l.entries[3].path.p, "b");
	assert_int_equal(fs_list(s->fs, at(s, "b"), &s->arena, &l), 0);
	assert_int_equal(l.len, 0);
}

static void lists_links_without_following(void **state)
{
	struct state *s = *state;
	struct fs_listing l = {0};

	assert_int_equal(fs_mkdir(s->fs, at(s, "d"), 0755), 0);
	assert_int_equal(symlink(".", at(s, "d/loop")), 0);
	assert_int_equal(fs_list(s->fs, s->root, &s->arena, &l), 0);
	assert_int_equal(l.len, 2);
	assert_int_equal(l.entries[1].stat.kind, FS_LINK);
	assert_int_equal(symlink("d", at(s, "l")), 0);
	assert_int_equal(fs_list(s->fs, at(s, "l"), &s->arena, &l), ENOTDIR);
	assert_int_equal(fs_list(s->fs, at(s, "no"), &s->arena, &l), ENOENT);
	assert_int_equal(l.len, 2);
}

static void lists_bare(void **state)
{
	struct state *s = *state;
	struct fs_listing full = {0}, bare = {0};

	assert_int_equal(fs_mkdirs(s->fs, at(s, "d/e")), 0);
	assert_int_equal(fs_create(s->fs, at(s, "d/e/f"), STR("x"), 0644), 0);
	assert_int_equal(chmod(at(s, "d"), 0711), 0);
	assert_int_equal(symlink("d", at(s, "l")), 0);
	assert_int_equal(mkfifo(at(s, "p"), 0600), 0);
	assert_int_equal(fs_list(s->fs, s->root, &s->arena, &full), 0);
	assert_int_equal(fs_list_bare(s->fs, s->root, &s->arena, &bare), 0);
	assert_int_equal(full.len, 5);
	assert_int_equal(bare.len, full.len);
	for (size_t i = 0; i < bare.len; i++) {
		assert_string_equal(bare.entries[i].path.p, full.entries[i].path.p);
		assert_int_equal(bare.entries[i].stat.kind, full.entries[i].stat.kind);
	}
	assert_int_equal(bare.entries[0].stat.mode, 0711);
}

static void lists_no_deeper_than_the_cap(void **state)
{
	struct state *s = *state;
	struct fs_listing l = {0};
	struct buf path;

	buf_init(&path, BUF_MAX_DEFAULT);
	buf_addz(&path, s->root);
	for (int i = 0; i < FS_MAX_DEPTH; i++)
		buf_addz(&path, "/d");
	assert_int_equal(fs_mkdirs(s->fs, path.p), 0);
	assert_int_equal(fs_list(s->fs, s->root, &s->arena, &l), 0);
	assert_int_equal(l.len, FS_MAX_DEPTH);
	buf_addz(&path, "/d");
	assert_int_equal(fs_mkdirs(s->fs, path.p), 0);
	assert_int_equal(fs_list(s->fs, s->root, &s->arena, &l), ENAMETOOLONG);
	assert_int_equal(l.failed.n, 2 * FS_MAX_DEPTH + 1);
	/* Out of the way, for the removal. */
	assert_int_equal(rmdir(path.p), 0);
	buf_release(&path);
}

static void copies_files_and_links(void **state)
{
	struct state *s = *state;
	struct timespec times[2] = {{1000000000, 5}, {1234567890, 123456789}};
	struct fs_stat st;

	assert_int_equal(fs_create(s->fs, at(s, "a"), STR("one"), 0604), 0);
	assert_int_equal(utimensat(AT_FDCWD, at(s, "a"), times, 0), 0);
	assert_int_equal(fs_copy(s->fs, at(s, "a"), at(s, "b")), 0);
	assert_int_equal(fs_stat(s->fs, at(s, "b"), &st), 0);
	assert_int_equal(st.mode, 0604);
	assert_int_equal(st.links, 1);
	assert_true(st.mtime_ns == (int64_t)1234567890 * 1000000000 + 123456789);
	assert_int_equal(fs_copy(s->fs, at(s, "a"), at(s, "b")), EEXIST);
	assert_int_equal(symlink("/no/where", at(s, "l")), 0);
	assert_int_equal(fs_copy(s->fs, at(s, "l"), at(s, "m")), 0);
	assert_int_equal(fs_copy(s->fs, s->root, at(s, "n")), EISDIR);
	assert_int_equal(fs_copy(s->fs, at(s, "no"), at(s, "n")), ENOENT);
	assert_tree(
		s, s->root, "file 604 a one\nfile 604 b one\nlink 777 l /no/where\nlink 777 m /no/where\n");
}

static void copies_what_is_larger_than_a_step(void **state)
{
	struct state *s = *state;
	struct str big = str_make(arena_alloc(&s->arena, 1000000), 1000000), copy;

	for (size_t i = 0; i < big.n; i++)
		((char *)(uintptr_t)big.p)[i] = (char)(i * 31 >> 3);
	assert_int_equal(fs_create(s->fs, at(s, "a"), big, 0644), 0);
	assert_int_equal(fs_copy(s->fs, at(s, "a"), at(s, "b")), 0);
	assert_int_equal(fs_read(s->fs, at(s, "b"), &s->arena, big.n, &copy), 0);
	assert_true(str_eq(big, copy));
}

static void links_the_link_itself(void **state)
{
	struct state *s = *state;

	assert_int_equal(symlink("x", at(s, "l")), 0);
	assert_int_equal(fs_link(s->fs, at(s, "l"), at(s, "m")), 0);
	assert_int_equal(fs_link(s->fs, at(s, "l"), at(s, "m")), EEXIST);
	assert_int_equal(fs_link(s->fs, at(s, "no"), at(s, "n")), ENOENT);
	assert_tree(s, s->root, "link 777 l x\nlink 777 m x\n");
}

static void makes_folders_with_their_parents(void **state)
{
	struct state *s = *state;

	assert_int_equal(fs_mkdir(s->fs, at(s, "a/b"), 0755), ENOENT);
	assert_int_equal(fs_mkdirs(s->fs, at(s, "a/b//c/")), 0);
	assert_int_equal(fs_mkdirs(s->fs, at(s, "a/b/c")), 0);
	assert_int_equal(fs_create(s->fs, at(s, "f"), STR(""), 0644), 0);
	assert_int_equal(fs_mkdirs(s->fs, at(s, "f")), ENOTDIR);
	assert_int_equal(fs_mkdirs(s->fs, at(s, "f/g/h")), ENOTDIR);
	assert_int_equal(symlink("a", at(s, "l")), 0);
	assert_int_equal(fs_mkdirs(s->fs, at(s, "l/x/y")), 0);
	assert_int_equal(fs_mkdirs(s->fs, at(s, "l")), ENOTDIR);
	assert_tree(s, s->root,
		"folder 755 a \nfolder 755 a/b \nfolder 755 a/b/c \nfolder 755 a/x \nfolder 755 a/x/y \n"
		"file 644 f \nlink 777 l a\n");
}

static void renames_and_exchanges(void **state)
{
	struct state *s = *state;
	bool exchanges = s->fs == fs_real();

	assert_int_equal(fs_mkdirs(s->fs, at(s, "d/x")), 0);
	assert_int_equal(fs_mkdirs(s->fs, at(s, "e/y")), 0);
	assert_int_equal(fs_exchange(s->fs, at(s, "d"), at(s, "e")), exchanges ? 0 : EINVAL);
	assert_int_equal(fs_exists(s->fs, at(s, "d/y")), exchanges);
	if (exchanges)
		assert_int_equal(fs_exchange(s->fs, at(s, "d"), at(s, "no")), ENOENT);
	assert_int_equal(fs_rename(s->fs, at(s, "d"), at(s, "e")), ENOTEMPTY);
	assert_int_equal(fs_rename(s->fs, at(s, "d"), at(s, "f")), 0);
	assert_false(fs_exists(s->fs, at(s, "d")));
	assert_int_equal(fs_mkdir(s->fs, at(s, "g"), 0755), 0);
	assert_int_equal(fs_rename(s->fs, at(s, "f"), at(s, "g")), 0);
}

static void changes_modes(void **state)
{
	struct state *s = *state;

	assert_int_equal(fs_create(s->fs, at(s, "a"), STR(""), 0644), 0);
	assert_int_equal(fs_mkdir(s->fs, at(s, "d"), 0755), 0);
	assert_int_equal(fs_chmod(s->fs, at(s, "a"), 0600), 0);
	assert_int_equal(fs_chmod(s->fs, at(s, "d"), 0711), 0);
	assert_int_equal(symlink("a", at(s, "l")), 0);
	assert_int_not_equal(fs_chmod(s->fs, at(s, "l"), 0777), 0);
	assert_int_equal(fs_chmod(s->fs, at(s, "no"), 0777), ENOENT);
	assert_tree(s, s->root, "file 600 a \nfolder 711 d \nlink 777 l a\n");
}

static void removes(void **state)
{
	struct state *s = *state;

	assert_int_equal(fs_create(s->fs, at(s, "kept"), STR(""), 0644), 0);
	assert_int_equal(fs_mkdirs(s->fs, at(s, "a/b/c")), 0);
	assert_int_equal(fs_create(s->fs, at(s, "a/b/f"), STR(""), 0644), 0);
	assert_int_equal(symlink("../kept", at(s, "a/l")), 0);
	assert_int_equal(symlink("..", at(s, "a/up")), 0);
	assert_int_equal(fs_remove(s->fs, at(s, "a")), ENOTEMPTY);
	assert_int_equal(fs_remove(s->fs, at(s, "a/b/c")), 0);
	assert_int_equal(fs_remove(s->fs, at(s, "a/l")), 0);
	assert_int_equal(fs_remove(s->fs, at(s, "a/l")), ENOENT);
	assert_int_equal(symlink("../kept", at(s, "a/l")), 0);
	assert_int_equal(chmod(at(s, "a/b"), 0500), 0);
	assert_int_equal(fs_remove_tree(s->fs, at(s, "a")), 0);
	assert_int_equal(fs_remove_tree(s->fs, at(s, "a")), 0);
	assert_tree(s, s->root, "file 644 kept \n");
	assert_int_equal(fs_remove_tree(s->fs, at(s, "kept")), 0);
	assert_tree(s, s->root, "");
}

static void replaces_whole_or_not_at_all(void **state)
{
	struct state *s = *state;
	struct faulty f;

	assert_int_equal(fs_replace(s->fs, at(s, "a"), STR("one"), 0644), 0);
	for (long n = 1;; n++) {
		faulty_init(&f, s->fs);
		f.at = n;
		f.error = ENOSPC;
		if (fs_replace(&f.fs, at(s, "a"), STR("two"), 0600) == 0)
			break;
		assert_tree(s, s->root, "file 644 a one\n");
	}
	assert_true(f.calls < f.at);
	assert_tree(s, s->root, "file 600 a two\n");
}

static void syncs(void **state)
{
	struct state *s = *state;

	assert_int_equal(fs_create(s->fs, at(s, "a"), STR("one"), 0444), 0);
	assert_int_equal(fs_sync(s->fs, at(s, "a")), 0);
	assert_int_equal(fs_sync(s->fs, s->root), 0);
	assert_int_equal(fs_sync(s->fs, at(s, "no")), ENOENT);
}

static int lock_elsewhere(struct fs *fs, const char *path)
{
	int status, lock;
	pid_t child = fork();

	if (child == 0)
		_exit(fs_lock(fs, path, &lock));
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

static void locks_against_others(void **state)
{
	struct state *s = *state;
	int lock;

	assert_int_equal(fs_lock(s->fs, at(s, "lock"), &lock), 0);
	assert_int_equal(lock_elsewhere(s->fs, at(s, "lock")), EWOULDBLOCK);
	assert_true(fcntl(lock, F_GETFD) & FD_CLOEXEC);
	fs_unlock(s->fs, lock);
	assert_int_equal(lock_elsewhere(s->fs, at(s, "lock")), 0);
}

/* As somebody who is not root: the kernel's short cut for naming files may not be open to them. */
static void works_for_everybody(void **state)
{
	struct state *s = *state;
	int status;
	pid_t child;

	if (geteuid() != 0) {
		print_message("skipped: needs root to become somebody else\n");
		skip();
	}
	assert_int_equal(chmod(s->root, 0777), 0);
	assert_int_equal(fs_mkdir(s->fs, at(s, "closed"), 0755), 0);
	child = fork();
	if (child == 0) {
		if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
			_exit(99);
		if (fs_create(s->fs, at(s, "a"), STR("one"), 0644))
			_exit(1);
		_exit(fs_create(s->fs, at(s, "closed/a"), STR("one"), 0644) == EACCES ? 0 : 2);
	}
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_tree(s, s->root, "file 644 a one\nfolder 755 closed \n");
}

static void knows_portable_names(void **state)
{
	static const char *const good[] = {"a", "sv/index.html", "a-b_c.d", "console.html", "com10", "0",
		"packs/faktablad-sv.zip", "com.html", "lpt", "auxiliary/nulls"};
	static const char *const bad[] = {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b",
		".a", "a.", "a./b", "A", "å", "a b", "a\\b", "a:b", "con", "con.html", "a/aux",
		"nul.tar.gz/x", "com1", "com0.x", "lpt9", "prn", "a\nb", "a*", "a?b", "~"};
	struct buf longest;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		if (!fs_portable_path(str_from(good[i])))
			fail_msg("“%s” is portable", good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (fs_portable_path(str_from(bad[i])))
			fail_msg("“%s” is not portable", bad[i]);
	assert_false(fs_portable_path(str_make("a\0b", 3)));
	assert_false(fs_portable_path(str_make(NULL, 0)));
	buf_init(&longest, BUF_MAX_DEFAULT);
	for (int i = 0; i < 255; i++)
		buf_addc(&longest, 'a');
	assert_true(fs_portable_path(buf_str(&longest)));
	buf_addc(&longest, 'a');
	assert_false(fs_portable_path(buf_str(&longest)));
	buf_release(&longest);
}

static void saves_whole_or_not_at_all(void **state)
{
	struct state *s = *state;
	bool ended = false;

	assert_int_equal(fs_save(s->fs, at(s, "a"), STR("one"), 0640), 0);
	/* what somebody who died left behind is in nobody's way */
	assert_int_equal(fs_create(s->fs, at(s, ".a.new"), STR("half"), 0644), 0);
	assert_int_equal(fs_save(s->fs, at(s, "a"), STR("one"), 0640), 0);
	assert_tree(s, s->root, "file 640 a one\n");
	for (long n = 1; !ended; n++) {
		struct faulty f;
		int error;

		faulty_init(&f, s->fs);
		f.at = n;
		f.error = EIO;
		error = fs_save(&f.fs, at(s, "a"), STR("two"), 0640);
		ended = f.calls < n;
		assert_int_equal(error, ended ? 0 : EIO);
		/* the last call makes sure that it stays: by then it is done */
		assert_tree(s, s->root, ended || n == 5 ? "file 640 a two\n" : "file 640 a one\n");
	}
}

static void knows_contained_paths(void **state)
{
	static const char *const good[] = {"a", "A b/c", "å/…", ".hidden", "a/..b", "...", "con", "a."};
	static const char *const bad[] = {"", "/a", "a/", "a//b", ".", "..", "./a", "a/..", "a/../b", "a/./b",
		"a\\b", "a\nb", "a\x7F", "\x01"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		if (!fs_contained_path(str_from(good[i])))
			fail_msg("“%s” is contained", good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (fs_contained_path(str_from(bad[i])))
			fail_msg("“%s” is not contained", bad[i]);
	assert_false(fs_contained_path(str_make("a\0b", 3)));
}

#define ON_BOTH(test)                                                                                        \
	cmocka_unit_test_setup_teardown(test, setup, teardown),                                              \
		cmocka_unit_test_setup_teardown(test, setup_plain, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(creates_whole_files),
		ON_BOTH(creates_directly),
		ON_BOTH(leaves_nothing_half_written),
		ON_BOTH(creates_relative_to_the_working_folder),
		ON_BOTH(copies_files_and_links),
		ON_BOTH(copies_what_is_larger_than_a_step),
		ON_BOTH(renames_and_exchanges),
		ON_BOTH(replaces_whole_or_not_at_all),
		ON_BOTH(saves_whole_or_not_at_all),
		ON_BOTH(works_for_everybody),
		cmocka_unit_test_setup_teardown(reads_files_only, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_in_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(tells_what_stands_there, setup, teardown),
		cmocka_unit_test_setup_teardown(lists_in_order_of_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(lists_links_without_following, setup, teardown),
		cmocka_unit_test_setup_teardown(lists_bare, setup, teardown),
		cmocka_unit_test_setup_teardown(lists_no_deeper_than_the_cap, setup, teardown),
		cmocka_unit_test_setup_teardown(links_the_link_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(makes_folders_with_their_parents, setup, teardown),
		cmocka_unit_test_setup_teardown(changes_modes, setup, teardown),
		cmocka_unit_test_setup_teardown(removes, setup, teardown),
		cmocka_unit_test_setup_teardown(syncs, setup, teardown),
		cmocka_unit_test_setup_teardown(locks_against_others, setup, teardown),
		cmocka_unit_test(knows_portable_names),
		cmocka_unit_test(knows_contained_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
