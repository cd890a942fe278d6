/* What lies on a target of ours: its manifest, put right by looking where that may be untrue. */
#include "action/publish_impl.h"

/* One path that the manifest, the intent or both name. */
struct known {
	struct str path;
	const struct publish_entry *published, *intended; /* NULL: it does not name it */
	struct publish_job *job;			  /* NULL: not looked at */
};

static enum publish_status read_text(struct publish *p, const char *path, struct str *out)
{
	enum publish_answer answer;
	struct buf text;

	buf_init(&text, PUBLISH_RECORD_MAX_BYTES);
	answer = publish_read(p, path, &text);
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

struct known_list {
	struct known *items;
	size_t len;
};

/* Either may be NULL; what only a settled intent names is nothing. */
static void add_known(struct known_list *list, const struct publish_survey *s,
	const struct publish_entry *published, const struct publish_entry *intended)
{
	/* The manifest is younger than the intent's files: those were verified before it was written. */
	bool settled = s->intended.generation == s->there.generation;

	if (intended && intended->mark == PUBLISH_PUT && settled)
		intended = NULL;
	if (published)
		list->items[list->len++] = (struct known){published->path, published, intended, NULL};
	else if (intended)
		list->items[list->len++] = (struct known){intended->path, NULL, intended, NULL};
}

/* Both sorted lists as one. */
static struct known_list merge(const struct publish_survey *s, struct arena *a)
{
	const struct publish_record *m = &s->there, *n = &s->intended;
	struct known_list list = {.items = arena_new_n(a, struct known, m->len + n->len)};
	size_t i = 0, j = 0;

	while (i < m->len && j < n->len) {
		int order = str_cmp(m->entries[i].path, n->entries[j].path);

		add_known(&list, s, order <= 0 ? &m->entries[i] : NULL, order >= 0 ? &n->entries[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	for (; i < m->len; i++)
		add_known(&list, s, &m->entries[i], NULL);
	for (; j < n->len; j++)
		add_known(&list, s, NULL, &n->entries[j]);
	return list;
}

/* What the journal says was sent, and would be sent again as it is, need not be read. */
static bool is_confirmed(const struct known *k, struct map *confirmed)
{
	const struct digest *digest = map_get(confirmed, k->path);

	return digest && k->intended->mark == PUBLISH_PUT && digest_eq(digest, &k->intended->digest);
}

static struct publish_job *confirmed_job(struct publish *p, const struct known *k)
{
	struct publish_job *job = arena_new(p->arena, struct publish_job);

	*job = (struct publish_job){.path = k->path,
		.digest = k->intended->digest,
		.size = k->intended->size,
		.answer = ANSWER_OK};
	p->out->resumed++;
	return job;
}

/* Either the paths that an intent names, with digests, or the others, sizes only. */
static enum publish_status look(struct publish *p, const struct known_list *list, bool intended)
{
	struct publish_batch batch = {.jobs = arena_new_n(p->arena, struct publish_job, list->len)};
	struct map confirmed = {0};

	if (intended) {
		p->out->resumed = 0;
		publish_journal_read(&p->journal, p->arena, &p->survey.intent, &confirmed);
	}
	for (size_t i = 0; i < list->len; i++) {
		struct known *k = &list->items[i];

		if ((k->intended != NULL) != intended)
			continue;
		if (intended && is_confirmed(k, &confirmed)) {
			k->job = confirmed_job(p, k);
			continue;
		}
		k->job = &batch.jobs[batch.len++];
		k->job->path = k->path;
	}
	return batch.len ? publish_answered(publish_pool_look(p->pool, &batch, intended)) : PUBLISH_OK;
}

/* ---- judging ---- */

static bool same_bytes(const struct publish_job *job, const struct publish_entry *e)
{
	return e && job->size == e->size && digest_eq(&job->digest, &e->digest);
}

/* The same bytes sent with other headers look the same from outside. */
static uint64_t headers_of(const struct known *k)
{
	const struct publish_entry *old = same_bytes(k->job, k->published) ? k->published : NULL;
	const struct publish_entry *new = same_bytes(k->job, k->intended) ? k->intended : NULL;

	if (old && new && old->headers != new->headers)
		return PUBLISH_HEADERS_UNKNOWN;
	if (new)
		return new->headers;
	return old ? old->headers : PUBLISH_HEADERS_UNKNOWN;
}

/* Only its size was looked at. */
static struct publish_entry judge_size(const struct publish_entry *published, const struct publish_job *job)
{
	struct publish_entry e = *published;

	if (job->size != e.size) {
		e.size = job->size;
		e.digest = (struct digest){0}; /* nobody's: to be sent again */
	}
	return e;
}

static struct publish_entry judge_bytes(const struct known *k)
{
	return (struct publish_entry){
		.mark = k->published ? k->published->mark : PUBLISH_LOOSE,
		.path = k->path,
		.digest = k->job->digest,
		.size = k->job->size,
		.headers = headers_of(k),
		.since = k->published ? k->published->since : 0,
	};
}

/*
 * What there is of ours at one path; false: nothing. A path that only an intent names is ours when its bytes
 * are those that the intent names: anything else was put there by somebody else, before us or since.
 */
static bool judge(const struct known *k, struct publish_entry *out)
{
	if (k->job && k->job->answer != ANSWER_OK)
		return false;
	if (k->job && k->intended) {
		*out = judge_bytes(k);
		return k->published || same_bytes(k->job, k->intended);
	}
	if (!k->published)
		return false;
	*out = k->job ? judge_size(k->published, k->job) : *k->published;
	return true;
}

static enum publish_status put_right(struct publish *p)
{
	struct publish_survey *s = &p->survey;
	struct known_list list = merge(s, p->arena);
	struct publish_record there = s->there;
	enum publish_status status = look(p, &list, true);

	if (status == PUBLISH_OK && p->b->ops->local)
		status = look(p, &list, false);
	if (status != PUBLISH_OK)
		return status;
	there.entries = NULL;
	there.len = there.cap = 0;
	for (size_t i = 0; i < list.len; i++) {
		struct publish_entry entry;

		if (judge(&list.items[i], &entry))
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
		status = read_record(p, p->manifest, &s.there, &s.manifest, &exists);
	if (status != PUBLISH_OK)
		return status;
	s.first = !exists;
	s.published = s.there;
	p->survey = s;
	/* A release that is pointed to is never written into: what its manifest says is so. */
	return p->o->whole_switch ? PUBLISH_OK : put_right(p);
}

enum publish_status publish_survey_again(struct publish *p, bool *changed)
{
	struct str intent, manifest;
	struct digest now;
	enum publish_status status = read_text(p, PUBLISH_INTENT, &intent);

	if (status == PUBLISH_OK)
		status = read_text(p, p->manifest, &manifest);
	if (status != PUBLISH_OK)
		return status;
	now = digest_of(intent);
	*changed = !digest_eq(&now, &p->survey.intent);
	now = digest_of(manifest);
	*changed |= !digest_eq(&now, &p->survey.manifest);
	return PUBLISH_OK;
}
