/* Front matter, data and locale files: any bytes give a tree inside its source, or a report. */
#include "text/yml.h"

static void check_span(struct span at, const struct source *src)
{
	if (at.src && (at.src != src || at.at > src->text.n || at.n > src->text.n - at.at))
		BUG("a span outside of the source");
}

/* The map of a text rises and stays inside the source. */
static void check_origin(const struct yml *y, const struct source *src)
{
	size_t before = 0;

	for (size_t i = 0; i <= y->text.n; i++) {
		size_t at = y->origin.map ? y->origin.map[i] : y->origin.at + i;

		if (at < before || at > src->text.n)
			BUG("an origin outside of the source");
		if (!y->origin.map && i < y->text.n && src->text.p[at] != y->text.p[i])
			BUG("a verbatim text that is not");
		before = at;
	}
}

static void ask(struct arena *a, struct yml *y, struct diag *d)
{
	static const struct str known[] = {{"title", 5}, {"weight", 6}};
	struct str *strs;

	(void)yml_str(y, STR(""), d);
	(void)yml_bool(y, false, d);
	(void)yml_int(y, 0, d);
	(void)yml_date(y, d);
	(void)yml_strs(a, y, &strs, d);
	(void)yml_want_map(y, d);
	(void)yml_get(y, "title");
	if (y->kind == YML_MAP)
		yml_unknown(y, known, COUNT_OF(known), d);
}

/* As deep as the tree, which is YML_MAX_DEPTH at most. */
static void check_tree(struct arena *a, struct yml *y, const struct source *src, struct diag *d)
{
	size_t count = 0;

	check_span(y->at, src);
	check_span(y->key_at, src);
	if (y->kind == YML_SCALAR)
		check_origin(y, src);
	ask(a, y, d);
	yml_each (child, y) {
		check_tree(a, child, src, d);
		count++;
	}
	if (count != y->len)
		BUG("a length that is not the number of children");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena a;
	struct diag d;
	struct source src;
	struct yml *y;

	arena_init(&a, (size_t)1 << 30);
	diag_init(&d);
	source_init(&src, STR("x.yaml"), str_make((const char *)bytes, n));
	y = yml_parse(&a, &src, 0, n, &d);
	if (!y && !d.len)
		BUG("no tree and no report");
	if (y) {
		check_tree(&a, y, &src, &d);
		(void)yml_value(&a, y);
	}
	for (size_t i = 0; i < d.len; i++)
		check_span(d.items[i].at, &src);
	source_release(&src);
	diag_release(&d);
	arena_release(&a);
	return 0;
}
