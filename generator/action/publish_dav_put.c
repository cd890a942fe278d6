/*
 * Files on a WebDAV server.
 *
 * What is sent goes to a name in our work folder first and is moved from there, and what is removed is moved
 * there first: when somebody takes over the lock the folder goes, and from that moment nothing of ours can
 * change the target. Where MOVE leaves a gap (Apache deletes the old file and then renames), a file that is
 * replaced is sent to its own name, which is atomic there, under a lock of the server's (publish_dav_lock.c).
 */
#include "action/publish_dav_impl.h"

#include <curl/curl.h>
#include <errno.h>

#define EXPECT_BYTES ((uint64_t)1 << 20)     /* from here on the server is asked before the bytes are sent */
#define BYTES_PER_SECOND ((uint64_t)8 << 20) /* a slow disk: how long a server may think about a large file */
#define ERROR_PAGE_BYTES ((size_t)1 << 20)
#define KEPT_BYTES ((size_t)16 << 20) /* an old file that is put back by way of our memory */

/* ---- reading ---- */

static void begin_get(struct dav_link *d, struct str path)
{
	publish_dav_begin(d, NULL, path, DAV_FILE);
	publish_curl_add_header(d->curl, "Cache-Control: no-cache");
}

/* An answer that says no may be longer than what is wanted. */
enum publish_answer publish_dav_read(struct publish_link *l, const char *path, size_t max, struct buf *out)
{
	struct dav_link *d = dav_link(l);
	enum publish_answer answer;

	begin_get(d, str_from(path));
	buf_clear(&d->body);
	publish_curl_take(d->curl, &d->body, max + ERROR_PAGE_BYTES);
	answer = publish_dav_perform(d, "read", str_from(path));
	if (answer != ANSWER_OK)
		return answer;
	if (d->body.n > max) {
		buf_addf(l->why, "cannot read %s on %s: it is longer than %zu bytes", path, l->b->name, max);
		return ANSWER_FAILED;
	}
	buf_add(out, buf_str(&d->body));
	return ANSWER_OK;
}

enum publish_answer publish_dav_digest(struct publish_link *l, struct publish_job *job)
{
	struct dav_link *d = dav_link(l);
	struct digest_run *run = digest_run_new();
	enum publish_answer answer;

	begin_get(d, job->path);
	publish_curl_take_digest(d->curl, run);
	answer = publish_dav_perform(d, "read", job->path);
	job->digest = digest_run_free(run);
	job->size = publish_curl_received(d->curl);
	return answer;
}

/* ---- sending ---- */

static void begin_put(struct dav_link *d, struct str to, uint64_t size)
{
	unsigned stall = d->link.b->settings->stall_seconds;

	publish_dav_begin(d, NULL, to, DAV_FILE);
	if (d->token)
		publish_curl_add_header(d->curl, str_fmt(d->link.arena, "If: (%s)", d->token).p);
	if (size >= PUBLISH_LARGE)
		publish_curl_number(d->curl, CURLOPT_LOW_SPEED_TIME,
			(long)((stall ? stall : PUBLISH_STALL_SECONDS) + size / BYTES_PER_SECOND));
	if (size < EXPECT_BYTES)
		publish_curl_add_header(d->curl, "Expect:");
}

static bool is_same(const struct publish_job *job, const struct digest *digest, uint64_t size)
{
	return size == job->size && digest_eq(digest, &job->digest);
}

static enum publish_answer send_local(struct dav_link *d, const struct publish_job *job, struct str to)
{
	struct publish_source source;
	enum publish_answer answer;
	struct digest digest;
	uint64_t size;
	int error = publish_source_open(&source, d->link.b->fs, job->local);

	if (error)
		return publish_unsent(&d->link, job->local, error);
	source.wanted = &job->digest;
	begin_put(d, to, source.size);
	publish_curl_send(d->curl, &source);
	answer = publish_dav_perform(d, "send", job->path);
	publish_source_close(&source, &digest, &size);
	if (source.error) {
		buf_clear(d->link.why);
		return publish_unsent(&d->link, job->local, source.error);
	}
	return answer == ANSWER_OK && !is_same(job, &digest, size)
		       ? publish_unsent(&d->link, job->local, ESTALE)
		       : answer;
}

