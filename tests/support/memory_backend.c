#include "support/memory_backend.h"

#include "action/publish_guard.h"
#include "action/publish_source.h"

#include <errno.h>
#include <time.h>

static struct memory_server *current;

/* ---- the files ---- */

static size_t place_of(const struct memory_server *s, struct str path, bool *found)
{
	size_t from = 0, to = s->len;

	*found = false;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = str_cmp(str_from(s->files[middle].path), path);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static struct memory_file *find(const struct memory_server *s, struct str path)
{
	bool found;
	size_t at = place_of(s, path, &found);

	return found ? &s->files[at] : NULL;
}

static char *copy_bytes(struct str bytes)
{
	char *out = xmalloc(bytes.n + 1);

	if (bytes.n)
		memcpy(out, bytes.p, bytes.n);
	out[bytes.n] = 0;
	return out;
}

/* Replaces what is there. */
static void set(struct memory_server *s, struct str path, enum publish_kind kind, struct str bytes)
{
	bool found;
	size_t at = place_of(s, path, &found);
	char *copied = copy_bytes(bytes);

	if (!found) {
		if (s->len == s->cap) {
			s->cap = s->cap ? 2 * s->cap : 64;
			s->files = xrealloc(s->files, s->cap * sizeof(*s->files));
		}
		memmove(&s->files[at + 1], &s->files[at], (s->len - at) * sizeof(*s->files));
		s->len++;
		s->files[at].path = copy_bytes(path);
	} else {
		free(s->files[at].bytes);
	}
	s->files[at].kind = kind;
	s->files[at].bytes = copied;
	s->files[at].size = bytes.n;
}

static void drop(struct memory_server *s, struct str path)
{
	bool found;
	size_t at = place_of(s, path, &found);

	if (!found)
		return;
	free(s->files[at].path);
	free(s->files[at].bytes);
	s->len--;
	memmove(&s->files[at], &s->files[at + 1], (s->len - at) * sizeof(*s->files));
}

static struct str bytes_of(const struct memory_file *f)
{
	return str_make(f->bytes, f->size);
}

static struct str parent_of(struct str path)
{
	size_t name = str_after_last(path, '/');

	return str_slice(path, 0, name ? name - 1 : 0);
}

static bool is_folder(const struct memory_server *s, struct str path)
{
	const struct memory_file *f = find(s, path);

	return path.n == 0 || (f && f->kind == PUBLISH_DIR);
}

static bool is_below(struct str path, struct str folder)
{
	return folder.n == 0 || (path.n > folder.n && str_starts(path, folder) && path.p[folder.n] == '/');
}

static bool is_empty(const struct memory_server *s, struct str folder)
{
	for (size_t i = 0; i < s->len; i++)
		if (is_below(str_from(s->files[i].path), folder))
			return false;
	return true;
}

/* The first link on the way that stands in `path` is replaced by what it points to. */
static bool follow(const struct memory_server *s, char *path, size_t max)
{
	for (size_t i = 1; i <= strlen(path); i++) {
		const struct memory_file *f;
		struct str head = str_make(path, i), parent = parent_of(head);
		char out[1200];

		if (path[i] && path[i] != '/')
			continue;
		f = find(s, head);
		if (!f || f->kind != PUBLISH_OTHER)
			continue;
		snprintf(out, sizeof(out), "%.*s%s%s%s", STR_ARG(parent), parent.n ? "/" : "", f->bytes,
			path + i);
		snprintf(path, max, "%s", out);
		return true;
	}
	return false;
}

/* The file that a visitor, or a server that follows links, finds there. */
static const struct memory_file *find_through_links(const struct memory_server *s, const char *path)
{
	char real[1200];

	snprintf(real, sizeof(real), "%s", path);
	for (int i = 0; i < 8 && follow(s, real, sizeof(real)); i++)
		;
	return find(s, str_from(real));
}

/* ---- calls ---- */

struct call {
	struct memory_server *s;
	struct publish_link *l;
	bool fails; /* this is the one */
};

static void sleep_us(unsigned us)
{
	struct timespec t = {us / 1000000, (long)(us % 1000000) * 1000};

	if (us)
		nanosleep(&t, NULL);
}

/* With the mutex held afterwards. False: it is not done. */
static bool enter(struct call *c, struct publish_link *l, enum memory_op op, struct str path)
{
	struct memory_server *s = current;
	char name[1100];

	*c = (struct call){.s = s, .l = l};
	snprintf(name, sizeof(name), "%.*s", STR_ARG(path));
	if (s->before)
		s->before(s->ctx, op, name);
	sleep_us(s->latency_us);
	pthread_mutex_lock(&s->mutex);
	s->of[op]++;
	if (!s->only || (s->only & 1u << op)) {
		s->calls++;
		c->fails = s->at && s->calls >= s->at && s->calls <= (s->until ? s->until : s->at);
	}
	if (c->fails && s->fault == MEMORY_KILL)
		s->dead = true;
	return !s->dead && (!c->fails || s->fault == MEMORY_LOST);
}

static enum publish_answer leave(struct call *c, enum publish_answer answer)
{
	struct memory_server *s = c->s;
	bool again = c->fails && (s->fault == MEMORY_AGAIN || s->fault == MEMORY_LOST);

	if (s->dead || c->fails) {
		buf_addz(c->l->why, s->dead ? "killed"
				    : again ? "the connection was reset"
					    : "no, said the server");
		answer = !s->dead && again ? ANSWER_AGAIN : ANSWER_FAILED;
	}
	if (answer == ANSWER_AGAIN)
		c->l->retry_after = s->retry_after;
	pthread_mutex_unlock(&s->mutex);
	return answer;
}

static enum publish_answer say(
	struct publish_link *l, const char *what, struct str path, enum publish_answer answer)
{
	buf_addf(l->why, "%s: %.*s", what, STR_ARG(path));
	return answer;
}

/* ---- opening ---- */

static struct publish_backend *memory_open(const struct publish_backend *base)
{
	struct publish_backend *b = arena_new(base->arena, struct publish_backend);

	*b = *base;
	b->name = "memory";
	b->guarantee = "a visitor reads every page whole, the old one or the new one";
	return b;
}

static void memory_close(struct publish_backend *b)
{
	(void)b;
}

static struct publish_link *memory_connect(const struct publish_link *bare, enum publish_answer *answer)
{
	struct publish_link *l = xmalloc(sizeof(*l));
	struct call c;

	*l = *bare;
	*answer = ANSWER_FAILED;
	if (enter(&c, l, MEMORY_CONNECT, STR(""))) {
		*answer = ANSWER_OK;
		if (current->max_links && current->links == current->max_links)
			*answer = say(l, "too many connections", STR("memory"), ANSWER_AGAIN);
	}
	if (*answer == ANSWER_OK && !c.fails) {
		current->links++;
		if (current->links > current->most_links)
			current->most_links = current->links;
	}
	*answer = leave(&c, *answer);
	if (*answer == ANSWER_OK)
		return l;
	free(l);
	return NULL;
}

static void memory_disconnect(struct publish_link *l)
{
	pthread_mutex_lock(&current->mutex);
	current->links--;
	pthread_mutex_unlock(&current->mutex);
	free(l);
}

/* ---- small files and folders ---- */

static enum publish_answer memory_read(struct publish_link *l, const char *path, size_t max, struct buf *out)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_READ, str_from(path))) {
		const struct memory_file *f = find_through_links(current, path);

