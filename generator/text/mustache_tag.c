#include "text/mustache_impl.h"

const struct delimiters mustache_delimiters = {{"{{", 2}, {"}}", 2}};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct span tag_span(const struct tag_reader *in, const struct tag *t)
{
	return span_make(in->src, t->at, t->end - t->at);
}

struct str tag_text(const struct tag_reader *in, const struct tag *t)
{
	return str_slice(in->text, t->at, t->end);
}

size_t tag_blanks_at(const struct tag_reader *in, size_t at)
{
	size_t n = 0;

	while (at + n < in->text.n && is_blank(in->text.p[at + n]))
		n++;
	return n;
}

bool tag_starts_line(const struct tag_reader *in, size_t at)
{
	return at == 0 || in->text.p[at - 1] == '\n';
}

/* Fills in what stands around the tag on its line. */
static void look_around(const struct tag_reader *in, struct tag *t)
{
	size_t at = t->end + tag_blanks_at(in, t->end);

	t->line = t->at;
	while (t->line && is_blank(in->text.p[t->line - 1]))
		t->line--;
	t->first = tag_starts_line(in, t->line);
	if (at + 1 < in->text.n && in->text.p[at] == '\r' && in->text.p[at + 1] == '\n')
		at++;
	t->last = at == in->text.n || in->text.p[at] == '\n';
	t->next = at < in->text.n ? at + 1 : at;
}

/* What a tag must end with, after its sigil: "}}}", "=}}", or the closing delimiter. */
static struct str closing_of(const struct tag_reader *in, char sigil)
{
	if (sigil == '{')
		return str_join(in->a, STR("}"), in->delimiters->close);
	if (sigil == '=')
		return str_join(in->a, STR("="), in->delimiters->close);
	return in->delimiters->close;
}

static void unclosed(struct tag_reader *in, struct tag *t, struct str closing)
{
	tag_fail(in, RULE_TEMPLATE_SYNTAX,
		span_make(in->src, t->at, in->delimiters->open.n + (t->sigil != 0)), "a tag that never ends");
	diag_hint(in->d, "end it with “%.*s”", STR_ARG(closing));
}

/* Reads the tag whose opening delimiter stands at `at`. */
bool tag_read(struct tag_reader *in, size_t at, struct tag *t)
{
	static const char sigils[] = "{&#^/!=><$";
	size_t content = at + in->delimiters->open.n, end;
	struct str closing, rest;

	*t = (struct tag){.at = at};
	content += tag_blanks_at(in, content);
	if (content < in->text.n && in->text.p[content] && strchr(sigils, in->text.p[content]))
		t->sigil = in->text.p[content++];
	closing = closing_of(in, t->sigil);
	rest = str_slice(in->text, content, in->text.n);
	end = str_find(rest, closing);
	if (end == rest.n) {
		unclosed(in, t, closing);
		return false;
	}
	t->end = content + end + closing.n;
	t->content = str_trim(str_slice(rest, 0, end));
	look_around(in, t);
	return true;
}

/* A tag's content has no blanks in it; reports what has. */
bool tag_check_word(struct tag_reader *in, const struct tag *t)
{
	if (!t->content.n) {
		tag_fail(in, RULE_TEMPLATE_SYNTAX, tag_span(in, t), "a tag without a name");
		return false;
	}
	for (size_t i = 0; i < t->content.n; i++) {
		if (!strchr(" \t\r\n", t->content.p[i]))
			continue;
		tag_fail(in, RULE_TEMPLATE_SYNTAX, tag_span(in, t), "a tag's name cannot contain blanks");
		diag_hint(in->d, "if this is not meant as a tag, set other delimiters for it: {{=<%% %%>=}}");
		return false;
	}
	return true;
}

static size_t count_dots(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += s.p[i] == '.';
	return count;
}

bool tag_read_name(struct tag_reader *in, const struct tag *t, struct name *out)
{
	struct str rest = t->content, part, *parts;

	*out = (struct name){0};
	if (!tag_check_word(in, t))
		return false;
	if (str_eq(rest, STR(".")))
		return true;
	parts = arena_new_n(in->a, struct str, count_dots(rest) + 1);
	while (str_cut(&rest, '.', &part)) {
		if (part.n) {
			parts[out->count++] = part;
			continue;
		}
		tag_fail(in, RULE_TEMPLATE_SYNTAX, tag_span(in, t), "“%.*s” has an empty part",
			STR_ARG(t->content));
		return false;
	}
	out->parts = parts;
	return true;
}
