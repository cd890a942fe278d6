#include "action/stamp.h"

#include "support/faulty.h"
#include "support/site.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOURCE                                                                                                \
	"---\ntitle: A\ndescription: Om a\n---\nFörst.\n\n## Ett {#ett}\n\nEn text.\n\n## Två {#tva}\n\n- " \
	"x\n"
#define ENGLISH                                                                                              \
	"---\ntitle: \"A\" # the title\n---\nFirst.\n\n## One {#ett}\n\nA text.\n\n## Two {#tva}\n\n- x\n"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "faktablad.yaml", "languages: {sv: , en: , ar: }\n");
	site_put(s, "content/sv/a.md", SOURCE);
	site_put(s, "content/en/a.md", ENGLISH);
	site_put(s, "content/ar/a.md", ENGLISH);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

struct outcome {
	enum stamp_status status;
	struct str said, why;
};

enum what { ALL, SECTION, MINOR };

static const struct translation *text_of(struct site *s, const char *path)
{
	const struct translation *t = map_get(&s->project.catalog.by_path, str_from(path));

	return t ? t : map_get(&s->project.catalog.drafts, str_from(path));
}

/* Loads, plans and writes; `fs` is only there while it is written. */
static struct outcome stamp_on(
	struct site *s, struct fs *fs, enum what what, const char *path, const char *section, bool dry_run)
{
	struct stamp_options o = {.today = {2026, 11, 22}, .dry_run = dry_run};
	struct str one = str_from(section);
	struct stamping st;
	struct outcome out;

	assert_true(site_load(s));
	stamping_init(&st, &s->project, &o);
	if (what == MINOR)
		stamping_minor(&st, text_of(s, path), section ? &one : NULL, section != NULL);
	else
		stamping_add(&st, text_of(s, path), section ? &one : NULL, section != NULL);
	s->project.fs = fs;
	out.status = stamping_write(&st);
	s->project.fs = fs_real();
	out.said = str_dup(&s->arena, buf_str(&st.said));
	out.why = str_dup(&s->arena, buf_str(&st.why));
	stamping_release(&st);
	return out;
}

static struct outcome stamp(struct site *s, enum what what, const char *path, const char *section)
{
	return stamp_on(s, fs_real(), what, path, section, false);
}

static void must(struct site *s, enum what what, const char *path, const char *section)
{
	struct outcome o = stamp(s, what, path, section);

	assert_text(o.why, "");
	assert_int_equal(o.status, STAMP_OK);
}

/* "changed ett, removed tva" */
static struct str lags(struct site *s, const char *path)
{
	const struct freshness *f;
	struct str out = STR("");

	assert_true(site_load(s));
	f = text_of(s, path)->freshness;
	if (!f)
		return STR("unstamped");
	for (size_t i = 0; i < f->lag_count; i++)
		out = STR_CONCAT(&s->arena, out, i ? STR(", ") : STR(""), str_from(lag_name(f->lags[i].kind)),
			STR(" "), f->lags[i].section);
	return out;
}

static void edit(struct site *s, const char *path, const char *what, const char *with)
{
	struct str text = site_get(s, path);
	size_t at = str_find(text, str_from(what));

	assert_true(at < text.n);
	site_put_bytes(s, path,
		STR_CONCAT(&s->arena, str_slice(text, 0, at), str_from(with),
			str_slice(text, at + strlen(what), text.n)));
}

static void a_stamped_text_is_up_to_date(void **state)
{
	struct site *s = *state;

	assert_text(lags(s, "en/a.md"), "unstamped");
	must(s, ALL, "en/a.md", NULL);
	assert_text(lags(s, "en/a.md"), "");
	assert_text(lags(s, "ar/a.md"), "unstamped");
	assert_text(site_get(s, "content/en/.source/a.md"), SOURCE);
	assert_text(site_get(s, "content/sv/.source/a.md"), SOURCE);
	assert_text(site_get(s, "content/sv/a.md"), SOURCE);
	assert_true(str_starts(site_get(s, "content/en/a.md"),
		STR("---\ntitle: \"A\" # the title\ntranslation:\n  date: 2026-11-22\n  of:\n    _title: ")));
	assert_true(str_ends(site_get(s, "content/en/a.md"),
		STR("\n---\nFirst.\n\n## One {#ett}\n\nA text.\n\n## Two {#tva}\n\n- x\n")));
}

