#include "action/publish_local.h"

#include "action/publish_source.h"
#include "base/task.h"

#include <errno.h>
#include <limits.h>

/* Absolute: libcurl and the check that target and site lie apart both want it. */
static const char *resolve(struct arena *a, const char *folder)
{
	char *found = realpath(folder, NULL);
	const char *out = found ? str_z(a, str_from(found)) : NULL;

	free(found);
	return out;
}

static bool read_manifest(struct publish_local *l, struct arena *a, struct buf *why)
{
	const char *path = str_fmt(a, "%s/" MANIFEST_NAME, l->folder).p;
	struct fs_stat st;
	struct str text, twice;
	size_t line;
	int error = fs_read(l->fs, path, a, MANIFEST_MAX_BYTES, &text);

	if (!error)
		error = fs_stat(l->fs, path, &st);
	if (error == ENOENT) {
		buf_addf(why, "%s was not made by build (it has no " MANIFEST_NAME "): run build first",
			l->shown);
		return false;
	}
	if (error) {
		buf_addf(why, "cannot read %s/" MANIFEST_NAME ": %s", l->shown, strerror(error));
		return false;
	}
	if (!manifest_read(&l->files, a, text, &line)) {
		buf_addf(why, "%s/" MANIFEST_NAME " is damaged at line %zu: run build again", l->shown, line);
		return false;
	}
	if (!manifest_sort(&l->files, &twice)) {
		buf_addf(why, "%s/" MANIFEST_NAME " lists %.*s twice: run build again", l->shown,
			STR_ARG(twice));
		return false;
	}
	l->built_ns = st.mtime_ns;
	return true;
}

bool publish_local_open(
	struct publish_local *out, struct fs *fs, struct arena *a, const char *folder, struct buf *why)
{
	struct publish_local l = {.fs = fs, .shown = folder, .folder = resolve(a, folder)};

	if (!l.folder) {
		buf_addf(why, "there is no %s to publish: run build first", folder);
		return false;
	}
	if (!read_manifest(&l, a, why))
		return false;
	for (size_t i = 0; i < l.files.len; i++)
		if (!publish_path_safe(l.files.entries[i].path)) {
			buf_addf(why, "%s/" MANIFEST_NAME " lists a path that cannot be published: “%.*s”",
				folder, STR_ARG(l.files.entries[i].path));
			return false;
		}
	l.site = manifest_digest(&l.files);
	*out = l;
	return true;
}

/* ---- is it what build wrote? ---- */

enum verdict { FINE, EDITED, MISSING, UNREADABLE };

struct check {
	const struct publish_local *local;
	const bool *sent; /* by index of the manifest, as are: */
	enum verdict *verdicts;
	int *errors;
};

static enum verdict judge(const struct check *c, size_t i, int *error)
{
	const struct manifest_entry *e = &c->local->files.entries[i];
	struct digest digest;
	char path[PATH_MAX];
	struct fs_stat st;
	uint64_t size;

	if (snprintf(path, sizeof(path), "%s/%.*s", c->local->folder, STR_ARG(e->path)) >= (int)sizeof(path))
		*error = ENAMETOOLONG;
	else
		*error = fs_stat(c->local->fs, path, &st);
	if (*error)
		return *error == ENOENT || *error == ENOTDIR ? MISSING : UNREADABLE;
	if (st.kind != FS_FILE || st.size != e->size)
		return EDITED;
	if (!c->sent[i] && st.mtime_ns <= c->local->built_ns)
		return FINE;
	*error = publish_source_digest(c->local->fs, path, &digest, &size);
	if (*error)
		return UNREADABLE;
	return digest_eq(&digest, &e->digest) ? FINE : EDITED;
}

static void check_one(void *ctx, unsigned worker, size_t index)
{
	struct check *c = ctx;

	(void)worker;
	c->verdicts[index] = judge(c, index, &c->errors[index]);
}

static void say(const struct check *c, size_t first, size_t more, struct buf *why)
{
	static const char *const texts[] = {
		[EDITED] = "is not what the last build wrote (edited by hand?)",
		[MISSING] = "is gone",
		[UNREADABLE] = "cannot be read: ",
	};

	buf_addf(why, "%s/%.*s %s", c->local->shown, STR_ARG(c->local->files.entries[first].path),
		texts[c->verdicts[first]]);
	if (c->verdicts[first] == UNREADABLE)
		buf_addz(why, strerror(c->errors[first]));
	if (more)
		buf_addf(why, ", and %zu more are not as they were", more);
	if (c->verdicts[first] != UNREADABLE)
		buf_addz(why, ": run build again");
}

bool publish_local_check(
	const struct publish_local *l, struct arena *a, const struct publish_plan *plan, struct buf *why)
{
	bool *sent = arena_new_n(a, bool, l->files.len);
	struct check c = {
		.local = l,
		.sent = sent,
		.verdicts = arena_new_n(a, enum verdict, l->files.len),
		.errors = arena_new_n(a, int, l->files.len),
	};
	size_t first = l->files.len, bad = 0;

	for (size_t i = 0; i < plan->len; i++) {
		const struct manifest_entry *e = manifest_find(&l->files, plan->steps[i].entry.path);

		if (e)
			sent[e - l->files.entries] = true;
	}
	task_run(task_threads(), l->files.len, check_one, &c);
	for (size_t i = l->files.len; i-- > 0;)
		if (c.verdicts[i] != FINE) {
			first = i;
			bad++;
		}
	if (bad)
		say(&c, first, bad - 1, why);
	return bad == 0;
}
