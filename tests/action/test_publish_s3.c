#include "action/publish_s3_impl.h"
#include "support/bucket.h"
#include "support/check.h"
#include "support/temp.h"

/* One publisher of s3://bkt/site. */
struct client {
	struct arena arena, link_arena;
	struct buf why;
	struct publish_settings settings;
	struct publish_backend base, *b;
	struct publish_link *l;
};

static struct bucket *bucket;

static struct publish_backend *open_target(
	struct client *c, const char *url, const char *endpoint, const char *region)
{
	buf_clear(&c->why);
	c->settings.url = str_from(url);
	c->settings.endpoint = str_from(endpoint);
	c->settings.region = str_from(region);
	c->base = (struct publish_backend){
		.arena = &c->arena, .fs = fs_real(), .why = &c->why, .settings = &c->settings};
	return c->b = publish_backend_open(&c->base);
}

static void client_init(struct client *c)
{
	*c = (struct client){.settings = {.access_key = "ID", .secret_key = "HUSH", .stall_seconds = 5}};
	arena_init(&c->arena, (size_t)64 << 20);
	arena_init(&c->link_arena, (size_t)64 << 20);
	buf_init(&c->why, 64 << 10);
}

static void client_connect(struct client *c)
{
	struct publish_link bare = {.b = c->b, .arena = &c->link_arena, .why = &c->why};
	enum publish_answer answer;

	c->l = c->b->ops->connect(&bare, &answer);
	if (!c->l)
		print_error("%.*s\n", STR_ARG(buf_str(&c->why)));
	assert_non_null(c->l);
}

static void client_open(struct client *c)
{
	char endpoint[64];

	client_init(c);
	assert_non_null(
		open_target(c, "s3://bkt/site", str_z(&c->arena, bucket_endpoint(bucket, endpoint)), ""));
	((struct publish_s3 *)c->b)->pause_ms = 20;
	client_connect(c);
}

static void client_close(struct client *c)
{
	if (c->l)
		c->b->ops->disconnect(c->l);
	if (c->b)
		c->b->ops->close(c->b);
	buf_release(&c->why);
	arena_release(&c->link_arena);
	arena_release(&c->arena);
}

static int start(void **state)
{
	(void)state;
	bucket = bucket_start();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	bucket_stop(bucket);
	return 0;
}

static void says(struct client *c, const char *needle)
{
	struct str why = buf_str(&c->why);

	if (str_find(why, str_from(needle)) == why.n)
		print_error("“%s” is not in: %.*s\n", needle, STR_ARG(why));
	assert_true(str_find(why, str_from(needle)) < why.n);
	assert_null(strstr(str_z(&c->arena, why), "HUSH"));
	assert_int_equal(str_find(why, STR("\n")), why.n);
}

/* ---- addresses ---- */

static void goes_to(
	const char *url, const char *endpoint, const char *region, const char *host, const char *folder)
{
	struct client c;
	struct publish_s3 *s3;

	client_init(&c);
	s3 = (struct publish_s3 *)open_target(&c, url, endpoint, region);
	assert_non_null(s3);
	assert_string_equal(str_z(&c.arena, s3->host), host);
	assert_string_equal(str_z(&c.arena, s3->folder), folder);
	client_close(&c);
}

static void test_addresses(void **state)
{
	(void)state;
	goes_to("s3://bkt", "", "", "bkt.s3.us-east-1.amazonaws.com", "");
	goes_to("s3://bkt/a/b", "", "eu-north-1", "bkt.s3.eu-north-1.amazonaws.com", "");
	goes_to("s3://my.bkt", "", "eu-north-1", "s3.eu-north-1.amazonaws.com", "/my.bkt");
	goes_to("s3://bkt", "", "cn-north-1", "bkt.s3.cn-north-1.amazonaws.com.cn", "");
	goes_to("s3://bkt", "https://s3.example.se", "", "s3.example.se", "/bkt");
	goes_to("s3://bkt", "s3.example.se/", "", "s3.example.se", "/bkt");
	goes_to("s3://bkt", "https://bkt.s3.example.se:443", "", "bkt.s3.example.se", "");
	goes_to("s3://bkt", "https://s3.example.se:9000/api v1", "", "s3.example.se:9000", "/api%20v1/bkt");
	goes_to("s3://bkt", "http://localhost:9000", "", "localhost:9000", "/bkt");
	goes_to("s3://bkt", "http://[::1]:9000", "", "[::1]:9000", "/bkt");
	goes_to("s3://bkt", "http://127.0.0.1:80", "", "127.0.0.1", "/bkt");
}

