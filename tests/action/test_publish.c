/* Publishing to a directory: what it does, and what it refuses. */
#include "action/publish_site.h"

static struct place place;

static const struct page old_site[] = {
	{"index.html", "start"},
	{"site.1.css", "p {}"},
	{"sv/index.html", "svenska"},
	{"sv/a.html", "A"},
	{"sv/b.html", "B"},
	{"packs/sv.zip", "PK"},
};

static void publish_old(void)
{
	place_site(&place, old_site, COUNT_OF(old_site));
	place_publish_ok(&place);
}

static void refused(const char *part)
{
	assert_int_equal(place_publish(&place), PUBLISH_REFUSED);
	place_why(&place, part);
}

/* Everything about a tree that a change to it would show. */
static struct str fingerprint(const char *folder)
{
	struct fs_listing l = {0};
	struct buf text;
	struct str out;

	buf_init(&text, 1 << 20);
	if (fs_list(fs_real(), folder, &place.arena, &l) == 0)
		buf_addz(&text, "there\n");
	for (size_t i = 0; i < l.len; i++)
		buf_addf(&text, "%s %llu %llu %lld\n", l.entries[i].path.p,
			(unsigned long long)l.entries[i].stat.inode,
			(unsigned long long)l.entries[i].stat.size, (long long)l.entries[i].stat.mtime_ns);
	out = str_dup(&place.arena, buf_str(&text));
	buf_release(&text);
	return out;
}

static void refused_untouched(const char *part)
{
	struct str before = fingerprint(place.target);

	refused(part);
	assert_string_equal(fingerprint(place.target).p, before.p);
}

/* ---- what it does ---- */

static void test_first(void **state)
{
	struct fs_listing l = {0};
	mode_t mask = umask(077);

	(void)state;
	publish_old();
	umask(mask);
	place_check(&place, NULL);
	assert_int_equal(place.result.added, COUNT_OF(old_site));
	assert_int_equal(place.result.bytes, 5 + 4 + 7 + 1 + 1 + 2);
	assert_int_equal(place.result.generation, 1);
	assert_false(place.result.nothing_to_do);
	assert_string_equal(place.result.target, place.target);
	assert_int_equal(fs_list(fs_real(), place.target, &place.arena, &l), 0);
	for (size_t i = 0; i < l.len; i++)
		assert_int_equal(l.entries[i].stat.mode, l.entries[i].stat.kind == FS_DIR ? 0755 : 0644);
}

static void test_strange_names(void **state)
{
	struct place strange;

	(void)state;
	place_open_named(&strange, "Mina sidor ÅÄÖ 100%", "ut %41#?/på webben");
	strange.options.settings.url =
		publish_url_resolve(&strange.arena, strange.root, STR("file:ut %2541%23%3F/på webben"));
	place_site(&strange, old_site, COUNT_OF(old_site));
	place_publish_ok(&strange);
	place_check(&strange, NULL);
	place_close(&strange);
}

static void test_nothing_to_do(void **state)
{
	struct str before;

	(void)state;
	publish_old();
	before = fingerprint(place.target);
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
	assert_int_equal(place.result.unchanged, COUNT_OF(old_site));
	assert_int_equal(place.result.bytes, 0);
	assert_string_equal(fingerprint(place.target).p, before.p);
}

static void test_empty_site(void **state)
{
	(void)state;
	place_site(&place, NULL, 0);
	place_publish_ok(&place);
	assert_false(place.result.nothing_to_do);
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
	place_check(&place, NULL);
}

static void test_one_changed(void **state)
{
	struct fs_stat before, after;

	(void)state;
	publish_old();
	assert_int_equal(fs_stat(fs_real(), place_path(&place, place.target, "sv/b.html"), &before), 0);
	PLACE_SITE(&place, {"index.html", "start"}, {"site.1.css", "p {}"}, {"sv/index.html", "svenska"},
		{"sv/a.html", "A, corrected"}, {"sv/b.html", "B"}, {"packs/sv.zip", "PK"});
	place_publish_ok(&place);
	place_check(&place, NULL);
	assert_int_equal(place.result.changed, 1);
	assert_int_equal(place.result.added + place.result.deleted, 0);
	assert_int_equal(place.result.bytes, 12);
	assert_int_equal(place.result.generation, 2);
	assert_int_equal(fs_stat(fs_real(), place_path(&place, place.target, "sv/b.html"), &after), 0);
	assert_int_equal(before.inode, after.inode);
}

