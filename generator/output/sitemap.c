#include "output/sitemap.h"

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
/* More than one entry needs: an address is a base_url and names that fit a file system. */
#define ENTRY_MAX_BYTES ((size_t)16 << 10)

struct writer {
	struct renderer *r;
	struct manifest *m;
	const struct view *v;
	size_t max_urls;
	struct buf out;
	size_t count; /* of the file being written */
	size_t files; /* written before it */
};

static void begin(struct writer *w)
{
	buf_clear(&w->out);
	buf_addz(&w->out, XML "<urlset" XMLNS);
	w->count = 0;
}

/* `path` lives as long as the manifest. */
static void end(struct writer *w, struct str path)
{
	buf_addz(&w->out, "</urlset>\n");
	render_bytes(w->r, w->m, path, buf_str(&w->out), false);
}

static struct str part_name(struct writer *w, size_t number)
{
	return str_fmt(w->r->arena, "sitemap-%zu.xml", number);
}

static void make_room(struct writer *w)
{
	if (w->count < w->max_urls && w->out.n + ENTRY_MAX_BYTES < SITEMAP_MAX_BYTES)
		return;
	end(w, part_name(w, ++w->files));
	begin(w);
}

static void add(struct writer *w, const struct page *p, struct date reviewed)
{
	make_room(w);
	w->count++;
	buf_addz(&w->out, "<url><loc>");
	buf_add_html(&w->out, w->v->catalog->config.base_url);
	buf_add_html(&w->out, page_path(w->v, w->r->arena, p));
	buf_addz(&w->out, "</loc>");
	if (reviewed.year)
		buf_addf(&w->out, "<lastmod>%.*s</lastmod>", STR_ARG(date_iso(w->r->arena, reviewed)));
	buf_addz(&w->out, "</url>\n");
}

static void add_if_listed(struct writer *w, const struct page *p)
{
	const struct translation *t;

	if (page_file(p->kind))
		add(w, p, (struct date){0});
	if (p->kind != PAGE_SHEET)
		return;
	t = graph_shown(&w->v->graph, p->language, p->sheet);
	if (t->language == p->language)
		add(w, p, t->reviewed);
}

static void write_index(struct writer *w)
{
	buf_clear(&w->out);
	buf_addz(&w->out, XML "<sitemapindex" XMLNS);
	for (size_t i = 1; i <= w->files; i++) {
		buf_addz(&w->out, "<sitemap><loc>");
		buf_add_html(&w->out, w->v->catalog->config.base_url);
		buf_add(&w->out, part_name(w, i));
		buf_addz(&w->out, "</loc></sitemap>\n");
	}
	buf_addz(&w->out, "</sitemapindex>\n");
	render_bytes(w->r, w->m, STR("sitemap.xml"), buf_str(&w->out), false);
}

void sitemap_render(struct renderer *r, struct manifest *m, const struct view *v, const struct pages *pages,
	size_t max_urls)
{
	struct writer w = {.r = r, .m = m, .v = v, .max_urls = max_urls};

	if (!v->catalog->config.base_url.n)
		return;
	buf_init(&w.out, BUF_MAX_DEFAULT);
	begin(&w);
	for (size_t i = 0; i < pages->len; i++)
		add_if_listed(&w, &pages->items[i]);
	if (w.files) {
		end(&w, part_name(&w, ++w.files));
		write_index(&w);
	} else {
		end(&w, STR("sitemap.xml"));
	}
	buf_release(&w.out);
}
