#include "output/body.h"

#include "base/buf.h"
#include "output/block.h"
#include "output/fact_text.h"
#include "site/link.h"
#include "text/html.h"

#define BODY_MAX_BYTES ((size_t)32 << 20)

struct writer {
	struct body *body;
	const struct view *view;
	struct worker *w;
	const struct translation *t;
	size_t language;	  /* of the page; the text's own is t->language */
	struct locale *locale;	  /* of the text */
	const struct node *block; /* that `cited` is about */
	struct map cited;	  /* what it cites: references by hand, and places by facts so far */
	const struct node *fact;  /* being written */
	struct buf *out;
	unsigned blocks; /* written so far */
	bool inside_link;
};

/* Links */

/* In a pack: a page of the public web, which the reader is told. False when it has none. */
static bool web_link(
	struct writer *b, size_t language, const struct sheet *s, struct str hash, struct html_link *out)
{
	const struct graph *web = b->view->web;
	struct str base = b->view->catalog->config.base_url;

	if (!web || !base.n || !graph_page(web, language, s))
		return false;
	out->href = STR_CONCAT(&b->w->scratch, base, view_folder(b->view, language), STR("/"),
		graph_slug(web, language, s), STR(".html"), hash);
	out->rel = STR("external");
	out->after = STR_CONCAT(&b->w->scratch, STR(" "),
		view_phrase(b->view, b->w, b->t->language, "link.on_web", value_null()));
	return true;
}

static bool own_link(
	struct writer *b, size_t language, const struct sheet *s, struct str hash, struct html_link *out)
{
	const struct translation *shown = graph_page(&b->view->graph, language, s);
	struct arena *a = &b->w->scratch;

	if (!shown)
		return false;
	if (s == b->t->sheet && language == b->language && hash.n)
		out->href = hash;
	else if (language == b->language)
		out->href = STR_CONCAT(a, shown->slug, STR(".html"), hash);
	else
		out->href = STR_CONCAT(a, STR("../"), view_folder(b->view, language), STR("/"), shown->slug,
			STR(".html"), hash);
	if (shown->language != b->t->language)
		out->hreflang = b->view->catalog->config.languages[shown->language].spec.tag;
	return true;
}

/*
 * A link to a sheet leads to the page's own language, unless the file of another one was named; in this
 * edition if it is there, else on the public web. Without any such page the text stands without a link.
 */
static void sheet_link(struct writer *b, const struct link *link, struct html_link *out)
{
	const struct sheet *s = link->target->sheet;
	size_t named = link->language != b->t->language ? link->language : b->language;
	struct str hash = {0};

	if (link->anchor.n && !s->withdrawn) /* which has no sections any more */
		hash = str_join(&b->w->scratch, STR("#"), link->anchor);
	if (own_link(b, named, s, hash, out) || web_link(b, named, s, hash, out))
		return;
	if (named != b->language && !own_link(b, b->language, s, hash, out))
		web_link(b, b->language, s, hash, out);
}

/* Addresses of people and phones are no places elsewhere. */
static bool is_web(struct str url)
{
	return str_starts(url, STR("https:")) || str_starts(url, STR("http:"));
}

static void resolve_link(void *ctx, const struct node *n, struct html_link *out)
{
	struct writer *b = ctx;
	struct link link = link_read(b->view->catalog, translation_path(b->t), n->url, &b->w->scratch);
	const struct asset *asset;

	out->href = (struct str){0};
	switch (link.kind) {
	case LINK_EXTERNAL:
		out->href = n->url;
		out->rel = is_web(n->url) ? STR("external") : STR("");
		break;
	case LINK_SAME:
		out->href = n->url;
		break;
	case LINK_SHEET:
		sheet_link(b, &link, out);
		break;
	case LINK_MEDIA:
		asset = map_get(&b->view->assets->media, link.path);
		if (asset)
			out->href = str_join(&b->w->scratch, STR("../"), asset->out);
		break;
	case LINK_DRAFT:
	case LINK_BROKEN:
	case LINK_UNSAFE:
		break; /* the text stands without a link; check reports why */
	}
}

static void resolve_image(void *ctx, const struct node *n, struct html_image *out)
{
	struct writer *b = ctx;
	struct link link = link_read(b->view->catalog, translation_path(b->t), n->url, &b->w->scratch);
	const struct asset *asset =
		link.kind == LINK_MEDIA ? map_get(&b->view->assets->media, link.path) : NULL;

	out->src = (struct str){0};
	if (!asset)
		return; /* its text stands alone; check reports why */
	out->src = str_join(&b->w->scratch, STR("../"), asset->out);
	out->width = asset->width;
	out->height = asset->height;
}

/* Citations */

/* From 1, in order of first use. */
static size_t number_of(struct writer *b, const struct reference *r)
{
	struct body *body = b->body;
	size_t number = (uintptr_t)map_get(&body->numbers, r->id);

	if (number)
		return number;
	body->cited = arena_grow(
		&b->w->scratch, body->cited, body->cited_count, &body->cited_cap, sizeof(*body->cited));
	body->cited[body->cited_count++] = (struct body_cited){.reference = r};
	map_put(&body->numbers, &b->w->scratch, r->id, (void *)(uintptr_t)body->cited_count);
	return body->cited_count;
}

