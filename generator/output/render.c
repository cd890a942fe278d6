#include "output/render.h"

#include "base/task.h"
#include "site/link.h"

#include <errno.h>

#define PAGE_MAX_BYTES ((size_t)64 << 20)

void pages_add(struct pages *out, struct arena *a, struct page p)
{
	out->items = arena_grow(a, out->items, out->len, &out->cap, sizeof(*out->items));
	out->items[out->len++] = p;
}

static void add_aliases(struct pages *out, struct arena *a, const struct translation *t)
{
	for (size_t i = 0; i < t->alias_count; i++)
		pages_add(out, a, (struct page){PAGE_ALIAS, t->language, t->sheet, t->aliases[i]});
}

/* In each language where the sheet had a page. */
static void add_withdrawn(struct pages *out, struct arena *a, const struct view *v, const struct sheet *s)
{
	const struct edition *e = v->edition;

	for (size_t i = 0; i < e->language_count; i++) {
		const struct translation *t = graph_page(&v->graph, e->languages[i], s);

		if (!t)
			continue;
		pages_add(out, a,
			(struct page){.kind = PAGE_WITHDRAWN, .language = e->languages[i], .sheet = s});
		if (t->language == e->languages[i])
			add_aliases(out, a, t);
	}
}

/* Sheet by sheet, not language by language: the pages of a sheet share its addresses. */
void pages_of(struct pages *out, struct arena *a, const struct view *v)
{
	const struct edition *e = v->edition;

	for (size_t s = 0; s < v->catalog->sheet_count; s++)
		for (size_t i = 0; i < e->language_count; i++) {
			const struct sheet *sheet = v->catalog->sheets[s];
			const struct translation *t = graph_shown(&v->graph, e->languages[i], sheet);

			if (!t)
				continue;
			pages_add(out, a,
				(struct page){
					.kind = PAGE_SHEET, .language = e->languages[i], .sheet = sheet});
			if (e->face == FACE_WEB && t->language == e->languages[i])
				add_aliases(out, a, t);
		}
	for (size_t s = 0; s < v->catalog->withdrawn_count; s++)
		add_withdrawn(out, a, v, v->catalog->withdrawn[s]);
	for (int kind = 0; kind < PAGE_KIND_COUNT; kind++)
		for (size_t i = 0; page_wanted(&v->graph, (enum page_kind)kind) && i < e->language_count; i++)
			pages_add(out, a,
				(struct page){.kind = (enum page_kind)kind, .language = e->languages[i]});
}

/* One page's result; written by the worker that rendered it. */
struct made {
	struct digest digest;
	uint64_t size;
	int error;
	bool created;
	bool failed; /* there is no page, which was reported */
};

struct batch {
	struct renderer *r;
	const struct view *v;
	const struct pages *pages;
	const struct issue *issue;
	struct buf *bufs;	   /* one a worker */
	struct page_cache *caches; /* the same */
	struct made *made;
	bool deflate;
};

static int put(struct renderer *r, struct str bytes, bool deflate, struct made *out)
{
	int error = store_put(r->store, bytes, &out->digest, &out->created);

	out->size = bytes.n;
	if (!error && deflate)
		error = store_deflate(r->store, &out->digest, bytes);
	return error;
}

static void render_one(void *ctx, unsigned worker, size_t index)
{
	struct batch *b = ctx;
	struct buf *buf = &b->bufs[worker];
	struct made *made = &b->made[index];

	buf_clear(buf);
	if (!page_render(buf, b->v, &b->r->workers->of[worker], &b->caches[worker], &b->pages->items[index],
		    b->issue)) {
		made->failed = true;
		return;
	}
	made->error = buf_failed(buf) ? EFBIG : put(b->r, buf_str(buf), b->deflate, made);
}

static void count(struct renderer *r, const struct made *made)
{
	if (made->error && !r->error)
		r->error = made->error;
	r->failed |= made->failed;
	r->written += made->created;
}

/*
 * What the manifest says of the pages that show a sheet. There are few different states, each made once: by
 * language, status (STATUS_MISSING: a fallback; one more: the source) and freshness.
 */
struct states {
	const struct view *v;
	struct arena *a;
	struct str *of;
};

#define STATE_SOURCE (STATUS_REVIEWED + 1)
#define STATE_STATUSES (STATE_SOURCE + 1)

static const char *const freshness_names[] = {"current", "stale", "unstamped"};

/* Of the language's own text. */
static size_t freshness_of(const struct states *s, const struct page *p, const struct translation *t)
{
	if (t->language == s->v->catalog->config.source || t->language != p->language)
		return 0;
	if (!t->freshness)
		return 2;
	return t->freshness->lag_count > 0;
}

static size_t status_of(const struct states *s, const struct page *p, const struct translation *t)
{
	if (t->language != p->language)
		return STATUS_MISSING;
	return t->language == s->v->catalog->config.source ? STATE_SOURCE : t->status;
}

