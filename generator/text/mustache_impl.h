/*
 * mustache_impl: the compiled form that mustache_parse.c makes and mustache_render.c runs.
 *
 * A template is a flat array of operations. One with a body (section, block …) is followed by its body
 * and says where it ends, so that skipping and repeating are arithmetic. Texts are slices of the source;
 * nothing is allocated while rendering.
 *
 * Whitespace is settled here. The lines of standalone tags are gone. The indentation that the lines of
 * a block have in common with its first is gone too, and stands in the block's `indent`: it is put back,
 * or another one instead, where the block is shown. OP_LINE, and `line` of a text, mark where lines of the
 * template begin: there the indentation of standalone partials, parents and blocks is written.
 */
#ifndef TEXT_MUSTACHE_IMPL_H
#define TEXT_MUSTACHE_IMPL_H

#include "text/mustache.h"

enum op_kind {
	OP_TEXT,     /* text, line */
	OP_LINE,     /* a line begins with a tag */
	OP_VALUE,    /* name; escaped */
	OP_RAW,	     /* name; as it is */
	OP_SECTION,  /* name, text (raw contents), delimiters */
	OP_INVERTED, /* name */
	OP_PARTIAL,  /* text (name), target, whole, indent */
	OP_PARENT,   /* the same; the body is arguments */
	OP_BLOCK,    /* text (name), whole, line, indent, line_end; the body is the default */
	OP_ARGUMENT, /* text (name); in a parent */
	OP_KINDS
};

/* "{{" and "}}", or what a template set. */
struct delimiters {
	struct str open, close;
};

/* A dotted name; no parts is ".", the top of the stack. */
struct name {
	const struct str *parts;
	size_t count;
};

struct op {
	uint8_t kind;	/* enum op_kind */
	bool line;	/* text: begins a line; block: only blanks stand before it on its line */
	bool whole;	/* has its lines to itself */
	uint32_t end;	/* the operation after this one and its body */
	uint32_t at, n; /* the tag in the source; where a text begins */
	struct str text;
	struct str indent;
	struct str line_end; /* block with its lines to itself: how they end; nothing at the end of a file */
	struct name name;
	const struct mustache *target; /* NULL until mustache_check() */
	const struct delimiters *delimiters;
};

struct mustache {
	struct source *src;
	struct op *ops;
	size_t len, cap;
};

extern const struct delimiters mustache_delimiters;

/* One tag as it stands in the text. */
struct tag {
	size_t at, end;
	size_t line; /* where its line begins */
	size_t next; /* the next line, when `last` */
	bool first;  /* only blanks before it on its line */
	bool last;   /* only blanks after it */
	char sigil;  /* 0: a plain name */
	struct str content;
};

/* What tags are read from; the first fault ends a compilation: what follows it would be guesses. */
struct tag_reader {
	struct arena *a;
	struct source *src;
	struct str text;
	struct diag *d;
	const struct delimiters *delimiters;
	bool failed;
};

#define tag_fail(in, rule, span, ...) (diag_add((in)->d, (rule), (span), __VA_ARGS__), (in)->failed = true)

/* Reads the tag whose opening delimiter stands at `at`; false when it never ends. */
bool tag_read(struct tag_reader *in, size_t at, struct tag *out);
/* The content as a word, or as a dotted name; false when it is none, which was reported. */
bool tag_check_word(struct tag_reader *in, const struct tag *t);
bool tag_read_name(struct tag_reader *in, const struct tag *t, struct name *out);

struct span tag_span(const struct tag_reader *in, const struct tag *t);
struct str tag_text(const struct tag_reader *in, const struct tag *t); /* with its delimiters */
size_t tag_blanks_at(const struct tag_reader *in, size_t at); /* how many spaces and tabs stand there */
bool tag_starts_line(const struct tag_reader *in, size_t at);

/* Without operations when something was reported. Borrows the source. */
struct mustache *mustache_compile(
	struct arena *a, struct source *src, const struct delimiters *delimiters, struct diag *d);

/* The stack that names are looked up in, innermost last. */
struct mustache_scope {
	const struct value *items[MUSTACHE_MAX_DEPTH + 1];
	size_t n;
};

/* NULL when nothing has the name. */
const struct value *mustache_find(const struct mustache_scope *scope, struct name name);
/* Missing, null, false, zero, the empty text and the empty list are false. */
bool mustache_is_true(const struct value *v);
/* The text of a value: lists, maps and lambdas have none. */
void mustache_add_value(struct buf *out, const struct value *v, bool escape);

#endif
