/*
 * publish_sftp: a folder on an SSH server.
 *
 * Files are sent under a name in the work folder, .faktablad/work-<token>/. A new file gets its name by SFTP's plain
 * rename, which replaces nothing; changed files wait until all of their group are there and are then renamed
 * over the old ones at once (publish_sftp_put.c).
 */
#include "action/publish_sftp_impl.h"

#include "action/publish_ls.h"

#include <curl/curl.h>
#include <pwd.h>
#include <unistd.h>

#define LISTING_MAX_BYTES ((size_t)256 << 20)
#define STAT_ARENA_BYTES ((size_t)512 << 20) /* of address space */

/* ---- addresses and paths ---- */

struct str sftp_path(const struct publish_sftp *s, struct arena *a, struct str path)
{
	if (!path.n)
		return str_dup(a, s->root);
	if (str_is(s->root, "."))
		return str_dup(a, path);
	return STR_CONCAT(a, s->root, STR("/"), path);
}

void sftp_begin(struct publish_sftp_link *l, const char *path)
{
	buf_clear(&l->url);
	buf_addf(&l->url, "%s/", l->target->url);
	publish_url_encode(&l->url, str_from(path));
	publish_curl_begin(l->curl, l->url.p);
	sftp_login_set(l);
	if (!*path)
		publish_curl_no_body(l->curl);
}

/* A backslash before '"' and '\\': libcurl's own way. */
static void add_escaped(struct buf *out, struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '"' || path.p[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, path.p[i]);
	}
}

/* As sftp_path(). */
static void add_quoted(struct publish_sftp_link *l, const char *path)
{
	bool bare = str_is(l->target->root, ".");

	buf_addz(&l->command, " \"");
	if (!bare || !*path)
		add_escaped(&l->command, l->target->root);
	if (!bare && *path)
		buf_addc(&l->command, '/');
	add_escaped(&l->command, str_from(path));
	buf_addc(&l->command, '"');
}

static const char *command(
	struct publish_sftp_link *l, const char *verb, bool may_fail, const char *path, const char *to)
{
	buf_clear(&l->command);
	buf_addf(&l->command, "%s%s", may_fail ? "*" : "", verb);
	add_quoted(l, path);
	if (to)
		add_quoted(l, to);
	return l->command.p;
}

void sftp_before(
	struct publish_sftp_link *l, const char *verb, bool may_fail, const char *path, const char *to)
{
	publish_curl_add_before(l->curl, command(l, verb, may_fail, path, to));
}

void sftp_after(
	struct publish_sftp_link *l, const char *verb, bool may_fail, const char *path, const char *to)
{
	publish_curl_add_after(l->curl, command(l, verb, may_fail, path, to));
}

/* One command and nothing else. */
static enum publish_answer do_command(
	struct publish_sftp_link *l, const char *verb, const char *path, const char *to)
{
	sftp_begin(l, "");
	sftp_before(l, verb, false, path, to);
	publish_curl_number(l->curl, CURLOPT_NEW_DIRECTORY_PERMS, 0755);
	return publish_curl_perform(l->curl);
}

/* ---- opening ---- */

static const char *user_of(const struct publish_sftp *s)
{
	struct passwd *entry;

	if (s->base.settings->user)
		return s->base.settings->user;
	if (s->address.user.n)
		return str_z(s->base.arena, s->address.user);
	entry = getpwuid(getuid());
	return entry ? str_z(s->base.arena, str_from(entry->pw_name)) : "root";
}

