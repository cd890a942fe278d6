#include "model/target.h"

#include "base/address.h"
#include "base/glob.h"

#define DAY ((int64_t)24 * 60 * 60)

struct reader {
	struct target *t;
	struct arena *a;
	struct diag *d;
	struct yml *y;
};

static const struct str known[] = {STR_INIT("url"), STR_INIT("default"), STR_INIT("public_address"),
	STR_INIT("delete_cap"), STR_INIT("connections"), STR_INIT("generations"), STR_INIT("grace"),
	STR_INIT("headers"), STR_INIT("region"), STR_INIT("endpoint"), STR_INIT("ca_file"),
	STR_INIT("known_hosts"), STR_INIT("identity"), STR_INIT("netrc"), STR_INIT("stall"),
	STR_INIT("switch")};

struct str target_variable(struct arena *a, struct str target, struct str suffix)
{
	char *name = arena_alloc(a, target.n + 1);

	for (size_t i = 0; i < target.n; i++) {
		char c = target.p[i];

		if (c >= 'a' && c <= 'z')
			name[i] = (char)(c - 'a' + 'A');
		else
			name[i] = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
	}
	return STR_CONCAT(a, STR("FAKTABLAD_"), str_make(name, target.n), STR("_"), suffix);
}

/* Keys that people try, and what to say instead. */
static const struct secret {
	const char *key, *variable;
} secrets[] = {
	{"password", "FAKTABLAD_PASSWORD"},
	{"passwd", "FAKTABLAD_PASSWORD"},
	{"pass", "FAKTABLAD_PASSWORD"},
	{"secret", "FAKTABLAD_PASSWORD"},
	{"token", "FAKTABLAD_PASSWORD"},
	{"passphrase", "FAKTABLAD_KEY_PASSPHRASE"},
	{"key_passphrase", "FAKTABLAD_KEY_PASSPHRASE"},
	{"access_key", "AWS_ACCESS_KEY_ID"},
	{"access_key_id", "AWS_ACCESS_KEY_ID"},
	{"aws_access_key_id", "AWS_ACCESS_KEY_ID"},
	{"secret_key", "AWS_SECRET_ACCESS_KEY"},
	{"secret_access_key", "AWS_SECRET_ACCESS_KEY"},
	{"aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"},
	{"session_token", "AWS_SESSION_TOKEN"},
	{"aws_session_token", "AWS_SESSION_TOKEN"},
};

static void hide(struct span at)
{
	if (at.src)
		at.src->secret = true;
}

static void refuse_secrets(struct reader *r)
{
	for (size_t i = 0; i < COUNT_OF(secrets); i++) {
		struct yml *y = yml_get(r->y, secrets[i].key);

		if (!y)
			continue;
		hide(y->at);
		diag_add(r->d, RULE_TARGET_SECRET, y->key_at,
			"a secret does not belong in this file, which is copied and kept; it was left out");
		diag_hint(r->d, "take it out, change it, and give it in the environment variable %s",
			secrets[i].variable);
	}
}

static void refuse_password(struct reader *r, struct yml *y)
{
	hide(y->at);
	diag_add(r->d, RULE_TARGET_SECRET, y->key_at,
		"this address holds a password, which does not belong in a file that is copied and kept; it was "
		"left out");
	diag_hint(r->d, "take it out, change it, and give it in the environment variable FAKTABLAD_PASSWORD");
}

static void bad_value(struct reader *r, const struct yml *y, const char *allowed)
{
	diag_add(r->d, RULE_YAML_VALUE, y->at, "“%.*s” is not allowed here", STR_ARG(y->text));
	diag_hint(r->d, "allowed: %s", allowed);
}

static struct str read_text(struct reader *r, const char *key)
{
	return str_trim(yml_str(yml_get(r->y, key), (struct str){0}, r->d));
}

static void read_url(struct reader *r)
{
	struct yml *y = yml_get(r->y, "url");

	if (y && address_has_password(y->text)) {
		refuse_password(r, y);
		return;
	}
	r->t->url = read_text(r, "url");
	if (r->t->url.n)
		return;
	diag_add(r->d, RULE_YAML_MISSING, r->y->key_at, "the target “%.*s” has no url", STR_ARG(r->y->key));
	diag_hint(r->d, "for a local directory: “url: file:published”");
}

