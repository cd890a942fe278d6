#include "text/doc.h"

const char *callout_name(enum callout c)
{
	static const char *const names[CALLOUT_COUNT] = {
		[CALLOUT_FACT] = "fact",
		[CALLOUT_MYTH] = "myth",
		[CALLOUT_WHY] = "why",
		[CALLOUT_NOTE] = "note",
		[CALLOUT_HELP] = "help",
	};

	if ((unsigned)c >= CALLOUT_COUNT)
		BUG("callout %d", (int)c);
	return names[c];
}

void node_append(struct node *parent, struct node *n)
{
	struct node *last = node_last(parent);

	n->parent = parent;
	n->around = last ? last : n;
	if (last)
		last->next = n;
	else
		parent->first = n;
	parent->first->around = n;
}

const struct node *node_skip(const struct node *n, const struct node *root)
{
	for (; n != root; n = n->parent)
		if (n->next)
			return n->next;
	return NULL;
}

const struct node *node_next(const struct node *n, const struct node *root)
{
	return n->first ? n->first : node_skip(n, root);
}

bool node_leaf(enum node_kind kind)
{
	static const bool container[] = {
		[NODE_DOCUMENT] = true,
		[NODE_PARAGRAPH] = true,
		[NODE_HEADING] = true,
		[NODE_QUOTE] = true,
		[NODE_CALLOUT] = true,
		[NODE_LIST] = true,
		[NODE_ITEM] = true,
		[NODE_EMPH] = true,
		[NODE_STRONG] = true,
		[NODE_LINK] = true,
		[NODE_IMAGE] = true,
		[NODE_ISOLATE] = false,
	};

	return !container[kind];
}

struct node_walk node_walk(const struct node *root)
{
	return (struct node_walk){.root = root};
}

/* The step after a node is done with: its next sibling is entered, or its parent left. */
static bool step_past(struct node_walk *w)
{
	if (w->node == w->root) {
		w->node = NULL;
		return false;
	}
	w->entering = w->node->next != NULL;
	w->node = w->entering ? w->node->next : w->node->parent;
	return true;
}

bool node_step(struct node_walk *w)
{
	if (!w->node) {
		w->node = w->root;
		w->entering = true;
		return w->node != NULL;
	}
	if (!w->entering || node_leaf(w->node->kind))
		return step_past(w);
	if (w->node->first)
		w->node = w->node->first;
	else
		w->entering = false;
	return true;
}

struct span node_span(const struct doc *doc, const struct node *n)
{
	return span_make(doc->src, n->at, n->n);
}

bool node_verbatim(const struct doc *doc, const struct node *block, struct span *out)
{
	struct str all = doc->src->text, rest = str_slice(all, block->at, all.n);
	size_t at = block->at + str_find_byte(rest, '\n') + 1;

	if (block->kind != NODE_CODE_BLOCK || !block->parent || block->parent->kind != NODE_DOCUMENT)
		return false;
	if (!block->text.n) /* nothing between the fences */
		at = block->at;
	*out = span_make(doc->src, at, block->text.n);
	return str_eq(str_slice(all, at, at + block->text.n), block->text);
}

static void cite_text(struct buf *out, const struct node *n)
{
	buf_addz(out, "[@");
	buf_add(out, n->url);
	if (n->title.n) {
		buf_addz(out, ", ");
		buf_add(out, n->title);
	}
	buf_addc(out, ']');
}

static void add_node_text(struct buf *out, const struct node *n)
{
	switch (n->kind) {
	case NODE_TEXT:
	case NODE_CODE:
	case NODE_CODE_BLOCK:
	case NODE_HTML_INLINE:
	case NODE_HTML_BLOCK:
	case NODE_FACT:
	case NODE_ISOLATE:
		buf_add(out, n->text);
		break;
	case NODE_SOFT_BREAK:
	case NODE_LINE_BREAK:
		buf_addc(out, ' ');
		break;
	default:
		break;
	}
}

void node_text(struct buf *out, const struct node *n)
{
	size_t start = out->n;

	for (const struct node *c = n; c; c = node_next(c, n)) {
		if (c->kind <= NODE_RULE && out->n > start && out->p[out->n - 1] != '\n')
			buf_addc(out, '\n'); /* blocks do not run together */
		add_node_text(out, c);
	}
}

void node_written(struct buf *out, const struct node *n)
{
	if (n->kind == NODE_CITE)
		cite_text(out, n);
	else
		buf_add(out, n->text);
}
