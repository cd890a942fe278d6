/*
 * publish_memory: a few small sites, a server in memory, and what must hold of it whatever happened to those who
 * published there.
 *
 * Version v of the site has a start page, pages that stay, come and go, and a style with a fingerprint.
 */
#ifndef TESTS_PUBLISH_MEMORY_H
#define TESTS_PUBLISH_MEMORY_H

#include "action/publish_site.h"
#include "support/memory_backend.h"

#define SITES 3
#define FOREIGN_PATH "sv/foreign.txt"

static struct place place;
static struct memory_server server;
static int64_t now;

static inline int64_t memory_clock(void)
{
	return now;
}

static const struct page site_pages[SITES][8] = {
	{{"index.html", "start 0"}, {"assets/site.00000000.css", "p {}"}, {"sv/index.html", "svenska"},
		{"sv/a.html", "A 0"}, {"sv/b.html", "B"}, {"packs/sv.zip", "PK 0"},
		{"media/map.00000000.png", "M"}},
	{{"index.html", "start 1"}, {"assets/site.11111111.css", "q {}"}, {"sv/index.html", "svenska"},
		{"sv/a.html", "A 1"}, {"sv/new/c.html", "C"}, {"packs/sv.zip", "PK 1"},
		{"media/map.00000000.png", "M"}},
	{{"index.html", "start 2"}, {"assets/site.22222222.css", "r {}"}, {"sv/index.html", "svenska 2"},
		{"sv/a.html", "A 0"}, {"sv/b.html", "B 2"}, {"sv/d.html", "D"}},
};

/* "start 1" asks for this. */
static const char *const styles[SITES] = {
	"assets/site.00000000.css", "assets/site.11111111.css", "assets/site.22222222.css"};

static inline size_t page_count(int version)
{
	size_t n = 0;

	while (n < COUNT_OF(site_pages[0]) && site_pages[version][n].path)
		n++;
	return n;
}

static inline void choose(int version)
{
	snprintf(place.site, sizeof(place.site), "%s/public-%d", place.root, version);
}

/* NULL: the site has no such page. */
static inline const char *page_of(int version, const char *path)
{
	for (size_t i = 0; i < page_count(version); i++)
		if (strcmp(site_pages[version][i].path, path) == 0)
			return site_pages[version][i].text;
	return NULL;
}

/* Every file of a visitor's is some version's or somebody else's, whole, and no page lacks its style. */
static inline void check_visitor(void)
{
	const char *start = memory_server_text(&server, "index.html");

	for (size_t i = 0; i < server.len; i++) {
		const struct memory_file *f = &server.files[i];
		bool known = strcmp(f->path, FOREIGN_PATH) == 0 && strcmp(f->bytes, "theirs") == 0;

		if (f->kind != PUBLISH_FILE || is_ours(str_from(f->path)))
			continue;
		for (int v = 0; v < SITES; v++)
			known |= page_of(v, f->path) && strcmp(page_of(v, f->path), f->bytes) == 0;
		if (!known)
			fail_msg("%s is no version of it: %s", f->path, f->bytes);
	}
	assert_non_null(memory_server_text(&server, FOREIGN_PATH));
	if (start)
		assert_non_null(memory_server_text(&server, styles[start[strlen("start ")] - '0']));
}

/* The target's own record of one path: its mark, or 0. */
static inline char mark_of(const char *path)
{
	const char *text = memory_server_text(&server, PUBLISH_MANIFEST);
	struct publish_record r = {0};
	const struct publish_entry *e;
	size_t line;

	assert_non_null(text);
	if (!publish_record_read(&r, &place.arena, PUBLISH_RECORD_MANIFEST, str_from(text), &line))
		fail_msg("the manifest is damaged at line %zu", line);
	e = publish_record_find(&r, str_from(path));
	return e ? (char)e->mark : 0;
}

/*
 * Nothing of publish's own is left but its manifest, and what is kept for a rollback; and, when a kill came between
 * giving back the lock and removing its folder, that one, with nobody's lock in it.
 */
static inline void check_tidy(void)
{
	for (size_t i = 0; i < server.len; i++) {
		struct str path = str_from(server.files[i].path);

		if (is_ours(path) && !str_is(path, PUBLISH_FOLDER) && !str_is(path, PUBLISH_MANIFEST) &&
			(!str_starts(path, STR(PUBLISH_LOCK)) ||
				str_starts(path, STR(PUBLISH_LOCK "/held-"))) &&
			!str_starts(path, STR(PUBLISH_FOLDER "/kept")) &&
			!str_starts(path, STR(PUBLISH_FOLDER "/generations")))
			fail_msg("%s was left", server.files[i].path);
	}
}

/* It is this version, with somebody else's file, and what is retired, and nothing more. */
static inline void check_is(int version)
{
	check_visitor();
	for (size_t i = 0; i < page_count(version); i++) {
		const struct page *page = &site_pages[version][i];
		const char *text = memory_server_text(&server, page->path);

		if (!text || strcmp(text, page->text) != 0)
			fail_msg("%s is not version %d: %s", page->path, version, text ? text : "(none)");
		assert_int_equal(mark_of(page->path), PUBLISH_THERE);
	}
	for (size_t i = 0; i < server.len; i++) {
		const struct memory_file *f = &server.files[i];

		if (f->kind != PUBLISH_FILE || is_ours(str_from(f->path)) || page_of(version, f->path) ||
			strcmp(f->path, FOREIGN_PATH) == 0)
			continue;
		if (mark_of(f->path) != PUBLISH_RETIRED)
			fail_msg("%s is not of version %d", f->path, version);
	}
}

/* As another process, after the lock of the one before has expired. */
static inline void next_publisher(void)
{
	now += 2 * PUBLISH_LOCK_SECONDS;
	memory_server_reborn(&server);
}

static inline void publish_version(int version)
{
	choose(version);
	place_publish_ok(&place);
	check_is(version);
}

static inline int memory_open_sites(void **state)
{
	(void)state;
	now = 1700000000;
	place_open(&place);
	memory_server_init(&server);
	for (int v = 0; v < SITES; v++) {
		choose(v);
		place_site(&place, site_pages[v], page_count(v));
	}
	memory_server_write(&server, FOREIGN_PATH, "theirs");
	place.options.settings.url = STR("memory:");
	place.options.settings.pause_ms = 1;
	place.options.backend = &memory_ops;
	place.options.clock = memory_clock;
	place.options.delete_cap = 1000;
	return 0;
}

static inline int memory_close_sites(void **state)
{
	(void)state;
	memory_server_release(&server);
	place_close(&place);
	return 0;
}

#endif