/* A web address; empty when it is none. */
static struct str read_web(struct reader *r, const char *key, const char *example)
{
	struct yml *y = yml_get(r->y, key);
	struct str address;

	if (y && address_has_password(y->text)) {
		refuse_password(r, y);
		return (struct str){0};
	}
	address = read_text(r, key);
	if (!address.n || address_is_base(address))
		return address;
	diag_add(r->d, RULE_YAML_VALUE, y->at, "%s must be an absolute web address; it was left out", key);
	diag_hint(r->d, "for example %s", example);
	return (struct str){0};
}

static int64_t read_number(struct reader *r, const char *key, int64_t low, int64_t high)
{
	struct yml *y = yml_get(r->y, key);
	int64_t n = yml_int(y, -1, r->d);
	char allowed[64];

	if (!y || y->kind != YML_SCALAR || n == -1 || (n >= low && n <= high))
		return n;
	snprintf(allowed, sizeof(allowed), "%lld to %lld", (long long)low, (long long)high);
	bad_value(r, y, allowed);
	return -1;
}

/* Days, or a number with a unit: 12h, 7d, 2w. */
static bool parse_span(struct str s, int64_t *seconds)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = {{'h', 60 * 60}, {'d', DAY}, {'w', 7 * DAY}};
	int64_t unit = DAY, n;

	for (size_t i = 0; i < COUNT_OF(units) && s.n; i++) {
		if (s.p[s.n - 1] != units[i].letter)
			continue;
		unit = units[i].seconds;
		s.n--;
		break;
	}
	if (!str_to_int(s, &n) || n < 0 || n > 3650 * DAY / unit)
		return false;
	*seconds = n * unit;
	return true;
}

static void read_grace(struct reader *r)
{
	struct yml *y = yml_get(r->y, "grace");
	struct str text = read_text(r, "grace");

	if (text.n && !parse_span(text, &r->t->grace_seconds))
		bad_value(r, y, "a number of days, or hours, days or weeks as in 12h, 7d, 2w");
}

static void read_switch(struct reader *r)
{
	struct yml *y = yml_get(r->y, "switch");
	struct str text = read_text(r, "switch"), scheme = address_scheme(r->t->url);

	if (!text.n || str_is(text, "files"))
		return;
	r->t->whole_switch = str_is(text, "whole");
	if (!r->t->whole_switch) {
		bad_value(r, y, "whole, files");
	} else if (scheme.n && !str_is(scheme, "file") && !str_is(scheme, "sftp")) {
		diag_add(r->d, RULE_YAML_VALUE, y->at,
			"only file and sftp targets can be switched as a whole; files are replaced one by one");
		r->t->whole_switch = false;
	}
}

/* Headers */

/* RFC 9110's tokens. */
static bool is_header_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c >= 0x7F || strchr("()<>@,;:\\\"/[]?={}", c))
			return false;
	}
	return s.n > 0;
}

static bool is_header_value(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || (unsigned char)s.p[i] >= 0x7F)
			return false;
	return s.n <= 1024;
}

/* What object stores keep beside a file, and send with it. */
static bool is_kept(struct arena scratch, struct str name)
{
	static const char *const kept[] = {"cache-control", "content-disposition", "content-encoding",
		"content-language", "content-type", "expires", "x-amz-storage-class",
		"x-amz-website-redirect-location"};
	struct str lower = str_lower(&scratch, name);

	for (size_t i = 0; i < COUNT_OF(kept); i++)
		if (str_is(lower, kept[i]))
			return true;
	return str_starts(lower, STR("x-amz-meta-"));
}

