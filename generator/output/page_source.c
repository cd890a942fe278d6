/* The page of all sources: what each one is, and the texts of the edition that rest on it. */
#include "output/page_impl.h"

#include "output/use.h"

/* Links to sources are links to their ids, where those can be ids of HTML. */
static struct str anchor_of(struct page_writer *r, const struct reference *s)
{
	for (size_t i = 0; i < s->id.n; i++)
		if ((unsigned char)s->id.p[i] <= ' ')
			return str_fmt(r->a, "source-%zu", s->index + 1);
	return s->id.n ? s->id : STR("source");
}

static void set_used(struct page_writer *r, struct value source, const struct use *u)
{
	struct value list = value_list(r->a);

	for (size_t i = 0; i < u->count; i++)
		value_push(list, r->a, page_sheet(r, r->v->catalog->sheets[u->sheets[i]]));
	page_set(r, source, "used_by", list);
	page_set(r, source, "is_used", value_bool(u->count > 0));
}

void page_fill_sources(struct page_writer *r)
{
	const struct map *references = &r->v->catalog->references;
	const struct use *uses = use_find(&r->v->graph, r->a, r->p->language);
	struct value list = value_list(r->a);

	for (size_t i = 0; i < references->len; i++) {
		const struct reference *s = references->entries[i].value;
		struct value one = page_source(r, s);

		page_set(r, one, "anchor", value_str(anchor_of(r, s)));
		set_used(r, one, &uses[s->index]);
		value_push(list, r->a, one);
	}
	page_set_titles(r, page_phrase(r, "source_list.title"), page_phrase(r, "source_list.lead"));
	page_set(r, r->data, "is_sources", value_bool(true));
	page_set(r, r->data, "sources", list);
}
