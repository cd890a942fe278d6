/*
 * Small files of ours and the lock, each written only when it still is what it was.
 *
 * The lock is one object. It is made with “If-None-Match: *” and replaced with “If-Match: <its ETag>”: of two who
 * try, the server lets one. Giving it back replaces it with nothing, by the same way, since a DELETE with a
 * condition is something that many servers take without looking at it.
 *
 * Not every server looks at conditions. Whoever takes the lock tries it out, with writes that must not happen.
 * Where they do happen the lock is written, and read back after a pause: two publishers who begin within the
 * pause see each other. What remains there: one who stalls for longer than the pause between looking and
 * writing takes a lock from another, who finds that out when it renews its own.
 */
#include "action/publish_s3_impl.h"

#include <errno.h>
#include <time.h>

#define LOCK_MAX_BYTES 4096
#define ETAG_NOBODYS "00000000000000000000000000000000"

bool publish_s3_honours(const struct publish_s3 *s3)
{
	return atomic_load(&s3->conditions) != S3_IGNORED;
}

/* ---- conditional writes ---- */

/* An ETag as the server wants it back. */
static struct str to_condition(const struct publish_s3 *s3, char out[S3_ETAG_MAX + 2], struct str etag)
{
	const char *quote = atomic_load(&s3->conditions) == S3_HONOURED_BARE ? "" : "\"";

	snprintf(out, S3_ETAG_MAX + 2, "%s%.*s%s", quote, STR_ARG(etag), quote);
	return str_from(out);
}

/* `etag` NULL: whatever is there; empty: nothing must be there. TAKEN: something else is. */
static enum publish_answer write_if(
	struct publish_s3_link *l, struct str path, struct str text, const struct str *etag)
{
	struct publish_s3_call call = {.doing = "write", .method = "PUT", .path = path, .text = text};
	char condition[S3_ETAG_MAX + 2];
	enum publish_answer answer;

	publish_s3_header(&call, STR("content-type"), STR("text/plain; charset=utf-8"));
	publish_s3_header(&call, STR("cache-control"), STR("no-store"));
	if (etag && etag->n && publish_s3_honours(l->target))
		publish_s3_header(&call, STR("if-match"), to_condition(l->target, condition, *etag));
	else if (etag && publish_s3_honours(l->target))
		publish_s3_header(&call, STR("if-none-match"), STR("*"));
	answer = publish_s3_do(l, &call);
	if (answer == ANSWER_FAILED && l->status == 501 && publish_s3_honours(l->target)) {
		atomic_store(&l->target->conditions, S3_IGNORED);
		buf_clear(l->base.why);
		return write_if(l, path, text, etag);
	}
	return answer == ANSWER_ABSENT ? ANSWER_TAKEN : answer; /* If-Match of what is gone */
}

/* The last answer's; empty when it is too long to be one. */
static void keep_etag(const struct publish_s3_link *l, char out[S3_ETAG_MAX])
{
	struct str etag = publish_s3_bare_etag(publish_s3_answered(l, "etag"));

	snprintf(out, S3_ETAG_MAX, "%.*s", STR_ARG(etag.n < S3_ETAG_MAX ? etag : STR("")));
}

static enum publish_answer read_text(
	struct publish_s3_link *l, struct str path, size_t max, struct buf *out, char etag[S3_ETAG_MAX])
{
	struct publish_s3_call call = {.doing = "read", .method = "GET", .path = path, .max = max};
	enum publish_answer answer = publish_s3_do(l, &call);

	etag[0] = 0;
	if (answer != ANSWER_OK)
		return answer;
	buf_add(out, buf_str(&l->answer));
	keep_etag(l, etag);
	return buf_failed(out) ? ANSWER_FAILED : ANSWER_OK;
}

/* ---- the manifest and the intent ---- */

static void remember(struct publish_s3 *s3, struct str path, bool known, struct str etag)
{
	pthread_mutex_lock(&s3->mutex);
	for (size_t i = 0; i < COUNT_OF(s3->versions); i++) {
		struct publish_s3_version *v = &s3->versions[i];

		if (!str_is(path, v->path))
			continue;
		v->known = known && etag.n < sizeof(v->etag);
		snprintf(v->etag, sizeof(v->etag), "%.*s", STR_ARG(etag));
	}
	pthread_mutex_unlock(&s3->mutex);
}

