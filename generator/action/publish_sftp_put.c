/*
 * Files of the site over SFTP: sent, removed, read.
 *
 * A new file is renamed to its place as soon as it was sent, by SFTP's own rename, which fails when something stands
 * there. Changed files wait for sftp_finish().
 */
#include "action/publish_sftp_impl.h"

#include <curl/curl.h>
#include <errno.h>

/* ---- sending ---- */

/* Nothing was sent that would show it: an empty file, or one of another size. */
bool sftp_is_changed(const struct publish_source *source, const struct publish_job *job)
{
	struct digest nothing;

	if (source->size != job->size)
		return true;
	if (job->size)
		return false;
	nothing = digest_of(STR(""));
	return !digest_eq(&nothing, &job->digest);
}

/* Why a new file did not get its name: OK is no reason. */
enum publish_answer sftp_not_renamed(
	struct publish_sftp_link *l, struct publish_job *job, enum publish_answer answer)
{
	struct publish_listed there;
	enum sftp_fault fault = sftp_fault(l, answer);

	if (fault != SFTP_REFUSED && fault != SFTP_ABSENT)
		return sftp_fail(l, answer, "write", job->path);
	switch (sftp_stat(l, job->path, &there)) {
	case ANSWER_OK:
		buf_addf(l->base.why, "%.*s on %s is somebody else's: move it away", STR_ARG(job->path),
			l->base.b->name);
		return ANSWER_TAKEN;
	case ANSWER_AGAIN:
		return ANSWER_AGAIN;
	case ANSWER_ABSENT:
		buf_addf(l->base.why, "cannot write %.*s on %s: %s", STR_ARG(job->path), l->base.b->name,
			fault == SFTP_ABSENT
				? "its folder, or our work folder, is gone: somebody else publishes there, or removed it"
				: "the server gives no reason; perhaps the disk is full or a quota is used up");
		return ANSWER_FAILED;
	default:
		return ANSWER_FAILED;
	}
}

static enum publish_answer put_small(struct publish_sftp_link *l, struct publish_job *job, const char *name)
{
	struct publish_source source;
	struct arena scratch = *l->base.arena;
	struct digest digest;
	bool changed;
	uint64_t size;
	enum publish_answer answer = ANSWER_FAILED;
	int error = publish_source_open(&source, l->base.b->fs, job->local);

	if (error)
		return publish_unsent(&l->base, job->local, error);
	source.wanted = &job->digest;
	changed = sftp_is_changed(&source, job);
	if (!changed) {
		sftp_begin(l, name);
		if (job->fresh)
			sftp_after(l, "rename", false, name, str_z(&scratch, job->path));
		publish_curl_number(l->curl, CURLOPT_NEW_FILE_PERMS, 0644);
		publish_curl_send(l->curl, &source);
		answer = publish_curl_perform(l->curl);
	}
	publish_source_close(&source, &digest, &size);
	if (changed)
		return publish_unsent(&l->base, job->local, ESTALE);
	if (source.error)
		return publish_unsent(&l->base, job->local, source.error);
	if (answer == ANSWER_OK)
		return answer;
	if (publish_curl_code(l->curl) == CURLE_QUOTE_ERROR)
		return sftp_not_renamed(l, job, answer);
	return sftp_fail(l, answer, "write", job->path);
}

/* A second name for the kept file's bytes, which goes on like one that was sent. */
static enum publish_answer put_back(struct publish_sftp_link *l, struct publish_job *job, const char *name)
{
	enum publish_answer answer = sftp_copy(&l->base, job->kept, str_from(name));
	struct arena scratch = *l->base.arena;

	if (answer == ANSWER_ABSENT) {
		buf_clear(l->base.why);
		buf_addf(l->base.why, "cannot bring back %.*s on %s: %.*s, which was kept for it, is gone",
			STR_ARG(job->path), l->base.b->name, STR_ARG(job->kept));
		return ANSWER_FAILED;
	}
	if (answer != ANSWER_OK || !job->fresh)
		return answer;
	sftp_begin(l, "");
	sftp_before(l, "rename", false, name, str_z(&scratch, job->path));
	answer = publish_curl_perform(l->curl);
	return answer == ANSWER_OK ? answer : sftp_not_renamed(l, job, answer);
}

