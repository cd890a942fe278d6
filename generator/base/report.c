#include "base/report.h"

/* Longer lines are shown as a window around the caret. */
#define EXCERPT_MAX 160

static const char *const format_names[] = {"text", "json", "sarif", "github"};

bool report_format_parse(struct str name, enum report_format *out)
{
	for (size_t i = 0; i < COUNT_OF(format_names); i++) {
		if (!str_is(name, format_names[i]))
			continue;
		*out = (enum report_format)i;
		return true;
	}
	return false;
}

struct writer {
	struct buf *out;
	const struct severities *severities;
	bool colour;
	bool first; /* no item was written yet */
};

static const char *colour_of(const struct writer *w, enum severity s)
{
	static const char *const colours[] = {"", "\033[36m", "\033[33m", "\033[31m"};

	return w->colour ? colours[s] : "";
}

static const char *plain(const struct writer *w)
{
	return w->colour ? "\033[0m" : "";
}

static void add_place(struct buf *out, struct str path, struct span at)
{
	struct source_pos pos;

	buf_add(out, path.n ? path : STR("faktablad"));
	if (!at.src)
		return;
	pos = source_pos(at.src, at.at);
	buf_addf(out, ":%zu:%zu", pos.line, pos.column);
}

/* Terminals give tabs a width and obey control characters: one plain column for each. */
static void add_visible(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		buf_addc(out, c < 0x20 || c == 0x7F ? ' ' : (char)c);
	}
}

static size_t code_points(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return count;
}

static size_t to_boundary(struct str s, size_t at)
{
	while (at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80)
		at++;
	return at < s.n ? at : s.n;
}

static void add_excerpt(struct buf *out, struct span at)
{
	struct source_pos pos = source_pos(at.src, at.at);
	struct str line = source_line(at.src, pos.line);
	size_t column = at.at - source_line_start(at.src, pos.line);
	size_t end, carets;

	if (column > line.n)
		column = line.n;
	end = column + at.n < line.n ? column + at.n : line.n;
	if (line.n > EXCERPT_MAX) {
		size_t from = column > EXCERPT_MAX / 2 ? to_boundary(line, column - EXCERPT_MAX / 2) : 0;

		line = str_slice(line, 0, to_boundary(line, from + EXCERPT_MAX));
		if (end > line.n)
			end = line.n;
		line = str_slice(line, from, line.n);
		column -= from;
		end -= from;
	}
	buf_addf(out, "%6zu | ", pos.line);
	add_visible(out, line);
	buf_addf(out, "\n       | %*s", (int)code_points(str_slice(line, 0, column)), "");
	carets = code_points(str_slice(line, column, end));
	buf_addc(out, '^');
	for (size_t i = 1; i < carets; i++)
		buf_addc(out, '~');
	buf_addc(out, '\n');
}

static void text_item(struct writer *w, const struct diag_item *item)
{
	enum severity s = w->severities->of[item->rule];

	add_place(w->out, item->path, item->at);
	buf_addf(w->out, ": %s%s%s: ", colour_of(w, s), severity_name(s), plain(w));
	add_visible(w->out, item->message);
	buf_addf(w->out, " [%s]\n", rule_info(item->rule)->id);
	if (item->at.src)
		add_excerpt(w->out, item->at);
	if (item->other.src) {
		buf_addz(w->out, "  see: ");
		add_place(w->out, item->other.src->path, item->other);
		buf_addc(w->out, '\n');
		add_excerpt(w->out, item->other);
	}
	if (item->hint.n)
		buf_addf(w->out, "  hint: %.*s\n", STR_ARG(item->hint));
}

static void json_region(struct buf *out, struct span at, const char *line, const char *column, const char *end_line,
	const char *end_column)
{
	struct source_pos from = source_pos(at.src, at.at), to = source_pos(at.src, at.at + at.n);

	buf_addf(out, "\"%s\":%zu,\"%s\":%zu,\"%s\":%zu,\"%s\":%zu", line, from.line, column, from.column, end_line,
		to.line, end_column, to.column);
}

static void json_item(struct writer *w, const struct diag_item *item)
{
	struct buf *out = w->out;

	buf_addz(out, w->first ? "\n" : ",\n");
	buf_addz(out, "{\"rule\":");
	buf_add_json(out, str_from(rule_info(item->rule)->id));
	buf_addf(out, ",\"severity\":\"%s\",\"path\":", severity_name(w->severities->of[item->rule]));
	buf_add_json(out, item->path);
	if (item->at.src) {
		struct source_pos pos = source_pos(item->at.src, item->at.at);

		buf_addc(out, ',');
		json_region(out, item->at, "line", "column", "end_line", "end_column");
		buf_addz(out, ",\"excerpt\":");
		buf_add_json(out, source_line(item->at.src, pos.line));
	}
	buf_addz(out, ",\"message\":");
	buf_add_json(out, item->message);
	if (item->other.src) {
		buf_addz(out, ",\"see\":{\"path\":");
		buf_add_json(out, item->other.src->path);
		buf_addc(out, ',');
		json_region(out, item->other, "line", "column", "end_line", "end_column");
		buf_addc(out, '}');
	}
	if (item->hint.n) {
		buf_addz(out, ",\"hint\":");
		buf_add_json(out, item->hint);
	}
	buf_addc(out, '}');
	w->first = false;
}

