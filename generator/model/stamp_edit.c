#include "model/sheet.h"
#include "model/stamp_edit_impl.h"

/* A stretch of the old text and what stands there in the new one. */
struct splice {
	size_t at, n;
	struct str text;
	size_t order;
};

struct editor {
	struct arena *a;
	struct source *src;
	const struct stamp_edit *e;
	struct str eol;
	struct splice *splices;
	size_t len, cap;
};

static void splice(struct editor *ed, size_t at, size_t n, struct str text)
{
	ed->splices = arena_grow(ed->a, ed->splices, ed->len, &ed->cap, sizeof(*ed->splices));
	ed->splices[ed->len] = (struct splice){at, n, text, ed->len};
	ed->len++;
}

/* Values as YAML writes them */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_plain_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || (unsigned char)c >= 0x80 ||
	       c == '-' || c == '.' || c == '_' || c == ' ';
}

/* Other readers of YAML would make a number, a truth value or nothing of it. */
static bool is_other_type(struct str s)
{
	static const char *const words[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n",
		"True", "False", "Null", "Yes", "No"};
	size_t digits = 0, letters = 0;

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (str_is(s, words[i]))
			return true;
	for (size_t i = 0; i < s.n; i++) {
		digits += is_digit(s.p[i]);
		letters += s.p[i] != 'e' && s.p[i] != '.' && s.p[i] != '_' && !is_digit(s.p[i]);
	}
	return digits && !letters;
}

static struct str written(struct editor *ed, struct str s)
{
	bool plain = s.n && s.p[0] != ' ' && s.p[0] != '-' && s.p[0] != '.' && s.p[s.n - 1] != ' ' &&
		     !is_other_type(s);
	struct buf out;
	struct str text;

	for (size_t i = 0; i < s.n; i++)
		plain = plain && is_plain_byte(s.p[i]);
	if (plain)
		return s;
	buf_init(&out, BUF_MAX_DEFAULT);
	buf_addc(&out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_addc(&out, '\'');
		buf_addc(&out, s.p[i]);
	}
	buf_addc(&out, '\'');
	text = str_dup(ed->a, buf_str(&out));
	buf_release(&out);
	return text;
}

/* Places */

static size_t line_start(const struct editor *ed, size_t at)
{
	while (at > 0 && ed->src->text.p[at - 1] != '\n')
		at--;
	return at;
}

/* After the line's end. */
static size_t line_end(const struct editor *ed, size_t at)
{
	at += str_find_byte(str_slice(ed->src->text, at, ed->src->text.n), '\n');
	return at < ed->src->text.n ? at + 1 : at;
}

static struct str indent_of(const struct editor *ed, const struct yml *first)
{
	size_t from = line_start(ed, first->key_at.at);

	return str_slice(ed->src->text, from, first->key_at.at);
}

static struct str deeper(struct editor *ed, struct str indent)
{
	return str_join(ed->a, indent, STR("  "));
}

/* Where a key and its value end; an empty value has no place of its own. */
static size_t end_of(const struct yml *y)
{
	size_t key = y->key_at.at + y->key_at.n, value = y->at.at + y->at.n;

	return y->at.n && value > key ? value : key;
}

static const struct yml *last_of(const struct yml *map)
{
	const struct yml *last = NULL;

	yml_each (child, map)
		last = child;
	return last;
}

static bool is_flow(const struct editor *ed, const struct yml *y)
{
	return y->kind == YML_MAP && y->at.at < ed->src->text.n && ed->src->text.p[y->at.at] == '{';
}

static const struct stamp *wanted_stamp(const struct stamp_edit *e, struct str section)
{
	for (size_t i = 0; i < e->of_count; i++)
		if (str_eq(e->of[i].section, section))
			return &e->of[i];
	return NULL;
}

/* What is added */

static struct str stamp_line(struct editor *ed, struct str indent, const struct stamp *s)
{
	return STR_CONCAT(
		ed->a, indent, written(ed, s->section), STR(": "), written(ed, str_from(s->hash)), ed->eol);
}

static struct str stamp_lines(struct editor *ed, struct str indent)
{
	struct buf out;
	struct str text;

	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < ed->e->of_count; i++)
		buf_add(&out, stamp_line(ed, indent, &ed->e->of[i]));
	text = str_dup(ed->a, buf_str(&out));
	buf_release(&out);
	return text;
}

static struct str of_lines(struct editor *ed, struct str indent)
{
	return STR_CONCAT(ed->a, indent, STR("of:"), ed->eol, stamp_lines(ed, deeper(ed, indent)));
}

static struct str flow_stamps(struct editor *ed)
{
	struct buf out;
	struct str text;

	buf_init(&out, BUF_MAX_DEFAULT);
	for (size_t i = 0; i < ed->e->of_count; i++) {
		buf_addz(&out, i ? ", " : "{");
		buf_add(&out, written(ed, ed->e->of[i].section));
		buf_addz(&out, ": ");
		buf_add(&out, written(ed, str_from(ed->e->of[i].hash)));
	}
	buf_addc(&out, '}');
	text = str_dup(ed->a, buf_str(&out));
	buf_release(&out);
	return text;
}

