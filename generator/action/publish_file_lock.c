/* Who may change a directory: the lock, and the work folder without which nothing can be put or removed. */
#include "action/publish_file_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_TEXT_MAX 4096
#define LOCK_TRIES 8
#define WORK_PREFIX "work-"
#define LOCK_LEFTOVER "lock." /* a lock that was being rewritten: fs_replace() */

/* ---- the lock ---- */

static enum publish_answer read_lock(struct publish_file_link *f, struct buf *out)
{
	return publish_file_read(&f->base, PUBLISH_LOCK, LOCK_TEXT_MAX, out);
}

enum publish_answer publish_file_lock_read(struct publish_link *l, struct buf *out)
{
	return read_lock(publish_file_self(l), out);
}

/* The target and our folder in it. */
static enum publish_answer make_target(struct publish_file_link *f)
{
	struct fs_stat st;
	int error = fs_stat(f->fs, f->target->root, &st);

	if (error == ENOENT) {
		error = fs_mkdirs(f->fs, f->target->root);
		f->target->made_root = !error;
	} else if (!error && st.kind != FS_DIR) {
		error = ENOTDIR;
	}
	if (error)
		return publish_file_fail(f, "use as a target", f->target->root, error);
	return publish_file_make_folder(f, f->target->folder);
}

/* What a publish that did nothing would leave: folders that are empty. */
static void unmake_target(struct publish_file_link *f)
{
	if (fs_remove(f->fs, f->target->folder) == 0 && f->target->made_root)
		(void)fs_remove(f->fs, f->target->root);
}

/*
 * Two processes that change the lock do so one after the other: the system's own lock on our folder, which
 * ends with the process, covers the few calls in between.
 */
static int enter(struct publish_file_link *f)
{
	int fd = open(f->target->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -1;
	while (flock(fd, LOCK_EX) != 0)
		if (errno != EINTR)
			break; /* a file system without such locks: the exclusive create below still holds */
	return fd;
}

static enum publish_answer change_lock(struct publish_file_link *f, struct str new)
{
	struct arena scratch = *f->base.arena;
	const char *full = str_fmt(&scratch, "%s/" PUBLISH_LOCK, f->target->root).p;
	int error = new.n ? fs_replace(f->fs, full, new, 0644) : fs_remove(f->fs, full);

	return error ? publish_file_fail(f, new.n ? "write" : "remove", full, error) : ANSWER_OK;
}

static enum publish_answer swap_lock(struct publish_file_link *f, struct str old, struct str new)
{
	enum publish_answer answer;
	struct buf now;

	buf_init(&now, LOCK_TEXT_MAX);
	answer = read_lock(f, &now);
	if (answer == ANSWER_OK || answer == ANSWER_ABSENT)
		answer = str_eq(buf_str(&now), old) ? change_lock(f, new) : ANSWER_TAKEN;
	buf_release(&now);
	return answer;
}

/* ABSENT: our folder went away between two calls, or had not been made. */
static enum publish_answer create_lock(struct publish_file_link *f, struct str new)
{
	const char *full;
	int error;

	full = publish_file_at(f, STR(PUBLISH_LOCK));
	error = fs_create(f->fs, full, new, 0644);
	if (error == EEXIST)
		return ANSWER_TAKEN;
	if (error == ENOENT)
		return ANSWER_ABSENT;
	return error ? publish_file_fail(f, "write", full, error) : ANSWER_OK;
}

static enum publish_answer first_lock(struct publish_file_link *f, struct str new)
{
	enum publish_answer answer = ANSWER_ABSENT;

	for (int i = 0; i < LOCK_TRIES && answer == ANSWER_ABSENT; i++) {
		int guard;

		answer = make_target(f);
		if (answer != ANSWER_OK)
			break;
		guard = enter(f);
		answer = create_lock(f, new);
		if (answer == ANSWER_TAKEN)
			answer = swap_lock(f, STR(""), new); /* it may stand there and be empty */
		if (guard >= 0)
			close(guard);
	}
	if (answer == ANSWER_ABSENT)
		return publish_file_fail(f, "write the lock in", f->target->folder, ENOENT);
	if (answer == ANSWER_FAILED)
		unmake_target(f);
	return answer;
}

enum publish_answer publish_file_lock_swap(struct publish_link *l, struct str old, struct str new)
{
	struct publish_file_link *f = publish_file_self(l);
	enum publish_answer answer;
	int guard;

	if (old.n == 0)
		return first_lock(f, new);
	guard = enter(f);
	answer = swap_lock(f, old, new);
	if (guard >= 0)
		close(guard);
	if (answer == ANSWER_OK && new.n == 0)
		unmake_target(f);
	return answer;
}

/* ---- the work folder ---- */

static bool is_others(const struct publish_file_link *f, struct str name)
{
	if (str_starts(name, STR(LOCK_LEFTOVER)))
		return true;
	return str_starts(name, STR(WORK_PREFIX)) &&
	       !str_is(str_slice(name, strlen(WORK_PREFIX), name.n), f->base.b->token);
}

/* Moved away first: from then on its owner can neither put nor remove anything, however long the rest takes.
 */
static enum publish_answer clear_others(struct publish_file_link *f)
{
	struct arena scratch = *f->base.arena;
	struct fs_listing listing = {0};
	int error = fs_list_flat(f->fs, f->target->folder, &scratch, &listing);

	if (error)
		return publish_file_fail(f, "list", f->target->folder, error);
	for (size_t i = 0; i < listing.len; i++) {
		const char *path, *away;

		if (!is_others(f, listing.entries[i].path))
			continue;
		path = str_fmt(&scratch, "%s/%s", f->target->folder, listing.entries[i].path.p).p;
		away = str_fmt(&scratch, "%s/away-%zu", f->target->work, i).p;
		error = fs_rename(f->fs, path, away);
		if (!error)
			error = fs_remove_tree(f->fs, away);
		if (error && error != ENOENT)
			return publish_file_fail(f, "remove", path, error);
	}
	return ANSWER_OK;
}

enum publish_answer publish_file_begin(struct publish_link *l)
{
	struct publish_file_link *f = publish_file_self(l);
	enum publish_answer answer;

	f->target->work = str_fmt(l->b->arena, "%s/" WORK_PREFIX "%s", f->target->folder, l->b->token).p;
	answer = publish_file_make_folder(f, f->target->work);
	return answer == ANSWER_OK ? clear_others(f) : answer;
}

void publish_file_end(struct publish_link *l)
{
	struct publish_file_link *f = publish_file_self(l);

	if (f->target->work)
		(void)fs_remove_tree(f->fs, f->target->work);
	f->target->work = NULL;
}