static void is_refused(const char *url, const char *endpoint, const char *region, const char *why)
{
	struct client c;

	client_init(&c);
	assert_null(open_target(&c, url, endpoint, region));
	says(&c, why);
	client_close(&c);
}

static void test_addresses_refused(void **state)
{
	struct client c;

	(void)state;
	is_refused("s3://bkt", "http://s3.example.se", "", "is not encrypted");
	is_refused("s3://bkt", "http://127.0.0.1.example.se", "", "is not encrypted");
	is_refused("s3://bkt", "ftp://s3.example.se", "", "write https://host");
	is_refused("s3://bkt", "https://user@s3.example.se", "", "write https://host");
	is_refused("s3://bkt", "https://user:pass@s3.example.se", "", "password");
	is_refused("s3://key@bkt", "", "", "AWS_ACCESS_KEY_ID");
	is_refused("s3://bkt:9000/", "", "", "endpoint");
	is_refused("s3:///folder", "", "", "names no server");
	is_refused("s3://bkt", "", "eu.north/1", "is no region");
	client_init(&c);
	c.settings.secret_key = NULL;
	assert_null(open_target(&c, "s3://bkt", "", ""));
	says(&c, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
	client_close(&c);
}

/* ---- the lock ---- */

static enum publish_answer swap(struct client *c, const char *old, const char *new)
{
	buf_clear(&c->why);
	return c->b->ops->lock_swap(c->l, str_from(old), str_from(new));
}

static void test_lock(void **state)
{
	static const enum bucket_quirk quirks[] = {BUCKET_STRICT, BUCKET_BARE, BUCKET_IGNORES, BUCKET_LACKS};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(quirks); i++) {
		struct client a, b;
		struct buf text;

		bucket->quirk = quirks[i];
		client_open(&a);
		client_open(&b);
		buf_init(&text, 4096);
		assert_int_equal(a.b->ops->lock_read(a.l, &text), ANSWER_ABSENT);
		assert_int_equal(swap(&a, "", "one"), ANSWER_OK);
		assert_int_equal(swap(&b, "", "two"), ANSWER_TAKEN);
		assert_int_equal(swap(&a, "one", "one, later"), ANSWER_OK);
		assert_int_equal(swap(&a, "one, later", "one, later still"), ANSWER_OK);
		assert_int_equal(b.b->ops->lock_read(b.l, &text), ANSWER_OK);
		assert_text(buf_str(&text), "one, later still");
		/* Broken by force; the other finds out. */
		assert_int_equal(swap(&b, "one, later still", "two"), ANSWER_OK);
		assert_int_equal(swap(&a, "one, later still", "one, too late"), ANSWER_TAKEN);
		assert_string_equal(bucket_text(bucket, "bkt/site/.faktablad/lock"), "two");
		/* Given back, taken again. */
		atomic_store(&((struct publish_s3 *)b.b)->changed, true);
		assert_int_equal(swap(&b, "two", ""), ANSWER_OK);
		assert_string_equal(bucket_text(bucket, "bkt/site/.faktablad/lock"), "");
		buf_clear(&text);
		assert_int_equal(a.b->ops->lock_read(a.l, &text), ANSWER_ABSENT);
		assert_int_equal(swap(&a, "", "three"), ANSWER_OK);
		assert_int_equal(swap(&a, "three", ""), ANSWER_OK);
		buf_release(&text);
		client_close(&a);
		client_close(&b);
		bucket_stop(bucket);
		bucket = bucket_start();
	}
}

/* Of two who look at the same moment. */
static void test_lock_race(void **state)
{
	static const enum bucket_quirk quirks[] = {BUCKET_STRICT, BUCKET_BARE};
	struct client c;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(quirks); i++) {
		bucket->quirk = quirks[i];
		client_open(&c);
		bucket->interloper = "theirs";
		assert_int_equal(swap(&c, "", "mine"), ANSWER_TAKEN);
		assert_string_equal(bucket_text(bucket, "bkt/site/.faktablad/lock"), "theirs");
		bucket->interloper = "theirs again";
		assert_int_equal(swap(&c, "theirs", "mine"), ANSWER_TAKEN);
		assert_string_equal(bucket_text(bucket, "bkt/site/.faktablad/lock"), "theirs again");
		client_close(&c);
		bucket_stop(bucket);
		bucket = bucket_start();
	}
}

