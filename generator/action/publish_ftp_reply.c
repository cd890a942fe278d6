#include "action/publish_ftp_reply.h"

#define FULL ": the disk or the quota is full; make room there and publish again"
#define RIGHTS ": give the user who publishes the right to do that"
#define SESSION                                                                                                \
	": it wants the data connection to go on with the TLS session of the control connection, and did not " \
	"recognise it; if this happens often, ask its administrator about the TLS session cache"

static const struct {
	int code;
	enum publish_answer answer;
	const char *advice;
} meanings[] = {
	{421, ANSWER_AGAIN, ""},
	{425, ANSWER_AGAIN, ""},
	{426, ANSWER_AGAIN, ""},
	{450, ANSWER_AGAIN, ""},
	{451, ANSWER_AGAIN, " (if this goes on, its disk or a quota may be full)"},
	{452, ANSWER_FAILED, FULL},
	{522, ANSWER_AGAIN, SESSION},
	{532, ANSWER_FAILED, RIGHTS},
	{550, ANSWER_FAILED, RIGHTS},
	{552, ANSWER_FAILED, FULL},
	{553, ANSWER_FAILED, RIGHTS},
};

/* "250 Done" → 250; a line that others follow ("250-…"), or that is none of these: 0. */
static int final_code(struct str line)
{
	int code = 0;

	if (line.n < 3 || (line.n > 3 && line.p[3] != ' '))
		return 0;
	for (size_t i = 0; i < 3; i++) {
		if (line.p[i] < '0' || line.p[i] > '9')
			return 0;
		code = code * 10 + (line.p[i] - '0');
	}
	return code;
}

static void keep_text(struct ftp_reply *r, struct str text)
{
	size_t n = 0;

	if (utf8_check(text) != text.n)
		text = STR("");
	for (size_t i = 0; i < text.n && n < FTP_TEXT_MAX; i++)
		if ((unsigned char)text.p[i] >= ' ' && text.p[i] != 0x7f)
			r->text[n++] = text.p[i];
	/* Never half a character. */
	while (n && utf8_check(str_make(r->text, n)) != n)
		n--;
	r->text[n] = 0;
}

static void hear_size(struct ftp_reply *r, struct str digits)
{
	int64_t size;

	if (!str_to_int(str_trim(digits), &size) || size < 0)
		return;
	r->sizes++;
	r->size = (uint64_t)size;
}

void ftp_reply_hear(struct ftp_reply *r, struct str line)
{
	int code = final_code(line);

	line = str_trim(line);
	if (str_starts(line, STR("MLST")))
		r->mlst = true;
	if (str_starts(line, STR("UTF8")))
		r->utf8 = true;
	if (!code)
		return;
	r->code = code;
	keep_text(r, str_slice(line, 4, line.n));
	if (code == 213)
		hear_size(r, str_slice(line, 4, line.n));
	r->renames += code == 350;
	r->done += code == 250;
}

enum publish_answer ftp_reply_answer(const struct ftp_reply *r)
{
	for (size_t i = 0; i < COUNT_OF(meanings); i++)
		if (meanings[i].code == r->code)
			return meanings[i].answer;
	return ANSWER_FAILED;
}

const char *ftp_reply_advice(const struct ftp_reply *r)
{
	for (size_t i = 0; i < COUNT_OF(meanings); i++)
		if (meanings[i].code == r->code)
			return meanings[i].advice;
	return "";
}
