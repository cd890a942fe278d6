/*
 * glob: patterns of paths, as people write them in faktablad.yaml.
 *
 *	?	one character, but no '/'
 *	*	any characters, but no '/'
 *	**	any characters
 *
 * A ** that is a whole component, with more after it, is any folders or none: two stars, a slash and index.html
 * match index.html itself, and the one of every folder.
 *
 * Everything else stands for itself, and a pattern is about the whole path. There are no sets, no alternatives, no
 * escapes: glob_fault() tells people who expect some.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/str.h"

#define GLOB_MAX_BYTES 256

/* What is wrong with a pattern, as the end of a sentence; NULL: nothing. */
const char *glob_fault(struct str pattern);

/* Both are UTF-8. Takes at most (bytes of the pattern) × (bytes of the path)² steps; next to none in practice. */
bool glob_match(struct str pattern, struct str path);

#endif
