/*
 * publish_s3: a bucket of S3, or of a server that speaks its language (Ceph, MinIO, …).
 *
 * A PUT replaces an object in one instant, and the server compares the bytes with the digests that are signed
 * with the request: so files go straight to their final names. Every request is signed here (publish_sigv4.h).
 *
 * Nobody can be locked out of a bucket who has its key. A publisher who lost the lock is stopped by this: the
 * engine renews the lock before each batch, and the manifest and the intent are replaced only when they still
 * are what this publisher read or wrote last (publish_s3_lock.c). So it can commit nothing; what remains is
 * that files of a batch that was running may arrive after the lock was broken. Whoever broke it reads back
 * what it sends before it commits.
 *
 * There are no folders: a key's name only looks as if there were.
 */
#include "action/publish_s3_impl.h"
#include "action/publish_url.h"

#include <time.h>

#define CONNECTIONS 16
#define PAUSE_MS 2000
#define PAGE_BYTES ((size_t)16 << 20) /* of an answer with a thousand names */
#define WORK_BYTES ((size_t)64 << 20)

/* ---- opening ---- */

static int64_t real_now(void)
{
	return (int64_t)time(NULL);
}

static unsigned own_port(const char *protocol)
{
	return strcmp(protocol, "http") == 0 ? 80 : 443;
}

/* Signatures keep a secret, but over plain http anybody on the way could read and repeat what they sign. */
static bool take_endpoint(struct publish_s3 *s3, struct str *host, struct str *folder)
{
	struct arena *a = s3->base.arena;
	struct str endpoint = s3->base.settings->endpoint;
	struct publish_address at;
	bool http;

	if (str_find(endpoint, STR("://")) == endpoint.n)
		endpoint = STR_CONCAT(a, STR("https://"), endpoint);
	if (!publish_url_check(endpoint, s3->base.why) || !publish_url_parse(a, endpoint, &at, s3->base.why))
		return false;
	http = str_is(at.scheme, "http");
	if ((!http && !str_is(at.scheme, "https")) || at.user.n) {
		buf_addf(s3->base.why, "the endpoint “%.*s” is no address of a server: write https://host",
			STR_ARG(endpoint));
		return false;
	}
	if (http && !publish_url_is_loopback(at.host)) {
		buf_addf(s3->base.why,
			"the endpoint “%.*s” is not encrypted, and is not on this machine: write https://",
			STR_ARG(endpoint));
		return false;
	}
	s3->protocol = http ? "http" : "https";
	*host = str_find_byte(at.host, ':') < at.host.n ? str_fmt(a, "[%.*s]", STR_ARG(at.host)) : at.host;
	if (at.port && at.port != own_port(s3->protocol))
		*host = str_fmt(a, "%.*s:%u", STR_ARG(*host), at.port);
	*folder = at.path;
	return true;
}

/* Certificates are for one label in front of the server's name, so a bucket with a dot goes into the path. */
static bool is_label(struct str bucket)
{
	return str_find_byte(bucket, '.') == bucket.n;
}

/* Amazon's own server of the region. */
static struct str home_of(struct arena *a, struct str region)
{
	const char *country = str_starts(region, STR("cn-")) ? ".cn" : "";

	return str_fmt(a, "s3.%.*s.amazonaws.com%s", STR_ARG(region), country);
}

/* The bucket's name stands in front of the host's, or in front of every path. */
static bool take_address(struct publish_s3 *s3, struct str bucket)
{
	struct arena *a = s3->base.arena;
	struct str folder = STR(""), label = STR_CONCAT(a, bucket, STR("."));
	struct buf b;
	bool inside;

	s3->protocol = "https";
	if (s3->base.settings->endpoint.n) {
		if (!take_endpoint(s3, &s3->host, &folder))
			return false;
		inside = str_starts(s3->host, label);
	} else {
		inside = is_label(bucket);
		s3->host = STR_CONCAT(a, inside ? label : STR(""), home_of(a, s3->region));
	}
	buf_init(&b, BUF_MAX_DEFAULT);
	if (folder.n)
		buf_addc(&b, '/');
	publish_url_encode(&b, folder);
	if (!inside)
		buf_addf(&b, "/%.*s", STR_ARG(bucket));
	s3->folder = str_dup(a, buf_str(&b));
	buf_release(&b);
	return true;
}

static bool is_region(struct str region)
{
	for (size_t i = 0; i < region.n; i++) {
		char c = region.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
	}
	return true;
}

static bool check_settings(const struct publish_s3 *s3, const struct publish_address *at)
{
	const struct publish_settings *s = s3->base.settings;

	if (at->user.n || at->port)
		buf_addf(s3->base.why,
			"the target's address “%.*s” is more than s3://bucket/folder: who publishes is said "
			"by AWS_ACCESS_KEY_ID, and which server by “endpoint”",
			STR_ARG(s->url));
	else if (!is_region(s3->region))
		buf_addf(s3->base.why, "“%.*s” is no region", STR_ARG(s3->region));
	else if (!s->access_key || !s->access_key[0] || !s->secret_key || !s->secret_key[0])
		buf_addf(s3->base.why,
			"nobody may publish to %s without a key: set AWS_ACCESS_KEY_ID and "
			"AWS_SECRET_ACCESS_KEY",
			s3->base.name);
	else
		return true;
	return false;
}

