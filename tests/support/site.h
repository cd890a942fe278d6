/*
 * site: a little site in a folder of its own, put together file by file and loaded.
 *
 *	struct site s;
 *	site_init(&s);
 *	site_put(&s, "content/sv/a.md", "---\ntitle: A\n---\nText.\n");
 *	site_load(&s);
 *	assert_said(&s.arena, &s.project.diag, "");
 *	site_free(&s);
 *
 * Messages and templates come from tests/support/share unless the site has its own. It may be loaded again.
 */
#ifndef SUPPORT_SITE_H
#define SUPPORT_SITE_H

#include "action/project.h"
#include "support/check.h"
#include "support/said.h"
#include "support/temp.h"

struct site {
	struct arena arena;
	char *root;
	struct project_options options; /* threads: 2, share: tests/support/share */
	struct project project;
	bool loaded;
};

void site_init(struct site *s);
void site_free(struct site *s);

/* A file below the root, with its folders; replaces one that is there. */
void site_put(struct site *s, const char *path, const char *text);
void site_put_bytes(struct site *s, const char *path, struct str bytes);
/* A PNG of one pixel, as far as its header goes; `salt` makes it another one. */
void site_put_picture(struct site *s, const char *path, const char *salt);
void site_remove(struct site *s, const char *path);
/* A file's text; "absent" when it is not there. */
struct str site_get(struct site *s, const char *path);

/* Every template that a site needs, each `text`, but for those put before. */
void site_put_templates(struct site *s, const char *text);

/* Opens, reads and checks; closes what was open before. */
bool site_load(struct site *s);
void site_close(struct site *s);

/* By path below content/; fails the test when it is not there. */
const struct translation *site_text(struct site *s, const char *path);

#endif
