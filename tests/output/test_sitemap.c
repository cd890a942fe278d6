#include "output/sitemap.h"
#include "support/site.h"

struct fixture {
	struct site site;
	struct view view;
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
	site_put(s, "faktablad.yaml", "base_url: https://example.org/a&b/\nlanguages: {sv: , en: }\n");
	site_put(s, "content/sv/a.md", "---\ntitle: A\naliases: [x]\nreviewed: 2026-11-20\n---\n");
	site_put(s, "content/sv/b.md", "---\ntitle: B\n---\n");
	site_put(s, "content/en/b.md", "---\ntitle: B\n---\n");
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

static void render(struct fixture *f, size_t max_urls)
{
	struct site *s = &f->site;
	const struct catalog *c = &s->project.catalog;
	struct pages pages = {0};

	assert_true(site_load(s));
	view_init(&f->view, &s->arena, c, config_web(&c->config), &s->project.assets, NULL, false,
		&s->project.workers.of[0]);
	store_free(f->r.store);
	f->m = (struct manifest){0};
	f->r = (struct renderer){.arena = &s->arena,
		.workers = &s->project.workers,
		.store = store_new(fs_real(), temp_path(&s->arena, s->root, "store"), &f->error),
		.fs = fs_real(),
		.diag = &s->project.diag};
	assert_non_null(f->r.store);
	pages_of(&pages, &s->arena, &f->view);
	sitemap_render(&f->r, &f->m, &f->view, &pages, max_urls);
	assert_int_equal(f->r.error, 0);
}

/* A file's addresses, a line each; "absent". */
static struct str addresses(struct fixture *f, const char *path)
{
	char *from = xmalloc(store_path_max(f->r.store));
	struct arena *a = &f->site.arena;
	struct str text = STR("absent"), all = STR("");
	size_t at;

	for (size_t i = 0; i < f->m.len; i++) {
		if (!str_is(f->m.entries[i].path, path))
			continue;
		store_path(f->r.store, &f->m.entries[i].digest, from);
		assert_int_equal(fs_read(fs_real(), from, a, 1 << 20, &text), 0);
	}
	free(from);
	if (str_is(text, "absent"))
		return text;
	assert_true(str_starts(text, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")));
	while ((at = str_find(text, STR("<loc>"))) < text.n) {
		text = str_slice(text, at + 5, text.n);
		all = STR_CONCAT(a, all, str_slice(text, 0, str_find_byte(text, '<')), STR("\n"));
	}
	return all;
}

#define A "https://example.org/a&amp;b/"

static void own_texts_and_start_pages_are_listed(void **state)
{
	struct fixture *f = *state;

	render(f, SITEMAP_MAX_URLS);
	assert_int_equal(f->m.len, 1);
	assert_text(addresses(f, "sitemap.xml"),
		A "sv/a.html\n" A "sv/b.html\n" A "en/b.html\n" A "sv/index.html\n" A "en/index.html\n");
}

static void what_does_not_fit_goes_on_in_the_next_file(void **state)
{
	struct fixture *f = *state;

	render(f, 2);
	assert_int_equal(f->m.len, 4);
	assert_text(addresses(f, "sitemap.xml"), A "sitemap-1.xml\n" A "sitemap-2.xml\n" A "sitemap-3.xml\n");
	assert_text(addresses(f, "sitemap-1.xml"), A "sv/a.html\n" A "sv/b.html\n");
	assert_text(addresses(f, "sitemap-2.xml"), A "en/b.html\n" A "sv/index.html\n");
	assert_text(addresses(f, "sitemap-3.xml"), A "en/index.html\n");
	render(f, 5); /* exactly full */
	assert_int_equal(f->m.len, 1);
}

static void without_an_address_there_is_none(void **state)
{
	struct fixture *f = *state;

	site_put(&f->site, "faktablad.yaml", "languages: {sv: , en: }\n");
	render(f, 2);
	assert_int_equal(f->m.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(own_texts_and_start_pages_are_listed),
		TEST(what_does_not_fit_goes_on_in_the_next_file),
		TEST(without_an_address_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
