/*
 * temp: a folder of a test's own, and what stands in a tree as one text.
 *
 *	char *root = temp_new();	below $TMPDIR, /dev/shm or /tmp
 *	temp_free(root);		removes everything
 */
#ifndef SUPPORT_TEMP_H
#define SUPPORT_TEMP_H

#include "base/fs.h"

char *temp_new(void);
void temp_free(char *root);

/* "root/name" in the arena. */
const char *temp_path(struct arena *a, const char *root, const char *name);

/* One line an entry: kind, mode, path, and a file's content or a link's target; "absent" when there is
 * nothing. */
struct str temp_tree(struct arena *a, const char *folder);

#endif
