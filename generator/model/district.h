/*
 * district: a part of the city with contacts and programmes of its own, from content/data/districts.yaml.
 *
 *	emergency: [emergency, bris]			(facts of type phone, shown first)
 *	districts:
 *	  skarholmen:
 *	    name: Skärholmen
 *	    contacts:
 *	      - phone: 08-465 004 10
 *	        label: reception
 *	    hours: {mon-thu: 08:00-16:30, fri: [08:00-12:00, 13:00-15:00]}
 *	    programmes:
 *	      - {name: Komet, ages: 3-11, status: offered, source: ks-2023-1216}
 *
 * docs/districts.md explains every key. What cannot be used (a phone number with letters) is reported and left
 * out. What is missing is the business of action/check_district.c.
 */
#ifndef MODEL_DISTRICT_H
#define MODEL_DISTRICT_H

#include "base/map.h"
#include "model/texts.h"

#define DISTRICTS_PATH "data/districts.yaml"
#define DISTRICT_MAX 1000
#define DISTRICT_MAX_CONTACTS 50
#define DISTRICT_MAX_PROGRAMMES 100
#define DAYS_OF_WEEK 7
#define AGE_NONE (-1)

enum contact_kind { CONTACT_PHONE, CONTACT_EMAIL, CONTACT_WEB, CONTACT_ADDRESS, CONTACT_KINDS };

/* What a programme is: nobody may take a proposal for help that can be had. */
enum programme_status {
	PROGRAMME_UNKNOWN, /* not said */
	PROGRAMME_PROPOSAL,
	PROGRAMME_PILOT,
	PROGRAMME_PROJECT,
	PROGRAMME_OFFERED,
	PROGRAMME_PERMANENT,
	PROGRAMME_STATUSES
};

/* Open from and to, in minutes after midnight; 24:00 is 1440. */
struct open_time {
	uint16_t from, to;
};

/* The same times on some days of the week: bit 0 is Monday. */
struct hours {
	unsigned days;
	struct open_time *times;
	size_t time_count;
};

struct week {
	struct hours *items; /* in order of the file; no day twice */
	size_t len;
};

struct contact {
	enum contact_kind kind;
	struct str value;
	struct texts label; /* a single one may name a message: "contact.<label>" */
	struct week week;   /* its own, when it has others than its district */
	struct span at;
};

struct programme {
	struct texts name, note;
	int64_t age_from, age_to; /* whole years; AGE_NONE: not said, or no upper end */
	enum programme_status status;
	struct str url, source, place; /* source: reference id and the place in it */
	struct span at;
};

struct district {
	struct str id;
	struct texts name;
	struct contact *contacts;
	size_t contact_count;
	struct week week;
	struct texts note; /* about the hours, or whatever else a caller must know */
	struct programme *programmes;
	size_t programme_count;
	struct str source, place; /* where the contacts come from */
	struct date checked;	  /* when somebody last rang */
	struct span at;		  /* of the id */
	size_t index;
};

/* A fact's id, as written under `emergency`. */
struct emergency {
	struct str fact;
	struct span at;
};

struct districts {
	struct map by_id; /* in order of the file */
	struct emergency *emergency;
	size_t emergency_count;
};

void districts_read(
	struct districts *out, struct arena *a, struct source *src, const struct config *c, struct diag *d);

const struct district *district_at(const struct districts *d, size_t index);

/* The district's own name, as the source language's readers know it. */
struct str district_name(const struct district *d, const struct config *c);

bool district_id_valid(struct str id); /* [a-z][a-z0-9-]*, short: it stands in addresses and names of packs */

const char *contact_kind_name(enum contact_kind kind);		 /* "phone" */
const char *programme_status_name(enum programme_status status); /* "pilot" */

/*
 * Editions that were configured for a district, or for each of them, are made what they stand for. The
 * configuration is read before the districts are: until then they wait (edition.h).
 */
void districts_split_editions(const struct districts *ds, struct config *c, struct arena *a, struct diag *d);

#endif
