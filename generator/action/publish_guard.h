/*
 * publish_guard: the lock and the work folder on servers that have folders, and a rename that fails when its
 * source is gone, and nothing better.
 *
 * The lock is a folder, .faktablad/lock, with one file in it: the lock's text, under a name made of the text's
 * digest. Making the folder is what only one of two first comers can do. Whoever changes the lock renames the
 * file from the old text's name to the new text's, which only one of two can do, and then writes the new text.
 * A folder that stays empty was left by somebody killed in between: it is taken after GUARD_EMPTY_SECONDS.
 *
 * The work folder, .faktablad/work-<token>, holds files before they get their final names. Whoever takes over
 * a lock renames other publishers' work folders away and removes them: from then on those can finish nothing.
 *
 * All of it is made of list, read, write, rename, remove, make_folder and drop_folder of the link's backend,
 * so these fit as they are into a struct publish_backend_ops.
 */
#ifndef ACTION_PUBLISH_GUARD_H
#define ACTION_PUBLISH_GUARD_H

#include "action/publish_backend.h"

#define PUBLISH_WORK_PREFIX "work-"
#define GUARD_EMPTY_SECONDS 10

enum publish_answer publish_guard_lock_read(struct publish_link *l, struct buf *out);
enum publish_answer publish_guard_lock_swap(struct publish_link *l, struct str old, struct str new);
enum publish_answer publish_guard_begin(struct publish_link *l);
void publish_guard_end(struct publish_link *l);

/* ".faktablad/work-<token>/<link's number>-<n>", in the link's arena; n counts up. */
const char *publish_guard_name(struct publish_link *l, unsigned n);
/* ".faktablad/part-<SHA-256>": where a large file grows, so that a later publisher can go on with it. */
const char *publish_guard_part(struct publish_link *l, const struct digest *digest);

#endif
