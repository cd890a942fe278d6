/*
 * deflate: raw deflate streams (RFC 1951) and CRC-32, by libdeflate.
 *
 * Compressors are large and belong to one thread at a time: a struct deflate lends them out and keeps
 * them for the next. The same bytes give the same stream, always.
 */
#ifndef OUTPUT_DEFLATE_H
#define OUTPUT_DEFLATE_H

#include "base/str.h"

struct deflate;

struct deflate *deflate_new(void);
void deflate_free(struct deflate *d);

/* Room that the stream of n bytes needs at most. */
size_t deflate_bound(size_t n);
/* Writes the stream into `out` (deflate_bound() bytes); returns its size. Thread-safe. */
size_t deflate_run(struct deflate *d, struct str bytes, char *out);

/* CRC-32 of what came before (0 at first) and of `bytes`. */
uint32_t deflate_crc(uint32_t before, struct str bytes);

#endif
