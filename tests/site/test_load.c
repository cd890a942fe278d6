#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/faulty.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

#define assert_site_said(s, expected) assert_said(&(s)->arena, &(s)->project.diag, expected)

/* "a b c": keys in the catalog's order. */
static struct str order(struct site *s)
{
	const struct catalog *c = &s->project.catalog;
	struct str all = STR("");

	for (size_t i = 0; i < c->sheet_count; i++) {
		assert_int_equal(c->sheets[i]->index, i);
		all = str_fmt(
			&s->arena, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(c->sheets[i]->key));
	}
	return all;
}

static void plain_markdown_is_a_site(void **state)
{
	struct site *s = *state;

	site_put(s, "content/hej.md", "# Hej\n");
	assert_true(site_load(s));
	assert_site_said(s, "");
	assert_text(s->project.catalog.config.languages[0].spec.tag, "sv");
	assert_text(site_text(s, "hej.md")->title, "Hej");
	assert_text(site_text(s, "hej.md")->slug, "hej");
}

static void without_content_there_is_nothing(void **state)
{
	struct site *s = *state;

	site_load(s);
	assert_text(said_of(&s->arena, &s->project.diag, RULE_FILE_UNREADABLE), "content file/unreadable\n");
	site_put(s, "content", "a file");
	site_load(s);
	assert_text(said_of(&s->arena, &s->project.diag, RULE_FILE_UNREADABLE), "content file/unreadable\n");
}

static void sheets_stand_in_order(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\n");
	site_put(s, "content/sv/a.md", "---\ntitle: Öl\n---\n");
	site_put(s, "content/sv/b.md", "---\ntitle: zebra\n---\n");
	site_put(s, "content/sv/c.md", "---\ntitle: Äpple\nweight: 5\n---\n");
	site_put(s, "content/sv/d.md", "---\ntitle: ål\n---\n");
	site_put(s, "content/sv/e.md", "---\ntitle: sist\nweight: -1\n---\n");
	site_put(s, "content/sv/f.md", "---\ntitle: zebra\n---\n");
	site_put(s, "content/en/g.md", "---\ntitle: Only here\nweight: 6\n---\n");
	assert_true(site_load(s));
	assert_text(order(s), "e c g b f d a");
}

static void translations_belong_together(void **state)
{
	struct site *s = *state;
	const struct translation *sv, *en;

	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\n");
	site_put(s, "content/data/sources.yaml", "law: {title: Lag}\nother: {title: Annan}\n");
	site_put(s, "content/sv/x/a.md",
		"---\ntitle: A\nweight: 3\naudience: staff\nreviewed: 2026-01-01\nreview_by: 2027-01-01\n"
		"sources: [law]\nneeds_legal_review: true\n---\n");
	site_put(s, "content/en/x/a.md", "---\ntitle: A\nweight: 9\nreviewed: 2026-02-02\n---\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\nsources: other\n---\n");
	site_put(s, "content/en/b.md", "---\ntitle: B\nsources: law\ntranslation: {status: machine}\n---\n");
	assert_true(site_load(s));
	assert_site_said(s, "content/sv/b.md:2:8 freshness/no-date\n"
			    "content/sv/x/a.md:2:8 sheet/needs-legal-review\n");
	sv = site_text(s, "sv/x/a.md");
	en = site_text(s, "en/x/a.md");
	assert_ptr_equal(sv->sheet, en->sheet);
	assert_ptr_equal(sv->sheet->in[1], en);
	assert_text(sv->sheet->key, "x/a");
	assert_int_equal(sv->sheet->weight, 3);
	assert_int_equal(sv->sheet->audience, AUDIENCE_STAFF);
	assert_int_equal(en->reviewed.month, 2);
	assert_int_equal(en->review_by.year, 2027);
	assert_int_equal(en->source_count, 1);
	assert_true(en->needs_legal_review);
	assert_int_equal(sv->status, STATUS_REVIEWED);
	assert_int_equal(en->status, STATUS_TRANSLATED);
	assert_int_equal(site_text(s, "en/b.md")->status, STATUS_MACHINE);
	assert_text(site_text(s, "en/b.md")->sources[0], "law");
}

static void drafts_are_left_out(void **state)
{
	struct site *s = *state;

	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\ndraft: true\n---\n{nosuch}\n");
	assert_true(site_load(s));
	assert_site_said(s, "");
	assert_text(order(s), "a");
	assert_int_equal(s->project.catalog.drafts.len, 1);
	assert_null(map_get(&s->project.catalog.by_path, STR("sv/b.md")));
}

