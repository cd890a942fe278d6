/*
 * section: the parts of a doc that can change on their own, and a fingerprint of what each one says.
 *
 * A section runs from a heading to the next heading of any level. What stands before the first heading is
 * the section SECTION_INTRO; title and description, which are not in the doc, are SECTION_TITLE. The
 * fingerprint is made of the normalized tree, not of the bytes: reflowed lines, other bullets or heading
 * styles, line ends, hard breaks, escapes and entities change nothing; a word, a link's destination, a
 * fact, a citation's place, a callout's kind do. It does not depend on where the section stands, nor on its
 * id. Fingerprints are kept in people's files: what they are made of changes only with good reason.
 *
 *	size_t n = sections_of(&list, &arena, title, description, doc);
 */
#ifndef TEXT_SECTION_H
#define TEXT_SECTION_H

#include "base/digest.h"
#include "text/doc.h"

#define SECTION_TITLE "_title" /* no heading's id begins with "_" */
#define SECTION_INTRO "_intro"
#define SECTION_HASH 12 /* hexadecimal digits that are kept of a digest */

struct section {
	struct str id;		  /* of its heading, or one of the above */
	const struct node *first; /* heading or first block; NULL for SECTION_TITLE */
	const struct node *end;	  /* the block after the last one; NULL: to the end */
	struct span at;		  /* the heading's, or the first block's; src NULL for SECTION_TITLE */
	size_t from, to;	  /* bytes of the source: whole lines */
	char hash[SECTION_HASH + 1];
};

/*
 * In order of the text, the title first; an empty intro is left out. Headings are sections only at the top of
 * the tree. A heading without an id (of a plain text) is called after its number, "_2". Returns how many.
 */
size_t sections_of(struct section **out, struct arena *a, struct str title, struct str description,
	const struct doc *doc);

#endif
