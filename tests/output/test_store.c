#include "output/store.h"

#include <errno.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/task.h"
#include "support/check.h"
#include "support/faulty.h"
#include "support/temp.h"

struct state {
	struct arena arena;
	char *root;
	const char *folder;
	struct store *store;
};

static void reopen_with(struct state *s, struct fs *fs)
{
	int error;

	store_free(s->store);
	s->store = store_new(fs, s->folder, &error);
	assert_non_null(s->store);
}

static void reopen(struct state *s)
{
	reopen_with(s, fs_real());
}

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){.root = temp_new()};
	arena_init(&s->arena, ARENA_DEFAULT);
	s->folder = temp_path(&s->arena, s->root, "work/store");
	reopen(s);
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

static const char *place(struct state *s, const struct digest *d)
{
	char *path = arena_alloc(&s->arena, store_path_max(s->store));

	store_path(s->store, d, path);
	return path;
}

static const char *deflated_place(struct state *s, const struct digest *d)
{
	return str_fmt(&s->arena, "%s.z", place(s, d)).p;
}

static struct str content(struct state *s, const char *path)
{
	struct str text = STR("unreadable");

	(void)fs_read(fs_real(), path, &s->arena, (size_t)64 << 20, &text);
	return text;
}

static struct digest put(struct state *s, const char *bytes, bool expect_new)
{
	bool created = !expect_new;
	struct digest d;

	assert_int_equal(store_put(s->store, str_from(bytes), &d, &created), 0);
	assert_int_equal(created, expect_new);
	assert_text(content(s, place(s, &d)), bytes);
	return d;
}

static void overwrite(const char *path, const char *bytes)
{
	assert_int_equal(fs_replace(fs_real(), path, str_from(bytes), 0644), 0);
}

static void puts_once_under_the_digest(void **state)
{
	struct state *s = *state;
	struct digest d = put(s, "abc", true);

	assert_string_equal(
		place(s, &d), temp_path(&s->arena, s->folder,
				      "ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	assert_true(strlen(place(s, &d)) < store_path_max(s->store));
	put(s, "abc", false);
	put(s, "", true);
	reopen(s);
	put(s, "abc", false);
	put(s, "abcd", true);
}

static void damage_truncated(const char *path)
{
	assert_int_equal(truncate(path, 2), 0);
}

static void damage_content(const char *path)
{
	overwrite(path, "abX");
}

static void damage_longer(const char *path)
{
	overwrite(path, "abcd");
}

static void damage_mode(const char *path)
{
	assert_int_equal(chmod(path, 0600), 0);
}

static void damage_link(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
}

static void damage_pipe(const char *path)
{
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
}

static void trusts_nothing_that_it_has_not_read(void **state)
{
	static void (*const damages[])(const char *path) = {
		damage_truncated, damage_content, damage_longer, damage_mode, damage_link, damage_pipe};
	struct state *s = *state;
	struct digest d = put(s, "abc", true);
	struct fs_stat st;

	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		damages[i](place(s, &d));
		reopen(s);
		assert_int_equal(store_keep(s->store, &d), EBADMSG);
		put(s, "abc", true);
		assert_int_equal(fs_stat(fs_real(), place(s, &d), &st), 0);
		assert_int_equal(st.kind, FS_FILE);
		assert_int_equal(st.mode, 0644);
		assert_int_equal(store_keep(s->store, &d), 0);
	}
}

/* public/ shares the inode: what somebody wrote there in place must not be changed under them. */
static void replaces_rather_than_rewrites(void **state)
{
	struct state *s = *state;
	struct digest d = put(s, "abc", true);
	const char *shared = temp_path(&s->arena, s->root, "public.html");
	FILE *f;

	assert_int_equal(fs_link(fs_real(), place(s, &d), shared), 0);
	f = fopen(shared, "r+");
	assert_non_null(f);
	fputs("X", f);
	fclose(f);
	reopen(s);
	put(s, "abc", true);
	assert_text(content(s, shared), "Xbc");
}

static void keeps_what_is_whole(void **state)
{
	struct state *s = *state;
	struct digest d = put(s, "abc", true), none = {{9}};

	reopen(s);
	assert_int_equal(store_keep(s->store, &none), ENOENT);
	assert_int_equal(store_keep(s->store, &d), 0);
	assert_int_equal(store_sweep(s->store), 0);
	assert_text(content(s, place(s, &d)), "abc");
}

static void adopts_finished_files(void **state)
{
	struct state *s = *state;
	const char *pack = temp_path(&s->arena, s->root, "pack.zip");
	struct digest d, expected = digest_of(STR("pack"));
	struct fs_stat st;
	uint64_t size;
	bool created;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(fs_create(fs_real(), pack, STR("pack"), 0600), 0);
		assert_int_equal(store_adopt(s->store, pack, &d, &size, &created), 0);
		assert_int_equal(created, i != 1);
		assert_int_equal(size, 4);
		assert_true(digest_eq(&d, &expected));
		assert_false(fs_exists(fs_real(), pack));
		assert_text(content(s, place(s, &d)), "pack");
		assert_int_equal(fs_stat(fs_real(), place(s, &d), &st), 0);
		assert_int_equal(st.mode, 0644);
		if (i == 1) {
			damage_truncated(place(s, &d));
			reopen(s);
		}
	}
	assert_int_equal(store_adopt(s->store, pack, &d, &size, &created), ENOENT);
}

