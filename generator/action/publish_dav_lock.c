/*
 * The server's own locks (RFC 4918), where a file has to be replaced in place: Apache, whose MOVE leaves a gap.
 *
 * What is replaced in place lies below a folder of the target's that we hold a lock on, and every such PUT names
 * the lock: the server refuses it from the moment when the lock is gone. Whoever takes over a publish first
 * moves our work folder away and then removes our locks; and we, after each lock that we take, look whether the
 * work folder is still there. So a lock of ours that was not removed was taken by somebody who then found out.
 *
 * A PUT that had begun by then still ends: publish_dav_folder.c waits a moment for those, and the documentation says
 * what is left of that.
 *
 * The locks are on what stands at the top of the target, not on the target itself: a locked folder makes every
 * file that is put into it cost the server an entry in a database that it guards badly (Apache answered 500 to 4 % of
 * new files below a lock), and our own folder has many.
 */
#include "action/publish_dav_impl.h"
#include "action/publish_url.h"
#include "action/publish_xml.h"

#include <time.h>

#define LOCK_SECONDS 120 /* what a publish that was killed locks, stays locked so long at most */
#define TOKEN_MAX 256
#define OWNER_MARK "faktablad "

static const char question[] =
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>"
	"<D:propfind xmlns:D=\"DAV:\"><D:prop><D:lockdiscovery/></D:prop></D:propfind>";

/* One lock that we hold. */
struct hold {
	struct str path;
	enum dav_slash slash;
	const char *token; /* with its angle brackets */
	time_t taken;
};

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec;
}

/* What is locked for a path: what stands at the top of the target, or our own file alone. */
static struct str root_of(struct str path, enum dav_slash *slash)
{
	size_t end = str_find_byte(path, '/');

	*slash = DAV_FILE;
	if (end == path.n || str_starts(path, STR(PUBLISH_FOLDER "/")))
		return path;
	*slash = DAV_FOLDER;
	return str_slice(path, 0, end);
}

/* ---- taking and giving back ---- */

/* Printable, without spaces: it goes into headers as it is. */
static const char *read_token(struct dav_link *d, struct arena *a)
{
	const char *token = publish_curl_header(d->curl, "Lock-Token");
	size_t n = token ? strlen(token) : 0;

	if (n < 3 || n > TOKEN_MAX || token[0] != '<' || token[n - 1] != '>')
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (token[i] <= ' ' || token[i] >= 0x7f)
			return NULL;
	return str_z(a, str_make(token, n));
}

static void begin_lock(struct dav_link *d, struct str path, enum dav_slash slash)
{
	publish_dav_begin(d, "LOCK", path, slash);
	publish_curl_add_header(d->curl, str_fmt(d->link.arena, "Timeout: Second-%d", LOCK_SECONDS).p);
}

static void unlock(struct dav_link *d, struct str path, enum dav_slash slash, const char *token)
{
	size_t said = d->link.why->n;
	long status;

	publish_dav_begin(d, "UNLOCK", path, slash);
	publish_curl_add_header(d->curl, str_fmt(d->link.arena, "Lock-Token: %s", token).p);
	(void)publish_dav_ask(d, "unlock", path, &status);
	buf_cut(d->link.why, said);
}

static enum publish_answer ask_lock(struct dav_link *d, struct str path, enum dav_slash slash, long *status)
{
	struct str body = str_fmt(d->link.arena,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?><D:lockinfo xmlns:D=\"DAV:\"><D:lockscope><D:exclusive/>"
		"</D:lockscope><D:locktype><D:write/></D:locktype><D:owner>" OWNER_MARK
		"%s</D:owner></D:lockinfo>",
		d->link.b->token);

	begin_lock(d, path, slash);
	publish_curl_add_header(d->curl, slash == DAV_FOLDER ? "Depth: infinity" : "Depth: 0");
	publish_curl_add_header(d->curl, "Content-Type: application/xml; charset=utf-8");
	publish_curl_send_text(d->curl, body);
	return publish_dav_ask(d, "lock", path, status);
}

/* 207 is the conflict of a folder. A server without locks is one that we cannot be fenced on that way. */
static enum publish_answer take(struct dav_link *d, struct hold *h)
{
	struct dav *v = dav_of(&d->link);
	enum publish_answer answer;
	long status;

