/*
 * publish_http: what a server's answer over HTTP means: WebDAV, S3, and a page read at the public address.
 *
 * One table says for each status whether it is fine, whether the same may work later, and what an operator
 * should do. Redirects are never followed: whoever answers for another address has no right to our password.
 *
 *	static const struct publish_http_about about = {.doing = "send", .what = path, .where = b->name, …};
 *	answer = publish_http_judge(c, publish_curl_perform(c), &about, why, &retry_after);
 */
#ifndef ACTION_PUBLISH_HTTP_H
#define ACTION_PUBLISH_HTTP_H

#include "action/publish_curl.h"

/* What was tried, for sentences: "cannot send sv/index.html to davs://host/site: …". */
struct publish_http_about {
	const char *doing;	 /* "send", "read" */
	struct str what;	 /* a path of the target; empty: none is named */
	const char *where;	 /* the target or the address; no secrets */
	const char *credentials; /* where the user and the password come from; NULL: none are sent */
	const char *ca_file;	 /* or NULL */
	const char *kind;	 /* what the server should be: "a WebDAV folder"; NULL: just a server */
};

/*
 * OK: 2xx. ABSENT: 404, 410. TAKEN: 412, what was asked for does not hold (it stands there already). AGAIN: 408,
 * 423, 425, 429, 500, 502, 503, 504. FAILED: everything else, redirects too; a status of 0 is one.
 */
enum publish_answer publish_http_answer(long status);

/* "401 Unauthorized: set …". What the server says beyond its number is not repeated. */
void publish_http_add_status(struct buf *why, const struct publish_http_about *about, long status);

/*
 * After publish_curl_perform() said `performed`: what the whole of it means, with one sentence in `why` for AGAIN,
 * FAILED and TAKEN. `retry_after` gets what the server asked for, and may be NULL.
 */
enum publish_answer publish_http_judge(struct publish_curl *c, enum publish_answer performed,
	const struct publish_http_about *about, struct buf *why, unsigned *retry_after);

#endif
