#include "action/publish_guard.h"

#include <time.h>

#define ARENA_BYTES ((size_t)256 << 20) /* of address space: for listings */
#define LOCK_MAX_BYTES 4096
#define HELD "held-"
#define TEXT "text-"
#define GONE "gone-" /* a work folder, or a lock, that is no longer one */
#define PART "part-"
#define TRIES 8 /* when the folder goes away below our feet */
#define WRITES 3
#define LOOKS 6 /* 0.8 s: of the one who waits for the other to go */

unsigned publish_guard_pause_ms = 25;

/* ---- names ---- */

const char *publish_guard_name(struct publish_link *l, unsigned n)
{
	return str_fmt(l->arena, PUBLISH_FOLDER "/" PUBLISH_WORK_PREFIX "%s/%u-%u", l->b->token, l->number, n)
		.p;
}

const char *publish_guard_part(struct publish_link *l, const struct publish_job *job)
{
	char bytes[DIGEST_HEX + 1], path[DIGEST_HEX + 1];
	struct digest digest = digest_of(job->path);

	digest_hex(&job->digest, bytes);
	digest_hex(&digest, path);
	return str_fmt(l->arena, PUBLISH_FOLDER "/" PART "%s-%.16s", bytes, path).p;
}

/* The paths of one lock, and of what it becomes when it is given back. */
struct lock_name {
	char held[128], text[128], gone[128];
	struct str mark; /* in its folder */
};

static void name_mark(struct lock_name *out, struct str hex)
{
	snprintf(out->held, sizeof(out->held), PUBLISH_LOCK "/" HELD "%.*s", STR_ARG(hex));
	snprintf(out->text, sizeof(out->text), PUBLISH_LOCK "/" TEXT "%.*s", STR_ARG(hex));
	snprintf(out->gone, sizeof(out->gone), PUBLISH_LOCK "/" GONE "%.*s", STR_ARG(hex));
	out->mark = str_from(out->held + sizeof(PUBLISH_LOCK));
}

static void name_lock(struct lock_name *out, struct str text)
{
	struct digest digest = digest_of(text);
	char hex[DIGEST_HEX + 1];

	digest_hex(&digest, hex);
	name_mark(out, str_from(hex));
}

static bool is_mark(const struct publish_listed *item)
{
	return item->kind == PUBLISH_FILE && str_starts(item->name, STR(HELD)) &&
	       item->name.n == strlen(HELD) + DIGEST_HEX;
}

/* ---- what is done to one path ---- */

static void drop_file(struct publish_link *l, struct str path)
{
	size_t said = l->why->n;

	(void)l->b->ops->remove(l, &(struct publish_job){.path = path});
	buf_cut(l->why, said);
}

static enum publish_answer list(
	struct publish_link *l, struct arena *a, const char *folder, struct publish_listing *out)
{
	*out = (struct publish_listing){0};
	return l->b->ops->list(l, str_from(folder), a, out);
}

static bool has(const struct publish_listing *listing, struct str name)
{
	for (size_t i = 0; i < listing->len; i++)
		if (str_eq(listing->items[i].name, name))
			return true;
	return false;
}

static void pause_ms(unsigned ms)
{
	struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};

	nanosleep(&t, NULL);
}

/* ---- reading the lock ---- */

static enum publish_answer read_mark(struct publish_link *l, struct str mark, struct buf *out)
{
	struct lock_name name;

	name_mark(&name, str_slice(mark, strlen(HELD), mark.n));
	buf_clear(out);
	return l->b->ops->read(l, name.text, LOCK_MAX_BYTES, out);
}

/*
 * The first lock in a listing, but `mine`. ABSENT: none. Its text may go between the listing and the reading
 * since the lock was changed: `*stale` says that the listing has to be made again.
 */
static enum publish_answer read_listed(struct publish_link *l, const struct publish_listing *listing,
	struct str mine, struct buf *out, struct str *mark, bool *stale)
{
	enum publish_answer answer = ANSWER_ABSENT;

	*stale = false;
	*mark = STR("");
	for (size_t i = 0; i < listing->len && !mark->n; i++)
		if (is_mark(&listing->items[i]) && !str_eq(listing->items[i].name, mine))
			*mark = listing->items[i].name;
	if (!mark->n)
		return ANSWER_ABSENT;
	answer = read_mark(l, *mark, out);
	*stale = answer == ANSWER_ABSENT || (answer == ANSWER_OK && out->n == 0);
	return *stale ? ANSWER_OK : answer;
}

/*
 * A lock other than `mine`, with its text. A text that stays away while its lock stays was lost (a power cut): then the
 * text is empty.
 */
