/* Folders on a WebDAV server, and who may change the target: the lock, begin and end. */
#include "action/publish_dav_impl.h"
#include "action/publish_lock.h"

#include <unistd.h>

#define LEVELS_MAX 64 /* of folders above the target */
#define DRAIN_SECONDS                                                                                        \
	2 /* for files that are on their way: a lock is asked for when a request begins, and then no more */
#define FENCE_TRIES 5
#define FENCE_SECONDS ((int64_t)24 * 60 * 60)
#define OWNER "owner" /* in a work folder: the lock's text of whose it is */
#define WORK PUBLISH_FOLDER "/" PUBLISH_WORK_PREFIX

static bool is_fine(long status)
{
	return status >= 200 && status < 300;
}

/* What a path is: OK with *is_folder, or ABSENT. */
static enum publish_answer look(struct dav_link *d, struct str path, enum dav_slash slash, bool *is_folder)
{
	struct arena scratch = *d->link.arena;
	struct dav_items items;
	enum publish_answer answer = publish_dav_find(d, path, slash, 0, &scratch, &items);

	*is_folder = answer == ANSWER_OK && items.is_folder;
	return answer;
}

/* ---- making ---- */

/* What MKCOL could not make: is it there? */
static enum publish_answer explain(
	struct dav_link *d, struct str path, enum publish_answer answer, size_t said)
{
	size_t end = d->link.why->n;
	bool is_folder;

	if (look(d, path, DAV_FOLDER, &is_folder) == ANSWER_OK && is_folder) {
		buf_cut(d->link.why, said);
		return ANSWER_OK;
	}
	buf_cut(d->link.why, end);
	if (look(d, path, DAV_FILE, &is_folder) == ANSWER_OK && !is_folder) {
		buf_cut(d->link.why, said);
		buf_addf(d->link.why,
			"a file of somebody else's at %.*s on %s stands where the site needs a folder: move it "
			"away",
			STR_ARG(path), d->link.b->name);
		return ANSWER_TAKEN;
	}
	buf_cut(d->link.why, end);
	return answer;
}

enum publish_answer publish_dav_make_folder(struct publish_link *l, struct str path)
{
	struct dav_link *d = dav_link(l);
	size_t said = l->why->n;
	enum publish_answer answer;
	long status;

	publish_dav_begin(d, "MKCOL", path, DAV_FOLDER);
	answer = publish_dav_ask(d, "make the folder", path, &status);
	if (answer != ANSWER_OK || is_fine(status))
		return answer;
	answer = publish_dav_judge(d, "make the folder", path);
	if (answer == ANSWER_ABSENT) {
		buf_addf(l->why, "cannot make the folder %.*s on %s: the one above it is missing",
			STR_ARG(path), l->b->name);
		answer = ANSWER_FAILED;
	}
	return answer == ANSWER_AGAIN ? answer : explain(d, path, answer, said);
}

/* MKCOL of the first `n` bytes of the target's own path. */
static enum publish_answer make_level(struct dav_link *d, size_t n, long *status)
{
	publish_dav_begin_above(d, "MKCOL", n);
	return publish_dav_ask(d, "make", STR(""), status);
}

/* The target's own folder with those above it: up to one that can be made, and down again. */
static enum publish_answer make_target(struct dav_link *d)
{
	struct str folder = dav_of(&d->link)->folder;
	size_t ends[LEVELS_MAX], levels = 0, at;
	enum publish_answer answer;
	long status;

	for (size_t i = 1; i < folder.n && levels < LEVELS_MAX; i++)
		if (folder.p[i] == '/')
			ends[levels++] = i + 1;
	if (!levels)
		return ANSWER_OK;
	for (at = levels - 1;; at--) {
		answer = make_level(d, ends[at], &status);
		if (answer != ANSWER_OK)
			return answer;
		if ((status != 409 && status != 404) || at == 0)
			break;
	}
	while (is_fine(status) || status == 405) {
		if (++at == levels)
			return ANSWER_OK;
		answer = make_level(d, ends[at], &status);
		if (answer != ANSWER_OK)
			return answer;
	}
	answer = publish_dav_judge(d, "make", STR(""));
	if (answer == ANSWER_ABSENT)
		buf_addf(d->link.why, "cannot make %s: the server says that there is no such place",
			d->link.b->name);
	return answer == ANSWER_ABSENT ? ANSWER_FAILED : answer;
}

/* ---- dropping ---- */

static bool is_ours(struct str path)
{
	return str_starts(path, STR(WORK)) || str_starts(path, STR(PUBLISH_FOLDER "/gone-"));
}

static bool is_empty(struct dav_link *d, struct str path)
{
	struct arena scratch = *d->link.arena;
	struct dav_items items;

	return publish_dav_find(d, path, DAV_FOLDER, 1, &scratch, &items) == ANSWER_OK && items.is_folder &&
	       !items.len;
}

