/*
 * publish_tls: what is wrong with a server's certificate, and what to do about it, in words.
 *
 * libcurl tells one kind of failure in many texts; these are the ones that operators meet.
 */
#ifndef ACTION_PUBLISH_TLS_H
#define ACTION_PUBLISH_TLS_H

#include "base/buf.h"

/* libcurl's code and text of a failed transfer. False, and nothing is written: it was not about TLS. */
bool publish_tls_explain(
	struct buf *why, int code, const char *text, const char *server, const char *ca_file);

#endif
