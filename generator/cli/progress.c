#include "cli/progress.h"

#define SECOND ((int64_t)1000 * 1000 * 1000)
/* A rate of less than this is a guess. */
#define LEAST_NS (SECOND / 2)
#define PART_MAX 64

static const struct {
	const char *phase, *doing;
} names[] = {{"send", "sending"}, {"verify", "checking"}, {"read back", "reading back"},
	{"delete", "deleting"}, {"keep", "keeping"}, {"copy", "copying"}, {"forget", "forgetting"}};

static const char *doing(const char *phase)
{
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(names[i].phase, phase) == 0)
			return names[i].doing;
	return phase;
}

static void begin_phase(struct progress *p, const struct publish_progress *at, int64_t ns)
{
	*p = (struct progress){.phase = at->phase, .mark_count = 1};
	p->marks[0] = (struct progress_mark){ns, at->done, at->bytes};
}

/* One mark a second; the oldest goes when there is no room. */
static void mark(struct progress *p, const struct publish_progress *at, int64_t ns)
{
	if (ns - p->marks[p->mark_count - 1].ns < SECOND)
		return;
	if (p->mark_count == PROGRESS_SECONDS) {
		memmove(p->marks, p->marks + 1, (PROGRESS_SECONDS - 1) * sizeof(*p->marks));
		p->mark_count--;
	}
	p->marks[p->mark_count++] = (struct progress_mark){ns, at->done, at->bytes};
}

struct rates {
	double files, bytes; /* a second; 0: not known */
	double left;	     /* seconds; <0: not known */
};

static double seconds_for(double rest, double rate)
{
	return rest <= 0 ? 0 : rate > 0 ? rest / rate : -1;
}

/* Small files cost by their number, large ones by their bytes: whatever takes longer is what is left. */
static struct rates rates_of(const struct progress *p, const struct publish_progress *at, int64_t ns)
{
	const struct progress_mark *from = &p->marks[0];
	double passed = (double)(ns - from->ns) / (double)SECOND;
	struct rates r = {.left = -1};
	double by_bytes;

	if (ns - from->ns < LEAST_NS || at->done <= from->done)
		return r;
	r.files = (double)(at->done - from->done) / passed;
	r.bytes = (double)(at->bytes - from->bytes) / passed;
	r.left = seconds_for((double)(at->total - at->done), r.files);
	by_bytes = seconds_for((double)at->total_bytes - (double)at->bytes, r.bytes);
	if (by_bytes > r.left)
		r.left = by_bytes;
	return r;
}

static unsigned percent(const struct publish_progress *at)
{
	double all = at->total_bytes ? (double)at->total_bytes : (double)at->total;
	double part = at->total_bytes ? (double)at->bytes : (double)at->done;
	double share = all > 0 ? 100 * part / all : 100;

	if (at->done < at->total && share > 99)
		return 99;
	return share > 100 ? 100 : (unsigned)share;
}

static void print_left(char out[PART_MAX], double left)
{
	long long seconds = (long long)(left + 0.999);

	if (seconds < 60)
		snprintf(out, PART_MAX, ", %lld s left", seconds);
	else if (seconds < 60 * 60)
		snprintf(out, PART_MAX, ", %lld min left", (seconds + 59) / 60);
	else if (seconds < 100 * 60 * 60)
		snprintf(out, PART_MAX, ", %lld h %lld min left", seconds / 3600, seconds % 3600 / 60);
}

static void print_bytes(char out[PART_MAX], double rate)
{
	struct buf text;

	buf_init(&text, PART_MAX - 8);
	publish_plan_print_bytes(&text, (uint64_t)rate);
	snprintf(out, PART_MAX, ", %.*s/s", STR_ARG(buf_str(&text)));
	buf_release(&text);
}

/* In the order in which they are shown. */
enum part { PART_COUNT, PART_PERCENT, PART_FILES, PART_BYTES, PART_LEFT, PARTS };

static void print_parts(
	char parts[PARTS][PART_MAX], const struct progress *p, const struct publish_progress *at, int64_t ns)
{
	struct rates r = rates_of(p, at, ns);

	snprintf(parts[PART_COUNT], PART_MAX, "%.24s %zu of %zu", doing(at->phase), at->done, at->total);
	snprintf(parts[PART_PERCENT], PART_MAX, ", %u %%", percent(at));
	if (r.files > 0)
		snprintf(parts[PART_FILES], PART_MAX, ", %.0f files/s", r.files);
	if (r.bytes > 0 && at->total_bytes)
		print_bytes(parts[PART_BYTES], r.bytes);
	if (r.left >= 0 && at->done < at->total)
		print_left(parts[PART_LEFT], r.left);
}

/* What matters most first, until the line is full. */
static void fit_parts(char parts[PARTS][PART_MAX], unsigned width)
{
	static const enum part by_weight[PARTS] = {
		PART_COUNT, PART_PERCENT, PART_LEFT, PART_BYTES, PART_FILES};
	size_t used = 0;

	for (size_t i = 0; i < PARTS; i++) {
		char *part = parts[by_weight[i]];

		used += strlen(part);
		if (used >= width)
			part[0] = '\0';
	}
}

bool progress_line(
	struct progress *p, const struct publish_progress *at, int64_t ns, unsigned width, struct buf *out)
{
	char parts[PARTS][PART_MAX] = {{0}};

	if (!p->phase || strcmp(p->phase, at->phase) != 0)
		begin_phase(p, at, ns);
	else if (ns - p->drawn < PROGRESS_INTERVAL_NS)
		return false;
	mark(p, at, ns);
	p->drawn = ns;
	print_parts(parts, p, at, ns);
	fit_parts(parts, width);
	for (size_t i = 0; i < PARTS; i++)
		buf_addz(out, parts[i]);
	return true;
}
