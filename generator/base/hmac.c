#include "base/hmac.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

struct digest hmac_sha256(struct str key, struct str message)
{
	struct digest d;
	unsigned n = 0;

	if (key.n > INT_MAX)
		BUG("a key of %zu bytes", key.n);
	if (!HMAC(EVP_sha256(), key.p ? key.p : "", (int)key.n,
		    (const unsigned char *)(message.p ? message.p : ""), message.n, d.bytes, &n) ||
		n != sizeof(d.bytes))
		die("libcrypto has no HMAC with SHA-256");
	return d;
}
