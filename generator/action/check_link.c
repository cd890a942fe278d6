/* Links and images: do they lead somewhere? */
#include "action/check_impl.h"

static struct str nearest_path(const struct catalog *c, struct str path)
{
	size_t best = 4, cap = c->by_path.len < 2000 ? 3 : 0;
	struct str near = {0};

	for (size_t i = 0; cap && i < c->by_path.len; i++) {
		size_t at = str_distance(path, c->by_path.entries[i].key, cap);

		if (at < best) {
			best = at;
			near = c->by_path.entries[i].key;
		}
	}
	return near;
}

static void report_broken(struct checker *k, struct worker *w, const struct translation *t,
	const struct node *n, const struct link *link)
{
	struct str near = nearest_path(k->c, link->path),
		   folder = k->c->config.languages[t->language].spec.tag;

	diag_add(&w->diag, RULE_LINK_BROKEN, node_span(t->doc, n),
		"there is no file “content/%.*s”; the link was left out", STR_ARG(link->path));
	if (near.n && str_starts(near, folder) && near.n > folder.n)
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
	near = str_nearest(anchor, target->ids, target->id_count < 1000 ? target->id_count : 0);
	diag_add(&w->diag, RULE_LINK_ANCHOR, node_span(t->doc, n), "“%.*s” has no section “#%.*s”",
		STR_ARG(target->src.path), STR_ARG(anchor));
	if (near.n)
		diag_hint(&w->diag, "did you mean “#%.*s”?", STR_ARG(near));
	else
		diag_hint(&w->diag, "give the heading an id: “## Heading {#%.*s}”", STR_ARG(anchor));
}

static void use_media(struct checker *k, struct str path)
{
	uintptr_t place = (uintptr_t)map_get(&k->media_index, path);

	if (place)
		mark_used(k->media_used, place - 1);
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
		use_media(k, link.path);
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
		use_media(k, link.path);
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
