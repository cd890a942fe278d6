/*
 * Changed files take their places, all of a batch together: through ssh, each in one instant; without it, the old one is
 * removed first, and for an instant the visitor misses it. And what else only ssh can: second names and links.
 */
#include "action/publish_sftp_impl.h"

#include <curl/curl.h>

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

/*
 * A try before this one may have done it, and lost the answer: then the staged name is gone, and our bytes are in
 * place (OK). ABSENT: they are not. AGAIN: that could not be seen.
 */
static enum publish_answer was_moved(struct finishing *f, const struct publish_job *job, uint32_t status)
{
	struct publish_job there = {.path = job->path};
	size_t said = f->link->why->n;
	enum publish_answer answer;

	if (!f->s->finish_again || status != SSH_NO_SUCH_FILE)
		return ANSWER_ABSENT;
	answer = sftp_digest(f->link, &there);
	if (answer == ANSWER_AGAIN || answer == ANSWER_STOPPED)
		return answer;
	buf_cut(f->link->why, said);
	return answer == ANSWER_OK && there.size == job->size && digest_eq(&there.digest, &job->digest)
		       ? ANSWER_OK
		       : ANSWER_ABSENT;
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
		uint32_t status = f->requests[i].status;
		enum publish_answer moved = status == SSH_OK ? ANSWER_OK : was_moved(f, f->jobs[i], status);

		if (moved == ANSWER_OK)
			f->jobs[i]->staged = NULL;
		else if (answer == ANSWER_OK)
			answer = moved == ANSWER_ABSENT ? not_moved(f, f->jobs[i], status) : moved;
	}
	return answer;
}

static enum publish_answer finish_at_once(struct finishing *f, bool *cannot)
{
	enum publish_answer answer;
	bool gone;

	*cannot = !sftp_ssh_can(f->s, SSH_RENAME);
	if (*cannot)
		return ANSWER_OK;
	ask_around(f);
	if (!sftp_ssh_run(f->s, f->requests, f->len, &gone))
		return lost(f);
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

/* A link to a link is no copy of a file. */
static enum publish_answer drop_copy(struct publish_sftp *s, const char *path)
{
	struct ssh_request r = {.op = SSH_REMOVE, .path = path};
	bool gone;

	(void)!sftp_ssh_run(s, &r, 1, &gone);
	return ANSWER_ABSENT;
}

enum publish_answer sftp_copy(struct publish_link *base, struct str from, struct str to)
{
	struct publish_sftp *s = sftp_self(base)->target;
	struct arena scratch = *base->arena;
	struct ssh_request r[3] = {{.op = SSH_LSTAT}, {.op = SSH_LINK}, {.op = SSH_LSTAT}};
	bool gone = false;

	r[0].path = r[1].path = sftp_path(s, &scratch, from).p;
	r[1].to = r[2].path = sftp_path(s, &scratch, to).p;
	if (!sftp_ssh_can(s, SSH_LINK) || !sftp_ssh_run(s, r, COUNT_OF(r), &gone))
		return lacks(base, "keep a file under a second name", gone);
	if (r[0].status == SSH_NO_SUCH_FILE)
		return ANSWER_ABSENT;
	if (r[1].status == SSH_OK && r[0].kind != SSH_FILE)
		return drop_copy(s, r[1].to);
	if (r[1].status == SSH_OK || (r[2].status == SSH_OK && r[2].kind == SSH_FILE))
		return ANSWER_OK;
	if (r[1].status == SSH_UNSUPPORTED)
		return lacks(base, "keep a file under a second name", false);
	buf_addf(base->why, "cannot keep %.*s on %s: %s", STR_ARG(from), base->b->name,
		ssh_status_text(r[1].status));
	return ANSWER_FAILED;
}

enum publish_answer sftp_point(struct publish_link *base, struct str path, struct str to)
{
	struct publish_sftp_link *l = sftp_self(base);
	struct publish_sftp *s = l->target;
	const char *name = sftp_name(l);
	struct arena scratch = *base->arena;
	const char *target = str_z(&scratch, to), *temporary = sftp_path(s, &scratch, str_from(name)).p;
	const char *full = sftp_path(s, &scratch, path).p;
	struct ssh_request look = {.op = SSH_LSTAT, .path = full};
	struct ssh_request r[2] = {{.op = SSH_SYMLINK, .path = target, .to = temporary},
		{.op = SSH_RENAME, .path = temporary, .to = full}};
	bool gone = false;

	if (!sftp_ssh_can(s, SSH_RENAME) || !sftp_ssh_run(s, &look, 1, &gone))
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
