/*
 * publish_file: a directory, through libcurl's file://.
 *
 * libcurl truncates a file and writes into it, and makes no folders. So it writes to a name in a work folder
 * of this publisher's own, .faktablad/work-<token>/, and the file is renamed from there: a visitor reads the
 * old bytes or the new ones. What is removed goes by way of the same folder. Whoever takes over a lock moves
 * the other's work folder away (publish_file_lock.c), and from that moment the other can change nothing.
 */
#include "action/publish_file_impl.h"
#include "action/publish_url.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define CURL_PIECE_BYTES ((size_t)64 << 10) /* most that libcurl writes at a time */

static const char *what_to_do(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return ": make room and publish again";
	case EACCES:
	case EPERM:
		return ": give the user who publishes the right to write there";
	default:
		return "";
	}
}

enum publish_answer publish_file_fail(
	struct publish_file_link *f, const char *doing, const char *path, int error)
{
	buf_addf(f->base.why, "cannot %s %s: %s%s", doing, path, strerror(error), what_to_do(error));
	return ANSWER_FAILED;
}

/* A write that was cut short leaves no error behind, only a disk without room for another piece. */
static bool is_full(struct publish_file_link *f)
{
	struct statvfs v;

	return statvfs(f->target->folder, &v) == 0 && (uint64_t)v.f_bavail * v.f_frsize < CURL_PIECE_BYTES;
}

/* The same for libcurl, which seldom says why. */
static enum publish_answer fail_curl(struct publish_file_link *f, const char *doing, const char *path)
{
	int error = publish_curl_errno(f->curl);

	if (!error && is_full(f))
		error = ENOSPC;
	if (error)
		return publish_file_fail(f, doing, path, error);
	buf_addf(f->base.why, "cannot %s %s: %s", doing, path, publish_curl_why(f->curl));
	return ANSWER_FAILED;
}

const char *publish_file_at(struct publish_file_link *f, struct str path)
{
	buf_clear(&f->path);
	buf_addf(&f->path, "%s/%.*s", f->target->root, STR_ARG(path));
	return f->path.p;
}

static const char *url_of(struct publish_file_link *f, const char *path)
{
	buf_clear(&f->url);
	buf_addz(&f->url, "file://");
	publish_url_encode(&f->url, str_from(path));
	return f->url.p;
}

/* ---- opening ---- */

/* The parts of a path that do not exist yet: plain names only, since “..” after one of them means nothing. */
static bool is_plain_rest(struct str rest)
{
	struct str name;

	while (str_cut(&rest, '/', &name))
		if (str_is(name, "..") || str_is(name, "."))
			return false;
	return true;
}

/* An absolute path without links, also when its last parts do not exist. NULL: errno. */
static const char *real_path(struct arena *a, const char *path)
{
	char *head = (char *)str_dup(a, str_from(path)).p, *found;
	size_t n = strlen(path);
	const char *out;

	while ((found = realpath(n ? head : "/", NULL)) == NULL) {
		if (errno != ENOENT || n == 0)
			return NULL;
		while (n && head[n - 1] == '/')
			n--;
		while (n && head[n - 1] != '/')
			n--;
		head[n] = 0;
	}
	if (is_plain_rest(str_from(path + n))) {
		out = str_fmt(a, "%s%s%s", found, path[n] && found[1] ? "/" : "", path + n).p;
	} else {
		errno = ENOENT;
		out = NULL;
	}
	free(found);
	return out;
}

static bool is_below(struct str path, struct str folder)
{
	if (folder.n == 1)
		return true;
	return str_starts(path, folder) && (path.n == folder.n || path.p[folder.n] == '/');
}

static bool lies_apart(const struct publish_backend *base, const char *root)
{
	struct str from = str_from(base->from), to = str_from(root);

	if (!base->from)
		return true;
	if (!is_below(from, to) && !is_below(to, from))
		return true;
	if (str_eq(from, to))
		buf_addf(base->why, "the target %s is the folder that is published: choose another", root);
	else if (is_below(to, from))
		buf_addf(base->why,
			"the target %s lies inside %s, where the next build would carry it along: choose a folder "
			"outside",
			root, base->from);
	else
		buf_addf(base->why, "the target %s holds %s itself: choose a folder of its own", root,
			base->from);
	return false;
}