		answer = f && f->kind == PUBLISH_FILE ? ANSWER_OK : ANSWER_ABSENT;
		if (answer == ANSWER_OK)
			buf_add(out, str_slice(bytes_of(f), 0, max));
	}
	return leave(&c, answer);
}

/* A file takes its place; nothing but a file gives way. */
static enum publish_answer place(struct publish_link *l, struct str path, struct str bytes, bool fresh)
{
	const struct memory_file *there = find(current, path);

	if (!is_folder(current, parent_of(path)))
		return say(l, "there is no folder for", path, ANSWER_FAILED);
	if (there && (fresh || there->kind != PUBLISH_FILE))
		return say(l, "it is somebody else's", path, ANSWER_TAKEN);
	set(current, path, PUBLISH_FILE, bytes);
	return ANSWER_OK;
}

static enum publish_answer memory_write(struct publish_link *l, const char *path, struct str text)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_WRITE, str_from(path)))
		answer = place(l, str_from(path), text, false);
	return leave(&c, answer);
}

static void list_files(struct str folder, struct arena *a, struct publish_listing *out)
{
	for (size_t i = 0; i < current->len; i++) {
		const struct memory_file *f = &current->files[i];
		struct str path = str_from(f->path);

		if (is_below(path, folder) && str_eq(parent_of(path), folder))
			publish_listing_add(out, a,
				&(struct publish_listed){.name = str_dup(a, str_file_name(path)),
					.kind = f->kind,
					.sized = true,
					.size = f->size});
	}
}

