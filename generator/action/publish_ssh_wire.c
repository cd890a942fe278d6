#include "action/publish_ssh_wire.h"

enum {
	FXP_INIT = 1,
	FXP_VERSION = 2,
	FXP_OPEN = 3,
	FXP_CLOSE = 4,
	FXP_LSTAT = 7,
	FXP_REMOVE = 13,
	FXP_MKDIR = 14,
	FXP_RMDIR = 15,
	FXP_RENAME = 18,
	FXP_SYMLINK = 20,
	FXP_STATUS = 101,
	FXP_HANDLE = 102,
	FXP_ATTRS = 105,
	FXP_EXTENDED = 200,
};

enum { ATTR_SIZE = 1, ATTR_OWNER = 2, ATTR_PERMISSIONS = 4 };

#define VERSION 3
#define OPEN_READ 1
#define FOLDER_MODE 0755

/* ---- writing ---- */

static void add_number(struct buf *out, uint32_t n)
{
	char bytes[4] = {(char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n};

	buf_add(out, str_make(bytes, sizeof(bytes)));
}

static void add_string(struct buf *out, struct str s)
{
	add_number(out, (uint32_t)s.n);
	buf_add(out, s);
}

/* Its length goes in front when all of it is there. */
static void end_packet(struct buf *out, size_t start)
{
	uint32_t n = (uint32_t)(out->n - start - 4);

	if (buf_failed(out))
		return;
	for (int i = 0; i < 4; i++)
		out->p[start + (size_t)i] = (char)(n >> (24 - 8 * i));
}

void ssh_wire_hello(struct buf *out)
{
	add_number(out, 5);
	buf_addc(out, FXP_INIT);
	add_number(out, VERSION);
}

/* How each request is spelled: its code, an extension's name, and what follows. */
static const struct form {
	uint8_t code;
	const char *extension;
	const char *fields; /* p: path, t: to, h: handle, r: flags of an open, m: the mode of a new folder */
} forms[] = {
	[SSH_LSTAT] = {FXP_LSTAT, NULL, "p"},
	[SSH_RENAME] = {FXP_EXTENDED, "posix-rename@openssh.com", "pt"},
	[SSH_RENAME_FRESH] = {FXP_RENAME, NULL, "pt"},
	[SSH_LINK] = {FXP_EXTENDED, "hardlink@openssh.com", "pt"},
	[SSH_SYMLINK] = {FXP_SYMLINK, NULL, "pt"}, /* the order of OpenSSH, and of all who follow it */
	[SSH_REMOVE] = {FXP_REMOVE, NULL, "p"},
	[SSH_MKDIR] = {FXP_MKDIR, NULL, "pm"},
	[SSH_RMDIR] = {FXP_RMDIR, NULL, "p"},
	[SSH_OPEN] = {FXP_OPEN, NULL, "pr"},
	[SSH_FSYNC] = {FXP_EXTENDED, "fsync@openssh.com", "h"},
	[SSH_CLOSE] = {FXP_CLOSE, NULL, "h"},
};

static void add_field(struct buf *out, char field, const struct ssh_request *r)
{
	switch (field) {
	case 'p':
		add_string(out, str_from(r->path));
		break;
	case 't':
		add_string(out, str_from(r->to));
		break;
	case 'h':
		add_string(out, r->handle);
		break;
	case 'r':
		add_number(out, OPEN_READ);
		add_number(out, 0);
		break;
	default:
		add_number(out, ATTR_PERMISSIONS);
		add_number(out, FOLDER_MODE);
	}
}

void ssh_wire_request(struct buf *out, uint32_t id, const struct ssh_request *r)
{
	const struct form *form = &forms[r->op];
	size_t start = out->n;

	add_number(out, 0);
	buf_addc(out, (char)form->code);
	add_number(out, id);
	if (form->extension)
		add_string(out, str_from(form->extension));
	for (const char *field = form->fields; *field; field++)
		add_field(out, *field, r);
	end_packet(out, start);
}

/* ---- reading: what does not fit leaves `failed` ---- */

struct reader {
	struct str rest;
	bool failed;
};

static uint64_t take(struct reader *r, size_t n)
{
	uint64_t value = 0;

	if (r->failed || r->rest.n < n) {
		r->failed = true;
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		value = value << 8 | (uint8_t)r->rest.p[i];
	r->rest = str_slice(r->rest, n, r->rest.n);
	return value;
}

static struct str take_string(struct reader *r)
{
	size_t n = (size_t)take(r, 4);
	struct str s;

	if (r->failed || n > r->rest.n) {
		r->failed = true;
		return STR("");
	}
	s = str_slice(r->rest, 0, n);
	r->rest = str_slice(r->rest, n, r->rest.n);
	return s;
}

bool ssh_wire_packet(struct str bytes, struct str *packet, size_t *taken)
{
	struct reader r = {.rest = bytes};
	size_t n = (size_t)take(&r, 4);

	*packet = STR("");
	*taken = 0;
	if (r.failed)
		return true;
	if (n == 0 || n > SSH_PACKET_MAX)
		return false;
	if (n > r.rest.n)
		return true;
	*packet = str_slice(r.rest, 0, n);
	*taken = n + 4;
	return true;
}

bool ssh_wire_read_hello(struct str packet, struct ssh_features *out)
{
	struct reader r = {.rest = packet};
	bool right = take(&r, 1) == FXP_VERSION && take(&r, 4) >= VERSION;

	*out = (struct ssh_features){0};
	while (right && !r.failed && r.rest.n) {
		struct str name = take_string(&r), value = take_string(&r);

		out->posix_rename |= str_is(name, "posix-rename@openssh.com") && str_is(value, "1");
		out->hardlink |= str_is(name, "hardlink@openssh.com") && str_is(value, "1");
		out->fsync |= str_is(name, "fsync@openssh.com") && str_is(value, "1");
	}
	return right && !r.failed;
}

bool ssh_wire_id(struct str packet, uint32_t *id)
{
	struct reader r = {.rest = packet};

	(void)take(&r, 1);
	*id = (uint32_t)take(&r, 4);
	return !r.failed;
}

static enum ssh_kind kind_of(uint32_t mode)
{
	switch (mode & 0170000) {
	case 0100000:
		return SSH_FILE;
	case 0040000:
		return SSH_FOLDER;
	default:
		return SSH_OTHER;
	}
}

static bool read_attributes(struct reader *r, struct ssh_request *out)
{
	uint32_t flags = (uint32_t)take(r, 4);

	out->size = flags & ATTR_SIZE ? take(r, 8) : UINT64_MAX;
	if (flags & ATTR_OWNER)
		(void)take(r, 8);
	out->kind = flags & ATTR_PERMISSIONS ? kind_of((uint32_t)take(r, 4)) : SSH_OTHER;
	return !r->failed;
}

static bool read_handle(struct reader *r, struct ssh_request *out)
{
	struct str handle = take_string(r);

	if (r->failed || handle.n > sizeof(out->given))
		return false;
	if (handle.n)
		memcpy(out->given, handle.p, handle.n);
	out->handle = str_make(out->given, handle.n);
	return true;
}

bool ssh_wire_read_answer(struct str packet, struct ssh_request *out)
{
	struct reader r = {.rest = packet};
	uint64_t code = take(&r, 1);

	(void)take(&r, 4);
	out->status = SSH_OK;
	if (code == FXP_STATUS) {
		out->status = (uint32_t)take(&r, 4);
		/* Only these two answer with more than that. */
		return !r.failed && !(out->status == SSH_OK && (out->op == SSH_LSTAT || out->op == SSH_OPEN));
	}
	if (code == FXP_ATTRS && out->op == SSH_LSTAT)
		return read_attributes(&r, out);
	return code == FXP_HANDLE && out->op == SSH_OPEN && read_handle(&r, out);
}
