/*
 * publish_keep: earlier generations on a target, for a rollback.
 *
 *	.faktablad/generations/<number>	the manifest of a generation as it was when the next one replaced it
 *	.faktablad/kept/<SHA-256>	bytes that some kept generation has and the published site has not
 *
 * Before a publish replaces or deletes a file, the server copies its bytes to kept/; when all are there, the
 * manifest goes to generations/. So at every moment each file of each kept generation lies at its own path or
 * in kept/. When the publish is done, generations beyond those to be kept are forgotten, and with them the
 * bytes that no other needs.
 *
 * A rollback is a publish like any other whose site is that of the newest kept generation. The generation it
 * leaves is not kept: the next rollback goes one further back.
 */
#ifndef ACTION_PUBLISH_KEEP_H
#define ACTION_PUBLISH_KEEP_H

#include "action/publish_impl.h"

#define PUBLISH_KEPT PUBLISH_FOLDER "/kept"
#define PUBLISH_GENERATIONS PUBLISH_FOLDER "/generations"

struct str publish_kept_path(struct arena *a, const struct digest *digest);
struct str publish_generation_path(struct arena *a, uint64_t generation);

/* What is listed in PUBLISH_GENERATIONS, the newest first. */
struct publish_generations {
	uint64_t *numbers;
	size_t len;
};
enum publish_status publish_generations_list(struct publish *p, struct publish_generations *out) MUST_USE;
/* The same of any folder: what there is of a kind has a number as its name. */
enum publish_status publish_numbers_list(struct publish *p, const char *folder, enum publish_kind kind,
	struct publish_generations *out) MUST_USE;
/* Not found: it is gone, or damaged; both are no failure. */
enum publish_status publish_manifest_read(
	struct publish *p, struct str path, struct publish_record *out, bool *found) MUST_USE;
/* Files of ours that no visitor asks for. */
enum publish_status publish_remove_all(
	struct publish *p, const char *phase, const struct str *paths, size_t len) MUST_USE;
/* What stands in a folder; nothing when it is missing. */
enum publish_status publish_list(struct publish *p, const char *folder, struct publish_listing *out) MUST_USE;

/* Phases of publish_send(). */
enum publish_status publish_keep(struct publish *p) MUST_USE;
enum publish_status publish_forget(struct publish *p) MUST_USE;

/* publish_rollback.c: p->local becomes the site to go back to; later: are all the bytes there? */
void publish_go_back_to(struct publish *p, const struct publish_record *r);
enum publish_status publish_nothing_kept(struct publish *p);
enum publish_status publish_rollback_choose(struct publish *p) MUST_USE;
enum publish_status publish_rollback_check(struct publish *p) MUST_USE;
/* Where the bytes of a step come from. */
struct str publish_rollback_source(struct publish *p, const struct publish_step *s);

#endif
