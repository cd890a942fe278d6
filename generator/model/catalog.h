/*
 * catalog: everything that people wrote, read and put in order.
 *
 * Made by site/load.h, then frozen: const from there on and shared by threads.
 */
#ifndef MODEL_CATALOG_H
#define MODEL_CATALOG_H

#include "model/config.h"
#include "model/district.h"
#include "model/fact.h"
#include "model/glossary.h"
#include "model/sheet.h"
#include "model/wording.h"
#include "text/mustache.h"

/* A file of content/ that is no sheet: an image, a document. */
struct media {
	struct str path; /* below content/ */
	struct str file; /* below the root, to be read; NUL-terminated */
	uint64_t size;
	size_t index; /* in the catalog's map */
};

struct catalog {
	struct config config;
	struct sheet **sheets; /* by weight, then title in the source language, then key */
	size_t sheet_count;
	struct sheet **withdrawn; /* by key; none of them is among `sheets` */
	size_t withdrawn_count;
	struct map
		by_path; /* "sv/orosanmalan.md" to struct translation (drafts and withdrawn ones are not in it) */
	struct map drafts;		      /* the same for drafts */
	struct map by_old_path;		      /* the same for what is withdrawn */
	struct map facts;		      /* id to struct fact */
	struct map references;		      /* id to struct reference */
	bool facts_unread, references_unread; /* the file could not be read, which is reported */
	struct map terms;		      /* id to struct term */
	struct districts districts;
	struct wording *wordings; /* by language */
	struct map media;	  /* path below content/ to struct media */
	struct mustache_set templates;
	struct source config_src;
};

/* The text that a sheet's weight, audience and dates come from: the source language's, else the first there
 * is. */
const struct translation *catalog_leader(const struct catalog *c, const struct sheet *s);

/* The phrase for a key in a language or along its fallback chain; NULL when there is none. */
const struct phrase *catalog_phrase(
	const struct catalog *c, size_t language, struct str key, size_t *found_in);

/*
 * The translation that a reader of `language` gets in edition `e`: the language's own, or one along the
 * fallback chain. NULL when the sheet is not in the edition, or there is none.
 */
const struct translation *catalog_translation(
	const struct catalog *c, const struct edition *e, const struct sheet *s, size_t language);

#endif
