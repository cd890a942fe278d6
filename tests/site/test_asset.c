#include "site/asset.h"
#include "support/site.h"

static int setup(void **state)
{
	struct site *s = xmalloc(sizeof(*s));

	site_init(s);
	site_put(s, "content/sv/a.md", "---\ntitle: A\n---\n![a](p.png)\n");
	site_put_templates(s, "x");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	site_free(*state);
	free(*state);
	return 0;
}

static const struct asset *file(struct site *s, const char *name)
{
	const struct assets *as = &s->project.assets;

	for (size_t i = 0; i < as->file_count; i++)
		if (str_is(as->files[i].name, name))
			return &as->files[i];
	fail_msg("there is no asset %s", name);
	return NULL;
}

/* The first eight hex digits of the bytes' SHA-256. */
static struct str print_of(struct site *s, struct str bytes)
{
	struct digest d = digest_of(bytes);
	char hex[DIGEST_HEX + 1];

	digest_hex(&d, hex);
	return str_dup(&s->arena, str_make(hex, 8));
}

static void names_have_a_fingerprint(void **state)
{
	struct site *s = *state;

	site_put(s, "templates/assets/icons/a-b.svg", "<svg/>");
	site_put(s, "templates/assets/plain", "x");
	site_put(s, "templates/assets/Stor.svg", "x");
	site_put_picture(s, "content/sv/p.png", "p");
	assert_true(site_load(s));
	assert_said(&s->arena, &s->project.diag, "templates/assets/Stor.svg file/name\n");
	assert_text(file(s, "icons/a-b.svg")->key, "icons_a_b_svg");
	assert_text(file(s, "icons/a-b.svg")->out,
		str_fmt(&s->arena, "assets/icons/a-b.%s.svg", print_of(s, STR("<svg/>")).p).p);
	assert_text(file(s, "plain")->out, str_fmt(&s->arena, "assets/plain.%s", print_of(s, STR("x")).p).p);
}

static void style_sheets_name_other_assets_by_fingerprint(void **state)
{
	struct site *s = *state;
	const char *a, *expected;

	site_put_picture(s, "content/sv/p.png", "p");
	site_put(s, "templates/assets/a.svg", "a");
	site_put(s, "templates/assets/site.css",
		"x{b:url(a.svg)}y{b:url( 'a.svg' )}z{b:url(\"a.svg\")}"
		"w{b:url(none.svg)}v{b:url(data:image/png;base64,AA==)}u{b:url(a.svg");
	assert_true(site_load(s));
	a = str_fmt(&s->arena, "a.%s.svg", print_of(s, STR("a")).p).p;
	expected = str_fmt(&s->arena,
		"x{b:url(%s)}y{b:url(%s)}z{b:url(%s)}"
		"w{b:url(none.svg)}v{b:url(data:image/png;base64,AA==)}u{b:url(%s",
		a, a, a, a)
			   .p;
	assert_text(file(s, "site.css")->text, expected);
	assert_text(file(s, "site.css")->out,
		str_fmt(&s->arena, "assets/site.%s.css", print_of(s, str_from(expected)).p).p);
}

/* As in the specification of CSP: the hash is of what stands between the tags. */
static void the_policy_has_the_hash_of_every_script(void **state)
{
	struct site *s = *state;
	const struct script *script;
	struct digest d;
	char hash[45];

	site_put_picture(s, "content/sv/p.png", "p");
	site_put(s, "templates/scripts/a-b.js", "\r\nlet a = 1;\r\nlet b = 2;\rlet c;\n\n");
	site_put(s, "templates/scripts/note.txt", "no script");
	assert_true(site_load(s));
	assert_int_equal(s->project.assets.script_count, 1);
	script = &s->project.assets.scripts[0];
	assert_text(script->name, "a_b");
	assert_text(script->text, "let a = 1;\nlet b = 2;\nlet c;");
	d = digest_of(script->text);
	digest_base64(&d, hash);
	assert_string_equal(script->hash, hash);
	assert_text(s->project.assets.policy,
		str_fmt(&s->arena,
			"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action "
			"'none'; script-src 'sha256-%s'",
			hash)
			.p);
}

static void without_scripts_none_may_run(void **state)
{
	struct site *s = *state;

	site_put_picture(s, "content/sv/p.png", "p");
	assert_true(site_load(s));
	assert_true(str_ends(s->project.assets.policy, STR("script-src 'none'")));
}

