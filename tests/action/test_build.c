#include "action/build.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/commit.h"
#include "support/faulty.h"
#include "support/site.h"

/* One build after the other of the same site, each with a project of its own. */
struct fixture {
	struct site site;
	struct build_options options;
	/* of the last build */
	enum build_status status;
	struct build_counts counts;
	bool unchanged;
	struct str why, report, said;
};

static void put_site(struct site *s)
{
	site_put(s, "faktablad.yaml",
		"base_url: https://example.org/\nlanguages: {sv: , en: }\n"
		"editions: {p: {face: folder, each: language}, all: {face: folder}}\n");
	site_put(s, "content/sv/a.md",
		"---\ntitle: A\naliases: gamla\nreviewed: 2026-01-02\n---\n[b](b.md) ![p](p.png)\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\n---\nText.\n");
	site_put(s, "content/en/a.md", "---\ntitle: A\n---\n[b](b.md)\n");
	site_put_picture(s, "content/sv/p.png", "picture");
	site_put_picture(s, "content/sv/stray.png", "nobody shows it");
	site_put(s, "templates/sheet.mustache", "{{title}} {{#next}}next {{title}} {{/next}}{{{body}}}");
	site_put_templates(s, "{{title}} {{issued_iso}}");
}

static int setup(void **state)
{
	struct fixture *f = xmalloc(sizeof(*f));

	*f = (struct fixture){0};
	site_init(&f->site);
	put_site(&f->site);
	f->options.issued = (struct date){2026, 11, 20};
	f->options.out = temp_path(&f->site.arena, f->site.root, "public");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	site_free(&f->site);
	free(f);
	return 0;
}

static enum build_status build(struct fixture *f)
{
	struct arena *a = &f->site.arena;
	struct project p;
	struct build b;

	project_open(&p, &f->site.options);
	build_open(&b, &p, &f->options);
	f->status = build_run(&b);
	f->counts = b.counts;
	f->unchanged = b.unchanged;
	f->why = str_dup(a, buf_str(&b.why));
	f->report = str_dup(a, b.old_report);
	f->said = said(a, &p.diag);
	build_close(&b);
	project_close(&p);
	return f->status;
}

static struct str public(struct fixture *f, const char *path)
{
	return site_get(&f->site, str_fmt(&f->site.arena, "public/%s", path).p);
}

static ino_t inode(struct fixture *f, const char *path)
{
	struct stat st;

	assert_int_equal(lstat(temp_path(&f->site.arena, f->options.out, path), &st), 0);
	return st.st_ino;
}

static struct str tree(struct fixture *f)
{
	return temp_tree(&f->site.arena, f->options.out);
}

