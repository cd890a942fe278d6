/*
 * message: ICU MessageFormat with named arguments, compiled once and formatted by many threads.
 *
 * Grammar and meaning follow ICU's MessageFormat (DOUBLE_OPTIONAL apostrophes: '' is an apostrophe;
 * ' quotes only before { } and, in plural, #): {name}, {name, number[, style]}, {name, date[, style]},
 * {name, time[, style]}, {name, plural[, offset:n] =n {…} one {…} other {…}}, selectordinal, select;
 * and one extension of ours, {name, list[, and|or|unit]}. Categories come from ICU. A compiled message
 * is immutable and keeps the place of every part.
 */
#ifndef TEXT_MESSAGE_H
#define TEXT_MESSAGE_H

#include "base/diag.h"
#include "text/locale.h"

#define MESSAGE_MAX_DEPTH 16
#define MESSAGE_MAX_BYTES (64 * 1024)

struct message;

/*
 * Compiles `pattern`, whose bytes stand in a file at `from`. Every fault is reported; NULL when one of
 * them is an error by default. `l` is the language whose plural categories hold (NULL: not checked).
 */
struct message *message_compile(
	struct arena *a, struct str pattern, const struct origin *from, struct locale *l, struct diag *d);

/* The names of the arguments, each once, in order of first use. */
struct message_arg {
	struct str name;
	struct span at;
	enum message_type { MESSAGE_PLAIN, MESSAGE_NUMBER, MESSAGE_DATE, MESSAGE_TIME, MESSAGE_LIST, MESSAGE_SELECT,
		MESSAGE_PLURAL, MESSAGE_ORDINAL } type;
};
size_t message_args(const struct message *m, const struct message_arg **out);

/* True when the message is text only; then *out is the text. */
bool message_is_plain(const struct message *m, struct str *out);

/* Where arguments come from: NULL for one that does not exist (it is then shown as "{name}"). */
struct message_scope {
	const struct value *(*get)(void *ctx, struct str name);
	void *ctx;
};

/*
 * Where the result goes, piece by piece: literal text, and the formatted text of an argument (plural's
 * # included) with the argument's name. Both NULL-safe through message_format(), which writes to a buf.
 */
struct message_sink {
	void (*text)(void *ctx, struct str s);
	void (*argument)(void *ctx, struct str name, struct str formatted);
	void *ctx;
};

/* False when an argument was missing or of a wrong type; the rest is written all the same. */
bool message_format(const struct message *m, struct locale *l, const struct message_scope *scope, struct buf *out);
bool message_format_to(const struct message *m, struct locale *l, const struct message_scope *scope,
	const struct message_sink *sink);

#endif
