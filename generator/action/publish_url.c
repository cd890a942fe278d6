#include "action/publish_url.h"

#include <unistd.h>

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool publish_url_check(struct str url, struct buf *why)
{
	for (size_t i = 0; i < url.n; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (c < 0x20 || c == 0x7f) {
			buf_addz(why, "the target's address holds a control character");
			return false;
		}
	}
	if (url.n > PUBLISH_URL_MAX) {
		buf_addf(why, "the target's address is longer than %d bytes", PUBLISH_URL_MAX);
		return false;
	}
	if (address_has_password(url)) {
		buf_addz(why, "the target's address holds a password: take it out, and change it, since the "
			      "file that "
			      "it stood in may have been copied");
		return false;
	}
	return true;
}

void publish_url_encode(struct buf *out, struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];

		if (is_alpha(c) || is_digit(c) || (c && strchr("-._~/", c)))
			buf_addc(out, c);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool publish_url_decode(struct buf *out, struct str encoded)
{
	for (size_t i = 0; i < encoded.n; i++) {
		int high, low;

		if (encoded.p[i] != '%') {
			buf_addc(out, encoded.p[i]);
			continue;
		}
		if (encoded.n - i < 3)
			return false;
		high = hex_value(encoded.p[i + 1]);
		low = hex_value(encoded.p[i + 2]);
		if (high < 0 || low < 0 || (high | low) == 0)
			return false;
		buf_addc(out, (char)(high << 4 | low));
		i += 2;
	}
	return true;
}

/* Decodes into the arena; NULL after a sentence. */
static const char *decode(struct arena *a, struct str encoded, struct buf *why)
{
	const char *path = NULL;
	struct buf plain;

	if (str_find_byte(encoded, '?') != encoded.n || str_find_byte(encoded, '#') != encoded.n) {
		buf_addz(why,
			"a file address has no “?” or “#”: in a folder's name write them as %3F and %23");
		return NULL;
	}
	buf_init(&plain, PUBLISH_URL_MAX);
	if (!publish_url_decode(&plain, encoded) || buf_failed(&plain))
		buf_addz(why,
			"a “%” in the target's address is not followed by two hex digits: write it as %25");
	else
		path = str_z(a, buf_str(&plain));
	buf_release(&plain);
	return path;
}

bool publish_url_file_path(struct arena *a, struct str url, const char **out, struct buf *why)
{
	struct str rest = str_slice(url, publish_url_scheme(url).n + 1, url.n), host = address_authority(url);

	if (host.n && !str_is(host, "localhost")) {
		buf_addf(why,
			"“%.*s” stands where a file address names a machine: write file:///%.*s for an absolute "
			"folder or file:%.*s for one in the project",
			STR_ARG(host), STR_ARG(host), STR_ARG(host));
		return false;
	}
	if (str_starts(rest, STR("//")))
		rest = str_slice(rest, 2 + host.n, rest.n);
	if (!str_starts(rest, STR("/"))) {
		buf_addz(
			why, "the target's address names no folder: write file:///srv/www or file:published");
		return false;
	}
	*out = decode(a, rest, why);
	return *out != NULL;
}

/* An absolute form of a path, without looking at the file system but for the current folder. */
static struct str absolute(struct arena *a, const char *path)
{
	char *here;
	struct str out;

	if (path[0] == '/')
		return str_dup(a, str_from(path));
	here = getcwd(NULL, 0);
	out = str_fmt(a, "%s/%s", here ? here : "", path[0] ? path : ".");
	free(here);
	return out;
}

struct str publish_url_resolve(struct arena *a, const char *root, struct str url)
{
	struct str scheme = publish_url_scheme(url), rest = str_slice(url, scheme.n + 1, url.n), out = url;
	struct buf plain, whole;

	if (!str_is(scheme, "file") || rest.n == 0 || rest.p[0] == '/')
		return url;
	buf_init(&plain, PUBLISH_URL_MAX);
	buf_init(&whole, 4 * PUBLISH_URL_MAX);
	/* What cannot be decoded, or would mean something else once it is, is left for publish_run() to
	 * refuse. */
	if (publish_url_decode(&plain, rest) && str_find_byte(rest, '?') == rest.n &&
		str_find_byte(rest, '#') == rest.n) {
		buf_addz(&whole, "file://");
		publish_url_encode(&whole, absolute(a, root));
		buf_addc(&whole, '/');
		publish_url_encode(&whole, buf_str(&plain));
		if (!buf_failed(&plain) && !buf_failed(&whole))
			out = str_dup(a, buf_str(&whole));
	}
	buf_release(&whole);
	buf_release(&plain);
	return out;
}

