/* Links and images: do they lead somewhere? */
#include "action/check_impl.h"

/* Where a link leads that names no scheme: "www.…" is no sheet. */
static bool is_host(struct str url)
{
	return str_starts(url, STR("www."));
}

/* The sheet of the same language whose file is named most like `path`, as a link would name it. */
static struct str nearest_sheet(struct text_check *c, struct str path)
{
	const struct catalog *k = c->k->c;
	struct str folder =
		STR_CONCAT(&c->w->scratch, k->config.languages[c->t->language].spec.tag, STR("/"));
	struct map own = {0};
	struct str near;

	if (k->by_path.len > MAP_NEAREST_MAX)
		return (struct str){0};
	for (size_t i = 0; i < k->by_path.len; i++)
		if (str_starts(k->by_path.entries[i].key, folder))
			map_put(&own, &c->w->scratch, k->by_path.entries[i].key, k->by_path.entries[i].value);
	near = map_nearest(&own, path);
	return str_slice(near, folder.n, near.n);
}

static void report_broken(struct text_check *c, const struct node *n, const struct link *link)
{
	struct str near = {0};
	struct diag *d = &c->w->diag;

	diag_add(d, RULE_LINK_BROKEN, node_span(c->t->doc, n),
		"there is no file “content/%.*s”; the link was left out", STR_ARG(link->path));
	if (is_host(n->url)) {
		diag_hint(d, "to another site: “https://%.*s”", STR_ARG(n->url));
		return;
	}
	if (take_suggestion(d, &c->suggestions))
		near = nearest_sheet(c, link->path);
	if (near.n)
		diag_hint(d, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(d, "links between sheets name the file, for example “other-sheet.md#section”");
}

static void check_anchor(
	struct text_check *c, const struct node *n, const struct translation *target, struct str anchor)
{
	struct diag *d = &c->w->diag;
	struct str near = {0};

	if (!anchor.n || target->unread || translation_has_id(target, anchor))
		return;
	diag_add(d, RULE_LINK_ANCHOR, node_span(c->t->doc, n), "“%.*s” has no section “#%.*s”",
		STR_ARG(target->src.path), STR_ARG(anchor));
	if (target->id_count <= MAP_NEAREST_MAX && take_suggestion(d, &c->suggestions))
		near = str_nearest(anchor, target->ids, target->id_count);
	if (near.n)
		diag_hint(d, "did you mean “#%.*s”?", STR_ARG(near));
	else
		diag_hint(d, "give the heading an id: “## Heading {#%.*s}”", STR_ARG(anchor));
}

/* The page that the link leads to says that the sheet is withdrawn. */
static void report_withdrawn(struct text_check *c, const struct node *n, const struct translation *target)
{
	struct str instead = target->sheet->withdrawn->replaced_by;

	diag_add(&c->w->diag, RULE_LINK_WITHDRAWN, node_span(c->t->doc, n), "“%.*s” is withdrawn",
		STR_ARG(target->src.path));
	if (instead.n)
		diag_hint(&c->w->diag, "it is replaced by “%.*s”", STR_ARG(instead));
	else
		diag_hint(&c->w->diag, "remove the link, or link to what is true now");
}

static void check_link(struct text_check *c, const struct node *n, const struct link *link)
{
	switch (link->kind) {
	case LINK_SAME:
		check_anchor(c, n, c->t, link->anchor);
		break;
	case LINK_SHEET:
		if (link->target->sheet->withdrawn)
			report_withdrawn(c, n, link->target);
		else
			check_anchor(c, n, link->target, link->anchor);
		break;
	case LINK_MEDIA:
		mark_used(c->k->media_used, link->media->index);
		break;
	case LINK_DRAFT:
		diag_add(&c->w->diag, RULE_LINK_BROKEN, node_span(c->t->doc, n),
			"“content/%.*s” is a draft and not published; the link was left out",
			STR_ARG(link->path));
		break;
	case LINK_BROKEN:
		report_broken(c, n, link);
		break;
	case LINK_UNSAFE: /* reported when the text was read */
	case LINK_EXTERNAL:
		break;
	}
}

static void check_image(struct text_check *c, const struct node *n, const struct link *link)
{
	struct diag *d = &c->w->diag;

	if (link->kind == LINK_MEDIA)
		mark_used(c->k->media_used, link->media->index);
	if (link->kind == LINK_MEDIA || link->kind == LINK_UNSAFE)
		return;
	diag_add(d, RULE_MARKDOWN_IMAGE, node_span(c->t->doc, n),
		link->kind == LINK_EXTERNAL ? "an image from another host (“%.*s”); only its text is shown"
					    : "there is no image “content/%.*s”; only its text is shown",
		STR_ARG(link->path));
	diag_hint(d, "put the image beside the sheet and name the file");
}

void check_text_links(struct text_check *c)
{
	const struct translation *t = c->t;

	for (const struct node *n = t->doc->root; n; n = node_next(n, t->doc->root)) {
		struct arena rest = c->w->scratch;
		struct link link;

		if (n->kind != NODE_LINK && n->kind != NODE_IMAGE)
			continue;
		link = link_read(c->k->c, translation_path(t), n->url, &c->w->scratch);
		if (n->kind == NODE_LINK)
			check_link(c, n, &link);
		else
			check_image(c, n, &link);
		c->w->scratch = rest;
	}
}