static enum publish_answer find_other(
	struct publish_link *l, struct arena *a, struct str mine, struct buf *out, struct str *mark)
{
	struct publish_listing listing;
	struct str before = STR("");
	enum publish_answer answer;
	bool stale;

	for (int i = 0; i < TRIES; i++) {
		buf_clear(out);
		answer = list(l, a, PUBLISH_LOCK, &listing);
		if (answer != ANSWER_OK)
			return answer;
		answer = read_listed(l, &listing, mine, out, mark, &stale);
		if (!stale || (i && str_eq(before, *mark)))
			return answer;
		before = *mark;
	}
	buf_clear(out);
	return ANSWER_OK;
}

enum publish_answer publish_guard_lock_read(struct publish_link *l, struct buf *out)
{
	enum publish_answer answer;
	struct arena a;
	struct str mark;

	arena_init(&a, ARENA_BYTES);
	answer = find_other(l, &a, STR(""), out, &mark);
	arena_release(&a);
	return answer;
}

/* ---- changing it ---- */

static void withdraw(struct publish_link *l, const struct lock_name *name)
{
	drop_file(l, str_from(name->held));
	drop_file(l, str_from(name->text));
}

/*
 * After our mark was put there: is it the only one? OK: yes. A mark whose text was lost is nobody's. With two,
 * the one whose name is greater goes, and the other waits for that.
 */
static enum publish_answer look_alone(struct publish_link *l, const struct lock_name *mine)
{
	enum publish_answer answer = ANSWER_TAKEN;
	unsigned wait = publish_guard_pause_ms;
	struct arena a;
	struct buf text;
	struct str other;

	arena_init(&a, ARENA_BYTES);
	buf_init(&text, LOCK_MAX_BYTES);
	for (int i = 0; i < LOOKS && answer == ANSWER_TAKEN; i++) {
		answer = find_other(l, &a, mine->mark, &text, &other);
		if (answer == ANSWER_ABSENT) {
			answer = ANSWER_OK;
		} else if (answer == ANSWER_OK && text.n == 0) {
			drop_file(l, STR_CONCAT(&a, STR(PUBLISH_LOCK "/"), other));
			answer = ANSWER_TAKEN;
		} else if (answer == ANSWER_OK) {
			answer = ANSWER_TAKEN;
			if (str_cmp(other, mine->mark) < 0)
				break;
			pause_ms(wait);
			wait *= 2;
		}
	}
	buf_release(&text);
	arena_release(&a);
	return answer;
}

/* The target is there, and in it our folder and the lock's. */
static enum publish_answer make_folders(struct publish_link *l)
{
	enum publish_answer answer = l->b->ops->make_folder(l, STR(PUBLISH_FOLDER));

	return answer == ANSWER_OK ? l->b->ops->make_folder(l, STR(PUBLISH_LOCK)) : answer;
}

/* A folder that goes away and comes back makes a write fail too: it is tried again. ABSENT: it went away, with the lock of one who has just finished. */
static enum publish_answer write_in(struct publish_link *l, const char *path, struct str text)
{
	enum publish_answer answer = ANSWER_FAILED, there = ANSWER_OK;
	struct publish_listing listing;
	size_t said = l->why->n;
	struct arena a;

	for (int i = 0; i < WRITES && there == ANSWER_OK; i++) {
		buf_cut(l->why, said);
		answer = l->b->ops->write(l, path, text);
		if (answer == ANSWER_OK || answer == ANSWER_AGAIN || answer == ANSWER_STOPPED)
			return answer;
		arena_init(&a, ARENA_BYTES);
		there = list(l, &a, PUBLISH_LOCK, &listing);
		arena_release(&a);
	}
	if (there == ANSWER_ABSENT)
		buf_cut(l->why, said);
	return there == ANSWER_ABSENT ? there : ANSWER_FAILED;
}

static enum publish_answer first_lock(struct publish_link *l, struct str new)
{
	enum publish_answer answer = ANSWER_ABSENT;
	struct lock_name name;

	name_lock(&name, new);
	for (int i = 0; i < TRIES && answer == ANSWER_ABSENT; i++) {
		answer = make_folders(l);
		if (answer == ANSWER_OK)
			answer = write_in(l, name.text, new);
		if (answer == ANSWER_OK)
			answer = write_in(l, name.held, new);
	}
	if (answer == ANSWER_ABSENT) {
		buf_addf(l->why, "the folder " PUBLISH_LOCK " on %s goes away as soon as it is made",
			l->b->name);
		return ANSWER_FAILED;
	}
	if (answer != ANSWER_OK)
		return answer;
	answer = look_alone(l, &name);
	if (answer == ANSWER_TAKEN || answer == ANSWER_FAILED)
		withdraw(l, &name);
	return answer;
}