static enum publish_answer memory_list(
	struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_LIST, folder)) {
		answer = is_folder(current, folder) ? ANSWER_OK : ANSWER_ABSENT;
		if (answer == ANSWER_OK)
			list_files(folder, a, out);
	}
	return leave(&c, answer);
}

static void move(struct str from, struct str to)
{
	struct memory_file *f = find(current, from);

	set(current, to, f->kind, bytes_of(f));
	drop(current, from);
}

static void move_below(struct str from, struct str to)
{
	for (size_t i = 0; i < current->len; i++) {
		struct str path = str_from(current->files[i].path);
		char new[1200], old[1200];

		if (!is_below(path, from))
			continue;
		snprintf(old, sizeof(old), "%.*s", STR_ARG(path));
		snprintf(new, sizeof(new), "%.*s%s", STR_ARG(to), old + from.n);
		move(str_from(old), str_from(new));
		i = (size_t)-1; /* the order is another now */
	}
}

static enum publish_answer memory_rename(struct publish_link *l, struct str from, struct str to)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_RENAME, from)) {
		if (!find(current, from))
			answer = ANSWER_ABSENT;
		else if (find(current, to) || !is_folder(current, parent_of(to)))
			answer = say(l, "cannot rename", from, ANSWER_FAILED);
		else {
			move_below(from, to);
			move(from, to);
			answer = ANSWER_OK;
		}
	}
	return leave(&c, answer);
}

static enum publish_answer memory_make_folder(struct publish_link *l, struct str path)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_MAKE_FOLDER, path)) {
		answer = ANSWER_OK;
		if (find(current, path) && !is_folder(current, path))
			answer = say(l, "it is no folder", path, ANSWER_TAKEN);
		else if (!is_folder(current, parent_of(path)))
			answer = say(l, "there is no folder for", path, ANSWER_FAILED);
		else
			set(current, path, PUBLISH_DIR, STR(""));
	}
	return leave(&c, answer);
}

static void memory_drop_folder(struct publish_link *l, struct str path)
{
	size_t said = l->why->n;
	struct call c;

	if (enter(&c, l, MEMORY_DROP_FOLDER, path) && path.n && is_folder(current, path) &&
		is_empty(current, path))
		drop(current, path);
	(void)leave(&c, ANSWER_OK);
	buf_cut(l->why, said);
}

/* ---- files ---- */

static enum publish_answer read_local(struct publish_link *l, const struct publish_job *job, struct buf *out)
{
	struct publish_source source;
	struct digest digest;
	uint64_t size;
	size_t n = 1;
	int error = publish_source_open(&source, l->b->fs, job->local);

	if (error)
		return say(l, strerror(error), job->path, error == ENOENT ? ANSWER_CHANGED : ANSWER_FAILED);
	while (!error && n) {
		char piece[4096];

		error = publish_source_read(&source, piece, sizeof(piece), &n);
		if (!error)
			buf_add(out, str_make(piece, n));
	}
	publish_source_close(&source, &digest, &size);
	if (!error && size == job->size && digest_eq(&digest, &job->digest))
		return ANSWER_OK;
	return say(l, "is not what the last build wrote", job->path, ANSWER_CHANGED);
}