static struct publish_backend *s3_open(const struct publish_backend *base)
{
	struct publish_s3 *s3 = arena_new(base->arena, struct publish_s3);
	struct publish_address at;

	if (!publish_url_parse(base->arena, base->settings->url, &at, base->why))
		return NULL;
	s3->base = *base;
	s3->base.name = str_fmt(
		base->arena, "s3://%.*s%s%.*s", STR_ARG(at.host), at.path.n ? "/" : "", STR_ARG(at.path))
				.p;
	s3->base.guarantee = "a visitor reads every page whole, the old one or the new one";
	s3->bucket = at.host;
	s3->prefix = at.path.n ? STR_CONCAT(base->arena, at.path, STR("/")) : STR("");
	s3->region = base->settings->region.n ? base->settings->region : STR("us-east-1");
	s3->now = real_now;
	s3->pause_ms = PAUSE_MS;
	/* Amazon's own does; another server is tried out by whoever takes the lock. */
	atomic_init(&s3->conditions, base->settings->endpoint.n ? S3_UNKNOWN : S3_HONOURED);
	s3->versions[0].path = PUBLISH_MANIFEST;
	s3->versions[1].path = PUBLISH_INTENT;
	if (!check_settings(s3, &at) || !take_address(s3, at.host))
		return NULL;
	s3->plain = *base->settings;
	s3->plain.user = s3->plain.password = NULL;
	s3->plain.netrc = false;
	pthread_mutex_init(&s3->mutex, NULL);
	return &s3->base;
}

static void s3_close(struct publish_backend *b)
{
	pthread_mutex_destroy(&((struct publish_s3 *)b)->mutex);
}

/* ---- connecting ---- */

/* A question that only who may publish gets an answer to; a folder that is not there yet is fine. */
static enum publish_answer greet(struct publish_s3_link *l)
{
	struct publish_s3_call call = {.doing = "open", .method = "GET", .max = PAGE_BYTES};
	struct publish_s3_page page;
	struct publish_listing listing = {0};
	struct arena scratch = *l->base.arena;
	enum publish_answer answer;

	publish_s3_query(&call, "list-type", STR("2"));
	publish_s3_query(&call, "max-keys", STR("1"));
	publish_s3_query(&call, "prefix", l->target->prefix);
	answer = publish_s3_do(l, &call);
	if (answer == ANSWER_ABSENT || answer == ANSWER_TAKEN) {
		buf_addf(l->base.why, "%s does not answer as an S3 server does: look at its endpoint",
			l->target->base.name);
		return ANSWER_FAILED;
	}
	if (answer != ANSWER_OK)
		return answer;
	return publish_s3_read_page(&page, &listing, &scratch, STR(""), buf_str(&l->answer), l->base.why)
		       ? ANSWER_OK
		       : ANSWER_FAILED;
}

static void s3_disconnect(struct publish_link *base)
{
	struct publish_s3_link *l = publish_s3_self(base);

	publish_curl_free(l->curl);
	buf_release(&l->answer);
	arena_release(&l->work);
	free(l);
}

static struct publish_link *s3_connect(const struct publish_link *bare, enum publish_answer *answer)
{
	struct publish_s3_link *l = xmalloc(sizeof(*l));
	struct publish_s3 *s3 = (struct publish_s3 *)bare->b;

	*l = (struct publish_s3_link){
		.base = *bare,
		.target = s3,
		.curl = publish_curl_new(s3->protocol, &s3->plain, bare->stop),
	};
	buf_init(&l->answer, PUBLISH_RECORD_MAX_BYTES);
	arena_init(&l->work, WORK_BYTES);
	/* The others connect with their first file. */
	*answer = bare->number == 0 ? greet(l) : ANSWER_OK;
	if (*answer == ANSWER_OK)
		return &l->base;
	s3_disconnect(&l->base);
	return NULL;
}

/* ---- what stands there ---- */

static enum publish_answer list_page(struct publish_s3_link *l, struct str prefix, struct arena *a,
	struct publish_s3_page *page, struct publish_listing *out)
{
	struct publish_s3_call call = {.doing = "list", .method = "GET", .max = PAGE_BYTES};
	enum publish_answer answer;

	publish_s3_query(&call, "list-type", STR("2"));
	publish_s3_query(&call, "delimiter", STR("/"));
	publish_s3_query(&call, "encoding-type", STR("url"));
	publish_s3_query(&call, "prefix", prefix);
	if (page->truncated)
		publish_s3_query(&call, "continuation-token", page->next);
	answer = publish_s3_do(l, &call);
	if (answer != ANSWER_OK)
		return answer;
	return publish_s3_read_page(page, out, a, prefix, buf_str(&l->answer), l->base.why) ? ANSWER_OK
											    : ANSWER_FAILED;
}

