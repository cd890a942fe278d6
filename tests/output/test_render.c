#include "output/render.h"

#include <errno.h>

#include "support/faulty.h"
#include "support/site.h"

struct fixture {
	struct site site;
	struct view view, web;
	struct renderer r;
	struct manifest m;
	int error;
};

static int setup(void **state)
{
	struct fixture *f = xmalloc(sizeof(*f));
	struct site *s = &f->site;

	*f = (struct fixture){0};
	site_init(s);
	site_put(s, "faktablad.yaml",
		"base_url: https://example.org/\nlanguages: {sv: , en: }\neditions: {p: {face: folder, each: "
		"language}}\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\naliases: [x, y]\n---\n![p](p.png) ![p](p.png)\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\naudience: staff\n---\n[d](doc.pdf)\n");
	site_put(s, "content/en/b.md", "---\ntitle: B\n---\nNo media.\n");
	site_put(s, "content/en/c.md", "---\ntitle: C\n---\n![q](../sv/q.png)\n");
	site_put_picture(s, "content/sv/p.png", "p");
	site_put_picture(s, "content/sv/q.png", "q");
	site_put(s, "content/sv/doc.pdf", "d");
	site_put_picture(s, "content/sv/unused.png", "u");
	site_put(s, "templates/assets/site.css", "x{}");
	site_put_templates(s, "{{title}}");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	store_free(f->r.store);
	site_free(&f->site);
	free(f);
	return 0;
}

static void open_edition(struct fixture *f, const char *name)
{
	struct site *s = &f->site;
	const struct catalog *c = &s->project.catalog;
	const struct edition *e = NULL;

	assert_true(site_load(s));
	c = &s->project.catalog;
	for (size_t i = 0; i < c->config.edition_count; i++)
		if (str_is(c->config.editions[i].name, name))
			e = &c->config.editions[i];
	assert_non_null(e);
	view_init(&f->web, &s->arena, c, config_web(&c->config), &s->project.assets, NULL, true,
		&s->project.workers.of[0]);
	view_init(&f->view, &s->arena, c, e, &s->project.assets, e->face == FACE_WEB ? NULL : &f->web.graph,
		true, &s->project.workers.of[0]);
	store_free(f->r.store);
	f->m = (struct manifest){0};
	f->r = (struct renderer){.arena = &s->arena,
		.workers = &s->project.workers,
		.store = store_new(fs_real(), temp_path(&s->arena, s->root, "store"), &f->error),
		.fs = fs_real(),
		.diag = &s->project.diag};
	assert_non_null(f->r.store);
}

/* The manifest's paths, digits of fingerprints as #. */
static struct str paths(struct fixture *f)
{
	struct arena *a = &f->site.arena;
	struct str all = STR(""), twice;

	assert_true(manifest_sort(&f->m, &twice));
	for (size_t i = 0; i < f->m.len; i++) {
		struct str path = str_dup(a, f->m.entries[i].path);
		size_t dot = str_find_byte(path, '.');
		bool print = path.n > dot + 9 && path.p[dot + 9] == '.';

		all = STR_CONCAT(a, all, str_slice(path, 0, dot), print ? STR(".#") : STR(""),
			str_slice(path, print ? dot + 9 : dot, path.n), STR("\n"));
	}
	return all;
}

static void every_page_of_an_edition_is_rendered(void **state)
{
	struct fixture *f = *state;
	struct pages pages = {0};

	open_edition(f, "web");
	pages_of(&pages, &f->site.arena, &f->view);
	render_pages(&f->r, &f->m, &f->view, &pages, &(struct issue){0}, false);
	assert_text(paths(f), "en/a.html\nen/b.html\nen/c.html\nen/index.html\n"
			      "sv/a.html\nsv/b.html\nsv/index.html\nsv/x.html\nsv/y.html\n");
	assert_int_equal(f->r.pages, 9);
	assert_int_equal(f->r.error, 0);
	assert_false(f->r.failed);
}

static void a_pack_has_no_aliases(void **state)
{
	struct fixture *f = *state;
	struct pages pages = {0};

	open_edition(f, "p-sv");
	pages_of(&pages, &f->site.arena, &f->view);
	render_pages(&f->r, &f->m, &f->view, &pages, &(struct issue){0}, true);
	assert_text(paths(f), "sv/a.html\nsv/b.html\nsv/index.html\n");
}

static void a_withdrawn_sheet_has_pages_on_the_web_only(void **state)
{
	static const char *const editions[] = {"web", "p-sv"};
	static const char *const expected[] = {"en/a.html\nen/b.html\nen/c.html\nen/index.html\n"
					       "sv/a.html\nsv/b.html\nsv/index.html\nsv/x.html\nsv/y.html\n",
		"sv/b.html\nsv/index.html\n"};
	struct fixture *f = *state;

	site_put(&f->site, "content/sv/a.md",
		"---\ntitle: A\naliases: [x, y]\nwithdrawn: 2026-11-20\n---\n![p](p.png)\n");
	site_put(&f->site, "templates/withdrawn.mustache", "{{title}}");
	for (size_t i = 0; i < COUNT_OF(editions); i++) {
		struct pages pages = {0};

		open_edition(f, editions[i]);
		pages_of(&pages, &f->site.arena, &f->view);
		render_pages(&f->r, &f->m, &f->view, &pages, &(struct issue){0}, false);
		assert_text(paths(f), expected[i]);
	}
}

