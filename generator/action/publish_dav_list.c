/* PROPFIND: what a folder holds, as far as a server can be believed. */
#include "action/publish_dav_impl.h"
#include "action/publish_url.h"
#include "action/publish_xml.h"

#include <time.h>

static const char question[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
			       "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:resourcetype/><D:getcontentlength/>"
			       "<D:getlastmodified/></D:prop></D:propfind>";

/* ---- reading ---- */

struct properties {
	bool typed, folder, sized;
	uint64_t size;
	int64_t changed;
};

/* One <response>. */
struct response {
	struct str path; /* decoded, without a '/' at the end; or as it came, when it cannot be decoded */
	bool odd;	 /* that */
	bool slash;	 /* there was one */
	bool failed;	 /* the server says that it cannot tell */
	struct properties is;
};

struct reader {
	struct arena *arena;
	struct buf *why;
	struct response *responses;
	size_t len, cap;
	struct response now;
	struct properties stated; /* of a <propstat>, until its status says whether they hold */
	bool holds;
};

/* "http://host/a%20b/?x" → "/a b". A path that cannot be decoded is some name all the same. */
static void see_href(struct reader *r, struct str text)
{
	struct str path = str_trim(text);
	size_t scheme = str_find(path, STR("://"));
	struct buf plain;

	if (scheme < path.n && !str_starts(path, STR("/"))) {
		path = str_slice(path, scheme + 3, path.n);
		path = str_slice(path, str_find_byte(path, '/'), path.n);
	}
	path = str_slice(path, 0, str_find_byte(path, '?'));
	buf_init(&plain, BUF_MAX_DEFAULT);
	r->now.odd = !publish_url_decode(&plain, path) || utf8_check(buf_str(&plain)) != plain.n;
	if (!r->now.odd)
		path = buf_str(&plain);
	while (path.n && path.p[path.n - 1] == '/') {
		path = str_slice(path, 0, path.n - 1);
		r->now.slash = true;
	}
	r->now.path = str_dup(r->arena, path);
	buf_release(&plain);
}

static void see_type(struct reader *r, struct str text)
{
	(void)text;
	r->stated.typed = true;
}

static void see_folder(struct reader *r, struct str text)
{
	(void)text;
	r->stated.folder = true;
}

static void see_size(struct reader *r, struct str text)
{
	int64_t size;

	if (!str_to_int(str_trim(text), &size) || size < 0)
		return;
	r->stated.sized = true;
	r->stated.size = (uint64_t)size;
}

int64_t publish_dav_date(const char *text)
{
	struct tm t = {0};
	const char *end = strptime(text ? text : "", "%a, %d %b %Y %H:%M:%S GMT", &t);

	return end && !*end ? (int64_t)timegm(&t) : 0;
}

static void see_changed(struct reader *r, struct str text)
{
	char date[64];

	snprintf(date, sizeof(date), "%.*s", STR_ARG(str_trim(text)));
	r->stated.changed = publish_dav_date(date);
}

/* "HTTP/1.1 200 OK" */
static bool is_fine(struct str status)
{
	return str_find(status, STR(" 200")) < status.n;
}

static void see_holds(struct reader *r, struct str text)
{
	r->holds = is_fine(text);
}

static void see_properties(struct reader *r, struct str text)
{
	(void)text;
	if (r->holds) {
		r->now.is.typed |= r->stated.typed;
		r->now.is.folder |= r->stated.folder;
		if (r->stated.sized) {
			r->now.is.sized = true;
			r->now.is.size = r->stated.size;
		}
		if (r->stated.changed)
			r->now.is.changed = r->stated.changed;
	}
	r->stated = (struct properties){0};
	r->holds = false;
}

static void see_status(struct reader *r, struct str text)
{
	r->now.failed = !is_fine(text);
}

static void see_response(struct reader *r, struct str text)
{
	(void)text;
	r->responses = arena_grow(r->arena, r->responses, r->len, &r->cap, sizeof(*r->responses));
	r->responses[r->len++] = r->now;
	r->now = (struct response){0};
}

static bool see(void *ctx, struct str path, struct str text)
{
	static const struct {
		struct str path;
		void (*see)(struct reader *, struct str);
	} rows[] = {
		{STR_INIT("multistatus/response/href"), see_href},
		{STR_INIT("multistatus/response/propstat/prop/resourcetype"), see_type},
		{STR_INIT("multistatus/response/propstat/prop/resourcetype/collection"), see_folder},
		{STR_INIT("multistatus/response/propstat/prop/getcontentlength"), see_size},
		{STR_INIT("multistatus/response/propstat/prop/getlastmodified"), see_changed},
		{STR_INIT("multistatus/response/propstat/status"), see_holds},
		{STR_INIT("multistatus/response/propstat"), see_properties},
		{STR_INIT("multistatus/response/status"), see_status},
		{STR_INIT("multistatus/response"), see_response},
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (str_eq(rows[i].path, path))
			rows[i].see(ctx, text);
	return true;
}

/* ---- sorting out ---- */

static bool is_below(struct str path, struct str folder)
{
	return path.n > folder.n && str_starts(path, folder) && path.p[folder.n] == '/';
}

/*
 * How the server calls the folder that it was asked about: as we do, or otherwise, when something between us
 * rewrites addresses; then it is the shortest of the paths, since all others are below it.
 */
static struct str own_path(const struct reader *r, struct str asked)
{
	struct str shortest = asked;

	for (size_t i = 0; i < r->len; i++) {
		struct str path = r->responses[i].path;

		if (str_eq(path, asked) || is_below(path, asked))
			return asked;
		if (i == 0 || path.n < shortest.n)
			shortest = path;
	}
	return shortest;
}

static enum publish_kind kind_of(const struct response *p)
{
	if (p->failed || p->odd)
		return PUBLISH_OTHER;
	if (p->is.folder)
		return PUBLISH_DIR;
	return p->is.typed ? PUBLISH_FILE : p->slash ? PUBLISH_DIR : PUBLISH_OTHER;
}

static void add_item(struct dav_items *out, struct arena *a, const struct response *p, struct str name)
{
	bool plain = !str_is(name, ".") && !str_is(name, "..");

	out->items = arena_grow(a, out->items, out->len, &out->cap, sizeof(*out->items));
	out->items[out->len++] = (struct dav_item){
		.listed = {.name = name,
			.kind = plain ? kind_of(p) : PUBLISH_OTHER,
			.sized = p->is.sized,
			.size = p->is.size},
		.changed = p->is.changed,
	};
}

static bool sort_out(struct dav_items *out, struct arena *a, const struct reader *r, struct str asked)
{
	struct str own = own_path(r, asked);

	for (size_t i = 0; i < r->len; i++) {
		const struct response *p = &r->responses[i];
		struct str name;

		if (str_eq(p->path, own)) {
			out->is_folder |= kind_of(p) == PUBLISH_DIR;
			continue;
		}
		name = str_slice(p->path, own.n + 1, p->path.n);
		if (!is_below(p->path, own) || !name.n || str_find_byte(name, '/') < name.n) {
			buf_addz(r->why, "it lists other places than the folder that was asked for");
			return false;
		}
		add_item(out, a, p, name);
	}
	return true;
}

bool publish_dav_read_items(
	struct dav_items *out, struct arena *a, struct str folder, struct str document, struct buf *why)
{
	static const char *const dav[] = {"DAV:", NULL};
	struct reader r = {.arena = a, .why = why};
	struct publish_xml x = {.namespaces = dav, .element = see, .ctx = &r};

	*out = (struct dav_items){0};
	while (folder.n && folder.p[folder.n - 1] == '/')
		folder = str_slice(folder, 0, folder.n - 1);
	if (!publish_xml_read(&x, document, why))
		return false;
	if (r.len == 0) {
		buf_addz(why, "it tells of nothing at all");
		return false;
	}
	return sort_out(out, a, &r, folder);
}

/* ---- asking ---- */

/* The absolute path that was asked for, decoded. */
static struct str asked_path(struct dav_link *d, struct arena *a, struct str path)
{
	struct buf plain;
	struct str out;

	buf_init(&plain, BUF_MAX_DEFAULT);
	if (!publish_url_decode(&plain, dav_of(&d->link)->folder))
		BUG("the target's own folder is badly encoded");
	buf_add(&plain, path);
	out = str_dup(a, buf_str(&plain));
	buf_release(&plain);
	return out;
}

static enum publish_answer read_answer(
	struct dav_link *d, struct str path, struct arena *a, struct dav_items *out)
{
	struct buf why;

	buf_init(&why, 4096);
	if (publish_dav_read_items(out, a, asked_path(d, a, path), buf_str(&d->body), &why)) {
		buf_release(&why);
		return ANSWER_OK;
	}
	buf_addf(d->link.why, "cannot list %.*s on %s: the server's answer is not understood: %s",
		STR_ARG(path), d->link.b->name, why.p);
	buf_release(&why);
	return ANSWER_FAILED;
}

/* Its mod_dir turns a question about a folder into one about the index.html in it. */
static bool says_apache(struct dav_link *d)
{
	return str_starts(str_from(publish_curl_header(d->curl, "Server")), STR("Apache"));
}

enum publish_answer publish_dav_find(struct dav_link *d, struct str path, enum dav_slash slash, int depth,
	struct arena *a, struct dav_items *out)
{
	enum publish_answer answer;
	long status;

	*out = (struct dav_items){0};
	publish_dav_begin(d, "PROPFIND", path, slash);
	publish_curl_add_header(d->curl, depth ? "Depth: 1" : "Depth: 0");
	publish_curl_add_header(d->curl, "Content-Type: application/xml; charset=utf-8");
	publish_curl_send_text(d->curl, str_from(question));
	buf_clear(&d->body);
	publish_curl_take(d->curl, &d->body, PUBLISH_XML_MAX_BYTES);
	answer = publish_dav_ask(d, "list", path, &status);
	if (answer != ANSWER_OK)
		return answer;
	if (status == 207)
		return read_answer(d, path, a, out);
	answer = publish_dav_judge(d, "list", path);
	if (status == 405 && says_apache(d))
		buf_addz(d->link.why, "; Apache needs “DirectoryIndex disabled” where “Dav On” stands");
	if (answer != ANSWER_OK)
		return answer;
	buf_addf(d->link.why,
		"cannot list %s: the server answered %ld to PROPFIND: this is not a WebDAV folder",
		d->link.b->name, status);
	return ANSWER_FAILED;
}

enum publish_answer publish_dav_list(
	struct publish_link *l, struct str folder, struct arena *a, struct publish_listing *out)
{
	struct dav_items items;
	enum publish_answer answer = publish_dav_find(dav_link(l), folder, DAV_FOLDER, 1, a, &items);

	if (answer == ANSWER_OK && !items.is_folder && !items.len)
		return ANSWER_ABSENT;
	for (size_t i = 0; answer == ANSWER_OK && i < items.len; i++)
		publish_listing_add(out, a, &items.items[i].listed);
	return answer;
}

/* ---- is it a file? ---- */

/* The names in a folder that are no files, asked for once. The mutex is held. */
static enum publish_answer list_once(struct dav_link *d, struct str folder, struct map **out)
{
	struct dav_folders *f = &dav_of(&d->link)->folders;
	struct arena scratch = *d->link.arena;
	struct dav_items items;
	enum publish_answer answer;

	*out = map_get(&f->listed, folder);
	if (*out)
		return ANSWER_OK;
	answer = publish_dav_find(d, folder, DAV_FOLDER, 1, &scratch, &items);
	if (answer != ANSWER_OK && answer != ANSWER_ABSENT)
		return answer;
	*out = arena_new(&f->arena, struct map);
	for (size_t i = 0; i < items.len; i++)
		if (items.items[i].listed.kind != PUBLISH_FILE)
			map_put(*out, &f->arena, str_dup(&f->arena, items.items[i].listed.name), f);
	map_put(&f->listed, &f->arena, str_dup(&f->arena, folder), *out);
	return ANSWER_OK;
}

enum publish_answer publish_dav_check_file(struct dav_link *d, struct str path)
{
	struct dav *v = dav_of(&d->link);
	struct str name = str_file_name(path);
	struct str folder = str_slice(path, 0, path.n > name.n ? path.n - name.n - 1 : 0);
	struct map *others;
	enum publish_answer answer;

	if (v->server->spares_folders)
		return ANSWER_OK;
	pthread_mutex_lock(&v->folders.mutex);
	answer = list_once(d, folder, &others);
	if (answer == ANSWER_OK && map_has(others, name))
		answer = ANSWER_TAKEN;
	pthread_mutex_unlock(&v->folders.mutex);
	if (answer == ANSWER_TAKEN)
		buf_addf(d->link.why, "a folder of somebody else's stands at %.*s on %s: move it away",
			STR_ARG(path), v->base.name);
	return answer;
}
