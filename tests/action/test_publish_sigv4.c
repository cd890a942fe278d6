#include "action/publish_sigv4.h"
#include "support/check.h"

/* The examples of Amazon's documentation, “Authenticating Requests: Using the Authorization Header”. */

static struct arena arena;

static const struct publish_sigv4_key key = {
	.id = STR_INIT("AKIAIOSFODNN7EXAMPLE"),
	.secret = STR_INIT("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
	.region = STR_INIT("us-east-1"),
	.service = STR_INIT("s3"),
};

#define NOON 1369353600 /* 2013-05-24T00:00:00Z */

static struct publish_sigv4_request request_for(const char *method, const char *path, struct str body)
{
	return (struct publish_sigv4_request){
		.method = str_from(method),
		.host = STR("examplebucket.s3.amazonaws.com"),
		.path = str_from(path),
		.payload = digest_of(body),
		.now = NOON,
	};
}

static void signs(const struct publish_sigv4_request *r, const char *signature)
{
	struct publish_sigv4_signed out;

	publish_sigv4_sign(&out, &arena, &key, r);
	assert_string_equal(out.signature, signature);
}

static void test_get(void **state)
{
	static const struct publish_header headers[] = {{STR_INIT("Range"), STR_INIT("bytes=0-9")}};
	struct publish_sigv4_request r = request_for("GET", "/test.txt", STR(""));

	(void)state;
	r.headers = headers;
	r.header_count = COUNT_OF(headers);
	signs(&r, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

static void test_put(void **state)
{
	static const struct publish_header headers[] = {
		{STR_INIT("x-amz-storage-class"), STR_INIT("REDUCED_REDUNDANCY")},
		{STR_INIT("Date"), STR_INIT("Fri, 24 May 2013 00:00:00 GMT")},
	};
	struct publish_sigv4_request r =
		request_for("PUT", "/test%24file.text", STR("Welcome to Amazon S3."));

	(void)state;
	r.headers = headers;
	r.header_count = COUNT_OF(headers);
	signs(&r, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

static void test_query_without_value(void **state)
{
	static const struct publish_header query[] = {{STR_INIT("lifecycle"), STR_INIT("")}};
	struct publish_sigv4_request r = request_for("GET", "/", STR(""));

	(void)state;
	r.query = query;
	r.query_count = COUNT_OF(query);
	signs(&r, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

static void test_query(void **state)
{
	static const struct publish_header query[] = {
		{STR_INIT("prefix"), STR_INIT("J")},
		{STR_INIT("max-keys"), STR_INIT("2")},
	};
	struct publish_sigv4_request r = request_for("GET", "/", STR(""));

	(void)state;
	r.query = query;
	r.query_count = COUNT_OF(query);
	signs(&r, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

/* ---- what those do not show ---- */

static void test_query_is_encoded_and_sorted(void **state)
{
	static const struct publish_header query[] = {
		{STR_INIT("prefix"), STR_INIT("a b/å+=&")},
		{STR_INIT("delimiter"), STR_INIT("/")},
		{STR_INIT("Uploads"), STR_INIT("")},
	};
	struct publish_sigv4_request r = request_for("GET", "/", STR(""));
	struct publish_sigv4_signed out;

	(void)state;
	r.query = query;
	r.query_count = COUNT_OF(query);
	publish_sigv4_sign(&out, &arena, &key, &r);
	assert_string_equal(
		str_z(&arena, out.query), "Uploads=&delimiter=%2F&prefix=a%20b%2F%C3%A5%2B%3D%26");
}

static void test_canonical_request(void **state)
{
	static const struct publish_header headers[] = {
		{STR_INIT("x-amz-meta-b"), STR_INIT("")},
		{STR_INIT("Content-Type"), STR_INIT("  text/html;   charset=utf-8 ")},
	};
	struct publish_sigv4_key with_session = key;
	struct publish_sigv4_request r = request_for("PUT", "/a%20b", STR("x"));
	struct publish_sigv4_signed out;

	(void)state;
	with_session.session = STR("SESSION+/=");
	r.headers = headers;
	r.header_count = COUNT_OF(headers);
	publish_sigv4_sign(&out, &arena, &with_session, &r);
	assert_string_equal(str_z(&arena, out.canonical),
		"PUT\n/a%20b\n\n"
		"content-type:text/html; charset=utf-8\n"
		"host:examplebucket.s3.amazonaws.com\n"
		"x-amz-content-sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n"
		"x-amz-date:20130524T000000Z\n"
		"x-amz-meta-b:\n"
		"x-amz-security-token:SESSION+/=\n\n"
		"content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-b;x-amz-security-token\n"
		"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
}

/* What is sent is what was signed; libcurl sends Host itself; the secret is nowhere. */
static void test_lines(void **state)
{
	static const struct publish_header headers[] = {
		{STR_INIT("x-amz-meta-b"), STR_INIT("")},
		{STR_INIT("Content-Type"), STR_INIT("text/html;  charset=utf-8")},
	};
	struct publish_sigv4_request r = request_for("PUT", "/a", STR("x"));
	struct publish_sigv4_signed out;

	(void)state;
	r.headers = headers;
	r.header_count = COUNT_OF(headers);
	publish_sigv4_sign(&out, &arena, &key, &r);
	assert_int_equal(out.line_count, 5);
	assert_string_equal(out.lines[0], "content-type: text/html; charset=utf-8");
	assert_string_equal(out.lines[2], "x-amz-date: 20130524T000000Z");
	assert_string_equal(out.lines[3], "x-amz-meta-b;");
	assert_true(str_starts(str_from(out.lines[4]),
		STR("Authorization: AWS4-HMAC-SHA256 "
		    "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
		    "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-b,Signature=")));
	for (size_t i = 0; i < out.line_count; i++)
		assert_null(strstr(out.lines[i], "wJalr"));
}

static void test_time(void **state)
{
	char out[PUBLISH_SIGV4_TIME + 1];

	(void)state;
	publish_sigv4_time(NOON + 86399, out);
	assert_string_equal(out, "20130524T235959Z");
	publish_sigv4_time(0, out);
	assert_string_equal(out, "19700101T000000Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_query_without_value),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_query_is_encoded_and_sorted),
		cmocka_unit_test(test_canonical_request),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_time),
	};
	int failed;

	arena_init(&arena, ARENA_DEFAULT);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return failed;
}
