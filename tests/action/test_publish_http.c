#include "action/publish_site.h"

#include "action/publish_http.h"

static struct buf why;

static void test_answers(void **state)
{
	static const struct {
		long status;
		enum publish_answer answer;
	} rows[] = {
		{200, ANSWER_OK},
		{201, ANSWER_OK},
		{204, ANSWER_OK},
		{207, ANSWER_OK},
		/* Never followed, never tried again. */
		{301, ANSWER_FAILED},
		{302, ANSWER_FAILED},
		{304, ANSWER_FAILED},
		{307, ANSWER_FAILED},
		{400, ANSWER_FAILED},
		{401, ANSWER_FAILED},
		{403, ANSWER_FAILED},
		{404, ANSWER_ABSENT},
		{405, ANSWER_FAILED},
		{409, ANSWER_FAILED},
		{410, ANSWER_ABSENT},
		{412, ANSWER_TAKEN},
		{413, ANSWER_FAILED},
		{422, ANSWER_FAILED},
		{507, ANSWER_FAILED},
		/* May pass. */
		{408, ANSWER_AGAIN},
		{423, ANSWER_AGAIN},
		{429, ANSWER_AGAIN},
		{500, ANSWER_AGAIN},
		{502, ANSWER_AGAIN},
		{503, ANSWER_AGAIN},
		{504, ANSWER_AGAIN},
		/* No such status. */
		{0, ANSWER_FAILED},
		{100, ANSWER_FAILED},
		{418, ANSWER_FAILED},
		{599, ANSWER_FAILED},
		{999, ANSWER_FAILED},
		{-1, ANSWER_FAILED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (publish_http_answer(rows[i].status) != rows[i].answer)
			fail_msg("%ld gives %d", rows[i].status, (int)publish_http_answer(rows[i].status));
}

static void says(long status, const char *credentials, const char *word)
{
	struct publish_http_about about = {.doing = "send",
		.where = "davs://host",
		.credentials = credentials,
		.kind = "a WebDAV folder"};

	buf_clear(&why);
	publish_http_add_status(&why, &about, status);
	if (str_find(buf_str(&why), str_from(word)) == why.n)
		fail_msg("%ld: “%s” does not say “%s”", status, why.p, word);
}

static void test_what_to_do(void **state)
{
	(void)state;
	says(401, "FAKTABLAD_PASSWORD", "come from FAKTABLAD_PASSWORD");
	says(401, NULL, "it wants a user and a password");
	says(403, NULL, "403 Forbidden: the user has no right");
	says(405, NULL, "is not a WebDAV folder");
	says(501, NULL, "is not a WebDAV folder");
	says(413, NULL, "client_max_body_size");
	says(500, NULL, "error log");
	says(507, NULL, "quota");
	says(418, NULL, "the server answered 418");
}

static void test_no_server(void **state)
{
	static const struct publish_http_about about = {
		.doing = "send", .what = STR_INIT("sv/index.html"), .where = "davs://127.0.0.1"};
	struct publish_curl *c = publish_curl_new("http", NULL, NULL);
	unsigned retry = 7;

	(void)state;
	buf_clear(&why);
	publish_curl_begin(c, "http://127.0.0.1:1/");
	assert_int_equal(publish_http_judge(c, publish_curl_perform(c), &about, &why, &retry), ANSWER_AGAIN);
	assert_int_equal(retry, 0);
	assert_true(str_starts(buf_str(&why), STR("cannot send sv/index.html to davs://127.0.0.1: ")));
	assert_true(str_find(buf_str(&why), STR("onnect")) < why.n);
	publish_curl_free(c);
}

static int setup(void **state)
{
	(void)state;
	buf_init(&why, BUF_MAX_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&why);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_what_to_do),
		cmocka_unit_test(test_no_server),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
