/*
 * publish_ftp_impl: what the parts of the FTPS backend share.
 *
 * publish_ftp.c opens a target and does all that is short; publish_ftp_link.c is one connection and one transfer on it;
 * publish_ftp_put.c sends files and gives them their names, publish_ftp_large.c when they are large;
 * publish_ftp_list.c says what stands in a folder; publish_ftp_reply.c understands the server.
 *
 * Every path that a server hears is absolute, so that no connection has to keep track of where it is.
 */
#ifndef ACTION_PUBLISH_FTP_IMPL_H
#define ACTION_PUBLISH_FTP_IMPL_H

#include "action/publish_curl.h"
#include "action/publish_ftp_reply.h"
#include "action/publish_url.h"

#include <pthread.h>

enum ftp_overwrites { OVERWRITES_UNKNOWN, OVERWRITES_YES, OVERWRITES_NO };

struct ftp {
	struct publish_backend base;
	struct publish_address address;
	const char *user; /* of the address, when the settings name none */
	bool implicit;	  /* TLS from the first byte */
	bool absolute;	  /* the address has two slashes: its path is the server's, not the user's */
	const char *site; /* scheme://host:port, for libcurl */
	const char *root; /* the target's path on the server, without '/' at its end; known once connected */
	bool mlsd;	  /* the server lists for programs; known once connected */
	bool begun;	  /* the work folder is there */
	atomic_uint
		counter; /* of temporary names: never one twice, a dead connection's bytes may still come */
	pthread_mutex_t mutex;
	enum ftp_overwrites overwrites; /* behind it: what RNTO does when a file stands there */
};

struct ftp_link {
	struct publish_link base;
	struct publish_curl *curl;
	struct ftp_reply reply; /* of the transfer at hand */
	bool turn;
	bool commands; /* the transfer went well, but not the command in it */
	/* The first SIZE must be this one (of what was sent), a second must find nothing (where it shall stand): else the
	 * transfer ends there. */
	bool watch_sizes;
	uint64_t sent;
	struct buf url, command;
};

static inline struct ftp *ftp_self(struct publish_link *l)
{
	return (struct ftp *)l->b;
}

static inline struct ftp_link *ftp_link(struct publish_link *l)
{
	return (struct ftp_link *)l;
}

/* ---- publish_ftp_link.c ---- */

/* The absolute path on the server of one below the target ("": the target). */
struct str ftp_at(struct publish_link *l, struct arena *a, struct str path);
/* A transfer of the file at an absolute path; "": of none, commands alone. */
struct publish_curl *ftp_begin(struct publish_link *l, struct str full);
/* A listing. The folder is gone to: names with spaces and '*' are safe there, and one that is missing is told. */
struct publish_curl *ftp_begin_listing(struct publish_link *l, struct str full);
/* "<verb> <full>", before or after the transfer; '*' in front of the verb: may fail. */
void ftp_before(struct publish_link *l, const char *verb, struct str full);
void ftp_after(struct publish_link *l, const char *verb, struct str full);
/* No sentence yet; what the server said decides between AGAIN and FAILED. */
enum publish_answer ftp_perform(struct publish_link *l) MUST_USE;
/* The same for a transfer of nothing but commands with '*' in front: a refusal then does not cost the connection. */
enum publish_answer ftp_perform_commands(struct publish_link *l) MUST_USE;
/* One such: "<verb> <full>". */
enum publish_answer ftp_tell(struct publish_link *l, const char *verb, struct str full) MUST_USE;

/* The sentence of a transfer that was AGAIN or FAILED: "cannot <doing> <path>: …"; the answer comes back. */
enum publish_answer ftp_fail(
	struct publish_link *l, enum publish_answer answer, const char *doing, struct str path);
/* Did the server say no, rather than the network or libcurl? */
bool ftp_is_said(const struct publish_link *l);
/* Is it a reply (550 and its like) that says there is no such thing, or that we may not? */
bool ftp_is_refusal(const struct publish_link *l);
/* The listing failed because the server does not go to that folder, for whatever reason. */
bool ftp_is_no_folder(const struct publish_link *l);

/* A name in the work folder that nobody has used, absolute. */
struct str ftp_temporary(struct publish_link *l, struct arena *a);

struct publish_link *ftp_connect(const struct publish_link *bare, enum publish_answer *answer);
void ftp_disconnect(struct publish_link *l);

/* ---- publish_ftp_list.c ---- */

enum publish_answer ftp_list(
	struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out);
/* What stands at a path below the target, by its folder's listing: OK or ABSENT. */
enum publish_answer ftp_find(
	struct publish_link *l, struct arena *a, struct str path, struct publish_listed *out);

/* ---- publish_ftp.c ---- */

enum publish_answer ftp_digest(struct publish_link *l, struct publish_job *job);

/* ---- publish_ftp_put.c ---- */

enum publish_answer ftp_put(struct publish_link *l, struct publish_job *job);
enum publish_answer ftp_write(struct publish_link *l, const char *path, struct str text);
/* ---- publish_ftp_large.c ---- */

/* All bytes are then under publish_guard_part(). CHANGED, without a sentence: the source has an error. */
enum publish_answer ftp_send_large(
	struct publish_link *l, struct arena *a, struct publish_job *job, struct publish_source *source);

/* Where `write` leaves what it replaces on servers that do not overwrite: beside it. */
#define FTP_OLD ".old"

#endif
