/*
 * The lower half of markdown_impl.h: cmark's tree made into ours, block by block. No other file knows cmark.
 *
 * The walk is iterative. `enter` adds a node and answers with it when it may have children; `leave`
 * settles where it ends. Running text is another matter (markdown_text.c): one of cmark's text nodes can
 * become texts, facts, citations and isolated stretches.
 */
#include "text/markdown_lower.h"

#define CMARK_NO_SHORT_NAMES
#include <cmark.h>

/* ---- cmark's memory is the parse's heap ---- */

static _Thread_local struct heap *memory;

static void *memory_new(size_t count, size_t size)
{
	void *p;

	if (size && count > SIZE_MAX / size)
		die("out of memory (%zu things of %zu bytes wanted)", count, size);
	p = heap_alloc(memory, count * size);
	memset(p, 0, count * size);
	return p;
}

static void *memory_resize(void *p, size_t n)
{
	return heap_resize(memory, p, n);
}

static void memory_free(void *p)
{
	heap_free(memory, p);
}

static cmark_node *parse_with(struct str text)
{
	static cmark_mem mem = {memory_new, memory_resize, memory_free};
	cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &mem);
	size_t mark = str_starts(text, STR("\xEF\xBB\xBF")) ? 1 : 0;
	cmark_node *root;

	/* a second byte order mark is text, and cmark would take it for the first if it saw it whole */
	if (mark)
		cmark_parser_feed(parser, text.p, mark);
	if (text.n)
		cmark_parser_feed(parser, text.p + mark, text.n - mark);
	root = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	return root;
}

/* ---- entities ---- */

/* cmark's table of names is not public, so it is asked by parsing the reference alone. */
static size_t ask_entity(struct str written, char out[static 16])
{
	cmark_node *root = parse_with(written), *paragraph = cmark_node_first_child(root);
	cmark_node *text = paragraph ? cmark_node_first_child(paragraph) : NULL;
	struct str literal = text ? str_from(cmark_node_get_literal(text)) : STR("");

	if (!literal.n || literal.n > 16 || str_eq(literal, written))
		return 0;
	memcpy(out, literal.p, literal.n);
	return literal.n;
}

static size_t entity(void *ctx, struct str written, char out[static 16])
{
	struct entity *known = ctx, *slot = &known[str_hash(written) % ENTITY_SLOTS];

	if (!str_eq(slot->written, written)) {
		slot->written = written;
		slot->n = (uint8_t)ask_entity(written, slot->out);
	}
	memcpy(out, slot->out, slot->n);
	return slot->n;
}

/* ---- blocks ---- */

static struct node *add(struct lowering *l, enum node_kind kind)
{
	return node_add(l->parse->arena, l->parent, kind);
}

static size_t source_start(const struct lowering *l, size_t lifted)
{
	return lift_start(&l->parse->lift, lifted);
}

static void set_range(const struct lowering *l, struct node *n, struct range lifted)
{
	size_t end = lift_end(&l->parse->lift, lifted.to);

	n->at = (uint32_t)source_start(l, lifted.from);
	n->n = end > n->at ? (uint32_t)(end - n->at) : 0;
}

static int line_of(cmark_node *c)
{
	return cmark_node_get_start_line(c);
}

static int column_of(cmark_node *c)
{
	return cmark_node_get_start_column(c);
}

static size_t start_of(const struct lowering *l, cmark_node *c)
{
	return place_offset(&l->parse->place, line_of(c), column_of(c));
}

static struct node *add_block(struct lowering *l, cmark_node *c, enum node_kind kind, size_t mark)
{
	struct node *n = add(l, kind);
	size_t at = start_of(l, c);

	set_range(l, n, (struct range){at, at + mark});
	return n;
}

/* A container ends where its last child does. */
static void end_container(struct node *n)
{
	const struct node *last = node_last(n);

	if (last && last->at + last->n > n->at + n->n)
		n->n = last->at + last->n - n->at;
}

static struct node *enter_document(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_DOCUMENT);

	(void)c;
	n->at = (uint32_t)l->parse->lift.base;
	n->n = (uint32_t)(l->parse->src->text.n - n->at);
	return n;
}

static struct node *enter_quote(struct lowering *l, cmark_node *c)
{
	struct node *n = add_block(l, c, NODE_QUOTE, 1);

	place_quote(&l->parse->place, line_of(c), column_of(c));
	return n;
}

