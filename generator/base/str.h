/*
 * str: a borrowed run of bytes, pointer and length.
 *
 * Never owns. Not NUL-terminated unless a function says so. The empty str may have a NULL pointer.
 * Bytes are UTF-8 where they come from a source that passed utf8_check().
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/base.h"

struct arena;

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* The same where C wants a constant: static tables. */
#define STR_INIT(literal)                                                                                    \
	{                                                                                                    \
		"" literal, sizeof(literal) - 1                                                              \
	}
/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).n, ((s).p ? (s).p : "")

struct str str_from(const char *cstr); /* NULL gives the empty str */
struct str str_make(const char *p, size_t n);
struct str str_slice(struct str s, size_t from, size_t to); /* clamped to s */

bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *cstr);
int str_cmp(struct str a, struct str b); /* by bytes, as strcmp orders */
int str_cmp_qsort(const void *a, const void *b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
size_t str_find(struct str s, struct str needle); /* s.n when absent */
size_t str_find_byte(struct str s, char c);	  /* s.n when absent */
struct str str_trim(struct str s);		  /* ASCII space, tab, CR, LF at both ends */
/* Where the piece after the last `c` starts: a path's file name, a name's suffix. 0 when absent. */
size_t str_after_last(struct str s, char c);
struct str str_file_name(struct str path);	     /* after the last '/' */
struct str str_lower(struct arena *a, struct str s); /* A-Z become a-z */

/* Cuts the piece before the first `c` off the front of *rest; false when *rest was exhausted. */
bool str_cut(struct str *rest, char c, struct str *out);

struct str str_dup(struct arena *a, struct str s); /* the copy has a NUL after it */
const char *str_z(struct arena *a, struct str s);  /* the same, as a C string */
struct str str_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct str str_join(struct arena *a, struct str x, struct str y);
/* All parts, one after the other: what paths and addresses are made with (str_fmt is ten times slower). */
struct str str_concat(struct arena *a, const struct str *parts, size_t count);
#define STR_CONCAT(a, ...)                                                                                   \
	str_concat((a), (const struct str[]){__VA_ARGS__}, COUNT_OF(((const struct str[]){__VA_ARGS__})))

/* Whole decimal integer with optional '-'; false when it is anything else or does not fit. */
bool str_to_int(struct str s, int64_t *out);

/* Damerau-Levenshtein distance of two short names, for "did you mean"; at most `cap` + 1. */
size_t str_distance(struct str a, struct str b, size_t cap);

/* The farthest that a name may be from `s` to be worth a suggestion. */
size_t str_nearest_cap(struct str s);
/* The nearest of `names` to s, or the empty str when none is near enough to suggest. */
struct str str_nearest(struct str s, const struct str *names, size_t count);

/* Offset of the first byte that is not well-formed UTF-8 (RFC 3629), or s.n. */
size_t utf8_check(struct str s);
/* Decodes one code point at s.p[at] (s is well-formed); stores its length. */
uint32_t utf8_decode(struct str s, size_t at, size_t *len);
/* Writes 1 to 4 bytes; returns how many. */
size_t utf8_encode(uint32_t cp, char out[4]);

#endif
