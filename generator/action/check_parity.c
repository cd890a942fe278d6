/* Parity: does a translation say what its source text says, section by section? */
#include "action/check_parity.h"

#include "base/task.h"

const struct node *section_end(const struct part_section *s)
{
	const struct node *n = s->first;

	if (n)
		do
			n = n->next;
		while (n && n->kind != NODE_HEADING);
	return n;
}

struct span section_place(const struct translation *t, const struct part_section *s)
{
	if (!s || !s->first)
		return translation_place(t);
	if (s->first->kind == NODE_HEADING)
		return node_span(t->doc, s->first);
	return span_make((struct source *)&t->src, s->first->at, 0);
}

/* Pairing sections: by id; where people gave none, by their place */

static bool same_ids(const struct outline *x, const struct outline *y)
{
	if (x->count != y->count)
		return false;
	for (size_t i = 1; i < x->count; i++)
		if (!str_eq(x->sections[i].id, y->sections[i].id))
			return false;
	return true;
}

#define UNPAIRED SIZE_MAX

/* Which section of the source each section of the text belongs to. */
struct pairing {
	size_t *of_text;   /* by section of the text: that of the source, or UNPAIRED */
	size_t *of_source; /* the other way */
};

static void pair_up(struct pairing *g, size_t source, size_t text)
{
	g->of_text[text] = source;
	g->of_source[source] = text;
}

static void pair_by_id(struct pairing *g, const struct pair *p, struct arena *a)
{
	struct map ids = {0};

	for (size_t i = 1; i < p->source.count; i++)
		map_put(&ids, a, p->source.sections[i].id, &p->source.sections[i]);
	for (size_t i = 1; i < p->text.count; i++) {
		const struct part_section *s = map_get(&ids, p->text.sections[i].id);

		if (s)
			pair_up(g, (size_t)(s - p->source.sections), i);
	}
}

/*
 * Headings without an id of their own have one made from their words, which differ in every language. With as
 * many sections in both, the place tells what belongs together.
 */
static void pair_by_place(struct pairing *g, const struct pair *p)
{
	if (p->source.count != p->text.count)
		return;
	for (size_t i = 1; i < p->text.count; i++)
		if (g->of_text[i] == UNPAIRED && g->of_source[i] == UNPAIRED &&
			(!p->source.sections[i].given || !p->text.sections[i].given))
			pair_up(g, i, i);
}

static void pair_sections(struct pairing *g, const struct pair *p, struct arena *a)
{
	g->of_text = arena_new_n(a, size_t, p->text.count);
	g->of_source = arena_new_n(a, size_t, p->source.count);
	for (size_t i = 0; i < p->text.count; i++)
		g->of_text[i] = UNPAIRED;
	for (size_t i = 0; i < p->source.count; i++)
		g->of_source[i] = UNPAIRED;
	pair_up(g, 0, 0);
	pair_by_id(g, p, a);
	pair_by_place(g, p);
}

/*
 * A section of the source that changed since it was translated: translation/stale tells that, and what
 * differs meanwhile is no fault of the translation.
 */
static bool is_behind(const struct pair *p, struct str id)
{
	return p->text.t->freshness && freshness_lags(p->text.t->freshness, id.n ? id : STR(SECTION_INTRO));
}

/* Sections that one of the two does not have */

static void report_section(struct pair *p, struct span at, struct span other, const char *before,
	struct str id, const char *after)
{
	diag_add(&p->w->diag, RULE_PARITY_SECTION, at, "%s “#%.*s”%s", before, STR_ARG(id), after);
	diag_other(&p->w->diag, other);
}

static void report_missing(struct pair *p, const struct pairing *g)
{
	struct diag *d = &p->w->diag;
	size_t paired = 0;

	for (size_t i = 1; i < p->source.count; i++)
		paired += g->of_source[i] != UNPAIRED;
	if (!paired && p->source.count > 2) {
		report_section(p, translation_place(p->text.t),
			section_place(p->source.t, &p->source.sections[1]),
			"none of the source text's sections is here; the first is", p->source.sections[1].id,
			"");
		diag_hint(d, "give the headings the ids of the source text: “## Heading {#id}”");
		return;
	}
	for (size_t i = 1; i < p->source.count; i++) {
		const struct part_section *s = &p->source.sections[i];

		if (g->of_source[i] != UNPAIRED || is_behind(p, s->id))
			continue;
		report_section(p, translation_place(p->text.t), section_place(p->source.t, s), "the section",
			s->id, " of the source text is missing");
		diag_hint(d, "translate it, or give its heading the id “{#%.*s}”", STR_ARG(s->id));
	}
}

static void report_added(struct pair *p, const struct pairing *g)
{
	for (size_t i = 1; i < p->text.count; i++) {
		const struct part_section *s = &p->text.sections[i];

		if (g->of_text[i] != UNPAIRED || is_behind(p, s->id))
			continue;
		report_section(p, section_place(p->text.t, s), translation_place(p->source.t),
			"the source text has no section", s->id, "");
		diag_hint(&p->w->diag, "remove it, or give its heading the id that it has there");
	}
}

