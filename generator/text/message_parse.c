/* The grammar of messages: text, apostrophes, arguments and their types. */
#include "text/message_impl.h"

struct span parser_span(const struct parser *p, size_t from, size_t to)
{
	if (!p->from)
		return (struct span){0};
	return origin_span(p->from, from, to);
}

void parser_note(struct parser *p, enum rule rule)
{
	if (rule_info(rule)->severity == SEVERITY_ERROR)
		p->failed = true;
}

void parser_skip_space(struct parser *p)
{
	size_t len;

	while (p->at < p->s.n && text_is_space(utf8_decode(p->s, p->at, &len)))
		p->at += len;
}

struct str parser_name(struct parser *p)
{
	size_t start = p->at, len;

	while (p->at < p->s.n && text_is_name(utf8_decode(p->s, p->at, &len)))
		p->at += len;
	return str_slice(p->s, start, p->at);
}

size_t parser_char_end(const struct parser *p, size_t at)
{
	size_t len = 0;

	if (at < p->s.n)
		utf8_decode(p->s, at, &len);
	return at + len;
}

struct str parser_char(const struct parser *p)
{
	return str_slice(p->s, p->at, parser_char_end(p, p->at));
}

bool parser_eat(struct parser *p, char c)
{
	if (p->at == p->s.n || p->s.p[p->at] != c)
		return false;
	p->at++;
	return true;
}

void parser_unclosed(struct parser *p, size_t open)
{
	if (!p->stop) {
		fault(p, RULE_MESSAGE_SYNTAX, open, open + 1, "this “{” is never closed");
		diag_hint(p->diag, "add the missing “}”; a brace that is meant as text is written '{'");
	}
	p->at = p->s.n;
	p->stop = true;
}

/* After a fault inside an argument: to after the brace that closes it, as far as one can tell. */
static void skip_argument(struct parser *p)
{
	int depth = 1;

	while (p->at < p->s.n && depth > 0) {
		char c = p->s.p[p->at++];

		depth += (c == '{') - (c == '}');
	}
	if (depth > 0)
		p->stop = true;
}

static void add_literal(struct parser *p, char c)
{
	p->literal[p->literal_n++] = c;
}

/* An apostrophe between a letter and an argument was rarely meant to quote it (l'{name}). */
static bool hides_argument(const struct parser *p, size_t start)
{
	unsigned char before = start ? (unsigned char)p->s.p[start - 1] : ' ';
	size_t len;

	return before < 0x80 && text_is_name(before) && p->s.p[start + 1] == '{' && start + 2 < p->s.n &&
	       text_is_name(utf8_decode(p->s, start + 2, &len));
}

/* The apostrophe at `start` quoted up to p->at. */
static void check_quote(struct parser *p, size_t start, bool closed)
{
	if (!closed)
		fault(p, RULE_MESSAGE_SUSPECT, start, start + 1,
			"this apostrophe makes the rest of the message plain text");
	else if (hides_argument(p, start))
		fault(p, RULE_MESSAGE_SUSPECT, start, start + 1, "this apostrophe makes “%.*s” plain text",
			STR_ARG(str_slice(p->s, start + 1, p->at - 1)));
	else
		return;
	diag_hint(p->diag, "write ’ or two apostrophes ('') for an apostrophe before a brace");
}

/*
 * At an apostrophe. ICU's rule (DOUBLE_OPTIONAL): two are one; one before a syntax character quotes up to
 * the next lone one, or to the end; any other is itself.
 */
static void parse_apostrophe(struct parser *p, bool in_plural)
{
	size_t start = p->at++;
	char next = p->at < p->s.n ? p->s.p[p->at] : '\0';

	if (next == '\'')
		p->at++;
	if (next != '{' && next != '}' && !(in_plural && next == '#')) {
		add_literal(p, '\'');
		return;
	}
	while (p->at < p->s.n) {
		char c = p->s.p[p->at++];

		if (c == '\'' && !parser_eat(p, '\'')) {
			check_quote(p, start, true);
			return;
		}
		add_literal(p, c);
	}
	check_quote(p, start, false);
}

static struct part *new_part(struct parser *p, enum part_kind kind)
{
	struct part *part = arena_new(p->arena, struct part);

	part->kind = kind;
	return part;
}

bool counts(const struct part *part)
{
	return part && (part->type == MESSAGE_PLURAL || part->type == MESSAGE_ORDINAL);
}

/* Within a plural, but inside a select there, ICU takes # as it is. */
static void check_number_sign(struct parser *p)
{
	if (!p->plurals)
		return;
	fault(p, RULE_MESSAGE_SUSPECT, p->at, p->at + 1, "inside a select, “#” is only a number sign");
	diag_hint(p->diag,
		"write the plural's argument in braces instead, or put the plural inside the select");
}

