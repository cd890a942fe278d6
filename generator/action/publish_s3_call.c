/* One signed request to S3, and what its answer means. */
#include "action/publish_s3_impl.h"
#include "action/publish_sigv4.h"
#include "action/publish_url.h"

#include <curl/curl.h>

#define ERROR_MAX_BYTES ((size_t)64 << 10)
#define EXPECT_BYTES ((uint64_t)1 << 20) /* from here on the server is asked before bytes are sent */

void publish_s3_query(struct publish_s3_call *call, const char *name, struct str value)
{
	if (call->query_count == COUNT_OF(call->query))
		BUG("a query of more than %d parts", S3_MAX_QUERY);
	call->query[call->query_count++] = (struct publish_header){str_from(name), value};
}

void publish_s3_header(struct publish_s3_call *call, struct str name, struct str value)
{
	if (call->header_count == COUNT_OF(call->headers))
		BUG("more than %d headers", S3_MAX_HEADERS);
	call->headers[call->header_count++] = (struct publish_header){name, value};
}

struct str publish_s3_answered(const struct publish_s3_link *l, const char *name)
{
	return str_from(publish_curl_header(l->curl, name));
}

/* ---- asking ---- */

static struct str path_of(const struct publish_s3 *s3, const struct publish_s3_call *call, struct arena *a)
{
	struct buf b;
	struct str out;

	buf_init(&b, BUF_MAX_DEFAULT);
	buf_add(&b, s3->folder);
	if (call->path.p || !s3->folder.n)
		buf_addc(&b, '/');
	if (call->path.p) {
		publish_url_encode(&b, s3->prefix);
		publish_url_encode(&b, call->path);
	}
	out = str_dup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

static void sign(struct publish_sigv4_signed *out, struct publish_s3 *s3, const struct publish_s3_call *call,
	struct str path, int64_t now, struct arena *a)
{
	const struct publish_settings *s = s3->base.settings;
	const struct publish_sigv4_key key = {
		.id = str_from(s->access_key),
		.secret = str_from(s->secret_key),
		.session = str_from(s->session_token),
		.region = s3->region,
		.service = STR("s3"),
	};
	const struct publish_sigv4_request request = {
		.method = str_from(call->method),
		.host = s3->host,
		.path = path,
		.query = call->query,
		.query_count = call->query_count,
		.headers = call->headers,
		.header_count = call->header_count,
		.payload = call->source ? *call->payload : digest_of(call->text),
		.now = now,
	};

	publish_sigv4_sign(out, a, &key, &request);
}

/* The body of a failure is kept even where a file was to be digested. */
struct sink {
	struct publish_s3_link *l;
	const struct publish_s3_call *call;
};

static size_t take(char *bytes, size_t size, size_t count, void *ctx)
{
	const struct sink *sink = ctx;
	struct publish_s3_link *l = sink->l;
	bool fine = publish_curl_status(l->curl) < 300;
	size_t n = size * count, max = fine && sink->call->max ? sink->call->max : ERROR_MAX_BYTES;

	if (fine && sink->call->run) {
		digest_run_add(sink->call->run, str_make(bytes, n));
		return n;
	}
	if (n > max - l->answer.n)
		return 0;
	buf_add(&l->answer, str_make(bytes, n));
	return n;
}

static void set_method(struct publish_s3_link *l, const struct publish_s3_call *call)
{
	uint64_t size = call->source ? call->source->size - call->source->read : call->text.n;

	if (strcmp(call->method, "HEAD") == 0) {
		publish_curl_no_body(l->curl);
	} else if (strcmp(call->method, "DELETE") == 0) {
		publish_curl_text(l->curl, CURLOPT_CUSTOMREQUEST, call->method);
	} else if (strcmp(call->method, "GET") != 0) {
		if (call->source)
			publish_curl_send(l->curl, call->source);
		else
			publish_curl_send_text(l->curl, call->text);
		publish_curl_text(l->curl, CURLOPT_CUSTOMREQUEST, call->method);
		if (size < EXPECT_BYTES)
			publish_curl_add_header(l->curl, "Expect:");
	}
}

static enum publish_answer perform(struct publish_s3_link *l, const struct publish_s3_call *call, int64_t now)
{
	struct publish_s3 *s3 = l->target;
	struct arena *a = &l->work;
	struct publish_sigv4_signed signature;
	struct str path;
	struct sink sink = {l, call};

