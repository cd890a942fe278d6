#include "model/wording.h"

static void read_phrase(
	struct wording *w, struct arena *a, struct str key, struct yml *y, struct locale *l, struct diag *d)
{
	struct phrase *p;
	struct message *m;

	if (yml_is_null(y))
		return; /* not written yet */
	m = message_compile(a, y->text, &y->origin, l, d);
	if (!m)
		return;
	p = map_get(&w->phrases, key);
	if (p) {
		diag_add(d, RULE_YAML_DUPLICATE, y->key_at,
			"the message “%.*s” stands here twice; the first stands", STR_ARG(key));
		diag_other(d, p->key_at);
		return;
	}
	p = arena_new(a, struct phrase);
	*p = (struct phrase){key, m, y->at, y->key_at};
	map_put(&w->phrases, a, key, p);
}

/* Depth is bounded by YML_MAX_DEPTH. */
static void read_group(struct wording *w, struct arena *a, struct str prefix, struct yml *y, struct locale *l,
	struct diag *d)
{
	yml_each (item, y) {
		struct str key =
			prefix.n ? str_fmt(a, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(item->key)) : item->key;

		if (item->kind == YML_MAP)
			read_group(w, a, key, item, l, d);
		else if (item->kind == YML_SCALAR)
			read_phrase(w, a, key, item, l, d);
		else
			diag_add(d, RULE_YAML_TYPE, item->at, "“%.*s” must be a message, not a list",
				STR_ARG(key));
	}
}

void wording_read(struct wording *w, struct arena *a, struct source *src, struct locale *l, struct diag *d)
{
	struct yml *y = yml_parse(a, src, 0, src->text.n, d);

	w->src = src;
	if (y && yml_want_map(y, d))
		read_group(w, a, (struct str){0}, y, l, d);
}
