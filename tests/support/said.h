/*
 * said: a collector of diagnostics as short lines, to compare.
 *
 *	assert_said(&arena, d, "a.md:3:5 link/broken\n"
 *			       "a.md:9:1 markdown/raw-html\n");
 *
 * A diagnostic without a place in a file is "path rule/id". The collector is sorted on the way.
 */
#ifndef SUPPORT_SAID_H
#define SUPPORT_SAID_H

#include "base/diag.h"

struct str said(struct arena *a, struct diag *d);
/* The same for one rule only. */
struct str said_of(struct arena *a, struct diag *d, enum rule rule);
/* The hint of the only diagnostic with this rule; "" when there is no such one, or several. */
struct str said_hint(const struct diag *d, enum rule rule);
struct str said_message(const struct diag *d, enum rule rule);

#define assert_said(arena, d, expected) assert_text(said((arena), (d)), (expected))
/* The same, of one of many inputs, which is shown when it fails. */
#define assert_said_of(arena, d, expected, input)                                                            \
	check_said((arena), (d), (expected), (input), __FILE__, __LINE__)
void check_said(
	struct arena *a, struct diag *d, const char *expected, const char *input, const char *file, int line);

#endif
