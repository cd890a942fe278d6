/* docs/rules.md lists every rule that the program has, with its default, and no other. */
#include "base/buf.h"
#include "base/diag.h"
#include "base/fs.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void every_rule_is_documented(void **state)
{
	struct arena a;
	struct str docs;
	size_t rows = 0;

	(void)state;
	arena_init(&a, ARENA_DEFAULT);
	assert_int_equal(fs_read(fs_real(), SOURCE_DIR "/docs/rules.md", &a, 1 << 20, &docs), 0);
	for (int r = 0; r < RULE_COUNT; r++) {
		const struct rule_info *info = rule_info((enum rule)r);
		struct str row = str_fmt(
			&a, "\n| `%s` | %s | %s |\n", info->id, severity_name(info->severity), info->text);

		if (str_find(docs, row) == docs.n)
			fail_msg("docs/rules.md has no row:%s", row.p);
	}
	for (size_t at = 0; (at += str_find(str_slice(docs, at, docs.n), STR("\n| `"))) < docs.n; at++)
		rows++;
	assert_int_equal(rows, RULE_COUNT);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_rule_is_documented)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
