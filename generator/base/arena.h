/*
 * arena: memory that is given back all at once.
 *
 * One reserved stretch of address space, handed out from the front. Passing an arena by pointer keeps
 * what is allocated; passing a copy (`struct arena scratch = *a`) makes everything allocated through
 * the copy scratch, given back when the copy goes out of use (and nothing may be allocated through
 * the original meanwhile that must outlive it: results go to another arena). Running out is an
 * environment error: die(). Under AddressSanitizer there are poisoned gaps between allocations.
 *
 *	struct arena a;
 *	arena_init(&a, ARENA_DEFAULT);
 *	struct node *n = arena_new(&a, struct node);
 *	arena_release(&a);
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

/* Address space reserved by default; pages count as memory only once they are touched. */
#define ARENA_DEFAULT ((size_t)4 << 30)

struct arena {
	char *start;
	char *at;
	char *end;
};

void arena_init(struct arena *a, size_t reserve);
void arena_release(struct arena *a); /* unmaps; the arena may be initialised again */
void arena_clear(struct arena *a);   /* forgets everything, keeps the reservation */

/* Zeroed, aligned to 16. Size zero gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc)) MUST_USE;
void *arena_array(struct arena *a, size_t count, size_t size) MUST_USE; /* checks the product */

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_new_n(a, type, count) ((type *)arena_array((a), (count), sizeof(type)))

/*
 * Makes room for one more in a growing arena array: `items` of `size`, `*cap` slots of which `len`
 * are used. Doubles by copying; the old copy stays in the arena.
 */
void *arena_grow(struct arena *a, void *items, size_t len, size_t *cap, size_t size) MUST_USE;

#endif