/* As an editor that writes into the file that is there. */
static void append(struct fixture *f, const char *path, const char *text)
{
	FILE *file = fopen(temp_path(&f->site.arena, f->options.out, path), "a");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* So that no file was changed within the tick of the build that follows. */
static void settle(void)
{
	struct timespec t = {.tv_nsec = 50000000};

	nanosleep(&t, NULL);
}

static void a_site_is_built(void **state)
{
	struct fixture *f = *state;
	struct digest d;
	char hex[DIGEST_HEX + 1];

	assert_int_equal(build(f), BUILD_OK);
	assert_text(f->said, "content/en/b.md translation/missing\ncontent/sv/stray.png file/stray\n");
	assert_false(f->unchanged);
	assert_int_equal(f->counts.sheets, 2);
	assert_int_equal(f->counts.languages, 2);
	assert_int_equal(f->counts.packs, 3);
	assert_int_equal(f->counts.written, f->counts.files);
	assert_true(str_starts(
		public(f, "sv/a.html"), STR("A next B <p><a href=\"b.html\">b</a> <img src=\"../media/p.")));
	assert_text(public(f, "en/a.html"), "A next B <p><a href=\"b.html\" hreflang=\"sv\">b</a></p>\n");
	assert_text(public(f, "en/b.html"), "B <p>Text.</p>\n");
	assert_text(public(f, "sv/gamla.html"), "A ");
	assert_text(public(f, "en/gamla.html"), "absent");
	assert_text(public(f, "sv/packs.html"), "Paket ");
	assert_text(public(f, "index.html"), "Provsajt ");
	d = digest_of(public(f, "packs/p-sv.zip"));
	digest_hex(&d, hex);
	assert_true(str_find(public(f, "packs/SHA256SUMS"), str_fmt(&f->site.arena, "%s  p-sv.zip\n", hex)) <
		    public(f, "packs/SHA256SUMS").n);
	assert_text(public(f, "sitemap.xml"),
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
		"<url><loc>https://example.org/sv/a.html</loc><lastmod>2026-01-02</lastmod></url>\n"
		"<url><loc>https://example.org/en/a.html</loc><lastmod>2026-01-02</lastmod></url>\n"
		"<url><loc>https://example.org/sv/b.html</loc></url>\n"
		"<url><loc>https://example.org/sv/index.html</loc></url>\n"
		"<url><loc>https://example.org/en/index.html</loc></url>\n"
		"</urlset>\n");
}

static void the_manifest_lists_what_is_there(void **state)
{
	struct fixture *f = *state;
	struct arena *a = &f->site.arena;
	struct fs_listing l = {0};
	struct manifest m = {0};
	size_t line, files = 0;

	assert_int_equal(build(f), BUILD_OK);
	assert_true(manifest_read(&m, a, public(f, MANIFEST_NAME), &line));
	assert_int_equal(fs_list(fs_real(), f->options.out, a, &l), 0);
	for (size_t i = 0; i < l.len; i++)
		files += l.entries[i].stat.kind == FS_FILE;
	assert_int_equal(files, m.len + 1);
	assert_int_equal(m.len, f->counts.files);
	for (size_t i = 0; i < m.len; i++) {
		struct str bytes = public(f, str_z(a, m.entries[i].path));
		struct digest d = digest_of(bytes);

		assert_true(digest_eq(&d, &m.entries[i].digest));
		assert_int_equal(bytes.n, m.entries[i].size);
	}
}

static void when_nothing_changed_nothing_is_done(void **state)
{
	struct fixture *f = *state;
	struct build_counts first;
	ino_t before;

	settle();
	assert_int_equal(build(f), BUILD_OK);
	first = f->counts;
	before = inode(f, "sv/a.html");
	assert_int_equal(build(f), BUILD_OK);
	assert_true(f->unchanged);
	assert_text(f->said, "");
	assert_true(str_find(f->report, STR("[file/stray]")) < f->report.n);
	assert_int_equal(f->counts.written, 0);
	assert_int_equal(f->counts.pages, first.pages);
	assert_int_equal(f->counts.files, first.files);
	assert_int_equal(inode(f, "sv/a.html"), before);
}

static void what_makes_a_difference_is_seen(void **state)
{
	struct fixture *f = *state;

	settle();
	build(f);
	assert_int_equal(build(f), BUILD_OK);
	assert_true(f->unchanged);
	f->options.force = true;
	build(f);
	assert_false(f->unchanged);
	assert_int_equal(f->counts.written, 0);
	f->options.force = false;
	f->options.issued.day++;
	build(f);
	assert_false(f->unchanged);
	build(f);
	assert_true(f->unchanged);
	f->site.options.strict = true;
	assert_int_equal(build(f), BUILD_ERRORS);
	f->site.options.strict = false;
	site_put(&f->site, "templates/assets/new.svg", "<svg/>");
	build(f);
	assert_false(f->unchanged);
	settle();
	f->options.force = true;
	build(f);
	f->options.force = false;
	build(f);
	assert_true(f->unchanged);
	append(f, "sv/a.html", "edited by hand");
	build(f);
	assert_false(f->unchanged);
	assert_true(str_find(public(f, "sv/a.html"), STR("edited by hand")) == public(f, "sv/a.html").n);
	site_put(&f->site, "public/sv/a.html", "replaced by hand");
	build(f);
	assert_false(f->unchanged);
	assert_true(str_starts(public(f, "sv/a.html"), STR("A next B ")));
	site_remove(&f->site, "public/sv/a.html");
	build(f);
	assert_false(f->unchanged);
	assert_true(str_starts(public(f, "sv/a.html"), STR("A next B ")));
}

/* A file that changed in the tick in which it was listed may change again without a trace. */
static void a_state_that_may_be_racy_is_not_trusted(void **state)
{
	struct fixture *f = *state;

	settle();
	site_put(&f->site, "content/sv/b.md", "---\ntitle: B\n---\nOther.\n");
	build(f);
	build(f);
	assert_false(f->unchanged);
	settle();
	build(f);
	build(f);
	assert_true(f->unchanged);
}

static void an_edit_writes_only_what_it_changed(void **state)
{
	struct fixture *f = *state;
	ino_t a, en, index, alias, pack;

	assert_int_equal(build(f), BUILD_OK);
	a = inode(f, "sv/a.html");
	en = inode(f, "packs/p-en.zip");
	index = inode(f, "sv/index.html");
	pack = inode(f, "packs/p-sv.zip");
	alias = inode(f, "sv/gamla.html");
	site_put(&f->site, "content/sv/b.md", "---\ntitle: B\n---\nAnother text.\n");
	assert_int_equal(build(f), BUILD_OK);
	assert_text(public(f, "sv/b.html"), "B <p>Another text.</p>\n");
	assert_int_equal(inode(f, "sv/a.html"), a);
	assert_int_equal(inode(f, "sv/index.html"), index);
	assert_int_equal(inode(f, "sv/gamla.html"), alias);
	assert_int_not_equal(inode(f, "packs/p-sv.zip"), pack);
	assert_int_not_equal(inode(f, "packs/p-en.zip"), en); /* shows it as a fallback */
	/* sv/b, en/b, three packs and their sums; no page lists the packs' sizes here */
	assert_int_equal(f->counts.written, 6);
}

static void a_sheet_that_is_gone_is_gone(void **state)
{
	struct fixture *f = *state;

	build(f);
	site_remove(&f->site, "content/sv/b.md");
	site_put(&f->site, "content/sv/a.md", "---\ntitle: A\n---\n");
	site_remove(&f->site, "content/en/a.md");
	assert_int_equal(build(f), BUILD_OK);
	assert_text(public(f, "sv/b.html"), "absent");
	assert_text(public(f, "en/b.html"), "absent");
	assert_text(public(f, "sv/gamla.html"), "absent");
	assert_text(public(f, "media"), "absent");
	assert_text(public(f, "sv/a.html"), "A ");
}

static void errors_leave_what_was_there(void **state)
{
	struct fixture *f = *state;
	struct str before;

	build(f);
	before = tree(f);
	site_put(&f->site, "content/sv/b.md", "---\ntitle: Changed\n---\n[x](none.md)\n");
	assert_int_equal(build(f), BUILD_ERRORS);
	assert_true(str_find(f->said, STR("content/sv/b.md:4:1 link/broken\n")) < f->said.n);
	assert_true(str_eq(before, tree(f)));
	/* and nothing is made where nothing was */
	f->options.out = temp_path(&f->site.arena, f->site.root, "elsewhere");
	assert_int_equal(build(f), BUILD_ERRORS);
	assert_text(tree(f), "absent");
}

static void a_page_that_cannot_be_made_stops_the_build(void **state)
{
	struct fixture *f = *state;
	struct str before;

	build(f);
	before = tree(f);
	site_put(&f->site, "templates/sheet.mustache", "{{>sheet}}");
	assert_int_equal(build(f), BUILD_ERRORS);
	assert_true(str_find(f->said, STR("template/limit")) < f->said.n);
	assert_true(str_eq(before, tree(f)));
	/* even if the configuration calls it harmless */
	site_put(
		&f->site, "faktablad.yaml", "languages: {sv: , en: }\nseverity: {template/limit: warning}\n");
	assert_int_equal(build(f), BUILD_ENVIRONMENT);
	assert_true(f->why.n > 0);
	assert_true(str_eq(before, tree(f)));
}

static void what_is_somebody_elses_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct str before;

	site_put(&f->site, "public/notes.txt", "mine");
	before = tree(f);
	assert_int_equal(build(f), BUILD_ENVIRONMENT);
	assert_true(str_find(f->why, STR("holds files that faktablad did not make")) < f->why.n);
	assert_true(str_eq(before, tree(f)));
	site_remove(&f->site, "public");
	build(f);
	site_put(&f->site, "public/notes.txt", "mine");
	site_put(&f->site, "content/sv/c.md", "---\ntitle: C\n---\n");
	assert_int_equal(build(f), BUILD_OK);
	assert_text(public(f, "notes.txt"), "mine");
	site_put(&f->site, "public/sv/d.html", "mine");
	site_put(&f->site, "content/sv/d.md", "---\ntitle: D\n---\n");
	assert_int_equal(build(f), BUILD_ERRORS);
	assert_true(str_find(f->said, STR("output/foreign")) < f->said.n);
	assert_text(public(f, "sv/d.html"), "mine");
}

