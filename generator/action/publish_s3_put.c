/* A file on its way to a bucket: in one piece, or copied from a kept one by the server. */
#include "action/publish_s3_impl.h"
#include "base/md5.h"

#include <errno.h>

#define PIECE_BYTES ((size_t)64 << 10)
/* Of the object's bytes: so that an earlier try of ours is known without reading it. */
#define META_DIGEST "x-amz-meta-sha256"

enum publish_answer publish_s3_head(
	struct publish_s3_link *l, const struct publish_job *job, uint64_t *size, bool *same)
{
	struct publish_s3_call call = {.doing = "look at", .method = "HEAD", .path = job->path};
	enum publish_answer answer = publish_s3_do(l, &call);
	char digest[DIGEST_HEX + 1];
	int64_t length = 0;

	if (answer != ANSWER_OK)
		return answer;
	if (!str_to_int(publish_s3_answered(l, "content-length"), &length) || length < 0) {
		buf_addf(l->base.why, "the server does not say how long %.*s is", STR_ARG(job->path));
		return ANSWER_FAILED;
	}
	*size = (uint64_t)length;
	digest_hex(&job->digest, digest);
	*same = *size == job->size && str_is(publish_s3_answered(l, META_DIGEST), digest);
	return ANSWER_OK;
}

void publish_s3_describe(struct publish_s3_call *call, struct arena *a, const struct publish_job *job)
{
	char digest[DIGEST_HEX + 1];

	digest_hex(&job->digest, digest);
	publish_s3_header(call, STR(META_DIGEST), str_dup(a, str_from(digest)));
	for (size_t i = 0; job->headers && i < job->headers->len; i++)
		publish_s3_header(call, job->headers->items[i].name, job->headers->items[i].value);
}

static enum publish_answer taken(struct publish_s3_link *l, struct str path)
{
	buf_clear(l->base.why);
	buf_addf(
		l->base.why, "%s/%.*s is somebody else's: move it away", l->target->base.name, STR_ARG(path));
	return ANSWER_TAKEN;
}

/* What stands at a new path was put there by an earlier try of ours, or is somebody else's. */
static enum publish_answer look_whose(struct publish_s3_link *l, const struct publish_job *job)
{
	uint64_t size;
	bool same = false;
	enum publish_answer answer = publish_s3_head(l, job, &size, &same);

	if (answer != ANSWER_OK || same)
		return answer;
	return taken(l, job->path);
}

/* Its checksums go ahead of it, so it is read once before it is sent: what is not as it should be is never sent. */
static enum publish_answer check_local(
	struct publish_s3_link *l, const struct publish_job *job, struct md5 *md5)
{
	struct publish_source source;
	struct md5_run *run;
	struct digest digest;
	uint64_t size;
	char *piece;
	size_t n = 0;
	int error = publish_source_open(&source, l->base.b->fs, job->local);

	if (error)
		return publish_unsent(&l->base, job->local, error);
	piece = xmalloc(PIECE_BYTES);
	run = md5_run_new();
	while ((error = publish_source_read(&source, piece, PIECE_BYTES, &n)) == 0 && n)
		md5_run_add(run, str_make(piece, n));
	*md5 = md5_run_free(run);
	free(piece);
	publish_source_close(&source, &digest, &size);
	if (error)
		return publish_unsent(&l->base, job->local, error);
	return size == job->size && digest_eq(&digest, &job->digest)
		       ? ANSWER_OK
		       : publish_unsent(&l->base, job->local, ESTALE);
}

static enum publish_answer send_source(struct publish_s3_link *l, const struct publish_job *job,
	struct publish_source *source, const struct md5 *md5)
{
	struct publish_s3_call call = {
		.doing = "write",
		.method = "PUT",
		.path = job->path,
		.source = source,
		.payload = &job->digest,
	};
	struct arena scratch = *l->base.arena;
	char sum[MD5_BASE64 + 1];

	publish_s3_describe(&call, &scratch, job);
	md5_base64(md5, sum);
	if (md5->known)
		publish_s3_header(&call, STR("content-md5"), str_from(sum));
	if (job->fresh && publish_s3_honours(l->target))
		publish_s3_header(&call, STR("if-none-match"), STR("*"));
	atomic_store(&l->target->changed, true);
	return publish_s3_do(l, &call);
}

static enum publish_answer send_local(
	struct publish_s3_link *l, const struct publish_job *job, const struct md5 *md5)
{
	struct publish_source source;
	struct digest digest;
	enum publish_answer answer;
	uint64_t size;
	int error = publish_source_open(&source, l->base.b->fs, job->local);

	if (error)
		return publish_unsent(&l->base, job->local, error);
	answer = send_source(l, job, &source, md5);
	publish_source_close(&source, &digest, &size);
	if (source.error)
		return publish_unsent(&l->base, job->local, source.error);
	/* The server has refused what was changed between the two readings. */
	if (answer == ANSWER_AGAIN && size == job->size && !digest_eq(&digest, &job->digest))
		return publish_unsent(&l->base, job->local, ESTALE);
	return answer;
}

enum publish_answer publish_s3_free(struct publish_s3_link *l, const struct publish_job *job, bool *done)
{
	enum publish_answer answer = job->fresh ? look_whose(l, job) : ANSWER_ABSENT;

	*done = answer == ANSWER_OK;
	return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
}

enum publish_answer publish_s3_put_small(struct publish_s3_link *l, const struct publish_job *job)
{
	struct md5 md5;
	bool done = false;
	enum publish_answer answer = check_local(l, job, &md5);

	if (answer == ANSWER_OK && !publish_s3_honours(l->target))
		answer = publish_s3_free(l, job, &done);
	if (answer != ANSWER_OK || done)
		return answer;
	answer = send_local(l, job, &md5);
	if (answer == ANSWER_TAKEN)
		answer = look_whose(l, job);
	return answer == ANSWER_ABSENT ? taken(l, job->path) : answer;
}

enum publish_answer publish_s3_put_kept(struct publish_s3_link *l, const struct publish_job *job)
{
	bool done = false;
	enum publish_answer answer = publish_s3_free(l, job, &done);

	if (answer != ANSWER_OK || done)
		return answer;
	answer = publish_s3_copy(l, job->kept, job->path, job);
	if (answer != ANSWER_ABSENT)
		return answer;
	buf_addf(l->base.why, "%s/%.*s, which was kept for %.*s, is gone", l->target->base.name,
		STR_ARG(job->kept), STR_ARG(job->path));
	return ANSWER_FAILED;
}
