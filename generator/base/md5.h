/*
 * md5: a checksum against accidents (RFC 1321), by libcrypto. It proves nothing to anybody who means harm:
 * that is what digest.h is for. Where a system's policy has no MD5 nothing is known.
 */
#ifndef BASE_MD5_H
#define BASE_MD5_H

#include "base/str.h"

#define MD5_HEX 32
#define MD5_BASE64 24

struct md5 {
	bool known; /* false: libcrypto may not compute it here */
	uint8_t bytes[16];
};

struct md5 md5_of(struct str bytes);
/* Lower-case hex, and base64 as Content-MD5 wants it, with a NUL. */
void md5_hex(const struct md5 *m, char out[MD5_HEX + 1]);
void md5_base64(const struct md5 *m, char out[MD5_BASE64 + 1]);

/* In steps. One md5_run is one thread's. */
struct md5_run;
struct md5_run *md5_run_new(void);
void md5_run_add(struct md5_run *run, struct str bytes);
struct md5 md5_run_free(struct md5_run *run); /* finishes and frees */

#endif
