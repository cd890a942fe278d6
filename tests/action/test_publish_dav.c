/* WebDAV without a server: addresses, and what answers say. The rest is in tests/servers/. */
#include "action/publish_site.h"

#include "action/publish_dav_impl.h"

static struct arena arena;
static struct buf why;

/* ---- answers ---- */

#define HEAD "<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\">"
#define TAIL "</D:multistatus>"
#define ONE(href, props)                                                                                     \
	"<D:response><D:href>" href "</D:href><D:propstat><D:prop>" props                                    \
	"</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
#define FOLDER "<D:resourcetype><D:collection/></D:resourcetype>"
#define FILE_OF(n) "<D:resourcetype/><D:getcontentlength>" n "</D:getcontentlength>"

static bool reads(struct dav_items *out, const char *folder, const char *document)
{
	buf_clear(&why);
	return publish_dav_read_items(out, &arena, str_from(folder), str_from(document), &why);
}

/* "name:kind:size " for each, in order of the answer. */
static void lists(const char *folder, const char *document, const char *wanted)
{
	struct dav_items items;
	struct buf got;

	if (!reads(&items, folder, document))
		fail_msg("%s: %s", document, why.p);
	buf_init(&got, 1 << 20);
	for (size_t i = 0; i < items.len; i++) {
		const struct publish_listed *l = &items.items[i].listed;

		buf_addf(&got, "%.*s:%s:%d ", STR_ARG(l->name),
			l->kind == PUBLISH_FILE	 ? "file"
			: l->kind == PUBLISH_DIR ? "folder"
						 : "other",
			l->sized ? (int)l->size : -1);
	}
	assert_string_equal(got.n ? got.p : "", wanted);
	buf_release(&got);
}

static void refuses(const char *folder, const char *document, const char *word)
{
	struct dav_items items;

	assert_false(reads(&items, folder, document));
	if (str_find(buf_str(&why), str_from(word)) == why.n)
		fail_msg("“%s” and not “%s”", why.p, word);
}

static void test_listing(void **state)
{
	(void)state;
	lists("/site/",
		HEAD ONE("/site/", FOLDER) ONE("/site/a.html", FILE_OF("12")) ONE("/site/sv/", FOLDER) TAIL,
		"a.html:file:12 sv:folder:-1 ");
	/* At the server's root. */
	lists("/", HEAD ONE("/", FOLDER) ONE("/a", FILE_OF("0")) TAIL, "a:file:0 ");
	/* Without the folder itself, whole addresses, folders without a slash. */
	lists("/site",
		HEAD ONE("https://host:8443/site/sv", FOLDER) ONE("http://x/site/b", FILE_OF("1")) TAIL,
		"sv:folder:-1 b:file:1 ");
	/* Something in between rewrites addresses. */
	lists("/site/", HEAD ONE("/dav/abc/", FOLDER) ONE("/dav/abc/a", FILE_OF("1")) TAIL, "a:file:1 ");
	lists("/site/", HEAD ONE("/site/", FOLDER) TAIL, "");
}

static void test_odd_names(void **state)
{
	(void)state;
	lists("/så/",
		HEAD ONE("/s%C3%A5/", FOLDER) ONE("/s%c3%a5/%C3%85%C3%84%C3%96.html", FILE_OF("1")) TAIL,
		"ÅÄÖ.html:file:1 ");
	lists("/s/",
		HEAD ONE("/s/", FOLDER) ONE("/s/a%20b%25.html?x=1", FILE_OF("1"))
			ONE("/s/a+b&amp;c", FILE_OF("2")) TAIL,
		"a b%.html:file:1 a+b&c:file:2 ");
	lists("/s/", HEAD ONE("/s/", FOLDER) ONE("/s/%D8%A7.html", FILE_OF("1")) TAIL,
		"\xd8\xa7.html:file:1 ");
	/* What is no text is there all the same: a folder with it in is not empty. */
	lists("/s/", HEAD ONE("/s/", FOLDER) ONE("/s/%ff", FILE_OF("1")) ONE("/s/%zz", FILE_OF("1")) TAIL,
		"%ff:other:1 %zz:other:1 ");
}

