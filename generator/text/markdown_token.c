/*
 * Tokens for text.c: each becomes a node where it means something, and goes back into the text as it was
 * written, reported or not, where it does not.
 */
#include "text/markdown_lower.h"

/* A token's text over its lines, a space for each wrap; *map says where each byte stands when it is wrapped.
 */
static struct str token_text(const struct lowering *l, const struct token *t, uint32_t **map)
{
	size_t n = 0, total = 0;
	char *out;

	*map = NULL;
	if (t->pieces == 1)
		return source_text(l, t->at, t->n);
	for (size_t i = 0; i < t->pieces; i++)
		total += t[i].n + 1;
	out = arena_alloc(l->parse->arena, total);
	*map = arena_new_n(l->parse->arena, uint32_t, total + 1);
	for (size_t i = 0; i < t->pieces; i++) {
		for (size_t k = 0; k < t[i].n; k++, n++) {
			out[n] = l->parse->src->text.p[t[i].at + k];
			(*map)[n] = (uint32_t)(t[i].at + k);
		}
		(*map)[n] = t[i].at + t[i].n;
		out[n++] = ' ';
	}
	(*map)[n - 1] = t->at + t->whole;
	return str_make(out, n - 1);
}

static struct node *add_token(struct lowering *l, enum node_kind kind, const struct token *t)
{
	struct node *n = node_add(l->parse->arena, l->parent, kind);

	set_span(n, t->at, t->at + t->whole);
	return n;
}

static void lower_fact(struct lowering *l, const struct token *t)
{
	struct node *n = add_token(l, NODE_FACT, t);
	struct origin from = {.src = l->parse->src, .at = t->at};
	uint32_t *map;

	n->text = token_text(l, t, &map);
	from.map = map;
	n->message =
		message_compile(l->parse->arena, n->text, &from, l->parse->options->locale, l->parse->diag);
}

/* White space as single spaces. */
static struct str collapsed(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool space = s.p[i] == ' ' || s.p[i] == '\t';

		if (!space || (n && out[n - 1] != ' '))
			out[n++] = space ? ' ' : s.p[i];
	}
	return str_make(out, n);
}

static void lower_cite(struct lowering *l, const struct token *t)
{
	struct node *n = add_token(l, NODE_CITE, t);
	uint32_t *map;
	struct str s = token_text(l, t, &map), id;

	s = str_slice(s, 2, s.n - 1);
	n->title = str_cut(&s, ',', &id) ? str_trim(s) : STR("");
	n->url = str_trim(id);
	if (map)
		n->title = str_trim(collapsed(l->parse->arena, n->title));
	if (!l->links)
		return;
	diag_add(l->parse->diag, RULE_MARKDOWN_TOKEN, node_span(l->parse->doc, n),
		"a citation inside a link cannot be followed and is shown as text");
	diag_hint(l->parse->diag, "put it after the link: [text](sheet.md) [@%.*s]", STR_ARG(n->url));
}

/* Are the further lines of a wrapped token where they were written, one after the other? */
static bool is_whole(const struct lowering *l, const struct token *t)
{
	void *at = l->at_cmark;
	struct str next;
	size_t n;

	for (size_t i = 1; i < t->pieces; i++) {
		if (!lower_wrapped(&at, &next) || lift_token(&l->parse->lift, next, 0, &n) != t + i)
			return false;
		if (i + 1 < t->pieces && n != next.n)
			return false;
	}
	return true;
}

static void add_written(struct lowering *l, const struct token *t)
{
	struct str s = source_text(l, t->at, t->n);
	uint32_t cp;
	char bytes[4];

	if (t->kind == TOKEN_ENTITY && entity_numeric(s, &cp))
		s = str_make(bytes, utf8_encode(cp, bytes));
	text_add(l, s, t->at, t->at + t->n, t->kind != TOKEN_ENTITY);
}

static void report_token(
	struct lowering *l, const struct token *t, size_t n, const char *what, const char *hint)
{
	diag_add(l->parse->diag, RULE_MARKDOWN_TOKEN, source_span(l, t->at, n), "%s", what);
	diag_hint(l->parse->diag, "%s", hint);
}

static void lower_bad(struct lowering *l, const struct token *t)
{
	static const struct {
		const char *what, *hint;
	} faults[] = {
		[FAULT_NAME] = {"this is not a fact, and stays as text",
			"a fact is {name}: a to z, 0 to 9 and _, a letter first, no spaces; for a brace as "
			"text write \\{"},
		[FAULT_END] = {"the brace is not closed in its paragraph, and stays as text",
			"every { needs its }, with no blank line, list mark or ` between; for a brace as "
			"text write \\{"},
		[FAULT_CITE] = {"this is not a citation, and stays as text",
			"write [@source-id] or [@source-id, place]; for two sources write two citations"},
		[FAULT_LENGTH] = {"the token is too long, and stays as text", "shorten it"},
	};

	report_token(l, t, t->whole, faults[t->fault].what, faults[t->fault].hint);
	add_written(l, t);
}

/* A break before a heading's id was there for nothing else. */
static void drop_break(struct lowering *l)
{
	struct node *last = node_last(l->parent);

	if (!l->flat.n && last && last->kind == NODE_SOFT_BREAK)
		node_drop(last);
}