/* sftp://host/~/www is below the user's home; a name of a folder that begins with '~' is just a name. */
static bool find_root(struct publish_sftp *s)
{
	struct str path = s->address.path;
	bool home = str_is(path, "~") || str_starts(path, STR("~/"));
	struct arena *a = s->base.arena;
	bool v6 = str_find_byte(s->address.host, ':') < s->address.host.n;
	struct buf url;

	if (!path.n) {
		buf_addf(s->base.why,
			"the target's address “%.*s” names no folder: write sftp://host/srv/www, or sftp://host/~/www for "
			"one in the user's home",
			STR_ARG(s->base.settings->url));
		return false;
	}
	s->below_home = home;
	s->root = home ? str_slice(path, 2, path.n) : STR_CONCAT(a, STR("/"), path);
	if (!s->root.n)
		s->root = STR(".");
	buf_init(&url, 4 * PUBLISH_URL_MAX);
	buf_addf(&url, "sftp://%s%.*s%s:%u", v6 ? "[" : "", STR_ARG(s->address.host), v6 ? "]" : "", s->port);
	buf_addz(&url, path.p[0] == '~' && !home ? "/./" : "/");
	publish_url_encode(&url, path);
	s->url = str_z(a, buf_str(&url));
	buf_release(&url);
	return true;
}

static struct publish_backend *sftp_open(const struct publish_backend *base)
{
	struct publish_sftp *s = arena_new(base->arena, struct publish_sftp);

	s->base = *base;
	if (!publish_url_parse(base->arena, base->settings->url, &s->address, base->why))
		return NULL;
	s->address.host = str_lower(base->arena, s->address.host);
	s->port = s->address.port ? s->address.port : SFTP_PORT;
	s->user = user_of(s);
	s->kind_fd = -1;
	s->base.name = str_z(base->arena, base->settings->url);
	s->base.guarantee = "a visitor reads every page whole, the old one or the new one";
	if (!find_root(s) || !sftp_login_open(s))
		return NULL;
	pthread_mutex_init(&s->mutex, NULL);
	return &s->base;
}

static void sftp_close(struct publish_backend *b)
{
	struct publish_sftp *s = (struct publish_sftp *)b;

	sftp_login_close(s);
	pthread_mutex_destroy(&s->mutex);
}

static void sftp_disconnect(struct publish_link *base)
{
	struct publish_sftp_link *l = sftp_self(base);

	publish_curl_free(l->curl);
	buf_release(&l->url);
	buf_release(&l->command);
	buf_release(&l->refused);
	free(l);
}

static enum publish_answer greet(struct publish_sftp_link *l)
{
	sftp_begin(l, "");
	return publish_curl_perform(l->curl);
}

/* Where the user's home is, only the server knows: libcurl asks for it each time that it connects. */
static void resolve_home(struct publish_sftp_link *l)
{
	struct publish_sftp *s = l->target;
	struct str path = s->address.path, home;
	char *entry = NULL;

	if (!s->below_home || l->base.number != 0 ||
		curl_easy_getinfo(publish_curl_easy(l->curl), CURLINFO_FTP_ENTRY_PATH, &entry) != CURLE_OK ||
		!entry)
		return;
	home = str_from(entry);
	if (str_ends(home, STR("/")))
		home = str_slice(home, 0, home.n - 1);
	s->root = path.n > 1 ? STR_CONCAT(s->base.arena, home, str_slice(path, 1, path.n))
			     : STR_CONCAT(s->base.arena, home, STR("/."));
}

static struct publish_link *sftp_connect(const struct publish_link *bare, enum publish_answer *answer)
{
	struct publish_sftp_link *l = xmalloc(sizeof(*l));

	*l = (struct publish_sftp_link){
		.base = *bare,
		.target = (struct publish_sftp *)bare->b,
		.curl = publish_curl_new("sftp", bare->b->settings, bare->stop),
	};
	buf_init(&l->url, 16 * PUBLISH_URL_MAX);
	buf_init(&l->command, 16 * PUBLISH_URL_MAX);
	buf_init(&l->refused, 64 << 10);
	*answer = greet(l);
	/* No key of a kind that we know: whatever key it has is then one that we do not know, and that is said. */
	if (*answer != ANSWER_OK && strstr(publish_curl_why(l->curl), "Unable to exchange encryption keys")) {
		l->any_kind = true;
		*answer = greet(l);
	}
	if (*answer == ANSWER_OK) {
		resolve_home(l);
		return &l->base;
	}
	*answer = sftp_fail(l, *answer, "open", STR(""));
	sftp_disconnect(&l->base);
	return NULL;
}

/* ---- folders ---- */

