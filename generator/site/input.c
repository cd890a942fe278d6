#include "site/input.h"

#include "base/buf.h"

#include <errno.h>

const char *path_below(struct arena *a, const char *folder, struct str path)
{
	return STR_CONCAT(a, str_from(folder), STR("/"), path).p;
}

/* Hidden files, and what editors leave beside the files they edit. */
static bool is_noise(struct str path)
{
	struct str name = str_file_name(path);

	if (str_starts(path, STR(".")) || str_find(path, STR("/.")) < path.n)
		return true;
	return str_ends(name, STR("~")) || str_starts(name, STR("#"));
}

static void drop_noise(struct fs_listing *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->len; i++)
		if (!is_noise(l->entries[i].path))
			l->entries[kept++] = l->entries[i];
	l->len = kept;
}

/* False when there is no such folder; what cannot be read is reported and counts as empty. */
static bool list(struct input *in, struct arena *a, const char *folder, struct str name,
	struct fs_listing *out, struct diag *d)
{
	int error = fs_list(in->fs, folder, a, out);

	if (error && error != ENOENT) {
		struct str part = out->failed.n ? STR_CONCAT(a, name, STR("/"), out->failed) : name;

		diag_add_path(
			d, RULE_FILE_UNREADABLE, part, "the folder cannot be read: %s", strerror(error));
		out->len = 0;
	}
	drop_noise(out);
	return error != ENOENT;
}

/* A folder of the root, or of the program's own share when the root has none. */
static const char *own_or_shared(struct input *in, struct arena *a, const char *share, struct str name,
	struct fs_listing *out, bool *own, struct diag *d)
{
	const char *folder = path_below(a, in->root, name);

	*own = list(in, a, folder, name, out, d);
	if (*own || !share)
		return folder;
	folder = path_below(a, share, name);
	list(in, a, folder, name, out, d);
	return folder;
}

static void stat_config(struct input *in, struct arena *a, struct diag *d)
{
	int error = fs_stat(in->fs, path_below(a, in->root, STR("faktablad.yaml")), &in->config);

	in->has_config = !error;
	if (error && error != ENOENT && error != ENOTDIR)
		diag_add_path(d, RULE_FILE_UNREADABLE, STR("faktablad.yaml"), "the file cannot be read: %s",
			strerror(error));
}

void input_scan(
	struct input *in, struct arena *a, struct fs *fs, const char *root, const char *share, struct diag *d)
{
	bool own_templates;

	*in = (struct input){.root = root, .fs = fs};
	stat_config(in, a, d);
	if (!list(in, a, path_below(a, root, STR("content")), STR("content"), &in->content, d))
		diag_add_path(d, RULE_FILE_UNREADABLE, STR("content"), "there is no folder “content” here");
	in->templates_dir = own_or_shared(in, a, share, STR("templates"), &in->templates, &own_templates, d);
	in->locales_dir = own_or_shared(in, a, share, STR("locales"), &in->locales, &in->own_locales, d);
}

/* Numbers as they lie in memory: tens of thousands of files are described twice a build. */
void input_describe_file(struct buf *out, struct str path, const struct fs_stat *st, bool ctime)
{
	const uint64_t fields[] = {(uint64_t)st->kind, st->size, (uint64_t)st->mtime_ns,
		ctime ? (uint64_t)st->ctime_ns : 0, st->inode, path.n};

	buf_add(out, str_make((const char *)fields, sizeof(fields)));
	buf_add(out, path);
}

static void describe_all(struct buf *out, const char *name, const struct fs_listing *l)
{
	buf_addf(out, "in %s\n", name);
	for (size_t i = 0; i < l->len; i++)
		if (l->entries[i].stat.kind == FS_DIR) /* its times tell of files that are left out, too */
			buf_addf(out, "%.*s/\n", STR_ARG(l->entries[i].path));
		else
			input_describe_file(out, l->entries[i].path, &l->entries[i].stat, true);
}

void input_describe(const struct input *in, struct buf *out)
{
	if (in->has_config)
		input_describe_file(out, STR("faktablad.yaml"), &in->config, true);
	describe_all(out, "content", &in->content);
	describe_all(out, in->locales_dir, &in->locales);
	describe_all(out, in->templates_dir, &in->templates);
}

int64_t input_newest(const struct input *in)
{
	const struct fs_listing *all[] = {&in->content, &in->locales, &in->templates};
	int64_t newest = in->has_config ? in->config.ctime_ns : 0;

	for (size_t k = 0; k < COUNT_OF(all); k++)
		for (size_t i = 0; i < all[k]->len; i++) {
			const struct fs_stat *st = &all[k]->entries[i].stat;

			if (st->kind != FS_DIR && st->ctime_ns > newest)
				newest = st->ctime_ns;
		}
	return newest;
}
