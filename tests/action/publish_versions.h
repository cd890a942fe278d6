/*
 * publish_versions: three versions of a site, a target with somebody else's files in it, and what must hold
 * of the target whatever happened to those who published there.
 */
#ifndef TESTS_PUBLISH_VERSIONS_H
#define TESTS_PUBLISH_VERSIONS_H

#include "action/publish_faults.h"
#include "action/publish_site.h"

#include <sys/mount.h>

static struct place place;
static const char *const foreign[] = {".htaccess", "sv/foreign.txt", "their/own.html", NULL};

/* A seeded generator, so that a failure can be had again: PUBLISH_SEED=… */
static uint64_t seed;

static inline uint64_t roll(uint64_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % sides;
}

/* ---- three versions of a site: pages stay, change, come and go ---- */

#define VERSIONS 3
#define PAGES 12

static char *texts[VERSIONS][PAGES];

/* One is large, so that a kill can hit the middle of it. */
static inline const char *page_text(int version, int page)
{
	struct buf text;
	int lines = page == 7 ? 8192 : 1;

	if (texts[version][page])
		return texts[version][page];
	buf_init(&text, 1 << 20);
	for (int i = 0; i < lines; i++)
		buf_addf(&text, "version %d of page %d\n", page % 3 ? version : 0, page);
	return texts[version][page] = text.p;
}

static inline const char *page_path(int page)
{
	switch (page % 5) {
	case 0:
		return page ? str_fmt(&place.arena, "l%d/index.html", page).p : "index.html";
	case 1:
		return str_fmt(&place.arena, "site.%d.css", page).p;
	case 2:
		return str_fmt(&place.arena, "v%d/x.html", page).p;
	default:
		return str_fmt(&place.arena, "sv/%d.html", page).p;
	}
}

/* Version v lacks every page whose number is v modulo four. */
static inline void write_version(int version)
{
	struct page pages[PAGES];
	size_t n = 0;

	snprintf(place.site, sizeof(place.site), "%s/public-%d", place.root, version);
	for (int i = 0; i < PAGES; i++)
		if (i == 0 || i % 4 != version)
			pages[n++] = (struct page){page_path(i), page_text(version, i)};
	place_site(&place, pages, n);
}

static inline void choose(int version)
{
	snprintf(place.site, sizeof(place.site), "%s/public-%d", place.root, version);
	place.options.from = place.site;
}

static inline void write_foreign(void)
{
	for (size_t i = 0; foreign[i]; i++)
		place_write(&place, place.target, foreign[i], "theirs");
}

static inline void check_all(void)
{
	place_check(&place, foreign);
	for (size_t i = 0; foreign[i]; i++)
		assert_true(str_is(place_read(&place, place.target, foreign[i]), "theirs"));
}

static inline void empty_target(void)
{
	assert_int_equal(fs_remove_tree(fs_real(), place.target), 0);
	write_foreign();
}

static inline void publish_version(int version)
{
	choose(version);
	place_publish_ok(&place);
	check_all();
}

/* A page is never seen in part, whatever was killed. */
static inline void check_whole(void)
{
	struct arena keep = place.arena;

	for (int i = 0; i < PAGES; i++) {
		struct str there = place_read(&place, place.target, page_path(i));
		bool known = str_is(there, "(none)");

		for (int v = 0; v < VERSIONS; v++)
			known |= str_is(there, page_text(v, i));
		if (!known)
			fail_msg("%s is no version of it", page_path(i));
	}
	place.arena = keep;
}

static inline void start_from(int version)
{
	empty_target();
	if (version >= 0)
		publish_version(version);
}

static inline int versions_open(void **state)
{
	const char *chosen = getenv("PUBLISH_SEED");

	(void)state;
	seed = chosen ? strtoull(chosen, NULL, 10) : 20261122;
	place_open(&place);
	place.options.delete_cap = 1000;
	for (int v = 0; v < VERSIONS; v++)
		write_version(v);
	snprintf(place.site, sizeof(place.site), "%s/public", place.root);
	return 0;
}

static inline int versions_close(void **state)
{
	(void)state;
	if (geteuid() != 0 && getuid() == 0)
		(void)!seteuid(0);
	(void)umount2(place.target, MNT_DETACH);
	place_close(&place);
	return 0;
}

static inline int versions_free(void **state)
{
	(void)state;
	for (int v = 0; v < VERSIONS; v++)
		for (int i = 0; i < PAGES; i++)
			free(texts[v][i]);
	return 0;
}

#endif
