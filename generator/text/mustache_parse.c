#include "text/mustache_impl.h"

/* A section, parent, block or argument that was not closed yet. */
struct open_tag {
	struct tag tag;
	uint32_t op;
	size_t body;  /* where the contents begin in the text */
	size_t strip; /* of what is around it */
	bool alone;   /* the tag had a line to itself */
};

struct parser {
	struct tag_reader in;
	struct mustache *m;
	size_t at;
	size_t strip; /* bytes of indentation that the block around takes off each line */
	struct open_tag open[MUSTACHE_MAX_DEPTH];
	size_t depth;
};

static struct open_tag *top(struct parser *p)
{
	if (!p->depth)
		BUG("no section is open");
	return &p->open[p->depth - 1];
}

static bool top_is(struct parser *p, enum op_kind kind)
{
	return p->depth && p->m->ops[top(p)->op].kind == kind;
}

static struct op *add_op(struct parser *p, enum op_kind kind, const struct tag *t)
{
	struct mustache *m = p->m;
	struct op *op;

	m->ops = arena_grow(p->in.a, m->ops, m->len, &m->cap, sizeof(*m->ops));
	op = &m->ops[m->len++];
	*op = (struct op){.kind = (uint8_t)kind, .end = (uint32_t)m->len};
	if (t) {
		op->at = (uint32_t)t->at;
		op->n = (uint32_t)(t->end - t->at);
	}
	return op;
}

static void add_piece(struct parser *p, size_t from, size_t to, bool line)
{
	struct op *op;

	if (from == to)
		return;
	op = add_op(p, OP_TEXT, NULL);
	op->text = str_slice(p->in.text, from, to);
	op->at = (uint32_t)from;
	op->line = line;
}

/* Text between tags; inside a block it loses the block's indentation line by line. */
static void add_text(struct parser *p, size_t from, size_t to)
{
	if (top_is(p, OP_PARENT))
		return;
	if (!p->strip) {
		add_piece(p, from, to, tag_starts_line(&p->in, from));
		return;
	}
	while (from < to) {
		size_t newline = from + str_find_byte(str_slice(p->in.text, from, to), '\n');
		size_t end = newline < to ? newline + 1 : to, blanks = 0;
		bool line = tag_starts_line(&p->in, from);

		if (line)
			blanks = tag_blanks_at(&p->in, from);
		if (blanks > p->strip)
			blanks = p->strip;
		add_piece(p, from + blanks < end ? from + blanks : end, end, line);
		from = end;
	}
}

static void push(struct parser *p, const struct tag *t, const struct op *op, bool alone)
{
	if (p->depth == MUSTACHE_MAX_DEPTH) {
		tag_fail(&p->in, RULE_TEMPLATE_LIMIT, tag_span(&p->in, t), "nested more than %d deep",
			MUSTACHE_MAX_DEPTH);
		return;
	}
	p->open[p->depth++] = (struct open_tag){.tag = *t,
		.op = (uint32_t)(op - p->m->ops),
		.body = p->at,
		.strip = p->strip,
		.alone = alone};
}

/* The blanks before a tag on its line, less what the block around takes off. */
static struct str lead_of(const struct parser *p, const struct tag *t)
{
	size_t from = t->line + p->strip;

	return str_slice(p->in.text, from < t->at ? from : t->at, t->at);
}

/* Takes the blanks before a tag back, which were added before it was known to be standalone. */
static void drop_lead(struct parser *p, const struct open_tag *o)
{
	struct op *before = o->op ? &p->m->ops[o->op - 1] : NULL;

	if (!before)
		BUG("a tag that is first on its line has no operation before it");
	if (before->kind == OP_LINE)
		*before = (struct op){.kind = OP_TEXT, .end = before->end};
	else
		before->text.n -= lead_of(p, &o->tag).n;
}

static void on_value(struct parser *p, const struct tag *t, bool alone UNUSED)
{
	struct name name;

	if (tag_read_name(&p->in, t, &name))
		add_op(p, t->sigil ? OP_RAW : OP_VALUE, t)->name = name;
}

static void on_section(struct parser *p, const struct tag *t, bool alone)
{
	struct name name;
	struct op *op;

	if (!tag_read_name(&p->in, t, &name))
		return;
	op = add_op(p, t->sigil == '#' ? OP_SECTION : OP_INVERTED, t);
	op->name = name;
	op->delimiters = p->in.delimiters;
	push(p, t, op, alone);
}

static void on_partial(struct parser *p, const struct tag *t, bool alone)
{
	struct op *op;

	if (!tag_check_word(&p->in, t))
		return;
	op = add_op(p, OP_PARTIAL, t);
	op->text = t->content;
	op->whole = alone;
	if (alone)
		op->indent = lead_of(p, t);
}

