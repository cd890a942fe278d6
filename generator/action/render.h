/*
 * render: one template with one file of data, for authors of templates and for the specification's cases.
 *
 * Partials and parents are looked up beside the template, as NAME.mustache, and theirs likewise. The data
 * is YAML or JSON; its numbers print as numbers do (1.50 as 1.5). {{#t}} is not defined unless the data
 * says so.
 *
 *	struct render r;
 *	render_init(&r, fs_real());
 *	good = render_file(&r, STR("page.mustache"), STR("page.yaml"), &out, d);
 *	…show what is in d, which refers to files that r holds…
 *	render_release(&r);
 */
#ifndef ACTION_RENDER_H
#define ACTION_RENDER_H

#include "base/fs.h"
#include "text/mustache.h"

struct render_source;

struct render {
	struct arena arena;
	struct fs *fs;
	struct mustache_set set;
	struct render_source *sources;
};

void render_init(struct render *r, struct fs *fs);
void render_release(struct render *r);

/*
 * Appends the result. False when there is none, which was reported; true although a partial is missing:
 * that is reported, and nothing is shown for it. No data path means no data.
 */
bool render_file(struct render *r, struct str template_path, struct str data_path, struct buf *out,
	struct diag *d) MUST_USE;

#endif
