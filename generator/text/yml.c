#include "text/yml_impl.h"

#include "base/map.h"

#include <yaml.h>

/* Maps with more keys than this find duplicates by hash. */
#define FEW_KEYS 16

/* A list or map whose end was not met yet. */
struct level {
	struct yml *node;
	struct yml *last;
	struct map keys; /* of a map with many */
	struct str key;	 /* waits for its value */
	struct span key_at;
	bool have_key;
	bool twice; /* the key was there before: its value is read and left out */
	bool flow;
};

struct reader {
	struct arena *a;
	struct source *src;
	struct diag *d;
	size_t from, to;
	yaml_parser_t parser;
	bool ascii;
	size_t characters, bytes; /* a character libyaml counted, and the byte where it starts */
	struct level levels[YML_MAX_DEPTH];
	size_t depth, nodes;
	struct yml *root;
	bool done;
};

/* What libyaml says, and what it means to the one who wrote the file. */
static const struct problem {
	const char *libyaml;
	const char *message;
	const char *hint;
	bool at_context; /* the place where it began says more than the place where it was noticed */
} problems[] = {
	{"mapping values are not allowed in this context", "a “:” that cannot stand here",
		"put the value in quotes if it contains “: ”, and begin the keys of one mapping in the same "
		"column",
		false},
	{"could not find expected ':'", "a line that is no “key: value”",
		"write “key: value”; a text over several lines is indented below its key", true},
	{"did not find expected key", "a key was expected here",
		"begin the keys of one mapping in the same column, and quote a value that begins with a "
		"quote or bracket",
		false},
	{"did not find expected '-' indicator", "a list item was expected here",
		"begin the items of one list with “- ” in the same column", false},
	{"block sequence entries are not allowed in this context", "a list cannot begin here",
		"begin it on a line of its own, below its key", false},
	{"mapping keys are not allowed in this context", "a “?” that cannot stand here",
		"put the value in quotes", false},
	{"found character that cannot start any token", "a value cannot begin with this character",
		"put the value in quotes; indent with spaces, not with tabs", false},
	{"found unexpected end of stream", "a quoted text that never ends",
		"end it with the quote that it began with", true},
	{"found unexpected document indicator", "a quoted text that never ends",
		"end it with the quote that it began with", true},
	{"found unknown escape character", "an escape that does not exist",
		"write \\\\ for a backslash, or use single quotes, which have no escapes", false},
	{"did not find expected hexdecimal number", "an escape with too few hexadecimal digits", "", false},
	{"found invalid Unicode character escape code", "an escape for a character that does not exist", "",
		false},
	{"did not find expected alphabetic or numeric character", "a value cannot begin with “*” or “&”",
		"put the value in quotes", true},
	{"did not find expected comment or line break", "text after “|” or “>”",
		"begin the text on the next line, indented; or put the value in quotes", false},
	{"found a tab character where an indentation space is expected", "a tab in the indentation",
		"indent with spaces, not with tabs", false},
	{"found a tab character that violates indentation", "a tab in the indentation",
		"indent with spaces, not with tabs", false},
	{"did not find expected ',' or ']'", "a list in brackets that never ends",
		"put “,” between the items and “]” after the last", true},
	{"did not find expected ',' or '}'", "a mapping in braces that never ends",
		"put “,” between the pairs and “}” after the last; quote a value that begins with “{”", true},
	{"did not find expected node content", "a value was expected here",
		"put the value in quotes if it begins with a special character", false},
	{"did not find expected <document start>", "text that belongs to nothing",
		"begin the keys of one mapping in the same column", false},
	{"control characters are not allowed", "a control character", "remove it", false},
};

