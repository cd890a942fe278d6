/*
 * base: what every file of the program may assume.
 *
 * Included first by every header of base/. Holds the attributes (formats are checked, results that
 * matter must be used), BUG() for our own mistakes, and the list of functions that nobody may call.
 * People's mistakes are never a BUG: they are a diagnostic (diag.h).
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_USE __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Report a broken invariant of the program itself and abort. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
NORETURN void bug_at(const char *file, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The environment failed us (memory, mostly): one clear sentence on stderr, exit status 2. */
NORETURN void die(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* malloc and friends that die() instead of returning NULL. */
void *xmalloc(size_t n) __attribute__((malloc)) MUST_USE;
void *xrealloc(void *p, size_t n) MUST_USE;

/* Unbounded or locale-dependent: use buf_addf(), str, and text/locale.h instead. */
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atof setlocale

#endif