/* The bytes to put; the mutex is held. */
static enum publish_answer fetch(struct publish_link *l, const struct publish_job *job, struct buf *out)
{
	const struct memory_file *kept;

	if (job->local)
		return read_local(l, job, out);
	kept = find(current, job->kept);
	if (!kept || kept->kind != PUBLISH_FILE)
		return say(l, "nothing was kept", job->kept, ANSWER_FAILED);
	buf_add(out, bytes_of(kept));
	return ANSWER_OK;
}

/* Whoever lost the lock has no work folder, and so puts and removes nothing. */
static bool may_work(struct publish_link *l)
{
	struct arena scratch = *l->arena;

	return is_folder(current, parent_of(str_from(publish_guard_name(
					  &(struct publish_link){.b = l->b, .arena = &scratch}, 0))));
}

static enum publish_answer put(struct publish_link *l, struct publish_job *job, bool staged)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;
	struct buf bytes;

	buf_init(&bytes, BUF_MAX_DEFAULT);
	if (enter(&c, l, MEMORY_PUT, job->path)) {
		answer = may_work(l) ? fetch(l, job, &bytes)
				     : say(l, "the work folder is gone", job->path, ANSWER_FAILED);
		if (answer == ANSWER_OK && staged) {
			job->staged = publish_guard_name(l, (unsigned)current->of[MEMORY_PUT]);
			answer = place(l, str_from(job->staged), buf_str(&bytes), false);
		} else if (answer == ANSWER_OK) {
			answer = place(l, job->path, buf_str(&bytes), job->fresh);
		}
	}
	buf_release(&bytes);
	return leave(&c, answer);
}

static enum publish_answer memory_put(struct publish_link *l, struct publish_job *job)
{
	return put(l, job, false);
}

static enum publish_answer memory_stage(struct publish_link *l, struct publish_job *job)
{
	return put(l, job, true);
}

/* One that an earlier try has finished has its final name already. */
static enum publish_answer finish_one(struct publish_link *l, struct publish_job *job)
{
	const struct memory_file *staged = find(current, str_from(job->staged));
	const struct memory_file *there = find(current, job->path);
	struct digest digest;
	enum publish_answer answer;

	if (!staged) {
		digest = digest_of(there ? bytes_of(there) : STR(""));
		return there && digest_eq(&digest, &job->digest)
			       ? ANSWER_OK
			       : say(l, "the staged file is gone", job->path, ANSWER_FAILED);
	}
	answer = place(l, job->path, bytes_of(staged), job->fresh);
	if (answer == ANSWER_OK)
		drop(current, str_from(job->staged));
	return answer;
}

static enum publish_answer memory_finish(struct publish_link *l, struct publish_batch *batch)
{
	enum publish_answer answer = ANSWER_OK;

	for (size_t i = 0; i < batch->len && answer == ANSWER_OK; i++) {
		struct call c;

		if (!batch->jobs[i].staged)
			continue;
		answer = ANSWER_FAILED;
		if (enter(&c, l, MEMORY_FINISH, batch->jobs[i].path))
			answer = finish_one(l, &batch->jobs[i]);
		answer = leave(&c, answer);
		batch->jobs[i].answer = answer;
		if (answer == ANSWER_OK)
			batch->jobs[i].staged = NULL;
	}
	return answer;
}

static enum publish_answer memory_remove(struct publish_link *l, struct publish_job *job)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_REMOVE, job->path)) {
		const struct memory_file *f = find(current, job->path);

		if (f && f->kind == PUBLISH_FILE)
			drop(current, job->path);
		answer = ANSWER_OK;
	}
	return leave(&c, answer);
}

static enum publish_answer memory_digest(struct publish_link *l, struct publish_job *job)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_DIGEST, job->path)) {
		const struct memory_file *f = find(current, job->path);

		answer = !f ? ANSWER_ABSENT : f->kind == PUBLISH_FILE ? ANSWER_OK : ANSWER_TAKEN;
		if (answer == ANSWER_OK) {
			job->digest = digest_of(bytes_of(f));
			job->size = f->size;
		}
	}
	return leave(&c, answer);
}

