#include "base/diag.h"

static const struct rule_info rules[RULE_COUNT] = {
#define RULE(name, id, severity, text) [RULE_##name] = {id, SEVERITY_##severity, text},
#include "base/rule.def"
#undef RULE
};

static const char *const severity_names[] = {"off", "info", "warning", "error"};

const struct rule_info *rule_info(enum rule rule)
{
	return &rules[rule];
}

bool rule_find(struct str id, enum rule *out)
{
	for (int r = 0; r < RULE_COUNT; r++) {
		if (!str_is(id, rules[r].id))
			continue;
		*out = (enum rule)r;
		return true;
	}
	return false;
}

const char *severity_name(enum severity s)
{
	return severity_names[s];
}

bool severity_parse(struct str name, enum severity *out)
{
	for (size_t i = 0; i < COUNT_OF(severity_names); i++) {
		if (!str_is(name, severity_names[i]))
			continue;
		*out = (enum severity)i;
		return true;
	}
	return false;
}

void diag_init(struct diag *d)
{
	*d = (struct diag){0};
	arena_init(&d->arena, (size_t)1 << 30);
}

void diag_release(struct diag *d)
{
	arena_release(&d->arena);
	*d = (struct diag){0};
}

void diag_clear(struct diag *d)
{
	arena_clear(&d->arena);
	*d = (struct diag){.arena = d->arena};
}

void diag_release_lines(const struct diag *d)
{
	for (size_t i = 0; i < d->len; i++) {
		if (d->items[i].at.src)
			source_release(d->items[i].at.src);
		if (d->items[i].other.src)
			source_release(d->items[i].other.src);
	}
}

static size_t *kept_of(struct diag *d, enum rule rule)
{
	return &d->kept[rules[rule].severity != SEVERITY_ERROR];
}

static void drop(struct diag *d, enum rule rule, size_t count)
{
	d->dropped += count;
	d->dropped_of[rule] += count;
}

static struct diag_item *append(struct diag *d, enum rule rule)
{
	(*kept_of(d, rule))++;
	d->items = arena_grow(&d->arena, d->items, d->len, &d->cap, sizeof(*d->items));
	return &d->items[d->len++];
}

/* The next item to fill in, or NULL: beyond the ceiling it is only counted. */
static struct diag_item *next_item(struct diag *d, enum rule rule)
{
	d->last_dropped = *kept_of(d, rule) >= DIAG_MAX_ITEMS;
	if (!d->last_dropped)
		return append(d, rule);
	drop(d, rule, 1);
	return NULL;
}

static PRINTF_LIKE(2, 0) struct str vformat(struct arena *a, const char *fmt, va_list ap)
{
	char text[DIAG_MAX_TEXT + 1];
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	size_t end = DIAG_MAX_TEXT;

	if (n < 0)
		BUG("format “%s”", fmt);
	if (n <= DIAG_MAX_TEXT)
		return str_dup(a, str_make(text, (size_t)n));
	while (((unsigned char)text[end] & 0xC0) == 0x80 || !text[end])
		end--;
	return str_join(a, str_make(text, end), STR("…"));
}

void diag_add(struct diag *d, enum rule rule, struct span at, const char *fmt, ...)
{
	struct diag_item *item = next_item(d, rule);
	va_list ap;

	if (!item)
		return;
	va_start(ap, fmt);
	*item = (struct diag_item){.rule = rule, .at = at, .message = vformat(&d->arena, fmt, ap)};
	va_end(ap);
	if (at.src)
		item->path = at.src->path;
}

void diag_add_path(struct diag *d, enum rule rule, struct str path, const char *fmt, ...)
{
	struct diag_item *item = next_item(d, rule);
	va_list ap;

	if (!item)
		return;
	va_start(ap, fmt);
	*item = (struct diag_item){
		.rule = rule, .path = str_dup(&d->arena, path), .message = vformat(&d->arena, fmt, ap)};
	va_end(ap);
}

bool diag_wants_hint(const struct diag *d)
{
	return d->len && !d->last_dropped;
}

void diag_hint(struct diag *d, const char *fmt, ...)
{
	va_list ap;

	if (!diag_wants_hint(d))
		return;
	va_start(ap, fmt);
	d->items[d->len - 1].hint = vformat(&d->arena, fmt, ap);
	va_end(ap);
}

void diag_other(struct diag *d, struct span other)
{
	if (diag_wants_hint(d))
		d->items[d->len - 1].other = other;
}

/* Nothing is dropped here: which ones the ceiling leaves is known when all are in order. */
void diag_merge(struct diag *into, struct diag *from)
{
	for (size_t i = 0; i < from->len; i++) {
		struct diag_item *item = append(into, from->items[i].rule);

		*item = from->items[i];
		item->message = str_dup(&into->arena, item->message);
		item->hint = str_dup(&into->arena, item->hint);
		if (!item->at.src)
			item->path = str_dup(&into->arena, item->path);
	}
	for (int r = 0; r < RULE_COUNT; r++)
		drop(into, (enum rule)r, from->dropped_of[r]);
	diag_clear(from);
}

static int compare_items(const void *x, const void *y)
{
	const struct diag_item *a = x, *b = y;
	int order = str_cmp(a->path, b->path);

	if (order == 0)
		order = (a->at.at > b->at.at) - (a->at.at < b->at.at);
	if (order == 0)
		order = strcmp(rules[a->rule].id, rules[b->rule].id);
	if (order == 0)
		order = str_cmp(a->message, b->message);
	return order;
}

static void keep(struct diag *d, size_t item)
{
	enum rule rule = d->items[item].rule;

	if (*kept_of(d, rule) < DIAG_MAX_ITEMS)
		*append(d, rule) = d->items[item];
	else
		drop(d, rule, 1);
}

void diag_sort(struct diag *d)
{
	size_t len = d->len;

	if (len)
		qsort(d->items, len, sizeof(*d->items), compare_items);
	d->len = d->kept[0] = d->kept[1] = 0;
	for (size_t i = 0; i < len; i++)
		if (!d->len || compare_items(&d->items[d->len - 1], &d->items[i]) != 0)
			keep(d, i);
}

void severities_init(struct severities *s)
{
	for (int r = 0; r < RULE_COUNT; r++)
		s->of[r] = rules[r].severity;
}

void severities_strict(struct severities *s)
{
	for (int r = 0; r < RULE_COUNT; r++)
		if (s->of[r] == SEVERITY_WARNING && r != RULE_TRANSLATION_STALE &&
			!str_starts(str_from(rules[r].id), STR("freshness/")))
			s->of[r] = SEVERITY_ERROR;
}

size_t diag_count(const struct diag *d, const struct severities *s, enum severity severity)
{
	size_t count = 0;

	for (size_t i = 0; i < d->len; i++)
		count += s->of[d->items[i].rule] == severity;
	for (int r = 0; r < RULE_COUNT; r++)
		count += s->of[r] == severity ? d->dropped_of[r] : 0;
	return count;
}

size_t diag_dropped(const struct diag *d, const struct severities *s)
{
	size_t count = 0;

	for (int r = 0; r < RULE_COUNT; r++)
		count += s->of[r] == SEVERITY_OFF ? 0 : d->dropped_of[r];
	return count;
}
