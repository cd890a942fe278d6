/* Host keys: known, unknown, changed, revoked; names with ports, patterns and hashes. Keys made for this test by ssh-keygen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "action/publish_host.h"
#include "base/digest.h"

#define ED "AAAAC3NzaC1lZDI1NTE5AAAAIE7dhqhgQTjk0EdLYRChmwD9kPAIwgGB6u8Bi4PxVmNT"
#define ED_PRINT "ED25519 SHA256:GkFlIXS4hbZuUiN1rcEOx7CaAYv5b/sgtuIJ1ImYPgw"
#define OTHER "AAAAC3NzaC1lZDI1NTE5AAAAIE7dhqhgQTjk0EdLYRChmwD9kPAIwgGB6u8Bi4PxVmNU"

static struct arena arena;
static struct buf why;

static struct host_known known(const char *host, unsigned port, const char *text)
{
	struct host_known k = {.host = str_from(host), .port = port, .file = "known_hosts"};

	host_known_read(&k, &arena, str_from(text));
	return k;
}

static enum host_verdict judge_key(const char *host, unsigned port, const char *text, const char *key)
{
	struct host_known k = known(host, port, text);
	struct buf raw;
	enum host_verdict verdict;

	buf_init(&raw, 4096);
	buf_clear(&why);
	assert_true(base64_decode(&raw, str_from(key)));
	verdict = host_known_judge(&k, buf_str(&raw), &why);
	assert_int_equal(verdict == HOST_KNOWN, why.n == 0);
	buf_release(&raw);
	return verdict;
}

static enum host_verdict judge(const char *host, unsigned port, const char *text)
{
	return judge_key(host, port, text, ED);
}

static void test_base64(void **state)
{
	static const char *const pairs[][2] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe\xfd\xfc", "//79/A=="}};
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		buf_clear(&b);
		base64_encode(&b, str_from(pairs[i][0]));
		assert_true(str_is(buf_str(&b), pairs[i][1]));
		buf_clear(&b);
		assert_true(base64_decode(&b, str_from(pairs[i][1])));
		assert_true(str_is(buf_str(&b), pairs[i][0]));
	}
	assert_false(base64_decode(&b, STR("Zm9v!")));
	assert_false(base64_decode(&b, STR("Zm9v Zm9v")));
	buf_release(&b);
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(judge("web.example.org", 22, "web.example.org ssh-ed25519 " ED "\n"), HOST_KNOWN);
	assert_int_equal(
		judge("web.example.org", 22, "# x\n\nother,WEB.example.org\tssh-ed25519\t" ED " me@here\r\n"),
		HOST_KNOWN);
	assert_int_equal(judge("web.example.org", 22, "*.example.org ssh-ed25519 " ED), HOST_KNOWN);
	assert_int_equal(judge("web.example.org", 22, "*.example.org,!web.* ssh-ed25519 " ED), HOST_UNKNOWN);
	assert_int_equal(judge("web.example.org", 22, "web?example.org ssh-ed25519 " ED), HOST_KNOWN);
	assert_int_equal(judge("web.example.org", 22, "eb.example.org ssh-ed25519 " ED), HOST_UNKNOWN);
	assert_int_equal(judge("web.example.org", 22, "@cert-authority * ssh-ed25519 " ED), HOST_UNKNOWN);
	assert_int_equal(judge("web.example.org", 22, "web.example.org"), HOST_UNKNOWN);
}

static void test_ports(void **state)
{
	(void)state;
	assert_int_equal(judge("web", 2222, "[web]:2222 ssh-ed25519 " ED), HOST_KNOWN);
	assert_int_equal(judge("web", 2222, "[web]:2223 ssh-ed25519 " ED), HOST_UNKNOWN);
	assert_int_equal(judge("web", 22, "[web]:2222 ssh-ed25519 " ED), HOST_UNKNOWN);
	/* Without a line for the port, the plain name's. */
	assert_int_equal(judge("web", 2222, "web ssh-ed25519 " ED), HOST_KNOWN);
	assert_int_equal(
		judge("web", 2222, "web ssh-ed25519 " ED "\n[web]:2222 ssh-ed25519 " OTHER), HOST_CHANGED);
	assert_int_equal(judge("::1", 22, "::1 ssh-ed25519 " ED), HOST_KNOWN);
}