static void test_renamed_and_deleted(void **state)
{
	(void)state;
	publish_old();
	PLACE_SITE(&place, {"index.html", "start"}, {"site.2.css", "p {}"}, {"sv/index.html", "svenska"},
		{"sv/a.html", "A"}, {"sv/ny/b.html", "B"});
	place.options.delete_cap = 3;
	place_publish_ok(&place);
	place_check(&place, NULL);
	assert_int_equal(place.result.added, 2);
	assert_int_equal(place.result.deleted, 3);
	assert_false(fs_exists(fs_real(), place_path(&place, place.target, "packs")));
	/* And back. */
	place_site(&place, old_site, COUNT_OF(old_site));
	place_publish_ok(&place);
	place_check(&place, NULL);
	assert_false(fs_exists(fs_real(), place_path(&place, place.target, "sv/ny")));
}

/* What a visitor could need is there at every moment; the manifest comes between puts and deletes. */
static bool watch_order(void *ctx, const struct publish_progress *p)
{
	bool deleting = strcmp(p->phase, "delete") == 0;
	bool new_manifest =
		str_find(place_read(&place, place.target, PUBLISH_MANIFEST), STR("generation 2")) <
		place_read(&place, place.target, PUBLISH_MANIFEST).n;

	++*(int *)ctx;
	assert_true(new_manifest == deleting);
	if (!deleting)
		assert_true(str_is(place_read(&place, place.target, "sv/b.html"), "B"));
	if (str_is(place_read(&place, place.target, "index.html"), "new"))
		assert_true(str_is(place_read(&place, place.target, "sv/a.html"), "new"));
	if (str_is(place_read(&place, place.target, "sv/a.html"), "new"))
		assert_true(str_is(place_read(&place, place.target, "sv/c.html"), "new"));
	if (str_is(place_read(&place, place.target, "sv/c.html"), "new"))
		assert_true(str_is(place_read(&place, place.target, "site.2.css"), "new"));
	return true;
}

static void test_order(void **state)
{
	int calls = 0;

	(void)state;
	publish_old();
	PLACE_SITE(&place, {"index.html", "new"}, {"site.2.css", "new"}, {"sv/index.html", "svenska"},
		{"sv/a.html", "new"}, {"sv/c.html", "new"}, {"packs/sv.zip", "PK"});
	place.options.progress = watch_order;
	place.options.ctx = &calls;
	place_publish_ok(&place);
	/* Sent; sizes and digests read back; deleted. */
	assert_int_equal(calls, 4 + 4 + 4 + 2);
	place_check(&place, NULL);
}

static void test_dry_run(void **state)
{
	struct buf text;

	(void)state;
	place.options.dry_run = true;
	place_site(&place, old_site, COUNT_OF(old_site));
	place_publish_ok(&place);
	assert_false(fs_exists(fs_real(), place.target));
	assert_int_equal(place.result.added, COUNT_OF(old_site));
	buf_init(&text, 1 << 16);
	publish_plan_print(&text, &place.result.plan, false);
	assert_string_equal(text.p, "add     packs/sv.zip  (2 bytes)\n"
				    "add     site.1.css  (4 bytes)\n"
				    "add     sv/a.html  (1 byte)\n"
				    "add     sv/b.html  (1 byte)\n"
				    "add     index.html  (5 bytes)\n"
				    "add     sv/index.html  (7 bytes)\n"
				    "6 to add, 0 to change, 0 to delete, 0 unchanged; 20 bytes to send\n");
	buf_release(&text);
	place.options.dry_run = false;
	publish_old();
	place.options.dry_run = true;
	PLACE_SITE(&place, {"index.html", "start"});
	refused_untouched("5 of 6 published files would be deleted");
	assert_int_equal(place.result.plan.deleted, 5);
}

