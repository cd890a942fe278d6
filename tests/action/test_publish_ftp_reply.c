#include "action/publish_site.h"

#include "action/publish_ftp_reply.h"

static struct ftp_reply heard(const char *lines)
{
	struct ftp_reply r = {0};
	struct str rest = str_from(lines), line;

	while (str_cut(&rest, '\n', &line))
		ftp_reply_hear(&r, line);
	return r;
}

static void test_codes(void **state)
{
	struct ftp_reply r =
		heard("150 Ok to send data.\n226 Transfer complete.\n550 No.\n350 Go on.\n250 Done.");

	(void)state;
	assert_int_equal(r.code, 250);
	assert_string_equal(r.text, "Done.");
	assert_int_equal(r.renames, 1);
	assert_int_equal(r.done, 1);
	assert_int_equal(heard("250-One\n 250 two\n250-three").code, 0);
	assert_int_equal(heard("250").code, 250);
	assert_int_equal(heard("25").code, 0);
	assert_int_equal(heard("2500 x").code, 0);
	assert_int_equal(heard("").code, 0);
}

static void test_features(void **state)
{
	struct ftp_reply r = heard("211-Features:\n MLST type*;size*;\n UTF8\n211 End");

	(void)state;
	assert_true(r.mlst);
	assert_true(r.utf8);
	r = heard("211-Features:\n MDTM\n211 End");
	assert_false(r.mlst);
	assert_false(r.utf8);
}

static void test_size(void **state)
{
	struct ftp_reply r = heard("213 5000000000");

	(void)state;
	assert_int_equal(r.sizes, 1);
	assert_int_equal(r.size, 5000000000);
	assert_int_equal(heard("213 -1").sizes, 0);
	assert_int_equal(heard("213 20261122175700x").sizes, 0);
	assert_int_equal(heard("213").sizes, 0);
	assert_int_equal(heard("550 213 4").sizes, 0);
}

/* What ends up in a sentence on a terminal. */
static void test_text(void **state)
{
	struct ftp_reply r = heard("550 a\033[31mb\r\tc");
	char line[1024] = "550 ";

	(void)state;
	assert_string_equal(r.text, "a[31mbc");
	assert_string_equal(heard("550 \377").text, "");
	memset(line + 4, 'x', FTP_TEXT_MAX - 1);
	memcpy(line + 4 + FTP_TEXT_MAX - 1, "\303\245", 3);
	r = heard(line);
	assert_int_equal(strlen(r.text), FTP_TEXT_MAX - 1);
}

static void means(const char *line, enum publish_answer answer, const char *advice)
{
	struct ftp_reply r = heard(line);

	assert_int_equal(ftp_reply_answer(&r), answer);
	if (!strstr(ftp_reply_advice(&r), advice))
		fail_msg("%s: “%s” does not say “%s”", line, ftp_reply_advice(&r), advice);
}

static void test_meanings(void **state)
{
	(void)state;
	means("421 Too many connections", ANSWER_AGAIN, "");
	means("425 Cannot open", ANSWER_AGAIN, "");
	means("426 Closed", ANSWER_AGAIN, "");
	means("450 Busy", ANSWER_AGAIN, "");
	means("451 Failure writing to local file.", ANSWER_AGAIN, "may be full");
	means("452 No space", ANSWER_FAILED, "make room");
	means("552 Quota", ANSWER_FAILED, "make room");
	means("522 SSL connection failed; session reuse required", ANSWER_AGAIN, "session");
	means("550 Permission denied", ANSWER_FAILED, "the right");
	means("553 Could not create file.", ANSWER_FAILED, "the right");
	means("500 What?", ANSWER_FAILED, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_meanings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
