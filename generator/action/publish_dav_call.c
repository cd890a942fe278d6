/* One request to a WebDAV server and what its answer means. */
#include "action/publish_dav_impl.h"
#include "action/publish_url.h"

#include <curl/curl.h>

static const char *address_of(struct dav_link *d, struct str path, enum dav_slash slash)
{
	struct dav *v = dav_of(&d->link);

	buf_clear(&d->url);
	buf_add(&d->url, v->origin);
	buf_add(&d->url, v->folder);
	publish_url_encode(&d->url, path);
	if (slash == DAV_FOLDER && path.n)
		buf_addc(&d->url, '/');
	return d->url.p;
}

/* HTTP/1.1: with one request at a time per connection, HTTP/2 was slower (by a fifth to a quarter). */
static void begin(struct dav_link *d, const char *method, const char *address)
{
	struct publish_curl *c = d->curl;

	publish_curl_begin(c, address);
	publish_curl_number(c, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	publish_curl_number(c, CURLOPT_HTTPAUTH, dav_of(&d->link)->auth);
	publish_curl_text(c, CURLOPT_USERAGENT, "faktablad/" FAKTABLAD_VERSION);
	if (method)
		publish_curl_text(c, CURLOPT_CUSTOMREQUEST, method);
}

void publish_dav_begin(struct dav_link *d, const char *method, struct str path, enum dav_slash slash)
{
	begin(d, method, address_of(d, path, slash));
}

void publish_dav_begin_above(struct dav_link *d, const char *method, size_t n)
{
	struct dav *v = dav_of(&d->link);

	buf_clear(&d->url);
	buf_add(&d->url, v->origin);
	buf_add(&d->url, str_slice(v->folder, 0, n));
	begin(d, method, d->url.p);
}

/* A whole address: Apache refuses a path alone. */
void publish_dav_set_destination(struct dav_link *d, struct str path, enum dav_slash slash, bool overwrite)
{
	buf_clear(&d->header);
	buf_addf(&d->header, "Destination: %s", address_of(d, path, slash));
	publish_curl_add_header(d->curl, d->header.p);
	publish_curl_add_header(d->curl, overwrite ? "Overwrite: T" : "Overwrite: F");
}

static struct publish_http_about about(struct dav_link *d, const char *doing, struct str path)
{
	return (struct publish_http_about){
		.doing = doing,
		.what = path,
		.where = d->link.b->name,
		.credentials = "FAKTABLAD_USER (or the address) and FAKTABLAD_PASSWORD, or netrc",
		.ca_file = d->link.b->settings->ca_file,
		.kind = "a WebDAV folder",
	};
}

enum publish_answer publish_dav_judge(struct dav_link *d, const char *doing, struct str path)
{
	struct publish_http_about a = about(d, doing, path);

	return publish_http_judge(d->curl, ANSWER_OK, &a, d->link.why, &d->link.retry_after);
}

enum publish_answer publish_dav_ask(struct dav_link *d, const char *doing, struct str path, long *status)
{
	enum publish_answer performed = publish_curl_perform(d->curl);
	struct publish_http_about a;

	*status = publish_curl_status(d->curl);
	if (performed == ANSWER_OK)
		return ANSWER_OK;
	a = about(d, doing, path);
	return publish_http_judge(d->curl, performed, &a, d->link.why, &d->link.retry_after);
}

enum publish_answer publish_dav_perform(struct dav_link *d, const char *doing, struct str path)
{
	long status;
	enum publish_answer answer = publish_dav_ask(d, doing, path, &status);

	return answer == ANSWER_OK ? publish_dav_judge(d, doing, path) : answer;
}

enum publish_answer publish_dav_move(struct dav_link *d, struct str from, struct str to, enum dav_slash slash,
	bool overwrite, long *status)
{
	publish_dav_begin(d, "MOVE", from, slash);
	publish_dav_set_destination(d, to, slash, overwrite);
	if (!dav_of(&d->link)->server->move_is_atomic)
		publish_dav_name_hold(d, to);
	return publish_dav_ask(d, "rename", to, status);
}
