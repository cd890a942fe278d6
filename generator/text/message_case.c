/* The branches of plural, selectordinal and select. */
#include "text/message_impl.h"

/* Whole numbers that are tried for one that a missing category leaves without a form. */
#define UNMET_SCAN 200

/* ICU's rule for what may be a number. */
static struct str read_number(struct parser *p)
{
	size_t start = p->at;

	while (p->at < p->s.n && p->s.p[p->at] && strchr("0123456789+-.eE", p->s.p[p->at]))
		p->at++;
	return str_slice(p->s, start, p->at);
}

static bool read_exact(struct parser *p, struct branch *b)
{
	p->at++;
	struct str number = read_number(p);

	b->kind = BRANCH_EXACT;
	b->selector = str_slice(p->s, b->at, p->at);
	if (decimal_parse(number, &b->exact)) {
		b->whole = str_to_int(number, &b->integer);
		return true;
	}
	fault(p, RULE_MESSAGE_SYNTAX, b->at, p->at, "expected a number after “=”, as in =0");
	return false;
}

/* offset:n, which stands once, before the first form. */
static bool read_offset(struct parser *p, struct part *part, bool first)
{
	size_t start = p->at, at;
	struct str number;

	p->at += strlen("offset:");
	parser_skip_space(p);
	at = p->at;
	number = read_number(p);
	if (!first) {
		fault(p, RULE_MESSAGE_SYNTAX, start, p->at, "the offset stands once, before the first form");
		return false;
	}
	if (str_to_int(str_starts(number, STR("+")) ? str_slice(number, 1, number.n) : number, &part->offset))
		return true;
	fault(p, RULE_MESSAGE_SYNTAX, at, number.n ? p->at : parser_char_end(p, at),
		"expected a whole number after “offset:”");
	return false;
}