static void test_lock_lost_answer(void **state)
{
	struct client c;

	(void)state;
	client_open(&c);
	assert_int_equal(swap(&c, "", "mine"), ANSWER_OK);
	buf_clear(&c.why);
	/* The second answer of the swap is that of the write. */
	assert_int_equal(swap(&c, "mine", "mine, later"), ANSWER_OK);
	bucket->answer = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
	assert_int_equal(swap(&c, "mine, later", "mine at last"), ANSWER_AGAIN);
	assert_int_equal(swap(&c, "mine, later", "mine at last"), ANSWER_OK);
	assert_int_equal(
		swap(&c, "mine, later", "mine at last"), ANSWER_OK); /* a try whose answer was lost */
	client_close(&c);
}

/* A first publish that did nothing leaves nothing. */
static void test_lock_leaves_nothing(void **state)
{
	struct client c;
	struct buf text;

	(void)state;
	client_open(&c);
	buf_init(&text, 4096);
	assert_int_equal(c.b->ops->read(c.l, PUBLISH_MANIFEST, 100, &text), ANSWER_ABSENT);
	assert_int_equal(swap(&c, "", "mine"), ANSWER_OK);
	assert_int_equal(swap(&c, "mine", ""), ANSWER_OK);
	assert_null(bucket_text(bucket, "bkt/site/.faktablad/lock"));
	buf_release(&text);
	client_close(&c);
}

/* ---- the manifest and the intent ---- */

static enum publish_answer write_to(struct client *c, const char *path, const char *text)
{
	buf_clear(&c->why);
	return c->b->ops->write(c->l, path, str_from(text));
}

static void test_manifest(void **state)
{
	struct client c;
	struct publish_job intent = {.path = STR(PUBLISH_INTENT)};
	struct buf text;

	(void)state;
	client_open(&c);
	buf_init(&text, 4096);
	assert_int_equal(c.b->ops->read(c.l, PUBLISH_MANIFEST, 100, &text), ANSWER_ABSENT);
	assert_int_equal(c.b->ops->read(c.l, PUBLISH_INTENT, 100, &text), ANSWER_ABSENT);
	assert_int_equal(write_to(&c, PUBLISH_MANIFEST, "first"), ANSWER_OK);
	assert_int_equal(write_to(&c, PUBLISH_MANIFEST, "second"), ANSWER_OK);
	/* Somebody else's: not replaced. */
	bucket_put(bucket, "bkt/site/" PUBLISH_MANIFEST, "theirs");
	assert_int_equal(write_to(&c, PUBLISH_MANIFEST, "third"), ANSWER_TAKEN);
	says(&c, "another publish took over s3://bkt/site");
	assert_string_equal(bucket_text(bucket, "bkt/site/" PUBLISH_MANIFEST), "theirs");
	assert_int_equal(c.b->ops->read(c.l, PUBLISH_MANIFEST, 100, &text), ANSWER_OK);
	assert_text(buf_str(&text), "theirs");
	/* Done, and the answer lost: the next try finds what it wants to write. */
	bucket->hang_up = true;
	assert_int_equal(write_to(&c, PUBLISH_MANIFEST, "fourth"), ANSWER_AGAIN);
	assert_int_equal(write_to(&c, PUBLISH_MANIFEST, "fourth"), ANSWER_OK);
	/* What was absent, or was removed by us, is absent still. */
	assert_int_equal(write_to(&c, PUBLISH_INTENT, "one"), ANSWER_OK);
	assert_int_equal(c.b->ops->remove(c.l, &intent), ANSWER_OK);
	assert_int_equal(write_to(&c, PUBLISH_INTENT, "two"), ANSWER_OK);
	assert_int_equal(c.b->ops->remove(c.l, &intent), ANSWER_OK);
	bucket_put(bucket, "bkt/site/" PUBLISH_INTENT, "theirs");
	assert_int_equal(write_to(&c, PUBLISH_INTENT, "three"), ANSWER_TAKEN);
	buf_release(&text);
	client_close(&c);
}

