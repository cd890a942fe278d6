#include "base/address.h"
#include "support/check.h"

static void parts_are_found(void **state)
{
	(void)state;
	assert_text(address_scheme(STR("sftp://a")), "sftp");
	assert_text(address_scheme(STR("file:x")), "file");
	assert_text(address_scheme(STR("/a:b")), "");
	assert_text(address_scheme(STR(":a")), "");
	assert_text(address_scheme(STR("plain")), "");
	assert_text(address_authority(STR("sftp://me@h:22/p")), "me@h:22");
	assert_text(address_authority(STR("file:/p")), "");
	assert_text(address_user(STR("sftp://me@h:22/p@q")), "me");
	assert_text(address_user(STR("sftp://a@b@h/p")), "a@b");
	assert_text(address_user(STR("sftp://h/p@q")), "");
}

static void passwords_are_recognized(void **state)
{
	static const char *const with[] = {"sftp://a:b@h/", "https://:b@h", "ftp://a:@h", "dav://a:b/c@h/"};
	static const char *const without[] = {"sftp://a@h:22/", "https://h:8443/a:b@c", "file:/a:b@c",
		"sftp://[::1]:22/", "sftp://a@[fe80::1]/", ""};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(with); i++)
		assert_true(address_has_password(str_from(with[i])));
	for (size_t i = 0; i < COUNT_OF(without); i++)
		assert_false(address_has_password(str_from(without[i])));
}

static void a_base_is_a_plain_web_address(void **state)
{
	static const char *const good[] = {"https://h", "http://h:80/a/b/", "https://xn--4ca.example/"};
	static const char *const bad[] = {"", "h", "ftp://h/", "https://", "https:///a", "https://h/?a",
		"https://h/#a", "https://u@h/", "https://h/a b", "https:h"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		assert_true(address_is_base(str_from(good[i])));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(address_is_base(str_from(bad[i])));
	assert_false(address_is_base(str_make("https://h/\0", 11)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_found),
		cmocka_unit_test(passwords_are_recognized),
		cmocka_unit_test(a_base_is_a_plain_web_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
