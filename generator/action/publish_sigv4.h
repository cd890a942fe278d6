/*
 * publish_sigv4: requests to S3, signed with AWS Signature Version 4.
 *
 * Pure: the clock is given, nothing is sent. S3 has its own reading of the standard: a path is encoded once and
 * its “.” and “//” stay, and the digest of what is sent is a header. Every header is signed, so none may be
 * added or changed afterwards. The secret is used for the key of the day only and stands in nothing that comes
 * out.
 *
 *	publish_sigv4_sign(&signed, &arena, &key, &request);
 *	url = https://HOST PATH ? signed.query; every one of signed.lines is sent
 */
#ifndef ACTION_PUBLISH_SIGV4_H
#define ACTION_PUBLISH_SIGV4_H

#include "action/publish_settings.h"
#include "base/digest.h"

struct publish_sigv4_key {
	struct str id, secret;
	struct str session; /* empty: none */
	struct str region, service;
};

struct publish_sigv4_request {
	struct str method;
	struct str host; /* as the Host header will have it: with the port, unless it is the scheme's own */
	struct str path; /* percent-encoded */
	const struct publish_header *query; /* plain; any order */
	size_t query_count;
	const struct publish_header *headers; /* any order; no Host, none twice */
	size_t header_count;
	struct digest payload; /* of the body */
	int64_t now;	       /* seconds since 1970 */
};

struct publish_sigv4_signed {
	struct str query;   /* encoded and sorted, without the “?” */
	const char **lines; /* "Name: value", Authorization among them */
	size_t line_count;
	struct str canonical; /* for tests: what was signed */
	char signature[DIGEST_HEX + 1];
};

#define PUBLISH_SIGV4_MAX_HEADERS 48

/* Everything lives in the arena. */
void publish_sigv4_sign(struct publish_sigv4_signed *out, struct arena *a,
	const struct publish_sigv4_key *key, const struct publish_sigv4_request *request);

/* "20130524T000000Z" */
#define PUBLISH_SIGV4_TIME 16
void publish_sigv4_time(int64_t now, char out[PUBLISH_SIGV4_TIME + 1]);

#endif
