/*
 * memory_backend: a server in memory, as publish sees one, that counts its calls and, at one of them, does not do
 * what it is told.
 *
 *	struct memory_server server;
 *	memory_server_init(&server);		and it is the one that memory_ops speaks to
 *	options.backend = &memory_ops;
 *	options.settings.url = STR("memory:");
 *	server.at = 7; server.fault = MEMORY_KILL;	from the 7th call on nothing is done, as if we had died
 *	memory_server_reborn(&server);		the next publisher is another process
 *	… memory_server_text(&server, "index.html") …
 *	memory_server_release(&server);
 *
 * It has folders, a rename that neither replaces nor finds what is gone, and no look(): what stands there is
 * listed. The lock and the work folder are those of publish_guard.h. memory_staged_ops gives files their names in
 * finish(). All of it may be called by several threads.
 */
#ifndef SUPPORT_MEMORY_BACKEND_H
#define SUPPORT_MEMORY_BACKEND_H

#include <pthread.h>

#include "action/publish_backend.h"

enum memory_op {
	MEMORY_CONNECT,
	MEMORY_READ,
	MEMORY_WRITE,
	MEMORY_LIST,
	MEMORY_RENAME,
	MEMORY_MAKE_FOLDER,
	MEMORY_DROP_FOLDER,
	MEMORY_PUT,
	MEMORY_FINISH, /* of each file */
	MEMORY_REMOVE,
	MEMORY_DIGEST,
	MEMORY_COPY,
	MEMORY_POINT,
	MEMORY_FLUSH,
	MEMORY_OP_COUNT
};

enum memory_fault {
	MEMORY_KILL,   /* neither this call nor any later one is done */
	MEMORY_REFUSE, /* not done: FAILED */
	MEMORY_AGAIN,  /* not done: AGAIN */
	MEMORY_LOST,   /* done, but the answer is lost: AGAIN */
};

struct memory_file {
	char *path;
	enum publish_kind kind; /* OTHER: a link */
	char *bytes;		/* NUL-terminated; a link's target */
	size_t size;
};

struct memory_server {
	pthread_mutex_t mutex;
	struct memory_file *files; /* sorted by path */
	size_t len, cap;
	/* What it can, and what goes wrong. */
	bool cannot_copy;
	unsigned max_links; /* how many it lets in; 0: any number */
	unsigned latency_us;
	unsigned only;	/* bits of enum memory_op that `at` counts; 0: all */
	long at, until; /* the calls that go wrong, from 1; `until` 0: `at` alone */
	enum memory_fault fault;
	unsigned retry_after;
	/* Before a call is done, unlocked. */
	void (*before)(void *ctx, enum memory_op op, const char *path);
	void *ctx;
	/* What happened. */
	bool dead;
	unsigned links, most_links;
	long calls;		  /* that counted */
	long of[MEMORY_OP_COUNT]; /* each, counted or not */
};

void memory_server_init(struct memory_server *s);
void memory_server_release(struct memory_server *s);
/* Forgets faults and counts; what lies there stays. */
void memory_server_reborn(struct memory_server *s);
/* Everything that lies there, as one value, to come back to. */
void memory_server_copy(struct memory_server *to, const struct memory_server *from);

/* NULL: no such file. Links on the way and at its end are followed. */
const char *memory_server_text(struct memory_server *s, const char *path);
/* Somebody else's file, with the folders on the way. */
void memory_server_write(struct memory_server *s, const char *path, const char *text);
void memory_server_remove(struct memory_server *s, const char *path);
long memory_server_total(const struct memory_server *s); /* calls of all kinds */

extern const struct publish_backend_ops memory_ops, memory_staged_ops;

#endif
