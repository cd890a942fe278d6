/*
 * publish_ssh_wire: the packets of SFTP version 3 (draft-ietf-secsh-filexfer-02), as bytes.
 *
 * Pure. What is read comes from a network: every length is checked.
 */
#ifndef ACTION_PUBLISH_SSH_WIRE_H
#define ACTION_PUBLISH_SSH_WIRE_H

#include "action/publish_ssh.h"

#define SSH_PACKET_MAX ((size_t)256 << 10)

/* What a server said that it can, beyond version 3. */
struct ssh_features {
	bool posix_rename, hardlink, fsync;
};

void ssh_wire_hello(struct buf *out);
void ssh_wire_request(struct buf *out, uint32_t id, const struct ssh_request *r);

/* The first whole packet at the front, without its length; *taken is how many bytes it used. An empty one: not all is there yet.
 * False: too long to be true. */
bool ssh_wire_packet(struct str bytes, struct str *packet, size_t *taken) MUST_USE;

/* False: it is no such answer. */
bool ssh_wire_read_hello(struct str packet, struct ssh_features *out) MUST_USE;
bool ssh_wire_id(struct str packet, uint32_t *id) MUST_USE;
bool ssh_wire_read_answer(struct str packet, struct ssh_request *r) MUST_USE;

#endif
