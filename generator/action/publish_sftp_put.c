/*
 * Files of the site over SFTP.
 *
 * A new file is renamed to its place as soon as it was sent, by SFTP's own rename, which fails when something stands
 * there. Changed files are put in place by sftp_finish(), all of a batch together: through ssh, each in one
 * instant; without it, the old one is removed first.
 */
#include "action/publish_sftp_impl.h"

#include <curl/curl.h>
#include <errno.h>

/* ---- sending ---- */

/* A source whose bytes are checked before the last of them leaves: libcurl renames right after them. */
struct checked {
	struct publish_source *source;
	struct digest_run *run;
	const struct publish_job *job;
	bool changed;
};

static bool is_right(struct checked *c)
{
	struct digest digest = digest_run_free(c->run);

	c->run = NULL;
	return digest_eq(&digest, &c->job->digest);
}

static size_t give_checked(char *bytes, size_t size, size_t count, void *ctx)
{
	struct checked *c = ctx;
	size_t n = 0;

	if (publish_source_read(c->source, bytes, size * count, &n) != 0)
		return CURL_READFUNC_ABORT;
	if (c->run && n)
		digest_run_add(c->run, str_make(bytes, n));
	if (c->run && (n == 0 || c->source->read >= c->job->size))
		c->changed = c->source->read != c->job->size || !is_right(c);
	return c->changed ? CURL_READFUNC_ABORT : n;
}

static enum publish_answer say_changed(struct publish_link *l, const struct publish_job *job)
{
	buf_clear(l->why);
	buf_addf(l->why, "%s is not what the last build wrote: run build again", job->local);
	return ANSWER_CHANGED;
}

static enum publish_answer local_failed(struct publish_link *l, const char *path, int error)
{
	if (error == ENOENT) {
		buf_addf(l->why, "%s is gone: run build again", path);
		return ANSWER_CHANGED;
	}
	buf_addf(l->why, "cannot read %s: %s", path, strerror(error));
	return ANSWER_FAILED;
}

static enum publish_answer send_checked(struct publish_sftp_link *l, struct publish_source *source,
	const struct publish_job *job, bool *changed)
{
	struct checked c = {.source = source, .job = job, .run = digest_run_new()};
	CURL *easy = publish_curl_easy(l->curl);
	enum publish_answer answer;

	if (source->size != job->size || (job->size == 0 && !is_right(&c))) {
		*changed = true;
		answer = ANSWER_FAILED;
	} else {
		publish_curl_number(l->curl, CURLOPT_NEW_FILE_PERMS, 0644);
		publish_curl_send(l->curl, source);
		curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_checked);
		curl_easy_setopt(easy, CURLOPT_READDATA, &c);
		/* It is never begun anew by libcurl itself: the digest could not follow. */
		curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, NULL);
		answer = publish_curl_perform(l->curl);
		*changed = c.changed;
	}
	if (c.run)
		(void)digest_run_free(c.run);
	return answer;
}

/* Why a new file did not get its name: OK is no reason. */
static enum publish_answer not_renamed(
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
	struct arena scratch;
	struct digest digest;
	bool changed = false;
	uint64_t size;
	enum publish_answer answer;
	int error = publish_source_open(&source, l->base.b->fs, job->local);

	if (error)
		return local_failed(&l->base, job->local, error);
	scratch = *l->base.arena;
	sftp_begin(l, name);
	if (job->fresh)
		sftp_after(l, "rename", false, name, str_z(&scratch, job->path));
	answer = send_checked(l, &source, job, &changed);
	publish_source_close(&source, &digest, &size);
	if (changed)
		return say_changed(&l->base, job);
	if (source.error)
		return local_failed(&l->base, job->local, source.error);
	if (answer == ANSWER_OK)
		return answer;
	if (publish_curl_code(l->curl) == CURLE_QUOTE_ERROR)
		return not_renamed(l, job, answer);
	return sftp_fail(l, answer, "write", job->path);
}

enum publish_answer sftp_put(struct publish_link *base, struct publish_job *job)
{
	struct publish_sftp_link *l = sftp_self(base);
	const char *name = publish_guard_name(base, ++l->names);
	enum publish_answer answer = put_small(l, job, name);

	if (answer == ANSWER_OK && !job->fresh)
		job->staged = name;
	return answer;
}

/* ---- putting changed files in place ---- */

/* What the requests of one finish() are about. */
struct finishing {
	struct publish_sftp *s;
	struct publish_link *link;
	struct publish_batch *batch;
	struct arena arena;
	struct ssh_request *requests;
	size_t len;
	struct publish_job **jobs; /* of each request */
};

static struct ssh_request *add_request(
	struct finishing *f, enum ssh_op op, struct publish_job *job, struct str path)
{
	struct ssh_request *r = &f->requests[f->len];

	f->jobs[f->len++] = job;
	*r = (struct ssh_request){.op = op, .path = sftp_path(f->s, &f->arena, path).p};
	return r;
}

