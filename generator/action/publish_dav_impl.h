/*
 * publish_dav_impl: what the files of the WebDAV backend share. See publish_dav.c.
 *
 *	publish_dav.c		the address, connecting, what is known of each kind of server, the table of operations
 *	publish_dav_call.c	one request and its answer
 *	publish_dav_list.c	PROPFIND, and the reading of its answer
 *	publish_dav_put.c	files: put, write, read, digest, remove, copy
 *	publish_dav_lock.c	the server's own locks, for what is replaced in place (Apache)
 *	publish_dav_folder.c	folders: make, drop, rename; the lock; begin and end
 */
#ifndef ACTION_PUBLISH_DAV_IMPL_H
#define ACTION_PUBLISH_DAV_IMPL_H

#include "action/publish_curl.h"
#include "action/publish_guard.h"
#include "action/publish_http.h"
#include "base/map.h"

#include <pthread.h>

/* What is known of a server, by the name that it gives itself. */
struct dav_server {
	const char *name;    /* how its Server header begins; NULL: any other */
	bool put_is_atomic;  /* PUT: the old file or the new one, also when the connection is cut */
	bool move_is_atomic; /* MOVE onto a file replaces it in one instant */
	bool spares_folders; /* MOVE, DELETE without a slash at the end never touch a folder */
	bool makes_folders;  /* PUT and MOVE may make folders that are missing */
	const char *guarantee;
};

/* The folders of the target, as they were when this publish first touched a file in one. */
struct dav_folders {
	pthread_mutex_t mutex; /* the rest is its */
	struct arena arena;
	struct map listed; /* folder → struct map of names that are no files */
};

/* The server's locks that we hold. */
struct dav_holds {
	pthread_mutex_t mutex; /* the rest is its */
	struct arena arena;
	struct map known; /* path → struct hold */
	bool useless;	  /* this server has none */
};

struct dav {
	struct publish_backend base;
	const char *protocol; /* libcurl's: "https" */
	struct str origin;    /* "https://host:port" */
	struct str folder;    /* encoded, "/" at both ends: "/site/" */
	const struct dav_server *server;
	bool known;	   /* which it is; the control link's */
	long auth;	   /* libcurl's CURLAUTH_… */
	bool looked;	   /* at the target's folder; the control link's */
	bool absent;	   /* the target's folder is not there yet; the control link's */
	struct str lock;   /* the text of our lock; the control link's */
	bool drain;	   /* somebody whose work folder was moved away may live; the control link's */
	atomic_bool begun; /* our work folder is there */
	atomic_uint
		count; /* names in the work folder: never the same twice, since a request that was given up may still
			       be at work on the server */
	struct dav_folders folders;
	struct dav_holds holds;
};

struct dav_link {
	struct publish_link link;
	struct publish_curl *curl;
	struct buf url, body, header;
	const char *token; /* of the server's lock that the next PUT names, or NULL */
};

/* MOVE would leave a gap in which a visitor finds nothing. */
static inline bool publish_dav_replaces_in_place(const struct dav_server *s)
{
	return s->put_is_atomic && !s->move_is_atomic;
}

static inline struct dav *dav_of(const struct publish_link *l)
{
	return (struct dav *)l->b;
}

static inline struct dav_link *dav_link(struct publish_link *l)
{
	return (struct dav_link *)l;
}

/* ---- publish_dav_call.c ---- */

enum dav_slash { DAV_FILE, DAV_FOLDER }; /* a folder's address ends in '/' */

/* `method` NULL: libcurl's own. The address of `path` below the target. */
void publish_dav_begin(struct dav_link *d, const char *method, struct str path, enum dav_slash slash);
/* The address of a folder on the way to the target: the first `n` bytes of its path. */
void publish_dav_begin_above(struct dav_link *d, const char *method, size_t n);
/* Where MOVE and COPY go. */
void publish_dav_set_destination(struct dav_link *d, struct str path, enum dav_slash slash, bool overwrite);
/* `doing` as struct publish_http_about has it. For ABSENT there is no sentence. */
enum publish_answer publish_dav_perform(struct dav_link *d, const char *doing, struct str path);
/* The same where a status other than 2xx is the caller's to judge: OK when there was an answer at all. */
enum publish_answer publish_dav_ask(struct dav_link *d, const char *doing, struct str path, long *status);
/* The sentence for such a status, and what it means. */
enum publish_answer publish_dav_judge(struct dav_link *d, const char *doing, struct str path);

