/*
 * publish_ssh: what libcurl cannot ask of an SFTP server, asked through the system's own `ssh`.
 *
 * libcurl 7.88 with libssh2 1.10 knows no rename that replaces a file in one instant, no hard links, and does not tell a
 * symbolic link from what it points to. All of it needs few bytes: one `ssh -s host sftp` is kept for a publish, and
 * this module speaks SFTP (version 3, with OpenSSH's extensions) over its standard input and output. Many
 * requests are on their way at once, so a thousand renames cost little more than one.
 *
 * The program gets no secret as an argument: where one is needed, ssh asks faktablad itself for it (SSH_ASKPASS;
 * ssh_askpass_answer()), which finds it in its environment. Host keys are checked strictly against the same file that
 * libcurl's connections are checked against, the user's configuration of ssh is not read, and it has no terminal.
 * Whatever happens, calls end: `stall_seconds` without a byte is a failure.
 *
 *	s = ssh_start(&options);		at once
 *	ssh_ready(s)				waits for the server: false, and ssh_why(s) tells
 *	ssh_run(s, requests, n)			false: the connection is gone, some may have been done
 *	ssh_free(s);
 *
 * One thread at a time.
 */
#ifndef ACTION_PUBLISH_SSH_H
#define ACTION_PUBLISH_SSH_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdatomic.h>

struct ssh;

struct ssh_options {
	struct str host;
	unsigned port;
	const char *user;
	const char *known_hosts; /* this file alone */
	const char *identity;	 /* this key alone; NULL: the agent, then the usual files */
	const char *passphrase;	 /* of the key */
	const char *password;	 /* NULL: keys only */
	unsigned stall_seconds;
	const atomic_bool *stop; /* may be NULL */
};

enum ssh_op {
	SSH_LSTAT,	  /* path: kind and size */
	SSH_RENAME,	  /* path to `to`, replacing a file in one instant */
	SSH_RENAME_FRESH, /* path to `to`, which must not exist */
	SSH_LINK,	  /* a hard link at `to` to the file at path */
	SSH_SYMLINK,	  /* a symbolic link at `to` to path, which is taken as it is */
	SSH_REMOVE,	  /* no folder */
	SSH_MKDIR,
	SSH_RMDIR,
	SSH_OPEN,  /* path for reading: handle */
	SSH_FSYNC, /* handle */
	SSH_CLOSE, /* handle */
};

/* As servers number them. */
enum ssh_status {
	SSH_OK = 0,
	SSH_EOF = 1,
	SSH_NO_SUCH_FILE = 2,
	SSH_PERMISSION_DENIED = 3,
	SSH_FAILURE = 4,
	SSH_BAD_MESSAGE = 5,
	SSH_UNSUPPORTED = 8,
};

enum ssh_kind { SSH_FILE, SSH_FOLDER, SSH_OTHER };

#define SSH_HANDLE_MAX 256

struct ssh_request {
	enum ssh_op op;
	const char *path, *to; /* as the server spells them: absolute, or below the user's home */
	struct str handle;     /* FSYNC, CLOSE: borrowed; OPEN: points to `given` */
	/* What came back. */
	uint32_t status;
	enum ssh_kind kind; /* LSTAT */
	uint64_t size;
	char given[SSH_HANDLE_MAX];
};

/* Never NULL; a program that is missing is told by ssh_ready(). */
struct ssh *ssh_start(const struct ssh_options *o);
void ssh_free(struct ssh *s);

bool ssh_ready(struct ssh *s) MUST_USE;
bool ssh_run(struct ssh *s, struct ssh_request *requests, size_t n) MUST_USE;
/* After a failure of one of these: a sentence without a full stop. */
const char *ssh_why(const struct ssh *s);

/* There is no such program: trying again is of no use. */
bool ssh_is_missing(const struct ssh *s);

/* After ssh_ready(). */
bool ssh_can(const struct ssh *s, enum ssh_op op);

/* In words, for sentences: “permission denied”. */
const char *ssh_status_text(uint32_t status);

/*
 * What the program does first of all: when ssh has started it to be told a secret, prints that to standard output;
 * true: and ends. `name` is the variable that says so.
 */
#define SSH_ASKPASS_VARIABLE "FAKTABLAD_ASKPASS"
const char *ssh_askpass_answer(void);

#endif
