#include "text/mustache_impl.h"

/* The arguments of one parent: operations [from, to) of the template that names it. */
struct frame {
	const struct frame *outer;
	const struct mustache *m;
	size_t from, to;
};

/*
 * Indentation is a run [first, last) of pieces, outermost first; what is not indented (an inline partial)
 * starts an empty run. Nothing is written for a line that begins at `resting` but the pieces from
 * resting_first on: what stands before it on its line was written by the place that a block is shown at.
 */
struct indentation {
	struct str pieces[MUSTACHE_MAX_DEPTH + 1];
	size_t first, last;
	size_t resting, resting_first;
};

struct renderer {
	struct mustache_scope scope;
	const struct mustache_set *set;
	const struct frame *frames; /* whose arguments count, innermost first */
	struct indentation in;
	struct buf *out;
	struct diag *d;
	struct arena scratch;  /* for what lambdas return; mapped when the first one does */
	struct span lambda_at; /* the tag whose lambda's text is being rendered */
	size_t depth, steps;
	bool failed;
};

#define NOT_RESTING SIZE_MAX
#define LAMBDA_SCRATCH ((size_t)1 << 30)

typedef void render_op(struct renderer *r, const struct mustache *m, const struct op *op);
static render_op render_section, render_inverted, render_partial, render_parent, render_block;

/* The tag in its source; the lambda's tag when the text is what a lambda returned. */
static struct span place(const struct renderer *r, const struct mustache *m, const struct op *op)
{
	return r->lambda_at.src ? r->lambda_at : span_make(m->src, op->at, op->n);
}

static void limit(struct renderer *r, const struct mustache *m, const struct op *op, const char *message)
{
	if (r->failed)
		return;
	diag_add(r->d, RULE_TEMPLATE_LIMIT, place(r, m, op), "%s; the rest is left out", message);
	r->failed = true;
}

/* Counts one more level of sections, partials, parents and blocks; false when there are too many. */
static bool enter(struct renderer *r, const struct mustache *m, const struct op *op)
{
	if (r->depth < MUSTACHE_MAX_DEPTH) {
		r->depth++;
		return true;
	}
	if (r->failed)
		return false;
	diag_add(r->d, RULE_TEMPLATE_LIMIT, place(r, m, op),
		"nested more than %d deep here; the rest is left out", MUSTACHE_MAX_DEPTH);
	diag_hint(r->d, "a template that shows itself must do so in a section that ends");
	r->failed = true;
	return false;
}

static void leave(struct renderer *r)
{
	r->depth--;
}

static void add_indent(struct renderer *r)
{
	size_t i = r->in.first;

	if (r->in.resting == r->out->n && i < r->in.resting_first)
		i = r->in.resting_first;
	for (; i < r->in.last; i++)
		buf_add(r->out, r->in.pieces[i]);
}

static bool is_indented(const struct renderer *r)
{
	return r->in.first < r->in.last;
}

static void push_indent(struct renderer *r, struct str piece)
{
	if (piece.n)
		r->in.pieces[r->in.last++] = piece;
}

static bool is_blank_line(struct str rest)
{
	return str_starts(rest, STR("\n")) || str_starts(rest, STR("\r\n"));
}

/* Indents each of the text's lines; `line` says whether it begins with one. */
static void add_lines(struct renderer *r, struct str text, bool line)
{
	for (size_t from = 0; from < text.n; line = true) {
		struct str rest = str_slice(text, from, text.n);
		size_t end = str_find_byte(rest, '\n') + 1;

		if (line && !is_blank_line(rest))
			add_indent(r);
		rest = str_slice(rest, 0, end);
		buf_add(r->out, rest);
		from += rest.n;
	}
}

static void render_text(struct renderer *r, const struct mustache *m UNUSED, const struct op *op)
{
	if (is_indented(r))
		add_lines(r, op->text, op->line);
	else
		buf_add(r->out, op->text);
}

static void render_line(struct renderer *r, const struct mustache *m UNUSED, const struct op *op UNUSED)
{
	if (is_indented(r))
		add_indent(r);
}

static render_op *const renderers[OP_KINDS];

/* Runs operations [from, to) of a template. */
static void run(struct renderer *r, const struct mustache *m, size_t from, size_t to)
{
	while (from < to && !r->failed) {
		const struct op *op = &m->ops[from];

		renderers[op->kind](r, m, op);
		from = op->end;
		if (++r->steps > MUSTACHE_MAX_STEPS)
			limit(r, m, op, "too much work for one page");
		if (buf_failed(r->out))
			limit(r, m, op, "the page grows too large here");
	}
}

static void run_body(struct renderer *r, const struct mustache *m, const struct op *op)
{
	run(r, m, (size_t)(op - m->ops) + 1, op->end);
}

/* Faults in what a lambda returned are shown at the tag that called it: the text is gone when they are read.
 */
static void move_faults(struct diag *from, struct span at, struct diag *to)
{
	for (size_t i = 0; i < from->len; i++) {
		diag_add(to, from->items[i].rule, at, "in what this shows: %.*s",
			STR_ARG(from->items[i].message));
		if (from->items[i].hint.n)
			diag_hint(to, "%.*s", STR_ARG(from->items[i].hint));
	}
}

