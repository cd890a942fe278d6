/*
 * stamp_edit: `translation:` of a text's front matter changed, and nothing else.
 *
 * What people wrote stays as it is, byte for byte: comments, order of keys, quotes, line ends. Only values
 * that are to be others are replaced, missing keys are added where they belong, stamps of sections that are
 * gone are taken out. The result is read again and compared with what was wanted before it is handed out, so
 * that no front matter, however written, is broken: what cannot be edited safely is refused.
 *
 *	if (!stamp_edit(&out, &arena, &t->src, &edit, &why)) … why is one sentence …
 */
#ifndef MODEL_STAMP_EDIT_H
#define MODEL_STAMP_EDIT_H

#include "model/stamp.h"

struct stamp_edit {
	struct str status, by, date; /* empty: as it is */
	const struct stamp *of;	     /* as it shall be, in order */
	size_t of_count;
};

/* Appends the whole new text to `out`; false, and nothing appended, when it is refused. */
bool stamp_edit(struct buf *out, struct arena *a, struct source *src, const struct stamp_edit *e,
	const char **why) MUST_USE;

#endif
