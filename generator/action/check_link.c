/* Links and images: do they lead somewhere? */
#include "action/check_impl.h"

static void report_broken(struct checker *k, struct worker *w, const struct translation *t,
	const struct node *n, const struct link *link)
{
	struct str near, folder = k->c->config.languages[t->language].spec.tag;

	diag_add(&w->diag, RULE_LINK_BROKEN, node_span(t->doc, n),
		"there is no file “content/%.*s”; the link was left out", STR_ARG(link->path));
	if (!diag_wants_hint(&w->diag))
		return;
	near = map_nearest(&k->c->by_path, link->path);
	if (str_starts(near, folder) && near.n > folder.n && near.p[folder.n] == '/')
		near = str_slice(near, folder.n + 1, near.n);
	if (near.n)
		diag_hint(&w->diag, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(
			&w->diag, "links between sheets name the file, for example “other-sheet.md#section”");
}

static void check_anchor(struct worker *w, const struct translation *t, const struct node *n,
	const struct translation *target, struct str anchor)
{
	struct str near;

	if (!anchor.n || translation_has_id(target, anchor))
		return;
	diag_add(&w->diag, RULE_LINK_ANCHOR, node_span(t->doc, n), "“%.*s” has no section “#%.*s”",
		STR_ARG(target->src.path), STR_ARG(anchor));
	if (!diag_wants_hint(&w->diag))
		return;
	near = str_nearest(anchor, target->ids, target->id_count <= MAP_NEAREST_MAX ? target->id_count : 0);
	if (near.n)
		diag_hint(&w->diag, "did you mean “#%.*s”?", STR_ARG(near));
	else
		diag_hint(&w->diag, "give the heading an id: “## Heading {#%.*s}”", STR_ARG(anchor));
}

static void check_link(struct checker *k, struct worker *w, const struct translation *t, const struct node *n)
{
	struct arena scratch = w->scratch;
	struct link link = link_read(k->c, translation_path(t), n->url, &scratch);

	switch (link.kind) {
	case LINK_SAME:
		check_anchor(w, t, n, t, link.anchor);
		break;
	case LINK_SHEET:
		check_anchor(w, t, n, link.target, link.anchor);
		break;
	case LINK_MEDIA:
		mark_used(k->media_used, link.media->index);
		break;
	case LINK_DRAFT:
		diag_add(&w->diag, RULE_LINK_BROKEN, node_span(t->doc, n),
			"“content/%.*s” is a draft and not published; the link was left out",
			STR_ARG(link.path));
		break;
	case LINK_BROKEN:
		report_broken(k, w, t, n, &link);
		break;
	case LINK_UNSAFE: /* reported when the text was read */
	case LINK_EXTERNAL:
		break;
	}
}

static void check_image(
	struct checker *k, struct worker *w, const struct translation *t, const struct node *n)
{
	struct arena scratch = w->scratch;
	struct link link = link_read(k->c, translation_path(t), n->url, &scratch);

	if (link.kind == LINK_MEDIA) {
		mark_used(k->media_used, link.media->index);
		return;
	}
	if (link.kind == LINK_UNSAFE)
		return;
	diag_add(&w->diag, RULE_MARKDOWN_IMAGE, node_span(t->doc, n),
		link.kind == LINK_EXTERNAL ? "an image from another host (“%.*s”); only its text is shown"
					   : "there is no image “content/%.*s”; only its text is shown",
		STR_ARG(link.path));
	diag_hint(&w->diag, "put the image beside the sheet and name the file");
}

void check_text_links(struct checker *k, struct worker *w, const struct translation *t)
{
	for (const struct node *n = t->doc->root; n; n = node_next(n, t->doc->root)) {
		if (n->kind == NODE_LINK)
			check_link(k, w, t, n);
		else if (n->kind == NODE_IMAGE)
			check_image(k, w, t, n);
	}
}
