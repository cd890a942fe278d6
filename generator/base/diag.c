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

/* The next item to fill in; NULL beyond the ceiling: then it is only counted. */
static struct diag_item *next_item(struct diag *d, enum rule rule)
{
	if (d->len >= DIAG_MAX_ITEMS) {
		d->dropped++;
		d->dropped_of[rule]++;
		return NULL;
	}
	d->items = arena_grow(&d->arena, d->items, d->len, &d->cap, sizeof(*d->items));
	return &d->items[d->len++];
}

static PRINTF_LIKE(2, 0) struct str vformat(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	int n;
	char *p;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		BUG("format “%s”", fmt);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return str_make(p, (size_t)n);
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

void diag_hint(struct diag *d, const char *fmt, ...)
{
	va_list ap;

	if (!d->len || d->dropped)
		return;
	va_start(ap, fmt);
	d->items[d->len - 1].hint = vformat(&d->arena, fmt, ap);
	va_end(ap);
}

void diag_other(struct diag *d, struct span other)
{
	if (d->len && !d->dropped)
		d->items[d->len - 1].other = other;
}

void diag_merge(struct diag *into, struct diag *from)
{
	for (size_t i = 0; i < from->len; i++) {
		struct diag_item *item = next_item(into, from->items[i].rule);

		if (!item)
			continue;
		*item = from->items[i];
		item->message = str_dup(&into->arena, item->message);
		item->hint = str_dup(&into->arena, item->hint);
		if (!item->at.src)
			item->path = str_dup(&into->arena, item->path);
	}
	into->dropped += from->dropped;
	for (int r = 0; r < RULE_COUNT; r++)
		into->dropped_of[r] += from->dropped_of[r];
	arena_clear(&from->arena);
	*from = (struct diag){.arena = from->arena};
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

void diag_sort(struct diag *d)
{
	size_t kept = 0;

	if (d->len < 2)
		return;
	qsort(d->items, d->len, sizeof(*d->items), compare_items);
	for (size_t i = 1; i < d->len; i++)
		if (compare_items(&d->items[kept], &d->items[i]) != 0)
			d->items[++kept] = d->items[i];
	d->len = kept + 1;
}

void severities_init(struct severities *s)
{
	for (int r = 0; r < RULE_COUNT; r++)
		s->of[r] = rules[r].severity;
}

void severities_strict(struct severities *s)
{
	for (int r = 0; r < RULE_COUNT; r++)
		if (s->of[r] == SEVERITY_WARNING && !str_starts(str_from(rules[r].id), STR("freshness/")))
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