static struct publish_backend *file_open(const struct publish_backend *base)
{
	struct publish_file *f;
	const char *path, *root;

	if (!publish_url_file_path(base->arena, base->settings->url, &path, base->why))
		return NULL;
	root = real_path(base->arena, path);
	if (!root) {
		buf_addf(base->why, "cannot use %s as a target: %s", path, strerror(errno));
		return NULL;
	}
	if (!lies_apart(base, root))
		return NULL;
	f = arena_new(base->arena, struct publish_file);
	f->base = *base;
	f->base.name = f->root = root;
	f->base.guarantee = "a visitor reads every page whole, the old one or the new one";
	f->folder = str_fmt(base->arena, "%s/" PUBLISH_FOLDER, root).p;
	return &f->base;
}

static void file_close(struct publish_backend *b)
{
	(void)b;
}

static struct publish_link *file_connect(const struct publish_link *bare, enum publish_answer *answer)
{
	struct publish_file_link *f = xmalloc(sizeof(*f));

	*f = (struct publish_file_link){
		.base = *bare,
		.target = (struct publish_file *)bare->b,
		.fs = bare->b->fs,
		.curl = publish_curl_new("file", bare->b->settings, bare->stop),
	};
	buf_init(&f->path, BUF_MAX_DEFAULT);
	buf_init(&f->url, BUF_MAX_DEFAULT);
	buf_init(&f->checked, BUF_MAX_DEFAULT);
	*answer = ANSWER_OK;
	return &f->base;
}

static void file_disconnect(struct publish_link *l)
{
	struct publish_file_link *f = publish_file_self(l);

	publish_curl_free(f->curl);
	buf_release(&f->path);
	buf_release(&f->url);
	buf_release(&f->checked);
	free(f);
}

/* Where a file system has no hard links, a look beforehand must do. */
static bool lacks_links(int error)
{
	return error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK;
}

/* ---- folders ---- */

/* Says in `why` what stands in the way. */
static enum publish_answer not_a_folder(struct publish_file_link *f, const char *path, enum fs_kind kind)
{
	buf_addf(f->base.why, "%s %s stands where the site needs a folder: move it away",
		kind == FS_LINK ? "a symbolic link" : "a file of somebody else's at", path);
	return ANSWER_TAKEN;
}

static enum publish_answer check_folder(struct publish_file_link *f, const char *path)
{
	struct fs_stat st;
	int error = fs_stat(f->fs, path, &st);

	if (error == ENOENT)
		return ANSWER_ABSENT;
	if (error)
		return publish_file_fail(f, "look at", path, error);
	return st.kind == FS_DIR ? ANSWER_OK : not_a_folder(f, path, st.kind);
}

/*
 * Every folder on the way to a file, from the root on, must be one and no link. Jobs mostly come sorted, so
 * what was checked for the last one is remembered.
 */
static enum publish_answer check_parents(struct publish_file_link *f, struct str path)
{
	enum publish_answer answer = ANSWER_OK;

	for (size_t i = 0; i < path.n && answer == ANSWER_OK; i++) {
		struct str folder = str_slice(path, 0, i + 1);

		if (path.p[i] != '/' || str_starts(buf_str(&f->checked), folder))
			continue;
		answer = check_folder(f, publish_file_at(f, str_slice(path, 0, i)));
		if (answer == ANSWER_OK) {
			buf_clear(&f->checked);
			buf_add(&f->checked, folder);
		}
	}
	return answer;
}

enum publish_answer publish_file_make_folder(struct publish_file_link *f, const char *path)
{
	int error = fs_mkdir(f->fs, path, 0755);

	if (error == EEXIST)
		return check_folder(f, path);
	return error ? publish_file_fail(f, "make the folder", path, error) : ANSWER_OK;
}

static enum publish_answer file_make_folder(struct publish_link *l, struct str path)
{
	struct publish_file_link *f = publish_file_self(l);

	return publish_file_make_folder(f, publish_file_at(f, path));
}

static void file_drop_folder(struct publish_link *l, struct str path)
{
	struct publish_file_link *f = publish_file_self(l);
	const char *full = publish_file_at(f, path);
	struct fs_stat st;

	if (fs_stat(f->fs, full, &st) == 0 && st.kind == FS_DIR)
		(void)fs_remove(f->fs, full);
	buf_clear(&f->checked);
}