	arena_clear(a);
	path = path_of(s3, call, a);
	sign(&signature, s3, call, path, now, a);
	buf_clear(&l->answer);
	publish_curl_begin(
		l->curl, str_fmt(a, "%s://%.*s%.*s%s%.*s", s3->protocol, STR_ARG(s3->host), STR_ARG(path),
				 signature.query.n ? "?" : "", STR_ARG(signature.query))
				 .p);
	set_method(l, call);
	for (size_t i = 0; i < signature.line_count; i++)
		publish_curl_add_header(l->curl, signature.lines[i]);
	curl_easy_setopt(publish_curl_easy(l->curl), CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(publish_curl_easy(l->curl), CURLOPT_WRITEDATA, &sink);
	return publish_curl_perform(l->curl);
}

/* ---- what an answer means ---- */

#define RIGHTS                                                                                               \
	"s3:ListBucket and s3:ListBucketMultipartUploads on the bucket, and s3:GetObject, s3:PutObject, "    \
	"s3:DeleteObject, s3:AbortMultipartUpload and s3:ListMultipartUploadParts on what is in it"
#define AT_ANOTHER "the bucket is at another address"

static const struct known {
	const char *code;
	enum publish_answer answer;
	const char *sentence;
} known_errors[] = {
	{"AccessDenied", ANSWER_FAILED, "access is denied: allow the key " RIGHTS},
	{"AllAccessDisabled", ANSWER_FAILED, "the bucket is closed: ask whoever runs it"},
	{"AuthorizationHeaderMalformed", ANSWER_FAILED, "the request was signed for another region"},
	{"BadDigest", ANSWER_AGAIN, "the bytes were changed on the way"},
	{"ConditionalRequestConflict", ANSWER_AGAIN, "somebody else wrote there in the same moment"},
	{"EntityTooLarge", ANSWER_FAILED, "the file is larger than the server takes: ask whoever runs it"},
	{"ExpiredToken", ANSWER_FAILED, "the session token has expired: get a new one (AWS_SESSION_TOKEN)"},
	{"InternalError", ANSWER_AGAIN, "the server has a fault"},
	{"InvalidAccessKeyId", ANSWER_FAILED,
		"the server does not know the key: look whether AWS_ACCESS_KEY_ID belongs to this server"},
	{"InvalidBucketName", ANSWER_FAILED, "no bucket can have that name: correct the target's address"},
	{"InvalidObjectName", ANSWER_FAILED, "the server takes no such name"},
	{"InvalidToken", ANSWER_FAILED, "the server does not take the session token (AWS_SESSION_TOKEN)"},
	{"KeyTooLongError", ANSWER_FAILED, "the name is longer than the server takes"},
	{"NoSuchBucket", ANSWER_FAILED,
		"there is no such bucket: make it, or correct the target's address or endpoint"},
	{"NoSuchKey", ANSWER_ABSENT, ""},
	{"NoSuchUpload", ANSWER_ABSENT, ""},
	{"NotImplemented", ANSWER_FAILED, "the server cannot do that"},
	{"OperationAborted", ANSWER_AGAIN, "the server is doing something else with it"},
	{"PermanentRedirect", ANSWER_FAILED, AT_ANOTHER},
	{"PreconditionFailed", ANSWER_TAKEN, ""},
	{"QuotaExceeded", ANSWER_FAILED,
		"the quota is used up: make room, or ask for more, and publish again"},
	{"RequestTimeout", ANSWER_AGAIN, "the server waited too long for the bytes"},
	{"RequestTimeTooSkewed", ANSWER_FAILED, "the clocks differ"},
	{"ServiceUnavailable", ANSWER_AGAIN, "the server is not available"},
	{"SignatureDoesNotMatch", ANSWER_FAILED,
		"the signature is wrong: AWS_SECRET_ACCESS_KEY is not the secret that belongs to "
		"AWS_ACCESS_KEY_ID"},
	{"SlowDown", ANSWER_AGAIN, "the server asks for fewer requests"},
	{"TemporaryRedirect", ANSWER_AGAIN, AT_ANOTHER},
	{"TooManyRequests", ANSWER_AGAIN, "the server asks for fewer requests"},
	{"XAmzContentSHA256Mismatch", ANSWER_AGAIN, "the bytes were changed on the way"},
};

/* Where there is no code: an answer to HEAD, or one of something between us and the server. */
static const struct {
	long status;
	const char *code;
} by_status[] = {
	{301, "PermanentRedirect"},
	{307, "TemporaryRedirect"},
	{403, "AccessDenied"},
	{404, "NoSuchKey"},
	{408, "RequestTimeout"},
	{409, "OperationAborted"},
	{412, "PreconditionFailed"},
	{413, "EntityTooLarge"},
	{429, "TooManyRequests"},
	{501, "NotImplemented"},
	{503, "ServiceUnavailable"},
	{507, "QuotaExceeded"},
};

static const struct known *find_known(const char *code)
{
	for (size_t i = 0; i < COUNT_OF(known_errors); i++)
		if (strcmp(known_errors[i].code, code) == 0)
			return &known_errors[i];
	return NULL;
}

static const char *code_of(long status)
{
	for (size_t i = 0; i < COUNT_OF(by_status); i++)
		if (by_status[i].status == status)
			return by_status[i].code;
	return "";
}

static void say_region(struct publish_s3_link *l)
{
	struct str region =
		l->error.region.n ? l->error.region : publish_s3_answered(l, "x-amz-bucket-region");

	if (region.n)
		buf_addf(l->base.why, ": write “region: %.*s” for the target", STR_ARG(region));
	else
		buf_addz(l->base.why, ": correct the target's region and endpoint");
}

static void say_clocks(struct publish_s3_link *l, int64_t now)
{
	struct str theirs = l->error.time.n ? l->error.time : publish_s3_answered(l, "date");
	char ours[PUBLISH_SIGV4_TIME + 1];

	publish_sigv4_time(now, ours);
	buf_addf(l->base.why,
		" by more than the server allows: it is %.*s there and %s here; set this machine's clock",
		STR_ARG(theirs.n ? theirs : STR("another time")), ours);
}

static void say_where(struct publish_s3_link *l, const struct publish_s3_call *call)
{
	buf_clear(l->base.why);
	buf_addf(l->base.why, "cannot %s %s%s%.*s: ", call->doing, l->target->base.name,
		call->path.n ? "/" : "", STR_ARG(call->path));
}

static void say(
	struct publish_s3_link *l, const struct publish_s3_call *call, const struct known *known, int64_t now)
{
	struct str message = str_slice(l->error.message, 0, 300);