static void sections_lag_on_their_own(void **state)
{
	struct site *s = *state;

	must(s, ALL, "en/a.md", NULL);
	must(s, ALL, "ar/a.md", NULL);
	edit(s, "content/sv/a.md", "- x\n", "- y\n\n## Tre {#tre}\n\nNy.\n");
	edit(s, "content/sv/a.md", "## Ett {#ett}\n\nEn text.\n\n", "");
	edit(s, "content/sv/a.md", "Om a", "Om b");
	assert_text(lags(s, "en/a.md"), "changed _title, changed tva, added tre, removed ett");
	must(s, SECTION, "en/a.md", "tva");
	assert_text(lags(s, "en/a.md"), "changed _title, added tre, removed ett");
	must(s, SECTION, "en/a.md", "tre");
	must(s, SECTION, "en/a.md", "_title");
	assert_text(lags(s, "en/a.md"), "removed ett");
	must(s, SECTION, "en/a.md", "ett");
	assert_text(lags(s, "en/a.md"), "");
	assert_text(site_get(s, "content/en/.source/a.md"),
		"---\ntitle: A\ndescription: Om b\n---\nFörst.\n\n## "
		"Två {#tva}\n\n- y\n\n## Tre {#tre}\n\nNy.\n");
	assert_text(lags(s, "ar/a.md"), "changed _title, changed tva, added tre, removed ett");
}

static void minor_changes_leave_nobody_behind(void **state)
{
	struct site *s = *state;

	must(s, ALL, "en/a.md", NULL);
	must(s, ALL, "ar/a.md", NULL);
	edit(s, "content/sv/a.md", "En text.", "En viktig text.");
	must(s, ALL, "en/a.md", NULL);
	edit(s, "content/sv/a.md", "Först", "Inledning");
	edit(s, "content/sv/a.md", "viktig text", "viktig tekst");
	assert_text(lags(s, "en/a.md"), "changed _intro, changed ett");
	assert_text(stamp_on(s, fs_real(), MINOR, "sv/a.md", "_intro", true).said,
		"minor: _intro\n    -[Först] +{Inledning}.\ncontent/en/a.md: stays up to date in _intro\n"
		"content/ar/a.md: stays up to date in _intro\n");
}

static void minor_is_by_the_baseline(void **state)
{
	struct site *s = *state;

	must(s, ALL, "en/a.md", NULL);
	must(s, ALL, "ar/a.md", NULL);
	edit(s, "content/sv/a.md", "En text.", "En viktig text.");
	must(s, ALL, "en/a.md", NULL);
	edit(s, "content/sv/a.md", "viktig text", "viktig tekst");
	edit(s, "content/sv/a.md", "- x", "- z");
	assert_text(lags(s, "ar/a.md"), "changed ett, changed tva");
	must(s, MINOR, "sv/a.md", "ett");
	assert_text(lags(s, "en/a.md"), "changed tva");
	assert_text(
		lags(s, "ar/a.md"), "changed ett, changed tva"); /* the important change is still to come */
	must(s, MINOR, "sv/a.md", NULL);
	assert_text(lags(s, "en/a.md"), "");
	assert_text(lags(s, "ar/a.md"), "changed ett");
	assert_text(stamp(s, MINOR, "sv/a.md", NULL).said,
		"content/sv/a.md: nothing changed since a translation of it was stamped\n");
}

static void new_sections_are_never_minor(void **state)
{
	struct site *s = *state;

	must(s, ALL, "en/a.md", NULL);
	edit(s, "content/sv/a.md", "- x\n", "- x\n\n## Tre {#tre}\n");
	assert_text(stamp(s, MINOR, "sv/a.md", NULL).said, "new, not minor: tre\ncontent/sv/a.md: nothing "
							   "changed since a translation of it was stamped\n");
	assert_text(lags(s, "en/a.md"), "added tre");
}

static void assert_refused(
	struct site *s, enum what what, const char *path, const char *section, const char *why)
{
	struct str before = temp_tree(&s->arena, s->root);
	struct outcome o = stamp(s, what, path, section);

	assert_int_equal(o.status, STAMP_REFUSED);
	if (str_find(o.why, str_from(why)) == o.why.n)
		fail_msg("not “%s”: %.*s", why, STR_ARG(o.why));
	assert_text(temp_tree(&s->arena, s->root), before.p);
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct site *s = *state;

	site_put(s, "content/en/alone.md", "---\ntitle: B\n---\n");
	site_put(s, "content/sv/odd.md", "---\ntitle: B\n---\n");
	site_put(s, "content/en/odd.md", "---\ntitle: B\ntitle: C\n---\n");
	assert_refused(s, ALL, "sv/a.md", NULL, "this is the source text");
	assert_refused(s, ALL, "en/alone.md", NULL, "no text in the source language");
	assert_refused(s, ALL, "en/odd.md", NULL, "the front matter cannot be read");
	assert_refused(s, SECTION, "en/a.md", "ett", "never stamped");
	assert_refused(s, MINOR, "en/a.md", NULL, "this is a translation");
	assert_refused(s, MINOR, "sv/a.md", NULL, "none of its translations was stamped");
	must(s, ALL, "en/a.md", NULL);
	assert_refused(s, SECTION, "en/a.md", "et", "did you mean “ett”?");
}

