/*
 * digest: SHA-256 (FIPS 180-4), by libcrypto.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/str.h"

#define DIGEST_HEX 64

struct digest {
	uint8_t bytes[32];
};

struct digest digest_of(struct str bytes);
bool digest_eq(const struct digest *a, const struct digest *b);
int digest_cmp(const struct digest *a, const struct digest *b);
/* Lower-case hex, with a NUL. */
void digest_hex(const struct digest *d, char out[DIGEST_HEX + 1]);
bool digest_parse(struct str hex, struct digest *out) MUST_USE;

/* Base64 (RFC 4648), as CSP hashes want it; 44 characters and a NUL. */
void digest_base64(const struct digest *d, char out[45]);

/* HMAC-SHA1 (RFC 2104): only for the hashed names of SSH's known_hosts. */
#define DIGEST_SHA1_BYTES 20
void digest_hmac_sha1(struct str key, struct str text, uint8_t out[DIGEST_SHA1_BYTES]);

/* In steps. One digest_run is one thread's. */
struct digest_run;
struct digest_run *digest_run_new(void);
void digest_run_add(struct digest_run *run, struct str bytes);
struct digest digest_run_peek(const struct digest_run *run); /* of what was added so far */
struct digest digest_run_free(struct digest_run *run); /* finishes and frees */

#endif