static enum publish_answer send_text(struct dav_link *d, struct str text, struct str to, struct str path)
{
	begin_put(d, to, text.n);
	publish_curl_send_text(d->curl, text);
	return publish_dav_perform(d, "send", path);
}

/* 404 to a PUT: the folder is missing. */
static enum publish_answer no_place(struct dav_link *d, enum publish_answer answer, struct str path)
{
	if (answer != ANSWER_ABSENT)
		return answer;
	buf_addf(d->link.why, "cannot send %.*s to %s: the server says that there is no such folder",
		STR_ARG(path), d->link.b->name);
	return ANSWER_FAILED;
}

/* ---- the work folder ---- */

/* A name that nobody has used before, nor will. */
static struct str work_name(struct dav_link *d)
{
	return str_from(publish_guard_name(&d->link, atomic_fetch_add(&dav_of(&d->link)->count, 1)));
}

static void drop(struct dav_link *d, struct str path)
{
	size_t said = d->link.why->n;
	long status;

	publish_dav_begin(d, "DELETE", path, DAV_FILE);
	(void)publish_dav_ask(d, "remove", path, &status);
	buf_cut(d->link.why, said);
}

/* The bytes of a kept file, without them coming here. */
static enum publish_answer copy_to(struct dav_link *d, struct str from, struct str to)
{
	publish_dav_begin(d, "COPY", from, DAV_FILE);
	publish_dav_set_destination(d, to, DAV_FILE, false);
	return publish_dav_perform(d, "copy", from);
}

static enum publish_answer stage(struct dav_link *d, const struct publish_job *job, struct str to)
{
	enum publish_answer answer = job->local ? send_local(d, job, to) : copy_to(d, job->kept, to);

	if (answer == ANSWER_OK || answer == ANSWER_CHANGED || answer == ANSWER_STOPPED)
		return answer;
	return publish_dav_check_work(d, no_place(d, answer, job->path));
}

/* Has a MOVE been done whose answer was lost? Then its source is gone, and our bytes are in place. */
static bool was_moved(struct dav_link *d, const struct publish_job *job, struct str from)
{
	struct publish_job there = {.path = job->path};
	struct arena scratch = *d->link.arena;
	size_t said = d->link.why->n;
	struct dav_items items;
	bool moved;

	moved = publish_dav_find(d, from, DAV_FILE, 0, &scratch, &items) == ANSWER_ABSENT &&
		publish_dav_digest(&d->link, &there) == ANSWER_OK && is_same(job, &there.digest, there.size);
	buf_cut(d->link.why, said);
	return moved;
}

static enum publish_answer say_taken(struct dav_link *d, struct str path)
{
	buf_addf(d->link.why, "a file or folder of somebody else's stands at %.*s on %s: move it away",
		STR_ARG(path), d->link.b->name);
	return ANSWER_TAKEN;
}

/* ABSENT: `from` is gone. */
static enum publish_answer move_in(struct dav_link *d, struct publish_job *job, struct str from)
{
	enum publish_answer answer = job->fresh ? ANSWER_OK : publish_dav_check_file(d, job->path);
	size_t said = d->link.why->n;
	long status = 0;

	if (answer == ANSWER_OK)
		answer = publish_dav_move(d, from, job->path, DAV_FILE, !job->fresh, &status);
	if (status)
		answer = publish_dav_judge(d, "send", job->path);
	if (answer == ANSWER_AGAIN)
		job->staged = from.p;
	if (answer == ANSWER_OK || answer == ANSWER_STOPPED || !status)
		return answer;
	if (was_moved(d, job, from)) {
		buf_cut(d->link.why, said);
		return ANSWER_OK;
	}
	if (status != 412 || !job->fresh)
		return answer == ANSWER_ABSENT ? answer : publish_dav_check_work(d, answer);
	buf_cut(d->link.why, said);
	drop(d, from);
	return say_taken(d, job->path);
}

static enum publish_answer put_by_move(struct dav_link *d, struct publish_job *job)
{
	enum publish_answer answer = ANSWER_ABSENT;
	struct str name;

