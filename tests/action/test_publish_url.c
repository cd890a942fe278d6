#include "action/publish_site.h"

#include "action/publish_url.h"

static struct arena arena;
static struct buf why;

static void resolves(const char *root, const char *url, const char *wanted)
{
	struct str got = publish_url_resolve(&arena, root, str_from(url));

	assert_string_equal(str_z(&arena, got), wanted);
}

static void test_resolve(void **state)
{
	char *here = getcwd(NULL, 0);

	(void)state;
	resolves("/srv/site", "file:published", "file:///srv/site/published");
	resolves("/srv/Mina sidor/ÅÄÖ", "file:ut/så här",
		"file:///srv/Mina%20sidor/%C3%85%C3%84%C3%96/ut/s%C3%A5%20h%C3%A4r");
	resolves("/srv/site", "file:s%C3%A5", "file:///srv/site/s%C3%A5");
	resolves("/srv/100%", "file:100%25", "file:///srv/100%25/100%25");
	resolves("/srv/site", "file:../www", "file:///srv/site/../www");
	resolves("/srv/site", "file:///srv/www", "file:///srv/www");
	resolves("/srv/site", "file:/srv/www", "file:/srv/www");
	resolves("/srv/site", "sftp://host/www", "sftp://host/www");
	resolves("/srv/site", "published", "published");
	resolves("/srv/site", "file:bad%zz", "file:bad%zz");
	resolves("/srv/site", "file:a?b", "file:a?b");
	resolves("/srv/site", "", "");
	assert_true(str_eq(
		publish_url_resolve(&arena, ".", STR("file:x")), str_fmt(&arena, "file://%s/./x", here)));
	free(here);
}

static void is_path(const char *url, const char *wanted)
{
	const char *path = NULL;

	buf_clear(&why);
	if (wanted) {
		if (!publish_url_file_path(&arena, str_from(url), &path, &why))
			fail_msg("%s: %s", url, why.p);
		assert_string_equal(path, wanted);
	} else {
		assert_false(publish_url_file_path(&arena, str_from(url), &path, &why));
		assert_true(why.n > 0);
	}
}

static void test_file_path(void **state)
{
	(void)state;
	is_path("file:///srv/www", "/srv/www");
	is_path("file:/srv/www", "/srv/www");
	is_path("file://localhost/srv/www", "/srv/www");
	is_path("file:///srv/My%20site/s%C3%a5", "/srv/My site/så");
	is_path("file:///srv/My site/så", "/srv/My site/så");
	is_path("file://published", NULL);
	is_path("file://server/share", NULL);
	is_path("file://user@localhost/x", NULL);
	is_path("file:published", NULL);
	is_path("file:", NULL);
	is_path("file:///a%", NULL);
	is_path("file:///a%4", NULL);
	is_path("file:///a%00b", NULL);
	is_path("file:///a?b", NULL);
	is_path("file:///a#b", NULL);
}

static void test_round_trip(void **state)
{
	struct buf encoded, back;
	char bytes[255];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i + 1);
	buf_init(&encoded, 4096);
	buf_init(&back, 4096);
	publish_url_encode(&encoded, str_make(bytes, sizeof(bytes)));
	assert_int_equal(str_find_byte(buf_str(&encoded), '?'), encoded.n);
	assert_true(publish_url_decode(&back, buf_str(&encoded)));
	assert_true(str_eq(buf_str(&back), str_make(bytes, sizeof(bytes))));
	buf_release(&encoded);
	buf_release(&back);
}

static void test_check(void **state)
{
	(void)state;
	assert_true(publish_url_check(STR("sftp://anna@host/www"), &why));
	assert_true(publish_url_check(STR("file:///a:b@c"), &why));
	assert_int_equal(why.n, 0);
	assert_false(publish_url_check(STR("sftp://anna:hemligt@host/www"), &why));
	assert_int_equal(str_find(buf_str(&why), STR("hemligt")), why.n);
	assert_false(publish_url_check(STR("s3://key:sec/ret@bucket"), &why));
	assert_false(publish_url_check(STR("sftp://anna:12@34:22/www"), &why));
	buf_clear(&why);
	assert_true(publish_url_check(STR("sftp://host:22/a@b"), &why));
	assert_true(publish_url_check(STR("sftp://anna@[::1]:22/www"), &why));
	assert_true(publish_url_check(STR("sftp://[fe80::ab]/www"), &why));
	assert_false(publish_url_check(STR("file:///a\nb"), &why));
}

