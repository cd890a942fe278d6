#include "action/publish_sigv4.h"

#include "action/publish_url.h"
#include "base/hmac.h"

#include <time.h>

#define CANONICAL_MAX_BYTES ((size_t)1 << 20)
#define DAY 8 /* of "20130524T000000Z" */

void publish_sigv4_time(int64_t now, char out[PUBLISH_SIGV4_TIME + 1])
{
	time_t seconds = (time_t)now;
	struct tm parts;

	if (!gmtime_r(&seconds, &parts) ||
		strftime(out, PUBLISH_SIGV4_TIME + 1, "%Y%m%dT%H%M%SZ", &parts) == 0)
		BUG("a year with more than four digits");
}

/* ---- the canonical request ---- */

/* A query's text: '/' too is encoded. */
static void encode(struct buf *out, struct str text)
{
	struct str piece;

	for (bool first = true; str_cut(&text, '/', &piece); first = false) {
		buf_addz(out, first ? "" : "%2F");
		publish_url_encode(out, piece);
	}
}

/* White space around a value goes, and a run of it is one space: what is sent is what is signed. */
static struct str trimmed(struct arena *a, struct str value)
{
	char *out;
	size_t n = 0;

	value = str_trim(value);
	out = (char *)str_dup(a, value).p;
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != ' ' || value.p[i - 1] != ' ')
			out[n++] = value.p[i];
	return str_make(out, n);
}

static int by_name(const void *x, const void *y)
{
	const struct publish_header *a = x, *b = y;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->value, b->value);
}

static struct str make_query(struct arena *a, const struct publish_sigv4_request *r)
{
	struct publish_header *items = arena_new_n(a, struct publish_header, r->query_count);
	struct buf b;
	struct str out;

	buf_init(&b, CANONICAL_MAX_BYTES);
	for (size_t i = 0; i < r->query_count; i++) {
		size_t at = b.n;

		encode(&b, r->query[i].name);
		items[i].name = str_dup(a, str_slice(buf_str(&b), at, b.n));
		at = b.n;
		encode(&b, r->query[i].value);
		items[i].value = str_dup(a, str_slice(buf_str(&b), at, b.n));
	}
	buf_clear(&b);
	if (r->query_count)
		qsort(items, r->query_count, sizeof(*items), by_name);
	for (size_t i = 0; i < r->query_count; i++)
		buf_addf(&b, "%s%.*s=%.*s", i ? "&" : "", STR_ARG(items[i].name), STR_ARG(items[i].value));
	out = str_dup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

/* The headers that are signed, names in lower case, sorted. */
struct signed_headers {
	struct publish_header items[PUBLISH_SIGV4_MAX_HEADERS];
	size_t len;
};

static void add(struct signed_headers *h, struct arena *a, struct str name, struct str value)
{
	if (h->len == COUNT_OF(h->items))
		BUG("more than %d headers", PUBLISH_SIGV4_MAX_HEADERS);
	h->items[h->len++] = (struct publish_header){str_lower(a, name), trimmed(a, value)};
}

static void collect(struct signed_headers *h, struct arena *a, const struct publish_sigv4_key *key,
	const struct publish_sigv4_request *r, const char *now, const char *payload)
{
	h->len = 0;
	add(h, a, STR("host"), r->host);
	add(h, a, STR("x-amz-content-sha256"), str_from(payload));
	add(h, a, STR("x-amz-date"), str_from(now));
	if (key->session.n)
		add(h, a, STR("x-amz-security-token"), key->session);
	for (size_t i = 0; i < r->header_count; i++)
		add(h, a, r->headers[i].name, r->headers[i].value);
	qsort(h->items, h->len, sizeof(*h->items), by_name);
}

static struct str names_of(struct arena *a, const struct signed_headers *h)
{
	struct str names = h->items[0].name;

	for (size_t i = 1; i < h->len; i++)
		names = STR_CONCAT(a, names, STR(";"), h->items[i].name);
	return names;
}

static struct str make_canonical(struct arena *a, const struct publish_sigv4_request *r, struct str query,
	const struct signed_headers *h, struct str names, const char *payload)
{
	struct buf b;
	struct str out;

	buf_init(&b, CANONICAL_MAX_BYTES);
	buf_addf(&b, "%.*s\n%.*s\n%.*s\n", STR_ARG(r->method), STR_ARG(r->path), STR_ARG(query));
	for (size_t i = 0; i < h->len; i++)
		buf_addf(&b, "%.*s:%.*s\n", STR_ARG(h->items[i].name), STR_ARG(h->items[i].value));
	buf_addf(&b, "\n%.*s\n%s", STR_ARG(names), payload);
	out = str_dup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

/* ---- the signature ---- */

static struct str bytes_of(const struct digest *d)
{
	return str_make((const char *)d->bytes, sizeof(d->bytes));
}

/* The key of one day, region and service. */
static struct digest key_of_day(const struct publish_sigv4_key *key, struct arena *a, struct str day)
{
	const struct str steps[] = {key->region, key->service, STR("aws4_request")};
	struct digest d = hmac_sha256(STR_CONCAT(a, STR("AWS4"), key->secret), day);

	for (size_t i = 0; i < COUNT_OF(steps); i++)
		d = hmac_sha256(bytes_of(&d), steps[i]);
	return d;
}

static void make_lines(struct publish_sigv4_signed *out, struct arena *a, const struct signed_headers *h,
	struct str authorization)
{
	out->lines = arena_new_n(a, const char *, h->len + 1);
	for (size_t i = 0; i < h->len; i++) {
		const struct publish_header *one = &h->items[i];

		if (str_is(one->name, "host"))
			continue; /* of the address */
		/* libcurl's way to send a header that is empty ends in a semicolon. */
		out->lines[out->line_count++] = one->value.n
							? STR_CONCAT(a, one->name, STR(": "), one->value).p
							: STR_CONCAT(a, one->name, STR(";")).p;
	}
	out->lines[out->line_count++] = authorization.p;
}

void publish_sigv4_sign(struct publish_sigv4_signed *out, struct arena *a,
	const struct publish_sigv4_key *key, const struct publish_sigv4_request *request)
{
	struct signed_headers headers;
	char now[PUBLISH_SIGV4_TIME + 1], payload[DIGEST_HEX + 1], hash[DIGEST_HEX + 1];
	struct str names, scope, text;
	struct digest d;

	*out = (struct publish_sigv4_signed){0};
	publish_sigv4_time(request->now, now);
	digest_hex(&request->payload, payload);
	collect(&headers, a, key, request, now, payload);
	names = names_of(a, &headers);
	out->query = make_query(a, request);
	out->canonical = make_canonical(a, request, out->query, &headers, names, payload);
	scope = str_fmt(
		a, "%.*s/%.*s/%.*s/aws4_request", DAY, now, STR_ARG(key->region), STR_ARG(key->service));
	d = digest_of(out->canonical);
	digest_hex(&d, hash);
	text = str_fmt(a, "AWS4-HMAC-SHA256\n%s\n%.*s\n%s", now, STR_ARG(scope), hash);
	d = key_of_day(key, a, str_make(now, DAY));
	d = hmac_sha256(bytes_of(&d), text);
	digest_hex(&d, out->signature);
	make_lines(out, a, &headers,
		str_fmt(a,
			"Authorization: AWS4-HMAC-SHA256 Credential=%.*s/%.*s,SignedHeaders=%.*s,Signature=%s",
			STR_ARG(key->id), STR_ARG(scope), STR_ARG(names), out->signature));
}
