#include "text/markdown_impl.h"

/* cmark counts in int and gives up on buffers half that size; the caller's own limit is far lower. */
#define PARSE_MAX_BYTES ((size_t)256 << 20)

/* Bytes of a node: see struct node. */
static size_t node_size(enum node_kind kind)
{
	switch (kind) {
	case NODE_LINK:
	case NODE_IMAGE:
	case NODE_CITE:
	case NODE_FACT:
	case NODE_CODE_BLOCK:
		return sizeof(struct node);
	default:
		return offsetof(struct node, url);
	}
}

struct node *node_add(struct arena *a, struct node *parent, enum node_kind kind)
{
	struct node *n = arena_alloc(a, node_size(kind));

	n->kind = kind;
	node_append(parent, n);
	return n;
}

void node_drop(struct node *n)
{
	struct node *parent = n->parent, *before = node_prev(n);

	if (before)
		before->next = n->next;
	else
		parent->first = n->next;
	if (n->next)
		n->next->around = n->around;
	else if (parent->first)
		parent->first->around = n->around;
}

/* Schemes that pages may link to. */
static const struct str schemes[] = {{"http", 4}, {"https", 5}, {"mailto", 6}, {"tel", 3}};

static bool is_scheme(const char *p, size_t n)
{
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		size_t k = 0;

		while (k < n && k < schemes[i].n && (p[k] | 0x20) == schemes[i].p[k])
			k++;
		if (k == n && k == schemes[i].n)
			return true;
	}
	return false;
}

static bool is_scheme_byte(char c, bool first)
{
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && !(c & 0x80))
		return true;
	return !first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.');
}

bool markdown_url_safe(struct str url)
{
	size_t i = 0;

	/* Browsers skip or drop these before they look for a scheme; nobody needs them. */
	for (size_t k = 0; k < url.n; k++)
		if ((unsigned char)url.p[k] < 0x20 || url.p[k] == 0x7F)
			return false;
	if (url.n && url.p[0] == ' ')
		return false;
	/* Without a scheme, but another host: on file:// that is somebody's network share. */
	if (url.n > 1 && (url.p[0] == '/' || url.p[0] == '\\') && (url.p[1] == '/' || url.p[1] == '\\'))
		return false;
	while (i < url.n && is_scheme_byte(url.p[i], i == 0))
		i++;
	if (i == url.n || url.p[i] != ':')
		return true;
	return i > 0 && is_scheme(url.p, i);
}

static void report_limits(struct parse *p)
{
	if (p->lift.full)
		diag_add(p->diag, RULE_MARKDOWN_LIMIT, span_make(p->src, p->lift.base, 0),
			"more than %d facts, citations and ids; those after are shown as text",
			LIFT_MAX_TOKENS);
}

static void refuse(struct parse *p, size_t from)
{
	struct node top = {0};

	diag_add(p->diag, RULE_MARKDOWN_LIMIT, span_make(p->src, from, 0),
		"the text is larger than %zu MiB and is left out", PARSE_MAX_BYTES >> 20);
	p->doc->root = node_add(p->arena, &top, NODE_DOCUMENT);
	p->doc->root->parent = NULL;
}

static void take_title(struct parse *p)
{
	struct node *first = p->doc->root->first;

	if (!first || first->kind != NODE_HEADING || first->level != 1)
		return;
	node_drop(first);
	p->doc->title = first;
	heading_forget_first(p);
}

struct doc *markdown_parse(
	struct arena *a, struct source *src, size_t from, const struct markdown_options *o, struct diag *d)
{
	struct parse p = {.arena = a, .src = src, .options = o, .diag = d};

	p.doc = arena_new(a, struct doc);
	p.doc->src = src;
	if (from > src->text.n)
		from = src->text.n;
	if (src->text.n - from > PARSE_MAX_BYTES) {
		refuse(&p, from);
		return p.doc;
	}
	heap_init(&p.heap);
	lift_init(&p.lift, &p.heap, src->text, from, o->plain);
	place_init(&p.place, &p.heap, p.lift.text);
	lower(&p);
	if (o->take_title)
		take_title(&p);
	heading_finish(&p);
	report_limits(&p);
	heap_release(&p.heap);
	return p.doc;
}