static void test_other_places(void **state)
{
	(void)state;
	refuses("/s/", HEAD ONE("/s/", FOLDER) ONE("/etc/passwd", FILE_OF("1")) TAIL, "other places");
	refuses("/s/", HEAD ONE("/s/", FOLDER) ONE("/s/a/b", FILE_OF("1")) TAIL, "other places");
	refuses("/s/", HEAD ONE("/s/", FOLDER) ONE("/s/%2e%2e%2fb", FILE_OF("1")) TAIL, "other places");
	refuses("/s/", HEAD ONE("/s/", FOLDER) ONE("/sx", FILE_OF("1")) TAIL, "other places");
	refuses("/s/", HEAD TAIL, "nothing at all");
	refuses("/s/", "<html><body>Log in</body></html>", "nothing at all");
	refuses("/s/", HEAD ONE("/s/", FOLDER), "XML");
}

static void test_doubtful(void **state)
{
	(void)state;
	/* Properties that do not hold; a size that is none; a resource that cannot be looked at. */
	lists("/s/",
		HEAD ONE("/s/",
			FOLDER) "<D:response><D:href>/s/a</D:href>"
				"<D:propstat><D:prop>" FOLDER
				"</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>"
				"<D:propstat><D:prop>" FILE_OF(
					"7") "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
					     "</D:response>" ONE("/s/b", FILE_OF("-1")) ONE("/s/c",
						     FILE_OF("99999999999999999999")) "<D:response><D:href>/s/d</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response>" TAIL,
		"a:file:7 b:file:-1 c:file:-1 d:other:-1 ");
	/* Another namespace's collection is none. */
	lists("/s/",
		HEAD ONE("/s/", FOLDER)
			ONE("/s/a", "<D:resourcetype><collection xmlns='urn:x'/></D:resourcetype>") TAIL,
		"a:file:-1 ");
}

static void test_dates(void **state)
{
	(void)state;
	assert_int_equal(publish_dav_date("Sun, 22 Nov 2026 17:54:33 GMT"), 1795370073);
	assert_int_equal(publish_dav_date("yesterday"), 0);
	assert_int_equal(publish_dav_date(NULL), 0);
}

/* ---- addresses ---- */

static struct dav *opens(const char *url, const char *password)
{
	struct publish_settings *settings = arena_new(&arena, struct publish_settings);
	struct publish_backend base = {.arena = &arena, .why = &why, .settings = settings};
	struct publish_backend *b;

	settings->url = str_from(url);
	settings->password = password;
	buf_clear(&why);
	b = publish_backend_open(&base);
	return (struct dav *)b;
}

static void is_at(const char *url, const char *origin, const char *folder, const char *name)
{
	struct dav *v = opens(url, NULL);

	if (!v)
		fail_msg("%s: %s", url, why.p);
	assert_true(str_is(v->origin, origin));
	assert_true(str_is(v->folder, folder));
	assert_string_equal(v->base.name, name);
	v->base.ops->close(&v->base);
}

static void test_addresses(void **state)
{
	(void)state;
	is_at("davs://u@host/a/b/", "https://host", "/a/b/", "davs://host/a/b");
	is_at("DAVS://host:8443", "https://host:8443", "/", "davs://host:8443");
	is_at("dav://[::1]:80/så här", "http://[::1]:80", "/s%C3%A5%20h%C3%A4r/", "dav://[::1]:80/så här");
	assert_null(opens("davs://host/a/../b", NULL));
	assert_null(opens("davs:///a", NULL));
}

/* A password never travels where everyone can read it. */
static void test_no_password_in_clear(void **state)
{
	struct dav *v = opens("dav://127.0.0.1/x", "secret");

	(void)state;
	assert_non_null(v);
	v->base.ops->close(&v->base);
	assert_null(opens("dav://host/x", "secret"));
	assert_true(str_find(buf_str(&why), STR("write davs://")) < why.n);
	assert_true(str_find(buf_str(&why), STR("secret")) == why.n);
	assert_null(opens("dav://127.evil.example/x", "secret"));
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	buf_init(&why, BUF_MAX_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	buf_release(&why);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listing),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_other_places),
		cmocka_unit_test(test_doubtful),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_no_password_in_clear),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
