#include "output/manifest.h"

#include "base/arena.h"
#include "support/check.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void add(struct manifest *m, const char *path, const char *bytes)
{
	struct digest d = digest_of(str_from(bytes));

	manifest_add(m, &arena, str_from(path), &d, strlen(bytes));
}

/* SHA-256 of nothing, and of "abc". */
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define HEAD "faktablad-manifest 1\n"

static struct str written(const struct manifest *m)
{
	struct buf out;
	struct str s;

	buf_init(&out, MANIFEST_MAX_BYTES);
	manifest_write(&out, m);
	s = str_dup(&arena, buf_str(&out));
	buf_release(&out);
	return s;
}

static void writes_sorted_lines(void **state)
{
	struct manifest m = {0};
	struct digest d;
	struct str twice;

	(void)state;
	add(&m, "sv/index.html", "abc");
	add(&m, "sv-x", "");
	add(&m, "index.html", "abc");
	assert_true(manifest_sort(&m, &twice));
	assert_text(written(&m), HEAD ABC " 3 index.html\n" NOTHING " 0 sv-x\n" ABC " 3 sv/index.html\n");
	d = digest_of(written(&m));
	assert_memory_equal(manifest_digest(&m).bytes, d.bytes, sizeof(d.bytes));
}

static void writes_an_empty_one(void **state)
{
	struct manifest m = {0}, read = {0};
	struct str twice, text;
	size_t line;

	(void)state;
	assert_true(manifest_sort(&m, &twice));
	assert_null(manifest_find(&m, STR("a")));
	text = written(&m);
	assert_text(text, HEAD);
	assert_true(manifest_read(&read, &arena, text, &line));
	assert_int_equal(read.len, 0);
}

static void keeps_states_of_texts(void **state)
{
	struct manifest m = {0}, read = {0}, plain = {0};
	struct manifest_states n;
	struct digest x, y;
	struct str twice, text;
	size_t line;

	(void)state;
	add(&m, "sv/a.html", "abc");
	manifest_set_state(&m, STR("sv source current"));
	add(&m, "ar/a.html", "abc");
	manifest_set_state(&m, STR("ar machine stale"));
	add(&m, "index.html", "");
	assert_true(manifest_sort(&m, &twice));
	text = written(&m);
	assert_text(text, "faktablad-manifest 2\n" ABC " 3 ar/a.html\tar machine stale\n" NOTHING
			  " 0 index.html\n" ABC " 3 sv/a.html\tsv source current\n");
	assert_true(manifest_read(&read, &arena, text, &line));
	assert_text(written(&read), text.p);
	n = manifest_states(&read);
	assert_int_equal(n.pages, 2);
	assert_int_equal(n.machine, 1);
	assert_int_equal(n.source, 1);
	assert_int_equal(n.stale, 1);
	assert_int_equal(n.unstamped, 0);
	/* equal content has equal digests, whatever is told about it */
	add(&plain, "ar/a.html", "abc");
	add(&plain, "index.html", "");
	add(&plain, "sv/a.html", "abc");
	x = manifest_digest(&read);
	y = manifest_digest(&plain);
	assert_true(digest_eq(&x, &y));
}

static void finds_paths_that_stand_twice(void **state)
{
	struct manifest m = {0};
	struct str twice;

	(void)state;
	add(&m, "b", "1");
	add(&m, "a", "1");
	add(&m, "b", "2");
	assert_false(manifest_sort(&m, &twice));
	assert_text(twice, "b");
}

static void finds_by_path(void **state)
{
	struct manifest m = {0};
	struct str twice;

	(void)state;
	for (int i = 0; i < 1000; i++)
		add(&m, str_fmt(&arena, "p/%d", i).p, "x");
	assert_true(manifest_sort(&m, &twice));
	for (int i = 0; i < 1000; i++) {
		struct str path = str_fmt(&arena, "p/%d", i);

		assert_text(manifest_find(&m, path)->path, path.p);
	}
	assert_null(manifest_find(&m, STR("p/1000")));
	assert_null(manifest_find(&m, STR("")));
	assert_null(manifest_find(&m, STR("q")));
}

