/*
 * publish_ls: one line of a folder's listing, as file servers spell it.
 *
 * Three forms are known: what `ls -l` writes (SFTP's long names, LIST of FTP servers on Unix), what `dir` writes
 * (LIST of FTP servers on Windows), and the facts of MLSD (RFC 3659), which is the only one that is specified.
 * Lines come from a network: a name that could lead out of its folder, or end a command, is never handed on.
 *
 *	while (str_cut(&rest, '\n', &line))
 *		if (publish_ls_line(line, &item) == PUBLISH_LS_ITEM) …
 */
#ifndef ACTION_PUBLISH_LS_H
#define ACTION_PUBLISH_LS_H

#include "action/publish_backend.h"

enum publish_ls {
	PUBLISH_LS_ITEM,
	PUBLISH_LS_NOTHING, /* an empty line, a total, "." or ".." */
	PUBLISH_LS_STRANGE, /* it may be about a file, but what it says is not understood */
};

/* `ls -l` or `dir`, whichever it is. The name is borrowed from the line; a link's target is cut off. */
enum publish_ls publish_ls_line(struct str line, struct publish_listed *out);

/* "type=file;size=12;modify=20261122175700; name" */
enum publish_ls publish_ls_facts(struct str line, struct publish_listed *out);

#endif