static struct part *parse_text(struct parser *p, const struct part *in)
{
	struct part *part = new_part(p, PART_TEXT);
	size_t start = p->literal_n;

	while (p->at < p->s.n) {
		char c = p->s.p[p->at];

		if (c == '{' || c == '}' || (c == '#' && counts(in)))
			break;
		if (c == '\'') {
			parse_apostrophe(p, counts(in));
			continue;
		}
		if (c == '#')
			check_number_sign(p);
		add_literal(p, c);
		p->at++;
	}
	part->text = str_make(p->literal + start, p->literal_n - start);
	return part;
}

static const char *const type_names[] = {
	[MESSAGE_PLAIN] = "",
	[MESSAGE_NUMBER] = "number",
	[MESSAGE_DATE] = "date",
	[MESSAGE_TIME] = "time",
	[MESSAGE_LIST] = "list",
	[MESSAGE_SELECT] = "select",
	[MESSAGE_PLURAL] = "plural",
	[MESSAGE_ORDINAL] = "selectordinal",
};

const char *message_type_name(enum message_type type)
{
	return type_names[type];
}

static bool same_word(struct str word, const char *name)
{
	size_t i = 0;

	for (; i < word.n && name[i]; i++)
		if ((word.p[i] | 0x20) != name[i])
			return false;
	return i == word.n && !name[i];
}

static void hint_type(struct parser *p, struct str word)
{
	struct str names[COUNT_OF(type_names)], near;

	for (size_t i = 0; i < COUNT_OF(names); i++)
		names[i] = str_from(type_names[i]);
	near = str_nearest(word, names, COUNT_OF(names));
	if (same_word(word, "choice"))
		diag_hint(p->diag, "use plural or select: ICU has given up choice");
	else if (same_word(word, "spellout") || same_word(word, "ordinal") || same_word(word, "duration"))
		diag_hint(
			p->diag, "use number, plural or selectordinal: too few languages have data for this");
	else if (near.n)
		diag_hint(p->diag, "did you mean “%.*s”?", STR_ARG(near));
	else
		diag_hint(p->diag, "there are number, date, time, list, plural, selectordinal and select");
}

/* The word after the comma; false after a fault. */
static bool parse_type(struct parser *p, struct part *part, size_t open)
{
	parser_skip_space(p);
	size_t start = p->at;
	struct str word = parser_name(p);

	for (size_t i = MESSAGE_NUMBER; i < COUNT_OF(type_names); i++) {
		if (!same_word(word, type_names[i]))
			continue;
		part->type = (enum message_type)i;
		return true;
	}
	if (p->at == p->s.n)
		parser_unclosed(p, open);
	else if (word.n == 0)
		fault(p, RULE_MESSAGE_SYNTAX, start, parser_char_end(p, start),
			"expected a type after “,”, found “%.*s”", STR_ARG(parser_char(p)));
	else
		fault(p, RULE_MESSAGE_TYPE, start, p->at, "there is no argument type “%.*s”", STR_ARG(word));
	if (!p->stop)
		hint_type(p, word);
	return false;
}

/* ICU takes names of digits for numbers, and refuses 01. */
static bool is_bad_number(struct str name)
{
	if (name.n < 2 || name.p[0] != '0')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] < '0' || name.p[i] > '9')
			return false;
	return true;
}

static bool parse_argument_name(struct parser *p, struct part *part, size_t open, struct span *at)
{
	parser_skip_space(p);
	size_t start = p->at;

	part->name = parser_name(p);
	*at = parser_span(p, start, p->at);
	if (p->at == p->s.n) {
		parser_unclosed(p, open);
	} else if (part->name.n == 0) {
		fault(p, RULE_MESSAGE_SYNTAX, start, parser_char_end(p, start),
			"expected the name of an argument after “{”, found “%.*s”", STR_ARG(parser_char(p)));
		diag_hint(p->diag, "a brace that is meant as text is written '{'");
	} else if (is_bad_number(part->name)) {
		fault(p, RULE_MESSAGE_SYNTAX, start, p->at, "“%.*s” cannot be an argument's name",
			STR_ARG(part->name));
		diag_hint(p->diag, "numbered arguments have no leading zeros");
	} else
		return true;
	return false;
}

/* Notes the argument; a type later on is worth more than none before. */
static void note_argument(struct parser *p, const struct part *part, struct span at)
{
	struct message *m = p->message;

	for (size_t i = 0; i < m->arg_count; i++) {
		if (!str_eq(m->args[i].name, part->name))
			continue;
		if (m->args[i].type == MESSAGE_PLAIN)
			m->args[i].type = part->type;
		return;
	}
	m->args = arena_grow(p->arena, m->args, m->arg_count, &m->arg_cap, sizeof(*m->args));
	m->args[m->arg_count++] = (struct message_arg){part->name, at, part->type};
}