static struct mustache *compile_result(
	struct renderer *r, struct str text, const struct delimiters *delimiters, struct span at)
{
	struct source *src = arena_new(&r->scratch, struct source);
	struct mustache *m;
	struct diag faults;

	diag_init(&faults);
	source_init(src, STR(""), text);
	m = mustache_compile(&r->scratch, src, delimiters, &faults);
	r->failed = r->failed || faults.len;
	move_faults(&faults, at, r->d);
	diag_release(&faults);
	return m;
}

/* Renders what a lambda returned as a template of its own, without indentation. */
static void run_result(
	struct renderer *r, const struct delimiters *delimiters, struct str text, struct span at)
{
	struct indentation in = r->in;
	struct span outer = r->lambda_at;
	struct arena scratch;
	struct mustache *m;

	if (!r->scratch.start)
		arena_init(&r->scratch, LAMBDA_SCRATCH);
	scratch = r->scratch;
	r->lambda_at = at;
	r->in = (struct indentation){.resting = NOT_RESTING};
	m = compile_result(r, text, delimiters, at);
	run(r, m, 0, m->len);
	r->in = in;
	r->lambda_at = outer;
	r->scratch = scratch;
}

/* Calls a lambda and renders what it returned, all into `out`. */
static void call_again(struct renderer *r, const struct value_lambda *l, struct str raw,
	const struct delimiters *delimiters, struct span at, struct buf *out)
{
	struct buf *before = r->out, returned;

	buf_init(&returned, before->max);
	l->call(l->ctx, &r->scope, raw, &returned);
	if (buf_failed(&returned))
		buf_fail(out);
	r->out = out;
	run_result(r, delimiters, buf_str(&returned), at);
	r->out = before;
	buf_release(&returned);
}

static void call_value(
	struct renderer *r, const struct mustache *m, const struct op *op, const struct value_lambda *l)
{
	struct buf text;

	if (!l->again) {
		l->call(l->ctx, &r->scope, STR(""), r->out);
		return;
	}
	if (!enter(r, m, op))
		return;
	buf_init(&text, r->out->max);
	call_again(r, l, STR(""), &mustache_delimiters, place(r, m, op), &text);
	if (buf_failed(&text))
		buf_fail(r->out);
	else if (op->kind == OP_VALUE)
		buf_add_html(r->out, buf_str(&text));
	else
		buf_add(r->out, buf_str(&text));
	buf_release(&text);
	leave(r);
}

static void call_section(
	struct renderer *r, const struct mustache *m, const struct op *op, const struct value_lambda *l)
{
	if (!l->again)
		l->call(l->ctx, &r->scope, op->text, r->out);
	else
		call_again(r, l, op->text, op->delimiters, place(r, m, op), r->out);
}

static void render_value(struct renderer *r, const struct mustache *m, const struct op *op)
{
	const struct value *v = mustache_find(&r->scope, op->name);

	if (!v)
		return;
	if (v->kind == VALUE_LAMBDA)
		call_value(r, m, op, v->lambda);
	else
		mustache_add_value(r->out, v, op->kind == OP_VALUE);
}

static void render_with(
	struct renderer *r, const struct mustache *m, const struct op *op, const struct value *v)
{
	r->scope.items[r->scope.n++] = v;
	run_body(r, m, op);
	r->scope.n--;
}

static void render_section(struct renderer *r, const struct mustache *m, const struct op *op)
{
	const struct value *v = mustache_find(&r->scope, op->name);

	if (!mustache_is_true(v) || !enter(r, m, op))
		return;
	if (v->kind == VALUE_LAMBDA)
		call_section(r, m, op, v->lambda);
	else if (v->kind == VALUE_LIST)
		for (size_t i = 0; i < v->list->len && !r->failed; i++)
			render_with(r, m, op, &v->list->items[i]);
	else
		render_with(r, m, op, v);
	leave(r);
}

static void render_inverted(struct renderer *r, const struct mustache *m, const struct op *op)
{
	if (mustache_is_true(mustache_find(&r->scope, op->name)) || !enter(r, m, op))
		return;
	run_body(r, m, op);
	leave(r);
}

/* A missing template was reported by mustache_check(). */
static void render_partial(struct renderer *r, const struct mustache *m, const struct op *op)
{
	const struct mustache *target = op->target ? op->target : map_get(&r->set->templates, op->text);
	size_t first = r->in.first, last = r->in.last;

	if (!target || !enter(r, m, op))
		return;
	if (op->whole)
		push_indent(r, op->indent);
	else
		r->in.first = r->in.last;
	run(r, target, 0, target->len);
	r->in.first = first;
	r->in.last = last;
	leave(r);
}

static void render_parent(struct renderer *r, const struct mustache *m, const struct op *op)
{
	struct frame frame = {.outer = r->frames, .m = m, .from = (size_t)(op - m->ops) + 1, .to = op->end};

	r->frames = &frame;
	render_partial(r, m, op);
	r->frames = frame.outer;
}

