/* Small files of ours over SFTP: lock, intent, manifest. */
#include "action/publish_sftp_impl.h"

#include <curl/curl.h>

static enum publish_answer read_one(
	struct publish_sftp_link *l, const char *path, size_t max, struct buf *out)
{
	enum publish_answer answer;

	sftp_begin(l, path);
	publish_curl_take(l->curl, out, max);
	answer = publish_curl_perform(l->curl);
	if (answer == ANSWER_OK)
		return answer;
	return sftp_fault(l, answer) == SFTP_ABSENT ? ANSWER_ABSENT
						    : sftp_fail(l, answer, "read", str_from(path));
}

/* Where a file cannot be replaced in one instant, the new one stands beside it meanwhile (replace_slowly()). */
static const char *beside(struct arena *a, const char *path)
{
	return str_fmt(a, "%s.new", path).p;
}

enum publish_answer sftp_read(struct publish_link *base, const char *path, size_t max, struct buf *out)
{
	struct publish_sftp_link *l = sftp_self(base);
	enum publish_answer answer = read_one(l, path, max, out);
	struct arena scratch = *base->arena;

	/* Of all that is replaced, only the manifest is ever there before. */
	if (answer != ANSWER_ABSENT || strcmp(path, PUBLISH_MANIFEST) != 0)
		return answer;
	return read_one(l, beside(&scratch, path), max, out);
}

/* Sent, with the commands that were added. The sentence is about `path`. */
static enum publish_answer send_text(struct publish_sftp_link *l, const char *path, struct str text)
{
	enum publish_answer answer;

	publish_curl_number(l->curl, CURLOPT_NEW_FILE_PERMS, 0644);
	publish_curl_send_text(l->curl, text);
	answer = publish_curl_perform(l->curl);
	return answer == ANSWER_OK ? answer : sftp_fail(l, answer, "write", str_from(path));
}

/* A kill anywhere leaves the file, or the whole new one beside its place. */
static enum publish_answer replace_slowly(struct publish_sftp_link *l, const char *path, const char *work)
{
	struct arena scratch = *l->base.arena;
	const char *new = beside(&scratch, path);
	enum publish_answer answer;

	sftp_begin(l, "");
	sftp_before(l, "chmod 644", false, work, NULL);
	sftp_before(l, "rm", true, new, NULL);
	sftp_before(l, "rename", false, work, new);
	sftp_before(l, "rm", true, path, NULL);
	sftp_before(l, "rename", false, new, path);
	answer = publish_curl_perform(l->curl);
	return answer == ANSWER_OK ? answer : sftp_fail(l, answer, "write", str_from(path));
}

static enum publish_answer replace_at_once(struct publish_sftp_link *l, const char *path, const char *work)
{
	struct arena scratch = *l->base.arena;
	struct ssh_request r = {
		.op = SSH_RENAME,
		.path = sftp_path(l->target, &scratch, str_from(work)).p,
		.to = sftp_path(l->target, &scratch, str_from(path)).p,
	};
	bool lost;

	if (!sftp_ssh_run(l->target, &r, 1, &lost)) {
		buf_addf(l->base.why, "the connection of ssh to %s was lost", l->base.b->name);
		return ANSWER_AGAIN;
	}
	if (r.status == SSH_OK)
		return ANSWER_OK;
	buf_addf(l->base.why, "cannot write %s on %s: %s", path, l->base.b->name, ssh_status_text(r.status));
	return ANSWER_FAILED;
}

/* Most of them are new: a rename that replaces nothing is tried first, and needs no ssh. */
static enum publish_answer write_by_work(struct publish_sftp_link *l, const char *path, struct str text)
{
	const char *work = sftp_name(l);
	size_t said = l->base.why->n;
	enum publish_answer answer;

	sftp_begin(l, work);
	sftp_after(l, "rename", false, work, path);
	answer = send_text(l, path, text);
	if (answer == ANSWER_OK || publish_curl_code(l->curl) != CURLE_QUOTE_ERROR ||
		sftp_fault(l, answer) != SFTP_REFUSED)
		return answer;
	buf_cut(l->base.why, said);
	return sftp_ssh_can(l->target, SSH_RENAME) ? replace_at_once(l, path, work)
						   : replace_slowly(l, path, work);
}

/* What belongs to the lock has a name of its own each time, and is read only when it is whole (publish_guard.h). */
enum publish_answer sftp_write(struct publish_link *base, const char *path, struct str text)
{
	struct publish_sftp_link *l = sftp_self(base);

	if (atomic_load(&l->target->begun) && !str_starts(str_from(path), STR(PUBLISH_LOCK "/")))
		return write_by_work(l, path, text);
	sftp_begin(l, path);
	return send_text(l, path, text);
}