	if (job->staged)
		answer = move_in(d, job, str_from(job->staged));
	if (answer != ANSWER_ABSENT)
		return answer;
	name = work_name(d);
	job->staged = NULL;
	answer = stage(d, job, name);
	if (answer == ANSWER_OK)
		answer = move_in(d, job, name);
	if (answer != ANSWER_ABSENT)
		return answer;
	buf_addf(d->link.why, "%.*s was sent to %s, and then it was gone", STR_ARG(job->path),
		d->link.b->name);
	return publish_dav_check_work(d, ANSWER_AGAIN);
}

/* ---- in place ---- */

/* What is sent in place: the local file, or `text`. */
static enum publish_answer send_in_place(
	struct dav_link *d, const struct publish_job *job, struct str text, const char *token)
{
	d->token = token;
	if (job->local)
		return send_local(d, job, job->path);
	return send_text(d, text, job->path, job->path);
}

/* 412: the lock is gone, since somebody took over; or the file is, and what is not there is not locked. */
static enum publish_answer put_in_place(struct dav_link *d, struct publish_job *job, struct str text)
{
	enum publish_answer answer = publish_dav_check_file(d, job->path);
	size_t said = d->link.why->n;
	const char *token = NULL;
	struct arena scratch = *d->link.arena;
	struct dav_items items;

	if (answer == ANSWER_OK)
		answer = publish_dav_hold(d, job->path, &token);
	if (answer != ANSWER_OK)
		return answer;
	answer = no_place(d, send_in_place(d, job, text, token), job->path);
	d->token = NULL;
	if (answer != ANSWER_TAKEN)
		return answer;
	publish_dav_forget_hold(d, job->path);
	answer = publish_dav_check_work(d, ANSWER_AGAIN);
	if (answer != ANSWER_AGAIN ||
		publish_dav_find(d, job->path, DAV_FILE, 0, &scratch, &items) != ANSWER_ABSENT)
		return answer;
	buf_cut(d->link.why, said);
	return ANSWER_ABSENT;
}

/* An old file again, by way of our memory. */
static enum publish_answer put_kept(struct dav_link *d, struct publish_job *job)
{
	enum publish_answer answer;
	struct digest digest;
	struct buf bytes;

	buf_init(&bytes, KEPT_BYTES);
	answer = publish_dav_read(&d->link, str_z(d->link.arena, job->kept), KEPT_BYTES, &bytes);
	digest = digest_of(buf_str(&bytes));
	if (answer == ANSWER_ABSENT || (answer == ANSWER_OK && !is_same(job, &digest, bytes.n))) {
		buf_addf(d->link.why, "%.*s on %s is not what was kept", STR_ARG(job->kept), d->link.b->name);
		answer = ANSWER_FAILED;
	}
	if (answer == ANSWER_OK)
		answer = put_in_place(d, job, buf_str(&bytes));
	buf_release(&bytes);
	return answer;
}

static bool is_better_in_place(struct dav_link *d, const struct publish_job *job)
{
	return publish_dav_replaces_in_place(dav_of(&d->link)->server) && !job->fresh &&
	       (job->local || job->size <= KEPT_BYTES);
}

enum publish_answer publish_dav_put(struct publish_link *l, struct publish_job *job)
{
	struct dav_link *d = dav_link(l);
	enum publish_answer answer = ANSWER_ABSENT;

	if (is_better_in_place(d, job))
		answer = job->local ? put_in_place(d, job, STR("")) : put_kept(d, job);
	return answer == ANSWER_ABSENT ? put_by_move(d, job) : answer;
}

/* ---- small files of ours ---- */

/* The lock's own files, which those write who do not have it yet. */
static bool is_of_lock(struct str path)
{
	return str_starts(path, STR(PUBLISH_LOCK "/"));
}

static enum publish_answer write_by_move(struct dav_link *d, struct str path, struct str text)
{
	struct publish_job job = {.path = path, .digest = digest_of(text), .size = text.n};
	struct str name = work_name(d);
	enum publish_answer answer = send_text(d, text, name, path);

	if (answer == ANSWER_OK)
		answer = move_in(d, &job, name);
	else if (answer != ANSWER_STOPPED)
		answer = publish_dav_check_work(d, no_place(d, answer, path));
	return answer == ANSWER_ABSENT ? publish_dav_check_work(d, no_place(d, answer, path)) : answer;
}