/* Returns the new mark's number. */
static size_t add_mark(struct writer *b, struct body_cited *cited, struct str place)
{
	struct body *body = b->body;

	body->marks = arena_grow(
		&b->w->scratch, body->marks, body->mark_count, &body->mark_cap, sizeof(*body->marks));
	body->marks[body->mark_count++] = (struct body_mark){.place = place};
	if (cited->last)
		body->marks[cited->last - 1].next = (uint32_t)body->mark_count;
	else
		cited->first = (uint32_t)body->mark_count;
	cited->last = (uint32_t)body->mark_count;
	return body->mark_count;
}

static void write_mark(struct writer *b, const struct reference *r, struct str place)
{
	size_t number = number_of(b, r);
	size_t mark = add_mark(b, &b->body->cited[number - 1], place);
	struct value args = value_map(&b->w->scratch);

	value_set(args, &b->w->scratch, STR("number"), value_int((int64_t)number));
	value_set(args, &b->w->scratch, STR("place"), value_str(place));
	value_set(args, &b->w->scratch, STR("located"), value_str(place.n ? STR("yes") : STR("no")));
	/* WORD JOINER: no line begins with a mark. */
	buf_addz(b->out, "\xE2\x81\xA0");
	buf_addf(b->out, "<sup class=\"cite\"><a id=\"ref-%zu\" href=\"#source-%zu\" aria-label=\"", mark,
		number);
	buf_add_html(b->out, view_phrase(b->view, b->w, b->t->language, "cite.label", args));
	buf_addf(b->out, "\">[%zu]</a></sup>", number);
}

static void write_as_written(const struct node *n, struct buf *out)
{
	struct buf written;

	buf_init(&written, out->max);
	node_written(&written, n);
	buf_add_html(out, buf_str(&written));
	buf_release(&written);
}

static void write_cite(void *ctx, const struct node *n, struct buf *out)
{
	struct writer *b = ctx;
	const struct reference *r = map_get(&b->view->catalog->references, n->url);

	if (!r) {
		write_as_written(n, out);
		return;
	}
	b->out = out;
	/* A mark at the start of a line belongs to nothing: it stands right behind what it supports. */
	if (out->n && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == '\n'))
		buf_cut(out, out->n - 1);
	write_mark(b, r, n->title);
}

static const struct node *block_of(const struct node *n)
{
	while (n->parent && n->kind >= NODE_TEXT)
		n = n->parent;
	return n;
}

/* Notes what the fact's block cites by hand: a fact in it need not cite the same again. */
static void enter_block(struct writer *b)
{
	const struct node *block = block_of(b->fact);

	if (block == b->block)
		return;
	b->block = block;
	b->cited = (struct map){0};
	for (const struct node *n = block; n; n = node_next(n, block))
		if (n->kind == NODE_CITE)
			map_put(&b->cited, &b->w->scratch, n->url, b);
}

/* Whether the block says already where this comes from; if not, it does from now on. */
static bool is_cited(struct writer *b, const struct reference *r, struct str place)
{
	struct str here = STR_CONCAT(&b->w->scratch, r->id, STR("\n"), place);

	enter_block(b);
	return map_has(&b->cited, r->id) || map_put(&b->cited, &b->w->scratch, here, b);
}

/* Facts */

static const struct value *fact_value(void *ctx, struct str name)
{
	const struct writer *b = ctx;
	const struct fact *f = map_get(&b->view->catalog->facts, name);

	return f ? &f->value : NULL;
}

static void fact_literal(void *ctx, struct str s)
{
	struct writer *b = ctx;

	buf_add_html(b->out, s);
}

static void write_formatted(struct writer *b, const struct fact *f, struct str formatted)
{
	static const char *const openings[] = {[FACT_ORDER_NONE] = "",
		[FACT_ORDER_OWN] = "<bdi>",
		[FACT_ORDER_LTR] = "<bdi dir=\"ltr\">",
		[FACT_ORDER_RTL] = "<bdi dir=\"rtl\">"};
	enum fact_order order = f ? fact_order(f, b->locale, formatted) : FACT_ORDER_NONE;

	buf_addz(b->out, openings[order]);
	buf_add_html(b->out, formatted);
	buf_addz(b->out, order == FACT_ORDER_NONE ? "" : "</bdi>");
}

static void write_percentage(struct writer *b, const struct fact *f)
{
	struct buf percent;

	buf_init(&percent, 1024);
	fact_percentage(&percent, b->locale, f->value);
	write_formatted(b, f, buf_str(&percent));
	buf_release(&percent);
}

static void fact_argument(void *ctx, struct str name, struct str formatted)
{
	struct writer *b = ctx;
	const struct map *facts = &b->view->catalog->facts;
	const struct fact *f = fact_own_form(facts, b->fact->message, name);

	if (!f)
		write_formatted(b, map_get(facts, name), formatted);
	else if (f->type == FACT_PHONE)
		fact_phone(b->out, f->value.text, !b->inside_link);
	else
		write_percentage(b, f);
}

