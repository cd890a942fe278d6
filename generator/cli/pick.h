/*
 * pick: the texts of a site that a command line names: content/ar/orosanmalan.md, perhaps with #section.
 */
#ifndef CLI_PICK_H
#define CLI_PICK_H

#include "cli/option.h"

struct pick {
	const struct translation *text;
	struct str *sections; /* none: all of it */
	size_t section_count;
	bool whole; /* named without a section, too */
};

/* Below content/, of a text named from here, from the root or below content/; it need not be one. */
struct str pick_path(struct project *p, const char *name);

/* One text, whatever its section; a path from here, from the root, or below content/. NULL after a complaint.
 */
const struct translation *pick_text(struct project *p, const char *arg, struct str *section);

/*
 * All arguments, a text that is named twice once. `section` (may be NULL) is meant in all of them. False
 * after a complaint.
 */
bool pick_texts(struct project *p, const struct options *o, const char *section, struct pick **out,
	size_t *count) MUST_USE;

#endif
