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
 *
 * TLS: servers accept a data connection only when it goes on with the TLS session of its control connection.
 * With TLS 1.3 and several transfers on a connection libcurl has no session left to go on with, so 1.2 is spoken.
 */
#include "action/publish_ftp_impl.h"
#include "action/publish_guard.h"
#include "action/publish_tls.h"
#include "action/publish_url.h"

#include <curl/curl.h>

#define WAIT_MS 5 /* libcurl does not always say what it waits for: a second for each file otherwise */
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

/* ---- one transfer ---- */

struct str ftp_at(struct publish_link *l, struct arena *a, struct str path)
{
	struct str root = str_from(ftp_self(l)->root);

	if (path.n)
		return STR_CONCAT(a, root, STR("/"), path);
	return root.n ? root : STR("/");
}

struct str ftp_temporary(struct publish_link *l, struct arena *a)
{
	struct publish_link here = *l;

	here.arena = a;
	return ftp_at(l, a, str_from(publish_guard_name(&here, atomic_fetch_add(&ftp_self(l)->counter, 1))));
}

static bool hear(void *ctx, struct str line)
{
	struct ftp_link *self = ctx;

	ftp_reply_hear(&self->reply, line);
	return !(self->refuse_found && self->reply.sized);
}

struct publish_curl *ftp_begin(struct publish_link *l, struct str full)
{
	struct ftp_link *self = ftp_link(l);
	struct ftp *f = ftp_self(l);
	struct publish_curl *c = self->curl;

	buf_clear(&self->url);
	buf_addf(&self->url, "%s/", f->site);
	publish_url_encode(&self->url, full.n ? full : STR("/"));
	publish_curl_begin(c, self->url.p);
	self->reply = (struct ftp_reply){0};
	self->refuse_found = false;
	if (f->user)
		publish_curl_text(c, CURLOPT_USERNAME, f->user);
	publish_curl_number(c, CURLOPT_USE_SSL, CURLUSESSL_ALL);
	publish_curl_number(c, CURLOPT_FTPSSLAUTH, CURLFTPAUTH_TLS);
	publish_curl_number(c, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2);
	publish_curl_number(c, CURLOPT_FTP_FILEMETHOD, CURLFTPMETHOD_NOCWD);
	publish_curl_number(c, CURLOPT_FTP_SKIP_PASV_IP, 1);
	publish_curl_listen(c, hear, self);
	if (!full.n)
		publish_curl_no_body(c);
	return c;
}

/*
 * libcurl goes to a folder only when it does not think that it is there. It may be another one by now, so the same
 * place is spelt in two ways by turns.
 */
static struct publish_curl *begin_in(struct publish_link *l, struct str full)
{
	struct ftp_link *self = ftp_link(l);
	struct publish_curl *c = ftp_begin(l, full);

	self->turn = !self->turn;
	buf_addf(&self->url, "%s%s", full.n > 1 ? "/" : "", self->turn ? "./" : "");
	publish_curl_text(c, CURLOPT_URL, self->url.p);
	publish_curl_number(c, CURLOPT_FTP_FILEMETHOD, CURLFTPMETHOD_SINGLECWD);
	return c;
}

struct publish_curl *ftp_begin_listing(struct publish_link *l, struct str full)
{
	struct publish_curl *c = begin_in(l, full);

	publish_curl_text(c, CURLOPT_CUSTOMREQUEST, ftp_self(l)->mlsd ? "MLSD" : "LIST -a");
	return c;
}

bool ftp_is_no_folder(const struct publish_link *l)
{
	const struct ftp_link *self = (const struct ftp_link *)l;

	return ftp_is_refusal(l) && publish_curl_code(self->curl) == CURLE_REMOTE_ACCESS_DENIED;
}

static const char *command(struct ftp_link *self, const char *verb, struct str full)
{
	buf_clear(&self->command);
	buf_addf(&self->command, "%s %.*s", verb, STR_ARG(full));
	return self->command.p;
}

void ftp_before(struct publish_link *l, const char *verb, struct str full)
{
	publish_curl_add_before(ftp_link(l)->curl, command(ftp_link(l), verb, full));
}

void ftp_after(struct publish_link *l, const char *verb, struct str full)
{
	publish_curl_add_after(ftp_link(l)->curl, command(ftp_link(l), verb, full));
}

