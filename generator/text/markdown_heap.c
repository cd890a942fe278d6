/* The heap half of markdown_impl.h: blocks from malloc, handed out from the front. */
#include "text/markdown_impl.h"

#define HEAP_FIRST ((size_t)32 << 10)
#define HEAP_LARGEST ((size_t)4 << 20)
#define HEAP_ALIGN 8

struct heap_block {
	struct heap_block *next;
	size_t size;
};

/* Before each allocation: its size, so that it can be moved. */
struct heap_mark {
	size_t n;
};

void heap_init(struct heap *h)
{
	*h = (struct heap){0};
}

void heap_release(struct heap *h)
{
	struct heap_block *next;

	for (struct heap_block *b = h->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	*h = (struct heap){0};
}

static void add_block(struct heap *h, size_t n)
{
	size_t size = h->blocks ? h->blocks->size * 2 : HEAP_FIRST;
	struct heap_block *b;

	if (size > HEAP_LARGEST)
		size = HEAP_LARGEST;
	if (size < n)
		size = n;
	b = xmalloc(sizeof(*b) + size);
	*b = (struct heap_block){.next = h->blocks, .size = size < HEAP_LARGEST ? size : HEAP_LARGEST};
	h->blocks = b;
	h->at = (char *)(b + 1);
	h->end = h->at + size;
}

static size_t rounded(size_t n)
{
	return (n + HEAP_ALIGN - 1) & ~(size_t)(HEAP_ALIGN - 1);
}

void *heap_alloc(struct heap *h, size_t n)
{
	size_t room = sizeof(struct heap_mark) + rounded(n);
	struct heap_mark *mark;

	if (n > SIZE_MAX / 2)
		die("out of memory (%zu bytes wanted)", n);
	if (room > (size_t)(h->end - h->at))
		add_block(h, room);
	mark = (struct heap_mark *)(void *)h->at;
	mark->n = n;
	h->at += room;
	return mark + 1;
}

static bool newest(const struct heap *h, const void *p, size_t n)
{
	return (const char *)p + rounded(n) == h->at;
}

void *heap_resize(struct heap *h, void *p, size_t n)
{
	struct heap_mark *mark = p ? (struct heap_mark *)p - 1 : NULL;
	void *moved;

	if (!mark)
		return heap_alloc(h, n);
	if (n <= mark->n)
		return p;
	if (newest(h, p, mark->n) && n < SIZE_MAX / 2 && rounded(n) <= (size_t)(h->end - (char *)p)) {
		mark->n = n;
		h->at = (char *)p + rounded(n);
		return p;
	}
	moved = heap_alloc(h, n);
	memcpy(moved, p, mark->n);
	return moved;
}

void heap_free(struct heap *h, void *p)
{
	struct heap_mark *mark = p ? (struct heap_mark *)p - 1 : NULL;

	if (mark && newest(h, p, mark->n))
		h->at = (char *)mark;
}