static void sarif_location(struct buf *out, struct str path, struct span at)
{
	buf_addz(out, "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
	buf_add_json(out, path);
	buf_addc(out, '}');
	if (at.src) {
		buf_addz(out, ",\"region\":{");
		json_region(out, at, "startLine", "startColumn", "endLine", "endColumn");
		buf_addc(out, '}');
	}
	buf_addz(out, "}}");
}

static void sarif_item(struct writer *w, const struct diag_item *item)
{
	static const char *const levels[] = {"none", "note", "warning", "error"};
	struct buf *out = w->out;

	buf_addz(out, w->first ? "\n" : ",\n");
	buf_addz(out, "{\"ruleId\":");
	buf_add_json(out, str_from(rule_info(item->rule)->id));
	buf_addf(out, ",\"ruleIndex\":%d,\"level\":\"%s\",\"message\":{\"text\":", (int)item->rule,
		levels[w->severities->of[item->rule]]);
	if (item->hint.n) {
		struct buf text;

		buf_init(&text, BUF_MAX_DEFAULT);
		buf_addf(&text, "%.*s (%.*s)", STR_ARG(item->message), STR_ARG(item->hint));
		buf_add_json(out, buf_str(&text));
		buf_release(&text);
	} else {
		buf_add_json(out, item->message);
	}
	buf_addz(out, "},\"locations\":[");
	if (item->path.n)
		sarif_location(out, item->path, item->at);
	buf_addc(out, ']');
	if (item->other.src) {
		buf_addz(out, ",\"relatedLocations\":[");
		sarif_location(out, item->other.src->path, item->other);
		buf_addc(out, ']');
	}
	buf_addc(out, '}');
	w->first = false;
}

/* In workflow commands % and line ends are escaped, and in properties also , and : */
static void github_escape(struct buf *out, struct str s, bool property)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
			buf_addf(out, "%%%02X", (unsigned char)c);
		else
			buf_addc(out, c);
	}
}

static void github_item(struct writer *w, const struct diag_item *item)
{
	static const char *const commands[] = {"debug", "notice", "warning", "error"};
	struct buf *out = w->out;

	buf_addf(out, "::%s file=", commands[w->severities->of[item->rule]]);
	github_escape(out, item->path, true);
	if (item->at.src) {
		struct source_pos from = source_pos(item->at.src, item->at.at);
		struct source_pos to = source_pos(item->at.src, item->at.at + item->at.n);

		buf_addf(out, ",line=%zu,col=%zu,endLine=%zu,endColumn=%zu", from.line, from.column, to.line, to.column);
	}
	buf_addz(out, ",title=");
	github_escape(out, str_from(rule_info(item->rule)->id), true);
	buf_addz(out, "::");
	github_escape(out, item->message, false);
	if (item->hint.n) {
		buf_addz(out, "%0A");
		github_escape(out, item->hint, false);
	}
	buf_addc(out, '\n');
}

static void sarif_head(struct buf *out)
{
	static const char *const levels[] = {"none", "note", "warning", "error"};

	buf_addz(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","
		      "\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"tool\":{\"driver\":{\"name\":\"faktablad\","
		      "\"version\":\"" FAKTABLAD_VERSION "\",\"rules\":[");
	for (int r = 0; r < RULE_COUNT; r++) {
		buf_addz(out, r ? ",\n{\"id\":" : "\n{\"id\":");
		buf_add_json(out, str_from(rule_info((enum rule)r)->id));
		buf_addz(out, ",\"shortDescription\":{\"text\":");
		buf_add_json(out, str_from(rule_info((enum rule)r)->text));
		buf_addf(out, "},\"defaultConfiguration\":{\"level\":\"%s\"}}", levels[rule_info((enum rule)r)->severity]);
	}
	buf_addz(out, "]}},\"results\":[");
}

static void text_tail(struct buf *out, const struct diag *d)
{
	if (d->dropped)
		buf_addf(out, "… and %zu more that are not shown\n", d->dropped);
}

static void json_head(struct buf *out)
{
	buf_addz(out, "{\"version\":1,\"diagnostics\":[");
}

static void json_tail(struct buf *out, const struct diag *d)
{
	buf_addf(out, "\n],\"dropped\":%zu}\n", d->dropped);
}

static void sarif_tail(struct buf *out, const struct diag *d)
{
	(void)d;
	buf_addz(out, "\n]}]}\n");
}

struct format {
	void (*head)(struct buf *out);
	void (*item)(struct writer *w, const struct diag_item *item);
	void (*tail)(struct buf *out, const struct diag *d);
};

static const struct format formats[] = {
	[REPORT_TEXT] = {NULL, text_item, text_tail},
	[REPORT_JSON] = {json_head, json_item, json_tail},
	[REPORT_SARIF] = {sarif_head, sarif_item, sarif_tail},
	[REPORT_GITHUB] = {NULL, github_item, text_tail},
};

/* Line maps were made for this report alone: whoever owns the sources need not know. */
static void forget_lines(const struct diag *d)
{
	for (size_t i = 0; i < d->len; i++) {
		if (d->items[i].at.src)
			source_release(d->items[i].at.src);
		if (d->items[i].other.src)
			source_release(d->items[i].other.src);
	}
}

void report(struct buf *out, const struct diag *d, const struct severities *s, enum report_format format, bool colour)
{
	struct writer w = {out, s, colour, true};

	if (formats[format].head)
		formats[format].head(out);
	for (size_t i = 0; i < d->len; i++)
		if (s->of[d->items[i].rule] != SEVERITY_OFF)
			formats[format].item(&w, &d->items[i]);
	formats[format].tail(out, d);
	forget_lines(d);
}
