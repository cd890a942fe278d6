/*
 * bucket: an S3 server of a test's own, in threads of the same process, on loopback. It does not look at
 * signatures; it can be told to misbehave as servers out there do.
 *
 *	struct bucket *b = bucket_start();
 *	b->quirk = BUCKET_IGNORES;		before requests are made, or between them
 *	bucket_put(b, "bkt/site/x", "text");
 *	… bucket_endpoint(b) …
 *	bucket_stop(b);
 */
#ifndef SUPPORT_BUCKET_H
#define SUPPORT_BUCKET_H

#include "base/buf.h"

#include <pthread.h>

enum bucket_quirk {
	BUCKET_STRICT,	/* conditions hold, ETags with or without quotes */
	BUCKET_BARE,	/* ETags in conditions must have no quotes */
	BUCKET_IGNORES, /* conditions are not looked at */
	BUCKET_LACKS,	/* conditions are refused: 501 */
};

#define BUCKET_MAX_OBJECTS 64

struct bucket_object {
	char *key, *text, *head; /* head: the request's headers */
	unsigned version;	 /* its ETag */
};

struct bucket {
	enum bucket_quirk quirk;
	size_t page;		/* keys in one answer of a listing; 0: all */
	const char *answer;	/* the next request gets this whole answer, and is not done */
	bool hang_up;		/* the next request is done, and the connection closed without an answer */
	const char *interloper; /* before the next PUT somebody else writes this there */
	struct buf log;		/* one line a request: "PUT /bkt/x" */
	struct bucket_object objects[BUCKET_MAX_OBJECTS];
	size_t len;
	unsigned versions;
	pthread_mutex_t mutex;
	pthread_t thread;
	int listener;
	unsigned port;
};

struct bucket *bucket_start(void);
void bucket_stop(struct bucket *b);
struct str bucket_endpoint(const struct bucket *b, char out[64]);

/* Keys begin with the bucket's name. NULL: there is none. */
const char *bucket_text(struct bucket *b, const char *key);
const char *bucket_head(struct bucket *b, const char *key);
void bucket_put(struct bucket *b, const char *key, const char *text);
size_t bucket_count(struct bucket *b, const char *needle); /* lines of the log that hold it */

#endif
