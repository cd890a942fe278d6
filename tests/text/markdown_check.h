/*
 * markdown_check: what must hold for every text, however odd; shared by the unit tests and the fuzz target.
 *
 * markdown_check_spans() aborts unless every node stands where its span says. markdown_oracle() renders with
 * cmark itself what our renderer is to give for a plain text: raw HTML and unsafe links are made harmless in
 * cmark's tree first, the documented difference.
 */
#ifndef TESTS_TEXT_MARKDOWN_CHECK_H
#define TESTS_TEXT_MARKDOWN_CHECK_H

#include "text/html.h"
#include "text/markdown.h"

#define CMARK_NO_SHORT_NAMES
#include <cmark.h>

#define CHECK(truth) ((truth) ? (void)0 : check_failed(#truth, __LINE__, n, s))

static struct str check_input; /* shown when a check fails */

static inline void check_failed(const char *what, int line, const struct node *n, struct str s)
{
	fprintf(stderr,
		"line %d: %s\nnode of kind %d at %u, %u bytes: “%.*s”, text “%.*s”\n--- input\n%.*s\n", line,
		what, (int)n->kind, (unsigned)n->at, (unsigned)n->n, STR_ARG(s), STR_ARG(n->text),
		STR_ARG(check_input));
	abort();
}

static inline bool check_in(char c, const char *set)
{
	return c && strchr(set, c);
}

/* A text is in the source as it is, but for escapes, references and NULs. */
static inline bool check_text(struct str text, struct str s)
{
	if (text.n == s.n && memcmp(text.p, s.p, s.n) == 0)
		return true;
	if (memchr(s.p, '\\', s.n) == NULL && memchr(s.p, '&', s.n) == NULL && memchr(s.p, '\0', s.n) == NULL)
		return false;
	return text.n && s.n && (text.p[0] == s.p[0] || check_in(s.p[0], "\\&") || !s.p[0]) &&
	       (text.p[text.n - 1] == s.p[s.n - 1] || s.p[s.n - 1] == ';' || !s.p[s.n - 1]);
}

static inline void check_ends(const struct node *n, struct str s)
{
	char first = s.n ? s.p[0] : '\0', last = s.n ? s.p[s.n - 1] : '\0';

	switch (n->kind) {
	case NODE_QUOTE:
	case NODE_CALLOUT:
		CHECK(first == '>');
		break;
	case NODE_LIST:
	case NODE_ITEM:
		CHECK(check_in(first, "-+*0123456789"));
		break;
	case NODE_TEXT:
	case NODE_ISOLATE:
		CHECK(n->text.n > 0);
		CHECK(check_text(n->text, s));
		break;
	case NODE_SOFT_BREAK:
	case NODE_LINE_BREAK:
		CHECK(s.n == 1 && check_in(first, "\r\n"));
		break;
	case NODE_CODE:
		CHECK(first == '`' && last == '`' && s.n > 2);
		break;
	case NODE_HTML_INLINE:
		CHECK(first == '<' && last == '>');
		break;
	case NODE_EMPH:
		CHECK(check_in(first, "*_") && last == first && s.n > 2);
		break;
	case NODE_STRONG:
		CHECK(check_in(first, "*_") && last == first && s.n > 4 && s.p[1] == first &&
			s.p[s.n - 2] == first);
		break;
	case NODE_LINK:
		CHECK((first == '[' && check_in(last, ")]")) || (first == '<' && last == '>'));
		break;
	case NODE_IMAGE:
		CHECK(first == '!' && s.n > 1 && s.p[1] == '[' && check_in(last, ")]"));
		break;
	case NODE_FACT:
		CHECK(first == '{' && last == '}' && n->text.n && n->text.p[0] == '{');
		break;
	case NODE_CITE:
		CHECK(s.n > 3 && first == '[' && s.p[1] == '@' && last == ']' && n->url.n);
		break;
	default:
		break;
	}
}

