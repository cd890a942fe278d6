/*
 * publish_guard: the lock and the work folder on servers that have folders, and a rename that fails when its
 * source is gone, and nothing better.
 *
 * The lock is a folder, .faktablad/lock. A file held-<digest of the lock's text> in it is the lock, whatever
 * its bytes; text-<digest> beside it is the text, which is there before the lock is and goes after it.
 *   - Whoever changes the lock renames held-<old> to held-<new>: only one of two can.
 *   - Whoever finds no lock puts one there and then looks: it holds only when no other stands there. Of two who
 *     see each other one goes at once, the other waits for that; both would go before both stayed.
 *   - Who had been alone stays the holder, so it need not look again when it renews its own lock.
 * A kill between any two calls leaves no lock, or one whose text says when it ends.
 *
 * The work folder, .faktablad/work-<token>, holds files before they get their final names. Whoever takes over
 * a lock renames other publishers' work folders away and removes them: from then on those can finish nothing.
 * Large files that were sent in part are kept as long as there is an intent (publish_record.h).
 *
 * All of it is made of list, read, write, rename, remove, make_folder and drop_folder of the link's backend,
 * so these fit as they are into a struct publish_backend_ops. Whether drop_folder(".faktablad") removes the target
 * as well, when make_folder had to make it, is the backend's business.
 */
#ifndef ACTION_PUBLISH_GUARD_H
#define ACTION_PUBLISH_GUARD_H

#include "action/publish_backend.h"

#define PUBLISH_WORK_PREFIX "work-"

/* Before who waits for another to go looks again; it doubles. Only tests set it. */
extern unsigned publish_guard_pause_ms;

enum publish_answer publish_guard_lock_read(struct publish_link *l, struct buf *out);
enum publish_answer publish_guard_lock_swap(struct publish_link *l, struct str old, struct str new);
enum publish_answer publish_guard_begin(struct publish_link *l);
void publish_guard_end(struct publish_link *l);

/* ".faktablad/work-<token>/<link's number>-<n>", in the link's arena; n counts up. */
const char *publish_guard_name(struct publish_link *l, unsigned n);
/*
 * ".faktablad/part-<SHA-256 of the file>-<of its path, the first 16 digits>": where a large file grows, so that a later
 * publisher can go on with it. The path keeps two files with the same bytes apart.
 */
const char *publish_guard_part(struct publish_link *l, const struct publish_job *job);

#endif