static struct str key_lines(struct editor *ed, struct str indent, struct yml *have)
{
	struct str text = {0};

	for (size_t i = 0; i < STAMP_KEYS; i++)
		if (stamp_value(ed->e, i).n && !(have && stamp_child(have, stamp_keys[i])))
			text = STR_CONCAT(ed->a, text, indent, stamp_keys[i], STR(": "),
				written(ed, stamp_value(ed->e, i)), ed->eol);
	return text;
}

static struct str all_lines(struct editor *ed, struct str indent)
{
	return str_join(ed->a, key_lines(ed, indent, NULL), of_lines(ed, indent));
}

/* What is changed */

static void replace_value(struct editor *ed, const struct yml *y, struct str value)
{
	size_t key = y->key_at.at + y->key_at.n;

	if (y->kind == YML_SCALAR && str_eq(y->text, value) && !yml_is_null(y))
		return;
	if (y->at.n) {
		splice(ed, y->at.at, y->at.n, written(ed, value));
		return;
	}
	key += str_find_byte(str_slice(ed->src->text, key, ed->src->text.n), ':') + 1;
	splice(ed, key, 0, STR_CONCAT(ed->a, STR(" "), written(ed, value)));
}

static void replace_values(struct editor *ed, struct yml *map)
{
	for (size_t i = 0; i < STAMP_KEYS; i++) {
		struct yml *y = stamp_child(map, stamp_keys[i]);

		if (y && stamp_value(ed->e, i).n)
			replace_value(ed, y, stamp_value(ed->e, i));
	}
}

/* Each new stamp after that of the section before it. */
static void add_stamps(struct editor *ed, struct yml *of, struct str indent)
{
	size_t at = line_start(ed, of->first->key_at.at);

	for (size_t i = 0; i < ed->e->of_count; i++) {
		const struct yml *y = stamp_child(of, ed->e->of[i].section);

		if (y)
			at = line_end(ed, end_of(y));
		else
			splice(ed, at, 0, stamp_line(ed, indent, &ed->e->of[i]));
	}
}

static void edit_stamps(struct editor *ed, struct yml *of)
{
	add_stamps(ed, of, indent_of(ed, of->first));
	yml_each (child, of) {
		const struct stamp *s = wanted_stamp(ed->e, child->key);
		size_t from = line_start(ed, child->key_at.at);

		if (s)
			replace_value(ed, child, str_from(s->hash));
		else
			splice(ed, from, line_end(ed, end_of(child)) - from, (struct str){0});
	}
}

static void fill_empty(struct editor *ed, const struct yml *y, struct str lines)
{
	if (y->at.n)
		splice(ed, y->at.at, y->at.n, (struct str){0});
	splice(ed, line_end(ed, end_of(y)), 0, lines);
}

static void edit_of(struct editor *ed, struct yml *of, struct str indent)
{
	if (is_flow(ed, of))
		splice(ed, of->at.at, of->at.n, flow_stamps(ed));
	else if (of->kind == YML_MAP && of->first)
		edit_stamps(ed, of);
	else if (yml_is_null(of))
		fill_empty(ed, of, stamp_lines(ed, deeper(ed, indent)));
}

static void edit_block(struct editor *ed, struct yml *map)
{
	struct str indent = indent_of(ed, map->first);
	struct yml *of = stamp_child(map, STR("of"));
	size_t end = line_end(ed, end_of(last_of(map)));
	struct str added = key_lines(ed, indent, map);

	replace_values(ed, map);
	if (added.n)
		splice(ed, of ? line_start(ed, of->key_at.at) : end, 0, added);
	if (of)
		edit_of(ed, of, indent);
	else
		splice(ed, end, 0, of_lines(ed, indent));
}

static void add_flow(struct editor *ed, struct str *added, bool first, struct str key, struct str value)
{
	*added = STR_CONCAT(ed->a, *added, first && !added->n ? STR("") : STR(", "), key, STR(": "), value);
}

static void edit_flow(struct editor *ed, struct yml *map)
{
	struct yml *of = stamp_child(map, STR("of"));
	struct str added = {0};

	replace_values(ed, map);
	for (size_t i = 0; i < STAMP_KEYS; i++)
		if (stamp_value(ed->e, i).n && !stamp_child(map, stamp_keys[i]))
			add_flow(ed, &added, !map->first, stamp_keys[i], written(ed, stamp_value(ed->e, i)));
	if (!of)
		add_flow(ed, &added, !map->first, STR("of"), flow_stamps(ed));
	else if (of->at.n)
		splice(ed, of->at.at, of->at.n, flow_stamps(ed));
	splice(ed, map->first ? end_of(last_of(map)) : map->at.at + 1, 0, added);
}

