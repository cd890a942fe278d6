/*
 * markdown_impl: what the files of markdown share. Nobody else includes this (tests may).
 *
 * One parse is one struct parse, on one thread. Three kinds of offsets occur, always bytes:
 *	source	 in src->text: what spans and diagnostics use;
 *	lifted	 in lift.text: what cmark reads, tokens replaced by placeholders;
 *	content	 in place.content: one block's inline text, as cmark saw it after taking away the
 *		 containers' marks and the indentation.
 * place knows the way from content to lifted, lift the way from lifted to source.
 *
 *	markdown_lift, _scan	 tokens out of the text, before cmark
 *	markdown_place, _inline	 where blocks and inlines stand
 *	markdown_lower		 cmark's tree walked, ours built; the only file that knows cmark
 *	markdown_text, _token	 running text, and what a token becomes in it
 *	markdown_isolate, _dialect, _heading, _heap	 what their names say
 */
#ifndef TEXT_MARKDOWN_IMPL_H
#define TEXT_MARKDOWN_IMPL_H

#include "base/buf.h"
#include "base/map.h"
#include "text/markdown.h"

/* heap: memory for the length of one parse: cmark's tree, the lifted text, tables. */
struct heap_block;
struct heap {
	struct heap_block *blocks;
	char *at, *end;
};
void heap_init(struct heap *h);
void heap_release(struct heap *h);
void *heap_alloc(struct heap *h, size_t n) MUST_USE; /* not zeroed, aligned to 8 */
void *heap_resize(struct heap *h, void *p, size_t n) MUST_USE;
void heap_free(struct heap *h, void *p); /* gives back the newest allocation only */

/* Index of the first byte at or after i that the table marks, or s.n. Most text is passed over by this. */
static inline size_t scan_to(const uint8_t table[static 256], struct str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p;

	while (i + 4 <= s.n && !(table[p[i]] | table[p[i + 1]] | table[p[i + 2]] | table[p[i + 3]]))
		i += 4;
	while (i < s.n && !table[p[i]])
		i++;
	return i;
}

/*
 * lift: tokens out of the text, placeholders in.
 *
 * A placeholder is U+F0000 + index of its token, between two '|' when the token is to count as
 * punctuation when cmark weighs what stands beside emphasis. A token that is wrapped over lines is one
 * placeholder a line, so that lines stay lines. Characters of planes 15 and 16 that stood in the text get
 * LIFT_ESCAPE before them, and so survive.
 */
#define LIFT_MAX_TOKENS 65000
#define LIFT_MAX_TOKEN_BYTES 4096 /* longer ones are not tokens */
#define LIFT_MAX_PIECES 64	  /* lines that one token may be wrapped over */

enum token_kind {
	TOKEN_FACT,
	TOKEN_CITE,
	TOKEN_ID,
	TOKEN_CALLOUT,
	TOKEN_BAD,    /* only its first byte is lifted; `fault` tells what is wrong */
	TOKEN_ENTITY, /* a reference to a character that would look like a placeholder */
	TOKEN_PART,   /* a further line of a wrapped token */
};

enum token_fault {
	FAULT_NAME,   /* {Name}, {a-b}, { a }: not the form of a fact's id */
	FAULT_END,    /* {name, … without its closing brace */
	FAULT_CITE,   /* [@a; @b], [@a s. 3] */
	FAULT_LENGTH, /* longer than LIFT_MAX_TOKEN_BYTES */
};

struct token {
	uint8_t kind;  /* enum token_kind */
	uint8_t fault; /* enum token_fault, of TOKEN_BAD */
	bool punctuation;
	uint16_t pieces; /* lines, of a token's first piece */
	uint32_t at, n;	 /* source: this piece */
	uint32_t whole;	 /* source: bytes to the end of the last piece; of TOKEN_BAD: worth underlining */
};

/* Where lifted and source part ways: `lifted_n` bytes stand for `n`. */
struct shift {
	uint32_t lifted, lifted_n;
	uint32_t at, n;
};

struct lift {
	struct str text;
	size_t base; /* source offset of text.p[0] */
	struct token *tokens;
	size_t token_count, token_cap;
	struct shift *shifts;
	size_t shift_count, shift_cap;
	bool full;    /* LIFT_MAX_TOKENS was passed */
	bool escapes; /* LIFT_ESCAPE occurs */
	bool nuls;    /* some U+FFFD stand for something shorter or longer: a NUL, as CommonMark wants */
};

void lift_init(struct lift *l, struct heap *h, struct str source, size_t from, bool plain);
size_t lift_start(const struct lift *l, size_t lifted); /* source offset of a lifted byte */
size_t lift_end(const struct lift *l, size_t lifted); /* source offset just after lifted byte `lifted` - 1 */

/* A placeholder at s[i]: its token, and in *n its bytes (with the bars); NULL when there is none. */
const struct token *lift_token(const struct lift *l, struct str s, size_t i, size_t *n);
/* Offset of the first byte at or after i that a placeholder or LIFT_ESCAPE starts with, or s.n. */
size_t lift_find(const struct lift *l, struct str s, size_t i);
bool lift_escape(const struct lift *l, struct str s, size_t i); /* LIFT_ESCAPE stands at s[i] */
#define LIFT_ESCAPE "\xF4\x8F\xBF\xBD"
#define LIFT_ESCAPE_BYTES 4
/* A copy of s with every placeholder as it was written; `decode`: where references were decoded. */
struct str lift_restore(const struct lift *l, struct arena *a, struct str source, struct str s, bool decode);
/* &#38; and the like at the start of s, as cmark reads it: its length, or 0. */
size_t entity_numeric(struct str s, uint32_t *cp);