static void test_drift_is_mended(void **state)
{
	(void)state;
	publish_old();
	assert_int_equal(unlink(place_path(&place, place.target, "sv/a.html")), 0);
	place_write(&place, place.target, "sv/b.html", "cut");
	place_publish_ok(&place);
	assert_int_equal(place.result.added, 1);
	assert_int_equal(place.result.changed, 1);
	place_check(&place, NULL);
}

/* ---- somebody else's files ---- */

static void test_foreign_files_stay(void **state)
{
	static const char *const foreign[] = {".htaccess", "sv/foreign.txt", "their/own.html", NULL};

	(void)state;
	for (size_t i = 0; foreign[i]; i++)
		place_write(&place, place.target, foreign[i], "theirs");
	publish_old();
	place_check(&place, foreign);
	PLACE_SITE(&place, {"index.html", "start"});
	place.options.delete_cap = 100;
	place_publish_ok(&place);
	place_check(&place, foreign);
	for (size_t i = 0; foreign[i]; i++)
		assert_true(str_is(place_read(&place, place.target, foreign[i]), "theirs"));
}

static void test_clash(void **state)
{
	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place_write(&place, place.target, "sv/b.html", "theirs");
	refused_untouched("sv/b.html");
	place_write(&place, place.target, "index.html", "theirs");
	refused_untouched("index.html and 1 more");
	/* Also when it is the same: nothing says that it is ours. */
	place_write(&place, place.target, "index.html", "start");
	refused_untouched("index.html and 1 more");
}

static void test_clash_later(void **state)
{
	(void)state;
	publish_old();
	place_write(&place, place.target, "sv/c.html", "theirs");
	PLACE_SITE(&place, {"index.html", "start"}, {"site.1.css", "p {}"}, {"sv/index.html", "svenska"},
		{"sv/a.html", "A"}, {"sv/b.html", "B"}, {"sv/c.html", "C"}, {"packs/sv.zip", "PK"});
	refused_untouched("sv/c.html");
}

static void test_things_in_the_way(void **state)
{
	const char *outside;

	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	/* A file where a folder must be. */
	place_write(&place, place.target, "sv", "theirs");
	refused_untouched("sv/a.html");
	assert_int_equal(unlink(place_path(&place, place.target, "sv")), 0);
	/* A folder where a file must be. */
	place_write(&place, place.target, "index.html/x", "theirs");
	refused_untouched("index.html");
	assert_int_equal(fs_remove_tree(fs_real(), place_path(&place, place.target, "index.html")), 0);
	/* A link that would lead us outside. */
	outside = place_path(&place, place.root, "outside");
	assert_int_equal(mkdir(outside, 0755), 0);
	assert_int_equal(symlink(outside, place_path(&place, place.target, "sv")), 0);
	refused_untouched("sv/a.html");
	/* A link at a file's place. */
	assert_int_equal(unlink(place_path(&place, place.target, "sv")), 0);
	assert_int_equal(symlink("/dev/null", place_path(&place, place.target, "index.html")), 0);
	refused_untouched("index.html");
}

/* What was ours and is a link or a folder now is not ours to remove. */
static void test_ours_became_a_link(void **state)
{
	const char *path;

	(void)state;
	publish_old();
	path = place_path(&place, place.target, "sv/b.html");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("../index.html", path), 0);
	refused("sv/b.html");
	PLACE_SITE(&place, {"index.html", "start"}, {"site.1.css", "p {}"}, {"sv/index.html", "svenska"},
		{"sv/a.html", "A"}, {"packs/sv.zip", "PK"});
	place_publish_ok(&place);
	assert_int_equal(unlink(path), 0);
	place_check(&place, NULL);
}

static void test_target_folder_is_a_link(void **state)
{
	const char *real = place_path(&place, place.root, "elsewhere");

	(void)state;
	assert_int_equal(mkdir(real, 0755), 0);
	assert_int_equal(symlink("elsewhere", place.target), 0);
	publish_old();
	assert_string_equal(place.result.target, real);
	assert_true(str_is(place_read(&place, real, "index.html"), "start"));
}

/* ---- what it refuses ---- */

static void test_delete_cap(void **state)
{
	(void)state;
	publish_old();
	PLACE_SITE(&place, {"index.html", "start"}, {"sv/index.html", "svenska"}, {"sv/a.html", "A"});
	refused_untouched("3 of 6 published files would be deleted, more than 2");
	place_why(&place, "--delete-cap 3");
	place.options.delete_cap = 3;
	place_publish_ok(&place);
	place_check(&place, NULL);
}

