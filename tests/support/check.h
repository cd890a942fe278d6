/*
 * check: cmocka with what it wants included before it, and an assertion that shows both texts.
 */
#ifndef SUPPORT_CHECK_H
#define SUPPORT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

static inline void check_text_at(struct str got, const char *expected, const char *file, int line)
{
	if (str_is(got, expected))
		return;
	print_error("got:\n%.*s\nexpected:\n%s\n", STR_ARG(got), expected);
	_fail(file, line);
}

#define assert_text(got, expected) check_text_at((got), (expected), __FILE__, __LINE__)

#endif
