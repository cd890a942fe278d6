#include "action/publish_host.h"

#include "base/digest.h"

#define SSH_PORT 22

/* ---- base64 ---- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i += 3) {
		uint32_t v = 0;

		for (size_t j = 0; j < 3; j++)
			v = v << 8 | (i + j < bytes.n ? (uint8_t)bytes.p[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			buf_addc(out, i + j > bytes.n ? '=' : digits[v >> (18 - 6 * j) & 63]);
	}
}

bool base64_decode(struct buf *out, struct str text)
{
	uint32_t v = 0;
	unsigned bits = 0;

	while (text.n && text.p[text.n - 1] == '=')
		text.n--;
	for (size_t i = 0; i < text.n; i++) {
		const char *at = text.p[i] ? strchr(digits, text.p[i]) : NULL;

		if (!at)
			return false;
		v = v << 6 | (uint32_t)(at - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_addc(out, (char)(v >> bits & 255));
		}
	}
	return true;
}

/* ---- keys ---- */

/* The kind that stands at the front of a key. */
static struct str kind_of(struct str key)
{
	const uint8_t *p = (const uint8_t *)key.p;
	size_t n;

	if (key.n < 4)
		return STR("");
	n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
	return n <= 64 && n <= key.n - 4 ? str_slice(key, 4, 4 + n) : STR("");
}

static const char *people_call(struct str kind)
{
	static const struct {
		const char *start, *name;
	} names[] = {
		{"ssh-ed25519", "ED25519"}, {"ecdsa-sha2-", "ECDSA"}, {"ssh-rsa", "RSA"}, {"ssh-dss", "DSA"}};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_starts(kind, str_from(names[i].start)))
			return names[i].name;
	return "a key of an unknown kind";
}

void host_key_fingerprint(struct buf *out, struct str key)
{
	struct digest digest = digest_of(key);
	char text[45];

	digest_base64(&digest, text);
	buf_addf(out, "%s SHA256:%.*s", people_call(kind_of(key)), 43, text);
}