/* Has an earlier try done it, whose answer was lost? */
static bool is_moved(struct publish_link *l, const struct lock_name *from, const char *to)
{
	struct publish_listing listing;
	struct arena a;
	bool moved;

	arena_init(&a, ARENA_BYTES);
	moved = list(l, &a, PUBLISH_LOCK, &listing) == ANSWER_OK &&
		has(&listing, str_from(to + sizeof(PUBLISH_LOCK))) && !has(&listing, from->mark);
	arena_release(&a);
	return moved;
}

/* TAKEN: the lock is not `from` (any more). */
static enum publish_answer move_mark(struct publish_link *l, const struct lock_name *from, const char *to)
{
	size_t said = l->why->n;
	enum publish_answer answer = l->b->ops->rename(l, str_from(from->held), str_from(to));

	if (answer != ANSWER_ABSENT && answer != ANSWER_FAILED)
		return answer;
	if (is_moved(l, from, to))
		answer = ANSWER_OK;
	else if (answer == ANSWER_FAILED)
		return answer;
	buf_cut(l->why, said);
	return answer == ANSWER_OK ? answer : ANSWER_TAKEN;
}

/* The holder clears away texts of those who were killed while they prepared: what if one of them lives? */
static enum publish_answer assure_text(struct publish_link *l, const struct lock_name *name, struct str text)
{
	enum publish_answer answer;
	struct buf there;

	buf_init(&there, LOCK_MAX_BYTES);
	answer = l->b->ops->read(l, name->text, LOCK_MAX_BYTES, &there);
	if (answer == ANSWER_ABSENT || (answer == ANSWER_OK && !str_eq(buf_str(&there), text)))
		answer = l->b->ops->write(l, name->text, text);
	buf_release(&there);
	return answer;
}

static bool is_ours(const struct publish_link *l, struct str text)
{
	struct str token = str_from(l->b->token);

	return token.n && str_find(text, token) < text.n;
}

static enum publish_answer change_lock(struct publish_link *l, struct str old, struct str new)
{
	struct lock_name from, to;
	enum publish_answer answer;

	name_lock(&from, old);
	name_lock(&to, new);
	answer = write_in(l, to.text, new);
	if (answer == ANSWER_OK)
		answer = move_mark(l, &from, to.held);
	if (answer == ANSWER_TAKEN || answer == ANSWER_FAILED)
		drop_file(l, str_from(to.text));
	if (answer != ANSWER_OK)
		return answer == ANSWER_ABSENT ? ANSWER_TAKEN : answer;
	drop_file(l, str_from(from.text));
	if (is_ours(l, old))
		return ANSWER_OK;
	answer = assure_text(l, &to, new);
	if (answer == ANSWER_OK)
		answer = look_alone(l, &to);
	if (answer == ANSWER_TAKEN || answer == ANSWER_FAILED)
		withdraw(l, &to);
	return answer;
}

/* What a publish that did nothing would leave: folders that are empty. */
static enum publish_answer give_back(struct publish_link *l, struct str old)
{
	struct lock_name name;
	enum publish_answer answer;

	name_lock(&name, old);
	answer = move_mark(l, &name, name.gone);
	if (answer != ANSWER_OK)
		return answer;
	drop_file(l, str_from(name.gone));
	drop_file(l, str_from(name.text));
	l->b->ops->drop_folder(l, STR(PUBLISH_LOCK));
	l->b->ops->drop_folder(l, STR(PUBLISH_FOLDER));
	return ANSWER_OK;
}

/* To the same text: is it still there? */
static enum publish_answer confirm_lock(struct publish_link *l, struct str text)
{
	struct publish_listing listing;
	struct lock_name name;
	enum publish_answer answer;
	struct arena a;

	name_lock(&name, text);
	arena_init(&a, ARENA_BYTES);
	answer = list(l, &a, PUBLISH_LOCK, &listing);
	if (answer == ANSWER_ABSENT || (answer == ANSWER_OK && !has(&listing, name.mark)))
		answer = ANSWER_TAKEN;
	arena_release(&a);
	return answer;
}

enum publish_answer publish_guard_lock_swap(struct publish_link *l, struct str old, struct str new)
{
	if (old.n == 0)
		return new.n ? first_lock(l, new) : ANSWER_OK;
	if (str_eq(old, new))
		return confirm_lock(l, new);
	return new.n ? change_lock(l, old, new) : give_back(l, old);
}

/* ---- the work folder ---- */