enum publish_answer publish_dav_write(struct publish_link *l, const char *path, struct str text)
{
	struct dav_link *d = dav_link(l);
	struct dav *v = dav_of(l);
	struct str to = str_from(path);
	struct publish_job job = {.path = to, .digest = digest_of(text), .size = text.n};
	struct arena scratch = *l->arena;
	struct dav_items items;
	enum publish_answer answer = ANSWER_ABSENT;

	if (!atomic_load(&v->begun) || is_of_lock(to))
		return no_place(d, send_text(d, text, to, to), to);
	if (publish_dav_replaces_in_place(v->server))
		answer = publish_dav_find(d, to, DAV_FILE, 0, &scratch, &items);
	if (answer == ANSWER_OK)
		answer = put_in_place(d, &job, text);
	return answer == ANSWER_ABSENT ? write_by_move(d, to, text) : answer;
}

/* ---- removing ---- */

/* What only we can be at, or what nobody needs. */
static bool is_loose(const struct dav *v, struct str path)
{
	return !atomic_load(&v->begun) || is_of_lock(path) ||
	       str_starts(path, STR(PUBLISH_FOLDER "/" PUBLISH_WORK_PREFIX)) ||
	       str_starts(path, STR(PUBLISH_FOLDER "/gone-"));
}

static enum publish_answer remove_loose(struct dav_link *d, struct str path)
{
	enum publish_answer answer;

	publish_dav_begin(d, "DELETE", path, DAV_FILE);
	answer = publish_dav_perform(d, "remove", path);
	return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
}

/* 400 and 409: a folder stands there (nginx). */
static enum publish_answer remove_by_move(struct dav_link *d, struct str path)
{
	struct str name = work_name(d);
	size_t said = d->link.why->n;
	long status;
	enum publish_answer answer = publish_dav_move(d, path, name, DAV_FILE, false, &status);

	if (answer != ANSWER_OK)
		return answer;
	answer = publish_dav_judge(d, "remove", path);
	if (answer == ANSWER_OK)
		drop(d, name);
	if (answer == ANSWER_OK || answer == ANSWER_ABSENT)
		return ANSWER_OK;
	answer = publish_dav_check_work(d, answer);
	if ((status != 400 && status != 409) || !dav_of(&d->link)->server->spares_folders ||
		answer == ANSWER_STOPPED)
		return answer;
	buf_cut(d->link.why, said);
	return ANSWER_TAKEN;
}

enum publish_answer publish_dav_remove(struct publish_link *l, struct publish_job *job)
{
	struct dav_link *d = dav_link(l);
	enum publish_answer answer = publish_dav_check_file(d, job->path);

	if (answer != ANSWER_OK)
		return answer;
	/* Deletes come last: nothing is replaced in place any more. */
	if (!is_loose(dav_of(l), job->path))
		publish_dav_release(d);
	return is_loose(dav_of(l), job->path) ? remove_loose(d, job->path) : remove_by_move(d, job->path);
}

/* ---- keeping ---- */

/* A copy grows on the server: it gets its name when it is whole. */
enum publish_answer publish_dav_copy(struct publish_link *l, struct str from, struct str to)
{
	struct dav_link *d = dav_link(l);
	struct str name = work_name(d);
	size_t said = l->why->n;
	enum publish_answer answer = copy_to(d, from, name);
	long status;

	if (answer == ANSWER_ABSENT) {
		buf_addf(l->why, "cannot keep %.*s on %s: it is not there", STR_ARG(from), l->b->name);
		return ANSWER_ABSENT;
	}
	if (answer != ANSWER_OK)
		return publish_curl_status(d->curl) == 405 || publish_curl_status(d->curl) == 501
			       ? ANSWER_ABSENT
			       : answer;
	answer = publish_dav_move(d, name, to, DAV_FILE, false, &status);
	if (answer == ANSWER_OK)
		answer = publish_dav_judge(d, "keep", to);
	if (answer != ANSWER_TAKEN)
		return answer == ANSWER_ABSENT ? publish_dav_check_work(d, ANSWER_AGAIN) : answer;
	buf_cut(l->why, said);
	drop(d, name);
	return ANSWER_OK;
}
