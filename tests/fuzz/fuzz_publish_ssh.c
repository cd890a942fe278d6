/* What an SFTP server sends, as the module that speaks to it through ssh reads it. */
#include "action/publish_ssh_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_make((const char *)data, size), packet;
	size_t taken;

	while (ssh_wire_packet(rest, &packet, &taken) && packet.n) {
		struct ssh_features features;
		uint32_t id;

		(void)!ssh_wire_read_hello(packet, &features);
		(void)!ssh_wire_id(packet, &id);
		for (enum ssh_op op = SSH_LSTAT; op <= SSH_CLOSE; op++) {
			struct ssh_request r = {.op = op};

			if (ssh_wire_read_answer(packet, &r) && r.handle.n > SSH_HANDLE_MAX)
				BUG("a handle of %zu bytes", r.handle.n);
		}
		rest = str_slice(rest, taken, rest.n);
	}
	return 0;
}
