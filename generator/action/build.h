/*
 * build: a loaded project becomes a folder of pages and packs, as a whole or not at all.
 *
 * The pipeline on one screen: packs are rendered and written first, since the web edition lists them with
 * size and date; then the web edition; then everything is committed at once. When neither the files that
 * people wrote nor the output changed since the last build, nothing is read and nothing is written.
 *
 *	struct build b;
 *	build_open(&b, &project, &options);
 *	status = build_run(&b);			(diagnostics are in the project's collector)
 *	build_close(&b);
 */
#ifndef ACTION_BUILD_H
#define ACTION_BUILD_H

#include "action/project.h"
#include "base/commit.h"
#include "output/render.h"

struct build_options {
	const char *out;    /* the output folder */
	struct date issued; /* of packs */
	struct str edition; /* only this one (the web is always built); empty: all */
	bool force;	    /* build even when nothing changed */
	/* Told what begins now, and of what ("rendering", an edition's name). May be NULL. */
	void (*progress)(void *ctx, const char *phase, struct str of);
	void *ctx;
};

enum build_status {
	BUILD_OK,
	BUILD_ERRORS,	   /* diagnostics of severity error; nothing was changed */
	BUILD_ENVIRONMENT, /* b.why says in a sentence what the system would not do; nothing was changed */
};

struct build_counts {
	size_t sheets, languages, pages, packs;
	size_t files;	/* in the output */
	size_t written; /* of them new or changed since the last build */
};

struct build {
	struct project *project;
	struct build_options options;
	struct build_counts counts;
	bool unchanged;	       /* nothing to do */
	struct str old_report; /* unchanged: what the last build had to say, as text */
	struct buf why;
	/* private */
	struct commit commit;
	struct store *store;
	struct manifest manifest, before;
	struct pack_info *packs;
	size_t pack_count;
	struct digest inputs; /* of what was listed, with what else the output depends on */
};

void build_open(struct build *b, struct project *p, const struct build_options *o);
enum build_status build_run(struct build *b) MUST_USE;
void build_close(struct build *b);

#endif