static void leave_quote(struct lowering *l, cmark_node *c, struct node *n)
{
	(void)c;
	place_leave(&l->parse->place);
	end_container(n);
	if (n->kind == NODE_CALLOUT && !n->first)
		diag_add(l->parse->diag, RULE_MARKDOWN_CALLOUT, node_span(l->parse->doc, n),
			"the callout is empty");
}

static struct node *enter_list(struct lowering *l, cmark_node *c)
{
	struct node *n = add_block(l, c, NODE_LIST, 1);

	n->ordered = cmark_node_get_list_type(c) == CMARK_ORDERED_LIST;
	n->tight = cmark_node_get_list_tight(c);
	n->start = n->ordered ? (uint32_t)cmark_node_get_list_start(c) : 0;
	return n;
}

static void leave_list(struct lowering *l, cmark_node *c, struct node *n)
{
	(void)l;
	(void)c;
	end_container(n);
}

static struct node *enter_item(struct lowering *l, cmark_node *c)
{
	struct node *n = add_block(l, c, NODE_ITEM, 1);

	place_item(&l->parse->place, line_of(c), column_of(c));
	return n;
}

static void leave_item(struct lowering *l, cmark_node *c, struct node *n)
{
	(void)c;
	place_leave(&l->parse->place);
	end_container(n);
}

static void start_inlines(struct lowering *l, struct node *n, struct range lifted)
{
	set_range(l, n, lifted);
	l->block = n;
	l->dialect = (struct dialect){0};
}

static struct node *enter_paragraph(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_PARAGRAPH);
	struct place *p = &l->parse->place;

	start_inlines(l, n, place_paragraph(p, line_of(c), column_of(c), cmark_node_get_end_line(c)));
	if (!l->plain)
		text_paragraph(l, str_slice(p->content, p->at, p->content.n));
	return n;
}

static void leave_paragraph(struct lowering *l, cmark_node *c, struct node *n)
{
	(void)l;
	(void)c;
	if (n->first || n->parent->kind != NODE_CALLOUT)
		return;
	n->parent->n = n->at + n->n - n->parent->at;
	node_drop(n); /* it held nothing but the callout's mark */
}

static struct node *enter_heading(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_HEADING);

	n->level = (uint8_t)cmark_node_get_heading_level(c);
	start_inlines(
		l, n, place_heading(&l->parse->place, line_of(c), column_of(c), cmark_node_get_end_line(c)));
	l->id = (struct span){0};
	return n;
}

static void leave_heading(struct lowering *l, cmark_node *c, struct node *n)
{
	(void)c;
	if (!l->plain)
		heading_add(l->parse, n, l->id);
}

static size_t line_count(struct str s)
{
	size_t count = 0;

	for (const char *p = s.p; s.n && (p = memchr(p, '\n', (size_t)(s.p + s.n - p))); p++)
		count++;
	return count;
}

/* The line is inside all containers and has nothing on it but a fence like the opening one. */
static bool closes_fence(const struct lowering *l, size_t line, char fence)
{
	struct str text = l->parse->lift.text;
	size_t at, indent;

	if (!place_inside(&l->parse->place, line, &at, &indent) || indent > 3)
		return false;
	while (at < text.n && text.p[at] == fence)
		at++;
	return at == place_line_end(&l->parse->place, line);
}

/* cmark's last line of such a block is not to be trusted, the number of lines in it is. */
static void end_literal(struct lowering *l, cmark_node *c, struct node *n, struct str literal)
{
	size_t at = start_of(l, c), first = (size_t)line_of(c), last = first + line_count(literal);
	char fence = at < l->parse->lift.text.n ? l->parse->lift.text.p[at] : '\0';
	bool fenced = n->kind == NODE_CODE_BLOCK && !place_indented(&l->parse->place, first);

	if (!fenced)
		last--;
	else if (closes_fence(l, last + 1, fence))
		last++;
	if (last < first)
		last = first;
	set_range(l, n, (struct range){at, place_line_end(&l->parse->place, last)});
}

static struct node *enter_code_block(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_CODE_BLOCK);
	struct str literal = str_from(cmark_node_get_literal(c));

	n->text = text_written(l, literal);
	n->url = text_decoded(l, str_from(cmark_node_get_fence_info(c)));
	end_literal(l, c, n, literal);
	return NULL;
}

static struct node *enter_html_block(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_HTML_BLOCK);
	struct str literal = str_from(cmark_node_get_literal(c));

	n->text = text_written(l, literal);
	end_literal(l, c, n, literal);
	text_raw_html(l, n);
	return NULL;
}

