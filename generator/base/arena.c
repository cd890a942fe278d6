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
/* The first bytes of a reservation remember how far it was ever used, through whichever copy of the arena. */
#define ARENA_HEAD 16
#else
#define ARENA_GAP 0
#define ARENA_HEAD 0
#endif

#define ARENA_ALIGN 16

/* Pages past this are given back to the system when an arena is cleared. */
#define ARENA_KEEP ((size_t)8 << 20)

#ifdef ARENA_POISON
static char **reach(struct arena *a)
{
	return (char **)(void *)a->start;
}

static void poison_start(struct arena *a)
{
	*reach(a) = a->at;
}

static void poison_alloc(struct arena *a, char *p, size_t n)
{
	if (a->at > *reach(a))
		*reach(a) = a->at;
	__asan_unpoison_memory_region(p, n);
	__asan_poison_memory_region(p + n, (size_t)(a->at - p) - n);
}

/* What was handed out is nobody's any more. */
static void poison_clear(struct arena *a)
{
	__asan_poison_memory_region(a->start + ARENA_HEAD, (size_t)(*reach(a) - a->start) - ARENA_HEAD);
}

/* The addresses may be mapped again, for something else. All of a large reservation would take long. */
static void poison_release(struct arena *a)
{
	__asan_unpoison_memory_region(a->start, (size_t)(*reach(a) - a->start));
}
#else
static void poison_start(struct arena *a)
{
	(void)a;
}

static void poison_alloc(struct arena *a, char *p, size_t n)
{
	(void)a, (void)p, (void)n;
}

static void poison_clear(struct arena *a)
{
	(void)a;
}

static void poison_release(struct arena *a)
{
	(void)a;
}
#endif

void arena_init(struct arena *a, size_t reserve)
{
	void *p = mmap(
		NULL, reserve, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		die("cannot reserve memory: %s", strerror(errno));
	/* The large ones hold a whole site: fewer page faults are worth a few spare kilobytes. Only advice. */
	if (reserve >= ARENA_DEFAULT)
		madvise(p, reserve, MADV_HUGEPAGE);
	a->start = p;
	a->at = a->start + ARENA_HEAD;
	a->end = a->start + reserve;
	poison_start(a);
}

void arena_release(struct arena *a)
{
	if (!a->start)
		return;
	poison_release(a);
	munmap(a->start, (size_t)(a->end - a->start));
	*a = (struct arena){0};
}

void arena_clear(struct arena *a)
{
	size_t used = (size_t)(a->at - a->start);

	poison_clear(a);
	if (used > ARENA_KEEP)
		madvise(a->start + ARENA_KEEP, used - ARENA_KEEP, MADV_DONTNEED);
	a->at = a->start + ARENA_HEAD;
}

void *arena_alloc(struct arena *a, size_t n)
{
	size_t room = (n + ARENA_GAP + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	char *p = a->at;

	if (room < n || room > (size_t)(a->end - a->at))
		die("out of memory (an arena of %zu bytes is full)", (size_t)(a->end - a->start));
	a->at += room;
	poison_alloc(a, p, n);
	/* A scratch copy of this arena may have written here before. */
	memset(p, 0, n);
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
