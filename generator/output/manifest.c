#include "output/manifest.h"

#include "base/fs.h"

#define HEAD "faktablad-manifest 1"

void manifest_add(
	struct manifest *m, struct arena *a, struct str path, const struct digest *digest, uint64_t size)
{
	m->entries = arena_grow(a, m->entries, m->len, &m->cap, sizeof(*m->entries));
	m->entries[m->len++] = (struct manifest_entry){path, *digest, size};
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

static void write_entry(struct buf *out, const struct manifest_entry *e)
{
	char hex[DIGEST_HEX + 1];

	digest_hex(&e->digest, hex);
	buf_add(out, str_make(hex, DIGEST_HEX));
	buf_addf(out, " %llu ", (unsigned long long)e->size);
	buf_add(out, e->path);
	buf_addc(out, '\n');
}

void manifest_write(struct buf *out, const struct manifest *m)
{
	buf_addz(out, HEAD "\n");
	for (size_t i = 0; i < m->len; i++)
		write_entry(out, &m->entries[i]);
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

static bool parse_entry(struct str line, struct manifest_entry *e)
{
	struct str hex, size;

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

	*line = 1;
	if (!next_line(&text, &row) || !str_is(row, HEAD))
		return false;
	for (++*line; next_line(&text, &row); ++*line) {
		if (!parse_entry(row, &e))
			return false;
		if (read.len && str_cmp(read.entries[read.len - 1].path, e.path) >= 0)
			return false;
		manifest_add(&read, a, e.path, &e.digest, e.size);
	}
	if (text.n)
		return false;
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
		digest_run_add(run, buf_str(&line));
	}
	buf_release(&line);
	return digest_run_free(run);
}