static const struct op *find_argument(const struct frame *frame, struct str name)
{
	for (size_t i = frame->from; i < frame->to; i = frame->m->ops[i].end)
		if (frame->m->ops[i].kind == OP_ARGUMENT && str_eq(frame->m->ops[i].text, name))
			return &frame->m->ops[i];
	return NULL;
}

/* What fills a block: the argument that was given farthest out, or NULL. */
static const struct op *find_filling(const struct renderer *r, struct str name, const struct frame **from)
{
	const struct op *found = NULL;

	for (const struct frame *f = r->frames; f; f = f->outer) {
		const struct op *argument = find_argument(f, name);

		if (!argument)
			continue;
		found = argument;
		*from = f;
	}
	return found;
}

/*
 * An argument is shown as it would be where it was written: the blocks in it are filled by whoever fills
 * that template's, not by its neighbours.
 */
static void run_filling(struct renderer *r, const struct op *argument, const struct frame *from)
{
	const struct frame *frames = r->frames;

	r->frames = from->outer;
	run_body(r, from->m, argument);
	r->frames = frames;
}

static void rest_here(struct renderer *r)
{
	r->in.resting = r->out->n;
	r->in.resting_first = r->in.last;
}

/* A block with lines of its own is shown as whole lines, or not at all when there is nothing to show. */
static void end_lines(struct renderer *r, const struct op *block, size_t start, size_t indented)
{
	if (r->out->n == indented)
		buf_cut(r->out, start);
	else if (!buf_failed(r->out) && r->out->p[r->out->n - 1] != '\n')
		buf_add(r->out, block->line_end);
}

static bool begins_blank(const struct mustache *m, const struct op *op)
{
	size_t body = (size_t)(op - m->ops) + 1;

	return body < op->end && m->ops[body].kind == OP_TEXT && is_blank_line(m->ops[body].text);
}

static void render_whole_block(struct renderer *r, const struct mustache *m, const struct op *block,
	const struct op *filling, const struct frame *from)
{
	size_t start = r->out->n, indented;

	push_indent(r, block->indent);
	if (!begins_blank(filling ? from->m : m, filling ? filling : block)) {
		add_indent(r);
		rest_here(r);
	}
	indented = r->out->n;
	if (filling)
		run_filling(r, filling, from);
	else
		run_body(r, m, block);
	end_lines(r, block, start, indented);
}

static void render_inline_block(
	struct renderer *r, const struct op *op, const struct op *filling, const struct frame *from)
{
	if (op->line)
		push_indent(r, op->indent);
	else
		r->in.first = r->in.last;
	rest_here(r);
	run_filling(r, filling, from);
}

static void render_block(struct renderer *r, const struct mustache *m, const struct op *op)
{
	struct indentation *in = &r->in;
	size_t first = in->first, last = in->last, resting = in->resting, resting_first = in->resting_first;
	const struct frame *from = NULL;
	const struct op *filling = find_filling(r, op->text, &from);

	if (!enter(r, m, op))
		return;
	if (op->whole)
		render_whole_block(r, m, op, filling, from);
	else if (filling)
		render_inline_block(r, op, filling, from);
	else
		run_body(r, m, op);
	in->first = first;
	in->last = last;
	in->resting = resting;
	in->resting_first = resting_first;
	leave(r);
}

/* Arguments are shown by the blocks that they fill. */
static void render_argument(
	struct renderer *r UNUSED, const struct mustache *m UNUSED, const struct op *op UNUSED)
{
}

static render_op *const renderers[OP_KINDS] = {
	[OP_TEXT] = render_text,
	[OP_LINE] = render_line,
	[OP_VALUE] = render_value,
	[OP_RAW] = render_value,
	[OP_SECTION] = render_section,
	[OP_INVERTED] = render_inverted,
	[OP_PARTIAL] = render_partial,
	[OP_PARENT] = render_parent,
	[OP_BLOCK] = render_block,
	[OP_ARGUMENT] = render_argument,
};

/* Lowers the buffer's ceiling for one page; it is put back afterwards. */
static size_t page_ceiling(const struct buf *out)
{
	size_t room = out->n < SIZE_MAX - MUSTACHE_MAX_BYTES ? out->n + MUSTACHE_MAX_BYTES : SIZE_MAX;

	return room < out->max ? room : out->max;
}

bool mustache_render(
	const struct mustache_set *set, struct str name, struct value data, struct buf *out, struct diag *d)
{
	const struct mustache *m = map_get(&set->templates, name);
	struct renderer r;
	size_t max = out->max;

	if (!m) {
		diag_add(d, RULE_TEMPLATE_PARTIAL, (struct span){0}, "there is no template “%.*s”",
			STR_ARG(name));
		return false;
	}
	memset(&r, 0, sizeof(r));
	r.set = set;
	r.out = out;
	r.d = d;
	r.scope.items[r.scope.n++] = &data;
	r.in.resting = NOT_RESTING;
	out->max = page_ceiling(out);
	run(&r, m, 0, m->len);
	out->max = max;
	arena_release(&r.scratch);
	return !r.failed;
}
