#include "output/structured.h"

#define STRUCTURED_MAX_BYTES ((size_t)1 << 20)

/* Every object begins with its type, so every other member follows a comma. */
static void add_type(struct buf *out, const char *type)
{
	buf_addf(out, "{\"@type\":\"%s\"", type);
}

static void add_name(struct buf *out, const char *name)
{
	buf_addf(out, ",\"%s\":", name);
}

static void add_text(struct buf *out, const char *name, struct str text)
{
	if (!text.n)
		return;
	add_name(out, name);
	buf_add_json(out, text);
}

static void add_day(struct page_writer *r, struct buf *out, const char *name, struct date date)
{
	if (date.year)
		add_text(out, name, date_iso(r->a, date));
}

static struct str shown(const struct page_writer *r, const char *name)
{
	const struct value *v = value_get(&r->data, str_from(name));

	return v && v->kind == VALUE_STR ? v->text : (struct str){0};
}

static struct str address_of(
	struct page_writer *r, size_t language, enum page_kind kind, const struct sheet *s)
{
	struct page p = {.kind = kind, .language = language, .sheet = s};

	return page_address(r, page_path(r->v, r->a, &p));
}

static struct str start_page(struct page_writer *r)
{
	return address_of(r, r->p->language, PAGE_INDEX, NULL);
}

static struct str tag_of(const struct page_writer *r)
{
	return page_language(r, r->p->language)->spec.tag;
}

/* The parts */

static void add_publisher(struct page_writer *r, struct buf *out)
{
	struct str name = r->v->catalog->config.sender.publisher;

	if (!name.n)
		return;
	add_name(out, "publisher");
	add_type(out, "Organization");
	add_text(out, "name", name);
	buf_addc(out, '}');
}

/* The site in the page's language. */
static void add_site(struct page_writer *r, struct buf *out)
{
	add_type(out, "WebSite");
	add_text(out, "@id", start_page(r));
	add_text(out, "url", start_page(r));
	add_text(out, "name", shown(r, "site_title"));
	add_text(out, "inLanguage", tag_of(r));
}

static void add_part_of(struct page_writer *r, struct buf *out)
{
	add_name(out, "isPartOf");
	add_site(r, out);
	buf_addc(out, '}');
}

static void add_crumb(struct buf *out, int position, struct str name, struct str address)
{
	if (position > 1)
		buf_addc(out, ',');
	add_type(out, "ListItem");
	buf_addf(out, ",\"position\":%d", position);
	add_text(out, "name", name);
	add_text(out, "item", address);
	buf_addc(out, '}');
}

/* The way to the page from the start page; a staff's sheet stands on the staff's page. */
static void add_crumbs(struct page_writer *r, struct buf *out)
{
	const struct value *in_staff = value_get(&r->data, STR("in_staff"));
	int position = 1;

	buf_addc(out, ',');
	add_type(out, "BreadcrumbList");
	add_name(out, "itemListElement");
	buf_addc(out, '[');
	add_crumb(out, position++, shown(r, "site_title"), start_page(r));
	if (in_staff && in_staff->boolean)
		add_crumb(out, position++, page_phrase(r, "staff.title"),
			address_of(r, r->p->language, PAGE_STAFF, NULL));
	add_crumb(out, position, shown(r, "title"), shown(r, "canonical"));
	buf_addz(out, "]}");
}

/* Which text this is a translation of, or where its translations are. */
static void add_translations(struct page_writer *r, struct buf *out)
{
	const struct edition *e = r->v->edition;
	size_t source = r->v->catalog->config.source, count = 0;
	bool translated = r->p->language != source;

	for (size_t i = 0; i < e->language_count; i++) {
		size_t language = e->languages[i];

		if (language == r->p->language || (translated && language != source) ||
			!graph_own(&r->v->graph, language, r->p->sheet))
			continue;
		if (!count++)
			buf_addz(out, translated ? ",\"translationOfWork\":" : ",\"workTranslation\":[");
		else
			buf_addc(out, ',');
		add_type(out, "Article");
		add_text(out, "@id", address_of(r, language, PAGE_SHEET, r->p->sheet));
		add_text(out, "inLanguage", page_language(r, language)->spec.tag);
		buf_addc(out, '}');
	}
	if (count && !translated)
		buf_addc(out, ']');
}

static void add_article(struct page_writer *r, struct buf *out)
{
	const struct translation *t = graph_shown(&r->v->graph, r->p->language, r->p->sheet);

	add_type(out, "Article");
	add_text(out, "@id", shown(r, "canonical"));
	add_text(out, "url", shown(r, "canonical"));
	add_text(out, "headline", t->title);
	add_text(out, "description", t->description);
	add_text(out, "inLanguage", tag_of(r));
	add_day(r, out, "datePublished", t->date);
	add_day(r, out, "dateModified", t->reviewed);
	add_part_of(r, out);
	add_publisher(r, out);
	add_translations(r, out);
	buf_addc(out, '}');
	add_crumbs(r, out);
}

static void add_start(struct page_writer *r, struct buf *out)
{
	add_site(r, out);
	add_text(out, "description", shown(r, "description"));
	add_publisher(r, out);
	buf_addc(out, '}');
}

static void add_page(struct page_writer *r, struct buf *out)
{
	add_type(out, "WebPage");
	add_text(out, "@id", shown(r, "canonical"));
	add_text(out, "url", shown(r, "canonical"));
	add_text(out, "name", shown(r, "title"));
	add_text(out, "description", shown(r, "description"));
	add_text(out, "inLanguage", tag_of(r));
	add_part_of(r, out);
	add_publisher(r, out);
	buf_addc(out, '}');
	add_crumbs(r, out);
}

/* In JSON a "<" stands in strings only: escaped, nothing can end the script element or begin a comment in it.
 */
static void add_safe(struct buf *out, struct str json)
{
	struct str piece;

	for (bool first = true; str_cut(&json, '<', &piece); first = false) {
		if (!first)
			buf_addz(out, "\\u003c");
		buf_add(out, piece);
	}
}

static void write_structured(void *ctx, struct mustache_scope *scope, struct str raw, struct buf *out)
{
	struct page_writer *r = ctx;
	struct buf json;

	(void)scope, (void)raw;
	buf_init(&json, STRUCTURED_MAX_BYTES);
	if (r->p->sheet)
		add_article(r, &json);
	else if (r->p->kind == PAGE_INDEX || r->p->kind == PAGE_CHOOSE)
		add_start(r, &json);
	else
		add_page(r, &json);
	if (!buf_failed(&json)) {
		buf_addz(out,
			"<script "
			"type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@graph\":[");
		add_safe(out, buf_str(&json));
		buf_addz(out, "]}</script>\n");
	}
	buf_release(&json);
}

/* Whether the page stands for itself: it has an address, and its own language's text. */
static bool is_described(const struct page_writer *r)
{
	if (r->p->kind == PAGE_ALIAS || !shown(r, "canonical").n)
		return false;
	return !r->p->sheet || graph_own(&r->v->graph, r->p->language, r->p->sheet);
}

void structured_set(struct page_writer *r)
{
	struct value_lambda *lambda;

	if (!is_described(r))
		return;
	lambda = arena_new(r->a, struct value_lambda);
	*lambda = (struct value_lambda){.call = write_structured, .ctx = r};
	page_set(r, r->data, "structured", value_lambda(lambda));
}
