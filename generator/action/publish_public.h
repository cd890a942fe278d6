/*
 * publish_public: pages as a visitor gets them, at the site's public address.
 *
 * An upload that went well says nothing about what is served: the wrong folder, a server that answers 500, HTML
 * sent as text/plain. No credentials are sent, so redirects are followed.
 */
#ifndef ACTION_PUBLISH_PUBLIC_H
#define ACTION_PUBLISH_PUBLIC_H

#include "action/publish_settings.h"
#include "base/buf.h"

#define PUBLISH_PUBLIC_TRIES 3 /* of each page; caches and slow gateways need a moment */

struct publish_public {
	const struct publish_settings *settings; /* certificates to trust, patience */
	struct str address;			 /* http(s)://…; a '/' at its end or not */
	unsigned pause_ms;			 /* before the second try; doubles; 0: a second */
};

/* One page of `size` bytes: status, type, length. One sentence into `why`. */
bool publish_public_check(
	const struct publish_public *p, struct str path, uint64_t size, struct buf *why) MUST_USE;

#endif
