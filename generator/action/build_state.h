/*
 * build_state: what the last build saw and left, so that the next one can tell that nothing changed.
 *
 * Kept in the work folder: digests of the stats of all inputs and all outputs, the counts, and the report as
 * text. Never trusted for anything but doing nothing. As in git's index, a file changed within the clock's
 * tick of being listed could look unchanged when it changes again: such a state is not kept.
 */
#ifndef ACTION_BUILD_STATE_H
#define ACTION_BUILD_STATE_H

#include "action/build.h"

/* Notes in b->inputs what the build is made from; before the two below. */
void build_state_begin(struct build *b);
/* True when nothing changed; then b->counts and b->old_report are those of the last build. */
bool build_state_matches(struct build *b);
/* After a commit; a failure to write only costs time later. */
void build_state_save(struct build *b);

#endif