/*
 * place: where things stand.
 *
 * Lines are cmark's. A stack of the containers that take something away from a line (quotes and list
 * items) lets it find where a paragraph's further lines begin. Then a cursor runs through the block's
 * content while the caller visits its inlines in order; each visit gives the inline's place.
 * Should cmark and the cursor ever disagree, `lost` is set and the rest of the block gets the block's place.
 */
struct box {
	bool item;
	uint32_t indent; /* columns that belong to the item */
	uint32_t line;
	size_t at, column; /* after its mark, on its first line */
};

struct seg { /* content from here on stands at `lifted` */
	uint32_t content, lifted;
};

struct range {
	size_t from, to;
};

/* A stretch of a text node's literal: verbatim in the content, or one escape or entity. */
struct run {
	uint32_t lit;
	uint32_t from, to; /* content */
	bool verbatim;
};

struct place {
	struct heap *heap;
	struct str text; /* lifted */
	uint32_t *lines;
	size_t line_count;
	struct box boxes[MARKDOWN_MAX_DEPTH + 1];
	size_t box_count;
	/* of the current block */
	struct str content;
	struct str untrimmed; /* the same with the white space at its end, for definitions */
	struct seg *segs;
	size_t seg_count;
	size_t at;
	bool autolink;	    /* the cursor is in one: backslashes are themselves */
	size_t unclosed[3]; /* no link title ends beyond here, for each kind of quote */
	bool lost;
	struct run *runs;
	size_t run_count, run_cap;
	/* what an entity stands for, or 0 bytes: cmark's table, which only lower.c can ask */
	size_t (*entity)(void *ctx, struct str written, char out[static 16]);
	void *ctx;
};

void place_init(struct place *p, struct heap *h, struct str text);
size_t place_offset(const struct place *p, int line, int column); /* lifted, from cmark's position */
size_t place_line_start(const struct place *p, size_t line);	  /* line from 1 */
size_t place_line_end(const struct place *p, size_t line);	  /* without white space at its end */
void place_quote(struct place *p, int line, int column);	  /* a quote is entered */
void place_item(struct place *p, int line, int column);		  /* an item is entered */
void place_leave(struct place *p);
/* Offset of the first byte of the line that is not white space or a container's mark; false if the line is
 * not inside all of them. */
bool place_inside(const struct place *p, size_t line, size_t *at, size_t *indent);
/* Is the block that starts on this line indented as code is? */
bool place_indented(const struct place *p, size_t line);

/* A block with inlines: lifted range of its own bytes. The cursor stands at its first inline. */
struct range place_heading(struct place *p, int line, int column, int end_line);
struct range place_paragraph(struct place *p, int line, int column, int end_line);

/* Moves the cursor past the link definitions at the start of a paragraph; false when nothing comes after. */
bool place_skip_definitions(struct place *p);

/* Visits, in order; content ranges. */
struct range place_text(struct place *p, struct str literal); /* fills runs */
struct range place_break(struct place *p, bool hard);
struct range place_code(struct place *p);
struct range place_html(struct place *p, struct str literal);
size_t place_emphasis(struct place *p, size_t n); /* n marks, opening or closing; where they start */
size_t place_link(struct place *p, bool image, bool *autolink);
size_t place_link_end(struct place *p, bool autolink); /* where it ends */

size_t place_start(const struct place *p, size_t content); /* lifted offset of a content byte */
size_t place_end(const struct place *p, size_t content);   /* just after content byte `content` - 1 */

/* isolate: the next phone, register number, section or address in s at or after `from`. */
bool isolate_find(struct str s, size_t from, struct range *out);

/*
 * dialect: syntax of other dialects.
 *
 * A struct dialect lives as long as a block, since some marks come in pairs.
 */
enum dialect_pair { PAIR_STRIKE, PAIR_MARK, PAIR_MATH, PAIR_COUNT };
struct dialect {
	size_t open[PAIR_COUNT]; /* source offset plus one of a mark that waits for its other half */
};
/* What it found: how many bytes to underline, and the words for the diagnostic. */
struct dialect_find {
	size_t at, n; /* in the text, or for a pair the source offset of the opening mark */
	bool source;  /* `at` is a source offset */
	const char *what, *hint;
};
/* Next find in a text that stands at source offset `at`; `i` is moved on. `line_start`: nothing stands before
 * it on its line. */
bool dialect_text(
	struct dialect *d, struct str s, size_t *i, bool line_start, size_t at, struct dialect_find *out);
bool dialect_task(struct str s, struct dialect_find *out);	      /* of an item's first text */
bool dialect_table(struct str content, struct dialect_find *out);     /* of a paragraph's content */
bool dialect_paragraph(struct str content, struct dialect_find *out); /* import; pasted lists, tables */

/* lower: runs cmark over the lifted text and makes our tree of what it found. */
struct heading {
	struct node *node;
	struct span id; /* as written in {#…}, src NULL when none was */
};
struct parse {
	struct arena *arena;
	struct source *src;
	const struct markdown_options *options;
	struct diag *diag;
	struct heap heap;
	struct lift lift;
	struct place place;
	struct doc *doc;
	struct heading *headings;
	size_t heading_count, heading_cap;
};
void lower(struct parse *p);

/* headings: their levels and ids. */
void heading_add(struct parse *p, struct node *n, struct span id);
void heading_forget_first(struct parse *p); /* it was taken out of the tree */
void heading_finish(struct parse *p);

/* A new last child; a node taken out of its tree. */
struct node *node_add(struct arena *a, struct node *parent, enum node_kind kind);
void node_drop(struct node *n);

#endif
