/*
 * Large files over SFTP: they grow under a name made of their digest, .faktablad/part-<SHA-256>, and go on where an
 * earlier try, or an earlier publish that was killed, stopped. What went on is read back before it takes its place.
 */
#include "action/publish_sftp_impl.h"

#include <curl/curl.h>
#include <errno.h>

#define PIECE ((uint64_t)64 << 10) /* of what is there already, compared with the local bytes */

static enum publish_answer drop_part(struct publish_sftp_link *l, const char *part)
{
	enum publish_answer answer;

	sftp_begin(l, "");
	sftp_before(l, "rm", true, part, NULL);
	answer = publish_curl_perform(l->curl);
	return answer == ANSWER_OK ? answer : sftp_fail(l, answer, "remove", str_from(part));
}

static int read_piece(
	struct publish_sftp_link *l, const struct publish_job *job, uint64_t from, struct buf *out)
{
	struct publish_source source;
	struct digest digest;
	uint64_t size;
	int error = publish_source_open(&source, l->base.b->fs, job->local);

	if (error)
		return error;
	error = publish_source_seek(&source, from);
	while (!error && out->n < PIECE) {
		char *room = buf_room(out, PIECE - out->n);
		size_t n = 0;

		error = room ? publish_source_read(&source, room, PIECE - out->n, &n) : 0;
		if (n == 0)
			break;
		buf_added(out, n);
	}
	publish_source_close(&source, &digest, &size);
	return error;
}

/* Are the last bytes of the part those of the file? A part of another file, or one with a hole, is begun anew. */
static enum publish_answer compare_end(struct publish_sftp_link *l, const struct publish_job *job,
	const char *part, uint64_t size, bool *same)
{
	uint64_t from = size > PIECE ? size - PIECE : 0;
	enum publish_answer answer = ANSWER_OK;
	struct buf here, there;
	char range[64];
	int error;

	buf_init(&here, PIECE + 1);
	buf_init(&there, PIECE + 1);
	error = read_piece(l, job, from, &here);
	snprintf(range, sizeof(range), "%llu-%llu", (unsigned long long)from, (unsigned long long)size - 1);
	sftp_begin(l, part);
	publish_curl_text(l->curl, CURLOPT_RANGE, range);
	publish_curl_take(l->curl, &there, PIECE);
	if (!error)
		answer = publish_curl_perform(l->curl);
	*same = there.n == size - from && str_eq(str_slice(buf_str(&here), 0, there.n), buf_str(&there));
	buf_release(&here);
	buf_release(&there);
	if (error)
		return publish_unsent(&l->base, job->local, error);
	return answer == ANSWER_OK ? answer : sftp_fail(l, answer, "read", str_from(part));
}

/* How much of it is there, and can be gone on with. */
static enum publish_answer find_offset(
	struct publish_sftp_link *l, const struct publish_job *job, const char *part, uint64_t *offset)
{
	struct publish_listed there;
	enum publish_answer answer = sftp_stat(l, str_from(part), &there);
	bool same = false;

	*offset = 0;
	if (answer == ANSWER_ABSENT)
		return ANSWER_OK;
	if (answer == ANSWER_OK && there.sized && there.size > 0 && there.size <= job->size)
		answer = compare_end(l, job, part, there.size, &same);
	if (answer != ANSWER_OK)
		return answer;
	if (!same)
		return drop_part(l, part);
	*offset = there.size;
	return ANSWER_OK;
}

static enum publish_answer send_rest(
	struct publish_sftp_link *l, const struct publish_job *job, const char *part, uint64_t offset)
{
	struct publish_source source;
	struct digest digest;
	uint64_t size;
	enum publish_answer answer = ANSWER_FAILED;
	int error = publish_source_open(&source, l->base.b->fs, job->local);
	bool changed;

	if (error)
		return publish_unsent(&l->base, job->local, error);
	source.wanted = &job->digest;
	changed = sftp_is_changed(&source, job);
	if (!changed) {
		sftp_begin(l, part);
		publish_curl_number(l->curl, CURLOPT_NEW_FILE_PERMS, 0644);
		/* libcurl counts from the start of the file, and lets the source be moved on. */
		publish_curl_send(l->curl, &source);
		if (offset)
			publish_curl_size(l->curl, CURLOPT_RESUME_FROM_LARGE, (int64_t)offset);
		answer = publish_curl_perform(l->curl);
	}
	publish_source_close(&source, &digest, &size);
	if (changed)
		return publish_unsent(&l->base, job->local, ESTALE);
	if (source.error)
		return publish_unsent(&l->base, job->local, source.error);
	return answer == ANSWER_OK ? answer : sftp_fail(l, answer, "write", job->path);
}

/* Its size at least; all of it when it was not sent in one go. What is wrong goes, and is sent again. */
static enum publish_answer check_part(
	struct publish_sftp_link *l, const struct publish_job *job, const char *part, bool resumed)
{
	struct publish_job whole = {.path = str_from(part)};
	struct publish_listed there = {0};
	enum publish_answer answer = sftp_stat(l, str_from(part), &there);
	bool right = there.size == job->size;

	if (answer == ANSWER_OK && right && resumed) {
		answer = sftp_digest(&l->base, &whole);
		right = whole.size == job->size && digest_eq(&whole.digest, &job->digest);
	}
	if (answer == ANSWER_ABSENT)
		right = false;
	else if (answer != ANSWER_OK)
		return answer;
	if (right)
		return ANSWER_OK;
	buf_addf(l->base.why, "%.*s did not arrive whole on %s", STR_ARG(job->path), l->base.b->name);
	answer = drop_part(l, part);
	return answer == ANSWER_OK ? ANSWER_AGAIN : answer;
}

/* By way of the work folder: whoever lost the lock finishes nothing. */
static enum publish_answer move_part(
	struct publish_sftp_link *l, struct publish_job *job, const char *part, const char *name)
{
	struct arena scratch = *l->base.arena;
	enum publish_answer answer;

	sftp_begin(l, "");
	sftp_before(l, "rename", false, part, name);
	if (job->fresh)
		sftp_before(l, "rename", false, name, str_z(&scratch, job->path));
	answer = publish_curl_perform(l->curl);
	return answer == ANSWER_OK ? answer : sftp_not_renamed(l, job, answer);
}

enum publish_answer sftp_put_large(struct publish_sftp_link *l, struct publish_job *job, const char *name)
{
	const char *part = publish_guard_part(&l->base, job);
	uint64_t offset;
	enum publish_answer answer = find_offset(l, job, part, &offset);

	if (answer == ANSWER_OK && offset < job->size)
		answer = send_rest(l, job, part, offset);
	if (answer == ANSWER_OK)
		answer = check_part(l, job, part, offset > 0);
	return answer == ANSWER_OK ? move_part(l, job, part, name) : answer;
}