enum publish_answer sftp_put(struct publish_link *base, struct publish_job *job)
{
	struct publish_sftp_link *l = sftp_self(base);
	const char *name = sftp_name(l);
	enum publish_answer answer;

	job->staged = NULL;
	/* finish() will want it: it reaches the server while files are sent. */
	if (!job->fresh)
		sftp_ssh_begin(l->target);
	if (!job->local)
		answer = put_back(l, job, name);
	else if (job->size >= PUBLISH_LARGE)
		answer = sftp_put_large(l, job, name);
	else
		answer = put_small(l, job, name);
	if (answer == ANSWER_OK && !job->fresh)
		job->staged = name;
	return answer;
}

/* ---- removing ---- */

/* Is it a file, with nothing but folders on the way? Whatever else stands there is left. */
static enum publish_answer is_removable(struct publish_sftp_link *l, struct str path, bool *yes)
{
	struct ssh_request requests[PUBLISH_PATH_MAX / 2 + 2];
	struct publish_listed there;
	struct arena scratch = *l->base.arena;
	enum publish_answer answer;
	size_t n = 0;
	bool gone;

	for (size_t i = 0; i <= path.n && n < COUNT_OF(requests); i++)
		if (i == path.n || path.p[i] == '/')
			requests[n++] = (struct ssh_request){.op = SSH_LSTAT,
				.path = sftp_path(l->target, &scratch, str_slice(path, 0, i)).p};
	if (sftp_ssh_run(l->target, requests, n, &gone)) {
		*yes = true;
		for (size_t i = 0; i < n; i++)
			*yes &= requests[i].status == SSH_OK &&
				requests[i].kind == (i + 1 < n ? SSH_FOLDER : SSH_FILE);
		return ANSWER_OK;
	}
	if (gone) {
		buf_addf(l->base.why, "the connection of ssh to %s was lost", l->base.b->name);
		return ANSWER_AGAIN;
	}
	answer = sftp_stat(l, path, &there);
	*yes = answer == ANSWER_OK && there.kind == PUBLISH_FILE;
	return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
}

/* Our own, in places that only the holder of the lock uses, or that have the lock itself. */
static bool goes_directly(const struct publish_sftp *s, struct str path)
{
	return str_starts(path, STR(PUBLISH_FOLDER "/")) &&
	       (!atomic_load(&s->begun) || !str_is(path, PUBLISH_INTENT));
}

/* By way of the work folder, so that whoever lost the lock removes nothing either. */
enum publish_answer sftp_remove(struct publish_link *base, struct publish_job *job)
{
	struct publish_sftp_link *l = sftp_self(base);
	struct arena scratch;
	const char *path, *gone;
	bool yes = true;
	enum publish_answer answer = ANSWER_OK;

	if (!str_starts(job->path, STR(PUBLISH_FOLDER "/")))
		answer = is_removable(l, job->path, &yes);
	if (answer != ANSWER_OK || !yes)
		return answer;
	scratch = *base->arena;
	path = str_z(&scratch, job->path);
	sftp_begin(l, "");
	if (goes_directly(l->target, job->path)) {
		sftp_before(l, "rm", false, path, NULL);
	} else {
		gone = sftp_name(l);
		/* The name lies in the link's arena, where scratch began. */
		scratch = *base->arena;
		path = str_z(&scratch, job->path);
		sftp_before(l, "rename", false, path, gone);
		sftp_before(l, "rm", false, gone, NULL);
	}
	answer = publish_curl_perform(l->curl);
	if (answer == ANSWER_OK || sftp_fault(l, answer) == SFTP_ABSENT)
		return ANSWER_OK;
	return sftp_fail(l, answer, "remove", job->path);
}

/* ---- reading ---- */

enum publish_answer sftp_digest(struct publish_link *base, struct publish_job *job)
{
	struct publish_sftp_link *l = sftp_self(base);
	struct arena scratch = *base->arena;
	struct digest_run *run = digest_run_new();
	enum publish_answer answer;

	sftp_begin(l, str_z(&scratch, job->path));
	publish_curl_take_digest(l->curl, run);
	answer = publish_curl_perform(l->curl);
	job->digest = digest_run_free(run);
	job->size = publish_curl_received(l->curl);
	if (answer == ANSWER_OK)
		return answer;
	return sftp_fault(l, answer) == SFTP_ABSENT ? ANSWER_ABSENT : sftp_fail(l, answer, "read", job->path);
}