static enum publish_kind kind_of(enum fs_kind kind)
{
	return kind == FS_FILE ? PUBLISH_FILE : kind == FS_DIR ? PUBLISH_DIR : PUBLISH_OTHER;
}

static enum publish_answer file_list(
	struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out)
{
	struct publish_file_link *f = publish_file_self(l);
	const char *full = folder.n ? publish_file_at(f, folder) : f->target->root;
	struct fs_listing listing = {0};
	int error = fs_list_flat(f->fs, full, a, &listing);

	if (error == ENOENT)
		return ANSWER_ABSENT;
	if (error)
		return publish_file_fail(f, "list", full, error);
	for (size_t i = 0; i < listing.len; i++) {
		const struct fs_entry *e = &listing.entries[i];

		publish_listing_add(
			out, a, &(struct publish_listed){e->path, kind_of(e->stat.kind), true, e->stat.size});
	}
	return ANSWER_OK;
}

/* Nothing is renamed over: the lock and the work folder have ways of their own (publish_file_lock.c). */
static enum publish_answer file_rename(struct publish_link *l, struct str from, struct str to)
{
	struct publish_file_link *f = publish_file_self(l);
	struct arena scratch = *l->arena;
	const char *source = str_z(&scratch, str_from(publish_file_at(f, from)));
	int error = fs_rename(f->fs, source, publish_file_at(f, to));

	if (error == ENOENT)
		return ANSWER_ABSENT;
	return error ? publish_file_fail(f, "rename", source, error) : ANSWER_OK;
}

/* A second name for the same bytes; they are never written into, only replaced. */
static int give_name(struct publish_file_link *f, struct str from, const char *to)
{
	const char *source = publish_file_at(f, from);
	struct fs_stat st;
	int error = fs_stat(f->fs, source, &st);

	if (!error && st.kind != FS_FILE)
		error = ENOENT;
	if (!error)
		error = fs_link(f->fs, source, to);
	return lacks_links(error) ? fs_copy(f->fs, source, to) : error;
}

static enum publish_answer file_copy(struct publish_link *l, struct str from, struct str to)
{
	struct publish_file_link *f = publish_file_self(l);
	struct arena scratch = *l->arena;
	const char *full = str_z(&scratch, str_from(publish_file_at(f, to)));
	enum publish_answer answer = check_parents(f, from);
	int error;

	if (answer != ANSWER_OK)
		return answer == ANSWER_TAKEN ? ANSWER_ABSENT : answer;
	error = give_name(f, from, full);
	if (error == ENOENT)
		return ANSWER_ABSENT;
	return error && error != EEXIST ? publish_file_fail(f, "copy to", full, error) : ANSWER_OK;
}

/* ---- small files ---- */

enum publish_answer publish_file_read(struct publish_link *l, const char *path, size_t max, struct buf *out)
{
	struct publish_file_link *f = publish_file_self(l);
	const char *full = publish_file_at(f, str_from(path));
	struct fs_stat st;
	int error = fs_stat(f->fs, full, &st);

	if (error == ENOENT || error == ENOTDIR)
		return ANSWER_ABSENT;
	if (error)
		return publish_file_fail(f, "read", full, error);
	if (st.kind != FS_FILE)
		return publish_file_fail(f, "read", full, EINVAL);
	publish_curl_begin(f->curl, url_of(f, full));
	publish_curl_take(f->curl, out, max);
	if (publish_curl_perform(f->curl) == ANSWER_OK)
		return ANSWER_OK;
	/* Replaced or removed since: its absence is an answer too. */
	return fs_exists(f->fs, full) ? fail_curl(f, "read", full) : ANSWER_ABSENT;
}

static enum publish_answer file_write(struct publish_link *l, const char *path, struct str text)
{
	struct publish_file_link *f = publish_file_self(l);
	struct arena scratch = *l->arena;
	const char *temporary = str_fmt(&scratch, "%s/small", f->target->work).p;
	const char *full = publish_file_at(f, str_from(path));
	int error;

	(void)fs_remove(f->fs, temporary);
	error = fs_create(f->fs, temporary, text, 0644);
	if (!error)
		error = fs_sync(f->fs, temporary);
	if (!error)
		error = fs_rename(f->fs, temporary, full);
	return error ? publish_file_fail(f, "write", full, error) : ANSWER_OK;
}

