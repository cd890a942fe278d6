/*
 * publish_listing_ls: what a folder holds, from lines as `ls -l` writes them.
 *
 * SFTP servers (and many FTP servers) describe files so:
 *
 *	-rw-r--r--    1 anna     www          4711 Nov 22 17:31 index.html
 *	lrwxrwxrwx    1 1000     domain users    9 Nov 22  2025 old name -> new name
 *
 * The columns before the name are found by the date, since owners and groups may have blanks in them. Everything
 * here comes from a network: any bytes are taken, and what is no such line is told.
 */
#ifndef ACTION_PUBLISH_LISTING_LS_H
#define ACTION_PUBLISH_LISTING_LS_H

#include "action/publish_backend.h"

/* One line without its end. The name borrows. False: it is no such line. */
bool publish_listing_ls_line(struct publish_listed *out, struct str line) MUST_USE;

/* All lines; “.” and “..”, empty lines and “total 12” are left out. False: *bad is the first that is no such line. */
bool publish_listing_ls(
	struct publish_listing *out, struct arena *a, struct str text, struct str *bad) MUST_USE;

#endif
