#include "output/body.h"

#include "base/buf.h"
#include "site/link.h"
#include "text/html.h"

#define BODY_MAX_BYTES ((size_t)32 << 20)

struct writer {
	struct body *body;
	const struct view *view;
	struct worker *w;
	const struct translation *t;
	size_t language;	   /* of the page; the text's own is t->language */
	struct locale *locale;	   /* of the text */
	const struct node *block;  /* whose explicit citations are in `explicit` */
	struct value explicit_ids; /* list of reference ids cited by hand in `block` */
	const struct node *fact;   /* being written */
	struct buf *out;
	bool inside_link;
};

/* Links */

static bool web_href(struct writer *b, const struct sheet *s, struct str anchor, struct html_link *out)
{
	const struct graph *web = b->view->web;
	struct str base = b->view->catalog->config.base_url;

	if (!web || !base.n || !graph_shown(web, b->language, s))
		return false;
	out->href = STR_CONCAT(&b->w->scratch, base, view_folder(b->view, b->language), STR("/"),
		graph_slug(web, b->language, s), STR(".html"), anchor.n ? STR("#") : STR(""), anchor);
	out->rel = STR("external");
	out->after = view_phrase(b->view, b->w, b->t->language, "link.on_web", value_null());
	return true;
}

/* A link to a sheet leads to the page's own language, unless the file of another one was named. */
static void sheet_link(struct writer *b, const struct link *link, struct html_link *out)
{
	const struct graph *g = &b->view->graph;
	const struct sheet *s = link->target->sheet;
	bool named = link->language != b->t->language;
	size_t language = named && edition_has_language(b->view->edition, link->language) ? link->language
											  : b->language;
	const struct translation *shown = graph_shown(g, language, s);

	if (!shown) {
		web_href(b, s, link->anchor, out);
		return;
	}
	if (s == b->t->sheet && language == b->language && link->anchor.n)
		out->href = STR_CONCAT(&b->w->scratch, STR("#"), link->anchor);
	else if (language == b->language)
		out->href = STR_CONCAT(&b->w->scratch, shown->slug, STR(".html"),
			link->anchor.n ? STR("#") : STR(""), link->anchor);
	else
		out->href = STR_CONCAT(&b->w->scratch, STR("../"), view_folder(b->view, language), STR("/"),
			shown->slug, STR(".html"), link->anchor.n ? STR("#") : STR(""), link->anchor);
	if (shown->language != b->t->language)
		out->hreflang = b->view->catalog->config.languages[shown->language].spec.tag;
}

static void resolve_link(void *ctx, const struct node *n, struct html_link *out)
{
	struct writer *b = ctx;
	struct link link = link_read(b->view->catalog, translation_path(b->t), n->url, &b->w->scratch);
	const struct asset *asset;

	switch (link.kind) {
	case LINK_EXTERNAL:
		out->href = n->url;
		out->rel = STR("external");
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

	if (!asset)
		return;
	out->src = str_join(&b->w->scratch, STR("../"), asset->out);
	out->width = asset->width;
	out->height = asset->height;
}

/* Citations */

static size_t number_of(struct writer *b, const struct reference *r)
{
	struct body *body = b->body;

	for (size_t i = 0; i < body->cited_count; i++)
		if (body->cited[i] == r)
			return i;
	body->cited = arena_grow(
		&b->w->scratch, body->cited, body->cited_count, &body->cited_cap, sizeof(*body->cited));
	body->cited[body->cited_count] = r;
	return body->cited_count++;
}

static void write_mark(struct writer *b, const struct reference *r, struct str place)
{
	struct body *body = b->body;
	size_t number = number_of(b, r);
	struct value args = value_map(&b->w->scratch);

	if (body->mark_count == UINT32_MAX)
		return;
	body->marks = arena_grow(
		&b->w->scratch, body->marks, body->mark_count, &body->mark_cap, sizeof(*body->marks));
	body->marks[body->mark_count++] = (struct body_mark){(uint32_t)number, place};
	value_set(args, &b->w->scratch, STR("number"), value_int((int64_t)number + 1));
	value_set(args, &b->w->scratch, STR("place"), value_str(place));
	value_set(args, &b->w->scratch, STR("located"), value_str(place.n ? STR("yes") : STR("no")));
	/* WORD JOINER: no line begins with a mark. */
	buf_addz(b->out, "\xE2\x81\xA0");
	buf_addf(b->out, "<sup class=\"cite\"><a id=\"ref-%zu\" href=\"#source-%zu\" aria-label=\"",
		body->mark_count, number + 1);
	buf_add_html(b->out, view_phrase(b->view, b->w, b->t->language, "cite.label", args));
	buf_addf(b->out, "\">[%zu]</a></sup>", number + 1);
}

static void write_cite(void *ctx, const struct node *n, struct buf *out)
{
	struct writer *b = ctx;
	const struct reference *r = map_get(&b->view->catalog->references, n->url);

	b->out = out;
	/* A mark at the start of a line belongs to nothing: it stands right behind what it supports. */
	if (r && out->n && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == '\n'))
		buf_cut(out, out->n - 1);
	if (r)
		write_mark(b, r, n->title);
	else
		buf_add_html(out, n->text);
}

