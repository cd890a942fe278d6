#include "output/pack.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

#include "support/check.h"
#include "support/faulty.h"
#include "support/temp.h"

struct state {
	struct arena arena;
	char *root;
	struct store *store;
	struct manifest manifest;
};

static const struct date issued = {2026, 11, 22};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));
	int error;

	*s = (struct state){.root = temp_new()};
	arena_init(&s->arena, ARENA_DEFAULT);
	s->store = store_new(fs_real(), temp_path(&s->arena, s->root, "store"), &error);
	assert_non_null(s->store);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	store_free(s->store);
	temp_free(s->root);
	arena_release(&s->arena);
	free(s);
	return 0;
}

static struct str repeated(struct arena *a, const char *text, size_t times)
{
	struct buf out;
	struct str result;

	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < times; i++)
		buf_addf(&out, "%s %zu\n", text, i * i % 7919);
	result = str_dup(a, buf_str(&out));
	buf_release(&out);
	return result;
}

static void add(struct state *s, const char *path, struct str bytes)
{
	struct digest d;

	assert_int_equal(store_put(s->store, bytes, &d, NULL), 0);
	manifest_add(&s->manifest, &s->arena, str_from(path), &d, bytes.n);
}

/* Every kind of size: nothing, one byte, text, more than a reading step, what does not compress. */
static void add_samples(struct state *s)
{
	struct str noise = str_make(arena_alloc(&s->arena, 200000), 200000);
	uint64_t seed = 42;
	struct str twice;

	for (size_t i = 0; i < noise.n; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		((char *)(uintptr_t)noise.p)[i] = (char)(seed >> 56);
	}
	add(s, "sv/tom.txt", STR(""));
	add(s, "sv/a.html", STR("a"));
	add(s, "index.html", repeated(&s->arena, "<p>Förskolan frågar.</p>", 50));
	add(s, "sv/stor.html", repeated(&s->arena, "<p>Socialtjänsten</p>", 20000));
	add(s, "assets/noise.woff2", noise);
	add(s, "sv-more/b.html", STR("a"));
	assert_true(manifest_sort(&s->manifest, &twice));
}

static enum pack_error pack(struct state *s, struct pack_result *result)
{
	return pack_write(s->store, &s->arena, &s->manifest, STR("faktablad-sv"), issued,
		temp_path(&s->arena, s->root, "scratch.zip"), result);
}

static const char *packed_path(struct state *s, const struct digest *d)
{
	char *path = arena_alloc(&s->arena, store_path_max(s->store));

	store_path(s->store, d, path);
	return path;
}

static const char *pack_samples(struct state *s)
{
	struct pack_result r;

	add_samples(s);
	if (pack(s, &r) != PACK_OK)
		fail_msg("%.*s: %s", STR_ARG(r.failed), strerror(r.failed_errno));
	return packed_path(s, &r.digest);
}

static struct str output_of(struct arena *a, const char *command, int *status)
{
	FILE *pipe = popen(command, "r");
	struct buf out;
	struct str result;
	size_t n;

	buf_init(&out, BUF_MAX_DEFAULT);
	do {
		char *room = buf_room(&out, 4096);

		n = fread(room, 1, 4096, pipe);
		buf_added(&out, n);
	} while (n);
	*status = WEXITSTATUS(pclose(pipe));
	result = str_dup(a, buf_str(&out));
	buf_release(&out);
	return result;
}

static bool has_program(const char *name)
{
	char command[200];

	snprintf(command, sizeof(command), "command -v %s >/dev/null 2>&1", name);
	if (system(command) == 0)
		return true;
	print_message("skipped: %s is not installed\n", name);
	return false;
}

static void assert_succeeds(struct state *s, const char *command)
{
	int status;
	struct str out = output_of(&s->arena, command, &status);

	if (status)
		fail_msg("%s:\n%.*s", command, STR_ARG(out));
}

/* The bytes of the file system's copy of an artifact. */
static struct str artifact(struct state *s, const struct digest *d)
{
	struct str bytes = {0};

	assert_int_equal(fs_read(fs_real(), packed_path(s, d), &s->arena, (size_t)64 << 20, &bytes), 0);
	return bytes;
}

