/*
 * publish_site: little sites and targets for the tests of publish.
 *
 * A place is a throw-away folder with public/ (what build would have left) and target/. The target is
 * compared with the site file by file; what lies in .faktablad/ there is publish's own.
 */
#ifndef TESTS_PUBLISH_SITE_H
#define TESTS_PUBLISH_SITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "action/publish.h"

struct page {
	const char *path, *text;
};

struct place {
	struct arena arena;
	struct buf why;
	struct publish_options options;
	struct publish_result result;
	char root[PATH_MAX / 4], site[PATH_MAX / 2], target[PATH_MAX / 2];
};

static inline void place_open_named(struct place *p, const char *site, const char *target)
{
	/* In memory where that can be had: publish waits for the disk, and its tests do so often. */
	const char *tmp = getenv("TMPDIR");

	if (!tmp)
		tmp = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
	*p = (struct place){0};
	arena_init(&p->arena, ARENA_DEFAULT);
	buf_init(&p->why, 1 << 20);
	snprintf(p->root, sizeof(p->root), "%s/publish-XXXXXX", tmp);
	assert_non_null(mkdtemp(p->root));
	assert_int_equal(chmod(p->root, 0755), 0);
	snprintf(p->site, sizeof(p->site), "%s/%s", p->root, site);
	snprintf(p->target, sizeof(p->target), "%s/%s", p->root, target);
	p->options.from = p->site;
	p->options.settings.url = publish_url_resolve(&p->arena, p->root, str_fmt(&p->arena, "file:%s", target));
}

static inline void place_open(struct place *p)
{
	place_open_named(p, "public", "target");
}

static inline void place_close(struct place *p)
{
	assert_int_equal(fs_remove_tree(fs_real(), p->root), 0);
	buf_release(&p->why);
	arena_release(&p->arena);
}

static inline const char *place_path(struct place *p, const char *folder, const char *path)
{
	return str_fmt(&p->arena, "%s/%s", folder, path).p;
}

static inline void place_write(struct place *p, const char *folder, const char *path, const char *text)
{
	const char *full = place_path(p, folder, path);
	char *parent = (char *)str_dup(&p->arena, str_from(full)).p;

	*strrchr(parent, '/') = 0;
	assert_int_equal(fs_mkdirs(fs_real(), parent), 0);
	assert_int_equal(fs_replace(fs_real(), full, str_from(text), 0600), 0);
}

static inline struct str place_read(struct place *p, const char *folder, const char *path)
{
	struct str text = {0};

	if (fs_read(fs_real(), place_path(p, folder, path), &p->arena, 64 << 20, &text) != 0)
		return STR("(none)");
	return text;
}

/* public/ becomes exactly these pages, with its manifest. */
static inline void place_site(struct place *p, const struct page *pages, size_t n)
{
	struct manifest m = {0};
	struct str twice;
	struct buf text;

	assert_int_equal(fs_remove_tree(fs_real(), p->site), 0);
	assert_int_equal(fs_mkdirs(fs_real(), p->site), 0);
	for (size_t i = 0; i < n; i++) {
		struct digest digest = digest_of(str_from(pages[i].text));

		place_write(p, p->site, pages[i].path, pages[i].text);
		manifest_add(&m, &p->arena, str_from(pages[i].path), &digest, strlen(pages[i].text));
	}
	assert_true(manifest_sort(&m, &twice));
	buf_init(&text, MANIFEST_MAX_BYTES);
	manifest_write(&text, &m);
	place_write(p, p->site, MANIFEST_NAME, text.p);
	buf_release(&text);
}
#define PLACE_SITE(p, ...)                                                                                   \
	place_site((p), (const struct page[]){__VA_ARGS__},                                                  \
		sizeof((const struct page[]){__VA_ARGS__}) / sizeof(struct page))

static inline enum publish_status place_publish(struct place *p)
{
	return publish_run(&p->options, &p->result, &p->arena, &p->why);
}

static inline void place_publish_ok(struct place *p)
{
	enum publish_status status = place_publish(p);

	if (status != PUBLISH_OK)
		fail_msg("publish ended with %d: %.*s", (int)status, STR_ARG(buf_str(&p->why)));
	assert_int_equal(p->why.n, 0);
}

static inline void place_why(struct place *p, const char *part)
{
	if (str_find(buf_str(&p->why), str_from(part)) == p->why.n)
		fail_msg("“%s” does not say “%s”", p->why.p ? p->why.p : "", part);
}

/* What of a listing is publish's own. */
static inline bool is_ours(struct str path)
{
	return str_starts(path, STR(PUBLISH_FOLDER)) &&
	       (path.n == STR(PUBLISH_FOLDER).n || path.p[STR(PUBLISH_FOLDER).n] == '/');
}

/*
 * The target's files are the site's, byte for byte, and `foreign` (a NULL-terminated list, or NULL) besides;
 * there is neither an intent nor a lock nor anything temporary.
 */
static inline void place_check(struct place *p, const char *const *foreign)
{
	struct fs_listing site = {0}, target = {0};
	size_t files = 0, wanted = 0;

	assert_int_equal(fs_list(fs_real(), p->site, &p->arena, &site), 0);
	assert_int_equal(fs_list(fs_real(), p->target, &p->arena, &target), 0);
	for (size_t i = 0; i < site.len; i++) {
		const char *path = site.entries[i].path.p;

		if (site.entries[i].stat.kind != FS_FILE || strcmp(path, MANIFEST_NAME) == 0)
			continue;
		wanted++;
		if (!str_eq(place_read(p, p->site, path), place_read(p, p->target, path)))
			fail_msg("%s is not the site's", path);
	}
	for (; foreign && *foreign; foreign++)
		wanted++;
	for (size_t i = 0; i < target.len; i++) {
		const struct fs_entry *e = &target.entries[i];

		if (is_ours(e->path))
			assert_true(e->path.n == STR(PUBLISH_FOLDER).n || str_is(e->path, PUBLISH_MANIFEST));
		else if (e->stat.kind == FS_FILE)
			files++;
	}
	assert_int_equal(files, wanted);
}

#endif
