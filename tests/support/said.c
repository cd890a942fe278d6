#include "support/said.h"

#include "support/check.h"

static void add_line(struct buf *out, const struct diag_item *item)
{
	buf_add(out, item->path);
	if (item->at.src) {
		struct source_pos pos = source_pos(item->at.src, item->at.at);

		buf_addf(out, ":%zu:%zu", pos.line, pos.column);
	}
	buf_addf(out, " %s\n", rule_info(item->rule)->id);
}

static struct str lines(struct arena *a, struct diag *d, bool all, enum rule rule)
{
	struct str text;
	struct buf out;

	diag_sort(d);
	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < d->len; i++)
		if (all || d->items[i].rule == rule)
			add_line(&out, &d->items[i]);
	text = str_dup(a, buf_str(&out));
	buf_release(&out);
	diag_release_lines(d);
	return text;
}

struct str said(struct arena *a, struct diag *d)
{
	return lines(a, d, true, RULE_COUNT);
}

struct str said_of(struct arena *a, struct diag *d, enum rule rule)
{
	return lines(a, d, false, rule);
}

static const struct diag_item *only(const struct diag *d, enum rule rule)
{
	static const struct diag_item none = {0};
	const struct diag_item *found = NULL;

	for (size_t i = 0; i < d->len; i++) {
		if (d->items[i].rule != rule)
			continue;
		if (found)
			return &none;
		found = &d->items[i];
	}
	return found ? found : &none;
}

struct str said_hint(const struct diag *d, enum rule rule)
{
	return only(d, rule)->hint;
}

struct str said_message(const struct diag *d, enum rule rule)
{
	return only(d, rule)->message;
}

void check_said(
	struct arena *a, struct diag *d, const char *expected, const char *input, const char *file, int line)
{
	struct str got = said(a, d);

	if (str_is(got, expected))
		return;
	print_error("of:\n%s\n", input);
	for (size_t i = 0; i < d->len; i++)
		print_error("said: %.*s\n", STR_ARG(d->items[i].message));
	check_text_at(got, expected, file, line);
}
