#include "action/build_state.h"

#include "base/report.h"

#include <unistd.h>

#define STATE_HEAD "faktablad-state 1"
#define STATE_MAX_BYTES ((size_t)64 << 20)

/* File systems stamp times with the timer's tick, not with the clock: 10 ms at the coarsest. */
#define TICK_NS 20000000

static const char *state_path(struct build *b, struct arena *a)
{
	return path_below(a, b->commit.work, STR("state"));
}

/* Another program may make other pages of the same files. */
static void describe_program(const struct build *b, struct buf *out)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	struct fs_stat st = {0};

	if (n > 0) {
		path[n] = 0;
		if (fs_stat(b->project->fs, path, &st))
			st = (struct fs_stat){0};
	}
	buf_addf(out, "%s %llu %lld\n", FAKTABLAD_VERSION, (unsigned long long)st.size,
		(long long)st.mtime_ns);
}

void build_state_begin(struct build *b)
{
	struct buf text;

	buf_init(&text, BUF_MAX_DEFAULT);
	describe_program(b, &text);
	buf_addf(&text, "%d-%d-%d %d %.*s\n", b->options.issued.year, b->options.issued.month,
		b->options.issued.day, b->project->options.strict, STR_ARG(b->options.edition));
	input_describe(&b->project->input, &text);
	b->inputs = digest_of(buf_str(&text));
	buf_release(&text);
}

static bool outputs_digest(const struct build *b, struct digest *out)
{
	struct arena a;
	struct fs_listing list = {0};
	struct buf text;
	int error;

	arena_init(&a, ARENA_DEFAULT);
	error = fs_list(b->project->fs, b->options.out, &a, &list);
	buf_init(&text, BUF_MAX_DEFAULT);
	for (size_t i = 0; !error && i < list.len; i++) {
		const struct fs_stat *st = &list.entries[i].stat;

		if (st->kind != FS_DIR)
			input_describe_file(&text, list.entries[i].path, st, false);
	}
	*out = digest_of(buf_str(&text));
	error |= buf_failed(&text);
	buf_release(&text);
	arena_release(&a);
	return !error;
}

static bool expect(struct str *rest, const char *word, struct str *value)
{
	struct str line, name;

	if (!str_cut(rest, '\n', &line) || !str_cut(&line, ' ', &name) || !str_is(name, word))
		return false;
	*value = line;
	return true;
}

static bool read_counts(struct str line, struct build_counts *out)
{
	size_t *const fields[] = {&out->sheets, &out->languages, &out->pages, &out->packs, &out->files};
	struct str word;
	int64_t n;

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (!str_cut(&line, ' ', &word) || !str_to_int(word, &n) || n < 0)
			return false;
		*fields[i] = (size_t)n;
	}
	return true;
}

static bool same_digest(struct str hex, const struct digest *d)
{
	struct digest kept;

	return digest_parse(hex, &kept) && digest_eq(&kept, d);
}

bool build_state_matches(struct build *b)
{
	struct arena *a = &b->project->arena;
	struct digest outputs;
	struct str rest, line, hex_in, hex_out, counts;
	struct build_counts read = {0};

	if (fs_read(b->project->fs, state_path(b, a), a, STATE_MAX_BYTES, &rest))
		return false;
	if (!str_cut(&rest, '\n', &line) || !str_is(line, STATE_HEAD) || !expect(&rest, "inputs", &hex_in) ||
		!expect(&rest, "outputs", &hex_out) || !expect(&rest, "counts", &counts) ||
		!read_counts(counts, &read))
		return false;
	if (!same_digest(hex_in, &b->inputs) || !outputs_digest(b, &outputs) ||
		!same_digest(hex_out, &outputs))
		return false;
	b->counts = read;
	b->old_report = rest;
	return true;
}

/* What a build says again when nothing changed: warnings. */
static void add_report(const struct build *b, struct buf *out)
{
	struct severities shown = b->project->severities;

	for (int r = 0; r < RULE_COUNT; r++)
		if (shown.of[r] < SEVERITY_WARNING)
			shown.of[r] = SEVERITY_OFF;
	report(out, &b->project->diag, &shown, REPORT_TEXT, false);
}

void build_state_save(struct build *b)
{
	struct arena scratch = b->project->arena;
	struct digest outputs;
	char in[DIGEST_HEX + 1], out[DIGEST_HEX + 1];
	const char *path = state_path(b, &scratch);
	struct buf text;

	fs_remove(b->project->fs, path);
	if (input_newest(&b->project->input) >= b->project->opened - TICK_NS || !outputs_digest(b, &outputs))
		return;
	digest_hex(&b->inputs, in);
	digest_hex(&outputs, out);
	buf_init(&text, STATE_MAX_BYTES);
	buf_addf(&text, STATE_HEAD "\ninputs %s\noutputs %s\ncounts %zu %zu %zu %zu %zu\n", in, out,
		b->counts.sheets, b->counts.languages, b->counts.pages, b->counts.packs, b->counts.files);
	add_report(b, &text);
	if (!buf_failed(&text) && fs_create(b->project->fs, path, buf_str(&text), 0644))
		fs_remove(b->project->fs, path);
	buf_release(&text);
}
