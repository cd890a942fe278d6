#include "cli/pick.h"

#include <limits.h>
#include <stdlib.h>

static const struct translation *find(const struct project *p, struct str path)
{
	const struct translation *t = map_get(&p->catalog.by_path, path);

	return t ? t : map_get(&p->catalog.drafts, path);
}

/* The path below content/ of a file that is somewhere; empty when it is elsewhere. */
static struct str below_content(struct project *p, const char *file)
{
	char here[PATH_MAX], content[PATH_MAX];
	struct str folder, path;

	if (!realpath(file, here) ||
		!realpath(path_below(&p->arena, p->options.root, STR("content")), content))
		return (struct str){0};
	folder = STR_CONCAT(&p->arena, str_from(content), STR("/"));
	path = str_from(here);
	return str_starts(path, folder) ? str_dup(&p->arena, str_slice(path, folder.n, path.n))
					: (struct str){0};
}

struct str pick_path(struct project *p, const char *name)
{
	struct str file = str_from(name), path = below_content(p, name);

	if (path.n && (find(p, path) || map_has(&p->catalog.by_old_path, path)))
		return path;
	if (str_starts(file, STR("./")))
		file = str_slice(file, 2, file.n);
	return str_starts(file, STR("content/")) ? str_slice(file, 8, file.n) : file;
}

/* Of a withdrawn sheet nothing is translated. */
static void complain_missing(struct project *p, struct str file)
{
	if (map_has(&p->catalog.by_old_path, pick_path(p, str_z(&p->arena, file))))
		complain(
			"“%.*s” belongs to a withdrawn sheet; its text is not shown any more", STR_ARG(file));
	else
		complain("“%.*s” is no text of this site; texts are named like content/en/NAME.md",
			STR_ARG(file));
}

const struct translation *pick_text(struct project *p, const char *arg, struct str *section)
{
	struct str name = str_from(arg), file = str_slice(name, 0, str_find_byte(name, '#'));
	const struct translation *t = find(p, pick_path(p, str_z(&p->arena, file)));

	*section = file.n < name.n ? str_slice(name, file.n + 1, name.n) : (struct str){0};
	if (!t)
		complain_missing(p, file);
	return t;
}

static struct pick *pick_of(struct pick *list, size_t *count, const struct translation *t)
{
	for (size_t i = 0; i < *count; i++)
		if (list[i].text == t)
			return &list[i];
	list[*count] = (struct pick){.text = t};
	return &list[(*count)++];
}

static void add_section(struct pick *pick, struct arena *a, struct str section)
{
	struct str *sections = arena_new_n(a, struct str, pick->section_count + 1);

	if (pick->section_count)
		memcpy(sections, pick->sections, pick->section_count * sizeof(*sections));
	sections[pick->section_count++] = section;
	pick->sections = sections;
}

bool pick_texts(
	struct project *p, const struct options *o, const char *section, struct pick **out, size_t *count)
{
	struct pick *list = arena_new_n(&p->arena, struct pick, (size_t)o->arg_count);

	*count = 0;
	for (int i = 0; i < o->arg_count; i++) {
		struct str own;
		const struct translation *t = pick_text(p, o->args[i], &own);
		struct pick *pick;

		if (!t)
			return false;
		pick = pick_of(list, count, t);
		if (own.n)
			add_section(pick, &p->arena, own);
		if (section)
			add_section(pick, &p->arena, str_from(section));
		pick->whole |= !own.n && !section;
	}
	for (size_t i = 0; i < *count; i++)
		if (list[i].whole)
			list[i].section_count = 0;
	*out = list;
	return true;
}
