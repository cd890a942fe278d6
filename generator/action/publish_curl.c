#include "action/publish_curl.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>

#define WAIT_MS 200
#define CONNECT_SECONDS 20L

/* Where the bytes of an answer go. */
struct sink {
	struct buf *out; /* or NULL: */
	struct digest_run *run;
	uint64_t size, max;
};

struct publish_curl {
	CURL *easy;
	CURLM *multi;
	const char *protocol;
	const struct publish_settings *settings;
	const atomic_bool *stop;
	struct curl_slist *headers, *before, *after;
	struct str rest; /* of the text that is sent */
	struct sink sink;
	publish_curl_line *line;
	void *line_ctx;
	bool torn; /* the connection is not to be used again */
	int wait_ms;
	bool headless; /* an HTTP answer has begun, and its headers have not ended */
	CURLcode code;
	int error; /* errno of the transfer's last call, when libcurl left it */
	char text[CURL_ERROR_SIZE];
};

static void start_library(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("libcurl cannot be started");
}

struct publish_curl *publish_curl_new(
	const char *protocol, const struct publish_settings *settings, const atomic_bool *stop)
{
	static const struct publish_settings none;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct publish_curl *c = xmalloc(sizeof(*c));

	pthread_once(&once, start_library);
	*c = (struct publish_curl){
		.easy = curl_easy_init(),
		.multi = curl_multi_init(),
		.protocol = protocol,
		.settings = settings ? settings : &none,
		.stop = stop,
		.wait_ms = WAIT_MS,
	};
	if (!c->easy || !c->multi)
		die("libcurl cannot be started");
	return c;
}

static void free_lists(struct publish_curl *c)
{
	curl_slist_free_all(c->headers);
	curl_slist_free_all(c->before);
	curl_slist_free_all(c->after);
	c->headers = c->before = c->after = NULL;
}

void publish_curl_free(struct publish_curl *c)
{
	if (!c)
		return;
	curl_easy_cleanup(c->easy);
	curl_multi_cleanup(c->multi);
	free_lists(c);
	free(c);
}

void publish_curl_wait_at_most(struct publish_curl *c, int milliseconds)
{
	c->wait_ms = milliseconds;
}

void publish_curl_tear(struct publish_curl *c)
{
	c->torn = true;
}

void *publish_curl_easy(struct publish_curl *c)
{
	return c->easy;
}

/* ---- options: the first that is refused stays ---- */

void publish_curl_number(struct publish_curl *c, int option, long value)
{
	if (!c->code)
		c->code = curl_easy_setopt(c->easy, (CURLoption)option, value);
}

void publish_curl_size(struct publish_curl *c, int option, int64_t value)
{
	if (!c->code)
		c->code = curl_easy_setopt(c->easy, (CURLoption)option, (curl_off_t)value);
}

void publish_curl_text(struct publish_curl *c, int option, const char *value)
{
	if (!c->code)
		c->code = curl_easy_setopt(c->easy, (CURLoption)option, value);
}

static void add_line(struct publish_curl *c, struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl_slist_append(*list, line);

	if (more)
		*list = more;
	else if (!c->code)
		c->code = CURLE_OUT_OF_MEMORY;
}

void publish_curl_add_header(struct publish_curl *c, const char *line)
{
	add_line(c, &c->headers, line);
}

void publish_curl_add_before(struct publish_curl *c, const char *command)
{
	add_line(c, &c->before, command);
}

void publish_curl_add_after(struct publish_curl *c, const char *command)
{
	add_line(c, &c->after, command);
}

static int watch(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
	struct publish_curl *c = ctx;

	(void)total, (void)now, (void)up_total, (void)up_now;
	return c->stop && atomic_load(c->stop);
}

static size_t drop(char *bytes, size_t size, size_t count, void *ctx)
{
	(void)bytes, (void)ctx;
	return size * count;
}

/* A connection that ends among an answer's headers is an answer without a body to libcurl. */
static size_t note_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct publish_curl *c = ctx;
	struct str line = str_trim(str_make(bytes, size * count));

	c->headless = str_starts(line, STR("HTTP/")) || (c->headless && line.n);
	return size * count;
}

static void set_safety(struct publish_curl *c)
{
	publish_curl_text(c, CURLOPT_PROTOCOLS_STR, c->protocol);
	publish_curl_text(c, CURLOPT_REDIR_PROTOCOLS_STR, c->protocol);
	publish_curl_number(c, CURLOPT_FOLLOWLOCATION, 0);
	publish_curl_number(c, CURLOPT_NOSIGNAL, 1);
	publish_curl_number(c, CURLOPT_PATH_AS_IS, 1);
	publish_curl_number(c, CURLOPT_SSL_VERIFYPEER, 1);
	publish_curl_number(c, CURLOPT_SSL_VERIFYHOST, 2);
	/* One file: libcurl then reads it once for all connections, and ca_file is instead of the system's. */
	publish_curl_text(c, CURLOPT_CAPATH, NULL);
	if (c->settings->ca_file)
		publish_curl_text(c, CURLOPT_CAINFO, c->settings->ca_file);
}

