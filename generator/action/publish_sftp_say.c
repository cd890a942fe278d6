/* What SFTP servers answer, in words that tell the operator what to do. */
#include "action/publish_sftp_impl.h"

#include <curl/curl.h>

/* libcurl hands on the server's answer as text only, at the end of its own. */
static const struct {
	const char *end;
	enum sftp_fault fault;
} endings[] = {
	{"No such file or directory", SFTP_ABSENT},
	{"Permission denied", SFTP_DENIED},
	{"File is write protected", SFTP_DENIED},
	{"Operation failed", SFTP_REFUSED},
	{"File already exists", SFTP_REFUSED},
	{"Directory not empty", SFTP_REFUSED},
	{"Disk full", SFTP_FULL},
	{"User quota exceeded", SFTP_FULL},
	{"Not connected to SFTP server", SFTP_LOST},
	{"Connection to SFTP server lost", SFTP_LOST},
	{"Bad message from SFTP server", SFTP_LOST},
	{"Unknown error in libssh2", SFTP_LOST}, /* no answer of the server's: it is gone */
	{"ssh error", SFTP_LOST},
};

static const struct {
	CURLcode code;
	enum sftp_fault fault;
} codes[] = {
	{CURLE_REMOTE_FILE_NOT_FOUND, SFTP_ABSENT},
	{CURLE_REMOTE_ACCESS_DENIED, SFTP_DENIED},
	{CURLE_REMOTE_DISK_FULL, SFTP_FULL},
	{CURLE_REMOTE_FILE_EXISTS, SFTP_REFUSED},
	{CURLE_LOGIN_DENIED, SFTP_LOGIN},
	{CURLE_PEER_FAILED_VERIFICATION, SFTP_HOST},
	{CURLE_ABORTED_BY_CALLBACK, SFTP_STOPPED},
	{CURLE_FAILED_INIT, SFTP_LOST}, /* "Failure establishing ssh session" */
	{CURLE_QUOTE_ERROR, SFTP_OTHER},
};

/* “Upload failed: Operation failed (4/-31)”. */
static struct str without_numbers(struct str text)
{
	size_t at = str_find(text, STR(" ("));

	return at < text.n && str_ends(text, STR(")")) ? str_slice(text, 0, at) : text;
}

enum sftp_fault sftp_fault_of(int code, const char *text)
{
	struct str said = without_numbers(str_trim(str_from(text)));

	for (size_t i = 0; i < COUNT_OF(endings); i++)
		if (str_ends(said, str_from(endings[i].end)))
			return endings[i].fault;
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if ((int)codes[i].code == code)
			return codes[i].fault;
	return SFTP_OTHER;
}

enum sftp_fault sftp_fault(const struct publish_sftp_link *l, enum publish_answer answer)
{
	enum sftp_fault fault;

	if (answer == ANSWER_STOPPED)
		return SFTP_STOPPED;
	fault = sftp_fault_of(publish_curl_code(l->curl), publish_curl_why(l->curl));
	return fault == SFTP_OTHER && answer == ANSWER_AGAIN ? SFTP_LOST : fault;
}

static void say(struct publish_sftp_link *l, enum sftp_fault fault)
{
	struct buf *why = l->base.why;

	switch (fault) {
	case SFTP_ABSENT:
		buf_addz(why, "there is no such file or folder on the server");
		break;
	case SFTP_DENIED:
		buf_addf(
			why, "permission denied: give the user %s the right to write there", l->target->user);
		break;
	case SFTP_FULL:
		buf_addz(why, "the disk is full or a quota is used up: make room and publish again");
		break;
	case SFTP_REFUSED:
		buf_addz(why, "the server gives no reason; perhaps the disk is full or a quota is used up");
		break;
	case SFTP_LOGIN:
		sftp_login_say(l->target, why);
		break;
	default:
		/* libcurl does not tell a write that the server refused from a connection that broke. */
		if (publish_curl_code(l->curl) == CURLE_SSH)
			buf_addz(why, "the connection broke, or the disk is full or a quota is used up");
		else
			buf_addz(why, publish_curl_why(l->curl));
	}
}

enum publish_answer sftp_fail(
	struct publish_sftp_link *l, enum publish_answer answer, const char *doing, struct str path)
{
	enum sftp_fault fault = sftp_fault(l, answer);

	if (fault == SFTP_STOPPED)
		return ANSWER_STOPPED;
	/* Before any file: the sentence is about the server. */
	if (fault == SFTP_HOST && l->refused.n) {
		buf_add(l->base.why, buf_str(&l->refused));
		return ANSWER_FAILED;
	}
	if (fault == SFTP_LOGIN) {
		say(l, fault);
		return ANSWER_FAILED;
	}
	if (path.n || fault != SFTP_LOST)
		buf_addf(l->base.why, "cannot %s %.*s on %s: ", doing, STR_ARG(path), l->target->base.name);
	else
		buf_addf(l->base.why, "cannot reach %s: ", l->target->base.name);
	say(l, fault);
	return fault == SFTP_LOST ? ANSWER_AGAIN : ANSWER_FAILED;
}
