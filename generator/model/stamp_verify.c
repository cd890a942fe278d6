/* Whether an edited text is what stamp_edit.h promises: it is read again and compared with the old one. */
#include "model/sheet.h"
#include "model/stamp_edit_impl.h"

const struct str stamp_keys[STAMP_KEYS] = {STR_INIT("status"), STR_INIT("by"), STR_INIT("date")};

struct str stamp_value(const struct stamp_edit *e, size_t key)
{
	const struct str values[STAMP_KEYS] = {e->status, e->by, e->date};

	return values[key];
}

struct yml *stamp_child(struct yml *map, struct str key)
{
	yml_each (child, map)
		if (str_eq(child->key, key))
			return child;
	return NULL;
}

bool stamp_is_value(const struct yml *y, struct str wanted)
{
	return y && y->kind == YML_SCALAR && !yml_is_null(y) && str_eq(y->text, wanted);
}

/* Trees as yml_parse() makes them are at most YML_MAX_DEPTH deep. */
static bool same_tree(const struct yml *x, const struct yml *y)
{
	const struct yml *c = x->first, *e = y->first;

	if (x->kind != y->kind || x->quoted != y->quoted || !str_eq(x->text, y->text) ||
		!str_eq(x->key, y->key))
		return false;
	for (; c && e; c = c->next, e = e->next)
		if (!same_tree(c, e))
			return false;
	return !c && !e;
}

static bool same_stamps(const struct stamp_edit *e, struct yml *of)
{
	if (!of || of->kind != YML_MAP || of->len != e->of_count)
		return false;
	for (size_t i = 0; i < e->of_count; i++)
		if (!stamp_is_value(stamp_child(of, e->of[i].section), str_from(e->of[i].hash)))
			return false;
	return true;
}

static bool edited_key(const struct stamp_edit *e, struct str key)
{
	for (size_t i = 0; i < STAMP_KEYS; i++)
		if (str_eq(key, stamp_keys[i]))
			return stamp_value(e, i).n > 0;
	return str_is(key, "of");
}

/* Every child of `was` that is not edited is in `is`, the same. `edited` tells which are. */
static bool keeps(struct yml *was, struct yml *is, const struct stamp_edit *e, bool inner, size_t *count)
{
	*count = 0;
	yml_each (child, was) {
		struct yml *now = stamp_child(is, child->key);

		if (inner ? edited_key(e, child->key) : str_is(child->key, "translation"))
			continue;
		if (!now || !same_tree(child, now))
			return false;
		++*count;
	}
	return true;
}

static bool translation_is(const struct stamp_edit *e, struct yml *was, struct yml *is)
{
	struct yml empty = {.kind = YML_MAP};
	size_t kept, count;

	if (!is || is->kind != YML_MAP)
		return false;
	if (!was || was->kind != YML_MAP)
		was = &empty;
	if (!keeps(was, is, e, true, &kept) || !keeps(is, is, e, true, &count) || kept != count)
		return false;
	for (size_t i = 0; i < STAMP_KEYS; i++)
		if (stamp_value(e, i).n && !stamp_is_value(stamp_child(is, stamp_keys[i]), stamp_value(e, i)))
			return false;
	return same_stamps(e, stamp_child(is, STR("of")));
}

static bool front_matter_is(const struct stamp_edit *e, struct yml *was, struct yml *is)
{
	size_t kept, count;

	return keeps(was, is, e, false, &kept) && keeps(is, is, e, false, &count) && kept == count &&
	       translation_is(e, stamp_child(was, STR("translation")), stamp_child(is, STR("translation")));
}

struct yml *stamp_read_yaml(struct arena *a, struct source *src, struct str yaml)
{
	size_t from = yaml.n ? (size_t)(yaml.p - src->text.p) : 0;
	struct diag d;
	struct yml *root;

	diag_init(&d);
	root = yml_parse(a, src, from, from + yaml.n, &d);
	if (d.len || d.dropped || (root && root->kind != YML_MAP))
		root = NULL;
	diag_release(&d);
	return root;
}

bool stamp_result_good(const struct stamp_edit *e, struct arena *a, struct str path, struct yml *was,
	struct str body, struct str text)
{
	struct source src;
	struct str yaml;
	struct yml *is;
	size_t at = front_matter_end(text, &yaml);

	if (at == SIZE_MAX || !str_eq(str_slice(text, at, text.n), body))
		return false;
	source_init(&src, path, text);
	is = stamp_read_yaml(a, &src, yaml);
	source_release(&src);
	return is && front_matter_is(e, was, is);
}
