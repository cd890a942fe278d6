#include "action/render.h"

#include <errno.h>

#include "text/yml.h"

#define TEMPLATE_END STR(".mustache")

/* Files stay in memory until render_release(): diagnostics show lines of them. */
struct render_source {
	struct source source;
	struct render_source *next;
};

void render_init(struct render *r, struct fs *fs)
{
	*r = (struct render){.fs = fs};
	arena_init(&r->arena, ARENA_DEFAULT);
}

void render_release(struct render *r)
{
	for (struct render_source *s = r->sources; s; s = s->next)
		source_release(&s->source);
	arena_release(&r->arena);
	*r = (struct render){0};
}

static void report_unreadable(struct str path, int error, struct diag *d)
{
	if (error == EFBIG)
		diag_add_path(d, RULE_FILE_TOO_LARGE, path, "the file is too large");
	else
		diag_add_path(d, RULE_FILE_UNREADABLE, path, "the file cannot be read: %s", strerror(error));
}

/* NULL when the file cannot be used, which was reported; one that is missing only where it must be there. */
static struct source *read_file(struct render *r, struct str path, size_t max, bool must, struct diag *d)
{
	struct render_source *s = arena_new(&r->arena, struct render_source);
	struct str text;
	int error = fs_read(r->fs, str_z(&r->arena, path), &r->arena, max, &text);
	size_t bad;

	if (error && (must || error != ENOENT))
		report_unreadable(path, error, d);
	if (error)
		return NULL;
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_slice(text, 3, text.n);
	source_init(&s->source, path, text);
	s->next = r->sources;
	r->sources = s;
	bad = utf8_check(text);
	if (bad == text.n)
		return &s->source;
	diag_add(d, RULE_FILE_NOT_UTF8, span_make(&s->source, bad, 1), "this byte is not UTF-8");
	return NULL;
}

/* What one template's partials are loaded with. */
struct loader {
	struct render *r;
	struct str folder; /* with its last '/', or empty */
	struct diag *d;
	bool failed;
};

static void add_template(struct loader *l, struct str name, struct str path, bool must)
{
	struct source *src = read_file(l->r, path, MUSTACHE_MAX_BYTES, must, l->d);

	if (src)
		l->failed |= !mustache_add(&l->r->set, &l->r->arena, name, src, l->d);
	else
		l->failed |= must;
}

/* A name stays below the template's folder. */
static bool is_below(struct str name)
{
	struct str rest = name, part;

	while (str_cut(&rest, '/', &part))
		if (!part.n || str_is(part, ".."))
			return false;
	return true;
}

static void load_partial(void *ctx, struct str name, struct span at UNUSED)
{
	struct loader *l = ctx;
	struct str path;

	if (map_get(&l->r->set.templates, name) || !is_below(name))
		return;
	path = str_fmt(&l->r->arena, "%.*s%.*s%s", STR_ARG(l->folder), STR_ARG(name), TEMPLATE_END.p);
	add_template(l, name, path, false);
}

/* The template and everything that it names; the set grows while it is walked. */
static bool load_templates(struct loader *l, struct str name, struct str path)
{
	const struct map *templates = &l->r->set.templates;

	add_template(l, name, path, true);
	for (size_t i = 0; i < templates->len; i++)
		mustache_each_partial(&l->r->set, templates->entries[i].key, load_partial, l);
	mustache_check(&l->r->set, l->d);
	return !l->failed;
}

/* 1.50 is 1.5, and 2.0 is 2: data has numbers, not their spelling. */
static struct str shortest(struct str digits)
{
	if (str_find_byte(digits, '.') == digits.n || str_find_byte(digits, 'e') < digits.n ||
		str_find_byte(digits, 'E') < digits.n)
		return digits;
	while (str_ends(digits, STR("0")))
		digits.n--;
	return str_ends(digits, STR(".")) ? str_slice(digits, 0, digits.n - 1) : digits;
}

/* As deep as the YAML was, which is YML_MAX_DEPTH at most. */
static void shorten_numbers(struct value *v)
{
	if (v->kind == VALUE_DECIMAL)
		v->text = shortest(v->text);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list->len; i++)
		shorten_numbers(&v->list->items[i]);
	for (size_t i = 0; v->kind == VALUE_MAP && i < v->map->len; i++)
		shorten_numbers(&v->map->fields[i].value);
}

static bool load_data(struct render *r, struct str path, struct value *out, struct diag *d)
{
	struct source *src;
	struct yml *y;

	*out = value_map(&r->arena);
	if (!path.n)
		return true;
	src = read_file(r, path, YML_MAX_BYTES, true, d);
	y = src ? yml_parse(&r->arena, src, 0, src->text.n, d) : NULL;
	if (!y)
		return false;
	*out = yml_value(&r->arena, y);
	shorten_numbers(out);
	return true;
}

bool render_file(
	struct render *r, struct str template_path, struct str data_path, struct buf *out, struct diag *d)
{
	size_t folder = str_after_last(template_path, '/');
	struct loader l = {.r = r, .folder = str_slice(template_path, 0, folder), .d = d};
	struct str name = str_slice(template_path, folder, template_path.n);
	struct value data;
	bool good;

	if (str_ends(name, TEMPLATE_END))
		name.n -= TEMPLATE_END.n;
	good = load_templates(&l, name, template_path);
	good = load_data(r, data_path, &data, d) && good;
	return good && mustache_render(&r->set, name, data, out, d);
}
