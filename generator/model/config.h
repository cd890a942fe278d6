/*
 * config: faktablad.yaml, read and completed.
 *
 * Trusted (it stands at the root, outside content/). What is missing has a default, so a tree without the
 * file builds: every folder of content/ that is named like a language is a language, the web is the only
 * edition. Everything lives in the arena it was read into.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include "model/edition.h"
#include "model/plain.h"
#include "model/sender.h"
#include "model/target.h"
#include "text/yml.h"

#define CONFIG_NAME "faktablad.yaml"
#define CONFIG_MAX_BYTES ((size_t)1 << 20)

struct config {
	struct str title, base_url; /* base_url ends with '/', or is empty */
	size_t source;		    /* the source language's number */
	struct language *languages;
	size_t language_count;
	struct edition *editions;
	size_t edition_count;
	struct target *targets;
	size_t target_count;
	struct severities severities;
	struct plain plain;
	struct sender sender;
	size_t sheet_max_bytes;
};

/*
 * `src` may be NULL (no file). `found` are the language folders of content/, used when the file names no
 * languages. False when there is nothing to go on with (no YAML, no language), which was reported.
 */
bool config_read(struct config *c, struct arena *a, struct source *src, const struct str *found,
	size_t found_count, struct diag *d) MUST_USE;

/* By tag; NULL when it is not configured. */
const struct language *config_language(const struct config *c, struct str tag);
/* The web edition, or NULL. */
const struct edition *config_web(const struct config *c);
bool config_has_packs(const struct config *c);
/* By name; an empty name gives the default target. NULL when there is none. */
const struct target *config_target(const struct config *c, struct str name);

#endif