/* ---- names ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* '*' and '?'; goes back to the last '*' only, so the time is bounded by the product of the lengths. */
static bool fits(struct str pattern, struct str name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, mark = 0;

	while (n < name.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			mark = n;
		} else if (p < pattern.n && (pattern.p[p] == '?' || lower(pattern.p[p]) == name.p[n])) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

/* |1|salt|hash: HMAC-SHA1 of the name. */
static bool fits_hash(struct str field, struct str name)
{
	struct str rest = str_slice(field, 3, field.n), salt, hash;
	uint8_t code[DIGEST_SHA1_BYTES];
	struct buf key, text;
	bool same;

	if (!str_cut(&rest, '|', &salt))
		return false;
	hash = rest;
	buf_init(&key, 256);
	buf_init(&text, 256);
	same = base64_decode(&key, salt) && !buf_failed(&key);
	if (same) {
		digest_hmac_sha1(buf_str(&key), name, code);
		base64_encode(&text, str_make((const char *)code, sizeof(code)));
		same = str_eq(buf_str(&text), hash);
	}
	buf_release(&key);
	buf_release(&text);
	return same;
}

static bool fits_field(struct str field, struct str name)
{
	struct str pattern;
	bool fit = false;

	if (str_starts(field, STR("|1|")))
		return fits_hash(field, name);
	while (str_cut(&field, ',', &pattern)) {
		bool not = str_starts(pattern, STR("!"));

		if (!fits(str_slice(pattern, not, pattern.n), name))
			continue;
		if (not )
			return false;
		fit = true;
	}
	return fit;
}

/* ---- the file ---- */

static struct str next_word(struct str *line)
{
	size_t from = 0, to;

	while (from < line->n && (line->p[from] == ' ' || line->p[from] == '\t'))
		from++;
	for (to = from; to < line->n && line->p[to] != ' ' && line->p[to] != '\t';)
		to++;
	struct str word = str_slice(*line, from, to);

	*line = str_slice(*line, to, line->n);
	return word;
}

static void read_line(struct host_known *k, struct arena *a, struct str line, struct str name)
{
	struct str field = next_word(&line);
	struct host_key key = {0};

	if (field.n == 0 || field.p[0] == '#')
		return;
	if (field.p[0] == '@') {
		if (!str_is(field, "@revoked"))
			return;
		key.revoked = true;
		field = next_word(&line);
	}
	key.type = str_dup(a, next_word(&line));
	key.key = str_dup(a, str_trim(next_word(&line)));
	if (!key.key.n || !fits_field(field, name))
		return;
	k->keys = arena_grow(a, k->keys, k->len, &k->cap, sizeof(*k->keys));
	k->keys[k->len++] = key;
}

static void read_for(struct host_known *k, struct arena *a, struct str text, struct str name)
{
	struct str line;

	while (str_cut(&text, '\n', &line))
		read_line(k, a, str_trim(line), name);
}

static struct str name_with_port(const struct host_known *k, struct arena *a)
{
	if (k->port == SSH_PORT)
		return k->host;
	return str_fmt(a, "[%.*s]:%u", STR_ARG(k->host), k->port);
}

void host_known_read(struct host_known *k, struct arena *a, struct str text)
{
	size_t before = k->len;

	read_for(k, a, text, name_with_port(k, a));
	if (k->len == before && k->port != SSH_PORT)
		read_for(k, a, text, k->host);
}

/* ---- judging ---- */

struct str host_known_kind(const struct host_known *k)
{
	static const char *const kinds[] = {
		"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"};

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		for (size_t j = 0; j < k->len; j++)
			if (!k->keys[j].revoked && str_is(k->keys[j].type, kinds[i]))
				return k->keys[j].type;
	return STR("");
}

static const struct host_key *of_kind(const struct host_known *k, struct str kind)
{
	for (size_t i = 0; i < k->len; i++)
		if (!k->keys[i].revoked && str_eq(k->keys[i].type, kind))
			return &k->keys[i];
	return NULL;
}

static void say_unknown(const struct host_known *k, struct str key, struct str text, struct buf *why)
{
	buf_addf(why, "the host key of %.*s is not known: ", STR_ARG(k->host));
	host_key_fingerprint(why, key);
	if (k->len)
		buf_addf(why, ", while %s has %s", k->file,
			k->len == 1 ? "a key of another kind" : "keys of other kinds");
	buf_addf(why, "; when whoever runs the server says that this is the right one, add this line to %s: ",
		k->file);
	if (k->port == SSH_PORT)
		buf_add(why, k->host);
	else
		buf_addf(why, "[%.*s]:%u", STR_ARG(k->host), k->port);
	buf_addf(why, " %.*s %.*s", STR_ARG(kind_of(key)), STR_ARG(text));
}

static void say_changed(
	const struct host_known *k, struct str key, const struct host_key *old, struct buf *why)
{
	struct buf raw;

	buf_init(&raw, 64 << 10);
	buf_addf(why, "the host key of %.*s has CHANGED: it was ", STR_ARG(k->host));
	if (base64_decode(&raw, old->key) && !buf_failed(&raw))
		host_key_fingerprint(why, buf_str(&raw));
	else
		buf_addz(why, "another one");
	buf_addz(why, " and is now ");
	host_key_fingerprint(why, key);
	buf_addf(why,
		"; somebody may stand between you and the server: ask whoever runs it, and only when the new key is "
		"right replace the line in %s",
		k->file);
	buf_release(&raw);
}

static enum host_verdict judge(const struct host_known *k, struct str key, struct str text, struct buf *why)
{
	const struct host_key *old;
	enum host_verdict verdict = HOST_UNKNOWN;

	for (size_t i = 0; i < k->len; i++) {
		if (!str_eq(k->keys[i].key, text))
			continue;
		if (k->keys[i].revoked) {
			buf_addf(why, "the host key of %.*s was REVOKED in %s: do not publish there",
				STR_ARG(k->host), k->file);
			return HOST_REVOKED;
		}
		verdict = HOST_KNOWN;
	}
	if (verdict == HOST_KNOWN)
		return verdict;
	old = of_kind(k, kind_of(key));
	if (old)
		say_changed(k, key, old, why);
	else
		say_unknown(k, key, text, why);
	return old ? HOST_CHANGED : HOST_UNKNOWN;
}

enum host_verdict host_known_judge(const struct host_known *k, struct str key, struct buf *why)
{
	enum host_verdict verdict;
	struct buf text;

	buf_init(&text, 64 << 10);
	base64_encode(&text, key);
	verdict = buf_failed(&text) || !key.n ? HOST_UNKNOWN : judge(k, key, buf_str(&text), why);
	buf_release(&text);
	return verdict;
}