static enum publish_answer lost(struct finishing *f)
{
	f->s->finish_again = true;
	buf_addf(f->link->why, "the connection of ssh to %s was lost", f->link->b->name);
	return ANSWER_AGAIN;
}

static enum publish_answer stands_in_the_way(struct publish_link *l, struct publish_job *job)
{
	buf_addf(l->why,
		"at, or on the way to, %.*s on %s stands what is no file or folder of the site's: move it away",
		STR_ARG(job->path), l->b->name);
	return job->answer = ANSWER_TAKEN;
}

/* Every folder on the way, each once when the jobs are sorted, and what stands at the place. */
static void ask_around(struct finishing *f)
{
	struct str before = STR("");

	for (size_t i = 0; i < f->batch->len; i++) {
		struct publish_job *job = &f->batch->jobs[i];

		if (!job->staged)
			continue;
		for (size_t j = 0; j < job->path.n; j++) {
			struct str folder = str_slice(job->path, 0, j);

			if (job->path.p[j] == '/' &&
				!(str_starts(before, folder) && before.n > j && before.p[j] == '/'))
				add_request(f, SSH_LSTAT, job, folder)->to = "folder";
		}
		add_request(f, SSH_LSTAT, job, job->path);
		before = job->path;
	}
}

static enum publish_answer judge_around(struct finishing *f)
{
	for (size_t i = 0; i < f->len; i++) {
		const struct ssh_request *r = &f->requests[i];
		enum ssh_kind wanted = r->to ? SSH_FOLDER : SSH_FILE;

		if (r->status == SSH_OK && r->kind != wanted)
			return stands_in_the_way(f->link, f->jobs[i]);
	}
	return ANSWER_OK;
}

/* A try before this one may have done it, and lost the answer. */
static bool was_moved(struct finishing *f, struct publish_job *job)
{
	struct ssh_request r = {.op = SSH_LSTAT, .path = sftp_path(f->s, &f->arena, job->path).p};
	bool gone;

	return f->s->finish_again && sftp_ssh_run(f->s, &r, 1, &gone) && r.status == SSH_OK &&
	       r.kind == SSH_FILE && r.size == job->size;
}

static enum publish_answer not_moved(struct finishing *f, struct publish_job *job, uint32_t status)
{
	struct buf *why = f->link->why;

	job->answer = ANSWER_FAILED;
	buf_addf(why, "cannot replace %.*s on %s: ", STR_ARG(job->path), f->link->b->name);
	if (status == SSH_NO_SUCH_FILE) {
		buf_addz(why,
			"its folder, or our work folder, is gone: somebody else publishes there, or removed it");
		job->answer = ANSWER_TAKEN;
	} else if (status == SSH_PERMISSION_DENIED) {
		buf_addf(why, "permission denied: give the user %s the right to write there", f->s->user);
	} else {
		buf_addf(why, "%s; perhaps the disk is full or a quota is used up", ssh_status_text(status));
	}
	return job->answer;
}

static enum publish_answer move_all(struct finishing *f)
{
	enum publish_answer answer = ANSWER_OK;
	bool gone;

	f->len = 0;
	for (size_t i = 0; i < f->batch->len; i++) {
		struct publish_job *job = &f->batch->jobs[i];

		if (job->staged)
			add_request(f, SSH_RENAME, job, str_from(job->staged))->to =
				sftp_path(f->s, &f->arena, job->path).p;
	}
	if (!sftp_ssh_run(f->s, f->requests, f->len, &gone))
		return lost(f);
	for (size_t i = 0; i < f->len; i++) {
		if (f->requests[i].status == SSH_OK || was_moved(f, f->jobs[i]))
			f->jobs[i]->staged = NULL;
		else if (answer == ANSWER_OK)
			answer = not_moved(f, f->jobs[i], f->requests[i].status);
	}
	return answer;
}

static enum publish_answer finish_at_once(struct finishing *f, bool *cannot)
{
	enum publish_answer answer;
	bool gone;

	ask_around(f);
	if (!sftp_ssh_run(f->s, f->requests, f->len, &gone)) {
		*cannot = !gone;
		return gone ? lost(f) : ANSWER_OK;
	}
	answer = judge_around(f);
	return answer == ANSWER_OK ? move_all(f) : answer;
}

/* One after the other, by libcurl: for an instant each is missing. */
static enum publish_answer finish_slowly(struct publish_sftp_link *l, struct publish_job *job)
{
	struct arena scratch = *l->base.arena;
	struct publish_listed there;
	const char *path = str_z(&scratch, job->path);
	enum publish_answer answer = sftp_stat(l, job->path, &there);

