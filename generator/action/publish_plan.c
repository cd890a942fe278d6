#include "action/publish_plan.h"

#include "base/date.h"

/* What leads a visitor to pages: known by the file's name, or by how it ends. */
static const char *const index_names[] = {
	"index.html", "sitemap.xml", "robots.txt", "SHA256SUMS", "sha256sums"};
static const char *const index_ends[] = {".atom", ".rss", "feed.xml", "sitemap.xml"};

static struct str name_of(struct str path)
{
	for (size_t i = path.n; i-- > 0;)
		if (path.p[i] == '/')
			return str_slice(path, i + 1, path.n);
	return path;
}

static bool is_index(struct str path)
{
	struct str name = name_of(path);

	for (size_t i = 0; i < COUNT_OF(index_names); i++)
		if (str_is(name, index_names[i]))
			return true;
	for (size_t i = 0; i < COUNT_OF(index_ends); i++)
		if (str_ends(name, str_from(index_ends[i])))
			return true;
	return false;
}

static enum publish_group group_of(enum publish_change change, struct str path)
{
	if (change == PUBLISH_DELETE)
		return PUBLISH_DELETES;
	if (is_index(path))
		return PUBLISH_INDEXES;
	if (!str_ends(path, STR(".html")))
		return PUBLISH_ASSETS;
	return change == PUBLISH_ADD ? PUBLISH_NEW_PAGES : PUBLISH_CHANGED_PAGES;
}

static void add_step(struct publish_plan *plan, struct arena *a, enum publish_change change,
	const struct publish_entry *entry)
{
	plan->steps = arena_grow(a, plan->steps, plan->len, &plan->cap, sizeof(*plan->steps));
	plan->steps[plan->len++] = (struct publish_step){change, group_of(change, entry->path), *entry};
}

static void put(struct publish_plan *plan, struct arena *a, enum publish_change change,
	const struct manifest_entry *wanted, uint64_t headers)
{
	struct publish_entry e = {PUBLISH_PUT, wanted->path, wanted->digest, wanted->size, headers};

	add_step(plan, a, change, &e);
	plan->bytes += wanted->size;
	*(change == PUBLISH_ADD ? &plan->added : &plan->changed) += 1;
}

static void drop(struct publish_plan *plan, struct arena *a, const struct publish_entry *old)
{
	struct publish_entry e = *old;

	plan->deleted++;
	plan->loose += old->mark == PUBLISH_LOOSE;
	e.mark = PUBLISH_REMOVE;
	add_step(plan, a, PUBLISH_DELETE, &e);
}

static bool is_same(const struct publish_entry *old, const struct manifest_entry *wanted, uint64_t headers)
{
	return old->size == wanted->size && old->headers == headers &&
	       digest_eq(&old->digest, &wanted->digest);
}

static int compare_steps(const void *x, const void *y)
{
	const struct publish_step *a = x, *b = y;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return str_cmp(a->entry.path, b->entry.path);
}

static uint64_t headers_for(const struct publish_headers *headers, struct str path)
{
	return headers ? headers->hash(headers->ctx, path) : 0;
}

static void add(struct publish_plan *plan, struct arena *a, const struct manifest_entry *wanted,
	const struct publish_headers *headers)
{
	put(plan, a, PUBLISH_ADD, wanted, headers_for(headers, wanted->path));
}

static void compare(struct publish_plan *plan, struct arena *a, const struct publish_entry *old,
	const struct manifest_entry *wanted, const struct publish_headers *headers)
{
	uint64_t sent_with = headers_for(headers, wanted->path);

	if (is_same(old, wanted, sent_with))
		plan->unchanged++;
	else
		put(plan, a, PUBLISH_CHANGE, wanted, sent_with);
}

void publish_plan_make(struct publish_plan *out, struct arena *a, const struct publish_record *there,
	const struct manifest *site, const struct publish_headers *headers)
{
	struct publish_plan plan = {0};
	size_t i = 0, j = 0;

	while (i < there->len && j < site->len) {
		const struct publish_entry *old = &there->entries[i];
		const struct manifest_entry *wanted = &site->entries[j];
		int order = str_cmp(old->path, wanted->path);

		if (order < 0)
			drop(&plan, a, old);
		else if (order > 0)
			add(&plan, a, wanted, headers);
		else
			compare(&plan, a, old, wanted, headers);
		i += order <= 0;
		j += order >= 0;
	}
	for (; i < there->len; i++)
		drop(&plan, a, &there->entries[i]);
	for (; j < site->len; j++)
		add(&plan, a, &site->entries[j], headers);
	if (plan.len > 1)
		qsort(plan.steps, plan.len, sizeof(*plan.steps), compare_steps);
	*out = plan;
}

void publish_plan_stay(
	struct publish_plan *plan, struct arena *a, const struct publish_entry *entry, int64_t until)
{
	plan->stays = arena_grow(a, plan->stays, plan->stay_len, &plan->stay_cap, sizeof(*plan->stays));
	plan->stays[plan->stay_len++] = (struct publish_stay){*entry, until};
}

size_t publish_plan_delete_cap(const struct publish_record *there)
{
	size_t published = 0, third;

	for (size_t i = 0; i < there->len; i++)
		published += there->entries[i].mark == PUBLISH_THERE;
	third = (published + 2) / 3;
	return third < PUBLISH_DELETE_CAP ? third : PUBLISH_DELETE_CAP;
}

/* ---- printing ---- */