/* ---- deflated forms ---- */

static void assert_inflates(struct state *s, const struct digest *d, struct str bytes)
{
	char *path = arena_alloc(&s->arena, store_path_max(s->store)), *out = xmalloc(bytes.n + 1);
	struct libdeflate_decompressor *inflate = libdeflate_alloc_decompressor();
	struct store_deflated z;
	struct str file;
	size_t n;

	assert_int_equal(store_deflated(s->store, d, &z, path), 0);
	assert_int_equal(z.size, bytes.n);
	assert_int_equal(z.crc, libdeflate_crc32(0, bytes.n ? bytes.p : "", bytes.n));
	file = content(s, path);
	assert_int_equal(file.n, z.offset + z.deflated_size);
	assert_int_equal(
		libdeflate_deflate_decompress(inflate, file.p + z.offset, z.deflated_size, out, bytes.n, &n),
		0);
	assert_true(str_eq(str_make(out, n), bytes));
	libdeflate_free_decompressor(inflate);
	free(out);
}

static void deflates_once(void **state)
{
	struct state *s = *state;
	struct str big = str_make(arena_alloc(&s->arena, 300000), 300000);
	const struct str samples[] = {STR(""), STR("a"), STR("abcabcabcabc"), big};

	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		struct fs_stat before, after;
		struct digest d;

		assert_int_equal(store_put(s->store, samples[i], &d, NULL), 0);
		assert_int_equal(store_deflate(s->store, &d, samples[i]), 0);
		assert_inflates(s, &d, samples[i]);
		assert_int_equal(fs_stat(fs_real(), deflated_place(s, &d), &before), 0);
		reopen(s);
		assert_int_equal(store_deflate(s->store, &d, samples[i]), 0);
		assert_inflates(s, &d, samples[i]);
		assert_int_equal(fs_stat(fs_real(), deflated_place(s, &d), &after), 0);
		assert_int_equal(before.inode, after.inode);
	}
}

static void says_when_there_is_none(void **state)
{
	struct state *s = *state;
	char *path = arena_alloc(&s->arena, store_path_max(s->store));
	struct digest d = put(s, "abc", true);
	struct store_deflated z;

	assert_int_equal(store_deflated(s->store, &d, &z, path), ENOENT);
}

/* Every byte of the file, and every shorter length. */
static void notices_every_damage(void **state)
{
	struct state *s = *state;
	char *path = arena_alloc(&s->arena, store_path_max(s->store));
	struct str bytes = STR("some text, some text, some other text");
	struct store_deflated z;
	struct digest d;
	struct str file;

	assert_int_equal(store_put(s->store, bytes, &d, NULL), 0);
	assert_int_equal(store_deflate(s->store, &d, bytes), 0);
	file = content(s, deflated_place(s, &d));
	for (size_t i = 0; i < 2 * file.n + 1; i++) {
		struct str bad = str_dup(&s->arena, file);

		if (i < file.n)
			((char *)(uintptr_t)bad.p)[i] ^= 0x10;
		else
			bad.n = i - file.n;
		if (bad.n == file.n && i >= file.n)
			bad = str_join(&s->arena, bad, STR("x"));
		assert_int_equal(fs_replace(fs_real(), deflated_place(s, &d), bad, 0644), 0);
		reopen(s);
		assert_int_equal(store_deflated(s->store, &d, &z, path), EBADMSG);
		assert_int_equal(store_deflate(s->store, &d, bytes), 0);
		assert_inflates(s, &d, bytes);
		assert_true(str_eq(content(s, path), file));
	}
}

/* A sound stream, of other bytes. */
static void notices_another_artifacts_stream(void **state)
{
	struct state *s = *state;
	struct digest a = put(s, "first", true), b = put(s, "other", true);

	assert_int_equal(store_deflate(s->store, &a, STR("first")), 0);
	assert_int_equal(
		fs_create(fs_real(), deflated_place(s, &b), content(s, deflated_place(s, &a)), 0644), 0);
	assert_int_equal(store_deflate(s->store, &b, STR("other")), 0);
	assert_inflates(s, &b, STR("other"));
}

/* ---- sweeping ---- */

