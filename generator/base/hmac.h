/*
 * hmac: keyed hashes (RFC 2104) with SHA-256, by libcrypto.
 */
#ifndef BASE_HMAC_H
#define BASE_HMAC_H

#include "base/digest.h"

struct digest hmac_sha256(struct str key, struct str message);

#endif