static struct str state_of(struct states *s, const struct page *p)
{
	const struct config *c = &s->v->catalog->config;
	const struct translation *t = graph_shown(&s->v->graph, p->language, p->sheet);
	size_t status = status_of(s, p, t), freshness = freshness_of(s, p, t);
	struct str *state;

	if (!s->of)
		s->of = arena_new_n(
			s->a, struct str, c->language_count * STATE_STATUSES * COUNT_OF(freshness_names));
	state = &s->of[(p->language * STATE_STATUSES + status) * COUNT_OF(freshness_names) + freshness];
	if (!state->n)
		*state = STR_CONCAT(s->a, c->languages[p->language].spec.tag, STR(" "),
			status == STATE_SOURCE ? STR("source") : str_from(status_name((enum status)status)),
			STR(" "), str_from(freshness_names[freshness]));
	return *state;
}

void render_pages(struct renderer *r, struct manifest *m, const struct view *v, const struct pages *pages,
	const struct issue *issue, bool deflate)
{
	struct batch b = {r, v, pages, issue, .deflate = deflate};
	struct states states = {.v = v, .a = r->arena};

	if (r->error)
		return;
	b.made = xmalloc(pages->len * sizeof(*b.made));
	memset(b.made, 0, pages->len * sizeof(*b.made));
	b.bufs = xmalloc(r->workers->count * sizeof(*b.bufs));
	b.caches = xmalloc(r->workers->count * sizeof(*b.caches));
	for (unsigned i = 0; i < r->workers->count; i++) {
		buf_init(&b.bufs[i], PAGE_MAX_BYTES);
		b.caches[i] = (struct page_cache){0};
	}
	task_run(r->workers->count, pages->len, render_one, &b);
	for (size_t i = 0; i < pages->len; i++) {
		count(r, &b.made[i]);
		manifest_add(m, r->arena, page_path(v, r->arena, &pages->items[i]), &b.made[i].digest,
			b.made[i].size);
		if (pages->items[i].kind == PAGE_SHEET)
			manifest_set_state(m, state_of(&states, &pages->items[i]));
	}
	r->pages += pages->len;
	workers_collect(r->workers, r->diag);
	for (unsigned i = 0; i < r->workers->count; i++) {
		buf_release(&b.bufs[i]);
		arena_release(&b.caches[i].arena);
	}
	free(b.caches);
	free(b.bufs);
	free(b.made);
}

void render_bytes(struct renderer *r, struct manifest *m, struct str path, struct str bytes, bool deflate)
{
	struct made made = {0};

	if (r->error)
		return;
	made.error = put(r, bytes, deflate, &made);
	count(r, &made);
	manifest_add(m, r->arena, path, &made.digest, made.size);
}

static void add_media(struct renderer *r, struct manifest *m, const struct asset *asset, bool deflate)
{
	struct arena *scratch = &r->workers->of[0].scratch;
	struct str bytes;
	int error;

	arena_clear(scratch);
	error = fs_read(r->fs, asset->file.p, scratch, ASSET_MAX_BYTES, &bytes);
	if (error && !r->error)
		r->error = error;
	if (!error)
		render_bytes(r, m, asset->out, bytes, deflate);
}

/* The media that one text points to, each once, by the path it gets. */
static void note_media(
	struct renderer *r, struct map *used, const struct view *v, const struct translation *t)
{
	for (const struct node *n = t->doc->root; n; n = node_next(n, t->doc->root)) {
		struct arena scratch = r->workers->of[0].scratch;
		struct asset *asset;
		struct link link;

		if (n->kind != NODE_LINK && n->kind != NODE_IMAGE)
			continue;
		link = link_read(v->catalog, translation_path(t), n->url, &scratch);
		asset = link.kind == LINK_MEDIA ? map_get(&v->assets->media, link.path) : NULL;
		if (asset)
			map_put(used, r->arena, asset->out, asset);
	}
}

static void add_used_media(struct renderer *r, struct manifest *m, const struct view *v, bool deflate)
{
	const struct catalog *c = v->catalog;
	struct map used = {0};

	for (size_t i = 0; c->media.len && i < v->edition->language_count; i++) {
		size_t language = v->edition->languages[i];

		for (size_t k = 0; k < c->sheet_count; k++) {
			const struct translation *t = graph_shown(&v->graph, language, c->sheets[k]);

			if (t)
				note_media(r, &used, v, t);
		}
	}
	for (size_t i = 0; i < used.len; i++)
		add_media(r, m, used.entries[i].value, deflate);
}

void render_assets(struct renderer *r, struct manifest *m, const struct view *v, bool deflate)
{
	for (size_t i = 0; i < v->assets->file_count; i++)
		render_bytes(r, m, v->assets->files[i].out, v->assets->files[i].text, deflate);
	add_used_media(r, m, v, deflate);
}
