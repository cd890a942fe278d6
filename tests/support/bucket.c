#include "support/bucket.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX ((size_t)1 << 20)

/* ---- objects ---- */

static struct bucket_object *find(struct bucket *b, struct str key)
{
	for (size_t i = 0; i < b->len; i++)
		if (b->objects[i].text && str_is(key, b->objects[i].key))
			return &b->objects[i];
	return NULL;
}

static char *copy(struct str s)
{
	char *out = xmalloc(s.n + 1);

	if (s.n)
		memcpy(out, s.p, s.n);
	out[s.n] = 0;
	return out;
}

static void drop(struct bucket_object *o)
{
	free(o->text);
	free(o->head);
	o->text = o->head = NULL;
}

static struct bucket_object *put(struct bucket *b, struct str key, struct str text, struct str head)
{
	struct bucket_object *o = find(b, key);

	for (size_t i = 0; i < b->len && !o; i++)
		if (!b->objects[i].text && str_is(key, b->objects[i].key))
			o = &b->objects[i];
	if (!o && b->len == BUCKET_MAX_OBJECTS)
		die("the test's bucket is full");
	if (!o) {
		o = &b->objects[b->len++];
		o->key = copy(key);
	}
	drop(o);
	o->text = copy(text);
	o->head = copy(head);
	o->version = ++b->versions;
	return o;
}

const char *bucket_text(struct bucket *b, const char *key)
{
	struct bucket_object *o;

	pthread_mutex_lock(&b->mutex);
	o = find(b, str_from(key));
	pthread_mutex_unlock(&b->mutex);
	return o ? o->text : NULL;
}

const char *bucket_head(struct bucket *b, const char *key)
{
	struct bucket_object *o;

	pthread_mutex_lock(&b->mutex);
	o = find(b, str_from(key));
	pthread_mutex_unlock(&b->mutex);
	return o ? o->head : NULL;
}

void bucket_put(struct bucket *b, const char *key, const char *text)
{
	pthread_mutex_lock(&b->mutex);
	(void)put(b, str_from(key), str_from(text), STR(""));
	pthread_mutex_unlock(&b->mutex);
}

size_t bucket_count(struct bucket *b, const char *needle)
{
	struct str rest, line;
	size_t count = 0;

	pthread_mutex_lock(&b->mutex);
	rest = buf_str(&b->log);
	while (str_cut(&rest, '\n', &line))
		count += str_find(line, str_from(needle)) < line.n;
	pthread_mutex_unlock(&b->mutex);
	return count;
}

/* ---- requests ---- */

struct request {
	struct str method, path, query, head, body;
};

/* The value of a header that was sent in lower case; p NULL: none. */
static struct str header(const struct request *r, const char *name)
{
	struct str rest = r->head, line;
	size_t n = strlen(name);

	while (str_cut(&rest, '\n', &line))
		if (line.n > n && line.p[n] == ':' && strncmp(line.p, name, n) == 0)
			return str_trim(str_slice(line, n + 1, line.n));
	return (struct str){0};
}

