/*
 * Running text for lower.c: it is cut at tokens, phones and the like are isolated, other dialects' marks are
 * reported.
 *
 * A text of cmark's is first flattened: what stays text is collected, with a piece for every stretch of it
 * that says where it stands in the source. At a fact or a citation, and at the end, the collected text is
 * made into nodes. A text that stands verbatim in the source is not copied.
 */
#include "text/markdown_lower.h"

void text_place(const struct lowering *l, struct node *n, struct range content)
{
	const struct place *p = &l->parse->place;
	const struct lift *lift = &l->parse->lift;

	if (p->lost)
		set_span(n, l->block->at, l->block->at + l->block->n);
	else
		set_span(n, lift_start(lift, place_start(p, content.from)),
			lift_end(lift, place_end(p, content.to)));
}

struct str text_written(struct lowering *l, struct str s)
{
	return lift_restore(&l->parse->lift, l->parse->arena, l->parse->src->text, s, false);
}

struct str text_decoded(struct lowering *l, struct str s)
{
	return s.n ? lift_restore(&l->parse->lift, l->parse->arena, l->parse->src->text, s, true) : STR("");
}

/* ---- the flattened text ---- */

void text_add(struct lowering *l, struct str s, size_t at, size_t end, bool verbatim)
{
	struct piece *last = l->piece_count ? &l->pieces[l->piece_count - 1] : NULL;
	size_t flat = l->flat.n;

	if (!s.n)
		return;
	buf_add(&l->flat, s);
	verbatim &= end - at == s.n; /* a NUL is not what it became */
	if (verbatim && last && last->verbatim && last->end == at) {
		last->end = (uint32_t)end;
		return;
	}
	if (l->piece_count == l->piece_cap) {
		l->piece_cap = l->piece_cap ? l->piece_cap * 2 : 16;
		l->pieces = heap_resize(&l->parse->heap, l->pieces, l->piece_cap * sizeof(*l->pieces));
	}
	l->pieces[l->piece_count++] = (struct piece){
		.flat = (uint32_t)flat, .at = (uint32_t)at, .end = (uint32_t)end, .verbatim = verbatim};
}

/* lit[from, to) stands in the content as it is from `first` on; but a NUL became a character of three bytes.
 */
static void add_verbatim(struct lowering *l, struct str lit, size_t from, size_t to, size_t first)
{
	const struct place *p = &l->parse->place;
	const struct lift *lift = &l->parse->lift;

	while (from < to) {
		struct str rest = str_slice(lit, from, to);
		size_t n = lift->nuls ? str_find(rest, STR("\xEF\xBF\xBD")) : rest.n;

		n = n ? n : 3;
		text_add(l, str_slice(rest, 0, n), lift_start(lift, place_start(p, first)),
			lift_end(lift, place_end(p, first + n)), true);
		first += n;
		from += n;
	}
}

/* lit[from, to) is neither token nor escape; where it stands is in the runs, or nowhere when the place was
 * lost. */
static void add_literal(struct lowering *l, struct str lit, size_t from, size_t to, size_t *run)
{
	const struct place *p = &l->parse->place;
	const struct lift *lift = &l->parse->lift;

	if (p->lost) {
		text_add(l, str_slice(lit, from, to), l->block->at, l->block->at, false);
		return;
	}
	while (from < to) {
		const struct run *r = &p->runs[*run];
		size_t run_end = *run + 1 < p->run_count ? r[1].lit : lit.n,
		       end = to < run_end ? to : run_end;

		if (run_end <= from) {
			++*run;
			continue;
		}
		if (r->verbatim)
			add_verbatim(l, lit, from, end, r->from + (from - r->lit));
		else
			text_add(l, str_slice(lit, from, end), lift_start(lift, place_start(p, r->from)),
				lift_end(lift, place_end(p, r->to)), false);
		from = end;
	}
}

/* The piece that holds byte `flat`. */
static const struct piece *piece_at(const struct lowering *l, size_t flat)
{
	size_t low = 0, high = l->piece_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (l->pieces[middle].flat <= flat)
			low = middle;
		else
			high = middle;
	}
	return &l->pieces[low];
}

static size_t flat_start(const struct lowering *l, size_t flat)
{
	const struct piece *p = piece_at(l, flat);

	return p->verbatim ? p->at + (flat - p->flat) : p->at;
}

static size_t flat_end(const struct lowering *l, size_t flat)
{
	const struct piece *p = piece_at(l, flat - 1);

	return p->verbatim ? p->at + (flat - p->flat) : p->end;
}

static struct span flat_span(const struct lowering *l, size_t from, size_t to)
{
	size_t at = flat_start(l, from), end = flat_end(l, to);

	return source_span(l, at, end > at ? end - at : 0);
}

/* ---- from the flattened text to nodes ---- */

static struct str stored(const struct lowering *l, size_t from, size_t to)
{
	const struct piece *p = piece_at(l, from);

	if (p->verbatim && p == piece_at(l, to - 1))
		return source_text(l, p->at + (from - p->flat), to - from);
	return str_dup(l->parse->arena, str_slice(buf_str(&l->flat), from, to));
}

static void add_text(struct lowering *l, enum node_kind kind, size_t from, size_t to)
{
	struct node *n;

	if (from >= to)
		return;
	n = node_add(l->parse->arena, l->parent, kind);
	n->text = stored(l, from, to);
	if (l->parse->place.lost)
		set_span(n, l->block->at, l->block->at + l->block->n);
	else
		set_span(n, flat_start(l, from), flat_end(l, to));
}

