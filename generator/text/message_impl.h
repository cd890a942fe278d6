/*
 * message_impl: the compiled form of a message, shared by its parser and its formatter.
 *
 * A message is a list of parts; a plural or select part has branches, each a list of parts again, at
 * most MESSAGE_MAX_DEPTH deep. Everything lies in the caller's arena and is const after compiling.
 */
#ifndef TEXT_MESSAGE_IMPL_H
#define TEXT_MESSAGE_IMPL_H

#include "text/decimal.h"
#include "text/message.h"

enum part_kind { PART_TEXT, PART_NUMBER_SIGN, PART_ARGUMENT };

enum branch_kind { BRANCH_OTHER, BRANCH_CATEGORY, BRANCH_EXACT, BRANCH_WORD };

struct branch {
	struct branch *next;
	enum branch_kind kind;
	struct str selector; /* as written */
	size_t at;	     /* of the selector, in the pattern */
	enum plural category;
	struct decimal exact;
	bool whole; /* exact is the integer below */
	int64_t integer;
	struct part *parts;
};

struct part {
	struct part *next;
	enum part_kind kind;
	enum message_type type;
	struct str text; /* the literal, or an argument's style */
	struct str name; /* of the argument; of the plural's, for a number sign */
	/* plural, selectordinal, select */
	struct branch *branches;
	const struct branch *other;
	size_t branch_count;
	int64_t offset;
	struct str shown; /* the style that `other` first shows the number in: the category is that one's */
};

struct message {
	struct part *parts;
	struct message_arg *args;
	size_t arg_count, arg_cap;
	struct message_choice *choices;
	size_t choice_count, choice_cap;
};

/* The parser's state, shared with message_style.c and message_case.c. */
struct parser {
	struct arena *arena;
	struct str s; /* the pattern */
	const struct origin *from;
	struct locale *locale;
	struct diag *diag;
	struct message *message;
	char *literal; /* room for all literal text of the pattern, filled from the front */
	size_t literal_n;
	size_t at;
	unsigned depth;	  /* of branches */
	unsigned plurals; /* those of them that belong to a plural */
	bool failed;	  /* an error was reported */
	bool stop;	  /* nothing more can be made of the rest */
};

/* Reports at the pattern's bytes [from, to). */
#define fault(p, rule, from, to, ...)                                                                        \
	(diag_add((p)->diag, (rule), parser_span((p), (from), (to)), __VA_ARGS__), parser_note((p), (rule)))

struct span parser_span(const struct parser *p, size_t from, size_t to);
void parser_note(struct parser *p, enum rule rule);
void parser_skip_space(struct parser *p);
struct str parser_name(struct parser *p); /* what may be a name at p->at; passes it */
size_t parser_char_end(const struct parser *p, size_t at);
struct str parser_char(const struct parser *p); /* the character at p->at, for diagnostics */
bool parser_eat(struct parser *p, char c);
bool counts(const struct part *part); /* plural or selectordinal */
/* The brace at `open` finds no partner: reported once for the whole message. */
void parser_unclosed(struct parser *p, size_t open);

/* The parts up to the } that ends a branch (left standing) or the end. `in` is the branch's owner. */
struct part *parser_parts(struct parser *p, const struct part *in);

/* From after the comma that follows the type, to before the closing brace; false after a fault. */
bool parser_style(struct parser *p, struct part *part, size_t open) MUST_USE;
bool parser_branches(struct parser *p, struct part *part, size_t open, size_t head) MUST_USE;

#endif