/* False: it was never read, or the server gave it no ETag. */
static bool recall(struct publish_s3 *s3, struct str path, char etag[S3_ETAG_MAX])
{
	bool known = false;

	pthread_mutex_lock(&s3->mutex);
	for (size_t i = 0; i < COUNT_OF(s3->versions); i++)
		if (str_is(path, s3->versions[i].path) && s3->versions[i].known) {
			known = true;
			memcpy(etag, s3->versions[i].etag, S3_ETAG_MAX);
		}
	pthread_mutex_unlock(&s3->mutex);
	return known;
}

bool publish_s3_settled(struct publish_s3 *s3)
{
	char etag[S3_ETAG_MAX];

	return recall(s3, STR(PUBLISH_INTENT), etag) && !etag[0];
}

void publish_s3_forget(struct publish_s3 *s3, struct str path)
{
	remember(s3, path, true, STR(""));
}

enum publish_answer publish_s3_read(struct publish_link *base, const char *path, size_t max, struct buf *out)
{
	struct publish_s3_link *l = publish_s3_self(base);
	char etag[S3_ETAG_MAX];
	enum publish_answer answer = read_text(l, str_from(path), max, out, etag);

	if (answer == ANSWER_OK || answer == ANSWER_ABSENT)
		remember(l->target, str_from(path), answer == ANSWER_ABSENT || etag[0], str_from(etag));
	return answer;
}

/* A write that was refused may be an earlier try of ours that arrived: then the text is there. */
static enum publish_answer settle_write(struct publish_s3_link *l, struct str path, struct str text)
{
	struct buf now;
	char etag[S3_ETAG_MAX];
	enum publish_answer answer;

	buf_init(&now, PUBLISH_RECORD_MAX_BYTES);
	answer = read_text(l, path, PUBLISH_RECORD_MAX_BYTES, &now, etag);
	if (answer == ANSWER_OK && str_eq(buf_str(&now), text)) {
		remember(l->target, path, etag[0], str_from(etag));
	} else if (answer == ANSWER_OK || answer == ANSWER_ABSENT) {
		buf_clear(l->base.why);
		buf_addf(l->base.why, "another publish took over %s", l->target->base.name);
		answer = ANSWER_TAKEN;
	}
	buf_release(&now);
	return answer;
}

enum publish_answer publish_s3_write(struct publish_link *base, const char *path, struct str text)
{
	struct publish_s3_link *l = publish_s3_self(base);
	char old[S3_ETAG_MAX];
	struct str full = str_from(path), etag;
	bool known = recall(l->target, full, old);
	enum publish_answer answer;

	etag = known ? str_from(old) : STR("");
	atomic_store(&l->target->changed, true);
	answer = write_if(l, full, text, known ? &etag : NULL);
	if (answer == ANSWER_TAKEN)
		return settle_write(l, full, text);
	if (answer == ANSWER_OK) {
		etag = publish_s3_bare_etag(publish_s3_answered(l, "etag"));
		remember(l->target, full, etag.n > 0, etag);
	}
	return answer;
}

/* ---- the lock ---- */

struct lock_state {
	struct buf text; /* empty: there is none, or an empty one */
	bool exists;
	char etag[S3_ETAG_MAX];
};

static enum publish_answer look_at_lock(struct publish_s3_link *l, struct lock_state *s)
{
	enum publish_answer answer;

	buf_clear(&s->text);
	answer = read_text(l, STR(PUBLISH_LOCK), LOCK_MAX_BYTES, &s->text, s->etag);
	s->exists = answer == ANSWER_OK;
	return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
}

enum publish_answer publish_s3_lock_read(struct publish_link *base, struct buf *out)
{
	char etag[S3_ETAG_MAX];
	enum publish_answer answer =
		read_text(publish_s3_self(base), STR(PUBLISH_LOCK), LOCK_MAX_BYTES, out, etag);

	return answer == ANSWER_OK && out->n == 0 ? ANSWER_ABSENT : answer;
}

static enum publish_answer write_lock(struct publish_s3_link *l, const struct lock_state *s, struct str text)
{
	struct str etag = s->exists ? str_from(s->etag) : STR("");

	return write_if(l, STR(PUBLISH_LOCK), text, &etag);
}

/*
 * The lock holds our text, with `etag`: writing it again changes nothing on any server, and tells whether this
 * one looks at conditions: two that do not hold, and one that does.
 */
static enum publish_answer try_out(struct publish_s3_link *l, struct str text, struct str etag)
{
	const struct str conditions[] = {STR(""), STR(ETAG_NOBODYS), etag};
	enum publish_answer answer = ANSWER_TAKEN;

