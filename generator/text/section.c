#include "text/section.h"

/*
 * What is hashed: the tree written out in one way. A mark is a NUL and a letter, which no text contains;
 * texts stand between the marks as they are, white space collapsed. The letters are in people's files by way
 * of the fingerprints: they do not change.
 */
struct writing {
	struct buf out;
	bool space; /* white space is due before what comes next */
	bool begun; /* something stands in this block: white space before it would mean nothing */
};

static const char marks[] = {
	[NODE_DOCUMENT] = 'D',
	[NODE_PARAGRAPH] = 'p',
	[NODE_HEADING] = 'h',
	[NODE_QUOTE] = 'q',
	[NODE_CALLOUT] = 'c',
	[NODE_LIST] = 'l',
	[NODE_ITEM] = 'i',
	[NODE_CODE_BLOCK] = 'B',
	[NODE_HTML_BLOCK] = 'H',
	[NODE_RULE] = 'r',
	[NODE_TEXT] = 0, /* no mark: neighbours are one text */
	[NODE_SOFT_BREAK] = 0,
	[NODE_LINE_BREAK] = 0, /* made of trailing spaces: how it looks, not what it says */
	[NODE_CODE] = 'C',
	[NODE_HTML_INLINE] = 'T',
	[NODE_EMPH] = 'e',
	[NODE_STRONG] = 's',
	[NODE_LINK] = 'a',
	[NODE_IMAGE] = 'm',
	[NODE_FACT] = 'f',
	[NODE_CITE] = 'S',
	[NODE_ISOLATE] = 0, /* found by the program, not written by people */
};

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_block(enum node_kind kind)
{
	return kind <= NODE_RULE;
}

static void add_mark(struct writing *w, char letter)
{
	if (w->space && w->begun)
		buf_addc(&w->out, ' ');
	w->space = false;
	buf_addc(&w->out, '\0');
	buf_addc(&w->out, letter);
}

static void add_text(struct writing *w, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_space(s.p[i])) {
			w->space = true;
			continue;
		}
		if (w->space && w->begun)
			buf_addc(&w->out, ' ');
		w->space = false;
		w->begun = true;
		buf_addc(&w->out, s.p[i]);
	}
}

/* A text of its own, whatever stands around it. */
static void add_field(struct writing *w, char letter, struct str s)
{
	add_mark(w, letter);
	w->begun = false;
	add_text(w, s);
	w->space = false;
	w->begun = true;
}

/* Line by line: line ends and what trails before them mean nothing, indentation does. */
static void add_lines(struct writing *w, struct str s)
{
	while (s.n) {
		size_t end = str_find_byte(s, '\n');
		struct str line = str_slice(s, 0, end);

		while (line.n && is_space(line.p[line.n - 1]))
			line.n--;
		buf_add(&w->out, line);
		buf_addc(&w->out, '\n');
		s = str_slice(s, end + 1, s.n);
	}
}

static void add_number(struct writing *w, uint32_t n)
{
	buf_addf(&w->out, "%u", (unsigned)n);
}

/* What a node says beyond its kind and its children. */
static void add_content(struct writing *w, const struct node *n)
{
	switch (n->kind) {
	case NODE_HEADING:
		add_number(w, n->level);
		break;
	case NODE_CALLOUT:
		buf_addz(&w->out, callout_name((enum callout)n->callout));
		break;
	case NODE_LIST:
		if (n->ordered)
			add_number(w, n->start);
		break;
	case NODE_CODE_BLOCK:
		add_field(w, 'x', n->url);
		add_mark(w, 'y');
		add_lines(w, n->text);
		break;
	case NODE_HTML_BLOCK:
		add_lines(w, n->text);
		break;
	case NODE_CODE:
	case NODE_HTML_INLINE:
	case NODE_FACT:
		add_field(w, 'x', n->text);
		break;
	case NODE_LINK:
	case NODE_IMAGE:
	case NODE_CITE:
		add_field(w, 'x', n->url);
		add_field(w, 'y', n->title);
		break;
	default:
		break;
	}
}

static void add_break(struct writing *w, const struct node *n)
{
	if (n->kind == NODE_SOFT_BREAK || n->kind == NODE_LINE_BREAK)
		w->space = true;
	else
		add_text(w, n->text);
}

static void enter(struct writing *w, const struct node *n)
{
	if (!marks[n->kind]) {
		add_break(w, n);
		return;
	}
	if (is_block(n->kind))
		w->space = w->begun = false;
	add_mark(w, marks[n->kind]);
	add_content(w, n);
	w->begun = !is_block(n->kind);
	if (node_leaf(n->kind))
		add_mark(w, '/');
	else
		add_mark(w, '.');
}

static void leave(struct writing *w, const struct node *n)
{
	if (is_block(n->kind))
		w->space = w->begun = false;
	add_mark(w, '/');
}

static void write_tree(struct writing *w, const struct node *block)
{
	struct node_walk walk = node_walk(block);

	while (node_step(&walk)) {
		if (walk.entering)
			enter(w, walk.node);
		else
			leave(w, walk.node);
	}
}

static void keep_hash(struct section *s, struct writing *w)
{
	struct digest digest = digest_of(buf_str(&w->out));
	char hex[DIGEST_HEX + 1];

	if (buf_failed(&w->out)) /* bounded by the text's own size */
		BUG("a section that is larger than all memory");
	digest_hex(&digest, hex);
	memcpy(s->hash, hex, SECTION_HASH);
	s->hash[SECTION_HASH] = '\0';
	buf_clear(&w->out);
	w->space = w->begun = false;
}

static size_t line_start(const struct source *src, size_t at)
{
	while (at > 0 && src->text.p[at - 1] != '\n')
		at--;
	return at;
}

static struct section *add_section(
	struct section *list, size_t count, struct arena *a, const struct doc *doc, const struct node *first)
{
	struct section *s = &list[count];

	*s = (struct section){.id = STR(SECTION_INTRO), .first = first, .at = node_span(doc, first)};
	if (first->kind == NODE_HEADING)
		s->id = first->text.n ? first->text : str_fmt(a, "_%zu", count);
	s->from = line_start(doc->src, first->at);
	s->to = doc->src->text.n;
	if (count > 1) {
		list[count - 1].end = first;
		list[count - 1].to = s->from;
	}
	return s;
}

static void hash_title(struct section *s, struct writing *w, struct str title, struct str description)
{
	s->id = STR(SECTION_TITLE);
	add_field(w, 'x', title);
	add_field(w, 'y', description);
	keep_hash(s, w);
}

size_t sections_of(struct section **out, struct arena *a, struct str title, struct str description,
	const struct doc *doc)
{
	struct writing w = {0};
	struct section *list;
	size_t count = 2; /* title and intro */

	for (const struct node *n = doc->root->first; n; n = n->next)
		count += n->kind == NODE_HEADING;
	list = arena_new_n(a, struct section, count);
	buf_init(&w.out, BUF_MAX_DEFAULT);
	hash_title(&list[0], &w, title, description);
	count = 1;
	for (const struct node *n = doc->root->first; n; n = n->next) {
		if (n->kind == NODE_HEADING || count == 1) {
			if (count > 1)
				keep_hash(&list[count - 1], &w);
			add_section(list, count++, a, doc, n);
		}
		write_tree(&w, n);
	}
	if (count > 1)
		keep_hash(&list[count - 1], &w);
	buf_release(&w.out);
	*out = list;
	return count;
}