static inline void markdown_check_spans(const struct doc *doc, size_t from)
{
	struct str text = check_input = doc->src->text;

	for (const struct node *n = doc->root; n; n = node_next(n, doc->root)) {
		struct str s = str_slice(text, n->at, n->at + n->n);
		const struct node *prev = node_prev(n);
		size_t end = n->at + n->n;

		CHECK(n->at >= from && end <= text.n);
		if (n->parent) {
			CHECK(n->at >= n->parent->at && end <= n->parent->at + n->parent->n);
			CHECK(!prev || n->at >= prev->at + prev->n);
			CHECK(prev ? prev->next == n : n->parent->first == n);
			CHECK(n->next ? node_prev(n->next) == n : node_last(n->parent) == n);
		}
		check_ends(n, s);
	}
}

static inline void oracle_text(struct buf *out, cmark_node *image)
{
	cmark_iter *iter = cmark_iter_new(image);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *c = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(c);

		if (event != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
			buf_addc(out, ' ');
		else if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_HTML_INLINE)
			buf_addz(out, cmark_node_get_literal(c));
	}
	cmark_iter_free(iter);
}

static inline void oracle_replace(cmark_node *c, cmark_node_type type, const char *literal)
{
	cmark_node *with = cmark_node_new(type);

	cmark_node_set_literal(with, literal);
	cmark_node_replace(c, with);
	cmark_node_free(c);
}

static inline void oracle_unwrap(cmark_node *link)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(link)))
		cmark_node_insert_before(link, child);
	cmark_node_free(link);
}

/* HTML has no links in links. Is there one around c that will stay? */
static inline bool oracle_in_link(cmark_node *c)
{
	while ((c = cmark_node_parent(c)))
		if (cmark_node_get_type(c) == CMARK_NODE_LINK &&
			markdown_url_safe(str_from(cmark_node_get_url(c))))
			return true;
	return false;
}

static inline void oracle_node(cmark_node *c)
{
	cmark_node_type type = cmark_node_get_type(c);
	struct buf alt;

	if (type == CMARK_NODE_HTML_BLOCK) {
		oracle_replace(c, CMARK_NODE_CODE_BLOCK, cmark_node_get_literal(c));
	} else if (type == CMARK_NODE_HTML_INLINE) {
		oracle_replace(c, CMARK_NODE_TEXT, cmark_node_get_literal(c));
	} else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
		if (!*cmark_node_get_title(c))
			cmark_node_set_title(c, ""); /* no empty title="" */
		if (markdown_url_safe(str_from(cmark_node_get_url(c))) &&
			!(type == CMARK_NODE_LINK && oracle_in_link(c)))
			return;
		if (type == CMARK_NODE_LINK) {
			oracle_unwrap(c);
			return;
		}
		buf_init(&alt, BUF_MAX_DEFAULT);
		oracle_text(&alt, c);
		oracle_replace(c, CMARK_NODE_TEXT, alt.n ? alt.p : "");
		buf_release(&alt);
	}
}

/* To be freed with free(). */
static inline char *markdown_oracle(struct str s)
{
	cmark_node *root = cmark_parse_document(s.p, s.n, CMARK_OPT_DEFAULT);
	cmark_iter *iter = cmark_iter_new(root);
	cmark_event_type event;
	char *html;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *c = cmark_iter_get_node(iter);
		bool leaf = cmark_node_get_type(c) == CMARK_NODE_HTML_BLOCK ||
			    cmark_node_get_type(c) == CMARK_NODE_HTML_INLINE;

		if (c != root && (event == CMARK_EVENT_EXIT || leaf))
			oracle_node(c);
	}
	cmark_iter_free(iter);
	html = cmark_render_html(root, CMARK_OPT_DEFAULT);
	cmark_node_free(root);
	return html;
}

/* Deeper than this, our tree is cut and the comparison means nothing. */
static inline bool oracle_too_deep(const struct diag *d)
{
	for (size_t i = 0; i < d->len; i++)
		if (d->items[i].rule == RULE_MARKDOWN_LIMIT)
			return true;
	return false;
}

#endif