/* A folder with nothing but files in it, as work folders are. */
static enum publish_answer clear_folder(struct publish_link *l, struct arena *a, struct str folder)
{
	struct publish_listing listing;
	enum publish_answer answer = list(l, a, str_z(a, folder), &listing);

	if (answer == ANSWER_ABSENT)
		return ANSWER_OK;
	for (size_t i = 0; i < listing.len && answer == ANSWER_OK; i++)
		if (listing.items[i].kind == PUBLISH_FILE)
			answer = l->b->ops->remove(
				l, &(struct publish_job){
					   .path = STR_CONCAT(a, folder, STR("/"), listing.items[i].name)});
	if (answer == ANSWER_OK)
		l->b->ops->drop_folder(l, folder);
	return answer;
}

/* Moved away first: from then on its owner can finish nothing, however long the rest takes. */
static enum publish_answer clear_work(struct publish_link *l, struct arena *a, struct str name)
{
	struct str path = STR_CONCAT(a, STR(PUBLISH_FOLDER "/"), name);
	struct str token = str_slice(name, strlen(PUBLISH_WORK_PREFIX), name.n);
	struct str away = STR_CONCAT(a, STR(PUBLISH_FOLDER "/" GONE), token);
	enum publish_answer answer;

	if (str_is(token, l->b->token))
		return ANSWER_OK;
	answer = l->b->ops->rename(l, path, away);
	if (answer == ANSWER_ABSENT)
		return ANSWER_OK;
	return answer == ANSWER_OK ? clear_folder(l, a, away) : answer;
}

/* Texts without a lock, of publishers who were killed before they had it. */
static enum publish_answer clear_texts(struct publish_link *l, struct arena *a)
{
	struct publish_listing listing;
	enum publish_answer answer = list(l, a, PUBLISH_LOCK, &listing);

	for (size_t i = 0; answer == ANSWER_OK && i < listing.len; i++) {
		struct str name = listing.items[i].name;

		if (str_starts(name, STR(HELD)) || listing.items[i].kind != PUBLISH_FILE)
			continue;
		if (str_starts(name, STR(TEXT)) &&
			has(&listing, STR_CONCAT(a, STR(HELD), str_slice(name, strlen(TEXT), name.n))))
			continue;
		drop_file(l, STR_CONCAT(a, STR(PUBLISH_LOCK "/"), name));
	}
	return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
}

static enum publish_answer clear_others(struct publish_link *l, struct arena *a)
{
	struct publish_listing listing;
	enum publish_answer answer = list(l, a, PUBLISH_FOLDER, &listing);

	for (size_t i = 0; answer == ANSWER_OK && i < listing.len; i++) {
		struct str name = listing.items[i].name;

		if (listing.items[i].kind != PUBLISH_DIR)
			continue;
		if (str_starts(name, STR(PUBLISH_WORK_PREFIX)))
			answer = clear_work(l, a, name);
		else if (str_starts(name, STR(GONE)))
			answer = clear_folder(l, a, STR_CONCAT(a, STR(PUBLISH_FOLDER "/"), name));
	}
	return answer == ANSWER_OK ? clear_texts(l, a) : answer;
}

static struct str work_folder(const struct publish_link *l, struct arena *a)
{
	return STR_CONCAT(a, STR(PUBLISH_FOLDER "/" PUBLISH_WORK_PREFIX), str_from(l->b->token));
}

enum publish_answer publish_guard_begin(struct publish_link *l)
{
	enum publish_answer answer;
	struct arena a;

	arena_init(&a, ARENA_BYTES);
	answer = l->b->ops->make_folder(l, work_folder(l, &a));
	if (answer == ANSWER_OK)
		answer = clear_others(l, &a);
	arena_release(&a);
	return answer;
}

/* Without an intent nothing is unfinished, and nobody will go on with a part. */
static void drop_parts(struct publish_link *l, struct arena *a)
{
	struct publish_listing listing;

	if (list(l, a, PUBLISH_FOLDER, &listing) != ANSWER_OK ||
		has(&listing, str_from(&PUBLISH_INTENT[sizeof(PUBLISH_FOLDER)])))
		return;
	for (size_t i = 0; i < listing.len; i++)
		if (listing.items[i].kind == PUBLISH_FILE && str_starts(listing.items[i].name, STR(PART)))
			drop_file(l, STR_CONCAT(a, STR(PUBLISH_FOLDER "/"), listing.items[i].name));
}

void publish_guard_end(struct publish_link *l)
{
	size_t said = l->why->n;
	struct arena a;

	arena_init(&a, ARENA_BYTES);
	(void)clear_folder(l, &a, work_folder(l, &a));
	drop_parts(l, &a);
	arena_release(&a);
	buf_cut(l->why, said);
}