static void test_edited_by_hand(void **state)
{
	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place_write(&place, place.site, "sv/a.html", "X");
	refused_untouched("sv/a.html is not what the last build wrote");
	place_why(&place, "run build again");
	place_write(&place, place.site, "sv/b.html", "longer");
	refused_untouched("and 1 more");
	publish_old();
	/* Published already, so that nothing would be sent: said all the same. */
	place_write(&place, place.site, "sv/a.html", "X");
	refused_untouched("sv/a.html");
	assert_int_equal(unlink(place_path(&place, place.site, "sv/a.html")), 0);
	refused_untouched("sv/a.html is gone");
}

static void test_not_a_site(void **state)
{
	(void)state;
	refused("no ");
	place_why(&place, "run build first");
	place_write(&place, place.site, "index.html", "x");
	refused("run build first");
	place_write(&place, place.site, MANIFEST_NAME, "rubbish\n");
	refused("damaged at line 1");
	assert_false(fs_exists(fs_real(), place.target));
}

static void refused_url(const char *url, const char *part)
{
	place.options.settings.url = str_from(url);
	refused(part);
}

static void test_addresses(void **state)
{
	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	refused_url("gopher://host/www", "gopher:");
	place_why(&place, "file:");
	refused_url("published", "begins with no scheme");
	refused_url("", "begins with no scheme");
	refused_url("file://published", "file:published");
	refused_url("sftp://anna:hemligt@host/www", "password");
	assert_int_equal(str_find(buf_str(&place.why), STR("hemligt")), place.why.n);
	refused_url("file:///dev/null", "/dev/null");
	refused_url("file:///dev/null/x", "/dev/null/x");
}

static void refused_place(const char *url, const char *part)
{
	place.options.settings.url = publish_url_resolve(&place.arena, place.root, str_from(url));
	refused(part);
	assert_false(fs_exists(fs_real(), place_path(&place, place.site, PUBLISH_FOLDER)));
}

static void test_target_and_site_apart(void **state)
{
	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	refused_place("file:public", "is the folder that is published");
	refused_place("file:public/", "is the folder that is published");
	refused_place("file:public/deep/er", "lies inside");
	refused_place("file:public/../public/x", "lies inside");
	refused_place("file:.", "holds");
	refused_place("file:/", "holds");
	assert_int_equal(symlink("public", place_path(&place, place.root, "alias")), 0);
	refused_place("file:alias/x", "lies inside");
	/* A name that only begins the same. */
	place.options.settings.url = publish_url_resolve(&place.arena, place.root, STR("file:public-www"));
	place_publish_ok(&place);
}

static void test_damaged_manifest(void **state)
{
	(void)state;
	publish_old();
	place_write(&place, place.target, PUBLISH_MANIFEST, "faktablad-target 1 manifest\n");
	refused_untouched("damaged at line 2");
}

/* ---- locks ---- */

static int64_t now = 1000000;

static int64_t fake_clock(void)
{
	return now;
}

static void put_lock(const char *machine, long pid, int64_t expires)
{
	struct publish_lock_text t = {.token = STR("ab"),
		.owner = STR("anna@elsewhere"),
		.machine = str_from(machine),
		.pid = pid,
		.start = 1,
		.taken = now,
		.expires = expires};
	struct buf text;

	buf_init(&text, 4096);
	publish_lock_write(&text, &t);
	place_write(&place, place.target, PUBLISH_LOCK, text.p);
	buf_release(&text);
}

static void test_lock(void **state)
{
	(void)state;
	place.options.clock = fake_clock;
	place_site(&place, old_site, COUNT_OF(old_site));
	put_lock("0123456789abcdef", 1, now + 61);
	refused_untouched("anna@elsewhere (process 1) is publishing");
	place_why(&place, "2 min");
	/* A dry run asks for no lock, and a publish with nothing to do neither. */
	place.options.dry_run = true;
	place_publish_ok(&place);
	place.options.dry_run = false;
	place.options.break_lock = true;
	place_publish_ok(&place);
	place.options.break_lock = false;
	place_check(&place, NULL);
	put_lock("0123456789abcdef", 1, now + 61);
	place_publish_ok(&place);
	assert_true(place.result.nothing_to_do);
}