static void test_read_ceiling(void **state)
{
	struct client c;
	struct buf text;

	(void)state;
	client_open(&c);
	buf_init(&text, 4096);
	bucket_put(bucket, "bkt/site/" PUBLISH_MANIFEST, "longer than ten");
	assert_int_equal(c.b->ops->read(c.l, PUBLISH_MANIFEST, 10, &text), ANSWER_FAILED);
	buf_release(&text);
	client_close(&c);
}

/* ---- files ---- */

static struct publish_job job_for(struct client *c, const char *root, const char *text)
{
	struct publish_job job = {
		.path = STR("sv/a b.html"),
		.local = temp_path(&c->arena, root, "page"),
		.digest = digest_of(str_from(text)),
		.size = strlen(text),
		.fresh = true,
	};

	assert_int_equal(fs_replace(fs_real(), job.local, str_from(text), 0600), 0);
	return job;
}

#define PAGE "bkt/site/sv/a%20b.html"

static void test_put(void **state)
{
	struct publish_header headers[] = {{STR("Cache-Control"), STR("max-age=300")},
		{STR("Content-Type"), STR("text/html; charset=utf-8")}};
	struct publish_headers_of of = {.items = headers, .len = COUNT_OF(headers), .hash = 1};
	char *root = temp_new();
	struct publish_job job;
	struct client c;

	(void)state;
	client_open(&c);
	job = job_for(&c, root, "<p>new");
	job.headers = &of;
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_OK);
	assert_string_equal(bucket_text(bucket, PAGE), "<p>new");
	assert_non_null(strstr(bucket_head(bucket, PAGE), "content-type: text/html; charset=utf-8\r\n"));
	assert_non_null(strstr(bucket_head(bucket, PAGE), "cache-control: max-age=300\r\n"));
	assert_non_null(strstr(bucket_head(bucket, PAGE), "content-md5: "));
	assert_null(strstr(bucket_head(bucket, PAGE), "Expect:"));
	/* Ours already: an earlier try. Then somebody else's. */
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_OK);
	bucket_put(bucket, PAGE, "<p>old");
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_TAKEN);
	says(&c, "s3://bkt/site/sv/a b.html is somebody else's");
	assert_string_equal(bucket_text(bucket, PAGE), "<p>old");
	job.fresh = false;
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_OK);
	assert_string_equal(bucket_text(bucket, PAGE), "<p>new");
	client_close(&c);
	temp_free(root);
}

/* Where conditions are not looked at, a look beforehand must do. */
static void test_put_without_conditions(void **state)
{
	char *root = temp_new();
	struct publish_job job;
	struct client c;

	(void)state;
	bucket->quirk = BUCKET_IGNORES;
	client_open(&c);
	assert_int_equal(swap(&c, "", "mine"), ANSWER_OK);
	job = job_for(&c, root, "<p>new");
	bucket_put(bucket, PAGE, "<p>old");
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_TAKEN);
	assert_string_equal(bucket_text(bucket, PAGE), "<p>old");
	client_close(&c);
	temp_free(root);
}

/* Nothing is sent that is not what build wrote. */
static void test_put_changed(void **state)
{
	char *root = temp_new();
	struct publish_job job;
	struct client c;

	(void)state;
	client_open(&c);
	job = job_for(&c, root, "<p>new");
	assert_int_equal(fs_replace(fs_real(), job.local, STR("<p>neu"), 0600), 0);
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_CHANGED);
	says(&c, "is not what the last build wrote");
	assert_int_equal(fs_remove(fs_real(), job.local), 0);
	buf_clear(&c.why);
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_CHANGED);
	says(&c, "is gone");
	assert_int_equal(bucket_count(bucket, "PUT "), 0);
	client_close(&c);
	temp_free(root);
}

