#include "base/md5.h"

#include <openssl/evp.h>

struct md5_run {
	EVP_MD_CTX *ctx;
	bool known;
};

static EVP_MD *md5;

/* Fetched once, as digest.c does. */
__attribute__((constructor)) static void fetch_md5(void)
{
	md5 = EVP_MD_fetch(NULL, "MD5", NULL);
}

struct md5_run *md5_run_new(void)
{
	struct md5_run *run = xmalloc(sizeof(*run));

	run->ctx = EVP_MD_CTX_new();
	if (!run->ctx)
		die("libcrypto is out of memory");
	run->known = md5 && EVP_DigestInit_ex2(run->ctx, md5, NULL) == 1;
	return run;
}

void md5_run_add(struct md5_run *run, struct str bytes)
{
	if (run->known && bytes.n)
		run->known = EVP_DigestUpdate(run->ctx, bytes.p, bytes.n) == 1;
}

struct md5 md5_run_free(struct md5_run *run)
{
	struct md5 m = {0};

	m.known = run->known && EVP_DigestFinal_ex(run->ctx, m.bytes, NULL) == 1;
	EVP_MD_CTX_free(run->ctx);
	free(run);
	return m;
}

struct md5 md5_of(struct str bytes)
{
	struct md5_run *run = md5_run_new();

	md5_run_add(run, bytes);
	return md5_run_free(run);
}

void md5_hex(const struct md5 *m, char out[MD5_HEX + 1])
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(m->bytes); i++) {
		out[2 * i] = hex[m->bytes[i] >> 4];
		out[2 * i + 1] = hex[m->bytes[i] & 15];
	}
	out[MD5_HEX] = 0;
}

void md5_base64(const struct md5 *m, char out[MD5_BASE64 + 1])
{
	EVP_EncodeBlock((unsigned char *)out, m->bytes, sizeof(m->bytes));
}