/* ssh-keygen -H: |1|salt|HMAC-SHA1 of the name; of "web.example.org" and "[web]:2222", with the salt 0, 1, … 19. */
static void test_hashed(void **state)
{
	static const char salt[] = "AAECAwQFBgcICQoLDA0ODxAREhM=";
	char line[512];
	uint8_t code[DIGEST_SHA1_BYTES];
	struct buf key, text;

	(void)state;
	buf_init(&key, 256);
	buf_init(&text, 256);
	assert_true(base64_decode(&key, str_from(salt)));
	digest_hmac_sha1(buf_str(&key), STR("[web]:2222"), code);
	base64_encode(&text, str_make((const char *)code, sizeof(code)));
	snprintf(line, sizeof(line), "|1|%s|%s ssh-ed25519 " ED, salt, text.p);
	assert_int_equal(judge("web", 2222, line), HOST_KNOWN);
	assert_int_equal(judge("web", 22, line), HOST_UNKNOWN);
	assert_int_equal(judge("web", 2222, "|1| ssh-ed25519 " ED), HOST_UNKNOWN);
	assert_int_equal(judge("web", 2222, "|1|!!|AA ssh-ed25519 " ED), HOST_UNKNOWN);
	buf_release(&key);
	buf_release(&text);
}

/* RFC 2202, case 2. */
static void test_hmac(void **state)
{
	static const uint8_t right[DIGEST_SHA1_BYTES] = {0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2,
		0x74, 0x16, 0xd5, 0xf1, 0x84, 0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79};
	uint8_t code[DIGEST_SHA1_BYTES];

	(void)state;
	digest_hmac_sha1(STR("Jefe"), STR("what do ya want for nothing?"), code);
	assert_memory_equal(code, right, sizeof(code));
}

static void test_sentences(void **state)
{
	(void)state;
	assert_int_equal(judge("web", 2222, ""), HOST_UNKNOWN);
	assert_non_null(strstr(why.p, "the host key of web is not known: " ED_PRINT));
	assert_non_null(strstr(why.p, "add this line to known_hosts: [web]:2222 ssh-ed25519 " ED));
	assert_int_equal(judge("web", 22, "web ssh-rsa AAAAB3NzaC1yc2E"), HOST_UNKNOWN);
	assert_non_null(strstr(why.p, "while known_hosts has a key of another kind"));
	assert_non_null(strstr(why.p, ": web ssh-ed25519 " ED));
	assert_int_equal(judge("web", 22, "web ssh-ed25519 " OTHER), HOST_CHANGED);
	assert_non_null(strstr(why.p, "has CHANGED: it was ED25519 SHA256:"));
	assert_non_null(strstr(why.p, " and is now " ED_PRINT));
	/* Revoked beats known. */
	assert_int_equal(
		judge("web", 22, "web ssh-ed25519 " ED "\n@revoked * ssh-ed25519 " ED), HOST_REVOKED);
	assert_non_null(strstr(why.p, "REVOKED"));
	/* A key of no form at all is no reason to trust anybody. */
	assert_int_equal(judge_key("web", 22, "web ssh-ed25519 " ED, "/////w=="), HOST_UNKNOWN);
}

static void test_kinds(void **state)
{
	struct host_known k = known(
		"web", 22, "web ssh-rsa AAAA\nweb ecdsa-sha2-nistp256 AAAB\n@revoked web ssh-ed25519 AAAC\n");

	(void)state;
	assert_true(str_is(host_known_kind(&k), "ecdsa-sha2-nistp256"));
	k = known("web", 22, "web ssh-rsa AAAA\n");
	assert_int_equal(host_known_kind(&k).n, 0);
	k = known("web", 22, "web ecdsa-sha2-nistp256 AAAB\nweb ssh-ed25519 " ED);
	assert_true(str_is(host_known_kind(&k), "ssh-ed25519"));
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_DEFAULT);
	buf_init(&why, 1 << 20);
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
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_hashed),
		cmocka_unit_test(test_hmac),
		cmocka_unit_test(test_sentences),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
