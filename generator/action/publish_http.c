#include "action/publish_http.h"
#include "action/publish_tls.h"

#define LOCATION_MAX 200 /* bytes of a redirect's address in a sentence */

/* A status without `todo` is clear enough, or has a function of its own below. */
static const struct row {
	long status;
	enum publish_answer answer;
	const char *name, *todo;
} rows[] = {
	{400, ANSWER_FAILED, "Bad Request", NULL},
	{401, ANSWER_FAILED, "Unauthorized", NULL}, /* say_unauthorized() */
	{402, ANSWER_FAILED, "Payment Required", NULL},
	{403, ANSWER_FAILED, "Forbidden",
		"the user has no right to do this; give it the right to write there, and see the server's error log"},
	{404, ANSWER_ABSENT, "Not Found", NULL},
	{405, ANSWER_FAILED, "Method Not Allowed", NULL}, /* say_not_allowed() */
	{407, ANSWER_FAILED, "Proxy Authentication Required",
		"a proxy between here and the server wants a password"},
	{408, ANSWER_AGAIN, "Request Timeout", NULL},
	{409, ANSWER_FAILED, "Conflict", "the folder above is missing, or a folder stands at that name"},
	{410, ANSWER_ABSENT, "Gone", NULL},
	{411, ANSWER_FAILED, "Length Required", NULL},
	{412, ANSWER_TAKEN, "Precondition Failed", "something stands there already"},
	{413, ANSWER_FAILED, "Content Too Large",
		"raise the server's limit (nginx: client_max_body_size 0; Apache: LimitRequestBody 0)"},
	{414, ANSWER_FAILED, "URI Too Long", NULL},
	{415, ANSWER_FAILED, "Unsupported Media Type", NULL},
	{421, ANSWER_FAILED, "Misdirected Request", "the server does not answer for this host name"},
	{422, ANSWER_FAILED, "Unprocessable Content", NULL},
	{423, ANSWER_AGAIN, "Locked", "somebody else holds a lock on it"},
	{425, ANSWER_AGAIN, "Too Early", NULL},
	{429, ANSWER_AGAIN, "Too Many Requests", "use fewer connections"},
	{500, ANSWER_AGAIN, "Internal Server Error",
		"the server's error log says why; a full disk and a missing permission are common"},
	{501, ANSWER_FAILED, "Not Implemented", NULL}, /* say_not_allowed() */
	{502, ANSWER_AGAIN, "Bad Gateway", NULL},
	{503, ANSWER_AGAIN, "Service Unavailable", NULL},
	{504, ANSWER_AGAIN, "Gateway Timeout", NULL},
	{507, ANSWER_FAILED, "Insufficient Storage",
		"make room on the server, or raise the quota, and publish again"},
};

static const struct row *row_of(long status)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].status == status)
			return &rows[i];
	return NULL;
}

enum publish_answer publish_http_answer(long status)
{
	const struct row *row = row_of(status);

	if (row)
		return row->answer;
	return status >= 200 && status < 300 ? ANSWER_OK : ANSWER_FAILED;
}

static void say_unauthorized(struct buf *why, const struct publish_http_about *about)
{
	if (about->credentials)
		buf_addf(why, ": the user or the password is wrong or missing; they come from %s",
			about->credentials);
	else
		buf_addz(why, ": it wants a user and a password");
}

static void say_not_allowed(struct buf *why, const struct publish_http_about *about)
{
	if (about->kind)
		buf_addf(why,
			": this is not %s, or one where that is not allowed; look at the address and at the "
			"server's configuration",
			about->kind);
}

void publish_http_add_status(struct buf *why, const struct publish_http_about *about, long status)
{
	const struct row *row = row_of(status);

	buf_addf(why, "the server answered %ld%s%s", status, row ? " " : "", row ? row->name : "");
	if (status == 401)
		say_unauthorized(why, about);
	else if (status == 405 || status == 501)
		say_not_allowed(why, about);
	else if (row && row->todo)
		buf_addf(why, ": %s", row->todo);
}

/* A server's own text, fit for a terminal: no control characters, and not endless. */
static void add_foreign(struct buf *why, const char *text)
{
	for (size_t i = 0; text[i] && i < LOCATION_MAX; i++)
		buf_addc(why, text[i] > ' ' && text[i] < 0x7f ? text[i] : '?');
	if (strlen(text) > LOCATION_MAX)
		buf_addz(why, "…");
}

static void say_redirect(struct buf *why, struct publish_curl *c, long status)
{
	const char *location = publish_curl_header(c, "Location");

	buf_addf(why, "the server answered %ld, a redirect", status);
	if (location) {
		buf_addz(why, " to ");
		add_foreign(why, location);
	}
	buf_addz(why, ", which is not followed: if that is the right place, write its address");
}

static void say_curl(struct buf *why, struct publish_curl *c, const struct publish_http_about *about)
{
	if (!publish_tls_explain(
		    why, publish_curl_code(c), publish_curl_why(c), about->where, about->ca_file))
		buf_addz(why, publish_curl_why(c));
}

static void say_what(struct buf *why, const struct publish_http_about *about)
{
	const char *to = strcmp(about->doing, "send") == 0 ? "to" : "on";

	if (about->what.n)
		buf_addf(why, "cannot %s %.*s %s %s: ", about->doing, STR_ARG(about->what), to, about->where);
	else
		buf_addf(why, "cannot %s %s: ", about->doing, about->where);
}

enum publish_answer publish_http_judge(struct publish_curl *c, enum publish_answer performed,
	const struct publish_http_about *about, struct buf *why, unsigned *retry_after)
{
	long status = publish_curl_status(c);
	enum publish_answer answer = performed == ANSWER_OK ? publish_http_answer(status) : performed;

	if (retry_after)
		*retry_after =
			performed == ANSWER_OK && answer == ANSWER_AGAIN ? publish_curl_retry_after(c) : 0;
	if (answer != ANSWER_AGAIN && answer != ANSWER_FAILED && answer != ANSWER_TAKEN)
		return answer;
	say_what(why, about);
	if (performed != ANSWER_OK)
		say_curl(why, c, about);
	else if (status >= 300 && status < 400)
		say_redirect(why, c, status);
	else
		publish_http_add_status(why, about, status);
	return answer;
}