static void delete_folder(struct dav_link *d, struct str path)
{
	long status;

	publish_dav_begin(d, "DELETE", path, DAV_FOLDER);
	(void)publish_dav_ask(d, "remove", path, &status);
}

/*
 * DELETE takes a folder with all that is in it, also with what somebody put there since it was seen to be
 * empty. So it is moved into our work folder, looked at again, and moved back when it is no longer empty.
 */
static void drop_by_move(struct dav_link *d, struct str path)
{
	struct str away =
		str_from(publish_guard_name(&d->link, atomic_fetch_add(&dav_of(&d->link)->count, 1)));
	long status;

	if (publish_dav_move(d, path, away, DAV_FOLDER, false, &status) != ANSWER_OK || !is_fine(status))
		return;
	if (is_empty(d, away))
		delete_folder(d, away);
	else
		(void)publish_dav_move(d, away, path, DAV_FOLDER, false, &status);
}

/* Our own two stay, empty: another publisher may be taking the lock in them right now. */
void publish_dav_drop_folder(struct publish_link *l, struct str path)
{
	struct dav_link *d = dav_link(l);
	size_t said = l->why->n;

	if (str_is(path, PUBLISH_FOLDER) || str_is(path, PUBLISH_LOCK))
		return;
	if (is_empty(d, path)) {
		if (is_ours(path))
			delete_folder(d, path);
		else if (atomic_load(&dav_of(l)->begun))
			drop_by_move(d, path);
	}
	buf_cut(l->why, said);
}

/* ---- renaming ---- */

static bool is_work_folder(struct str path)
{
	return str_starts(path, STR(WORK)) &&
	       str_find_byte(str_slice(path, strlen(WORK), path.n), '/') == path.n - strlen(WORK);
}

/*
 * Some servers make a folder that is missing when a file is put into it: so that the folder that was moved
 * away does not come back, a file stands in its place. ABSENT: it had already come back.
 */
static enum publish_answer close_place(struct dav_link *d, struct str path)
{
	long status;
	enum publish_answer answer;

	publish_dav_begin(d, NULL, path, DAV_FILE);
	publish_curl_send_text(d->curl, STR("This publish was taken over.\n"));
	answer = publish_dav_ask(d, "close", path, &status);
	if (answer != ANSWER_OK || is_fine(status))
		return answer;
	answer = publish_dav_judge(d, "close", path);
	return status == 409 || status == 405 ? ANSWER_ABSENT : answer;
}

static enum publish_answer move_once(struct dav_link *d, struct str from, struct str to, enum dav_slash slash)
{
	long status;
	size_t said = d->link.why->n;
	enum publish_answer answer = publish_dav_move(d, from, to, slash, false, &status);

	if (answer != ANSWER_OK)
		return answer;
	/* A folder without a slash at its end (nginx). */
	if (status == 400 && slash == DAV_FILE) {
		answer = publish_dav_move(d, from, to, DAV_FOLDER, false, &status);
		if (answer != ANSWER_OK)
			return answer;
	}
	answer = publish_dav_judge(d, "rename", from);
	if (answer == ANSWER_OK || answer == ANSWER_ABSENT)
		buf_cut(d->link.why, said);
	return answer;
}

/*
 * May the owner of a work folder come back? Its lock's text lies in it from the moment when it could begin; without
 * it there was no such moment, and it will find that its lock is gone. What cannot be read may mean anything.
 */
static bool may_come_back(struct dav_link *d, struct str work)
{
	const char *path = STR_CONCAT(d->link.arena, work, STR("/" OWNER)).p;
	size_t said = d->link.why->n;
	enum publish_answer answer;
	struct buf text;
	bool dead;

	buf_init(&text, PUBLISH_LOCK_MAX_BYTES);
	answer = publish_dav_read(&d->link, path, PUBLISH_LOCK_MAX_BYTES, &text);
	dead = answer == ANSWER_ABSENT || (answer == ANSWER_OK && publish_lock_is_dead(buf_str(&text)));
	buf_release(&text);
	buf_cut(d->link.why, said);
	return !dead;
}

/* Somebody else's work folder goes, and stays away. */
static enum publish_answer move_work(struct dav_link *d, struct str from, struct str to)
{
	bool lives = may_come_back(d, from);
	enum publish_answer answer = move_once(d, from, to, DAV_FOLDER), closed = ANSWER_ABSENT;
	size_t said = d->link.why->n;