static void libzip_reads_it_back(void **state)
{
	struct state *s = *state;
	int error;
	zip_t *zip = zip_open(pack_samples(s), ZIP_RDONLY | ZIP_CHECKCONS, &error);

	assert_non_null(zip);
	assert_int_equal(zip_get_num_entries(zip, 0), s->manifest.len);
	for (size_t i = 0; i < s->manifest.len; i++) {
		const struct manifest_entry *e = &s->manifest.entries[i];
		char *bytes = xmalloc(e->size + 1);
		zip_file_t *file;
		zip_stat_t st;

		assert_int_equal(zip_stat_index(zip, i, 0, &st), 0);
		assert_string_equal(st.name, str_fmt(&s->arena, "faktablad-sv/%s", e->path.p).p);
		assert_int_equal(st.size, e->size);
		assert_int_equal(st.comp_method, ZIP_CM_DEFLATE);
		assert_int_equal(zip_file_extra_fields_count(zip, i, ZIP_FL_CENTRAL), 0);
		assert_int_equal(zip_file_extra_fields_count(zip, i, ZIP_FL_LOCAL), 0);
		file = zip_fopen_index(zip, i, 0);
		assert_int_equal(zip_fread(file, bytes, e->size + 1), e->size);
		assert_int_equal(zip_fclose(file), 0);
		assert_true(str_eq(str_make(bytes, e->size), artifact(s, &e->digest)));
		free(bytes);
	}
	zip_close(zip);
}

static void unzip_accepts_it(void **state)
{
	struct state *s = *state;
	const char *path = pack_samples(s);

	if (!has_program("unzip"))
		skip();
	assert_succeeds(s, str_fmt(&s->arena, "unzip -t %s 2>&1", path).p);
}

static size_t count(struct str text, struct str part)
{
	size_t n = 0;

	for (;;) {
		size_t at = str_find(text, part);

		if (at == text.n)
			return n;
		n++;
		text = str_slice(text, at + part.n, text.n);
	}
}

static void says_nothing_of_the_machine(void **state)
{
	struct state *s = *state;
	const char *path = pack_samples(s);
	int status;
	struct str info;

	if (!has_program("zipinfo"))
		skip();
	info = output_of(&s->arena, str_fmt(&s->arena, "TZ=Asia/Tokyo zipinfo -v %s 2>&1", path).p, &status);
	assert_int_equal(status, 0);
	assert_int_equal(
		count(info, STR("length of extra field:                          0 bytes")), s->manifest.len);
	assert_int_equal(count(info, STR("(100644 octal):")), s->manifest.len);
	assert_int_equal(count(info, STR("2026 Nov 22 12:00:00")), s->manifest.len);
	assert_int_equal(
		count(info, STR("extended local header:                          no")), s->manifest.len);
	assert_int_equal(
		count(info, STR("length of file comment:                         0")), s->manifest.len);
}

static void python_reads_it_back(void **state)
{
	struct state *s = *state;
	const char *path = pack_samples(s);

	if (!has_program("python3"))
		skip();
	assert_succeeds(s, str_fmt(&s->arena,
				   "python3 -c 'import sys,zipfile\n"
				   "z=zipfile.ZipFile(sys.argv[1])\n"
				   "assert z.testzip() is None\n"
				   "names=z.namelist()\n"
				   "assert names==sorted(names) and len(names)==%zu, names\n"
				   "assert all(i.extra==b\"\" and i.date_time==(2026,11,22,12,0,0) for i in "
				   "z.infolist())\n"
				   "assert z.read(\"faktablad-sv/sv/a.html\")==b\"a\"' %s 2>&1",
				   s->manifest.len, path)
				   .p);
}

/* In a child: another time zone, umask and locale. */
static struct digest pack_elsewhere(struct state *s, const char *zone, mode_t mask)
{
	struct digest d = {0};
	struct pack_result r;
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		setenv("TZ", zone, 1);
		setenv("LC_ALL", "sv_SE.UTF-8", 1);
		umask(mask);
		if (pack(s, &r) != PACK_OK || write(ends[1], &r.digest, sizeof(r.digest)) != sizeof(r.digest))
			_exit(1);
		_exit(0);
	}
	assert_int_equal(read(ends[0], &d, sizeof(d)), sizeof(d));
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	close(ends[0]);
	close(ends[1]);
	return d;
}

static void is_the_same_everywhere(void **state)
{
	struct state *s = *state;
	struct digest a, b, c;
	struct fs_stat st;

	add_samples(s);
	a = pack_elsewhere(s, "UTC", 022);
	sleep(1);
	b = pack_elsewhere(s, "Pacific/Kiritimati", 077);
	assert_int_equal(unlink(packed_path(s, &b)), 0);
	c = pack_elsewhere(s, "America/Los_Angeles", 0);
	assert_true(digest_eq(&a, &b) && digest_eq(&b, &c));
	assert_int_equal(fs_stat(fs_real(), packed_path(s, &c), &st), 0);
	assert_int_equal(st.mode, 0644);
}

