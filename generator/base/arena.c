#include "base/arena.h"

#include <errno.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif

#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#define ARENA_GAP 16
#define poison(p, n) __asan_poison_memory_region((p), (n))
#define unpoison(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define ARENA_GAP 0
#define poison(p, n) ((void)(p), (void)(n))
#define unpoison(p, n) ((void)(p), (void)(n))
#endif

#define ARENA_ALIGN 16

/* Pages past this are given back to the system when an arena is cleared. */
#define ARENA_KEEP ((size_t)8 << 20)

void arena_init(struct arena *a, size_t reserve)
{
	void *p = mmap(NULL, reserve, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		die("cannot reserve memory: %s", strerror(errno));
	/* The large ones hold a whole site: fewer page faults are worth a few spare kilobytes. Only advice. */
	if (reserve >= ARENA_DEFAULT)
		madvise(p, reserve, MADV_HUGEPAGE);
	a->start = a->at = p;
	a->end = a->start + reserve;
	/* Poisoning all of a large reservation would touch its shadow: only what was used is poisoned again. */
}

void arena_release(struct arena *a)
{
	if (!a->start)
		return;
	unpoison(a->start, (size_t)(a->at - a->start));
	munmap(a->start, (size_t)(a->end - a->start));
	*a = (struct arena){0};
}

void arena_clear(struct arena *a)
{
	size_t used = (size_t)(a->at - a->start);

	unpoison(a->start, used);
	if (used > ARENA_KEEP)
		madvise(a->start + ARENA_KEEP, used - ARENA_KEEP, MADV_DONTNEED);
	a->at = a->start;
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t room = (n + ARENA_GAP + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	char *p = a->at;

	if (room < n || room > (size_t)(a->end - a->at))
		die("out of memory (an arena of %zu bytes is full)", (size_t)(a->end - a->start));
	a->at += room;
	unpoison(p, n);
	/* A scratch copy of this arena may have written here before. */
	memset(p, 0, n);
	poison(p + n, room - n);
	return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		die("out of memory (%zu things of %zu bytes wanted)", count, size);
	return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, void *items, size_t len, size_t *cap, size_t size)
{
	void *wider;

	if (len < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 8;
	wider = arena_array(a, *cap, size);
	if (len)
		memcpy(wider, items, len * size);
	return wider;
}