/* ---- addresses of servers ---- */

static struct str lower(struct arena *a, struct str s)
{
	char *out = (char *)str_dup(a, s).p;

	for (size_t i = 0; i < s.n; i++)
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] += 'a' - 'A';
	return str_make(out, s.n);
}

static bool decode_part(struct arena *a, struct str part, struct str *out)
{
	struct buf b;
	bool fine;

	buf_init(&b, PUBLISH_URL_MAX);
	fine = publish_url_decode(&b, part) && utf8_check(buf_str(&b)) == b.n;
	*out = str_dup(a, buf_str(&b));
	buf_release(&b);
	return fine;
}

/* host, host:port, [v6], [v6]:port */
static bool split_host(struct str text, struct publish_address *out)
{
	struct str port = STR("");
	int64_t number = 0;
	size_t end;

	if (str_starts(text, STR("["))) {
		end = str_find_byte(text, ']');
		if (end == text.n)
			return false;
		out->host = str_slice(text, 1, end);
		text = str_slice(text, end + 1, text.n);
		if (text.n && text.p[0] != ':')
			return false;
		port = str_slice(text, text.n ? 1 : 0, text.n);
	} else {
		end = str_find_byte(text, ':');
		out->host = str_slice(text, 0, end);
		port = end < text.n ? str_slice(text, end + 1, text.n) : port;
	}
	if (port.n && (!str_to_int(port, &number) || number < 1 || number > 65535))
		return false;
	out->port = (unsigned)number;
	return out->host.n > 0;
}

static bool is_host(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if (!is_alpha(host.p[i]) && !is_digit(host.p[i]) && !strchr("-._:", host.p[i]))
			return false;
	return host.p[0] != '-'; /* never an option of a program that is told of it */
}

bool publish_url_is_loopback(struct str host)
{
	if (str_is(host, "localhost") || str_is(host, "::1"))
		return true;
	for (size_t i = 0; i < host.n; i++)
		if (!is_digit(host.p[i]) && host.p[i] != '.')
			return false;
	return str_starts(host, STR("127."));
}

static struct str trim_slashes(struct str path)
{
	while (path.n && path.p[0] == '/')
		path = str_slice(path, 1, path.n);
	while (path.n && path.p[path.n - 1] == '/')
		path = str_slice(path, 0, path.n - 1);
	return path;
}

/* What would end a line of a protocol. */
static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

static bool is_plain_path(struct str path)
{
	struct str rest = path, name;

	while (path.n && str_cut(&rest, '/', &name))
		if (name.n == 0 || str_is(name, ".") || str_is(name, ".."))
			return false;
	return !has_control(path) && str_find_byte(path, '\\') == path.n;
}

bool publish_url_parse(struct arena *a, struct str url, struct publish_address *out, struct buf *why)
{
	struct publish_address address = {.scheme = lower(a, publish_url_scheme(url))};
	struct str whole = address_authority(url), user = address_user(url), rest;
	size_t skipped = address.scheme.n + 3 + whole.n;

	if (skipped > url.n || !whole.n ||
		!split_host(str_slice(whole, user.n + (user.n < whole.n && whole.p[user.n] == '@'), whole.n),
			&address) ||
		!is_host(address.host)) {
		buf_addf(why, "the target's address “%.*s” names no server: write %.*s://host/folder",
			STR_ARG(url), STR_ARG(address.scheme));
		return false;
	}
	rest = str_slice(url, skipped, url.n);
	if (str_find_byte(rest, '?') < rest.n || str_find_byte(rest, '#') < rest.n) {
		buf_addf(why, "the target's address “%.*s” has a “?” or “#” in it", STR_ARG(url));
		return false;
	}
	if (!decode_part(a, user, &address.user) || has_control(address.user)) {
		buf_addf(why, "the user in the target's address “%.*s” is no plain name", STR_ARG(url));
		return false;
	}
	if (!decode_part(a, trim_slashes(rest), &address.path) || !is_plain_path(address.path)) {
		buf_addf(why, "the folder of the target's address “%.*s” is no plain path", STR_ARG(url));
		return false;
	}
	*out = address;
	return true;
}
