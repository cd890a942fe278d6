/*
 * worddiff: what changed between two texts, word by word.
 *
 * A word is a run of letters and digits (any byte beyond ASCII counts as one), or one other character. White
 * space is compared nowhere: a reflowed paragraph has not changed. The shortest list of changes is found
 * (Myers 1986); where that would take too long, everything between what the texts have in common at both
 * ends counts as changed.
 *
 *	struct word_diff diff;
 *	word_diff(&diff, &arena, before, after);
 *	word_diff_print(&out, &diff, "    ", colour);
 */
#ifndef BASE_WORDDIFF_H
#define BASE_WORDDIFF_H

#include "base/arena.h"
#include "base/buf.h"

#define WORD_DIFF_MAX_CHANGES 2000 /* more are not looked for; memory is its square, times four bytes */
#define WORD_DIFF_CONTEXT 8	   /* unchanged words that are shown beside a change */

enum word_op { WORD_SAME, WORD_REMOVED, WORD_ADDED };
enum word_gap { WORD_GAP_NONE, WORD_GAP_SPACE, WORD_GAP_LINE };

struct word {
	struct str text; /* borrowed from the texts */
	uint8_t gap;	 /* enum word_gap: what stands before it */
	uint8_t op;	 /* enum word_op */
};

struct word_diff {
	struct word *words; /* in order; what was removed before what was added in its place */
	size_t len;
	bool changed;
};

void word_diff(struct word_diff *out, struct arena *a, struct str before, struct str after);

/*
 * “-[removed]” and “+{added}” among what stayed, of which only the words nearest to a change are shown. Each
 * line begins with `indent`; the last one is ended.
 */
void word_diff_print(struct buf *out, const struct word_diff *diff, const char *indent, bool colour);

#endif