/* One that stands for the same under another id: links to the section fail in one of the languages. */
static void report_renamed(struct pair *p, const struct pairing *g)
{
	for (size_t i = 1; i < p->text.count; i++) {
		const struct part_section *s = &p->text.sections[i], *from;

		if (g->of_text[i] == UNPAIRED)
			continue;
		from = &p->source.sections[g->of_text[i]];
		if (str_eq(s->id, from->id) || !from->given)
			continue;
		report_section(p, section_place(p->text.t, s), section_place(p->source.t, from),
			"the heading does not have the source text's id", from->id, "");
		diag_hint(&p->w->diag, "end it with “{#%.*s}”, so that links find it in every language",
			STR_ARG(from->id));
	}
}

static void report_order(struct pair *p, const struct pairing *g)
{
	size_t last = 0;

	for (size_t i = 1; i < p->text.count; i++) {
		const struct part_section *s = &p->text.sections[i];

		if (g->of_text[i] == UNPAIRED)
			continue;
		if (g->of_text[i] < last) {
			report_section(p, section_place(p->text.t, s),
				section_place(p->source.t, &p->source.sections[g->of_text[i]]), "the section",
				s->id, " stands elsewhere in the source text");
			diag_hint(&p->w->diag, "put the sections in the source text's order");
			return;
		}
		last = g->of_text[i];
	}
}

static void compare_sections(struct pair *p, size_t source, size_t text)
{
	const struct part_section *s = &p->source.sections[source], *t = &p->text.sections[text];

	if (is_behind(p, s->id))
		return;
	if (memcmp(s->sums, t->sums, sizeof(s->sums)) != 0)
		compare_parts(p, s, t);
	if (p->vocabulary)
		compare_terms(p, s, t);
}

/* An opening that one of the two lacks is said once, as a section. */
static bool opening_missing(struct pair *p)
{
	const struct part_section *s = &p->source.sections[0], *t = &p->text.sections[0];

	if (!s->first || t->first || is_behind(p, s->id))
		return false;
	diag_add(&p->w->diag, RULE_PARITY_SECTION, translation_place(p->text.t),
		"the text before the first heading is missing");
	diag_other(&p->w->diag, section_place(p->source.t, s));
	return true;
}

static void compare_all(struct pair *p)
{
	struct pairing g;

	if (same_ids(&p->source, &p->text)) {
		for (size_t i = opening_missing(p) ? 1 : 0; i < p->text.count; i++)
			compare_sections(p, i, i);
		return;
	}
	pair_sections(&g, p, &p->w->scratch);
	report_missing(p, &g);
	report_added(p, &g);
	report_renamed(p, &g);
	report_order(p, &g);
	for (size_t i = opening_missing(p) ? 1 : 0; i < p->text.count; i++)
		if (g.of_text[i] != UNPAIRED)
			compare_sections(p, g.of_text[i], i);
}

struct parity {
	struct checker *k;
	struct vocabulary *vocabulary;
};

static void outline(struct pair *p, struct outline *o, const struct translation *t)
{
	outline_make(o, &p->w->scratch, t);
	if (p->vocabulary)
		outline_fold(o, &p->w->scratch);
}

static void compare_openings(struct pair *p)
{
	if (is_behind(p, STR(SECTION_TITLE)))
		return;
	compare_titles(p);
	if (p->vocabulary)
		compare_terms(p, NULL, NULL);
}

static void check_sheet(void *ctx, unsigned worker, size_t index)
{
	struct parity *whole = ctx;
	struct checker *k = whole->k;
	const struct sheet *s = k->c->sheets[index];
	const struct translation *source = s->in[k->c->config.source];
	struct pair p = {.k = k, .w = &k->workers->of[worker], .vocabulary = whole->vocabulary};

	if (!source || source->unread)
		return;
	arena_clear(&p.w->scratch);
	for (size_t i = 0; i < k->c->config.language_count; i++) {
		if (!s->in[i] || s->in[i] == source || s->in[i]->unread)
			continue;
		if (!p.source.t)
			outline(&p, &p.source, source);
		struct arena rest = p.w->scratch; /* what one language took is the next one's */

		outline(&p, &p.text, s->in[i]);
		compare_openings(&p);
		compare_all(&p);
		p.w->scratch = rest;
	}
}

static bool wanted(const struct checker *k)
{
	static const enum rule rules[] = {RULE_PARITY_SECTION, RULE_PARITY_CALLOUT, RULE_PARITY_LIST,
		RULE_PARITY_BLOCK, RULE_PARITY_LINK, RULE_PARITY_CITATION, RULE_PARITY_FACT,
		RULE_PARITY_NUMBER, RULE_PARITY_TERM};

	for (size_t i = 0; i < COUNT_OF(rules); i++)
		if (k->c->config.severities.of[rules[i]] != SEVERITY_OFF)
			return k->c->config.language_count > 1;
	return false;
}

void check_parity(struct checker *k)
{
	struct parity whole = {.k = k};

	if (!wanted(k))
		return;
	whole.vocabulary = vocabulary_new(k);
	task_run(k->workers->count, k->c->sheet_count, check_sheet, &whole);
	workers_collect(k->workers, k->d);
}
