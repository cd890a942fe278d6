#include "action/publish_public.h"

#include "action/publish_curl.h"
#include "action/publish_url.h"

#include <curl/curl.h>
#include <strings.h>
#include <time.h>

#define REDIRECTS 5L

/* What browsers must be told; of other files only the length is looked at. */
static const struct {
	const char *end, *type;
} types[] = {
	{".html", "text/html"},
	{".css", "text/css"},
	{".svg", "image/svg+xml"},
};

static const char *wanted_type(struct str path)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_ends(path, str_from(types[i].end)))
			return types[i].type;
	return NULL;
}

static bool is_type(const char *header, const char *type)
{
	size_t n = strlen(type);

	return header && strncasecmp(header, type, n) == 0 && (!header[n] || strchr("; \t", header[n]));
}

static const char *address_of(const struct publish_public *p, struct str path, struct buf *out)
{
	buf_add(out, p->address);
	if (p->address.n == 0 || p->address.p[p->address.n - 1] != '/')
		buf_addc(out, '/');
	publish_url_encode(out, path);
	return out->p;
}

static bool judge(struct publish_curl *c, const char *url, struct str path, uint64_t size, uint64_t got,
	struct buf *why)
{
	const char *type = publish_curl_header(c, "Content-Type"), *wanted = wanted_type(path);
	long status = publish_curl_status(c);

	if (status != 200)
		buf_addf(why, "%s answers %ld", url, status);
	else if (wanted && !is_type(type, wanted))
		buf_addf(why, "%s is served as %s, not as %s", url, type ? type : "nothing in particular",
			wanted);
	else if (got != size)
		buf_addf(why, "%s has %llu bytes there, %llu here", url, (unsigned long long)got,
			(unsigned long long)size);
	else
		return true;
	return false;
}

static bool read_page(
	struct publish_curl *c, const char *url, struct str path, uint64_t size, struct buf *why)
{
	struct digest_run *run = digest_run_new();
	enum publish_answer answer;

	buf_clear(why);
	publish_curl_begin(c, url);
	publish_curl_number(c, CURLOPT_FOLLOWLOCATION, 1);
	publish_curl_number(c, CURLOPT_MAXREDIRS, REDIRECTS);
	publish_curl_add_header(c, "Cache-Control: no-cache");
	publish_curl_take_digest(c, run);
	answer = publish_curl_perform(c);
	(void)digest_run_free(run);
	if (answer == ANSWER_OK)
		return judge(c, url, path, size, publish_curl_received(c), why);
	buf_addf(why, "%s cannot be read: %s", url, publish_curl_why(c));
	return false;
}

static void wait_before(const struct publish_public *p, unsigned tried)
{
	unsigned ms = (p->pause_ms ? p->pause_ms : 1000) << (tried - 1);

	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

bool publish_public_check(const struct publish_public *p, struct str path, uint64_t size, struct buf *why)
{
	struct publish_settings visitor = {
		.ca_file = p->settings->ca_file, .stall_seconds = p->settings->stall_seconds};
	struct publish_curl *c = publish_curl_new("http,https", &visitor, NULL);
	struct buf url;
	bool fine = false;

	buf_init(&url, 4 * PUBLISH_URL_MAX);
	address_of(p, path, &url);
	for (unsigned tried = 1; tried <= PUBLISH_PUBLIC_TRIES && !fine; tried++) {
		if (tried > 1)
			wait_before(p, tried - 1);
		fine = read_page(c, url.p, path, size, why);
	}
	buf_release(&url);
	publish_curl_free(c);
	return fine;
}
