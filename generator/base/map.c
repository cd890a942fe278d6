#include "base/map.h"

#include <sys/random.h>

/*
 * Another in every process, so that nobody can write a sheet whose names all fall into one slot. Order never
 * depends on it.
 */
static uint64_t seed = 0x9E3779B97F4A7C15u;

__attribute__((constructor)) static void choose_seed(void)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) == (ssize_t)sizeof(random))
		seed = random;
}

/* Multiply-and-fold, over eight bytes at a time. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t str_hash(struct str s)
{
	uint64_t h = seed ^ s.n, word;
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&word, s.p + i, 8);
		h = mix(h ^ word, 0xD6E8FEB86659FD93u);
	}
	word = 0;
	if (i < s.n)
		memcpy(&word, s.p + i, s.n - i);
	return mix(h ^ word, 0xA0761D6478BD642Fu);
}

/* The slot that holds the key, or the empty one where it belongs. */
static size_t slot_of(const struct map *m, struct str key, uint64_t hash)
{
	size_t mask = m->slot_count - 1, i = hash & mask;

	for (; m->slots[i]; i = (i + 1) & mask) {
		const struct map_entry *e = &m->entries[m->slots[i] - 1];

		if (e->hash == hash && str_eq(e->key, key))
			break;
	}
	return i;
}

static const struct map_entry *find(const struct map *m, struct str key)
{
	size_t i;

	if (!m->slot_count)
		return NULL;
	i = slot_of(m, key, str_hash(key));
	return m->slots[i] ? &m->entries[m->slots[i] - 1] : NULL;
}

void *map_get(const struct map *m, struct str key)
{
	const struct map_entry *e = find(m, key);

	return e ? e->value : NULL;
}

bool map_has(const struct map *m, struct str key)
{
	return find(m, key) != NULL;
}

static void widen(struct map *m, struct arena *a)
{
	m->slot_count = m->slot_count ? m->slot_count * 2 : 16;
	m->slots = arena_new_n(a, uint32_t, m->slot_count);
	for (size_t i = 0; i < m->len; i++)
		m->slots[slot_of(m, m->entries[i].key, m->entries[i].hash)] = (uint32_t)i + 1;
}

void *map_put(struct map *m, struct arena *a, struct str key, void *value)
{
	uint64_t hash = str_hash(key);
	size_t i;

	if (m->len * 2 >= m->slot_count)
		widen(m, a);
	i = slot_of(m, key, hash);
	if (m->slots[i]) {
		struct map_entry *e = &m->entries[m->slots[i] - 1];
		void *before = e->value;

		e->value = value;
		return before;
	}
	m->entries = arena_grow(a, m->entries, m->len, &m->cap, sizeof(*m->entries));
	m->entries[m->len++] = (struct map_entry){key, value, hash};
	m->slots[i] = (uint32_t)m->len;
	return NULL;
}

struct str map_nearest(const struct map *m, struct str key)
{
	struct str best = {0};
	size_t cap = str_nearest_cap(key), best_at = cap + 1;

	for (size_t i = 0; m->len <= MAP_NEAREST_MAX && i < m->len; i++) {
		size_t at = str_distance(key, m->entries[i].key, cap);

		if (at < best_at) {
			best_at = at;
			best = m->entries[i].key;
		}
	}
	return best;
}