static void test_expired_lock(void **state)
{
	(void)state;
	place.options.clock = fake_clock;
	put_lock("0123456789abcdef", 1, now);
	publish_old();
	place_check(&place, NULL);
}

static void test_odd_locks(void **state)
{
	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place_write(&place, place.target, PUBLISH_LOCK, "rubbish");
	refused_untouched("--break-lock");
	/* What a power cut leaves. */
	place_write(&place, place.target, PUBLISH_LOCK, "");
	place_publish_ok(&place);
	place_check(&place, NULL);
}

/* ---- from inside a publish, after its first file ---- */

struct inside {
	void (*act)(void);
	int calls;
	bool stop;
};

static bool on_progress(void *ctx, const struct publish_progress *p)
{
	struct inside *inside = ctx;

	assert_true(p->done <= p->total);
	if (inside->calls++ == 0 && inside->act)
		inside->act();
	return !inside->stop;
}

static enum publish_status other_status;
static struct place other;

static void publish_other(void)
{
	other_status = place_publish(&other);
}

static void open_other(void)
{
	other = place;
	buf_init(&other.why, 1 << 16);
	snprintf(other.site, sizeof(other.site), "%s/other", place.root);
	other.options.from = other.site;
	arena_init(&other.arena, ARENA_DEFAULT);
	PLACE_SITE(&other, {"index.html", "other"}, {"sv/a.html", "other A"}, {"sv/z.html", "other Z"});
}

static void close_other(void)
{
	buf_release(&other.why);
	arena_release(&other.arena);
}

static void test_second_publisher_waits(void **state)
{
	struct inside inside = {.act = publish_other};

	(void)state;
	open_other();
	place.options.progress = on_progress;
	place.options.ctx = &inside;
	publish_old();
	assert_int_equal(other_status, PUBLISH_REFUSED);
	place_why(&other, "is publishing");
	place_check(&place, NULL);
	close_other();
}

static void publish_other_after_expiry(void)
{
	now += 2 * PUBLISH_LOCK_SECONDS;
	publish_other();
}

/* Whoever lost the lock stops at once, and what the other published stands. */
static void taken_over(void (*act)(void), bool force)
{
	struct inside inside = {.act = act};

	open_other();
	place.options.clock = other.options.clock = fake_clock;
	place.options.progress = on_progress;
	place.options.ctx = &inside;
	other.options.break_lock = force;
	place_site(&place, old_site, COUNT_OF(old_site));
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "another publish took over");
	assert_int_equal(other_status, PUBLISH_OK);
	assert_true(other.result.unfinished);
	place_check(&other, NULL);
	close_other();
}

static void test_broken_lock(void **state)
{
	(void)state;
	taken_over(publish_other, true);
}

static void test_slept_past_expiry(void **state)
{
	(void)state;
	taken_over(publish_other_after_expiry, false);
}

static struct str lock_seen;

static bool lock_is_renewed(void *ctx, const struct publish_progress *p)
{
	struct publish_lock_text t;

	(void)ctx;
	(void)p;
	lock_seen = place_read(&place, place.target, PUBLISH_LOCK);
	assert_true(publish_lock_read(&t, lock_seen));
	/* A third of its time may pass before it is renewed. */
	assert_true(t.expires > now + PUBLISH_LOCK_SECONDS / 2);
	now += PUBLISH_LOCK_SECONDS / 4;
	return true;
}

static void test_lock_is_renewed(void **state)
{
	(void)state;
	place.options.clock = fake_clock;
	place.options.progress = lock_is_renewed;
	publish_old();
	assert_true(lock_seen.n > 0);
	place_check(&place, NULL);
}

/* ---- cut off ---- */

static void test_stopped_and_finished(void **state)
{
	struct inside inside = {.stop = true};

	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place.options.progress = on_progress;
	place.options.ctx = &inside;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "stopped: publish again to go on; 1 of 6 files were sent and nothing was deleted");
	assert_int_equal(inside.calls, 1);
	assert_int_equal(place.result.added, 1);
	place.options.progress = NULL;
	place_publish_ok(&place);
	assert_true(place.result.unfinished);
	assert_int_equal(place.result.added, 5);
	assert_int_equal(place.result.unchanged, 1);
	place_check(&place, NULL);
}