static void test_scheme(void **state)
{
	(void)state;
	assert_true(str_is(publish_url_scheme(STR("file:x")), "file"));
	assert_true(str_is(publish_url_scheme(STR("s3://b")), "s3"));
	assert_int_equal(publish_url_scheme(STR("/a:b")).n, 0);
	assert_int_equal(publish_url_scheme(STR(":x")).n, 0);
	assert_int_equal(publish_url_scheme(STR("published")).n, 0);
}

static void expect_address(
	const char *url, const char *user, const char *host, unsigned port, const char *path)
{
	struct publish_address out;

	buf_clear(&why);
	if (!publish_url_parse(&arena, str_from(url), &out, &why))
		fail_msg("%s: %.*s", url, STR_ARG(buf_str(&why)));
	assert_true(str_is(out.user, user));
	assert_true(str_is(out.host, host));
	assert_int_equal(out.port, port);
	if (!str_is(out.path, path))
		fail_msg("%s: “%.*s”", url, STR_ARG(out.path));
}

static void test_servers(void **state)
{
	static const char *const refused[] = {
		"sftp:",
		"sftp:///www",
		"sftp://",
		"sftp://anna@/www",
		"sftp://host:0/www",
		"sftp://host:65536/www",
		"sftp://host:x/www",
		"sftp://[::1/www",
		"sftp://[::1]x/www",
		"sftp://-oProxyCommand=x/www",
		"sftp://h%6fst/www",
		"sftp://ho st/www",
		"sftp://host/a/../b",
		"sftp://host/a/./b",
		"sftp://host/a//b",
		"sftp://host/a%5Cb",
		"sftp://host/a?b",
		"sftp://host/a#b",
		"sftp://host/%",
		"sftp://host/%00",
		"sftp://host/%ff",
		"sftp://%ff@host/a",
		"ftps://anna%0d%0aDELE%20x@host/a",
		"sftp://host/%2e%2e/b",
	};
	struct publish_address out;

	(void)state;
	expect_address("sftp://host", "", "host", 0, "");
	expect_address("SFTP://anna@host:2222/srv/www/", "anna", "host", 2222, "srv/www");
	expect_address("davs://an%40na@[::1]:8443//sajt/%C3%A5", "an@na", "::1", 8443, "sajt/å");
	expect_address("ftp://a@b@host/x y", "a@b", "host", 0, "x y");
	expect_address("s3://bucket/prefix/", "", "bucket", 0, "prefix");
	assert_true(publish_url_parse(&arena, STR("DavS://host"), &out, &why));
	assert_true(str_is(out.scheme, "davs"));
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		buf_clear(&why);
		if (publish_url_parse(&arena, str_from(refused[i]), &out, &why))
			fail_msg("%s was taken", refused[i]);
		assert_true(why.n > 0);
	}
}

static void test_loopback(void **state)
{
	(void)state;
	assert_true(publish_url_is_loopback(STR("localhost")));
	assert_true(publish_url_is_loopback(STR("::1")));
	assert_true(publish_url_is_loopback(STR("127.0.0.1")));
	assert_false(publish_url_is_loopback(STR("127.0.0.1.example.se")));
	assert_false(publish_url_is_loopback(STR("127")));
	assert_false(publish_url_is_loopback(STR("10.0.0.1")));
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	buf_init(&why, 1 << 16);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&why);
	arena_release(&arena);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_resolve),
		TEST(test_file_path),
		TEST(test_round_trip),
		TEST(test_check),
		TEST(test_scheme),
		TEST(test_servers),
		TEST(test_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
