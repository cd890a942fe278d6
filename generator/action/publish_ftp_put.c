/*
 * How a file gets onto an FTP server: under a name in the work folder, and from there to its own.
 *
 * RNTO over a file that is there replaces it in one instant on servers that hand it to rename(2). Others
 * refuse it (Windows; proftpd with AllowOverwrite off): there the old file is moved to the work folder first and
 * the new one takes its place in the next command; when that fails, the old one goes back.
 */
#include "action/publish_ftp_impl.h"
#include "action/publish_guard.h"

#include <curl/curl.h>
#include <errno.h>

#define PROBE STR("probe\n")
/* Of a job: the connection went while the file was given its name. */
#define PERHAPS_NAMED "named?"

static enum publish_answer somebody_else(struct publish_link *l, struct str path)
{
	buf_addf(l->why, "%.*s on %s is somebody else's: move it away", STR_ARG(path), l->b->name);
	return ANSWER_TAKEN;
}

/* ---- names ---- */

static enum publish_answer store_text(struct publish_link *l, struct str full, struct str text)
{
	publish_curl_send_text(ftp_begin(l, full), text);
	return ftp_perform(l);
}

/* What RNTO does when a file stands there is tried out with two files of our own. */
static enum publish_answer try_overwrite(struct publish_link *l, struct arena *a, enum ftp_overwrites *out)
{
	struct str one = ftp_temporary(l, a), two = ftp_temporary(l, a);
	enum publish_answer answer = store_text(l, one, PROBE);

	if (answer == ANSWER_OK)
		answer = store_text(l, two, PROBE);
	if (answer != ANSWER_OK)
		return ftp_fail(l, answer, "write", one);
	ftp_begin(l, STR(""));
	ftp_before(l, "RNFR", one);
	ftp_before(l, "RNTO", two);
	answer = ftp_perform(l);
	if (answer == ANSWER_FAILED && ftp_is_refusal(l) && ftp_link(l)->reply.renames)
		*out = OVERWRITES_NO;
	else if (answer == ANSWER_OK)
		*out = OVERWRITES_YES;
	else
		return ftp_fail(l, answer, "rename", one);
	(void)!ftp_tell(l, "DELE", one);
	(void)!ftp_tell(l, "DELE", two);
	return ANSWER_OK;
}

static enum publish_answer does_overwrite(struct publish_link *l, struct arena *a, enum ftp_overwrites *out)
{
	struct ftp *f = ftp_self(l);
	enum publish_answer answer = ANSWER_OK;

	pthread_mutex_lock(&f->mutex);
	if (f->overwrites == OVERWRITES_UNKNOWN)
		answer = try_overwrite(l, a, &f->overwrites);
	if (f->overwrites == OVERWRITES_NO)
		f->base.guarantee = "a visitor can miss a page for the instant in which it is replaced: this "
				    "server does not rename over a file";
	*out = f->overwrites;
	pthread_mutex_unlock(&f->mutex);
	return answer;
}

/* `aside`: where the old file waits. */
static enum publish_answer rename_by_way(
	struct publish_link *l, struct str from, struct str full, struct str aside)
{
	enum publish_answer answer;
	struct ftp_reply said;

	(void)!ftp_tell(l, "DELE", aside);
	ftp_begin(l, STR(""));
	ftp_before(l, "RNFR", full);
	ftp_before(l, "RNTO", aside);
	ftp_before(l, "RNFR", from);
	ftp_before(l, "RNTO", full);
	ftp_before(l, "*DELE", aside);
	answer = ftp_perform(l);
	if (answer != ANSWER_FAILED || ftp_link(l)->reply.done == 0)
		return answer;
	said = ftp_link(l)->reply;
	ftp_begin(l, STR(""));
	ftp_before(l, "RNFR", aside);
	ftp_before(l, "RNTO", full);
	(void)!ftp_perform(l);
	ftp_link(l)->reply = said;
	return answer;
}

/*
 * After RNTO was refused though RNFR was not: over another file on a server that does not do that, or for want of
 * rights.
 */
static enum publish_answer rename_refused(
	struct publish_link *l, struct arena *a, struct str from, struct str path, struct str aside)
{
	struct ftp_reply said = ftp_link(l)->reply;
	enum ftp_overwrites overwrites;
	enum publish_answer answer = does_overwrite(l, a, &overwrites);