static void one_builds_at_a_time(void **state)
{
	struct fixture *f = *state;
	struct commit other;

	assert_int_equal(
		commit_open(&other, fs_real(), &f->site.arena, f->options.out, MANIFEST_NAME), COMMIT_OK);
	assert_int_equal(build(f), BUILD_ENVIRONMENT);
	assert_true(str_find(f->why, STR("another build")) < f->why.n);
	commit_close(&other);
	assert_int_equal(build(f), BUILD_OK);
}

static void two_things_of_one_name_stop_the_build(void **state)
{
	struct fixture *f = *state;

	site_put(&f->site, "faktablad.yaml",
		"languages: {sv: , en: }\nseverity: {sheet/duplicate-slug: warning}\n");
	site_put(&f->site, "content/sv/c.md", "---\ntitle: C\nslug: a\n---\n");
	assert_int_equal(build(f), BUILD_ERRORS);
	assert_true(str_find(f->said, STR("faktablad.yaml edition/path\n")) < f->said.n);
	site_put(&f->site, "faktablad.yaml",
		"languages: {sv: , en: }\nseverity: {sheet/duplicate-slug: warning, edition/path: off}\n");
	assert_int_equal(build(f), BUILD_ENVIRONMENT);
	assert_text(tree(f), "absent");
}