static bool is_reply(int code)
{
	static const int replies[] = {CURLE_QUOTE_ERROR, CURLE_UPLOAD_FAILED, CURLE_FTP_COULDNT_RETR_FILE,
		CURLE_PARTIAL_FILE, CURLE_REMOTE_ACCESS_DENIED, CURLE_REMOTE_FILE_NOT_FOUND,
		CURLE_REMOTE_DISK_FULL, CURLE_FTP_WEIRD_PASV_REPLY, CURLE_WEIRD_SERVER_REPLY,
		CURLE_FTP_COULDNT_SET_TYPE, CURLE_FTP_COULDNT_USE_REST, CURLE_LOGIN_DENIED};

	for (size_t i = 0; i < COUNT_OF(replies); i++)
		if (replies[i] == code)
			return true;
	return false;
}

bool ftp_is_said(const struct publish_link *l)
{
	const struct ftp_link *self = (const struct ftp_link *)l;

	return self->reply.code >= 400 && is_reply(publish_curl_code(self->curl));
}

enum publish_answer ftp_perform(struct publish_link *l)
{
	struct ftp_link *self = ftp_link(l);
	enum publish_answer answer = publish_curl_perform(self->curl);

	if (answer == ANSWER_OK || answer == ANSWER_STOPPED || !ftp_is_said(l))
		return answer;
	return ftp_reply_answer(&self->reply);
}

bool ftp_is_refusal(const struct publish_link *l)
{
	int code = ((const struct ftp_link *)l)->reply.code;

	return ftp_is_said(l) && (code == 550 || code == 553 || code == 501 || code == 521);
}

enum publish_answer ftp_fail(
	struct publish_link *l, enum publish_answer answer, const char *doing, struct str path)
{
	struct ftp_link *self = ftp_link(l);

	if (answer == ANSWER_OK || answer == ANSWER_STOPPED)
		return answer;
	buf_addf(l->why, "cannot %s %.*s on %s: ", doing, STR_ARG(path), l->b->name);
	if (!ftp_is_said(l))
		buf_addz(l->why, publish_curl_why(self->curl));
	else if (self->reply.text[0])
		buf_addf(l->why, "the server says “%d %s”%s", self->reply.code, self->reply.text,
			ftp_reply_advice(&self->reply));
	else
		buf_addf(l->why, "the server says %d%s", self->reply.code, ftp_reply_advice(&self->reply));
	if (publish_curl_code(self->curl) == CURLE_SEND_ERROR)
		buf_addz(l->why, " (if this goes on, its disk or a quota may be full)");
	return answer;
}

/* ---- connecting ---- */

static enum publish_answer login_failed(struct publish_link *l)
{
	struct ftp_link *self = ftp_link(l);

	/* The same user was let in before: there are too many of us. */
	if (l->number) {
		buf_addf(l->why, "%s lets no more connections in: the server says “%d %s”", l->b->name,
			self->reply.code, self->reply.text);
		return ANSWER_AGAIN;
	}
	buf_addf(l->why,
		"%s does not let the user in (“%d %s”): look at the user's name and at FAKTABLAD_PASSWORD",
		l->b->name, self->reply.code, self->reply.text);
	return ANSWER_FAILED;
}

static enum publish_answer connect_failed(struct publish_link *l, enum publish_answer answer)
{
	struct ftp_link *self = ftp_link(l);
	int code = publish_curl_code(self->curl);

	if (answer == ANSWER_STOPPED)
		return answer;
	if (code == CURLE_LOGIN_DENIED && self->reply.code != 421)
		return login_failed(l);
	if (code == CURLE_USE_SSL_FAILED) {
		buf_addf(l->why,
			"%s offers no TLS (“%d %s”), and without it everybody on the way could read the password: "
			"have TLS turned on there, or publish by SFTP",
			l->b->name, self->reply.code, self->reply.text);
		return ANSWER_FAILED;
	}
	if (publish_tls_explain(
		    l->why, code, publish_curl_why(self->curl), l->b->name, l->b->settings->ca_file))
		return ANSWER_FAILED;
	buf_addf(l->why, "cannot connect to %s: %s", l->b->name, publish_curl_why(self->curl));
	if (self->reply.code >= 400)
		buf_addf(l->why, " (“%d %s”)", self->reply.code, self->reply.text);
	return answer;
}

/* What the control link's first transfer told. */
static void learn(struct publish_link *l)
{
	struct ftp *f = ftp_self(l);
	struct ftp_link *self = ftp_link(l);
	struct str entry = STR("");
	const char *home = NULL;

	f->mlsd = self->reply.mlst;
	if (f->root)
		return;
	curl_easy_getinfo(publish_curl_easy(self->curl), CURLINFO_FTP_ENTRY_PATH, &home);
	if (home && !f->absolute)
		entry = str_from(home);
	while (entry.n && entry.p[entry.n - 1] == '/')
		entry = str_slice(entry, 0, entry.n - 1);
	f->root = str_z(f->base.arena,
		STR_CONCAT(l->arena, entry, f->address.path.n ? STR("/") : STR(""), f->address.path));
}