static bool is_inside(const struct node *n, enum node_kind kind)
{
	for (; n; n = n->parent)
		if (n->kind == kind)
			return true;
	return false;
}

/* Where a mark may stand: it is a link itself, and headings and text alternatives are read without. */
static bool takes_marks(const struct writer *b, const struct node *n)
{
	return !b->inside_link && !is_inside(n, NODE_IMAGE) && block_of(n)->kind != NODE_HEADING;
}

/* A used fact cites its own source, unless the block it stands in does. A number to dial is no place for a
 * footnote. */
static void cite_facts(struct writer *b)
{
	const struct message_arg *args;
	size_t count = message_args(b->fact->message, &args);

	for (size_t i = 0; i < count; i++) {
		const struct fact *f = map_get(&b->view->catalog->facts, args[i].name);
		const struct reference *r = f ? map_get(&b->view->catalog->references, f->source) : NULL;

		if (r && f->type != FACT_PHONE && !is_cited(b, r, f->place))
			write_mark(b, r, f->place);
	}
}

static void write_fact(void *ctx, const struct node *n, struct buf *out)
{
	struct writer *b = ctx;
	struct message_scope scope = {fact_value, b};
	struct message_sink sink = {fact_literal, fact_argument, b};

	b->out = out;
	if (!n->message) {
		buf_add_html(out, n->text);
		return;
	}
	b->fact = n;
	b->inside_link = is_inside(n, NODE_LINK);
	message_format_to(n->message, b->locale, &scope, &sink);
	if (takes_marks(b, n))
		cite_facts(b);
}

static struct str callout_label(void *ctx, enum callout c)
{
	static const char *const keys[CALLOUT_COUNT] = {[CALLOUT_FACT] = "callout.fact",
		[CALLOUT_MYTH] = "callout.myth",
		[CALLOUT_WHY] = "callout.why",
		[CALLOUT_NOTE] = "callout.note",
		[CALLOUT_HELP] = "callout.help"};
	struct writer *b = ctx;

	return view_phrase(b->view, b->w, b->t->language, keys[c], value_null());
}

/* Blocks of our own */

static void cite_in_block(void *ctx, const struct reference *r, struct str place, struct buf *out)
{
	struct writer *b = ctx;

	b->out = out;
	write_mark(b, r, place);
}

static bool write_block(void *ctx, const struct node *n, struct buf *out)
{
	struct writer *b = ctx;
	struct block block = {.view = b->view,
		.worker = b->w,
		.t = b->t,
		.node = n,
		.language = b->language,
		.locale = b->locale,
		.number = b->blocks + 1,
		.cite = cite_in_block,
		.ctx = b};
	bool written = block_write(&block, out);

	b->blocks += written;
	return written;
}

/* Table of contents */

/* A heading's text with its facts formatted and its marks left out. */
static struct str heading_text(struct writer *b, const struct node *heading)
{
	struct buf text;
	struct str kept;

	buf_init(&text, BODY_MAX_BYTES);
	for (const struct node *n = heading->first; n; n = node_next(n, heading)) {
		if (n->kind == NODE_FACT && n->message)
			fact_text_message(&text, &b->view->catalog->facts, b->locale, n->message);
		else if (n->kind == NODE_SOFT_BREAK || n->kind == NODE_LINE_BREAK)
			buf_addc(&text, ' ');
		else if (n->kind != NODE_CITE && !n->first)
			buf_add(&text, n->text);
	}
	kept = str_dup(&b->w->scratch, str_trim(buf_str(&text)));
	buf_release(&text);
	return kept;
}

static struct value make_toc(struct writer *b)
{
	struct arena *a = &b->w->scratch;
	struct value toc = value_list(a);

	for (const struct node *n = b->t->doc->root->first; n; n = n->next) {
		struct value one;

		if (n->kind != NODE_HEADING || n->level != 2)
			continue;
		one = value_map(a);
		value_set(one, a, STR("id"), value_str(n->text));
		value_set(one, a, STR("title"), value_str(heading_text(b, n)));
		value_push(toc, a, one);
	}
	return toc;
}

void body_render(struct body *body, const struct view *v, struct worker *w, const struct translation *t,
	size_t language)
{
	struct writer b = {.body = body, .view = v, .w = w, .t = t, .language = language};
	struct html_hooks hooks = {.ctx = &b,
		.link = resolve_link,
		.image = resolve_image,
		.fact = write_fact,
		.cite = write_cite,
		.callout_label = callout_label,
		.block = write_block};
	struct html_options options = {.hooks = &hooks, .ids = true};
	struct buf html;

	*body = (struct body){0};
	b.locale = worker_locale(w, t->language);
	buf_init(&html, BODY_MAX_BYTES);
	html_render(&html, t->doc, &options);
	if (buf_failed(&html)) {
		diag_add(&w->diag, RULE_MARKDOWN_LIMIT, span_make((struct source *)&t->src, 0, 0),
			"the page would be larger than %zu bytes; it ends early", BODY_MAX_BYTES);
	}
	body->html = str_dup(&w->scratch, buf_str(&html));
	buf_release(&html);
	body->toc = make_toc(&b);
}
