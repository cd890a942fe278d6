#include "action/publish_headers.h"
#include "action/publish_record.h"
#include "support/check.h"

#include <time.h>

struct state {
	struct arena arena;
	struct target target;
	struct target_headers patterns[TARGET_MAX_PATTERNS];
	struct publish_rules *rules;
};

static const struct language languages[] = {
	{.spec = {.tag = STR_INIT("sv")}, .folder = STR_INIT("sv")},
	{.spec = {.tag = STR_INIT("fa-AF")}, .folder = STR_INIT("fa-af")},
};

static int setup(void **state)
{
	struct state *s = xmalloc(sizeof(*s));

	*s = (struct state){0};
	arena_init(&s->arena, ARENA_DEFAULT);
	s->target.headers = s->patterns;
	s->rules = publish_rules_new(&s->arena, &s->target, languages, COUNT_OF(languages));
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct state *s = *state;

	arena_release(&s->arena);
	free(s);
	return 0;
}

static void pattern(struct state *s, const char *text, const char *name, const char *value)
{
	struct target_headers *h = &s->patterns[s->target.header_count++];

	h->pattern = str_from(text);
	h->items = arena_new(&s->arena, struct target_header);
	h->items[0] = (struct target_header){str_from(name), str_from(value)};
	h->len = 1;
}

/* "Cache-Control: no-cache\n…" */
static struct str shown(struct state *s, const char *path)
{
	const struct publish_headers_of *h = publish_headers_for(s->rules, str_from(path));
	struct str all = STR("");

	for (size_t i = 0; i < h->len; i++)
		all = str_fmt(&s->arena, "%.*s%.*s: %.*s\n", STR_ARG(all), STR_ARG(h->items[i].name),
			STR_ARG(h->items[i].value));
	return all;
}

#define SHORT "Cache-Control: public, max-age=300\n"
#define LONG "Cache-Control: public, max-age=31536000, immutable\n"

static void the_built_in_ones_know_types_ages_and_languages(void **state)
{
	static const struct {
		const char *path, *headers;
	} cases[] = {
		{"index.html", SHORT "Content-Type: text/html; charset=utf-8\n"},
		{"sv/index.html", SHORT "Content-Language: sv\nContent-Type: text/html; charset=utf-8\n"},
		{"fa-af/a.html", SHORT "Content-Language: fa-AF\nContent-Type: text/html; charset=utf-8\n"},
		{"sv", SHORT "Content-Type: text/plain; charset=utf-8\n"},
		{"svx/a.html", SHORT "Content-Type: text/html; charset=utf-8\n"},
		{"404.html", "Cache-Control: no-cache\nContent-Type: text/html; charset=utf-8\n"},
		{"assets/site.3f9a12cd.css", LONG "Content-Type: text/css; charset=utf-8\n"},
		{"assets/site.css", SHORT "Content-Type: text/css; charset=utf-8\n"},
		{"media/sv-a.00112233.jpeg", LONG "Content-Type: image/jpeg\n"},
		{"packs/a-sv.zip", SHORT "Content-Type: application/zip\n"},
		{"packs/SHA256SUMS", SHORT "Content-Type: text/plain; charset=utf-8\n"},
		{"sitemap.xml", SHORT "Content-Type: application/xml\n"},
		{"a.b/c.xyz", SHORT "Content-Type: application/octet-stream\n"},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_text(shown(s, cases[i].path), cases[i].headers);
}

static void patterns_win_in_their_order(void **state)
{
	struct state *s = *state;

	pattern(s, "**/*.html", "cache-control", "no-cache");
	pattern(s, "sv/**", "Cache-Control", "no-store");
	pattern(s, "**", "X-Amz-Meta-Kind", "page");
	pattern(s, "sv/b.html", "Content-Language", "");
	assert_text(shown(s, "index.html"),
		"cache-control: no-cache\nContent-Type: text/html; charset=utf-8\nX-Amz-Meta-Kind: page\n");
	assert_text(shown(s, "sv/a.html"), "Cache-Control: no-store\nContent-Language: sv\n"
					   "Content-Type: text/html; charset=utf-8\nX-Amz-Meta-Kind: page\n");
	assert_text(shown(s, "sv/b.html"), "Cache-Control: no-store\nContent-Type: text/html; charset=utf-8\n"
					   "X-Amz-Meta-Kind: page\n");
}

static void equal_sets_are_one(void **state)
{
	struct state *s = *state;
	const struct publish_headers_of *a, *b;

	pattern(s, "sv/**", "Cache-Control", "no-store");
	a = publish_headers_for(s->rules, STR("sv/a.html"));
	assert_ptr_equal(a, publish_headers_for(s->rules, STR("sv/b/c.html")));
	b = publish_headers_for(s->rules, STR("fa-af/a.html"));
	assert_ptr_not_equal(a, b);
	assert_int_not_equal(a->hash, b->hash);
	assert_int_not_equal(a->hash, 0);
	assert_true(a->hash != PUBLISH_HEADERS_UNKNOWN);
}

/* Manifests keep it: another one sends every file again. */
static void the_hash_is_for_ever(void **state)
{
	struct state *s = *state;
	uint64_t plain = publish_headers_for(s->rules, STR("index.html"))->hash;
	struct digest digest = digest_of(
		STR("cache-control: public, max-age=300\ncontent-type: text/html; charset=utf-8\n"));
	uint64_t expected = 0;

	for (int i = 0; i < 8; i++)
		expected = expected << 8 | digest.bytes[i];
	assert_true(plain == expected);
	/* the same, said in another way */
	pattern(s, "index.html", "CACHE-CONTROL", "public, max-age=300");
	assert_true(publish_headers_for(s->rules, STR("index.html"))->hash == plain);
}

static void patterns_without_files_are_told(void **state)
{
	struct state *s = *state;
	size_t at = 0;

	pattern(s, "a/*", "Cache-Control", "x");
	pattern(s, "sv/**", "Cache-Control", "x");
	pattern(s, "b/*", "Cache-Control", "x");
	publish_headers_for(s->rules, STR("sv/a.html"));
	assert_text(publish_rules_unused(s->rules, &at), "a/*");
	assert_text(publish_rules_unused(s->rules, &at), "b/*");
	assert_text(publish_rules_unused(s->rules, &at), "");
}

static void many_paths_cost_little(void **state)
{
	struct state *s = *state;
	struct timespec before, after;
	char *used;

	pattern(s, "**/index.html", "Cache-Control", "no-cache");
	pattern(s, "packs/**", "Cache-Control", "no-cache");
	pattern(s, "**/*.zip", "Content-Disposition", "attachment");
	clock_gettime(CLOCK_MONOTONIC, &before);
	used = s->arena.at;
	for (int i = 0; i < 100000; i++) {
		char path[64];

		snprintf(path, sizeof(path), "%s/sheet-%d.html", i % 2 ? "sv" : "fa-af", i);
		publish_headers_for(s->rules, str_from(path));
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(s->arena.at - used < 1 << 16);
	/* 0.05 s without sanitizers */
	assert_true(after.tv_sec - before.tv_sec < 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_built_in_ones_know_types_ages_and_languages),
		TEST(patterns_win_in_their_order),
		TEST(equal_sets_are_one),
		TEST(the_hash_is_for_ever),
		TEST(patterns_without_files_are_told),
		TEST(many_paths_cost_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
