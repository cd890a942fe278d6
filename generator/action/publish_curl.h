/*
 * publish_curl: one libcurl handle, as every protocol of publish uses it.
 *
 * Only the protocol named at the start is ever spoken, redirects are not followed, no signal is used. Bytes
 * go from file to server and from server to digest in pieces: memory does not grow with the file. Addresses
 * are whole and percent-encoded. One handle is one thread's and keeps its connection.
 */
#ifndef ACTION_PUBLISH_CURL_H
#define ACTION_PUBLISH_CURL_H

#include "action/publish_source.h"
#include "base/buf.h"

struct publish_curl;

struct publish_curl *publish_curl_new(const char *protocol);
void publish_curl_free(struct publish_curl *c);

/*
 * All return false when the transfer failed: then publish_curl_why() says what happened, and
 * publish_curl_errno() is the system's error, or 0 when it had no part in it.
 */

/* Sends all of an opened source. */
bool publish_curl_put(struct publish_curl *c, const char *url, struct publish_source *source) MUST_USE;
/* At most `max` bytes are appended; more is a failure. */
bool publish_curl_read(struct publish_curl *c, const char *url, size_t max, struct buf *out) MUST_USE;
bool publish_curl_digest(
	struct publish_curl *c, const char *url, struct digest *out, uint64_t *size) MUST_USE;

const char *publish_curl_why(const struct publish_curl *c);
int publish_curl_errno(const struct publish_curl *c);

#endif