	if (answer == ANSWER_OK && there.kind != PUBLISH_FILE)
		return stands_in_the_way(&l->base, job);
	if (answer != ANSWER_OK && answer != ANSWER_ABSENT)
		return answer;
	/* First a sign that the work folder is still ours: without it nothing is removed. */
	sftp_begin(l, "");
	sftp_before(l, "chmod 644", false, job->staged, NULL);
	sftp_before(l, "rm", true, path, NULL);
	sftp_before(l, "rename", false, job->staged, path);
	answer = publish_curl_perform(l->curl);
	if (answer != ANSWER_OK)
		return sftp_fail(l, answer, "replace", job->path);
	job->staged = NULL;
	return answer;
}

/* Each folder on the way, its own path, and each file: most that ask_around() may ask. */
static size_t most_requests(const struct publish_batch *batch)
{
	size_t n = 0;

	for (size_t i = 0; i < batch->len; i++) {
		n++;
		for (size_t j = 0; batch->jobs[i].staged && j < batch->jobs[i].path.n; j++)
			n += batch->jobs[i].path.p[j] == '/';
	}
	return n;
}

enum publish_answer sftp_finish(struct publish_link *base, struct publish_batch *batch)
{
	struct publish_sftp_link *l = sftp_self(base);
	struct finishing f = {.s = l->target, .link = base, .batch = batch};
	enum publish_answer answer = ANSWER_OK;
	size_t staged = 0;
	bool cannot = false;

	for (size_t i = 0; i < batch->len; i++)
		staged += batch->jobs[i].staged != NULL;
	if (!staged)
		return ANSWER_OK;
	arena_init(&f.arena, ARENA_DEFAULT);
	f.requests = arena_new_n(&f.arena, struct ssh_request, most_requests(batch));
	f.jobs = arena_new_n(&f.arena, struct publish_job *, most_requests(batch));
	answer = finish_at_once(&f, &cannot);
	for (size_t i = 0; cannot && i < batch->len && answer == ANSWER_OK; i++)
		if (batch->jobs[i].staged)
			answer = batch->jobs[i].answer = finish_slowly(l, &batch->jobs[i]);
	arena_release(&f.arena);
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
		gone = publish_guard_name(base, ++l->names);
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

/* ---- what only ssh can ---- */

static enum publish_answer lacks(struct publish_link *base, const char *what, bool gone)
{
	if (gone) {
		buf_addf(base->why, "the connection of ssh to %s was lost", base->b->name);
		return ANSWER_AGAIN;
	}
	buf_addf(base->why, "%s cannot %s through the program ssh", base->b->name, what);
	return ANSWER_ABSENT;
}

enum publish_answer sftp_copy(struct publish_link *base, struct str from, struct str to)
{
	struct publish_sftp *s = sftp_self(base)->target;
	struct arena scratch = *base->arena;
	struct ssh_request r[2] = {{.op = SSH_LINK}, {.op = SSH_LSTAT}};
	bool gone;

	sftp_ssh_begin(s);
	r[0].path = sftp_path(s, &scratch, from).p;
	r[0].to = r[1].path = sftp_path(s, &scratch, to).p;
	if (!sftp_ssh_run(s, r, 2, &gone))
		return lacks(base, "keep a file under a second name", gone);
	if (r[0].status == SSH_OK || (r[1].status == SSH_OK && r[1].kind == SSH_FILE))
		return ANSWER_OK;
	if (r[0].status == SSH_UNSUPPORTED)
		return lacks(base, "keep a file under a second name", false);
	buf_addf(base->why, "cannot keep %.*s on %s: %s", STR_ARG(from), base->b->name,
		ssh_status_text(r[0].status));
	return ANSWER_FAILED;
}

enum publish_answer sftp_point(struct publish_link *base, struct str path, struct str to)
{
	struct publish_sftp_link *l = sftp_self(base);
	struct publish_sftp *s = l->target;
	const char *name = publish_guard_name(base, ++l->names);
	struct arena scratch = *base->arena;
	const char *target = str_z(&scratch, to), *temporary = sftp_path(s, &scratch, str_from(name)).p;
	const char *full = sftp_path(s, &scratch, path).p;
	struct ssh_request look = {.op = SSH_LSTAT, .path = full};
	struct ssh_request r[2] = {{.op = SSH_SYMLINK, .path = target, .to = temporary},
		{.op = SSH_RENAME, .path = temporary, .to = full}};
	bool gone;

	sftp_ssh_begin(s);
	if (!sftp_ssh_run(s, &look, 1, &gone))
		return lacks(base, "switch a whole site", gone);
	if (look.status == SSH_OK && look.kind != SSH_OTHER) {
		buf_addf(base->why, "%.*s on %s is no symbolic link: move it away", STR_ARG(path),
			base->b->name);
		return ANSWER_TAKEN;
	}
	if (!sftp_ssh_run(s, r, 2, &gone))
		return lacks(base, "switch a whole site", gone);
	if (r[0].status == SSH_OK && r[1].status == SSH_OK)
		return ANSWER_OK;
	buf_addf(base->why, "cannot point %.*s on %s elsewhere: %s", STR_ARG(path), base->b->name,
		ssh_status_text(r[0].status ? r[0].status : r[1].status));
	return ANSWER_FAILED;
}
