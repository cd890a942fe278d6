#include "base/hmac.h"
#include "support/check.h"

static void is(struct str key, struct str message, const char *wanted)
{
	struct digest d = hmac_sha256(key, message);
	char hex[DIGEST_HEX + 1];

	digest_hex(&d, hex);
	assert_string_equal(hex, wanted);
}

/* RFC 4231, test cases 2 and 6. */
static void test_hmac(void **state)
{
	char long_key[131];

	(void)state;
	is(STR("Jefe"), STR("what do ya want for nothing?"),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(long_key, 0xaa, sizeof(long_key));
	is(str_make(long_key, sizeof(long_key)),
		STR("Test Using Larger Than Block-Size Key - Hash Key First"),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	is(STR(""), STR(""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hmac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
