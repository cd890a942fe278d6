#include "support/temp.h"

#include <errno.h>
#include <unistd.h>

#include "base/buf.h"

char *temp_new(void)
{
	const char *base = getenv("TMPDIR");
	char path[512];
	char *root;

	if (!base || !*base)
		base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(path, sizeof(path), "%s/faktablad-test.XXXXXX", base);
	if (!mkdtemp(path))
		die("cannot make %s: %s", path, strerror(errno));
	root = xmalloc(strlen(path) + 1);
	memcpy(root, path, strlen(path) + 1);
	return root;
}

void temp_free(char *root)
{
	int error = fs_remove_tree(fs_real(), root);

	if (error)
		die("cannot remove %s: %s", root, strerror(error));
	free(root);
}

const char *temp_path(struct arena *a, const char *root, const char *name)
{
	return str_fmt(a, "%s/%s", root, name).p;
}

static void add_content(struct buf *out, struct arena *a, const char *path, const struct fs_stat *st)
{
	char target[1024];
	struct str text;
	ssize_t n;

	if (st->kind == FS_FILE && fs_read(fs_real(), path, a, (size_t)64 << 20, &text) == 0)
		buf_add(out, text);
	if (st->kind == FS_LINK && (n = readlink(path, target, sizeof(target))) >= 0)
		buf_add(out, str_make(target, (size_t)n));
}

struct str temp_tree(struct arena *a, const char *folder)
{
	static const char *const kinds[] = {
		[FS_FILE] = "file", [FS_DIR] = "folder", [FS_LINK] = "link", [FS_OTHER] = "other"};
	struct fs_listing l = {0};
	struct str result;
	struct buf out;

	if (!fs_exists(fs_real(), folder))
		return STR("absent");
	if (fs_list(fs_real(), folder, a, &l))
		return STR("unreadable");
	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < l.len; i++) {
		const struct fs_entry *e = &l.entries[i];

		buf_addf(&out, "%s %o %s ", kinds[e->stat.kind], e->stat.mode, e->path.p);
		add_content(&out, a, temp_path(a, folder, e->path.p), &e->stat);
		buf_addc(&out, '\n');
	}
	result = str_dup(a, buf_str(&out));
	buf_release(&out);
	return result;
}
