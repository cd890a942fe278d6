/*
 * link: what a destination written in a sheet means.
 *
 * Links between sheets are links between files: "other-sheet.md#id", relative to the file they stand in. What
 * they become (a page of this language, of this edition, or of the public web) is the page's business;
 * here a destination is only understood.
 */
#ifndef SITE_LINK_H
#define SITE_LINK_H

#include "model/catalog.h"

enum link_kind {
	LINK_EXTERNAL, /* an address with a scheme */
	LINK_SAME,     /* "#id" */
	LINK_SHEET,    /* target, perhaps anchor; the sheet may be withdrawn */
	LINK_DRAFT,    /* a sheet that is not published */
	LINK_MEDIA,    /* a file of content/ */
	LINK_BROKEN,   /* path says what was looked for */
	LINK_UNSAFE,
};

struct link {
	enum link_kind kind;
	const struct translation
		*target; /* the file's, or what stands in for it where it is not translated */
	size_t language; /* whose file was named */
	const struct media *media;
	struct str anchor; /* without "#" */
	struct str path;   /* below content/, as it was looked up */
};

/* `from`: path of the file below content/. Strings are made in `scratch` or borrowed from `url`. */
struct link link_read(const struct catalog *c, struct str from, struct str url, struct arena *scratch);

/* The path of a translation's file below content/. */
struct str translation_path(const struct translation *t);

#endif