/* The same site elsewhere, with another number of threads: the same bytes. */
static struct str built_with(struct fixture *f, unsigned threads)
{
	struct fixture other = {.options = f->options};
	struct str all;

	site_init(&other.site);
	put_site(&other.site);
	for (int i = 0; i < 40; i++)
		site_put(&other.site, str_fmt(&other.site.arena, "content/sv/s%d.md", i).p,
			str_fmt(&other.site.arena, "---\ntitle: T%d\n---\n## En {#a}\n[x](s%d.md#a) 112\n", i,
				(i + 1) % 40)
				.p);
	other.site.options.threads = threads;
	other.options.out = temp_path(&other.site.arena, other.site.root, "public");
	assert_int_equal(build(&other), BUILD_OK);
	all = str_dup(&f->site.arena, STR_CONCAT(&other.site.arena, other.said, tree(&other)));
	site_free(&other.site);
	return all;
}

static void threads_change_nothing(void **state)
{
	struct fixture *f = *state;
	struct str one = built_with(f, 1);

	assert_true(str_eq(one, built_with(f, 2)));
	assert_true(str_eq(one, built_with(f, 8)));
}

static void a_new_issue_changes_packs_only(void **state)
{
	struct fixture *f = *state;
	ino_t page, pack;

	build(f);
	page = inode(f, "sv/a.html");
	pack = inode(f, "packs/all.zip");
	f->options.issued.day++;
	build(f);
	assert_int_equal(inode(f, "sv/a.html"), page);
	assert_int_not_equal(inode(f, "packs/all.zip"), pack);
}

/* Whatever the file system refuses, and whenever: the old site stands, and the next build makes the new one.
 */
static void a_full_disk_leaves_what_was_there(void **state)
{
	struct fixture *f = *state;
	struct str old, new;
	struct faulty faulty;
	bool reached = true;
	int refused = 0;

	build(f);
	old = tree(f);
	site_put(&f->site, "content/sv/b.md", "---\ntitle: Ny\n---\nAnother text.\n");
	for (long at = 1; reached; at += 7) {
		faulty_init(&faulty, fs_real());
		faulty.only =
			1u << FAULTY_CREATE | 1u << FAULTY_LINK | 1u << FAULTY_MKDIR | 1u << FAULTY_EXCHANGE;
		faulty.at = at;
		faulty.error = ENOSPC;
		faulty.forever = true;
		f->site.options.fs = &faulty.fs;
		build(f);
		reached = f->status != BUILD_OK;
		if (reached) {
			assert_int_equal(f->status, BUILD_ENVIRONMENT);
			assert_true(str_find(f->why, STR("No space left")) < f->why.n);
			assert_true(str_eq(old, tree(f)));
			refused++;
		}
	}
	assert_true(refused > 3);
	f->site.options.fs = NULL;
	new = tree(f);
	assert_false(str_eq(old, new));
	assert_int_equal(build(f), BUILD_OK);
	assert_true(str_eq(new, tree(f)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_site_is_built),
		TEST(the_manifest_lists_what_is_there),
		TEST(when_nothing_changed_nothing_is_done),
		TEST(what_makes_a_difference_is_seen),
		TEST(a_state_that_may_be_racy_is_not_trusted),
		TEST(an_edit_writes_only_what_it_changed),
		TEST(a_sheet_that_is_gone_is_gone),
		TEST(errors_leave_what_was_there),
		TEST(a_page_that_cannot_be_made_stops_the_build),
		TEST(what_is_somebody_elses_is_left_alone),
		TEST(one_builds_at_a_time),
		TEST(two_things_of_one_name_stop_the_build),
		TEST(threads_change_nothing),
		TEST(a_new_issue_changes_packs_only),
		TEST(a_full_disk_leaves_what_was_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
