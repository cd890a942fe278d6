/*
 * publish_ftp_reply: what an FTP server says, line by line, and what that means for a publish.
 *
 * Pure: no connection is needed. A transfer of libcurl's runs several commands; what matters of their replies
 * is counted here while they come in.
 *
 *	struct ftp_reply r = {0};
 *	ftp_reply_hear(&r, line); …
 *	answer = ftp_reply_answer(&r);		when libcurl found fault with the transfer
 */
#ifndef ACTION_PUBLISH_FTP_REPLY_H
#define ACTION_PUBLISH_FTP_REPLY_H

#include "action/publish_backend.h"

#define FTP_TEXT_MAX 200

struct ftp_reply {
	int code;		     /* of the last whole reply; 0: none has come */
	char text[FTP_TEXT_MAX + 1]; /* its last line, without the code and what terminals would act on */
	bool mlst, utf8;	     /* FEAT */
	unsigned sizes;		     /* SIZE that found a file */
	uint64_t size;		     /* of the last */
	unsigned renames;	     /* RNFR that were accepted */
	unsigned done;		     /* commands that were carried out (250): RNTO, DELE, RMD, CWD */
};

void ftp_reply_hear(struct ftp_reply *r, struct str line);

/* FAILED, or AGAIN for what passes. */
enum publish_answer ftp_reply_answer(const struct ftp_reply *r);

/* What an operator can do, as the end of a sentence (": make room …"), or "". */
const char *ftp_reply_advice(const struct ftp_reply *r);

#endif
