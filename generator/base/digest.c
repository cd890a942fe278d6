#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

struct digest_run {
	EVP_MD_CTX *ctx;
};

static const EVP_MD *sha256;

/* Fetched once: looking the algorithm up costs more than hashing a page. */
__attribute__((constructor)) static void fetch_sha256(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

struct digest_run *digest_run_new(void)
{
	struct digest_run *run = xmalloc(sizeof(*run));

	run->ctx = EVP_MD_CTX_new();
	if (!sha256 || !run->ctx || EVP_DigestInit_ex2(run->ctx, sha256, NULL) != 1)
		die("libcrypto has no SHA-256");
	return run;
}

void digest_run_add(struct digest_run *run, struct str bytes)
{
	if (bytes.n && EVP_DigestUpdate(run->ctx, bytes.p, bytes.n) != 1)
		die("libcrypto failed in SHA-256");
}

struct digest digest_run_peek(const struct digest_run *run)
{
	struct digest_run *copy = digest_run_new();

	if (EVP_MD_CTX_copy_ex(copy->ctx, run->ctx) != 1)
		die("libcrypto failed in SHA-256");
	return digest_run_free(copy);
}

struct digest digest_run_free(struct digest_run *run)
{
	struct digest d;

	if (EVP_DigestFinal_ex(run->ctx, d.bytes, NULL) != 1)
		die("libcrypto failed in SHA-256");
	EVP_MD_CTX_free(run->ctx);
	free(run);
	return d;
}

struct digest digest_of(struct str bytes)
{
	struct digest_run *run = digest_run_new();

	digest_run_add(run, bytes);
	return digest_run_free(run);
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
	return digest_cmp(a, b) == 0;
}

int digest_cmp(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

void digest_hex(const struct digest *d, char out[DIGEST_HEX + 1])
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(d->bytes); i++) {
		out[2 * i] = hex[d->bytes[i] >> 4];
		out[2 * i + 1] = hex[d->bytes[i] & 15];
	}
	out[DIGEST_HEX] = 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool digest_parse(struct str hex, struct digest *out)
{
	struct digest d;

	if (hex.n != DIGEST_HEX)
		return false;
	for (size_t i = 0; i < sizeof(d.bytes); i++) {
		int high = nibble(hex.p[2 * i]), low = nibble(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		d.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*out = d;
	return true;
}

void digest_base64(const struct digest *d, char out[45])
{
	EVP_EncodeBlock((unsigned char *)out, d->bytes, sizeof(d->bytes));
}

void digest_hmac_sha1(struct str key, struct str text, uint8_t out[DIGEST_SHA1_BYTES])
{
	unsigned n = 0;

	if (!HMAC(EVP_sha1(), key.n ? key.p : "", (int)key.n, (const unsigned char *)(text.n ? text.p : ""),
		    text.n, out, &n) ||
		n != DIGEST_SHA1_BYTES)
		die("libcrypto failed in HMAC-SHA1");
}