static const enum yml_style styles[] = {
	[YAML_ANY_SCALAR_STYLE] = YML_PLAIN,
	[YAML_PLAIN_SCALAR_STYLE] = YML_PLAIN,
	[YAML_SINGLE_QUOTED_SCALAR_STYLE] = YML_SINGLE,
	[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = YML_DOUBLE,
	[YAML_LITERAL_SCALAR_STYLE] = YML_LITERAL,
	[YAML_FOLDED_SCALAR_STYLE] = YML_FOLDED,
};

static bool continues(const struct reader *r, size_t at)
{
	return ((unsigned char)r->src->text.p[at] & 0xC0) == 0x80;
}

/* libyaml counts characters; marks come nearly in order, so the place is found from the last one. */
static size_t byte_of(struct reader *r, size_t character)
{
	if (r->ascii)
		return r->from + character < r->to ? r->from + character : r->to;
	while (r->characters > character && r->bytes > r->from)
		r->characters -= !continues(r, --r->bytes);
	while (r->characters < character && r->bytes < r->to) {
		r->characters++;
		do
			r->bytes++;
		while (r->bytes < r->to && continues(r, r->bytes));
	}
	return r->bytes;
}

static struct span span_of(struct reader *r, const yaml_event_t *event)
{
	size_t from = byte_of(r, event->start_mark.index), to = byte_of(r, event->end_mark.index);

	return span_make(r->src, from, to > from ? to - from : 0);
}

static bool refuse(struct reader *r, enum rule rule, struct span at, const char *message, const char *hint)
{
	diag_add(r->d, rule, at, "%s", message);
	if (*hint)
		diag_hint(r->d, "%s", hint);
	return false;
}

/* A block list or map ends with its last child: libyaml's mark stands at whatever comes next. */
static void close_span(struct level *level, size_t end)
{
	struct yml *node = level->node;

	if (!level->flow)
		end = level->last ? level->last->at.at + level->last->at.n : node->at.at;
	if (end > node->at.at)
		node->at.n = end - node->at.at;
}

/* The child that has the key already, or NULL. */
static const struct yml *find_twin(struct reader *r, struct level *level, struct str key)
{
	struct yml *map = level->node;

	if (map->len < FEW_KEYS) {
		for (struct yml *y = map->first; y; y = y->next)
			if (str_eq(y->key, key))
				return y;
		return NULL;
	}
	if (!level->keys.len)
		for (struct yml *y = map->first; y; y = y->next)
			(void)map_put(&level->keys, r->a, y->key, y);
	return map_get(&level->keys, key);
}

static void take_key(struct reader *r, struct level *level, struct str key, struct span at)
{
	const struct yml *twin = find_twin(r, level, key);

	level->key = key;
	level->key_at = at;
	level->have_key = true;
	level->twice = twin != NULL;
	if (!twin)
		return;
	diag_add(r->d, RULE_YAML_DUPLICATE, at, "“%.*s” stands here twice; the first one counts",
		STR_ARG(key));
	diag_other(r->d, twin->key_at);
}

static void append_child(struct reader *r, struct level *level, struct yml *child)
{
	struct yml *parent = level->node;

	if (level->last)
		level->last->next = child;
	else
		parent->first = child;
	level->last = child;
	parent->len++;
	if (level->keys.len)
		(void)map_put(&level->keys, r->a, child->key, child);
}

static void link_child(struct reader *r, struct level *level, struct yml *child)
{
	child->key = level->key;
	child->key_at = level->key_at;
	if (!level->twice)
		append_child(r, level, child);
	level->key = (struct str){0};
	level->key_at = (struct span){0};
	level->have_key = level->twice = false;
}

static struct yml *add_node(struct reader *r, enum yml_kind kind, struct span at)
{
	struct yml *y;

	if (++r->nodes > YML_MAX_NODES) {
		diag_add(r->d, RULE_YAML_LIMIT, at, "more than %d values in one file", YML_MAX_NODES);
		return NULL;
	}
	y = arena_new(r->a, struct yml);
	y->kind = kind;
	y->at = at;
	if (r->depth)
		link_child(r, &r->levels[r->depth - 1], y);
	else
		r->root = y;
	return y;
}

static bool check_properties(
	struct reader *r, const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		return refuse(r, RULE_YAML_LIMIT, span_of(r, event), "anchors (“&name”) are not read here",
			"write the value out where it is needed, or put it in quotes if it begins with “&”");
	if (tag)
		return refuse(r, RULE_YAML_LIMIT, span_of(r, event), "tags (“!name”) are not read here",
			"leave the tag out, or put the value in quotes if it begins with “!”");
	return true;
}

static bool on_scalar(struct reader *r, const yaml_event_t *event)
{
	struct level *level = r->depth ? &r->levels[r->depth - 1] : NULL;
	enum yml_style style = styles[event->data.scalar.style];
	struct span at = span_of(r, event);
	struct str text = str_make((const char *)event->data.scalar.value, event->data.scalar.length);
	struct yml *y;

	if (!check_properties(r, event, event->data.scalar.anchor, event->data.scalar.tag))
		return false;
	text = str_dup(r->a, text);
	if (level && level->node->kind == YML_MAP && !level->have_key) {
		take_key(r, level, text, at);
		return true;
	}
	y = add_node(r, YML_SCALAR, at);
	if (!y)
		return false;
	y->quoted = style != YML_PLAIN;
	y->text = text;
	y->origin =
		yml_origin(r->a, r->src, str_slice(r->src->text, at.at, at.at + at.n), at.at, style, text);
	/* The text of a block ends with its last line, whatever blank lines follow. */
	if (style == YML_LITERAL || style == YML_FOLDED)
		while (y->at.n && strchr(" \r\n", r->src->text.p[at.at + y->at.n - 1]))
			y->at.n--;
	return true;
}

static bool open_level(struct reader *r, enum yml_kind kind, struct span at, bool flow)
{
	struct level *level = r->depth ? &r->levels[r->depth - 1] : NULL;
	struct yml *y;

	if (level && level->node->kind == YML_MAP && !level->have_key)
		return refuse(r, RULE_YAML_SYNTAX, at, "a key must be a text",
			"put the value in quotes if it begins with a bracket or brace");
	if (r->depth == YML_MAX_DEPTH) {
		diag_add(r->d, RULE_YAML_LIMIT, at, "nested more than %d deep", YML_MAX_DEPTH);
		return false;
	}
	y = add_node(r, kind, span_make(at.src, at.at, 0));
	if (!y)
		return false;
	r->levels[r->depth++] = (struct level){.node = y, .flow = flow};
	return true;
}

static bool on_list(struct reader *r, const yaml_event_t *event)
{
	return check_properties(
		       r, event, event->data.sequence_start.anchor, event->data.sequence_start.tag) &&
	       open_level(r, YML_LIST, span_of(r, event),
		       event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
}

static bool on_map(struct reader *r, const yaml_event_t *event)
{
	return check_properties(r, event, event->data.mapping_start.anchor, event->data.mapping_start.tag) &&
	       open_level(r, YML_MAP, span_of(r, event),
		       event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
}

static bool on_close(struct reader *r, const yaml_event_t *event)
{
	close_span(&r->levels[--r->depth], byte_of(r, event->end_mark.index));
	return true;
}

static bool on_alias(struct reader *r, const yaml_event_t *event)
{
	return refuse(r, RULE_YAML_LIMIT, span_of(r, event), "aliases (“*name”) are not read here",
		"write the value out where it is needed, or put it in quotes if it begins with “*”");
}

static bool on_document(struct reader *r, const yaml_event_t *event)
{
	if (!r->root)
		return true;
	return refuse(r, RULE_YAML_LIMIT, span_of(r, event), "a second document in one file",
		"keep one, and remove the line “---” between them");
}

static bool on_end(struct reader *r, const yaml_event_t *event UNUSED)
{
	r->done = true;
	return true;
}

static bool (*const handlers[])(struct reader *r, const yaml_event_t *event) = {
	[YAML_STREAM_END_EVENT] = on_end,
	[YAML_DOCUMENT_START_EVENT] = on_document,
	[YAML_ALIAS_EVENT] = on_alias,
	[YAML_SCALAR_EVENT] = on_scalar,
	[YAML_SEQUENCE_START_EVENT] = on_list,
	[YAML_SEQUENCE_END_EVENT] = on_close,
	[YAML_MAPPING_START_EVENT] = on_map,
	[YAML_MAPPING_END_EVENT] = on_close,
};

static const struct problem *problem_find(const char *libyaml)
{
	for (size_t i = 0; i < COUNT_OF(problems); i++)
		if (strcmp(problems[i].libyaml, libyaml) == 0)
			return &problems[i];
	return NULL;
}

static size_t problem_place(struct reader *r, const struct problem *known)
{
	const yaml_parser_t *p = &r->parser;
	size_t at;

	if (p->error == YAML_READER_ERROR) {
		at = r->from + p->problem_offset;
		return at < r->to ? at : r->to;
	}
	return byte_of(
		r, known && known->at_context && p->context ? p->context_mark.index : p->problem_mark.index);
}

static void report_problem(struct reader *r)
{
	const char *said = r->parser.problem ? r->parser.problem : "unreadable";
	const struct problem *known = problem_find(said);
	struct span at = span_make(r->src, problem_place(r, known), 0);

	if (r->parser.error == YAML_MEMORY_ERROR)
		die("out of memory");
	at.n = at.at < r->to;
	if (known)
		refuse(r, RULE_YAML_SYNTAX, at, known->message, known->hint);
	else
		diag_add(r->d, RULE_YAML_SYNTAX, at, "the YAML cannot be read: %s", said);
	if (known && known->at_context)
		diag_other(r->d, span_make(r->src, byte_of(r, r->parser.problem_mark.index), 0));
}

static bool read_events(struct reader *r)
{
	bool good = true;

	while (good && !r->done) {
		yaml_event_t event;

		if (!yaml_parser_parse(&r->parser, &event)) {
			report_problem(r);
			return false;
		}
		if (handlers[event.type])
			good = handlers[event.type](r, &event);
		yaml_event_delete(&event);
	}
	return good;
}

static bool is_ascii(struct str s)
{
	unsigned char seen = 0;

	for (size_t i = 0; i < s.n; i++)
		seen |= (unsigned char)s.p[i];
	return seen < 0x80;
}

static struct yml *finish(struct reader *r)
{
	if (!r->root || (r->root->kind == YML_SCALAR && !r->root->quoted && !r->root->text.n)) {
		r->root = arena_new(r->a, struct yml);
		r->root->kind = YML_MAP;
		r->root->at = span_make(r->src, r->from, 0);
	}
	return r->root;
}

struct yml *yml_parse(struct arena *a, struct source *src, size_t from, size_t to, struct diag *d)
{
	struct reader r = {.a = a, .src = src, .d = d};
	struct str text = str_slice(src->text, from, to);
	bool good;

	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_slice(text, 3, text.n);
	r.from = r.bytes = text.n ? (size_t)(text.p - src->text.p) : from;
	r.to = r.from + text.n;
	r.ascii = is_ascii(text);
	if (text.n > YML_MAX_BYTES) {
		diag_add(d, RULE_YAML_LIMIT, span_make(src, from, 0), "more than %zu bytes of YAML",
			YML_MAX_BYTES);
		return NULL;
	}
	if (!yaml_parser_initialize(&r.parser))
		die("out of memory");
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.p ? text.p : ""), text.n);
	good = read_events(&r);
	yaml_parser_delete(&r.parser);
	return good ? finish(&r) : NULL;
}