static void hint_category(struct parser *p, struct str word)
{
	struct str names[PLURAL_COUNT], near;
	int64_t number;

	for (size_t i = 0; i < PLURAL_COUNT; i++)
		names[i] = str_from(plural_name((enum plural)i));
	near = str_nearest(word, names, PLURAL_COUNT);
	if (str_to_int(word, &number))
		diag_hint(p->diag, "a form for exactly this number begins with =%.*s", STR_ARG(word));
	else if (near.n)
		diag_hint(p->diag, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(p->diag, "categories are zero, one, two, few, many and other");
}

static struct str category_list(struct parser *p, unsigned categories)
{
	struct str list = {0};

	for (unsigned c = 0; c < PLURAL_COUNT; c++)
		if (categories & 1u << c)
			list = str_fmt(p->arena, "%.*s%s%s", STR_ARG(list), list.n ? ", " : "",
				plural_name((enum plural)c));
	return list;
}

static const char *kind_of_plural(const struct part *part)
{
	return part->type == MESSAGE_ORDINAL ? "ordinal" : "plural";
}

/* A category's name, known to CLDR and to the language; reports if it is not. */
static void check_category(struct parser *p, const struct part *part, struct branch *b)
{
	size_t end = b->at + b->selector.n;
	unsigned has;

	if (!plural_parse(b->selector, &b->category)) {
		fault(p, RULE_MESSAGE_CATEGORY, b->at, end, "there is no plural category “%.*s”",
			STR_ARG(b->selector));
		hint_category(p, b->selector);
		return;
	}
	if (!p->locale)
		return;
	has = locale_plurals(p->locale, part->type == MESSAGE_ORDINAL);
	if (has & 1u << b->category)
		return;
	fault(p, RULE_MESSAGE_CATEGORY, b->at, end, "“%.*s” has no %s category “%.*s”",
		STR_ARG(locale_tag(p->locale)), kind_of_plural(part), STR_ARG(b->selector));
	diag_hint(p->diag, "it has %.*s", STR_ARG(category_list(p, has)));
}

/* After a fault where a form was expected: perhaps the argument should have ended here. */
static void hint_end(struct parser *p, const struct part *part, size_t open)
{
	if (!part->branches)
		return;
	diag_hint(p->diag, "if this belongs to the text after the %s, a “}” is missing before it",
		message_type_name(part->type));
	diag_other(p->diag, parser_span(p, open, open + 1));
}

/* A selector at p->at, with its kind; false after a fault that leaves nothing to go on with. */
static bool read_selector(struct parser *p, struct part *part, struct branch *b, size_t open)
{
	b->at = p->at;
	if (counts(part) && p->s.p[p->at] == '=')
		return read_exact(p, b);
	b->selector = parser_name(p);
	b->kind = str_is(b->selector, "other") ? BRANCH_OTHER : counts(part) ? BRANCH_CATEGORY : BRANCH_WORD;
	if (b->selector.n)
		return true;
	fault(p, RULE_MESSAGE_SYNTAX, p->at, parser_char_end(p, p->at),
		"expected a form such as “other {…}”, found “%.*s”", STR_ARG(parser_char(p)));
	hint_end(p, part, open);
	return false;
}

static bool same_selector(const struct branch *a, const struct branch *b)
{
	if (a->kind == BRANCH_EXACT && b->kind == BRANCH_EXACT)
		return decimal_eq(&a->exact, &b->exact);
	return str_eq(a->selector, b->selector);
}

static void check_duplicate(struct parser *p, const struct part *part, const struct branch *b)
{
	for (const struct branch *first = part->branches; first; first = first->next) {
		if (!same_selector(first, b))
			continue;
		fault(p, RULE_MESSAGE_DUPLICATE, b->at, b->at + b->selector.n, "“%.*s” stands twice",
			STR_ARG(b->selector));
		diag_hint(p->diag, "only the first is used; remove one of them");
		diag_other(p->diag, parser_span(p, first->at, first->at + first->selector.n));
		return;
	}
}

/* Whether a message in braces follows a selector; reports if not. */
static bool expect_braces(struct parser *p, const struct part *part, const struct branch *b, size_t open)
{
	parser_skip_space(p);
	if (p->at < p->s.n && p->s.p[p->at] == '{')
		return true;
	fault(p, RULE_MESSAGE_SYNTAX, b->at, b->at + b->selector.n, "“%.*s” has no text in braces after it",
		STR_ARG(b->selector));
	if (part->branches)
		hint_end(p, part, open);
	else
		diag_hint(p->diag, "write %.*s {…}", STR_ARG(b->selector));
	return false;
}

/* The message in braces at p->at. */
static bool read_branch(struct parser *p, struct part *part, struct branch *b)
{
	size_t open = p->at++;

	if (p->depth == MESSAGE_MAX_DEPTH) {
		fault(p, RULE_MESSAGE_LIMIT, open, open + 1, "more than %d messages one inside the other",
			MESSAGE_MAX_DEPTH);
		p->at = open;
		return false;
	}
	p->depth++;
	p->plurals += counts(part);
	b->parts = parser_parts(p, part);
	p->plurals -= counts(part);
	p->depth--;
	if (parser_eat(p, '}'))
		return true;
	parser_unclosed(p, open);
	return false;
}

static bool at_offset(const struct parser *p, const struct part *part)
{
	return counts(part) && str_starts(str_slice(p->s, p->at, p->s.n), STR("offset:"));
}

/* One selector and its message. */
static struct branch *read_form(struct parser *p, struct part *part, size_t open)
{
	struct branch *b = arena_new(p->arena, struct branch);

	if (!read_selector(p, part, b, open) || !expect_braces(p, part, b, open))
		return NULL;
	if (counts(part) && b->kind != BRANCH_EXACT)
		check_category(p, part, b);
	check_duplicate(p, part, b);
	if (!read_branch(p, part, b))
		return NULL;
	if (b->kind == BRANCH_OTHER)
		part->other = b;
	part->branch_count++;
	return b;
}

/* All forms up to the closing brace. */
static bool read_forms(struct parser *p, struct part *part, size_t open)
{
	struct branch **tail = &part->branches;

	for (bool first = true;; first = false) {
		parser_skip_space(p);
		if (p->at == p->s.n) {
			parser_unclosed(p, open);
			return false;
		}
		if (p->s.p[p->at] == '}')
			return true;
		if (at_offset(p, part)) {
			if (!read_offset(p, part, first))
				return false;
			continue;
		}
		*tail = read_form(p, part, open);
		if (!*tail)
			return false;
		tail = &(*tail)->next;
	}
}

static bool has_exact(const struct part *part, int64_t n)
{
	struct decimal d = decimal_from_int(n);

	for (const struct branch *b = part->branches; b; b = b->next)
		if (b->kind == BRANCH_EXACT && decimal_eq(&b->exact, &d))
			return true;
	return false;
}

static bool has_category(const struct part *part, enum plural category)
{
	for (const struct branch *b = part->branches; b; b = b->next)
		if ((b->kind == BRANCH_CATEGORY || b->kind == BRANCH_OTHER) && b->category == category)
			return true;
	return false;
}

/* A number that is of the category and has no =n of its own; 0, the oddest, last. */
static bool find_unmet(
	struct parser *p, const struct part *part, enum plural category, int64_t example, int64_t *out)
{
	bool ordinal = part->type == MESSAGE_ORDINAL;
	int64_t n;

	for (int64_t i = 1; i <= UNMET_SCAN + 1; i++) {
		int64_t whole = i < UNMET_SCAN ? i : i == UNMET_SCAN ? 0 : example;

		if (locale_plural(p->locale, value_int(whole), 0, ordinal) != category ||
			__builtin_add_overflow(whole, part->offset, &n) || has_exact(part, n))
			continue;
		*out = n;
		return true;
	}
	return false;
}

static void check_missing(struct parser *p, const struct part *part, size_t open, size_t head)
{
	int64_t example[PLURAL_COUNT], n;
	unsigned whole;

	if (!part->other) {
		fault(p, RULE_MESSAGE_NO_OTHER, open, head, "“other” is missing");
		diag_hint(p->diag, "add other {…}: it is used whenever nothing else fits");
	}
	if (!counts(part) || !p->locale)
		return;
	whole = locale_plurals_whole(p->locale, part->type == MESSAGE_ORDINAL, example);
	for (enum plural c = 0; c < PLURAL_OTHER; c++) {
		if (!(whole & 1u << c) || has_category(part, c) || !find_unmet(p, part, c, example[c], &n))
			continue;
		fault(p, RULE_MESSAGE_CATEGORY_MISSING, open, head,
			"the %s category “%s” is missing, which “%.*s” uses for %lld", kind_of_plural(part),
			plural_name(c), STR_ARG(locale_tag(p->locale)), (long long)n);
		diag_hint(p->diag, "add %s {…}; until then %lld is shown with “other”", plural_name(c),
			(long long)n);
	}
}

/*
 * The style that `other` first shows the plural's own number in, when its digits decide the category. In
 * ICU those of patterns and named styles do, those of skeletons do not; # and {n} have no style.
 */
static struct str shown_style(const struct part *plural)
{
	const struct part *part = plural->other ? plural->other->parts : NULL;

	for (; part; part = part->next) {
		if (part->kind == PART_NUMBER_SIGN)
			break;
		if (part->kind == PART_ARGUMENT && str_eq(part->name, plural->name) &&
			(part->type == MESSAGE_NUMBER || part->type == MESSAGE_PLAIN))
			return str_starts(part->text, STR("::")) ? (struct str){0} : part->text;
	}
	return (struct str){0};
}

static size_t reserve_choice(struct parser *p, const struct part *part, struct span at)
{
	struct message *m = p->message;

	m->choices = arena_grow(p->arena, m->choices, m->choice_count, &m->choice_cap, sizeof(*m->choices));
	m->choices[m->choice_count] =
		(struct message_choice){.name = part->name, .type = part->type, .at = at};
	return m->choice_count++;
}

static void fill_choice(struct parser *p, const struct part *part, struct message_choice *choice)
{
	struct str *selectors = arena_new_n(p->arena, struct str, part->branch_count);

	choice->selectors = selectors;
	choice->offset = part->offset;
	for (const struct branch *b = part->branches; b; b = b->next)
		selectors[choice->len++] = b->selector;
}

bool parser_branches(struct parser *p, struct part *part, size_t open, size_t head)
{
	size_t choice = reserve_choice(p, part, parser_span(p, open, head));

	if (!read_forms(p, part, open))
		return false;
	check_missing(p, part, open, head);
	part->shown = shown_style(part);
	fill_choice(p, part, &p->message->choices[choice]);
	return true;
}