/* ---- files ---- */

/* The bytes, under a temporary name, with the digest that they must have. */
static enum publish_answer send_bytes(
	struct publish_file_link *f, const struct publish_job *job, const char *temporary)
{
	struct publish_source source;
	struct digest digest;
	uint64_t size;
	bool sent;
	int error = publish_source_open(&source, f->fs, job->local);

	if (error)
		return publish_unsent(&f->base, job->local, error);
	publish_curl_begin(f->curl, url_of(f, temporary));
	publish_curl_send(f->curl, &source);
	sent = publish_curl_perform(f->curl) == ANSWER_OK;
	publish_source_close(&source, &digest, &size);
	if (source.error)
		return publish_unsent(&f->base, job->local, source.error);
	if (!sent)
		return fail_curl(f, "write", publish_file_at(f, job->path));
	if (size == job->size && digest_eq(&digest, &job->digest))
		return ANSWER_OK;
	buf_addf(f->base.why, "%s is not what the last build wrote: run build again", job->local);
	return ANSWER_CHANGED;
}

/* The same from what was kept. */
static enum publish_answer bring_back(
	struct publish_file_link *f, const struct publish_job *job, const char *temporary)
{
	int error;

	(void)fs_remove(f->fs, temporary);
	error = give_name(f, job->kept, temporary);
	return error ? publish_file_fail(f, "bring back", publish_file_at(f, job->kept), error) : ANSWER_OK;
}

static int rename_in(struct fs *fs, const char *temporary, const char *full, bool fresh)
{
	struct fs_stat st;
	int error = fs_stat(fs, full, &st);

	if (error && error != ENOENT)
		return error;
	if (!error && (fresh || st.kind != FS_FILE))
		return EEXIST;
	return fs_rename(fs, temporary, full);
}

/* A new name is linked, which fails when somebody has taken it; an old one is renamed over. */
static int move_in(struct fs *fs, const char *temporary, const char *full, bool fresh)
{
	int error;

	if (!fresh)
		return rename_in(fs, temporary, full, false);
	error = fs_link(fs, temporary, full);
	if (error)
		return lacks_links(error) ? rename_in(fs, temporary, full, true) : error;
	return fs_remove(fs, temporary);
}

/* From the temporary name to the final one. */
static enum publish_answer finish(
	struct publish_file_link *f, const struct publish_job *job, const char *temporary)
{
	const char *full = publish_file_at(f, job->path);
	int error = fs_chmod(f->fs, temporary, 0644);

	if (!error)
		error = move_in(f->fs, temporary, full, job->fresh);
	if (error == EEXIST) {
		buf_addf(f->base.why, "%s is somebody else's: move it away", full);
		return ANSWER_TAKEN;
	}
	return error ? publish_file_fail(f, "write", full, error) : ANSWER_OK;
}

static enum publish_answer put_one(struct publish_file_link *f, const struct publish_job *job)
{
	struct arena scratch = *f->base.arena;
	const char *temporary = str_fmt(&scratch, "%s/%u", f->target->work, f->base.number).p;
	enum publish_answer answer = check_parents(f, job->path);

	if (answer == ANSWER_ABSENT)
		return publish_file_fail(f, "write", publish_file_at(f, job->path), ENOENT);
	if (answer != ANSWER_OK)
		return answer;
	answer = job->local ? send_bytes(f, job, temporary) : bring_back(f, job, temporary);
	if (answer == ANSWER_OK)
		answer = finish(f, job, temporary);
	/* Renamed to a name that the same bytes already had, it is still there, and must not be written into. */
	if (answer != ANSWER_OK || !job->local)
		(void)fs_remove(f->fs, temporary);
	return answer;
}

/* By way of the work folder, so that whoever lost the lock removes nothing either. */
static int remove_file(struct publish_file_link *f, const char *full)
{
	struct arena scratch = *f->base.arena;
	const char *gone = str_fmt(&scratch, "%s/gone-%u", f->target->work, f->base.number).p;
	int error = fs_rename(f->fs, full, gone);

	return error ? error : fs_remove(f->fs, gone);
}

static enum publish_answer remove_one(struct publish_file_link *f, const struct publish_job *job)
{
	enum publish_answer answer = check_parents(f, job->path);
	const char *full;
	struct fs_stat st;
	int error;