static bool is_choice(const struct part *part)
{
	return counts(part) || part->type == MESSAGE_SELECT;
}

/* From after the type to before the closing brace. */
static bool parse_rest(struct parser *p, struct part *part, size_t open)
{
	size_t head = p->at;

	parser_skip_space(p);
	if (p->at == p->s.n) {
		parser_unclosed(p, open);
		return false;
	}
	if (p->s.p[p->at] == '}' && !is_choice(part))
		return true;
	if (parser_eat(p, ','))
		return is_choice(part) ? parser_branches(p, part, open, head) : parser_style(p, part, open);
	if (p->s.p[p->at] == '}') {
		fault(p, RULE_MESSAGE_SYNTAX, open, head, "a %s needs its forms", type_names[part->type]);
		diag_hint(p->diag, "for example {%.*s, %s}", STR_ARG(part->name),
			part->type == MESSAGE_SELECT ? "select, a {…} other {…}"
						     : "plural, one {…} other {…}");
		return false;
	}
	fault(p, RULE_MESSAGE_SYNTAX, p->at, parser_char_end(p, p->at),
		"expected “,” or “}” after the type, found “%.*s”", STR_ARG(parser_char(p)));
	return false;
}

/* What stands between the braces; false after a fault. */
static bool parse_inside(struct parser *p, struct part *part, size_t open)
{
	struct span name_at;

	if (!parse_argument_name(p, part, open, &name_at))
		return false;
	parser_skip_space(p);
	if (p->at == p->s.n) {
		parser_unclosed(p, open);
		return false;
	}
	if (p->s.p[p->at] == '}') {
		note_argument(p, part, name_at);
		return true;
	}
	if (!parser_eat(p, ',')) {
		fault(p, RULE_MESSAGE_SYNTAX, p->at, parser_char_end(p, p->at),
			"expected “,” or “}” after the argument “%.*s”, found “%.*s”", STR_ARG(part->name),
			STR_ARG(parser_char(p)));
		diag_hint(p->diag,
			"names have letters, digits and _; a brace that is meant as text is written '{'");
		return false;
	}
	if (!parse_type(p, part, open))
		return false;
	note_argument(p, part, name_at);
	return parse_rest(p, part, open);
}

static struct part *parse_argument(struct parser *p)
{
	struct part *part = new_part(p, PART_ARGUMENT);
	size_t open = p->at++;

	if (!parse_inside(p, part, open)) {
		skip_argument(p);
		return part;
	}
	p->at++;
	return part;
}

static struct part *parse_number_sign(struct parser *p, const struct part *plural)
{
	struct part *part = new_part(p, PART_NUMBER_SIGN);

	part->name = plural->name;
	part->offset = plural->offset;
	p->at++;
	return part;
}

static void stray_brace(struct parser *p)
{
	fault(p, RULE_MESSAGE_SYNTAX, p->at, p->at + 1, "this “}” closes nothing");
	diag_hint(p->diag, "remove it; a brace that is meant as text is written '}'");
	p->at++;
}

struct part *parser_parts(struct parser *p, const struct part *in)
{
	struct part *first = NULL, **tail = &first;

	while (p->at < p->s.n && !(p->s.p[p->at] == '}' && p->depth)) {
		char c = p->s.p[p->at];

		if (c == '}') {
			stray_brace(p);
			continue;
		}
		if (c == '{')
			*tail = parse_argument(p);
		else if (c == '#' && counts(in))
			*tail = parse_number_sign(p, in);
		else
			*tail = parse_text(p, in);
		tail = &(*tail)->next;
	}
	return first;
}

static struct message *compile(struct parser *p, struct str pattern)
{
	p->s = str_dup(p->arena, pattern);
	p->literal = arena_alloc(p->arena, pattern.n);
	p->message = arena_new(p->arena, struct message);
	p->message->parts = parser_parts(p, NULL);
	return p->failed ? NULL : p->message;
}

struct message *message_compile(
	struct arena *a, struct str pattern, const struct origin *from, struct locale *l, struct diag *d)
{
	struct parser p = {.arena = a, .s = pattern, .from = from, .locale = l, .diag = d};
	size_t bad = utf8_check(pattern);

	if (pattern.n > MESSAGE_MAX_BYTES) {
		fault(&p, RULE_MESSAGE_LIMIT, 0, pattern.n, "a message of %zu bytes; at most %d are allowed",
			pattern.n, MESSAGE_MAX_BYTES);
		return NULL;
	}
	if (bad < pattern.n) {
		fault(&p, RULE_MESSAGE_SYNTAX, bad, bad + 1, "this byte is not UTF-8");
		return NULL;
	}
	return compile(&p, pattern);
}
