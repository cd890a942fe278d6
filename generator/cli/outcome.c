#include "cli/outcome.h"

#define SECOND ((int64_t)1000 * 1000 * 1000)

void outcome_print_time(struct buf *out, int64_t ns)
{
	long long tenths = (long long)((ns + SECOND / 20) / (SECOND / 10)),
		  seconds = (long long)((ns + SECOND / 2) / SECOND);

	if (tenths < 100)
		buf_addf(out, "%lld.%lld s", tenths / 10, tenths % 10);
	else if (seconds < 60)
		buf_addf(out, "%lld s", seconds);
	else
		buf_addf(out, "%lld min %lld s", seconds / 60, seconds % 60);
}

static void print_head(struct buf *out, const struct outcome *o)
{
	const struct publish_result *r = o->result;

	if (r->nothing_to_do) {
		buf_addf(out, "nothing to do: %s is up to date\n", r->target);
		return;
	}
	if (r->rolled_back)
		buf_addf(out, "rolled back %s to publish number %llu", r->target,
			(unsigned long long)r->rolled_back);
	else
		buf_addf(out, "published to %s", r->target);
	buf_addf(out, ": %zu new, %zu changed, %zu deleted, %zu unchanged, ", r->added, r->changed,
		r->deleted, r->unchanged);
	publish_plan_print_bytes(out, r->bytes);
	buf_addz(out, " in ");
	outcome_print_time(out, o->ns);
	buf_addc(out, '\n');
}

static const char *files(size_t n)
{
	return n == 1 ? "file" : "files";
}

/* What is not as always. */
static void print_notes(struct buf *out, const struct outcome *o, bool verbose)
{
	const struct publish_result *r = o->result;

	if (r->unfinished)
		buf_addz(out, "an earlier publish had been cut off: what it left was put right\n");
	if (r->resumed)
		buf_addf(out, "%zu %s had been sent by then\n", r->resumed, files(r->resumed));
	if (r->not_kept && (o->keeps || verbose))
		buf_addf(out, "the site before was not kept for --rollback: %s\n", r->not_kept);
	if (r->adopted)
		buf_addf(out, "%zu %s there already and became the site's\n", r->adopted,
			r->adopted == 1 ? "file was" : "files were");
	if (r->retired)
		buf_addf(out, "%zu old %s kept for readers of old pages\n", r->retired,
			r->retired == 1 ? "file is" : "files are");
}

static void print_address(struct buf *out, const struct outcome *o)
{
	struct str address = o->options->public_address;

	if (!address.n)
		return;
	buf_addf(out, "readers find it at %.*s", STR_ARG(address));
	if (o->result->read_back)
		buf_addf(out, " (%zu %s read there)", o->result->read_back,
			o->result->read_back == 1 ? "page was" : "pages were");
	buf_addc(out, '\n');
}

/* What an operator may want to know about the texts that went out. */
static void print_texts(struct buf *out, const struct manifest_states *t)
{
	size_t unreviewed = t->machine + t->translated;

	if (unreviewed) {
		buf_addf(out, "%zu of %zu pages show a translation that nobody reviewed", unreviewed,
			t->pages);
		if (t->machine)
			buf_addf(out, ", %zu of them made by a machine", t->machine);
		buf_addc(out, '\n');
	}
	if (t->stale)
		buf_addf(out, "%zu of %zu pages show a translation that is behind its source\n", t->stale,
			t->pages);
}

static void print_more(struct buf *out, const struct outcome *o)
{
	const struct publish_result *r = o->result;

	buf_addf(out, "this is publish number %llu of the target", (unsigned long long)r->generation);
	if (r->generations)
		buf_addf(out, "; %zu before it can be brought back", r->generations);
	buf_addc(out, '\n');
	if (r->guarantee)
		buf_addf(out, "meanwhile: %s\n", r->guarantee);
	for (size_t i = 0; i < o->phase_count; i++) {
		buf_addf(out, "%s%s ", i ? ", " : "it took: ", o->phases[i].name);
		outcome_print_time(out, o->phases[i].ns);
	}
	if (o->phase_count)
		buf_addc(out, '\n');
}