static void media_get_names_for_addresses(void **state)
{
	static const char *const cases[][2] = {
		{"sv/p.png", "media/p.%s.png"},
		{"sv/Stor bild.PNG", "media/stor-bild.%s.png"},
		{"sv/å ä.jpeg", "media/a-a.%s.jpeg"},
		{"sv/….png", "media/file.%s.png"},
		{"sv/con.png", "media/file.%s.png"},
		{"sv/x.…", "media/x.%s"},
		{"sv/Utan", "media/utan.%s"},
		{"sv/a.very-long-suffix", "media/a.%s.very-long-suffix"},
		{"sv/A.very-long-suffix", "media/a.%s"},
	};
	struct site *s = *state;

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		site_put(s, str_fmt(&s->arena, "content/%s", cases[i][0]).p, "m");
	assert_true(site_load(s));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct asset *a = map_get(&s->project.assets.media, str_from(cases[i][0]));
		struct str found = str_fmt(&s->arena, "%.*s", STR_ARG(a->out)), print = print_of(s, STR("m"));
		size_t at = str_find(found, print);

		assert_true(at < found.n);
		assert_true(fs_portable_path(found));
		assert_text(STR_CONCAT(&s->arena, str_slice(found, 0, at), STR("%s"),
				    str_slice(found, at + print.n, found.n)),
			cases[i][1]);
	}
}

static void long_names_of_media_are_cut(void **state)
{
	struct site *s = *state;
	char name[200];
	const struct asset *a;

	memset(name, 'b', sizeof(name));
	memcpy(name + 190, ".png", 5);
	site_put(s, str_fmt(&s->arena, "content/sv/%s", name).p, "m");
	site_put_picture(s, "content/sv/p.png", "p");
	assert_true(site_load(s));
	a = map_get(&s->project.assets.media, str_fmt(&s->arena, "sv/%s", name));
	assert_true(a->out.n < 100);
	assert_true(fs_portable_path(a->out));
	assert_true(str_ends(a->out, STR(".png")));
}

static void images_have_their_size(void **state)
{
	struct site *s = *state;
	const struct asset *a;

	site_put_bytes(s, "content/sv/p.png",
		STR("\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\0\x03\0\0\0\x05\x08\x02\0\0\0"));
	assert_true(site_load(s));
	a = map_get(&s->project.assets.media, STR("sv/p.png"));
	assert_int_equal(a->width, 3);
	assert_int_equal(a->height, 5);
}

static void what_is_no_picture_is_said(void **state)
{
	struct site *s = *state;

	site_put_picture(s, "content/sv/p.png", "");
	site_put(s, "content/sv/cut.PNG", "\x89PNG");
	site_put(s, "content/sv/empty.gif", "");
	site_put(s, "content/sv/text.jpeg", "not really");
	site_put(s, "content/sv/no-size.svg", "<svg/>");
	site_put(s, "content/sv/other.pdf", "%PDF");
	assert_true(site_load(s));
	assert_text(said_of(&s->arena, &s->project.diag, RULE_MARKDOWN_IMAGE),
		"content/sv/cut.PNG markdown/image\ncontent/sv/empty.gif markdown/image\n"
		"content/sv/text.jpeg markdown/image\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void fingerprints_are_recognized(void **state)
{
	static const char *const with[] = {
		"assets/site.3f9a12cd.css", "media/sv-a.b.00000000.png", "assets/licence.3f9a12cd"};
	static const char *const without[] = {"assets/site.css", "assets/3f9a12cd.css", "assets/3f9a12cd",
		"sv/a.20261122.html", "assets/site.3f9a12c.css", "assets/site.3F9A12CD.css",
		"assets/site.3f9a12cd.min.css", "packs/a.3f9a12cd.zip", ""};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(with); i++)
		assert_true(asset_is_fingerprinted(str_from(with[i])));
	for (size_t i = 0; i < COUNT_OF(without); i++)
		assert_false(asset_is_fingerprinted(str_from(without[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_have_a_fingerprint),
		TEST(fingerprints_are_recognized),
		TEST(style_sheets_name_other_assets_by_fingerprint),
		TEST(the_policy_has_the_hash_of_every_script),
		TEST(without_scripts_none_may_run),
		TEST(media_get_names_for_addresses),
		TEST(long_names_of_media_are_cut),
		TEST(images_have_their_size),
		TEST(what_is_no_picture_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
