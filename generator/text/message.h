/*
 * message: ICU MessageFormat with named arguments, compiled once and formatted by many threads.
 *
 * Grammar and meaning follow ICU's MessageFormat (DOUBLE_OPTIONAL apostrophes: '' is an apostrophe;
 * ' quotes only before { } and, in plural, #): {name}, {name, number[, style]}, {name, date[, style]},
 * {name, time[, style]}, {name, plural[, offset:n] =n {…} one {…} other {…}}, selectordinal, select;
 * and one extension of ours, {name, list[, and|or|unit]}. Categories come from ICU. A compiled message
 * is immutable and keeps the place of every part.
 *
 * Stricter than ICU where ICU would be silent: a lone } at the top, a selector that stands twice, and
 * a plural category that the language does not have are errors. Types that ICU has given up (choice) or
 * that only some languages have data for (spellout, ordinal, duration) are not there.
 *
 *	struct message *m = message_compile(&arena, text, &origin, locale, d);
 *	if (m && !message_format(m, locale, &scope, &out)) …	(an argument was missing)
 */
#ifndef TEXT_MESSAGE_H
#define TEXT_MESSAGE_H

#include "base/diag.h"
#include "text/locale.h"

#define MESSAGE_MAX_DEPTH 16 /* of plural and select, one inside the other */
#define MESSAGE_MAX_BYTES (64 * 1024)

struct message;

/*
 * Compiles `pattern` (copied), whose bytes stand in a file at `from` (NULL: in none). Every fault is
 * reported; NULL when one of them is an error by default. `l` is the language whose plural categories
 * and number styles hold (NULL: not checked).
 */
struct message *message_compile(
	struct arena *a, struct str pattern, const struct origin *from, struct locale *l, struct diag *d);

/*
 * The names of the arguments, each once, in order of first use. One that is used plainly and with a
 * type has that type.
 */
struct message_arg {
	struct str name;
	struct span at;
	enum message_type { MESSAGE_PLAIN, MESSAGE_NUMBER, MESSAGE_DATE, MESSAGE_TIME, MESSAGE_LIST, MESSAGE_SELECT,
		MESSAGE_PLURAL, MESSAGE_ORDINAL } type;
};
const char *message_type_name(enum message_type type); /* as in the grammar; "" for MESSAGE_PLAIN */
size_t message_args(const struct message *m, const struct message_arg **out);
/* What the message takes an argument for; MESSAGE_PLAIN too when it has none of that name. */
enum message_type message_arg_type(const struct message *m, struct str name);

/*
 * Every plural, selectordinal and select, in order of appearance, for parity checks and for showing a
 * message in all its forms. Selectors are as written ("one", "=0", "female").
 */
struct message_choice {
	struct str name;
	enum message_type type;
	int64_t offset;
	struct span at; /* from the brace to the type */
	const struct str *selectors;
	size_t len;
};
size_t message_choices(const struct message *m, const struct message_choice **out);

/*
 * What a person types for an argument, as a value: a number, YYYY-MM-DD, YYYY-MM-DDTHH:MM[:SS][Z] (in UTC), a list
 * with commas, by the argument's type; text where it is none of these. Borrows `text`.
 */
struct value message_arg_value(struct arena *a, enum message_type type, struct str text);

/* True when the message is text only; then *out is the text. */
bool message_is_plain(const struct message *m, struct str *out);

/*
 * Where arguments come from: NULL for one that does not exist (it is then shown as "{name}", and a plural
 * or select takes `other`). A text where a number is wanted is shown as it is; both count as faults.
 */
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

/*
 * False when an argument was missing or of a wrong type; the rest is written all the same. `l` may be
 * NULL for a message that is text only; then ICU is not asked at all.
 */
bool message_format(const struct message *m, struct locale *l, const struct message_scope *scope, struct buf *out);
bool message_format_to(const struct message *m, struct locale *l, const struct message_scope *scope,
	const struct message_sink *sink);

#endif
