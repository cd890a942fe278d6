#include "base/arena.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define poisoned(p) (__asan_address_is_poisoned(p) != 0)
#else
#define poisoned(p) ((void)(p), true) /* nothing to look at */
#endif

#define SIZE ((size_t)64 << 20)

static void gives_zeroed_aligned_memory(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, SIZE);
	for (size_t n = 0; n < 100; n++) {
		char *p = arena_alloc(&a, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xFF, n);
	}
	arena_release(&a);
	arena_release(&a);
}

static void scratch_is_given_back(void **state)
{
	struct arena a;
	char *kept, *first, *again;

	(void)state;
	arena_init(&a, SIZE);
	kept = arena_alloc(&a, 10);
	memset(kept, 'k', 10);
	{
		struct arena scratch = a;

		first = arena_alloc(&scratch, 1000);
		memset(first, 'x', 1000);
	}
	again = arena_alloc(&a, 1000);
	assert_ptr_equal(first, again);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(again[i], 0);
	assert_int_equal(kept[9], 'k');
	arena_release(&a);
}

static void clears(void **state)
{
	struct arena a;
	char *first, *again;

	(void)state;
	arena_init(&a, SIZE);
	first = arena_alloc(&a, 100);
	for (int i = 0; i < 20; i++)
		memset(arena_alloc(&a, 1000000), 1, 1000000);
	arena_clear(&a);
	assert_true(poisoned(first + 1));
	again = arena_alloc(&a, 100);
	assert_ptr_equal(first, again);
	for (int i = 0; i < 20; i++) {
		char *p = arena_alloc(&a, 1000000);

		assert_int_equal(p[0] | p[999999], 0);
	}
	arena_release(&a);
}

static void grows_by_copying(void **state)
{
	struct arena a;
	int *items = NULL;
	size_t cap = 0;

	(void)state;
	arena_init(&a, SIZE);
	for (size_t len = 0; len < 1000; len++) {
		items = arena_grow(&a, items, len, &cap, sizeof(*items));
		assert_true(cap > len);
		items[len] = (int)len;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	arena_release(&a);
}

/* In a child: the exit status. */
static int status_of(void (*does)(struct arena *a))
{
	struct arena a;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(99);
		arena_init(&a, 4096);
		does(&a);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void take_too_much(struct arena *a)
{
	(void)!arena_alloc(a, 5000);
}

static void take_a_wrapping_size(struct arena *a)
{
	(void)!arena_alloc(a, SIZE_MAX - 7);
}

static void take_a_wrapping_product(struct arena *a)
{
	(void)!arena_array(a, SIZE_MAX / 8 + 2, 8);
}

static void take_bit_by_bit(struct arena *a)
{
	for (int i = 0; i < 1000; i++)
		(void)!arena_alloc(a, 16);
}

static void dies_when_it_is_full(void **state)
{
	(void)state;
	assert_int_equal(status_of(take_too_much), 2);
	assert_int_equal(status_of(take_a_wrapping_size), 2);
	assert_int_equal(status_of(take_a_wrapping_product), 2);
	assert_int_equal(status_of(take_bit_by_bit), 2);
}

/* The address space may become something else's: no mark of ours may stay on it. */
static void leaves_nothing_behind(void **state)
{
	struct arena a, scratch;
	char *start, *p;

	(void)state;
	arena_init(&a, SIZE);
	start = a.start;
	scratch = a;
	for (int i = 0; i < 1000; i++)
		(void)!arena_alloc(&scratch, 1000);
	arena_release(&a);
	p = mmap(start, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		0);
	if (p != start)
		skip();
	memset(p, 1, SIZE);
	munmap(p, SIZE);
}

static void has_gaps_that_are_watched(void **state)
{
	struct arena a;
	char *p UNUSED; /* elsewhere than under AddressSanitizer */

	(void)state;
	arena_init(&a, SIZE);
	p = arena_alloc(&a, 20);
	(void)!arena_alloc(&a, 20);
	assert_true(poisoned(p + 20));
	assert_true(poisoned(p + 31));
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_aligned_memory),
		cmocka_unit_test(scratch_is_given_back),
		cmocka_unit_test(clears),
		cmocka_unit_test(grows_by_copying),
		cmocka_unit_test(dies_when_it_is_full),
		cmocka_unit_test(leaves_nothing_behind),
		cmocka_unit_test(has_gaps_that_are_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
