/* What an FTP target is refused for before any server is asked, and what is said about certificates. */
#include "action/publish_site.h"

#include "action/publish_backend.h"
#include "action/publish_tls.h"

#include <curl/curl.h>

static struct arena arena;
static struct buf why;

static void opens(struct publish_settings settings, const char *refusal)
{
	struct publish_backend base = {
		.arena = &arena, .fs = fs_real(), .why = &why, .settings = &settings, .from = "/nowhere"};
	struct publish_backend *b;

	buf_clear(&why);
	b = publish_backend_open(&base);
	if (!refusal && !b)
		fail_msg("%.*s", STR_ARG(buf_str(&why)));
	if (refusal && (b || str_find(buf_str(&why), str_from(refusal)) == why.n))
		fail_msg("“%.*s” does not say “%s”", STR_ARG(buf_str(&why)), refusal);
	if (b)
		b->ops->close(b);
}

static void test_open(void **state)
{
	(void)state;
	opens((struct publish_settings){.url = STR("ftps://anna@example.org/www"), .password = "x"}, NULL);
	opens(
		(struct publish_settings){
			.url = STR("ftp://example.org//srv/www"), .user = "anna", .password = "x"},
		NULL);
	opens((struct publish_settings){.url = STR("ftps://[::1]:990/"), .user = "anna", .password = "x"},
		NULL);
	opens((struct publish_settings){.url = STR("ftps://example.org/www"), .netrc = true}, NULL);
	opens((struct publish_settings){.url = STR("ftps://anna@example.org/www")}, "FAKTABLAD_PASSWORD");
	opens((struct publish_settings){.url = STR("ftps://anna@example.org/www"), .password = ""},
		"FAKTABLAD_PASSWORD");
	opens((struct publish_settings){.url = STR("ftps://example.org/www"), .password = "x"},
		"FAKTABLAD_USER");
	opens((struct publish_settings){.url = STR("ftps://anna:hemligt@example.org/www")}, "password");
	opens((struct publish_settings){.url = STR("ftps:///www"), .user = "anna", .password = "x"},
		"names no server");
	assert_int_equal(str_find(buf_str(&why), STR("hemligt")), why.n);
}

static void explains(int code, const char *text, const char *wanted)
{
	buf_clear(&why);
	assert_true(publish_tls_explain(&why, code, text, "ftps://h/", "/etc/ca.pem"));
	if (str_find(buf_str(&why), str_from(wanted)) == why.n)
		fail_msg("“%.*s” does not say “%s”", STR_ARG(buf_str(&why)), wanted);
}

static void test_certificates(void **state)
{
	(void)state;
	explains(CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: certificate has expired",
		"renew it");
	explains(CURLE_PEER_FAILED_VERIFICATION,
		"SSL certificate problem: unable to get local issuer certificate", "ca_file");
	explains(CURLE_PEER_FAILED_VERIFICATION,
		"SSL certificate problem: self-signed certificate in certificate chain", "ca_file");
	explains(CURLE_PEER_FAILED_VERIFICATION,
		"SSL: no alternative certificate subject name matches target host name 'x'", "another name");
	explains(CURLE_PEER_FAILED_VERIFICATION, "something new", "something new");
	explains(CURLE_SSL_CACERT_BADFILE, "error setting certificate file", "/etc/ca.pem");
	buf_clear(&why);
	assert_false(publish_tls_explain(&why, CURLE_COULDNT_CONNECT, "refused", "h", NULL));
	assert_int_equal(why.n, 0);
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
	buf_release(&why);
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_certificates),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
