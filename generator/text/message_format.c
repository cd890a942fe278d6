/* Formatting. */
#include "text/locale_impl.h"
#include "text/message_impl.h"

/* Where the result goes: to a buf, or piece by piece to a sink, with `scratch` for one argument. */
struct run {
	struct locale *locale;
	const struct message_scope *scope;
	const struct message_sink *sink; /* NULL: to out */
	struct buf *out;
	struct buf scratch;
	bool ok;
};

static void write_text(struct run *r, struct str s)
{
	if (!r->sink)
		buf_add(r->out, s);
	else if (r->sink->text)
		r->sink->text(r->sink->ctx, s);
}

static struct buf *argument_begin(struct run *r)
{
	if (!r->sink)
		return r->out;
	buf_clear(&r->scratch);
	return &r->scratch;
}

static void argument_end(struct run *r, struct str name)
{
	if (r->sink && r->sink->argument)
		r->sink->argument(r->sink->ctx, name, buf_str(&r->scratch));
}

static const struct value *get(const struct run *r, struct str name)
{
	const struct value *v = r->scope && r->scope->get ? r->scope->get(r->scope->ctx, name) : NULL;

	return v && v->kind != VALUE_NULL ? v : NULL;
}

/* A value as plain text; false when it has none. */
static bool add_scalar(struct run *r, const struct value *v, struct buf *out)
{
	switch (v->kind) {
	case VALUE_BOOL:
		buf_addz(out, v->boolean ? "true" : "false");
		return true;
	case VALUE_STR:
		buf_add(out, v->text);
		return true;
	case VALUE_INT:
	case VALUE_DECIMAL:
		return locale_number(r->locale, *v, 0, (struct str){0}, out);
	case VALUE_MONEY:
		return locale_money(r->locale, *v, (struct str){0}, out);
	case VALUE_RANGE:
		return locale_range(r->locale, *v, 0, (struct str){0}, out);
	case VALUE_DATE:
		return locale_date(r->locale, *v, false, (struct str){0}, out);
	case VALUE_TIME:
		return locale_moment(r->locale, *v, out);
	default:
		return false;
	}
}

/* Items of one kind or another; false when one of them has no text (it is left out). */
static bool add_list(struct run *r, const struct value *v, struct str type, struct buf *out)
{
	size_t n = v->list->len, used = 0, *ends = xmalloc(n * sizeof(*ends));
	struct str *items = xmalloc(n * sizeof(*items));
	struct buf texts;
	bool ok;

	buf_init(&texts, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < n; i++) {
		if (add_scalar(r, &v->list->items[i], &texts))
			ends[used++] = texts.n;
	}
	for (size_t i = 0; i < used; i++)
		items[i] = str_slice(buf_str(&texts), i ? ends[i - 1] : 0, ends[i]);
	ok = locale_list(r->locale, items, used, type, out);
	buf_release(&texts);
	free(items);
	free(ends);
	return ok && used == n;
}

static bool add_number(
	struct run *r, const struct value *v, int64_t offset, struct str style, struct buf *out)
{
	if (v->kind == VALUE_RANGE)
		return locale_range(r->locale, *v, offset, style, out);
	return locale_number(r->locale, *v, offset, style, out);
}

static bool add_value(struct run *r, const struct part *part, const struct value *v, struct buf *out)
{
	switch (part->type) {
	case MESSAGE_NUMBER:
		if (v->kind == VALUE_MONEY)
			return locale_money(r->locale, *v, part->text, out);
		return add_number(r, v, 0, part->text, out);
	case MESSAGE_DATE:
	case MESSAGE_TIME:
		return locale_date(r->locale, *v, part->type == MESSAGE_TIME, part->text, out);
	case MESSAGE_LIST:
		return v->kind == VALUE_LIST && add_list(r, v, part->text, out);
	default:
		return v->kind == VALUE_LIST ? add_list(r, v, (struct str){0}, out) : add_scalar(r, v, out);
	}
}

/* What stands for an argument that is missing or of the wrong type. */
static void add_instead(struct run *r, struct str name, const struct value *v, struct buf *out)
{
	r->ok = false;
	if (v && (v->kind == VALUE_STR || v->kind == VALUE_DECIMAL)) {
		buf_add(out, v->text);
		return;
	}
	buf_addc(out, '{');
	buf_add(out, name);
	buf_addc(out, '}');
}