	if (answer != ANSWER_OK)
		return answer;
	if (overwrites == OVERWRITES_NO) {
		answer = rename_by_way(l, from, ftp_at(l, a, path), aside);
		return ftp_fail(l, answer, "write", path);
	}
	buf_addf(l->why, "cannot write %.*s on %s: the server says “%d %s”%s", STR_ARG(path), l->b->name,
		said.code, said.text, ftp_reply_advice(&said));
	return ANSWER_FAILED;
}

/* Watches two questions. Some servers are content with what has come when the data connection ends early. */
static void watch_sizes(struct publish_link *l, uint64_t sent)
{
	ftp_link(l)->watch_sizes = true;
	ftp_link(l)->sent = sent;
}

/* What is to be said once the bytes are there. */
static void say_names(struct publish_link *l, struct str from, uint64_t size, struct str full, bool fresh)
{
	watch_sizes(l, size);
	ftp_after(l, "SIZE", from);
	if (fresh)
		ftp_after(l, "*SIZE", full);
	ftp_after(l, "RNFR", from);
	ftp_after(l, "RNTO", full);
}

static enum publish_answer cut_short(struct publish_link *l, struct str path)
{
	buf_addf(l->why, "cannot write %.*s on %s: %llu of %llu bytes arrived", STR_ARG(path), l->b->name,
		(unsigned long long)ftp_link(l)->reply.size, (unsigned long long)ftp_link(l)->sent);
	return ANSWER_AGAIN;
}

static bool is_cut_short(const struct ftp_link *self)
{
	return self->watch_sizes && self->reply.sizes == 1 && self->reply.size != self->sent;
}

static bool is_rename_refused(struct publish_link *l)
{
	return ftp_is_refusal(l) && publish_curl_code(ftp_link(l)->curl) == CURLE_QUOTE_ERROR &&
	       ftp_link(l)->reply.renames > ftp_link(l)->reply.done;
}

/* ---- small files of ours ---- */

/*
 * The lock's, before there is a work folder. Its name comes from its text (publish_guard.h), but a server may still be
 * busy with an upload to that name whose connection is dead, so nothing is ever sent to a name twice.
 */
static enum publish_answer write_lock(
	struct publish_link *l, struct arena *a, struct str path, struct str text)
{
	struct str full = ftp_at(l, a, path), name;
	enum publish_answer answer;

	name = ftp_at(l, a,
		str_fmt(a, PUBLISH_LOCK "/text-new-%s-%u", l->b->token,
			atomic_fetch_add(&ftp_self(l)->counter, 1)));
	publish_curl_send_text(ftp_begin(l, name), text);
	say_names(l, name, text.n, full, false);
	answer = ftp_perform(l);
	if (answer != ANSWER_OK && is_cut_short(ftp_link(l)))
		return cut_short(l, path);
	/* Once more in the same second, on a server that does not overwrite. */
	if (answer == ANSWER_FAILED && is_rename_refused(l) && ftp_tell(l, "DELE", full) == ANSWER_OK) {
		ftp_begin(l, STR(""));
		ftp_before(l, "RNFR", name);
		ftp_before(l, "RNTO", full);
		answer = ftp_perform(l);
	}
	return ftp_fail(l, answer, "write", path);
}

enum publish_answer ftp_write(struct publish_link *l, const char *path, struct str text)
{
	struct arena scratch = *l->arena;
	struct str full = ftp_at(l, &scratch, str_from(path)), name;
	enum publish_answer answer;

	if (str_starts(str_from(path), STR(PUBLISH_LOCK "/")))
		return write_lock(l, &scratch, str_from(path), text);
	name = ftp_temporary(l, &scratch);
	publish_curl_send_text(ftp_begin(l, name), text);
	say_names(l, name, text.n, full, false);
	answer = ftp_perform(l);
	if (answer != ANSWER_OK && is_cut_short(ftp_link(l)))
		return cut_short(l, str_from(path));
	if (answer == ANSWER_FAILED && is_rename_refused(l))
		return rename_refused(
			l, &scratch, name, str_from(path), STR_CONCAT(&scratch, full, STR(FTP_OLD)));
	return ftp_fail(l, answer, "write", str_from(path));
}

