#include "action/publish_only.h"

#include "action/publish_reference.h"

/* What was chosen and has yet to be read. */
struct queue {
	struct publish_only *only;
	size_t *items; /* of site->entries */
	size_t next, len;
	struct str from;      /* the file that is being read */
	struct arena scratch; /* its text and addresses */
};

static void choose(struct queue *q, const struct manifest_entry *e)
{
	size_t i = (size_t)(e - q->only->site->entries);

	if (q->only->chosen[i])
		return;
	q->only->chosen[i] = true;
	q->items[q->len++] = i;
}

static bool is_page(struct str path)
{
	return str_ends(path, STR(".html"));
}

/* To stay: neither retired nor left by a publish that was cut off, whose other pages may be missing. */
static bool is_there(const struct queue *q, struct str path)
{
	const struct publish_entry *e = publish_record_find(q->only->there, path);

	return e && e->mark == PUBLISH_THERE && publish_digest_known(&e->digest);
}

static void found(void *ctx, enum publish_reference_kind kind, struct str url)
{
	struct queue *q = ctx;
	struct str path = publish_reference_path(&q->scratch, q->from, url, q->only->address);
	const struct manifest_entry *e = path.n ? manifest_find(q->only->site, path) : NULL;

	if (!e)
		return;
	/* “canonical” and the like are no links to click on, but pages all the same. */
	if (kind == PUBLISH_LINK || is_page(path)) {
		if (!is_there(q, path))
			choose(q, e);
		return;
	}
	choose(q, e);
}

static bool is_read(struct str path)
{
	return is_page(path) || str_ends(path, STR(".css")) || str_ends(path, STR(".svg"));
}

static bool read_one(struct queue *q, struct str path)
{
	struct arena scratch = *q->only->arena;
	struct str text;

	if (!is_read(path))
		return true;
	if (!q->only->read(q->only->ctx, &scratch, path, &text))
		return false;
	q->from = path;
	q->scratch = scratch;
	publish_references(path, text, &q->scratch, found, q);
	return true;
}

static bool refuse(struct publish_only *o, struct str page)
{
	struct str *names = arena_new_n(o->arena, struct str, o->site->len), near;

	for (size_t i = 0; i < o->site->len; i++)
		names[i] = o->site->entries[i].path;
	near = str_nearest(page, names, o->site->len);
	buf_addf(o->why, "the site has no “%.*s”", STR_ARG(page));
	if (near.n)
		buf_addf(o->why, "; is “%.*s” meant?", STR_ARG(near));
	return false;
}

bool publish_only_choose(struct publish_only *o, const struct str *pages, size_t count)
{
	struct queue q = {.only = o, .items = arena_new_n(o->arena, size_t, o->site->len)};
	bool good = true;

	o->chosen = arena_new_n(o->arena, bool, o->site->len);
	for (size_t i = 0; i < count; i++) {
		const struct manifest_entry *e = manifest_find(o->site, pages[i]);

		if (!e)
			return refuse(o, pages[i]);
		choose(&q, e);
	}
	while (good && q.next < q.len)
		good = read_one(&q, o->site->entries[q.items[q.next++]].path);
	return good;
}