static void a_dry_run_writes_nothing(void **state)
{
	struct site *s = *state;
	struct str before = temp_tree(&s->arena, s->root);
	struct outcome o = stamp_on(s, fs_real(), ALL, "en/a.md", NULL, true);

	assert_int_equal(o.status, STAMP_OK);
	assert_text(o.said, "content/en/a.md: up to date with content/sv/a.md\n");
	assert_text(temp_tree(&s->arena, s->root), before.p);
}

static void drafts_are_stamped_too(void **state)
{
	struct site *s = *state;

	site_put(s, "content/en/a.md", "---\ntitle: A\ndraft: true\n---\nFirst.\n");
	must(s, ALL, "en/a.md", NULL);
	assert_text(site_get(s, "content/en/.source/a.md"), SOURCE);
}

static void a_file_saved_meanwhile_is_left_alone(void **state)
{
	struct site *s = *state;
	struct stamp_options o = {.today = {2026, 11, 22}};
	struct stamping st;

	assert_true(site_load(s));
	stamping_init(&st, &s->project, &o);
	stamping_add(&st, text_of(s, "en/a.md"), NULL, 0);
	site_put(s, "content/en/a.md", "mine");
	assert_int_equal(stamping_write(&st), STAMP_ENVIRONMENT);
	assert_text(buf_str(&st.why), "content/en/a.md was changed meanwhile: stamp again\n");
	assert_text(site_get(s, "content/en/a.md"), "mine");
	stamping_release(&st);
}

/* Each file is what it was or what it was to be; and stamping again ends it. */
static void assert_whole(struct site *s, struct str stamped)
{
	struct str text = site_get(s, "content/en/a.md"), kept = site_get(s, "content/en/.source/a.md"),
		   baseline = site_get(s, "content/sv/.source/a.md");

	assert_true(str_is(text, ENGLISH) || str_eq(text, stamped));
	assert_true(str_is(kept, "absent") || str_is(kept, SOURCE));
	assert_true(str_is(baseline, "absent") || str_is(baseline, SOURCE));
	/* no stamp without the text that it was made from */
	assert_true(str_is(text, ENGLISH) || str_is(kept, SOURCE));
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag, "");
}

static void start_over(struct site *s)
{
	site_put(s, "content/en/a.md", ENGLISH);
	site_remove(s, "content/en/.source");
	site_remove(s, "content/sv/.source");
}

static void nothing_is_half_written_when_a_call_fails(void **state)
{
	struct site *s = *state;
	struct str stamped;
	bool ended = false;

	must(s, ALL, "en/a.md", NULL);
	stamped = site_get(s, "content/en/a.md");
	for (long n = 1; !ended; n++) {
		struct faulty f;
		struct outcome o;

		start_over(s);
		faulty_init(&f, fs_real());
		f.at = n;
		f.error = EIO;
		o = stamp_on(s, &f.fs, ALL, "en/a.md", NULL, false);
		ended = f.calls < n;
		assert_int_equal(o.status == STAMP_OK, ended);
		assert_true(ended || o.why.n);
		assert_whole(s, stamped);
		must(s, ALL, "en/a.md", NULL);
		assert_text(site_get(s, "content/en/a.md"), stamped.p);
	}
}

static bool stamp_and_kill(struct site *s, long at)
{
	struct faulty f;
	int status;
	pid_t child;

	faulty_init(&f, fs_real());
	f.at = at;
	f.kill = true;
	child = fork();
	if (child == 0)
		_exit((int)stamp_on(s, &f.fs, ALL, "en/a.md", NULL, false).status);
	waitpid(child, &status, 0);
	return WIFEXITED(status);
}

static void nothing_is_half_written_when_it_is_killed(void **state)
{
	struct site *s = *state;
	struct str stamped;
	bool ended = false;

	must(s, ALL, "en/a.md", NULL);
	stamped = site_get(s, "content/en/a.md");
	for (long n = 1; !ended; n++) {
		start_over(s);
		site_close(s);
		ended = stamp_and_kill(s, n);
		assert_whole(s, stamped);
		must(s, ALL, "en/a.md", NULL);
		assert_text(site_get(s, "content/en/a.md"), stamped.p);
		assert_text(site_get(s, "content/en/.a.md.new"), "absent");
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_stamped_text_is_up_to_date),
		TEST(sections_lag_on_their_own),
		TEST(minor_changes_leave_nobody_behind),
		TEST(minor_is_by_the_baseline),
		TEST(new_sections_are_never_minor),
		TEST(what_makes_no_sense_is_refused),
		TEST(a_dry_run_writes_nothing),
		TEST(drafts_are_stamped_too),
		TEST(a_file_saved_meanwhile_is_left_alone),
		TEST(nothing_is_half_written_when_a_call_fails),
		TEST(nothing_is_half_written_when_it_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
