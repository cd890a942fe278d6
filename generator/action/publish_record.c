#include "action/publish_record.h"

static const char *const kind_names[] = {
	[PUBLISH_RECORD_MANIFEST] = "manifest",
	[PUBLISH_RECORD_INTENT] = "intent",
};

static const char *const kind_marks[] = {
	[PUBLISH_RECORD_MANIFEST] = "=~^",
	[PUBLISH_RECORD_INTENT] = "+-",
};

static bool is_safe_name(struct str name)
{
	if (name.n == 0 || name.p[0] == '.')
		return false;
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c < 0x20 || c == 0x7f || c == '\\')
			return false;
	}
	return true;
}

bool publish_path_safe(struct str path)
{
	struct str rest = path, name;

	if (path.n == 0 || path.n > PUBLISH_PATH_MAX || path.p[path.n - 1] == '/' ||
		utf8_check(path) != path.n)
		return false;
	while (str_cut(&rest, '/', &name))
		if (!is_safe_name(name))
			return false;
	return true;
}

void publish_record_add(struct publish_record *r, struct arena *a, const struct publish_entry *entry)
{
	r->entries = arena_grow(a, r->entries, r->len, &r->cap, sizeof(*r->entries));
	r->entries[r->len++] = *entry;
}

static int compare_to_path(const void *key, const void *entry)
{
	return str_cmp(*(const struct str *)key, ((const struct publish_entry *)entry)->path);
}

const struct publish_entry *publish_record_find(const struct publish_record *r, struct str path)
{
	if (r->len == 0)
		return NULL;
	return bsearch(&path, r->entries, r->len, sizeof(*r->entries), compare_to_path);
}

static int compare_entries(const void *x, const void *y)
{
	return str_cmp(((const struct publish_entry *)x)->path, ((const struct publish_entry *)y)->path);
}

void publish_entries_sort(struct publish_entry *entries, size_t n)
{
	if (n > 1)
		qsort(entries, n, sizeof(*entries), compare_entries);
}

bool publish_digest_known(const struct digest *digest)
{
	const struct digest nobodys = {0};

	return !digest_eq(digest, &nobodys);
}

/* ---- writing ---- */

static void write_entry(struct buf *out, const struct publish_entry *e)
{
	char hex[DIGEST_HEX + 1];

	digest_hex(&e->digest, hex);
	buf_addf(out, "%c %s %llu ", (char)e->mark, hex, (unsigned long long)e->size);
	if (e->headers)
		buf_addf(out, "%016llx ", (unsigned long long)e->headers);
	else
		buf_addz(out, "- ");
	if (e->mark == PUBLISH_RETIRED)
		buf_addf(out, "%lld ", (long long)e->since);
	buf_add(out, e->path);
	buf_addc(out, '\n');
}

void publish_record_write(struct buf *out, const struct publish_record *r)
{
	char site[DIGEST_HEX + 1], sum[DIGEST_HEX + 1];
	struct digest digest;
	struct buf body;

	buf_init(&body, PUBLISH_RECORD_MAX_BYTES);
	for (size_t i = 0; i < r->len; i++)
		write_entry(&body, &r->entries[i]);
	if (buf_failed(&body))
		buf_fail(out);
	digest = digest_of(buf_str(&body));
	digest_hex(&digest, sum);
	digest_hex(&r->site, site);
	buf_addf(out, "faktablad-target 1 %s\ngeneration %llu\n", kind_names[r->kind],
		(unsigned long long)r->generation);
	buf_addf(out, "token %.*s\nsite %s\nentries %zu %s\n", STR_ARG(r->token), site, r->len, sum);
	buf_add(out, buf_str(&body));
	buf_release(&body);
}

/* ---- reading ---- */

/* The reader is sticky: after the first fault every step fails, and `line` stays where it was. */
struct reader {
	struct str rest;
	size_t line;
	bool failed;
};

static struct str next_line(struct reader *r)
{
	size_t end = str_find_byte(r->rest, '\n');
	struct str line = str_slice(r->rest, 0, end);

