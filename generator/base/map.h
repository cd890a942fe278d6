/*
 * map: from str to pointer, in an arena.
 *
 * Keys are borrowed and must outlive the map. Nothing is ever removed. Iteration is in order of
 * insertion (entries[0 .. len)), so output never depends on hashing.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct map_entry {
	struct str key;
	void *value;
	uint64_t hash;
};

struct map {
	struct map_entry *entries;
	size_t len, cap;
	uint32_t *slots; /* index into entries plus one; 0 is empty */
	size_t slot_count;
};

/* Equal within one process only: no file and no order may depend on it. */
uint64_t str_hash(struct str s);

/* NULL when absent. A zeroed struct map is empty and valid. */
void *map_get(const struct map *m, struct str key);
/* As a set: a key that is there may have the value NULL. */
bool map_has(const struct map *m, struct str key);
/* Inserts or replaces; returns the value that was there before, or NULL. */
void *map_put(struct map *m, struct arena *a, struct str key, void *value);

/* The nearest key, for "did you mean"; empty when none is near, or there are more than MAP_NEAREST_MAX. */
#define MAP_NEAREST_MAX 2000
struct str map_nearest(const struct map *m, struct str key);

#endif