static void on_parent(struct parser *p, const struct tag *t, bool alone)
{
	struct op *op;

	if (!tag_check_word(&p->in, t))
		return;
	op = add_op(p, OP_PARENT, t);
	op->text = t->content;
	push(p, t, op, alone);
}

/*
 * The indentation of a block's contents, which begin at p->at, is that of their first line with something
 * on it, from the line's start. False when there is nothing before the closing tag.
 */
static bool find_indent(const struct parser *p, struct str *out)
{
	size_t at = p->at, blanks, after;

	for (;;) {
		blanks = tag_blanks_at(&p->in, at);
		after = at + blanks;
		if (after < p->in.text.n && p->in.text.p[after] == '\r')
			after++;
		if (after == p->in.text.n || p->in.text.p[after] != '\n')
			break;
		at = after + 1;
	}
	*out = str_slice(p->in.text, at, at + blanks);
	after = at + blanks;
	if (!str_starts(str_slice(p->in.text, after, p->in.text.n), p->in.delimiters->open))
		return after < p->in.text.n;
	after += p->in.delimiters->open.n;
	after += tag_blanks_at(&p->in, after);
	return after < p->in.text.n && p->in.text.p[after] != '/';
}

static void on_block(struct parser *p, const struct tag *t, bool alone)
{
	bool argument = top_is(p, OP_PARENT);
	struct str indent = {0};
	struct op *op;

	if (!tag_check_word(&p->in, t))
		return;
	op = add_op(p, argument ? OP_ARGUMENT : OP_BLOCK, t);
	op->text = t->content;
	op->line = t->first;
	op->indent = lead_of(p, t);
	if (argument && t->last) {
		alone = true;
		p->at = t->next;
	}
	push(p, t, op, alone);
	if (!alone || !find_indent(p, &indent) || p->in.failed)
		return;
	op->indent = str_slice(indent, p->strip, indent.n);
	if (indent.n > p->strip)
		p->strip = indent.n;
}

static void close_section(struct parser *p, const struct open_tag *o, const struct tag *t, bool alone)
{
	p->m->ops[o->op].text = str_slice(p->in.text, o->body, alone ? t->line : t->at);
}

static void close_parent(struct parser *p, const struct open_tag *o, const struct tag *t, bool alone UNUSED)
{
	struct op *op = &p->m->ops[o->op];

	op->whole = o->tag.first && t->last;
	if (!op->whole)
		return;
	op->indent = lead_of(p, &o->tag);
	drop_lead(p, o);
	p->at = t->next;
}

/* Both tags on one line, with nothing else around them. */
static bool is_line(const struct parser *p, const struct open_tag *o, const struct tag *t)
{
	struct str between = str_slice(p->in.text, o->tag.end, t->at);

	return o->tag.first && t->last && str_find_byte(between, '\n') == between.n;
}

static struct str line_end(const struct parser *p, const struct tag *t)
{
	struct str rest = str_slice(p->in.text, t->end, t->next);
	size_t n = str_ends(rest, STR("\r\n")) ? 2 : str_ends(rest, STR("\n"));

	return str_slice(rest, rest.n - n, rest.n);
}

static void close_block(struct parser *p, const struct open_tag *o, const struct tag *t, bool alone)
{
	struct op *op = &p->m->ops[o->op];

	op->whole = o->alone && alone;
	op->line_end = line_end(p, t);
	p->strip = o->strip;
	if (o->alone || !is_line(p, o, t))
		return;
	op->whole = true;
	drop_lead(p, o);
	p->at = t->next;
}

static void close_argument(
	struct parser *p, const struct open_tag *o, const struct tag *t UNUSED, bool alone UNUSED)
{
	p->strip = o->strip;
}

static void (*const closers[OP_KINDS])(
	struct parser *p, const struct open_tag *o, const struct tag *t, bool alone) = {
	[OP_SECTION] = close_section,
	[OP_INVERTED] = close_section,
	[OP_PARENT] = close_parent,
	[OP_BLOCK] = close_block,
	[OP_ARGUMENT] = close_argument,
};

static void on_close(struct parser *p, const struct tag *t, bool alone)
{
	struct open_tag *o;

	if (!tag_check_word(&p->in, t))
		return;
	if (!p->depth) {
		tag_fail(&p->in, RULE_TEMPLATE_SYNTAX, tag_span(&p->in, t),
			"“%.*s” closes nothing: no section is open", STR_ARG(tag_text(&p->in, t)));
		return;
	}
	o = top(p);
	if (!str_eq(o->tag.content, t->content)) {
		tag_fail(&p->in, RULE_TEMPLATE_SYNTAX, tag_span(&p->in, &o->tag),
			"“%.*s” is not closed before “%.*s”", STR_ARG(tag_text(&p->in, &o->tag)),
			STR_ARG(tag_text(&p->in, t)));
		diag_other(p->in.d, tag_span(&p->in, t));
		return;
	}
	closers[p->m->ops[o->op].kind](p, o, t, alone);
	p->m->ops[o->op].end = (uint32_t)p->m->len;
	p->depth--;
}