	if (r->failed)
		return STR("");
	r->line++;
	if (end == r->rest.n)
		r->failed = true; /* every line ends, the last one too */
	else
		r->rest = str_slice(r->rest, end + 1, r->rest.n);
	return line;
}

static struct str next_word(struct reader *r, struct str *line)
{
	struct str word = STR("");

	if (r->failed || !str_cut(line, ' ', &word) || word.n == 0)
		r->failed = true;
	return word;
}

static void want(struct reader *r, struct str word, const char *wanted)
{
	if (!str_is(word, wanted))
		r->failed = true;
}

static uint64_t to_number(struct reader *r, struct str word)
{
	int64_t n = 0;

	if (word.n == 0 || word.p[0] == '-' || !str_to_int(word, &n))
		r->failed = true;
	return (uint64_t)n;
}

static void to_digest(struct reader *r, struct str word, struct digest *out)
{
	if (!digest_parse(word, out))
		r->failed = true;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint64_t to_headers(struct reader *r, struct str word)
{
	uint64_t n = 0;

	if (str_eq(word, STR("-")))
		return 0;
	if (word.n != 16)
		r->failed = true;
	for (size_t i = 0; i < word.n && !r->failed; i++) {
		int digit = hex_value(word.p[i]);

		r->failed = digit < 0;
		n = n << 4 | (uint64_t)(digit & 15);
	}
	return n;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (hex_value(s.p[i]) < 0)
			return false;
	return s.n > 0 && s.n <= PUBLISH_TOKEN_MAX;
}

static struct str field(struct reader *r, const char *name)
{
	struct str line = next_line(r);

	want(r, next_word(r, &line), name);
	return line;
}

static struct publish_entry to_entry(struct reader *r, enum publish_record_kind kind)
{
	struct str line = next_line(r), mark = next_word(r, &line);
	struct publish_entry e = {0};

	if (mark.n != 1 || !strchr(kind_marks[kind], mark.p[0]))
		r->failed = true;
	else
		e.mark = (enum publish_mark)mark.p[0];
	to_digest(r, next_word(r, &line), &e.digest);
	e.size = to_number(r, next_word(r, &line));
	e.headers = to_headers(r, next_word(r, &line));
	if (e.mark == PUBLISH_RETIRED)
		e.since = (int64_t)to_number(r, next_word(r, &line));
	e.path = line;
	if (!publish_path_safe(line))
		r->failed = true;
	return e;
}

static void read_entries(struct publish_record *out, struct arena *a, struct reader *r, uint64_t count)
{
	for (uint64_t i = 0; i < count && !r->failed; i++) {
		struct publish_entry e = to_entry(r, out->kind);

		if (out->len && str_cmp(out->entries[out->len - 1].path, e.path) >= 0)
			r->failed = true;
		if (!r->failed)
			publish_record_add(out, a, &e);
	}
	if (!r->failed && r->rest.n) {
		r->line++;
		r->failed = true;
	}
}

bool publish_record_read(struct publish_record *out, struct arena *a, enum publish_record_kind kind,
	struct str text, size_t *line)
{
	struct reader r = {.rest = text};
	struct publish_record record = {.kind = kind};
	struct digest sum = {0}, actual;
	struct str rest;
	uint64_t count;

	rest = next_line(&r);
	want(&r, next_word(&r, &rest), "faktablad-target");
	want(&r, next_word(&r, &rest), "1");
	want(&r, rest, kind_names[kind]);
	record.generation = to_number(&r, field(&r, "generation"));
	record.token = field(&r, "token");
	if (!is_token(record.token))
		r.failed = true;
	to_digest(&r, field(&r, "site"), &record.site);
	rest = field(&r, "entries");
	count = to_number(&r, next_word(&r, &rest));
	to_digest(&r, rest, &sum);
	if (!r.failed) {
		actual = digest_of(r.rest);
		r.failed = !digest_eq(&sum, &actual);
	}
	read_entries(&record, a, &r, count);
	*line = r.line;
	if (!r.failed)
		*out = record;
	return !r.failed;
}