/* “{status: machine}” on one line, which never had stamps. */
static bool is_short_flow(const struct editor *ed, struct yml *t)
{
	struct str text = str_slice(ed->src->text, t->at.at, t->at.at + t->at.n);

	return is_flow(ed, t) && !stamp_child(t, STR("of")) && str_find_byte(text, '\n') == text.n;
}

/* A line for each key, values as they were written: with a stamp a line, two people's changes can be merged.
 */
static void unfold(struct editor *ed, struct yml *t, struct str indent)
{
	size_t key = t->key_at.at + t->key_at.n, colon;
	struct str lines = {0};

	yml_each (child, t) {
		struct str value = str_slice(ed->src->text, child->at.at, child->at.at + child->at.n);

		for (size_t i = 0; i < STAMP_KEYS; i++)
			if (str_eq(child->key, stamp_keys[i]) && stamp_value(ed->e, i).n &&
				!stamp_is_value(child, stamp_value(ed->e, i)))
				value = written(ed, stamp_value(ed->e, i));
		lines = STR_CONCAT(ed->a, lines, indent,
			str_slice(ed->src->text, child->key_at.at, child->key_at.at + child->key_at.n),
			value.n ? STR(": ") : STR(":"), value, ed->eol);
	}
	colon = key + str_find_byte(str_slice(ed->src->text, key, ed->src->text.n), ':') + 1;
	splice(ed, colon, t->at.at + t->at.n - colon, (struct str){0});
	splice(ed, line_end(ed, t->at.at + t->at.n), 0,
		STR_CONCAT(ed->a, lines, key_lines(ed, indent, t), of_lines(ed, indent)));
}

static void edit_translation(struct editor *ed, struct yml *t, struct str indent)
{
	if (is_short_flow(ed, t))
		unfold(ed, t, deeper(ed, indent));
	else if (is_flow(ed, t))
		edit_flow(ed, t);
	else if (t->kind == YML_MAP && t->first)
		edit_block(ed, t);
	else if (yml_is_null(t))
		fill_empty(ed, t, all_lines(ed, deeper(ed, indent)));
}

static void edit_root(struct editor *ed, struct yml *root, size_t end)
{
	struct str indent = root->first ? indent_of(ed, root->first) : (struct str){0};
	struct yml *t = stamp_child(root, STR("translation"));

	if (t)
		edit_translation(ed, t, indent);
	else
		splice(ed, end, 0,
			STR_CONCAT(ed->a, indent, STR("translation:"), ed->eol,
				all_lines(ed, deeper(ed, indent))));
}

/* Putting it together */

static int by_place(const void *x, const void *y)
{
	const struct splice *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static void assemble(struct editor *ed, struct buf *out)
{
	struct str text = ed->src->text;
	size_t at = 0;

	if (ed->len)
		qsort(ed->splices, ed->len, sizeof(*ed->splices), by_place);
	for (size_t i = 0; i < ed->len; i++) {
		const struct splice *s = &ed->splices[i];

		buf_add(out, str_slice(text, at, s->at > at ? s->at : at));
		buf_add(out, s->text);
		if (s->at + s->n > at)
			at = s->at + s->n;
	}
	buf_add(out, str_slice(text, at, text.n));
}

static struct str line_ending(struct str text)
{
	size_t at = str_find_byte(text, '\n');

	return at < text.n && at > 0 && text.p[at - 1] == '\r' ? STR("\r\n") : STR("\n");
}

static void add_front_matter(struct editor *ed, size_t body)
{
	splice(ed, body, 0,
		STR_CONCAT(ed->a, STR("---"), ed->eol, STR("translation:"), ed->eol, all_lines(ed, STR("  ")),
			STR("---"), ed->eol));
}

bool stamp_edit(
	struct buf *out, struct arena *a, struct source *src, const struct stamp_edit *e, const char **why)
{
	struct editor ed = {.a = a, .src = src, .e = e, .eol = line_ending(src->text)};
	size_t start = out->n, bom = str_starts(src->text, STR("\xEF\xBB\xBF")) ? 3 : 0;
	struct str yaml;
	size_t body = front_matter_end(src->text, &yaml);
	struct yml *root;

	*why = "the front matter has no end";
	if (body == SIZE_MAX)
		return false;
	*why = "the front matter cannot be read; “faktablad check” says where";
	root = stamp_read_yaml(a, src, yaml);
	if (!root)
		return false;
	*why = "the front matter is written in a way that cannot be changed safely; write “translation” as "
	       "lines of “key: value”";
	if (body == bom)
		add_front_matter(&ed, body);
	else if (is_flow(&ed, root) && root->first)
		return false;
	else
		edit_root(&ed, root, (size_t)(yaml.p - src->text.p) + yaml.n);
	assemble(&ed, out);
	if (!buf_failed(out) &&
		stamp_result_good(e, a, src->path, root, str_slice(src->text, body, src->text.n),
			str_slice(buf_str(out), start, out->n)))
		return true;
	buf_cut(out, start);
	return false;
}
