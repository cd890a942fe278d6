/*
 * publish_dav: a folder on a web server, over WebDAV (RFC 4918).
 *
 * What a visitor can meet depends on how a server does PUT and MOVE, which no standard says; two servers are
 * known by name, with what was measured on them, and all others are taken for the worst. The lock is
 * publish_guard.h's. publish_dav_impl.h says where to find what.
 */
#include "action/publish_dav_impl.h"
#include "action/publish_url.h"

#include <curl/curl.h>

static const struct dav_server servers[] = {
	{.name = "nginx",
		.put_is_atomic = true,
		.move_is_atomic = true,
		.spares_folders = true,
		.makes_folders = true,
		.guarantee = "a visitor reads every page whole, the old one or the new one"},
	{.name = "Apache",
		.put_is_atomic = true,
		.guarantee = "a visitor reads every page whole, the old one or the new one"},
	{.makes_folders = true,
		.guarantee =
			"a visitor reads every page whole; on a server that is neither nginx nor Apache a page may be "
			"missing in the instant when it is replaced"},
};

static const struct dav_server *server_of(const char *name)
{
	const struct dav_server *s = servers;

	while (s->name && !(name && strncmp(name, s->name, strlen(s->name)) == 0))
		s++;
	return s;
}

/* ---- the address ---- */

/* 127.0.0.1, and no name that begins so. */
static bool has_credentials(const struct publish_settings *s)
{
	return s->netrc || (s->user && *s->user) || (s->password && *s->password);
}

static bool is_safe(const struct publish_backend *base, const struct publish_address *address)
{
	if (str_is(address->scheme, "davs") || publish_url_is_loopback(address->host) ||
		!has_credentials(base->settings))
		return true;
	buf_addf(base->why, "dav:// would send the password to %.*s for everyone to read: write davs://",
		STR_ARG(address->host));
	return false;
}

static void set_address(struct dav *v, struct arena *a, const struct publish_address *address)
{
	bool v6 = str_find_byte(address->host, ':') < address->host.n;
	struct str port = address->port ? str_fmt(a, ":%u", address->port) : STR("");
	struct str host = STR_CONCAT(
		a, STR("//"), v6 ? STR("[") : STR(""), address->host, v6 ? STR("]") : STR(""), port);
	struct buf folder;

	v->protocol = str_is(address->scheme, "davs") ? "https" : "http";
	v->origin = STR_CONCAT(a, str_from(v->protocol), STR(":"), host);
	buf_init(&folder, 4 * PUBLISH_URL_MAX);
	buf_addc(&folder, '/');
	publish_url_encode(&folder, address->path);
	if (address->path.n)
		buf_addc(&folder, '/');
	v->folder = str_dup(a, buf_str(&folder));
	buf_release(&folder);
	v->base.name = str_z(a, STR_CONCAT(a, address->scheme, STR(":"), host,
					address->path.n ? STR("/") : STR(""), address->path));
}

static struct publish_backend *dav_open(const struct publish_backend *base)
{
	struct publish_address address;
	struct dav *v;

	if (!publish_url_parse(base->arena, base->settings->url, &address, base->why) ||
		!is_safe(base, &address))
		return NULL;
	v = arena_new(base->arena, struct dav);
	v->base = *base;
	v->base.ops = &publish_dav_ops;
	v->server = server_of(NULL);
	v->base.guarantee = v->server->guarantee;
	v->auth = (long)CURLAUTH_BASIC;
	set_address(v, base->arena, &address);
	pthread_mutex_init(&v->folders.mutex, NULL);
	arena_init(&v->folders.arena, ARENA_DEFAULT);
	pthread_mutex_init(&v->holds.mutex, NULL);
	arena_init(&v->holds.arena, (size_t)64 << 20);
	return &v->base;
}

static void dav_close(struct publish_backend *b)
{
	struct dav *v = (struct dav *)b;

	pthread_mutex_destroy(&v->folders.mutex);
	arena_release(&v->folders.arena);
	pthread_mutex_destroy(&v->holds.mutex);
	arena_release(&v->holds.arena);
}

