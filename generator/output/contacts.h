/*
 * contacts: districts and emergency numbers as templates get them, and the ```contacts block.
 *
 * One shape for every place that shows a district (docs/templates.md lists its fields): the page "Who do I
 * call?", the end of each sheet in an edition of a district, the block in a text. Every name that a district,
 * a contact or a programme may lack is set all the same, so that a template never finds that of what is
 * around it.
 */
#ifndef OUTPUT_CONTACTS_H
#define OUTPUT_CONTACTS_H

#include "output/block.h"

struct contacts_maker {
	const struct view *v;
	struct worker *w; /* phrases live in its scratch until they are kept */
	struct arena *a;  /* what lasts */
	size_t language;  /* of the words */
	size_t page;	  /* language of the page that shows them: links stay in it */
	enum place place; /* of that page */
};

struct value contacts_district(const struct contacts_maker *m, const struct district *d);
/* Name and place on the page of contacts only. */
struct value contacts_district_brief(const struct contacts_maker *m, const struct district *d);
/* The numbers to ring first: `label`, `number`, `link`. */
struct value contacts_emergency(const struct contacts_maker *m);

/* What all pages of a language share in an edition of a district: `district`, `call`, `emergency`. */
void contacts_share(const struct contacts_maker *m, struct value all);

/* True when the block was written. */
bool contacts_write(const struct block *b, struct buf *out);

#endif
