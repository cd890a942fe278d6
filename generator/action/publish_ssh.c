#include "action/publish_ssh.h"

#include "action/publish_ssh_impl.h"
#include "action/publish_ssh_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define IN_FLIGHT 64	/* requests whose answers have not come */
#define LOOK_MS 100	/* how often `stop` is looked at */
#define SAID_MAX 2048	/* of what ssh complains, from the end */
#define GOODBYE_MS 1000 /* for ssh to end by itself */

struct ssh {
	struct ssh_process process;
	const atomic_bool *stop;
	unsigned stall_seconds;
	bool ready, gone;
	struct ssh_features features;
	struct buf in, out;
	size_t sent; /* of out */
	uint32_t next_id;
	char why[1024];
};

const char *ssh_why(const struct ssh *s)
{
	return s->why;
}

bool ssh_is_missing(const struct ssh *s)
{
	return s->process.pid == 0;
}

const char *ssh_status_text(uint32_t status)
{
	static const char *const texts[] = {
		[SSH_OK] = "done",
		[SSH_EOF] = "there is no more",
		[SSH_NO_SUCH_FILE] = "there is no such file",
		[SSH_PERMISSION_DENIED] = "permission denied",
		[SSH_FAILURE] = "the server gives no reason",
		[SSH_BAD_MESSAGE] = "the server did not understand",
		[SSH_UNSUPPORTED] = "the server cannot do that",
	};

	if (status < COUNT_OF(texts) && texts[status])
		return texts[status];
	return "the server gives no reason that we know";
}

bool ssh_can(const struct ssh *s, enum ssh_op op)
{
	switch (op) {
	case SSH_RENAME:
		return s->features.posix_rename;
	case SSH_LINK:
		return s->features.hardlink;
	case SSH_FSYNC:
		return s->features.fsync;
	default:
		return true;
	}
}

/* ---- beginning and end ---- */

struct ssh *ssh_start(const struct ssh_options *o)
{
	struct ssh *s = xmalloc(sizeof(*s));

	*s = (struct ssh){.stop = o->stop, .stall_seconds = o->stall_seconds ? o->stall_seconds : 30};
	buf_init(&s->in, SSH_PACKET_MAX * 2);
	buf_init(&s->out, BUF_MAX_DEFAULT);
	s->gone = !ssh_process_start(&s->process, o, s->why, sizeof(s->why));
	if (!s->gone)
		ssh_wire_hello(&s->out);
	return s;
}

void ssh_free(struct ssh *s)
{
	if (!s)
		return;
	ssh_process_end(&s->process, GOODBYE_MS);
	buf_release(&s->in);
	buf_release(&s->out);
	free(s);
}

/* What ssh itself said is the best reason that can be had. */
static bool fail(struct ssh *s, const char *otherwise)
{
	char said[SAID_MAX];

	if (!s->gone) {
		ssh_process_said(&s->process, said, sizeof(said));
		snprintf(s->why, sizeof(s->why), "%s%s%.900s", otherwise, said[0] ? ": " : "", said);
	}
	s->gone = true;
	return false;
}

/* ---- bytes ---- */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool send_some(struct ssh *s)
{
	ssize_t n = send(s->process.fd, s->out.p + s->sent, s->out.n - s->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR || fail(s, "ssh has ended");
	s->sent += (size_t)n;
	if (s->sent == s->out.n) {
		buf_clear(&s->out);
		s->sent = 0;
	}
	return true;
}

static bool receive_some(struct ssh *s)
{
	char *room = buf_room(&s->in, 16 << 10);
	ssize_t n;

	if (!room)
		return fail(s, "ssh says more than was asked");
	n = recv(s->process.fd, room, 16 << 10, MSG_DONTWAIT);
	if (n == 0)
		return fail(s, "ssh has ended");
	if (n < 0)
		return errno == EAGAIN || errno == EINTR || fail(s, "ssh has ended");
	buf_added(&s->in, (size_t)n);
	return true;
}

/* Sends what waits and receives what comes, until something moved. */
static bool move_some(struct ssh *s)
{
	int64_t end = now_ms() + (int64_t)s->stall_seconds * 1000;

	while (now_ms() < end) {
		struct pollfd p = {.fd = s->process.fd, .events = (short)(POLLIN | (s->out.n ? POLLOUT : 0))};
		int n = poll(&p, 1, LOOK_MS);

		if (s->stop && atomic_load(s->stop))
			return fail(s, "stopped");
		if (n < 0 && errno != EINTR)
			return fail(s, "ssh has ended");
		if (n <= 0)
			continue;
		if (p.revents & POLLOUT && !send_some(s))
			return false;
		return !(p.revents & (POLLIN | POLLHUP | POLLERR)) || receive_some(s);
	}
	return fail(s, "ssh has been silent for too long");
}

/* The next packet, which lies in s->in until drop(). */
static bool next_packet(struct ssh *s, struct str *packet, size_t *taken)
{
	for (;;) {
		if (!ssh_wire_packet(buf_str(&s->in), packet, taken))
			return fail(s, "what ssh brings is not SFTP");
		if (packet->n)
			return true;
		if (!move_some(s))
			return false;
	}
}

static void drop(struct ssh *s, size_t n)
{
	memmove(s->in.p, s->in.p + n, s->in.n - n);
	buf_cut(&s->in, s->in.n - n);
}

/* ---- requests ---- */

bool ssh_ready(struct ssh *s)
{
	struct str packet;
	size_t taken;

	if (s->ready || s->gone)
		return s->ready && !s->gone;
	if (!next_packet(s, &packet, &taken))
		return false;
	if (!ssh_wire_read_hello(packet, &s->features))
		return fail(s, "what ssh brings is not SFTP");
	drop(s, taken);
	s->ready = true;
	return true;
}

/* `base` is the first one's id. */
static bool take_answer(struct ssh *s, struct ssh_request *requests, size_t sent, uint32_t base)
{
	struct str packet;
	size_t taken;
	uint32_t id;

	if (!next_packet(s, &packet, &taken))
		return false;
	if (!ssh_wire_id(packet, &id) || id - base >= sent ||
		!ssh_wire_read_answer(packet, &requests[id - base]))
		return fail(s, "the server answers what was not asked");
	drop(s, taken);
	return true;
}

bool ssh_run(struct ssh *s, struct ssh_request *requests, size_t n)
{
	uint32_t base = s->next_id;
	size_t sent = 0;

	if (!ssh_ready(s))
		return false;
	for (size_t i = 0; i < n; i++)
		requests[i].status = UINT32_MAX;
	for (size_t answered = 0; answered < n; answered++) {
		for (; sent < n && sent - answered < IN_FLIGHT; sent++)
			ssh_wire_request(&s->out, s->next_id++, &requests[sent]);
		if (!take_answer(s, requests, sent, base))
			return false;
	}
	return true;
}