static void what_stands_where_it_should_not_is_said(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml", "languages: {sv: , en: }\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
	site_put(s, "content/en/a.md", "---\ntitle: A\n---\n");
	site_put(s, "content/nn/a.md", "---\ntitle: A\n---\n");
	site_put(s, "content/nn/b.md", "---\ntitle: B\n---\n");
	site_put(s, "content/svenska/a.md", "---\ntitle: A\n---\n");
	site_put(s, "content/a.md", "---\ntitle: Twin\n---\n");
	site_put(s, "content/data/fact.yaml", "a: b\n");
	site_put(s, "content/data/districts.yaml", "");
	site_put(s, "content/sv/a.md~", "noise");
	site_put(s, "content/sv/.a.md.swp", "noise");
	site_put(s, "content/.git/x.md", "noise");
	site_put(s, "content/sv/#a.md#", "noise");
	site_put(s, "content/sv/a.txt", "stray");
	site_put(s, "locales/nn.yaml", "a: b\n");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_FILE_STRAY),
		"content/data/fact.yaml file/stray\ncontent/sv/a.txt file/stray\n");
	assert_text(said_of(&s->arena, &s->project.diag, RULE_LANGUAGE_UNKNOWN),
		"content/nn language/unknown\ncontent/svenska language/unknown\nlocales/nn.yaml "
		"language/unknown\n");
	assert_text(said_of(&s->arena, &s->project.diag, RULE_SHEET_DUPLICATE_SLUG),
		"content/sv/a.md:1:1 sheet/duplicate-slug\n");
	assert_text(site_text(s, "a.md")->title, "Twin");
	assert_null(map_get(&s->project.catalog.by_path, STR("sv/a.md")));
	assert_text(order(s), "a");
}

static void files_that_are_no_text_are_said(void **state)
{
	struct site *s = *state;

	site_put(s, "faktablad.yaml", "languages: {sv: }\nlimits: {sheet_bytes: 1000}\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\nrad\nl\xE4tin\n");
	site_put_bytes(s, "content/sv/b.md", STR("---\ntitle: B\n---\nx\0y\n"));
	site_put(s, "content/sv/c.md", "---\ntitle: C\n---\nA\xCC\x8Angstrom\n");
	site_put(s, "content/sv/d.md", str_fmt(&s->arena, "%1001s", "").p);
	site_put(s, "content/data/facts.yaml", "a: \xFF\n");
	site_put(s, "locales/sv.yaml", "a: \xFF\n");
	site_put_templates(s, "\xFF");
	site_load(s);
	assert_text(said_of(&s->arena, &s->project.diag, RULE_FILE_NOT_NFC),
		"content/sv/c.md:4:1 file/not-nfc\n");
	assert_text(said_of(&s->arena, &s->project.diag, RULE_FILE_TOO_LARGE),
		"content/sv/d.md file/too-large\n");
	assert_text(said_of(&s->arena, &s->project.diag, RULE_FILE_NOT_UTF8),
		"content/data/facts.yaml:1:4 file/not-utf8\n"
		"content/sv/a.md:5:2 file/not-utf8\n"
		"content/sv/b.md:4:2 file/not-utf8\n"
		"locales/sv.yaml:1:4 file/not-utf8\n"
		"templates/404.mustache:1:1 file/not-utf8\n"
		"templates/about.mustache:1:1 file/not-utf8\n"
		"templates/alias.mustache:1:1 file/not-utf8\n"
		"templates/choose.mustache:1:1 file/not-utf8\n"
		"templates/index.mustache:1:1 file/not-utf8\n"
		"templates/packs.mustache:1:1 file/not-utf8\n"
		"templates/sheet.mustache:1:1 file/not-utf8\n"
		"templates/start.mustache:1:1 file/not-utf8\n");
}

static void what_is_no_file_is_said(void **state)
{
	struct site *s = *state;

	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
	assert_int_equal(symlink("a.md", temp_path(&s->arena, s->root, "content/sv/b.md")), 0);
	assert_int_equal(symlink("/etc", temp_path(&s->arena, s->root, "content/sv/etc")), 0);
	assert_int_equal(mkfifo(temp_path(&s->arena, s->root, "content/sv/pipe.md"), 0600), 0);
	assert_int_equal(mkfifo(temp_path(&s->arena, s->root, "content/data"), 0600), 0);
	assert_true(site_load(s));
	assert_site_said(s, "content/data file/unreadable\ncontent/sv/b.md file/symlink\n"
			    "content/sv/etc file/symlink\ncontent/sv/pipe.md file/unreadable\n");
	assert_text(order(s), "a");
}