enum publish_answer publish_dav_move(struct dav_link *d, struct str from, struct str to, enum dav_slash slash,
	bool overwrite, long *status);

/* ---- publish_dav_list.c ---- */

struct dav_item {
	struct publish_listed listed;
	int64_t changed; /* seconds since 1970; 0: not told */
};

struct dav_items {
	struct dav_item *items;
	size_t len, cap;
	bool is_folder; /* what was asked about is one */
};

/*
 * The answer to a PROPFIND of `folder`, a decoded absolute path. False after a sentence. What is in it is
 * believed only as far as names go: anything odd is PUBLISH_OTHER, nothing is left out.
 */
bool publish_dav_read_items(struct dav_items *out, struct arena *a, struct str folder, struct str document,
	struct buf *why) MUST_USE;

/* ABSENT: there is nothing. `depth` 0: only what the path itself is; with DAV_FILE a folder is found as well. */
enum publish_answer publish_dav_find(struct dav_link *d, struct str path, enum dav_slash slash, int depth,
	struct arena *a, struct dav_items *out);

/* "Sun, 22 Nov 2026 17:54:33 GMT" in seconds since 1970; 0: NULL, or something else. */
int64_t publish_dav_date(const char *text);

enum publish_answer publish_dav_list(
	struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out);

/* May a MOVE or DELETE of `path` hit a folder? OK: no; TAKEN: there is one, with a sentence. */
enum publish_answer publish_dav_check_file(struct dav_link *d, struct str path);

/* ---- publish_dav_put.c ---- */

enum publish_answer publish_dav_read(struct publish_link *l, const char *path, size_t max, struct buf *out);
enum publish_answer publish_dav_write(struct publish_link *l, const char *path, struct str text);
enum publish_answer publish_dav_put(struct publish_link *l, struct publish_job *job);
enum publish_answer publish_dav_remove(struct publish_link *l, struct publish_job *job);
enum publish_answer publish_dav_digest(struct publish_link *l, struct publish_job *job);
enum publish_answer publish_dav_copy(struct publish_link *l, struct str from, struct str to);

/* ---- publish_dav_lock.c ---- */

/* Before a file is replaced in place: the token to name, in angle brackets; NULL: the server has no locks, and a look at
 * our work folder had to do. */
enum publish_answer publish_dav_hold(struct dav_link *d, struct str path, const char **token);
/* It seems to be gone: the next one who needs it takes it anew. */
void publish_dav_forget_hold(struct dav_link *d, struct str path);
/* Names the lock that we hold where `path` lies, if any, in the request that is being made. */
void publish_dav_name_hold(struct dav_link *d, struct str path);
void publish_dav_release(struct dav_link *d);
/* Those of publishers whose work folders were moved away. */
enum publish_answer publish_dav_break_holds(struct dav_link *d);

/* ---- publish_dav_folder.c ---- */

/* Is the target's folder there? FAILED: it is something else, or this is no WebDAV. */
enum publish_answer publish_dav_look_at_target(struct dav_link *d);
enum publish_answer publish_dav_make_folder(struct publish_link *l, struct str path);
void publish_dav_drop_folder(struct publish_link *l, struct str path);
enum publish_answer publish_dav_rename(struct publish_link *l, struct str from, struct str to);
enum publish_answer publish_dav_lock_swap(struct publish_link *l, struct str old, struct str new);
enum publish_answer publish_dav_begin_work(struct publish_link *l);
void publish_dav_end_work(struct publish_link *l);
/* After a write into the work folder failed: is that because somebody took it away? Then FAILED with a sentence. */
enum publish_answer publish_dav_check_work(struct dav_link *d, enum publish_answer answer);

#endif