static void set_credentials(struct publish_curl *c)
{
	const struct publish_settings *s = c->settings;

	if (s->netrc)
		publish_curl_number(c, CURLOPT_NETRC, CURL_NETRC_OPTIONAL);
	if (s->user)
		publish_curl_text(c, CURLOPT_USERNAME, s->user);
	if (s->password)
		publish_curl_text(c, CURLOPT_PASSWORD, s->password);
}

static void set_patience(struct publish_curl *c)
{
	long stall = c->settings->stall_seconds ? c->settings->stall_seconds : PUBLISH_STALL_SECONDS;

	publish_curl_number(c, CURLOPT_CONNECTTIMEOUT, stall < CONNECT_SECONDS ? stall : CONNECT_SECONDS);
	publish_curl_number(c, CURLOPT_LOW_SPEED_LIMIT, 1);
	publish_curl_number(c, CURLOPT_LOW_SPEED_TIME, stall);
	publish_curl_number(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, stall);
	publish_curl_number(c, CURLOPT_TCP_KEEPALIVE, 1);
}

void publish_curl_begin(struct publish_curl *c, const char *url)
{
	curl_easy_reset(c->easy);
	free_lists(c);
	c->sink = (struct sink){0};
	c->text[0] = 0;
	c->error = 0;
	c->code = CURLE_OK;
	set_safety(c);
	set_credentials(c);
	set_patience(c);
	publish_curl_text(c, CURLOPT_ERRORBUFFER, c->text);
	publish_curl_text(c, CURLOPT_URL, url);
	publish_curl_number(c, CURLOPT_NOPROGRESS, 0);
	publish_curl_number(c, CURLOPT_FRESH_CONNECT, c->torn);
	c->torn = false;
	curl_easy_setopt(c->easy, CURLOPT_XFERINFOFUNCTION, watch);
	curl_easy_setopt(c->easy, CURLOPT_XFERINFODATA, c);
	curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, drop);
	c->headless = false;
	curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, note_header);
	curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
}

/* ---- sending ---- */

static size_t give(char *bytes, size_t size, size_t count, void *ctx)
{
	size_t n = 0;

	if (publish_source_read(ctx, bytes, size * count, &n) != 0)
		return CURL_READFUNC_ABORT;
	return n;
}

/* libcurl sends a request again on a new connection when the server had closed the old one: only from the start. */
static int rewind_source(void *ctx, curl_off_t offset, int origin)
{
	struct publish_source *source = ctx;

	return origin == SEEK_SET && publish_source_seek(source, (uint64_t)offset) == 0 ? CURL_SEEKFUNC_OK
											: CURL_SEEKFUNC_FAIL;
}

void publish_curl_send(struct publish_curl *c, struct publish_source *source)
{
	publish_curl_number(c, CURLOPT_UPLOAD, 1);
	publish_curl_size(c, CURLOPT_INFILESIZE_LARGE, (int64_t)(source->size - source->read));
	curl_easy_setopt(c->easy, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c->easy, CURLOPT_READDATA, source);
	curl_easy_setopt(c->easy, CURLOPT_SEEKFUNCTION, rewind_source);
	curl_easy_setopt(c->easy, CURLOPT_SEEKDATA, source);
}

static size_t give_text(char *bytes, size_t size, size_t count, void *ctx)
{
	struct publish_curl *c = ctx;
	size_t n = size * count < c->rest.n ? size * count : c->rest.n;

	if (n)
		memcpy(bytes, c->rest.p, n);
	c->rest = str_slice(c->rest, n, c->rest.n);
	return n;
}

void publish_curl_send_text(struct publish_curl *c, struct str text)
{
	c->rest = text;
	publish_curl_number(c, CURLOPT_UPLOAD, 1);
	publish_curl_size(c, CURLOPT_INFILESIZE_LARGE, (int64_t)text.n);
	curl_easy_setopt(c->easy, CURLOPT_READFUNCTION, give_text);
	curl_easy_setopt(c->easy, CURLOPT_READDATA, c);
}

/* ---- receiving ---- */

/* Taking less than was offered ends the transfer. */
static size_t take(char *bytes, size_t size, size_t count, void *ctx)
{
	struct sink *sink = ctx;
	size_t n = size * count;

	if (n > sink->max - sink->size)
		return 0;
	sink->size += n;
	if (sink->out)
		buf_add(sink->out, str_make(bytes, n));
	else
		digest_run_add(sink->run, str_make(bytes, n));
	return n;
}

static void set_sink(struct publish_curl *c, struct sink sink)
{
	c->sink = sink;
	curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, &c->sink);
}

void publish_curl_take(struct publish_curl *c, struct buf *out, size_t max)
{
	set_sink(c, (struct sink){.out = out, .max = max});
}

void publish_curl_take_digest(struct publish_curl *c, struct digest_run *run)
{
	set_sink(c, (struct sink){.run = run, .max = INT64_MAX});
}