static void answer(struct buf *out, const char *status, const char *headers, struct str body)
{
	buf_addf(out, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n", status, body.n, headers);
	buf_add(out, body);
}

static void fail(struct buf *out, const char *status, const char *code)
{
	char body[256];

	snprintf(body, sizeof(body), "<Error><Code>%s</Code></Error>", code);
	answer(out, status, "", str_from(body));
}

/* Does a condition keep the request from being done? */
static bool refused(struct bucket *b, const struct request *r, const struct bucket_object *o)
{
	struct str match = header(r, "if-match"), none = header(r, "if-none-match");
	char bare[32], quoted[40];

	if (b->quirk == BUCKET_IGNORES)
		return false;
	if (none.p && o)
		return true;
	if (!match.p)
		return false;
	snprintf(bare, sizeof(bare), "v%u", o ? o->version : 0);
	snprintf(quoted, sizeof(quoted), "\"%s\"", bare);
	return !o || !(str_is(match, bare) || (b->quirk == BUCKET_STRICT && str_is(match, quoted)));
}

static void do_put(struct bucket *b, const struct request *r, struct buf *out)
{
	struct bucket_object *o;
	char etag[64];
	struct str source = header(r, "x-amz-copy-source"), text = r->body;

	if (b->interloper)
		(void)put(b, r->path, str_from(b->interloper), STR(""));
	b->interloper = NULL;
	if (b->quirk == BUCKET_LACKS && (header(r, "if-match").p || header(r, "if-none-match").p))
		return fail(out, "501 Not Implemented", "NotImplemented");
	o = find(b, r->path);
	if (refused(b, r, o))
		return fail(out, "412 Precondition Failed", "PreconditionFailed");
	if (source.p) {
		const struct bucket_object *from = find(b, str_slice(source, 1, source.n));

		if (!from)
			return fail(out, "404 Not Found", "NoSuchKey");
		text = str_from(from->text);
	}
	o = put(b, r->path, text, r->head);
	snprintf(etag, sizeof(etag), "ETag: \"v%u\"\r\n", o->version);
	answer(out, "200 OK", etag, source.p ? STR("<CopyObjectResult></CopyObjectResult>") : STR(""));
}

static void do_get(struct bucket *b, const struct request *r, struct buf *out)
{
	const struct bucket_object *o = find(b, r->path);
	struct request stored;
	char headers[256];
	struct str digest;
	size_t body = 0;

	if (!o)
		return fail(out, "404 Not Found", "NoSuchKey");
	stored = (struct request){.head = str_from(o->head)};
	digest = header(&stored, "x-amz-meta-sha256");
	snprintf(headers, sizeof(headers), "ETag: \"v%u\"\r\n%s%.*s%s", o->version,
		digest.p ? "x-amz-meta-sha256: " : "", STR_ARG(digest), digest.p ? "\r\n" : "");
	answer(out, "200 OK", headers, str_from(o->text));
	body = strlen(o->text);
	if (str_is(r->method, "HEAD"))
		buf_cut(out, out->n - body);
}

/* Whatever is below the prefix, in one level; keys of the tests need no encoding. */
static void do_list(struct bucket *b, const struct request *r, struct buf *out)
{
	struct str prefix = str_slice(r->query, str_find(r->query, STR("prefix=")) + 7, r->query.n);
	struct str token = str_slice(r->query, str_find(r->query, STR("token=")) + 6, r->query.n);
	size_t from = 0, shown = 0, i;
	struct buf x, plain;

	buf_init(&plain, REQUEST_MAX);
	for (i = 0; i < prefix.n && prefix.p[i] != '&'; i++)
		buf_addc(&plain, prefix.p[i] == '%' ? '/' : prefix.p[i]), i += prefix.p[i] == '%' ? 2 : 0;
	if (str_find(r->query, STR("token=")) < r->query.n)
		from = (size_t)strtoul(str_slice(token, 0, 8).p, NULL, 10);
	buf_init(&x, REQUEST_MAX);
	buf_addz(&x, "<ListBucketResult><EncodingType>url</EncodingType>");
	for (i = from; i < b->len && (!b->page || shown < b->page); i++) {
		struct str key = str_from(b->objects[i].key);

		key = str_slice(key, str_find_byte(key, '/') + 1, key.n);
		if (!b->objects[i].text || !str_starts(key, buf_str(&plain)))
			continue;
		shown++;
		buf_addf(&x, "<Contents><Key>%.*s</Key><Size>%zu</Size></Contents>", STR_ARG(key),
			strlen(b->objects[i].text));
	}
	if (i < b->len)
		buf_addf(&x,
			"<IsTruncated>true</IsTruncated><NextContinuationToken>%zu</NextContinuationToken>",
			i);
	buf_addz(&x, "</ListBucketResult>");
	answer(out, "200 OK", "", buf_str(&x));
	buf_release(&x);
	buf_release(&plain);
}

/* True: the connection ends with it. */
static bool do_request(struct bucket *b, const struct request *r, struct buf *out)
{
	struct bucket_object *o = find(b, r->path);

	buf_addf(&b->log, "%.*s /%.*s\n", STR_ARG(r->method), STR_ARG(r->path));
	if (b->answer) {
		buf_addz(out, b->answer);
		b->answer = NULL;
		return b->hang_up; /* after the answer */
	}
	if (str_is(r->method, "PUT"))
		do_put(b, r, out);
	else if (str_find(r->query, STR("list-type")) < r->query.n)
		do_list(b, r, out);
	else if (!str_is(r->method, "DELETE"))
		do_get(b, r, out);
	else
		answer(out, "204 No Content", "", STR(""));
	if (o && str_is(r->method, "DELETE"))
		drop(o);
	if (b->hang_up)
		buf_clear(out);
	return b->hang_up;
}

/* ---- connections ---- */

static bool parse(struct request *r, struct str text)
{
	size_t end = str_find(text, STR("\r\n\r\n")), query;
	struct str line, rest, length;
	int64_t n = 0;

	if (end == text.n)
		return false;
	rest = str_slice(text, 0, end + 2);
	*r = (struct request){.head = rest};
	if (!str_cut(&rest, '\r', &line) || !str_cut(&line, ' ', &r->method) ||
		!str_cut(&line, ' ', &r->path))
		return false;
	query = str_find_byte(r->path, '?');
	r->query = str_slice(r->path, query + 1, r->path.n);
	r->path = str_slice(r->path, 1, query);
	length = header(r, "Content-Length");
	if (length.p && !str_to_int(length, &n))
		return false;
	r->body = str_slice(text, end + 4, text.n);
	return r->body.n >= (size_t)n;
}

struct connection {
	struct bucket *b;
	int fd;
};

/* One request after the other; the buffer holds no more than one, since libcurl waits for answers. */
static void *serve(void *ctx)
{
	struct connection c = *(struct connection *)ctx;
	struct buf in, out;
	struct request r;
	ssize_t n;
	bool last;
	char piece[4096];

	free(ctx);
	buf_init(&in, REQUEST_MAX);
	buf_init(&out, REQUEST_MAX);
	while ((n = read(c.fd, piece, sizeof(piece))) > 0) {
		buf_add(&in, str_make(piece, (size_t)n));
		if (!parse(&r, buf_str(&in)))
			continue;
		buf_clear(&out);
		pthread_mutex_lock(&c.b->mutex);
		last = do_request(c.b, &r, &out);
		c.b->hang_up &= !last;
		pthread_mutex_unlock(&c.b->mutex);
		buf_clear(&in);
		if ((out.n && send(c.fd, out.p, out.n, MSG_NOSIGNAL) < 0) || last)
			break;
	}
	close(c.fd);
	buf_release(&in);
	buf_release(&out);
	return NULL;
}

static void *listen_on(void *ctx)
{
	struct bucket *b = ctx;
	int fd;

	while ((fd = accept(b->listener, NULL, NULL)) >= 0) {
		struct connection *c = xmalloc(sizeof(*c));
		pthread_t thread;

		*c = (struct connection){b, fd};
		if (pthread_create(&thread, NULL, serve, c) != 0)
			die("no thread for a connection");
		pthread_detach(thread);
	}
	return NULL;
}

struct bucket *bucket_start(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	struct bucket *b = xmalloc(sizeof(*b));

	*b = (struct bucket){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	buf_init(&b->log, REQUEST_MAX);
	pthread_mutex_init(&b->mutex, NULL);
	if (b->listener < 0 || bind(b->listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
		listen(b->listener, 16) != 0 || getsockname(b->listener, (struct sockaddr *)&at, &n) != 0 ||
		pthread_create(&b->thread, NULL, listen_on, b) != 0)
		die("no server for the test");
	b->port = ntohs(at.sin_port);
	return b;
}

/* Its connections have ended: the clients closed theirs before. */
void bucket_stop(struct bucket *b)
{
	shutdown(b->listener, SHUT_RDWR);
	pthread_join(b->thread, NULL);
	close(b->listener);
	for (size_t i = 0; i < b->len; i++) {
		drop(&b->objects[i]);
		free(b->objects[i].key);
	}
	buf_release(&b->log);
	pthread_mutex_destroy(&b->mutex);
	free(b);
}

struct str bucket_endpoint(const struct bucket *b, char out[64])
{
	snprintf(out, 64, "http://127.0.0.1:%u", b->port);
	return str_from(out);
}