static void leaves_no_scratch_file(void **state)
{
	struct state *s = *state;
	struct fs_listing l = {0};

	pack_samples(s);
	assert_int_equal(fs_list_flat(fs_real(), s->root, &s->arena, &l), 0);
	assert_int_equal(l.len, 1);
	assert_string_equal(l.entries[0].path.p, "store");
}

static void takes_dates_that_dos_has_not(void **state)
{
	static const struct date dates[] = {{0}, {1970, 1, 1}, {2999, 5, 5}};
	struct state *s = *state;

	add(s, "a.html", STR("a"));
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		struct pack_result r;
		struct str zip;

		assert_int_equal(pack_write(s->store, &s->arena, &s->manifest, STR("x"), dates[i],
					 temp_path(&s->arena, s->root, "z"), &r),
			PACK_OK);
		zip = artifact(s, &r.digest);
		/* The date of the first local header. */
		assert_int_equal((uint8_t)zip.p[12] | (uint8_t)zip.p[13] << 8,
			i < 2 ? 1 << 5 | 1 : (2107 - 1980) << 9 | 12 << 5 | 31);
	}
}

static void refuses_names(void **state)
{
	static const char *const bad[] = {"../a", "/a", "a\\b", "con.html", "A.html", "å.html", "a//b",
		".hidden", "",
		"12345678901234567890123456789012345678901234567890/1234567890123456789012345678901234567"};
	struct state *s = *state;
	struct pack_result r;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		s->manifest.len = 0;
		add(s, bad[i], STR("a"));
		assert_int_equal(pack(s, &r), PACK_NAME);
		assert_text(r.failed, bad[i]);
	}
	s->manifest.len = 0;
	add(s, "a", STR("a"));
	add(s, "a-b", STR("a"));
	add(s, "a/b", STR("a"));
	assert_int_equal(pack(s, &r), PACK_NAME);
	assert_text(r.failed, "a/b");
	s->manifest.len = 0;
	add(s, "a", STR("a"));
	add(s, "a", STR("b"));
	assert_int_equal(pack(s, &r), PACK_NAME);
	s->manifest.len = 1;
	assert_int_equal(pack_write(s->store, &s->arena, &s->manifest, STR("a/b"), issued,
				 temp_path(&s->arena, s->root, "z"), &r),
		PACK_NAME);
	assert_int_equal(pack_write(s->store, &s->arena, &s->manifest, STR(".."), issued,
				 temp_path(&s->arena, s->root, "z"), &r),
		PACK_NAME);
}

static void refuses_too_many(void **state)
{
	struct state *s = *state;
	struct pack_result r;
	struct digest d;

	assert_int_equal(pack(s, &r), PACK_LIMIT);
	assert_int_equal(store_put(s->store, STR("a"), &d, NULL), 0);
	for (int i = 0; i <= PACK_MAX_FILES; i++)
		manifest_add(&s->manifest, &s->arena, str_fmt(&s->arena, "%06d", i), &d, 1);
	assert_int_equal(pack(s, &r), PACK_LIMIT);
	s->manifest.len = PACK_MAX_FILES;
	assert_int_equal(pack(s, &r), PACK_OK);
}

static void needs_its_artifacts(void **state)
{
	struct state *s = *state;
	struct digest d = {{1}};
	struct pack_result r;

	add(s, "a.html", STR("a"));
	manifest_add(&s->manifest, &s->arena, STR("b.html"), &d, 1);
	assert_int_equal(pack(s, &r), PACK_SYSTEM);
	assert_int_equal(r.failed_errno, ENOENT);
	assert_text(r.failed, "b.html");
	/* A manifest that lies about a size. */
	s->manifest.len = 1;
	s->manifest.entries[0].size = 2;
	assert_int_equal(pack(s, &r), PACK_SYSTEM);
	assert_int_equal(r.failed_errno, EBADMSG);
}

static void tells_where_it_could_not_write(void **state)
{
	struct state *s = *state;
	struct pack_result r;

	add(s, "a.html", STR("a"));
	assert_int_equal(pack_write(s->store, &s->arena, &s->manifest, STR("x"), issued,
				 temp_path(&s->arena, s->root, "no/where.zip"), &r),
		PACK_SYSTEM);
	assert_int_equal(r.failed_errno, ENOENT);
}

