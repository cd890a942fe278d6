/*
 * store_impl: what the files of the store share.
 *
 * store.c has the artifacts, store_deflated.c their deflated forms, store_known.c what was asked for.
 */
#ifndef OUTPUT_STORE_IMPL_H
#define OUTPUT_STORE_IMPL_H

#include <pthread.h>

#include "output/deflate.h"
#include "output/store.h"

#define STORED_MODE 0644
#define DEFLATED_SUFFIX ".z"

/* Steps in which files are compared and hashed. */
#define STEP ((size_t)32 << 10)

/* What is known of an artifact since store_new(). */
enum known {
	KNOWN_WANTED = 1,   /* sweep leaves it */
	KNOWN_WHOLE = 2,    /* its bytes were checked or written */
	KNOWN_DEFLATED = 4, /* its deflated form too */
};

struct known_slot {
	struct digest digest;
	uint8_t flags; /* 0: an empty slot */
};

/* Digests in an open-addressed table, with a lock of its own for each first byte. */
struct shard {
	pthread_mutex_t mutex;
	struct known_slot *slots;
	size_t len, cap;
};

#define SHARDS 256

struct store {
	struct fs *fs;
	struct deflate *deflate;
	char *folder;
	size_t folder_len;
	struct shard shards[SHARDS];
};

void store_know(struct store *s, const struct digest *d, unsigned flags);
bool store_knows(struct store *s, const struct digest *d, unsigned flag);

char *store_path_new(const struct store *s); /* room for any path of the store */
/* ENOENT; EBADMSG when what stands there is not the kind of file that we write. */
int store_open(struct store *s, const char *path, struct fs_file *file) MUST_USE;
/* fs_create(), with the folder when that is missing. */
int store_create(struct store *s, const char *path, struct str bytes) MUST_USE;

#endif