static void test_kept(void **state)
{
	struct publish_job job = {.path = STR("x"), .kept = STR(".faktablad/keep/1"), .size = 4};
	struct client c;

	(void)state;
	client_open(&c);
	bucket_put(bucket, "bkt/site/y", "kept");
	assert_int_equal(c.b->ops->copy(c.l, STR("y"), STR(".faktablad/keep/1")), ANSWER_OK);
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_OK);
	assert_string_equal(bucket_text(bucket, "bkt/site/x"), "kept");
	/* What is kept stays as it is; what is not there cannot be kept. */
	bucket_put(bucket, "bkt/site/drifted", "drifted");
	assert_int_equal(c.b->ops->copy(c.l, STR("drifted"), STR(".faktablad/keep/1")), ANSWER_OK);
	assert_string_equal(bucket_text(bucket, "bkt/site/.faktablad/keep/1"), "kept");
	assert_int_equal(c.b->ops->copy(c.l, STR("gone"), STR(".faktablad/keep/3")), ANSWER_ABSENT);
	job.kept = STR(".faktablad/keep/2");
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_FAILED);
	says(&c, "is gone");
	/* A copy that begins well may fail in its body. */
	bucket->answer =
		"HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n<Error><Code>InternalError</Code></Error>";
	assert_int_equal(c.b->ops->rename(c.l, STR("y"), STR("z")), ANSWER_AGAIN);
	assert_non_null(bucket_text(bucket, "bkt/site/y"));
	assert_int_equal(c.b->ops->rename(c.l, STR("y"), STR("z")), ANSWER_OK);
	assert_null(bucket_text(bucket, "bkt/site/y"));
	assert_string_equal(bucket_text(bucket, "bkt/site/z"), "kept");
	assert_int_equal(c.b->ops->rename(c.l, STR("y"), STR("z")), ANSWER_ABSENT);
	client_close(&c);
}

static void test_list_and_digest(void **state)
{
	struct publish_listing listing = {0};
	struct publish_job job = {.path = STR("d/1")};
	struct digest wanted = digest_of(STR("text"));
	struct client c;
	char key[32];

	(void)state;
	client_open(&c);
	assert_int_equal(c.b->ops->list(c.l, STR("d"), &c.arena, &listing), ANSWER_ABSENT);
	for (int i = 0; i < 25; i++) {
		snprintf(key, sizeof(key), "bkt/site/d/%d", i);
		bucket_put(bucket, key, "text");
	}
	bucket->page = 10;
	assert_int_equal(c.b->ops->list(c.l, STR("d"), &c.arena, &listing), ANSWER_OK);
	assert_int_equal(listing.len, 25);
	assert_string_equal(str_z(&c.arena, listing.items[24].name), "24");
	assert_int_equal(listing.items[24].size, 4);
	assert_int_equal(c.b->ops->digest(c.l, &job), ANSWER_OK);
	assert_true(digest_eq(&job.digest, &wanted));
	assert_int_equal(job.size, 4);
	job.path = STR("d/none");
	assert_int_equal(c.b->ops->digest(c.l, &job), ANSWER_ABSENT);
	assert_int_equal(c.b->ops->remove(c.l, &job), ANSWER_OK);
	client_close(&c);
}

/* ---- errors ---- */