static void ftp_disconnect(struct publish_link *l)
{
	struct ftp_link *self = ftp_link(l);

	publish_curl_free(self->curl);
	buf_release(&self->url);
	buf_release(&self->command);
	free(self);
}

static struct publish_link *ftp_connect(const struct publish_link *bare, enum publish_answer *answer)
{
	struct ftp_link *self = xmalloc(sizeof(*self));
	struct publish_link *l = &self->base;
	struct ftp *f = (struct ftp *)bare->b;

	*self = (struct ftp_link){.base = *bare};
	buf_init(&self->url, BUF_MAX_DEFAULT);
	buf_init(&self->command, BUF_MAX_DEFAULT);
	self->curl = publish_curl_new(f->implicit ? "ftps" : "ftp", bare->b->settings, bare->stop);
	publish_curl_wait_at_most(self->curl, WAIT_MS);
	ftp_begin(l, STR(""));
	if (l->number == 0)
		publish_curl_add_before(self->curl, "*FEAT");
	publish_curl_add_before(self->curl, "*OPTS UTF8 ON");
	publish_curl_add_before(self->curl, "TYPE I");
	*answer = ftp_perform(l);
	if (*answer == ANSWER_OK) {
		if (l->number == 0)
			learn(l);
		return l;
	}
	*answer = connect_failed(l, *answer);
	ftp_disconnect(l);
	return NULL;
}

/* ---- small things ---- */

enum publish_answer ftp_tell(struct publish_link *l, const char *verb, struct str full)
{
	ftp_begin(l, STR(""));
	ftp_before(l, verb, full);
	return ftp_perform(l);
}

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

static enum publish_answer ftp_digest(struct publish_link *l, struct publish_job *job)
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
	enum publish_answer answer;

	ftp_begin(l, STR(""));
	ftp_before(l, "RNFR", ftp_at(l, &scratch, from));
	ftp_before(l, "RNTO", ftp_at(l, &scratch, to));
	answer = ftp_perform(l);
	if (answer == ANSWER_FAILED && ftp_is_refusal(l) && !ftp_link(l)->reply.renames)
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
		ftp_before(l, "DELE", full);
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
	answer = ftp_perform(l);
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

static bool is_folder(struct publish_link *l, struct str full)
{
	publish_curl_no_body(begin_in(l, full));
	return ftp_perform(l) == ANSWER_OK;
}

/* The target itself and what is above it, as far as they are missing. */
static void make_root(struct publish_link *l)
{
	struct str root = str_from(ftp_self(l)->root);

	if (root.n == 0 || is_folder(l, root))
		return;
	for (size_t i = 1; i <= root.n; i++)
		if (i == root.n || root.p[i] == '/')
			(void)!ftp_tell(l, "*MKD", str_slice(root, 0, i));
}

static enum publish_answer ftp_make_folder(struct publish_link *l, struct str path)
{
	struct arena scratch = *l->arena;
	struct str full = ftp_at(l, &scratch, path);
	enum publish_answer answer = ftp_tell(l, "MKD", full);
	struct ftp_reply said = ftp_link(l)->reply;

	if (answer != ANSWER_FAILED || !ftp_is_refusal(l))
		return ftp_fail(l, answer, "make the folder", path);
	if (is_folder(l, full))
		return ANSWER_OK;
	if (str_is(path, PUBLISH_FOLDER)) {
		make_root(l);
		answer = ftp_tell(l, "MKD", full);
		if (answer == ANSWER_OK)
			return answer;
		said = ftp_link(l)->reply;
	}
	buf_addf(l->why, "cannot make the folder %.*s on %s: the server says “%d %s”%s", STR_ARG(path),
		l->b->name, said.code, said.text, ftp_reply_advice(&said));
	return ANSWER_FAILED;
}

static void ftp_drop_folder(struct publish_link *l, struct str path)
{
	struct arena scratch = *l->arena;

	(void)!ftp_tell(l, "*RMD", ftp_at(l, &scratch, path));
}

static enum publish_answer begin(struct publish_link *l)
{
	enum publish_answer answer = publish_guard_begin(l);

	if (answer == ANSWER_OK)
		ftp_self(l)->begun = true;
	return answer;
}

static void end(struct publish_link *l)
{
	publish_guard_end(l);
	ftp_self(l)->begun = false;
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
	.begin = begin,
	.end = end,
	.make_folder = ftp_make_folder,
	.drop_folder = ftp_drop_folder,
	.put = ftp_put,
	.remove = ftp_remove,
	.digest = ftp_digest,
};
