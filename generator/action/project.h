/*
 * project: a site opened: its files listed, read and checked.
 *
 * What check and build have in common, and what keeps everything alive that diagnostics point into.
 *
 *	struct project p;
 *	project_open(&p, &options);
 *	if (project_load(&p)) …			(reads and checks; p.diag is sorted)
 *	project_close(&p);
 */
#ifndef ACTION_PROJECT_H
#define ACTION_PROJECT_H

#include "action/check.h"
#include "site/load.h"

struct project_options {
	const char *root;
	const char *share; /* the program's own templates and locales, or NULL */
	unsigned threads;  /* 0: as many as there are processors */
	struct date today; /* judges overdue reviews; the zero date: not judged */
	bool plain;	   /* plain language is judged */
	bool strict;
	struct fs *fs; /* NULL: the real one */
};

struct project {
	struct project_options options;
	int64_t opened; /* nanoseconds since the epoch, before any file was looked at */
	struct arena arena;
	struct fs *fs;
	struct input input;
	struct workers workers;
	struct catalog catalog;
	struct assets assets;
	struct diag diag;
	struct severities severities;
	bool loaded;
};

void project_open(struct project *p, const struct project_options *o); /* lists, reads nothing */
/* Reads only, for commands that work on the texts themselves; as project_load() otherwise. */
bool project_read(struct project *p) MUST_USE;
/* False when there is nothing to go on with; p->diag says why. */
bool project_load(struct project *p) MUST_USE;
size_t project_errors(const struct project *p);
void project_close(struct project *p);

#endif
