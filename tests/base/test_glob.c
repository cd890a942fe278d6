#include "base/glob.h"
#include "support/check.h"

static const struct {
	const char *pattern, *path;
	bool fits;
} cases[] = {
	{"index.html", "index.html", true},
	{"index.html", "sv/index.html", false},
	{"index.html", "index.htm", false},
	{"index.html", "index.html2", false},
	{"*.html", "a.html", true},
	{"*.html", ".html", true},
	{"*.html", "sv/a.html", false},
	{"sv/*", "sv/a.html", true},
	{"sv/*", "sv/b/a.html", false},
	{"sv/*", "sv/", true},
	{"sv/*", "sv", false},
	{"*/a.html", "sv/a.html", true},
	{"*/a.html", "a.html", false},
	{"**", "", true},
	{"**", "sv/b/a.html", true},
	{"sv/**", "sv/b/a.html", true},
	{"sv/**", "sv", false},
	{"**.html", "sv/b/a.html", true},
	{"**.html", "sv/b/a.htm", false},
	{"**/index.html", "index.html", true},
	{"**/index.html", "sv/index.html", true},
	{"**/index.html", "a/b/c/index.html", true},
	{"**/index.html", "sv/my-index.html", false},
	{"sv/**/a.html", "sv/a.html", true},
	{"sv/**/a.html", "sv/b/c/a.html", true},
	{"sv/**/a.html", "sva.html", false},
	{"sv/**/a.html", "sv/b/xa.html", false},
	/* not a whole component: like any ** */
	{"sv**/a.html", "sv-x/b/a.html", true},
	{"sv**/a.html", "sva.html", false},
	{"a?c", "abc", true},
	{"a?c", "a/c", false},
	{"a?c", "ac", false},
	{"a?c",
		"a\xC3\xA5"
		"c",
		true},
	{"?", "\xE2\x82\xAC", true},
	{"a*b*c", "aXbYbZc", true},
	{"a*b*c", "aXbYbZ", false},
	{"a*b/*c", "aXb/Yc", true},
	{"**a*b", "x/a/ab", true},
	{"**a*b", "x/a/b", false},
	{"**/a*b/**/c", "x/ab/y/azb/c", true},
	{"*", "", true},
	{"?", "", false},
	{"A.html", "a.html", false},
	{"**b", "b/ab", true},
	{"*b", "abab", true},
};

static void paths_fit_or_do_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (glob_match(str_from(cases[i].pattern), str_from(cases[i].path)) != cases[i].fits)
			fail_msg("“%s” and “%s”", cases[i].pattern, cases[i].path);
}

static void what_people_may_expect_is_said(void **state)
{
	static const char *const wrong[] = {
		"", "/a", "a/", "a***", "*.{css,js}", "[ab]", "!a", "a\\*", "a\nb"};
	char text[GLOB_MAX_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		assert_non_null(glob_fault(str_from(wrong[i])));
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_null(glob_fault(str_from(cases[i].pattern)));
	memset(text, 'a', sizeof(text));
	assert_null(glob_fault(str_make(text, GLOB_MAX_BYTES)));
	assert_non_null(glob_fault(str_make(text, sizeof(text))));
}

/* Both are far beyond what anybody writes. */
static void the_worst_ends_soon(void **state)
{
	char pattern[GLOB_MAX_BYTES], path[1024];

	(void)state;
	memset(path, 'a', sizeof(path));
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 2 ? 'a' : '*';
	pattern[0] = pattern[1] = '*';
	pattern[sizeof(pattern) - 1] = 'b';
	assert_false(glob_match(str_make(pattern, sizeof(pattern)), str_make(path, sizeof(path))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_fit_or_do_not),
		cmocka_unit_test(what_people_may_expect_is_said),
		cmocka_unit_test(the_worst_ends_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
