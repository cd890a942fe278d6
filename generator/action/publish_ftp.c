/*
 * publish_ftp: FTP servers, always with TLS.
 *
 * A server that is not offered a whole file cannot tell: a client that dies looks like the end of it. So bytes go
 * to a name in the work folder, .faktablad/work-<token>/, and RNFR and RNTO, which most servers do as one
 * rename(2), give the file its own; they follow in the same transfer, once the server has confirmed the bytes. What is
 * removed goes by way of the same folder. Whoever takes over a lock moves that folder away (publish_guard.h), and from
 * that moment the other can change nothing.
 *
 * What FTP cannot: make a file only if none stands there. A fresh file is looked for (SIZE) right before it gets
 * its name; somebody who puts one there in the instant between loses it. Links are followed by most servers
 * where they stand for folders; listings show them, and the engine asks for those first.
 */
#include "action/publish_ftp_impl.h"
#include "action/publish_guard.h"
#include "action/publish_url.h"

#define IMPLICIT_PORT 990
#define CONNECTIONS 8

/* ---- opening ---- */

static bool needs_password(const struct publish_settings *s)
{
	return !s->netrc && !(s->password && s->password[0]);
}

static bool check_credentials(const struct publish_backend *base, const struct publish_address *address)
{
	const struct publish_settings *s = base->settings;

	if (!s->netrc && !address->user.n && !(s->user && s->user[0])) {
		buf_addf(base->why,
			"the target %.*s names no user: write %.*s://user@%.*s/… or set FAKTABLAD_USER",
			STR_ARG(s->url), STR_ARG(address->scheme), STR_ARG(address->host));
		return false;
	}
	if (needs_password(s)) {
		buf_addf(base->why,
			"there is no password for %.*s: set FAKTABLAD_PASSWORD in the environment, or netrc: true "
			"for the target and a line for %.*s in ~/.netrc",
			STR_ARG(s->url), STR_ARG(address->host));
		return false;
	}
	return true;
}

static bool has_two_slashes(struct str url)
{
	size_t at = str_find(url, STR("://"));
	struct str rest = str_slice(url, at + 3, url.n);

	rest = str_slice(rest, str_find_byte(rest, '/'), rest.n);
	return str_starts(rest, STR("//"));
}

static struct publish_backend *ftp_open(const struct publish_backend *base)
{
	struct publish_address address;
	struct arena *a = base->arena;
	const char *scheme, *colon;
	struct ftp *f;

	if (!publish_url_parse(a, base->settings->url, &address, base->why) ||
		!check_credentials(base, &address))
		return NULL;
	f = arena_new(a, struct ftp);
	f->base = *base;
	f->base.name = str_z(a, base->settings->url);
	f->base.guarantee = "a visitor reads every page whole, the old one or the new one";
	f->address = address;
	f->user = !base->settings->user && address.user.n ? str_z(a, address.user) : NULL;
	f->implicit = str_is(address.scheme, "ftps") && address.port == IMPLICIT_PORT;
	f->absolute = has_two_slashes(base->settings->url);
	scheme = f->implicit ? "ftps" : "ftp";
	colon = str_find_byte(address.host, ':') < address.host.n ? "[" : "";
	f->site = str_fmt(a, "%s://%s%.*s%s:%u", scheme, colon, STR_ARG(address.host), *colon ? "]" : "",
		address.port ? address.port : 21)
			  .p;
	pthread_mutex_init(&f->mutex, NULL);
	return &f->base;
}

static void ftp_close(struct publish_backend *b)
{
	pthread_mutex_destroy(&((struct ftp *)b)->mutex);
}

/* ---- reading ---- */

/* 550 may mean that it is not there and that we may not: its folder's listing tells. */
static enum publish_answer read_refused(struct publish_link *l, struct arena *a, struct str path)
{
	struct ftp_reply said = ftp_link(l)->reply;
	struct publish_listed item;
	enum publish_answer answer = ftp_find(l, a, path, &item);

	if (answer != ANSWER_OK)
		return answer;
	buf_addf(l->why, "cannot read %.*s on %s: the server says “%d %s”%s", STR_ARG(path), l->b->name,
		said.code, said.text, ftp_reply_advice(&said));
	return item.kind == PUBLISH_FILE ? ANSWER_FAILED : ANSWER_TAKEN;
}

