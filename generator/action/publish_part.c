/* Some pages only: what of the plan is done, and what the manifest says afterwards. */
#include "action/publish_impl.h"
#include "action/publish_only.h"

static bool read_file(void *ctx, struct arena *a, struct str path, struct str *out)
{
	struct publish *p = ctx;
	const char *full = str_z(a, STR_CONCAT(a, str_from(p->local.folder), STR("/"), path));
	int error = fs_read(p->local.fs, full, a, PUBLISH_ONLY_MAX_BYTES, out);

	if (error)
		buf_addf(p->why, "cannot read %s/%.*s: %s", p->local.shown, STR_ARG(path), strerror(error));
	return error == 0;
}

enum publish_status publish_part_choose(struct publish *p)
{
	struct publish_only only = {
		.arena = p->arena,
		.site = &p->local.files,
		.there = &p->survey.there,
		.address = p->o->public_address,
		.read = read_file,
		.ctx = p,
		.why = p->why,
	};

	buf_clear(p->why);
	if (!publish_only_choose(&only, p->o->only, p->o->only_count))
		return PUBLISH_REFUSED;
	p->part = only.chosen;
	return PUBLISH_OK;
}

static bool is_chosen(const struct publish *p, struct str path)
{
	const struct manifest_entry *e = manifest_find(&p->local.files, path);

	return e && p->part[e - p->local.files.entries];
}

static size_t count_chosen(const struct publish *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->local.files.len; i++)
		n += p->part[i];
	return n;
}

/* Nothing is deleted, nothing retires, and what else has changed waits. */
void publish_part_plan(struct publish *p)
{
	struct publish_plan *plan = &p->plan, part = {.steps = plan->steps, .cap = plan->cap};

	for (size_t i = 0; i < plan->len; i++) {
		const struct publish_step *s = &plan->steps[i];

		if (s->change == PUBLISH_DELETE || !is_chosen(p, s->entry.path))
			continue;
		*(s->change == PUBLISH_ADD ? &part.added : &part.changed) += 1;
		part.bytes += s->entry.size;
		part.steps[part.len++] = *s;
	}
	part.unchanged = count_chosen(p) - part.len;
	*plan = part;
}

/* ---- the manifest ---- */

/* What this publish has put or adopted, by path. */
static struct publish_record list_new(struct publish *p)
{
	struct publish_record r = {0};

	for (size_t i = 0; i < p->plan.len; i++)
		publish_record_add(&r, p->arena, &p->plan.steps[i].entry);
	for (size_t i = 0; i < p->plan.adopted_len; i++)
		publish_record_add(&r, p->arena, &p->plan.adopted[i]);
	publish_entries_sort(r.entries, r.len);
	return r;
}

/* What was chosen is of the site from now on, also when it was there already, retired or loose. */
static struct publish_entry old_entry(const struct publish *p, const struct publish_entry *old)
{
	struct publish_entry e = *old;

	if (is_chosen(p, e.path)) {
		e.mark = PUBLISH_THERE;
		e.since = 0;
	}
	return e;
}

/* Names what lies there, which is the whole site's name only when nothing else was left to do. */
static struct digest name_site(struct publish *p, const struct publish_record *r)
{
	struct manifest m = {0};

	for (size_t i = 0; i < r->len; i++)
		if (r->entries[i].mark == PUBLISH_THERE)
			manifest_add(
				&m, p->arena, r->entries[i].path, &r->entries[i].digest, r->entries[i].size);
	return manifest_digest(&m);
}

void publish_part_next(struct publish *p, struct publish_record *out)
{
	const struct publish_record *there = &p->survey.there;
	struct publish_record new = list_new(p);
	size_t i = 0, j = 0;

	*out = (struct publish_record){
		.kind = PUBLISH_RECORD_MANIFEST,
		.generation = p->out->generation,
		.token = str_from(p->b->token),
	};
	while (i < there->len || j < new.len) {
		int order = i == there->len ? 1
			    : j == new.len  ? -1
					    : str_cmp(there->entries[i].path, new.entries[j].path);
		struct publish_entry e = order < 0 ? old_entry(p, &there->entries[i]) : new.entries[j];

		if (order >= 0)
			e.mark = PUBLISH_THERE;
		publish_record_add(out, p->arena, &e);
		i += order <= 0;
		j += order >= 0;
	}
	out->site = name_site(p, out);
}
