#include "text/mustache_impl.h"

bool mustache_add(
	struct mustache_set *set, struct arena *a, struct str name, struct source *src, struct diag *d)
{
	size_t before = d->len + d->dropped;

	(void)map_put(&set->templates, a, name, mustache_compile(a, src, &mustache_delimiters, d));
	return d->len + d->dropped == before;
}

/* The name in the set that is nearest to one that is not. */
static struct str nearest(const struct mustache_set *set, struct str name)
{
	struct str *names = xmalloc((set->templates.len + 1) * sizeof(*names)), near;

	for (size_t i = 0; i < set->templates.len; i++)
		names[i] = set->templates.entries[i].key;
	near = str_nearest(name, names, set->templates.len);
	free(names);
	return near;
}

static void report_missing(
	const struct mustache_set *set, const struct mustache *m, const struct op *op, struct diag *d)
{
	struct str near = nearest(set, op->text);

	diag_add(d, RULE_TEMPLATE_PARTIAL, span_make(m->src, op->at, op->n),
		"there is no template “%.*s”; nothing is shown for it", STR_ARG(op->text));
	if (str_starts(op->text, STR("*")))
		diag_hint(d, "a template's name cannot come from the data");
	else if (near.n)
		diag_hint(d, "did you mean “%.*s”?", STR_ARG(near));
}

static void check_template(const struct mustache_set *set, struct mustache *m, struct diag *d)
{
	for (size_t i = 0; i < m->len; i++) {
		struct op *op = &m->ops[i];

		if (op->kind != OP_PARTIAL && op->kind != OP_PARENT)
			continue;
		op->target = map_get(&set->templates, op->text);
		if (!op->target)
			report_missing(set, m, op, d);
	}
}

void mustache_check(const struct mustache_set *set, struct diag *d)
{
	for (size_t i = 0; i < set->templates.len; i++)
		check_template(set, set->templates.entries[i].value, d);
}

void mustache_each_partial(const struct mustache_set *set, struct str name,
	void (*visit)(void *ctx, struct str partial, struct span at), void *ctx)
{
	const struct mustache *m = map_get(&set->templates, name);

	for (size_t i = 0; m && i < m->len; i++)
		if (m->ops[i].kind == OP_PARTIAL || m->ops[i].kind == OP_PARENT)
			visit(ctx, m->ops[i].text, span_make(m->src, m->ops[i].at, m->ops[i].n));
}

static void visit_sections(const struct mustache *m, struct str tag,
	void (*visit)(void *ctx, struct str raw, struct span at), void *ctx)
{
	for (size_t i = 0; i < m->len; i++) {
		const struct op *op = &m->ops[i];

		if (op->kind != OP_SECTION || op->name.count != 1 || !str_eq(op->name.parts[0], tag))
			continue;
		visit(ctx, op->text, span_make(m->src, (size_t)(op->text.p - m->src->text.p), op->text.n));
	}
}

void mustache_each_section(const struct mustache_set *set, struct str tag,
	void (*visit)(void *ctx, struct str raw, struct span at), void *ctx)
{
	for (size_t i = 0; i < set->templates.len; i++)
		visit_sections(set->templates.entries[i].value, tag, visit, ctx);
}