static void reads_what_it_wrote(void **state)
{
	struct manifest m = {0}, read = {0};
	struct str twice, text;
	size_t line;

	(void)state;
	for (int i = 0; i < 100; i++)
		add(&m, str_fmt(&arena, "p%d/%d.html", i % 7, i).p, str_fmt(&arena, "%d", i).p);
	add(&m, "Å b/Mall.pdf", "not portable, but contained");
	m.entries[5].size = (uint64_t)1 << 40;
	assert_true(manifest_sort(&m, &twice));
	text = written(&m);
	assert_true(manifest_read(&read, &arena, text, &line));
	assert_text(written(&read), text.p);
	assert_int_equal(read.entries[3].size, m.entries[3].size);
}

static void refuses_what_it_would_not_write(void **state)
{
	static const struct {
		const char *text;
		size_t line;
	} cases[] = {
		{"", 1},
		{"faktablad-manifest 1", 1},
		{"faktablad-manifest 2\n", 1},
		{"faktablad-manifest 1\r\n", 1},
		{HEAD ABC " 3 a", 2},
		{HEAD ABC " 3 a\n\n", 3},
		{HEAD ABC " 3 a\r\n", 2},
		{HEAD ABC "  3 a\n", 2},
		{HEAD ABC " 03 a\n", 2},
		{HEAD ABC " -3 a\n", 2},
		{HEAD ABC " +3 a\n", 2},
		{HEAD ABC " 3x a\n", 2},
		{HEAD ABC "  a\n", 2},
		{HEAD ABC " 99999999999999999999 a\n", 2},
		{HEAD ABC " 3 \n", 2},
		{HEAD ABC " 3\n", 2},
		{HEAD ABC "\n", 2},
		{HEAD ABC " 3 ../a\n", 2},
		{HEAD ABC " 3 /a\n", 2},
		{HEAD ABC " 3 a/./b\n", 2},
		{HEAD ABC " 3 a\tb\n", 2},
		{HEAD ABC " 3 a\tar machine stale\n", 2},
		{"faktablad-manifest 2\n" ABC " 3 a\n", 1},
		{"faktablad-manifest 2\n" ABC " 3 a\tar machine\n", 2},
		{"faktablad-manifest 2\n" ABC " 3 a\tar machine stale \n", 2},
		{"faktablad-manifest 2\n" ABC " 3 a\tar machine\tstale\n", 2},
		{"faktablad-manifest 2\n" ABC " 3 a\t machine stale\n", 2},
		{"faktablad-manifest 2\n" ABC " 3 a\tar good stale\n", 2},
		{"faktablad-manifest 2\n" ABC " 3 a\tar machine old\n", 2},
		{HEAD "Ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3 a\n", 2},
		{HEAD "ba78 3 a\n", 2},
		{HEAD ABC " 3 a\n" ABC " 3 a\n", 3},
		{HEAD ABC " 3 b\n" ABC " 3 c\n" ABC " 3 a\n", 4},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct manifest m = {.len = 77};
		size_t line = 0;

		if (manifest_read(&m, &arena, str_from(cases[i].text), &line))
			fail_msg("was read: %s", cases[i].text);
		if (line != cases[i].line)
			fail_msg("line %zu, not %zu: %s", line, cases[i].line, cases[i].text);
		assert_int_equal(m.len, 77);
	}
}

static void its_digest_follows_content(void **state)
{
	struct manifest a = {0}, b = {0};
	struct digest x, y;

	(void)state;
	add(&a, "a", "1");
	add(&b, "a", "1");
	x = manifest_digest(&a);
	y = manifest_digest(&b);
	assert_true(digest_eq(&x, &y));
	b.entries[0].size++;
	y = manifest_digest(&b);
	assert_false(digest_eq(&x, &y));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_sorted_lines),
		cmocka_unit_test(writes_an_empty_one),
		cmocka_unit_test(keeps_states_of_texts),
		cmocka_unit_test(finds_paths_that_stand_twice),
		cmocka_unit_test(finds_by_path),
		cmocka_unit_test(reads_what_it_wrote),
		cmocka_unit_test(refuses_what_it_would_not_write),
		cmocka_unit_test(its_digest_follows_content),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