/* False: *bad is a line that nobody understands. */
static bool read_listing(struct publish_listing *out, struct arena *a, struct str text, struct str *bad)
{
	struct publish_listed item;

	while (str_cut(&text, '\n', bad)) {
		switch (publish_ls_line(*bad, &item)) {
		case PUBLISH_LS_ITEM:
			item.name = str_dup(a, item.name);
			publish_listing_add(out, a, &item);
			break;
		case PUBLISH_LS_NOTHING:
			break;
		default:
			return false;
		}
	}
	return true;
}

enum publish_answer sftp_list(
	struct publish_link *base, struct str folder, struct arena *a, struct publish_listing *out)
{
	struct publish_sftp_link *l = sftp_self(base);
	enum publish_answer answer;
	struct buf path, text;
	struct str bad;

	buf_init(&path, BUF_MAX_DEFAULT);
	buf_init(&text, LISTING_MAX_BYTES);
	buf_addf(&path, "%.*s/", STR_ARG(folder));
	/* A slash at its end makes libcurl list; the target's own address ends with one already. */
	sftp_begin(l, folder.n ? path.p : "");
	publish_curl_number(l->curl, CURLOPT_NOBODY, 0);
	publish_curl_take(l->curl, &text, LISTING_MAX_BYTES);
	answer = publish_curl_perform(l->curl);
	if (answer != ANSWER_OK) {
		answer = sftp_fault(l, answer) == SFTP_ABSENT ? ANSWER_ABSENT
							      : sftp_fail(l, answer, "list", folder);
	} else if (!read_listing(out, a, buf_str(&text), &bad)) {
		buf_addf(base->why, "cannot list %.*s on %s: the server describes a file as “%.*s”",
			STR_ARG(folder), base->b->name, STR_ARG(str_slice(bad, 0, 200)));
		answer = ANSWER_FAILED;
	}
	buf_release(&path);
	buf_release(&text);
	return answer;
}

static struct str parent_of(struct str path)
{
	size_t at = str_after_last(path, '/');

	return str_slice(path, 0, at ? at - 1 : 0);
}

enum publish_answer sftp_stat(struct publish_sftp_link *l, struct str path, struct publish_listed *out)
{
	struct publish_listing listing = {0};
	enum publish_answer answer;
	struct arena a;

	arena_init(&a, STAT_ARENA_BYTES);
	answer = sftp_list(&l->base, parent_of(path), &a, &listing);
	if (answer == ANSWER_OK)
		answer = ANSWER_ABSENT;
	for (size_t i = 0; i < listing.len; i++) {
		if (!str_eq(listing.items[i].name, str_file_name(path)))
			continue;
		*out = listing.items[i];
		out->name = str_file_name(path);
		answer = ANSWER_OK;
	}
	arena_release(&a);
	return answer;
}

/* The target itself, with what is missing above it. */
static enum publish_answer make_root(struct publish_sftp_link *l)
{
	struct str root = l->target->root;

	sftp_begin(l, "");
	for (size_t i = 1; i <= root.n; i++) {
		if (i < root.n && root.p[i] != '/')
			continue;
		buf_clear(&l->command);
		buf_addz(&l->command, "*mkdir \"");
		add_escaped(&l->command, str_slice(root, 0, i));
		buf_addc(&l->command, '"');
		publish_curl_add_before(l->curl, l->command.p);
	}
	publish_curl_number(l->curl, CURLOPT_NEW_DIRECTORY_PERMS, 0755);
	l->target->made_root = true;
	return publish_curl_perform(l->curl);
}

/* What stands there already: a folder is fine. */
static enum publish_answer check_folder(struct publish_sftp_link *l, struct str path)
{
	struct publish_listed there;
	enum publish_answer answer = sftp_stat(l, path, &there);

	if (answer != ANSWER_OK || there.kind == PUBLISH_DIR)
		return answer;
	buf_addf(l->base.why, "%s %.*s on %s stands where the site needs a folder: move it away",
		there.kind == PUBLISH_FILE ? "a file of somebody else's at" : "a symbolic link",
		STR_ARG(path), l->base.b->name);
	return ANSWER_TAKEN;
}

