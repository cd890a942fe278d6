#include "site/worker.h"

void workers_init(struct workers *w, unsigned count)
{
	w->count = count;
	w->of = xmalloc(count * sizeof(*w->of));
	for (unsigned i = 0; i < count; i++) {
		w->of[i] = (struct worker){0};
		arena_init(&w->of[i].keep, ARENA_DEFAULT);
		arena_init(&w->of[i].trees, ARENA_DEFAULT);
		arena_init(&w->of[i].scratch, ARENA_DEFAULT);
		diag_init(&w->of[i].diag);
	}
}

void workers_configure(struct workers *w, const struct config *c)
{
	for (unsigned i = 0; i < w->count; i++) {
		w->of[i].config = c;
		w->of[i].locales = arena_new_n(&w->of[i].keep, struct locale *, c->language_count);
	}
}

void workers_forget_trees(struct workers *w)
{
	for (unsigned i = 0; i < w->count; i++)
		arena_release(&w->of[i].trees);
}

void workers_release(struct workers *w)
{
	for (unsigned i = 0; i < w->count; i++) {
		struct worker *one = &w->of[i];

		for (size_t k = 0; one->locales && k < one->config->language_count; k++)
			locale_free(one->locales[k]);
		diag_release(&one->diag);
		arena_release(&one->scratch);
		arena_release(&one->trees);
		arena_release(&one->keep);
	}
	free(w->of);
	*w = (struct workers){0};
}

void workers_collect(struct workers *w, struct diag *d)
{
	for (unsigned i = 0; i < w->count; i++)
		diag_merge(d, &w->of[i].diag);
}

struct locale *worker_locale(struct worker *w, size_t language)
{
	if (!w->locales[language])
		w->locales[language] = locale_new(&w->config->languages[language].spec);
	return w->locales[language];
}