static enum publish_answer read_one(
	struct publish_link *l, struct arena *a, struct str path, size_t max, struct buf *out)
{
	enum publish_answer answer;
	size_t before = out->n;

	publish_curl_take(ftp_begin(l, ftp_at(l, a, path)), out, max);
	answer = ftp_perform(l);
	if (answer == ANSWER_OK)
		return answer;
	buf_cut(out, before);
	if (answer == ANSWER_FAILED && ftp_is_refusal(l))
		return ANSWER_ABSENT;
	return ftp_fail(l, answer, "read", path);
}

/* What was replaced when its publisher was killed, on a server that does not overwrite, lies beside. */
static enum publish_answer ftp_read(struct publish_link *l, const char *path, size_t max, struct buf *out)
{
	struct arena scratch = *l->arena;
	struct str whole = str_from(path), old = STR_CONCAT(&scratch, whole, STR(FTP_OLD));
	enum publish_answer answer = read_one(l, &scratch, whole, max, out);
	struct publish_listed item;

	if (answer != ANSWER_ABSENT)
		return answer;
	answer = read_refused(l, &scratch, whole);
	if (answer == ANSWER_ABSENT)
		answer = ftp_find(l, &scratch, old, &item);
	if (answer == ANSWER_OK)
		answer = read_one(l, &scratch, old, max, out);
	return answer == ANSWER_TAKEN ? ANSWER_FAILED : answer;
}

enum publish_answer ftp_digest(struct publish_link *l, struct publish_job *job)
{
	struct arena scratch = *l->arena;
	struct digest_run *run = digest_run_new();
	enum publish_answer answer;

	publish_curl_take_digest(ftp_begin(l, ftp_at(l, &scratch, job->path)), run);
	answer = ftp_perform(l);
	job->digest = digest_run_free(run);
	job->size = publish_curl_received(ftp_link(l)->curl);
	if (answer == ANSWER_FAILED && ftp_is_refusal(l))
		return read_refused(l, &scratch, job->path);
	return ftp_fail(l, answer, "read", job->path);
}

static enum publish_answer ftp_rename(struct publish_link *l, struct str from, struct str to)
{
	struct arena scratch = *l->arena;
	struct publish_listed item;
	enum publish_answer answer;

	if (str_eq(from, to))
		return ftp_find(l, &scratch, from, &item);
	ftp_begin(l, STR(""));
	ftp_before(l, "*RNFR", ftp_at(l, &scratch, from));
	ftp_before(l, "*RNTO", ftp_at(l, &scratch, to));
	answer = ftp_perform_commands(l);
	if (answer == ANSWER_FAILED && ftp_is_said(l) && !ftp_link(l)->reply.renames)
		return ANSWER_ABSENT;
	return ftp_fail(l, answer, "rename", from);
}

/* ---- removing ---- */

/* Files that only a publisher with the lock, or nobody any more, has to do with. */
static bool is_scratch(struct str path)
{
	static const char *const folders[] = {
		PUBLISH_LOCK "/",
		PUBLISH_FOLDER "/work-",
		PUBLISH_FOLDER "/gone-",
		PUBLISH_FOLDER "/part-",
	};

	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (str_starts(path, str_from(folders[i])))
			return true;
	return false;
}

/* By way of the work folder, so that whoever lost the lock removes nothing. SIZE: of a regular file. */
static void say_remove(struct publish_link *l, struct arena *a, struct str path)
{
	struct str full = ftp_at(l, a, path), gone;

	ftp_begin(l, STR(""));
	if (is_scratch(path)) {
		ftp_before(l, "*DELE", full);
		return;
	}
	gone = ftp_temporary(l, a);
	publish_curl_add_before(ftp_link(l)->curl, "TYPE I");
	ftp_before(l, "SIZE", full);
	ftp_before(l, "RNFR", full);
	ftp_before(l, "RNTO", gone);
	ftp_before(l, "DELE", gone);
}

static enum publish_answer ftp_remove(struct publish_link *l, struct publish_job *job)
{
	struct arena scratch = *l->arena;
	struct publish_listed item;
	enum publish_answer answer, found;
	struct ftp_reply said;