static bool stop_in_pages(void *ctx, const struct publish_progress *p)
{
	(void)ctx;
	return strcmp(p->phase, "send") != 0 || p->done < 11;
}

/* Half of B lies there; A again must not be “nothing to do”, and its undoing needs no higher cap. */
static void test_undone(void **state)
{
	static const char *const foreign[] = {"new/5.html", NULL};

	(void)state;
	publish_old();
	PLACE_SITE(&place, {"index.html", "new"}, {"site.1.css", "new"}, {"sv/index.html", "new"},
		{"sv/a.html", "new"}, {"sv/b.html", "B"}, {"packs/sv.zip", "PK"}, {"sv/1.html", "1"},
		{"sv/2.html", "2"}, {"sv/3.html", "3"}, {"sv/4.html", "4"}, {"sv/5.html", "5"},
		{"sv/6.html", "6"}, {"sv/7.html", "7"}, {"sv/8.html", "8"}, {"new/5.html", "5"});
	place.options.progress = stop_in_pages;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place.options.progress = NULL;
	/* Somebody puts a file of their own where our new page was. */
	place_write(&place, place.target, "new/5.html", "theirs");
	publish_old();
	assert_true(place.result.unfinished);
	assert_int_equal(place.result.deleted, 8);
	assert_int_equal(place.result.changed, 2);
	place_check(&place, foreign);
}

/* It says what a publish would do, settling included, and writes nothing. */
static void test_dry_run_after_a_cut(void **state)
{
	struct inside inside = {.stop = true};
	struct str before;

	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place.options.progress = on_progress;
	place.options.ctx = &inside;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	before = fingerprint(place.target);
	place.options.dry_run = true;
	place_publish_ok(&place);
	assert_true(place.result.unfinished);
	assert_int_equal(place.result.added, 5);
	assert_string_equal(fingerprint(place.target).p, before.p);
}

/* With a journal, what was sent before the cut is known without being read back. */
static void test_resumed(void **state)
{
	struct inside inside = {.stop = true};

	(void)state;
	place.options.state = place_path(&place, place.root, "state");
	PLACE_SITE(&place, {"sv/a.html", "A"}, {"sv/b.html", "B"}, {"sv/c.html", "C"}, {"x.css", "x"});
	place.options.progress = on_progress;
	place.options.ctx = &inside;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place.options.progress = NULL;
	place_publish_ok(&place);
	assert_true(place.result.unfinished);
	assert_int_equal(place.result.resumed, 1);
	assert_int_equal(place.result.resumed + place.result.added, 4);
	place_check(&place, NULL);
	/* Cut again, and the journal is another machine's: everything is looked up. */
	PLACE_SITE(&place, {"sv/a.html", "A2"}, {"sv/b.html", "B2"}, {"sv/c.html", "C2"}, {"x.css", "x2"});
	place.options.progress = on_progress;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place.options.progress = NULL;
	place.options.state = place_path(&place, place.root, "another machine");
	place_publish_ok(&place);
	assert_int_equal(place.result.resumed, 0);
	assert_true(place.result.unchanged > 0);
	place_check(&place, NULL);
}

static bool stop_in_deletes(void *ctx, const struct publish_progress *p)
{
	(void)ctx;
	return strcmp(p->phase, "delete") != 0;
}

static void test_stopped_in_deletes(void **state)
{
	(void)state;
	publish_old();
	PLACE_SITE(&place, {"index.html", "start"}, {"site.1.css", "p {}"}, {"sv/index.html", "svenska"},
		{"sv/c.html", "C"});
	place.options.delete_cap = 3;
	place.options.progress = stop_in_deletes;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "everything was sent");
	assert_int_equal(place.result.deleted, 1);
	/* The rest was allowed once and needs no leave again. */
	place.options.delete_cap = 0;
	place.options.progress = NULL;
	place_publish_ok(&place);
	assert_int_equal(place.result.deleted, 2);
	place_check(&place, NULL);
}

