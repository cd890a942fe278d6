/* The manifest that a publish writes when all is there: the site, and what of ours stays beside it. */
#include "action/publish_impl.h"

static void add_site(struct publish *p, struct publish_record *out, const struct manifest_entry *site)
{
	const struct publish_headers_of *h = publish_headers(p, site->path);
	struct publish_entry e = {
		.mark = PUBLISH_THERE,
		.path = site->path,
		.digest = site->digest,
		.size = site->size,
		.headers = h ? h->hash : 0,
	};

	publish_record_add(out, p->arena, &e);
}

void publish_next(struct publish *p, struct publish_record *out)
{
	const struct manifest *site = &p->local.files;
	const struct publish_plan *plan = &p->plan;
	size_t i = 0, j = 0;

	*out = (struct publish_record){
		.kind = PUBLISH_RECORD_MANIFEST,
		.generation = p->out->generation,
		.token = str_from(p->b->token),
		.site = p->local.site,
	};
	while (i < site->len || j < plan->stay_len) {
		const struct manifest_entry *e = i < site->len ? &site->entries[i] : NULL;
		const struct publish_entry *stay = j < plan->stay_len ? &plan->stays[j].entry : NULL;

		/* No path is both. */
		if (!e || (stay && str_cmp(stay->path, e->path) < 0)) {
			publish_record_add(out, p->arena, stay);
			j++;
			continue;
		}
		add_site(p, out, e);
		i++;
	}
}
