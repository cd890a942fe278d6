/*
 * publish_host: is an SSH server the one that it should be? Its key and the lines of known_hosts.
 *
 * Names may be patterns ('*', '?', '!'), hashed (|1|salt|hash), with a port ([host]:2222); for a port that is not 22,
 * lines with the plain name hold as well when none with the port does, as OpenSSH has it. Lines of certificate
 * authorities are passed over; a revoked key is never good.
 */
#ifndef ACTION_PUBLISH_HOST_H
#define ACTION_PUBLISH_HOST_H

#include "base/arena.h"
#include "base/buf.h"

#define HOST_KNOWN_MAX_BYTES ((size_t)8 << 20)

struct host_key {
	struct str type; /* ssh-ed25519 */
	struct str key;	 /* base64 */
	bool revoked;
};

/* What is known of one server. */
struct host_known {
	struct str host; /* as addresses write it, in lower case */
	unsigned port;
	const char *file; /* for sentences */
	struct host_key *keys;
	size_t len, cap;
};

enum host_verdict { HOST_KNOWN, HOST_UNKNOWN, HOST_CHANGED, HOST_REVOKED };

/* Adds what the lines of a file say about k->host; keys go into the arena. */
void host_known_read(struct host_known *k, struct arena *a, struct str text);

/* The kind of key that a server should be asked for, since we could check it: ssh-ed25519 before ecdsa-…; empty: any. */
struct str host_known_kind(const struct host_known *k);

/* `key` as it goes over the wire. Unless it is known: one sentence, with the line to add. */
enum host_verdict host_known_judge(const struct host_known *k, struct str key, struct buf *why);

/* “ED25519 SHA256:…”; a key that cannot be read is “a key of an unknown kind”. */
void host_key_fingerprint(struct buf *out, struct str key);

void base64_encode(struct buf *out, struct str bytes);
/* False: it is no base64. */
bool base64_decode(struct buf *out, struct str text) MUST_USE;

#endif
