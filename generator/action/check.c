#include "action/check_impl.h"

#include "base/task.h"

static void (*const text_families[])(struct text_check *c) = {
	check_text_links, check_text_facts, check_text_claims, check_text_blocks, check_text_plain};

static void (*const whole_families[])(struct checker *k) = {check_districts, check_facts, check_messages,
	check_sheets, check_site, check_freshness, check_withdrawn, check_templates, check_parity,
	check_claim_wording};

static void check_text(void *ctx, unsigned worker, size_t index)
{
	struct checker *k = ctx;
	struct text_check c = {.k = k,
		.w = &k->workers->of[worker],
		.t = k->c->by_path.entries[index].value,
		.suggestions = SUGGESTIONS_OF_TEXT};

	arena_clear(&c.w->scratch);
	for (size_t i = 0; i < COUNT_OF(text_families); i++)
		text_families[i](&c);
}

bool take_suggestion(const struct diag *d, unsigned *suggestions)
{
	if (!diag_wants_hint(d) || !*suggestions)
		return false;
	--*suggestions;
	return true;
}

void hint_nearest(struct diag *d, unsigned *suggestions, const struct map *names, struct str name,
	const char *otherwise)
{
	struct str near = {0};

	if (take_suggestion(d, suggestions))
		near = map_nearest(names, name);
	if (near.n)
		diag_hint(d, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(d, "%s", otherwise);
}

void check(const struct catalog *c, const struct check_options *o, struct workers *w, struct diag *d)
{
	struct arena a;
	struct checker k = {
		.c = c, .options = o, .workers = w, .d = d, .a = &a, .suggestions = SUGGESTIONS_OF_WHOLE};

	arena_init(&a, ARENA_DEFAULT);
	k.fact_used = arena_new_n(&a, bool, c->facts.len);
	k.reference_used = arena_new_n(&a, bool, c->references.len);
	k.media_used = arena_new_n(&a, bool, c->media.len);
	task_run(w->count, c->by_path.len, check_text, &k);
	workers_collect(w, d);
	for (size_t i = 0; i < COUNT_OF(whole_families); i++)
		whole_families[i](&k);
	arena_release(&a);
}
