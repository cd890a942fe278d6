/*
 * markdown_lift: what lift.c (which writes the lifted text) and scan.c (which finds tokens) share.
 *
 * scan_token() is called where one may start. It lifts it, or nothing, and moves `at` on in any case.
 */
#ifndef TEXT_MARKDOWN_LIFT_H
#define TEXT_MARKDOWN_LIFT_H

#include "text/markdown_impl.h"

struct lifting {
	struct lift *lift;
	struct heap *heap;
	const char *p;
	size_t n;    /* end of the text */
	size_t at;   /* here */
	size_t done; /* copied up to here */
	char *out;
	size_t out_n, out_cap;
};

/* One token's lines while it is being read: piece i is [from[i], to[i]). */
struct pieces {
	size_t from[LIFT_MAX_PIECES], to[LIFT_MAX_PIECES];
	size_t count;
};

void scan_token(struct lifting *g);

/* Lifts a token; `at` then stands after it. When there are too many nothing happens but `full`. */
void lifting_pieces(struct lifting *g, enum token_kind kind, const struct pieces *pieces);
void lifting_one(struct lifting *g, enum token_kind kind, size_t end);
/* Lifts its first byte only, so that the rest stays Markdown; worth underlining up to `end`. */
void lifting_bad(struct lifting *g, enum token_fault fault, size_t end);
/* [from, to) of the text is written otherwise. */
void lifting_replace(struct lifting *g, size_t from, size_t to, const char *with, size_t n);
bool lifting_has_room(struct lifting *g, size_t count);

#endif