static size_t hear(char *bytes, size_t size, size_t count, void *ctx)
{
	struct publish_curl *c = ctx;
	size_t n = size * count;

	if (c->line(c->line_ctx, str_trim(str_make(bytes, n))))
		return n;
	c->torn = true;
	return 0;
}

void publish_curl_listen(struct publish_curl *c, publish_curl_line *fn, void *ctx)
{
	c->line = fn;
	c->line_ctx = ctx;
	curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
}

void publish_curl_no_body(struct publish_curl *c)
{
	publish_curl_number(c, CURLOPT_NOBODY, 1);
}

/* ---- performing ---- */

/* What may be cured by waiting. */
static bool is_passing(CURLcode code)
{
	static const CURLcode passing[] = {
		CURLE_COULDNT_RESOLVE_PROXY,
		CURLE_COULDNT_RESOLVE_HOST,
		CURLE_COULDNT_CONNECT,
		CURLE_WEIRD_SERVER_REPLY,
		CURLE_FTP_ACCEPT_TIMEOUT,
		CURLE_HTTP2,
		CURLE_PARTIAL_FILE,
		CURLE_OPERATION_TIMEDOUT,
		CURLE_SSL_CONNECT_ERROR,
		CURLE_GOT_NOTHING,
		CURLE_SEND_ERROR,
		CURLE_RECV_ERROR,
		CURLE_AGAIN,
		CURLE_SSH,
		CURLE_HTTP2_STREAM,
		CURLE_SEND_FAIL_REWIND,
		CURLE_FTP_CANT_GET_HOST,
		CURLE_NO_CONNECTION_AVAILABLE,
	};

	for (size_t i = 0; i < COUNT_OF(passing); i++)
		if (code == passing[i])
			return true;
	return false;
}

/*
 * libcurl does not hand on the system's error. After a failed open it is still in errno; after a failed write
 * what is there may be older, unless it is one that only writing gives.
 */
static int system_error(CURLcode code, int error)
{
	static const int of_writing[] = {ENOSPC, EDQUOT, EIO, EFBIG};

	if (code == CURLE_UPLOAD_FAILED || code == CURLE_FILE_COULDNT_READ_FILE)
		return error;
	for (size_t i = 0; i < COUNT_OF(of_writing); i++)
		if (code == CURLE_SEND_ERROR && error == of_writing[i])
			return error;
	return 0;
}

static CURLcode result_of(CURLM *multi)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL)
		if (message->msg == CURLMSG_DONE)
			return message->data.result;
	return CURLE_OUT_OF_MEMORY;
}

static CURLcode run(struct publish_curl *c)
{
	int running = 1;
	CURLMcode code = curl_multi_add_handle(c->multi, c->easy);
	CURLcode result;

	errno = 0;
	while (!code && running) {
		code = curl_multi_perform(c->multi, &running);
		c->error = errno;
		if (!code && running)
			code = curl_multi_poll(c->multi, NULL, 0, c->wait_ms, NULL);
	}
	result = code ? CURLE_FAILED_INIT : result_of(c->multi);
	curl_multi_remove_handle(c->multi, c->easy);
	return result;
}

enum publish_answer publish_curl_perform(struct publish_curl *c)
{
	if (c->headers && !c->code)
		c->code = curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers);
	if (c->before && !c->code)
		c->code = curl_easy_setopt(c->easy, CURLOPT_QUOTE, c->before);
	if (c->after && !c->code)
		c->code = curl_easy_setopt(c->easy, CURLOPT_POSTQUOTE, c->after);
	if (c->code)
		return ANSWER_FAILED;
	c->code = run(c);
	if (c->code == CURLE_OK && c->headless) {
		c->code = CURLE_PARTIAL_FILE;
		snprintf(c->text, sizeof(c->text), "the server's answer was cut short");
	}
	c->error = system_error(c->code, c->error);
	if (c->code == CURLE_OK)
		return c->sink.out && buf_failed(c->sink.out) ? ANSWER_FAILED : ANSWER_OK;
	if (c->code == CURLE_ABORTED_BY_CALLBACK && c->stop && atomic_load(c->stop))
		return ANSWER_STOPPED;
	return is_passing(c->code) && !c->error ? ANSWER_AGAIN : ANSWER_FAILED;
}

/* ---- afterwards ---- */

int publish_curl_code(const struct publish_curl *c)
{
	return (int)c->code;
}

const char *publish_curl_why(const struct publish_curl *c)
{
	return c->text[0] ? c->text : curl_easy_strerror(c->code);
}

int publish_curl_errno(const struct publish_curl *c)
{
	return c->error;
}

long publish_curl_status(const struct publish_curl *c)
{
	long status = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

unsigned publish_curl_retry_after(const struct publish_curl *c)
{
	curl_off_t seconds = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &seconds);
	return seconds < 0 ? 0 : seconds > 3600 ? 3600 : (unsigned)seconds;
}

uint64_t publish_curl_received(const struct publish_curl *c)
{
	return c->sink.size;
}

const char *publish_curl_header(const struct publish_curl *c, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(c->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return NULL;
	return header->value;
}