/* It could not be made, and nothing stands there. */
static enum publish_answer not_made(struct publish_sftp_link *l, struct str path, enum sftp_fault fault)
{
	buf_addf(l->base.why, "cannot make the folder %.*s on %s: ", STR_ARG(path), l->base.b->name);
	if (fault == SFTP_DENIED)
		buf_addf(l->base.why, "permission denied: give the user %s the right to write there",
			l->target->user);
	else if (fault == SFTP_ABSENT)
		buf_addf(l->base.why,
			"the folder that it belongs into is missing, and the user %s may not make it",
			l->target->user);
	else
		buf_addz(l->base.why,
			"the server gives no reason; perhaps the disk is full or a quota is used up");
	return ANSWER_FAILED;
}

static enum publish_answer sftp_make_folder(struct publish_link *base, struct str path)
{
	struct publish_sftp_link *l = sftp_self(base);
	struct arena scratch = *base->arena;
	const char *z = str_z(&scratch, path);
	enum publish_answer answer = do_command(l, "mkdir", z, NULL), there;
	enum sftp_fault fault;

	if (answer != ANSWER_OK && sftp_fault(l, answer) == SFTP_ABSENT && str_is(path, PUBLISH_FOLDER)) {
		answer = make_root(l);
		if (answer == ANSWER_OK)
			answer = do_command(l, "mkdir", z, NULL);
	}
	if (answer == ANSWER_OK)
		return answer;
	fault = sftp_fault(l, answer);
	if (fault == SFTP_ABSENT)
		return not_made(l, path, fault);
	if (fault != SFTP_REFUSED && fault != SFTP_DENIED)
		return sftp_fail(l, answer, "make the folder", path);
	there = check_folder(l, path);
	return there == ANSWER_ABSENT ? not_made(l, path, fault) : there;
}

static void sftp_drop_folder(struct publish_link *base, struct str path)
{
	struct publish_sftp_link *l = sftp_self(base);
	struct arena scratch = *base->arena;

	sftp_begin(l, "");
	sftp_before(l, "rmdir", true, str_z(&scratch, path), NULL);
	if (l->target->made_root && str_is(path, PUBLISH_FOLDER))
		sftp_before(l, "rmdir", true, "", NULL);
	(void)!publish_curl_perform(l->curl);
}

static enum publish_answer sftp_rename(struct publish_link *base, struct str from, struct str to)
{
	struct publish_sftp_link *l = sftp_self(base);
	struct arena scratch = *base->arena;
	enum publish_answer answer = do_command(l, "rename", str_z(&scratch, from), str_z(&scratch, to));

	if (answer == ANSWER_OK)
		return answer;
	return sftp_fault(l, answer) == SFTP_ABSENT ? ANSWER_ABSENT : sftp_fail(l, answer, "rename", from);
}

/* ---- the work folder ---- */

static enum publish_answer sftp_start(struct publish_link *base)
{
	struct publish_sftp *s = sftp_self(base)->target;
	enum publish_answer answer;

	answer = publish_guard_begin(base);
	if (answer == ANSWER_OK)
		atomic_store(&s->begun, true);
	return answer;
}

static void sftp_end(struct publish_link *base)
{
	atomic_store(&sftp_self(base)->target->begun, false);
	publish_guard_end(base);
}

const struct publish_backend_ops publish_sftp_ops = {
	.connections = SFTP_CONNECTIONS,
	.open = sftp_open,
	.close = sftp_close,
	.connect = sftp_connect,
	.disconnect = sftp_disconnect,
	.read = sftp_read,
	.write = sftp_write,
	.list = sftp_list,
	.rename = sftp_rename,
	.lock_read = publish_guard_lock_read,
	.lock_swap = publish_guard_lock_swap,
	.begin = sftp_start,
	.end = sftp_end,
	.make_folder = sftp_make_folder,
	.drop_folder = sftp_drop_folder,
	.put = sftp_put,
	.finish = sftp_finish,
	.remove = sftp_remove,
	.digest = sftp_digest,
	.copy = sftp_copy,
	.point = sftp_point,
};