/* Whatever call of the store's fails: an error, nothing left beside it, and the next attempt is as good. */
static void survives_any_one_failure(void **state)
{
	struct state *s = *state;
	const char *scratch = temp_path(&s->arena, s->root, "scratch.zip");
	struct pack_result r, expected;
	struct faulty f;
	int error;

	add_samples(s);
	assert_int_equal(pack(s, &expected), PACK_OK);
	store_free(s->store);
	faulty_init(&f, fs_real());
	s->store = store_new(&f.fs, temp_path(&s->arena, s->root, "store"), &error);
	assert_non_null(s->store);
	for (long n = 1;; n++) {
		enum pack_error result;

		f.calls = 0;
		f.at = n;
		f.error = EIO;
		result = pack(s, &r);
		if (f.calls < n)
			break;
		if (result) {
			assert_int_equal(result, PACK_SYSTEM);
			assert_int_equal(r.failed_errno, EIO);
		}
		assert_false(fs_exists(fs_real(), scratch));
	}
	assert_true(digest_eq(&r.digest, &expected.digest));
}

/* One damaged stream does not get into a pack. */
static void makes_damaged_streams_again(void **state)
{
	struct state *s = *state;
	struct pack_result before, after;
	const struct digest *d;
	int error;

	add_samples(s);
	assert_int_equal(pack(s, &before), PACK_OK);
	d = &manifest_find(&s->manifest, STR("index.html"))->digest;
	assert_int_equal(truncate(str_fmt(&s->arena, "%s.z", packed_path(s, d)).p, 100), 0);
	store_free(s->store);
	s->store = store_new(fs_real(), temp_path(&s->arena, s->root, "store"), &error);
	assert_int_equal(pack(s, &after), PACK_OK);
	assert_true(digest_eq(&before.digest, &after.digest));
}

static void on_a_full_disk(struct state *s)
{
	struct pack_result r;
	struct fs_listing l = {0};
	int error;

	store_free(s->store);
	s->store = store_new(fs_real(), temp_path(&s->arena, s->root, "store"), &error);
	add_samples(s);
	assert_int_equal(pack(s, &r), PACK_SYSTEM);
	assert_int_equal(r.failed_errno, ENOSPC);
	assert_int_equal(fs_list_flat(fs_real(), s->root, &s->arena, &l), 0);
	assert_int_equal(l.len, 1);
}

/* Room for the artifacts (about 620 KB) and their deflated forms (330 KB), not for the pack. */
static void survives_a_full_disk(void **state)
{
	struct state *s = *state;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
			mount("none", s->root, "tmpfs", 0, "size=1200k"))
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

/* A large file goes through in small steps. */
static void takes_no_memory_for_large_files(void **state)
{
	struct state *s = *state;
	size_t n = (size_t)96 << 20;
	struct rusage before, after;
	struct pack_result r;
	char *bytes = xmalloc(n);
	int status;

	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(i * i >> 7 ^ i >> 3);
	add(s, "large.bin", str_make(bytes, n));
	assert_int_equal(store_deflate(s->store, &s->manifest.entries[0].digest, str_make(bytes, n)), 0);
	free(bytes);
	if (fork() == 0) {
		/* A peak of its own. */
		getrusage(RUSAGE_SELF, &before);
		if (pack(s, &r) != PACK_OK)
			_exit(1);
		getrusage(RUSAGE_SELF, &after);
		_exit(after.ru_maxrss - before.ru_maxrss < 8 << 10 ? 0 : 2);
	}
	wait(&status);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(libzip_reads_it_back, setup, teardown),
		cmocka_unit_test_setup_teardown(unzip_accepts_it, setup, teardown),
		cmocka_unit_test_setup_teardown(says_nothing_of_the_machine, setup, teardown),
		cmocka_unit_test_setup_teardown(python_reads_it_back, setup, teardown),
		cmocka_unit_test_setup_teardown(is_the_same_everywhere, setup, teardown),
		cmocka_unit_test_setup_teardown(leaves_no_scratch_file, setup, teardown),
		cmocka_unit_test_setup_teardown(takes_dates_that_dos_has_not, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_names, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(needs_its_artifacts, setup, teardown),
		cmocka_unit_test_setup_teardown(tells_where_it_could_not_write, setup, teardown),
		cmocka_unit_test_setup_teardown(survives_any_one_failure, setup, teardown),
		cmocka_unit_test_setup_teardown(makes_damaged_streams_again, setup, teardown),
		cmocka_unit_test_setup_teardown(survives_a_full_disk, setup, teardown),
		cmocka_unit_test_setup_teardown(takes_no_memory_for_large_files, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