static enum publish_answer s3_list(
	struct publish_link *base, struct str folder, struct arena *a, struct publish_listing *out)
{
	struct publish_s3_link *l = publish_s3_self(base);
	struct str prefix = STR_CONCAT(a, l->target->prefix, folder, folder.n ? STR("/") : STR(""));
	struct publish_s3_page page = {0};
	size_t before = out->len;
	enum publish_answer answer;

	do {
		struct str last = page.next;

		answer = list_page(l, prefix, a, &page, out);
		if (answer == ANSWER_OK && page.truncated && str_eq(page.next, last)) {
			buf_addf(base->why, "the listing of %s goes round in circles", l->target->base.name);
			answer = ANSWER_FAILED;
		}
	} while (answer == ANSWER_OK && page.truncated);
	return answer == ANSWER_OK && out->len == before ? ANSWER_ABSENT : answer;
}

static enum publish_answer s3_digest(struct publish_link *base, struct publish_job *job)
{
	struct publish_s3_link *l = publish_s3_self(base);
	struct publish_s3_call call = {.doing = "read", .method = "GET", .path = job->path};
	struct digest_run *run = digest_run_new();
	enum publish_answer answer;
	int64_t length = 0;

	call.run = run;
	answer = publish_s3_do(l, &call);
	job->digest = digest_run_free(run);
	if (answer == ANSWER_OK && str_to_int(publish_s3_answered(l, "content-length"), &length))
		job->size = (uint64_t)length;
	return answer;
}

/* ---- copies, made by the server ---- */

/* Of an object of ours, described anew or as it is. ABSENT: there is none. */
enum publish_answer publish_s3_copy(
	struct publish_s3_link *l, struct str from, struct str to, const struct publish_job *job)
{
	struct publish_s3_call call = {.doing = "write", .method = "PUT", .path = to, .late = true};
	struct arena scratch = *l->base.arena;
	enum publish_answer answer;
	struct buf source;

	buf_init(&source, BUF_MAX_DEFAULT);
	buf_addf(&source, "/%.*s/", STR_ARG(l->target->bucket));
	publish_url_encode(&source, l->target->prefix);
	publish_url_encode(&source, from);
	publish_s3_header(&call, STR("x-amz-copy-source"), buf_str(&source));
	publish_s3_header(&call, STR("x-amz-metadata-directive"), job ? STR("REPLACE") : STR("COPY"));
	if (job)
		publish_s3_describe(&call, &scratch, job);
	atomic_store(&l->target->changed, true);
	answer = publish_s3_do(l, &call);
	buf_release(&source);
	return answer;
}

static enum publish_answer s3_put(struct publish_link *base, struct publish_job *job)
{
	struct publish_s3_link *l = publish_s3_self(base);

	if (!job->local)
		return publish_s3_put_kept(l, job);
	return job->size >= PUBLISH_LARGE ? publish_s3_put_large(l, job) : publish_s3_put_small(l, job);
}

/* What is kept under a name is not made anew from what may be something else by now. */
static enum publish_answer s3_copy(struct publish_link *base, struct str from, struct str to)
{
	const struct publish_job there = {.path = to};
	uint64_t size;
	bool same;
	enum publish_answer answer = publish_s3_head(publish_s3_self(base), &there, &size, &same);

	return answer == ANSWER_ABSENT ? publish_s3_copy(publish_s3_self(base), from, to, NULL) : answer;
}

static enum publish_answer remove_path(struct publish_s3_link *l, struct str path)
{
	struct publish_s3_call call = {.doing = "remove", .method = "DELETE", .path = path};
	enum publish_answer answer;

	atomic_store(&l->target->changed, true);
	answer = publish_s3_do(l, &call);
	publish_s3_forget(l->target, path);
	return answer == ANSWER_ABSENT ? ANSWER_OK : answer;
}

static enum publish_answer s3_remove(struct publish_link *base, struct publish_job *job)
{
	return remove_path(publish_s3_self(base), job->path);
}

/* Of a file: for a moment it has both names. */
static enum publish_answer s3_rename(struct publish_link *base, struct str from, struct str to)
{
	enum publish_answer answer = publish_s3_copy(publish_s3_self(base), from, to, NULL);

	return answer == ANSWER_OK ? remove_path(publish_s3_self(base), from) : answer;
}

/* Files go to their final names: there is no place to be made for them. */
static enum publish_answer s3_begin(struct publish_link *base)
{
	(void)base;
	return ANSWER_OK;
}

static void s3_end(struct publish_link *base)
{
	struct publish_s3_link *l = publish_s3_self(base);

	if (publish_s3_settled(l->target))
		publish_s3_tidy(l);
}

const struct publish_backend_ops publish_s3_ops = {
	.stores_headers = true,
	.connections = CONNECTIONS,
	.open = s3_open,
	.close = s3_close,
	.connect = s3_connect,
	.disconnect = s3_disconnect,
	.read = publish_s3_read,
	.write = publish_s3_write,
	.list = s3_list,
	.rename = s3_rename,
	.lock_read = publish_s3_lock_read,
	.lock_swap = publish_s3_lock_swap,
	.begin = s3_begin,
	.end = s3_end,
	.put = s3_put,
	.remove = s3_remove,
	.digest = s3_digest,
	.copy = s3_copy,
};
