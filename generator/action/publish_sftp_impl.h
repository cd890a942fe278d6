/*
 * publish_sftp_impl: what the parts of the SFTP backend share.
 *
 *	publish_sftp.c		the target, its links and folders
 *	publish_sftp_small.c	small files of ours: lock, intent, manifest
 *	publish_sftp_put.c	files: put, remove, digest
 *	publish_sftp_finish.c	changed files take their places
 *	publish_sftp_large.c	large files, which go on where they stopped
 *	publish_sftp_login.c	keys, passwords, host keys, for libcurl and for ssh
 *	publish_sftp_say.c	what servers answer, in words
 *
 * Bytes go through libcurl, over each link's own connection. What libcurl cannot do goes through one `ssh`
 * (publish_ssh.h) that all links share, one at a time; it is started when a publish begins to change something, and where there is
 * none, libcurl's own means must do.
 */
#ifndef ACTION_PUBLISH_SFTP_IMPL_H
#define ACTION_PUBLISH_SFTP_IMPL_H

#include "action/publish_curl.h"
#include "action/publish_guard.h"
#include "action/publish_host.h"
#include "action/publish_ssh.h"
#include "action/publish_url.h"

#include <pthread.h>

#define SFTP_CONNECTIONS 8
#define SFTP_PORT 22

struct publish_sftp {
	struct publish_backend base;
	struct publish_address address;
	unsigned port;
	const char *user;
	bool user_of_netrc; /* then `user` is a guess */
	const char *url;    /* of the target, without a slash at its end, for libcurl */
	struct str root;    /* the target as the server spells it: absolute, or below the user's home; "." */
	bool below_home;    /* `root` becomes absolute with the first connection */
	bool made_root;	    /* by us */
	atomic_uint names;  /* given so far, by all links: one that connects anew must not give them again */
	atomic_bool begun;  /* the work folder is there */

	/* publish_sftp_login.c */
	const char *identity; /* a key file, or NULL */
	struct host_known known;
	const char *kind_file; /* makes libcurl ask for a kind of host key that we know; NULL: any */
	int kind_fd;

	pthread_mutex_t mutex; /* of what follows */
	struct ssh *ssh;       /* NULL: not started */
	bool ssh_failed;       /* it cannot be had; what libcurl can do must do */
	unsigned ssh_failures;
	char weaker[512];  /* the guarantee without it */
	bool finish_again; /* a finish() was cut off: what it moved may have been moved */
};

struct publish_sftp_link {
	struct publish_link base;
	struct publish_sftp *target;
	struct publish_curl *curl;
	struct buf url, command;
	bool any_kind;	    /* of host key */
	struct buf refused; /* the host key's sentence */
};

/* A name in the work folder that nothing has had (publish_guard_name). */
static inline const char *sftp_name(struct publish_sftp_link *l)
{
	return publish_guard_name(&l->base, atomic_fetch_add(&l->target->names, 1) + 1);
}

static inline struct publish_sftp_link *sftp_self(struct publish_link *l)
{
	return (struct publish_sftp_link *)l;
}

/* ---- publish_sftp_login.c ---- */

/* Reads known_hosts and finds the key file; false: a sentence in base.why. */
bool sftp_login_open(struct publish_sftp *s) MUST_USE;
void sftp_login_close(struct publish_sftp *s);
/* The options of one transfer. */
void sftp_login_set(struct publish_sftp_link *l);
/* A login was refused: what may be the reason. */
void sftp_login_say(const struct publish_sftp *s, struct buf *why);

/* Starts it, without waiting for it. */
void sftp_ssh_begin(struct publish_sftp *s);
/* Waits until it is ready. Takes the mutex. */
bool sftp_ssh_can(struct publish_sftp *s, enum ssh_op op) MUST_USE;
/* All requests; false: there is none, or it was lost meanwhile (then *lost). Takes the mutex. */
bool sftp_ssh_run(struct publish_sftp *s, struct ssh_request *r, size_t n, bool *lost) MUST_USE;

/* ---- publish_sftp.c ---- */

/* A path of the target as the server spells it. */
struct str sftp_path(const struct publish_sftp *s, struct arena *a, struct str path);
/* libcurl is about to do something with this path ("": nothing but commands). */
void sftp_begin(struct publish_sftp_link *l, const char *path);
/* A command before or after the transfer: "rename" with both paths, "rm" and the like with NULL; may_fail: libcurl's '*'. */
void sftp_before(
	struct publish_sftp_link *l, const char *verb, bool may_fail, const char *path, const char *to);
void sftp_after(
	struct publish_sftp_link *l, const char *verb, bool may_fail, const char *path, const char *to);
/* What stands at a path, by listing its folder. ABSENT, OK, FAILED, AGAIN. */
enum publish_answer sftp_stat(struct publish_sftp_link *l, struct str path, struct publish_listed *out);
enum publish_answer sftp_list(
	struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out);

/* ---- publish_sftp_small.c ---- */

enum publish_answer sftp_read(struct publish_link *base, const char *path, size_t max, struct buf *out);
enum publish_answer sftp_write(struct publish_link *base, const char *path, struct str text);

/* ---- publish_sftp_put.c ---- */

enum publish_answer sftp_put(struct publish_link *l, struct publish_job *job);
enum publish_answer sftp_put_large(struct publish_sftp_link *l, struct publish_job *job, const char *name);
/* The local file is not what the manifest says; could not be read. */
bool sftp_is_changed(const struct publish_source *source, const struct publish_job *job);
/* A file that was sent did not get its name: why. */
enum publish_answer sftp_not_renamed(
	struct publish_sftp_link *l, struct publish_job *job, enum publish_answer answer);

/* ---- publish_sftp_finish.c ---- */

enum publish_answer sftp_finish(struct publish_link *l, struct publish_batch *batch);
enum publish_answer sftp_remove(struct publish_link *l, struct publish_job *job);
enum publish_answer sftp_digest(struct publish_link *l, struct publish_job *job);
enum publish_answer sftp_copy(struct publish_link *l, struct str from, struct str to);
enum publish_answer sftp_point(struct publish_link *l, struct str path, struct str to);

/* ---- publish_sftp_say.c ---- */

enum sftp_fault {
	SFTP_ABSENT, /* no such file, or no such folder on the way */
	SFTP_DENIED, /* no right */
	SFTP_FULL,   /* said to be full */
	SFTP_REFUSED, /* "Failure": something stands there, the disk is full, …: the server gives no reason */
	SFTP_LOST,    /* the network */
	SFTP_LOGIN,   /* not let in */
	SFTP_HOST,    /* not the server that it should be */
	SFTP_STOPPED,
	SFTP_OTHER,
};

/* Of libcurl's code and what it says. */
enum sftp_fault sftp_fault_of(int code, const char *text);
enum sftp_fault sftp_fault(const struct publish_sftp_link *l, enum publish_answer answer);
/* “cannot <doing> <path>: …” and what to do; AGAIN, FAILED or STOPPED. */
enum publish_answer sftp_fail(
	struct publish_sftp_link *l, enum publish_answer answer, const char *doing, struct str path);

#endif