static void edit_site(void)
{
	place_write(&place, place.site, "index.html", "other");
}

static void test_edited_while_sent(void **state)
{
	struct inside inside = {.act = edit_site};

	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place.options.progress = on_progress;
	place.options.ctx = &inside;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "index.html is not what the last build wrote");
	assert_false(fs_exists(fs_real(), place_path(&place, place.target, "index.html")));
	publish_old();
	place_check(&place, NULL);
}

static void foreign_appears(void)
{
	place_write(&place, place.target, "sv/b.html", "theirs");
}

/* Between our look and our rename. */
static void test_clash_while_sent(void **state)
{
	struct inside inside = {.act = foreign_appears};

	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place.options.progress = on_progress;
	place.options.ctx = &inside;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "sv/b.html is somebody else's");
	assert_true(str_is(place_read(&place, place.target, "sv/b.html"), "theirs"));
	place.options.progress = NULL;
	refused("sv/b.html");
	assert_int_equal(unlink(place_path(&place, place.target, "sv/b.html")), 0);
	place_publish_ok(&place);
	place_check(&place, NULL);
}

static void spoil_target(void)
{
	place_write(&place, place.target, "packs/sv.zip", "xx");
}

static bool spoil_at_verify(void *ctx, const struct publish_progress *p)
{
	(void)ctx;
	if (strcmp(p->phase, "send") == 0 && p->done == p->total)
		spoil_target();
	return true;
}

static void test_read_back(void **state)
{
	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place.options.progress = spoil_at_verify;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "packs/sv.zip was sent, but read back");
	assert_false(fs_exists(fs_real(), place_path(&place, place.target, PUBLISH_MANIFEST)));
}

static int setup(void **state)
{
	(void)state;
	place_open(&place);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	place_close(&place);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* Nothing is left to be sent after that; but what visitors get is still to be seen. */
static void test_public_address_is_read_again(void **state)
{
	static const struct page pages[] = {{"sv/a.html", "A"}};

	(void)state;
	place_site(&place, pages, 1);
	place.options.public_address = STR("http://127.0.0.1:1/");
	place.options.settings.pause_ms = 1;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(place_publish(&place), PUBLISH_FAILED);
		place_why(&place, "visitors do not get it");
	}
	place.options.public_address = STR("");
	place_publish_ok(&place);
}

static bool stop_at_once(void *ctx, const struct publish_progress *p)
{
	(void)ctx;
	(void)p;
	return false;
}

static void test_who_stops_is_told_how_to_go_on(void **state)
{
	(void)state;
	place_site(&place, old_site, COUNT_OF(old_site));
	place.options.progress = stop_at_once;
	assert_int_equal(place_publish(&place), PUBLISH_FAILED);
	place_why(&place, "stopped: publish again to go on; 1 of ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first),
		TEST(test_strange_names),
		TEST(test_nothing_to_do),
		TEST(test_empty_site),
		TEST(test_one_changed),
		TEST(test_renamed_and_deleted),
		TEST(test_order),
		TEST(test_dry_run),
		TEST(test_dry_run_after_a_cut),
		TEST(test_drift_is_mended),
		TEST(test_foreign_files_stay),
		TEST(test_clash),
		TEST(test_clash_later),
		TEST(test_things_in_the_way),
		TEST(test_ours_became_a_link),
		TEST(test_target_folder_is_a_link),
		TEST(test_delete_cap),
		TEST(test_edited_by_hand),
		TEST(test_not_a_site),
		TEST(test_addresses),
		TEST(test_target_and_site_apart),
		TEST(test_damaged_manifest),
		TEST(test_lock),
		TEST(test_expired_lock),
		TEST(test_odd_locks),
		TEST(test_second_publisher_waits),
		TEST(test_broken_lock),
		TEST(test_slept_past_expiry),
		TEST(test_lock_is_renewed),
		TEST(test_stopped_and_finished),
		TEST(test_undone),
		TEST(test_resumed),
		TEST(test_stopped_in_deletes),
		TEST(test_edited_while_sent),
		TEST(test_clash_while_sent),
		TEST(test_read_back),
		TEST(test_public_address_is_read_again),
		TEST(test_who_stops_is_told_how_to_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
