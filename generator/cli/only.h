/*
 * only: the pages that `publish --only` names, as paths of the site.
 *
 * A name is a path of the site (sv/orosanmalan.html), or a text (content/sv/orosanmalan.md): then it means its page, and
 * every page of another language that shows that text because it has none of its own; of a withdrawn sheet, its page in
 * every language.
 */
#ifndef CLI_ONLY_H
#define CLI_ONLY_H

#include "cli/option.h"

/* Whether any of the names is a text, so that the site's texts must be read first (project_read). */
bool only_wants_texts(const struct options *o);

/* Sorted, each once. `from` is what build wrote. False after a complaint. */
bool only_paths(struct project *p, const struct options *o, const char *from, struct str **out,
	size_t *count) MUST_USE;

#endif