static enum publish_answer memory_copy(struct publish_link *l, struct str from, struct str to)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_COPY, from)) {
		const struct memory_file *f = find(current, from);

		if (current->cannot_copy || !f)
			answer = say(l, "cannot copy", from, ANSWER_ABSENT);
		else if (find(current, to))
			answer = ANSWER_OK;
		else
			answer = place(l, to, bytes_of(f), true);
	}
	return leave(&c, answer);
}

static enum publish_answer memory_point(struct publish_link *l, struct str path, struct str to)
{
	enum publish_answer answer = ANSWER_FAILED;
	struct call c;

	if (enter(&c, l, MEMORY_POINT, path)) {
		const struct memory_file *there = find(current, path);

		answer = there && there->kind != PUBLISH_OTHER ? say(l, "it is no link", path, ANSWER_TAKEN)
							       : ANSWER_OK;
		if (answer == ANSWER_OK)
			set(current, path, PUBLISH_OTHER, to);
	}
	return leave(&c, answer);
}

static enum publish_answer memory_flush(struct publish_link *l)
{
	struct call c;

	return leave(&c, enter(&c, l, MEMORY_FLUSH, STR("")) ? ANSWER_OK : ANSWER_FAILED);
}

#define MEMORY_OPS                                                                                           \
	.connections = 1, .open = memory_open, .close = memory_close, .connect = memory_connect,             \
	.disconnect = memory_disconnect, .read = memory_read, .write = memory_write, .list = memory_list,    \
	.rename = memory_rename, .lock_read = publish_guard_lock_read, .lock_swap = publish_guard_lock_swap, \
	.begin = publish_guard_begin, .end = publish_guard_end, .make_folder = memory_make_folder,           \
	.drop_folder = memory_drop_folder, .remove = memory_remove, .digest = memory_digest,                 \
	.copy = memory_copy, .point = memory_point, .flush = memory_flush

const struct publish_backend_ops memory_ops = {MEMORY_OPS, .put = memory_put};
const struct publish_backend_ops memory_staged_ops = {
	MEMORY_OPS, .put = memory_stage, .finish = memory_finish};

/* ---- for the test ---- */

void memory_server_init(struct memory_server *s)
{
	*s = (struct memory_server){0};
	pthread_mutex_init(&s->mutex, NULL);
	publish_guard_pause_ms = 0;
	current = s;
}

static void forget_files(struct memory_server *s)
{
	for (size_t i = 0; i < s->len; i++) {
		free(s->files[i].path);
		free(s->files[i].bytes);
	}
	free(s->files);
	s->files = NULL;
	s->len = s->cap = 0;
}

void memory_server_release(struct memory_server *s)
{
	forget_files(s);
	pthread_mutex_destroy(&s->mutex);
	current = NULL;
}

void memory_server_reborn(struct memory_server *s)
{
	s->only = 0;
	s->at = s->until = s->calls = 0;
	s->retry_after = 0;
	s->dead = false;
	s->most_links = s->links;
	memset(s->of, 0, sizeof(s->of));
}

void memory_server_copy(struct memory_server *to, const struct memory_server *from)
{
	forget_files(to);
	for (size_t i = 0; i < from->len; i++)
		set(to, str_from(from->files[i].path), from->files[i].kind, bytes_of(&from->files[i]));
}

const char *memory_server_text(struct memory_server *s, const char *path)
{
	const struct memory_file *f = find_through_links(s, path);

	return f && f->kind == PUBLISH_FILE ? f->bytes : NULL;
}

void memory_server_write(struct memory_server *s, const char *path, const char *text)
{
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
		set(s, str_make(path, (size_t)(slash - path)), PUBLISH_DIR, STR(""));
	set(s, str_from(path), PUBLISH_FILE, str_from(text));
}

void memory_server_remove(struct memory_server *s, const char *path)
{
	drop(s, str_from(path));
}

long memory_server_total(const struct memory_server *s)
{
	long total = 0;

	for (size_t i = 0; i < MEMORY_OP_COUNT; i++)
		total += s->of[i];
	return total;
}
