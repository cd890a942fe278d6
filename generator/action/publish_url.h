/*
 * publish_url: the addresses of targets, as people write them in faktablad.yaml.
 *
 * A password never belongs in one: publish_url_check() refuses it, and its sentence does not repeat it.
 * In a file address everything may be written as it is (spaces, ÅÄÖ) or percent-encoded; only '%', '?' and
 * '#' must be encoded (%25, %3F, %23).
 */
#ifndef ACTION_PUBLISH_URL_H
#define ACTION_PUBLISH_URL_H

#include "base/address.h"
#include "base/arena.h"
#include "base/buf.h"

#define PUBLISH_URL_MAX 4096

static inline struct str publish_url_scheme(struct str url)
{
	return address_scheme(url);
}

/* What no target may have: a password, control characters, no end of bytes. One sentence into `why`. */
bool publish_url_check(struct str url, struct buf *why) MUST_USE;

/* The parts of scheme://user@host:port/path; all but `path` as written, without brackets around IPv6. */
struct publish_address {
	struct str scheme; /* in lower case */
	struct str user;   /* decoded; empty: none */
	struct str host;
	unsigned port;	 /* 0: none is given */
	struct str path; /* decoded, without slashes at either end; components are plain */
};

/* For every scheme but file. One sentence into `why`: no host, a query, a path with “..” in it. */
bool publish_url_parse(
	struct arena *a, struct str url, struct publish_address *out, struct buf *why) MUST_USE;

/* This machine: what goes there nobody can read on the way. A name that only begins like its number is not it. */
bool publish_url_is_loopback(struct str host);

/* The absolute path that a file address names: file:///srv/www, file://localhost/srv/www, file:/srv/www. */
bool publish_url_file_path(struct arena *a, struct str url, const char **out, struct buf *why) MUST_USE;

/* Everything but A-Z a-z 0-9 - . _ ~ and '/' as %XX. */
void publish_url_encode(struct buf *out, struct str path);
/* False when a '%' is not followed by two hex digits, or they are 00. */
bool publish_url_decode(struct buf *out, struct str encoded) MUST_USE;

/*
 * A target's address as a whole one: "file:published" (no slash after the colon) is below the project's root
 * and becomes file:///…/published; any other comes back as it is. `root` may be relative to the current
 * folder.
 */
struct str publish_url_resolve(struct arena *a, const char *root, struct str url);

#endif