static void sweeps_what_nobody_asked_for(void **state)
{
	struct state *s = *state;
	struct digest a = put(s, "wanted", true), b = put(s, "unwanted", true), c = put(s, "kept", true);
	struct digest z = put(s, "deflated only", true);
	struct fs_listing l = {0};

	assert_int_equal(store_deflate(s->store, &a, STR("wanted")), 0);
	assert_int_equal(store_deflate(s->store, &b, STR("unwanted")), 0);
	reopen(s);
	put(s, "wanted", false);
	assert_int_equal(store_keep(s->store, &c), 0);
	assert_int_equal(store_deflate(s->store, &z, STR("deflated only")), 0);
	overwrite(temp_path(&s->arena, s->folder, "rubbish"), "x");
	overwrite(str_fmt(&s->arena, "%s.1234-0", place(s, &a)).p, "x");
	assert_int_equal(fs_mkdirs(fs_real(), temp_path(&s->arena, s->folder, "empty/er")), 0);
	assert_int_equal(symlink("/", temp_path(&s->arena, s->folder, "link")), 0);
	assert_int_equal(store_sweep(s->store), 0);
	assert_text(content(s, place(s, &a)), "wanted");
	assert_text(content(s, place(s, &c)), "kept");
	assert_true(fs_exists(fs_real(), deflated_place(s, &a)));
	assert_true(fs_exists(fs_real(), deflated_place(s, &z)));
	assert_int_equal(fs_list_flat(fs_real(), s->folder, &s->arena, &l), 0);
	assert_int_equal(l.len, 3);
	assert_int_equal(fs_list(fs_real(), s->folder, &s->arena, &l), 0);
	assert_int_equal(l.len, 3 + 5);
	(void)b;
}

static void may_be_used_after_a_sweep(void **state)
{
	struct state *s = *state;

	put(s, "a", true);
	reopen(s);
	assert_int_equal(store_sweep(s->store), 0);
	put(s, "a", true);
}

/* ---- failures ---- */

static int put_and_deflate(struct state *s)
{
	struct digest d;
	int error = store_put(s->store, STR("abc"), &d, NULL);

	return error ? error : store_deflate(s->store, &d, STR("abc"));
}

static void survives_any_one_failure(void **state)
{
	struct state *s = *state;
	struct faulty f;

	for (int again = 0; again < 2; again++) {
		for (long n = 1;; n++) {
			faulty_init(&f, fs_real());
			reopen_with(s, &f.fs);
			f.calls = 0;
			f.at = n;
			f.error = ENOSPC;
			if (put_and_deflate(s) == 0 && f.calls < n)
				break;
			f.at = 0;
			/* The same store goes on, once there is room. */
			assert_int_equal(put_and_deflate(s), 0);
			if (!again)
				assert_int_equal(fs_remove_tree(fs_real(), s->folder), 0);
		}
	}
}

static void says_when_it_cannot_be_made(void **state)
{
	struct state *s = *state;
	int error = 0;

	overwrite(temp_path(&s->arena, s->root, "file"), "");
	assert_null(store_new(fs_real(), temp_path(&s->arena, s->root, "file/store"), &error));
	assert_int_equal(error, ENOTDIR);
	store_free(NULL);
}

/* ---- threads ---- */

#define PUTS 4000
#define DISTINCT 500

static void put_one(void *ctx, unsigned worker, size_t index)
{
	struct state *s = ctx;
	struct digest d;
	char bytes[64];
	int n = snprintf(bytes, sizeof(bytes), "artifact %zu", index * 7919 % DISTINCT);

	(void)worker;
	assert_int_equal(store_put(s->store, str_make(bytes, (size_t)n), &d, NULL), 0);
	assert_int_equal(store_deflate(s->store, &d, str_make(bytes, (size_t)n)), 0);
}

static void is_shared_by_threads(void **state)
{
	struct state *s = *state;
	struct fs_listing l = {0};
	size_t files = 0;

	for (int round = 0; round < 2; round++) {
		task_run(8, PUTS, put_one, s);
		assert_int_equal(store_sweep(s->store), 0);
		assert_int_equal(fs_list(fs_real(), s->folder, &s->arena, &l), 0);
		files = 0;
		for (size_t i = 0; i < l.len; i++)
			files += l.entries[i].stat.kind == FS_FILE;
		assert_int_equal(files, 2 * DISTINCT);
		reopen(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(puts_once_under_the_digest, setup, teardown),
		cmocka_unit_test_setup_teardown(trusts_nothing_that_it_has_not_read, setup, teardown),
		cmocka_unit_test_setup_teardown(replaces_rather_than_rewrites, setup, teardown),
		cmocka_unit_test_setup_teardown(keeps_what_is_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(adopts_finished_files, setup, teardown),
		cmocka_unit_test_setup_teardown(deflates_once, setup, teardown),
		cmocka_unit_test_setup_teardown(says_when_there_is_none, setup, teardown),
		cmocka_unit_test_setup_teardown(notices_every_damage, setup, teardown),
		cmocka_unit_test_setup_teardown(notices_another_artifacts_stream, setup, teardown),
		cmocka_unit_test_setup_teardown(sweeps_what_nobody_asked_for, setup, teardown),
		cmocka_unit_test_setup_teardown(may_be_used_after_a_sweep, setup, teardown),
		cmocka_unit_test_setup_teardown(survives_any_one_failure, setup, teardown),
		cmocka_unit_test_setup_teardown(says_when_it_cannot_be_made, setup, teardown),
		cmocka_unit_test_setup_teardown(is_shared_by_threads, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
