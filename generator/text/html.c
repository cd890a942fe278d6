#include "text/html.h"

#include "text/markdown.h"

struct writer {
	struct buf *out;
	const struct html_options *o;
	const struct html_hooks *hooks;
	size_t start;		  /* of what this renderer wrote */
	const struct node *plain; /* the image whose text alternative is being written */
	struct html_image image;  /* the image that we are inside */
	struct html_link link;	  /* the link that we are inside; a link in a link is text only */
	const struct node *linked;
	struct buf scratch;
};

static void add(struct writer *w, struct str s)
{
	buf_add(w->out, s);
}

/* Each line of markup starts on a line of its own. */
static void fresh_line(struct writer *w)
{
	if (w->out->n > w->start && w->out->p[w->out->n - 1] != '\n')
		buf_addc(w->out, '\n');
}

/* Bytes of a character that XML 1.0 does not allow at s[i], or 0; s may be cut off anywhere. */
static size_t forbidden(struct str s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i];

	if (c < 0x20)
		return c != '\t' && c != '\n' && c != '\r';
	if (c == 0xEF && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0xBF &&
		(unsigned char)s.p[i + 2] >= 0xBE)
		return 3; /* U+FFFE, U+FFFF */
	return 0;
}

static void add_escaped(struct writer *w, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; w->o->xhtml && i < s.n; i++) {
		size_t n = forbidden(s, i);

		if (!n)
			continue;
		buf_add_html(w->out, str_slice(s, from, i));
		add(w, STR("\xEF\xBF\xBD"));
		from = i + n;
		i = from - 1;
	}
	buf_add_html(w->out, str_slice(s, from, s.n));
}

/* As cmark: what an address cannot hold becomes %XX, & and ' become entities. */
static void add_href(struct writer *w, struct str s)
{
	static const char hex[] = "0123456789ABCDEF", plain[] = "-_.+!*(),%#@?=;:/$~";
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		char code[] = {'%', hex[c >> 4], hex[c & 15]};

		if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
			(c && memchr(plain, c, sizeof(plain) - 1)))
			continue;
		add(w, str_slice(s, from, i));
		add(w, c == '&' ? STR("&amp;") : c == '\'' ? STR("&#x27;") : str_make(code, 3));
		from = i + 1;
	}
	add(w, str_slice(s, from, s.n));
}

static void add_attribute(struct writer *w, const char *name, struct str value)
{
	if (!value.n)
		return;
	buf_addc(w->out, ' ');
	buf_addz(w->out, name);
	add(w, STR("=\""));
	add_escaped(w, value);
	buf_addc(w->out, '"');
}

static struct str number(char out[static 24], unsigned n)
{
	return str_make(out, (size_t)snprintf(out, 24, "%u", n));
}

/* ---- blocks ---- */

static void nothing(struct writer *w, const struct node *n, bool entering)
{
	(void)w;
	(void)n;
	(void)entering;
}

static void paragraph(struct writer *w, const struct node *n, bool entering)
{
	const struct node *list = n->parent ? n->parent->parent : NULL;

	if (list && list->kind == NODE_LIST && list->tight)
		return;
	if (entering) {
		fresh_line(w);
		add(w, STR("<p>"));
	} else {
		add(w, STR("</p>\n"));
	}
}

static void heading(struct writer *w, const struct node *n, bool entering)
{
	if (entering)
		fresh_line(w);
	add(w, entering ? STR("<h") : STR("</h"));
	buf_addc(w->out, (char)('0' + n->level));
	if (entering && w->o->ids)
		add_attribute(w, "id", n->text);
	add(w, entering ? STR(">") : STR(">\n"));
}

static void quote(struct writer *w, const struct node *n, bool entering)
{
	(void)n;
	fresh_line(w);
	add(w, entering ? STR("<blockquote>\n") : STR("</blockquote>\n"));
}

static bool is_callout(const struct node *n, enum callout c)
{
	return n && n->kind == NODE_CALLOUT && n->callout == c;
}

/* Fact, myth and why in this order are one claim; so is a fact after them that belongs to no other. */
static bool begins_claim(const struct node *n)
{
	return is_callout(n, CALLOUT_FACT) && is_callout(n->next, CALLOUT_MYTH) &&
	       is_callout(n->next->next, CALLOUT_WHY);
}

static bool ends_triple(const struct node *n)
{
	return is_callout(n, CALLOUT_WHY) && is_callout(node_prev(n), CALLOUT_MYTH) &&
	       begins_claim(node_prev(node_prev(n)));
}

static bool ends_claim(const struct node *n)
{
	if (is_callout(n, CALLOUT_FACT))
		return !begins_claim(n) && ends_triple(node_prev(n));
	return ends_triple(n) && (!is_callout(n->next, CALLOUT_FACT) || begins_claim(n->next));
}

static void end_callout(struct writer *w, const struct node *n)
{
	add(w, is_callout(n, CALLOUT_MYTH) ? STR("</blockquote>\n</div>\n") : STR("</div>\n"));
	if (ends_claim(n))
		add(w, STR("</div>\n"));
}