	dav_of(&d->link)->drain |= lives;
	if (answer != ANSWER_OK || !lives || !dav_of(&d->link)->server->makes_folders)
		return answer;
	for (int i = 0; i < FENCE_TRIES && closed == ANSWER_ABSENT; i++) {
		buf_cut(d->link.why, said);
		closed = close_place(d, from);
		if (closed == ANSWER_ABSENT)
			(void)move_once(d, from,
				STR_CONCAT(d->link.arena, to, STR("-"), str_fmt(d->link.arena, "%d", i)),
				DAV_FOLDER);
	}
	return closed == ANSWER_ABSENT ? ANSWER_FAILED : closed;
}

enum publish_answer publish_dav_rename(struct publish_link *l, struct str from, struct str to)
{
	struct dav_link *d = dav_link(l);

	return is_work_folder(from) ? move_work(d, from, to) : move_once(d, from, to, DAV_FILE);
}

/* ---- the lock ---- */

enum publish_answer publish_dav_look_at_target(struct dav_link *d)
{
	struct dav *v = dav_of(&d->link);
	bool is_folder;
	enum publish_answer answer = look(d, STR(""), DAV_FOLDER, &is_folder);

	v->looked = answer == ANSWER_OK || answer == ANSWER_ABSENT;
	v->absent = answer == ANSWER_ABSENT;
	if (answer != ANSWER_OK || is_folder)
		return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
	buf_addf(d->link.why, "%s is a file: the target must be a folder", v->base.name);
	return ANSWER_FAILED;
}

enum publish_answer publish_dav_lock_swap(struct publish_link *l, struct str old, struct str new)
{
	struct dav *v = dav_of(l);
	enum publish_answer answer =
		v->looked || !new.n ? ANSWER_OK : publish_dav_look_at_target(dav_link(l));

	if (answer == ANSWER_OK && v->absent && new.n) {
		answer = make_target(dav_link(l));
		v->absent = answer != ANSWER_OK;
	}
	if (answer == ANSWER_OK)
		answer = publish_guard_lock_swap(l, old, new);
	if (answer == ANSWER_OK && !v->lock.n)
		v->lock = str_dup(v->base.arena, new);
	return answer;
}

/* The files that stand where work folders of others were: after a day nobody comes back. */
static void clear_places(struct dav_link *d)
{
	struct arena scratch = *d->link.arena;
	size_t said = d->link.why->n;
	struct dav_items items;
	int64_t now;

	if (publish_dav_find(d, STR(PUBLISH_FOLDER), DAV_FOLDER, 1, &scratch, &items) == ANSWER_OK) {
		now = publish_dav_date(publish_curl_header(d->curl, "Date"));
		for (size_t i = 0; i < items.len; i++) {
			const struct dav_item *item = &items.items[i];

			if (item->listed.kind == PUBLISH_FILE &&
				str_starts(item->listed.name, STR(PUBLISH_WORK_PREFIX)) && item->changed &&
				now - item->changed > FENCE_SECONDS)
				(void)publish_dav_remove(&d->link,
					&(struct publish_job){
						.path = STR_CONCAT(&scratch, STR(PUBLISH_FOLDER "/"),
							item->listed.name)});
		}
	}
	buf_cut(d->link.why, said);
}

enum publish_answer publish_dav_begin_work(struct publish_link *l)
{
	struct dav *v = dav_of(l);
	const char *owner = str_fmt(l->arena, WORK "%s/" OWNER, v->base.token).p;
	enum publish_answer answer = publish_guard_begin(l);

	if (answer == ANSWER_OK)
		answer = publish_dav_write(l, owner, v->lock);
	if (answer == ANSWER_OK && publish_dav_replaces_in_place(v->server))
		answer = publish_dav_break_holds(dav_link(l));
	if (answer == ANSWER_OK && publish_dav_replaces_in_place(v->server) && v->drain)
		sleep(DRAIN_SECONDS);
	if (answer != ANSWER_OK)
		return answer;
	if (v->server->makes_folders)
		clear_places(dav_link(l));
	atomic_store(&v->begun, true);
	return ANSWER_OK;
}

void publish_dav_end_work(struct publish_link *l)
{
	publish_dav_release(dav_link(l));
	publish_guard_end(l);
	atomic_store(&dav_of(l)->begun, false);
}

enum publish_answer publish_dav_check_work(struct dav_link *d, enum publish_answer answer)
{
	struct arena scratch = *d->link.arena;
	struct str work = STR_CONCAT(&scratch, STR(WORK), str_from(d->link.b->token));
	size_t said = d->link.why->n;
	bool is_folder;
	enum publish_answer looked = look(d, work, DAV_FOLDER, &is_folder);

	if (looked == ANSWER_AGAIN || looked == ANSWER_STOPPED)
		return looked;
	buf_cut(d->link.why, said);
	if (is_folder)
		return answer;
	buf_clear(d->link.why);
	buf_addf(d->link.why, "another publisher has taken over %s", d->link.b->name);
	return ANSWER_FAILED;
}
