/*
 * Large files on their way to an FTP server: they grow under a name that depends on their bytes alone, so that
 * whoever sends the same file next, also after this publisher was killed, goes on where it stopped (APPE).
 *
 * What lies there already is believed only as far as it is checked: its last piece before anything is added,
 * and all of it before it gets its name.
 */
#include "action/publish_ftp_impl.h"
#include "action/publish_guard.h"

#include <curl/curl.h>

#define TAIL_BYTES ((size_t)1 << 20) /* what is compared before it is gone on */

struct large {
	struct publish_link *l;
	struct publish_job *job;
	struct publish_source *source;
	struct str part;
	uint64_t offset; /* what was there before */
};

/*
 * Some servers keep a file locked for an upload whose connection is dead, for minutes; whoever wants to read it or
 * add to it waits. Then it is given up, and the next try begins a new one.
 */
static bool is_locked(const struct large *g)
{
	return publish_curl_code(ftp_link(g->l)->curl) == CURLE_OPERATION_TIMEDOUT && g->offset &&
	       g->source->read <= g->offset;
}

static enum publish_answer failed(struct large *g, enum publish_answer answer)
{
	if (answer == ANSWER_AGAIN && is_locked(g)) {
		buf_addf(g->l->why, "%s does not let go of what it was sent of %.*s", g->l->b->name,
			STR_ARG(g->job->path));
		(void)!ftp_tell(g->l, "DELE", g->part);
		return answer;
	}
	return ftp_fail(g->l, answer, "write", g->job->path);
}

static enum publish_answer ask_size(struct large *g)
{
	enum publish_answer answer;

	ftp_begin(g->l, STR(""));
	publish_curl_add_before(ftp_link(g->l)->curl, "TYPE I");
	ftp_before(g->l, "*SIZE", g->part);
	answer = ftp_perform(g->l);
	g->offset = answer == ANSWER_OK && ftp_link(g->l)->reply.sizes ? ftp_link(g->l)->reply.size : 0;
	if (g->offset > g->job->size)
		g->offset = 0;
	return failed(g, answer);
}

static enum publish_answer read_tail(struct large *g, uint64_t from, struct buf *out)
{
	publish_curl_take(ftp_begin(g->l, g->part), out, TAIL_BYTES);
	publish_curl_size(ftp_link(g->l)->curl, CURLOPT_RESUME_FROM_LARGE, (int64_t)from);
	return failed(g, ftp_perform(g->l));
}

/* The source is then where the part ends. 0 or the source's error. */
static int is_tail(struct large *g, uint64_t from, struct str tail, bool *out)
{
	char *piece = xmalloc(TAIL_BYTES);
	size_t at = 0, n = 1;
	int error = publish_source_seek(g->source, from);

	while (!error && n && at < tail.n) {
		error = publish_source_read(g->source, piece + at, tail.n - at, &n);
		at += n;
	}
	*out = !error && g->source->read == g->offset && str_eq(str_make(piece, at), tail);
	free(piece);
	return error;
}

/* Does what lies there look like the beginning of this file? If not, it is begun again. */
static enum publish_answer check_part(struct large *g)
{
	uint64_t from = g->offset > TAIL_BYTES ? g->offset - TAIL_BYTES : 0;
	enum publish_answer answer;
	bool same = false;
	struct buf tail;
	int error;

	if (g->offset == 0)
		return ANSWER_OK;
	buf_init(&tail, TAIL_BYTES + 1);
	answer = read_tail(g, from, &tail);
	if (answer == ANSWER_OK) {
		error = is_tail(g, from, buf_str(&tail), &same);
		if (!error && !same) {
			g->offset = 0;
			error = publish_source_seek(g->source, 0);
		}
		if (error)
			answer = ANSWER_CHANGED;
	}
	buf_release(&tail);
	return answer;
}

static enum publish_answer send_rest(struct large *g)
{
	if (g->offset && g->offset == g->job->size)
		return ANSWER_OK;
	publish_curl_send(ftp_begin(g->l, g->part), g->source);
	if (g->offset)
		publish_curl_number(ftp_link(g->l)->curl, CURLOPT_APPEND, 1);
	return ftp_perform(g->l);
}

/* A server that does not append gets the whole file. */
static enum publish_answer send_or_begin_again(struct large *g)
{
	enum publish_answer answer = send_rest(g);

	if (answer == ANSWER_OK || answer == ANSWER_STOPPED || g->offset == 0 || !ftp_is_said(g->l) ||
		g->source->read != g->offset)
		return failed(g, answer);
	g->offset = 0;
	if (publish_source_seek(g->source, 0) != 0)
		return ANSWER_CHANGED;
	return failed(g, send_rest(g));
}

static enum publish_answer verify(struct large *g)
{
	struct digest_run *run;
	enum publish_answer answer;
	struct digest digest;

	if (g->offset == 0)
		return ANSWER_OK;
	run = digest_run_new();
	publish_curl_take_digest(ftp_begin(g->l, g->part), run);
	answer = ftp_perform(g->l);
	digest = digest_run_free(run);
	if (answer != ANSWER_OK)
		return ftp_fail(g->l, answer, "read", g->job->path);
	if (digest_eq(&digest, &g->job->digest))
		return ANSWER_OK;
	(void)!ftp_tell(g->l, "DELE", g->part);
	buf_addf(g->l->why,
		"what an earlier publish had sent of %.*s to %s was not the file: it is sent anew",
		STR_ARG(g->job->path), g->l->b->name);
	return ANSWER_AGAIN;
}

enum publish_answer ftp_send_large(
	struct publish_link *l, struct arena *a, struct publish_job *job, struct publish_source *source)
{
	struct publish_link here = *l;
	struct large g = {.l = l, .job = job, .source = source};
	enum publish_answer answer;

	here.arena = a;
	g.part = ftp_at(l, a, str_from(publish_guard_part(&here, job)));
	answer = ask_size(&g);
	if (answer == ANSWER_OK)
		answer = check_part(&g);
	if (answer == ANSWER_OK)
		answer = send_or_begin_again(&g);
	if (answer == ANSWER_OK)
		answer = verify(&g);
	return answer;
}
