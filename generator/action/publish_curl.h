/*
 * publish_curl: one libcurl handle with its connection, as every protocol of publish uses it.
 *
 * Safe by default: only the protocol named at the start is ever spoken, redirects are not followed, certificates
 * are verified, no signal is used. Bytes go from file to server and from server to digest in pieces: memory
 * does not grow with the file. Addresses are whole and percent-encoded. A handle is one thread's, lives in a
 * multi handle of its own (FTP servers want each connection to have its own TLS sessions), and keeps its
 * connection between transfers.
 *
 *	publish_curl_begin(c, url);
 *	publish_curl_text(c, CURLOPT_…, …); publish_curl_number(c, CURLOPT_…, …);	a protocol's own options
 *	publish_curl_send(c, &source); publish_curl_take(c, &buf, max);
 *	answer = publish_curl_perform(c);
 *
 * The first option that libcurl refuses makes perform() fail: a safety that is not there is not passed over.
 */
#ifndef ACTION_PUBLISH_CURL_H
#define ACTION_PUBLISH_CURL_H

#include "action/publish_backend.h"
#include "action/publish_source.h"

struct publish_curl;

/*
 * `protocol` as libcurl spells it ("sftp", "https"). `settings` are borrowed; NULL: no credentials, the
 * system's certificates. `stop` may be NULL.
 */
struct publish_curl *publish_curl_new(
	const char *protocol, const struct publish_settings *settings, const atomic_bool *stop);
void publish_curl_free(struct publish_curl *c);

/* Everything as it was at the start but the connection. */
void publish_curl_begin(struct publish_curl *c, const char *url);

/* Options of <curl/curl.h>, which only protocols include. libcurl copies texts. */
void publish_curl_number(struct publish_curl *c, int option, long value);
void publish_curl_size(struct publish_curl *c, int option, int64_t value);
void publish_curl_text(struct publish_curl *c, int option, const char *value);

/* "Name: value", or "Name:" to leave one out that libcurl would send. */
void publish_curl_add_header(struct publish_curl *c, const char *line);
/* Commands for the server before and after the transfer (sftp, ftp); libcurl's '*' in front: may fail. */
void publish_curl_add_before(struct publish_curl *c, const char *command);
void publish_curl_add_after(struct publish_curl *c, const char *command);

/* What is sent: the rest of a source from where it stands; or a text, which must outlive perform(). */
void publish_curl_send(struct publish_curl *c, struct publish_source *source);
void publish_curl_send_text(struct publish_curl *c, struct str text);
/* What comes back: appended, at most `max` bytes (more is FAILED); or digested. Otherwise it is dropped. */
void publish_curl_take(struct publish_curl *c, struct buf *out, size_t max);
void publish_curl_take_digest(struct publish_curl *c, struct digest_run *run);
/*
 * Every line that the server answers with (FTP: also those to commands before and after the transfer), without
 * its end. False ends the transfer with FAILED before anything more is said, and its connection with it.
 */
typedef bool publish_curl_line(void *ctx, struct str line);
void publish_curl_listen(struct publish_curl *c, publish_curl_line *fn, void *ctx);
/* No body is asked for (HEAD; FTP: SIZE and MDTM; quote commands alone). */
void publish_curl_no_body(struct publish_curl *c);

/*
 * OK: libcurl had no fault; an HTTP status may still be one. STOPPED. AGAIN: network, server gone, time out.
 * FAILED: anything else; publish_curl_code() tells what.
 */
enum publish_answer publish_curl_perform(struct publish_curl *c) MUST_USE;

/* ---- after perform() ---- */

int publish_curl_code(const struct publish_curl *c);	    /* a CURLcode */
const char *publish_curl_why(const struct publish_curl *c); /* for people */
int publish_curl_errno(const struct publish_curl *c);	    /* the system's error (file:), or 0 */
long publish_curl_status(const struct publish_curl *c); /* the last HTTP, FTP or SFTP response code, or 0 */
unsigned publish_curl_retry_after(const struct publish_curl *c); /* seconds, or 0 */
uint64_t publish_curl_received(const struct publish_curl *c);
/* The value of an HTTP response's header, until the next begin(), or NULL. */
const char *publish_curl_header(const struct publish_curl *c, const char *name);

/* The next transfer gets a connection of its own: nobody knows any more which answer belongs to what. */
void publish_curl_tear(struct publish_curl *c);

/* libcurl waits at most so long before it looks again (FTP: 5; else 200). */
void publish_curl_wait_at_most(struct publish_curl *c, int milliseconds);

/* The handle itself, a CURL *, for what the above lacks. */
void *publish_curl_easy(struct publish_curl *c);

#endif
