#include "support/site.h"

#include <unistd.h>

void site_init(struct site *s)
{
	*s = (struct site){.options = {.share = SOURCE_DIR "/tests/support/share", .threads = 2}};
	arena_init(&s->arena, ARENA_DEFAULT);
	s->root = temp_new();
	s->options.root = s->root;
}

void site_close(struct site *s)
{
	if (s->loaded)
		project_close(&s->project);
	s->loaded = false;
}

void site_free(struct site *s)
{
	site_close(s);
	temp_free(s->root);
	arena_release(&s->arena);
}

void site_put_bytes(struct site *s, const char *path, struct str bytes)
{
	const char *full = temp_path(&s->arena, s->root, path);
	struct str folder = str_slice(str_from(full), 0, str_after_last(str_from(full), '/') - 1);

	assert_int_equal(fs_mkdirs(fs_real(), str_z(&s->arena, folder)), 0);
	assert_int_equal(fs_replace(fs_real(), full, bytes, 0644), 0);
}

void site_put(struct site *s, const char *path, const char *text)
{
	site_put_bytes(s, path, str_from(text));
}

void site_put_picture(struct site *s, const char *path, const char *salt)
{
	struct str head = STR("\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0");

	site_put_bytes(s, path, str_join(&s->arena, head, str_from(salt)));
}

void site_remove(struct site *s, const char *path)
{
	assert_int_equal(fs_remove_tree(fs_real(), temp_path(&s->arena, s->root, path)), 0);
}

struct str site_get(struct site *s, const char *path)
{
	struct str text;

	if (fs_read(fs_real(), temp_path(&s->arena, s->root, path), &s->arena, (size_t)64 << 20, &text))
		return STR("absent");
	return text;
}

void site_put_templates(struct site *s, const char *text)
{
	static const char *const names[] = {
		"sheet", "alias", "index", "packs", "choose", "start", "about", "404"};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *path = str_fmt(&s->arena, "templates/%s.mustache", names[i]).p;

		if (access(temp_path(&s->arena, s->root, path), F_OK) != 0)
			site_put(s, path, text);
	}
}

bool site_load(struct site *s)
{
	site_close(s);
	project_open(&s->project, &s->options);
	s->loaded = true;
	return project_load(&s->project);
}

const struct translation *site_text(struct site *s, const char *path)
{
	const struct translation *t = map_get(&s->project.catalog.by_path, str_from(path));

	if (!t)
		fail_msg("there is no %s", path);
	return t;
}