/* ---- connecting ---- */

static void free_link(struct dav_link *d)
{
	publish_curl_free(d->curl);
	buf_release(&d->url);
	buf_release(&d->body);
	buf_release(&d->header);
	free(d);
}

static void dav_disconnect(struct publish_link *l)
{
	free_link(dav_link(l));
}

/* Basic is sent unasked; where a server wants Digest alone, every request takes two. */
static bool wants_digest(struct dav_link *d)
{
	long offered = 0;

	curl_easy_getinfo(publish_curl_easy(d->curl), CURLINFO_HTTPAUTH_AVAIL, &offered);
	return publish_curl_status(d->curl) == 401 && (offered & (long)CURLAUTH_DIGEST) &&
	       !(offered & (long)CURLAUTH_BASIC);
}

/* Some speak WebDAV and do not know OPTIONS (nginx, without a word in its configuration): then a listing tells. */
static enum publish_answer ask_options(struct dav_link *d)
{
	enum publish_answer answer;
	long status;

	publish_dav_begin(d, "OPTIONS", STR(""), DAV_FOLDER);
	answer = publish_dav_ask(d, "use", STR(""), &status);
	if (answer == ANSWER_OK && status != 405 && status != 501 && status != 404)
		answer = publish_dav_judge(d, "use", STR(""));
	return answer;
}

/* The control link: is it WebDAV, are we let in, whose server is it? */
static enum publish_answer greet(struct dav_link *d)
{
	struct dav *v = dav_of(&d->link);
	size_t said = d->link.why->n;
	enum publish_answer answer = ask_options(d);

	if (answer == ANSWER_FAILED && v->auth == (long)CURLAUTH_BASIC && wants_digest(d)) {
		buf_cut(d->link.why, said);
		v->auth = (long)CURLAUTH_DIGEST;
		answer = ask_options(d);
	}
	if (answer != ANSWER_OK)
		return answer;
	/* Once: other links read it, and a gateway's answer in between must not make it another server. */
	if (!v->known) {
		v->server = server_of(publish_curl_header(d->curl, "Server"));
		v->base.guarantee = v->server->guarantee;
		v->known = true;
	}
	return publish_curl_header(d->curl, "DAV") ? ANSWER_OK : publish_dav_look_at_target(d);
}

static struct publish_link *dav_connect(const struct publish_link *bare, enum publish_answer *answer)
{
	struct dav_link *d = xmalloc(sizeof(*d));

	*d = (struct dav_link){.link = *bare};
	d->curl = publish_curl_new(dav_of(bare)->protocol, bare->b->settings, bare->stop);
	buf_init(&d->url, 16 * PUBLISH_URL_MAX);
	buf_init(&d->body, BUF_MAX_DEFAULT + (1 << 20));
	buf_init(&d->header, 16 * PUBLISH_URL_MAX);
	*answer = bare->number == 0 ? greet(d) : ANSWER_OK;
	if (*answer == ANSWER_OK)
		return &d->link;
	free_link(d);
	return NULL;
}

const struct publish_backend_ops publish_dav_ops = {
	.connections = 8,
	.open = dav_open,
	.close = dav_close,
	.connect = dav_connect,
	.disconnect = dav_disconnect,
	.read = publish_dav_read,
	.write = publish_dav_write,
	.list = publish_dav_list,
	.rename = publish_dav_rename,
	.lock_read = publish_guard_lock_read,
	.lock_swap = publish_dav_lock_swap,
	.begin = publish_dav_begin_work,
	.end = publish_dav_end_work,
	.make_folder = publish_dav_make_folder,
	.drop_folder = publish_dav_drop_folder,
	.put = publish_dav_put,
	.remove = publish_dav_remove,
	.digest = publish_dav_digest,
	.copy = publish_dav_copy,
};