static const char *const change_names[] = {
	[PUBLISH_ADD] = "add",
	[PUBLISH_CHANGE] = "change",
	[PUBLISH_DELETE] = "delete",
};

void publish_plan_print_bytes(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	size_t unit = 0;

	if (bytes < 1000) {
		buf_addf(out, bytes == 1 ? "%u byte" : "%u bytes", (unsigned)bytes);
		return;
	}
	/* In tenths, and carried over where rounding would show 1000.0. */
	bytes = bytes / 100 + (bytes % 100 >= 50);
	while (bytes >= 10000 && unit + 1 < COUNT_OF(units)) {
		bytes = bytes / 1000 + (bytes % 1000 >= 500);
		unit++;
	}
	buf_addf(out, "%llu.%u %s", (unsigned long long)(bytes / 10), (unsigned)(bytes % 10), units[unit]);
}

static size_t retired(const struct publish_plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->stay_len; i++)
		n += plan->stays[i].entry.mark == PUBLISH_RETIRED;
	return n;
}

static void print_day(struct buf *out, int64_t seconds)
{
	struct date day = date_from_unix(seconds);

	buf_addf(out, "%04d-%02d-%02d", day.year, day.month, day.day);
}

/* What is neither sent nor deleted, but not simply unchanged either. */
static void print_text_others(struct buf *out, const struct publish_plan *plan)
{
	for (size_t i = 0; i < plan->adopted_len; i++)
		buf_addf(out, "adopt   %.*s\n", STR_ARG(plan->adopted[i].path));
	for (size_t i = 0; i < plan->stay_len; i++) {
		const struct publish_stay *s = &plan->stays[i];

		if (s->entry.mark != PUBLISH_RETIRED)
			continue;
		buf_addf(out, "retire  %.*s  (stays until ", STR_ARG(s->entry.path));
		print_day(out, s->until);
		buf_addz(out, ")\n");
	}
}

static void print_text(struct buf *out, const struct publish_plan *plan)
{
	size_t waiting = retired(plan);

	for (size_t i = 0; i < plan->len; i++) {
		const struct publish_step *s = &plan->steps[i];

		buf_addf(out, "%-6s  %.*s", change_names[s->change], STR_ARG(s->entry.path));
		if (s->change != PUBLISH_DELETE) {
			buf_addz(out, "  (");
			publish_plan_print_bytes(out, s->entry.size);
			buf_addc(out, ')');
		}
		buf_addc(out, '\n');
	}
	print_text_others(out, plan);
	buf_addf(out, "%zu to add, %zu to change, %zu to delete, %zu unchanged", plan->added, plan->changed,
		plan->deleted, plan->unchanged);
	if (plan->adopted_len)
		buf_addf(out, ", %zu to adopt", plan->adopted_len);
	if (waiting)
		buf_addf(out, ", %zu retired", waiting);
	buf_addz(out, "; ");
	publish_plan_print_bytes(out, plan->bytes);
	buf_addz(out, " to send\n");
}

static void print_json_step(struct buf *out, const struct publish_step *s)
{
	char hex[DIGEST_HEX + 1];

	buf_addf(out, "{\"change\":\"%s\",\"path\":", change_names[s->change]);
	buf_add_json(out, s->entry.path);
	if (s->change != PUBLISH_DELETE) {
		digest_hex(&s->entry.digest, hex);
		buf_addf(out, ",\"size\":%llu,\"sha256\":\"%s\"", (unsigned long long)s->entry.size, hex);
	}
	buf_addc(out, '}');
}

static void print_json_adopted(struct buf *out, const struct publish_plan *plan)
{
	buf_addz(out, "\"adopted\":[");
	for (size_t i = 0; i < plan->adopted_len; i++) {
		buf_addz(out, i ? ",\n" : "\n");
		buf_add_json(out, plan->adopted[i].path);
	}
	buf_addz(out, plan->adopted_len ? "\n]," : "],");
}

static void print_json_retired(struct buf *out, const struct publish_plan *plan)
{
	size_t n = 0;

	buf_addz(out, "\"retired\":[");
	for (size_t i = 0; i < plan->stay_len; i++) {
		if (plan->stays[i].entry.mark != PUBLISH_RETIRED)
			continue;
		buf_addz(out, n++ ? ",\n{\"path\":" : "\n{\"path\":");
		buf_add_json(out, plan->stays[i].entry.path);
		buf_addz(out, ",\"until\":\"");
		print_day(out, plan->stays[i].until);
		buf_addz(out, "\"}");
	}
	buf_addz(out, n ? "\n]," : "],");
}

static void print_json(struct buf *out, const struct publish_plan *plan)
{
	buf_addf(out, "{\"version\":1,\"added\":%zu,\"changed\":%zu,\"deleted\":%zu,\"unchanged\":%zu,",
		plan->added, plan->changed, plan->deleted, plan->unchanged);
	print_json_adopted(out, plan);
	print_json_retired(out, plan);
	buf_addf(out, "\"bytes\":%llu,\"steps\":[", (unsigned long long)plan->bytes);
	for (size_t i = 0; i < plan->len; i++) {
		buf_addz(out, i ? ",\n" : "\n");
		print_json_step(out, &plan->steps[i]);
	}
	buf_addz(out, plan->len ? "\n]}\n" : "]}\n");
}

void publish_plan_print(struct buf *out, const struct publish_plan *plan, bool json)
{
	if (json)
		print_json(out, plan);
	else
		print_text(out, plan);
}
