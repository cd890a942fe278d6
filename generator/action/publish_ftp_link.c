/*
 * One connection to an FTP server, and one transfer on it.
 *
 * TLS: servers accept a data connection only when it goes on with the TLS session of its control connection. With
 * TLS 1.3 and several transfers on a connection libcurl has no session left to go on with, so 1.2 is spoken.
 */
#include "action/publish_ftp_impl.h"
#include "action/publish_guard.h"
#include "action/publish_tls.h"
#include "action/publish_url.h"

#include <curl/curl.h>

#define WAIT_MS 5 /* libcurl does not always say what it waits for: a second for each file otherwise */

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
	if (!self->watch_sizes || !self->reply.sizes)
		return true;
	return self->reply.sizes == 1 && self->reply.size == self->sent;
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
	self->watch_sizes = self->commands = false;
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

	return self->reply.code >= 400 && (self->commands || is_reply(publish_curl_code(self->curl)));
}

/*
 * When a server refuses a transfer, libcurl may see its data connection end before it reads the refusal, takes the
 * way to make one for the fault, tries another, and reads each answer as one to the command after it.
 */
static bool is_in_step(int code)
{
	return code == CURLE_OK || code == CURLE_REMOTE_FILE_NOT_FOUND || code == CURLE_REMOTE_ACCESS_DENIED;
}

static bool is_out_of_step(int code)
{
	return code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_FTP_WEIRD_PASV_REPLY ||
	       code == CURLE_FTP_WEIRD_227_FORMAT || code == CURLE_FTP_WEIRD_PASS_REPLY ||
	       code == CURLE_FTP_COULDNT_SET_TYPE || code == CURLE_FTP_CANT_GET_HOST;
}

enum publish_answer ftp_perform(struct publish_link *l)
{
	struct ftp_link *self = ftp_link(l);
	enum publish_answer answer = publish_curl_perform(self->curl);

	if (!is_in_step(publish_curl_code(self->curl)))
		publish_curl_tear(self->curl);
	if (answer == ANSWER_OK || answer == ANSWER_STOPPED)
		return answer;
	if (ftp_is_said(l))
		return ftp_reply_answer(&self->reply);
	return is_out_of_step(publish_curl_code(self->curl)) ? ANSWER_AGAIN : answer;
}

enum publish_answer ftp_perform_commands(struct publish_link *l)
{
	enum publish_answer answer = ftp_perform(l);

	if (answer != ANSWER_OK || ftp_link(l)->reply.code < 400)
		return answer;
	ftp_link(l)->commands = true;
	return ftp_reply_answer(&ftp_link(l)->reply);
}

enum publish_answer ftp_tell(struct publish_link *l, const char *verb, struct str full)
{
	char soft[16];

	snprintf(soft, sizeof(soft), "*%s", verb);
	ftp_begin(l, STR(""));
	ftp_before(l, soft, full);
	return ftp_perform_commands(l);
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

	/* Only the first time: from then on other links read it. */
	if (f->root)
		return;
	f->mlsd = self->reply.mlst;
	curl_easy_getinfo(publish_curl_easy(self->curl), CURLINFO_FTP_ENTRY_PATH, &home);
	if (home && !f->absolute)
		entry = str_from(home);
	while (entry.n && entry.p[entry.n - 1] == '/')
		entry = str_slice(entry, 0, entry.n - 1);
	f->root = str_z(f->base.arena,
		STR_CONCAT(l->arena, entry, f->address.path.n ? STR("/") : STR(""), f->address.path));
}

void ftp_disconnect(struct publish_link *l)
{
	struct ftp_link *self = ftp_link(l);

	publish_curl_free(self->curl);
	buf_release(&self->url);
	buf_release(&self->command);
	free(self);
}

struct publish_link *ftp_connect(const struct publish_link *bare, enum publish_answer *answer)
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
