/* What was asked for since store_new(): a set of digests that many threads use. */
#include "output/store_impl.h"

/* The digest's slot, or the empty one where it belongs. */
static struct known_slot *slot_of(const struct shard *shard, const struct digest *d)
{
	uint64_t hash;
	size_t i;

	memcpy(&hash, d->bytes + 1, sizeof(hash));
	for (i = hash & (shard->cap - 1); shard->slots[i].flags; i = (i + 1) & (shard->cap - 1))
		if (digest_eq(&shard->slots[i].digest, d))
			break;
	return &shard->slots[i];
}

static void widen(struct shard *shard)
{
	struct shard wider = {.cap = shard->cap ? 2 * shard->cap : 16};

	wider.slots = xmalloc(wider.cap * sizeof(*wider.slots));
	memset(wider.slots, 0, wider.cap * sizeof(*wider.slots));
	for (size_t i = 0; i < shard->cap; i++)
		if (shard->slots[i].flags)
			*slot_of(&wider, &shard->slots[i].digest) = shard->slots[i];
	free(shard->slots);
	shard->slots = wider.slots;
	shard->cap = wider.cap;
}

void store_know(struct store *s, const struct digest *d, unsigned flags)
{
	struct shard *shard = &s->shards[d->bytes[0]];
	struct known_slot *slot;

	pthread_mutex_lock(&shard->mutex);
	if (2 * shard->len >= shard->cap)
		widen(shard);
	slot = slot_of(shard, d);
	if (!slot->flags) {
		slot->digest = *d;
		shard->len++;
	}
	slot->flags |= (uint8_t)(flags | KNOWN_WANTED);
	pthread_mutex_unlock(&shard->mutex);
}

bool store_knows(struct store *s, const struct digest *d, unsigned flag)
{
	struct shard *shard = &s->shards[d->bytes[0]];
	bool known;

	pthread_mutex_lock(&shard->mutex);
	known = shard->cap && (slot_of(shard, d)->flags & flag);
	pthread_mutex_unlock(&shard->mutex);
	return known;
}
