/* What lies on a target of ours: its manifest, put right by looking where that may be untrue. */
#include "action/publish_impl.h"

/* One path that the manifest, the intent or both name. */
struct known {
	const struct publish_entry *published, *intended; /* either may be NULL */
	struct publish_job *job;			  /* NULL: not looked at */
};

static enum publish_status read_text(struct publish *p, const char *path, struct str *out)
{
	enum publish_answer answer;
	struct buf text;

	buf_init(&text, PUBLISH_RECORD_MAX_BYTES);
	answer = p->b->ops->read(p->b, path, PUBLISH_RECORD_MAX_BYTES, &text);
	*out = answer == ANSWER_OK ? str_dup(p->arena, buf_str(&text)) : STR("");
	buf_release(&text);
	return answer == ANSWER_OK || answer == ANSWER_ABSENT ? PUBLISH_OK : PUBLISH_FAILED;
}

static enum publish_status read_record(
	struct publish *p, const char *path, struct publish_record *out, struct digest *digest, bool *exists)
{
	struct str text;
	size_t line;
	enum publish_status status = read_text(p, path, &text);

	*exists = text.n > 0;
	*digest = digest_of(text);
	if (status != PUBLISH_OK || !text.n)
		return status;
	if (publish_record_read(out, p->arena, out->kind, text, &line))
		return PUBLISH_OK;
	return publish_refuse(p,
		"%s of %s is damaged at line %zu, so that nobody can tell which files there are ours: "
		"publish to an "
		"empty folder, or bring it back from a backup",
		path, p->b->name, line);
}

/* ---- looking ---- */

/* The manifest is younger than the intent's files: those were verified before it was written. */
static bool is_settled(const struct publish_survey *s, const struct publish_entry *intended)
{
	return intended->mark == PUBLISH_PUT && s->intended.generation == s->there.generation;
}

/* Both sorted lists as one. */
static size_t merge(const struct publish_survey *s, struct known *out)
{
	const struct publish_record *m = &s->there, *n = &s->intended;
	size_t i = 0, j = 0, len = 0;

	while (i < m->len || j < n->len) {
		const struct publish_entry *published = i < m->len ? &m->entries[i] : NULL;
		const struct publish_entry *intended = j < n->len ? &n->entries[j] : NULL;
		int order = !published ? 1 : !intended ? -1 : str_cmp(published->path, intended->path);

		i += order <= 0;
		j += order >= 0;
		out[len++] = (struct known){
			.published = order <= 0 ? published : NULL,
			.intended = order >= 0 && !is_settled(s, intended) ? intended : NULL,
		};
	}
	return len;
}

static struct str path_of(const struct known *k)
{
	return k->published ? k->published->path : k->intended->path;
}

static enum publish_status look(struct publish *p, struct known *known, size_t len, bool intended)
{
	struct publish_batch batch = {.jobs = arena_new_n(p->arena, struct publish_job, len)};

	for (size_t i = 0; i < len; i++) {
		if ((known[i].intended != NULL) != intended || (!known[i].published && !known[i].intended))
			continue;
		known[i].job = &batch.jobs[batch.len++];
		known[i].job->path = path_of(&known[i]);
	}
	return batch.len ? publish_answered(p->b->ops->look(p->b, &batch, intended)) : PUBLISH_OK;
}

/* ---- judging ---- */

static bool same_bytes(const struct publish_job *job, const struct publish_entry *e)
{
	return e && job->size == e->size && digest_eq(&job->digest, &e->digest);
}

static uint64_t headers_of(const struct known *k)
{
	bool old = same_bytes(k->job, k->published), new = same_bytes(k->job, k->intended);

	if (old && new)
		return k->published->headers == k->intended->headers ? k->intended->headers
								     : PUBLISH_HEADERS_UNKNOWN;
	return new ? k->intended->headers : old ? k->published->headers : PUBLISH_HEADERS_UNKNOWN;
}

/*
 * What there is of ours at one path. A path that only an intent names is ours when its bytes are those that
 * the intent names: anything else was put there by somebody else, before us or since.
 */
static bool judge(const struct known *k, struct publish_entry *out)
{
	if (!k->job) {
		*out = *k->published;
		return true;
	}
	if (k->job->answer != ANSWER_OK)
		return false;
	if (!k->intended) {
		*out = *k->published;
		if (k->job->size != out->size) {
			out->size = k->job->size;
			out->digest = (struct digest){0}; /* nobody's: to be sent again */
		}
		return true;
	}
	if (!k->published && !same_bytes(k->job, k->intended))
		return false;
	*out = (struct publish_entry){
		.mark = k->published ? k->published->mark : PUBLISH_LOOSE,
		.path = path_of(k),
		.digest = k->job->digest,
		.size = k->job->size,
		.headers = headers_of(k),
	};
	return true;
}

static enum publish_status put_right(struct publish *p)
{
	struct publish_survey *s = &p->survey;
	struct known *known = arena_new_n(p->arena, struct known, s->there.len + s->intended.len);
	size_t len = merge(s, known);
	struct publish_record there = s->there;
	enum publish_status status = look(p, known, len, true);

	if (status == PUBLISH_OK && p->b->ops->cheap_look)
		status = look(p, known, len, false);
	if (status != PUBLISH_OK)
		return status;
	there.entries = NULL;
	there.len = there.cap = 0;
	for (size_t i = 0; i < len; i++) {
		struct publish_entry entry;

		if ((known[i].published || known[i].intended) && judge(&known[i], &entry))
			publish_record_add(&there, p->arena, &entry);
	}
	s->there = there;
	return PUBLISH_OK;
}

enum publish_status publish_survey_read(struct publish *p)
{
	struct publish_survey s = {
		.there.kind = PUBLISH_RECORD_MANIFEST,
		.intended.kind = PUBLISH_RECORD_INTENT,
	};
	bool exists = false;
	enum publish_status status = read_record(p, PUBLISH_INTENT, &s.intended, &s.intent, &s.unfinished);

	if (status == PUBLISH_OK)
		status = read_record(p, PUBLISH_MANIFEST, &s.there, &s.manifest, &exists);
	if (status != PUBLISH_OK)
		return status;
	s.first = !exists;
	p->survey = s;
	return put_right(p);
}

enum publish_status publish_survey_again(struct publish *p, bool *changed)
{
	struct str intent, manifest;
	struct digest now;
	enum publish_status status = read_text(p, PUBLISH_INTENT, &intent);

	if (status == PUBLISH_OK)
		status = read_text(p, PUBLISH_MANIFEST, &manifest);
	if (status != PUBLISH_OK)
		return status;
	now = digest_of(intent);
	*changed = !digest_eq(&now, &p->survey.intent);
	now = digest_of(manifest);
	*changed |= !digest_eq(&now, &p->survey.manifest);
	return PUBLISH_OK;
}