static struct node *enter_rule(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_RULE);

	set_range(l, n, (struct range){start_of(l, c), place_line_end(&l->parse->place, (size_t)line_of(c))});
	return NULL;
}

/* ---- inlines ---- */

static struct node *enter_text(struct lowering *l, cmark_node *c)
{
	cmark_node *before = cmark_node_previous(c);
	cmark_node_type type = before ? cmark_node_get_type(before) : CMARK_NODE_NONE;

	l->line_start =
		before ? type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK : l->parent == l->block;
	l->at_cmark = c;
	text_lower(l, str_from(cmark_node_get_literal(c)));
	return NULL;
}

/* The next text after a single line wrap: its literal in *out. */
bool lower_wrapped(void **at, struct str *out)
{
	cmark_node *c = cmark_node_next(*at);

	if (!c || cmark_node_get_type(c) != CMARK_NODE_SOFTBREAK)
		return false;
	c = cmark_node_next(c);
	if (!c || cmark_node_get_type(c) != CMARK_NODE_TEXT)
		return false;
	*at = c;
	*out = str_from(cmark_node_get_literal(c));
	return true;
}

/* Does the text that is being lowered end its line? Its block? */
bool lower_ends_line(const struct lowering *l)
{
	cmark_node *next = cmark_node_next(l->at_cmark);
	cmark_node_type type = next ? cmark_node_get_type(next) : CMARK_NODE_SOFTBREAK;

	return type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK;
}

bool lower_ends_block(const struct lowering *l)
{
	return l->parent == l->block && !cmark_node_next(l->at_cmark);
}

static struct node *add_break(struct lowering *l, enum node_kind kind)
{
	struct range r = place_break(&l->parse->place, kind == NODE_LINE_BREAK);
	bool after_mark = !l->parent->first && l->parent->parent->kind == NODE_CALLOUT;

	if (!l->wrapped && !after_mark)
		text_place(l, add(l, kind), r);
	return NULL;
}

static struct node *enter_soft_break(struct lowering *l, cmark_node *c)
{
	(void)c;
	return add_break(l, NODE_SOFT_BREAK);
}

static struct node *enter_line_break(struct lowering *l, cmark_node *c)
{
	(void)c;
	return add_break(l, NODE_LINE_BREAK);
}

static struct node *enter_code(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_CODE);

	text_place(l, n, place_code(&l->parse->place));
	n->text = text_written(l, str_from(cmark_node_get_literal(c)));
	return NULL;
}

static struct node *enter_html(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_HTML_INLINE);
	struct str literal = str_from(cmark_node_get_literal(c));

	text_place(l, n, place_html(&l->parse->place, literal));
	n->text = text_written(l, literal);
	text_raw_html(l, n);
	return NULL;
}

static void start_at(struct lowering *l, struct node *n, size_t content)
{
	text_place(l, n, (struct range){content, content + 1});
}

static void end_at(struct lowering *l, struct node *n, size_t content)
{
	size_t end = lift_end(&l->parse->lift, place_end(&l->parse->place, content));

	if (l->parse->place.lost) {
		n->at = l->block->at;
		n->n = l->block->n;
	} else {
		n->n = (uint32_t)(end - n->at);
	}
}

static struct node *enter_emph(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_EMPH);

	(void)c;
	start_at(l, n, place_emphasis(&l->parse->place, 1));
	return n;
}

static struct node *enter_strong(struct lowering *l, cmark_node *c)
{
	struct node *n = add(l, NODE_STRONG);

	(void)c;
	start_at(l, n, place_emphasis(&l->parse->place, 2));
	return n;
}

static void leave_emphasis(struct lowering *l, cmark_node *c, struct node *n)
{
	size_t marks = n->kind == NODE_STRONG ? 2 : 1;

	(void)c;
	end_at(l, n, place_emphasis(&l->parse->place, marks) + marks);
}

static struct node *enter_link(struct lowering *l, cmark_node *c)
{
	bool image = cmark_node_get_type(c) == CMARK_NODE_IMAGE;
	struct node *n = add(l, image ? NODE_IMAGE : NODE_LINK);

	start_at(l, n, place_link(&l->parse->place, image, &l->autolink));
	n->url = text_decoded(l, str_from(cmark_node_get_url(c)));
	n->title = text_decoded(l, str_from(cmark_node_get_title(c)));
	l->links += !image;
	l->images += image;
	return n;
}

