#include "action/kept.h"

#include "site/link.h"

#include <errno.h>

#define KEPT_FOLDER ".source/"

/* "ar/" of "ar/x/y.md"; nothing of "y.md". */
static size_t folder_length(struct str path)
{
	size_t slash = str_find_byte(path, '/');

	return slash < path.n ? slash + 1 : 0;
}

struct str kept_path(struct arena *a, const struct translation *t)
{
	struct str path = translation_path(t);
	size_t folder = folder_length(path);

	return STR_CONCAT(a, str_slice(path, 0, folder), STR(KEPT_FOLDER), str_slice(path, folder, path.n));
}

struct str kept_key(const struct translation *t)
{
	struct str path = translation_path(t);

	return str_slice(path, folder_length(path), path.n - 3);
}

struct cut cut_text(struct arena *a, const struct translation *t)
{
	struct cut c = {.t = (struct translation *)t};

	c.count = sections_of(&c.list, a, t->title, t->description, t->doc);
	for (size_t i = c.count; i-- > 0;) /* of two with one id the first counts */
		map_put(&c.by_id, a, c.list[i].id, &c.list[i]);
	return c;
}

struct cut cut_bytes(struct arena *a, struct project *p, struct str shown, struct str bytes)
{
	size_t language = p->catalog.config.source;
	struct translation *t = arena_new(a, struct translation);
	struct arena scratch;
	struct diag d;

	arena_init(&scratch, ARENA_DEFAULT);
	diag_init(&d);
	t->language = language;
	source_init(&t->src, shown, bytes);
	translation_read(t, str_slice(shown, 0, shown.n - 3), worker_locale(&p->workers.of[0], language), a,
		a, scratch, &d);
	diag_release_lines(&d);
	diag_release(&d);
	arena_release(&scratch);
	return cut_text(a, t);
}

const struct section *cut_find(const struct cut *c, struct str id)
{
	return map_get(&c->by_id, id);
}

struct str cut_bytes_of(const struct cut *c, const struct section *s)
{
	struct str text = c->t->src.text;

	if (s->first)
		return str_slice(text, s->from, s->to);
	return str_slice(text, 0, c->count > 1 ? c->list[1].from : text.n);
}

struct str cut_words_of(struct arena *a, const struct cut *c, const struct section *s)
{
	if (s->first)
		return cut_bytes_of(c, s);
	return STR_CONCAT(a, c->t->title, STR("\n\n"), c->t->description);
}

int kept_read(struct cut *out, struct arena *a, struct project *p, const struct translation *t)
{
	struct str path = kept_path(a, t), shown = str_join(a, STR("content/"), path), bytes;
	int error = fs_read(p->fs, path_below(a, p->options.root, shown), a,
		p->catalog.config.sheet_max_bytes * 2, &bytes);

	*out = (struct cut){0};
	if (error == ENOENT || error == ENOTDIR)
		return 0;
	if (!error)
		*out = cut_bytes(a, p, shown, bytes);
	return error;
}

bool section_named(struct str id, const struct str *sections, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(id, sections[i]))
			return true;
	return false;
}

struct merge {
	struct buf *out;
	size_t head; /* where the front matter ends */
};

static bool ends_with_blank(struct str s)
{
	return str_ends(s, STR("\n\n")) || str_ends(s, STR("\n\r\n"));
}

/* An empty line comes before a section: a heading that is underlined would swallow what stands before it. */
static void add_part(struct merge *m, struct str part)
{
	if (m->out->n && m->out->p[m->out->n - 1] != '\n')
		buf_addc(m->out, '\n');
	if (m->out->n > m->head && !ends_with_blank(buf_str(m->out)))
		buf_addc(m->out, '\n');
	buf_add(m->out, part);
}

/* Those of the new text that the old one does not have, after the `at`th of the new one. */
static void add_new(struct merge *m, const struct cut *old, const struct cut *new, size_t at,
	const struct str *sections, size_t count)
{
	for (size_t i = at + 1; i < new->count && !cut_find(old, new->list[i].id); i++)
		if (section_named(new->list[i].id, sections, count))
			add_part(m, cut_bytes_of(new, &new->list[i]));
}

void kept_merge(struct buf *out, const struct cut *old, const struct cut *new, const struct str *sections,
	size_t count)
{
	struct merge m = {.out = out};

	for (size_t i = 0; i < old->count; i++) {
		const struct section *s = &old->list[i], *now = cut_find(new, s->id);

		if (!section_named(s->id, sections, count))
			add_part(&m, cut_bytes_of(old, s));
		else if (now)
			add_part(&m, cut_bytes_of(new, now));
		if (i == 0)
			m.head = out->n;
		if (now)
			add_new(&m, old, new, (size_t)(now - new->list), sections, count);
	}
}