static void a_configuration_that_cannot_be_read_is_said(void **state)
{
	struct site *s = *state;

	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
	assert_int_equal(mkfifo(temp_path(&s->arena, s->root, "faktablad.yaml"), 0600), 0);
	assert_false(site_load(s));
	assert_site_said(s, "faktablad.yaml file/unreadable\n");
	site_remove(s, "faktablad.yaml");
	site_put(s, "faktablad.yaml", "a: [\n");
	assert_false(site_load(s));
	assert_int_equal(s->project.diag.len, 1);
}

static void a_folder_that_cannot_be_read_is_named(void **state)
{
	struct site *s = *state;

	site_put(s,
		str_fmt(&s->arena, "content/sv/%s/a.md",
			"1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31/"
			"32/33")
			.p,
		"x");
	site_load(s);
	assert_int_equal(s->project.diag.items[0].rule, RULE_FILE_UNREADABLE);
	assert_true(str_starts(s->project.diag.items[0].path, STR("content/sv/1/2/3/")));
	site_remove(s, "content/sv/1/2/3/4/5/6/7/8/9"); /* too deep to be removed at once, too */
}

/* Whatever the number of threads, everything is said, in the same order. */
static void threads_change_nothing(void **state)
{
	struct site *s = *state;
	struct str one = {0};

	for (int i = 0; i < 200; i++)
		site_put(s, str_fmt(&s->arena, "content/sv/s%d.md", i).p,
			str_fmt(&s->arena, "---\ntitle: T%d\n---\n[a](s%d.md#x) {nosuch%d} <b>\n", i % 7,
				i + 1, i)
				.p);
	for (unsigned threads = 1; threads <= 8; threads *= 2) {
		s->options.threads = threads;
		assert_true(site_load(s));
		if (threads == 1)
			one = STR_CONCAT(&s->arena, order(s), said(&s->arena, &s->project.diag));
		assert_text(STR_CONCAT(&s->arena, order(s), said(&s->arena, &s->project.diag)), one.p);
	}
}

static void templates_and_locales_may_come_from_elsewhere(void **state)
{
	struct site *s = *state;

	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
	assert_true(site_load(s));
	assert_false(s->project.input.own_locales);
	assert_true(map_has(&s->project.catalog.templates.templates, STR("sheet")));
	s->options.share = NULL;
	assert_true(site_load(s));
	assert_int_equal(s->project.catalog.templates.templates.len, 0);
	s->options.share = SOURCE_DIR "/tests/support/share";
	site_put(s, "locales/sv.yaml", "site: {title: Eget}\n");
	site_put(s, "templates/x.mustache", "");
	assert_true(site_load(s));
	assert_true(s->project.input.own_locales);
	assert_int_equal(s->project.catalog.templates.templates.len, 1);
}

static struct str description(struct site *s)
{
	struct str text;
	struct buf out;

	assert_true(site_load(s));
	buf_init(&out, BUF_MAX_DEFAULT);
	input_describe(&s->project.input, &out);
	text = str_dup(&s->arena, buf_str(&out));
	buf_release(&out);
	return text;
}

static void a_description_tells_of_every_change(void **state)
{
	struct site *s = *state;
	struct str before, after;

	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n");
	before = description(s);
	assert_true(str_eq(before, description(s)));
	site_put(s, "content/sv/a.md~", "noise");
	assert_true(str_eq(before, description(s)));
	site_put(s, "content/sv/a.md", "---\ntitle: B\n---\n"); /* the same length, another inode */
	after = description(s);
	assert_false(str_eq(before, after));
	assert_int_equal(fs_mkdirs(fs_real(), temp_path(&s->arena, s->root, "content/en")), 0);
	before = description(s); /* a folder may be a language */
	assert_false(str_eq(before, after));
	site_put(s, "locales/sv.yaml", "a: b\n");
	after = description(s);
	assert_false(str_eq(before, after));
	assert_true(input_newest(&s->project.input) > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(plain_markdown_is_a_site),
		TEST(without_content_there_is_nothing),
		TEST(sheets_stand_in_order),
		TEST(translations_belong_together),
		TEST(drafts_are_left_out),
		TEST(what_stands_where_it_should_not_is_said),
		TEST(files_that_are_no_text_are_said),
		TEST(what_is_no_file_is_said),
		TEST(a_configuration_that_cannot_be_read_is_said),
		TEST(a_folder_that_cannot_be_read_is_named),
		TEST(threads_change_nothing),
		TEST(templates_and_locales_may_come_from_elsewhere),
		TEST(a_description_tells_of_every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