	answer = ask_lock(d, h->path, h->slash, &status);
	if (answer != ANSWER_OK)
		return answer;
	if (status == 405 || status == 501) {
		v->holds.useless = true;
		return ANSWER_OK;
	}
	if (status == 423 || status == 207) {
		buf_addf(d->link.why, "somebody works on %.*s on %s over WebDAV and has locked it",
			STR_ARG(h->path), v->base.name);
		return ANSWER_AGAIN;
	}
	answer = publish_dav_judge(d, "lock", h->path);
	if (answer != ANSWER_OK)
		return answer == ANSWER_ABSENT ? ANSWER_FAILED : answer;
	h->token = read_token(d, &v->holds.arena);
	h->taken = now();
	if (!h->token) {
		v->holds.useless = true;
		return ANSWER_OK;
	}
	answer = publish_dav_check_work(d, ANSWER_OK);
	if (answer != ANSWER_OK) {
		unlock(d, h->path, h->slash, h->token);
		h->token = NULL;
	}
	return answer;
}

static enum publish_answer refresh(struct dav_link *d, struct hold *h)
{
	enum publish_answer answer;

	begin_lock(d, h->path, h->slash);
	publish_curl_add_header(d->curl, str_fmt(d->link.arena, "If: (%s)", h->token).p);
	answer = publish_dav_perform(d, "keep the lock of", h->path);
	if (answer == ANSWER_OK)
		h->taken = now();
	return answer == ANSWER_OK || answer == ANSWER_AGAIN ? answer
							     : publish_dav_check_work(d, ANSWER_FAILED);
}

static struct hold *find_hold(struct dav *v, struct str root)
{
	return map_get(&v->holds.known, root);
}

/* The mutex is held. */
static enum publish_answer hold(struct dav_link *d, struct str path, struct hold **out)
{
	struct dav *v = dav_of(&d->link);
	enum dav_slash slash;
	struct str root = root_of(path, &slash);
	struct hold *h = find_hold(v, root);

	*out = h;
	if (v->holds.useless)
		return ANSWER_OK;
	if (h && h->token)
		return now() - h->taken < LOCK_SECONDS / 3 ? ANSWER_OK : refresh(d, h);
	if (!h) {
		h = *out = arena_new(&v->holds.arena, struct hold);
		*h = (struct hold){.path = str_dup(&v->holds.arena, root), .slash = slash};
		map_put(&v->holds.known, &v->holds.arena, h->path, h);
	}
	return take(d, h);
}

enum publish_answer publish_dav_hold(struct dav_link *d, struct str path, const char **token)
{
	struct dav *v = dav_of(&d->link);
	enum publish_answer answer;
	struct hold *h;

	*token = NULL;
	pthread_mutex_lock(&v->holds.mutex);
	answer = hold(d, path, &h);
	if (answer == ANSWER_OK && !v->holds.useless)
		*token = h->token;
	pthread_mutex_unlock(&v->holds.mutex);
	/* Without locks, the last look before the file is replaced is all there is. */
	return answer == ANSWER_OK && !*token ? publish_dav_check_work(d, ANSWER_OK) : answer;
}

void publish_dav_forget_hold(struct dav_link *d, struct str path)
{
	struct dav *v = dav_of(&d->link);
	enum dav_slash slash;
	struct hold *h;

	pthread_mutex_lock(&v->holds.mutex);
	h = find_hold(v, root_of(path, &slash));
	if (h && h->token) {
		unlock(d, h->path, h->slash, h->token);
		h->token = NULL;
	}
	pthread_mutex_unlock(&v->holds.mutex);
}

void publish_dav_name_hold(struct dav_link *d, struct str path)
{
	struct dav *v = dav_of(&d->link);
	enum dav_slash slash;
	struct str root = root_of(path, &slash);
	struct hold *h;

	pthread_mutex_lock(&v->holds.mutex);
	h = find_hold(v, root);
	if (h && h->token && slash == DAV_FOLDER) {
		buf_clear(&d->header);
		buf_addf(&d->header, "If: <%.*s%.*s", STR_ARG(v->origin), STR_ARG(v->folder));
		publish_url_encode(&d->header, root);
		buf_addf(&d->header, "/> (%s)", h->token);
		publish_curl_add_header(d->curl, d->header.p);
	}
	pthread_mutex_unlock(&v->holds.mutex);
}

void publish_dav_release(struct dav_link *d)
{
	struct dav *v = dav_of(&d->link);

	pthread_mutex_lock(&v->holds.mutex);
	for (size_t i = 0; i < v->holds.known.len; i++) {
		struct hold *h = v->holds.known.entries[i].value;

		if (h->token)
			unlock(d, h->path, h->slash, h->token);
		h->token = NULL;
	}
	pthread_mutex_unlock(&v->holds.mutex);
}

/* ---- those of others ---- */

struct found_lock {
	struct str name, token;
	enum dav_slash slash;
};

struct finder {
	struct arena *arena;
	struct found_lock *locks;
	size_t len, cap;
	bool ours;
	struct str name, token; /* of the response, of the lock that is being read */
	enum dav_slash slash;
};