static const struct {
	const char *status, *headers, *body;
	enum publish_answer answer;
	const char *says;
} errors[] = {
	{"403 Forbidden", "", "<Error><Code>AccessDenied</Code></Error>", ANSWER_FAILED, "s3:PutObject"},
	{"403 Forbidden", "", "", ANSWER_FAILED, "access is denied"},
	{"403 Forbidden", "", "<Error><Code>SignatureDoesNotMatch</Code></Error>", ANSWER_FAILED,
		"AWS_SECRET_ACCESS_KEY"},
	{"403 Forbidden", "", "<Error><Code>InvalidAccessKeyId</Code></Error>", ANSWER_FAILED,
		"does not know the key"},
	{"403 Forbidden", "", "<Error><Code>QuotaExceeded</Code></Error>", ANSWER_FAILED, "make room"},
	{"403 Forbidden", "",
		"<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2026-01-02T03:04:05Z</ServerTime></Error>",
		ANSWER_FAILED, "it is 2026-01-02T03:04:05Z there and 2"},
	{"403 Forbidden", "Date: Sun, 22 Nov 2026 17:52:10 GMT\r\n",
		"<Error><Code>RequestTimeTooSkewed</Code></Error>", ANSWER_FAILED,
		"it is Sun, 22 Nov 2026 17:52:10 GMT there"},
	{"404 Not Found", "", "<Error><Code>NoSuchBucket</Code></Error>", ANSWER_FAILED,
		"there is no such bucket"},
	{"400 Bad Request", "", "<Error><Code>ExpiredToken</Code></Error>", ANSWER_FAILED,
		"AWS_SESSION_TOKEN"},
	{"400 Bad Request", "", "<Error><Code>EntityTooLarge</Code></Error>", ANSWER_FAILED,
		"larger than the server takes"},
	{"400 Bad Request", "",
		"<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-north-1</Region></Error>",
		ANSWER_FAILED, "“region: eu-north-1”"},
	{"301 Moved Permanently", "x-amz-bucket-region: eu-west-1\r\n", "", ANSWER_FAILED,
		"“region: eu-west-1”"},
	{"301 Moved Permanently", "Location: http://127.0.0.1:1/\r\n", "", ANSWER_FAILED,
		"region and endpoint"},
	{"400 Bad Request", "", "<Error><Code>Odd</Code><Message>what it says</Message></Error>",
		ANSWER_FAILED, "the server answered 400 Odd (what it says)"},
	{"418 I'm a teapot", "", "<html>", ANSWER_FAILED, "the server answered 418"},
	{"503 Slow Down", "Retry-After: 7\r\n", "<Error><Code>SlowDown</Code></Error>", ANSWER_AGAIN,
		"fewer requests"},
	{"500 Internal Server Error", "", "", ANSWER_AGAIN, "the server answered 500"},
	{"400 Bad Request", "", "<Error><Code>RequestTimeout</Code></Error>", ANSWER_AGAIN,
		"waited too long"},
	{"400 Bad Request", "", "<Error><Code>BadDigest</Code></Error>", ANSWER_AGAIN, "changed on the way"},
	{"409 Conflict", "", "<Error><Code>ConditionalRequestConflict</Code></Error>", ANSWER_AGAIN,
		"in the same moment"},
};

static void test_errors(void **state)
{
	struct client c;
	char *root = temp_new(), answer[2000];
	struct publish_job job;

	(void)state;
	client_open(&c);
	job = job_for(&c, root, "<p>new");
	job.fresh = false;
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		snprintf(answer, sizeof(answer), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n%s",
			errors[i].status, strlen(errors[i].body), errors[i].headers, errors[i].body);
		bucket->answer = answer;
		buf_clear(&c.why);
		assert_int_equal(c.b->ops->put(c.l, &job), errors[i].answer);
		says(&c, errors[i].says);
		says(&c, "cannot write s3://bkt/site/sv/a b.html: ");
		assert_int_equal(c.l->retry_after, strstr(errors[i].headers, "Retry-After") ? 7 : 0);
	}
	assert_int_equal(c.b->ops->put(c.l, &job), ANSWER_OK);
	client_close(&c);
	temp_free(root);
}

/* An answer that was cut short is no answer: a manifest must not become an empty one. */
static void test_cut_answer(void **state)
{
	struct client c;
	struct buf text;

	(void)state;
	client_open(&c);
	buf_init(&text, 4096);
	bucket_put(bucket, "bkt/site/" PUBLISH_MANIFEST, "a manifest");
	bucket->answer = "HTTP/1.1 200 OK\r\n";
	bucket->hang_up = true;
	assert_int_equal(c.b->ops->read(c.l, PUBLISH_MANIFEST, 100, &text), ANSWER_AGAIN);
	assert_int_equal(text.n, 0);
	buf_release(&text);
	client_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_addresses_refused),
		cmocka_unit_test_setup_teardown(test_lock, start, stop),
		cmocka_unit_test_setup_teardown(test_lock_race, start, stop),
		cmocka_unit_test_setup_teardown(test_lock_lost_answer, start, stop),
		cmocka_unit_test_setup_teardown(test_lock_leaves_nothing, start, stop),
		cmocka_unit_test_setup_teardown(test_manifest, start, stop),
		cmocka_unit_test_setup_teardown(test_read_ceiling, start, stop),
		cmocka_unit_test_setup_teardown(test_put, start, stop),
		cmocka_unit_test_setup_teardown(test_put_without_conditions, start, stop),
		cmocka_unit_test_setup_teardown(test_put_changed, start, stop),
		cmocka_unit_test_setup_teardown(test_kept, start, stop),
		cmocka_unit_test_setup_teardown(test_list_and_digest, start, stop),
		cmocka_unit_test_setup_teardown(test_errors, start, stop),
		cmocka_unit_test_setup_teardown(test_cut_answer, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
