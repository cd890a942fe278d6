#include "action/publish_site.h"

#include "action/publish_ls.h"

typedef enum publish_ls reader(struct str line, struct publish_listed *out);

struct sample {
	const char *line;
	enum publish_ls wanted;
	const char *name;
	enum publish_kind kind;
	int64_t size; /* <0: none */
};

static const struct sample lines[] = {
	{"-rw-r--r--    1 102      0            4096 Nov 22 17:57 index.html", PUBLISH_LS_ITEM, "index.html",
		PUBLISH_FILE, 4096},
	{"-rw-r--r--   1 anna     65534           0 Nov  2  2025 a b  c.html\r", PUBLISH_LS_ITEM,
		"a b  c.html", PUBLISH_FILE, 0},
	{"-rw-r--r-- 1 anna staff 1 Nov 22 17:57  leading", PUBLISH_LS_ITEM, " leading", PUBLISH_FILE, 1},
	{"drwxr-xr-x    2 102      0            4096 Nov 22 17:57 site", PUBLISH_LS_ITEM, "site", PUBLISH_DIR,
		-1},
	{"lrwxrwxrwx    1 0        0               7 Nov 22 17:57 www -> /srv/a -> b", PUBLISH_LS_ITEM, "www",
		PUBLISH_OTHER, -1},
	{"crw-rw-rw-    1 0        0          1,   3 Nov 22 17:57 null", PUBLISH_LS_ITEM, "null",
		PUBLISH_OTHER, -1},
	{"-rwsr-Sr-t+  1 Anna Andersson staff 12 2026-11-22 17:57 sidan.html", PUBLISH_LS_ITEM, "sidan.html",
		PUBLISH_FILE, 12},
	{"-rw-r--r--   1 5000000000 Nov 22 17:57 utan.zip", PUBLISH_LS_ITEM, "utan.zip", PUBLISH_FILE,
		5000000000},
	{"-rw-r--r-- 1 a b 9 Jan  1 00:00 \303\245\303\244\303\266.html", PUBLISH_LS_ITEM,
		"\303\245\303\244\303\266.html", PUBLISH_FILE, 9},
	{"-rw-r--r-- 1 a b 9 Jan  1 00:00 Nov 22 17:57 x", PUBLISH_LS_ITEM, "Nov 22 17:57 x", PUBLISH_FILE,
		9},
	{"11-22-26  05:57PM       <DIR>          en mapp", PUBLISH_LS_ITEM, "en mapp", PUBLISH_DIR, -1},
	{"11-22-2026  17:57                 1234 en fil.html\r", PUBLISH_LS_ITEM, "en fil.html", PUBLISH_FILE,
		1234},
	{"11-22-26  05:57PM                    0  x", PUBLISH_LS_ITEM, " x", PUBLISH_FILE, 0},
	{"11-22-26  05:57PM       <JUNCTION>     x", PUBLISH_LS_ITEM, "x", PUBLISH_OTHER, -1},
	{"", PUBLISH_LS_NOTHING},
	{"total 12", PUBLISH_LS_NOTHING},
	{"drwxr-xr-x    2 102      0            4096 Nov 22 17:57 .", PUBLISH_LS_NOTHING},
	{"drwxr-xr-x    2 102      0            4096 Nov 22 17:57 ..\r", PUBLISH_LS_NOTHING},
	{"-rw-r--r-- 1 a b 9 Jan  1 00:00 ../x", PUBLISH_LS_STRANGE},
	{"-rw-r--r-- 1 a b 9 Jan  1 00:00 /x", PUBLISH_LS_STRANGE},
	{"-rw-r--r-- 1 a b 9 Jan  1 00:00 x\rDELE y", PUBLISH_LS_STRANGE},
	{"-rw-r--r-- 1 a b 9 Jan  1 00:00 ", PUBLISH_LS_STRANGE},
	{"-rw-r--r-- 1 a b 9 Jan  1 00:00", PUBLISH_LS_STRANGE},
	{"-rw-r--r-- 1 a b -9 Jan  1 00:00 x", PUBLISH_LS_STRANGE},
	{"-rw-r--r-- 1 a b 99999999999999999999 Jan  1 00:00 x", PUBLISH_LS_STRANGE},
	{"-rw-r--r-- 1 a b 9 Jax  1 00:00 x", PUBLISH_LS_STRANGE},
	{"-rw-r--r--", PUBLISH_LS_STRANGE},
	{"11-22-26  05:57PM", PUBLISH_LS_STRANGE},
	{"11-22-26  05:57PM  x y", PUBLISH_LS_STRANGE},
	{"550 no such folder", PUBLISH_LS_STRANGE},
};

static const struct sample facts[] = {
	{"modify=20261122175700;size=12;type=file;UNIX.mode=0644; a b.html\r", PUBLISH_LS_ITEM, "a b.html",
		PUBLISH_FILE, 12},
	{"Type=DIR;Modify=20261122175700; mapp", PUBLISH_LS_ITEM, "mapp", PUBLISH_DIR, -1},
	{"type=file;  leading", PUBLISH_LS_ITEM, " leading", PUBLISH_FILE, -1},
	{"type=file;size=; x", PUBLISH_LS_ITEM, "x", PUBLISH_FILE, -1},
	{"type=OS.unix=symlink;size=3; www", PUBLISH_LS_ITEM, "www", PUBLISH_OTHER, 3},
	{"type=cdir;perm=flcdmpe; /site", PUBLISH_LS_NOTHING},
	{"type=pdir;perm=flcdmpe; ..", PUBLISH_LS_NOTHING},
	{"type=dir; ..", PUBLISH_LS_NOTHING},
	{"", PUBLISH_LS_NOTHING},
	{"type=file; a/b", PUBLISH_LS_STRANGE},
	{"type=file;", PUBLISH_LS_STRANGE},
	{"size=4; x", PUBLISH_LS_STRANGE},
	{"x", PUBLISH_LS_STRANGE},
};

static void reads(reader *read, const struct sample *s)
{
	struct publish_listed item = {0};
	enum publish_ls got = read(str_from(s->line), &item);

	if (got != s->wanted)
		fail_msg("%s: %d, not %d", s->line, (int)got, (int)s->wanted);
	if (got != PUBLISH_LS_ITEM)
		return;
	if (!str_is(item.name, s->name))
		fail_msg("%s: “%.*s”", s->line, STR_ARG(item.name));
	assert_int_equal(item.kind, s->kind);
	assert_int_equal(item.sized, s->size >= 0);
	if (item.sized)
		assert_int_equal(item.size, s->size);
}

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++)
		reads(publish_ls_line, &lines[i]);
}

static void test_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(facts); i++)
		reads(publish_ls_facts, &facts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