/* {#id}: taken when nothing but white space stands between it and the end of a heading. */
static void lower_id(struct lowering *l, const struct token *t, bool last)
{
	if (last && l->block->kind == NODE_HEADING && lower_ends_block(l)) {
		l->id = source_span(l, t->at + 2, t->n - 3);
		text_trim(l);
		drop_break(l);
		return;
	}
	diag_add(l->parse->diag, RULE_MARKDOWN_ID, source_span(l, t->at, t->n),
		"an id means something only at the end of a heading; here it is shown as text");
	diag_hint(l->parse->diag, "move it to the end of the heading: ## Heading {#id}");
	add_written(l, t);
}

static bool callout_parse(struct str word, enum callout *out)
{
	for (int c = 0; c < CALLOUT_COUNT; c++) {
		const char *name = callout_name((enum callout)c);
		size_t i = 0;

		while (i < word.n && name[i] && (word.p[i] | 0x20) == name[i])
			i++;
		if (i < word.n || name[i])
			continue;
		*out = (enum callout)c;
		return true;
	}
	return false;
}

/* What people write elsewhere, and a near miss of ours. */
static void hint_callout(struct lowering *l, struct str word)
{
	static const struct {
		const char *theirs, *ours;
	} known[] = {{"TIP", "NOTE"}, {"IMPORTANT", "NOTE"}, {"INFO", "NOTE"}, {"WARNING", "NOTE"},
		{"CAUTION", "NOTE"}, {"DANGER", "HELP"}, {"QUESTION", "WHY"}, {"FAKTA", "FACT"},
		{"MYT", "MYTH"}, {"VARFÖR", "WHY"}, {"HJÄLP", "HELP"}, {"OBS", "NOTE"}};
	static const struct str ours[] = {{"FACT", 4}, {"MYTH", 4}, {"WHY", 3}, {"NOTE", 4}, {"HELP", 4}};
	char upper[16] = "";
	struct str near = {0};

	for (size_t i = 0; i < word.n && i + 1 < sizeof(upper); i++)
		upper[i] = (char)(word.p[i] & ~0x20);
	for (size_t i = 0; i < COUNT_OF(known) && !near.n; i++)
		if (strcmp(known[i].theirs, upper) == 0)
			near = str_from(known[i].ours);
	if (!near.n)
		near = str_nearest(str_from(upper), ours, COUNT_OF(ours));
	if (near.n)
		diag_hint(l->parse->diag, "did you mean [!%.*s]? There are FACT, MYTH, WHY, NOTE and HELP",
			STR_ARG(near));
	else
		diag_hint(l->parse->diag, "there are FACT, MYTH, WHY, NOTE and HELP");
}

static void report_callout(struct lowering *l, const struct token *t, const char *what)
{
	diag_add(l->parse->diag, RULE_MARKDOWN_CALLOUT, source_span(l, t->at, t->n), "%s", what);
}

/* The first thing in a quote's first paragraph. */
static bool opens_quote(const struct lowering *l)
{
	const struct node *paragraph = l->parent;

	return paragraph->kind == NODE_PARAGRAPH && !paragraph->first && !l->flat.n &&
	       paragraph->parent->kind == NODE_QUOTE && paragraph->parent->first == paragraph;
}

static bool in_quote(const struct node *n)
{
	while (n && n->kind != NODE_QUOTE && n->kind != NODE_CALLOUT)
		n = n->parent;
	return n != NULL;
}

static void lower_callout(struct lowering *l, const struct token *t, bool last)
{
	enum callout which;
	bool known = callout_parse(source_text(l, t->at + 2, t->n - 3), &which);

	if (opens_quote(l) && known) {
		l->parent->parent->kind = NODE_CALLOUT;
		l->parent->parent->callout = (uint8_t)which;
		if (last && lower_ends_line(l))
			return;
		report_callout(
			l, t, "a callout's mark stands alone on its line; what follows is taken as its text");
		diag_hint(l->parse->diag, "begin a new line with > after the mark");
		return;
	}
	if (opens_quote(l)) {
		report_callout(l, t, "there is no such callout; it stays a quote");
		hint_callout(l, source_text(l, t->at + 2, t->n - 3));
	} else if (known && in_quote(l->parent)) {
		report_callout(l, t, "a callout's mark stands first in its quote; here it is shown as text");
		diag_hint(l->parse->diag, "leave a line without > before it, so that a new quote begins");
	}
	add_written(l, t);
}

static void lower_wrapped_token(struct lowering *l, const struct token *t)
{
	if (!is_whole(l, t)) {
		report_token(l, t, t->n, "this is interrupted by other Markdown, and stays as text",
			"keep it in one paragraph, best on one line");
		add_written(l, t);
		return;
	}
	text_flush(l);
	if (t->kind == TOKEN_FACT)
		lower_fact(l, t);
	else
		lower_cite(l, t);
	l->wrapped = t->pieces - 1u;
}

/* `last`: nothing but white space comes after it in its text. */
void token_lower(struct lowering *l, const struct token *t, bool last)
{
	if (l->autolink) {
		add_written(l, t);
		return;
	}
	switch (t->kind) {
	case TOKEN_FACT:
	case TOKEN_CITE:
		lower_wrapped_token(l, t);
		break;
	case TOKEN_ID:
		lower_id(l, t, last);
		break;
	case TOKEN_CALLOUT:
		lower_callout(l, t, last);
		break;
	case TOKEN_BAD:
		lower_bad(l, t);
		break;
	case TOKEN_PART:
		if (l->wrapped)
			l->wrapped--;
		else
			add_written(l, t);
		break;
	default:
		add_written(l, t);
	}
}