/*
 * What a callout is stands first, in bold: so do those read it who listen, or see no styles. A myth is a
 * quotation besides, set apart from what the sheet itself says.
 */
static void callout(struct writer *w, const struct node *n, bool entering)
{
	enum callout which = (enum callout)n->callout;

	fresh_line(w);
	if (!entering) {
		end_callout(w, n);
		return;
	}
	if (begins_claim(n))
		add(w, STR("<div class=\"claim\">\n"));
	add(w, STR("<div class=\"callout callout-"));
	buf_addz(w->out, callout_name(which));
	add(w, STR("\" role=\"note\">\n<p class=\"callout-label\"><strong>"));
	if (w->hooks->callout_label)
		add_escaped(w, w->hooks->callout_label(w->hooks->ctx, which));
	else
		buf_addz(w->out, callout_name(which));
	add(w, STR("</strong></p>\n"));
	if (which == CALLOUT_MYTH)
		add(w, STR("<blockquote>\n"));
}

static void list(struct writer *w, const struct node *n, bool entering)
{
	char digits[24];

	if (!entering) {
		add(w, n->ordered ? STR("</ol>\n") : STR("</ul>\n"));
		return;
	}
	fresh_line(w);
	add(w, n->ordered ? STR("<ol") : STR("<ul"));
	if (n->ordered && n->start != 1)
		add_attribute(w, "start", number(digits, n->start));
	add(w, STR(">\n"));
}

static void item(struct writer *w, const struct node *n, bool entering)
{
	(void)n;
	if (entering) {
		fresh_line(w);
		add(w, STR("<li>"));
	} else {
		add(w, STR("</li>\n"));
	}
}

static struct str first_word(struct str s)
{
	size_t n = 0;

	while (n < s.n && !(s.p[n] == ' ' || (s.p[n] >= '\t' && s.p[n] <= '\r')))
		n++;
	return str_slice(s, 0, n);
}

static void code_block(struct writer *w, const struct node *n, bool entering)
{
	(void)entering;
	fresh_line(w);
	if (n->url.n && w->hooks->block && w->hooks->block(w->hooks->ctx, n, w->out))
		return;
	add(w, STR("<pre><code"));
	if (n->url.n) {
		add(w, STR(" class=\"language-"));
		add_escaped(w, first_word(n->url));
		buf_addc(w->out, '"');
	}
	buf_addc(w->out, '>');
	add_escaped(w, n->text);
	add(w, STR("</code></pre>\n"));
}

static void html_block(struct writer *w, const struct node *n, bool entering)
{
	(void)entering;
	fresh_line(w);
	add(w, STR("<pre><code>"));
	add_escaped(w, n->text);
	add(w, STR("</code></pre>\n"));
}

static void rule(struct writer *w, const struct node *n, bool entering)
{
	(void)n;
	(void)entering;
	fresh_line(w);
	add(w, STR("<hr />\n"));
}

/* ---- inlines ---- */

static void text(struct writer *w, const struct node *n, bool entering)
{
	(void)entering;
	add_escaped(w, n->text);
}

static void soft_break(struct writer *w, const struct node *n, bool entering)
{
	(void)n;
	(void)entering;
	buf_addc(w->out, '\n');
}

static void line_break(struct writer *w, const struct node *n, bool entering)
{
	(void)n;
	(void)entering;
	add(w, STR("<br />\n"));
}

static void code(struct writer *w, const struct node *n, bool entering)
{
	(void)entering;
	add(w, STR("<code>"));
	add_escaped(w, n->text);
	add(w, STR("</code>"));
}

static void emph(struct writer *w, const struct node *n, bool entering)
{
	(void)n;
	add(w, entering ? STR("<em>") : STR("</em>"));
}

static void strong(struct writer *w, const struct node *n, bool entering)
{
	(void)n;
	add(w, entering ? STR("<strong>") : STR("</strong>"));
}

/* An empty address is a link to this very page, but from a hook it means "no link". */
static bool start_link(struct writer *w, const struct node *n)
{
	w->link = (struct html_link){.href = n->url};
	if (!markdown_url_safe(n->url))
		return false;
	if (w->hooks->link)
		w->hooks->link(w->hooks->ctx, n, &w->link);
	return (w->link.href.n || !w->hooks->link) && markdown_url_safe(w->link.href);
}

static void end_link(struct writer *w)
{
	add(w, STR("</a>"));
	add_escaped(w, w->link.after);
	w->linked = NULL;
}

static void link(struct writer *w, const struct node *n, bool entering)
{
	if (!entering && w->linked == n)
		end_link(w);
	if (!entering || w->linked || !start_link(w, n))
		return;
	w->linked = n;
	add(w, STR("<a href=\""));
	add_href(w, w->link.href);
	buf_addc(w->out, '"');
	add_attribute(w, "title", n->title);
	add_attribute(w, "hreflang", w->link.hreflang);
	add_attribute(w, "rel", w->link.rel);
	buf_addc(w->out, '>');
}

static bool is_shown(const struct writer *w, const struct node *n)
{
	return markdown_url_safe(n->url) && markdown_url_safe(w->image.src) &&
	       (w->image.src.n || !w->hooks->image);
}

