#include "output/manifest.h"

#include "base/fs.h"

#define HEAD "faktablad-manifest 1"
#define HEAD_STATES "faktablad-manifest 2"

void manifest_add(
	struct manifest *m, struct arena *a, struct str path, const struct digest *digest, uint64_t size)
{
	m->entries = arena_grow(a, m->entries, m->len, &m->cap, sizeof(*m->entries));
	m->entries[m->len++] = (struct manifest_entry){path, *digest, size, {0}};
}

void manifest_set_state(struct manifest *m, struct str state)
{
	m->entries[m->len - 1].state = state;
}

static int compare_entries(const void *x, const void *y)
{
	return str_cmp(((const struct manifest_entry *)x)->path, ((const struct manifest_entry *)y)->path);
}

bool manifest_sort(struct manifest *m, struct str *twice)
{
	if (m->len > 1)
		qsort(m->entries, m->len, sizeof(*m->entries), compare_entries);
	for (size_t i = 1; i < m->len; i++) {
		if (!str_eq(m->entries[i - 1].path, m->entries[i].path))
			continue;
		*twice = m->entries[i].path;
		return false;
	}
	return true;
}

const struct manifest_entry *manifest_find(const struct manifest *m, struct str path)
{
	struct manifest_entry key = {.path = path};

	return m->len ? bsearch(&key, m->entries, m->len, sizeof(*m->entries), compare_entries) : NULL;
}

/* States */

static const struct status_row {
	struct str name;
	size_t offset;
} statuses[] = {
	{STR_INIT("source"), offsetof(struct manifest_states, source)},
	{STR_INIT("missing"), offsetof(struct manifest_states, missing)},
	{STR_INIT("machine"), offsetof(struct manifest_states, machine)},
	{STR_INIT("translated"), offsetof(struct manifest_states, translated)},
	{STR_INIT("reviewed"), offsetof(struct manifest_states, reviewed)},
};

static const struct status_row freshnesses[] = {
	{STR_INIT("current"), SIZE_MAX}, /* not counted */
	{STR_INIT("stale"), offsetof(struct manifest_states, stale)},
	{STR_INIT("unstamped"), offsetof(struct manifest_states, unstamped)},
};

static const struct status_row *find_row(const struct status_row *rows, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static bool is_tag(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return s.n > 0;
}

bool manifest_state_parse(struct str state, struct manifest_state *out)
{
	struct manifest_state s = {0};

	if (!str_cut(&state, ' ', &s.language) || !str_cut(&state, ' ', &s.status))
		return false;
	s.freshness = state;
	if (!is_tag(s.language) || !find_row(statuses, COUNT_OF(statuses), s.status) ||
		!find_row(freshnesses, COUNT_OF(freshnesses), s.freshness))
		return false;
	*out = s;
	return true;
}

static void count_one(struct manifest_states *out, const struct status_row *row)
{
	if (row && row->offset != SIZE_MAX)
		++*(size_t *)((char *)out + row->offset);
}

struct manifest_states manifest_states(const struct manifest *m)
{
	struct manifest_states out = {0};

	for (size_t i = 0; i < m->len; i++) {
		struct manifest_state s;

		if (!m->entries[i].state.n || !manifest_state_parse(m->entries[i].state, &s))
			continue;
		out.pages++;
		count_one(&out, find_row(statuses, COUNT_OF(statuses), s.status));
		count_one(&out, find_row(freshnesses, COUNT_OF(freshnesses), s.freshness));
	}
	return out;
}

/* The file */

static void write_entry(struct buf *out, const struct manifest_entry *e)
{
	char hex[DIGEST_HEX + 1];

	digest_hex(&e->digest, hex);
	buf_add(out, str_make(hex, DIGEST_HEX));
	buf_addf(out, " %llu ", (unsigned long long)e->size);
	buf_add(out, e->path);
}

static bool has_states(const struct manifest *m)
{
	for (size_t i = 0; i < m->len; i++)
		if (m->entries[i].state.n)
			return true;
	return false;
}

void manifest_write(struct buf *out, const struct manifest *m)
{
	buf_addz(out, has_states(m) ? HEAD_STATES "\n" : HEAD "\n");
	for (size_t i = 0; i < m->len; i++) {
		write_entry(out, &m->entries[i]);
		if (m->entries[i].state.n) {
			buf_addc(out, '\t');
			buf_add(out, m->entries[i].state);
		}
		buf_addc(out, '\n');
	}
}

/* Only the one way to write it that manifest_write() has: no sign, no leading zero. */
static bool parse_size(struct str s, uint64_t *out)
{
	int64_t size;

	if (s.n == 0 || s.p[0] == '-' || (s.p[0] == '0' && s.n > 1) || !str_to_int(s, &size))
		return false;
	*out = (uint64_t)size;
	return true;
}

/* No path contains a tab. */
static bool parse_state(struct str *line, bool states, struct str *out)
{
	struct manifest_state state;
	size_t tab = str_find_byte(*line, '\t');

	*out = (struct str){0};
	if (tab == line->n)
		return true;
	*out = str_slice(*line, tab + 1, line->n);
	*line = str_slice(*line, 0, tab);
	return states && manifest_state_parse(*out, &state);
}

static bool parse_entry(struct str line, bool states, struct manifest_entry *e)
{
	struct str hex, size;

	if (!parse_state(&line, states, &e->state))
		return false;
	if (!str_cut(&line, ' ', &hex) || !str_cut(&line, ' ', &size))
		return false;
	e->path = line;
	return digest_parse(hex, &e->digest) && parse_size(size, &e->size) && fs_contained_path(e->path);
}

/* Cuts a line that is ended; false at the end, or when the last line is not. */
static bool next_line(struct str *text, struct str *line)
{
	size_t at = str_find_byte(*text, '\n');

	if (at == text->n)
		return false;
	*line = str_slice(*text, 0, at);
	*text = str_slice(*text, at + 1, text->n);
	return true;
}

bool manifest_read(struct manifest *m, struct arena *a, struct str text, size_t *line)
{
	struct manifest read = {0};
	struct manifest_entry e;
	struct str row;
	bool states;

	*line = 1;
	if (!next_line(&text, &row) || (!str_is(row, HEAD) && !str_is(row, HEAD_STATES)))
		return false;
	states = str_is(row, HEAD_STATES);
	for (++*line; next_line(&text, &row); ++*line) {
		if (!parse_entry(row, states, &e))
			return false;
		if (read.len && str_cmp(read.entries[read.len - 1].path, e.path) >= 0)
			return false;
		manifest_add(&read, a, e.path, &e.digest, e.size);
		manifest_set_state(&read, e.state);
	}
	if (text.n)
		return false;
	if (states && !has_states(&read)) {
		*line = 1;
		return false;
	}
	*m = read;
	return true;
}

struct digest manifest_digest(const struct manifest *m)
{
	struct digest_run *run = digest_run_new();
	struct buf line;

	buf_init(&line, MANIFEST_MAX_BYTES);
	digest_run_add(run, STR(HEAD "\n"));
	for (size_t i = 0; i < m->len; i++) {
		buf_clear(&line);
		write_entry(&line, &m->entries[i]);
		buf_addc(&line, '\n');
		digest_run_add(run, buf_str(&line));
	}
	buf_release(&line);
	return digest_run_free(run);
}