static void report_dialect(struct lowering *l, const struct dialect_find *f, struct span at)
{
	diag_add(l->parse->diag, RULE_MARKDOWN_DIALECT, at, "%s means nothing here and is shown as it stands",
		f->what);
	diag_hint(l->parse->diag, "%s", f->hint);
}

static void check_dialect(struct lowering *l)
{
	struct str s = buf_str(&l->flat);
	struct dialect_find f;

	if (l->line_start && l->parent->kind == NODE_PARAGRAPH && !l->parent->first &&
		l->parent->parent->kind == NODE_ITEM && l->parent->parent->first == l->parent &&
		dialect_task(s, &f))
		report_dialect(l, &f, flat_span(l, f.at, f.at + f.n));
	for (size_t i = 0; dialect_text(&l->dialect, s, &i, l->line_start, flat_start(l, 0), &f);)
		report_dialect(l, &f, f.source ? source_span(l, f.at, f.n) : flat_span(l, f.at, f.at + f.n));
}

void text_flush(struct lowering *l)
{
	struct str s = buf_str(&l->flat);
	size_t from = 0;

	if (s.n && l->autolink && !l->plain) {
		add_text(l, NODE_ISOLATE, 0, s.n);
		from = s.n;
	} else if (s.n && !l->plain) {
		struct range r;

		check_dialect(l);
		for (; isolate_find(s, from, &r); from = r.to) {
			add_text(l, NODE_TEXT, from, r.from);
			add_text(l, NODE_ISOLATE, r.from, r.to);
		}
	}
	add_text(l, NODE_TEXT, from, s.n);
	buf_clear(&l->flat);
	l->piece_count = 0;
	l->line_start = false;
}

void text_trim(struct lowering *l)
{
	struct str s = buf_str(&l->flat);

	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	buf_cut(&l->flat, s.n);
	while (l->piece_count && l->pieces[l->piece_count - 1].flat >= s.n)
		l->piece_count--;
}

static bool is_blank(struct str s)
{
	return str_trim(s).n == 0;
}

void text_lower(struct lowering *l, struct str lit)
{
	const struct lift *lift = &l->parse->lift;
	size_t run = 0, n;

	(void)place_text(&l->parse->place, lit);
	for (size_t from = 0, at; from < lit.n; from = at) {
		const struct token *t;

		at = lift_find(lift, lit, from);
		add_literal(l, lit, from, at, &run);
		if (at == lit.n)
			break;
		t = lift_token(lift, lit, at, &n);
		if (t) {
			at += n;
			token_lower(l, t, is_blank(str_slice(lit, at, lit.n)));
			while (t->kind == TOKEN_CALLOUT && !l->parent->first && !l->flat.n && at < lit.n &&
				lit.p[at] == ' ')
				at++; /* what follows the mark begins its paragraph */
		} else { /* an escaped character of plane 15 or 16: its first byte here, the rest as usual */
			add_literal(l, lit, at, at, &run);
			at += LIFT_ESCAPE_BYTES;
			add_literal(l, lit, at, at + 1, &run);
			at++;
		}
	}
	text_flush(l);
}

/* ---- what else is reported of inlines ---- */

void text_raw_html(struct lowering *l, const struct node *n)
{
	if (l->plain)
		return;
	diag_add(l->parse->diag, RULE_MARKDOWN_RAW_HTML, node_span(l->parse->doc, n),
		"raw HTML is shown as text");
	if (str_starts(n->text, STR("<!--")))
		diag_hint(l->parse->diag, "readers would see the comment: take it out");
	else
		diag_hint(l->parse->diag, "write it in Markdown; for a < as text write \\<");
}

static bool is_silent(const struct node *image)
{
	for (const struct node *n = image->first; n; n = node_next(n, image))
		if (!is_blank(n->text))
			return false;
	return true;
}

void text_link(struct lowering *l, const struct node *n)
{
	struct diag *d = l->parse->diag;
	struct span at = node_span(l->parse->doc, n);
	bool image = n->kind == NODE_IMAGE;

	if (!markdown_url_safe(n->url)) {
		diag_add(d, RULE_LINK_UNSAFE, at,
			"“%.*s” is not an address that may be linked to; only the text is shown",
			(int)(n->url.n < 80 ? n->url.n : 80), n->url.p);
		diag_hint(d, "allowed are https:, http:, mailto:, tel: and links to other sheets");
	}
	if (l->plain)
		return;
	if (!image && l->links) {
		diag_add(d, RULE_MARKDOWN_TOKEN, at,
			"an address inside a link cannot be a link too; it is shown as text");
		diag_hint(d, "put it after the link");
	}
	if (image && is_silent(n)) {
		diag_add(d, RULE_MARKDOWN_ALT, at, "the image has no text alternative");
		diag_hint(d, "say in a few words what it shows: ![what it shows](file.png)");
	}
	if (n->first && n->first->kind == NODE_TEXT && n->first->text.p[0] == '^' && !image) {
		struct dialect_find f = {
			.what = "a footnote ([^1])", .hint = "cite a source with [@source-id]"};

		report_dialect(l, &f, at);
	}
}

void text_paragraph(struct lowering *l, struct str content)
{
	struct dialect_find f;
	const struct place *p = &l->parse->place;

	if (!content.n)
		return;
	if ((memchr(content.p, '|', content.n) && dialect_table(content, &f)) ||
		dialect_paragraph(content, &f)) {
		struct node at = {0};

		text_place(l, &at, (struct range){p->at + f.at, p->at + f.at + f.n});
		report_dialect(l, &f, source_span(l, at.at, at.n));
	}
}