	say_where(l, call);
	if (known)
		buf_addz(l->base.why, known->sentence);
	else
		buf_addf(l->base.why, "the server answered %ld %s", l->status, l->code);
	if (strcmp(l->code, "RequestTimeTooSkewed") == 0)
		say_clocks(l, now);
	else if (known && (known->sentence == find_known("PermanentRedirect")->sentence ||
				  strcmp(l->code, "AuthorizationHeaderMalformed") == 0))
		say_region(l);
	else if (!known && message.n)
		buf_addf(l->base.why, " (%.*s)", STR_ARG(message));
}

static enum publish_answer judge(struct publish_s3_link *l, const struct publish_s3_call *call, int64_t now)
{
	const struct known *known;
	enum publish_answer answer;

	if (!l->code[0])
		snprintf(l->code, sizeof(l->code), "%s", code_of(l->status));
	known = find_known(l->code);
	answer = known ? known->answer : l->status >= 500 ? ANSWER_AGAIN : ANSWER_FAILED;
	if (answer == ANSWER_AGAIN)
		l->base.retry_after = publish_curl_retry_after(l->curl);
	if (!call->quiet && answer != ANSWER_ABSENT && answer != ANSWER_TAKEN)
		say(l, call, known, now);
	return answer;
}

static bool has_failed(struct publish_s3_link *l, const struct publish_s3_call *call)
{
	bool bad = l->status < 200 || l->status >= 300;

	if (!bad && !call->late)
		return false;
	if (publish_s3_read_error(&l->error, &l->work, buf_str(&l->answer)))
		snprintf(l->code, sizeof(l->code), "%.*s", STR_ARG(l->error.code));
	return bad || l->code[0];
}

enum publish_answer publish_s3_do(struct publish_s3_link *l, const struct publish_s3_call *call)
{
	int64_t now = l->target->now();
	enum publish_answer answer = perform(l, call, now);

	l->error = (struct publish_s3_error){0};
	l->code[0] = 0;
	l->base.retry_after = 0;
	l->status = publish_curl_status(l->curl);
	/* A server that refuses early may hang up on what is still being sent. */
	if (answer != ANSWER_OK && (answer == ANSWER_STOPPED || l->status < 400)) {
		if (answer == ANSWER_STOPPED)
			return answer;
		say_where(l, call);
		buf_addz(l->base.why, publish_curl_why(l->curl));
		return answer;
	}
	if (!has_failed(l, call))
		return ANSWER_OK;
	return judge(l, call, now);
}
