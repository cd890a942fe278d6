/*
 * contacts: what a ```contacts block asks for.
 *
 *	district: skarholmen		(else the edition's district, else all of them, as a list)
 *	show: [phone, hours]		(else everything but the programmes)
 */
#ifndef MODEL_CONTACTS_H
#define MODEL_CONTACTS_H

#include "model/district.h"
#include "text/doc.h"

/* Bits of `show`: 1 << enum contact_kind, and these. */
#define SHOW_HOURS (1u << CONTACT_KINDS)
#define SHOW_PROGRAMMES (2u << CONTACT_KINDS)
#define SHOW_BY_DEFAULT (SHOW_PROGRAMMES - 1)

struct contacts {
	struct str district; /* id; empty: not said */
	struct span district_at;
	unsigned show;
};

/* False when the block cannot be read, or stands where it has no bytes of its own, which was not reported. */
bool contacts_read(struct contacts *out, struct arena *a, const struct doc *doc, const struct node *block,
	struct diag *d);

#endif