static bool usable_header(struct reader *r, const struct yml *y)
{
	if (!is_header_name(y->key)) {
		diag_add(r->d, RULE_YAML_VALUE, y->key_at, "“%.*s” is no name of a header; it was left out",
			STR_ARG(y->key));
		diag_hint(r->d, "for example Cache-Control");
	} else if (!is_kept(*r->a, y->key)) {
		diag_add(r->d, RULE_YAML_VALUE, y->key_at, "no target keeps the header %.*s; it was left out",
			STR_ARG(y->key));
		diag_hint(r->d,
			"kept are Cache-Control, Content-Type, Content-Language, Content-Disposition, "
			"Content-Encoding, Expires and x-amz-meta-…; the others are set where the web "
			"server or the CDN is configured");
	} else if (y->kind == YML_SCALAR && !is_header_value(y->text)) {
		diag_add(r->d, RULE_YAML_VALUE, y->at,
			"a header's value is one line of ASCII, up to 1024 bytes; it was left out");
	} else {
		return true;
	}
	return false;
}

static void read_pattern(struct reader *r, struct target_headers *h, struct yml *y)
{
	const char *fault = glob_fault(y->key);

	h->pattern = y->key;
	if (fault) {
		diag_add(r->d, RULE_YAML_VALUE, y->key_at, "“%.*s” is no pattern of paths: %s",
			STR_ARG(y->key), fault);
		diag_hint(r->d, "for example “**/*.html”, “packs/**” or “index.html”");
		return;
	}
	if (!yml_want_map(y, r->d))
		return;
	h->items = arena_new_n(r->a, struct target_header, y->len);
	yml_each (item, y) {
		struct str value = yml_str(item, (struct str){0}, r->d);

		if (usable_header(r, item))
			h->items[h->len++] = (struct target_header){item->key, str_trim(value)};
	}
}

static void read_headers(struct reader *r)
{
	struct yml *y = yml_get(r->y, "headers");
	struct str scheme = address_scheme(r->t->url);

	if (!y || yml_is_null(y) || !yml_want_map(y, r->d))
		return;
	if (scheme.n && !str_is(scheme, "s3")) {
		diag_add(r->d, RULE_TARGET_HEADERS, y->key_at,
			"this target keeps no headers: its web server makes them; these mean nothing");
		diag_hint(r->d, "write them into the web server's configuration");
	}
	r->t->headers = arena_new_n(r->a, struct target_headers, y->len);
	yml_each (item, y) {
		if (r->t->header_count == TARGET_MAX_PATTERNS) {
			diag_add(r->d, RULE_YAML_LIMIT, item->key_at,
				"more than %d patterns; this and the following were left out",
				TARGET_MAX_PATTERNS);
			break;
		}
		read_pattern(r, &r->t->headers[r->t->header_count++], item);
	}
}

static void read_limits(struct reader *r)
{
	struct target *t = r->t;

	t->delete_cap = read_number(r, "delete_cap", 1, 1000000000);
	t->connections = read_number(r, "connections", 1, TARGET_MAX_CONNECTIONS);
	t->generations = read_number(r, "generations", 0, TARGET_MAX_GENERATIONS);
	t->stall_seconds = read_number(r, "stall", 1, 3600);
}

void target_read(struct target *t, struct arena *a, struct yml *y, struct diag *d)
{
	struct reader r = {t, a, d, y};

	*t = (struct target){.name = y->key,
		.at = y->at,
		.delete_cap = -1,
		.connections = -1,
		.generations = -1,
		.grace_seconds = -1,
		.stall_seconds = -1};
	if (!yml_is_null(y) && !yml_want_map(y, d))
		return;
	refuse_secrets(&r);
	read_url(&r);
	t->public_address = read_web(&r, "public_address", "https://www.example.org/faktablad/");
	if (t->public_address.n && !str_ends(t->public_address, STR("/")))
		t->public_address = str_join(a, t->public_address, STR("/"));
	t->endpoint = read_web(&r, "endpoint", "https://s3.example.org");
	t->is_default = yml_bool(yml_get(y, "default"), false, d);
	t->netrc = yml_bool(yml_get(y, "netrc"), false, d);
	read_limits(&r);
	read_grace(&r);
	read_switch(&r);
	read_headers(&r);
	t->region = read_text(&r, "region");
	t->ca_file = read_text(&r, "ca_file");
	t->known_hosts = read_text(&r, "known_hosts");
	t->identity = read_text(&r, "identity");
	yml_unknown(y, known, COUNT_OF(known), d);
}
