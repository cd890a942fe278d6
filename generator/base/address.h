/*
 * address: what can be told from an address (RFC 3986) as people write it: web addresses and those of targets.
 *
 * A password never belongs in one that stands in a file.
 */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include "base/str.h"

/* The scheme in front of the first ':', or the empty str. */
struct str address_scheme(struct str address);
/* user:password@host:port of an address with "//"; empty when there is none. */
struct str address_authority(struct str address);
/* As it stands before the '@': with the password, if there is one. */
struct str address_user(struct str address);
/* Something that is a password, or may well be one: also one whose '/' was not encoded. */
bool address_has_password(struct str address);
/* A web address that paths can be put after: no query, no user, and nothing that an address cannot hold. */
bool address_is_base(struct str address);

#endif