void outcome_print(struct buf *out, const struct outcome *o, bool verbose)
{
	print_head(out, o);
	print_notes(out, o, verbose);
	if (!o->result->nothing_to_do) {
		if (o->options->only_count)
			buf_addz(out,
				"the rest of what was built waits for the next publish without --only\n");
		print_address(out, o);
		if (!o->options->rollback && !o->options->only_count)
			print_texts(out, &o->result->texts);
	}
	if (verbose)
		print_more(out, o);
}

/* Control characters, and those that turn the direction of what follows. */
static bool is_shown(uint32_t c)
{
	return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && !(c >= 0x202a && c <= 0x202e) &&
	       !(c >= 0x2066 && c <= 0x2069);
}

void outcome_print_why(struct buf *out, struct str why)
{
	size_t at = 0, n;

	while (at < why.n) {
		size_t end = at + utf8_check(str_slice(why, at, why.n));

		for (; at < end; at += n) {
			if (is_shown(utf8_decode(why, at, &n)))
				buf_add(out, str_slice(why, at, at + n));
			else
				buf_addc(out, '?');
		}
		if (at < why.n) {
			buf_addc(out, '?');
			at++;
		}
	}
}

/* ---- for programs ---- */

static void add_text(struct buf *out, const char *key, struct str text)
{
	buf_addf(out, ",\"%s\":", key);
	buf_add_json(out, text);
}

static void add_number(struct buf *out, const char *key, uint64_t n)
{
	buf_addf(out, ",\"%s\":%llu", key, (unsigned long long)n);
}

static void add_seconds(struct buf *out, const char *key, int64_t ns)
{
	buf_addf(out, "\"%s\":%lld.%03lld", key, (long long)(ns / SECOND),
		(long long)(ns % SECOND / (SECOND / 1000)));
}

static const char *status_word(const struct outcome *o)
{
	if (o->status != PUBLISH_OK)
		return o->status == PUBLISH_FAILED ? "failed" : "refused";
	if (o->result->nothing_to_do)
		return "up to date";
	return o->options->dry_run ? "planned" : o->options->rollback ? "rolled back" : "published";
}

static void add_counts(struct buf *out, const struct publish_result *r)
{
	const struct {
		const char *key;
		uint64_t n;
	} counts[] = {{"generation", r->generation}, {"added", r->added}, {"changed", r->changed},
		{"deleted", r->deleted}, {"unchanged", r->unchanged}, {"bytes", r->bytes},
		{"resumed", r->resumed}, {"adopted", r->adopted}, {"retired", r->retired},
		{"generations", r->generations}, {"rolled_back", r->rolled_back},
		{"read_back", r->read_back}};

	for (size_t i = 0; i < COUNT_OF(counts); i++)
		add_number(out, counts[i].key, counts[i].n);
}

static void add_texts(struct buf *out, const struct manifest_states *t)
{
	const struct {
		const char *key;
		size_t n;
	} counts[] = {{"source", t->source}, {"missing", t->missing}, {"machine", t->machine},
		{"translated", t->translated}, {"reviewed", t->reviewed}, {"stale", t->stale},
		{"unstamped", t->unstamped}};

	buf_addf(out, ",\"texts\":{\"pages\":%zu", t->pages);
	for (size_t i = 0; i < COUNT_OF(counts); i++)
		add_number(out, counts[i].key, counts[i].n);
	buf_addc(out, '}');
}

void outcome_print_json(struct buf *out, const struct outcome *o)
{
	const struct publish_result *r = o->result;

	buf_addf(out, "{\"version\":1,\"status\":\"%s\"", status_word(o));
	if (o->status != PUBLISH_OK)
		add_text(out, "why", o->why);
	add_text(out, "target", str_from(r->target));
	add_text(out, "public_address", o->options->public_address);
	add_counts(out, r);
	buf_addf(out, ",\"unfinished\":%s,", r->unfinished ? "true" : "false");
	add_seconds(out, "seconds", o->ns);
	buf_addz(out, ",\"phases\":{");
	for (size_t i = 0; i < o->phase_count; i++) {
		buf_addz(out, i ? "," : "");
		add_seconds(out, o->phases[i].name, o->phases[i].ns);
	}
	buf_addc(out, '}');
	add_texts(out, &r->texts);
	if (r->not_kept)
		add_text(out, "not_kept", str_from(r->not_kept));
	add_text(out, "guarantee", str_from(r->guarantee));
	buf_addz(out, "}\n");
}