static void run_argument(struct run *r, const struct part *part)
{
	const struct value *v = get(r, part->name);
	struct buf *out = argument_begin(r);
	size_t start = out->n;

	if (!v || !add_value(r, part, v, out)) {
		buf_cut(out, start);
		add_instead(r, part->name, v, out);
	}
	argument_end(r, part->name);
}

static void run_number_sign(struct run *r, const struct part *part)
{
	const struct value *v = get(r, part->name);
	struct buf *out = argument_begin(r);

	if (!v || !add_number(r, v, part->offset, (struct str){0}, out))
		add_instead(r, part->name, v, out);
	argument_end(r, part->name);
}

static bool is_exactly(const struct branch *b, const struct value *v)
{
	struct decimal d;

	if (b->kind != BRANCH_EXACT)
		return false;
	if (b->whole && v->kind == VALUE_INT)
		return b->integer == v->integer;
	return decimal_from_value(*v, &d) && decimal_eq(&d, &b->exact);
}

static enum plural category_of(struct run *r, const struct part *part, const struct value *v)
{
	bool ordinal = part->type == MESSAGE_ORDINAL;

	if (v->kind == VALUE_RANGE)
		return locale_plural_range(r->locale, *v, part->offset);
	if (part->shown.n)
		return locale_plural_styled(r->locale, *v, part->offset, part->shown, ordinal);
	return locale_plural(r->locale, *v, part->offset, ordinal);
}

/* An exact number wins wherever it stands; then the category, then `other`. */
static const struct branch *choose_plural(struct run *r, const struct part *part, const struct value *v)
{
	const struct branch *found = NULL;
	enum plural category;

	for (const struct branch *b = part->branches; b; b = b->next)
		if (is_exactly(b, v))
			return b;
	category = category_of(r, part, v);
	for (const struct branch *b = part->branches; b && !found; b = b->next)
		if (b->kind == BRANCH_CATEGORY && b->category == category)
			found = b;
	return found ? found : part->other;
}

static bool is_number(const struct value *v)
{
	struct decimal d;

	return v && (v->kind == VALUE_INT || v->kind == VALUE_RANGE || decimal_from_value(*v, &d));
}

/* The text that a select compares with its words; false when the value has none. */
static bool word_of(const struct value *v, char digits[DECIMAL_MAX_TEXT], struct str *out)
{
	struct decimal d;

	if (v && v->kind == VALUE_BOOL)
		*out = str_from(v->boolean ? "true" : "false");
	else if (v && v->kind == VALUE_INT) {
		d = decimal_from_int(v->integer);
		*out = str_make(digits, decimal_print(&d, digits));
	} else if (v && (v->kind == VALUE_STR || v->kind == VALUE_DECIMAL))
		*out = v->text;
	else
		return false;
	return true;
}

static const struct branch *choose_word(struct run *r, const struct part *part, const struct value *v)
{
	char digits[DECIMAL_MAX_TEXT];
	struct str word;

	if (!word_of(v, digits, &word)) {
		r->ok = false;
		return part->other;
	}
	for (const struct branch *b = part->branches; b; b = b->next)
		if (str_eq(b->selector, word))
			return b;
	return part->other;
}

static const struct branch *choose(struct run *r, const struct part *part)
{
	const struct value *v = get(r, part->name);

	if (part->type == MESSAGE_SELECT)
		return choose_word(r, part, v);
	if (is_number(v))
		return choose_plural(r, part, v);
	r->ok = false;
	return part->other;
}

/* As deep as the parser allowed: MESSAGE_MAX_DEPTH. */
static void run_parts(struct run *r, const struct part *part)
{
	for (; part; part = part->next) {
		if (part->kind == PART_TEXT)
			write_text(r, part->text);
		else if (part->kind == PART_NUMBER_SIGN)
			run_number_sign(r, part);
		else if (part->branches)
			run_parts(r, choose(r, part)->parts);
		else
			run_argument(r, part);
	}
}

bool message_format(
	const struct message *m, struct locale *l, const struct message_scope *scope, struct buf *out)
{
	struct run r = {.locale = l, .scope = scope, .out = out, .ok = true};

	run_parts(&r, m->parts);
	return r.ok;
}

bool message_format_to(const struct message *m, struct locale *l, const struct message_scope *scope,
	const struct message_sink *sink)
{
	struct run r = {.locale = l, .scope = scope, .sink = sink, .ok = true};

	buf_init(&r.scratch, BUF_MAX_DEFAULT);
	run_parts(&r, m->parts);
	buf_release(&r.scratch);
	return r.ok;
}
