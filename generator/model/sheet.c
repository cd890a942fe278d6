#include "model/sheet.h"

#include "base/fs.h"

/* More ids than this are looked up in a set. */
#define IDS_SEARCHED 16

static const struct str reserved[] = {STR_INIT("index"), STR_INIT("packs"), STR_INIT("404"),
	STR_INIT("staff"), STR_INIT("sources"), STR_INIT("glossary")};

bool slug_reserved(struct str slug)
{
	for (size_t i = 0; i < COUNT_OF(reserved); i++)
		if (str_eq(slug, reserved[i]))
			return true;
	return false;
}

bool slug_valid(struct str slug)
{
	return fs_portable_path(slug) && str_find_byte(slug, '/') == slug.n;
}

struct span translation_place(const struct translation *t)
{
	return t->title_at.src ? t->title_at : span_make((struct source *)&t->src, 0, 0);
}

static bool is_fence(struct str line)
{
	while (line.n &&
		(line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\r' || line.p[line.n - 1] == '\t'))
		line.n--;
	return str_is(line, "---");
}

size_t front_matter_end(struct str text, struct str *yaml)
{
	size_t bom = str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0, at;
	struct str line = str_slice(text, bom, text.n);

	line = str_slice(line, 0, str_find_byte(line, '\n'));
	*yaml = str_slice(text, bom, bom);
	if (!is_fence(line))
		return bom;
	at = bom + line.n + 1;
	*yaml = str_slice(text, at, at);
	while (at < text.n) {
		line = str_slice(text, at, text.n);
		line = str_slice(line, 0, str_find_byte(line, '\n'));
		if (is_fence(line))
			return at + line.n + (at + line.n < text.n);
		at += line.n + 1;
		yaml->n = at - (size_t)(yaml->p - text.p);
	}
	return SIZE_MAX;
}

bool translation_has_id(const struct translation *t, struct str id)
{
	if (t->id_set.len)
		return map_get(&t->id_set, id) != NULL;
	for (size_t i = 0; i < t->id_count; i++)
		if (str_eq(t->ids[i], id))
			return true;
	return false;
}

struct reader {
	struct translation *t;
	struct arena *keep;
	struct diag *d;
};

static struct str kept(struct reader *r, struct str s)
{
	return s.n ? str_dup(r->keep, s) : s;
}

static struct str *kept_list(struct reader *r, struct yml *y, size_t *count, struct arena *scratch)
{
	struct str *list, *copy;

	*count = yml_strs(scratch, y, &list, r->d);
	if (!*count)
		return NULL;
	copy = arena_new_n(r->keep, struct str, *count);
	for (size_t i = 0; i < *count; i++)
		copy[i] = kept(r, list[i]);
	return copy;
}

static void read_audience(struct reader *r, struct yml *y)
{
	yml_each_item(item, y)
	{
		unsigned bit;

		if (item->kind == YML_SCALAR && audience_parse(item->text, &bit)) {
			r->t->audience |= bit;
			continue;
		}
		diag_add(r->d, RULE_YAML_VALUE, item->at, "“%.*s” is not an audience", STR_ARG(item->text));
		diag_hint(r->d, "allowed: guardian, staff");
	}
}

static void read_translation_state(struct reader *r, struct yml *y)
{
	static const struct str known[] = {
		STR_INIT("status"), STR_INIT("by"), STR_INIT("date"), STR_INIT("of")};
	struct yml *status;

	if (!y || !yml_want_map(y, r->d))
		return;
	status = yml_get(y, "status");
	if (status && !status_parse(status->text, &r->t->status)) {
		diag_add(r->d, RULE_YAML_VALUE, status->at, "“%.*s” is not a translation status",
			STR_ARG(status->text));
		diag_hint(r->d, "allowed: machine, translated, reviewed");
	}
	r->t->translated_by = kept(r, yml_str(yml_get(y, "by"), (struct str){0}, r->d));
	r->t->translated = yml_date(yml_get(y, "date"), r->d);
	r->t->freshness = freshness_read(yml_get(y, "of"), r->keep, r->d);
	yml_unknown(y, known, COUNT_OF(known), r->d);
}

static bool usable_slug(struct reader *r, const struct yml *y)
{
	if (slug_valid(y->text))
		return true;
	diag_add(r->d, RULE_FILE_NAME, y->at, "“%.*s” cannot be an address; it was left out",
		STR_ARG(y->text));
	diag_hint(r->d, "use a-z, 0-9 and -, for example “vad-hander-forst”");
	return false;
}

static void read_slug(struct reader *r, struct yml *y)
{
	struct str slug = yml_str(y, (struct str){0}, r->d);

	if (!slug.n || !usable_slug(r, y))
		return;
	r->t->slug = kept(r, slug);
	r->t->slug_at = y->at;
}

static void read_aliases(struct reader *r, struct yml *y, struct arena *scratch)
{
	struct translation *t = r->t;
	struct str *ignored;

	if (!yml_strs(scratch, y, &ignored, r->d)) /* reports wrong types */
		return;
	t->aliases = arena_new_n(r->keep, struct str, y->kind == YML_LIST ? y->len : 1);
	t->aliases_at = y->at;
	yml_each_item(item, y) if (item->kind == YML_SCALAR && !yml_is_null(item) && usable_slug(r, item))
		t->aliases[t->alias_count++] = kept(r, item->text);
}

static void read_dates(struct reader *r, struct yml *y)
{
	struct translation *t = r->t;
	struct yml *by = yml_get(y, "review_by");

	t->date = yml_date(yml_get(y, "date"), r->d);
	t->reviewed = yml_date(yml_get(y, "reviewed"), r->d);
	t->review_by = yml_date(by, r->d);
	if (t->reviewed.year && t->review_by.year && date_cmp(t->review_by, t->reviewed) < 0) {
		diag_add(
			r->d, RULE_YAML_VALUE, by->at, "the next review is due before the last one was made");
		diag_hint(r->d, "“review_by” must come after “reviewed”");
	}
}

/* As Hugo has it: what a text is. */
static void read_kind(struct reader *r, struct yml *y)
{
	if (!y || yml_is_null(y) || str_is(y->text, "sheet"))
		return;
	r->t->page = str_is(y->text, "page");
	if (r->t->page)
		return;
	diag_add(r->d, RULE_YAML_VALUE, y->at, "“%.*s” is not a type of text; it is a sheet",
		STR_ARG(y->text));
	diag_hint(r->d, "allowed: sheet, page");
}

static struct str kept_text(struct reader *r, struct yml *y, struct span *at)
{
	struct str text = kept(r, str_trim(yml_str(y, (struct str){0}, r->d)));

	if (text.n)
		*at = y->at;
	return text;
}

static void read_withdrawal(struct reader *r, struct yml *y)
{
	struct yml *withdrawn = yml_get(y, "withdrawn"), *reason = yml_get(y, "withdrawn_reason"),
		   *replaced_by = yml_get(y, "replaced_by");
	struct withdrawal *w;

	if (!withdrawn && !reason && !replaced_by)
		return;
	w = arena_new(r->keep, struct withdrawal);
	w->given = withdrawn && !yml_is_null(withdrawn);
	if (w->given)
		w->at = withdrawn->at;
	w->date = yml_date(withdrawn, r->d);
	w->reason = kept_text(r, reason, &w->reason_at);
	w->replaced_by = kept_text(r, replaced_by, &w->replaced_by_at);
	r->t->withdrawal = w;
}

static void read_front_matter(struct reader *r, struct yml *y, struct arena *scratch)
{
	static const struct str known[] = {STR_INIT("title"), STR_INIT("description"), STR_INIT("weight"),
		STR_INIT("slug"), STR_INIT("aliases"), STR_INIT("date"), STR_INIT("draft"),
		STR_INIT("audience"), STR_INIT("reviewed"), STR_INIT("review_by"), STR_INIT("sources"),
		STR_INIT("translation"), STR_INIT("needs_legal_review"), STR_INIT("type"),
		STR_INIT("withdrawn"), STR_INIT("withdrawn_reason"), STR_INIT("replaced_by")};
	struct translation *t = r->t;
	struct yml *title = yml_get(y, "title"), *weight = yml_get(y, "weight"),
		   *sources = yml_get(y, "sources");

	t->title = kept(r, str_trim(yml_str(title, t->title, r->d)));
	if (title)
		t->title_at = title->at;
	t->description = kept(r, str_trim(yml_str(yml_get(y, "description"), t->description, r->d)));
	if (t->description.n)
		t->description_at = yml_get(y, "description")->at;
	t->weight = yml_int(weight, INT64_MIN, r->d);
	t->has_weight = t->weight != INT64_MIN;
	read_slug(r, yml_get(y, "slug"));
	read_aliases(r, yml_get(y, "aliases"), scratch);
	read_dates(r, y);
	t->draft = yml_bool(yml_get(y, "draft"), false, r->d);
	read_kind(r, yml_get(y, "type"));
	read_withdrawal(r, y);
	read_audience(r, yml_get(y, "audience"));
	t->sources = kept_list(r, sources, &t->source_count, scratch);
	if (sources)
		t->sources_at = sources->at;
	read_translation_state(r, yml_get(y, "translation"));
	t->needs_legal_review = yml_bool(yml_get(y, "needs_legal_review"), false, r->d);
	yml_unknown(y, known, COUNT_OF(known), r->d);
}

/* The file's own name where it can be an address, else one made from it. */
static void default_slug(struct reader *r, struct str key)
{
	struct str name = str_file_name(key);

	if (r->t->slug.n)
		return;
	if (slug_valid(name)) {
		r->t->slug = kept(r, name);
		return;
	}
	r->t->slug = text_slug(r->keep, name);
	if (slug_valid(r->t->slug))
		return;
	r->t->slug = str_fmt(r->keep, "sheet%s%.*s", r->t->slug.n ? "-" : "", STR_ARG(r->t->slug));
	diag_add(r->d, RULE_FILE_NAME, span_make(&r->t->src, 0, 0),
		"no address can be made of the file's name; it is “%.*s”", STR_ARG(r->t->slug));
	diag_hint(r->d, "rename the file, or give the sheet a “slug”");
}

/* A sheet without a title is called by its heading of level 1, its first heading, or its file. */
static void default_title(struct reader *r, struct str key)
{
	struct translation *t = r->t;
	struct buf text;

	if (t->title.n)
		return;
	buf_init(&text, 4096);
	if (t->doc->title)
		node_text(&text, t->doc->title);
	for (const struct node *n = t->doc->root->first; n && !text.n; n = n->next)
		if (n->kind == NODE_HEADING)
			node_text(&text, n);
	t->title = str_dup(r->keep, text.n && !buf_failed(&text) ? buf_str(&text) : str_file_name(key));
	buf_release(&text);
	if (r->t->unread || t->doc->title)
		return;
	diag_add(r->d, RULE_SHEET_NO_TITLE, span_make(&t->src, 0, 0),
		"the sheet has no title; it is called “%.*s”", STR_ARG(t->title));
	diag_hint(r->d, "begin the file with three lines: “---”, “title: …” and “---”");
}

static void collect_ids(struct reader *r)
{
	struct translation *t = r->t;
	const struct node *root = t->doc->root;
	size_t cap = 0;

	for (const struct node *n = root; n; n = node_next(n, root)) {
		if (n->kind != NODE_HEADING || !n->text.n)
			continue;
		t->ids = arena_grow(r->keep, t->ids, t->id_count, &cap, sizeof(*t->ids));
		t->ids[t->id_count++] = n->text;
	}
	if (t->id_count <= IDS_SEARCHED)
		return;
	for (size_t i = 0; i < t->id_count; i++)
		map_put(&t->id_set, r->keep, t->ids[i], t);
}

void translation_read(struct translation *t, struct str key, struct locale *l, struct arena *keep,
	struct arena *trees, struct arena scratch, struct diag *d)
{
	struct reader r = {.t = t, .keep = keep, .d = d};
	struct markdown_options options = {.locale = l};
	struct str yaml;
	size_t body = front_matter_end(t->src.text, &yaml);

	if (body == SIZE_MAX) {
		diag_add(d, RULE_YAML_SYNTAX, span_make(&t->src, 0, 3), "the front matter has no end");
		diag_hint(d, "close it with a line “---”");
		body = t->src.text.n;
		yaml.n = 0;
		t->unread = true;
	}
	if (yaml.n) {
		size_t from = (size_t)(yaml.p - t->src.text.p);
		struct yml *y = yml_parse(&scratch, &t->src, from, from + yaml.n, d);

		t->unread = !y || !yml_want_map(y, d);
		if (!t->unread)
			read_front_matter(&r, y, &scratch);
	}
	options.take_title = !t->title.n;
	t->doc = markdown_parse(trees, &t->src, body, &options, d);
	default_slug(&r, key);
	default_title(&r, key);
	collect_ids(&r);
}