	for (size_t i = 0; i < COUNT_OF(conditions) && answer == ANSWER_TAKEN; i++) {
		answer = write_if(l, STR(PUBLISH_LOCK), text, &conditions[i]);
		if (answer == ANSWER_OK)
			atomic_store(&l->target->conditions,
				i + 1 == COUNT_OF(conditions) ? S3_HONOURED : S3_IGNORED);
	}
	if (answer != ANSWER_TAKEN)
		return answer;
	atomic_store(&l->target->conditions, S3_HONOURED_BARE);
	return ANSWER_OK;
}

static void pause_for(unsigned ms)
{
	struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

/* Where conditions are ignored: whose text stands there in the end? */
static enum publish_answer read_back(struct publish_s3_link *l, struct lock_state *s, struct str text)
{
	enum publish_answer answer;

	pause_for(l->target->pause_ms);
	answer = look_at_lock(l, s);
	return answer != ANSWER_OK || str_eq(buf_str(&s->text), text) ? answer : ANSWER_TAKEN;
}

/*
 * Refused, although it is what it was: the server compares ETags with their quotes to ETags without. Or an
 * answer was lost, and what was refused is a second try.
 */
static enum publish_answer swap_again(
	struct publish_s3_link *l, struct lock_state *s, struct str old, struct str new)
{
	enum publish_answer answer = look_at_lock(l, s);

	if (answer != ANSWER_OK || str_eq(buf_str(&s->text), new))
		return answer;
	if (!str_eq(buf_str(&s->text), old) || !s->exists)
		return ANSWER_TAKEN;
	if (atomic_load(&l->target->conditions) == S3_HONOURED_BARE)
		return ANSWER_TAKEN;
	atomic_store(&l->target->conditions, S3_HONOURED_BARE);
	return write_lock(l, s, new);
}

static enum publish_answer swap_looking(
	struct publish_s3_link *l, struct lock_state *s, struct str old, struct str new)
{
	enum publish_answer answer = look_at_lock(l, s);

	if (answer != ANSWER_OK || str_eq(buf_str(&s->text), new))
		return answer; /* an earlier try of ours arrived */
	if (!str_eq(buf_str(&s->text), old))
		return ANSWER_TAKEN;
	answer = write_lock(l, s, new);
	if (answer == ANSWER_TAKEN)
		answer = swap_again(l, s, old, new);
	keep_etag(l, s->etag);
	if (answer == ANSWER_OK && atomic_load(&l->target->conditions) == S3_UNKNOWN)
		return try_out(l, new, str_from(s->etag));
	if (answer == ANSWER_OK)
		memcpy(l->target->lock_etag, s->etag, sizeof(s->etag));
	return answer;
}

/* What we wrote last need not be looked at before it is replaced: the condition says the same. */
static enum publish_answer swap(
	struct publish_s3_link *l, struct lock_state *s, struct str old, struct str new)
{
	struct publish_s3 *s3 = l->target;
	struct digest digest = digest_of(old);
	enum publish_answer answer = ANSWER_TAKEN;

	s->exists = s3->lock_etag[0] && publish_s3_honours(s3) && digest_eq(&digest, &s3->locked);
	memcpy(s->etag, s3->lock_etag, sizeof(s->etag));
	s3->lock_etag[0] = 0;
	if (s->exists)
		answer = write_lock(l, s, new);
	if (s->exists && answer == ANSWER_OK)
		keep_etag(l, s3->lock_etag);
	if (answer == ANSWER_TAKEN)
		answer = swap_looking(l, s, old, new);
	s3->locked = digest_of(new);
	if (answer == ANSWER_OK && !publish_s3_honours(s3))
		answer = read_back(l, s, new);
	return answer;
}

/*
 * A first publish that did nothing leaves nothing. Others leave the lock, empty: a DELETE could hit the lock of
 * somebody who took it in the moment before.
 */
static void drop_lock(struct publish_s3_link *l)
{
	struct publish_s3_call call = {
		.doing = "remove", .method = "DELETE", .path = STR(PUBLISH_LOCK), .quiet = true};
	char etag[S3_ETAG_MAX];

	if (!atomic_load(&l->target->changed) && recall(l->target, STR(PUBLISH_MANIFEST), etag) && !etag[0])
		(void)!publish_s3_do(l, &call);
}

enum publish_answer publish_s3_lock_swap(struct publish_link *base, struct str old, struct str new)
{
	struct publish_s3_link *l = publish_s3_self(base);
	struct lock_state state = {0};
	enum publish_answer answer;

	buf_init(&state.text, LOCK_MAX_BYTES);
	answer = swap(l, &state, old, new);
	buf_release(&state.text);
	if (answer == ANSWER_OK && new.n == 0)
		drop_lock(l);
	return answer;
}
