/* Releases on a target: which there are, what is in one, and its end. */
#include "action/publish_switch.h"

struct str publish_release_path(struct arena *a, uint64_t release, struct str path)
{
	return str_fmt(a, PUBLISH_RELEASES "/%llu/%.*s", (unsigned long long)release, STR_ARG(path));
}

enum publish_status publish_releases_list(struct publish *p, struct publish_generations *out)
{
	return publish_numbers_list(p, PUBLISH_RELEASES, PUBLISH_DIR, out);
}

enum publish_status publish_release_read(
	struct publish *p, uint64_t release, struct publish_record *out, bool *found)
{
	return publish_manifest_read(
		p, publish_release_path(p->arena, release, STR(PUBLISH_MANIFEST)), out, found);
}

/* Nobody else's files are in it: so the folders are empty now. */
static void drop_release(struct publish *p, uint64_t release)
{
	publish_drop_folder(p, publish_release_path(p->arena, release, STR(PUBLISH_FOLDER)));
	publish_drop_folder(p, str_fmt(p->arena, PUBLISH_RELEASES "/%llu", (unsigned long long)release));
}

/* The manifest last: whoever is cut off here leaves it to the next to go on. */
enum publish_status publish_release_remove(
	struct publish *p, uint64_t release, const struct publish_record *r)
{
	struct str *paths = arena_new_n(p->arena, struct str, r->len);
	struct str manifest = publish_release_path(p->arena, release, STR(PUBLISH_MANIFEST));
	enum publish_status status;

	for (size_t i = 0; i < r->len; i++)
		paths[i] = publish_release_path(p->arena, release, r->entries[i].path);
	status = publish_remove_all(p, "forget", paths, r->len);
	if (status != PUBLISH_OK)
		return status;
	publish_drop_folders_for(p, paths, r->len);
	status = publish_answered(publish_remove(p, manifest));
	drop_release(p, release);
	return status;
}

/*
 * Those before the one that was published are kept, as many as asked for. Those after it were gone back over by
 * a rollback.
 */
enum publish_status publish_releases_forget(struct publish *p)
{
	uint64_t before = p->o->rollback ? p->out->generation - 1 : p->survey.there.generation;
	struct publish_generations there;
	enum publish_status status = publish_releases_list(p, &there);
	size_t kept = 0, most = p->o->generations;

	if (p->o->rollback && !most)
		most = SIZE_MAX;
	for (size_t i = 0; i < there.len && status == PUBLISH_OK; i++) {
		struct publish_record r;
		bool found = false;

		if (there.numbers[i] == p->out->generation)
			continue;
		status = publish_release_read(p, there.numbers[i], &r, &found);
		if (found && there.numbers[i] <= before && kept < most)
			kept++;
		else if (found)
			status = publish_release_remove(p, there.numbers[i], &r);
		else if (status == PUBLISH_OK)
			drop_release(p, there.numbers[i]);
	}
	p->out->generations = kept;
	return status;
}