/* ---- files of the site ---- */

static enum publish_answer put_failed(struct publish_link *l, struct arena *a, struct publish_job *job,
	struct str name, enum publish_answer answer)
{
	struct ftp_link *self = ftp_link(l);

	if (is_cut_short(self))
		return cut_short(l, job->path);
	if (answer == ANSWER_AGAIN && self->reply.sizes)
		job->staged = PERHAPS_NAMED;
	if (self->watch_sizes && self->reply.sizes > 1)
		return somebody_else(l, job->path);
	if (answer == ANSWER_FAILED && is_rename_refused(l) && !job->fresh)
		return rename_refused(l, a, name, job->path, ftp_temporary(l, a));
	return ftp_fail(l, answer, "write", job->path);
}

static enum publish_answer put_small(
	struct publish_link *l, struct arena *a, struct publish_job *job, struct publish_source *source)
{
	struct str full = ftp_at(l, a, job->path), name = ftp_temporary(l, a);
	enum publish_answer answer;

	publish_curl_send(ftp_begin(l, name), source);
	say_names(l, name, job->size, full, job->fresh);
	answer = ftp_perform(l);
	if (source->error)
		return publish_unsent(l, job->local, source->error);
	return answer == ANSWER_OK ? answer : put_failed(l, a, job, name, answer);
}

/* By way of the work folder: one who lost the lock cannot give it its name. */
static enum publish_answer put_large(
	struct publish_link *l, struct arena *a, struct publish_job *job, struct publish_source *source)
{
	struct publish_link here = *l;
	struct str full = ftp_at(l, a, job->path), name = ftp_temporary(l, a), part;
	enum publish_answer answer = ftp_send_large(l, a, job, source);

	if (source->error)
		return publish_unsent(l, job->local, source->error);
	if (answer != ANSWER_OK)
		return answer;
	here.arena = a;
	part = ftp_at(l, a, str_from(publish_guard_part(&here, job)));
	ftp_begin(l, STR(""));
	publish_curl_add_before(ftp_link(l)->curl, "TYPE I");
	watch_sizes(l, job->size);
	ftp_before(l, "SIZE", part);
	if (job->fresh)
		ftp_before(l, "*SIZE", full);
	ftp_before(l, "RNFR", part);
	ftp_before(l, "RNTO", name);
	ftp_before(l, "RNFR", name);
	ftp_before(l, "RNTO", full);
	answer = ftp_perform(l);
	return answer == ANSWER_OK ? answer : put_failed(l, a, job, name, answer);
}

/* Did an earlier try do it, whose last answer was lost? ABSENT: no. */
static enum publish_answer look_again(struct publish_link *l, const struct publish_job *job)
{
	struct publish_job there = {.path = job->path};
	enum publish_answer answer = ftp_digest(l, &there);

	if (answer == ANSWER_OK && there.size == job->size && digest_eq(&there.digest, &job->digest))
		return ANSWER_OK;
	return answer == ANSWER_AGAIN || answer == ANSWER_STOPPED ? answer : ANSWER_ABSENT;
}

enum publish_answer ftp_put(struct publish_link *l, struct publish_job *job)
{
	struct arena scratch = *l->arena;
	struct publish_source source;
	enum publish_answer answer;
	size_t said = l->why->n;
	struct digest digest;
	uint64_t size;
	int error;

	if (!job->local) {
		buf_addf(l->why, "%s cannot make a copy of %.*s: an FTP server only takes what is sent",
			l->b->name, STR_ARG(job->kept));
		return ANSWER_FAILED;
	}
	if (job->staged) {
		answer = look_again(l, job);
		if (answer != ANSWER_ABSENT)
			return answer;
		buf_cut(l->why, said);
	}
	error = publish_source_open(&source, l->b->fs, job->local);
	if (error)
		return publish_unsent(l, job->local, error);
	source.wanted = &job->digest;
	if (source.size != job->size)
		answer = publish_unsent(l, job->local, ESTALE);
	else if (job->size < PUBLISH_LARGE)
		answer = put_small(l, &scratch, job, &source);
	else
		answer = put_large(l, &scratch, job, &source);
	publish_source_close(&source, &digest, &size);
	return answer;
}
