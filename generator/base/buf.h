/*
 * buf: a growable run of bytes with a ceiling and a sticky error.
 *
 * Write on and check once: after the first failure (ceiling passed, or set by buf_fail) every write
 * does nothing and buf_failed() is true. There is always a NUL after the bytes, not counted in n.
 *
 *	struct buf b;
 *	buf_init(&b, PAGE_MAX_BYTES);
 *	buf_add(&b, STR("<p>"));
 *	if (buf_failed(&b)) …
 *	buf_release(&b);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

/* A ceiling for buffers whose content is already bounded elsewhere. */
#define BUF_MAX_DEFAULT ((size_t)256 << 20)

struct buf {
	char *p;
	size_t n;
	size_t cap;
	size_t max;
	bool failed;
};

void buf_init(struct buf *b, size_t max); /* allocates nothing */
void buf_release(struct buf *b);
void buf_clear(struct buf *b);	       /* empties, keeps the memory, forgets the failure */
void buf_cut(struct buf *b, size_t n); /* shortens to n bytes */

void buf_add(struct buf *b, struct str s);
void buf_addz(struct buf *b, const char *cstr);
void buf_addc(struct buf *b, char c);
void buf_add_utf8(struct buf *b, uint32_t code_point);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
void buf_fail(struct buf *b);

/* At least `n` writable bytes after the content, or NULL (sticky); then buf_added() what was used. */
char *buf_room(struct buf *b, size_t n);
void buf_added(struct buf *b, size_t n);

bool buf_failed(const struct buf *b) MUST_USE;
struct str buf_str(const struct buf *b); /* borrowed until the next write */

/* & < > " as cmark escapes them; safe in text and in double-quoted attributes. */
void buf_add_html(struct buf *b, struct str s);
/* A JSON string with its quotes (RFC 8259). A byte that is not UTF-8 becomes U+FFFD. */
void buf_add_json(struct buf *b, struct str s);

#endif