	say_remove(l, &scratch, job->path);
	answer = is_scratch(job->path) ? ftp_perform_commands(l) : ftp_perform(l);
	if (answer == ANSWER_AGAIN && is_scratch(job->path)) {
		/* Who tidies up does not ask twice. */
		say_remove(l, &scratch, job->path);
		answer = ftp_perform_commands(l);
	}
	if (answer != ANSWER_FAILED || !ftp_is_refusal(l))
		return ftp_fail(l, answer, "remove", job->path);
	said = ftp_link(l)->reply;
	found = ftp_find(l, &scratch, job->path, &item);
	if (found == ANSWER_ABSENT || (found == ANSWER_OK && item.kind != PUBLISH_FILE))
		return ANSWER_OK;
	if (found != ANSWER_OK)
		return found;
	buf_addf(l->why, "cannot remove %.*s on %s: the server says “%d %s”%s", STR_ARG(job->path),
		l->b->name, said.code, said.text, ftp_reply_advice(&said));
	return ANSWER_FAILED;
}

/* ---- folders ---- */

/* ABSENT: it is none, or not ours to go to. */
static enum publish_answer look_folder(struct publish_link *l, struct str full)
{
	enum publish_answer answer;

	publish_curl_no_body(ftp_begin_listing(l, full));
	answer = ftp_perform(l);
	if (answer == ANSWER_FAILED && ftp_is_no_folder(l))
		return ANSWER_ABSENT;
	return ftp_fail(l, answer, "look at", full);
}

/* The target itself and what is above it, as far as they are missing. */
static enum publish_answer make_root(struct publish_link *l)
{
	struct str root = str_from(ftp_self(l)->root);
	enum publish_answer answer = root.n ? look_folder(l, root) : ANSWER_OK;

	if (answer != ANSWER_ABSENT)
		return answer;
	for (size_t i = 1; i <= root.n; i++)
		if (i == root.n || root.p[i] == '/')
			answer = ftp_tell(l, "MKD", str_slice(root, 0, i));
	return answer == ANSWER_AGAIN ? ftp_fail(l, answer, "make the folder", root) : ANSWER_OK;
}

/* Most servers say the same whether it is there already or we may not: going there tells. */
static enum publish_answer make_refused(struct publish_link *l, struct str path, struct str full)
{
	struct ftp_reply said = ftp_link(l)->reply;
	enum publish_answer answer = look_folder(l, full);

	if (answer == ANSWER_ABSENT && str_is(path, PUBLISH_FOLDER)) {
		answer = make_root(l);
		if (answer != ANSWER_OK)
			return answer;
		answer = ftp_tell(l, "MKD", full);
		if (answer != ANSWER_FAILED)
			return ftp_fail(l, answer, "make the folder", path);
		said = ftp_link(l)->reply;
		answer = ANSWER_ABSENT;
	}
	if (answer == ANSWER_ABSENT) {
		buf_addf(l->why, "cannot make the folder %.*s on %s: the server says “%d %s”%s",
			STR_ARG(path), l->b->name, said.code, said.text, ftp_reply_advice(&said));
		return ANSWER_FAILED;
	}
	return answer;
}

static enum publish_answer ftp_make_folder(struct publish_link *l, struct str path)
{
	struct arena scratch = *l->arena;
	struct str full = ftp_at(l, &scratch, path);
	enum publish_answer answer = ftp_tell(l, "MKD", full);

	if (answer == ANSWER_FAILED && ftp_is_refusal(l))
		return make_refused(l, path, full);
	return ftp_fail(l, answer, "make the folder", path);
}

static void ftp_drop_folder(struct publish_link *l, struct str path)
{
	struct arena scratch = *l->arena;

	struct str full = ftp_at(l, &scratch, path);

	if (ftp_tell(l, "RMD", full) == ANSWER_AGAIN)
		(void)!ftp_tell(l, "RMD", full);
}

const struct publish_backend_ops publish_ftp_ops = {
	.connections = CONNECTIONS,
	.open = ftp_open,
	.close = ftp_close,
	.connect = ftp_connect,
	.disconnect = ftp_disconnect,
	.read = ftp_read,
	.write = ftp_write,
	.list = ftp_list,
	.rename = ftp_rename,
	.lock_read = publish_guard_lock_read,
	.lock_swap = publish_guard_lock_swap,
	.begin = publish_guard_begin,
	.end = publish_guard_end,
	.make_folder = ftp_make_folder,
	.drop_folder = ftp_drop_folder,
	.put = ftp_put,
	.remove = ftp_remove,
	.digest = ftp_digest,
};