	if (answer != ANSWER_OK)
		return answer == ANSWER_FAILED ? answer : ANSWER_OK;
	full = publish_file_at(f, job->path);
	error = fs_stat(f->fs, full, &st);
	if (error == ENOENT || (!error && st.kind != FS_FILE))
		return ANSWER_OK;
	if (!error)
		error = remove_file(f, full);
	return error ? publish_file_fail(f, "remove", full, error) : ANSWER_OK;
}

static enum publish_answer digest_file(struct publish_file_link *f, const char *full, struct publish_job *job)
{
	struct digest_run *run = digest_run_new();
	enum publish_answer answer;

	publish_curl_begin(f->curl, url_of(f, full));
	publish_curl_take_digest(f->curl, run);
	answer = publish_curl_perform(f->curl);
	job->digest = digest_run_free(run);
	job->size = publish_curl_received(f->curl);
	return answer == ANSWER_OK || answer == ANSWER_STOPPED ? answer : fail_curl(f, "read", full);
}

static enum publish_answer look_one(struct publish_file_link *f, struct publish_job *job, bool digests)
{
	enum publish_answer answer = check_parents(f, job->path);
	const char *full;
	struct fs_stat st;
	int error;

	if (answer != ANSWER_OK)
		return answer;
	full = publish_file_at(f, job->path);
	error = fs_stat(f->fs, full, &st);
	if (error == ENOENT)
		return ANSWER_ABSENT;
	if (error)
		return publish_file_fail(f, "look at", full, error);
	job->size = st.size;
	if (st.kind != FS_FILE)
		return ANSWER_TAKEN;
	return digests ? digest_file(f, full, job) : ANSWER_OK;
}

static enum publish_answer file_put(struct publish_link *l, struct publish_job *job)
{
	return put_one(publish_file_self(l), job);
}

static enum publish_answer file_remove(struct publish_link *l, struct publish_job *job)
{
	return remove_one(publish_file_self(l), job);
}

static enum publish_answer file_look(struct publish_link *l, struct publish_job *job)
{
	return look_one(publish_file_self(l), job, false);
}

static enum publish_answer file_digest(struct publish_link *l, struct publish_job *job)
{
	return look_one(publish_file_self(l), job, true);
}

/* The link is made in the work folder: whoever lost the lock can make none. */
static enum publish_answer file_point(struct publish_link *l, struct str path, struct str to)
{
	struct publish_file_link *f = publish_file_self(l);
	struct arena scratch = *l->arena;
	const char *temporary = str_fmt(&scratch, "%s/link", f->target->work).p;
	const char *full = publish_file_at(f, path);
	struct fs_stat st;
	int error = fs_stat(f->fs, full, &st);

	if (!error && st.kind != FS_LINK) {
		buf_addf(f->base.why, "%s is no symbolic link: move it away", full);
		return ANSWER_TAKEN;
	}
	if (!error || error == ENOENT) {
		(void)fs_remove(f->fs, temporary);
		error = symlink(str_z(&scratch, to), temporary) == 0 ? 0 : errno;
	}
	if (!error)
		error = fs_rename(f->fs, temporary, full);
	return error ? publish_file_fail(f, "switch", full, error) : ANSWER_OK;
}

static enum publish_answer file_flush(struct publish_link *l)
{
	struct publish_file_link *f = publish_file_self(l);
	int error = fs_sync(f->fs, f->target->root);

	return error ? publish_file_fail(f, "write to disk", f->target->root, error) : ANSWER_OK;
}

const struct publish_backend_ops publish_file_ops = {
	.local = true,
	.connections = 1,
	.open = file_open,
	.close = file_close,
	.connect = file_connect,
	.disconnect = file_disconnect,
	.read = publish_file_read,
	.write = file_write,
	.list = file_list,
	.rename = file_rename,
	.lock_read = publish_file_lock_read,
	.lock_swap = publish_file_lock_swap,
	.begin = publish_file_begin,
	.end = publish_file_end,
	.make_folder = file_make_folder,
	.drop_folder = file_drop_folder,
	.put = file_put,
	.remove = file_remove,
	.look = file_look,
	.digest = file_digest,
	.copy = file_copy,
	.point = file_point,
	.flush = file_flush,
};
