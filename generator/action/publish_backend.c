#include "action/publish_backend.h"

#include "action/publish_url.h"

#include <errno.h>
#include <strings.h>

/* A new protocol: its own publish_<protocol>.c, its ops declared in publish_backend.h, and a row here. */
static const struct {
	const char *scheme;
	const struct publish_backend_ops *ops;
} backends[] = {
	{"file", &publish_file_ops},
	{"sftp", &publish_sftp_ops},
	{"ftps", &publish_ftp_ops},
	{"ftp", &publish_ftp_ops},
	{"s3", &publish_s3_ops},
	{"davs", &publish_dav_ops},
	{"dav", &publish_dav_ops},
};

void publish_listing_add(struct publish_listing *l, struct arena *a, const struct publish_listed *item)
{
	l->items = arena_grow(a, l->items, l->len, &l->cap, sizeof(*l->items));
	l->items[l->len++] = *item;
}

enum publish_answer publish_unsent(struct publish_link *l, const char *local, int error)
{
	buf_clear(l->why);
	switch (error) {
	case ENOENT:
		buf_addf(l->why, "%s is gone: run build again", local);
		return ANSWER_CHANGED;
	case ESTALE:
		buf_addf(l->why, "%s is not what the last build wrote: run build again", local);
		return ANSWER_CHANGED;
	default:
		buf_addf(l->why, "cannot read %s: %s", local, strerror(error));
		return ANSWER_FAILED;
	}
}

void publish_backend_list(struct buf *out)
{
	for (size_t i = 0; i < COUNT_OF(backends); i++)
		buf_addf(out, "%s%s:", i ? ", " : "", backends[i].scheme);
}

static bool same_scheme(struct str written, const char *known)
{
	return written.n == strlen(known) && strncasecmp(written.p, known, written.n) == 0;
}

static struct publish_backend *say_unknown(const struct publish_backend *base, struct str scheme)
{
	if (scheme.n)
		buf_addf(base->why, "publish does not know “%.*s:” targets; it knows: ", STR_ARG(scheme));
	else
		buf_addf(base->why,
			"the target's address “%.*s” begins with no scheme (write file:published for a "
			"folder in the project); publish knows: ",
			STR_ARG(base->settings->url));
	publish_backend_list(base->why);
	return NULL;
}

struct publish_backend *publish_backend_open(const struct publish_backend *base)
{
	struct str scheme = publish_url_scheme(base->settings->url);

	if (!publish_url_check(base->settings->url, base->why))
		return NULL;
	for (size_t i = 0; i < COUNT_OF(backends); i++) {
		struct publish_backend row = *base;

		if (!same_scheme(scheme, backends[i].scheme))
			continue;
		row.ops = backends[i].ops;
		row.scheme = str_from(backends[i].scheme);
		return row.ops->open(&row);
	}
	return say_unknown(base, scheme);
}