static const struct node *block_of(const struct node *n)
{
	while (n->parent && n->kind >= NODE_TEXT)
		n = n->parent;
	return n;
}

static bool is_listed(const struct writer *b, struct str id)
{
	for (size_t i = 0; i < b->explicit_ids.list->len; i++)
		if (str_eq(b->explicit_ids.list->items[i].text, id))
			return true;
	return false;
}

/* The references that a block cites by hand: a fact in it need not cite them again. */
static bool cited_by_hand(struct writer *b, struct str id)
{
	const struct node *block = block_of(b->fact);

	if (block != b->block) {
		b->block = block;
		b->explicit_ids = value_list(&b->w->scratch);
		for (const struct node *n = block; n; n = node_next(n, block))
			if (n->kind == NODE_CITE && map_get(&b->view->catalog->references, n->url) &&
				!is_listed(b, n->url))
				value_push(b->explicit_ids, &b->w->scratch, value_str(n->url));
	}
	return is_listed(b, id);
}

/* Facts */

static const struct value *fact_value(void *ctx, struct str name)
{
	const struct writer *b = ctx;
	const struct fact *f = map_get(&b->view->catalog->facts, name);

	return f ? &f->value : NULL;
}

static void fact_text(void *ctx, struct str s)
{
	struct writer *b = ctx;

	buf_add_html(b->out, s);
}

static void write_phone(struct writer *b, struct str number)
{
	if (!b->inside_link) {
		buf_addz(b->out, "<a class=\"tel\" href=\"tel:");
		for (size_t i = 0; i < number.n; i++)
			if (strchr("0123456789+", number.p[i]))
				buf_addc(b->out, number.p[i]);
		buf_addz(b->out, "\">");
	}
	buf_addz(b->out, "<bdi dir=\"ltr\">");
	buf_add_html(b->out, number);
	buf_addz(b->out, "</bdi>");
	if (!b->inside_link)
		buf_addz(b->out, "</a>");
}

static enum message_type type_in(const struct message *m, struct str name)
{
	const struct message_arg *args;
	size_t count = message_args(m, &args);

	for (size_t i = 0; i < count; i++)
		if (str_eq(args[i].name, name))
			return args[i].type;
	return MESSAGE_PLAIN;
}

static void fact_argument(void *ctx, struct str name, struct str formatted)
{
	struct writer *b = ctx;
	const struct fact *f = map_get(&b->view->catalog->facts, name);
	bool plain = f && type_in(b->fact->message, name) == MESSAGE_PLAIN;
	struct buf percent;

	if (plain && f->type == FACT_PHONE) {
		write_phone(b, f->value.text);
	} else if (plain && f->type == FACT_PERCENTAGE) {
		buf_init(&percent, 256);
		if (locale_number(b->locale, f->value, 0, STR("percent"), &percent))
			buf_add_html(b->out, buf_str(&percent));
		buf_release(&percent);
	} else {
		buf_add_html(b->out, formatted);
	}
}

static bool is_inside_link(const struct node *n)
{
	for (; n; n = n->parent)
		if (n->kind == NODE_LINK)
			return true;
	return false;
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

		if (r && f->type != FACT_PHONE && !cited_by_hand(b, r->id))
			write_mark(b, r, f->place);
	}
}

static void write_fact(void *ctx, const struct node *n, struct buf *out)
{
	struct writer *b = ctx;
	struct message_scope scope = {fact_value, b};
	struct message_sink sink = {fact_text, fact_argument, b};

	b->out = out;
	if (!n->message) {
		buf_add_html(out, n->text);
		return;
	}
	b->fact = n;
	b->inside_link = is_inside_link(n);
	message_format_to(n->message, b->locale, &scope, &sink);
	if (!b->inside_link && block_of(n)->kind != NODE_HEADING)
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

/* Table of contents */

/* A heading's text with its facts formatted and its marks left out. */
static struct str heading_text(struct writer *b, const struct node *heading)
{
	struct message_scope scope = {fact_value, b};
	struct buf text;
	struct str kept;

	buf_init(&text, 4096);
	for (const struct node *n = heading->first; n; n = node_next(n, heading)) {
		if (n->kind == NODE_FACT && n->message)
			message_format(n->message, b->locale, &scope, &text);
		else if (n->kind == NODE_SOFT_BREAK || n->kind == NODE_LINE_BREAK)
			buf_addc(&text, ' ');
		else if (n->kind != NODE_CITE && !n->first)
			buf_add(&text, n->text);
	}
	kept = str_dup(&b->w->scratch, buf_str(&text));
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
		.callout_label = callout_label};
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
