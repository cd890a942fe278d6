/* Facts and sources: do they exist, are they used, and as what they are? */
#include "action/check_impl.h"

/* What a message may do with a fact of each type. */
static bool fits(const struct fact *f, enum message_type type)
{
	switch (type) {
	case MESSAGE_PLAIN:
		return true;
	case MESSAGE_NUMBER:
	case MESSAGE_PLURAL:
		return fact_is_number(f) || f->type == FACT_MONEY || f->type == FACT_RANGE;
	case MESSAGE_ORDINAL:
		return fact_is_number(f);
	case MESSAGE_DATE:
	case MESSAGE_TIME:
		return f->type == FACT_DATE;
	case MESSAGE_SELECT:
		return f->type == FACT_TEXT;
	case MESSAGE_LIST:
		return false;
	}
	return false;
}

static const char *const use_names[] = {[MESSAGE_PLAIN] = "as it is",
	[MESSAGE_NUMBER] = "as a number",
	[MESSAGE_DATE] = "as a date",
	[MESSAGE_TIME] = "as a time",
	[MESSAGE_LIST] = "as a list",
	[MESSAGE_SELECT] = "in a select",
	[MESSAGE_PLURAL] = "in a plural",
	[MESSAGE_ORDINAL] = "in an ordinal plural"};

void check_fact_use(struct text_check *c, const struct message_arg *arg)
{
	const struct fact *f = map_get(&c->k->c->facts, arg->name);
	struct diag *d = &c->w->diag;
	const struct reference *r;

	if (!f && c->k->c->facts_unread)
		return;
	if (!f) {
		diag_add(d, RULE_FACT_UNKNOWN, arg->at, "there is no fact “%.*s”; it stays as text",
			STR_ARG(arg->name));
		hint_nearest(d, &c->suggestions, &c->k->c->facts, arg->name,
			"facts are written in content/" FACTS_PATH);
		return;
	}
	mark_used(c->k->fact_used, f->index);
	r = map_get(&c->k->c->references, f->source);
	if (r)
		mark_used(c->k->reference_used, r->index);
	if (!fits(f, arg->type)) {
		diag_add(d, RULE_FACT_TYPE, arg->at, "the fact “%.*s” is %s and cannot be used %s",
			STR_ARG(f->id), fact_type_name(f->type), use_names[arg->type]);
		diag_other(d, f->at);
	}
}

static void check_source(struct text_check *c, struct str id, struct span at)
{
	const struct reference *r = map_get(&c->k->c->references, id);

	if (r) {
		mark_used(c->k->reference_used, r->index);
		return;
	}
	if (c->k->c->references_unread)
		return;
	diag_add(&c->w->diag, RULE_SOURCE_UNKNOWN, at, "there is no source “%.*s”", STR_ARG(id));
	hint_nearest(&c->w->diag, &c->suggestions, &c->k->c->references, id,
		"sources are written in content/" REFERENCES_PATH);
}

#define NAME_MAX_BYTES 100

/* "[sfs-2025-400, 20 kap. 2 §]": the @ that makes it a citation was forgotten. */
static void check_forgotten_citations(struct text_check *c, const struct node *n)
{
	struct str rest = n->text, before;

	while (str_cut(&rest, '[', &before)) {
		struct str near = str_slice(rest, 0, NAME_MAX_BYTES);
		size_t comma = str_find_byte(near, ','), bracket = str_find_byte(near, ']');
		struct str id = str_slice(near, 0, comma < bracket ? comma : bracket);
		struct span at = node_span(c->t->doc, n);

		if (id.n == near.n || !map_get(&c->k->c->references, id))
			continue;
		if (at.n == n->text.n) /* nothing is escaped in it */
			at = span_make(at.src, at.at + (size_t)(rest.p - n->text.p) - 1, id.n + 1);
		diag_add(&c->w->diag, RULE_MARKDOWN_TOKEN, at,
			"“[%.*s” cites nothing: a citation begins with [@", STR_ARG(id));
		diag_hint(&c->w->diag, "write [@%.*s] or [@%.*s, place]", STR_ARG(id), STR_ARG(id));
	}
}

/* "{name}" or "{name, …": the name; empty when there is no such thing in `text`. */
static struct str fact_in(struct str text)
{
	struct str rest = text, before;

	while (str_cut(&rest, '{', &before)) {
		struct str near = str_slice(rest, 0, NAME_MAX_BYTES);
		size_t brace = str_find_byte(near, '}'), comma = str_find_byte(near, ',');
		size_t end = brace < comma ? brace : comma;

		if (end < near.n && fact_id_valid(str_trim(str_slice(near, 0, end))))
			return str_trim(str_slice(near, 0, end));
	}
	return (struct str){0};
}

/* Titles and descriptions stand in lists, search and addresses, which know no facts. */
static void check_front(struct text_check *c, struct str text, struct span at, const char *what)
{
	struct str name = fact_in(text);

	if (!name.n)
		return;
	diag_add(&c->w->diag, RULE_FACT_PLACE, at,
		"facts are not filled in in a %s; “%.*s” stays as it is written", what, STR_ARG(name));
	diag_hint(&c->w->diag, "say it without the figure, and use the fact in the text");
}

void check_text_facts(struct text_check *c)
{
	const struct translation *t = c->t;

	for (const struct node *n = t->doc->root; n; n = node_next(n, t->doc->root)) {
		const struct message_arg *args;
		size_t count = n->kind == NODE_FACT && n->message ? message_args(n->message, &args) : 0;

		for (size_t i = 0; i < count; i++)
			check_fact_use(c, &args[i]);
		if (n->kind == NODE_TEXT && c->k->c->references.len)
			check_forgotten_citations(c, n);
		if (n->kind == NODE_CITE)
			check_source(c, n->url, node_span(t->doc, n));
	}
	check_front(c, t->title, translation_place(t), "title");
	check_front(c, t->description, t->description_at, "description");
	for (size_t i = 0; i < t->source_count; i++)
		check_source(c, t->sources[i], t->sources_at);
}

void check_facts(struct checker *k)
{
	for (size_t i = 0; i < k->c->facts.len; i++) {
		const struct fact *f = k->c->facts.entries[i].value;

		if (!k->fact_used[f->index]) {
			diag_add(k->d, RULE_FACT_UNUSED, f->at, "no sheet uses the fact “%.*s”",
				STR_ARG(f->id));
			diag_hint(k->d, "use it as “{%.*s}”, or remove it", STR_ARG(f->id));
		}
		if (f->source.n && !k->c->references_unread && !map_get(&k->c->references, f->source)) {
			diag_add(k->d, RULE_SOURCE_UNKNOWN, f->at,
				"the fact “%.*s” names a source “%.*s” that does not exist", STR_ARG(f->id),
				STR_ARG(f->source));
			hint_nearest(k->d, &k->suggestions, &k->c->references, f->source,
				"sources are written in content/" REFERENCES_PATH);
		}
	}
	for (size_t i = 0; i < k->c->references.len; i++) {
		const struct reference *r = k->c->references.entries[i].value;

		if (!k->reference_used[r->index] && !k->c->facts_unread)
			diag_add(k->d, RULE_SOURCE_UNUSED, r->at, "nothing cites the source “%.*s”",
				STR_ARG(r->id));
	}
}
