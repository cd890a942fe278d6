/*
 * edition: what is included and for whom.
 *
 * The web site is an edition, every offline pack is one. A configured edition with `each: language` stands
 * for one edition per language, one with `each: district` for one per district.
 */
#ifndef MODEL_EDITION_H
#define MODEL_EDITION_H

#include "base/diag.h"
#include "model/language.h"

enum face { FACE_WEB, FACE_FOLDER };

/* Translation status, lowest first. */
enum status { STATUS_MISSING, STATUS_MACHINE, STATUS_TRANSLATED, STATUS_REVIEWED };

enum audience { AUDIENCE_GUARDIAN = 1, AUDIENCE_STAFF = 2 }; /* bits */

struct district;

/* What faktablad.yaml asks of districts, until they are known: districts_split_editions(). */
struct edition_wish {
	struct str district; /* id; empty: none */
	struct span at;
	bool each_district, each_language; /* each_language: only together with each_district */
};

struct edition {
	struct str name; /* "faktablad-sv": file names and ids are made of it */
	enum face face;
	size_t *languages; /* numbers, in the site's order */
	size_t language_count;
	enum status lowest; /* a translation below it counts as missing; the source language never does */
	unsigned audience;  /* sheets for any of these; 0: all sheets */
	bool each;	    /* made from `each: language` */
	const struct district *district; /* whose contacts stand with each sheet; NULL: nobody's */
	struct edition_wish wish;
};

bool edition_waits(const struct edition *e); /* has a wish */
bool edition_has_language(const struct edition *e, size_t language);
bool status_parse(struct str name, enum status *out);
const char *status_name(enum status s);
bool face_parse(struct str name, enum face *out);
bool audience_parse(struct str name, unsigned *bit);

#endif
