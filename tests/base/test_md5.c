#include "base/md5.h"
#include "support/check.h"

/* RFC 1321, A.5. */
static void test_md5(void **state)
{
	struct md5_run *run = md5_run_new();
	struct md5 m = md5_of(STR("message digest")), none = md5_of(STR(""));
	char hex[MD5_HEX + 1], base64[MD5_BASE64 + 1];

	(void)state;
	assert_true(m.known);
	md5_hex(&m, hex);
	assert_string_equal(hex, "f96b697d7cb7938d525a2f31aaf161d0");
	md5_run_add(run, STR("message "));
	md5_run_add(run, STR(""));
	md5_run_add(run, STR("digest"));
	m = md5_run_free(run);
	md5_base64(&m, base64);
	assert_string_equal(base64, "+WtpfXy3k41SWi8xqvFh0A==");
	md5_hex(&none, hex);
	assert_string_equal(hex, "d41d8cd98f00b204e9800998ecf8427e");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_md5),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