static void on_comment(struct parser *p UNUSED, const struct tag *t UNUSED, bool alone UNUSED)
{
}

static size_t word_at(struct str s)
{
	size_t n = 0;

	while (n < s.n && !strchr(" \t\r\n", s.p[n]))
		n++;
	return n;
}

static void on_delimiters(struct parser *p, const struct tag *t, bool alone UNUSED)
{
	struct delimiters *set = arena_new(p->in.a, struct delimiters);
	struct str rest = t->content;

	set->open = str_slice(rest, 0, word_at(rest));
	rest = str_trim(str_slice(rest, set->open.n, rest.n));
	set->close = str_slice(rest, 0, word_at(rest));
	if (set->open.n && set->close.n == rest.n && rest.n &&
		str_find_byte(t->content, '=') == t->content.n) {
		p->in.delimiters = set;
		return;
	}
	tag_fail(&p->in, RULE_TEMPLATE_SYNTAX, tag_span(&p->in, t), "these are no two delimiters");
	diag_hint(p->in.d, "write two words without “=”, with a blank between them: {{=<%% %%>=}}");
}

static const struct tag_kind {
	void (*handle)(struct parser *p, const struct tag *t, bool alone);
	bool standalone; /* may have a line to itself, which then disappears */
	bool in_parent;	 /* means something between a parent's tags */
} kinds[128] = {
	[0] = {on_value, false, false},
	['{'] = {on_value, false, false},
	['&'] = {on_value, false, false},
	['#'] = {on_section, true, false},
	['^'] = {on_section, true, false},
	['/'] = {on_close, true, true},
	['!'] = {on_comment, true, true},
	['='] = {on_delimiters, true, true},
	['>'] = {on_partial, true, false},
	['<'] = {on_parent, false, false},
	['$'] = {on_block, true, true},
};

/* The text before a tag, as far as it is shown, and the mark of a line that begins with the tag. */
static void add_text_before(struct parser *p, const struct tag *t, bool alone)
{
	bool dropped = t->first && (alone || (t->sigil == '/' && top_is(p, OP_ARGUMENT)));

	if (dropped) {
		if (p->at < t->line)
			add_text(p, p->at, t->line);
		return;
	}
	add_text(p, p->at, t->at);
	if (t->first && t->at - t->line <= p->strip && !top_is(p, OP_PARENT))
		add_op(p, OP_LINE, t);
}

static void take_tag(struct parser *p, const struct tag *t)
{
	const struct tag_kind *kind = &kinds[(unsigned char)t->sigil];
	bool in_parent = top_is(p, OP_PARENT), alone = kind->standalone && t->first && t->last;

	if (in_parent && !kind->in_parent) {
		tag_fail(&p->in, RULE_TEMPLATE_SYNTAX, tag_span(&p->in, t),
			"only blocks count between “%.*s” and its closing tag",
			STR_ARG(tag_text(&p->in, &top(p)->tag)));
		diag_hint(p->in.d, "put “%.*s” inside a block: {{$name}}…{{/name}}",
			STR_ARG(tag_text(&p->in, t)));
		return;
	}
	add_text_before(p, t, alone);
	p->at = alone ? t->next : t->end;
	kind->handle(p, t, alone);
}

static void parse(struct parser *p)
{
	while (!p->in.failed) {
		struct str rest = str_slice(p->in.text, p->at, p->in.text.n);
		size_t open = str_find(rest, p->in.delimiters->open);
		struct tag t;

		if (open == rest.n)
			break;
		if (tag_read(&p->in, p->at + open, &t))
			take_tag(p, &t);
	}
	if (p->in.failed)
		return;
	add_text(p, p->at, p->in.text.n);
	if (p->depth) {
		tag_fail(&p->in, RULE_TEMPLATE_SYNTAX, tag_span(&p->in, &top(p)->tag),
			"“%.*s” is never closed", STR_ARG(tag_text(&p->in, &top(p)->tag)));
		diag_hint(p->in.d, "write “%.*s/%.*s%.*s” where it ends", STR_ARG(p->in.delimiters->open),
			STR_ARG(top(p)->tag.content), STR_ARG(p->in.delimiters->close));
	}
}

struct mustache *mustache_compile(
	struct arena *a, struct source *src, const struct delimiters *delimiters, struct diag *d)
{
	struct parser p = {.in = {a, src, src->text, d, delimiters, false}};

	p.m = arena_new(a, struct mustache);
	p.m->src = src;
	if (src->text.n > MUSTACHE_MAX_BYTES)
		tag_fail(&p.in, RULE_TEMPLATE_LIMIT, span_make(src, 0, 0),
			"a template of more than %zu bytes", MUSTACHE_MAX_BYTES);
	else
		parse(&p);
	if (p.in.failed)
		p.m->len = 0;
	return p.m;
}