static void see_lock(struct finder *f)
{
	if (f->ours && f->token.n && f->token.n < TOKEN_MAX) {
		f->locks = arena_grow(f->arena, f->locks, f->len, &f->cap, sizeof(*f->locks));
		f->locks[f->len++] = (struct found_lock){f->name, f->token, f->slash};
	}
	f->ours = false;
	f->token = STR("");
}

/* The last part of its path, decoded. */
static void see_href(struct finder *f, struct str text)
{
	struct str path = str_trim(text);
	struct buf plain;

	f->slash = str_ends(path, STR("/")) ? DAV_FOLDER : DAV_FILE;
	while (path.n && path.p[path.n - 1] == '/')
		path = str_slice(path, 0, path.n - 1);
	buf_init(&plain, 4 * PUBLISH_URL_MAX);
	f->name = publish_url_decode(&plain, str_file_name(path)) && !buf_failed(&plain)
			  ? str_dup(f->arena, buf_str(&plain))
			  : STR("");
	buf_release(&plain);
}

#define ACTIVE "multistatus/response/propstat/prop/lockdiscovery/activelock"

/* The href of a response stands before its properties. */
static bool see(void *ctx, struct str path, struct str text)
{
	struct finder *f = ctx;

	if (str_is(path, "multistatus/response/href"))
		see_href(f, text);
	else if (str_is(path, ACTIVE "/owner"))
		f->ours = str_starts(str_trim(text), STR(OWNER_MARK));
	else if (str_is(path, ACTIVE "/locktoken/href"))
		f->token = str_dup(f->arena, str_trim(text));
	else if (str_is(path, ACTIVE))
		see_lock(f);
	return true;
}

/* The tokens of publishers' locks on what stands in a folder. */
static enum publish_answer find_locks(struct dav_link *d, struct str folder, struct finder *out)
{
	static const char *const dav[] = {"DAV:", NULL};
	struct publish_xml x = {.namespaces = dav, .element = see, .ctx = out};
	enum publish_answer answer;
	long status;

	publish_dav_begin(d, "PROPFIND", folder, DAV_FOLDER);
	publish_curl_add_header(d->curl, "Depth: 1");
	publish_curl_add_header(d->curl, "Content-Type: application/xml; charset=utf-8");
	publish_curl_send_text(d->curl, str_from(question));
	buf_clear(&d->body);
	publish_curl_take(d->curl, &d->body, PUBLISH_XML_MAX_BYTES);
	answer = publish_dav_ask(d, "look for locks on", folder, &status);
	if (answer != ANSWER_OK)
		return answer;
	if (status != 207)
		return publish_dav_judge(d, "look for locks on", folder);
	return publish_xml_read(&x, buf_str(&d->body), d->link.why) ? ANSWER_OK : ANSWER_FAILED;
}

/* A token that is already gone is as good. */
static enum publish_answer break_lock(struct dav_link *d, struct str folder, const struct found_lock *lock)
{
	struct arena *a = d->link.arena;
	struct str path = folder.n ? STR_CONCAT(a, folder, STR("/"), lock->name) : lock->name;
	enum publish_answer answer;
	long status;

	publish_dav_begin(d, "UNLOCK", path, lock->slash);
	publish_curl_add_header(d->curl, str_fmt(a, "Lock-Token: <%.*s>", STR_ARG(lock->token)).p);
	answer = publish_dav_ask(d, "unlock", path, &status);
	if (answer != ANSWER_OK || (status >= 200 && status < 300) || status == 400 || status == 404 ||
		status == 409)
		return answer;
	answer = publish_dav_judge(d, "unlock", path);
	if (answer == ANSWER_FAILED)
		buf_addf(d->link.why,
			"; a publish that was cut off holds a lock there: publish as its user, or wait %d s",
			LOCK_SECONDS);
	return answer;
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f || s.p[i] == '>')
			return false;
	return s.n > 0;
}

static enum publish_answer break_in(struct dav_link *d, struct str folder)
{
	struct finder f = {.arena = d->link.arena};
	enum publish_answer answer = find_locks(d, folder, &f);

	for (size_t i = 0; answer == ANSWER_OK && i < f.len; i++)
		if (f.locks[i].name.n && is_plain(f.locks[i].token))
			answer = break_lock(d, folder, &f.locks[i]);
	return answer;
}

enum publish_answer publish_dav_break_holds(struct dav_link *d)
{
	enum publish_answer answer = break_in(d, STR(""));

	return answer == ANSWER_OK ? break_in(d, STR(PUBLISH_FOLDER)) : answer;
}