static void an_edition_has_the_media_that_its_sheets_show(void **state)
{
	struct fixture *f = *state;

	open_edition(f, "web");
	render_assets(&f->r, &f->m, &f->view, false);
	assert_text(paths(f), "assets/site.#.css\nmedia/doc.#.pdf\nmedia/p.#.png\nmedia/q.#.png\n");
	open_edition(f, "p-sv");
	render_assets(&f->r, &f->m, &f->view, false);
	assert_text(paths(f), "assets/site.#.css\nmedia/doc.#.pdf\nmedia/p.#.png\n");
	open_edition(f, "p-en"); /* a is a fallback, b has a text of its own */
	render_assets(&f->r, &f->m, &f->view, false);
	assert_text(paths(f), "assets/site.#.css\nmedia/p.#.png\nmedia/q.#.png\n");
}

static void what_the_store_has_is_not_written_again(void **state)
{
	struct fixture *f = *state;
	struct pages pages = {0};

	open_edition(f, "web");
	pages_of(&pages, &f->site.arena, &f->view);
	render_pages(&f->r, &f->m, &f->view, &pages, &(struct issue){0}, false);
	assert_true(f->r.written > 0);
	open_edition(f, "web");
	pages = (struct pages){0};
	pages_of(&pages, &f->site.arena, &f->view);
	render_pages(&f->r, &f->m, &f->view, &pages, &(struct issue){0}, false);
	assert_int_equal(f->r.written, 0);
}

static void one_text_becomes_a_file(void **state)
{
	struct fixture *f = *state;
	struct digest d = digest_of(STR("text"));

	open_edition(f, "web");
	render_bytes(&f->r, &f->m, STR("x.txt"), STR("text"), true);
	assert_int_equal(f->m.len, 1);
	assert_text(f->m.entries[0].path, "x.txt");
	assert_int_equal(f->m.entries[0].size, 4);
	assert_true(digest_eq(&f->m.entries[0].digest, &d));
	render_bytes(&f->r, &f->m, STR("y.txt"), STR("text"), true);
	assert_int_equal(f->r.written, 1);
}

static void a_page_that_fails_is_told(void **state)
{
	struct fixture *f = *state;
	struct pages pages = {0};

	site_put(&f->site, "templates/index.mustache", "{{>index}}");
	open_edition(f, "web");
	pages_of(&pages, &f->site.arena, &f->view);
	render_pages(&f->r, &f->m, &f->view, &pages, &(struct issue){0}, false);
	assert_true(f->r.failed);
	assert_int_equal(f->r.error, 0);
	assert_true(project_errors(&f->site.project) > 0);
}

static void a_full_disk_is_told(void **state)
{
	struct fixture *f = *state;
	struct pages pages = {0};
	struct faulty faulty;

	open_edition(f, "web");
	store_free(f->r.store);
	faulty_init(&faulty, fs_real());
	f->r.store = store_new(&faulty.fs, temp_path(&f->site.arena, f->site.root, "other"), &f->error);
	faulty.only = 1u << FAULTY_CREATE;
	faulty.at = 3;
	faulty.error = ENOSPC;
	pages_of(&pages, &f->site.arena, &f->view);
	render_pages(&f->r, &f->m, &f->view, &pages, &(struct issue){0}, false);
	assert_int_equal(f->r.error, ENOSPC);
	render_assets(&f->r, &f->m, &f->view, false); /* nothing more is tried */
	assert_int_equal(f->r.error, ENOSPC);
}

static void a_picture_that_is_gone_is_told(void **state)
{
	struct fixture *f = *state;

	open_edition(f, "web");
	site_remove(&f->site, "content/sv/p.png");
	render_assets(&f->r, &f->m, &f->view, false);
	assert_int_equal(f->r.error, ENOENT);
}

/* Links are looked at again for every edition: what that takes is given back. */
static void looking_for_media_keeps_no_memory(void **state)
{
	struct fixture *f = *state;
	struct buf text;
	size_t before;

	buf_init(&text, BUF_MAX_DEFAULT);
	buf_addz(&text, "---\ntitle: A\n---\n");
	for (int i = 0; i < 50000; i++)
		buf_addz(&text, "[p](p.png) ");
	site_put_bytes(&f->site, "content/sv/a.md", buf_str(&text));
	open_edition(f, "web");
	before = (size_t)(f->site.arena.at - f->site.arena.start);
	render_assets(&f->r, &f->m, &f->view, false);
	assert_true((size_t)(f->site.arena.at - f->site.arena.start) < before + 100000);
	buf_release(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_page_of_an_edition_is_rendered),
		TEST(a_pack_has_no_aliases),
		TEST(a_withdrawn_sheet_has_pages_on_the_web_only),
		TEST(an_edition_has_the_media_that_its_sheets_show),
		TEST(what_the_store_has_is_not_written_again),
		TEST(one_text_becomes_a_file),
		TEST(a_page_that_fails_is_told),
		TEST(a_full_disk_is_told),
		TEST(a_picture_that_is_gone_is_told),
		TEST(looking_for_media_keeps_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
