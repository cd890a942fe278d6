/*
 * input: the files that a site is made of, listed with their stat, not yet read.
 *
 * Listed once a command: the loader reads what is here, and a build compares it with what the last build
 * saw to know whether anything changed. Hidden files and editors' backups are left out.
 */
#ifndef SITE_INPUT_H
#define SITE_INPUT_H

#include "base/diag.h"
#include "base/fs.h"

struct input {
	const char *root;
	struct fs *fs;
	bool has_config;
	struct fs_stat config;
	struct fs_listing content, locales, templates;
	const char *locales_dir, *templates_dir; /* root's own, or the program's when it has none */
	bool own_locales;
};

/* `share`: where the program's own templates/ and locales/ lie, for roots that have none (may be NULL). */
void input_scan(struct input *in, struct arena *a, struct fs *fs, const char *root, const char *share,
	struct diag *d);

/* One line per file and its stat, and per folder, in order: equal texts mean that nothing changed. */
struct buf;
void input_describe(const struct input *in, struct buf *out);
/* A file's stat and path as bytes to compare on this machine; `ctime` also tells of links and modes. */
void input_describe_file(struct buf *out, struct str path, const struct fs_stat *st, bool ctime);

/* The newest time stamp among the inputs, nanoseconds. */
int64_t input_newest(const struct input *in);

/* "root/path" as a C string. */
const char *path_below(struct arena *a, const char *folder, struct str path);

#endif
