/*
 * outcome: what a publish says when it has ended, to people and to programs.
 *
 * Pure: from what publish_run() filled in to a text.
 */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include "action/publish.h"

#define OUTCOME_MAX_PHASES 16

/* How long each part took, in the order in which they came. */
struct outcome_phase {
	const char *name;
	int64_t ns;
};

struct outcome {
	const struct publish_options *options;
	const struct publish_result *result;
	enum publish_status status;
	struct str why; /* unless all went well */
	bool keeps;	/* the target says that earlier generations are to be kept */
	int64_t ns;	/* the whole */
	struct outcome_phase phases[OUTCOME_MAX_PHASES];
	size_t phase_count;
};

/* `verbose`: what visitors could meet, the generation and the phases too. For outcomes that are PUBLISH_OK. */
void outcome_print(struct buf *out, const struct outcome *o, bool verbose);
/* One object, whatever came of it. */
void outcome_print_json(struct buf *out, const struct outcome *o);

/* A sentence, fit for a terminal: servers' names for things and their answers may be in it. */
void outcome_print_why(struct buf *out, struct str why);

/* "0.4 s", "12 s", "3 min 20 s" */
void outcome_print_time(struct buf *out, int64_t ns);

#endif
