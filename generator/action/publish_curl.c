#include "action/publish_curl.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>

struct publish_curl {
	CURL *easy;
	const char *protocol;
	CURLcode code;
	int error; /* errno of the transfer's last call, when libcurl left it */
	char text[CURL_ERROR_SIZE];
};

static void start_library(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("libcurl cannot be started");
}

struct publish_curl *publish_curl_new(const char *protocol)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct publish_curl *c = xmalloc(sizeof(*c));

	pthread_once(&once, start_library);
	*c = (struct publish_curl){.easy = curl_easy_init(), .protocol = protocol};
	if (!c->easy)
		die("libcurl cannot be started");
	return c;
}

void publish_curl_free(struct publish_curl *c)
{
	if (!c)
		return;
	curl_easy_cleanup(c->easy);
	free(c);
}

const char *publish_curl_why(const struct publish_curl *c)
{
	return c->text[0] ? c->text : curl_easy_strerror(c->code);
}

int publish_curl_errno(const struct publish_curl *c)
{
	return c->error;
}

/* Options that are our safety fail the transfer when libcurl does not know them. */
static bool set_common(struct publish_curl *c, const char *url)
{
	CURL *easy = c->easy;

	curl_easy_reset(easy);
	c->text[0] = 0;
	c->error = 0;
	c->code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, c->protocol);
	if (!c->code)
		c->code = curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	if (!c->code)
		c->code = curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	if (!c->code)
		c->code = curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	if (!c->code)
		c->code = curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->text);
	if (!c->code)
		c->code = curl_easy_setopt(easy, CURLOPT_URL, url);
	return c->code == CURLE_OK;
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

static bool perform(struct publish_curl *c)
{
	errno = 0;
	c->code = curl_easy_perform(c->easy);
	c->error = system_error(c->code, errno);
	return c->code == CURLE_OK;
}

/* ---- sending ---- */

static size_t give(char *bytes, size_t size, size_t count, void *ctx)
{
	size_t n = 0;

	if (publish_source_read(ctx, bytes, size * count, &n) != 0)
		return CURL_READFUNC_ABORT;
	return n;
}

bool publish_curl_put(struct publish_curl *c, const char *url, struct publish_source *source)
{
	if (!set_common(c, url))
		return false;
	curl_easy_setopt(c->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c->easy, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c->easy, CURLOPT_READDATA, source);
	curl_easy_setopt(c->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)source->size);
	return perform(c);
}

/* ---- receiving ---- */

struct sink {
	struct buf *out; /* or NULL: */
	struct digest_run *run;
	uint64_t size, max;
};

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

static bool receive(struct publish_curl *c, const char *url, struct sink *sink)
{
	if (!set_common(c, url))
		return false;
	curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, sink);
	return perform(c);
}

bool publish_curl_read(struct publish_curl *c, const char *url, size_t max, struct buf *out)
{
	struct sink sink = {.out = out, .max = max};

	return receive(c, url, &sink) && !buf_failed(out);
}

bool publish_curl_digest(struct publish_curl *c, const char *url, struct digest *out, uint64_t *size)
{
	struct sink sink = {.run = digest_run_new(), .max = INT64_MAX};
	bool fine = receive(c, url, &sink);
	struct digest digest = digest_run_free(sink.run);

	if (fine) {
		*out = digest;
		*size = sink.size;
	}
	return fine;
}