static void end_image(struct writer *w, const struct node *n)
{
	char digits[24];

	buf_addc(w->out, '"');
	add_attribute(w, "title", n->title);
	if (w->image.width && w->image.height) {
		add_attribute(w, "width", number(digits, w->image.width));
		add_attribute(w, "height", number(digits, w->image.height));
	}
	add(w, STR(" />"));
}

/* Until the image is left only its text is written, into the attribute or, when it cannot be shown, in its
 * place. */
static void image(struct writer *w, const struct node *n, bool entering)
{
	if (!entering) {
		if (is_shown(w, n))
			end_image(w, n);
		return;
	}
	w->image = (struct html_image){.src = n->url};
	if (w->hooks->image)
		w->hooks->image(w->hooks->ctx, n, &w->image);
	w->plain = n;
	if (!is_shown(w, n))
		return;
	add(w, STR("<img src=\""));
	add_href(w, w->image.src);
	add(w, STR("\" alt=\""));
}

static void as_written(struct writer *w, const struct node *n)
{
	buf_clear(&w->scratch);
	node_written(&w->scratch, n);
	add_escaped(w, buf_str(&w->scratch));
}

static void fact(struct writer *w, const struct node *n, bool entering)
{
	(void)entering;
	if (w->hooks->fact)
		w->hooks->fact(w->hooks->ctx, n, w->out);
	else
		as_written(w, n);
}

/* A citation is a link itself, so inside another it stays text (and is reported). */
static void cite(struct writer *w, const struct node *n, bool entering)
{
	(void)entering;
	if (w->hooks->cite && !w->linked)
		w->hooks->cite(w->hooks->ctx, n, w->out);
	else
		as_written(w, n);
}

static void isolate(struct writer *w, const struct node *n, bool entering)
{
	(void)entering;
	add(w, STR("<bdi dir=\"ltr\">"));
	add_escaped(w, n->text);
	add(w, STR("</bdi>"));
}

/* ---- text alternatives: no markup ---- */

/* A hook writes HTML; between its tags everything is escaped already. */
static void add_without_tags(struct writer *w, struct str html)
{
	struct str rest = html, piece;

	while (str_cut(&rest, '<', &piece)) {
		add(w, piece);
		str_cut(&rest, '>', &piece);
	}
}

static void plain_fact(struct writer *w, const struct node *n)
{
	struct buf html;

	if (!w->hooks->fact) {
		as_written(w, n);
		return;
	}
	buf_init(&html, w->out->max);
	w->hooks->fact(w->hooks->ctx, n, &html);
	add_without_tags(w, buf_str(&html));
	buf_release(&html);
}

static void plain(struct writer *w, const struct node *n)
{
	switch (n->kind) {
	case NODE_TEXT:
	case NODE_CODE:
	case NODE_HTML_INLINE:
	case NODE_ISOLATE:
		add_escaped(w, n->text);
		break;
	case NODE_SOFT_BREAK:
	case NODE_LINE_BREAK:
		buf_addc(w->out, ' ');
		break;
	case NODE_FACT:
		plain_fact(w, n);
		break;
	default:
		break;
	}
}

/* ---- the walk ---- */

static void (*const renderers[])(struct writer *w, const struct node *n, bool entering) = {
	[NODE_DOCUMENT] = nothing,
	[NODE_PARAGRAPH] = paragraph,
	[NODE_HEADING] = heading,
	[NODE_QUOTE] = quote,
	[NODE_CALLOUT] = callout,
	[NODE_LIST] = list,
	[NODE_ITEM] = item,
	[NODE_CODE_BLOCK] = code_block,
	[NODE_HTML_BLOCK] = html_block,
	[NODE_RULE] = rule,
	[NODE_TEXT] = text,
	[NODE_SOFT_BREAK] = soft_break,
	[NODE_LINE_BREAK] = line_break,
	[NODE_CODE] = code,
	[NODE_HTML_INLINE] = text,
	[NODE_EMPH] = emph,
	[NODE_STRONG] = strong,
	[NODE_LINK] = link,
	[NODE_IMAGE] = image,
	[NODE_FACT] = fact,
	[NODE_CITE] = cite,
	[NODE_ISOLATE] = isolate,
};

static void render(struct buf *out, const struct node *root, const struct html_options *o, bool itself)
{
	static const struct html_hooks none = {0};
	struct writer w = {.out = out, .o = o, .hooks = o->hooks ? o->hooks : &none, .start = out->n};
	struct node_walk walk = node_walk(root);

	buf_init(&w.scratch, out->max);
	while (node_step(&walk)) {
		if (w.plain && walk.node == w.plain)
			w.plain = NULL;
		if (w.plain)
			plain(&w, walk.node);
		else if (itself || walk.node != root)
			renderers[walk.node->kind](&w, walk.node, walk.entering);
	}
	buf_release(&w.scratch);
}

void html_render(struct buf *out, const struct doc *doc, const struct html_options *o)
{
	render(out, doc->root, o, true);
}

void html_render_children(struct buf *out, const struct node *n, const struct html_options *o)
{
	render(out, n, o, false);
}
