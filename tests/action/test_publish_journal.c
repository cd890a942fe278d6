/* The journal: what it says, to whom, and after it was cut off. */
#include "action/publish_journal.h"

#include "support/check.h"
#include "support/temp.h"

#include <unistd.h>

static struct arena arena;
static const char *state;
static char *root;

static struct digest some(const char *text)
{
	return digest_of(str_from(text));
}

static struct publish_journal written(const struct digest *intent)
{
	struct publish_journal j;
	struct digest digest = some("bytes");

	publish_journal_init(&j, &arena, state, STR("sftp://host/www"));
	publish_journal_begin(&j, intent);
	publish_journal_add(&j, STR("sv/a å.html"), &digest);
	publish_journal_add(&j, STR("sv/b.html"), &digest);
	publish_journal_close(&j);
	return j;
}

static size_t known(const struct publish_journal *j, const struct digest *intent)
{
	struct map map = {0};

	publish_journal_read(j, &arena, intent, &map);
	return map.len;
}

static void test_says_what_was_confirmed(void **unused)
{
	struct digest intent = some("intent"), bytes = some("bytes");
	struct publish_journal j = written(&intent);
	struct map map = {0};

	(void)unused;
	publish_journal_read(&j, &arena, &intent, &map);
	assert_int_equal(map.len, 2);
	assert_true(digest_eq(map_get(&map, STR("sv/a å.html")), &bytes));
	assert_null(map_get(&map, STR("sv/c.html")));
	publish_journal_remove(&j);
	assert_int_equal(known(&j, &intent), 0);
}

static void test_says_nothing_about_another_intent(void **unused)
{
	struct digest intent = some("intent"), other = some("somebody else's");
	struct publish_journal j = written(&intent);

	(void)unused;
	assert_int_equal(known(&j, &other), 0);
	publish_journal_begin(&j, &other);
	publish_journal_close(&j);
	assert_int_equal(known(&j, &intent), 0);
	publish_journal_remove(&j);
}

/* Every shorter text says no more than the whole lines that it has. */
static void test_cut_anywhere(void **unused)
{
	struct digest intent = some("intent");
	struct publish_journal j = written(&intent);
	struct str text;

	(void)unused;
	assert_int_equal(fs_read(fs_real(), j.path, &arena, 4096, &text), 0);
	for (size_t n = 0; n <= text.n; n++) {
		struct map map = {0};

		publish_journal_parse(str_slice(text, 0, n), &arena, &intent, &map);
		assert_int_equal(map.len, n == text.n ? 2 : n >= text.n - (DIGEST_HEX + 11) ? 1 : 0);
	}
	publish_journal_remove(&j);
}

static void test_is_not_needed(void **unused)
{
	struct digest intent = some("intent");
	struct publish_journal j;

	(void)unused;
	publish_journal_init(&j, &arena, NULL, STR("sftp://host/www"));
	publish_journal_begin(&j, &intent);
	publish_journal_add(&j, STR("a"), &intent);
	assert_int_equal(known(&j, &intent), 0);
	publish_journal_remove(&j);
	/* A place that cannot be written to. */
	publish_journal_init(&j, &arena, "/proc/nothing", STR("sftp://host/www"));
	publish_journal_begin(&j, &intent);
	publish_journal_add(&j, STR("a"), &intent);
	publish_journal_remove(&j);
}

static void test_is_nobody_elses_to_read(void **unused)
{
	struct digest intent = some("intent");
	struct publish_journal j = written(&intent);
	struct fs_stat st;

	(void)unused;
	assert_int_equal(fs_stat(fs_real(), j.path, &st), 0);
	assert_int_equal(st.mode & 077, 0);
	publish_journal_remove(&j);
}

static int setup(void **unused)
{
	(void)unused;
	arena_init(&arena, (size_t)64 << 20);
	root = temp_new();
	state = temp_path(&arena, root, "state/faktablad");
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	arena_release(&arena);
	temp_free(root);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_says_what_was_confirmed),
		cmocka_unit_test(test_says_nothing_about_another_intent),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_is_not_needed),
		cmocka_unit_test(test_is_nobody_elses_to_read),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