static void leave_link(struct lowering *l, cmark_node *c, struct node *n)
{
	(void)c;
	end_at(l, n, place_link_end(&l->parse->place, l->autolink));
	l->autolink = false;
	l->links -= n->kind == NODE_LINK;
	l->images -= n->kind == NODE_IMAGE;
	text_link(l, n);
}

/* ---- the walk ---- */

static const struct {
	struct node *(*enter)(struct lowering *l, cmark_node *c); /* NULL: a leaf, or nothing */
	void (*leave)(struct lowering *l, cmark_node *c, struct node *n);
} kinds[] = {
	[CMARK_NODE_DOCUMENT] = {enter_document, leave_list},
	[CMARK_NODE_BLOCK_QUOTE] = {enter_quote, leave_quote},
	[CMARK_NODE_LIST] = {enter_list, leave_list},
	[CMARK_NODE_ITEM] = {enter_item, leave_item},
	[CMARK_NODE_CODE_BLOCK] = {enter_code_block, NULL},
	[CMARK_NODE_HTML_BLOCK] = {enter_html_block, NULL},
	[CMARK_NODE_PARAGRAPH] = {enter_paragraph, leave_paragraph},
	[CMARK_NODE_HEADING] = {enter_heading, leave_heading},
	[CMARK_NODE_THEMATIC_BREAK] = {enter_rule, NULL},
	[CMARK_NODE_TEXT] = {enter_text, NULL},
	[CMARK_NODE_SOFTBREAK] = {enter_soft_break, NULL},
	[CMARK_NODE_LINEBREAK] = {enter_line_break, NULL},
	[CMARK_NODE_CODE] = {enter_code, NULL},
	[CMARK_NODE_HTML_INLINE] = {enter_html, NULL},
	[CMARK_NODE_EMPH] = {enter_emph, leave_emphasis},
	[CMARK_NODE_STRONG] = {enter_strong, leave_emphasis},
	[CMARK_NODE_LINK] = {enter_link, leave_link},
	[CMARK_NODE_IMAGE] = {enter_link, leave_link},
};

static struct node *enter(struct lowering *l, cmark_node *c)
{
	cmark_node_type type = cmark_node_get_type(c);

	if ((size_t)type >= COUNT_OF(kinds) || !kinds[type].enter)
		BUG("cmark made a node of kind %d", (int)type);
	return kinds[type].enter(l, c);
}

static void leave(struct lowering *l, cmark_node *c, struct node *n)
{
	kinds[cmark_node_get_type(c)].leave(l, c, n);
}

/* The children to go into; none at the depth where the rest is cut off. */
static cmark_node *children(struct lowering *l, cmark_node *c, const struct node *n)
{
	cmark_node *child = n ? cmark_node_first_child(c) : NULL;

	if (!child || l->depth < MARKDOWN_MAX_DEPTH)
		return child;
	l->parse->place.lost = true;
	if (!l->cut) {
		diag_add(l->parse->diag, RULE_MARKDOWN_LIMIT, node_span(l->parse->doc, n),
			"nested more than %d deep; what is deeper is left out", MARKDOWN_MAX_DEPTH);
		l->cut = true;
	}
	return NULL;
}

/* Up from a node that is done until one has a next sibling; NULL at the end. */
static cmark_node *next_of(struct lowering *l, cmark_node *c)
{
	cmark_node *next;

	while (!(next = cmark_node_next(c))) {
		struct node *n = l->parent;

		c = cmark_node_parent(c);
		if (!c)
			return NULL;
		l->parent = n->parent;
		l->depth--;
		leave(l, c, n);
	}
	return next;
}

static void walk(struct lowering *l, cmark_node *c)
{
	while (c) {
		struct node *n = enter(l, c);
		cmark_node *child = children(l, c, n);

		if (child) {
			l->parent = n;
			l->depth++;
			c = child;
			continue;
		}
		if (n)
			leave(l, c, n);
		c = next_of(l, c);
	}
}

void lower(struct parse *p)
{
	struct lowering l = {.parse = p, .plain = p->options->plain};
	struct heap *outer = memory;
	struct node top = {0};

	memory = &p->heap;
	p->place.entity = entity;
	p->place.ctx = l.entities;
	l.parent = &top;
	buf_init(&l.flat, BUF_MAX_DEFAULT);
	walk(&l, parse_with(p->lift.text));
	p->doc->root = top.first;
	p->doc->root->parent = NULL;
	buf_release(&l.flat);
	memory = outer;
}
